//! Messages that no correct server could have sent: refused with the reason, and without a trace.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use raft_core::{
    AppendOutcome, Body, Change, Configuration, Durable, Effect, Effects, Entries, Entry, EntryId, Index, Input,
    InvalidConfiguration, Message, Options, Payload, ReadId, Rejected, Role, Round, SaveNumber, Server, ServerId,
    Snapshot, SnapshotOutcome, Term, Time,
};
use raft_tests::{Cluster, as_in_the_figures, assert_sound, entries};

const fn message(from: u32, to: u32, term: u64, body: Body) -> Message {
    Message { from: ServerId(from), to: ServerId(to), term: Term(term), body }
}

fn append(prev: (u64, u64), terms: &[u64], leader_commit: u64) -> Body {
    assert!(terms.windows(2).all(|pair| pair[0] == pair[1]));
    let payloads = terms.iter().map(|_| Payload::Command("y".into()));
    let entries = Entries::new(Term(terms.first().copied().unwrap_or(0)), payloads);
    let (prev_log_index, prev_log_term) = (Index(prev.0), Term(prev.1));
    let (leader_commit, round) = (Index(leader_commit), Round(1));
    Body::AppendEntries { prev_log_index, prev_log_term, entries, leader_commit, round }
}

const fn answer(outcome: AppendOutcome) -> Body {
    Body::AppendEntriesReply { outcome, round: Round(1) }
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

/// The same, with a snapshot of two entries on each, and on the way from S1, S2 and S3 to S3, S4 and S5.
fn cluster_with_snapshots_on_its_way_elsewhere() -> Cluster {
    let mut cluster = cluster();
    for id in 1..=3 {
        cluster.compact(id, 2).unwrap();
    }
    let change = Change {
        voters: [3, 4, 5].map(ServerId).to_vec(),
        learners: vec![ServerId(6)],
        catch_up: false,
        stays_joint: true,
    };
    cluster.step(1, Input::Reconfigure(change)).unwrap();
    cluster.wake(1);
    cluster.deliver(|message| message.to.0 < 4);
    assert!([1, 2].iter().all(|&id| cluster.server(id).configuration().is_joint()));
    assert_eq!(cluster.server(1).commit_index(), Index(3), "S4 and S5 have not answered");
    cluster
}

fn part(last_included: (u64, u64), configuration: Arc<Configuration>, offset: u64, round: u64) -> Body {
    let (last_included_index, last_included_term) = (Index(last_included.0), Term(last_included.1));
    let round = Round(round);
    let (data, done) = (Vec::new(), false);
    Body::InstallSnapshot {
        last_included_index,
        last_included_term,
        configuration,
        offset,
        data: data.into(),
        done,
        round,
    }
}

fn of_three() -> Arc<Configuration> {
    Arc::new(Configuration::of_voters([1, 2, 3].map(ServerId)).unwrap())
}

const fn part_answer(index: u64, outcome: SnapshotOutcome, round: u64) -> Body {
    Body::InstallSnapshotReply { last_included_index: Index(index), outcome, round: Round(round) }
}

#[track_caller]
fn assert_refused(mut cluster: Cluster, to: u32, input: Input, expected: Rejected) {
    let before = cluster.server(to).clone();
    let (events, told, sent) = (cluster.events.len(), cluster.told.len(), cluster.network.len());
    assert_eq!(cluster.step(to, input.clone()), Err(expected), "{input:?}");
    assert_eq!(*cluster.server(to), before, "{input:?} left a trace");
    let effects = (cluster.events.len(), cluster.told.len(), cluster.network.len());
    assert_eq!(effects, (events, told, sent), "{input:?} had an effect");
    assert!(!expected.to_string().is_empty());
}

#[test]
fn absurd_messages_about_pre_votes_snapshots_and_reads_are_refused_too() {
    const HUGE: u64 = 1 << 53;
    const MOST: u64 = HUGE - 1;
    let out = |field, found, limit| Rejected::OutOfRange { field, found, limit };
    let pre_vote = |next_term, last: (u64, u64)| Body::PreVote {
        next_term: Term(next_term),
        last_log_index: Index(last.0),
        last_log_term: Term(last.1),
    };
    let pre_vote_reply = |next_term| Body::PreVoteReply { next_term: Term(next_term), vote_granted: true };
    let second = Rejected::SecondLeader { known: ServerId(1), claims: ServerId(3) };
    let installed = SnapshotOutcome::Installed;
    let wants = |offset| SnapshotOutcome::Wants { offset };
    let read = |context| Body::ReadIndex { context };
    let read_reply = |context, index| Body::ReadIndexReply { context, read_index: Some(Index(index)) };
    let unknown = || Arc::new(Configuration::unknown());
    let no_entry = |index, term| Rejected::NoSuchEntry { entry: EntryId::new(index, term) };
    let future = |found, sender| Rejected::EntryFromTheFuture { found: Term(found), sender: Term(sender) };
    let past = |claimed| Rejected::AckPastTheEnd { claimed: Index(claimed), last: Index(3) };
    let stranger = Rejected::UnknownSender { from: ServerId(9) };
    let erased = Rejected::WouldEraseCommitted { index: Index(3), commit_index: Index(3) };
    let erased_in_snapshot = Rejected::WouldEraseCommitted { index: Index(2), commit_index: Index(3) };
    let falls = Rejected::TermFalls { index: Index(4), found: Term(2), after: Term(3) };
    let conflict = AppendOutcome::Success { match_index: Index(3) };
    let table = [
        (2, message(3, 2, 3, pre_vote(5, (3, 3))), out("next_term", 5, 4)),
        (2, message(3, 2, MOST, pre_vote(HUGE, (3, 3))), out("next_term", HUGE, MOST)),
        (2, message(3, 2, 3, pre_vote(4, (3, 4))), future(4, 3)),
        (2, message(3, 2, 3, pre_vote(4, (0, 3))), no_entry(0, 3)),
        (2, message(3, 2, 3, pre_vote(4, (HUGE, 3))), out("log_index", HUGE, MOST)),
        (2, message(3, 2, 3, pre_vote_reply(HUGE)), out("next_term", HUGE, MOST)),
        (2, message(9, 2, 3, pre_vote_reply(4)), stranger),
        (2, message(9, 2, 3, Body::RequestVoteReply { vote_granted: true }), stranger),
        (2, message(3, 2, 3, Body::TimeoutNow), second),
        (1, message(3, 1, 3, Body::TimeoutNow), second),
        (2, message(1, 2, 3, part((0, 0), of_three(), 0, 1)), no_entry(0, 0)),
        (2, message(1, 2, 3, part((4, 0), of_three(), 0, 1)), no_entry(4, 0)),
        (2, message(1, 2, 3, part((4, 4), of_three(), 0, 1)), future(4, 3)),
        (2, message(1, 2, 3, part((HUGE, 3), of_three(), 0, 1)), out("log_index", HUGE, MOST)),
        (2, message(1, 2, 3, part((4, 3), unknown(), 0, 1)), Rejected::ConfigurationWithoutVoters),
        (2, message(1, 2, 3, part((4, 3), of_three(), u64::MAX, 1)), out("offset", u64::MAX, MOST)),
        (2, message(1, 2, 3, part((4, 3), of_three(), 0, HUGE)), out("round", HUGE, MOST)),
        (2, message(3, 2, 3, part((4, 3), of_three(), 0, 1)), second),
        (1, message(3, 1, 3, part((4, 3), of_three(), 0, 1)), second),
        (2, message(1, 2, 3, part((3, 2), of_three(), 0, 1)), erased),
        (2, message(3, 2, 4, part((3, 4), of_three(), 0, 1)), erased),
        (2, message(1, 2, 3, part((4, 2), of_three(), 0, 1)), falls),
        (2, message(1, 2, 3, append((0, 0), &[1, 1], 3)), erased_in_snapshot),
        (1, message(2, 1, 3, part_answer(4, installed, 1)), past(4)),
        (1, message(2, 1, 3, part_answer(4, wants(0), 1)), past(4)),
        (1, message(2, 1, 3, part_answer(HUGE, installed, 1)), out("last_included_index", HUGE, MOST)),
        (1, message(2, 1, 3, part_answer(2, installed, 99)), out("round", 99, 3)),
        (1, message(2, 1, 3, part_answer(2, wants(8), 1)), Rejected::AbsurdOffset { offset: 8, at_most: 7 }),
        (1, message(9, 1, 3, part_answer(2, installed, 1)), stranger),
        (1, message(2, 1, 3, Body::AppendEntriesReply { outcome: conflict, round: Round(4) }), out("round", 4, 3)),
        (1, message(2, 1, 3, read(HUGE)), out("context", HUGE, MOST)),
        (1, message(9, 1, 3, read(7)), stranger),
        (2, message(1, 2, 3, read_reply(HUGE, 3)), out("context", HUGE, MOST)),
        (2, message(1, 2, 3, read_reply(7, HUGE)), out("read_index", HUGE, MOST)),
        (2, message(9, 2, 3, read_reply(7, 3)), stranger),
        // Old and new members are all known, and so are learners; a server that is none of them is not.
        (
            2,
            message(7, 2, 3, Body::RequestVoteReply { vote_granted: true }),
            Rejected::UnknownSender { from: ServerId(7) },
        ),
    ];
    for (to, message, expected) in table {
        assert_refused(cluster_with_snapshots_on_its_way_elsewhere(), to, Input::Receive(message), expected);
    }
    for from in 2..=6 {
        let mut cluster = cluster_with_snapshots_on_its_way_elsewhere();
        let vote = message(from, 1, 3, Body::RequestVoteReply { vote_granted: true });
        assert_eq!(cluster.step(1, Input::Receive(vote)), Ok(None), "S{from} is a member");
    }
}

#[test]
fn inputs_that_cannot_be_are_refused_and_change_nothing() {
    let to = |voters: &[u32]| Change::to_voters(voters.iter().copied().map(ServerId));
    let learning = |voters: &[u32], learner| Change { learners: vec![ServerId(learner)], ..to(voters) };
    let invalid = |why| Rejected::InvalidMembers(why);
    let compact = |upto| Input::Compact { upto: Index(upto), data: Arc::from(*b"state") };
    let cannot =
        |upto, snapshot| Rejected::CannotCompact { upto: Index(upto), snapshot: Index(snapshot), applied: Index(3) };
    let follower = Rejected::NotLeader { leader: Some(ServerId(1)) };
    let calm = [
        (1, Input::Reconfigure(to(&[])), invalid(InvalidConfiguration::Empty)),
        (1, Input::Reconfigure(to(&[1, 2, 1])), invalid(InvalidConfiguration::Twice { server: ServerId(1) })),
        (
            1,
            Input::Reconfigure(learning(&[1, 2], 2)),
            invalid(InvalidConfiguration::VoterAndLearner { server: ServerId(2) }),
        ),
        (1, Input::Reconfigure(to(&[3, 2, 1])), Rejected::NothingToChange),
        (2, Input::Reconfigure(to(&[1, 2])), follower),
        (1, Input::LeaveJoint, Rejected::NotJoint),
        (2, Input::LeaveJoint, follower),
        (1, Input::ProposeBatch(Vec::new()), Rejected::BatchSize { found: 0 }),
        (2, Input::ProposeBatch(vec!["x".into()]), follower),
        (1, compact(0), cannot(0, 0)),
        (1, compact(4), cannot(4, 0)),
        (2, compact(u64::MAX), cannot(u64::MAX, 0)),
        (1, Input::Transfer(ServerId(1)), Rejected::NoTransferTo { to: ServerId(1) }),
        (1, Input::TimeOut, Rejected::LeaderHasNoElectionTimer),
    ];
    for (to, input, expected) in calm {
        assert_refused(cluster(), to, input, expected);
    }
    let under_way = Rejected::ChangeUnderWay { index: Index(4) };
    let busy = [
        (1, Input::Reconfigure(to(&[1, 2])), under_way),
        (1, Input::LeaveJoint, under_way),
        (1, compact(2), cannot(2, 2)),
        (2, compact(1), cannot(1, 2)),
        (1, compact(4), cannot(4, 2)),
        (1, Input::Transfer(ServerId(6)), Rejected::NoTransferTo { to: ServerId(6) }),
    ];
    for (to, input, expected) in busy {
        assert_refused(cluster_with_snapshots_on_its_way_elsewhere(), to, input, expected);
    }
    let mut leaderless = cluster();
    leaderless.time_out(2);
    assert_refused(leaderless, 2, Input::Read(ReadId(1)), Rejected::NotLeader { leader: None });
    let mut handing_over = cluster();
    handing_over.step(1, Input::Transfer(ServerId(3))).unwrap();
    let under_way = Rejected::TransferUnderWay { to: ServerId(3) };
    assert_refused(handing_over.clone(), 1, Input::ProposeBatch(vec!["x".into()]), under_way);
    assert_refused(handing_over, 1, Input::Reconfigure(to(&[1, 2])), under_way);
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
        (1, message(9, 1, 3, matched(3)), Rejected::UnknownSender { from: ServerId(9) }),
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
        (2, message(1, 2, 3, append((2, 2), &[3], 3)), Rejected::TwoContents { entry: EntryId::new(3, 3) }),
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
    let mut once_more = append((0, 0), &[], 3);
    if let Body::AppendEntries { entries, .. } = &mut once_more {
        *entries = raft_tests::entries_of(1, 1..=1);
    }
    // (to, message): each answered or ignored, none refused.
    let table = [
        (
            "an append of an older term that would replace committed entries",
            2,
            message(3, 2, 2, append((0, 0), &[2], 0)),
        ),
        ("committed entries once more", 2, message(1, 2, 3, once_more)),
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
        assert_sound(cluster.server(to));
    }
}

#[test]
fn a_log_that_is_full_takes_nothing_more_and_its_server_may_still_lead() {
    let last_included = EntryId { index: Index::LIMIT, term: Term(1) };
    let snapshot = Snapshot { last_included, configuration: of_three(), data: Arc::from(*b"state") };
    let log = raft_core::Log::after(last_included);
    let disk = Durable { current_term: Term(1), voted_for: None, snapshot: Some(snapshot), log };
    let disks = [1, 2, 3].map(|id| (ServerId(id), disk.clone())).to_vec();
    let mut cluster = Cluster::with_disks(disks, &Options::default()).unwrap();
    assert!(cluster.elect(1, &[1, 2]));
    assert_eq!(cluster.server(1).log().last_index(), Index::LIMIT);
    let full = |found| Rejected::OutOfRange { field: "last_log_index", found, limit: Index::LIMIT.0 };
    assert_refused(cluster.clone(), 1, Input::Propose("x".into()), full(Index::LIMIT.0 + 1));
    assert_refused(cluster, 1, Input::ProposeBatch(vec!["x".into(), "y".into()]), full(Index::LIMIT.0 + 2));
}

#[test]
fn a_change_of_members_that_goes_on_by_itself_stops_where_the_log_is_full() {
    // One entry is left, and the new leader's own takes it.
    let joint: Configuration = serde_json::from_str(r#"{"voters":[1,2],"old":[1,2,3]}"#).unwrap();
    let last_included = EntryId { index: Index::LIMIT.previous(), term: Term(1) };
    let snapshot = Snapshot { last_included, configuration: Arc::new(joint), data: Arc::from(*b"state") };
    let log = raft_core::Log::after(last_included);
    let disk = Durable { current_term: Term(1), voted_for: None, snapshot: Some(snapshot), log };
    let mut cluster =
        Cluster::with_disks([1, 2, 3].map(|id| (ServerId(id), disk.clone())).to_vec(), &Options::default());
    let cluster = cluster.as_mut().unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    assert_eq!(cluster.server(1).commit_index(), Index::LIMIT);
    assert_eq!(cluster.server(1).log().last_index(), Index::LIMIT);
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

    fn index(&mut self) -> Index {
        Index(self.number(6))
    }

    /// Mostly the server's own term or one next to it, so that its leaderships are not all over at once.
    fn term(&mut self, own: Term) -> Term {
        match self.below(8) {
            0 => Term(self.number(6)),
            1 => own.previous(),
            2 => own.next(),
            _ => own,
        }
    }

    fn servers(&mut self) -> Vec<ServerId> {
        let bits = self.below(1 << 6);
        (0..6).filter(|bit| bits >> bit & 1 == 1).map(|bit| ServerId(bit + 1)).collect()
    }

    fn append_outcome(&mut self, own: Term) -> AppendOutcome {
        match self.below(5) {
            0 => AppendOutcome::StaleTerm,
            1 => {
                let conflict_term = (self.below(2) == 0).then(|| self.term(own));
                let (prev_log_index, conflict_index) = (self.index(), self.index());
                AppendOutcome::Conflict { prev_log_index, conflict_term, conflict_index }
            }
            _ => AppendOutcome::Success { match_index: self.index() },
        }
    }

    /// Any kind of message, from anyone.
    fn message(&mut self, own: Term) -> Message {
        let round = Round(self.number(4));
        let granted = self.below(4) > 0;
        let body = match self.below(14) {
            0 => Body::RequestVote {
                leadership_transfer: self.below(2) == 0,
                last_log_index: self.index(),
                last_log_term: self.term(own),
            },
            1 | 2 => Body::RequestVoteReply { vote_granted: granted },
            3 => Body::PreVote {
                next_term: self.term(own.next()),
                last_log_index: self.index(),
                last_log_term: self.term(own),
            },
            4 => Body::PreVoteReply { next_term: self.term(own.next()), vote_granted: granted },
            5 => Body::TimeoutNow,
            6 | 7 => Body::AppendEntriesReply { outcome: self.append_outcome(own), round },
            8 => {
                let (last_included_index, last_included_term) = (self.index(), self.term(own));
                let voters = self.servers();
                let configuration = Configuration::of_voters(voters).unwrap_or_else(|_| Configuration::unknown());
                let (offset, count) = (self.number(3), self.below(4));
                let data = vec![b'z'; usize::try_from(count).unwrap()];
                let (configuration, done) = (Arc::new(configuration), self.below(2) == 0);
                Body::InstallSnapshot {
                    last_included_index,
                    last_included_term,
                    configuration,
                    offset,
                    data: data.into(),
                    done,
                    round,
                }
            }
            9 => {
                let outcome = match self.below(2) {
                    0 => SnapshotOutcome::Installed,
                    _ => SnapshotOutcome::Wants { offset: self.number(4) },
                };
                Body::InstallSnapshotReply { last_included_index: self.index(), outcome, round }
            }
            10 => Body::ReadIndex { context: self.number(5) },
            11 => {
                let read_index = (self.below(2) == 0).then(|| self.index());
                Body::ReadIndexReply { context: self.number(5), read_index }
            }
            _ => {
                let payload = |numbers: &mut Self| match numbers.below(4) {
                    0 => Payload::Noop,
                    1 => match Configuration::of_voters(numbers.servers()) {
                        Ok(configuration) => Payload::Configuration(Arc::new(configuration)),
                        Err(_) => Payload::Noop,
                    },
                    _ => Payload::Command("z".into()),
                };
                let count = self.below(4);
                let payloads: Vec<Payload> = (0..count).map(|_| payload(self)).collect();
                let entries = Entries::new(self.term(own), payloads);
                let (prev_log_index, prev_log_term, leader_commit) = (self.index(), self.term(own), self.index());
                Body::AppendEntries { prev_log_index, prev_log_term, entries, leader_commit, round }
            }
        };
        let from = u32::try_from(self.below(7)).unwrap();
        let to = if self.below(20) == 0 { 2 } else { 1 };
        Message { from: ServerId(from), to: ServerId(to), term: self.term(own), body }
    }

    /// Any input, with what it takes to make sense now and then.
    fn input(&mut self, server: &Server, issued: SaveNumber) -> Input {
        match self.below(30) {
            0 | 1 => Input::WakeUp,
            2 => Input::TimeOut,
            3 => Input::Propose("w".into()),
            4 => Input::ProposeBatch((0..self.below(4)).map(|_| "w".into()).collect()),
            5 => Input::Saved(SaveNumber(self.number(3).min(issued.0 + 1))),
            6..=9 => Input::Saved(issued),
            10 => Input::Transfer(ServerId(u32::try_from(self.below(7)).unwrap())),
            11 => {
                let (voters, learners) = (self.servers(), self.servers());
                let learners = learners.into_iter().filter(|id| self.below(9) == 0 || !voters.contains(id)).collect();
                let (catch_up, stays_joint) = (self.below(2) == 0, self.below(2) == 0);
                Input::Reconfigure(Change { voters, learners, catch_up, stays_joint })
            }
            12 => Input::LeaveJoint,
            13 => Input::Read(ReadId(self.number(9))),
            14 => {
                let upto = if self.below(3) == 0 { self.index() } else { server.last_applied() };
                Input::Compact { upto, data: Arc::from(*b"state") }
            }
            _ => Input::Receive(self.message(server.current_term())),
        }
    }

    fn options(&mut self) -> Options {
        let mut flag = || self.below(2) == 0;
        let (pre_vote, check_quorum, lease_reads, eager_commit) = (flag(), flag(), flag(), flag());
        let narrow = flag();
        Options {
            pre_vote,
            check_quorum,
            lease_reads: lease_reads && check_quorum,
            eager_commit,
            entries_in_flight_max: if narrow { 1 } else { 256 },
            snapshot_chunk_bytes: if narrow { 1 } else { 64 },
            seed: self.seed,
            ..Options::default()
        }
    }

    /// An empty disk, or one with a log, or one with a snapshot as well.
    fn disk(&mut self) -> Durable {
        let voters = of_three();
        match self.below(3) {
            0 => Durable::default(),
            1 => {
                let log = entries(&[1, 1, 2]).into_iter().collect();
                Durable { current_term: Term(2), log, ..Durable::default() }
            }
            _ => {
                let last_included = EntryId::new(2, 1);
                let snapshot = Snapshot { last_included, configuration: voters, data: Arc::from(*b"state") };
                let mut log = raft_core::Log::after(last_included);
                log.extend([Entry::command(Term(2), "a"), Entry::noop(Term(2))]);
                Durable { current_term: Term(2), voted_for: None, snapshot: Some(snapshot), log }
            }
        }
    }
}

/// What has come of a stream so far: how many of each kind of state it has been through.
#[derive(Debug, Default)]
struct Been {
    leading: u32,
    joint: u32,
    compacted: u32,
    installed: u32,
    refused: u32,
}

#[test]
fn no_stream_of_messages_makes_a_server_panic_or_lose_its_invariants() {
    let mut been = Been::default();
    for seed in 0..if cfg!(miri) { 4 } else { 4_000 } {
        let mut numbers = Numbers { seed, drawn: 0 };
        let (options, mut disk) = (numbers.options(), numbers.disk());
        let configuration = Configuration::of_voters([1, 2, 3].map(ServerId)).unwrap();
        let start =
            |disk: &Durable| Server::start(ServerId(1), configuration.clone(), options.clone(), disk.clone(), Time(0));
        let mut server = start(&disk).unwrap();
        let mut effects = Effects::observed();
        let mut committed: Vec<Entry> = Vec::new();
        let mut applied = server.last_applied();
        let first = applied;
        let mut issued = SaveNumber::ZERO;
        for step in 0..300 {
            let before = server.clone();
            let input = numbers.input(&server, issued);
            let refused = server.step(Time(step * 1000), input, &mut effects).is_err();
            if refused {
                been.refused += 1;
                assert_eq!(server, before, "seed {seed}: a refusal left a trace");
                assert!(effects.as_slice().is_empty(), "seed {seed}: a refusal had effects");
            }
            for effect in effects.drain() {
                match effect {
                    Effect::Save(save) => {
                        assert_eq!(save.number, issued.next(), "seed {seed}");
                        issued = save.number;
                        disk.write(&save);
                    }
                    Effect::Send { message, after } => {
                        assert!(message.term <= server.current_term() && message.from == ServerId(1), "seed {seed}");
                        assert!(after.is_none_or(|after| after <= issued), "seed {seed}");
                    }
                    Effect::Apply { first, entries } => {
                        assert_eq!(first, applied.next(), "seed {seed}: entries are applied in order");
                        applied = applied.plus(entries.len() as u64);
                    }
                    Effect::Restore(snapshot) => {
                        been.installed += 1;
                        assert!(snapshot.last_included.index > applied, "seed {seed}: an older state");
                        applied = snapshot.last_included.index;
                    }
                    _ => {}
                }
            }
            assert_eq!(applied, server.last_applied(), "seed {seed}");
            assert_sound(&server);
            assert!(server.current_term() >= before.current_term(), "seed {seed}: the term fell");
            assert!(server.commit_index() >= before.commit_index(), "seed {seed}: the commit index fell");
            for (index, entry) in (first.next().0..).map(Index).zip(&committed) {
                let now = server.log().get(index);
                assert!(now.is_none_or(|now| now == *entry), "seed {seed}: what is committed at {index} has changed");
            }
            let news = server.log().from(first.next().plus(committed.len() as u64));
            let news = news.take(server.commit_index().since(first) as usize - committed.len());
            // A snapshot that jumps ahead leaves a gap in what is known, and what is behind it is left out.
            if server.log().base().index <= first.plus(committed.len() as u64) {
                committed.extend(news);
            }
            been.leading += u32::from(server.is_leader());
            been.joint += u32::from(server.configuration().is_joint());
            been.compacted += u32::from(server.log().base().index > Index(2));
            if let Role::Leader(leading) = server.role() {
                assert!(leading.followers.iter().all(|follower| follower.id != ServerId(1)), "seed {seed}");
            }
        }
        // Whatever it has written, it can start again from.
        let again = start(&disk).unwrap();
        assert_eq!(
            (again.current_term(), again.voted_for()),
            (server.current_term(), server.voted_for()),
            "seed {seed}"
        );
        assert_eq!((again.log(), again.snapshot()), (server.log(), server.snapshot()), "seed {seed}");
        assert_eq!(again.configuration(), server.configuration(), "seed {seed}");
    }
    let often = [been.leading, been.joint, been.compacted, been.installed, been.refused];
    assert!(cfg!(miri) || often.iter().all(|&count| count > 1_000), "the streams went nowhere: {been:?}");
}
