//! A caller whose disk is done before anything else is need not report it ([`Effects::saved_at_once`]). What it spares itself is
//! the report, and nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::{
    Body, Configuration, Durable, Effect, Effects, Index, Input, Message, Options, Server, ServerId, Term, Time,
};
use raft_tests::journey::Journey;
use raft_tests::{Cluster, worlds};

/// Worlds of one server to five, in which members change, snapshots travel and reads are asked for.
fn journeys() -> Vec<Journey> {
    let plain = Options { snapshot_chunk_bytes: 5, ..Options::default() };
    let careful = Options { pre_vote: true, check_quorum: true, eager_commit: true, ..plain.clone() };
    let journey = |voters, newcomers, options: &Options| Journey {
        voters,
        newcomers,
        steps: 300,
        timed: false,
        options: options.clone(),
    };
    vec![
        journey(1, 0, &plain),
        journey(2, 1, &careful),
        journey(3, 0, &plain),
        journey(3, 2, &plain),
        journey(5, 0, &careful),
    ]
}

#[test]
fn whatever_happens_is_the_same_as_when_each_save_is_reported_at_once() {
    for (kind, journey) in journeys().iter().enumerate() {
        let mut committed = 0;
        for seed in 0..worlds(400) {
            let reported = journey.run_on_instant_disks(seed, true).unwrap();
            let at_once = journey.run_on_instant_disks(seed, false).unwrap();
            assert_eq!(at_once.violations, Vec::<String>::new(), "kind {kind}, seed {seed}");
            assert_eq!(at_once.network, reported.network, "kind {kind}, seed {seed}");
            assert_eq!(at_once.told, reported.told, "kind {kind}, seed {seed}");
            assert_eq!(at_once.running(), reported.running(), "kind {kind}, seed {seed}");
            for id in 1..=journey.voters + journey.newcomers {
                assert_eq!(at_once.disk(id), reported.disk(id), "kind {kind}, seed {seed}, S{id}");
                assert_eq!(at_once.applied(id), reported.applied(id), "kind {kind}, seed {seed}, S{id}");
            }
            for id in at_once.running() {
                assert_eq!(at_once.server(id), reported.server(id), "kind {kind}, seed {seed}");
                committed += at_once.server(id).commit_index().0;
            }
        }
        assert!(cfg!(miri) || committed > 4_000, "kind {kind}: no more than {committed} entries were committed");
    }
}

/// A leader alone commits in the step in which it appends, and a vote counts in the step in which it is cast.
#[test]
fn one_server_leads_and_commits_within_a_step() {
    let mut alone = Cluster::with_logs(0, &[&[]], &Options::default()).unwrap();
    (alone.disks_are_instant, alone.saved_at_once) = (false, true);
    alone.time_out(1);
    assert!(alone.server(1).is_leader());
    alone.propose(1, "x=1").unwrap();
    assert_eq!((alone.server(1).commit_index(), alone.server(1).durable_index()), (Index(2), Index(2)));
}

/// No message waits: what it promises stands before it in the list.
#[test]
fn what_a_message_rests_on_stands_before_it_and_nothing_waits() {
    let mut effects = Effects::new().saved_at_once();
    let voters = Configuration::of_voters([1, 2, 3].map(ServerId)).unwrap();
    let mut server = Server::start(ServerId(1), voters, Options::default(), Durable::default(), Time::ZERO).unwrap();
    let body = Body::RequestVote { leadership_transfer: false, last_log_index: Index::ZERO, last_log_term: Term::ZERO };
    let asks = Message { from: ServerId(2), to: ServerId(1), term: Term(1), body };
    server.step(Time::ZERO, Input::Receive(asks), &mut effects).unwrap();
    let granted = Body::RequestVoteReply { vote_granted: true };
    match effects.as_slice() {
        [Effect::Save(save), Effect::Send { message, after: None }] => {
            assert_eq!((save.current_term, save.voted_for), (Term(1), Some(ServerId(2))));
            assert_eq!(message.body, granted);
        }
        other => panic!("expected the vote to be saved and then sent: {other:?}"),
    }
}
