//! What each rule of changing members guards against: the same story with the rule and without it.
//!
//! The stories of Figures 10 and 11 and of the bug of 2015 are in `membership.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::{CommitReason, EntryId, Event, Index, Options, Rule};
use raft_tests::{Cluster, as_in_the_figures, led, without};

/// The properties that the story breaks with the rule and without it.
fn told(rule: Rule, options: &Options, story: impl Fn(&Options) -> Vec<String>) -> [Vec<String>; 2] {
    [story(options), story(&without(rule, options.clone()))]
}

#[track_caller]
fn assert_guards(property: &str, [with, without]: [Vec<String>; 2]) {
    assert_eq!(with, Vec::<String>::new(), "the rule is followed, and something broke");
    assert!(without.first().is_some_and(|first| first.starts_with(property)), "without the rule: {without:?}");
}

fn restart(cluster: &mut Cluster, id: u32) {
    cluster.crash(id);
    cluster.restart(id).unwrap();
    cluster.lose_all();
}

#[test]
fn without_the_old_majority_the_new_one_commits_what_the_old_one_replaces() {
    let story = |options: &Options| {
        let mut cluster = led(3, 2, options);
        cluster.change_voters(1, &[1, 2, 3, 4, 5]).unwrap();
        cluster.deliver_among(&[1, 4, 5]);
        // S1 is cut off with the new ones. S2 and S3 know nothing of them.
        assert!(cluster.elect(3, &[2, 3]));
        cluster.propose(3, "y").unwrap();
        cluster.deliver_among(&[2, 3]);
        cluster.violations
    };
    assert_guards("State Machine Safety", told(Rule::JointNeedsBothMajorities, &Options::default(), story));
}

#[test]
fn a_configuration_that_waits_for_its_commit_is_forgotten_in_a_restart() {
    // S1 was alone and now is one of three. What is committed it does not know when it starts; what its log says it does.
    let story = |options: &Options| {
        let mut cluster = led(1, 2, options);
        cluster.change_voters(1, &[1, 2]).unwrap();
        cluster.deliver(|_| true);
        cluster.change_voters(1, &[1, 2, 3]).unwrap();
        for _ in 0..4 {
            cluster.beat(1);
        }
        assert_eq!([1, 2, 3].map(|id| cluster.configuration(id)), ["1 2 3"; 3]);
        restart(&mut cluster, 1);
        cluster.elect(1, &[1]);
        assert!(cluster.elect(2, &[2, 3]));
        cluster.violations
    };
    assert_guards("Election Safety", told(Rule::ConfigurationInForceWhenAppended, &Options::default(), story));
}

#[test]
fn a_truncated_configuration_that_counts_elects_a_second_leader() {
    let story = |options: &Options| {
        let mut cluster = led(4, 1, options);
        // S1 alone has the removal of S4, and S2's first entry takes its place.
        cluster.change_voters(1, &[1, 2, 3]).unwrap();
        cluster.lose_all();
        assert!(cluster.elect(2, &[2, 3, 4]));
        cluster.beat(2);
        assert_eq!(cluster.log(1), [1, 2]);
        // S2 adds S5 with the votes of S4 and S5. S1 and S3, two of three in what never happened, are two of four.
        cluster.change_voters(2, &[1, 2, 3, 4, 5]).unwrap();
        cluster.beat_among(2, &[2, 4, 5]);
        assert_eq!(cluster.server(2).commit_index(), Index(3));
        restart(&mut cluster, 2);
        assert!(cluster.elect(2, &[2, 4, 5]));
        cluster.elect(1, &[1, 3]);
        cluster.violations
    };
    assert_guards("Election Safety", told(Rule::ConfigurationUndoneWhenTruncated, &Options::default(), story));
}

#[test]
fn two_changes_at_once_commit_what_the_members_of_before_replace() {
    let story = |options: &Options| {
        let mut cluster = led(3, 2, options);
        let _ = cluster.change_voters(1, &[1, 2, 3, 4]);
        let _ = cluster.change_voters(1, &[1, 2, 3, 4, 5]);
        cluster.deliver_among(&[1, 4, 5]);
        assert!(cluster.elect(3, &[2, 3]));
        cluster.propose(3, "y").unwrap();
        cluster.deliver_among(&[2, 3]);
        cluster.violations
    };
    assert_guards("State Machine Safety", told(Rule::OneChangeAtATime, &Options::default(), story));
}

#[test]
fn a_change_before_a_commit_in_the_own_term_parts_two_leaders_majorities() {
    // As the bug of 2015, but S2 removes S1 instead of S4.
    let story = |options: &Options| {
        let mut cluster = Cluster::with_logs(0, &[&[], &[], &[], &[]], options).unwrap();
        cluster.join(5).unwrap();
        assert!(cluster.elect(1, &[1, 2, 3, 4]));
        let _ = cluster.change_voters(1, &[1, 2, 3, 4, 5]);
        cluster.deliver_among(&[1, 5]);
        assert!(cluster.elect(2, &[2, 3, 4]));
        let _ = cluster.change_voters(2, &[2, 3, 4]);
        cluster.deliver_among(&[2, 3]);
        restart(&mut cluster, 1);
        cluster.time_out(1);
        cluster.lose_all();
        if cluster.elect(1, &[1, 4, 5]) {
            cluster.propose(1, "z").unwrap();
            cluster.deliver_among(&[1, 4, 5]);
        }
        cluster.violations
    };
    assert_guards("State Machine Safety", told(Rule::OwnTermCommitBeforeChange, &as_in_the_figures(), story));
}

#[test]
fn a_removed_leader_that_counts_itself_commits_what_a_minority_holds() {
    let story = |options: &Options| {
        let mut cluster = led(4, 0, options);
        // S3 and S4 are sent S1's removal. S2 is sent that and one entry more: S1 and S2 are two of the three that count.
        cluster.change_voters(1, &[2, 3, 4]).unwrap();
        cluster.deliver(|message| message.to.0 >= 3);
        cluster.propose(1, "y").unwrap();
        cluster.lose_all();
        cluster.beat_among(1, &[1, 2]);
        assert_eq!([2, 3, 4].map(|id| cluster.log(id).len()), [3, 2, 2]);
        assert!((0..3).any(|_| cluster.elect(3, &[3, 4])));
        cluster.violations
    };
    assert_guards("State Machine Safety", told(Rule::RemovedLeaderCountsNot, &Options::default(), story));
}

/// S5 acknowledges five entries that are replaced later; it is removed, its disk is wiped, and it is added again. How many
/// held that last change when it was committed: as the leader counted, and on disk.
fn holders_of_a_re_adding(options: &Options) -> (usize, usize) {
    let mut cluster = led(5, 0, options);
    cluster.propose_all(1, &["a", "b", "c", "d", "e"]).unwrap();
    cluster.deliver_among(&[1, 5]);
    cluster.change_voters(1, &[1, 2, 3, 4]).unwrap();
    cluster.lose_all();
    // S2 leads term 2 and replaces them, S1 leads term 3, and neither was restarted.
    assert!(cluster.elect(2, &[1, 2, 3, 4]));
    assert!(cluster.elect(1, &[1, 2, 3, 4]));
    cluster.change_voters(1, &[1, 2, 3, 4]).unwrap();
    cluster.deliver_among(&[1, 2, 3, 4]);
    assert_eq!(cluster.log(1), [1, 2, 3, 3]);
    cluster.join(5).unwrap();
    cluster.change_voters(1, &[1, 2, 3, 4, 5]).unwrap();
    cluster.deliver_among(&[1, 2]);
    if cluster.server(1).commit_index() < Index(5) {
        cluster.beat_among(1, &[1, 2, 3]);
    }
    assert_eq!(cluster.violations, Vec::<String>::new());
    let counted = cluster.events.iter().rev().find_map(|(_, event)| match *event {
        Event::Committed { to: Index(5), reason: CommitReason::QuorumHolds { holders }, .. } => Some(holders),
        _ => None,
    });
    let on_disk = (1..=5).filter(|&id| cluster.disk(id).unwrap().log.has(EntryId::new(5, 3))).count();
    (counted.unwrap().voters.have, on_disk)
}

#[test]
fn what_is_remembered_of_a_removed_server_counts_without_being_there() {
    assert_eq!(holders_of_a_re_adding(&Options::default()), (3, 3));
    let broken = holders_of_a_re_adding(&without(Rule::ProgressFreshOnReAdding, Options::default()));
    assert_eq!(broken, (3, 2), "committed on two of five");
}

#[test]
fn a_new_voter_that_waits_to_hear_of_it_leaves_the_cluster_without_a_leader() {
    // Four of which S4 has just been added, and S3 is down: S4's vote is needed, and it has an empty log.
    let elected = |options: &Options| {
        let mut cluster = led(3, 1, options);
        cluster.change_voters(1, &[1, 2, 3, 4]).unwrap();
        cluster.deliver_among(&[1, 2, 3]);
        assert_eq!(cluster.server(1).commit_index(), Index(2));
        restart(&mut cluster, 1);
        cluster.crash(3);
        (0..10).any(|_| cluster.elect(1, &[1, 2, 4]))
    };
    assert!(elected(&Options::default()));
    assert!(!elected(&without(Rule::PromotedLearnerVotes, Options::default())));
}
