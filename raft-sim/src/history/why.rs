//! Why something happened: the records without which it would not have, as far as they explain it.

use raft_core::{CommitReason, Event, Index, ServerId, StepDown, Term, VoteRefusal};
use serde::Serialize;

use super::History;
use crate::happening::{Happening, Record};
use crate::world::World;

/// A record of an explanation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Reason {
    /// What happened, with the values that were compared.
    pub record: Record,
    /// The place, in the explanation, of what this helped bring about; what was asked about has none.
    pub explains: Option<usize>,
    /// Whether it is the last that was missing: the main line. The others had come before and were needed too, as the votes
    /// before the last one are.
    pub main: bool,
}

/// So many records before the one that is asked about are looked through.
const LOOKED_THROUGH: u64 = 10_000;

/// So many records an explanation has at most.
const REASONS_MAX: usize = 200;

impl History {
    /// Why a record of this branch happened: itself first, then what brought it about, each with the place of what it
    /// explains. An explanation ends where one need not ask on: an election's at what last set the timer that ran out, a
    /// commit's at the proposal, and anything at what was done from outside. None when no such record was lived up to now.
    #[must_use]
    pub fn why(&self, number: u64) -> Option<Vec<Reason>> {
        self.why_entry(number, Index::ZERO)
    }

    /// Why a server leads, or did last: its latest election won, up to now.
    #[must_use]
    pub fn why_leader(&self, server: ServerId) -> Option<Vec<Reason>> {
        let won = |record: &Record| of(record, server).is_some_and(|event| matches!(event, Event::BecameLeader { .. }));
        let (_, number) = self.find_back(&World::leader_changes, &won, true)?;
        self.why(number)
    }

    /// Why an entry is committed: how a leader first counted a quorum for it, up to now.
    #[must_use]
    pub fn why_committed(&self, index: Index) -> Option<Vec<Reason>> {
        let commits = |record: &Record| {
            matches!(&record.happening, Happening::Decision {
                event: Event::Committed { from, to, reason: CommitReason::QuorumHolds { .. } }, ..
            } if *from < index && index <= *to)
        };
        // What was ever committed does not become less, so the first time is where this becomes true.
        let is = |world: &World| u64::from(world.committed() >= index);
        if index == Index::ZERO || is(&self.world) == 0 {
            return None;
        }
        let (_, number) = self.find_back(&is, &commits, true)?;
        self.why_entry(number, index)
    }

    /// The same of one of the entries that an event is about: whichever append it came with, what is followed is where the entry
    /// came from.
    #[must_use]
    pub fn why_entry(&self, number: u64, index: Index) -> Option<Vec<Reason>> {
        if number == 0 || number > self.world.event_count() {
            return None;
        }
        let from = number.saturating_sub(LOOKED_THROUGH);
        let lived_again;
        let world = if self.world.forgotten() <= from {
            &self.world
        } else {
            lived_again = self.lived_up_to_record(number, from);
            &lived_again
        };
        let records = world.events_since(from).take_while(|record| record.number <= number).collect();
        let mut search = Search { records, index, reasons: Vec::new(), open: Vec::new(), entry: None };
        search.add(Some(number), None, true);
        loop {
            while let Some(at) = search.open.pop() {
                let before = search.open.len();
                search.explain(at);
                // The main line goes on first, so that what two lines share stands in it.
                let main = |&at: &usize| search.reasons[at].main;
                if let Some(main) = search.open[before..].iter().position(main) {
                    let last = search.open.len() - 1;
                    search.open.swap(before + main, last);
                }
            }
            let Some((entry, committed)) = search.entry.take() else { break };
            search.add(Some(entry), Some(committed), false);
        }
        Some(search.reasons)
    }
}

/// What a server decided, if that is what the record says.
fn of(record: &Record, by: ServerId) -> Option<&Event> {
    match &record.happening {
        Happening::Decision { server, event, .. } if *server == by => Some(event),
        _ => None,
    }
}

struct Search<'a> {
    /// Without gaps, up to what was asked about.
    records: Vec<&'a Record>,
    /// The entry whose commit is explained, if one is.
    index: Index,
    reasons: Vec<Reason>,
    /// The places of those that are not explained yet.
    open: Vec<usize>,
    /// What wrote the entry that a reason commits: to be added in the end, if no acknowledgement leads there.
    entry: Option<(u64, usize)>,
}

impl Search<'_> {
    fn get(&self, number: u64) -> Option<&Record> {
        let first = self.records.first()?.number;
        self.records.get(usize::try_from(number.checked_sub(first)?).ok()?).copied()
    }

    fn add(&mut self, number: Option<u64>, explains: Option<usize>, main: bool) {
        let Some(record) = number.and_then(|number| self.get(number)).cloned() else { return };
        let known = self.reasons.iter().any(|reason| reason.record.number == record.number);
        if !known && self.reasons.len() < REASONS_MAX {
            self.open.push(self.reasons.len());
            self.reasons.push(Reason { record, explains, main });
        }
    }

    /// The latest decision of a server before a record for which `is` holds, unless `ends` holds of one after it.
    fn latest(
        &self,
        server: ServerId,
        before: u64,
        is: &dyn Fn(&Event) -> bool,
        ends: &dyn Fn(&Event) -> bool,
    ) -> Option<u64> {
        let earlier = self.records.iter().rev().filter(|record| record.number < before);
        let decisions = earlier.filter_map(|record| Some((record.number, of(record, server)?)));
        for (number, event) in decisions {
            if is(event) {
                return Some(number);
            }
            if ends(event) {
                return None;
            }
        }
        None
    }

    /// The decision before this one in the same step of its server for which `is` holds.
    fn in_step(&self, of_record: &Record, server: ServerId, is: &dyn Fn(&Event) -> bool) -> Option<u64> {
        let number = self.latest(server, of_record.number, is, &|_| false)?;
        let found = self.get(number)?;
        ((found.at, found.cause) == (of_record.at, of_record.cause)).then_some(number)
    }

    /// All votes that a server counted in the election that a record belongs to, which began with `begins`.
    fn votes(&mut self, at: usize, server: ServerId, is: &dyn Fn(&Event) -> bool, begins: &dyn Fn(&Event) -> bool) {
        let (mut before, mut main) = (self.reasons[at].record.number, true);
        while let Some(vote) = self.latest(server, before, is, begins) {
            self.add(Some(vote), Some(at), main);
            (before, main) = (vote, false);
        }
    }

    /// Where an entry came into a server's log last, before a record.
    fn written(&self, server: ServerId, index: Index, before: u64) -> Option<u64> {
        let holds = |event: &Event| match *event {
            Event::EntriesAppended { first, count } => first.index <= index && index < first.index.plus(count as u64),
            Event::AppendAccepted { match_index, appended, .. } => {
                index <= match_index && match_index.since(index) < appended as u64
            }
            _ => false,
        };
        self.latest(server, before, &holds, &|_| false)
    }

    /// Adds what brought a reason about.
    fn explain(&mut self, at: usize) {
        let record = self.reasons[at].record.clone();
        let (cause, asked) = (record.cause, at == 0);
        let cause_is = |this: &mut Self, number: Option<u64>| this.add(number.or(cause), Some(at), true);
        match &record.happening {
            // Whichever append it was that reached the follower: what counts is the entry.
            Happening::Sent { label } if self.index > Index::ZERO && label.name == "AppendEntries" => {
                let appended = self.written(label.from, self.index, record.number);
                cause_is(self, appended);
            }
            Happening::ClientRequested { .. } => {
                // That it had its last answer does not explain what it asks next.
                let by_hand = cause.and_then(|cause| self.get(cause)).filter(|record| record.cause.is_none());
                let by_hand = by_hand.map(|record| record.number);
                self.add(by_hand, Some(at), true);
            }
            Happening::Decision { server, event, .. } => self.explain_decision(at, &record, *server, event, asked),
            Happening::ClientAnswered { .. } if !asked => {}
            _ => cause_is(self, None),
        }
    }

    fn explain_decision(&mut self, at: usize, record: &Record, server: ServerId, event: &Event, asked: bool) {
        let number = record.number;
        let in_step = |this: &Self, is: &dyn Fn(&Event) -> bool| this.in_step(record, server, is).or(record.cause);
        match *event {
            Event::TimerReset { .. }
            | Event::BecameLeader { .. }
            | Event::FollowerMatches { .. }
            | Event::Committed { .. }
                if !asked && !self.counts(at, event) => {}
            Event::BecameLeader { .. } => {
                self.votes(at, server, &|event| matches!(event, Event::VoteCounted { .. }), &|event| {
                    matches!(event, Event::BecameCandidate { .. })
                })
            }
            Event::BecameCandidate { .. } => {
                let pre_vote = |event: &Event| matches!(event, Event::PreVoteCounted { .. });
                if self.in_step(record, server, &pre_vote).is_some() {
                    self.votes(at, server, &pre_vote, &|event| matches!(event, Event::BecamePreCandidate { .. }));
                } else {
                    let why = in_step(self, &begins_election);
                    self.add(why, Some(at), true);
                }
            }
            Event::BecamePreCandidate { .. } | Event::ElectionNotStarted { .. } => {
                let why = in_step(self, &begins_election);
                self.add(why, Some(at), true);
            }
            Event::EntriesAppended { .. } => {
                let why = in_step(self, &|event| matches!(event, Event::BecameLeader { .. }));
                self.add(why, Some(at), true);
            }
            Event::BecameFollower { reason: StepDown::HigherTerm { .. }, .. } => {
                let why = in_step(self, &|event| matches!(event, Event::TermAdopted { .. }));
                self.add(why, Some(at), true);
            }
            Event::Committed { to, reason: CommitReason::QuorumHolds { .. }, .. } => {
                if self.index == Index::ZERO || self.index > to {
                    self.index = to;
                }
                self.acknowledgements(at, server);
            }
            Event::Committed { to, .. } => {
                self.index = to;
                self.add(record.cause, Some(at), true);
            }
            Event::VoteRefused { reason, .. } | Event::PreVoteRefused { reason, .. } => {
                self.add(record.cause, Some(at), true);
                let why = self.why_refused(server, number, reason);
                self.add(why, Some(at), false);
            }
            Event::EntriesRemoved { first, .. } => {
                self.add(record.cause, Some(at), true);
                let came = self.written(server, first.index, number);
                self.add(came, Some(at), false);
            }
            _ => self.add(record.cause, Some(at), true),
        }
    }

    /// Whether a decision at which explanations end otherwise is one of those that this one counts.
    fn counts(&self, at: usize, event: &Event) -> bool {
        let explained = self.reasons[at].explains.map(|of| &self.reasons[of].record.happening);
        match event {
            Event::FollowerMatches { .. } => {
                matches!(explained, Some(Happening::Decision { event: Event::Committed { .. }, .. }))
            }
            // What a follower learned of a commit is explained by its leader's.
            Event::Committed { reason: CommitReason::QuorumHolds { .. }, .. } => {
                let asked = &self.reasons[0].record.happening;
                let learned = matches!(
                    asked,
                    Happening::Decision {
                        event: Event::Committed { reason: CommitReason::LeaderCommitted { .. }, .. },
                        ..
                    }
                );
                let first = |reason: &super::why::Reason| {
                    matches!(
                        reason.record.happening,
                        Happening::Decision {
                            event: Event::Committed { reason: CommitReason::QuorumHolds { .. }, .. },
                            ..
                        }
                    )
                };
                learned && self.reasons.iter().position(first) == Some(at)
            }
            _ => false,
        }
    }

    /// What a leader counted when it committed an entry: each follower's first acknowledgement of it, and the entry itself.
    fn acknowledgements(&mut self, at: usize, leader: ServerId) {
        let (number, index) = (self.reasons[at].record.number, self.index);
        let Some(appended) = self.written(leader, index, number) else {
            return self.add(self.reasons[at].record.cause, Some(at), true);
        };
        let mut first: Vec<(ServerId, u64)> = Vec::new();
        for record in &self.records {
            if let Some(&Event::FollowerMatches { follower, match_index }) = of(record, leader)
                && (appended..number).contains(&record.number)
                && match_index >= index
                && first.iter().all(|(known, _)| *known != follower)
            {
                first.push((follower, record.number));
            }
        }
        // The last of them made the quorum, unless that was the leader's own disk.
        let own_disk =
            self.in_step(&self.reasons[at].record, leader, &|event| matches!(event, Event::FollowerMatches { .. }));
        let mut main = own_disk.is_some();
        for (_, acknowledged) in first.into_iter().rev() {
            self.add(Some(acknowledged), Some(at), main);
            main = false;
        }
        if own_disk.is_none() {
            self.add(Some(appended), Some(at), true);
        } else {
            self.entry = Some((appended, at));
        }
    }

    /// Why the voter was in the way of a vote.
    fn why_refused(&self, voter: ServerId, before: u64, reason: VoteRefusal) -> Option<u64> {
        let entered = |term: Term| {
            move |event: &Event| match *event {
                Event::TermAdopted { to, .. } => to == term,
                Event::BecameCandidate { term: own, .. } => own == term,
                _ => false,
            }
        };
        let never = |_: &Event| false;
        match reason {
            VoteRefusal::OlderTerm { current_term, .. } => self.latest(voter, before, &entered(current_term), &never),
            VoteRefusal::AlreadyVoted { voted_for } => {
                let voted = |event: &Event| match event {
                    Event::VoteGranted { candidate, .. } => *candidate == voted_for,
                    Event::BecameCandidate { .. } => voted_for == voter,
                    _ => false,
                };
                self.latest(voter, before, &voted, &never)
            }
            VoteRefusal::OwnLogNewer { own_last, .. } => self.written(voter, own_last.index, before),
            VoteRefusal::LeaderAlive { .. } | VoteRefusal::LeaseMayRun { .. } => {
                self.latest(voter, before, &|event| matches!(event, Event::TimerReset { .. }), &never)
            }
            VoteRefusal::NotAVoter => None,
        }
    }
}

const fn begins_election(event: &Event) -> bool {
    matches!(event, Event::ElectionTimedOut { .. } | Event::ToldToTimeOut { .. })
}
