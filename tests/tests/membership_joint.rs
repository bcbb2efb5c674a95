//! Joint consensus: section 6 of the paper, 4.3 of the dissertation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::random::draw_between;
use raft_core::{
    Change, CommitReason, EntryId, Event, Index, Input, Options, Rejected, Role, Rule, ServerId, StepDown, Term,
};
use raft_tests::{Cluster, ids, led, to, without, worlds};

fn staying_joint(voters: &[u32]) -> Change {
    Change { stays_joint: true, ..to(voters, &[]) }
}

#[test]
fn from_three_to_five_takes_two_of_the_three_and_three_of_the_five_and_is_left_by_itself() {
    let mut cluster = led(3, 2, &Options::default());
    assert_eq!(cluster.change_voters(1, &[1, 2, 3, 4, 5]), Ok(Some(EntryId::new(2, 1))));
    assert_eq!(cluster.configuration(1), "1 2 3 > 1 2 3 4 5");
    // Three of five and one of three, then two of three.
    cluster.deliver(|message| message.to.0 >= 4 || message.from.0 >= 4);
    assert_eq!(cluster.server(1).commit_index(), Index(1));
    cluster.deliver(|message| message.to.0 == 2 || message.from.0 == 2);
    cluster.deliver(|_| true);
    cluster.beat(1);
    assert_eq!((1..=5).map(|id| cluster.configuration(id)).collect::<Vec<_>>(), ["1 2 3 4 5"; 5]);
    assert_eq!((1..=5).map(|id| cluster.server(id).commit_index().0).collect::<Vec<_>>(), [3; 5]);
}

#[test]
fn voters_change_to_three_others() {
    let mut cluster = led(3, 3, &Options::default());
    cluster.change(1, Change::to_voters(ids(&[4, 5, 6]))).unwrap();
    assert_eq!(cluster.configuration(1), "1 2 3 + 4 5 6");
    cluster.deliver(|_| true);
    assert_eq!(cluster.configuration(1), "4 5 6");
    assert_eq!(cluster.stepped_down(1), Some(StepDown::Removed { index: Index(4) }));
    let lost = cluster.told.iter().any(|(id, told)| {
        *id == 1 && matches!(told, raft_core::Effect::LeadershipLost { uncertain_from: Index(5), .. })
    });
    assert!(lost, "whoever proposed to S1 is told");
    for id in 1..=3 {
        cluster.crash(id);
    }
    assert!(cluster.elect(5, &[4, 5, 6]));
    cluster.propose(5, "y").unwrap();
    cluster.deliver(|_| true);
    assert_eq!(cluster.applied(5), ["-", "-", "-", "-", "-", "y"]);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn voters_become_learners_and_learners_voters_in_one_change() {
    let mut cluster = led(5, 2, &Options::default());
    cluster.change(1, to(&[1, 2, 3, 4, 5], &[6])).unwrap();
    cluster.deliver(|_| true);
    cluster.change(1, Change { stays_joint: true, ..to(&[1, 2, 6], &[4, 5, 7]) }).unwrap();
    assert_eq!(cluster.configuration(1), "1 2 3 4 5 > 1 2 6 + 4 5 7");
    assert_eq!(cluster.followers(1), [2, 3, 4, 5, 6, 7]);
    // On their way out, S4 and S5 count among the old.
    cluster.deliver_among(&[1, 4, 5, 6]);
    assert_eq!(cluster.server(1).commit_index(), Index(3));
    assert_eq!(cluster.step(1, Input::LeaveJoint), Ok(Some(EntryId::new(4, 1))));
    cluster.deliver(|_| true);
    cluster.beat(1);
    assert_eq!(cluster.configuration(1), "1 2 6 + 4 5 7");
    // And from then on they are sent the log and do not count.
    cluster.propose(1, "y").unwrap();
    cluster.deliver_among(&[1, 4, 5, 7]);
    assert_eq!(cluster.server(1).commit_index(), Index(4));
    assert_eq!([4, 5, 7].map(|id| cluster.log(id).len()), [5; 3]);
    cluster.beat(1);
    assert_eq!(cluster.server(1).commit_index(), Index(5));
}

#[test]
fn one_voter_in_anothers_place_takes_both_majorities() {
    let mut cluster = led(3, 1, &Options::default());
    cluster.change_voters(1, &[1, 2, 4]).unwrap();
    assert_eq!(cluster.configuration(1), "1 2 3 > 1 2 4");
}

#[test]
fn a_joint_configuration_that_stays_is_left_when_that_is_asked_for() {
    let mut cluster = led(3, 2, &Options::default());
    assert_eq!(cluster.step(1, Input::LeaveJoint), Err(Rejected::NotJoint));
    cluster.change(1, staying_joint(&[1, 4, 5])).unwrap();
    assert_eq!(cluster.step(1, Input::LeaveJoint), Err(Rejected::ChangeUnderWay { index: Index(2) }));
    cluster.deliver(|_| true);
    cluster.beat(1);
    assert_eq!((cluster.configuration(1).as_str(), cluster.server(1).commit_index()), ("1 2 3 > 1 4 5", Index(2)));
    assert_eq!(cluster.step(2, Input::LeaveJoint), Err(Rejected::NotLeader { leader: Some(ServerId(1)) }));
    // The next leader finds it committed, and it stays.
    cluster.time_out(2);
    cluster.deliver(raft_tests::is_vote);
    assert_eq!(cluster.step(2, Input::LeaveJoint), Err(Rejected::NothingCommittedInTerm { term: Term(2) }));
    cluster.deliver(|_| true);
    assert_eq!((cluster.configuration(2).as_str(), cluster.server(2).commit_index()), ("1 2 3 > 1 4 5", Index(3)));
    assert_eq!(cluster.step(2, Input::LeaveJoint), Ok(Some(EntryId::new(4, 2))));
    assert_eq!(cluster.configuration(2), "1 4 5");
    assert_eq!(cluster.step(2, Input::LeaveJoint), Err(Rejected::NotJoint));
    cluster.deliver(|_| true);
    assert_eq!(cluster.stepped_down(2), Some(StepDown::Removed { index: Index(4) }));
    assert!(cluster.elect(4, &[1, 4, 5]));
}

#[test]
fn the_next_leader_leaves_a_joint_configuration_that_it_holds() {
    let mut cluster = led(3, 2, &Options::default());
    cluster.change_voters(1, &[1, 2, 3, 4, 5]).unwrap();
    cluster.deliver(|message| [2, 4].contains(&message.to.0) || message.from.0 == 4);
    cluster.crash(1);
    cluster.lose_all();
    assert_eq!([2, 4, 3].map(|id| cluster.configuration(id)), ["1 2 3 > 1 2 3 4 5", "1 2 3 > 1 2 3 4 5", "1 2 3"]);
    assert!(!cluster.elect(2, &[2, 4, 5]), "three of five, one of three");
    assert!(cluster.elect(2, &[2, 3, 4]));
    cluster.beat(2);
    cluster.beat(2);
    assert_eq!([2, 3, 4, 5].map(|id| cluster.configuration(id)), ["1 2 3 4 5"; 4]);
    assert_eq!(cluster.server(2).commit_index(), Index(4), "C_old,new, its own first entry, and C_new");
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn a_next_leader_that_does_not_hold_the_joint_configuration_undoes_it() {
    let mut cluster = led(3, 2, &Options::default());
    cluster.change_voters(1, &[1, 2, 3, 4, 5]).unwrap();
    cluster.deliver(|message| message.to.0 >= 4);
    cluster.crash(1);
    assert!(cluster.elect(3, &[2, 3]));
    cluster.restart(1).unwrap();
    cluster.beat(3);
    assert_eq!([1, 2, 3].map(|id| cluster.configuration(id)), ["1 2 3"; 3]);
    assert_eq!(cluster.log(1), [1, 2]);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

/// Figure 10: S1 has the new members, S3 still the old ones; can both be elected in the next term?
fn two_majorities_in_one_term(mut cluster: Cluster) -> Vec<String> {
    cluster.deliver(|message| message.to.0 >= 4 || message.from.0 >= 4);
    cluster.crash(1);
    cluster.restart(1).unwrap();
    cluster.lose_all();
    cluster.elect(1, &[1, 4, 5]);
    cluster.elect(3, &[2, 3]);
    cluster.violations
}

#[test]
fn figure_10_two_disjoint_majorities_elect_two_leaders_of_one_term() {
    // All at once, and only the new majority counts.
    let at_once = |options: &Options| {
        let mut cluster = led(3, 2, options);
        cluster.change_voters(1, &[1, 2, 3, 4, 5]).unwrap();
        two_majorities_in_one_term(cluster)
    };
    assert_eq!(at_once(&Options::default()), Vec::<String>::new());
    let violations = at_once(&without(Rule::JointNeedsBothMajorities, Options::default()));
    assert_eq!(violations[0], "Election Safety: S1 and S3 lead term 2");
    // In two steps, of which the first is not done.
    let in_two_steps = |options: &Options| {
        let mut cluster = led(3, 2, options);
        cluster.change_voters(1, &[1, 2, 3, 4]).unwrap();
        let second = cluster.change_voters(1, &[1, 2, 3, 4, 5]);
        (second, two_majorities_in_one_term(cluster))
    };
    let refused = Err(Rejected::ChangeUnderWay { index: Index(2) });
    assert_eq!(in_two_steps(&Options::default()), (refused, Vec::new()));
    let (second, violations) = in_two_steps(&without(Rule::OneChangeAtATime, Options::default()));
    assert_eq!(second, Ok(Some(EntryId::new(3, 1))));
    assert_eq!(violations[0], "Election Safety: S1 and S3 lead term 2");
}

/// Whether these servers alone can elect one of them, whoever stands and however often.
fn can_elect(cluster: &Cluster, group: &[u32]) -> bool {
    group.iter().any(|&candidate| {
        let mut cluster = cluster.clone();
        cluster.lose_all();
        for &id in group {
            cluster.crash(id);
            cluster.restart(id).unwrap();
        }
        // It may have to come up to the others' term first.
        (0..3).any(|_| cluster.elect(candidate, group))
    })
}

/// Which of the old and the new voters could decide alone, at every instant of a change from S1-S3 to S4-S6 whose messages
/// arrive in some order.
fn who_decides_alone(options: &Options, seed: u64) -> Vec<(bool, bool)> {
    let mut cluster = led(3, 3, options);
    let mut seen = Vec::new();
    cluster.change_voters(1, &[4, 5, 6]).unwrap();
    for beat in 0..4 {
        for step in 0.. {
            let decide = (can_elect(&cluster, &[1, 2, 3]), can_elect(&cluster, &[4, 5, 6]));
            if seen.last() != Some(&decide) {
                seen.push(decide);
            }
            let Some(last) = cluster.network.len().checked_sub(1) else { break };
            let at = usize::try_from(draw_between(0, last as u64, &[seed, beat, step])).unwrap();
            let message = cluster.network.remove(at);
            let _ = cluster.step(message.to.0, Input::Receive(message));
        }
        cluster.wake(1);
    }
    seen
}

#[test]
fn figure_11_at_no_instant_can_old_and_new_voters_both_decide_alone() {
    // The old until C_old,new is on a majority of them; from then on neither; the new once C_new is on a majority of them.
    let (old, neither, new, both) = ((true, false), (false, false), (false, true), (true, true));
    for seed in 0..worlds(40) {
        assert_eq!(who_decides_alone(&Options::default(), seed), [old, neither, new], "seed {seed}");
    }
    let broken = without(Rule::JointNeedsBothMajorities, Options::default());
    assert!((0..40).any(|seed| who_decides_alone(&broken, seed).contains(&both)));
}

#[test]
fn figure_11_the_old_majority_counts_then_both_then_the_new_one() {
    let mut cluster = led(3, 3, &Options::default());
    // What counted for each entry on the leader: (old or only voters needed, new ones besides).
    cluster.change_voters(1, &[3, 4, 5, 6]).unwrap();
    cluster.propose(1, "y").unwrap();
    let created_joint = cluster.events.iter().position(|(_, event)| is_in_force(event, 2)).unwrap();
    cluster.deliver(|_| true);
    let created_new = cluster.events.iter().position(|(_, event)| is_in_force(event, 4)).unwrap();
    let mut phases = Vec::new();
    for (at, (id, event)) in cluster.events.iter().enumerate() {
        if let Event::Committed { from, to, reason: CommitReason::QuorumHolds { holders } } = *event
            && *id == 1
        {
            let phase = if at < created_joint {
                "C_old"
            } else if at < created_new {
                "C_old,new"
            } else {
                "C_new"
            };
            phases.push((phase, from.0 + 1..=to.0, holders.voters.needed, holders.old.map(|old| old.needed)));
            assert!(holders.reached());
        }
    }
    let expected = [("C_old", 1..=1, 2, None), ("C_old,new", 2..=3, 3, Some(2)), ("C_new", 4..=4, 3, None)];
    assert_eq!(phases, expected);
    // C_new is created only when C_old,new is committed, and S1 goes only when C_new is.
    assert_eq!(cluster.stepped_down(1), Some(StepDown::Removed { index: Index(4) }));
    assert_eq!(cluster.violations, Vec::<String>::new());
}

fn is_in_force(event: &Event, at: u64) -> bool {
    matches!(event, Event::ConfigurationInForce { index, .. } if index.0 == at)
}

/// S1 leads `1 2 3 > 1 4 5`, which stays.
fn joint_that_stays(options: Options) -> Cluster {
    let mut cluster = led(3, 2, &options);
    cluster.change(1, staying_joint(&[1, 4, 5])).unwrap();
    cluster.deliver(|_| true);
    cluster.beat(1);
    assert_eq!(cluster.server(1).commit_index(), Index(2));
    cluster
}

#[test]
fn check_quorum_needs_to_hear_from_both_halves() {
    let cases: [(&[u32], bool); 4] = [(&[1, 2], false), (&[1, 4], false), (&[1, 3, 2], false), (&[1, 2, 4], true)];
    for (group, stays) in cases {
        let mut cluster = joint_that_stays(Options { check_quorum: true, ..Options::default() });
        for _ in 0..12 {
            if cluster.server(1).is_leader() {
                cluster.wake(1);
                cluster.deliver_among(group);
            }
        }
        assert_eq!(cluster.server(1).is_leader(), stays, "{group:?}");
        if !stays {
            let Some(StepDown::NoQuorum { heard }) = cluster.stepped_down(1) else { panic!("another reason") };
            let old = heard.old.unwrap();
            assert!(!heard.voters.reached() || !old.reached());
            assert!(heard.voters.reached() || old.reached(), "one half was heard from");
        }
    }
}

#[test]
fn a_pre_vote_and_a_vote_need_both_halves() {
    let cases: [(&[u32], bool); 3] = [(&[1, 2, 3], false), (&[1, 4, 5], false), (&[1, 3, 5], true)];
    for pre_vote in [true, false] {
        for (group, wins) in cases {
            let mut cluster = joint_that_stays(Options { pre_vote, ..Options::default() });
            cluster.crash(1);
            cluster.restart(1).unwrap();
            // Nobody has heard from a leader for a while.
            for id in 1..=5 {
                cluster.pass(id, raft_core::Time(10_000_000));
            }
            assert_eq!(cluster.elect(1, group), wins, "{group:?}");
            let asks = matches!(cluster.server(1).role(), Role::PreCandidate);
            assert_eq!(asks, pre_vote && !wins, "it does not even stand");
        }
    }
}
