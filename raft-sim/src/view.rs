//! What can be seen of a world.

use raft_core::{Index, Server, ServerId, Time};

use crate::checkers::Violation;
use crate::client_history::Linearizability;
use crate::happening::Record;
use crate::input::TimedInput;
use crate::network::{InFlight, Link, at};
use crate::node::Node;
use crate::scenario::WorldOptions;
use crate::stage::{Position, Wall};
use crate::world::World;

impl World {
    /// Now, in microseconds from the start.
    #[must_use]
    pub const fn now(&self) -> Time {
        self.now
    }

    /// How many events have happened.
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// The property that is violated, if one is. The run has stopped there.
    #[must_use]
    pub const fn violation(&self) -> Option<&Violation> {
        self.violation.as_ref()
    }

    /// How the check of what clients were answered stands.
    #[must_use]
    pub const fn linearizability(&self) -> Linearizability {
        self.history.counts()
    }

    /// All inputs that were applied, planned or not, each with its exact place.
    #[must_use]
    pub fn applied(&self) -> &[TimedInput] {
        &self.applied
    }

    /// The conditions of the run.
    #[must_use]
    pub fn options(&self) -> &WorldOptions {
        &self.options
    }

    /// All servers, in the order of their ids.
    #[must_use]
    pub fn servers(&self) -> &[Node] {
        &self.nodes
    }

    /// The running leader of the highest term.
    #[must_use]
    pub fn leader(&self) -> Option<&Server> {
        let leaders = self.nodes.iter().filter_map(Node::server).filter(|server| server.is_leader());
        leaders.max_by_key(|server| server.current_term())
    }

    /// Where a server stands on the stage.
    #[must_use]
    pub fn position(&self, server: ServerId) -> Option<Position> {
        self.stage.position((server.0 as usize).checked_sub(1)?)
    }

    /// The messages on their way, in no particular order, then those that ended before they arrived and can still be
    /// seen.
    pub fn messages(&self) -> impl Iterator<Item = &InFlight> {
        self.network.in_flight().chain(self.ended.iter())
    }

    /// The walls, by rising number.
    pub fn walls(&self) -> impl Iterator<Item = &Wall> {
        self.stage.walls().values()
    }

    /// One direction of a link between two different servers.
    #[must_use]
    pub fn link(&self, from: ServerId, to: ServerId) -> Option<&Link> {
        let known = 1..=self.nodes.len() as u32;
        (from != to && known.contains(&from.0) && known.contains(&to.0)).then(|| self.network.link(at(from), at(to)))
    }

    /// The values that wait at the person's client, the one under way first.
    pub fn waiting(&self) -> impl Iterator<Item = &str> {
        self.clients.person().waiting()
    }

    /// The furthest index that was ever committed.
    #[must_use]
    pub fn committed(&self) -> Index {
        self.checkers.committed()
    }

    /// How many reads servers were asked for.
    #[must_use]
    pub const fn reads_asked(&self) -> u64 {
        self.reads_asked
    }

    /// How often a server began or ceased to lead.
    #[must_use]
    pub const fn leader_changes(&self) -> u64 {
        self.leader_changes
    }

    /// How often any server's commit index rose.
    #[must_use]
    pub const fn commits(&self) -> u64 {
        self.commits
    }

    /// What happened after the record with this number, oldest first; of the latest 20,000 records.
    pub fn events_since(&self, number: u64) -> impl Iterator<Item = &Record> {
        self.journal.since(number)
    }

    /// The number of the latest record that is not kept any more.
    pub(crate) fn forgotten(&self) -> u64 {
        self.journal.forgotten()
    }

    /// The number of the latest record.
    #[must_use]
    pub const fn event_count(&self) -> u64 {
        self.journal.count()
    }
}
