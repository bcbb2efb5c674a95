//! Fills the records that the page reads in every frame. The vectors are kept and reused: once they have grown, a frame
//! allocates nothing.

use raft_core::{AppendOutcome, Body, Index, Message, Payload, Role, ServerId, Time};
use raft_sim::{Fate, InFlight, Node, World};

use crate::records::{
    ENTRY_SLOTS, Header, LAYOUT_VERSION, LINK_BY_HAND, LINK_BY_WALL, MessageRecord, NO_OP_BIT, NO_TIMER, ServerRecord,
    VIOLATED, WallRecord, lanes,
};

/// One frame's records.
#[derive(Default)]
pub(crate) struct Frame {
    header: Header,
    servers: Vec<ServerRecord>,
    messages: Vec<MessageRecord>,
    walls: Vec<WallRecord>,
    entries: Vec<u32>,
    links: Vec<u32>,
}

/// A number as far as a lane holds it. What is drawn never comes near the limit.
fn lane(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn address<Record>(records: *const Record) -> u32 {
    records as usize as u32
}

const fn low(number: u64) -> u32 {
    number as u32
}

const fn high(number: u64) -> u32 {
    (number >> 32) as u32
}

/// A set of servers as bits: bit i is server i + 1.
fn bits(servers: &[ServerId]) -> u64 {
    servers.iter().fold(0, |set, server| set | bit(*server))
}

const fn bit(server: ServerId) -> u64 {
    1 << ((server.0 - 1) % 64)
}

impl Frame {
    /// Takes the world down as it is, and returns the header's address.
    pub(crate) fn refresh(&mut self, world: &World) -> u32 {
        let now = world.now();
        self.messages.clear();
        self.messages.extend(world.messages().map(|message| message_record(message, now)));
        self.servers.clear();
        self.entries.clear();
        for node in world.servers() {
            self.servers.push(server_record(node, world));
            let tail = self.servers.last().map_or(1, |record| u64::from(record.tail_first));
            self.push_tail(node, Index(tail));
        }
        self.walls.clear();
        self.walls.extend(world.walls().map(|wall| WallRecord {
            id: wall.id,
            ax: wall.a.x,
            ay: wall.a.y,
            bx: wall.b.x,
            by: wall.b.y,
            reserved: 0,
        }));
        self.links.clear();
        for from in world.servers() {
            for to in world.servers() {
                self.links.push(world.link(from.id(), to.id()).map_or(0, |link| {
                    u32::from(link.cut) * LINK_BY_HAND + u32::from(link.wall.is_some()) * LINK_BY_WALL
                }));
            }
        }
        self.header = Header {
            version: LAYOUT_VERSION,
            time_lo: low(now.0),
            time_hi: high(now.0),
            flags: if world.violation().is_some() { VIOLATED } else { 0 },
            server_count: lane(self.servers.len() as u64),
            server_lanes: lanes::<ServerRecord>(),
            servers_ptr: address(self.servers.as_ptr()),
            message_count: lane(self.messages.len() as u64),
            message_lanes: lanes::<MessageRecord>(),
            messages_ptr: address(self.messages.as_ptr()),
            wall_count: lane(self.walls.len() as u64),
            wall_lanes: lanes::<WallRecord>(),
            walls_ptr: address(self.walls.as_ptr()),
            entry_slots: ENTRY_SLOTS as u32,
            entries_ptr: address(self.entries.as_ptr()),
            links_ptr: address(self.links.as_ptr()),
            events_lo: low(world.event_count()),
            events_hi: high(world.event_count()),
            leader_changes: low(world.leader_changes()),
            commits: low(world.commits()),
            reserved: [0; 4],
        };
        address(&raw const self.header)
    }

    fn push_tail(&mut self, node: &Node, first: Index) {
        let end = self.entries.len() + ENTRY_SLOTS;
        let entry = |entry: &raft_core::Entry| {
            let no_op = if entry.payload == Payload::Noop { NO_OP_BIT } else { 0 };
            (low(entry.term.0) & !NO_OP_BIT) | no_op
        };
        match node.server() {
            Some(server) => self.entries.extend(server.log().from(first).iter().map(entry)),
            None => self.entries.extend(node.durable().log.iter().skip(low(first.0 - 1) as usize).map(entry)),
        }
        self.entries.resize(end, 0);
    }
}

fn server_record(node: &Node, world: &World) -> ServerRecord {
    let id = node.id();
    let (x, y) = world.position(id).map_or((0, 0), |position| (position.x, position.y));
    let last = match node.server() {
        Some(server) => server.log().last_index().0,
        None => node.durable().log.len() as u64,
    };
    let tail_count = last.min(ENTRY_SLOTS as u64);
    let common = ServerRecord {
        id: id.0,
        x,
        y,
        last_index: lane(last),
        tail_first: lane(last - tail_count + 1),
        tail_count: lane(tail_count),
        timer_left: NO_TIMER,
        timer_total: NO_TIMER,
        ..ServerRecord::default()
    };
    let Some(server) = node.server() else {
        let disk = node.durable();
        return ServerRecord {
            term: lane(disk.current_term.0),
            voted_for: disk.voted_for.map_or(0, |server| server.0),
            durable_index: lane(last),
            ..common
        };
    };
    let (role, votes_shown) = match server.role() {
        Role::Follower { .. } => (0, false),
        Role::Candidate { .. } => (1, true),
        Role::Leader { .. } => (2, true),
        Role::PreCandidate => (3, true),
    };
    let (counted, refused, granted) = if votes_shown {
        let on_its_way = world.messages().filter(|message| grants_vote_to(message, server, world.now()));
        let granted = on_its_way.fold(0, |set, message| set | bit(message.message().from));
        (bits(&server.votes().granted), bits(&server.votes().refused), granted)
    } else {
        (0, 0, 0)
    };
    let timer = server.election_timer();
    ServerRecord {
        up: 1,
        role,
        term: lane(server.current_term().0),
        voted_for: server.voted_for().map_or(0, |server| server.0),
        leader: server.leader().map_or(0, |server| server.0),
        commit_index: lane(server.commit_index().0),
        last_applied: lane(server.last_applied().0),
        durable_index: lane(server.durable_index().0),
        timer_left: timer.map_or(NO_TIMER, |timer| lane(timer.deadline.since(world.now()))),
        timer_total: timer.map_or(NO_TIMER, |timer| lane(timer.deadline.since(timer.started))),
        counted_lo: low(counted),
        counted_hi: high(counted),
        granted_lo: low(granted & !counted),
        granted_hi: high(granted & !counted),
        refused_lo: low(refused),
        refused_hi: high(refused),
        votes_needed: lane(server.configuration().quorum() as u64),
        saving: lane(node.saves_under_way() as u64),
        ..common
    }
}

/// Whether a message was lost or blocked, and is only still to be seen.
pub(crate) fn has_ended(in_flight: &InFlight, now: Time) -> bool {
    in_flight.ends_at() <= now && in_flight.fate() != Fate::Arrives
}

/// Whether a message on its way brings this candidate a vote of its term, or this pre-candidate one for the next.
fn grants_vote_to(in_flight: &InFlight, candidate: &raft_core::Server, now: Time) -> bool {
    let message = in_flight.message();
    message.to == candidate.id()
        && !has_ended(in_flight, now)
        && match message.body {
            Body::RequestVoteReply { vote_granted: true } => message.term == candidate.current_term(),
            Body::PreVoteReply { next_term, vote_granted: true } => {
                matches!(candidate.role(), Role::PreCandidate) && next_term == candidate.current_term().next()
            }
            _ => false,
        }
}

fn message_record(in_flight: &InFlight, now: Time) -> MessageRecord {
    let message: &Message = in_flight.message();
    let (kind, entries, verdict) = match &message.body {
        Body::RequestVote { .. } => (0, 0, 0),
        Body::RequestVoteReply { vote_granted } => (1, 0, if *vote_granted { 1 } else { 2 }),
        Body::AppendEntries { entries, .. } => (2, lane(entries.len() as u64), 0),
        Body::AppendEntriesReply { outcome: AppendOutcome::Success { .. } } => (3, 0, 1),
        Body::AppendEntriesReply { .. } => (3, 0, 2),
        Body::PreVote { .. } => (4, 0, 0),
        Body::PreVoteReply { vote_granted, .. } => (5, 0, if *vote_granted { 1 } else { 2 }),
        Body::TimeoutNow => (6, 0, 0),
    };
    // What will become of a message is not shown before it has.
    let (state, wall) = match in_flight.fate() {
        _ if !has_ended(in_flight, now) => (0, 0),
        Fate::Arrives => (0, 0),
        Fate::Lost => (1, 0),
        Fate::Blocked { wall } => (2, wall.unwrap_or(0)),
    };
    let sent = in_flight.sent_at();
    MessageRecord {
        id: low(in_flight.id()),
        from: message.from.0,
        to: message.to.0,
        kind,
        term: lane(message.term.0),
        entries,
        verdict,
        since_sent: lane(now.since(sent)),
        whole_way: lane(in_flight.arrives_at().since(sent)),
        until_end: lane(in_flight.ends_at().since(sent)),
        state,
        since_end: lane(now.since(in_flight.ends_at())),
        flags: u32::from(in_flight.is_copy()),
        wall,
    }
}
