//! raft-core beside other consensus libraries. README.md says what is measured and what can be compared.

mod clock;
mod cluster;
mod contender;
mod heap;
mod instructions;
mod measure;
mod memory;
mod no_raft;
mod omni;
mod ours;
mod raft_rs;
mod scenario;

pub use cluster::{Cluster, Tally};
pub use contender::Contender;
pub use heap::{Counting, Heap};
pub use instructions::per_entry as instructions_per_entry;
pub use measure::{Case, Cost, Spread, Summary, interleaved};
pub use memory::bytes_per_entry;
pub use scenario::{BATCH, Scenario};
