//! What there was in a run so far, as far as it was looked at: what no state shows by itself.

use raft_core::{EntryId, Role, Server, Term};

use crate::node::Node;
use crate::world::World;

/// A term in which a server stood for election.
#[derive(Clone, Copy, Debug)]
struct Contest {
    term: Term,
    /// Who stood in it, a bit each.
    candidates: u64,
    led: bool,
}

/// A server when it was looked at last.
#[derive(Clone, Copy, Debug)]
struct Sight {
    up: bool,
    /// The last entry of its log, while it ran.
    last: Option<EntryId>,
}

/// What there was in a run so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// By rising term.
    contests: Vec<Contest>,
    sights: Vec<Sight>,
    crashes: i64,
    overwritten: i64,
}

impl Seen {
    /// Looks at a world once more. Twice at the same state is no more than once.
    pub(super) fn look(&mut self, world: &World) {
        for (at, node) in world.nodes.iter().enumerate() {
            let server = node.server();
            if let Some(server) = server
                && let Role::Candidate { .. } | Role::Leader(_) = server.role()
            {
                self.stands(server.current_term(), at, server.is_leader());
            }
            let sight = Sight { up: node.is_up(), last: server.map(|server| server.log().last()) };
            let Some(before) = self.sights.get_mut(at) else {
                self.sights.push(sight);
                continue;
            };
            self.crashes += i64::from(before.up && !sight.up);
            // What is in the place of a log's last entry says whether anything of it was taken away: it goes first.
            if let (Some(last), Some(log)) = (before.last, server.map(Server::log)) {
                self.overwritten += i64::from(last.index > log.base().index && !log.has(last));
            }
            *before = sight;
        }
    }

    fn stands(&mut self, term: Term, server: usize, leads: bool) {
        let at = self.contests.partition_point(|contest| contest.term < term);
        if self.contests.get(at).is_none_or(|contest| contest.term != term) {
            self.contests.insert(at, Contest { term, candidates: 0, led: false });
        }
        let contest = &mut self.contests[at];
        contest.candidates |= 1_u64.checked_shl(server as u32).unwrap_or(0);
        contest.led |= leads;
    }

    pub(super) const fn crashes(&self) -> i64 {
        self.crashes
    }

    /// How often a server took entries off its log.
    pub(super) const fn overwritten(&self) -> i64 {
        self.overwritten
    }

    /// In how many terms a server led.
    pub(super) fn elections(&self) -> i64 {
        self.contests.iter().filter(|contest| contest.led).count() as i64
    }

    /// How many terms are over in which several stood and nobody led (P§5.2).
    pub(super) fn split_votes(&self, world: &World) -> i64 {
        let now = world.nodes.iter().filter_map(Node::server).map(Server::current_term).max().unwrap_or_default();
        let is_split = |contest: &&Contest| !contest.led && contest.term < now && contest.candidates.count_ones() > 1;
        self.contests.iter().filter(is_split).count() as i64
    }
}
