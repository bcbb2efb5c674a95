//! Fills the records that the page reads in every frame. The vectors are kept and reused: once they have grown, a frame
//! allocates nothing.

use raft_core::{
    AppendOutcome, Body, Flow, Index, Log, Message, Payload, Progress, Role, Server, ServerId, SnapshotOutcome, Tally,
    Time,
};
use raft_sim::{Fate, InFlight, Link, Node, Stops, Wall, World, WorldOptions};

use crate::records::{
    CLOCK_AHEAD, CLOCK_FAST, CLOCK_SLOW, DISK_LIES, DISK_SLOW, ENTRY_SLOTS, FollowerRecord, HELD, Header, JOINT,
    LAYOUT_VERSION, LEARNER, LINK_BY_HAND, LINK_BY_WALL, LINK_DELAY_SHIFT, LINK_FLAPS, LINK_LOSS_SHIFT, LINK_OWN,
    MEMBERS_BIT, MessageRecord, NO_OP_BIT, NO_TIMER, OLD_VOTER, PAUSED, SLOW, ServerRecord, VIOLATED, VOTER,
    WALL_LETS_LEFTWARD, WALL_LETS_RIGHTWARD, WALL_LETS_SHIFT, WallRecord, lanes,
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
    followers: Vec<FollowerRecord>,
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
            push_entries(&mut self.entries, node, Index(tail), ENTRY_SLOTS);
        }
        self.walls.clear();
        self.walls.extend(world.walls().map(|wall| WallRecord {
            id: wall.id,
            ax: wall.a.x,
            ay: wall.a.y,
            bx: wall.b.x,
            by: wall.b.y,
            lets: lets_through(wall),
        }));
        self.followers.clear();
        for node in world.servers() {
            if let Some(Role::Leader(leading)) = node.server().map(Server::role) {
                let records = leading.followers.iter().map(|follower| follower_record(node.id(), follower));
                self.followers.extend(records);
            }
        }
        self.links.clear();
        for from in world.servers() {
            for to in world.servers() {
                let link = world.link(from.id(), to.id());
                self.links.push(link.map_or(0, |link| link_lane(link, world.options())));
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
            follower_count: lane(self.followers.len() as u64),
            follower_lanes: lanes::<FollowerRecord>(),
            followers_ptr: address(self.followers.as_ptr()),
            reserved: 0,
        };
        address(&raw const self.header)
    }
}

/// Puts so many cells of a log behind others: the lanes of its entries from an index on, and 0 where there is none.
pub(crate) fn push_entries(cells: &mut Vec<u32>, node: &Node, first: Index, count: usize) {
    let start = cells.len();
    cells.resize(start + count, 0);
    for (index, term, payload) in log(node).iter_from(first) {
        let Some(cell) = cells.get_mut(start + index.since(first) as usize) else { break };
        let bit = match payload {
            Payload::Command(_) => 0,
            Payload::Noop => NO_OP_BIT,
            Payload::Configuration(_) => MEMBERS_BIT,
        };
        *cell = (low(term.0) & !(NO_OP_BIT | MEMBERS_BIT)) | bit;
    }
}

/// A server's log, or what the disk of a crashed one holds.
pub(crate) fn log(node: &Node) -> &Log {
    node.server().map_or(&node.durable().log, Server::log)
}

fn server_record(node: &Node, world: &World) -> ServerRecord {
    let id = node.id();
    let (x, y) = world.position(id).map_or((0, 0), |position| (position.x, position.y));
    let log = log(node);
    let last = log.last_index().0;
    let tail_count = (log.len() as u64).min(ENTRY_SLOTS as u64);
    let base = log.base().index;
    let snapshot = node.server().map_or(node.durable().snapshot.as_ref(), Server::snapshot);
    let common = ServerRecord {
        id: id.0,
        x,
        y,
        last_index: lane(last),
        tail_first: lane(last - tail_count + 1),
        tail_count: lane(tail_count),
        timer_left: NO_TIMER,
        timer_total: NO_TIMER,
        snapshot_index: lane(base.0),
        snapshot_bytes: lane(snapshot.map_or(0, |snapshot| snapshot.data.len() as u64)),
        ails: ails(node, world),
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
        Role::Leader(_) => (2, true),
        Role::PreCandidate => (3, true),
    };
    let (counted, refused, granted) = if votes_shown {
        let on_its_way = world.messages().filter(|message| grants_vote_to(message, server, world.now()));
        let granted = on_its_way.fold(0, |set, message| set | bit(message.message().from));
        (bits(&server.votes().granted), bits(&server.votes().refused), granted)
    } else {
        (0, 0, 0)
    };
    let timer = node.election_timer();
    let (configuration, votes) = (server.configuration(), votes_of(server));
    let [voters, old_voters, learners] =
        [configuration.voters(), configuration.old_voters().unwrap_or(&[]), configuration.learners()].map(bits);
    let member = |servers: u64, kind: u32| if servers & bit(id) != 0 { kind } else { 0 };
    let joint = if configuration.is_joint() { JOINT } else { 0 };
    ServerRecord {
        up: if node.is_paused() { PAUSED } else { 1 },
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
        votes_needed: lane(votes.voters.needed as u64),
        old_needed: lane(votes.old.map_or(0, |old| old.needed as u64)),
        member: member(voters, VOTER) | member(old_voters, OLD_VOTER) | member(learners, LEARNER) | joint,
        voters_lo: low(voters),
        voters_hi: high(voters),
        old_voters_lo: low(old_voters),
        old_voters_hi: high(old_voters),
        learners_lo: low(learners),
        learners_hi: high(learners),
        saving: lane(node.saves_under_way() as u64),
        ..common
    }
}

/// What is not as it should be with a server, running or crashed.
fn ails(node: &Node, world: &World) -> u32 {
    let (clock, disk, now) = (node.clock(), node.disk(), world.now());
    let right = clock.rate_ppm().cmp(&1_000_000);
    let is = [
        (node.step_us() > 0, SLOW),
        (right.is_gt(), CLOCK_FAST),
        (right.is_lt(), CLOCK_SLOW),
        (right.is_eq() && clock.shows(now) != now, CLOCK_AHEAD),
        (disk.us().1 > world.options().disk_us_max, DISK_SLOW),
        (disk.lies(), DISK_LIES),
    ];
    is.iter().map(|&(is, bit)| u32::from(is) * bit).sum()
}

fn lets_through(wall: &Wall) -> u32 {
    let direction = match wall.stops {
        Stops::Both => 0,
        Stops::Rightward => WALL_LETS_LEFTWARD,
        Stops::Leftward => WALL_LETS_RIGHTWARD,
    };
    direction + ((1_000_000 - wall.loss_ppm).div_ceil(1_000) << WALL_LETS_SHIFT)
}

fn link_lane(link: &Link, options: &WorldOptions) -> u32 {
    let stopped = u32::from(link.cut) * LINK_BY_HAND
        + u32::from(link.wall.is_some()) * LINK_BY_WALL
        + u32::from(link.flap.is_some()) * LINK_FLAPS;
    let as_all = link.delay_us_max == options.delay_us_max
        && link.delay_us_min == options.delay_us_min
        && link.loss_ppm == options.loss_ppm
        && link.duplicate_ppm == options.duplicate_ppm
        && link.delay_tail_us == options.delay_tail_us
        && link.in_order == options.in_order;
    if as_all {
        return stopped;
    }
    let delay = lane(link.delay_us_max.div_ceil(1_000)).min(u16::MAX.into());
    stopped + LINK_OWN + (link.loss_ppm.div_ceil(1_000) << LINK_LOSS_SHIFT) + (delay << LINK_DELAY_SHIFT)
}

fn follower_record(leader: ServerId, follower: &Progress) -> FollowerRecord {
    let (flow, on_the_way) = match follower.flow {
        Flow::Probe { asked } => (u32::from(asked), 0),
        Flow::Replicate => (2, follower.entries_in_flight() as u64),
        Flow::Snapshot { offset, .. } => (3, offset),
    };
    FollowerRecord {
        leader: leader.0,
        follower: follower.id.0,
        next_index: lane(follower.next_index.0),
        match_index: lane(follower.match_index.0),
        flow,
        on_the_way: lane(on_the_way),
    }
}

/// How many votes a server has of its own latest election, and how many it needs.
pub(crate) fn votes_of(server: &Server) -> Tally {
    server.configuration().tally(|voter| server.votes().granted.contains(&voter))
}

/// Whether a message was lost or blocked, and is only still to be seen.
pub(crate) fn has_ended(in_flight: &InFlight, now: Time) -> bool {
    in_flight.ends_at() <= now && in_flight.fate() != Fate::Arrives
}

/// Whether a message on its way brings this candidate a vote of its term, or this pre-candidate one for the next.
fn grants_vote_to(in_flight: &InFlight, candidate: &Server, now: Time) -> bool {
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
        Body::AppendEntriesReply { outcome: AppendOutcome::Success { .. }, .. } => (3, 0, 1),
        Body::AppendEntriesReply { .. } => (3, 0, 2),
        Body::PreVote { .. } => (4, 0, 0),
        Body::PreVoteReply { vote_granted, .. } => (5, 0, if *vote_granted { 1 } else { 2 }),
        Body::TimeoutNow => (6, 0, 0),
        Body::InstallSnapshot { data, .. } => (7, lane(data.len() as u64), 0),
        Body::InstallSnapshotReply { outcome, .. } => {
            (8, 0, if *outcome == SnapshotOutcome::Installed { 1 } else { 0 })
        }
        Body::ReadIndex { .. } => (9, 0, 0),
        Body::ReadIndexReply { read_index, .. } => (10, 0, if read_index.is_some() { 1 } else { 2 }),
    };
    // What will become of a message is not shown before it has.
    let (state, wall) = match in_flight.fate() {
        _ if !has_ended(in_flight, now) => (0, 0),
        Fate::Arrives | Fate::Held => (0, 0),
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
        since_sent: lane(in_flight.held_at().unwrap_or(now).since(sent)),
        whole_way: lane(in_flight.arrives_at().since(sent)),
        until_end: lane(in_flight.ends_at().since(sent)),
        state,
        since_end: lane(now.since(in_flight.ends_at())),
        flags: u32::from(in_flight.is_copy()) + u32::from(in_flight.held_at().is_some()) * HELD,
        wall,
    }
}
