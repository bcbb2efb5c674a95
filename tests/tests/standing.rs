//! Servers that start in the middle of their lives.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_core::{
    Body, Configuration, Durable, Effect, Effects, Entry, EntryId, Index, Input, Message, Options, Server, ServerId,
    Snapshot, Standing, StandingRole, Term, Time,
};
use raft_tests::{as_in_the_figures, entries, ids};

const NOW: Time = Time(7_000);

fn disk(term: u64, voted_for: Option<u32>, log: &[u64]) -> Durable {
    let log = entries(log).into_iter().collect();
    Durable { current_term: Term(term), voted_for: voted_for.map(ServerId), log, ..Durable::default() }
}

fn stand(durable: Durable, commit_index: u64, role: StandingRole) -> Result<Server, String> {
    let five = Configuration::of_voters(ids(&[1, 2, 3, 4, 5])).unwrap();
    let standing = Standing { commit_index: Index(commit_index), role };
    Server::start_as(ServerId(1), five, as_in_the_figures(), durable, standing, NOW)
        .map_err(|invalid| invalid.to_string())
}

fn follower(leader: Option<u32>) -> StandingRole {
    StandingRole::Follower { leader: leader.map(ServerId) }
}

fn candidate(votes: &[u32]) -> StandingRole {
    StandingRole::Candidate { votes: ids(votes) }
}

fn step(server: &mut Server, input: Input) -> Vec<Effect> {
    let mut effects = Effects::new();
    server.step(NOW, input, &mut effects).unwrap();
    effects.drain().collect()
}

fn vote(from: u32) -> Input {
    let body = Body::RequestVoteReply { vote_granted: true };
    Input::Receive(Message { from: ServerId(from), to: ServerId(1), term: Term(3), body })
}

#[test]
fn a_leader_stands_as_at_its_election_and_appends_nothing() {
    let options = Options { noop_on_election: true, ..Options::default() };
    let three = Configuration::of_voters(ids(&[1, 2, 3])).unwrap();
    let standing = Standing { commit_index: Index(2), role: StandingRole::Leader };
    let disk = disk(3, Some(1), &[1, 2, 2]);
    let mut leader = Server::start_as(ServerId(1), three, options, disk, standing, NOW).unwrap();
    assert_eq!((leader.commit_index(), leader.last_applied(), leader.next_wake_up()), (Index(2), Index(2), NOW));
    let sent = step(&mut leader, Input::WakeUp);
    assert_eq!(sent.len(), 2, "{sent:?}");
    for (effect, to) in sent.iter().zip([2, 3]) {
        let Effect::Send { message, after: None } = effect else { panic!("{effect:?}") };
        let Body::AppendEntries { prev_log_index, prev_log_term, entries, leader_commit, .. } = &message.body else {
            panic!("{message:?}")
        };
        assert_eq!((message.to, message.term, entries.len()), (ServerId(to), Term(3), 0));
        assert_eq!((*prev_log_index, *prev_log_term, *leader_commit), (Index(3), Term(2), Index(2)));
    }
}

#[test]
fn a_candidate_goes_on_counting() {
    let mut server = stand(disk(3, Some(1), &[1]), 0, candidate(&[2, 2])).unwrap();
    assert_eq!(server.votes().granted, ids(&[1, 2]));
    step(&mut server, vote(2));
    assert!(!server.is_leader(), "S2's vote counts once");
    step(&mut server, vote(4));
    assert!(server.is_leader());
}

#[test]
fn a_follower_knows_its_leader_and_hands_out_only_what_is_committed_later() {
    let mut server = stand(disk(3, None, &[1, 3, 3]), 1, follower(Some(2))).unwrap();
    assert_eq!(server.leader(), Some(ServerId(2)));
    let prev = EntryId { index: Index(3), term: Term(3) };
    let body = Body::AppendEntries {
        prev_log_index: prev.index,
        prev_log_term: prev.term,
        entries: raft_core::Entries::NONE,
        leader_commit: Index(3),
        round: raft_core::Round(1),
    };
    let message = Message { from: ServerId(2), to: ServerId(1), term: Term(3), body };
    let applied = step(&mut server, Input::Receive(message)).into_iter().filter_map(|effect| match effect {
        Effect::Apply { first, entries } => Some((first, entries.len())),
        _ => None,
    });
    assert_eq!(applied.collect::<Vec<_>>(), [(Index(2), 2)]);
}

#[test]
fn where_no_server_can_stand_is_refused_with_what_was_expected() {
    let snapshot = |mut durable: Durable| {
        let last_included = EntryId { index: Index(4), term: Term(1) };
        let configuration = Configuration::of_voters(ids(&[1, 2, 3])).unwrap().into();
        durable.snapshot = Some(Snapshot { last_included, configuration, data: [].into() });
        durable.log = raft_core::Log::after(last_included);
        durable
    };
    let out_of_cluster = |mut durable: Durable| {
        let entry = Entry::configuration(Term(1), Configuration::of_voters(ids(&[2, 3])).unwrap());
        durable.log = [entry].into_iter().collect();
        durable
    };
    let table = [
        (disk(3, None, &[1, 1]), 3, follower(None), "the commit index is 3; expected 0 to 2"),
        (snapshot(disk(3, None, &[])), 3, follower(None), "the commit index is 3; expected 4 to 4"),
        (disk(3, None, &[]), 0, follower(Some(1)), "the leader is S1; expected another server, in a term after 0"),
        (disk(0, None, &[]), 0, follower(Some(2)), "the leader is S2; expected another server, in a term after 0"),
        (
            disk(3, None, &[]),
            0,
            StandingRole::Leader,
            "the vote went to nobody; expected a leader's and a candidate's own",
        ),
        (disk(3, Some(2), &[]), 0, candidate(&[]), "the vote went to S2; expected a leader's and a candidate's own"),
        (disk(3, Some(1), &[]), 0, candidate(&[6]), "S6 has voted for the candidate; expected voters only"),
        (disk(3, Some(1), &[]), 0, candidate(&[2, 3]), "the candidate has votes enough to lead; expected fewer"),
        (
            out_of_cluster(disk(3, Some(1), &[])),
            1,
            StandingRole::Leader,
            "the server is no voter; expected one that leads or asks for votes to be",
        ),
        (disk(1, None, &[1, 2]), 0, follower(None), "entry 2 has term 2; the server's own term is 1"),
    ];
    for (durable, commit_index, role, expected) in table {
        assert_eq!(stand(durable, commit_index, role).map(drop), Err(expected.to_owned()));
    }
    // It leads until its own removal is committed (D§4.2.2).
    assert!(stand(out_of_cluster(disk(3, Some(1), &[])), 0, StandingRole::Leader).unwrap().is_leader());
}
