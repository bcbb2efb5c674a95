//! Section 5.3 of the paper: the log, the consistency check, and how followers are brought into line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use raft_core::{
    AppendOutcome, Body, Durable, Entries, Event, Index, Input, Majority, Message, Options, Rejected, Round, Rule,
    ServerId, Tally, Term,
};
use raft_tests::{Cluster, as_in_the_figures, entries, entries_of, is_vote, without};

/// An append from S1 to S2, with entries of one term.
fn append(term: u64, prev: (u64, u64), new: &[u64], leader_commit: u64) -> Message {
    let first = prev.0 + 1;
    assert!(new.windows(2).all(|pair| pair[0] == pair[1]));
    let entries = new.first().map_or(Entries::NONE, |&term| entries_of(term, first..=prev.0 + new.len() as u64));
    let (prev_log_index, prev_log_term) = (Index(prev.0), Term(prev.1));
    let (leader_commit, round) = (Index(leader_commit), Round(1));
    let body = Body::AppendEntries { prev_log_index, prev_log_term, entries, leader_commit, round };
    Message { from: ServerId(1), to: ServerId(2), term: Term(term), body }
}

fn outcome(cluster: &Cluster) -> AppendOutcome {
    match cluster.network.last().map(|message| &message.body) {
        Some(Body::AppendEntriesReply { outcome, .. }) => *outcome,
        other => panic!("expected an answer to an append, found {other:?}"),
    }
}

#[test]
fn a_command_is_committed_on_the_leader_first_and_followers_learn_it_with_the_next_append() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    let at = cluster.propose(1, "x=1").unwrap().unwrap();
    assert_eq!((at.index, at.term), (Index(1), Term(1)));
    cluster.deliver(|_| true);
    let commits = |cluster: &Cluster| (1..=3).map(|id| cluster.server(id).commit_index().0).collect::<Vec<_>>();
    assert_eq!(commits(&cluster), [1, 0, 0]);
    cluster.wake(1);
    cluster.deliver(|_| true);
    assert_eq!(commits(&cluster), [1, 1, 1]);
    assert!((1..=3).all(|id| cluster.applied(id) == ["x=1"]));
}

#[test]
fn a_new_leader_begins_its_term_with_an_entry_of_its_own_when_asked_to() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &Options::default()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    assert_eq!(cluster.applied(1), ["-"]);
}

#[test]
fn only_the_leader_takes_commands_and_others_say_who_leads() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &as_in_the_figures()).unwrap();
    assert_eq!(cluster.propose(2, "x=1"), Err(Rejected::NotLeader { leader: None }));
    assert!(cluster.elect(1, &[1, 2, 3]));
    assert_eq!(cluster.propose(2, "x=1"), Err(Rejected::NotLeader { leader: Some(ServerId(1)) }));
}

/// How many entries each append on its way carries.
fn carried(cluster: &Cluster) -> Vec<usize> {
    let carried = cluster.network.iter().filter_map(|message| match &message.body {
        Body::AppendEntries { entries, .. } => Some(entries.len()),
        _ => None,
    });
    carried.collect()
}

#[test]
fn appends_follow_each_other_without_waiting_as_far_as_the_window_reaches_and_the_rest_goes_together() {
    let options = Options { noop_on_election: false, entries_in_flight_max: 4, ..Options::default() };
    let mut cluster = Cluster::with_logs(0, &[&[], &[]], &options).unwrap();
    assert!(cluster.elect(1, &[1, 2]));
    for at in 0..10 {
        cluster.propose(1, &format!("x={at}")).unwrap();
    }
    assert_eq!(carried(&cluster), [1, 1, 1, 1]);
    cluster.deliver(|message| message.to.0 == 2);
    cluster.deliver_one(|message| message.to.0 == 1);
    assert_eq!(carried(&cluster), [0; 0], "room for one is not worth an append");
    cluster.deliver_one(|message| message.to.0 == 1);
    assert_eq!(carried(&cluster), [2]);
    cluster.deliver(|_| true);
    assert_eq!(cluster.server(1).commit_index(), Index(10));
}

#[test]
fn the_window_counts_bytes_too_and_lets_one_entry_pass_however_large_it_is() {
    let options =
        Options { noop_on_election: false, bytes_per_append_max: 10, bytes_in_flight_max: 15, ..Options::default() };
    let mut cluster = Cluster::with_logs(0, &[&[], &[]], &options).unwrap();
    assert!(cluster.elect(1, &[1, 2]));
    cluster.propose(1, "a command of thirty bytes, all.").unwrap();
    assert_eq!(carried(&cluster), [1]);
    cluster.propose_all(1, &["12345", "12345", "12345", "12345"]).unwrap();
    assert_eq!(carried(&cluster), [1], "the window is more than full");
    cluster.deliver_one(|message| message.to.0 == 2);
    cluster.deliver_one(|message| message.to.0 == 1);
    assert_eq!(carried(&cluster), [2, 1], "ten bytes in one append, and fifteen on their way");
    cluster.deliver(|_| true);
    assert_eq!(cluster.server(1).commit_index(), Index(5));
}

#[test]
fn commands_of_a_batch_travel_rest_and_are_applied_together() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &Options::default()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    let first = cluster.propose_all(1, &["a", "b", "c"]).unwrap().unwrap();
    assert_eq!((first.index, first.term), (Index(2), Term(1)));
    assert_eq!(carried(&cluster), [3, 3]);
    cluster.deliver(|_| true);
    assert_eq!(cluster.applied(1), ["-", "a", "b", "c"]);
    assert_eq!(cluster.propose_all(1, &[]), Err(Rejected::BatchSize { found: 0 }));
}

#[test]
fn an_append_lost_in_the_middle_is_found_missing_by_the_next_and_sent_again() {
    let options = Options { noop_on_election: false, ..Options::default() };
    let mut cluster = Cluster::with_logs(0, &[&[], &[]], &options).unwrap();
    assert!(cluster.elect(1, &[1, 2]));
    for command in ["a", "b", "c"] {
        cluster.propose(1, command).unwrap();
    }
    cluster.network.remove(1);
    cluster.deliver(|_| true);
    assert_eq!(cluster.server(1).commit_index(), Index(3), "without a heartbeat");
    assert_eq!(cluster.log(2), [1, 1, 1]);
    // The last one lost is found by the heartbeat behind it.
    cluster.propose(1, "d").unwrap();
    cluster.lose_all();
    cluster.wake(1);
    cluster.deliver(|_| true);
    assert_eq!(cluster.server(1).commit_index(), Index(4));
}

#[test]
fn appends_that_overtake_each_other_do_not_bring_forth_ever_more_of_them() {
    let commands = 60;
    let options = Options { noop_on_election: false, entries_per_append_max: 1, ..Options::default() };
    let mut cluster = Cluster::with_logs(0, &[&[], &[]], &options).unwrap();
    assert!(cluster.elect(1, &[1, 2]));
    for at in 0..commands {
        cluster.propose(1, &format!("x={at}")).unwrap();
    }
    let (mut delivered, mut seed) = (0_u64, 1_u64);
    while cluster.server(1).commit_index() < Index(commands) {
        if cluster.network.is_empty() {
            cluster.wake(1);
        }
        // Any of those on their way arrives next.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let next = (seed >> 33) as usize % cluster.network.len();
        let message = cluster.network.swap_remove(next);
        cluster.step(message.to.0, Input::Receive(message)).unwrap();
        delivered += 1;
        assert!(delivered < 20 * commands, "{delivered} messages, {} on their way", cluster.network.len());
    }
    assert_eq!(cluster.log(2).len() as u64, commands);
}

/// How many round trips a follower that lacks all entries takes to get them, an append each, where of so many messages one
/// is overtaken by the next.
fn round_trips(commands: u64, overtaken_every: usize) -> u64 {
    let options = Options { noop_on_election: false, entries_per_append_max: 1, ..Options::default() };
    let mut cluster = Cluster::with_logs(0, &[&[], &[]], &options).unwrap();
    assert!(cluster.elect(1, &[1, 2]));
    for at in 0..commands {
        cluster.propose(1, &format!("x={at}")).unwrap();
    }
    let (mut stages, mut messages) = (0, 0);
    while cluster.server(1).commit_index() < Index(commands) {
        if cluster.network.is_empty() {
            cluster.wake(1);
        }
        // All that is on its way arrives; it is answered next.
        let mut arriving = std::mem::take(&mut cluster.network);
        for at in 1..arriving.len() {
            messages += 1;
            if messages % overtaken_every == 0 {
                arriving.swap(at - 1, at);
            }
        }
        for message in arriving {
            cluster.step(message.to.0, Input::Receive(message)).unwrap();
        }
        stages += 1;
    }
    stages / 2
}

#[test]
fn a_follower_far_behind_is_not_sent_one_append_a_round_trip_after_a_conflict() {
    let (commands, patterns) = (200, 2..=16);
    let taken: Vec<u64> = patterns.map(|overtaken_every| round_trips(commands, overtaken_every)).collect();
    let all: u64 = taken.iter().sum();
    assert!(all * 4 < commands * taken.len() as u64, "{taken:?} round trips for {commands} entries: {all}");
}

#[test]
fn followers_learn_of_a_commit_at_once_when_asked_to_and_otherwise_with_the_next_append() {
    let messages = |eager_commit| {
        let options = Options { noop_on_election: false, eager_commit, ..Options::default() };
        let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &options).unwrap();
        assert!(cluster.elect(1, &[1, 2, 3]));
        cluster.propose(1, "x").unwrap();
        let mut delivered = 0;
        while cluster.deliver_one(|_| true).is_some() {
            delivered += 1;
        }
        (delivered, (1..=3).map(|id| cluster.server(id).commit_index().0).collect::<Vec<_>>())
    };
    assert_eq!(messages(false), (4, vec![1, 0, 0]));
    assert_eq!(messages(true), (8, vec![1, 1, 1]));
}

#[test]
fn what_was_lost_goes_again_with_the_next_heartbeat() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2]));
    cluster.propose(1, "x=1").unwrap();
    cluster.lose_all();
    cluster.wake(1);
    cluster.deliver(|_| true);
    assert_eq!(cluster.applied(1), ["x=1"]);
}

#[test]
fn entries_are_acknowledged_only_when_they_are_durable() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2]));
    cluster.disks_are_instant = false;
    cluster.propose(1, "x=1").unwrap();
    // The leader sends while its own disk still writes (D§10.2.1).
    cluster.deliver_one(|message| message.to.0 == 2);
    assert!(cluster.network.is_empty(), "S2 has not saved it yet");
    cluster.finish_saves(2);
    cluster.deliver(|_| true);
    assert_eq!(cluster.server(1).commit_index(), Index(0), "S2 holds it, and S1 itself not yet");
    cluster.finish_saves(1);
    assert_eq!(cluster.server(1).commit_index(), Index(1));
}

#[test]
fn a_late_report_of_an_overwritten_write_marks_nothing() {
    let mut cluster = Cluster::with_logs(1, &[&[], &[]], &as_in_the_figures()).unwrap();
    cluster.disks_are_instant = false;
    cluster.step(2, Input::Receive(append(1, (0, 0), &[1, 1, 1], 0))).unwrap();
    cluster.step(2, Input::Receive(append(2, (1, 1), &[2], 0))).unwrap();
    assert_eq!(cluster.log(2), [1, 2]);
    cluster.step(2, Input::Saved(raft_core::SaveNumber(1))).unwrap();
    assert_eq!(cluster.server(2).durable_index(), Index(1), "entries 2 and 3 of the first write are gone");
    cluster.step(2, Input::Saved(raft_core::SaveNumber(2))).unwrap();
    assert_eq!(cluster.server(2).durable_index(), Index(2));
}

#[test]
fn figure_7_a_leader_brings_every_kind_of_follower_into_line() {
    let followers: [&[u64]; 6] = [
        &[1, 1, 1, 4, 4, 5, 5, 6, 6],
        &[1, 1, 1, 4],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        &[1, 1, 1, 4, 4, 4, 4],
        &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ];
    let leader: &[u64] = &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
    let logs: Vec<&[u64]> = std::iter::once(leader).chain(followers).collect();
    let mut cluster = Cluster::with_logs(7, &logs, &as_in_the_figures()).unwrap();
    cluster.time_out(1);
    cluster.deliver(is_vote);
    assert!(cluster.server(1).is_leader());
    assert_eq!(cluster.server(1).current_term(), Term(8));
    let mut rejections = [0; 6];
    let mut found = [0; 6];
    // Only empty appends travel until each follower's log is found to agree: the leader has nothing new yet.
    for (at, follower) in (2..=7).enumerate() {
        let of_follower = |message: &Message| message.to.0 == follower || message.from.0 == follower;
        while let Some(message) = cluster.deliver_one(of_follower) {
            match message.body {
                Body::AppendEntriesReply { outcome: AppendOutcome::Conflict { .. }, .. } => rejections[at] += 1,
                Body::AppendEntriesReply { outcome: AppendOutcome::Success { .. }, .. } => {
                    break;
                }
                _ => {}
            }
            found[at] = cluster.progress(1, follower).unwrap().0;
        }
    }
    assert_eq!(rejections, [1, 1, 0, 0, 2, 2], "with conflictTerm; one entry at a time would be 1, 6, 0, 0, 5, 7");
    assert_eq!(found, [10, 5, 11, 11, 6, 4], "where each log is found to agree");
    cluster.deliver(|_| true);
    assert_eq!(cluster.log(4).len(), 11, "the surplus of (c) stays until an entry of term 8 takes its place");
    assert_eq!(cluster.log(5).len(), 12, "and that of (d)");
    cluster.propose(1, "new").unwrap();
    cluster.deliver(|_| true);
    let expected = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 8];
    assert!((1..=7).all(|id| cluster.log(id) == expected));
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn an_append_is_answered_as_the_consistency_check_has_it() {
    use AppendOutcome::{Conflict, StaleTerm, Success};
    let conflict = |prev, term: Option<u64>, index| Conflict {
        prev_log_index: Index(prev),
        conflict_term: term.map(Term),
        conflict_index: Index(index),
    };
    let success = |index| Success { match_index: Index(index) };
    // (own log, term, prev, new entries; expected log, answer)
    type Row = (&'static [u64], u64, (u64, u64), &'static [u64], &'static [u64], AppendOutcome);
    let table: &[Row] = &[
        (&[], 3, (0, 0), &[], &[], success(0)),
        (&[], 3, (0, 0), &[1, 1], &[1, 1], success(2)),
        (&[], 3, (1, 1), &[3], &[], conflict(1, None, 1)),
        (&[1, 1], 3, (4, 2), &[3], &[1, 1], conflict(4, None, 3)),
        (&[1, 1, 2, 2], 3, (4, 3), &[3], &[1, 1, 2, 2], conflict(4, Some(2), 3)),
        (&[1, 1, 2, 2], 3, (2, 1), &[3], &[1, 1, 3], success(3)),
        (&[1, 1, 2, 2], 3, (2, 1), &[2], &[1, 1, 2, 2], success(3)),
        (&[1, 1, 2, 2], 3, (2, 1), &[2, 2, 2], &[1, 1, 2, 2, 2], success(5)),
        (&[1, 1, 2, 2], 3, (1, 1), &[1], &[1, 1, 2, 2], success(2)),
        (&[1, 1, 2, 2], 3, (2, 1), &[], &[1, 1, 2, 2], success(2)),
        (&[1, 1, 2, 2], 3, (0, 0), &[3], &[3], success(1)),
        (&[1, 1, 2, 2], 1, (2, 1), &[1], &[1, 1, 2, 2], StaleTerm),
    ];
    for &(own, term, prev, new, log, answer) in table {
        let mut cluster = Cluster::with_logs(2, &[&[], own], &as_in_the_figures()).unwrap();
        cluster.step(2, Input::Receive(append(term, prev, new, 0))).unwrap();
        assert_eq!((cluster.log(2).as_slice(), outcome(&cluster)), (log, answer), "{own:?} gets {prev:?} + {new:?}");
    }
}

#[test]
fn a_delayed_append_does_not_cut_off_what_came_after_it() {
    let run = |options: &Options| {
        let mut cluster = Cluster::with_logs(1, &[&[1], &[1], &[1]], options).unwrap();
        assert!(cluster.elect(1, &[1, 2, 3]));
        cluster.propose(1, "a").unwrap();
        let late = cluster.network.iter().find(|message| message.to.0 == 2).unwrap().clone();
        cluster.deliver_among(&[1, 2]);
        cluster.propose(1, "b").unwrap();
        cluster.deliver_among(&[1, 2]);
        assert_eq!(cluster.server(1).commit_index(), Index(3));
        cluster.step(2, Input::Receive(late)).unwrap();
        cluster.lose_all();
        // S1 goes; what is left of the committed entries is what S2 kept.
        cluster.crash(1);
        assert!(cluster.elect(2, &[2, 3]));
        cluster.propose(2, "c").unwrap();
        cluster.deliver_among(&[2, 3]);
        cluster.wake(2);
        cluster.deliver_among(&[2, 3]);
        cluster.violations
    };
    assert_eq!(run(&as_in_the_figures()), Vec::<String>::new());
    let broken = run(&without(Rule::TruncateOnlyOnConflict, as_in_the_figures()));
    assert!(broken[0].starts_with("State Machine Safety"), "{broken:?}");
}

#[test]
fn a_follower_commits_only_what_the_append_verified() {
    // S2's third entry is a deposed leader's. The empty append verifies two entries and says that three are committed.
    let run = |options: &Options| {
        let mut cluster = Cluster::with_logs(3, &[&[1, 1, 3], &[1, 1, 2]], options).unwrap();
        cluster.step(2, Input::Receive(append(3, (2, 1), &[], 3))).unwrap();
        cluster.applied(2)
    };
    assert_eq!(run(&as_in_the_figures()), ["1.1", "2.1"]);
    let broken = run(&without(Rule::CommitOnlyWhatWasVerified, as_in_the_figures()));
    assert_eq!(broken, ["1.1", "2.1", "3.2"], "an entry that the leader never had");
}

#[test]
fn without_the_consistency_check_logs_differ_behind_the_same_entry() {
    let run = |options: &Options| {
        let mut cluster = Cluster::with_logs(2, &[&[1, 2], &[1, 1, 1]], options).unwrap();
        cluster.step(2, Input::Receive(append(3, (2, 2), &[3], 0))).unwrap();
        cluster.log(2)
    };
    assert_eq!(run(&as_in_the_figures()), [1, 1, 1], "refused");
    let broken = run(&without(Rule::PreviousEntryChecked, as_in_the_figures()));
    assert_eq!(
        broken,
        [1, 1, 3],
        "entry 3 of term 3 stands behind entry 2 of term 1; the leader's stands behind term 2"
    );
}

#[test]
fn an_old_answer_moves_nothing() {
    let mut cluster = Cluster::with_logs(1, &[&[1, 1, 1], &[1], &[1]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    let caught_up = cluster.progress(1, 2);
    let answer = |term, outcome| Message {
        from: ServerId(2),
        to: ServerId(1),
        term: Term(term),
        body: Body::AppendEntriesReply { outcome, round: Round(1) },
    };
    let conflict = AppendOutcome::Conflict { prev_log_index: Index(3), conflict_term: None, conflict_index: Index(2) };
    cluster.step(1, Input::Receive(answer(2, conflict))).unwrap();
    assert_eq!(cluster.progress(1, 2), caught_up, "a refusal of an append long since answered");
    cluster.step(1, Input::Receive(answer(2, AppendOutcome::Success { match_index: Index(1) }))).unwrap();
    assert_eq!(cluster.progress(1, 2), caught_up, "an acknowledgement of less than is known");
    cluster.step(1, Input::Receive(answer(1, AppendOutcome::Success { match_index: Index(3) }))).unwrap();
    assert!(matches!(cluster.events.last(), Some((1, Event::ReplyIgnored { .. }))), "an answer from an older term");
    assert_eq!(cluster.network.len(), 0);
}

#[test]
fn a_restarted_server_has_its_term_vote_and_log_and_learns_the_rest_anew() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    cluster.propose(1, "x=1").unwrap();
    cluster.deliver(|_| true);
    cluster.wake(1);
    cluster.deliver(|_| true);
    let before = cluster.server(2).clone();
    cluster.crash(2);
    cluster.restart(2).unwrap();
    let after = cluster.server(2);
    assert_eq!((after.current_term(), after.voted_for()), (before.current_term(), before.voted_for()));
    assert_eq!(after.log(), before.log());
    assert_eq!((after.commit_index(), after.last_applied()), (Index(0), Index(0)));
    cluster.wake(1);
    cluster.deliver(|_| true);
    assert_eq!(cluster.applied(2), ["x=1"]);
}

#[test]
fn a_server_does_not_start_from_a_log_that_raft_cannot_have_written() {
    let start = |current_term, log: &[u64]| {
        let disk =
            Durable { current_term: Term(current_term), log: entries(log).into_iter().collect(), ..Durable::default() };
        Cluster::with_disks(vec![(ServerId(1), disk)], &Options::default()).map(|_| ()).map_err(|why| why.to_string())
    };
    assert_eq!(start(2, &[1, 2]), Ok(()));
    let falls = "entry 3 has term 1 after term 2; expected at least 1, and terms never fall";
    assert_eq!(start(2, &[1, 2, 1]), Err(falls.to_owned()));
    assert_eq!(start(2, &[1, 3]), Err("entry 2 has term 3; the server's own term is 2".to_owned()));
    assert!(start(1 << 53, &[]).unwrap_err().contains("expected at most 9007199254740991"));
    let slow = Options { election_timeout_us_max: 1, ..Options::default() };
    let refused = Cluster::with_logs(0, &[&[]], &slow).map(|_| ()).unwrap_err().to_string();
    assert_eq!(refused, "election_timeout_us_max is 1; expected 150000 to 3600000000");
}

#[test]
fn events_tell_what_was_new_and_who_holds_it() {
    let mut cluster = Cluster::with_logs(1, &[&[1], &[1], &[1]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    cluster.events.clear();
    cluster.propose(1, "x").unwrap();
    cluster.deliver_among(&[1, 2]);
    let told = |wanted: Event| cluster.events.iter().filter(|(_, event)| *event == wanted).count();
    assert_eq!(told(Event::FollowerMatches { follower: ServerId(2), match_index: Index(2) }), 1);
    let holders = Tally { voters: Majority { have: 2, needed: 2 }, old: None };
    let reason = raft_core::CommitReason::QuorumHolds { holders };
    assert_eq!(told(Event::Committed { from: Index(0), to: Index(2), reason }), 1);

    // An append that repeats one entry and brings another.
    let mut cluster = Cluster::with_logs(1, &[&[1], &[1, 1]], &as_in_the_figures()).unwrap();
    cluster.step(2, Input::Receive(append(2, (1, 1), &[1, 1], 0))).unwrap();
    let accepted = cluster.events.iter().find_map(|(_, event)| match *event {
        Event::AppendAccepted { carried, appended, match_index, .. } => Some((carried, appended, match_index)),
        _ => None,
    });
    assert_eq!(accepted, Some((2, 1, Index(3))));
}

#[test]
fn a_heartbeats_answer_tells_nothing_new() {
    let mut cluster = Cluster::with_logs(1, &[&[1], &[1]], &as_in_the_figures()).unwrap();
    assert!(cluster.elect(1, &[1, 2]));
    cluster.events.clear();
    cluster.wake(1);
    cluster.deliver(|_| true);
    assert!(!cluster.events.iter().any(|(_, event)| matches!(event, Event::FollowerMatches { .. })));
}

#[test]
fn what_a_restarted_server_has_on_disk_is_durable() {
    let cluster = Cluster::with_logs(2, &[&[1, 2]], &as_in_the_figures()).unwrap();
    assert_eq!(cluster.server(1).durable_index(), Index(2));
}
