//! Section 6.4 of the dissertation: reads without an entry in the log, by a round of heartbeats or by lease.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::{
    AppendOutcome, Body, Change, Configuration, Durable, Effect, Event, Index, Input, InvalidStart, Message, Options,
    ReadFailure, ReadId, Rejected, Role, Round, Rule, Server, ServerId, Term, Time, VoteRefusal,
};
use raft_tests::journey::{Happened, Journey, refused_messages};
use raft_tests::{Cluster, as_in_the_figures, without, worlds};

const ALL: [u32; 3] = [1, 2, 3];

/// S1 leads term 1 of three servers and has committed "a", which all have applied; nothing is on its way.
fn led_by_s1(options: &Options) -> Cluster {
    led(3, options)
}

fn led(servers: usize, options: &Options) -> Cluster {
    let mut cluster = Cluster::with_logs(0, &vec![&[][..]; servers], options).unwrap();
    let all: Vec<u32> = (1..).take(servers).collect();
    if options.lease_reads {
        // Whoever has just started votes for nobody yet.
        all.iter().for_each(|&id| cluster.pass(id, Time(150_000)));
    }
    assert!(cluster.elect(1, &all));
    cluster.propose(1, "a").unwrap();
    cluster.deliver(|_| true);
    cluster.wake(1);
    cluster.deliver(|_| true);
    assert!(all.iter().all(|&id| cluster.applied(id).last().map(String::as_str) == Some("a")));
    cluster
}

const fn message(from: u32, to: u32, term: u64, body: Body) -> Message {
    Message { from: ServerId(from), to: ServerId(to), term: Term(term), body }
}

fn failed(cluster: &Cluster) -> Vec<(u32, u64, ReadFailure)> {
    let failed = cluster.told.iter().filter_map(|(id, told)| match told {
        Effect::ReadFailed { read, reason } => Some((*id, read.0, *reason)),
        _ => None,
    });
    failed.collect()
}

fn round(cluster: &Cluster, leader: u32) -> Round {
    match cluster.server(leader).role() {
        Role::Leader(leading) => leading.round,
        other => panic!("S{leader} is {other:?}"),
    }
}

/// The options of leases, with an election timeout of 150 ms to the microsecond.
fn leases() -> Options {
    Options {
        check_quorum: true,
        lease_reads: true,
        election_timeout_us_max: 150_000,
        heartbeat_us: 50_000,
        ..as_in_the_figures()
    }
}

fn to_all(cluster: &mut Cluster, now: u64) {
    ALL.iter().for_each(|&id| cluster.pass(id, Time(now)));
}

#[test]
fn a_read_must_see_what_is_committed_when_it_is_asked_for() {
    let mut cluster = led_by_s1(&as_in_the_figures());
    cluster.read(1, 7).unwrap();
    // What is committed later need not be seen, and may be.
    cluster.propose(1, "b").unwrap();
    let waits = Event::ReadWaits { asked_by: ServerId(1), read_index: Some(Index(1)), round: round(&cluster, 1) };
    assert!(cluster.events.contains(&(1, waits)));
    assert_eq!(cluster.reads_ready(), []);
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready(), [(1, 7, 1)]);
    assert_eq!(cluster.server(1).commit_index(), Index(2));
    cluster.read(1, 8).unwrap();
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready(), [(1, 7, 1), (1, 8, 2)]);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn a_read_is_answered_only_when_a_quorum_has_answered_a_round_that_began_later() {
    let mut cluster = led(5, &as_in_the_figures());
    // A round is under way when the read is asked for: its answers came too early to say anything.
    cluster.wake(1);
    let earlier = round(&cluster, 1);
    cluster.read(1, 1).unwrap();
    let of = |message: &Message, wanted: Round| match message.body {
        Body::AppendEntries { round, .. } | Body::AppendEntriesReply { round, .. } => round == wanted,
        _ => false,
    };
    cluster.deliver(|message| of(message, earlier));
    assert_eq!(cluster.reads_ready(), []);
    let later = earlier.next();
    cluster.deliver(|message| of(message, later) && [message.from.0, message.to.0].contains(&2));
    assert_eq!(cluster.reads_ready(), [], "two of five");
    cluster.deliver(|message| of(message, later) && [message.from.0, message.to.0].contains(&3));
    assert_eq!(cluster.reads_ready(), [(1, 1, 1)], "three of five");
    let confirmed = Event::ReadConfirmed { asked_by: ServerId(1), read_index: Index(1), round: later };
    assert!(cluster.events.contains(&(1, confirmed)));
}

#[test]
fn a_refused_append_of_a_later_round_confirms_a_read_as_well() {
    // S2's log differs, so it refuses: that it still follows is all that matters.
    let mut cluster = Cluster::with_logs(2, &[&[1, 2], &[1, 1], &[1, 2]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 3]));
    cluster.propose(1, "x").unwrap();
    cluster.deliver_among(&[1, 3]);
    cluster.read(1, 1).unwrap();
    cluster.deliver_one(|message| message.to.0 == 2);
    let answer = cluster.deliver_one(|message| message.from.0 == 2).unwrap();
    let refused = matches!(answer.body, Body::AppendEntriesReply { outcome: AppendOutcome::Conflict { .. }, .. });
    assert!(refused, "{answer:?}");
    assert_eq!(cluster.reads_ready(), [(1, 1, 3)]);
}

#[test]
fn reads_that_come_together_share_a_round_and_those_that_come_meanwhile_share_the_next() {
    let mut cluster = led_by_s1(&as_in_the_figures());
    let before = round(&cluster, 1);
    for read in 0..100 {
        cluster.read(1, read).unwrap();
    }
    assert_eq!(cluster.network.len(), 2, "one heartbeat to each follower, for the first read");
    cluster.deliver_one(|message| message.to.0 == 2);
    cluster.deliver_one(|message| message.from.0 == 2);
    assert_eq!(cluster.reads_ready().len(), 1);
    let of_next = cluster
        .network
        .iter()
        .filter(|message| matches!(message.body, Body::AppendEntries { round, .. } if round == Round(before.0 + 2)));
    assert_eq!(of_next.count(), 2, "one round for the 99 others");
    for read in 100..200 {
        cluster.read(1, read).unwrap();
    }
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready().len(), 200);
    assert_eq!(round(&cluster, 1), Round(before.0 + 3), "three rounds for two hundred reads");
    assert!(cluster.reads_ready().iter().map(|(_, read, _)| *read).eq(0..200), "in their order");
}

#[test]
fn reads_go_on_when_a_round_is_lost() {
    let mut cluster = led_by_s1(&as_in_the_figures());
    cluster.read(1, 1).unwrap();
    cluster.read(1, 2).unwrap();
    cluster.lose_all();
    cluster.wake(1);
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready(), [(1, 1, 1), (1, 2, 1)], "the next heartbeat is a round like any other");
}

/// S1 leads term 2 and does not know yet that the entry of term 1 is committed.
fn fresh_leader(noop_on_election: bool) -> Cluster {
    let options = Options { noop_on_election, ..as_in_the_figures() };
    let mut cluster = Cluster::with_logs(1, &[&[1], &[1], &[1]], &options).unwrap();
    cluster.time_out(1);
    cluster.deliver(raft_tests::is_vote);
    assert!(cluster.server(1).is_leader());
    cluster
}

#[test]
fn a_fresh_leader_answers_reads_once_an_entry_of_its_own_term_is_committed() {
    let mut cluster = fresh_leader(true);
    cluster.read(1, 1).unwrap();
    assert!(cluster.events.iter().any(|(_, event)| matches!(event, Event::ReadWaits { read_index: None, .. })));
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready(), [(1, 1, 2)], "it sees the inherited entry and the empty one");

    // Without an empty entry it waits for a client's.
    let mut cluster = fresh_leader(false);
    cluster.read(1, 1).unwrap();
    cluster.deliver(|_| true);
    cluster.wake(1);
    cluster.deliver(|_| true);
    assert_eq!((cluster.reads_ready(), cluster.server(1).commit_index()), (vec![], Index(0)));
    cluster.propose(1, "b").unwrap();
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready(), [(1, 1, 2)]);

    // And not for ever.
    let mut cluster = fresh_leader(false);
    cluster.read(1, 1).unwrap();
    for _ in 0..20 {
        cluster.wake(1);
        cluster.deliver(|_| true);
    }
    assert_eq!(failed(&cluster), [(1, 1, ReadFailure::TimedOut)]);
}

#[test]
fn a_commit_alone_answers_no_read_of_a_fresh_leader() {
    // The answers that commit its first entry are to a round from before; a later one must still be answered.
    let mut cluster = fresh_leader(true);
    cluster.read(1, 1).unwrap();
    cluster.deliver_one(|message| message.to.0 == 2);
    cluster.deliver_one(|message| message.from.0 == 2);
    while cluster.server(1).commit_index() == Index(0) {
        cluster.deliver_one(|message| message.to.0 == 2).expect("S2 is sent no more");
        cluster.deliver_one(|message| message.from.0 == 2);
    }
    assert_eq!(cluster.reads_ready(), []);
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready(), [(1, 1, 2)]);
}

#[test]
fn a_delayed_answer_to_an_older_round_releases_nothing() {
    let mut cluster = led_by_s1(&as_in_the_figures());
    cluster.wake(1);
    cluster.deliver(|message| message.from.0 == 1);
    let answers: Vec<Message> = cluster.network.drain(..).collect();
    assert_eq!(answers.len(), 2);
    cluster.read(1, 1).unwrap();
    for answer in answers {
        cluster.step(1, Input::Receive(answer.clone())).unwrap();
        cluster.step(1, Input::Receive(answer)).unwrap();
    }
    assert_eq!(cluster.reads_ready(), []);
    // An answer of an earlier leadership does not either, whatever its round.
    let old = Body::AppendEntriesReply { outcome: AppendOutcome::Success { match_index: Index(1) }, round: Round(99) };
    cluster.step(1, Input::Receive(message(2, 1, 0, old.clone()))).unwrap();
    assert_eq!(cluster.reads_ready(), []);
    let begun = round(&cluster, 1);
    let ahead = Rejected::OutOfRange { field: "round", found: 99, limit: begun.0 };
    assert_eq!(cluster.step(1, Input::Receive(message(2, 1, 1, old))), Err(ahead), "it cannot have begun");
}

#[test]
fn a_refusal_of_an_older_terms_append_is_no_absurdity_for_whoever_leads_again() {
    let mut cluster = led_by_s1(&as_in_the_figures());
    for _ in 0..9 {
        cluster.lose_all();
        cluster.wake(1);
    }
    let late = cluster.network.iter().find(|message| message.to.0 == 2).unwrap().clone();
    cluster.lose_all();
    assert!(cluster.elect(3, &ALL) && cluster.elect(1, &ALL));
    cluster.step(2, Input::Receive(late)).unwrap();
    let refusal = cluster.network.pop().unwrap();
    let Body::AppendEntriesReply { outcome: AppendOutcome::StaleTerm, round: named } = refusal.body else {
        panic!("{refusal:?}");
    };
    assert!(refusal.term == Term(3) && named > round(&cluster, 1));
    let before = cluster.server(1).clone();
    assert_eq!(cluster.step(1, Input::Receive(refusal)), Ok(None));
    assert_eq!(*cluster.server(1), before, "it confirms nothing either");
}

#[test]
fn a_deposed_leaders_reads_fail_with_the_reason() {
    let mut cluster = led_by_s1(&as_in_the_figures());
    cluster.read(1, 1).unwrap();
    cluster.read(1, 2).unwrap();
    cluster.lose_all();
    assert!(cluster.elect(3, &ALL));
    assert_eq!(failed(&cluster), [(1, 1, ReadFailure::LeadershipLost), (1, 2, ReadFailure::LeadershipLost)]);
    assert_eq!(cluster.reads_ready(), []);
    let given_up = Event::ReadGivenUp { asked_by: ServerId(1), reason: ReadFailure::LeadershipLost };
    assert_eq!(cluster.events.iter().filter(|told| **told == (1, given_up)).count(), 2);
}

#[test]
fn an_isolated_leaders_reads_time_out_after_an_election_timeout() {
    // No heartbeat falls on the end of the read.
    let mut cluster = led_by_s1(&Options { heartbeat_us: 70_000, ..as_in_the_figures() });
    let asked = Time(cluster.server(1).next_wake_up().0 - 10_000);
    cluster.pass(1, asked);
    cluster.read(1, 1).unwrap();
    let end = asked.plus(300_000);
    while failed(&cluster).is_empty() {
        let due = cluster.server(1).next_wake_up();
        assert!(due <= end, "it wants to be woken for it at {end}");
        cluster.wake(1);
        cluster.lose_all();
        assert_eq!(failed(&cluster).is_empty(), due < end);
    }
    assert_eq!(failed(&cluster), [(1, 1, ReadFailure::TimedOut)]);
    assert!(cluster.server(1).is_leader(), "without CheckQuorum it still believes that it leads");
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready(), []);
}

#[test]
fn with_check_quorum_an_isolated_leaders_reads_end_with_its_leadership() {
    let mut cluster = led_by_s1(&Options { check_quorum: true, ..as_in_the_figures() });
    while cluster.server(1).is_leader() {
        cluster.read(1, cluster.server(1).next_wake_up().0).unwrap();
        cluster.wake(1);
        cluster.lose_all();
    }
    let reasons: Vec<ReadFailure> = failed(&cluster).iter().map(|(_, _, reason)| *reason).collect();
    assert!(reasons.contains(&ReadFailure::LeadershipLost), "{reasons:?}");
    assert_eq!(cluster.reads_ready(), []);
    assert_eq!(cluster.read(1, 0), Err(Rejected::NotLeader { leader: None }));
}

#[test]
fn a_single_server_answers_at_once() {
    for lease_reads in [false, true] {
        let options = Options { lease_reads, check_quorum: lease_reads, ..Options::default() };
        let mut cluster = Cluster::with_logs(0, &[&[]], &options).unwrap();
        cluster.wake(1);
        cluster.read(1, 1).unwrap();
        cluster.propose(1, "a").unwrap();
        cluster.read(1, 2).unwrap();
        cluster.read(1, 3).unwrap();
        assert_eq!(cluster.reads_ready(), [(1, 1, 1), (1, 2, 2), (1, 3, 2)]);
        assert_eq!(cluster.network, []);
    }
}

#[test]
fn a_single_servers_heartbeat_renews_its_lease() {
    let mut cluster = Cluster::with_logs(0, &[&[]], &leases()).unwrap();
    cluster.wake(1);
    cluster.propose(1, "a").unwrap();
    for _ in 0..10 {
        cluster.wake(1);
    }
    cluster.read(1, 1).unwrap();
    assert!(cluster.events.iter().any(|(_, event)| matches!(event, Event::ReadByLease { .. })));
}

#[test]
fn without_a_leader_a_read_is_refused() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &as_in_the_figures()).unwrap();
    let no_leader = Err(Rejected::NotLeader { leader: None });
    assert_eq!(cluster.read(1, 1), no_leader);
    cluster.time_out(1);
    assert_eq!(cluster.read(1, 2), no_leader, "a candidate neither knows one");
    let pre_vote = Options { pre_vote: true, ..as_in_the_figures() };
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &pre_vote).unwrap();
    cluster.time_out(1);
    assert_eq!(cluster.read(1, 3), no_leader);
    assert_eq!(cluster.told, []);
}

#[test]
fn a_followers_read_is_answered_when_the_log_is_applied_as_far_as_the_leader_says() {
    let mut cluster = led_by_s1(&as_in_the_figures());
    cluster.propose(1, "b").unwrap();
    cluster.deliver(|_| true);
    assert_eq!((cluster.server(1).commit_index(), cluster.server(2).last_applied()), (Index(2), Index(1)));
    cluster.read(2, 5).unwrap();
    let forwarded = Event::ReadForwarded { read: ReadId(5), leader: ServerId(1) };
    assert!(cluster.events.contains(&(2, forwarded)));
    cluster.deliver_one(|message| matches!(message.body, Body::ReadIndex { .. }));
    assert!(!cluster.network.iter().any(|message| matches!(message.body, Body::ReadIndexReply { .. })));
    // The leader confirms its leadership with S3; S2 learns the index before it has the entry committed.
    cluster.deliver(|message| message.to.0 == 3 || message.from.0 == 3);
    cluster.deliver_one(|message| matches!(message.body, Body::ReadIndexReply { .. })).unwrap();
    let learned = Event::ReadIndexLearned { read: ReadId(5), read_index: Index(2), last_applied: Index(1) };
    assert!(cluster.events.contains(&(2, learned)));
    assert_eq!(cluster.reads_ready(), []);
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready(), [(2, 5, 2)]);
    assert_eq!(cluster.applied(2), ["a", "b"]);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn a_followers_read_may_wait_for_a_snapshot() {
    let mut cluster = led_by_s1(&as_in_the_figures());
    cluster.propose(1, "b").unwrap();
    cluster.deliver_among(&[1, 2]);
    cluster.compact(1, 2).unwrap();
    cluster.read(3, 1).unwrap();
    cluster.deliver(|message| matches!(message.body, Body::ReadIndex { .. }) || [1, 2].contains(&message.to.0));
    cluster.deliver_one(|message| matches!(message.body, Body::ReadIndexReply { .. })).unwrap();
    assert_eq!(cluster.reads_ready(), []);
    cluster.wake(1);
    cluster.deliver(|_| true);
    assert!(cluster.events.iter().any(|(id, event)| *id == 3 && matches!(event, Event::SnapshotInstalled { .. })));
    assert_eq!(cluster.reads_ready(), [(3, 1, 2)]);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn a_followers_read_fails_when_its_leader_is_gone_refuses_or_does_not_answer() {
    // Another leader is elected.
    let mut cluster = led_by_s1(&as_in_the_figures());
    cluster.read(2, 1).unwrap();
    cluster.lose_all();
    assert!(cluster.elect(3, &[2, 3]));
    assert_eq!(failed(&cluster), [(2, 1, ReadFailure::LeadershipLost)]);
    // The follower itself stands for election.
    let mut cluster = led_by_s1(&as_in_the_figures());
    cluster.read(2, 1).unwrap();
    cluster.time_out(2);
    assert_eq!(failed(&cluster), [(2, 1, ReadFailure::LeadershipLost)]);
    // The leader has been deposed, and says so in time.
    let mut cluster = led_by_s1(&as_in_the_figures());
    let asks = |message: &Message| matches!(message.body, Body::ReadIndex { .. });
    cluster.time_out(3);
    cluster.deliver_one(|message| message.to.0 == 1);
    cluster.lose_all();
    cluster.read(2, 1).unwrap();
    cluster.deliver_one(asks).unwrap();
    let refusal = cluster.network.pop().unwrap();
    assert!(matches!(refusal.body, Body::ReadIndexReply { read_index: None, .. }), "{refusal:?}");
    // The new term alone ends the read; with the term as it was, the refusal does.
    cluster.step(2, Input::Receive(Message { term: Term(1), ..refusal })).unwrap();
    assert_eq!(failed(&cluster), [(2, 1, ReadFailure::NotLeader)]);
    // Nobody answers.
    let mut cluster = led_by_s1(&as_in_the_figures());
    cluster.read(2, 1).unwrap();
    cluster.lose_all();
    cluster.wake(1);
    cluster.pass(2, Time(299_999));
    cluster.deliver(|message| message.to.0 == 2);
    assert_eq!(cluster.server(2).next_wake_up(), Time(300_000), "it is not its election timer that is due");
    cluster.wake(2);
    assert_eq!(failed(&cluster), [(2, 1, ReadFailure::TimedOut)]);
    // The leader answers late that it could not be sure.
    let mut cluster = led_by_s1(&as_in_the_figures());
    cluster.read(2, 1).unwrap();
    cluster.deliver_one(asks).unwrap();
    for _ in 0..6 {
        cluster.network.retain(|message| matches!(message.body, Body::ReadIndexReply { .. }));
        cluster.wake(1);
    }
    cluster.deliver(|message| matches!(message.body, Body::ReadIndexReply { .. }));
    assert_eq!(failed(&cluster), [(2, 1, ReadFailure::NotLeader)]);
}

#[test]
fn a_late_answer_to_another_read_or_to_another_life_releases_nothing() {
    let mut cluster = led_by_s1(&as_in_the_figures());
    let answers = |message: &Message| matches!(message.body, Body::ReadIndexReply { .. });
    cluster.read(2, 1).unwrap();
    cluster.deliver(|message| !answers(message));
    let late = cluster.network.iter().find(|message| answers(message)).unwrap().clone();
    cluster.deliver_one(answers);
    assert_eq!(cluster.reads_ready(), [(2, 1, 1)]);
    // Twice the same.
    cluster.read(2, 2).unwrap();
    cluster.step(2, Input::Receive(late.clone())).unwrap();
    let ignored = |(id, event): &(u32, Event)| {
        *id == 2 && matches!(event, Event::ReplyIgnored { reason: raft_core::Ignored::NotAsked, .. })
    };
    assert_eq!(cluster.events.iter().filter(|event| ignored(event)).count(), 1);
    // The number of the first read of a life is another in the next life.
    cluster.crash(2);
    cluster.restart(2).unwrap();
    cluster.lose_all();
    cluster.wake(1);
    cluster.deliver(|_| true);
    cluster.read(2, 3).unwrap();
    cluster.step(2, Input::Receive(late)).unwrap();
    assert_eq!(cluster.events.iter().filter(|event| ignored(event)).count(), 2);
    assert_eq!(cluster.reads_ready(), [(2, 1, 1)]);
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready(), [(2, 1, 1), (2, 3, 1)]);
}

#[test]
fn a_learner_reads_as_a_follower_does_and_confirms_nothing() {
    let mut cluster = led_by_s1(&as_in_the_figures());
    cluster.start(4, Configuration::unknown(), Durable::default()).unwrap();
    let change = Change { learners: vec![ServerId(4)], ..Change::to_voters(ALL.map(ServerId)) };
    cluster.step(1, Input::Reconfigure(change)).unwrap();
    cluster.deliver(|_| true);
    for _ in 0..2 {
        cluster.wake(1);
        cluster.deliver(|_| true);
    }
    cluster.read(4, 1).unwrap();
    cluster.deliver(|message| [message.from.0, message.to.0].contains(&4));
    assert_eq!(cluster.reads_ready(), [], "the leader and a learner are no quorum of three");
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready(), [(4, 1, 2)]);
    // Whoever is no member is not answered.
    let stranger = message(9, 1, 1, Body::ReadIndex { context: 5 });
    assert_eq!(cluster.step(1, Input::Receive(stranger)), Err(Rejected::UnknownSender { from: ServerId(9) }));
}

#[test]
fn in_joint_consensus_a_read_takes_both_majorities() {
    let answering = |group: &[u32]| {
        let mut cluster = led_by_s1(&as_in_the_figures());
        for id in 4..=6 {
            cluster.start(id, Configuration::unknown(), Durable::default()).unwrap();
        }
        let voters = [1, 4, 5, 6].map(ServerId);
        let change = Change { catch_up: false, stays_joint: true, ..Change::to_voters(voters) };
        cluster.step(1, Input::Reconfigure(change)).unwrap();
        cluster.deliver(|_| true);
        for _ in 0..4 {
            cluster.wake(1);
            cluster.deliver(|_| true);
        }
        assert!(cluster.server(5).configuration().is_joint());
        assert_eq!(cluster.server(1).commit_index(), Index(2));
        cluster.read(1, 1).unwrap();
        cluster.deliver(|message| group.contains(&message.to.0) && group.contains(&message.from.0));
        cluster.reads_ready().len()
    };
    assert_eq!(answering(&[1, 4, 5, 6]), 0, "all new voters");
    assert_eq!(answering(&[1, 2, 3]), 0, "all old voters");
    assert_eq!(answering(&[1, 2, 4]), 0, "two of four is no majority");
    assert_eq!(answering(&[1, 2, 4, 5]), 1);
}

#[test]
fn nobody_speaks_in_a_term_before_it_is_on_disk() {
    // S2 has just heard of term 2 and is asked about a read; S1, who led term 1, owes an answer to one.
    let mut cluster = led_by_s1(&as_in_the_figures());
    cluster.read(3, 1).unwrap();
    cluster.deliver_one(|message| matches!(message.body, Body::ReadIndex { .. }));
    cluster.lose_all();
    cluster.disks_are_instant = false;
    let newer = message(3, 1, 2, Body::RequestVoteReply { vote_granted: false });
    cluster.step(1, Input::Receive(newer)).unwrap();
    cluster.step(2, Input::Receive(message(3, 2, 2, Body::ReadIndex { context: 9 }))).unwrap();
    let append = Body::AppendEntries {
        prev_log_index: Index(1),
        prev_log_term: Term(1),
        entries: raft_core::Entries::NONE,
        leader_commit: Index(1),
        round: Round(1),
    };
    cluster.step(2, Input::Receive(message(3, 2, 2, append))).unwrap();
    cluster.read(2, 4).unwrap();
    assert_eq!(cluster.network, []);
    cluster.finish_saves(1);
    cluster.finish_saves(2);
    let names: Vec<&str> = cluster.network.iter().map(Message::name).collect();
    assert_eq!(names, ["ReadIndex reply", "ReadIndex reply", "AppendEntries reply", "ReadIndex"]);
    assert!(cluster.network.iter().all(|message| message.term == Term(2)));
}

#[test]
fn leases_need_servers_that_hold_on_to_their_leader() {
    let start = |check_quorum| {
        let options = Options { lease_reads: true, check_quorum, ..Options::default() };
        let configuration = Configuration::of_voters([ServerId(1)]).unwrap();
        Server::start(ServerId(1), configuration, options, Durable::default(), Time::ZERO).map(drop)
    };
    assert_eq!(start(true), Ok(()));
    let Err(InvalidStart::Options(invalid)) = start(false) else { panic!("a lease without CheckQuorum") };
    assert_eq!((invalid.option, invalid.found, invalid.at_most), ("lease_reads", 1, 0));
    let too_far = Options { clock_drift_ppm_max: 1_000_001, ..Options::default() };
    assert_eq!(too_far.check().unwrap_err().option, "clock_drift_ppm_max");
}

/// A cluster whose S1 holds a lease since this moment of all clocks: the last round that was answered.
fn with_lease(options: &Options) -> (Cluster, u64) {
    let mut cluster = led_by_s1(options);
    let now = cluster.server(1).next_wake_up().0;
    to_all(&mut cluster, now);
    cluster.step(1, Input::WakeUp).unwrap();
    cluster.deliver(|_| true);
    (cluster, now)
}

#[test]
fn within_its_lease_a_leader_answers_without_a_message_and_after_it_by_a_round() {
    // 150 ms, and a tenth less for clocks that run apart.
    const LASTS: u64 = 136_363;
    let (mut cluster, began) = with_lease(&leases());
    cluster.read(1, 1).unwrap();
    cluster.pass(1, Time(began + LASTS - 1));
    cluster.read(1, 2).unwrap();
    assert_eq!(cluster.reads_ready(), [(1, 1, 1), (1, 2, 1)]);
    assert_eq!(cluster.network, []);
    let lease_until = Time(began + LASTS);
    let by_lease = Event::ReadByLease { asked_by: ServerId(1), read_index: Index(1), lease_until };
    assert_eq!(cluster.events.iter().filter(|told| **told == (1, by_lease)).count(), 2);
    cluster.pass(1, lease_until);
    cluster.read(1, 3).unwrap();
    assert_eq!((cluster.reads_ready().len(), cluster.network.len()), (2, 2));
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready().len(), 3);
    cluster.read(1, 4).unwrap();
    assert_eq!(cluster.network, [], "and that round is a new lease");
    // A follower's read costs a question and an answer.
    cluster.read(2, 5).unwrap();
    cluster.deliver_one(|_| true);
    assert!(matches!(cluster.network[..], [Message { body: Body::ReadIndexReply { .. }, .. }]));
}

#[test]
fn a_lease_begins_with_the_first_round_that_a_quorum_answers_and_counts_from_its_beginning() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &leases()).unwrap();
    to_all(&mut cluster, 150_000);
    cluster.time_out(1);
    cluster.deliver(raft_tests::is_vote);
    assert!(cluster.server(1).is_leader());
    cluster.propose(1, "a").unwrap();
    // Votes are no answers to a round. S2's comes 100 ms after that began.
    cluster.pass(1, Time(250_000));
    cluster.deliver_one(|message| message.to.0 == 2);
    cluster.read(1, 1).unwrap();
    assert_eq!(cluster.reads_ready(), []);
    cluster.deliver(|_| true);
    let until: Vec<u64> = {
        cluster.read(1, 2).unwrap();
        let until = |(_, event): &(u32, Event)| match event {
            Event::ReadByLease { lease_until, .. } => Some(lease_until.0),
            _ => None,
        };
        cluster.events.iter().filter_map(until).collect()
    };
    assert!(!until.is_empty() && until.iter().all(|&until| until <= 250_000 + 136_363), "{until:?}");

    // Without the later rounds: the lease runs from when the round began, not from when it was answered.
    let (mut cluster, _) = with_lease(&leases());
    let began = cluster.server(1).next_wake_up().0;
    to_all(&mut cluster, began);
    cluster.step(1, Input::WakeUp).unwrap();
    cluster.pass(1, Time(began + 40_000));
    cluster.deliver(|_| true);
    cluster.pass(1, Time(began + 136_362));
    cluster.read(1, 1).unwrap();
    cluster.pass(1, Time(began + 136_363));
    cluster.read(1, 2).unwrap();
    assert_eq!(cluster.reads_ready(), [(1, 1, 1)]);
}

#[test]
fn a_minority_renews_no_lease() {
    let mut cluster = led(5, &leases());
    let began = cluster.server(1).next_wake_up().0;
    for time in [began, began + 50_000, began + 100_000] {
        (1..=5).for_each(|id| cluster.pass(id, Time(time)));
        cluster.step(1, Input::WakeUp).unwrap();
        cluster.deliver_among(&[1, 2]);
    }
    cluster.pass(1, Time(began + 136_363));
    cluster.read(1, 1).unwrap();
    assert_eq!(cluster.reads_ready(), []);
}

/// S1 hands over to S2, which is elected with S3; S1 hears nothing of it. What S1 reads then.
fn handed_over(options: &Options) -> Cluster {
    let (mut cluster, _) = with_lease(options);
    cluster.step(1, Input::Transfer(ServerId(2))).unwrap();
    cluster.deliver_one(|message| message.body == Body::TimeoutNow).unwrap();
    cluster.deliver(|message| message.to.0 != 1 && message.from.0 != 1);
    assert!(cluster.server(2).is_leader() && cluster.server(1).is_leader());
    cluster.propose(2, "b").unwrap();
    cluster.deliver(|message| message.to.0 != 1 && message.from.0 != 1);
    assert_eq!(cluster.applied(2), ["a", "b"]);
    cluster.read(1, 1).unwrap();
    cluster
}

#[test]
fn a_lease_ends_when_the_leadership_is_handed_over() {
    let with = handed_over(&leases());
    assert_eq!((with.reads_ready(), with.violations), (vec![], vec![]));
    let broken = handed_over(&without(Rule::LeaseEndsWithTransfer, leases()));
    assert_eq!(broken.reads_ready(), [(1, 1, 1)]);
    assert_stale(&broken);
}

#[test]
fn a_lease_that_ended_with_a_hand_over_does_not_come_back_when_that_is_given_up() {
    let (mut cluster, _) = with_lease(&leases());
    cluster.step(1, Input::Transfer(ServerId(2))).unwrap();
    let late = cluster.network.iter().find(|message| message.body == Body::TimeoutNow).unwrap().clone();
    cluster.lose_all();
    while !cluster.events.contains(&(1, Event::TransferAborted { to: ServerId(2) })) {
        let due = cluster.server(1).next_wake_up().0;
        to_all(&mut cluster, due);
        cluster.step(1, Input::WakeUp).unwrap();
        cluster.network.retain(|message| message.body != Body::TimeoutNow);
        cluster.deliver(|_| true);
    }
    cluster.read(1, 1).unwrap();
    assert_eq!(cluster.reads_ready(), [], "the request to time out may still arrive");
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready(), [(1, 1, 1)], "by a round");
    // As it does.
    cluster.step(2, Input::Receive(late)).unwrap();
    cluster.deliver(|message| message.to.0 != 1 && message.from.0 != 1);
    cluster.propose(2, "b").unwrap();
    cluster.deliver(|message| message.to.0 != 1 && message.from.0 != 1);
    assert_eq!(cluster.applied(2), ["a", "b"]);
    cluster.read(1, 2).unwrap();
    assert_eq!(cluster.reads_ready().len(), 1);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

/// S1's clock runs slow: while the others' show an election timeout since S1's last round, it shows `on_s1`. They elect
/// S3 then, and write; S1 reads.
fn on_a_slow_clock(options: &Options, on_s1: u64) -> Cluster {
    let (mut cluster, began) = with_lease(options);
    for id in [2, 3] {
        cluster.pass(id, Time(began + 150_000));
    }
    assert_eq!(cluster.server(3).next_wake_up(), Time(began + 150_000));
    cluster.step(3, Input::WakeUp).unwrap();
    cluster.deliver_among(&[2, 3]);
    assert!(cluster.server(3).is_leader());
    cluster.propose(3, "b").unwrap();
    cluster.deliver_among(&[2, 3]);
    assert_eq!(cluster.applied(3), ["a", "b"]);
    cluster.pass(1, Time(began + on_s1));
    cluster.read(1, 1).unwrap();
    cluster
}

/// A read was answered with less than what was written before it was asked for, and nothing else went wrong.
#[track_caller]
fn assert_stale(cluster: &Cluster) {
    assert!(!cluster.violations.is_empty(), "no stale read");
    assert!(cluster.violations.iter().all(|told| told.starts_with("Linearizability")), "{:?}", cluster.violations);
}

#[test]
fn a_leaders_clock_that_runs_slow_by_the_bound_reads_nothing_stale() {
    // A tenth slower: 150 ms of the others are 136.364 ms.
    let with = on_a_slow_clock(&leases(), 136_364);
    assert_eq!((with.reads_ready(), with.violations), (vec![], vec![]));
    let broken = on_a_slow_clock(&without(Rule::LeaseRespectsDrift, leases()), 136_364);
    assert_eq!(broken.reads_ready(), [(1, 1, 1)]);
    assert_stale(&broken);
    // The bound is what the options say.
    let none = Options { clock_drift_ppm_max: 0, ..leases() };
    assert_stale(&on_a_slow_clock(&none, 149_999));
    assert_eq!(on_a_slow_clock(&none, 150_000).violations, Vec::<String>::new());
    let half = Options { clock_drift_ppm_max: 1_000_000, ..leases() };
    assert_eq!(on_a_slow_clock(&half, 75_000).violations, Vec::<String>::new());
    assert_stale(&on_a_slow_clock(&half, 74_999));
}

#[test]
fn a_leaders_clock_that_runs_slower_than_the_bound_reads_stale_and_the_logs_stay_right() {
    let mut cluster = on_a_slow_clock(&leases(), 75_000);
    assert_eq!(cluster.reads_ready(), [(1, 1, 1)]);
    assert_stale(&cluster);
    // Linearizability is lost, and nothing else.
    cluster.wake(3);
    cluster.deliver(|_| true);
    cluster.wake(3);
    cluster.deliver(|_| true);
    cluster.check_log_matching();
    assert!(ALL.iter().all(|&id| cluster.applied(id) == ["a", "b"]));
    assert_stale(&cluster);
}

#[test]
fn no_timer_is_made_to_run_out_while_a_lease_may_rest_on_its_server() {
    // Only S3 has answered S1's last round; S2 has not heard from S1 for an election timeout.
    let (mut cluster, began) = with_lease(&leases());
    to_all(&mut cluster, began + 150_000);
    cluster.step(1, Input::WakeUp).unwrap();
    cluster.deliver(|message| message.to.0 != 2);
    cluster.lose_all();
    // S3 would give itself the vote that it refuses anyone else.
    assert_eq!(cluster.step(3, Input::TimeOut), Err(Rejected::LeaseMayRun { us_ago: 0 }));
    cluster.deliver_among(&[2, 3]);
    cluster.read(1, 1).unwrap();
    assert_eq!((cluster.reads_ready(), cluster.violations.len()), (vec![(1, 1, 1)], 0));
    // Once the shortest timeout has passed it may, and the lease, shorter by the drift of clocks, is over.
    to_all(&mut cluster, began + 300_000);
    cluster.step(3, Input::TimeOut).unwrap();
    cluster.deliver_among(&[2, 3]);
    assert!(cluster.server(3).is_leader());
    cluster.read(1, 2).unwrap();
    assert_eq!(cluster.reads_ready().len(), 1, "S1 has to ask, and gets no answer");
}

#[test]
fn a_server_that_restarts_or_hears_of_a_newer_term_respects_the_lease_that_it_may_have_given() {
    let refused = |cluster: &Cluster, voter: u32| {
        let reason = |(id, event): &(u32, Event)| match *event {
            Event::VoteRefused { reason, .. } if *id == voter => Some(reason),
            _ => None,
        };
        cluster.events.iter().filter_map(reason).collect::<Vec<_>>()
    };
    let ask = |cluster: &mut Cluster, term: u64| {
        let body = Body::RequestVote { leadership_transfer: false, last_log_index: Index(9), last_log_term: Term(1) };
        cluster.step(2, Input::Receive(message(3, 2, term, body))).unwrap();
        cluster.server(2).voted_for() == Some(ServerId(3))
    };
    let may_run = |us_ago| VoteRefusal::LeaseMayRun { us_ago };
    for lease_reads in [true, false] {
        // It restarts, and does not know whom it heard from.
        let (mut cluster, now) = with_lease(&Options { lease_reads, ..leases() });
        cluster.crash(2);
        cluster.restart(2).unwrap();
        cluster.pass(2, Time(now + 149_999));
        assert_eq!(ask(&mut cluster, 2), !lease_reads);
        if lease_reads {
            assert_eq!(refused(&cluster, 2), [may_run(149_999)]);
            assert_eq!(cluster.server(2).current_term(), Term(1), "the request is not even believed");
            cluster.pass(2, Time(now + 150_000));
            assert!(ask(&mut cluster, 2));
        }
        // It hears of a newer term, in which nobody leads yet.
        let (mut cluster, now) = with_lease(&Options { lease_reads, ..leases() });
        let newer = Body::RequestVoteReply { vote_granted: false };
        cluster.step(2, Input::Receive(message(3, 2, 2, newer))).unwrap();
        assert_eq!(cluster.server(2).leader(), None);
        cluster.pass(2, Time(now + 149_999));
        assert_eq!(ask(&mut cluster, 2), !lease_reads);
        if lease_reads {
            assert_eq!(refused(&cluster, 2), [may_run(149_999)]);
            assert!(!ask(&mut cluster, 3), "in a still newer one it does not believe the request");
            assert_eq!(cluster.server(2).current_term(), Term(2));
            cluster.pass(2, Time(now + 150_000));
            assert!(ask(&mut cluster, 3));
        }
    }
}

#[test]
fn a_leader_in_a_minority_answers_no_read_and_one_that_does_not_ask_reads_stale() {
    // S1 and S2 are cut off from S3, S4 and S5, who elect S3; both sides are written to.
    let read_at_s1 = |options: &Options| {
        let mut cluster = led(5, options);
        cluster.propose(1, "minority").unwrap();
        cluster.deliver_among(&[1, 2]);
        assert!(cluster.elect(3, &[3, 4, 5]));
        cluster.propose(3, "majority").unwrap();
        cluster.deliver_among(&[3, 4, 5]);
        assert_eq!(cluster.applied(3), ["a", "majority"]);
        cluster.read(1, 1).unwrap();
        cluster.read(2, 2).unwrap();
        cluster.deliver_among(&[1, 2]);
        cluster
    };
    let mut cluster = read_at_s1(&as_in_the_figures());
    assert_eq!((cluster.reads_ready(), cluster.server(1).commit_index()), (vec![], Index(1)));
    // The network heals: S1 hears of S3, and its reads fail rather than being answered.
    cluster.wake(3);
    cluster.deliver(|_| true);
    cluster.wake(3);
    cluster.deliver(|_| true);
    assert_eq!((cluster.reads_ready(), failed(&cluster).len()), (vec![], 2));
    assert_eq!(cluster.applied(1), ["a", "majority"], "and its own suffix is gone");
    cluster.read(1, 3).unwrap();
    cluster.deliver(|_| true);
    assert_eq!(cluster.reads_ready(), [(1, 3, 2)]);
    assert_eq!(cluster.violations, Vec::<String>::new());

    let broken = read_at_s1(&without(Rule::ReadNeedsFreshConfirmation, as_in_the_figures()));
    assert_eq!(broken.reads_ready(), [(1, 1, 1), (2, 2, 1)]);
    assert_stale(&broken);
}

#[test]
fn a_fresh_leader_that_does_not_wait_for_its_own_term_reads_stale() {
    let story = |options: &Options| {
        let mut cluster = led_by_s1(options);
        // "b" is committed by S1 with S2, and S2 has not been told when S1 crashes.
        cluster.propose(1, "b").unwrap();
        cluster.deliver_among(&[1, 2]);
        assert_eq!((cluster.applied(1).len(), cluster.applied(2).len()), (2, 1));
        cluster.crash(1);
        assert!(cluster.elect(2, &[2, 3]));
        cluster.read(2, 1).unwrap();
        cluster.deliver_among(&[2, 3]);
        cluster
    };
    let with = story(&as_in_the_figures());
    assert_eq!((with.reads_ready(), with.violations), (vec![], vec![]));
    let broken = story(&without(Rule::ReadAfterOwnTermCommit, as_in_the_figures()));
    assert_eq!(broken.reads_ready(), [(2, 1, 1)]);
    assert_stale(&broken);
}

#[test]
fn an_answer_to_an_older_round_that_counts_reads_stale() {
    let story = |options: &Options| {
        let mut cluster = led_by_s1(options);
        // S2 answers a heartbeat, and the answer is slow.
        cluster.wake(1);
        cluster.deliver_one(|message| message.to.0 == 2);
        let late = cluster.network.iter().find(|message| message.from.0 == 2).unwrap().clone();
        cluster.lose_all();
        assert!(cluster.elect(3, &[2, 3]));
        cluster.propose(3, "b").unwrap();
        cluster.deliver_among(&[2, 3]);
        assert_eq!(cluster.applied(3), ["a", "b"]);
        cluster.read(1, 1).unwrap();
        cluster.lose_all();
        cluster.step(1, Input::Receive(late)).unwrap();
        cluster
    };
    let with = story(&as_in_the_figures());
    assert_eq!((with.reads_ready(), with.violations), (vec![], vec![]));
    let broken = story(&without(Rule::ReadContextIsUnique, as_in_the_figures()));
    assert_eq!(broken.reads_ready(), [(1, 1, 1)]);
    assert_stale(&broken);
}

#[test]
fn an_answer_to_another_of_a_followers_reads_that_counts_reads_stale() {
    let story = |options: &Options| {
        let mut cluster = led_by_s1(options);
        let answers = |message: &Message| matches!(message.body, Body::ReadIndexReply { .. });
        cluster.read(2, 1).unwrap();
        cluster.deliver(|message| !answers(message));
        let late = cluster.network.iter().find(|message| answers(message)).unwrap().clone();
        cluster.deliver_one(answers);
        cluster.propose(1, "b").unwrap();
        cluster.deliver(|_| true);
        cluster.read(2, 2).unwrap();
        cluster.step(2, Input::Receive(late)).unwrap();
        cluster
    };
    assert_eq!(story(&as_in_the_figures()).reads_ready(), [(2, 1, 1)]);
    let broken = story(&without(Rule::ReadContextIsUnique, as_in_the_figures()));
    assert_eq!(broken.reads_ready(), [(2, 1, 1), (2, 2, 1)]);
    assert_stale(&broken);
}

/// Worlds in which reads are asked for anywhere. The last two have leases, on clocks of which one may run twice as fast as
/// another.
fn journeys() -> [Journey; 4] {
    let options = Options { snapshot_chunk_bytes: 5, noop_on_election: false, ..Options::default() };
    let three = Journey { voters: 3, newcomers: 0, steps: 400, timed: false, options };
    let leases = Options {
        check_quorum: true,
        lease_reads: true,
        clock_drift_ppm_max: 1_000_000,
        noop_on_election: true,
        election_timeout_us_max: 180_000,
        heartbeat_us: 30_000,
        ..three.options.clone()
    };
    let timed = Journey { timed: true, steps: 600, options: leases, ..three.clone() };
    [Journey { voters: 5, ..three.clone() }, three, Journey { newcomers: 2, ..timed.clone() }, timed]
}

#[test]
fn in_worlds_moved_at_random_no_read_is_stale() {
    for (kind, journey) in journeys().iter().enumerate() {
        let mut happened = Happened::default();
        for seed in 0..worlds(1_000) {
            let cluster = journey.run(seed).unwrap_or_else(|invalid| panic!("kind {kind}, seed {seed}: {invalid}"));
            assert_eq!(cluster.violations, Vec::<String>::new(), "kind {kind}, seed {seed}");
            assert_eq!(refused_messages(&cluster), [], "kind {kind}, seed {seed}");
            happened.count(&cluster);
        }
        let much = happened.reads > 1_000 && happened.elected > 1_000;
        assert!(cfg!(miri) || much, "kind {kind}: {happened:?}");
        assert!(cfg!(miri) || !journey.timed || happened.by_lease > 1_000, "kind {kind}: {happened:?}");
    }
}

/// A seed by which chance breaks each rule; if draws or servers change, one of the next will.
#[test]
fn worlds_moved_at_random_show_what_each_rule_guards_against() {
    let [_, three, _, leases] = journeys();
    let table = [
        (Rule::ReadAfterOwnTermCommit, &three, 6),
        (Rule::ReadNeedsFreshConfirmation, &three, 11),
        (Rule::ReadContextIsUnique, &three, 16),
        (Rule::LeaseEndsWithTransfer, &leases, 14),
        (Rule::LeaseRespectsDrift, &leases, 590),
    ];
    for (rule, journey, seed) in table {
        let Some((found, broken)) = journey.broken_without(rule, seed..seed + 3_000).unwrap() else {
            panic!("without {rule} nothing broke from seed {seed} on");
        };
        println!("without {rule}, seed {found}: {broken}");
        assert!(broken.starts_with("Linearizability"), "without {rule}, seed {found}: {broken}");
    }
}
