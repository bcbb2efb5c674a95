//! What is drawn of a run: its rows, in the order in which things happened.

use std::collections::BTreeMap;

use raft_core::{Event, RoleName, ServerId, Time};
use raft_sim::{Happening, Label, Record, World};
use serde::Serialize;
use serde_json::Value;

/// A run as rows.
#[derive(Debug)]
pub(super) struct Diagram {
    /// How many servers there are at the end; they are numbered from 1.
    pub(super) servers: u32,
    /// What each was at the first row.
    pub(super) standing: Vec<Standing>,
    pub(super) rows: Vec<Row>,
}

/// What a server is, as far as a picture shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    NotThere,
    Crashed,
    Is(RoleName),
}

#[derive(PartialEq, Eq, Debug)]
pub(super) struct Row {
    pub(super) at: Time,
    pub(super) what: What,
}

impl Row {
    /// Whether it is an append or an answer to one, of which most only say that the leader is alive.
    fn may_say_nothing(&self) -> bool {
        matches!(&self.what, What::Message { label, end: End::Arrived, .. } if label.name.starts_with("AppendEntries"))
    }
}

#[derive(PartialEq, Eq, Debug)]
pub(super) enum What {
    /// A message came to the end of its way.
    Message { label: Label, sent_at: Option<Time>, end: End },
    /// Something happened at a server. `now` is what it is since then, when that changed.
    At { server: ServerId, now: Option<Standing>, text: String },
    /// Something happened that is no one server's.
    Around { text: String },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    Arrived,
    /// Lost by chance, or because nobody was there.
    Lost,
    /// A wall or a cut stopped it.
    Blocked,
}

impl Diagram {
    /// Lives a world from its beginning and draws what happens from one moment to another, both included. Without `all`,
    /// decisions that change nothing are left out.
    pub(super) fn of(world: &mut World, from_us: u64, until_us: u64, all: bool) -> Self {
        let mut sent_at = BTreeMap::new();
        let mut standing = vec![Standing::Is(RoleName::Follower); world.servers().len()];
        let mut first_standing = None;
        let (mut rows, mut seen) = (Vec::new(), 0);
        loop {
            // A heartbeat that arrives: it is drawn if something comes of it.
            let mut waits = None;
            for record in world.events_since(seen) {
                if record.at.0 >= from_us {
                    first_standing.get_or_insert_with(|| standing.clone());
                }
                let drawn = what(record, all, &mut sent_at, &mut standing).map(|what| Row { at: record.at, what });
                let is_drawn = drawn.is_some();
                if drawn.as_ref().is_some_and(|row| !all && row.may_say_nothing()) {
                    waits = drawn;
                    continue;
                }
                if is_drawn || matches!(&record.happening, Happening::Decision { event, .. } if tells_something(event))
                {
                    rows.extend(waits.take());
                }
                rows.extend(drawn);
            }
            rows.retain(|row| row.at.0 >= from_us);
            seen = world.event_count();
            let goes_on = world.next_event_at().is_some_and(|next| next.0 <= until_us);
            if !goes_on || !world.step_event() {
                break;
            }
        }
        let servers = world.servers().len();
        let mut first_standing = first_standing.unwrap_or(standing);
        first_standing.resize(servers, Standing::NotThere);
        Self { servers: servers as u32, standing: first_standing, rows }
    }
}

/// What a record is in a picture, if anything.
fn what(record: &Record, all: bool, sent_at: &mut BTreeMap<u64, Time>, standing: &mut Vec<Standing>) -> Option<What> {
    let mut ends = |label: Label, end| Some(What::Message { label, sent_at: sent_at.remove(&label.message), end });
    match &record.happening {
        Happening::Sent { label } | Happening::Duplicated { label, .. } => {
            sent_at.insert(label.message, record.at);
            None
        }
        &Happening::Delivered { label } => ends(label, End::Arrived),
        &Happening::Lost { label, .. } => ends(label, End::Lost),
        &Happening::Blocked { label, .. } => ends(label, End::Blocked),
        Happening::Decision { server, event, section } => {
            let now = role_after(event).map(Standing::Is);
            become_(standing, *server, now);
            let is_drawn = all || now.is_some() || changes_something(event);
            is_drawn.then(|| at(*server, now, format!("{} ({section})", words(event))))
        }
        &Happening::Crashed { server, .. } => {
            become_(standing, server, Some(Standing::Crashed));
            Some(at(server, Some(Standing::Crashed), "crashed".into()))
        }
        &Happening::Restarted { server } => {
            let now = Some(Standing::Is(RoleName::Follower));
            become_(standing, server, now);
            Some(at(server, now, "restarted".into()))
        }
        &Happening::ServerAppeared { server } => {
            let now = Standing::Is(RoleName::Follower);
            standing.resize(server.0 as usize, now);
            Some(at(server, Some(now), "appeared".into()))
        }
        Happening::Refused { server, from, why } => Some(at(*server, None, format!("refuses {from}'s message: {why}"))),
        Happening::InputApplied { input } => Some(What::Around { text: format!("input: {}", words(input)) }),
        Happening::Violated { property } => Some(What::Around { text: format!("{property} is violated") }),
        other if all => Some(What::Around { text: words(other) }),
        _ => None,
    }
}

fn at(server: ServerId, now: Option<Standing>, text: String) -> What {
    What::At { server, now, text }
}

fn become_(standing: &mut [Standing], server: ServerId, now: Option<Standing>) {
    if let (Some(now), Some(place)) = (now, standing.get_mut(server.0 as usize - 1)) {
        *place = now;
    }
}

/// What a server is after a decision that changes it.
const fn role_after(event: &Event) -> Option<RoleName> {
    match event {
        Event::BecameLeader { .. } => Some(RoleName::Leader),
        Event::BecameCandidate { .. } => Some(RoleName::Candidate),
        Event::BecamePreCandidate { .. } => Some(RoleName::PreCandidate),
        Event::BecameFollower { .. } => Some(RoleName::Follower),
        _ => None,
    }
}

/// Whether a decision changes what the cluster knows: timers, repeated answers and questions do not.
const fn changes_something(event: &Event) -> bool {
    !matches!(
        event,
        Event::TimerReset { .. }
            | Event::QuorumHeard { .. }
            | Event::ReplyIgnored { .. }
            | Event::AppendAccepted { appended: 0, .. }
            | Event::FollowerMatches { .. }
            | Event::ReadConfirmed { .. }
            | Event::ReadWaits { .. }
            | Event::SnapshotPartTaken { .. }
    )
}

/// Whether a server has learned something, although that alone is not drawn.
const fn tells_something(event: &Event) -> bool {
    changes_something(event) || matches!(event, Event::FollowerMatches { .. })
}

/// A value as its kind and its fields: `vote_granted again=false candidate=1`.
fn words(value: &impl Serialize) -> String {
    let Ok(Value::Object(fields)) = serde_json::to_value(value) else { return String::new() };
    let mut text = fields.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    for (name, value) in fields.iter().filter(|(name, _)| *name != "kind") {
        text += &format!(" {name}={}", short(value));
    }
    text
}

/// A value in few characters: an entry as `index/term`, votes as `have/needed`.
fn short(value: &Value) -> String {
    let Value::Object(fields) = value else { return value.to_string() };
    let pair = |first: &str, second: &str| Some(format!("{}/{}", fields.get(first)?, fields.get(second)?));
    let two = pair("index", "term").or_else(|| pair("have", "needed")).filter(|_| fields.len() == 2);
    two.unwrap_or_else(|| {
        let each = fields.iter().map(|(name, value)| format!("{name}:{}", short(value)));
        format!("{{{}}}", each.collect::<Vec<_>>().join(" "))
    })
}
