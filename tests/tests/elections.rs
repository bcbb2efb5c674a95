//! Sections 5.1, 5.2 and 5.4.1 of the paper: terms, elections, and who may win one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::{
    Body, Durable, Entry, Event, Input, Message, Options, Rejected, Role, Rule, SaveNumber, ServerId, StepDown, Term,
    VoteRefusal,
};
use raft_tests::{Cluster, as_in_the_figures, entries, is_vote, without};

fn five(term: u64) -> Cluster {
    Cluster::with_logs(term, &[&[], &[], &[], &[], &[]], &as_in_the_figures()).unwrap()
}

#[test]
fn a_server_starts_as_a_follower_in_term_zero_and_waits_for_its_election_timeout() {
    let cluster = five(0);
    let server = cluster.server(1);
    assert!(matches!(server.role(), Role::Follower { leader: None, .. }));
    assert_eq!(server.current_term(), Term(0));
    let wait = server.next_wake_up().0;
    assert!((150_000..=300_000).contains(&wait), "waits {wait} µs");
}

#[test]
fn election_timeouts_are_spread_over_the_whole_range() {
    let mut waits: Vec<u64> = Vec::new();
    let mut cluster = five(0);
    for _ in 0..400 {
        let timer = cluster.server(1).election_timer().unwrap();
        waits.push(timer.deadline.since(timer.started));
        cluster.time_out(1);
    }
    let low = waits.iter().filter(|&&wait| wait < 187_500).count();
    let high = waits.iter().filter(|&&wait| wait > 262_500).count();
    assert!(waits.iter().all(|wait| (150_000..=300_000).contains(wait)));
    // A quarter of the draws each: 100, with a standard deviation under 9.
    assert!((60..=140).contains(&low) && (60..=140).contains(&high), "{low} low and {high} high of 400");
}

#[test]
fn nothing_happens_before_the_timer_runs_out() {
    let mut cluster = five(0);
    cluster.step(1, Input::WakeUp).unwrap();
    assert!(cluster.network.is_empty() && cluster.events.is_empty());
    cluster.wake(1);
    assert!(matches!(cluster.server(1).role(), Role::Candidate { .. }));
}

#[test]
fn a_candidate_with_a_majority_of_votes_leads_its_term_and_tells_the_others() {
    let mut cluster = five(0);
    cluster.time_out(1);
    assert_eq!(cluster.server(1).current_term(), Term(1));
    assert_eq!(cluster.server(1).voted_for(), Some(ServerId(1)));
    // Its own vote and one more are not enough; the third is.
    cluster.deliver_one(|message| message.to.0 == 2);
    cluster.deliver_one(|message| message.from.0 == 2);
    assert!(!cluster.server(1).is_leader());
    cluster.deliver_one(|message| message.to.0 == 3);
    cluster.deliver_one(|message| message.from.0 == 3);
    assert!(cluster.server(1).is_leader());
    cluster.deliver(|_| true);
    assert!((2..=5).all(|id| cluster.server(id).leader() == Some(ServerId(1))));
}

#[test]
fn a_split_vote_elects_nobody_and_a_later_term_does() {
    let mut cluster = five(0);
    cluster.crash(5);
    cluster.time_out(1);
    cluster.time_out(2);
    cluster.deliver_one(|message| message.from.0 == 1 && message.to.0 == 3);
    cluster.deliver_one(|message| message.from.0 == 2 && message.to.0 == 4);
    cluster.deliver(|_| true);
    assert!((1..=4).all(|id| !cluster.server(id).is_leader() && cluster.server(id).current_term() == Term(1)));
    assert!(cluster.elect(2, &[1, 2, 3, 4]));
    assert_eq!(cluster.server(2).current_term(), Term(2));
}

#[test]
fn two_servers_of_five_elect_nobody_however_often_they_try() {
    let mut cluster = five(0);
    for round in 1..=20 {
        assert!(!cluster.elect(1 + round % 2, &[1, 2]));
    }
    assert_eq!(cluster.server(1).current_term(), Term(20));
}

#[test]
fn one_server_alone_is_its_own_majority_once_its_vote_is_durable() {
    let mut cluster = Cluster::with_logs(0, &[&[]], &Options::default()).unwrap();
    cluster.disks_are_instant = false;
    cluster.time_out(1);
    assert!(!cluster.server(1).is_leader());
    cluster.finish_saves(1);
    assert!(cluster.server(1).is_leader());
    cluster.propose(1, "x=1").unwrap();
    cluster.finish_saves(1);
    assert_eq!(cluster.applied(1), ["-", "x=1"]);
}

#[test]
fn a_higher_term_deposes_a_leader_before_its_message_is_looked_at() {
    let mut cluster = five(0);
    assert!(cluster.elect(1, &[1, 2, 3, 4, 5]));
    cluster.time_out(5);
    cluster.deliver_one(|message| message.to.0 == 1);
    assert_eq!(cluster.server(1).current_term(), Term(2));
    assert!(matches!(cluster.server(1).role(), Role::Follower { .. }));
    let stepped_down = |(id, event): &(u32, Event)| {
        let reason = StepDown::HigherTerm { seen_from: ServerId(5) };
        *id == 1 && matches!(event, Event::BecameFollower { reason: why, .. } if *why == reason)
    };
    assert!(cluster.events.iter().any(stepped_down));
    assert_eq!(cluster.server(1).voted_for(), Some(ServerId(5)), "voted in term 1, and again in term 2");
}

#[test]
fn a_candidate_yields_to_whoever_won_its_term() {
    let mut cluster = five(0);
    cluster.time_out(1);
    cluster.time_out(2);
    cluster.deliver(|message| message.from.0 == 1 && is_vote(message) || message.to.0 == 1);
    assert!(cluster.server(1).is_leader());
    cluster.deliver(|message| message.to.0 == 2);
    assert_eq!(cluster.server(2).leader(), Some(ServerId(1)));
}

#[test]
fn asking_in_an_older_term_is_refused_and_answered_with_the_newer() {
    let mut cluster = five(3);
    let old = Message {
        from: ServerId(2),
        to: ServerId(1),
        term: Term(2),
        body: Body::RequestVote {
            leadership_transfer: false,
            last_log_index: raft_core::Index(0),
            last_log_term: Term(0),
        },
    };
    cluster.step(1, Input::Receive(old)).unwrap();
    let reply = cluster.network.pop().unwrap();
    assert_eq!((reply.term, reply.body), (Term(3), Body::RequestVoteReply { vote_granted: false }));
}

#[test]
fn only_a_granted_vote_or_the_leaders_word_sets_the_timer_anew() {
    // S1's log is newer, so it refuses S2 again and again; its own timer must go on running meanwhile.
    let mut cluster = Cluster::with_logs(1, &[&[1, 1], &[1], &[1]], &as_in_the_figures()).unwrap();
    let before = cluster.server(1).election_timer();
    for _ in 0..3 {
        cluster.time_out(2);
        cluster.deliver_one(|message| message.to.0 == 1);
        assert_eq!(cluster.server(1).election_timer(), before);
    }
    assert!(cluster.server(1).current_term() == Term(4));
    cluster.lose_all();
    assert!(cluster.elect(1, &[1, 2, 3]));
    let before = cluster.server(3).election_timer();
    cluster.wake(1);
    cluster.deliver(|message| message.to.0 == 3);
    assert_ne!(cluster.server(3).election_timer(), before, "a heartbeat sets it anew");
}

#[test]
fn a_server_votes_once_in_a_term_and_repeats_that_vote_when_asked_again() {
    let mut cluster = five(0);
    cluster.time_out(1);
    let request = cluster.network.iter().find(|message| message.to.0 == 3).unwrap().clone();
    cluster.step(3, Input::Receive(request.clone())).unwrap();
    cluster.time_out(2);
    cluster.deliver_one(|message| message.from.0 == 2 && message.to.0 == 3);
    let refusal = VoteRefusal::AlreadyVoted { voted_for: ServerId(1) };
    assert!(cluster.events.contains(&(3, Event::VoteRefused { candidate: ServerId(2), reason: refusal })));
    cluster.step(3, Input::Receive(request)).unwrap();
    assert!(matches!(
        cluster.events.iter().rev().find(|(id, event)| *id == 3 && matches!(event, Event::VoteGranted { .. })),
        Some((_, Event::VoteGranted { again: true, .. }))
    ));
}

#[test]
fn a_vote_leaves_only_when_it_is_durable_and_survives_a_crash() {
    let mut cluster = five(0);
    cluster.time_out(1);
    cluster.disks_are_instant = false;
    cluster.deliver_one(|message| message.to.0 == 3);
    assert!(!cluster.network.iter().any(|message| message.from.0 == 3), "the vote is not durable yet");
    // A crash before that, and the vote was never given.
    let mut forgetful = cluster.clone();
    forgetful.crash(3);
    forgetful.restart(3).unwrap();
    assert_eq!(forgetful.server(3).voted_for(), None);
    assert!(!forgetful.network.iter().any(|message| message.from.0 == 3));
    // A crash after that, and it is remembered.
    cluster.finish_saves(3);
    assert!(cluster.network.iter().any(|message| message.from.0 == 3));
    cluster.crash(3);
    cluster.restart(3).unwrap();
    assert_eq!((cluster.server(3).current_term(), cluster.server(3).voted_for()), (Term(1), Some(ServerId(1))));
}

#[test]
fn up_to_date_compares_the_last_term_first_and_then_the_length() {
    // (candidate's log, voter's log, granted)
    let table: &[(&[u64], &[u64], bool)] = &[
        (&[], &[], true),
        (&[1], &[], true),
        (&[], &[1], false),
        (&[1, 1], &[1], true),
        (&[1], &[1, 1], false),
        (&[1, 2], &[1, 1, 1], true),
        (&[1, 1, 1], &[1, 2], false),
        (&[5, 6, 7], &[5, 8], false),
        (&[5, 8], &[5, 6, 7], true),
    ];
    for &(candidate, voter, granted) in table {
        let mut cluster = Cluster::with_logs(9, &[candidate, voter], &as_in_the_figures()).unwrap();
        cluster.time_out(1);
        cluster.deliver(is_vote);
        assert_eq!(cluster.server(1).votes().granted.len() == 2, granted, "{candidate:?} asks {voter:?}");
    }
}

#[test]
fn a_candidate_remembers_who_refused_each_once() {
    let mut cluster = Cluster::with_logs(1, &[&[], &[1], &[]], &as_in_the_figures()).unwrap();
    cluster.time_out(1);
    cluster.deliver_one(|message| message.to.0 == 2);
    let refusal = cluster.network.last().unwrap().clone();
    cluster.network.push(refusal);
    cluster.deliver(|message| message.from.0 == 2);
    assert_eq!(cluster.server(1).votes().refused, [ServerId(2)]);
    assert_eq!(cluster.server(1).votes().granted, [ServerId(1)]);
}

#[test]
fn figure_9_a_log_that_lacks_committed_entries_cannot_win() {
    // S1 has the longest log; entry 2 of term 8 is on S2 and S3, a majority, and may be committed.
    let start = |options: &Options| {
        let log = |terms: &[u64]| entries(terms).into_iter().collect();
        let disk = |term, terms: &[u64]| Durable { current_term: Term(term), log: log(terms), ..Durable::default() };
        let disks =
            vec![(ServerId(1), disk(7, &[5, 6, 7])), (ServerId(2), disk(8, &[5, 8])), (ServerId(3), disk(8, &[5, 8]))];
        Cluster::with_disks(disks, options).unwrap()
    };
    let mut cluster = start(&as_in_the_figures());
    assert!(!cluster.elect(1, &[1, 2, 3]), "term 8 is taken");
    assert!(!cluster.elect(1, &[1, 2, 3]), "the others' logs are newer");
    assert!(cluster.elect(2, &[1, 2, 3]));
    cluster.propose(2, "new").unwrap();
    cluster.deliver(|_| true);
    assert_eq!(cluster.log(1), [5, 8, 10], "6 and 7 were never on a majority");

    // Without the rule it wins and erases what the others hold.
    let mut broken = start(&without(Rule::VoteOnlyForUpToDateLog, as_in_the_figures()));
    assert!(broken.elect(2, &[2, 3]));
    broken.propose(2, "new").unwrap();
    broken.deliver_among(&[2, 3]);
    assert_eq!(broken.server(2).commit_index().0, 3);
    broken.elect(1, &[1, 3]);
    assert!(broken.elect(1, &[1, 3]), "S1 lacks entries 2 and 3, and wins all the same");
    broken.propose(1, "other").unwrap();
    broken.crash(2);
    broken.restart(2).unwrap();
    broken.crash(3);
    broken.restart(3).unwrap();
    broken.wake(1);
    broken.deliver(|_| true);
    assert!(broken.violations.iter().any(|text| text.starts_with("State Machine Safety")), "{:?}", broken.violations);
}

#[test]
fn without_one_vote_per_term_two_leaders_share_a_term() {
    let run = |options: &Options| {
        let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], options).unwrap();
        cluster.time_out(1);
        cluster.time_out(2);
        cluster.deliver(|message| message.to.0 == 3 || message.from.0 == 3);
        cluster.violations
    };
    assert_eq!(run(&as_in_the_figures()), Vec::<String>::new());
    assert!(run(&without(Rule::OneVotePerTerm, as_in_the_figures()))[0].starts_with("Election Safety"));
}

#[test]
fn with_half_as_a_quorum_two_leaders_share_a_term() {
    let run = |options: &Options| {
        let mut cluster = Cluster::with_logs(0, &[&[], &[], &[], &[]], options).unwrap();
        cluster.elect(1, &[1, 2]);
        cluster.elect(3, &[3, 4]);
        cluster.violations
    };
    assert_eq!(run(&as_in_the_figures()), Vec::<String>::new());
    assert!(run(&without(Rule::QuorumIsMoreThanHalf, as_in_the_figures()))[0].starts_with("Election Safety"));
}

#[test]
fn a_duplicated_vote_counts_once() {
    let run = |options: &Options| {
        let mut cluster = Cluster::with_logs(0, &[&[], &[], &[], &[], &[]], options).unwrap();
        for (candidate, voter) in [(1, 3), (2, 4)] {
            cluster.time_out(candidate);
            cluster.deliver_one(|message| message.from.0 == candidate && message.to.0 == voter);
            let vote = cluster.network.iter().find(|message| message.from.0 == voter).unwrap().clone();
            cluster.network.push(vote);
            cluster.deliver(|message| message.from.0 == voter);
        }
        cluster.violations
    };
    assert_eq!(run(&as_in_the_figures()), Vec::<String>::new());
    assert!(run(&without(Rule::EachVoteCountsOnce, as_in_the_figures()))[0].starts_with("Election Safety"));
}

#[test]
fn a_vote_for_an_older_candidacy_does_not_count() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &as_in_the_figures()).unwrap();
    cluster.time_out(1);
    cluster.deliver_one(|message| message.to.0 == 2);
    let old_vote = cluster.network.iter().find(|message| message.from.0 == 2).unwrap().clone();
    cluster.lose_all();
    cluster.time_out(1);
    cluster.step(1, Input::Receive(old_vote)).unwrap();
    assert!(!cluster.server(1).is_leader(), "the vote was for term 1, the candidacy is for term 2");
}

#[test]
fn a_candidate_whose_requests_are_lost_tries_again_in_the_next_term() {
    let mut cluster = five(0);
    cluster.wake(1);
    cluster.lose_all();
    cluster.wake(1);
    assert_eq!(cluster.server(1).current_term(), Term(2));
    cluster.deliver(|_| true);
    assert!(cluster.server(1).is_leader());
}

#[test]
fn a_leader_cannot_be_timed_out_and_a_stranger_cannot_stand() {
    let mut cluster = five(0);
    assert!(cluster.elect(1, &[1, 2, 3, 4, 5]));
    assert_eq!(cluster.step(1, Input::TimeOut), Err(Rejected::LeaderHasNoElectionTimer));
    let configuration = raft_core::Configuration::of_voters([ServerId(1), ServerId(2)]).unwrap();
    let now = raft_core::Time::ZERO;
    let mut stranger =
        raft_core::Server::start(ServerId(9), configuration, Options::default(), Durable::default(), now).unwrap();
    let mut effects = raft_core::Effects::observed();
    assert_eq!(stranger.step(now, Input::TimeOut, &mut effects), Err(Rejected::NotAVoter));
    assert!(effects.as_slice().is_empty());
    stranger.step(stranger.next_wake_up(), Input::WakeUp, &mut effects).unwrap();
    let not_started = Event::ElectionNotStarted { reason: Rejected::NotAVoter };
    assert!(effects.as_slice().contains(&raft_core::Effect::Event(not_started)));
    assert_eq!(stranger.current_term(), Term(0));
}

#[test]
fn the_last_term_starts_no_election_instead_of_overflowing() {
    let log = [Entry::noop(Term(1))].into_iter().collect();
    let disk = Durable { current_term: Term::LIMIT, log, ..Durable::default() };
    let mut cluster = Cluster::with_disks(vec![(ServerId(1), disk)], &Options::default()).unwrap();
    assert_eq!(cluster.step(1, Input::TimeOut), Err(Rejected::TermsUsedUp));
    cluster.wake(1);
    assert_eq!(cluster.server(1).current_term(), Term::LIMIT);
}

#[test]
fn a_deposed_leader_gets_a_timer_and_a_candidate_that_yields_keeps_its_own() {
    // S1 leads term 2 with S3. S2's log stays older than S1's: its request of term 3 deposes S1 and is refused, so that no
    // vote given sets the timer.
    let mut cluster = Cluster::with_logs(1, &[&[1, 1], &[1], &[1]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 3]));
    assert_eq!(cluster.server(1).election_timer(), None);
    let now = cluster.server(1).next_wake_up();
    cluster.wake(1);
    cluster.lose_all();
    cluster.time_out(2);
    cluster.time_out(2);
    cluster.deliver_one(|message| message.to.0 == 1 && message.term == Term(3));
    assert_eq!((cluster.server(1).current_term(), cluster.server(1).voted_for()), (Term(3), None));
    assert_eq!(cluster.server(1).election_timer().map(|timer| timer.started), Some(now), "set when it was deposed");

    let mut cluster = Cluster::with_logs(1, &[&[1, 1], &[1], &[1]], &as_in_the_figures()).unwrap();
    cluster.time_out(1);
    cluster.lose_all();
    let before = cluster.server(1).election_timer();
    cluster.time_out(2);
    cluster.time_out(2);
    cluster.deliver_one(|message| message.to.0 == 1 && message.term == Term(3));
    assert!(matches!(cluster.server(1).role(), Role::Follower { leader: None, .. }));
    assert_eq!(cluster.server(1).election_timer(), before, "S1 refused, so its timer goes on running");
}

#[test]
fn the_own_vote_counts_once_and_only_for_the_candidacy_that_was_saved() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &as_in_the_figures()).unwrap();
    cluster.disks_are_instant = false;
    cluster.time_out(1);
    cluster.time_out(1);
    assert_eq!(cluster.server(1).current_term(), Term(2));
    cluster.step(1, Input::Saved(SaveNumber(1))).unwrap();
    assert!(cluster.server(1).votes().granted.is_empty(), "only the vote of term 1 is durable");
    cluster.step(1, Input::Saved(SaveNumber(2))).unwrap();
    cluster.step(1, Input::Saved(SaveNumber(2))).unwrap();
    assert_eq!(cluster.server(1).votes().granted, [ServerId(1)]);
}

#[test]
fn a_leader_that_is_woken_early_sends_nothing() {
    let mut cluster = five(0);
    assert!(cluster.elect(1, &[1, 2, 3, 4, 5]));
    cluster.lose_all();
    cluster.step(1, Input::WakeUp).unwrap();
    assert!(cluster.network.is_empty());
    cluster.wake(1);
    let names: Vec<&str> = cluster.network.iter().map(Message::name).collect();
    assert_eq!(names, ["AppendEntries"; 4]);
}

#[test]
fn a_leader_that_is_told_to_sends_its_heartbeats_at_once_and_then_waits_as_long_as_ever() {
    let mut cluster = five(0);
    assert_eq!(cluster.step(2, Input::Heartbeat), Err(Rejected::NotLeader { leader: None }));
    assert!(cluster.elect(1, &[1, 2, 3, 4, 5]));
    cluster.lose_all();
    cluster.pass(1, cluster.server(1).next_wake_up().previous());
    cluster.step(1, Input::Heartbeat).unwrap();
    assert_eq!(cluster.network.len(), 4, "one to each follower");
    let (due, heartbeat_us) = (cluster.server(1).next_wake_up(), cluster.server(1).options().heartbeat_us);
    assert!(due.0 >= 2 * heartbeat_us - 1, "the next one is due at {due}");
    assert_eq!(cluster.step(2, Input::Heartbeat), Err(Rejected::NotLeader { leader: Some(ServerId(1)) }));
}
