//! Traces: what happened in a cluster, one fact a line, for whoever has a Raft of their own. `docs/trace.md` is the whole
//! format.
//!
//! A trace says what servers did, not how they decided it. [`World::traced`](crate::World::traced) writes one from a run;
//! [`read`] takes one line by line, whoever wrote it, lets the checkers look at each fact, and remembers what each server
//! was at each line. What a trace does not say is not checked, and the [`Checked`] that comes of it says so.
//!
//! - [`Header`] and [`Line`] are what stands in a trace, with all kinds of [`Fact`].
//! - [`Reader`] takes lines; [`read`] feeds it from a file. Both keep within [`Limits`].
//! - [`Checked`] is what came of it: a [`Verdict`] for each property, the evidence, and the [`Moments`] to look at.

mod checked;
mod fact;
mod forest;
mod judge;
mod moments;
mod read;
mod reader;
mod tracer;
mod write;

use raft_core::Command;

pub use checked::{Checked, Evidence, LeftOut, Verdict};
pub use fact::{Begin, Fact, Header, Line, Observed, OnDisk};
pub use moments::{LogEntry, Moments, ServerRole, ServerState};
pub use reader::{Limits, OnError, Reader, TraceError, read};
pub(crate) use tracer::{Tracer, UNTRACED, Was};
pub use write::VERSION;

use crate::linearizability::OperationKind;

/// What clients ask for, by its names.
const KINDS: &[(&str, OperationKind)] =
    &[("write", OperationKind::Write), ("append", OperationKind::Append), ("read", OperationKind::Read)];

/// Stands before the bytes of a text that is no operation of this crate's clients: no operation begins like that.
const PLAIN: [u8; 9] = [0xff; 9];

/// A command of which a trace says no more than a text.
fn command_of(text: &str) -> Command {
    Command::from([&PLAIN, text.as_bytes()].concat())
}

/// The text of such a command.
fn text_of(command: &Command) -> Option<&str> {
    std::str::from_utf8(command.bytes().strip_prefix(&PLAIN)?).ok()
}
