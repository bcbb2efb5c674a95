//! Messages that no correct server could have sent: refused with the reason, and without a trace.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::{
    AppendOutcome, Body, Effects, Entry, EntryId, Index, Input, Message, Options, Rejected, SaveNumber, Server,
    ServerId, Term, Time,
};
use raft_tests::{Cluster, as_in_the_figures};

const fn message(from: u32, to: u32, term: u64, body: Body) -> Message {
    Message { from: ServerId(from), to: ServerId(to), term: Term(term), body }
}

fn append(prev: (u64, u64), terms: &[u64], leader_commit: u64) -> Body {
    let entries = terms.iter().map(|&term| Entry::command(Term(term), "y")).collect();
    let (prev_log_index, prev_log_term) = (Index(prev.0), Term(prev.1));
    Body::AppendEntries { prev_log_index, prev_log_term, entries, leader_commit: Index(leader_commit) }
}

const fn answer(outcome: AppendOutcome) -> Body {
    Body::AppendEntriesReply { outcome }
}

const fn conflict(prev: u64, term: Option<u64>, index: u64) -> Body {
    let conflict_term = match term {
        Some(term) => Some(Term(term)),
        None => None,
    };
    answer(AppendOutcome::Conflict { prev_log_index: Index(prev), conflict_term, conflict_index: Index(index) })
}

/// S1 leads term 3 with three entries, of which all are committed; S2 follows it.
fn cluster() -> Cluster {
    let mut cluster = Cluster::with_logs(2, &[&[1, 2], &[1, 2], &[1]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    cluster.propose(1, "x").unwrap();
    cluster.deliver(|_| true);
    cluster.wake(1);
    cluster.deliver(|_| true);
    assert_eq!(cluster.server(2).commit_index(), Index(3));
    cluster
}

#[test]
fn every_absurd_message_is_refused_by_name_and_changes_nothing() {
    const HUGE: u64 = 1 << 53;
    const MOST: u64 = HUGE - 1;
    let vote = |index, term| Body::RequestVote {
        leadership_transfer: false,
        last_log_index: Index(index),
        last_log_term: Term(term),
    };
    let out = |field, found| Rejected::OutOfRange { field, found, limit: MOST };
    let no_entry = |index, term| Rejected::NoSuchEntry { entry: EntryId::new(index, term) };
    let future = |found, sender| Rejected::EntryFromTheFuture { found: Term(found), sender: Term(sender) };
    let absurd = |at, hint| Rejected::AbsurdConflict { prev_log_index: Index(at), conflict_index: Index(hint) };
    let matched = |index| answer(AppendOutcome::Success { match_index: Index(index) });
    let past = |claimed| Rejected::AckPastTheEnd { claimed: Index(claimed), last: Index(3) };
    let erase = |index| Rejected::WouldEraseCommitted { index: Index(index), commit_index: Index(3) };
    let table = [
        (2, message(1, 3, 3, vote(0, 0)), Rejected::NotForThisServer { to: ServerId(3) }),
        (2, message(2, 2, 3, vote(0, 0)), Rejected::FromItself),
        (2, message(9, 2, 3, vote(0, 0)), Rejected::UnknownSender { from: ServerId(9) }),
        (2, message(3, 2, HUGE, vote(0, 0)), out("term", HUGE)),
        (2, message(3, 2, u64::MAX, vote(0, 0)), out("term", u64::MAX)),
        (2, message(3, 2, 4, vote(HUGE, 1)), out("log_index", HUGE)),
        (2, message(3, 2, 4, vote(0, 1)), no_entry(0, 1)),
        (2, message(3, 2, 4, vote(1, 0)), no_entry(1, 0)),
        (2, message(3, 2, 4, vote(1, 5)), future(5, 4)),
        (
            2,
            message(3, 2, 3, append((3, 3), &[], 3)),
            Rejected::SecondLeader { known: ServerId(1), claims: ServerId(3) },
        ),
        (
            1,
            message(3, 1, 3, append((3, 3), &[], 3)),
            Rejected::SecondLeader { known: ServerId(1), claims: ServerId(3) },
        ),
        (2, message(1, 2, 3, append((0, 3), &[], 3)), no_entry(0, 3)),
        (2, message(1, 2, 3, append((3, 4), &[], 3)), future(4, 3)),
        (2, message(1, 2, 3, append((3, 3), &[4], 3)), future(4, 3)),
        (
            2,
            message(1, 2, 3, append((3, 3), &[2], 3)),
            Rejected::TermFalls { index: Index(4), found: Term(2), after: Term(3) },
        ),
        (
            2,
            message(1, 2, 3, append((0, 0), &[0], 3)),
            Rejected::TermFalls { index: Index(1), found: Term(0), after: Term(0) },
        ),
        (2, message(1, 2, 3, append((MOST, 3), &[3], 3)), out("last_new_index", HUGE)),
        (2, message(1, 2, 3, append((3, 3), &[], u64::MAX)), out("leader_commit", u64::MAX)),
        (2, message(3, 2, 4, append((2, 2), &[4], 3)), erase(3)),
        (2, message(1, 2, 3, append((0, 0), &[3], 3)), erase(1)),
        (1, message(2, 1, 3, matched(4)), past(4)),
        (1, message(2, 1, 3, matched(u64::MAX)), out("match_index", u64::MAX)),
        (1, message(2, 1, 3, conflict(4, None, 1)), past(4)),
        (1, message(2, 1, 3, conflict(3, None, 0)), absurd(3, 0)),
        (1, message(2, 1, 3, conflict(3, None, 4)), absurd(3, 4)),
        (1, message(2, 1, 3, conflict(3, Some(0), 1)), absurd(3, 1)),
        (1, message(2, 1, 3, conflict(3, Some(4), 1)), absurd(3, 1)),
        (1, message(2, 1, 3, conflict(3, Some(u64::MAX), 1)), out("conflict_term", u64::MAX)),
    ];
    for (to, message, expected) in table {
        let mut cluster = cluster();
        let before = cluster.server(to).clone();
        let events = cluster.events.len();
        assert_eq!(cluster.step(to, Input::Receive(message.clone())), Err(expected), "{message:?}");
        assert_eq!(*cluster.server(to), before, "{message:?} left a trace");
        assert_eq!(cluster.events.len(), events, "{message:?} left an event");
        assert!(!expected.to_string().is_empty());
    }
    let mut cluster = cluster();
    let issued = Rejected::UnknownSave { claimed: SaveNumber(99), issued: SaveNumber(2) };
    assert_eq!(cluster.step(1, Input::Saved(SaveNumber(99))), Err(issued));
}

#[test]
fn what_a_correct_server_can_send_late_is_no_absurdity() {
    // (to, message): each answered or ignored, none refused.
    let table = [
        (
            "an append of an older term that would replace committed entries",
            2,
            message(3, 2, 2, append((0, 0), &[2], 0)),
        ),
        ("committed entries once more", 2, message(1, 2, 3, append((0, 0), &[1, 2], 3))),
        ("an append behind an entry that differs", 2, message(3, 2, 4, append((2, 1), &[4], 0))),
        ("a log that ends just before the entry asked for", 1, message(2, 1, 3, conflict(3, None, 3))),
        ("a term that begins at the entry asked for", 1, message(2, 1, 3, conflict(3, Some(2), 3))),
        ("an answer from an older term about entries that are gone", 1, message(2, 1, 2, conflict(9, None, 9))),
    ];
    for (what, to, message) in table {
        let mut cluster = cluster();
        let log = cluster.log(to);
        assert_eq!(cluster.step(to, Input::Receive(message)), Ok(None), "{what}");
        assert_eq!(cluster.log(to), log, "{what}");
        assert_sound(cluster.server(to), 0);
    }
}

/// A small stream of numbers for making messages, from a seed that a failure prints.
struct Numbers {
    seed: u64,
    drawn: u64,
}

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.drawn += 1;
        raft_core::random::draw_between(0, limit - 1, &[self.seed, self.drawn])
    }

    /// Mostly a number that fits, now and then one at an edge.
    fn number(&mut self, usual: u64) -> u64 {
        match self.below(40) {
            0 => u64::MAX,
            1 => 1 << 53,
            2 => (1 << 53) - 1,
            3 => self.below(1000),
            _ => self.below(usual),
        }
    }

    fn message(&mut self) -> Message {
        let index = |numbers: &mut Self| Index(numbers.number(6));
        let term = |numbers: &mut Self| Term(numbers.number(6));
        let body = match self.below(6) {
            0 => {
                Body::RequestVote { leadership_transfer: false, last_log_index: index(self), last_log_term: term(self) }
            }
            1 => Body::RequestVoteReply { vote_granted: self.below(2) == 0 },
            2 => answer(AppendOutcome::Success { match_index: index(self) }),
            3 => {
                let conflict_term = (self.below(2) == 0).then(|| term(self));
                let (prev_log_index, conflict_index) = (index(self), index(self));
                answer(AppendOutcome::Conflict { prev_log_index, conflict_term, conflict_index })
            }
            _ => {
                let entries = (0..self.below(4)).map(|_| Entry::command(term(self), "z")).collect();
                let (prev_log_index, prev_log_term, leader_commit) = (index(self), term(self), index(self));
                Body::AppendEntries { prev_log_index, prev_log_term, entries, leader_commit }
            }
        };
        let (from, to) = (u32::try_from(self.below(5)).unwrap(), u32::try_from(self.below(4)).unwrap());
        Message { from: ServerId(from), to: ServerId(to), term: term(self), body }
    }
}

/// What must hold of a server whatever it was sent.
fn assert_sound(server: &Server, seed: u64) {
    assert!(server.commit_index() <= server.log().last_index(), "seed {seed}");
    assert_eq!(server.commit_index(), server.last_applied(), "seed {seed}");
    assert!(server.log().last().term <= server.current_term(), "seed {seed}");
    assert!(server.durable_index() <= server.log().last_index(), "seed {seed}");
    let terms: Vec<Term> = server.log().from(Index(1)).iter().map(|entry| entry.term).collect();
    assert!(terms.is_sorted() && !terms.contains(&Term::ZERO), "seed {seed}");
    if let raft_core::Role::Leader { followers, .. } = server.role() {
        let sound = |progress: &raft_core::Progress| {
            progress.match_index < progress.next_index && progress.next_index <= server.log().last_index().next()
        };
        assert!(followers.iter().all(sound), "seed {seed}");
    }
}

#[test]
fn no_stream_of_messages_makes_a_server_panic_or_lose_its_invariants() {
    for seed in 0..2_000 {
        let mut numbers = Numbers { seed, drawn: 0 };
        let ids = [1, 2, 3].map(ServerId);
        let configuration = raft_core::Configuration::of_voters(ids).unwrap();
        let disk = raft_core::Durable::default();
        let mut server = Server::start(ServerId(1), configuration, Options::default(), disk, Time::ZERO).unwrap();
        let mut effects = Effects::observed();
        let mut committed = Index::ZERO;
        let mut issued = SaveNumber::ZERO;
        for step in 0..300 {
            let now = Time(step * 1000);
            let input = match numbers.below(12) {
                0 => Input::WakeUp,
                1 => Input::TimeOut,
                2 => Input::Propose("w".into()),
                3 => Input::Saved(SaveNumber(numbers.number(3).min(issued.0 + 1))),
                4 => Input::Saved(issued),
                _ => Input::Receive(numbers.message()),
            };
            let before = server.clone();
            let refused = server.step(now, input, &mut effects).is_err();
            if refused {
                assert_eq!(server, before, "seed {seed}: a refusal left a trace");
                assert!(effects.as_slice().is_empty(), "seed {seed}: a refusal had effects");
            }
            for effect in effects.drain() {
                if let raft_core::Effect::Save(save) = effect {
                    issued = save.number;
                }
            }
            assert_sound(&server, seed);
            assert!(server.commit_index() >= committed, "seed {seed}: the commit index fell");
            committed = server.commit_index();
        }
    }
}
