//! What is said and written down: the sections that decisions rest on, the names of rules and messages, the reasons of
//! refusals, and the form in which messages and disks are kept.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::sync::Arc;

use raft_core::{
    AppendOutcome, AppendRefusal, Body, Command, CommitReason, Configuration, Durable, Entries, Entry, EntryId, Event,
    Ignored, Index, InvalidConfiguration, InvalidStart, Log, Majority, Members, Message, NewConfiguration, Options,
    Payload, ReadFailure, ReadId, Rejected, RoleName, Round, Rule, SaveNumber, Section, Server, ServerId, Snapshot,
    SnapshotOutcome, StepDown, Tally, Term, Time, TimerReset, VoteRefusal,
};

const S1: ServerId = ServerId(1);
const T: Term = Term(1);
const I: Index = Index(1);
const E: EntryId = EntryId::new(1, 1);

const fn tally() -> Tally {
    Tally { voters: Majority { have: 2, needed: 2 }, old: Some(Majority { have: 1, needed: 3 }) }
}

#[test]
fn every_decision_names_the_section_that_it_rests_on() {
    let (votes, members) = (tally(), Members { voters: 3, old: None, learners: 1 });
    let steps_down = |reason| Event::BecameFollower { from: RoleName::Leader, term: T, reason };
    let refused = |reason| Event::VoteRefused { candidate: S1, reason };
    let ignored = |reason| Event::ReplyIgnored { from: S1, reason };
    let append_refused = |reason| Event::AppendRefused { leader: S1, reason };
    let committed = |reason| Event::Committed { from: Index(0), to: I, reason };
    let in_force = |reason| Event::ConfigurationInForce { index: I, members, reason };
    let table = [
        ("P§5.1", Event::TermAdopted { from: T, to: Term(2), because_of: S1 }),
        ("P§5.1", steps_down(StepDown::HigherTerm { seen_from: S1 })),
        ("P§5.2", steps_down(StepDown::LeaderElected { leader: S1 })),
        ("D§6.2", steps_down(StepDown::NoQuorum { heard: votes })),
        ("D§4.2.2", steps_down(StepDown::Removed { index: I })),
        ("P§5.2", Event::TimerReset { deadline: Time(1), reason: TimerReset::StartedElection }),
        ("P§5.2", Event::ElectionTimedOut { waited_us: 1, forced: false }),
        ("P§5.2", Event::ElectionNotStarted { reason: Rejected::NotAVoter }),
        ("P§5.2", Event::BecameCandidate { term: T, votes }),
        ("P§5.2", Event::BecameLeader { term: T, votes }),
        ("P§5.2", Event::VoteCounted { from: S1, votes }),
        ("P§5.2", Event::VoteDenied { from: S1 }),
        ("D§9.6", Event::BecamePreCandidate { next_term: T, votes }),
        ("D§9.6", Event::PreVoteGranted { candidate: S1, next_term: T, candidate_last: E, own_last: E }),
        ("D§9.6", Event::PreVoteCounted { from: S1, votes }),
        ("D§9.6", Event::PreVoteDenied { from: S1 }),
        ("D§3.10", Event::ToldToTimeOut { leader: S1 }),
        ("D§3.10", Event::TransferStarted { to: S1 }),
        ("D§3.10", Event::TransferReady { to: S1, match_index: I }),
        ("D§3.10", Event::TransferAborted { to: S1 }),
        ("D§6.2", Event::QuorumHeard { heard: votes }),
        ("P§5.4.1", Event::VoteGranted { candidate: S1, candidate_last: E, own_last: E, again: false }),
        ("P§5.1", refused(VoteRefusal::OlderTerm { candidate_term: T, current_term: T })),
        ("P§5.2", refused(VoteRefusal::AlreadyVoted { voted_for: S1 })),
        ("D§4.2.3", refused(VoteRefusal::LeaderAlive { leader: S1, heard_us_ago: 1 })),
        ("P§5.4.1", refused(VoteRefusal::OwnLogNewer { candidate_last: E, own_last: E })),
        ("D§6.4.1", refused(VoteRefusal::LeaseMayRun { us_ago: 1 })),
        ("D§4.2.1", Event::PreVoteRefused { candidate: S1, reason: VoteRefusal::NotAVoter }),
        ("P§5.1", ignored(Ignored::OlderTerm { reply_term: T, current_term: T })),
        ("P§5.2", ignored(Ignored::NotCandidate)),
        ("P§5.2", ignored(Ignored::CountedAlready)),
        ("P§5.2", ignored(Ignored::NotAVoter)),
        ("D§6.4", ignored(Ignored::NotAsked)),
        ("P§5.3", ignored(Ignored::NotLeader)),
        ("P§5.3", ignored(Ignored::AnsweredAlready)),
        ("P§5.1", append_refused(AppendRefusal::OlderTerm { leader_term: T, current_term: T })),
        ("P§5.3", append_refused(AppendRefusal::LogTooShort { prev: E, last_index: I })),
        ("P§5.3", append_refused(AppendRefusal::OtherTerm { prev: E, own_term: T })),
        ("P§5.3", Event::EntriesAppended { first: E, count: 1 }),
        ("P§5.3", Event::AppendAccepted { leader: S1, prev: E, carried: 1, appended: 1, match_index: I }),
        ("P§5.3", Event::EntriesRemoved { first: E, last: I, leaders_term: T }),
        ("P§5.3", Event::FollowerMatches { follower: S1, match_index: I }),
        (
            "P§5.3",
            Event::FollowerConflicts {
                follower: S1,
                prev_log_index: I,
                conflict_term: None,
                next_index_before: I,
                next_index: I,
            },
        ),
        ("P§5.4.2", committed(CommitReason::QuorumHolds { holders: votes })),
        ("P§5.3", committed(CommitReason::LeaderCommitted { leader_commit: I, verified: I })),
        ("P§5.4.2", Event::CommitWithheld { entry: E, current_term: T }),
        ("P§6", in_force(NewConfiguration::Appended)),
        ("P§6", in_force(NewConfiguration::Committed)),
        ("D§4.1", in_force(NewConfiguration::Truncated)),
        ("D§5.1", in_force(NewConfiguration::Snapshot)),
        ("D§4.2.1", Event::CatchUpStarted { learners: 1 }),
        ("D§4.2.1", Event::CatchUpRound { learner: S1, round: 1, took_us: 1, caught_up: true }),
        ("D§4.2.1", Event::CatchUpAbandoned { learner: S1, round: 10 }),
        ("P§7", Event::LogCompacted { last_included: E, bytes: 1, entries: 1 }),
        ("P§7", Event::SnapshotSent { follower: S1, last_included: E, offset: 0, bytes: 1, done: true }),
        ("P§7", Event::SnapshotPartTaken { leader: S1, last_included: E, upto: 1, was_next: true }),
        ("P§7", Event::SnapshotInstalled { leader: S1, last_included: E, kept: 0 }),
        ("P§7", Event::SnapshotIgnored { leader: S1, last_included: E, commit_index: I }),
        ("D§6.4", Event::ReadWaits { asked_by: S1, read_index: None, round: Round(1) }),
        ("D§6.4", Event::ReadConfirmed { asked_by: S1, read_index: I, round: Round(1) }),
        ("D§6.4", Event::ReadForwarded { read: ReadId(1), leader: S1 }),
        ("D§6.4", Event::ReadIndexLearned { read: ReadId(1), read_index: I, last_applied: I }),
        ("D§6.4", Event::ReadGivenUp { asked_by: S1, reason: ReadFailure::TimedOut }),
        ("D§6.4.1", Event::ReadByLease { asked_by: S1, read_index: I, lease_until: Time(1) }),
    ];
    for (section, event) in table {
        assert_eq!(event.section(), Section(section), "{event:?}");
        // As a reader of a recorded run finds it: by its kind.
        let kind = serde_json::to_value(event).unwrap()["kind"].as_str().unwrap().to_owned();
        assert!(kind.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{kind}");
    }
}

#[test]
fn a_rule_has_a_name_of_its_own_a_section_and_a_sentence() {
    let names: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    assert_eq!(names.len(), Rule::ALL.len());
    for rule in Rule::ALL {
        assert!(rule.name().chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{rule}");
        assert!(["P§", "P F", "D§"].iter().any(|start| rule.section().0.starts_with(start)), "{rule}");
        assert!(rule.guards_against().ends_with('.'), "{rule}");
        let written = serde_json::to_string(rule).unwrap();
        assert_eq!(written, format!("\"{rule}\""));
        assert_eq!(serde_json::from_str::<Rule>(&written).unwrap(), *rule);
    }
    let unknown = serde_json::from_str::<Rule>("\"no_such_rule\"").unwrap_err().to_string();
    assert!(unknown.contains("no_such_rule") && unknown.contains("one_vote_per_term"), "{unknown}");
    assert_eq!(serde_json::to_string(&Section("P§5.2")).unwrap(), "\"P§5.2\"");
    assert_eq!(Section("P§5.2").to_string(), "P§5.2");
}

fn joint() -> Configuration {
    serde_json::from_str(r#"{"voters":[4,3],"old":[1,2,3],"learners":[5],"stays_joint":true}"#).unwrap()
}

/// One message of each kind, with its name.
fn messages() -> Vec<(&'static str, Message)> {
    let (term, index, round) = (Term(3), Index(2), Round(7));
    let outcome = AppendOutcome::Conflict { prev_log_index: index, conflict_term: Some(T), conflict_index: I };
    let payloads = [Payload::Noop, Payload::Command("x".into()), Payload::Configuration(Arc::new(joint()))];
    let bodies = [
        ("RequestVote", Body::RequestVote { leadership_transfer: true, last_log_index: index, last_log_term: T }),
        ("RequestVote reply", Body::RequestVoteReply { vote_granted: true }),
        ("PreVote", Body::PreVote { next_term: Term(4), last_log_index: index, last_log_term: T }),
        ("PreVote reply", Body::PreVoteReply { next_term: Term(4), vote_granted: false }),
        ("TimeoutNow", Body::TimeoutNow),
        (
            "AppendEntries",
            Body::AppendEntries {
                prev_log_index: index,
                prev_log_term: T,
                entries: Entries::new(term, payloads),
                leader_commit: I,
                round,
            },
        ),
        ("AppendEntries reply", Body::AppendEntriesReply { outcome, round }),
        (
            "InstallSnapshot",
            Body::InstallSnapshot {
                last_included_index: index,
                last_included_term: T,
                configuration: Arc::new(joint()),
                offset: 1,
                data: vec![0, 255].into(),
                done: true,
                round,
            },
        ),
        (
            "InstallSnapshot reply",
            Body::InstallSnapshotReply {
                last_included_index: index,
                outcome: SnapshotOutcome::Wants { offset: 3 },
                round,
            },
        ),
        ("ReadIndex", Body::ReadIndex { context: 9 }),
        ("ReadIndex reply", Body::ReadIndexReply { context: 9, read_index: Some(index) }),
    ];
    bodies.map(|(name, body)| (name, Message { from: S1, to: ServerId(2), term, body })).to_vec()
}

#[test]
fn messages_are_called_what_the_paper_calls_them_and_come_back_from_json_as_they_were() {
    let mut names = BTreeSet::new();
    for (name, message) in messages() {
        assert_eq!(message.name(), name);
        names.insert(name);
        let written = serde_json::to_string(&message).unwrap();
        assert_eq!(serde_json::from_str::<Message>(&written).unwrap(), message, "{written}");
    }
    assert_eq!(names.len(), 11);
}

#[test]
fn a_disk_comes_back_from_json_as_it_was() {
    let last_included = EntryId::new(4, 2);
    let snapshot = Snapshot { last_included, configuration: Arc::new(joint()), data: Arc::from(*b"state") };
    let mut log = Log::after(last_included);
    log.extend([Entry::command(Term(2), "a"), Entry::noop(Term(3)), Entry::configuration(Term(3), joint())]);
    let disk = Durable { current_term: Term(3), voted_for: Some(S1), snapshot: Some(snapshot), log };
    let written = serde_json::to_string(&disk).unwrap();
    let read: Durable = serde_json::from_str(&written).unwrap();
    assert_eq!(read, disk);
    assert_eq!(format!("{read:?}"), format!("{disk:?}"));
    let started = Server::start(S1, Configuration::unknown(), Options::default(), read, Time(0)).unwrap();
    assert_eq!((started.id(), started.configuration()), (S1, &joint()));
    assert_eq!(started.options(), &Options::default());
    let empty: Durable =
        serde_json::from_str(r#"{"current_term":0,"voted_for":null,"log":{"base":{"index":0,"term":0},"entries":[]}}"#)
            .unwrap();
    assert_eq!(empty, Durable::default());
}

#[test]
fn a_configuration_that_cannot_be_is_not_read() {
    let read = |text| serde_json::from_str::<Configuration>(text).map_err(|why| why.to_string());
    let nobody_decides = read(r#"{"voters":[],"learners":[1]}"#).unwrap_err();
    assert!(nobody_decides.starts_with(&InvalidConfiguration::Empty.to_string()));
    assert_eq!(read(r#"{"voters":[]}"#), Ok(Configuration::unknown()), "a server that joins knows nobody");
    assert!(read(r#"{"voters":[1,1]}"#).unwrap_err().contains("S1 stands twice"));
    assert!(read(r#"{"voters":[1],"old":[]}"#).unwrap_err().contains("no voter"));
    assert!(read(r#"{"voters":[1],"learner":[2]}"#).unwrap_err().contains("unknown field"));
    assert_eq!(read(r#"{"voters":[2,1]}"#), Ok(Configuration::of_voters([1, 2].map(ServerId)).unwrap()));
    assert_eq!(
        serde_json::to_string(&joint()).unwrap(),
        r#"{"voters":[3,4],"old":[1,2,3],"learners":[5],"stays_joint":true}"#
    );
}

#[test]
fn logs_that_hold_the_same_are_the_same_however_they_came_about() {
    use std::hash::{BuildHasher, RandomState};
    let one_by_one: Log = (1..=100).map(|at| Entry::command(Term(1 + at / 60), format!("{at}").as_str())).collect();
    let mut in_runs = Log::default();
    in_runs.extend(one_by_one.from(Index(1)));
    let json = serde_json::to_string(&one_by_one).unwrap();
    let read: Log = serde_json::from_str(&json).unwrap();
    let hasher = RandomState::new();
    for other in [in_runs, read] {
        assert_eq!(one_by_one, other);
        assert_eq!(hasher.hash_one(&one_by_one), hasher.hash_one(&other));
    }
    let shorter: Log = one_by_one.from(Index(1)).take(99).collect();
    assert_ne!(one_by_one, shorter);
    assert!(Log::after(E).is_empty() && !shorter.is_empty());
}

#[test]
fn a_refusal_says_what_was_wrong_what_was_found_and_what_was_expected() {
    let table = [
        (Rejected::NotAVoter, "this server is not a voter of its configuration"),
        (
            Rejected::NothingCommittedInTerm { term: Term(3) },
            "nothing of term 3 is committed yet; members can change after that",
        ),
        (Rejected::TermsUsedUp, "no term is left: the limit is 9007199254740991"),
        (
            Rejected::UnknownSave { claimed: SaveNumber(9), issued: SaveNumber(2) },
            "save 9 was reported done; the last one asked for is 2",
        ),
        (Rejected::NotLeader { leader: None }, "not the leader, and none is known"),
        (Rejected::BatchSize { found: 0 }, "a batch of 0 commands; expected 1 to 1073741824"),
        (
            Rejected::CannotCompact { upto: Index(4), snapshot: Index(2), applied: Index(3) },
            "a snapshot up to 4; expected an index after 2 and up to 3",
        ),
    ];
    for (refusal, text) in table {
        assert_eq!(refusal.to_string(), text);
    }
    assert_eq!(tally().to_string(), "2 of 2 and 1 of 3 old");
    assert_eq!(Tally { old: None, ..tally() }.to_string(), "2 of 2");
    assert_eq!(
        (E.to_string(), S1.to_string(), format!("{T:?}")),
        ("1.1".to_owned(), "S1".to_owned(), "Term(1)".to_owned())
    );
    let commands = [Command::from("x=1"), Command::from(&[0xff, 0x00][..])];
    assert_eq!(commands.map(|command| format!("{command:?}")), ["\"x=1\"", "[ff, 00]"]);
}

#[test]
fn a_disk_that_does_not_fit_together_says_why() {
    let start = |disk| Server::start(S1, Configuration::unknown(), Options::default(), disk, Time(0)).map(drop);
    let of = |last_included| Snapshot { last_included, configuration: Arc::new(joint()), data: Arc::from(*b"") };
    let disk = |snapshot: Option<EntryId>, base| Durable {
        current_term: Term(3),
        voted_for: None,
        snapshot: snapshot.map(of),
        log: Log::after(base),
    };
    assert_eq!(start(disk(Some(E), E)), Ok(()));
    for (snapshot, base) in [(None, E), (Some(E), EntryId::START), (Some(E), EntryId::new(2, 1))] {
        let why = start(disk(snapshot, base)).unwrap_err();
        let expected = InvalidStart::SnapshotElsewhere { snapshot: snapshot.unwrap_or(EntryId::START), base };
        assert_eq!(why, expected);
        assert!(why.to_string().contains(&format!("begins after entry {base}")), "{why}");
    }
    let too_far = EntryId { index: Index::LIMIT.next(), term: T };
    let why = start(disk(Some(too_far), too_far)).unwrap_err();
    assert_eq!(why.to_string(), "the log reaches to 9007199254740992; expected at most 9007199254740991");
    let from_the_future = EntryId::new(1, 4);
    assert!(start(disk(Some(from_the_future), from_the_future)).unwrap_err().to_string().contains("term 4"));
}
