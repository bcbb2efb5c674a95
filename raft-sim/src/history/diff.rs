//! Two branches side by side.

use raft_core::{Log, Server, ServerId, Time};
use serde::Serialize;

use super::{History, HistoryError, Moment};
use crate::happening::{Label, Record};
use crate::network::InFlight;
use crate::node::Node;
use crate::plain::Tree;
use crate::world::World;

/// In what a server differs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// It is there in one of them only.
    There,
    /// It runs in one of them only.
    Up,
    /// Its current term.
    Term,
    /// Whom it voted for in that term.
    Vote,
    /// What it is: follower, candidate, leader; or whom it follows.
    Role,
    /// Its log; of a crashed one, what its disk holds.
    Log,
    /// How far it knows the log to be committed.
    Commit,
    /// Which configuration it counts by.
    Configuration,
    /// What its disk holds.
    Disk,
    /// Its state machine.
    Store,
    /// When its timer runs out.
    Timer,
    /// Where it stands on the stage.
    Place,
}

/// A server that is not the same in two branches.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ServerDifference {
    /// Which.
    pub server: ServerId,
    /// In what.
    pub differs_in: Vec<Aspect>,
    /// The first index at which the two logs are not the same, if there is one.
    pub log_from: Option<u64>,
}

/// In what two branches differ.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Difference {
    /// The latest moment that both share.
    pub parted_at: Moment,
    /// The first record of each that the other does not have in its place; none where one has no further record up to
    /// `compared_at`.
    pub first: Option<(Option<Record>, Option<Record>)>,
    /// The moment at which the states are compared: the latest that both have lived.
    pub compared_at: Moment,
    /// The servers that are not the same then.
    pub servers: Vec<ServerDifference>,
    /// Whether other messages are on their way.
    pub messages: bool,
    /// Whether walls, cuts or links differ.
    pub network: bool,
}

impl History {
    /// Compares two branches: where their events part, and what is not the same at the latest moment that both have lived.
    ///
    /// # Errors
    /// When there is no such branch.
    pub fn diff(&self, a: u32, b: u32) -> Result<Difference, HistoryError> {
        let (a, b) = (self.known(a)?, self.known(b)?);
        let compared_at = self.branches[a].lived.min(self.branches[b].lived);
        let parted_at = self.parted_at(a, b).min(compared_at);
        let first = if a == b { None } else { self.first_difference(a, b, parted_at, compared_at) };
        let (a, b) = (self.relive(a, compared_at), self.relive(b, compared_at));
        let (mut servers, most) = (Vec::new(), a.servers().len().max(b.servers().len()));
        for at in 0..most {
            let server = ServerId(at as u32 + 1);
            let difference = of_server(&a, &b, server);
            if !difference.differs_in.is_empty() {
                servers.push(difference);
            }
        }
        // By what can be seen of them: their numbers may differ where nothing else does.
        let seen = |in_flight: &InFlight| {
            let Label { from, to, name, term, .. } = in_flight.label();
            (from, to, name, term, in_flight.sent_at(), in_flight.ends_at())
        };
        let same = |message: &InFlight, in_other: &World| {
            in_other.network.in_flight().any(|other| seen(other) == seen(message))
        };
        let only_in = |one: &World, other: &World| one.network.in_flight().any(|message| !same(message, other));
        let messages = only_in(&a, &b) || only_in(&b, &a);
        let network = a.stage.walls() != b.stage.walls() || !a.network.has_links_of(&b.network);
        Ok(Difference { parted_at, first, compared_at, servers, messages, network })
    }

    /// Lives both from where they part, and compares what happens.
    fn first_difference(
        &self,
        a: usize,
        b: usize,
        parted_at: Moment,
        upto: Moment,
    ) -> Option<(Option<Record>, Option<Record>)> {
        // One step before: what the younger was done to stands at the very moment where they part.
        let from = self.checkpoint_before(a, parted_at.just_before());
        let [mut a, mut b] = [a, b].map(|branch| self.relive_from(from, branch, from.moment()));
        let mut compared = a.event_count();
        loop {
            // Whichever is behind goes on.
            let behind = if a.event_count() <= b.event_count() { [&mut a, &mut b] } else { [&mut b, &mut a] };
            let stepped = behind.into_iter().any(|world| {
                world.next_event_at().is_some_and(|next| next <= Time(upto.time_us))
                    && world.moment() < upto
                    && world.step_event()
            });
            let both = a.event_count().min(b.event_count());
            let upto = if stepped { both } else { a.event_count().max(b.event_count()) };
            let of = |world: &World| world.events_since(compared).take((upto - compared) as usize).cloned().collect();
            let (in_a, in_b): (Vec<Record>, Vec<Record>) = (of(&a), of(&b));
            // As plain data: that is written for the page anyway, while another way to compare would be paid by every reader.
            let plain = |records: &[Record], at: usize| records.get(at).and_then(|record| Tree::of(record).ok());
            for at in 0..in_a.len().max(in_b.len()) {
                if plain(&in_a, at) != plain(&in_b, at) {
                    return Some((in_a.get(at).cloned(), in_b.get(at).cloned()));
                }
            }
            if !stepped {
                return None;
            }
            compared = upto;
        }
    }
}

fn of_server(a: &World, b: &World, server: ServerId) -> ServerDifference {
    let mut difference = ServerDifference { server, differs_in: Vec::new(), log_from: None };
    let at = server.0 as usize - 1;
    let (Some(in_a), Some(in_b)) = (a.servers().get(at), b.servers().get(at)) else {
        difference.differs_in.push(Aspect::There);
        return difference;
    };
    let mut note = |differs: bool, aspect: Aspect| {
        if differs {
            difference.differs_in.push(aspect);
        }
    };
    let (up_a, up_b) = (in_a.server(), in_b.server());
    note(up_a.is_some() != up_b.is_some(), Aspect::Up);
    let known = |node: &Node| {
        let disk = node.durable();
        let of = |server: &Server| (server.current_term(), server.voted_for());
        node.server().map_or((disk.current_term, disk.voted_for), of)
    };
    note(known(in_a).0 != known(in_b).0, Aspect::Term);
    note(known(in_a).1 != known(in_b).1, Aspect::Vote);
    let log_from = first_difference(log_of(in_a), log_of(in_b));
    note(log_from.is_some(), Aspect::Log);
    if let (Some(a), Some(b)) = (up_a, up_b) {
        let role = |server: &Server| (std::mem::discriminant(server.role()), server.leader());
        note(role(a) != role(b), Aspect::Role);
        note(a.commit_index() != b.commit_index(), Aspect::Commit);
        note(a.configuration() != b.configuration(), Aspect::Configuration);
        note(a.next_wake_up() != b.next_wake_up(), Aspect::Timer);
    }
    let (disk_a, disk_b) = (in_a.durable(), in_b.durable());
    let state = |disk: &raft_core::Durable| (disk.current_term, disk.voted_for, disk.log.base());
    note(state(disk_a) != state(disk_b) || first_difference(&disk_a.log, &disk_b.log).is_some(), Aspect::Disk);
    note(in_a.store() != in_b.store(), Aspect::Store);
    note(a.position(server) != b.position(server), Aspect::Place);
    difference.log_from = log_from;
    difference
}

fn log_of(node: &Node) -> &Log {
    node.server().map_or(&node.durable().log, Server::log)
}

/// The first index at which two logs are not the same, of what both still hold.
fn first_difference(a: &Log, b: &Log) -> Option<u64> {
    let first = a.first_index().max(b.first_index());
    let (mut in_a, mut in_b) = (a.iter_from(first), b.iter_from(first));
    loop {
        match (in_a.next(), in_b.next()) {
            (None, None) => return (a.last() != b.last()).then_some(a.last_index().min(b.last_index()).0 + 1),
            (Some(a), Some(b)) if a == b => {}
            (Some((index, ..)), _) | (_, Some((index, ..))) => return Some(index.0),
        }
    }
}
