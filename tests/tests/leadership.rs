//! The dissertation's additions to elections: Pre-Vote (9.6), leaders that let go and followers that hold on (6.2, 4.2.3),
//! and handing the leadership over (3.10).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::{Body, Event, Index, Input, Options, Rejected, Role, ServerId, StepDown, Term, VoteRefusal};
use raft_tests::{Cluster, as_in_the_figures};

const ALL: [u32; 5] = [1, 2, 3, 4, 5];

fn five(pre_vote: bool, check_quorum: bool) -> Cluster {
    let options = Options { pre_vote, check_quorum, ..as_in_the_figures() };
    Cluster::with_logs(0, &[&[], &[], &[], &[], &[]], &options).unwrap()
}

/// S1 leads term 1, and everyone has just heard from it.
fn led_by_s1(pre_vote: bool, check_quorum: bool) -> Cluster {
    let mut cluster = five(pre_vote, check_quorum);
    assert!(cluster.elect(1, &ALL));
    cluster
}

fn refused(cluster: &Cluster, voter: u32) -> Vec<VoteRefusal> {
    let reason = |(id, event): &(u32, Event)| match *event {
        Event::VoteRefused { reason, .. } | Event::PreVoteRefused { reason, .. } if *id == voter => Some(reason),
        _ => None,
    };
    cluster.events.iter().filter_map(reason).collect()
}

#[test]
fn with_pre_vote_a_server_asks_before_it_enters_a_term() {
    let mut cluster = five(true, false);
    cluster.time_out(1);
    assert!(matches!(cluster.server(1).role(), Role::PreCandidate));
    assert_eq!((cluster.server(1).current_term(), cluster.server(1).voted_for()), (Term(0), None));
    cluster.deliver(|message| matches!(message.body, Body::PreVote { .. } | Body::PreVoteReply { .. }));
    assert!(matches!(cluster.server(1).role(), Role::Candidate { .. }));
    assert_eq!(cluster.server(1).current_term(), Term(1));
    let changed = (2..=5).filter(|&id| cluster.server(id).current_term() > Term(0)).count();
    assert_eq!(changed, 0, "nobody's term changes by a Pre-Vote");
    cluster.deliver(|_| true);
    assert!(cluster.server(1).is_leader());
}

#[test]
fn a_server_that_was_cut_off_comes_back_without_disturbing_anyone() {
    let run = |pre_vote| {
        let mut cluster = led_by_s1(pre_vote, false);
        for _ in 0..10 {
            cluster.time_out(5);
            cluster.lose_all();
        }
        let term_alone = cluster.server(5).current_term();
        cluster.wake(1);
        cluster.deliver(|_| true);
        (term_alone, cluster.server(1).is_leader(), cluster.server(1).current_term())
    };
    assert_eq!(run(false), (Term(11), false, Term(11)), "without Pre-Vote its term deposes the leader");
    assert_eq!(run(true), (Term(1), true, Term(1)));
}

#[test]
fn a_pre_vote_is_refused_while_a_leader_is_heard_from_and_granting_one_changes_nothing() {
    let mut cluster = led_by_s1(true, false);
    cluster.time_out(5);
    cluster.deliver(|message| message.to.0 == 2 || message.to.0 == 1);
    let alive = VoteRefusal::LeaderAlive { leader: ServerId(1), heard_us_ago: 0 };
    assert_eq!((refused(&cluster, 2), refused(&cluster, 1)), (vec![alive], vec![alive]));

    let mut cluster = five(true, false);
    let before = cluster.server(2).clone();
    cluster.time_out(1);
    cluster.deliver_one(|message| message.to.0 == 2);
    assert!(cluster.events.iter().any(|(id, event)| *id == 2 && matches!(event, Event::PreVoteGranted { .. })));
    assert_eq!(*cluster.server(2), before, "no term, no vote, no timer and no leader's word");
}

#[test]
fn a_pre_vote_is_refused_to_an_older_log_and_to_an_older_term() {
    let options = Options { pre_vote: true, ..as_in_the_figures() };
    let mut cluster = Cluster::with_logs(1, &[&[], &[1], &[1]], &options).unwrap();
    cluster.time_out(1);
    cluster.deliver(|_| true);
    assert!(matches!(refused(&cluster, 2)[..], [VoteRefusal::OwnLogNewer { .. }]));
    assert!(matches!(cluster.server(1).role(), Role::PreCandidate));
    // S2 has gone on to term 2 meanwhile; its answer brings S1 there, as any newer term does.
    assert!(cluster.elect(2, &[2, 3]));
    cluster.time_out(1);
    cluster.deliver_one(|message| message.to.0 == 3);
    cluster.deliver_one(|message| message.to.0 == 1);
    assert!(matches!(refused(&cluster, 3)[..], [.., VoteRefusal::OlderTerm { .. }]));
    assert_eq!(cluster.server(1).current_term(), Term(2));
}

#[test]
fn a_pre_vote_for_an_earlier_term_does_not_count() {
    let mut cluster = five(true, false);
    cluster.time_out(1);
    cluster.deliver(|message| matches!(message.body, Body::PreVote { .. }));
    let old: Vec<_> = cluster.network.drain(..).collect();
    // Meanwhile S2 was elected in term 1 and is gone; S1 asks for term 2.
    cluster.time_out(2);
    cluster.deliver(|_| true);
    assert_eq!(cluster.server(1).current_term(), Term(1));
    cluster.crash(2);
    cluster.time_out(1);
    cluster.lose_all();
    for message in old {
        cluster.step(1, Input::Receive(message)).unwrap();
    }
    assert!(matches!(cluster.server(1).role(), Role::PreCandidate), "those answers were about term 1");
    assert_eq!(cluster.server(1).votes().granted, [ServerId(1)]);
}

#[test]
fn a_single_server_needs_nobodys_pre_vote() {
    let options = Options { pre_vote: true, ..Options::default() };
    let mut cluster = Cluster::with_logs(0, &[&[]], &options).unwrap();
    cluster.time_out(1);
    assert!(cluster.server(1).is_leader());
}

#[test]
fn with_check_quorum_a_leader_that_hears_from_no_quorum_steps_down() {
    let run = |answering: &[u32]| {
        let mut cluster = led_by_s1(false, true);
        // The first look covers the election itself; the second one only what follows.
        let mut group = vec![1];
        group.extend(answering);
        for _ in 0..10 {
            if !cluster.server(1).is_leader() {
                break;
            }
            cluster.wake(1);
            cluster.deliver_among(&group);
        }
        let stepped_down = cluster.events.iter().find_map(|(_, event)| match *event {
            Event::BecameFollower { reason: StepDown::NoQuorum { heard }, .. } => {
                Some((heard.voters.have, heard.voters.needed))
            }
            _ => None,
        });
        (cluster.server(1).is_leader(), stepped_down)
    };
    assert_eq!(run(&[2, 3]), (true, None));
    assert_eq!(run(&[2]), (false, Some((2, 3))));
    assert_eq!(run(&[]), (false, Some((1, 3))));
}

#[test]
fn with_check_quorum_servers_hold_on_to_a_leader_they_hear_from() {
    let mut cluster = led_by_s1(false, true);
    cluster.time_out(5);
    cluster.time_out(5);
    cluster.deliver(|message| message.from.0 == 5);
    assert!((1..=4).all(|id| cluster.server(id).current_term() == Term(1)), "the request is not even believed");
    assert!(cluster.server(1).is_leader());
    assert!(matches!(refused(&cluster, 1)[..], [VoteRefusal::LeaderAlive { .. }, VoteRefusal::LeaderAlive { .. }]));
    assert!(cluster.network.is_empty(), "nor answered");

    // A server that has not heard from its leader for the shortest timeout lets go.
    let mut cluster = led_by_s1(false, true);
    let due = cluster.server(2).election_timer().unwrap().deadline;
    cluster.time_out(5);
    let request = cluster.network.iter().find(|message| message.to.0 == 2).unwrap().clone();
    cluster.crash(1);
    cluster.pass(2, due);
    cluster.step(2, Input::Receive(request)).unwrap();
    assert_eq!(cluster.server(2).voted_for(), Some(ServerId(5)));
}

/// Links of the partial partition of 2020-11-02 (Howard; Cloudflare): S1, S2 and S3 reach each other, S4 reaches only S2,
/// S5 is dead, and S4 leads.
fn partial_partition(check_quorum: bool) -> Cluster {
    let mut cluster = five(true, check_quorum);
    assert!(cluster.elect(4, &ALL));
    cluster.crash(5);
    cluster.lose_all();
    for _ in 0..40 {
        // Whoever is due acts; messages cross the links that are left.
        let next = (1..=4).min_by_key(|&id| (cluster.server(id).next_wake_up(), id)).unwrap();
        let now = cluster.server(next).next_wake_up();
        (1..=4).for_each(|id| cluster.pass(id, now));
        cluster.wake(next);
        let connected = |a: u32, b: u32| a.max(b) < 4 || (a.min(b), a.max(b)) == (2, 4);
        loop {
            cluster.network.retain(|message| connected(message.from.0, message.to.0));
            if cluster.deliver_one(|_| true).is_none() {
                break;
            }
        }
        for id in 1..=4 {
            let _ = cluster.propose(id, "x");
        }
    }
    cluster
}

#[test]
fn in_a_partial_partition_pre_vote_alone_makes_no_progress_and_check_quorum_does() {
    let committed = |cluster: &Cluster| (1..=4).map(|id| cluster.server(id).commit_index()).max().unwrap();
    let stuck = partial_partition(false);
    assert!(stuck.server(4).is_leader(), "S2 still hears it, and refuses S1 and S3");
    assert_eq!(committed(&stuck), Index(0));
    let freed = partial_partition(true);
    assert!(!freed.server(4).is_leader());
    assert!(committed(&freed) > Index(0), "S1, S2 and S3 are a majority, once S4 lets go");
}

#[test]
fn a_leadership_is_handed_over_within_a_round_trip() {
    for (pre_vote, check_quorum) in [(false, false), (true, true)] {
        let mut cluster = led_by_s1(pre_vote, check_quorum);
        cluster.propose(1, "x").unwrap();
        cluster.lose_all();
        // S3 lacks an entry; it is brought up to date first.
        cluster.step(1, Input::Transfer(ServerId(3))).unwrap();
        assert_eq!(cluster.propose(1, "y"), Err(Rejected::TransferUnderWay { to: ServerId(3) }));
        cluster.wake(1);
        cluster.deliver(|_| true);
        assert!(cluster.server(3).is_leader(), "pre-vote {pre_vote}, check quorum {check_quorum}");
        assert_eq!(cluster.server(3).current_term(), Term(2));
        assert_eq!(cluster.log(3), [1]);
        assert!(!cluster.server(1).is_leader());
        assert_eq!(cluster.violations, Vec::<String>::new());
    }
}

#[test]
fn a_hand_over_that_fails_ends_after_an_election_timeout_and_the_leader_goes_on() {
    let mut cluster = led_by_s1(false, false);
    cluster.crash(3);
    cluster.propose(1, "x").unwrap();
    cluster.step(1, Input::Transfer(ServerId(3))).unwrap();
    assert_eq!(cluster.step(1, Input::Transfer(ServerId(2))), Err(Rejected::TransferUnderWay { to: ServerId(3) }));
    while cluster.propose(1, "y").is_err() {
        cluster.wake(1);
        cluster.deliver(|message| message.to.0 != 3);
        assert!(cluster.server(1).next_wake_up().0 <= 700_000, "it never ends");
    }
    assert!(cluster.events.contains(&(1, Event::TransferAborted { to: ServerId(3) })));
    assert!(cluster.server(1).is_leader());
}

#[test]
fn a_leadership_goes_only_to_another_voter_and_only_from_the_leader() {
    let mut cluster = led_by_s1(false, false);
    let to = |id| Err(Rejected::NoTransferTo { to: ServerId(id) });
    assert_eq!(cluster.step(1, Input::Transfer(ServerId(1))), to(1));
    assert_eq!(cluster.step(1, Input::Transfer(ServerId(9))), to(9));
    let not_leader = Err(Rejected::NotLeader { leader: Some(ServerId(1)) });
    assert_eq!(cluster.step(2, Input::Transfer(ServerId(3))), not_leader);
}

#[test]
fn a_request_to_time_out_from_an_older_term_or_from_no_leader_starts_nothing() {
    let mut cluster = led_by_s1(false, false);
    let told = |from, term| raft_core::Message {
        from: ServerId(from),
        to: ServerId(3),
        term: Term(term),
        body: Body::TimeoutNow,
    };
    let second = Rejected::SecondLeader { known: ServerId(1), claims: ServerId(2) };
    assert_eq!(cluster.step(3, Input::Receive(told(2, 1))), Err(second));
    cluster.step(3, Input::Receive(told(2, 0))).unwrap();
    assert_eq!(cluster.server(3).current_term(), Term(1));
    cluster.step(3, Input::Receive(told(1, 1))).unwrap();
    assert_eq!(cluster.server(3).current_term(), Term(2));
}
