//! The servers of an initial state together: what is left out of one is found in the others, and what cannot be side by side
//! is refused. `begin.rs` lists what that is.

use raft_core::{
    AppendOutcome, Body, Configuration, Durable, Entries, EntryId, Index, Log, Message, Payload, Round, ServerId,
    StandingRole, Term, Time, at_least_as_up_to_date,
};

use crate::begin::{Beginning, Outcome, Plain, known};
use crate::initial::{InitialKind, InitialMessage, InitialRole};
use crate::network::at;
use crate::plain::{not, within};
use crate::scenario::{MINUTE_US, ScenarioError};

/// All servers together, by their ids.
pub(crate) struct State<'a> {
    /// Who counts where logs begin.
    pub(crate) first: &'a Configuration,
    /// What is written of each.
    pub(crate) plain: &'a [Plain],
    /// What it comes to.
    pub(crate) servers: Vec<Beginning>,
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

    pub(crate) fn with_votes(mut self, servers: u32) -> Outcome<Self> {
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

    pub(crate) fn with_standing(mut self, servers: u32) -> Outcome<Self> {
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
    pub(crate) fn check_terms(&self) -> Outcome {
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
    pub(crate) fn check_committed(&self) -> Outcome {
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
    pub(crate) fn message(&self, plain: &InitialMessage, servers: u32, delay_us: u64) -> Outcome<(Message, Time)> {
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
