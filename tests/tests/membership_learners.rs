//! Learners, and servers that go: section 4.2 of the dissertation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::{
    Body, Change, CommitReason, Effect, EntryId, Event, Index, Input, Message, Options, Rejected, Role, Rule, ServerId,
    StepDown, Term, Time, VoteRefusal,
};
use raft_tests::{Cluster, as_in_the_figures, ids, led, to, without};

/// A change to these voters, of whom the new ones catch up first.
fn promoting(voters: &[u32]) -> Change {
    Change::to_voters(ids(voters))
}

fn now(cluster: &Cluster, id: u32) -> Time {
    // A leader's next heartbeat is due a fixed time after the last one.
    match cluster.server(id).role() {
        Role::Leader(leading) => Time(leading.heartbeat_due.0 - cluster.server(id).options().heartbeat_us),
        _ => panic!("S{id} does not lead"),
    }
}

/// The rounds that a learner went through: which, how long it took, and whether that was short enough.
fn rounds(cluster: &Cluster, learner: u32) -> Vec<(u32, u64, bool)> {
    let rounds = cluster.events.iter().filter_map(|(_, event)| match *event {
        Event::CatchUpRound { learner: who, round, took_us, caught_up } if who.0 == learner => {
            Some((round, took_us, caught_up))
        }
        _ => None,
    });
    rounds.collect()
}

fn abandoned(cluster: &Cluster) -> Vec<u32> {
    let abandoned = cluster.told.iter().filter_map(|(_, told)| match told {
        Effect::ChangeAbandoned { learner } => Some(learner.0),
        _ => None,
    });
    abandoned.collect()
}

// Learners.

#[test]
fn a_learner_is_sent_the_log_and_counts_neither_for_commits_nor_for_elections() {
    let mut cluster = led(3, 1, &Options::default());
    cluster.change(1, to(&[1, 2, 3], &[4])).unwrap();
    cluster.deliver(|_| true);
    cluster.propose(1, "y").unwrap();
    cluster.deliver_among(&[1, 4]);
    assert_eq!(cluster.log(4), [1, 1, 1]);
    assert_eq!(cluster.server(1).commit_index(), Index(2), "S1 and S4 hold it, and S4 does not count");
    cluster.crash(3);
    cluster.crash(1);
    cluster.restart(1).unwrap();
    cluster.restart(3).unwrap();
    assert!(!cluster.elect(1, &[1, 4]));
    // Nobody asks S4 for its vote. It does not know whether it is a voter by now, and would give it; it would not count.
    cluster.time_out(1);
    let mut request = cluster.network.iter().find(|message| message.to.0 == 2).unwrap().clone();
    cluster.lose_all();
    request.to = ServerId(4);
    cluster.step(4, Input::Receive(request)).unwrap();
    cluster.deliver_among(&[1, 4]);
    assert!(cluster.events.iter().any(|(id, event)| *id == 4 && matches!(event, Event::VoteGranted { .. })));
    let ignored = Event::ReplyIgnored { from: ServerId(4), reason: raft_core::Ignored::NotAVoter };
    assert!(cluster.events.contains(&(1, ignored)));
    assert!(cluster.elect(1, &[1, 2]));
    cluster.beat(1);
    assert_eq!(cluster.applied(4), ["-", "-", "y", "-"]);
}

#[test]
fn a_learner_never_stands() {
    let mut cluster = led(3, 1, &Options::default());
    cluster.change(1, to(&[1, 2, 3], &[4])).unwrap();
    cluster.deliver(|_| true);
    assert_eq!(cluster.step(4, Input::TimeOut), Err(Rejected::NotAVoter));
    for _ in 0..5 {
        cluster.wake(4);
    }
    assert!(cluster.network.is_empty());
    assert_eq!((cluster.server(4).current_term(), cluster.server(4).voted_for()), (Term(1), None));
}

#[test]
fn figure_4_4_an_empty_voter_can_leave_a_cluster_stuck_and_a_learner_cannot() {
    let with_s4 = |change: Change| {
        let mut cluster = led(3, 1, &Options::default());
        cluster.change(1, change).unwrap();
        // S4 is slow to get the log, and S3 fails.
        cluster.deliver_among(&[1, 2, 3]);
        cluster.crash(3);
        cluster.propose(1, "y").unwrap();
        cluster.deliver_among(&[1, 2]);
        cluster.server(1).commit_index() == cluster.server(1).log().last_index()
    };
    assert!(!with_s4(to(&[1, 2, 3, 4], &[])));
    assert!(with_s4(promoting(&[1, 2, 3, 4])));
}

// Catching up.

#[test]
fn a_new_voter_learns_first_and_is_promoted_when_it_has_caught_up() {
    let mut cluster = led(3, 1, &Options::default());
    assert_eq!(cluster.change(1, promoting(&[1, 2, 3, 4])), Ok(Some(EntryId::new(2, 1))));
    assert_eq!(cluster.configuration(1), "1 2 3 + 4");
    assert!(cluster.events.contains(&(1, Event::CatchUpStarted { learners: 1 })));
    cluster.deliver(|message| message.to.0 != 4 && message.from.0 != 4);
    assert_eq!((cluster.server(1).commit_index(), cluster.configuration(1)), (Index(2), "1 2 3 + 4".to_owned()));
    cluster.deliver(|_| true);
    assert_eq!(rounds(&cluster, 4), [(1, 0, true)]);
    assert_eq!((cluster.configuration(1).as_str(), cluster.server(1).commit_index()), ("1 2 3 4", Index(3)));
}

#[test]
fn a_learner_that_is_up_to_date_is_promoted_at_once() {
    let mut cluster = led(3, 1, &Options::default());
    cluster.change(1, to(&[1, 2, 3], &[4])).unwrap();
    cluster.deliver(|_| true);
    assert_eq!(cluster.change(1, promoting(&[1, 2, 3, 4])), Ok(Some(EntryId::new(3, 1))));
    assert_eq!(cluster.configuration(1), "1 2 3 4");
    assert_eq!(rounds(&cluster, 4), [(1, 0, true)]);
}

/// S4 learns, and is about to become a voter; one entry is on its way to it.
fn promoting_a_busy_learner() -> Cluster {
    let mut cluster = led(3, 1, &Options::default());
    cluster.change(1, to(&[1, 2, 3], &[4])).unwrap();
    cluster.deliver(|_| true);
    cluster.propose(1, "y").unwrap();
    assert_eq!(cluster.change(1, promoting(&[1, 2, 3, 4])), Ok(None), "nothing is appended yet");
    assert_eq!(now(&cluster, 1), Time(75_000));
    cluster
}

/// A round takes S4 so long, and meanwhile a client writes.
fn round_of(cluster: &mut Cluster, took_us: u64) {
    cluster.deliver_one(|message| message.to.0 == 4);
    cluster.propose(1, "more").unwrap();
    let began = rounds(cluster, 4).iter().map(|&(_, took_us, _)| took_us).sum::<u64>() + 75_000;
    cluster.pass(1, Time(began + took_us));
    cluster.deliver_one(|message| message.from.0 == 4);
    cluster.deliver(|message| message.to.0 != 4 && message.from.0 != 4);
}

#[test]
fn a_learner_catches_up_round_by_round_until_one_is_shorter_than_an_election_timeout() {
    let mut cluster = promoting_a_busy_learner();
    for _ in 0..3 {
        round_of(&mut cluster, 150_000);
        assert_eq!(cluster.configuration(1), "1 2 3 + 4");
    }
    round_of(&mut cluster, 149_999);
    let slow = |round| (round, 150_000, false);
    assert_eq!(rounds(&cluster, 4), [slow(1), slow(2), slow(3), (4, 149_999, true)]);
    assert_eq!((cluster.configuration(1).as_str(), abandoned(&cluster).len()), ("1 2 3 4", 0));
}

#[test]
fn a_learner_that_is_slow_for_ten_rounds_is_given_up_and_stays_a_learner() {
    let mut cluster = promoting_a_busy_learner();
    for _ in 0..9 {
        round_of(&mut cluster, 200_000);
    }
    assert_eq!(abandoned(&cluster), Vec::<u32>::new());
    round_of(&mut cluster, 200_000);
    assert_eq!((abandoned(&cluster), rounds(&cluster, 4).len()), (vec![4], 10));
    assert!(cluster.events.contains(&(1, Event::CatchUpAbandoned { learner: ServerId(4), round: 10 })));
    assert_eq!(cluster.configuration(1), "1 2 3 + 4");
    // Another change may follow, or this one be asked for again.
    cluster.deliver(|_| true);
    cluster.change(1, promoting(&[1, 2, 3, 4])).unwrap();
    assert_eq!(cluster.configuration(1), "1 2 3 4");
}

#[test]
fn a_learner_that_was_slow_and_then_has_everything_is_promoted_though_nobody_writes() {
    let mut cluster = led(3, 1, &Options::default());
    cluster.change(1, promoting(&[1, 2, 3, 4])).unwrap();
    let later = now(&cluster, 1).plus(200_000);
    cluster.pass(1, later);
    cluster.deliver(|_| true);
    assert_eq!(rounds(&cluster, 4).first().map(|&(round, _, caught_up)| (round, caught_up)), Some((1, false)));
    for _ in 0..100 {
        cluster.beat(1);
    }
    assert_eq!(abandoned(&cluster), Vec::<u32>::new());
    assert_eq!(cluster.configuration(1), "1 2 3 4", "the second round had nothing to bring");
}

#[test]
fn a_learner_that_never_answers_is_given_up_after_a_time() {
    let mut cluster = led(3, 1, &Options::default());
    cluster.crash(4);
    let began = now(&cluster, 1);
    cluster.change(1, promoting(&[1, 2, 3, 4])).unwrap();
    cluster.deliver(|_| true);
    while abandoned(&cluster).is_empty() {
        cluster.beat(1);
        assert!(now(&cluster, 1).since(began) < 4_000_000, "it waits for ever");
    }
    // Ten of the longest election timeouts.
    assert!(now(&cluster, 1).since(began) >= 3_000_000);
    assert_eq!(abandoned(&cluster), [4]);
    assert_eq!(cluster.configuration(1), "1 2 3 + 4");
    assert!(cluster.change(1, to(&[1, 2, 3], &[])).is_ok());
}

#[test]
fn a_learner_catches_up_by_a_snapshot() {
    let mut cluster = led(3, 1, &Options::default());
    cluster.propose_all(1, &["x", "y"]).unwrap();
    cluster.deliver(|_| true);
    cluster.compact(1, 3).unwrap();
    cluster.change(1, promoting(&[1, 2, 3, 4])).unwrap();
    cluster.deliver(|_| true);
    cluster.beat(1);
    assert!(cluster.events.iter().any(|(id, event)| *id == 4 && matches!(event, Event::SnapshotInstalled { .. })));
    assert_eq!((cluster.configuration(4).as_str(), cluster.log(4).len()), ("1 2 3 4", 2));
    assert_eq!(cluster.applied(4), ["-", "x", "y", "-", "-"]);
    // With a snapshot of its own it knows the members, however it starts.
    cluster.compact(4, 5).unwrap();
    cluster.crash(4);
    cluster.restart(4).unwrap();
    assert_eq!((cluster.configuration(4).as_str(), cluster.server(4).configuration_index()), ("1 2 3 4", Index(0)));
}

#[test]
fn a_change_waits_until_all_its_new_voters_have_caught_up() {
    let mut cluster = led(3, 2, &Options::default());
    cluster.change(1, promoting(&[1, 4, 5])).unwrap();
    assert_eq!(cluster.configuration(1), "1 2 3 + 4 5");
    cluster.deliver(|message| message.to.0 != 5 && message.from.0 != 5);
    assert_eq!((rounds(&cluster, 4).len(), cluster.configuration(1)), (1, "1 2 3 + 4 5".to_owned()));
    cluster.deliver(|message| message.to.0 == 5 || message.from.0 == 5);
    assert_eq!((rounds(&cluster, 5).len(), cluster.configuration(1)), (1, "1 2 3 > 1 4 5".to_owned()));
    cluster.deliver(|_| true);
    assert_eq!(cluster.configuration(1), "1 4 5");
}

#[test]
fn who_learns_goes_on_learning_while_another_catches_up() {
    let mut cluster = led(3, 2, &Options::default());
    cluster.change(1, to(&[1, 2, 3], &[4])).unwrap();
    cluster.deliver(|_| true);
    cluster.change(1, Change { learners: ids(&[4]), ..promoting(&[1, 2, 3, 5]) }).unwrap();
    assert_eq!(cluster.configuration(1), "1 2 3 + 4 5");
    cluster.deliver(|_| true);
    cluster.beat(1);
    assert_eq!([1, 4, 5].map(|id| cluster.configuration(id)), ["1 2 3 5 + 4"; 3]);
}

#[test]
fn a_new_leader_knows_nothing_of_a_change_that_waited_for_learners() {
    let mut cluster = led(3, 1, &Options::default());
    cluster.change(1, promoting(&[1, 2, 3, 4])).unwrap();
    cluster.deliver_among(&[1, 2, 3]);
    assert!(cluster.elect(2, &[1, 2, 3]));
    cluster.beat(2);
    cluster.beat(2);
    assert_eq!(cluster.configuration(2), "1 2 3 + 4");
    assert!(cluster.told.iter().any(|(id, told)| *id == 1 && matches!(told, Effect::LeadershipLost { .. })));
    assert_eq!(cluster.change(2, promoting(&[1, 2, 3, 4])), Ok(Some(EntryId::new(4, 2))));
}

/// etcd issue 10998: S3 is promoted and does not know it yet, and S1 fails. Whether S2 can be elected.
fn promoted_unknowingly(options: &Options) -> bool {
    let mut cluster = led(2, 1, options);
    cluster.change(1, to(&[1, 2], &[3])).unwrap();
    cluster.deliver(|_| true);
    cluster.beat(1);
    cluster.change(1, promoting(&[1, 2, 3])).unwrap();
    cluster.deliver_among(&[1, 2]);
    assert_eq!((cluster.server(1).commit_index(), cluster.configuration(3)), (Index(3), "1 2 + 3".to_owned()));
    cluster.crash(1);
    assert_eq!(cluster.step(3, Input::TimeOut), Err(Rejected::NotAVoter));
    (0..10).any(|_| cluster.elect(2, &[2, 3]))
}

#[test]
fn a_learner_that_was_promoted_and_does_not_know_it_votes() {
    assert!(promoted_unknowingly(&Options::default()));
    assert!(!promoted_unknowingly(&without(Rule::PromotedLearnerVotes, Options::default())), "two of three are alive");
}

// Servers that go.

#[test]
fn a_removed_leader_does_not_count_itself_and_leads_until_it_is_committed() {
    let mut cluster = led(3, 0, &Options::default());
    cluster.propose(1, "x").unwrap();
    cluster.change(1, to(&[2, 3], &[])).unwrap();
    cluster.propose(1, "y").unwrap();
    for id in [2, 3] {
        cluster.deliver_one(|message| message.to.0 == id);
        cluster.deliver_one(|message| message.from.0 == id);
    }
    assert_eq!((cluster.server(1).commit_index(), cluster.server(1).is_leader()), (Index(2), true), "x alone is");
    cluster.deliver(|message| message.to.0 == 2 || message.from.0 == 2);
    assert_eq!(cluster.server(1).commit_index(), Index(2), "one of the two holds it");
    cluster.deliver(|message| message.to.0 == 3);
    cluster.deliver_one(|message| message.from.0 == 3);
    assert_eq!(cluster.server(1).commit_index(), Index(3));
    assert!(!cluster.server(1).is_leader());
    let counted = cluster.events.iter().rev().find_map(|(_, event)| match event {
        Event::Committed { reason: CommitReason::QuorumHolds { holders }, .. } => Some(holders.voters),
        _ => None,
    });
    assert_eq!(counted.map(|voters| (voters.have, voters.needed)), Some((2, 2)));
    assert_eq!(cluster.stepped_down(1), Some(StepDown::Removed { index: Index(3) }));
    // The proposal behind it may still be committed, by the others.
    let lost = Effect::LeadershipLost { uncertain_from: Index(4), last: EntryId::new(4, 1) };
    assert!(cluster.told.contains(&(1, lost)));
    assert!(cluster.elect(2, &[2, 3]));
    assert_eq!(cluster.applied(2), ["-", "x", "-", "y", "-"]);
    // And S1 stands no more.
    assert_eq!(cluster.step(1, Input::TimeOut), Err(Rejected::NotAVoter));
}

#[test]
fn a_removed_leader_is_none_of_those_that_check_quorum_hears_from() {
    let stays = |change: bool| {
        let mut cluster = led(3, 0, &Options { check_quorum: true, ..Options::default() });
        if change {
            cluster.change(1, to(&[2, 3], &[])).unwrap();
        }
        for _ in 0..12 {
            if cluster.server(1).is_leader() {
                cluster.beat_among(1, &[1, 2]);
            }
        }
        cluster.server(1).is_leader()
    };
    assert!(stays(false), "itself and S2 are two of three");
    assert!(!stays(true), "S2 is one of two");
}

/// Figure 4.6: S1, the leader of two, is to go. S1 has x, y and C_new, S2 has x and y.
fn figure_4_6() -> Cluster {
    let mut cluster = led(2, 0, &as_in_the_figures());
    cluster.propose(1, "y").unwrap();
    cluster.deliver(|_| true);
    cluster.change(1, to(&[2], &[])).unwrap();
    cluster.lose_all();
    assert_eq!([1, 2].map(|id| cluster.log(id).len()), [3, 2]);
    assert_eq!([1, 2].map(|id| cluster.configuration(id)), ["2", "1 2"]);
    cluster
}

#[test]
fn figure_4_6_a_removed_leader_stays_until_the_others_have_its_removal() {
    let mut cluster = figure_4_6();
    // S2 needs S1's vote, and S1's log is newer.
    assert!(cluster.server(1).is_leader());
    let mut without_leader = cluster.clone();
    without_leader.crash(1);
    without_leader.restart(1).unwrap();
    assert!(!(0..5).any(|_| without_leader.elect(2, &[1, 2])));
    cluster.beat(1);
    cluster.beat(1);
    assert_eq!(cluster.stepped_down(1), Some(StepDown::Removed { index: Index(3) }));
    cluster.crash(1);
    assert!(cluster.elect(2, &[2]));
}

#[test]
fn figure_4_6_a_removed_leader_that_restarts_can_lead_again_until_its_removal_is_committed() {
    let mut cluster = figure_4_6();
    cluster.crash(1);
    cluster.restart(1).unwrap();
    // It does not count its own vote.
    cluster.time_out(1);
    assert!(!cluster.server(1).is_leader());
    cluster.deliver_among(&[1, 2]);
    assert!(cluster.server(1).is_leader());
    cluster.propose(1, "z").unwrap();
    for _ in 0..3 {
        cluster.beat(1);
    }
    assert_eq!(cluster.stepped_down(1), Some(StepDown::Removed { index: Index(3) }));
    assert_eq!(cluster.step(1, Input::TimeOut), Err(Rejected::NotAVoter), "now it is");
    cluster.crash(1);
    assert!(cluster.elect(2, &[2]));
    cluster.propose(2, "last").unwrap();
    assert_eq!(cluster.applied(2), ["x", "y", "-", "z", "last"]);
}

#[test]
fn a_voter_that_becomes_a_learner_and_alone_holds_the_newest_log_can_lead() {
    let mut cluster = led(4, 0, &Options::default());
    cluster.change(1, to(&[1, 2, 3], &[4])).unwrap();
    cluster.deliver_among(&[1, 4]);
    cluster.crash(1);
    assert_eq!([2, 3, 4].map(|id| cluster.configuration(id)), ["1 2 3 4", "1 2 3 4", "1 2 3 + 4"]);
    // S2 and S3 need three of four, and S4's log is newer.
    assert!(![2, 3].iter().any(|&id| (0..5).any(|_| cluster.elect(id, &[2, 3, 4]))));
    // S4 does not count its own vote, leads, and goes when its removal is committed.
    let led = |cluster: &Cluster| {
        cluster.events.iter().any(|(id, event)| *id == 4 && matches!(event, Event::BecameLeader { .. }))
    };
    for _ in 0..5 {
        if !led(&cluster) {
            cluster.elect(4, &[2, 3, 4]);
        }
    }
    assert!(led(&cluster));
    assert_eq!(cluster.stepped_down(4), Some(StepDown::Removed { index: Index(2) }));
    assert_eq!(cluster.configuration(2), "1 2 3 + 4");
    assert!(cluster.elect(2, &[2, 3]));
    assert_eq!(cluster.violations, Vec::<String>::new());
}

/// Figure 4.7: S4 leads, and has appended an entry and the removal of S1 that nobody else has yet. S1 is as up-to-date as S2
/// and S3, and does not know.
fn figure_4_7(pre_vote: bool, check_quorum: bool) -> Cluster {
    let options = Options { pre_vote, check_quorum, ..as_in_the_figures() };
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[], &[]], &options).unwrap();
    assert!(cluster.elect(4, &[1, 2, 3, 4]));
    cluster.propose(4, "x").unwrap();
    cluster.deliver(|_| true);
    cluster.propose(4, "y").unwrap();
    cluster.change(4, to(&[2, 3, 4], &[])).unwrap();
    cluster.lose_all();
    assert_eq!((1..=4).map(|id| cluster.log(id).len()).collect::<Vec<_>>(), [1, 1, 1, 3]);
    cluster
}

const ALL_FOUR: [(bool, bool); 4] = [(false, false), (true, false), (false, true), (true, true)];

#[test]
fn figure_4_7_a_removed_server_asks_again_and_again_while_the_leader_is_heard() {
    let deposed = ALL_FOUR.map(|(pre_vote, check_quorum)| {
        let mut cluster = figure_4_7(pre_vote, check_quorum);
        for _ in 0..5 {
            cluster.time_out(1);
            cluster.deliver(|message| message.from.0 == 1 || message.to.0 == 1);
        }
        // Its log would do: what keeps S2 and S3 from voting for it is that they hear from S4.
        let refusals = cluster.events.iter().filter_map(|(id, event)| match *event {
            Event::VoteRefused { reason, .. } | Event::PreVoteRefused { reason, .. } if *id != 4 => Some(reason),
            _ => None,
        });
        let refusals: Vec<VoteRefusal> = refusals.collect();
        let alive = |reason: &VoteRefusal| matches!(reason, VoteRefusal::LeaderAlive { leader: ServerId(4), .. });
        assert_eq!(refusals.len(), if pre_vote || check_quorum { 10 } else { 0 });
        assert!(refusals.iter().all(alive), "{refusals:?}");
        !cluster.server(4).is_leader()
    });
    assert_eq!(deposed, [true, false, false, false]);
}

#[test]
fn figure_4_7_with_pre_vote_alone_a_removed_server_disrupts_and_with_check_quorum_it_does_not() {
    let deposed = ALL_FOUR.map(|(pre_vote, check_quorum)| {
        let mut cluster = figure_4_7(pre_vote, check_quorum);
        // S4's heartbeats are late for once, and S2 and S3 would vote for S1.
        for id in [2, 3] {
            let due = cluster.server(id).election_timer().unwrap().deadline;
            cluster.pass(id, due);
        }
        cluster.time_out(1);
        cluster.deliver(|message| {
            let asks = matches!(message.body, Body::PreVote { .. } | Body::PreVoteReply { .. });
            asks && [message.from.0, message.to.0].iter().all(|id| *id != 4)
        });
        assert!(matches!(cluster.server(1).role(), Role::Candidate { .. }), "a majority of the old four");
        // They come before the election does.
        let votes: Vec<Message> = cluster.network.drain(..).collect();
        cluster.wake(4);
        cluster.deliver_one(|message| message.to.0 == 2);
        cluster.deliver_one(|message| message.to.0 == 3);
        cluster.network.extend(votes);
        cluster.deliver(|_| true);
        !cluster.server(4).is_leader()
    });
    assert_eq!(deposed, [true, true, false, false]);
}

#[test]
fn a_server_that_was_removed_and_is_added_again_starts_with_nothing_known_of_it() {
    // S3 goes, its disk is wiped, and it comes back.
    let come_back = |options: &Options| {
        let mut cluster = led(3, 0, options);
        cluster.propose(1, "y").unwrap();
        cluster.deliver(|_| true);
        cluster.change(1, to(&[1, 2], &[])).unwrap();
        cluster.deliver(|_| true);
        assert_eq!((cluster.progress(1, 3), cluster.server(1).commit_index()), (None, Index(3)));
        cluster.join(3).unwrap();
        cluster.change(1, to(&[1, 2, 3], &[])).unwrap();
        let (_, known) = cluster.progress(1, 3).unwrap();
        for _ in 0..5 {
            cluster.deliver(|_| true);
            cluster.wake(1);
        }
        cluster.deliver(|_| true);
        (known, cluster.log(3).len())
    };
    assert_eq!(come_back(&Options::default()), (0, 4));
    let broken = come_back(&without(Rule::ProgressFreshOnReAdding, Options::default()));
    assert_eq!(broken, (2, 0), "two entries count that it does not hold, and it is never sent them");
}
