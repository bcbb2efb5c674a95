//! When two states are one to an exhaustive search: 64 bits of what decides what can come after.
//!
//! # What is left out, and why it may be
//!
//! - Clocks, timers and draws: no timer runs out within a search but when it is told to, and all delays are alike.
//! - Numbers of messages, of saves and of lives, and when things were sent: they tell things apart and decide nothing.
//! - Rounds of heartbeats: they decide about reads, of which there are none here. An answer that is ahead of its leader's round is
//!   refused, but none is ahead where a server leads a term once. Where it could lead one twice, because what it
//!   wrote down of it is gone after a crash, they count.
//! - Disks beyond the term and the vote: saves take no time here, so the log on the disk is the server's own.
//! - What a leader has on its way to a follower: it holds back when that is much more than a small world has entries.
//! - Refusals of votes, and the votes of who is no candidate: nobody looks at them.
//! - What clients know: they ask one leader for one write, and no read could show a difference.
//!
//! What the checkers remember is a part of a state: that a term had another leader long ago decides whether the next one is a
//! violation.
//!
//! # Symmetry
//!
//! All servers begin alike, so a state in which they have changed places has the same future with places changed. Of all ways to
//! number them, the one with the least hash is taken. What a server is whatever the others are called puts most of
//! them in order at once; only those that look alike are tried in all orders.

use std::hash::{Hash, Hasher};

use raft_core::{Body, Flow, Role, Server, ServerId};

use super::field::Field;
use crate::fingerprint::Fingerprint;
use crate::network::at;
use crate::node::Node;

/// The most servers of a small world.
pub(super) const SERVERS_MAX: usize = 4;

/// A message on its way: where it stands, its number, and what it says whoever says it to whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnTheWay {
    pub(super) slot: u32,
    pub(super) id: u64,
    pub(super) from: ServerId,
    pub(super) to: ServerId,
    pub(super) says: u64,
}

/// What the servers are called, by their place.
type Names = [u64; SERVERS_MAX];

/// Tells states apart.
#[derive(Debug)]
pub(super) struct Identity {
    /// Orders of the servers: the first is that in which they are.
    orders: Vec<Names>,
    rounds_count: bool,
    on_the_way: Vec<OnTheWay>,
}

impl Identity {
    pub(super) fn new(servers: usize, symmetry: bool, rounds_count: bool) -> Self {
        let mut orders = Vec::new();
        permute(&mut [0, 1, 2, 3], 0, servers, &mut orders);
        orders.truncate(if symmetry { orders.len() } else { 1 });
        Self { orders, rounds_count, on_the_way: Vec::new() }
    }

    /// All messages on their way, in the order of where they stand.
    pub(super) fn on_the_way(&mut self, field: &Field) -> &[OnTheWay] {
        let all = field.world().network.slots_in_flight().map(|(slot, guest)| {
            let message = guest.message();
            let mut hasher = Fingerprint::new();
            message.term.hash(&mut hasher);
            says(&message.body, self.rounds_count, &mut hasher);
            OnTheWay { slot, id: guest.id(), from: message.from, to: message.to, says: hasher.finish() }
        });
        self.on_the_way.clear();
        self.on_the_way.extend(all);
        &self.on_the_way
    }

    /// By what a state is known. `spent`: what else decides what may come: how much of what is bounded has been done.
    pub(super) fn of(&mut self, field: &Field, spent: [u32; 3]) -> u64 {
        self.on_the_way(field);
        let nodes = &field.world().nodes;
        let mut alone = [0; SERVERS_MAX];
        for (alone, node) in alone.iter_mut().zip(nodes) {
            *alone = self.alone(field, node);
        }
        let named = |names: &Names| self.named(field, &alone, names, spent);
        let [first, others @ ..] = self.orders.as_slice() else { return 0 };
        if others.is_empty() {
            return named(first);
        }
        // Only orders in which what each is by itself rises.
        let rises = |names: &&Names| {
            (0..nodes.len())
                .all(|a| (0..a).all(|b| (names[a] < names[b]) == (alone[a] < alone[b]) || alone[a] == alone[b]))
        };
        self.orders.iter().filter(rises).map(named).min().unwrap_or_default()
    }

    /// What a server is whatever it and the others are called.
    fn alone(&self, field: &Field, node: &Node) -> u64 {
        let mut hasher = Fingerprint::new();
        let own = node.id();
        let relative = |other: Option<ServerId>| other.map(|other| other == own);
        let (durable, checkers) = (node.durable(), &field.world().checkers);
        (durable.current_term, relative(durable.voted_for), durable.log.last()).hash(&mut hasher);
        checkers.recall_alone(own, &mut hasher);
        relative(checkers.recalls_vote(own)).hash(&mut hasher);
        let Some(server) = node.server() else {
            return hasher.finish();
        };
        (server.current_term(), relative(server.voted_for()), server.log().last()).hash(&mut hasher);
        (server.commit_index(), node.applied, node.awaited.len()).hash(&mut hasher);
        for (index, awaited) in node.awaited.iter() {
            (index, awaited.term).hash(&mut hasher);
        }
        match server.role() {
            Role::Follower { leader, .. } => (0_u8, leader.is_some()).hash(&mut hasher),
            Role::PreCandidate => 1_u8.hash(&mut hasher),
            Role::Candidate { .. } => (2_u8, server.votes().granted.len()).hash(&mut hasher),
            Role::Leader(leading) => {
                3_u8.hash(&mut hasher);
                if self.rounds_count {
                    leading.round.hash(&mut hasher);
                }
            }
        }
        hasher.finish()
    }

    /// The state with servers called by these names.
    fn named(&self, field: &Field, alone: &[u64; SERVERS_MAX], names: &Names, spent: [u32; 3]) -> u64 {
        let world = field.world();
        let called = |server: ServerId| names[at(server)];
        let or_none = |server: Option<ServerId>| server.map_or(u64::MAX, called);
        // Sums, so that the order in which servers and messages stand does not count.
        let mut servers = 0_u64;
        for (node, alone) in world.nodes.iter().zip(alone) {
            let mut hasher = Fingerprint::new();
            (alone, called(node.id()), or_none(node.durable().voted_for)).hash(&mut hasher);
            or_none(world.checkers.recalls_vote(node.id())).hash(&mut hasher);
            if let Some(server) = node.server() {
                or_none(server.voted_for()).hash(&mut hasher);
                knows(server, called, &mut hasher);
            }
            servers = servers.wrapping_add(hasher.finish());
        }
        let mut messages = 0_u64;
        for message in &self.on_the_way {
            let mut hasher = Fingerprint::new();
            (message.says, called(message.from), called(message.to)).hash(&mut hasher);
            messages = messages.wrapping_add(hasher.finish());
        }
        let mut hasher = Fingerprint::new();
        (servers, messages, self.on_the_way.len(), spent).hash(&mut hasher);
        world.checkers.recall(called, &mut hasher);
        hasher.finish()
    }
}

/// What a server knows of others.
fn knows(server: &Server, called: impl Fn(ServerId) -> u64, hasher: &mut Fingerprint) {
    match server.role() {
        Role::Follower { leader, .. } => leader.map_or(u64::MAX, called).hash(hasher),
        Role::PreCandidate | Role::Candidate { .. } => {
            // Each vote once or, where that rule is off, as often as it was counted; in whichever order they came.
            let granted = server.votes().granted.iter().map(|&voter| 1_u64 << (8 * called(voter)));
            granted.fold(0_u64, u64::wrapping_add).hash(hasher);
        }
        Role::Leader(leading) => {
            let mut followers = 0_u64;
            for progress in &leading.followers {
                let mut one = Fingerprint::new();
                let flow = match progress.flow {
                    Flow::Probe { asked } => u8::from(asked),
                    Flow::Replicate => 2,
                    Flow::Snapshot { .. } => 3,
                };
                (called(progress.id), progress.next_index, progress.match_index, flow).hash(&mut one);
                followers = followers.wrapping_add(one.finish());
            }
            followers.hash(hasher);
        }
    }
}

/// Takes in what a message says.
fn says(body: &Body, rounds_count: bool, hasher: &mut Fingerprint) {
    match body {
        Body::AppendEntries { prev_log_index, prev_log_term, entries, leader_commit, round } => {
            (0_u8, prev_log_index, prev_log_term, leader_commit, entries.term()).hash(hasher);
            entries.payloads().hash(hasher);
            if rounds_count {
                round.hash(hasher);
            }
        }
        Body::AppendEntriesReply { outcome, round } => {
            (1_u8, outcome).hash(hasher);
            if rounds_count {
                round.hash(hasher);
            }
        }
        // None of the others that are sent here names a server or a round.
        body => (2_u8, body).hash(hasher),
    }
}

/// All orders of the first `count`, beginning with that in which they are.
fn permute(names: &mut Names, fixed: usize, count: usize, orders: &mut Vec<Names>) {
    if fixed == count {
        orders.push(*names);
        return;
    }
    for next in fixed..count {
        names.swap(fixed, next);
        permute(names, fixed + 1, count, orders);
        names.swap(fixed, next);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::explore::action::{Action, Kind, Sign};
    use crate::explore::ground::Ground;

    const S1: ServerId = ServerId(1);
    const S2: ServerId = ServerId(2);
    const S3: ServerId = ServerId(3);

    fn field(actions: &[Action]) -> Field {
        let mut ground = Ground::plain(3, &[]);
        // A leader that has written nothing leaves no trace but that it led.
        ground.options.noop_on_election = false;
        let mut field = Field::new(Arc::new(ground)).unwrap();
        for action in actions {
            field.perform(action).unwrap_or_else(|| panic!("{action} is not possible"));
        }
        field
    }

    /// The message of this kind on this way arrives.
    fn receive(field: &mut Field, kind: Kind, from: ServerId, to: ServerId) {
        let is_it = |sign: &Sign| (sign.kind, sign.from, sign.to) == (kind, from, to);
        let sign = signs(field).into_iter().find(is_it).unwrap_or_else(|| panic!("no {kind:?} from {from} to {to}"));
        field.perform(&Action::Deliver(sign)).unwrap();
    }

    fn signs(field: &Field) -> Vec<Sign> {
        field.world().network.in_flight().map(|guest| Sign::of(guest.message())).collect()
    }

    fn lose_all(field: &mut Field) {
        for sign in signs(field) {
            field.perform(&Action::Drop(sign)).unwrap();
        }
    }

    fn of(field: &Field, symmetry: bool) -> u64 {
        Identity::new(3, symmetry, false).of(field, [field.written(), 0, 0])
    }

    /// S1 and S2 stand in the same term, S3 votes for one of them, and nothing is on its way.
    fn voted_for(candidate: ServerId) -> Field {
        let mut field = field(&[Action::TimeOut(S1), Action::TimeOut(S2)]);
        receive(&mut field, Kind::RequestVote, candidate, S3);
        lose_all(&mut field);
        field
    }

    fn leading() -> Field {
        let mut field = field(&[Action::TimeOut(S1)]);
        receive(&mut field, Kind::RequestVote, S1, S2);
        receive(&mut field, Kind::RequestVoteReply, S2, S1);
        lose_all(&mut field);
        field
    }

    #[test]
    fn for_whom_a_server_voted_tells_states_apart_unless_the_candidates_have_changed_places() {
        let (first, second) = (voted_for(S1), voted_for(S2));
        assert_ne!(of(&first, false), of(&second, false));
        assert_eq!(of(&first, true), of(&second, true));
        let mut nobody = field(&[Action::TimeOut(S1), Action::TimeOut(S2)]);
        lose_all(&mut nobody);
        assert_ne!(of(&first, true), of(&nobody, true));
    }

    #[test]
    fn the_vote_on_a_disk_tells_states_apart_while_its_server_is_down() {
        let down = |candidate| {
            let mut field = voted_for(candidate);
            field.perform(&Action::Crash(S3)).unwrap();
            field
        };
        assert_ne!(of(&down(S1), false), of(&down(S2), false));
        assert_ne!(of(&down(S1), true), of(&voted_for(S1), true), "up and down");
    }

    #[test]
    fn what_is_on_its_way_tells_states_apart_by_what_it_says_and_how_often_but_not_by_when_it_left() {
        let one_then_two = field(&[Action::TimeOut(S1), Action::TimeOut(S2)]);
        let two_then_one = field(&[Action::TimeOut(S2), Action::TimeOut(S1)]);
        assert_eq!(of(&one_then_two, false), of(&two_then_one, false));
        let sign = signs(&one_then_two)[0];
        let (mut lost, mut doubled) = (one_then_two.clone(), one_then_two.clone());
        lost.perform(&Action::Drop(sign)).unwrap();
        doubled.perform(&Action::Duplicate(sign)).unwrap();
        let all = [&one_then_two, &lost, &doubled].map(|field| of(field, true));
        assert!(all[0] != all[1] && all[0] != all[2] && all[1] != all[2], "{all:?}");
    }

    #[test]
    fn the_log_and_who_leads_tell_states_apart_but_rounds_of_heartbeats_only_where_they_decide() {
        let leads = leading();
        let mut wrote = leads.clone();
        wrote.perform(&Action::Propose(S1)).unwrap();
        lose_all(&mut wrote);
        assert_ne!(of(&leads, true), of(&wrote, true));
        let mut sent = leads.clone();
        // The first probes each follower, of which the leader makes a note; the second only repeats it.
        sent.perform(&Action::Heartbeat(S1)).unwrap();
        lose_all(&mut sent);
        let mut again = sent.clone();
        again.perform(&Action::Heartbeat(S1)).unwrap();
        lose_all(&mut again);
        assert_eq!(of(&sent, true), of(&again, true));
        let mut strict = Identity::new(3, true, true);
        assert_ne!(strict.of(&sent, [0; 3]), strict.of(&again, [0; 3]));
    }

    #[test]
    fn a_past_that_is_only_remembered_tells_states_apart() {
        // S1 led term 1 and knows nothing of it any more; or it stood in vain. That decides what a second leader of term 1 would be.
        let mut led = leading();
        led.perform(&Action::Crash(S1)).unwrap();
        let mut stood = field(&[Action::TimeOut(S1)]);
        receive(&mut stood, Kind::RequestVote, S1, S2);
        lose_all(&mut stood);
        stood.perform(&Action::Crash(S1)).unwrap();
        assert_ne!(of(&led, true), of(&stood, true));
    }

    #[test]
    fn orders_begin_with_that_in_which_they_are() {
        let identity = Identity::new(3, true, false);
        assert_eq!((identity.orders.len(), identity.orders[0]), (6, [0, 1, 2, 3]));
        let different: std::collections::BTreeSet<_> = identity.orders.iter().collect();
        assert_eq!(different.len(), 6);
    }
}
