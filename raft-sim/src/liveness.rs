//! Progress that is owed: Raft promises nothing while servers crash and messages vanish, but once that is over there must be
//! a leader, answers, and agreement (P§5.4.3's timing requirement, P§5.6).

use std::fmt;

use raft_core::{Index, Server, ServerId, Time};
use serde::Serialize;

use crate::network::at;
use crate::node::Node;
use crate::scenario::WorldOptions;
use crate::world::World;

/// A span of time in which no fault begins and none lasts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Calm {
    /// Its first microsecond.
    pub from_us: u64,
    /// Its last.
    pub until_us: u64,
}

/// How long after a calm's beginning what it owes was there, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Progress {
    /// A leader that no running server knows a newer term than.
    pub leader_us: u64,
    /// Answers to all that clients were waiting for when it began.
    pub answered_us: u64,
    /// All members have applied all that was committed when it began.
    pub agreed_us: u64,
}

/// What was owed, and had not come when the calm was over.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Stall {
    /// Nobody leads.
    NoLeader,
    /// A client has no answer.
    NoAnswer {
        /// Which client.
        client: u32,
        /// The number of its operation.
        sequence: u64,
    },
    /// A member has not applied what was committed.
    Behind {
        /// Which member.
        server: ServerId,
        /// Up to where it has.
        applied: Index,
        /// Up to where it should have.
        committed: Index,
    },
}

impl fmt::Display for Stall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLeader => f.write_str("nobody leads"),
            Self::NoAnswer { client, sequence } => {
                write!(f, "client {client} has no answer to its operation {sequence}")
            }
            Self::Behind { server, applied, committed } => {
                write!(f, "{server} has applied all up to index {applied}, and {committed} was committed long before")
            }
        }
    }
}

/// How finely it is looked when something came true.
const LOOK_EVERY_US: u64 = 10_000;

impl Calm {
    /// Whether servers with these options owe progress at all. Without a new leader's own entry what earlier leaders left
    /// waits for someone who writes, and reads wait with it (P§5.4.2, D§6.4); without CheckQuorum servers that were removed go
    /// on disturbing the others (D§4.2.3).
    #[must_use]
    pub const fn owes_progress(options: &WorldOptions) -> bool {
        options.noop_on_election && options.check_quorum
    }

    /// Lives a world that stands at the calm's beginning up to its end, and says when what was owed came true. A violation
    /// stops the world before.
    ///
    /// # Errors
    /// Names the first thing that is missing at the end.
    pub fn live_through(self, world: &mut World) -> Result<Progress, Stall> {
        let began = Time(self.from_us);
        let committed = world.committed();
        let mut unanswered: Vec<(u32, u64)> = world.clients.under_way().collect();
        let (mut leader_us, mut answered_us, mut agreed_us) = (None, None, None);
        loop {
            let passed = world.now().since(began);
            let leader = leads(world);
            if leader.is_some() {
                leader_us.get_or_insert(passed);
            }
            unanswered.retain(|&(client, sequence)| world.clients.is_under_way(client, sequence));
            if unanswered.is_empty() {
                answered_us.get_or_insert(passed);
            }
            if leader.is_some_and(|leader| behind(world, leader, committed).is_none()) {
                agreed_us.get_or_insert(passed);
            }
            if let (Some(leader_us), Some(answered_us), Some(agreed_us)) = (leader_us, answered_us, agreed_us) {
                // The rest of the calm is lived all the same: it belongs to the run.
                world.advance(self.until_us.saturating_sub(world.now().0), u64::MAX);
                return Ok(Progress { leader_us, answered_us, agreed_us });
            }
            let left = self.until_us.saturating_sub(world.now().0);
            if left == 0 || world.violation().is_some() {
                break;
            }
            world.advance(left.min(LOOK_EVERY_US), u64::MAX);
        }
        let Some(leader) = leads(world) else { return Err(Stall::NoLeader) };
        if let Some(&(client, sequence)) = unanswered.first() {
            return Err(Stall::NoAnswer { client, sequence });
        }
        let (server, applied) = behind(world, leader, committed).unwrap_or((leader.id(), leader.last_applied()));
        Err(Stall::Behind { server, applied, committed })
    }
}

/// The leader of the highest term, if nobody who runs and counts for it knows a newer term.
fn leads(world: &World) -> Option<&Server> {
    let leader = world.leader()?;
    let is_newer =
        |server: &Server| leader.configuration().is_voter(server.id()) && server.current_term() > leader.current_term();
    (!world.servers().iter().filter_map(Node::server).any(is_newer)).then_some(leader)
}

/// A member that has not applied all up to an index.
fn behind(world: &World, leader: &Server, index: Index) -> Option<(ServerId, Index)> {
    let members = leader.configuration().voters().iter().chain(leader.configuration().learners());
    let applied = members.map(|&member| {
        let applied = world.servers().get(at(member)).and_then(Node::server).map_or(Index::ZERO, Server::last_applied);
        (member, applied)
    });
    applied.filter(|&(_, applied)| applied < index).min_by_key(|&(_, applied)| applied)
}
