//! Changing who counts: section 6 of the paper, 4.1 of the dissertation. Joint consensus is in `membership_joint.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::{
    Body, Change, CommitReason, Configuration, Durable, Entries, EntryId, Event, Index, Input, InvalidConfiguration,
    Members, Message, NewConfiguration, Options, Payload, Rejected, Round, Rule, ServerId, Tally, Term,
};
use raft_tests::{Cluster, as_in_the_figures, ids, led, to, without};

fn staying_joint(voters: &[u32]) -> Change {
    Change { stays_joint: true, ..to(voters, &[]) }
}

/// What a leader committed by counting: up to where, and who held it.
fn counted(cluster: &Cluster, leader: u32) -> Vec<(u64, Tally)> {
    let counted = cluster.events.iter().filter_map(|(id, event)| match *event {
        Event::Committed { to, reason: CommitReason::QuorumHolds { holders }, .. } if *id == leader => {
            Some((to.0, holders))
        }
        _ => None,
    });
    counted.collect()
}

// When a configuration counts.

#[test]
fn a_configuration_counts_from_when_it_is_appended() {
    let mut cluster = led(3, 1, &Options::default());
    assert_eq!(cluster.change_voters(1, &[1, 2, 3, 4]), Ok(Some(EntryId::new(2, 1))));
    assert_eq!((cluster.configuration(1).as_str(), cluster.followers(1)), ("1 2 3 4", vec![2, 3, 4]));
    cluster.deliver(|message| message.to.0 == 2 || message.from.0 == 2);
    assert_eq!([2, 3].map(|id| cluster.configuration(id)), ["1 2 3 4", "1 2 3"]);
    let members = Members { voters: 4, old: None, learners: 0 };
    let in_force = Event::ConfigurationInForce { index: Index(2), members, reason: NewConfiguration::Appended };
    assert!(cluster.events.contains(&(1, in_force)) && cluster.events.contains(&(2, in_force)));
    // Two of three hold it, which was enough until now; three of four are needed to commit it.
    assert_eq!(cluster.server(1).commit_index(), Index(1));
    cluster.deliver(|message| message.to.0 == 4 || message.from.0 == 4);
    assert_eq!(cluster.server(1).commit_index(), Index(2));
    let (_, holders) = *counted(&cluster, 1).last().unwrap();
    assert_eq!((holders.voters.have, holders.voters.needed, holders.old), (3, 3, None));
}

#[test]
fn a_configuration_that_is_truncated_counts_no_longer_on_leader_and_follower_and_after_a_restart() {
    let mut cluster = led(5, 0, &Options::default());
    cluster.change_voters(1, &[1, 2, 3, 4]).unwrap();
    cluster.deliver_among(&[1, 2]);
    assert_eq!([1, 2].map(|id| cluster.configuration(id)), ["1 2 3 4"; 2]);
    assert_eq!(cluster.followers(1), [2, 3, 4]);
    // It is in the log, committed or not, so a restart changes nothing.
    cluster.crash(2);
    cluster.restart(2).unwrap();
    assert_eq!((cluster.configuration(2).as_str(), cluster.server(2).configuration_index()), ("1 2 3 4", Index(2)));
    // S3 wins with the three who never heard of it, and its own entry takes the place.
    assert!(cluster.elect(3, &[3, 4, 5]));
    cluster.beat(3);
    assert_eq!([1, 2, 3, 5].map(|id| cluster.configuration(id)), ["1 2 3 4 5"; 4]);
    let truncated = |(id, event): &(u32, Event)| {
        let back =
            matches!(event, Event::ConfigurationInForce { index: Index(0), reason: NewConfiguration::Truncated, .. });
        back.then_some(*id)
    };
    assert_eq!(cluster.events.iter().filter_map(truncated).collect::<Vec<_>>(), [1, 2]);
    cluster.crash(1);
    cluster.restart(1).unwrap();
    assert_eq!(cluster.configuration(1), "1 2 3 4 5");
    assert!(cluster.elect(1, &[1, 2, 3, 4, 5]));
    assert_eq!(cluster.followers(1), [2, 3, 4, 5]);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn a_leader_keeps_progress_of_members_and_of_nobody_else() {
    let mut cluster = led(3, 2, &Options::default());
    let known = cluster.progress(1, 2);
    cluster.change(1, to(&[1, 2, 3], &[5])).unwrap();
    cluster.deliver(|_| true);
    assert_eq!(cluster.followers(1), [2, 3, 5]);
    assert!(cluster.progress(1, 2) > known, "what was known of S2 is kept");
    cluster.change(1, to(&[1, 2], &[4])).unwrap();
    assert_eq!(cluster.followers(1), [2, 4]);
    cluster.deliver(|_| true);
    // Who is no member any more is sent nothing.
    cluster.wake(1);
    let sent: Vec<u32> = cluster.network.iter().map(|message| message.to.0).collect();
    assert_eq!(sent, [2, 4]);
}

// One at a time, and after a commit of the own term.

#[test]
fn members_change_only_once_the_change_before_is_committed() {
    let mut cluster = led(3, 2, &Options::default());
    cluster.change_voters(1, &[1, 2, 3, 4]).unwrap();
    let before = cluster.server(1).clone();
    let refused = Err(Rejected::ChangeUnderWay { index: Index(2) });
    assert_eq!(cluster.change_voters(1, &[1, 2, 3, 4, 5]), refused);
    assert_eq!(cluster.change(1, to(&[1, 2, 3, 4], &[5])), refused, "learners too: the log has one order of changes");
    assert_eq!(*cluster.server(1), before);
    cluster.deliver(|_| true);
    assert_eq!(cluster.change_voters(1, &[1, 2, 3, 4, 5]), Ok(Some(EntryId::new(3, 1))));
}

#[test]
fn a_joint_configuration_and_learners_catching_up_are_changes_under_way() {
    let mut cluster = led(3, 2, &Options::default());
    cluster.change(1, staying_joint(&[1, 4, 5])).unwrap();
    cluster.deliver(|_| true);
    assert_eq!(cluster.server(1).commit_index(), Index(2));
    assert_eq!(cluster.change_voters(1, &[1, 2, 3]), Err(Rejected::ChangeUnderWay { index: Index(2) }));

    let mut cluster = led(3, 2, &Options::default());
    cluster.crash(4);
    cluster.change(1, Change::to_voters(ids(&[1, 2, 3, 4]))).unwrap();
    cluster.deliver(|_| true);
    assert_eq!((cluster.server(1).commit_index(), cluster.configuration(1)), (Index(2), "1 2 3 + 4".to_owned()));
    assert_eq!(cluster.change_voters(1, &[1, 2]), Err(Rejected::ChangeUnderWay { index: Index(2) }));
}

#[test]
fn members_change_only_after_an_entry_of_the_leaders_own_term_is_committed() {
    let mut cluster = led(3, 1, &Options::default());
    cluster.time_out(2);
    cluster.deliver(raft_tests::is_vote);
    assert!(cluster.server(2).is_leader());
    let refused = Err(Rejected::NothingCommittedInTerm { term: Term(2) });
    assert_eq!(cluster.change_voters(2, &[1, 2, 3, 4]), refused, "its first entry is on its way");
    cluster.deliver(|_| true);
    assert_eq!(cluster.change_voters(2, &[1, 2, 3, 4]), Ok(Some(EntryId::new(3, 2))));
}

/// L25, D§4.1: S1 adds S5 in term 1, S2 removes S4 in term 2, and S1 comes back in term 3. Each step overlaps with where it
/// began, and the two do not overlap with each other.
fn the_bug_of_2015(options: &Options) -> (Vec<Rejected>, Vec<String>) {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[], &[]], options).unwrap();
    cluster.join(5).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3, 4]));
    let _ = cluster.change_voters(1, &[1, 2, 3, 4, 5]);
    cluster.deliver_among(&[1, 5]);
    assert!(cluster.elect(2, &[2, 3, 4]));
    let _ = cluster.change_voters(2, &[1, 2, 3]);
    cluster.deliver_among(&[2, 3]);
    cluster.crash(1);
    cluster.restart(1).unwrap();
    cluster.time_out(1);
    cluster.lose_all();
    if cluster.elect(1, &[1, 4, 5]) {
        cluster.propose(1, "z").unwrap();
        cluster.deliver_among(&[1, 4, 5]);
    }
    (cluster.refused.into_iter().map(|(_, rejected)| rejected).collect(), cluster.violations)
}

#[test]
fn two_leaders_changes_from_the_same_members_need_not_overlap() {
    let (refused, violations) = the_bug_of_2015(&as_in_the_figures());
    let of_term = |term| Rejected::NothingCommittedInTerm { term: Term(term) };
    assert_eq!((refused, violations), (vec![of_term(1), of_term(2)], vec![]));
    let (refused, violations) = the_bug_of_2015(&without(Rule::OwnTermCommitBeforeChange, as_in_the_figures()));
    assert_eq!(refused, vec![]);
    // What S2 and S3 committed under S2's members is replaced under S1's.
    assert_eq!(violations, ["State Machine Safety: two entries applied at 1"]);
}

#[test]
fn what_cannot_be_is_refused_with_the_reason_and_changes_nothing() {
    let mut cluster = led(3, 0, &Options::default());
    let invalid = |reason| Rejected::InvalidMembers(reason);
    let cases = [
        (1, to(&[], &[4]), invalid(InvalidConfiguration::Empty)),
        (1, to(&[1, 2, 1], &[]), invalid(InvalidConfiguration::Twice { server: ServerId(1) })),
        (1, to(&[1, 2], &[3, 3]), invalid(InvalidConfiguration::Twice { server: ServerId(3) })),
        (1, to(&[1, 2], &[2]), invalid(InvalidConfiguration::VoterAndLearner { server: ServerId(2) })),
        (1, to(&[3, 2, 1], &[]), Rejected::NothingToChange),
        (2, to(&[1, 2], &[]), Rejected::NotLeader { leader: Some(ServerId(1)) }),
    ];
    for (id, change, reason) in cases {
        let (before, events) = (cluster.server(id).clone(), cluster.events.len());
        assert_eq!(cluster.change(id, change), Err(reason));
        assert_eq!((cluster.server(id), cluster.events.len(), cluster.network.len()), (&before, events, 0));
    }
    // S3 stands, and knows of no leader.
    cluster.time_out(3);
    let unknown = Err(Rejected::NotLeader { leader: None });
    assert_eq!((cluster.change_voters(3, &[3]), cluster.step(3, Input::LeaveJoint)), (unknown, unknown));
    cluster.lose_all();
    cluster.step(1, Input::Transfer(ServerId(2))).unwrap();
    assert_eq!(cluster.change_voters(1, &[1, 2]), Err(Rejected::TransferUnderWay { to: ServerId(2) }));
}

// Single-server changes.

#[test]
fn a_cluster_of_one_grows_to_three_and_shrinks_back_to_one() {
    let mut cluster = led(1, 2, &Options::default());
    let mut needed = Vec::new();
    let steps: [&[u32]; 4] = [&[1, 2], &[1, 2, 3], &[1, 2], &[1]];
    for voters in steps {
        cluster.change(1, Change::to_voters(ids(voters))).unwrap();
        cluster.deliver(|_| true);
        assert_eq!(cluster.server(1).configuration().voters(), ids(voters));
        cluster.propose(1, "more").unwrap();
        cluster.deliver(|_| true);
        assert_eq!(cluster.server(1).commit_index(), cluster.server(1).log().last_index());
        needed.push(counted(&cluster, 1).last().unwrap().1.voters.needed);
    }
    assert_eq!(needed, [2, 2, 2, 1]);
    assert!(cluster.events.iter().all(|(_, event)| {
        !matches!(event, Event::ConfigurationInForce { members: Members { old: Some(_), .. }, .. })
    }));
    // The others are gone, and nobody asks them.
    cluster.crash(2);
    cluster.crash(3);
    cluster.crash(1);
    cluster.restart(1).unwrap();
    assert!(cluster.elect(1, &[1]));
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn of_an_even_number_more_than_half_are_needed() {
    for (voters, alive, decides) in [(2, 1, false), (4, 2, false), (4, 3, true), (6, 3, false), (6, 4, true)] {
        let mut cluster = led(voters, 0, &Options::default());
        let group: Vec<u32> = (1..=alive).collect();
        cluster.propose(1, "y").unwrap();
        cluster.deliver_among(&group);
        assert_eq!(cluster.server(1).commit_index() == Index(2), decides, "{alive} of {voters} commit");
        cluster.crash(1);
        cluster.restart(1).unwrap();
        assert_eq!(cluster.elect(1, &group), decides, "{alive} of {voters} elect");
    }
}

// Servers that do not know each other.

#[test]
fn a_candidate_that_is_not_in_the_voters_configuration_gets_its_vote() {
    let mut cluster = led(3, 1, &Options::default());
    cluster.change_voters(1, &[1, 2, 3, 4]).unwrap();
    cluster.deliver_among(&[1, 2, 4]);
    cluster.crash(1);
    assert_eq!(cluster.configuration(3), "1 2 3");
    // S4 needs three of four, so it takes S3, which has never heard of it.
    assert!(cluster.elect(4, &[2, 3, 4]));
    assert!(
        cluster
            .events
            .iter()
            .any(|(id, event)| { *id == 3 && matches!(event, Event::VoteGranted { candidate: ServerId(4), .. }) })
    );
    // It follows it, too; only then does it learn who it is.
    assert_eq!(cluster.server(3).leader(), Some(ServerId(4)));
    assert_eq!(cluster.configuration(3), "1 2 3 4");
}

#[test]
fn a_server_that_knows_nobody_waits_for_the_log_and_never_stands() {
    for pre_vote in [false, true] {
        let mut cluster = led(3, 1, &Options { pre_vote, ..Options::default() });
        assert_eq!(cluster.step(4, Input::TimeOut), Err(Rejected::NotAVoter));
        for _ in 0..10 {
            cluster.wake(4);
        }
        let not_started = (4, Event::ElectionNotStarted { reason: Rejected::NotAVoter });
        assert_eq!(cluster.events.iter().filter(|event| **event == not_started).count(), 10);
        assert!(cluster.network.is_empty() && cluster.server(4).current_term() == Term(0));
        cluster.change(1, to(&[1, 2, 3], &[4])).unwrap();
        cluster.deliver(|_| true);
        cluster.beat(1);
        assert_eq!((cluster.configuration(4).as_str(), cluster.log(4)), ("1 2 3 + 4", vec![1, 1]));
        // And again after a restart, from what its log says.
        cluster.crash(4);
        cluster.restart(4).unwrap();
        assert_eq!(cluster.configuration(4), "1 2 3 + 4");
        cluster.wake(4);
        assert!(cluster.network.is_empty());
    }
}

#[test]
fn a_snapshot_that_would_know_nobody_is_not_taken() {
    // S4 is sent what comes before the entry that adds it, applies it, and is asked for a snapshot.
    let options = Options { entries_per_append_max: 1, entries_in_flight_max: 1, ..Options::default() };
    let mut cluster = led(3, 1, &options);
    cluster.change_voters(1, &[1, 2, 3, 4]).unwrap();
    cluster.deliver_among(&[1, 2, 3]);
    assert_eq!(cluster.server(1).commit_index(), Index(2));
    cluster.wake(1);
    let carries_first = |message: &raft_core::Message| matches!(&message.body, Body::AppendEntries { prev_log_index: Index(0), entries, .. } if !entries.is_empty());
    while !cluster.network.iter().any(carries_first) {
        assert!(cluster.deliver_one(|message| message.to.0 == 4 || message.from.0 == 4).is_some());
    }
    cluster.deliver_one(carries_first);
    assert_eq!((cluster.server(4).last_applied(), cluster.configuration(4)), (Index(1), String::new()));
    assert_eq!(cluster.compact(4, 1), Err(Rejected::ConfigurationWithoutVoters), "nobody could be sent that");
    cluster.deliver(|_| true);
    cluster.beat(1);
    assert_eq!(cluster.compact(4, 2), Ok(()));
}

#[test]
fn the_leadership_goes_only_to_a_voter() {
    let mut cluster = led(3, 2, &Options::default());
    cluster.change(1, to(&[1, 2, 3], &[4])).unwrap();
    cluster.deliver(|_| true);
    for id in [1, 4, 5] {
        let refused = Err(Rejected::NoTransferTo { to: ServerId(id) });
        assert_eq!(cluster.step(1, Input::Transfer(ServerId(id))), refused);
    }
    // Nor to one that is on its way out.
    cluster.change(1, staying_joint(&[1, 2, 4])).unwrap();
    cluster.deliver(|_| true);
    let refused = Err(Rejected::NoTransferTo { to: ServerId(3) });
    assert_eq!(cluster.step(1, Input::Transfer(ServerId(3))), refused);
    cluster.step(1, Input::Transfer(ServerId(4))).unwrap();
    cluster.deliver(|_| true);
    assert!(cluster.server(4).is_leader());
}

#[test]
fn a_server_starts_with_the_latest_configuration_of_its_disk() {
    let of = |voters: &[u32]| Configuration::of_voters(ids(voters)).unwrap();
    let log = [
        raft_core::Entry::configuration(Term(1), of(&[1, 2])),
        raft_core::Entry::configuration(Term(1), of(&[1, 2, 3])),
    ];
    let disk = Durable { current_term: Term(1), log: log.into_iter().collect(), ..Durable::default() };
    let cluster = Cluster::with_members(vec![(ServerId(1), of(&[1]), disk)], &Options::default()).unwrap();
    assert_eq!((cluster.configuration(1).as_str(), cluster.server(1).configuration_index()), ("1 2 3", Index(2)));
}

#[test]
fn an_entry_with_a_configuration_in_which_nobody_counts_is_refused() {
    let mut cluster = Cluster::with_logs(1, &[&[1], &[1], &[1]], &as_in_the_figures()).unwrap();
    let nobody = Payload::Configuration(Configuration::unknown().into());
    let body = Body::AppendEntries {
        prev_log_index: Index(1),
        prev_log_term: Term(1),
        entries: Entries::new(Term(2), [nobody]),
        leader_commit: Index(0),
        round: Round(1),
    };
    let append = Message { from: ServerId(1), to: ServerId(2), term: Term(2), body };
    assert_eq!(cluster.step(2, Input::Receive(append)), Err(Rejected::ConfigurationWithoutVoters));
    assert_eq!(cluster.log(2), [1]);
}

#[test]
fn a_leader_that_hands_over_changes_nothing_meanwhile() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[], &[]], &Options::default()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3, 4]));
    let away = Change { catch_up: false, stays_joint: true, ..Change::to_voters([1, 2].map(ServerId)) };
    cluster.step(1, Input::Reconfigure(away)).unwrap();
    cluster.deliver(|_| true);
    cluster.step(1, Input::Transfer(ServerId(2))).unwrap();
    let handing_over = Err(Rejected::TransferUnderWay { to: ServerId(2) });
    assert_eq!(cluster.step(1, Input::LeaveJoint), handing_over);
    assert_eq!(cluster.change_voters(1, &[1, 2, 3]), handing_over);
}
