//! The paper section by section, as far as its rules have no test of their own elsewhere.
//!
//! | section | what | where |
//! | --- | --- | --- |
//! | 5.1 | terms, Figure 5 | here, `elections.rs`, `tables.rs` |
//! | 5.2 | elections | `elections.rs`, here: Figure 4, timeouts, crashed candidates |
//! | 5.3 | replication, Figure 7 | `replication.rs`, here: Figure 6, legal logs, what is sent again |
//! | 5.4.1 | who may win, Figure 9 | `elections.rs`, `rules.rs`, here: up-to-date is not longer |
//! | 5.4.2 | entries of older terms, Figure 8 | `commitment.rs` |
//! | 5.4.3 | Leader Completeness | here, `sequences.rs` |
//! | 5.5 | crashes of followers and candidates | here, `sequences.rs` |
//! | 5.6 | timing and availability | here, `elections.rs` |
//! | 6 | members, Figures 10 and 11 | `membership.rs` |
//! | 7 | snapshots, Figures 12 and 13 | `snapshots.rs` |
//! | 8 | clients | `reads.rs`, `replication.rs`, here: what a new leader knows |
//!
//! Each rule with what happens without it is in `rules.rs`; the dissertation's additions to elections in `leadership.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::{
    AppendOutcome, Body, Durable, Event, Index, Input, Message, Options, Rejected, Role, RoleName, Round, ServerId,
    Term,
};
use raft_tests::{Cluster, as_in_the_figures, entries, is_vote};

const ALL: [u32; 5] = [1, 2, 3, 4, 5];

fn five() -> Cluster {
    Cluster::with_logs(0, &[&[], &[], &[], &[], &[]], &as_in_the_figures()).unwrap()
}

fn disk(term: u64, log: &[u64]) -> Durable {
    Durable { current_term: Term(term), log: entries(log).into_iter().collect(), ..Durable::default() }
}

fn answer(from: u32, term: u64, outcome: AppendOutcome) -> Input {
    let body = Body::AppendEntriesReply { outcome, round: Round(0) };
    Input::Receive(Message { from: ServerId(from), to: ServerId(1), term: Term(term), body })
}

#[test]
fn section_5_1_figure_5_a_split_vote_leaves_its_term_without_a_leader() {
    let mut cluster = five();
    assert!(cluster.elect(1, &ALL));
    // S1 crashes. S2 and S3 stand at once in term 2, and get two of the four votes that are left each.
    cluster.crash(1);
    cluster.time_out(2);
    cluster.time_out(3);
    let (theirs, others) = ([2, 4], [3, 5]);
    cluster.deliver(|message| {
        [theirs, others].iter().any(|half| half.contains(&message.from.0) && half.contains(&message.to.0))
    });
    cluster.deliver(is_vote);
    assert!((2..=5).all(|id| cluster.server(id).current_term() == Term(2) && !cluster.server(id).is_leader()));
    assert!(cluster.elect(4, &[2, 3, 4, 5]));
    let led = cluster.events.iter().filter_map(|(_, event)| match event {
        Event::BecameLeader { term, .. } => Some(term.0),
        _ => None,
    });
    assert_eq!(led.collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn section_5_1_a_higher_term_is_adopted_before_the_request_is_decided() {
    // S3 has voted in term 2; the vote of term 3 is another.
    let voted = Durable { voted_for: Some(ServerId(1)), ..disk(2, &[]) };
    let disks = vec![(ServerId(1), disk(2, &[])), (ServerId(2), disk(2, &[])), (ServerId(3), voted)];
    let mut cluster = Cluster::with_disks(disks, &as_in_the_figures()).unwrap();
    cluster.time_out(2);
    cluster.deliver_one(|message| message.to.0 == 3);
    assert_eq!((cluster.server(3).current_term(), cluster.server(3).voted_for()), (Term(3), Some(ServerId(2))));
}

#[test]
fn section_5_2_figure_4_roles_change_only_as_its_arrows_say() {
    let mut cluster = five();
    let name = |cluster: &Cluster, id| match cluster.server(id).role() {
        Role::Follower { .. } => RoleName::Follower,
        Role::PreCandidate => RoleName::PreCandidate,
        Role::Candidate { .. } => RoleName::Candidate,
        Role::Leader(_) => RoleName::Leader,
    };
    let mut seen = std::collections::BTreeSet::new();
    for step in 0..3_000_u64 {
        let before = ALL.map(|id| name(&cluster, id));
        match raft_core::random::draw_between(0, 9, &[5, 2, step]) {
            0 => cluster.time_out(1 + u32::try_from(step % 5).unwrap()),
            1 => cluster.lose_all(),
            _ => drop(cluster.deliver_one(|_| true)),
        }
        let arrows = before.into_iter().zip(ALL.map(|id| name(&cluster, id)));
        seen.extend(arrows.map(|(from, to)| (format!("{from:?}"), format!("{to:?}"))).filter(|(from, to)| from != to));
    }
    let arrow = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let arrows = [
        arrow("Candidate", "Follower"),
        arrow("Candidate", "Leader"),
        arrow("Follower", "Candidate"),
        arrow("Leader", "Follower"),
    ];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), arrows);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

/// Figure 6: S1 leads with these entries; S2 to S5 have the first 5, 8, 2 and 7 of them.
#[test]
fn section_5_3_figure_6_an_entry_is_committed_when_a_majority_holds_it() {
    let log: [u64; 8] = [1, 1, 1, 2, 3, 3, 3, 3];
    // Entries 5 to 8 are the leader's own, of term 3.
    let disks = [4, 4, 4, 2, 4].into_iter().zip(1..).map(|(held, id)| (ServerId(id), disk(2, &log[..held])));
    let mut cluster = Cluster::with_disks(disks.collect(), &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3, 5]));
    for command in ["x←2", "x←0", "y←7", "x←5"] {
        cluster.propose(1, command).unwrap();
    }
    for (follower, held) in [(2, 5), (3, 8), (5, 7)] {
        while cluster.server(follower).log().last_index() < Index(held) {
            cluster.deliver_one(|message| message.from.0 == follower);
            cluster.deliver_one(|message| message.to.0 == follower);
        }
        cluster.deliver_one(|message| message.from.0 == follower);
    }
    assert_eq!([1, 2, 3, 4, 5].map(|id| cluster.log(id).len()), [8, 5, 8, 2, 7]);
    assert!(ALL.iter().all(|&id| cluster.log(id) == log[..cluster.log(id).len()]));
    assert_eq!(cluster.server(1).commit_index(), Index(7), "entry 8 is on two of five");
    assert_eq!(cluster.applied(1)[4..], ["x←2", "x←0", "y←7"]);
}

/// Whether two logs that have an entry in common agree up to it: Log Matching.
fn match_each_other(one: &[u64], other: &[u64]) -> bool {
    let shared = one.iter().zip(other).rposition(|(a, b)| a == b);
    shared.is_none_or(|at| one[..=at] == other[..=at])
}

#[test]
fn section_5_3_logs_that_can_and_cannot_stand_beside_the_leaders() {
    let leader = [1, 1, 3, 3, 3, 5];
    // (log, whether a server can start from it, whether it can stand beside the leader's)
    let table: [(&[u64], bool, bool); 5] = [
        (&[1, 1, 2, 2, 3], true, false),
        (&[1, 1, 2, 2, 4, 5], true, false),
        (&[1, 1, 6, 6, 6, 6, 6], true, true),
        (&[1, 1, 3, 3, 2, 2], false, true),
        (&[1, 1, 1, 1, 1, 1], true, true),
    ];
    for (log, starts, matches) in table {
        let started = Cluster::with_disks(vec![(ServerId(1), disk(7, log))], &Options::default());
        assert_eq!((started.is_ok(), match_each_other(&leader, log)), (starts, matches), "{log:?}");
        if starts && matches {
            // Whatever differs is brought into line.
            let disks =
                [&leader[..], &leader[..], log].into_iter().zip(1..).map(|(log, id)| (ServerId(id), disk(7, log)));
            let mut cluster = Cluster::with_disks(disks.collect(), &as_in_the_figures()).unwrap();
            assert!(cluster.elect(1, &[1, 2]), "{log:?}");
            cluster.propose(1, "new").unwrap();
            cluster.wake(1);
            cluster.deliver(|_| true);
            assert_eq!(cluster.log(3), cluster.log(1), "{log:?}");
        }
    }
}

#[test]
fn section_5_3_a_longer_log_than_the_leaders_is_cut_to_it() {
    // Follower (f) of Figure 7: eleven entries become the leader's ten, once the leader has something to put there.
    let logs: [&[u64]; 2] = [&[1, 1, 1, 4, 4, 5, 5, 6, 6], &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]];
    let mut cluster = Cluster::with_logs(7, &logs, &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2]));
    cluster.propose(1, "ten").unwrap();
    cluster.deliver(|_| true);
    assert_eq!(cluster.log(2), [1, 1, 1, 4, 4, 5, 5, 6, 6, 8]);
}

#[test]
fn section_5_3_a_heartbeat_is_checked_like_any_append() {
    // Follower (f) of Figure 7 has eleven entries, and none that the leader's tenth could follow.
    let logs: [&[u64]; 2] = [&[1, 1, 1, 4, 4, 5, 5, 6, 6, 6], &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]];
    let mut cluster = Cluster::with_logs(7, &logs, &as_in_the_figures()).unwrap();
    cluster.time_out(1);
    cluster.deliver(is_vote);
    let heartbeat = cluster.deliver_one(|message| message.to.0 == 2).unwrap();
    assert!(
        matches!(heartbeat.body, Body::AppendEntries { prev_log_index: Index(10), ref entries, .. } if entries.is_empty())
    );
    cluster.deliver_one(|message| message.to.0 == 1);
    assert_eq!(cluster.progress(1, 2).unwrap().1, 0, "nothing is known to match");
}

#[test]
fn section_5_3_an_acknowledgement_counts_for_what_was_sent_and_not_for_what_came_after() {
    let options = Options { entries_in_flight_max: 2, ..as_in_the_figures() };
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &options).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    cluster.propose(1, "one").unwrap();
    cluster.propose(1, "two").unwrap();
    cluster.deliver_one(|message| message.to.0 == 2);
    cluster.deliver_one(|message| message.from.0 == 2);
    assert_eq!(cluster.progress(1, 2).unwrap().1, 1);
    assert_eq!(cluster.server(1).commit_index(), Index(1), "S1 alone holds the second");
}

#[test]
fn section_5_3_wherever_a_leader_looks_first_the_logs_end_up_the_same() {
    let run = |hint: Option<u64>| {
        let mut cluster = Cluster::with_logs(1, &[&[1, 1, 1], &[1, 1, 1], &[1]], &as_in_the_figures()).unwrap();
        cluster.time_out(1);
        cluster.deliver(is_vote);
        if let Some(hint) = hint {
            // As if S2's log differed from the third entry on, or ended before.
            let (prev_log_index, conflict_index) = (Index(3), Index(hint));
            let conflict = AppendOutcome::Conflict { prev_log_index, conflict_term: None, conflict_index };
            let refused = cluster.step(1, answer(2, 2, conflict)).is_err();
            assert_eq!(refused, hint == 99);
        }
        cluster.propose(1, "new").unwrap();
        cluster.deliver(|_| true);
        let logs: Vec<_> = (1..=3).map(|id| cluster.log(id)).collect();
        (logs, cluster.server(1).commit_index(), cluster.violations)
    };
    let expected = run(None);
    assert_eq!(expected.0, vec![vec![1, 1, 1, 2]; 3]);
    assert_eq!((run(Some(1)), run(Some(3)), run(Some(99))), (expected.clone(), expected.clone(), expected));
}

#[test]
fn section_5_3_a_deposed_leader_that_is_refused_steps_down_and_looks_no_further_back() {
    let mut cluster = Cluster::with_logs(1, &[&[1, 1], &[1, 1], &[1, 1]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    cluster.events.clear();
    cluster.step(1, answer(2, 3, AppendOutcome::StaleTerm)).unwrap();
    assert_eq!((cluster.server(1).current_term(), cluster.server(1).is_leader()), (Term(3), false));
    assert!(!cluster.events.iter().any(|(_, event)| matches!(event, Event::FollowerConflicts { .. })));
    assert!(cluster.network.is_empty());
}

#[test]
fn section_5_3_a_leader_never_removes_or_replaces_its_own_entries() {
    let mut cluster = Cluster::with_logs(3, &[&[1, 1, 3], &[1, 2, 2, 2], &[1, 1]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 3]));
    let mut longest = cluster.server(1).log().from(Index(1)).collect::<Vec<_>>();
    for round in 0..6 {
        cluster.propose(1, &format!("x={round}")).unwrap();
        cluster.wake(1);
        while cluster.deliver_one(|_| true).is_some() {
            let log: Vec<_> = cluster.server(1).log().from(Index(1)).collect();
            assert!(log.starts_with(&longest));
            longest = log;
        }
    }
    assert_eq!(cluster.log(2), cluster.log(1));
}

#[test]
fn section_5_3_the_place_of_a_command_is_its_index_and_term_for_an_index_is_given_out_again() {
    // Every leader before S5 gave index 1 to its client, and none of them committed it.
    let mut cluster = five();
    let mut places = Vec::new();
    for leader in [1, 2, 3] {
        let voters: Vec<u32> = ALL.into_iter().filter(|&id| id >= leader).collect();
        assert!((0..3).any(|_| cluster.elect(leader, &voters)), "S{leader}");
        cluster.lose_all();
        places.push(cluster.propose(leader, &format!("from S{leader}")).unwrap().unwrap());
        cluster.lose_all();
    }
    assert!(places.iter().all(|place| place.index == Index(1)));
    assert!(places.windows(2).all(|pair| pair[0].term < pair[1].term));
    cluster.wake(3);
    cluster.deliver(|_| true);
    cluster.wake(3);
    cluster.deliver(|_| true);
    assert!(
        ALL.iter().all(|&id| cluster.applied(id) == ["from S3"]),
        "S1's and S2's clients see another command there"
    );
}

#[test]
fn section_5_4_1_up_to_date_is_not_longer() {
    let disks = [(7, &[5, 6, 7][..]), (8, &[5, 8]), (8, &[5, 8])].into_iter().zip(1..);
    let disks = disks.map(|((term, log), id)| (ServerId(id), disk(term, log))).collect();
    let mut cluster = Cluster::with_disks(disks, &as_in_the_figures()).unwrap();
    for _ in 0..3 {
        assert!(!cluster.elect(1, &[1, 2, 3]));
        assert!(cluster.server(1).votes().granted.iter().all(|&voter| voter == ServerId(1)));
    }
    assert!(cluster.elect(2, &[1, 2, 3]));
}

/// An entry is committed by every majority of five, and after that every candidate asks every majority: whoever wins has it.
#[test]
fn section_5_4_3_whoever_wins_after_a_commitment_has_what_was_committed() {
    let majorities = || (0..32_u32).filter(|set| set.count_ones() == 3);
    let members = |set: u32| ALL.into_iter().filter(move |id| set >> (id - 1) & 1 == 1).collect::<Vec<u32>>();
    let (mut won, mut lost) = (0, 0);
    for holders in majorities() {
        let holders = members(holders);
        let mut committed = five();
        let leader = holders[0];
        assert!(committed.elect(leader, &ALL));
        committed.propose(leader, "x").unwrap();
        committed.deliver_among(&holders);
        assert_eq!(committed.server(leader).commit_index(), Index(1));
        for voters in majorities() {
            for candidate in members(voters) {
                let mut cluster = committed.clone();
                cluster.crash(leader);
                cluster.restart(leader).unwrap();
                if cluster.elect(candidate, &members(voters)) {
                    won += 1;
                    assert_eq!(cluster.log(candidate), [1], "S{candidate} was elected by {voters:b}");
                } else {
                    lost += 1;
                    assert!(cluster.log(candidate).is_empty());
                }
            }
        }
    }
    // Of 10 × 10 × 3 attempts, those of the three holders succeed, each in six majorities.
    assert_eq!((won, lost), (180, 120));
}

#[test]
fn section_5_5_requests_that_arrive_twice_change_nothing_the_second_time() {
    let mut cluster = Cluster::with_logs(1, &[&[1, 1], &[1], &[1]], &as_in_the_figures()).unwrap();
    cluster.time_out(1);
    let twice = |cluster: &mut Cluster, to: u32| {
        let request = cluster.deliver_one(|message| message.to.0 == to).unwrap();
        let (once, said) = (cluster.server(to).clone(), cluster.network.last().cloned());
        cluster.step(to, Input::Receive(request)).unwrap();
        let again = cluster.server(to);
        assert_eq!((again.log(), again.commit_index()), (once.log(), once.commit_index()));
        assert_eq!((again.current_term(), again.voted_for()), (once.current_term(), once.voted_for()));
        assert_eq!(cluster.network.pop(), said, "and is answered the same");
    };
    twice(&mut cluster, 2);
    cluster.deliver(is_vote);
    cluster.propose(1, "x").unwrap();
    while cluster.network.iter().any(|message| message.to.0 == 2) {
        twice(&mut cluster, 2);
        cluster.deliver(|message| message.to.0 == 1);
    }
    assert_eq!(cluster.log(2), [1, 1, 2]);
}

#[test]
fn section_5_5_a_follower_that_crashed_is_brought_up_to_date_when_it_is_back() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    cluster.crash(3);
    for at in 0..5 {
        cluster.propose(1, &format!("x={at}")).unwrap();
        cluster.deliver(|_| true);
        cluster.wake(1);
        cluster.deliver(|_| true);
    }
    assert_eq!(cluster.server(1).commit_index(), Index(5), "without it");
    cluster.restart(3).unwrap();
    for _ in 0..2 {
        cluster.wake(1);
        cluster.deliver(|_| true);
    }
    assert_eq!(cluster.applied(3), cluster.applied(1));
}

#[test]
fn section_5_6_timeouts_that_are_too_short_cost_progress_and_nothing_else() {
    // Everyone times out before any answer arrives, which then comes too late.
    let mut cluster = five();
    for round in 0..30_u32 {
        let late: Vec<Message> = cluster.network.drain(..).collect();
        for id in ALL {
            cluster.time_out(id);
        }
        for message in late {
            cluster.step(message.to.0, Input::Receive(message)).unwrap();
        }
        assert!(ALL.iter().all(|&id| !cluster.server(id).is_leader()), "round {round}");
    }
    assert!(cluster.server(1).current_term() >= Term(30));
    assert_eq!(cluster.violations, Vec::<String>::new());
    cluster.deliver(|_| true);
    assert!((0..5).any(|_| cluster.elect(3, &ALL)), "with time enough there is a leader");
}

#[test]
fn section_8_a_new_leader_does_not_know_what_is_committed_until_an_entry_of_its_own_term_is() {
    let run = |noop_on_election| {
        let options = Options { noop_on_election, ..as_in_the_figures() };
        let mut cluster = Cluster::with_logs(1, &[&[1], &[1], &[1], &[1], &[1]], &options).unwrap();
        // Figure 8 (b): S1 led term 2 and brought its entry to S2; here to S3 too, so that it is committed.
        assert!(cluster.elect(1, &ALL));
        cluster.propose(1, "two").unwrap();
        for _ in 0..3 {
            cluster.deliver_among(&[1, 2, 3]);
            cluster.wake(1);
        }
        assert!(cluster.server(1).commit_index() >= Index(2));
        // S2 leads next. It has the entry and cannot tell that it is committed, however often it is told who holds it.
        cluster.crash(1);
        cluster.crash(2);
        cluster.restart(2).unwrap();
        assert!(cluster.elect(2, &[2, 3, 4, 5]));
        for _ in 0..3 {
            cluster.wake(2);
            cluster.deliver_among(&[2, 3, 4, 5]);
        }
        cluster
    };
    let mut waiting = run(false);
    assert_eq!(waiting.server(2).commit_index(), Index(0));
    waiting.propose(2, "three").unwrap();
    waiting.deliver_among(&[2, 3, 4, 5]);
    assert_eq!(waiting.server(2).commit_index(), Index(3));
    assert!(run(true).server(2).commit_index() >= Index(3), "with an entry that carries nothing it need not wait");
}

#[test]
fn section_8_a_command_that_was_never_committed_may_be_gone_and_its_client_has_no_answer() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    cluster.propose(1, "lost").unwrap();
    cluster.lose_all();
    cluster.crash(1);
    assert!(cluster.elect(2, &[2, 3]));
    assert_eq!(
        cluster.propose(3, "again"),
        Err(Rejected::NotLeader { leader: Some(ServerId(2)) }),
        "who leads is said"
    );
    cluster.propose(2, "again").unwrap();
    cluster.deliver_among(&[2, 3]);
    cluster.restart(1).unwrap();
    for _ in 0..2 {
        cluster.wake(2);
        cluster.deliver(|_| true);
    }
    assert!((1..=3).all(|id| cluster.applied(id) == ["again"]));
    assert_eq!(cluster.violations, Vec::<String>::new());
}
