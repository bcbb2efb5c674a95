//! What the page reads on demand, as plain objects: `web/src/raft-playground.d.ts` says the same to TypeScript.

use raft_core::{
    Command, Configuration, EntryId, Flow, Index, Payload, Progress, Role, RoleName, Server, ServerId, Term, Time,
};
use raft_sim::{ClientOperation, Linearizability, Node, Operation, ShortMap, Stops, Violation, Wall, World};
use serde::Serialize;

use crate::frame::{has_ended, log, votes_of};

#[derive(Serialize)]
pub(crate) struct StateView<'a> {
    time_ms: f64,
    fingerprint: String,
    servers: Vec<ServerView<'a>>,
    messages_in_flight: Vec<MessageView>,
    links_cut: Vec<CutView>,
    walls: Vec<WallView>,
    clients: ClientsView,
    violation: Option<ViolationView>,
}

#[derive(Serialize)]
pub(crate) struct ServerView<'a> {
    id: ServerId,
    up: bool,
    paused: bool,
    /// How long it takes for each thing that it handles; 0 is normal.
    step_ms: f64,
    /// How many things it has yet to handle.
    backlog: usize,
    clock: ClockView,
    disk: DiskView,
    role: RoleName,
    current_term: Term,
    voted_for: Option<ServerId>,
    leader: Option<ServerId>,
    commit_index: Index,
    last_applied: Index,
    durable_index: Index,
    election_timer: Option<TimerView>,
    votes: VotesView,
    log: Vec<EntryView>,
    next_index: Option<ByServer>,
    match_index: Option<ByServer>,
    flow: Option<ByServer<&'static str>>,
    configuration: Option<MembersView>,
    snapshot: Option<SnapshotView>,
    store: &'a ShortMap<String, String>,
    x: u32,
    y: u32,
}

/// Something for each follower: an object whose keys are the servers' numbers.
struct ByServer<T = Index>(Vec<(ServerId, T)>);

impl<T: Serialize> Serialize for ByServer<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(server, index)| (server.0.to_string(), index)))
    }
}

/// What stands for the log before its first entry.
#[derive(Serialize)]
struct SnapshotView {
    index: Index,
    term: Term,
    bytes: usize,
}

impl SnapshotView {
    fn of(node: &Node) -> Option<Self> {
        let snapshot = node.server().map_or(node.durable().snapshot.as_ref(), Server::snapshot)?;
        let EntryId { index, term } = snapshot.last_included;
        Some(Self { index, term, bytes: snapshot.data.len() })
    }
}

/// A server's own clock: how many microseconds it goes on in a second.
#[derive(Serialize)]
struct ClockView {
    rate_ppm: u32,
    shows_ms: f64,
}

/// What a server's disk is like: how long a save takes, and whether it says too early that it is done.
#[derive(Serialize)]
struct DiskView {
    ms_min: f64,
    ms_max: f64,
    lies: bool,
}

#[derive(Serialize)]
struct TimerView {
    started_ms: f64,
    deadline_ms: f64,
}

#[derive(Serialize)]
struct VotesView {
    granted: Vec<ServerId>,
    refused: Vec<ServerId>,
    needed: usize,
}

#[derive(Serialize)]
pub(crate) struct EntryView {
    index: Index,
    term: Term,
    /// None for an entry that carries no command.
    command: Option<String>,
    /// None for an entry that carries no configuration.
    configuration: Option<MembersView>,
}

/// Who counts, and who only learns.
#[derive(Serialize)]
struct MembersView {
    voters: Vec<ServerId>,
    /// The old voters, while theirs is a majority that is needed too (P§6).
    old_voters: Option<Vec<ServerId>>,
    learners: Vec<ServerId>,
    /// Whether a joint configuration is left only when that is asked for.
    stays_joint: bool,
}

impl MembersView {
    fn of(configuration: &Configuration) -> Self {
        Self {
            voters: configuration.voters().to_vec(),
            old_voters: configuration.old_voters().map(<[ServerId]>::to_vec),
            learners: configuration.learners().to_vec(),
            stays_joint: configuration.stays_joint(),
        }
    }
}

#[derive(Serialize)]
struct MessageView {
    id: u64,
    from: ServerId,
    to: ServerId,
    name: &'static str,
    term: Term,
    sent_ms: f64,
    arrives_ms: f64,
    held: bool,
}

#[derive(Serialize)]
struct CutView {
    from: ServerId,
    to: ServerId,
    by: &'static str,
}

#[derive(Serialize)]
struct WallView {
    wall: u32,
    ax: u32,
    ay: u32,
    bx: u32,
    by: u32,
    stops: Stops,
    loss_ppm: u32,
}

#[derive(Serialize)]
struct ClientsView {
    waiting: Vec<String>,
    linearizability: Linearizability,
}

#[derive(Serialize)]
struct ViolationView {
    property: String,
    section: String,
    time_ms: f64,
    text: String,
    servers: Vec<ServerId>,
    indexes: Vec<Index>,
    terms: Vec<Term>,
    operations: Vec<ClientOperation>,
}

/// Virtual milliseconds, for people: decisions are made on microseconds only.
#[allow(clippy::float_arithmetic, clippy::cast_precision_loss)]
fn milliseconds(time: Time) -> f64 {
    time.0 as f64 / 1000.0
}

impl<'a> StateView<'a> {
    /// With its logs and its fingerprint, which take longer the longer the logs are, or without.
    pub(crate) fn of(world: &'a World, logs: bool) -> Self {
        let now = world.now();
        let mut links_cut = Vec::new();
        for (from, to) in pairs(world) {
            let Some(link) = world.link(from, to) else { continue };
            if link.cut {
                links_cut.push(CutView { from, to, by: "hand" });
            } else if link.wall.is_some() {
                links_cut.push(CutView { from, to, by: "wall" });
            }
        }
        let on_their_way = world.messages().filter(|message| !has_ended(message, now));
        Self {
            time_ms: milliseconds(now),
            fingerprint: if logs { format!("{:016x}", world.fingerprint()) } else { String::new() },
            servers: world.servers().iter().map(|node| ServerView::of(node, world, logs)).collect(),
            messages_in_flight: on_their_way
                .map(|in_flight| MessageView {
                    id: in_flight.id(),
                    from: in_flight.message().from,
                    to: in_flight.message().to,
                    name: in_flight.message().name(),
                    term: in_flight.message().term,
                    sent_ms: milliseconds(in_flight.sent_at()),
                    arrives_ms: milliseconds(in_flight.arrives_at()),
                    held: in_flight.held_at().is_some(),
                })
                .collect(),
            links_cut,
            walls: world
                .walls()
                .map(|&Wall { id, a, b, stops, loss_ppm }| WallView {
                    wall: id,
                    ax: a.x,
                    ay: a.y,
                    bx: b.x,
                    by: b.y,
                    stops,
                    loss_ppm,
                })
                .collect(),
            clients: ClientsView {
                waiting: world.waiting().map(str::to_owned).collect(),
                linearizability: world.linearizability(),
            },
            violation: world.violation().map(ViolationView::of),
        }
    }
}

fn pairs(world: &World) -> impl Iterator<Item = (ServerId, ServerId)> {
    let ids = || world.servers().iter().map(Node::id);
    ids().flat_map(move |from| ids().map(move |to| (from, to))).filter(|(from, to)| from != to)
}

impl ViolationView {
    fn of(violation: &Violation) -> Self {
        Self {
            property: violation.property.to_string(),
            section: violation.section.to_string(),
            time_ms: milliseconds(violation.at),
            text: violation.text.clone(),
            servers: violation.servers.clone(),
            indexes: violation.indexes.clone(),
            terms: violation.terms.clone(),
            operations: violation.operations.clone(),
        }
    }
}

impl<'a> ServerView<'a> {
    pub(crate) fn of(node: &'a Node, world: &World, log: bool) -> Self {
        let (x, y) = world.position(node.id()).map_or((0, 0), |position| (position.x, position.y));
        let server = node.server();
        let votes = server.map(Server::votes).cloned().unwrap_or_default();
        let disk = node.durable();
        let slowness = node.disk().us();
        let timer = node.election_timer();
        Self {
            id: node.id(),
            up: node.is_up(),
            paused: node.is_paused(),
            step_ms: milliseconds(Time(node.step_us())),
            backlog: node.backlog(),
            clock: ClockView {
                rate_ppm: node.clock().rate_ppm(),
                shows_ms: milliseconds(node.clock().shows(world.now())),
            },
            disk: DiskView {
                ms_min: milliseconds(Time(slowness.0)),
                ms_max: milliseconds(Time(slowness.1)),
                lies: node.disk().lies(),
            },
            role: role_name(node),
            current_term: server.map_or(disk.current_term, Server::current_term),
            voted_for: server.map_or(disk.voted_for, Server::voted_for),
            leader: server.and_then(Server::leader),
            commit_index: server.map_or(Index::ZERO, Server::commit_index),
            last_applied: server.map_or(Index::ZERO, Server::last_applied),
            durable_index: durable_index(node),
            election_timer: timer.map(|timer| TimerView {
                started_ms: milliseconds(timer.started),
                deadline_ms: milliseconds(timer.deadline),
            }),
            votes: VotesView {
                granted: votes.granted,
                refused: votes.refused,
                needed: server.map_or(0, |server| votes_of(server).voters.needed),
            },
            log: entries(node, Index(1), if log { u64::MAX } else { 0 }),
            next_index: progress(node, |follower| follower.next_index),
            match_index: progress(node, |follower| follower.match_index),
            flow: progress(node, flow_name),
            configuration: server.map(|server| MembersView::of(server.configuration())),
            snapshot: SnapshotView::of(node),
            store: node.store().values(),
            x,
            y,
        }
    }
}

fn durable_index(node: &Node) -> Index {
    node.server().map_or(node.durable().log.last_index(), Server::durable_index)
}

fn role_name(node: &Node) -> RoleName {
    match node.server().map(Server::role) {
        None | Some(Role::Follower { .. }) => RoleName::Follower,
        Some(Role::PreCandidate) => RoleName::PreCandidate,
        Some(Role::Candidate { .. }) => RoleName::Candidate,
        Some(Role::Leader(_)) => RoleName::Leader,
    }
}

pub(crate) fn entries(node: &Node, first: Index, count: u64) -> Vec<EntryView> {
    let end = first.plus(count);
    let entries = log(node).iter_from(first).take_while(|(index, ..)| *index < end);
    let entry = |(index, term, payload): (Index, Term, &Payload)| match payload {
        Payload::Noop => EntryView { index, term, command: None, configuration: None },
        Payload::Command(command) => EntryView { index, term, command: Some(text(command)), configuration: None },
        Payload::Configuration(members) => {
            EntryView { index, term, command: None, configuration: Some(MembersView::of(members)) }
        }
    };
    entries.map(entry).collect()
}

fn text(command: &Command) -> String {
    Operation::decode(command)
        .map_or_else(|| String::from_utf8_lossy(command.bytes()).into_owned(), |operation| operation.shown().to_owned())
}

const fn flow_name(follower: &Progress) -> &'static str {
    match follower.flow {
        Flow::Probe { .. } => "probe",
        Flow::Replicate => "replicate",
        Flow::Snapshot { .. } => "snapshot",
    }
}

fn progress<T>(node: &Node, of: impl Fn(&Progress) -> T) -> Option<ByServer<T>> {
    match node.server().map(Server::role) {
        Some(Role::Leader(leading)) => {
            Some(ByServer(leading.followers.iter().map(|follower| (follower.id, of(follower))).collect()))
        }
        _ => None,
    }
}
