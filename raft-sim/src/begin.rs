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
    AppendOutcome, Body, Configuration, Durable, Entries, Entry, EntryId, Index, InvalidConfiguration, Log, Message,
    Payload, Round, ServerId, Snapshot, Standing, StandingRole, Term, Time, at_least_as_up_to_date,
};

use crate::initial::{
    Initial, InitialEntry, InitialKind, InitialMembers, InitialMessage, InitialRole, InitialServer, InitialSnapshot,
};
use crate::input::check_text;
use crate::network::at;
use crate::scenario::{MINUTE_US, Scenario, ScenarioError, not, within};
use crate::store::{Operation, Store};

/// The most entries of a log.
const LOG_MAX: u64 = 1_000;
/// The furthest that a snapshot reaches.
const SNAPSHOT_MAX: u64 = 10_000;
/// The most messages on their way.
const MESSAGES_MAX: usize = 1_000;

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
    place: Option<usize>,
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
type Plain = (Option<usize>, InitialServer);

type Outcome<T = ()> = Result<T, ScenarioError>;

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
                .map_err(|error| ScenarioError { field: format!("initial.messages[{at}].{}", error.field), ..error })
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

fn known(field: &str, server: ServerId, servers: u32) -> Outcome {
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
    let first = if first.is_member(id) { first.clone() } else { Configuration::unknown() };
    let mut durable = Durable::default();
    if let Some(snapshot) = &plain.snapshot {
        let read = snapshot_of(&field("snapshot"), snapshot, &first, servers)?;
        durable.log = Log::after(read.last_included);
        durable.snapshot = Some(read);
    }
    let mut count = 0;
    for (at, run) in plain.log.iter().enumerate() {
        let place = field(&format!("log[{at}]"));
        let after = durable.log.last().term;
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
                return Err(not(&field("log"), "a longer one", &format!("at most {LOG_MAX} entries")));
            }
            durable.log.extend((0..times).map(|_| entry.clone()));
        }
    }
    let standing = Standing { commit_index: durable.log.base().index, ..Standing::default() };
    Ok(Beginning { id, first, durable, standing, down: plain.down, place })
}

fn snapshot_of(field: &str, plain: &InitialSnapshot, first: &Configuration, servers: u32) -> Outcome<Snapshot> {
    let &InitialSnapshot { last_included_index, last_included_term, ref configuration, ref values } = plain;
    within(&format!("{field}.last_included_index"), last_included_index, 1, SNAPSHOT_MAX)?;
    within(&format!("{field}.last_included_term"), last_included_term, 1, Term::LIMIT.0)?;
    let mut store = Store::default();
    for (at, value) in values.iter().enumerate() {
        check_text(&format!("{field}.values[{at}]"), value)?;
        let operation = Operation { client: 0, sequence: 0, text: value };
        store.apply(&Entry::command(Term(1), operation.encode()).payload);
    }
    let configuration = match configuration {
        Some(members) => members_of(&format!("{field}.configuration"), members, servers)?,
        None => first.clone(),
    };
    let last_included = EntryId { index: Index(last_included_index), term: Term(last_included_term) };
    Ok(Snapshot { last_included, configuration: Arc::new(configuration), data: store.snapshot().into() })
}

/// All servers together, by their ids.
struct State<'a> {
    /// Who counts where logs begin.
    first: &'a Configuration,
    plain: &'a [Plain],
    servers: Vec<Beginning>,
}

impl State<'_> {
    /// An error in a field of a server, or in the server as a whole if it is not written down.
    fn error(&self, server: usize, name: &str, found: impl std::fmt::Display, expected: &str) -> ScenarioError {
        not(&format!("{}.{name}", self.servers[server].field()), found, expected)
    }

    fn role(&self, server: usize) -> InitialRole {
        self.plain[server].1.role
    }

    fn term(&self, server: usize) -> Term {
        self.servers[server].durable.current_term
    }

    fn log(&self, server: usize) -> &Log {
        &self.servers[server].durable.log
    }

    /// The server that leads a term now.
    fn leader_of(&self, term: Term) -> Option<usize> {
        (0..self.servers.len()).find(|&server| self.role(server) == InitialRole::Leader && self.term(server) == term)
    }

    /// The server that leads a term now, or must have led it: who has most of its entries.
    fn led_by(&self, term: Term) -> Option<usize> {
        let furthest = |server: &usize| self.log(*server).last_index_of_term_up_to(term);
        let has_some = |&server: &usize| self.log(server).term_at(furthest(&server)) == Some(term);
        // The first of those that have as many.
        let holders = (0..self.servers.len()).rev().filter(has_some);
        self.leader_of(term).or_else(|| holders.max_by_key(furthest))
    }

    /// The last entry of a log before those of a term.
    fn last_before(&self, server: usize, term: Term) -> EntryId {
        let index = self.log(server).last_index_of_term_up_to(term.previous());
        EntryId { index, term: self.log(server).term_at(index).unwrap_or_default() }
    }

    fn with_votes(mut self, servers: u32) -> Outcome<Self> {
        for server in 0..self.servers.len() {
            let plain = &self.plain[server].1;
            let (id, term, role) = (plain.server, self.term(server), plain.role);
            let voted_for = match plain.voted_for {
                Some(ServerId(0)) => None,
                Some(other) if other.0 > servers => {
                    return Err(self.error(server, "voted_for", other.0, &format!("1 to {servers}, or 0 for nobody")));
                }
                Some(other) => Some(other),
                None if term == Term::ZERO => None,
                None if role != InitialRole::Follower => Some(id),
                None => {
                    let asks = |other: &usize| {
                        let (_, plain) = &self.plain[*other];
                        plain.role == InitialRole::Candidate && self.term(*other) == term && plain.votes.contains(&id)
                    };
                    let given = (0..self.servers.len()).find(asks);
                    let had_the_log = |other: &usize| {
                        at_least_as_up_to_date(self.last_before(*other, term), self.last_before(server, term))
                    };
                    given.or_else(|| self.led_by(term).filter(had_the_log)).map(|other| self.servers[other].id)
                }
            };
            self.servers[server].durable.voted_for = voted_for;
        }
        Ok(self)
    }

    fn with_standing(mut self, servers: u32) -> Outcome<Self> {
        for server in 0..self.servers.len() {
            let (_, plain) = &self.plain[server];
            let (role, term) = (plain.role, self.term(server));
            if plain.down && role != InitialRole::Follower {
                return Err(self.error(server, "role", "given", "none of a server that is down"));
            }
            if role != InitialRole::Follower && term == Term::ZERO {
                return Err(self.error(server, "role", "given", "none in term 0"));
            }
            if role != InitialRole::Follower && plain.leader.is_some() {
                return Err(self.error(server, "leader", "given", "one of a follower only"));
            }
            if role != InitialRole::Candidate && !plain.votes.is_empty() {
                return Err(self.error(server, "votes", "given", "those of a candidate only"));
            }
            let now_leads = self.leader_of(term);
            let role = match role {
                InitialRole::Leader => {
                    if now_leads != Some(server) {
                        return Err(self.error(server, "role", "leader", &format!("no second leader of term {term}")));
                    }
                    StandingRole::Leader
                }
                InitialRole::Candidate => {
                    let id = plain.server;
                    let has_not =
                        |from: ServerId| from.0 == 0 || from.0 > servers || !self.has_voted(at(from), term, id);
                    if let Some((place, from)) = plain.votes.iter().enumerate().find(|&(_, &from)| has_not(from)) {
                        let expected = format!("a server that has voted for {id} in term {term}");
                        return Err(self.error(server, &format!("votes[{place}]"), from.0, &expected));
                    }
                    StandingRole::Candidate { votes: plain.votes.clone() }
                }
                InitialRole::Follower => {
                    let leads = now_leads.map(|leader| self.servers[leader].id);
                    let leader = match plain.leader {
                        Some(ServerId(0)) => None,
                        Some(other) if other.0 > servers || leads.is_some_and(|leads| leads != other) => {
                            let expected = leads.map_or_else(|| format!("1 to {servers}"), |leads| leads.0.to_string());
                            return Err(self.error(server, "leader", other.0, &format!("{expected}, or 0 for nobody")));
                        }
                        Some(other) => Some(other),
                        None => leads.filter(|_| !plain.down),
                    };
                    StandingRole::Follower { leader }
                }
            };
            let standing = &mut self.servers[server].standing;
            standing.role = role;
            if let Some(commit_index) = plain.commit_index {
                let (base, last) = (self.log(server).base().index, self.log(server).last_index());
                if commit_index < base.0 || commit_index > last.0 {
                    return Err(self.error(server, "commit_index", commit_index, &format!("{base} to {last}")));
                }
                self.servers[server].standing.commit_index = Index(commit_index);
            }
        }
        Ok(self)
    }

    /// Whether a server may have voted for another in a term.
    fn has_voted(&self, server: usize, term: Term, candidate: ServerId) -> bool {
        let Durable { current_term, voted_for, .. } = self.servers[server].durable;
        current_term > term || (current_term == term && voted_for == Some(candidate))
    }

    /// Who counts by a server's log before an index.
    fn configuration_before(&self, server: usize, index: Index) -> Configuration {
        let Beginning { durable, .. } = &self.servers[server];
        let base = durable.snapshot.as_ref().map_or(self.first, |snapshot| &*snapshot.configuration);
        let before = durable.log.iter_from(Index::ZERO).take_while(|(at, ..)| *at < index);
        let stands = before.filter_map(|(_, _, payload)| match payload {
            Payload::Configuration(configuration) => Some(&**configuration),
            _ => None,
        });
        stands.last().unwrap_or(base).clone()
    }

    /// Who counted by a server's log when it stood for a term.
    fn voters_of(&self, server: usize, term: Term) -> Configuration {
        self.configuration_before(server, self.last_before(server, term).index.next())
    }

    /// Whether a majority may have voted for a server in a term.
    fn has_won(&self, candidate: ServerId, term: Term, voters: &Configuration) -> bool {
        voters.tally(|voter| self.has_voted(at(voter), term, candidate)).reached()
    }

    /// A term that someone leads, or that stands in a log, was given by a majority, and to one server.
    fn check_terms(&self) -> Outcome {
        for server in 0..self.servers.len() {
            let mut first = self.log(server).first_index();
            if self.role(server) == InitialRole::Leader {
                let (term, id) = (self.term(server), self.servers[server].id);
                if !self.has_won(id, term, &self.voters_of(server, term)) {
                    let expected = format!("a majority that has voted for it in term {term} or is in a later one");
                    return Err(self.error(server, "role", "leader", &expected));
                }
            }
            while let Some(term) = self.log(server).term_at(first).filter(|_| first <= self.log(server).last_index()) {
                self.check_term_in_log(server, term)?;
                first = self.log(server).last_index_of_term_up_to(term).next();
            }
        }
        Ok(())
    }

    /// A server's log has entries of a term.
    fn check_term_in_log(&self, server: usize, term: Term) -> Outcome {
        if term > self.term(server) {
            return Err(self.error(server, "term", self.term(server), &format!("{term} or more, as in its log")));
        }
        let furthest = |server: usize| self.log(server).last_index_of_term_up_to(term);
        if let Some(leader) = self.leader_of(term) {
            if furthest(server) > furthest(leader) {
                let found = format!("one with entry {} of term {term}", furthest(server));
                let expected = format!("no more of that term than {}, which leads it, has", self.servers[leader].id);
                return Err(self.error(server, "log", found, &expected));
            }
            // Its votes are looked at where it stands.
            return Ok(());
        }
        let voters = self.voters_of(server, term);
        if !self.servers.iter().any(|candidate| self.has_won(candidate.id, term, &voters)) {
            let expected = format!("a majority that has voted for one server in term {term}, or is in a later one");
            return Err(self.error(server, "log", format!("one with term {term}"), &expected));
        }
        Ok(())
    }

    /// The last entry that a server knows to be committed.
    fn committed(&self, server: usize) -> EntryId {
        let index = self.servers[server].standing.commit_index;
        EntryId { index, term: self.log(server).term_at(index).unwrap_or_default() }
    }

    /// All know the same log to be committed, and whoever can be elected has it (P§5.4.3).
    fn check_committed(&self) -> Outcome {
        let Some(claims) = (0..self.servers.len()).max_by_key(|&server| self.committed(server).index) else {
            return Ok(());
        };
        let committed = self.committed(claims);
        let index = committed.index;
        for server in 0..self.servers.len() {
            let claim = self.committed(server);
            let other = self.log(claims).term_at(claim.index);
            if claim.term > committed.term || other.is_some_and(|other| other != claim.term) {
                let knows = self.servers[claims].id;
                let expected = format!(
                    "what agrees with entry {index} of term {}, which {knows} knows to be committed",
                    committed.term
                );
                let found = format!("{}, of term {}", claim.index, claim.term);
                return Err(self.error(server, "commit_index", found, &expected));
            }
        }
        for server in 0..self.servers.len() {
            let log = self.log(server);
            if log.has(committed) || log.base().index >= index {
                continue;
            }
            let voters = self.configuration_before(server, log.last_index().next());
            let votes: &[ServerId] = match &self.servers[server].standing.role {
                StandingRole::Candidate { votes } => votes,
                _ => &[],
            };
            let would = |voter: ServerId| {
                votes.contains(&voter) || at_least_as_up_to_date(log.last(), self.log(at(voter)).last())
            };
            if voters.tally(would).reached() {
                let expected = format!(
                    "what every server has that could be elected; {} could, without it",
                    self.servers[server].id
                );
                return Err(self.error(claims, "commit_index", index, &expected));
            }
        }
        Ok(())
    }

    /// A message on its way, and when it arrives. Errors name the field alone.
    fn message(&self, plain: &InitialMessage, servers: u32, delay_us: u64) -> Outcome<(Message, Time)> {
        let &InitialMessage { from, to, kind, refused, prev_log_index, entries, match_index, .. } = plain;
        known("from", from, servers)?;
        known("to", to, servers)?;
        if from == to {
            return Err(not("to", to.0, "another server than from"));
        }
        let only = |field: &str, given: bool, of: InitialKind, name: &str| {
            if given && kind != of { Err(not(field, "given", &format!("one of {name} only"))) } else { Ok(()) }
        };
        only("refused", refused, InitialKind::RequestVoteReply, "request_vote_reply")?;
        only("prev_log_index", prev_log_index.is_some(), InitialKind::AppendEntries, "append_entries")?;
        only("entries", entries > 0, InitialKind::AppendEntries, "append_entries")?;
        only("match_index", match_index.is_some(), InitialKind::AppendEntriesReply, "append_entries_reply")?;
        let arrives_us = plain.arrives_us.unwrap_or(delay_us);
        within("arrives_us", arrives_us, 1, MINUTE_US)?;
        let sender = &self.servers[at(from)];
        let log = &sender.durable.log;
        let now = sender.durable.current_term;
        let term = plain.term.map_or(now, Term);
        within("term", term.0, 1, now.0)?;
        let stood = match kind {
            InitialKind::RequestVote => self.has_voted(at(from), term, from),
            InitialKind::AppendEntries | InitialKind::TimeoutNow => match self.leader_of(term) {
                Some(leader) => leader == at(from),
                None => self.has_won(from, term, &self.voters_of(at(from), term)),
            },
            InitialKind::RequestVoteReply | InitialKind::AppendEntriesReply => true,
        };
        if !stood {
            return Err(not(
                "from",
                from.0,
                &format!("a server that has asked for votes or led in term {term}, as it does"),
            ));
        }
        let body = match kind {
            InitialKind::RequestVote => {
                let last = self.last_before(at(from), term);
                Body::RequestVote { leadership_transfer: false, last_log_index: last.index, last_log_term: last.term }
            }
            InitialKind::RequestVoteReply => {
                if !refused && !self.has_voted(at(from), term, to) {
                    return Err(not("refused", false, &format!("true: {from} has not voted for {to} in term {term}")));
                }
                Body::RequestVoteReply { vote_granted: !refused }
            }
            InitialKind::AppendEntries => {
                // What it had then: a server that has seen later terms may have more by now.
                let upto = log.last_index_of_term_up_to(term);
                let prev = prev_log_index.map_or(upto, Index);
                within("prev_log_index", prev.0, log.base().index.0, upto.0)?;
                within("entries", entries, 0, upto.since(prev))?;
                let prev_log_term = log.term_at(prev).unwrap_or_default();
                let run = log.between(prev.next(), prev.plus(entries)).map(|(_, run)| run).next();
                let carried = run.unwrap_or(Entries::NONE);
                if (carried.len() as u64) < entries {
                    return Err(not("entries", entries, &format!("at most {}, which are of one term", carried.len())));
                }
                Body::AppendEntries {
                    prev_log_index: prev,
                    prev_log_term,
                    entries: carried,
                    leader_commit: sender.standing.commit_index,
                    round: Round::ZERO,
                }
            }
            InitialKind::AppendEntriesReply => {
                let leaders = self.log(at(to));
                let agree = (0..=log.last_index().0.min(leaders.last_index().0)).rev().map(Index);
                let agree = agree
                    .into_iter()
                    .find(|&index| log.term_at(index).is_some() && log.term_at(index) == leaders.term_at(index));
                let agree = agree.unwrap_or_default();
                let match_index = match_index.map_or(agree, Index);
                within("match_index", match_index.0, 0, agree.0)?;
                Body::AppendEntriesReply { outcome: AppendOutcome::Success { match_index }, round: Round::ZERO }
            }
            InitialKind::TimeoutNow => Body::TimeoutNow,
        };
        Ok((Message { from, to, term, body }, Time(arrives_us)))
    }
}
