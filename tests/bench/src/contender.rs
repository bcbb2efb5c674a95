//! Who is compared.

use crate::cluster::Cluster;
use crate::no_raft::NoRaft;
use crate::omni::Omni;
use crate::ours::Ours;
use crate::raft_rs::{RaftRs, Settings};

/// A library with its settings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Contender {
    /// raft-core.
    Ours,
    /// raft-core, told of each save that is done.
    OursReported,
    /// raft-core, whose followers are told at once of what is committed.
    OursEager,
    /// raft-rs as it comes.
    Raft,
    /// raft-rs, whose followers learn of a commit with the next append.
    RaftLazy,
    /// raft-rs with `batch_append`.
    RaftBatch,
    /// raft-rs with both.
    RaftBatchLazy,
    /// raft-rs with both, and all commands at hand in one proposal and in one append.
    RaftTogether,
    /// OmniPaxos as it comes.
    Omni,
    /// OmniPaxos with a `batch_size` of 64.
    OmniBatch,
    /// noraft as it comes.
    NoRaft,
}

impl Contender {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 11] = [
        Self::Ours,
        Self::OursReported,
        Self::OursEager,
        Self::Raft,
        Self::RaftLazy,
        Self::RaftBatch,
        Self::RaftBatchLazy,
        Self::RaftTogether,
        Self::Omni,
        Self::OmniBatch,
        Self::NoRaft,
    ];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ours => "raft-core",
            Self::OursReported => "raft-core-reported",
            Self::OursEager => "raft-core-eager",
            Self::Raft => "raft",
            Self::RaftLazy => "raft-lazy",
            Self::RaftBatch => "raft-batch",
            Self::RaftBatchLazy => "raft-batch-lazy",
            Self::RaftTogether => "raft-together",
            Self::Omni => "omnipaxos",
            Self::OmniBatch => "omnipaxos-batch",
            Self::NoRaft => "noraft",
        }
    }

    /// Its row's name in a table: crate, version, settings.
    #[must_use]
    pub fn title(self) -> String {
        let (name, settings) = match self {
            Self::Ours => ("raft-core", ""),
            Self::OursReported => ("raft-core", ", saves reported"),
            Self::OursEager => ("raft-core", ", eager_commit"),
            Self::Raft => ("raft", ", defaults"),
            Self::RaftLazy => ("raft", ", lazy commit"),
            Self::RaftBatch => ("raft", ", batch_append"),
            Self::RaftBatchLazy => ("raft", ", batch_append, lazy commit"),
            Self::RaftTogether => ("raft", ", batch_append, lazy commit, proposed together"),
            Self::Omni => ("omnipaxos", ", defaults"),
            Self::OmniBatch => ("omnipaxos", ", batch_size 64"),
            Self::NoRaft => ("noraft", ""),
        };
        format!("{name} {}{settings}", locked_version(name))
    }

    /// Whether its entries carry commands.
    #[must_use]
    pub fn carries_commands(self) -> bool {
        self != Self::NoRaft
    }

    /// A cluster whose first server leads, with nothing on its way.
    #[must_use]
    pub fn start(self, servers: usize) -> Box<dyn Cluster> {
        let raft = |batch_append, lazy_commit, propose_together| {
            let settings = Settings { batch_append, lazy_commit, propose_together };
            Box::new(RaftRs::start(servers, settings))
        };
        match self {
            Self::Ours => Box::new(Ours::start(servers, false, false)),
            Self::OursReported => Box::new(Ours::start(servers, false, true)),
            Self::OursEager => Box::new(Ours::start(servers, true, false)),
            Self::Raft => raft(false, false, false),
            Self::RaftLazy => raft(false, true, false),
            Self::RaftBatch => raft(true, false, false),
            Self::RaftBatchLazy => raft(true, true, false),
            Self::RaftTogether => raft(true, true, true),
            Self::Omni => Box::new(Omni::start(servers, false)),
            Self::OmniBatch => Box::new(Omni::start(servers, true)),
            Self::NoRaft => Box::new(NoRaft::start(servers)),
        }
    }
}

/// The version of a package in this workspace's lock file: what was measured, not what was asked for.
fn locked_version(name: &str) -> &'static str {
    let mut lines = include_str!("../Cargo.lock").lines();
    let named = format!("name = \"{name}\"");
    lines.find(|&line| line == named);
    lines.next().and_then(|line| line.split('"').nth(1)).unwrap_or("")
}
