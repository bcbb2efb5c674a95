//! What each rule guards against: the same story with the rule and without it.
//!
//! The rules of elections and of Figures 8 and 9 have their stories in `elections.rs`, `replication.rs` and
//! `commitment.rs`, those of members, snapshots and reads in the files named after them; here are the others, and a check
//! that none was forgotten.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::{AppendOutcome, Body, Index, Input, Message, Options, Role, Round, Rule, SaveNumber, ServerId, Term};
use raft_tests::{Cluster, as_in_the_figures, entries_of, is_vote, without};

/// The properties that the story breaks with the rule and without it.
fn told(rule: Rule, story: impl Fn(&Options) -> Vec<String>) -> [Vec<String>; 2] {
    [story(&as_in_the_figures()), story(&without(rule, as_in_the_figures()))]
}

#[track_caller]
fn assert_guards(property: &str, [with, without]: [Vec<String>; 2]) {
    assert_eq!(with, Vec::<String>::new(), "the rule is followed, and something broke");
    assert!(without.first().is_some_and(|first| first.starts_with(property)), "without the rule: {without:?}");
}

fn three(term: u64, logs: [&[u64]; 3], options: &Options) -> Cluster {
    Cluster::with_logs(term, &logs, options).unwrap()
}

/// S3 votes for S1, restarts, and is asked by S2 in the same term.
fn votes_twice_over_a_restart(options: &Options) -> Vec<String> {
    let mut cluster = three(0, [&[], &[], &[]], options);
    cluster.time_out(1);
    cluster.time_out(2);
    cluster.deliver_one(|message| message.from.0 == 1 && message.to.0 == 3);
    cluster.crash(3);
    cluster.restart(3).unwrap();
    cluster.deliver_one(|message| message.from.0 == 2 && message.to.0 == 3);
    cluster.deliver(|message| message.from.0 == 3);
    cluster.violations
}

#[test]
fn a_vote_that_is_not_persisted_is_given_twice() {
    assert_guards("Election Safety", told(Rule::VotePersisted, votes_twice_over_a_restart));
}

#[test]
fn a_term_that_is_not_persisted_is_lived_twice() {
    assert_guards("Election Safety", told(Rule::TermPersisted, votes_twice_over_a_restart));
}

#[test]
fn a_refusal_that_counts_elects_two_leaders() {
    let story = |options: &Options| {
        let mut cluster = three(0, [&[], &[], &[]], options);
        cluster.time_out(1);
        cluster.time_out(2);
        cluster.deliver(is_vote);
        cluster.violations
    };
    assert_guards("Election Safety", told(Rule::OnlyGrantedVotesCount, story));
}

#[test]
fn a_vote_of_an_older_term_that_counts_elects_two_leaders() {
    let story = |options: &Options| {
        let mut cluster = three(0, [&[], &[], &[]], options);
        cluster.time_out(1);
        cluster.deliver_one(|message| message.to.0 == 3);
        let late = cluster.network.iter().find(|message| message.from.0 == 3).unwrap().clone();
        cluster.lose_all();
        // S1 stands again in term 2, S2 wins term 2 with S3, and then S3's vote of term 1 arrives.
        cluster.time_out(1);
        cluster.lose_all();
        cluster.time_out(2);
        cluster.time_out(2);
        cluster.deliver(|message| message.term == Term(2) && [message.from.0, message.to.0].contains(&3));
        cluster.step(1, Input::Receive(late)).unwrap();
        cluster.violations
    };
    assert_guards("Election Safety", told(Rule::VotesOfThisTermOnly, story));
}

#[test]
fn a_leader_that_a_higher_term_does_not_depose_leads_it_beside_another() {
    let story = |options: &Options| {
        let mut cluster = three(0, [&[], &[], &[]], options);
        assert!(cluster.elect(1, &[1, 2, 3]));
        cluster.elect(2, &[1, 2, 3]);
        cluster.violations
    };
    assert_guards("Election Safety", told(Rule::HigherTermDeposes, story));
}

#[test]
fn an_acknowledgement_before_the_disk_loses_a_committed_entry() {
    let story = |options: &Options| {
        let mut cluster = three(0, [&[], &[], &[]], options);
        assert!(cluster.elect(1, &[1, 2, 3]));
        cluster.disks_are_instant = false;
        cluster.propose(1, "x").unwrap();
        cluster.finish_saves(1);
        cluster.deliver(|message| message.to.0 == 2 || message.from.0 == 2);
        // S2's write is lost with its power; S1 crashes, and S2 and S3 go on without the entry.
        cluster.crash(2);
        cluster.restart(2).unwrap();
        cluster.disks_are_instant = true;
        cluster.crash(1);
        assert!(cluster.elect(3, &[2, 3]));
        cluster.propose(3, "y").unwrap();
        cluster.deliver_among(&[2, 3]);
        cluster.violations
    };
    assert_guards("State Machine Safety", told(Rule::EntriesPersistedBeforeAck, story));
}

#[test]
fn an_acknowledgement_of_the_own_length_counts_another_leaders_entries() {
    let story = |options: &Options| {
        // S2's second entry is a deposed leader's. S1 leads term 3.
        let mut cluster = three(2, [&[1], &[1, 2], &[1]], options);
        cluster.time_out(1);
        cluster.deliver(|message| is_vote(message) && (message.to.0 == 3 || message.from.0 == 3));
        assert!(cluster.server(1).is_leader());
        // Its first append reaches up to entry 1, which both have. The answer comes after S1 has appended entry 2.
        cluster.deliver_one(|message| message.to.0 == 2 && !is_vote(message));
        cluster.propose(1, "x").unwrap();
        cluster.deliver_one(|message| message.from.0 == 2 && !is_vote(message));
        cluster.lose_all();
        // S1 crashes; S2 wins with its own entry 2, and commits it along with an entry of its own term.
        cluster.crash(1);
        assert!((0..5).any(|_| cluster.elect(2, &[2, 3])));
        cluster.propose(2, "y").unwrap();
        cluster.deliver_among(&[2, 3]);
        cluster.violations
    };
    assert_guards("State Machine Safety", told(Rule::AckNamesWhatAppendReached, story));
}

#[test]
fn a_hint_that_counts_as_a_match_commits_what_nobody_else_holds() {
    // S1 leads term 3 with entries 2 and 3 of that term; S2 holds one entry of term 2 in the place of entry 2.
    let matched = |options: &Options| {
        let mut cluster = three(3, [&[1, 3, 3], &[1, 2], &[1]], options);
        cluster.time_out(1);
        cluster.deliver(|message| is_vote(message) && (message.to.0 == 3 || message.from.0 == 3));
        cluster.deliver_one(|message| message.to.0 == 2 && !is_vote(message));
        cluster.deliver_one(|message| message.from.0 == 2 && !is_vote(message));
        cluster.progress(1, 2).unwrap()
    };
    assert_eq!(matched(&as_in_the_figures()), (3, 0), "the place to look next, and nothing known");
    let broken = matched(&without(Rule::HintIsNoMatch, as_in_the_figures()));
    assert_eq!(broken, (3, 2), "S2's entry 2 is another, and counts as held");
}

#[test]
fn an_acknowledgement_from_an_older_leadership_counts_entries_that_are_gone() {
    // What the acknowledgement of term 1 moves in the leadership of term 2.
    let matched = |options: &Options| {
        let mut cluster = three(1, [&[1, 1], &[1], &[1]], options);
        assert!(cluster.elect(1, &[1, 3]));
        let late = Message {
            from: ServerId(2),
            to: ServerId(1),
            term: Term(1),
            body: Body::AppendEntriesReply {
                outcome: AppendOutcome::Success { match_index: Index(2) },
                round: Round(0),
            },
        };
        cluster.step(1, Input::Receive(late)).unwrap();
        cluster.progress(1, 2).unwrap().1
    };
    assert_eq!(matched(&as_in_the_figures()), 0);
    assert_eq!(matched(&without(Rule::AppendReplyTermChecked, as_in_the_figures())), 2);
}

#[test]
fn a_deposed_leader_whose_appends_are_accepted_replaces_committed_entries() {
    let story = |options: &Options| {
        let mut cluster = three(0, [&[], &[], &[]], options);
        assert!(cluster.elect(1, &[1, 2, 3]));
        cluster.propose(1, "old").unwrap();
        let late = cluster.network.iter().find(|message| message.to.0 == 2).unwrap().clone();
        cluster.lose_all();
        // S3 wins term 2, and its entry is committed with S2; then the append of term 1 arrives there.
        assert!(cluster.elect(3, &[2, 3]));
        cluster.propose(3, "new").unwrap();
        cluster.deliver_among(&[2, 3]);
        cluster.step(2, Input::Receive(late)).unwrap();
        cluster.lose_all();
        // S3 crashes, and S1, restarted, stands with what it has.
        cluster.crash(3);
        cluster.crash(1);
        cluster.restart(1).unwrap();
        if (0..3).any(|_| cluster.elect(1, &[1, 2])) {
            cluster.propose(1, "newer").unwrap();
            cluster.deliver_among(&[1, 2]);
        }
        cluster.violations
    };
    assert_guards("State Machine Safety", told(Rule::OldTermAppendRefused, story));
}

#[test]
fn an_overwritten_write_that_counts_vouches_for_other_entries() {
    let durable = |options: &Options| {
        let mut cluster = three(1, [&[], &[], &[]], options);
        cluster.disks_are_instant = false;
        let append = |term, prev: (u64, u64), new| Message {
            from: ServerId(1),
            to: ServerId(2),
            term: Term(term),
            body: Body::AppendEntries {
                prev_log_index: Index(prev.0),
                prev_log_term: Term(prev.1),
                entries: new,
                leader_commit: Index(0),
                round: Round(1),
            },
        };
        cluster.step(2, Input::Receive(append(1, (0, 0), entries_of(1, 1..=3)))).unwrap();
        cluster.step(2, Input::Receive(append(2, (1, 1), entries_of(2, 2..=3)))).unwrap();
        cluster.step(2, Input::Saved(SaveNumber(1))).unwrap();
        cluster.server(2).durable_index()
    };
    assert_eq!(durable(&as_in_the_figures()), Index(1), "only the first entry is in both writes");
    let broken = durable(&without(Rule::OverwrittenWriteMarksNothing, as_in_the_figures()));
    assert_eq!(broken, Index(3), "entries 2 and 3 of term 2 are not on disk at all");
}

#[test]
fn a_timer_that_every_request_sets_anew_keeps_the_right_one_from_standing() {
    let stood = |options: &Options| {
        // S2's log is older: it asks in vain. S1, whose log is newer, must time out in spite of it.
        let mut cluster = three(1, [&[1, 1], &[1], &[1]], options);
        let due = cluster.server(1).election_timer().unwrap().deadline;
        cluster.pass(1, due);
        cluster.time_out(2);
        cluster.deliver_one(|message| message.to.0 == 1);
        cluster.step(1, Input::WakeUp).unwrap();
        matches!(cluster.server(1).role(), Role::Candidate { .. })
    };
    assert!(stood(&as_in_the_figures()));
    assert!(!stood(&without(Rule::TimerResetOnlyByLeaderOrVote, as_in_the_figures())));
}

#[test]
fn a_pre_vote_that_counts_as_contact_keeps_a_dead_leader_alive() {
    let granted = |options: Options| {
        let options = Options { pre_vote: true, ..options };
        let mut cluster = three(0, [&[], &[], &[]], &options);
        assert!(cluster.elect(1, &[1, 2, 3]));
        cluster.crash(1);
        // S2's leader is silent for long enough. S2 grants S3 a Pre-Vote, which gets lost, and S3 asks again.
        let due = cluster.server(2).election_timer().unwrap().deadline;
        cluster.pass(2, due);
        cluster.pass(3, due);
        for _ in 0..2 {
            cluster.lose_all();
            cluster.time_out(3);
            cluster.deliver_one(|message| message.to.0 == 2);
        }
        let reply = cluster.network.last().map(|message| message.body.clone());
        matches!(reply, Some(Body::PreVoteReply { vote_granted: true, .. }))
    };
    assert!(granted(as_in_the_figures()));
    assert!(!granted(without(Rule::PreVoteIsNoContact, as_in_the_figures())));
}

/// S1 and S2 begin with these logs; S2 leads, and what it appends is committed with S3's copy. Then S1 stands.
fn an_older_log_stands(logs: [&[u64]; 3], options: &Options) -> Vec<String> {
    let mut cluster = three(8, logs, options);
    assert!(cluster.elect(2, &[2, 3]));
    cluster.propose(2, "new").unwrap();
    cluster.deliver_among(&[2, 3]);
    assert_eq!(cluster.server(2).commit_index(), cluster.server(2).log().last_index());
    cluster.crash(2);
    if (0..3).any(|_| cluster.elect(1, &[1, 3])) {
        cluster.propose(1, "other").unwrap();
        cluster.deliver_among(&[1, 3]);
    }
    cluster.violations
}

#[test]
fn a_longer_log_of_older_terms_that_wins_erases_committed_entries() {
    let story = |options: &Options| an_older_log_stands([&[5, 6, 7, 7], &[5, 8], &[5, 8]], options);
    assert_guards("State Machine Safety", told(Rule::LastTermComparedFirst, story));
}

#[test]
fn a_shorter_log_of_the_same_term_that_wins_erases_committed_entries() {
    let story = |options: &Options| {
        // S2 leads term 1. All have its first entry; the second is committed with S3's copy.
        let mut cluster = three(0, [&[], &[], &[]], options);
        assert!(cluster.elect(2, &[1, 2, 3]));
        cluster.propose(2, "a").unwrap();
        cluster.deliver_among(&[1, 2, 3]);
        cluster.propose(2, "b").unwrap();
        cluster.deliver_among(&[2, 3]);
        assert_eq!(cluster.server(2).commit_index(), Index(2));
        cluster.crash(2);
        if cluster.elect(1, &[1, 3]) {
            cluster.propose(1, "c").unwrap();
            cluster.deliver_among(&[1, 3]);
        }
        cluster.violations
    };
    assert_guards("State Machine Safety", told(Rule::ThenLengthCompared, story));
}

#[test]
fn a_vote_forgotten_at_the_sight_of_the_leader_is_given_again() {
    let story = |options: &Options| {
        let mut cluster = three(0, [&[], &[], &[]], options);
        cluster.time_out(1);
        cluster.time_out(2);
        // S1 wins with S3's vote and shows itself there; then S2's request of the same term arrives.
        cluster
            .deliver(|message| [message.from.0, message.to.0] != [2, 3] && [message.from.0, message.to.0].contains(&3));
        assert!(cluster.server(1).is_leader());
        assert_eq!(cluster.server(3).leader(), Some(ServerId(1)));
        cluster.deliver(|message| message.to.0 == 3 || message.from.0 == 3);
        cluster.violations
    };
    assert_guards("Election Safety", told(Rule::VoteKeptWithinItsTerm, story));
}

/// No two servers lead by it in this story, because S2 has gone on; but S3 has voted twice, which is how it begins.
#[test]
fn a_crash_between_writing_the_vote_and_the_term_leaves_a_vote_that_was_never_given() {
    let votes_of_term_1 = |options: &Options| {
        let mut cluster = three(0, [&[], &[], &[]], options);
        let mut given = Vec::new();
        cluster.time_out(1);
        cluster.time_out(2);
        let late = cluster.network.iter().find(|message| message.from.0 == 2 && message.to.0 == 3).unwrap().clone();
        cluster.deliver_one(|message| message.from.0 == 1 && message.to.0 == 3);
        given.extend(cluster.network.drain(..).filter(|message| message.from.0 == 3));
        // S2 asks again in term 2. S3's disk fails after the first write that comes of it, if it comes to one at all.
        cluster.time_out(2);
        cluster.disks_are_instant = false;
        cluster.deliver_one(|message| message.term == Term(2) && message.to.0 == 3);
        let writes_whole = {
            let mut whole = cluster.clone();
            whole.finish_one_save(3) && !whole.finish_one_save(3)
        };
        if !writes_whole {
            cluster.finish_one_save(3);
        }
        cluster.crash(3);
        cluster.restart(3).unwrap();
        cluster.disks_are_instant = true;
        cluster.lose_all();
        cluster.step(3, Input::Receive(late)).unwrap();
        given.append(&mut cluster.network);
        let granted = |message: &Message| message.body == Body::RequestVoteReply { vote_granted: true };
        given.iter().filter(|message| message.term == Term(1) && granted(message)).map(|message| message.to.0).collect()
    };
    let with: Vec<u32> = votes_of_term_1(&as_in_the_figures());
    assert_eq!(with, [1]);
    let broken = votes_of_term_1(&without(Rule::TermAndVoteInOneWrite, as_in_the_figures()));
    assert_eq!(broken, [1, 2], "S3's vote of term 1 is S1's");
}

#[test]
fn a_candidate_that_does_not_yield_deposes_the_leader_of_its_term() {
    let term_and_leader = |options: &Options| {
        let mut cluster = three(0, [&[], &[], &[]], options);
        cluster.time_out(1);
        cluster.time_out(2);
        cluster.deliver(|message| is_vote(message) && message.from.0 != 2 && message.to.0 != 2);
        assert!(cluster.server(1).is_leader());
        // S1's heartbeat reaches S2 just before S2's timer would run out.
        let due = cluster.server(2).election_timer().unwrap().deadline;
        cluster.pass(2, due);
        cluster.deliver_one(|message| message.to.0 == 2 && !is_vote(message));
        cluster.step(2, Input::WakeUp).unwrap();
        cluster.deliver(|_| true);
        (cluster.server(1).current_term(), cluster.server(1).is_leader())
    };
    assert_eq!(term_and_leader(&as_in_the_figures()), (Term(1), true));
    let broken = term_and_leader(&without(Rule::CandidateYieldsToLeader, as_in_the_figures()));
    assert_eq!(broken, (Term(2), false));
}

#[test]
fn an_acknowledgement_in_advance_counts_for_what_is_appended_later() {
    let story = |options: &Options| {
        let mut cluster = three(0, [&[], &[], &[]], options);
        assert!(cluster.elect(1, &[1, 2, 3]));
        let body =
            Body::AppendEntriesReply { outcome: AppendOutcome::Success { match_index: Index(1) }, round: Round(1) };
        let forged = Message { from: ServerId(2), to: ServerId(1), term: Term(1), body };
        let refused = cluster.step(1, Input::Receive(forged)).is_err();
        assert_eq!(refused, *options == as_in_the_figures());
        // Nobody but S1 ever holds its entry; S2 and S3 go on without it.
        cluster.propose(1, "x").unwrap();
        cluster.lose_all();
        cluster.crash(1);
        assert!(cluster.elect(2, &[2, 3]));
        cluster.propose(2, "y").unwrap();
        cluster.deliver_among(&[2, 3]);
        cluster.violations
    };
    assert_guards("State Machine Safety", told(Rule::AckBoundedByLog, story));
}

#[test]
fn what_a_follower_held_in_an_earlier_leadership_commits_what_it_does_not_hold() {
    let story = |options: &Options| {
        let mut cluster = Cluster::with_logs(0, &[&[], &[], &[], &[], &[]], options).unwrap();
        // S1 leads term 1; S2 alone acknowledges two entries.
        assert!(cluster.elect(1, &[1, 2, 3, 4, 5]));
        cluster.propose(1, "a").unwrap();
        cluster.propose(1, "b").unwrap();
        cluster.deliver_among(&[1, 2]);
        assert_eq!(cluster.progress(1, 2), Some((3, 2)));
        // S5 leads term 2; its one entry takes the place of both.
        assert!(cluster.elect(5, &[3, 4, 5]));
        cluster.propose(5, "c").unwrap();
        cluster.wake(5);
        cluster.deliver_among(&[1, 2, 3, 4, 5]);
        assert!((1..=5).all(|id| cluster.log(id) == [2]));
        // S1 leads term 3, and appends another second entry, which reaches S3.
        assert!(cluster.elect(1, &[1, 3, 4]));
        cluster.propose(1, "d").unwrap();
        cluster.deliver_among(&[1, 3]);
        assert_eq!((cluster.log(1), cluster.log(2), cluster.log(3)), (vec![2, 3], vec![2], vec![2, 3]));
        // S1 crashes. S2 leads term 4 with S4 and S5, who have not heard of that entry either.
        cluster.crash(1);
        assert!((0..3).any(|_| cluster.elect(2, &[2, 4, 5])));
        cluster.propose(2, "e").unwrap();
        cluster.deliver_among(&[2, 4, 5]);
        cluster.violations
    };
    assert_guards("State Machine Safety", told(Rule::MatchStartsAtZero, story));
}
