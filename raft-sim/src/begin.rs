//! What the plain data of an initial state comes to: each server's disk and standing, and the messages on their way. What
//! correct servers could not have come to is refused, as rules that are kept would seem broken later.
//!
//! Refused are states in which
//! - a server is not in order by itself: its terms fall, its commit index is behind its log, it leads without its own vote;
//! - logs do not match (P Fig. 3), or snapshots stand for another log than the committed one;
//! - a term has two leaders, or one that a majority has not voted for, or entries that its leader does not have; a term
//!   stands in a log in which it could still be led by another;
//! - a server could be elected that lacks what is said to be committed;
//! - a message says what its sender could not have said.

use std::sync::Arc;

use raft_core::{
    Configuration, Durable, Entry, EntryId, Index, InvalidConfiguration, Log, Message, ServerId, Snapshot, Standing,
    Term, Time,
};

use crate::initial::{Initial, InitialEntry, InitialMembers, InitialRun, InitialServer, InitialSnapshot};
use crate::input::check_text;
use crate::network::at;
use crate::plain::{not, within};
use crate::scenario::{Scenario, ScenarioError};
use crate::store::{Operation, Store};
use crate::together::State;

/// The most entries of a log.
pub(crate) const LOG_MAX: u64 = 1_000;
/// The furthest that a snapshot reaches.
pub(crate) const SNAPSHOT_MAX: u64 = 10_000;
/// The most messages on their way.
pub(crate) const MESSAGES_MAX: usize = 1_000;

/// A server as it begins.
#[derive(Clone, Debug)]
pub(crate) struct Beginning {
    pub(crate) id: ServerId,
    /// What its log begins with.
    pub(crate) first: Configuration,
    pub(crate) durable: Durable,
    pub(crate) standing: Standing,
    pub(crate) down: bool,
    /// Where it stands among the servers that are written down: the name of its fields.
    pub(crate) place: Option<usize>,
}

impl Beginning {
    /// What errors call it.
    pub(crate) fn field(&self) -> String {
        match self.place {
            Some(place) => format!("initial.servers[{place}]"),
            None => format!("initial ({})", self.id),
        }
    }
}

/// A world as it begins.
pub(crate) struct Begun {
    pub(crate) first: Configuration,
    pub(crate) servers: Vec<Beginning>,
    pub(crate) messages: Vec<(Message, Time)>,
}

/// What is written of a server, and where.
pub(crate) type Plain = (Option<usize>, InitialServer);

/// What may be refused at its field.
pub(crate) type Outcome<T = ()> = Result<T, ScenarioError>;

impl Scenario {
    /// What the scenario begins with. Everything else in it has been checked.
    pub(crate) fn begin(&self) -> Outcome<Begun> {
        let all = || (1..=self.servers).map(ServerId);
        let of_all = Configuration::of_voters(all());
        let first = of_all.map_err(|invalid| not("servers", self.servers, &invalid.to_string()))?;
        let Some(initial) = &self.initial else {
            let fresh = |id| Beginning {
                id,
                first: first.clone(),
                durable: Durable::default(),
                standing: Standing::default(),
                down: false,
                place: None,
            };
            return Ok(Begun { servers: all().map(fresh).collect(), first, messages: Vec::new() });
        };
        let first = match &initial.configuration {
            Some(members) => members_of("initial.configuration", members, self.servers)?,
            None => first,
        };
        let plain = in_order_of_ids(initial, self.servers)?;
        let mut servers = Vec::with_capacity(plain.len());
        for (id, (place, plain)) in all().zip(&plain) {
            servers.push(on_disk(id, *place, plain, &first, self.servers)?);
        }
        let terms = plain.iter().filter_map(|(_, plain)| plain.term).map(Term);
        let highest =
            terms.chain(servers.iter().map(|server| server.durable.log.last().term)).max().unwrap_or_default();
        for (server, (_, plain)) in servers.iter_mut().zip(&plain) {
            server.durable.current_term = plain.term.map_or(highest, Term);
        }
        let state = State { first: &first, plain: &plain, servers };
        let state = state.with_votes(self.servers)?.with_standing(self.servers)?;
        state.check_terms()?;
        state.check_committed()?;
        if initial.messages.len() > MESSAGES_MAX {
            let found = format!("a list of {}", initial.messages.len());
            return Err(not("initial.messages", found, &format!("at most {MESSAGES_MAX}")));
        }
        let messages = initial.messages.iter().enumerate();
        let messages = messages.map(|(at, message)| {
            state
                .message(message, self.servers, self.options.delay_us_min)
                .map_err(|wrong| wrong.within(&format!("initial.messages[{at}]")))
        });
        let messages = messages.collect::<Outcome<_>>()?;
        Ok(Begun { messages, servers: state.servers, first })
    }
}

/// What is written of each server, and where; nothing of those that are not named.
fn in_order_of_ids(initial: &Initial, servers: u32) -> Outcome<Vec<Plain>> {
    let unnamed = (1..=servers).map(|id| (None, InitialServer { server: ServerId(id), ..InitialServer::default() }));
    let mut plain: Vec<_> = unnamed.collect();
    for (place, server) in initial.servers.iter().enumerate() {
        let field = format!("initial.servers[{place}].server");
        known(&field, server.server, servers)?;
        let slot = &mut plain[at(server.server)];
        if slot.0.is_some() {
            return Err(not(&field, format!("{} again", server.server), "each server once"));
        }
        *slot = (Some(place), server.clone());
    }
    Ok(plain)
}

pub(crate) fn known(field: &str, server: ServerId, servers: u32) -> Outcome {
    within(field, server.0.into(), 1, servers.into())
}

fn members_of(field: &str, members: &InitialMembers, servers: u32) -> Outcome<Configuration> {
    let InitialMembers { voters, old, learners } = members;
    for (name, list) in [("voters", voters), ("old", old), ("learners", learners)] {
        for (at, &server) in list.iter().enumerate() {
            known(&format!("{field}.{name}[{at}]"), server, servers)?;
        }
    }
    let invalid =
        |invalid: InvalidConfiguration| not(field, format!("impossible ({invalid})"), "members who can decide");
    let new = Configuration::new(voters.iter().copied(), learners.iter().copied()).map_err(invalid)?;
    if old.is_empty() {
        return Ok(new);
    }
    Ok(Configuration::joint(&Configuration::of_voters(old.iter().copied()).map_err(invalid)?, &new, false))
}

/// A server's snapshot and log. Its term and its vote depend on the others' logs.
fn on_disk(
    id: ServerId,
    place: Option<usize>,
    plain: &InitialServer,
    first: &Configuration,
    servers: u32,
) -> Outcome<Beginning> {
    let field = |name: &str| format!("initial.servers[{}].{name}", place.unwrap_or_default());
    let mut durable = Durable::default();
    if let Some(snapshot) = &plain.snapshot {
        let read = snapshot_of(&field("snapshot"), snapshot, first, servers)?;
        durable.log = Log::after(read.last_included);
        durable.snapshot = Some(read);
    }
    put_behind(&field("log"), &plain.log, &mut durable.log, servers)?;
    let standing = Standing { commit_index: durable.log.base().index, ..Standing::default() };
    let first = if first.is_member(id) { first.clone() } else { Configuration::unknown() };
    Ok(Beginning { id, first, durable, standing, down: plain.down, place })
}

/// Puts entries behind a log's end, at most [`LOG_MAX`].
pub(crate) fn put_behind(field: &str, runs: &[InitialRun], log: &mut Log, servers: u32) -> Outcome {
    let mut count = 0;
    for (at, run) in runs.iter().enumerate() {
        let place = format!("{field}[{at}]");
        let after = log.last().term;
        if run.term < after.0.max(1) || run.term > Term::LIMIT.0 {
            let expected = format!("a term from {} on: terms never fall", after.0.max(1));
            return Err(not(&place, run.term, &expected));
        }
        for (at, entry) in run.entries.iter().enumerate() {
            let place = format!("{place}[{}]", at + 1);
            let (times, entry) = match entry {
                InitialEntry::Nothing(times) => (u64::from(*times), Entry::noop(Term(run.term))),
                InitialEntry::Value(value) => {
                    check_text(&place, value)?;
                    let operation = Operation { client: 0, sequence: 0, text: value };
                    (1, Entry::command(Term(run.term), operation.encode()))
                }
                InitialEntry::Members(members) => {
                    (1, Entry::configuration(Term(run.term), members_of(&place, members, servers)?))
                }
            };
            within(&place, times, 1, LOG_MAX)?;
            count += times;
            if count > LOG_MAX {
                return Err(not(field, "a longer one", &format!("at most {LOG_MAX} entries")));
            }
            log.extend((0..times).map(|_| entry.clone()));
        }
    }
    Ok(())
}

fn snapshot_of(field: &str, plain: &InitialSnapshot, first: &Configuration, servers: u32) -> Outcome<Snapshot> {
    let &InitialSnapshot { last_included_index, last_included_term, ref configuration, ref values } = plain;
    within(&format!("{field}.last_included_index"), last_included_index, 1, SNAPSHOT_MAX)?;
    within(&format!("{field}.last_included_term"), last_included_term, 1, Term::LIMIT.0)?;
    let mut store = Store::default();
    for (at, value) in values.iter().enumerate() {
        check_text(&format!("{field}.values[{at}]"), value)?;
        let operation = Operation { client: 0, sequence: 0, text: value };
        store.apply(&Entry::command(Term(1), operation.encode()).payload, true);
    }
    let configuration = match configuration {
        Some(members) => members_of(&format!("{field}.configuration"), members, servers)?,
        None => first.clone(),
    };
    let last_included = EntryId { index: Index(last_included_index), term: Term(last_included_term) };
    Ok(Snapshot { last_included, configuration: Arc::new(configuration), data: store.snapshot().into() })
}
