//! What the properties of Figure 3 rest on, broken by hand in the smallest way there is.

use raft_core::{AppendOutcome, Body, Durable, Message, Round, SnapshotOutcome};

use super::tests::{ALL, NOW, S1, S2, S3, Upto, assert_violated, checkers, three_committed};
use super::*;

fn message(from: ServerId, to: ServerId, term: u64, body: Body) -> Message {
    Message { from, to, term: Term(term), body }
}

fn disk(term: u64, voted_for: Option<ServerId>, log: &[u64]) -> Durable {
    let log = log.iter().map(|&term| raft_core::Entry::noop(Term(term))).collect();
    Durable { current_term: Term(term), voted_for, log, snapshot: None }
}

fn grants(to: ServerId, term: u64) -> Message {
    message(S1, to, term, Body::RequestVoteReply { vote_granted: true })
}

fn asks(term: u64) -> Message {
    let body = Body::RequestVote { leadership_transfer: false, last_log_index: Index(1), last_log_term: Term(1) };
    message(S1, S2, term, body)
}

fn acknowledges(index: u64, term: u64) -> Message {
    let outcome = AppendOutcome::Success { match_index: Index(index) };
    message(S1, S2, term, Body::AppendEntriesReply { outcome, round: Round(1) })
}

#[test]
fn one_vote_per_term_a_second_vote_is_found_also_after_a_restart_and_one_for_itself_counts() {
    let mut checkers = checkers();
    checkers.sent(NOW, &grants(S2, 8), &disk(8, Some(S2), &[1])).unwrap();
    checkers.sent(NOW, &grants(S2, 8), &disk(8, Some(S2), &[1])).unwrap();
    checkers.started(NOW, S1, Term(8), &disk(8, None, &[1]).log).unwrap();
    let text = "S1 has voted for S2 and for S3 in term 8.";
    let again = checkers.clone().sent(NOW, &grants(S3, 8), &disk(8, Some(S3), &[1]));
    assert_violated(again, Property::OneVotePerTerm, text);
    let text = "S1 has voted for S2 and for S1 in term 8.";
    let stands = checkers.clone().sent(NOW, &asks(8), &disk(8, Some(S1), &[1]));
    assert_violated(stands, Property::OneVotePerTerm, text);
    checkers.in_term(NOW, S1, Term(9)).unwrap();
    checkers.sent(NOW, &grants(S3, 9), &disk(9, Some(S3), &[1])).unwrap();
}

#[test]
fn terms_never_fall_a_server_that_goes_back_is_found_and_a_message_ahead_of_its_sender() {
    let checkers = checkers();
    let text = "S1 has gone back from term 9 to term 8.";
    assert_violated(checkers.clone().in_term(NOW, S1, Term(8)), Property::TermsNeverFall, text);
    let mut restarted = checkers.clone();
    restarted.started(NOW, S1, Term(3), &disk(3, None, &[1]).log).unwrap();
    let ahead = restarted.sent(NOW, &asks(4), &disk(4, Some(S1), &[1]));
    assert_violated(ahead, Property::TermsNeverFall, "S1 sends a message of term 4, and is in term 3.");
    let mut spoke = checkers;
    spoke.sent(NOW, &acknowledges(1, 9), &disk(9, None, &[1])).unwrap();
    let fell = spoke.started(NOW, S1, Term(8), &disk(8, None, &[1]).log);
    let text = "S1 starts again in term 8; it had sent messages in term 9.";
    assert_violated(fell, Property::TermsNeverFall, text);
}

#[test]
fn terms_never_fall_along_a_log_and_are_not_ahead_of_the_server() {
    let mut checkers = checkers();
    checkers.wrote_noops(S1, None, Index(2), &[3]).unwrap();
    let falls = checkers.clone().wrote_noops(S1, None, Index(3), &[2]);
    let text = "S1 has an entry of term 2 at index 3, behind one of term 3.";
    assert_violated(falls, Property::TermsNeverFall, text);
    let ahead = checkers.wrote_noops(S1, None, Index(3), &[10]);
    assert_violated(ahead, Property::TermsNeverFall, "S1 has an entry of term 10 at index 3, and is in term 9.");
}

#[test]
fn what_others_wrote_before_is_looked_at_where_it_stands_elsewhere_or_is_ahead_of_its_server() {
    let mut checkers = checkers();
    checkers.in_term(NOW, S1, Term(12)).unwrap();
    checkers.won(NOW, S1, Term(12)).unwrap();
    checkers.wrote_noops(S1, Some(Term(12)), Index(2), &[12]).unwrap();
    let text = "S2 has an entry of term 12 at index 2, and is in term 9.";
    assert_violated(checkers.wrote_noops(S2, None, Index(2), &[12]), Property::TermsNeverFall, text);
    checkers.in_term(NOW, S2, Term(12)).unwrap();
    checkers.wrote_noops(S2, None, Index(2), &[12]).unwrap();
    // A leader that has in its log what another wrote is no author of it.
    checkers.in_term(NOW, S3, Term(13)).unwrap();
    checkers.won(NOW, S3, Term(13)).unwrap();
    let leadership = |checkers: &Checkers| checkers.leaderships[&Term(13)].wrote;
    checkers.wrote_noops(S3, Some(Term(13)), Index(2), &[12]).unwrap();
    assert_eq!(leadership(&checkers), Index::ZERO);
    // The same entries again, in the place of those that are there: nothing stands behind them any more.
    checkers.wrote_noops(S2, None, Index(3), &[12]).unwrap_err();
    checkers.wrote_noops(S1, Some(Term(12)), Index(3), &[12]).unwrap();
    checkers.wrote_noops(S2, None, Index(3), &[12]).unwrap();
    checkers.wrote_noops(S2, None, Index(2), &[12]).unwrap();
    assert_eq!(checkers.ghosts[at(S2)].log.last(), Index(2));
    let text = "S3 has an entry at index 4; its log ended at index 2.";
    assert_violated(checkers.wrote_noops(S3, None, Index(4), &[12]), Property::LogMatching, text);
}

#[test]
fn one_author_per_term_entries_before_the_election_or_beyond_the_leaders_are_found() {
    let mut checkers = checkers();
    for server in [S1, S2, S3] {
        checkers.in_term(NOW, server, Term(12)).unwrap();
    }
    let early = checkers.clone().wrote_noops(S2, None, Index(2), &[11]);
    let text = "S2 has an entry of term 11 at index 2, and nobody was elected in that term.";
    assert_violated(early, Property::OneAuthorPerTerm, text);
    checkers.won(NOW, S1, Term(11)).unwrap();
    checkers.wrote_noops(S1, Some(Term(11)), Index(2), &[11, 11]).unwrap();
    checkers.wrote_noops(S2, None, Index(2), &[11, 11]).unwrap();
    let beyond = checkers.clone().wrote_noops(S2, None, Index(4), &[11]);
    let text = "S2 has an entry of term 11 at index 4; S1, who led that term, wrote none behind index 3.";
    assert_violated(beyond, Property::OneAuthorPerTerm, text);
    // Once it leads no more, what it has of its term comes from no one.
    let later = checkers.wrote_noops(S1, None, Index(4), &[11]);
    assert_eq!(later.unwrap_err().property, Property::OneAuthorPerTerm);
}

#[test]
fn indexes_never_fall_a_commit_index_taken_back_within_a_life_is_found() {
    let mut checkers = three_committed();
    let back = checkers.clone().commits(NOW, S1, Index(2));
    assert_violated(back, Property::IndexesNeverFall, "S1 has taken its commit index back from 3 to 2.");
    checkers.started(NOW, S1, Term(9), &disk(9, None, &[1, 1, 2]).log).unwrap();
    checkers.commits(NOW, S1, Index(2)).unwrap();
}

#[test]
fn own_term_commit_a_leader_that_counts_copies_of_an_older_entry_is_found() {
    let mut checkers = checkers();
    checkers.wrote_noops(S1, Some(Term(4)), Index(2), &[2, 4]).unwrap();
    let text = "S1 leads term 4 and finds index 2 committed, an entry of term 2.";
    let early = checkers.clone().leader_commits(NOW, S1, Term(4), Index(2), &ALL);
    assert_violated(early, Property::OwnTermCommit, text);
    let mut without = checkers.clone();
    without.without_rules(&[raft_core::Rule::CommitOnlyOwnTermByCount]);
    without.leader_commits(NOW, S1, Term(4), Index(2), &ALL).unwrap();
    checkers.leader_commits(NOW, S1, Term(4), Index(3), &ALL).unwrap();
}

#[test]
fn durable_before_sent_what_a_disk_does_not_hold_is_not_promised() {
    let checkers = checkers();
    let first = |message: &Message, disk: &Durable| checkers.clone().sent(NOW, message, disk);
    let nothing = |result: Check, text: &str| assert_violated(result, Property::DurableBeforeSent, text);
    nothing(first(&grants(S2, 9), &disk(9, None, &[1])), "S1 votes for S2 in term 9, which its disk does not hold.");
    nothing(
        first(&grants(S2, 9), &disk(9, Some(S3), &[1])),
        "S1 votes for S2 in term 9, which its disk does not hold.",
    );
    nothing(first(&asks(9), &disk(9, None, &[1])), "S1 votes for S1 in term 9, which its disk does not hold.");
    nothing(first(&grants(S2, 9), &disk(8, Some(S2), &[1])), "S1 sends a message of term 9; its disk is in term 8.");
    let text = "S1 acknowledges all up to index 2; its disk holds no more than 1.";
    nothing(first(&acknowledges(2, 9), &disk(9, None, &[1])), text);
    let installed = |index| {
        let (last_included_index, outcome) = (Index(index), SnapshotOutcome::Installed);
        message(S1, S2, 9, Body::InstallSnapshotReply { last_included_index, outcome, round: Round(1) })
    };
    nothing(first(&installed(2), &disk(9, None, &[1])), text);

    first(&acknowledges(1, 9), &disk(9, None, &[1])).unwrap();
    first(&installed(1), &disk(9, None, &[1])).unwrap();
    // The disk has gone on since the message was written.
    first(&grants(S2, 8), &disk(9, None, &[])).unwrap();
    first(&acknowledges(2, 8), &disk(9, None, &[1])).unwrap();
}

#[test]
fn committed_is_durable_a_leader_that_commits_what_no_quorum_has_on_disk_is_found() {
    let mut checkers = checkers();
    checkers.wrote_noops(S1, Some(Term(4)), Index(2), &[4]).unwrap();
    let text = "S1 leads term 4 and finds index 2 committed, which is on 1 of 2 disks that a quorum takes.";
    let early = checkers.clone().leader_commits(NOW, S1, Term(4), Index(2), &Upto([2, 1, 1]));
    assert_violated(early, Property::CommittedIsDurable, text);
    checkers.leader_commits(NOW, S1, Term(4), Index(2), &Upto([1, 2, 2])).unwrap();
}

#[test]
fn what_a_quorum_of_disks_has_lost_is_found_with_the_first_entry_and_whether_a_client_was_told() {
    let mut checkers = three_committed();
    checkers.acknowledged(NOW, S1, EntryId::new(2, 1)).unwrap();
    checkers.stopped(NOW, S2, &Upto([3, 0, 3])).unwrap();
    let text = "S2, S3 are a quorum, and no disk of theirs holds the entry at index 3 any more since S3's lost it; it is \
                committed.";
    let lost = checkers.clone().stopped(NOW, S3, &Upto([3, 2, 2]));
    assert_violated(lost, Property::CommittedIsDurable, text);
    let text = "S2, S3 are a quorum, and no disk of theirs holds the entry at index 2 any more since S3's lost it; a \
                client was told that it is written.";
    let lost = checkers.clone().stopped(NOW, S3, &Upto([3, 1, 0]));
    assert_violated(lost, Property::AcknowledgedWritesSurvive, text);
    // A save that takes the place of what was there is looked at, and one that only adds is not.
    checkers.saved(NOW, S3, EntryId::new(3, 2), &Upto([3, 3, 3])).unwrap();
    checkers.saved(NOW, S3, EntryId::new(4, 2), &Upto([3, 0, 0])).unwrap();
    assert!(checkers.clone().saved(NOW, S3, EntryId::new(3, 2), &Upto([3, 0, 0])).is_err());
    assert!(checkers.saved(NOW, S3, EntryId::new(5, 3), &Upto([3, 0, 0])).is_err());
}

#[test]
fn acknowledged_writes_survive_a_client_that_is_told_before_the_commit_is_found() {
    let mut checkers = three_committed();
    checkers.wrote_noops(S1, None, Index(4), &[2]).unwrap();
    let text = "S1 tells a client that its write stands at index 4, which is not committed.";
    let early = checkers.clone().acknowledged(NOW, S1, EntryId::new(4, 2));
    assert_violated(early, Property::AcknowledgedWritesSurvive, text);
    assert!(checkers.acknowledged(NOW, S1, EntryId::new(3, 1)).is_err(), "another entry is committed there");
}

#[test]
fn membership_safety_configurations_that_can_decide_apart_are_found() {
    let mut checkers = checkers();
    let of = |servers: &[ServerId]| Arc::new(Configuration::of_voters(servers.iter().copied()).unwrap());
    let append = |checkers: &mut Checkers, servers: &[ServerId]| {
        let entries = raft_core::Entries::new(Term(1), [Payload::Configuration(of(servers))]);
        checkers.wrote(NOW, S1, Index(2), &entries)
    };
    append(&mut checkers.clone(), &[S1, S2]).unwrap();
    append(&mut checkers.clone(), &[S1, S2, S3, ServerId(4)]).unwrap();
    let text = "S1 has a configuration at index 2 that can decide without a server of the one before it.";
    let apart = append(&mut checkers.clone(), &[S3]);
    assert_violated(apart, Property::MembershipSafety, text);
    let many: Vec<ServerId> = (1..=5).map(ServerId).collect();
    assert_violated(append(&mut checkers, &many), Property::MembershipSafety, text);
}
