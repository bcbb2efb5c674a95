//! Section 7 of the paper and chapter 5 of the dissertation: snapshots in place of the log, and sending them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use raft_core::{
    AppendOutcome, Body, Change, Configuration, Durable, Effect, Effects, Entries, Entry, EntryId, Event, Flow, Index,
    Input, InvalidStart, Log, Message, Options, Rejected, Role, Round, Rule, Server, ServerId, Snapshot,
    SnapshotOutcome, Term, Time,
};
use raft_tests::journey::{Happened, Journey, refused_messages};
use raft_tests::{Cluster, as_in_the_figures, entries, entries_of, without, worlds};

/// Entries travel in one append, and a snapshot in parts of ten bytes.
fn in_parts() -> Options {
    Options { noop_on_election: false, snapshot_chunk_bytes: 10, ..Options::default() }
}

fn voters(ids: &[u32]) -> Arc<Configuration> {
    Arc::new(Configuration::of_voters(ids.iter().copied().map(ServerId)).unwrap())
}

const fn message(from: u32, to: u32, term: u64, body: Body) -> Message {
    Message { from: ServerId(from), to: ServerId(to), term: Term(term), body }
}

/// A whole snapshot in one message, of a machine that shows these commands.
fn install(last_included: (u64, u64), commands: &[&str]) -> Body {
    Body::InstallSnapshot {
        last_included_index: Index(last_included.0),
        last_included_term: Term(last_included.1),
        configuration: voters(&[1, 2, 3]),
        offset: 0,
        data: commands.join("\n").into_bytes().into(),
        done: true,
        round: Round(1),
    }
}

fn append(prev: (u64, u64), entries: Entries, leader_commit: u64) -> Body {
    Body::AppendEntries {
        prev_log_index: Index(prev.0),
        prev_log_term: Term(prev.1),
        entries,
        leader_commit: Index(leader_commit),
        round: Round(1),
    }
}

/// What a server has just answered to an append.
fn outcome(cluster: &Cluster) -> AppendOutcome {
    match cluster.network.last().map(|message| &message.body) {
        Some(Body::AppendEntriesReply { outcome, .. }) => *outcome,
        other => panic!("expected an answer to an append, found {other:?}"),
    }
}

fn flow(cluster: &Cluster, leader: u32, follower: u32) -> Flow {
    let Role::Leader(leading) = cluster.server(leader).role() else { panic!("S{leader} does not lead") };
    leading.followers.iter().find(|progress| progress.id.0 == follower).unwrap().flow
}

const fn is_part(message: &Message) -> bool {
    matches!(message.body, Body::InstallSnapshot { .. })
}

const fn is_part_reply(message: &Message) -> bool {
    matches!(message.body, Body::InstallSnapshotReply { .. })
}

/// Where the parts on their way begin, and whether each is the last.
fn parts(cluster: &Cluster) -> Vec<(u64, bool)> {
    let part = |message: &Message| match message.body {
        Body::InstallSnapshot { offset, done, .. } => Some((offset, done)),
        _ => None,
    };
    cluster.network.iter().filter_map(part).collect()
}

/// The offsets of the parts that a server was sent so far.
fn offsets_sent(cluster: &Cluster) -> Vec<u64> {
    let sent = cluster.events.iter().filter_map(|(_, event)| match event {
        Event::SnapshotSent { offset, .. } => Some(*offset),
        _ => None,
    });
    sent.collect()
}

fn installed(cluster: &Cluster, id: u32) -> Vec<EntryId> {
    let installed = cluster.events.iter().filter_map(|(at, event)| match event {
        Event::SnapshotInstalled { last_included, .. } if *at == id => Some(*last_included),
        _ => None,
    });
    installed.collect()
}

/// A write of which nothing reaches S3, applied on S1.
fn write_without_s3(cluster: &mut Cluster, commands: &[&str]) {
    cluster.propose_all(1, commands).unwrap();
    cluster.deliver(|message| message.from.0 != 3 && message.to.0 != 3);
    cluster.lose_all();
}

const COMMANDS: [&str; 5] = ["alpha", "beta", "gamma", "delta", "epsilon"];

/// S1 leads term 1; S3 has nothing of five entries, of which S1 has only the snapshot: 30 bytes, three parts.
fn behind(options: &Options) -> Cluster {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], options).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    write_without_s3(&mut cluster, &COMMANDS);
    cluster.compact(1, 5).unwrap();
    assert_eq!(cluster.server(1).snapshot().unwrap().data.len(), 30);
    // The append with the first entries is on its way still, as far as S1 knows; the heartbeat finds S3 without them.
    cluster.wake(1);
    cluster.deliver_one(|message| message.to.0 == 3);
    cluster.deliver_one(|message| message.from.0 == 3);
    cluster.network.retain(is_part);
    cluster
}

/// Delivers the part that is on its way to S3, and the answer.
fn one_part(cluster: &mut Cluster) {
    cluster.deliver_one(is_part).expect("no part is on its way");
    cluster.deliver_one(is_part_reply).expect("no answer is on its way");
}

#[test]
fn figure_12_a_snapshot_takes_the_place_of_the_first_five_entries() {
    // Commands as in Figure 6: x←3 y←1 y←9 x←2 x←0 y←7 x←5, all of them committed.
    let terms = [1, 1, 1, 2, 3, 3, 3];
    let commands = ["x=3", "y=1", "y=9", "x=2", "x=0", "y=7", "x=5"];
    let log: Log = terms.iter().zip(commands).map(|(&term, command)| Entry::command(Term(term), command)).collect();
    let disk = || Durable { current_term: Term(3), log: log.clone(), ..Durable::default() };
    let servers = (1..=3).map(|id| (ServerId(id), disk())).collect();
    let mut cluster = Cluster::with_disks(servers, &as_in_the_figures()).unwrap();
    let heartbeat = message(1, 2, 3, append((7, 3), Entries::NONE, 7));
    cluster.step(2, Input::Receive(heartbeat)).unwrap();
    assert_eq!(cluster.applied(2), commands);

    let state: Arc<[u8]> = b"x=0\ny=9".as_slice().into();
    cluster.step(2, Input::Compact { upto: Index(5), data: state.clone() }).unwrap();
    let server = cluster.server(2);
    let snapshot = server.snapshot().unwrap();
    assert_eq!(snapshot.last_included, EntryId::new(5, 3));
    assert_eq!((&snapshot.data, &snapshot.configuration), (&state, &voters(&[1, 2, 3])));
    assert_eq!((server.log().base(), server.log().first_index()), (EntryId::new(5, 3), Index(6)));
    assert_eq!(cluster.log(2), [3, 3], "the tail of the figure");
    assert_eq!((server.commit_index(), server.last_applied()), (Index(7), Index(7)));
    let compacted = Event::LogCompacted { last_included: EntryId::new(5, 3), bytes: 7, entries: 5 };
    assert!(cluster.events.contains(&(2, compacted)));
    // The term of the last entry is kept for the consistency check of the one behind it.
    let at = |index| server.log().term_at(Index(index));
    assert_eq!((at(4), at(5), at(6), at(8)), (None, Some(Term(3)), Some(Term(3)), None));
    assert_eq!(cluster.disk(2).unwrap().log, *cluster.server(2).log());
    assert_eq!(cluster.disk(2).unwrap().snapshot.as_ref(), cluster.server(2).snapshot());
}

#[test]
fn a_snapshot_stands_only_for_what_is_applied_and_for_more_than_the_one_before() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &in_parts()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    let cannot = |upto, snapshot, applied| {
        let (upto, snapshot, applied) = (Index(upto), Index(snapshot), Index(applied));
        Err(Rejected::CannotCompact { upto, snapshot, applied })
    };
    assert_eq!(cluster.compact(1, 0), cannot(0, 0, 0));
    assert_eq!(cluster.compact(1, 1), cannot(1, 0, 0));
    cluster.propose_all(1, &["a", "b", "c", "d"]).unwrap();
    assert_eq!(cluster.compact(1, 1), cannot(1, 0, 0), "it is appended, and not applied");
    cluster.deliver(|_| true);
    cluster.propose(1, "e").unwrap();
    let before = cluster.server(1).clone();
    assert_eq!(cluster.compact(1, 5), cannot(5, 0, 4));
    assert_eq!(cluster.compact(1, 0), cannot(0, 0, 4));
    assert_eq!(cluster.compact(1, u64::MAX), cannot(u64::MAX, 0, 4));
    assert_eq!(*cluster.server(1), before);
    cluster.compact(1, 2).unwrap();
    assert_eq!(cluster.compact(1, 2), cannot(2, 2, 4));
    assert_eq!(cluster.compact(1, 1), cannot(1, 2, 4));
    cluster.compact(1, 3).unwrap();
    cluster.compact(1, 4).unwrap();
    assert_eq!(cluster.log(1), [1], "an entry that is not committed stays in any case");
}

#[test]
fn a_server_that_does_not_know_its_members_takes_no_snapshot() {
    // S2 has been sent the entry before the one that names it, and nothing more.
    let servers = vec![
        (ServerId(1), (*voters(&[1])).clone(), Durable::default()),
        (ServerId(2), Configuration::unknown(), Durable::default()),
    ];
    let mut cluster = Cluster::with_members(servers, &as_in_the_figures()).unwrap();
    cluster.time_out(1);
    let first = message(1, 2, 1, append((0, 0), entries_of(1, 1..=1), 1));
    cluster.step(2, Input::Receive(first)).unwrap();
    assert_eq!(cluster.server(2).last_applied(), Index(1));
    assert_eq!(cluster.compact(2, 1), Err(Rejected::ConfigurationWithoutVoters), "nobody would take it from S2");
    assert_eq!(cluster.server(2).snapshot(), None);
}

#[test]
fn a_server_restarts_from_its_snapshot_and_the_log_behind_it() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &in_parts()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    cluster.propose_all(1, &["a", "b", "c"]).unwrap();
    cluster.deliver(|_| true);
    cluster.compact(1, 2).unwrap();
    cluster.propose(1, "d").unwrap();
    cluster.crash(1);
    cluster.restart(1).unwrap();
    let server = cluster.server(1);
    assert_eq!((server.log().base(), server.log().last()), (EntryId::new(2, 1), EntryId::new(4, 1)));
    assert_eq!((server.commit_index(), server.last_applied()), (Index(2), Index(2)), "what it stands for is committed");
    assert_eq!(server.durable_index(), Index(4));
    assert_eq!(cluster.applied(1), ["a", "b"]);
    // It goes on from there: the tail is applied behind the snapshot.
    assert!(cluster.elect(1, &[1, 2, 3]));
    cluster.propose(1, "e").unwrap();
    cluster.deliver(|_| true);
    assert_eq!(cluster.applied(1), ["a", "b", "c", "d", "e"]);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn a_disk_whose_log_does_not_begin_where_its_snapshot_ends_is_none_to_start_from() {
    let snapshot = |index, term| Snapshot {
        last_included: EntryId::new(index, term),
        configuration: voters(&[1]),
        data: Arc::from([]),
    };
    let log = |base: (u64, u64), terms: &[u64]| {
        let mut log = Log::after(EntryId::new(base.0, base.1));
        log.extend(entries(terms));
        log
    };
    let start = |snapshot: Option<Snapshot>, log: Log| {
        let disk = Durable { current_term: Term(3), snapshot, log, ..Durable::default() };
        Server::start(ServerId(1), (*voters(&[1])).clone(), Options::default(), disk, Time::ZERO).map(drop)
    };
    let elsewhere = |snapshot: (u64, u64), base: (u64, u64)| {
        let (snapshot, base) = (EntryId::new(snapshot.0, snapshot.1), EntryId::new(base.0, base.1));
        Err(InvalidStart::SnapshotElsewhere { snapshot, base })
    };
    assert_eq!(start(Some(snapshot(5, 2)), log((5, 2), &[2, 3])), Ok(()));
    assert_eq!(start(Some(snapshot(5, 2)), log((5, 2), &[])), Ok(()));
    assert_eq!(start(None, log((5, 2), &[3])), elsewhere((0, 0), (5, 2)));
    assert_eq!(start(Some(snapshot(5, 2)), log((0, 0), &[1, 2])), elsewhere((5, 2), (0, 0)));
    assert_eq!(start(Some(snapshot(5, 2)), log((4, 2), &[2, 3])), elsewhere((5, 2), (4, 2)));
    assert_eq!(start(Some(snapshot(5, 2)), log((5, 1), &[2, 3])), elsewhere((5, 2), (5, 1)));
    assert_eq!(start(Some(snapshot(5, 0)), log((5, 0), &[])), elsewhere((5, 0), (5, 0)), "no entry has term zero");
    assert_eq!(start(Some(snapshot(0, 1)), log((0, 1), &[])), elsewhere((0, 1), (0, 1)));
    let falls = InvalidStart::TermFalls { index: Index(6), found: Term(1), after: Term(2) };
    assert_eq!(start(Some(snapshot(5, 2)), log((5, 2), &[1])), Err(falls));
    let future = |index, term| {
        Err(InvalidStart::EntryFromTheFuture { index: Index(index), found: Term(term), current_term: Term(3) })
    };
    assert_eq!(start(Some(snapshot(5, 4)), log((5, 4), &[])), future(5, 4));
    assert_eq!(start(Some(snapshot(5, 2)), log((5, 2), &[4])), future(6, 4));
    assert!(elsewhere((5, 2), (4, 2)).unwrap_err().to_string().contains("5.2"));
}

#[test]
fn the_configuration_travels_with_the_snapshot_and_over_restarts() {
    let servers = (1..=3).map(|id| (ServerId(id), (*voters(&[1, 2, 3])).clone(), Durable::default()));
    let newcomer = (ServerId(4), Configuration::unknown(), Durable::default());
    let mut cluster = Cluster::with_members(servers.chain([newcomer]).collect(), &in_parts()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    cluster.propose(1, "a").unwrap();
    cluster.deliver_among(&[1, 2]);
    cluster.change_voters(1, &[1, 2, 3, 4]).unwrap();
    cluster.deliver_among(&[1, 2, 4]);
    let c_new = cluster.server(1).configuration_index();
    assert_eq!(cluster.server(1).commit_index(), c_new);
    cluster.compact(1, c_new.0).unwrap();
    assert_eq!(cluster.server(1).snapshot().unwrap().configuration, voters(&[1, 2, 3, 4]));
    cluster.crash(1);
    cluster.restart(1).unwrap();
    assert_eq!(*cluster.server(1).configuration(), *voters(&[1, 2, 3, 4]), "no entry of the log says so any more");

    // S3 has never heard of S4. Its log is empty, and all that it missed is gone.
    assert_eq!(*cluster.server(3).configuration(), *voters(&[1, 2, 3]));
    assert!(cluster.elect(1, &[1, 2, 4]));
    cluster.wake(1);
    cluster.deliver_among(&[1, 2, 3, 4]);
    assert_eq!(installed(&cluster, 3), [EntryId { index: c_new, term: Term(1) }]);
    assert_eq!(*cluster.server(3).configuration(), *voters(&[1, 2, 3, 4]));
    let in_force = |(id, event): &(u32, Event)| {
        let by_snapshot = raft_core::NewConfiguration::Snapshot;
        *id == 3 && matches!(event, Event::ConfigurationInForce { reason, .. } if *reason == by_snapshot)
    };
    assert!(cluster.events.iter().any(in_force));
    cluster.crash(3);
    cluster.restart(3).unwrap();
    assert_eq!(*cluster.server(3).configuration(), *voters(&[1, 2, 3, 4]));
}

#[test]
fn an_older_snapshot_has_the_configuration_of_its_own_time() {
    let servers = (1..=3).map(|id| (ServerId(id), (*voters(&[1, 2, 3])).clone(), Durable::default()));
    let mut cluster = Cluster::with_members(servers.collect(), &in_parts()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    cluster.propose(1, "a").unwrap();
    cluster.deliver(|_| true);
    cluster.change_voters(1, &[1, 2]).unwrap();
    cluster.deliver(|_| true);
    cluster.compact(1, 1).unwrap();
    let server = cluster.server(1);
    assert_eq!(server.snapshot().unwrap().configuration, voters(&[1, 2, 3]));
    assert_eq!((server.configuration(), server.configuration_index()), (&*voters(&[1, 2]), Index(2)));
    cluster.crash(1);
    cluster.restart(1).unwrap();
    assert_eq!(*cluster.server(1).configuration(), *voters(&[1, 2]));
}

#[test]
fn a_follower_behind_the_logs_beginning_is_sent_the_snapshot_part_by_part_and_then_the_rest() {
    let mut cluster = behind(&in_parts());
    cluster.propose(1, "tail").unwrap();
    cluster.deliver(|message| message.from.0 != 3 && message.to.0 != 3);
    assert_eq!(parts(&cluster), [(0, false)], "and none before the answer to it");
    one_part(&mut cluster);
    assert_eq!(parts(&cluster), [(10, false)]);
    assert_eq!(cluster.server(3).last_applied(), Index(0));
    one_part(&mut cluster);
    assert_eq!(parts(&cluster), [(20, true)]);
    assert!(matches!(flow(&cluster, 1, 3), Flow::Snapshot { offset: 20, .. }));
    cluster.deliver_one(is_part);
    assert_eq!(cluster.applied(3), COMMANDS);
    assert_eq!(cluster.server(3).log().base(), EntryId::new(5, 1));
    assert_eq!((cluster.server(3).commit_index(), cluster.server(3).durable_index()), (Index(5), Index(5)));
    cluster.deliver_one(is_part_reply);
    assert_eq!(flow(&cluster, 1, 3), Flow::Replicate);
    assert_eq!(cluster.progress(1, 3), Some((7, 5)), "the entry behind it is on its way");
    cluster.deliver(|_| true);
    cluster.wake(1);
    cluster.deliver(|_| true);
    assert_eq!(cluster.applied(3).last().map(String::as_str), Some("tail"));
    assert_eq!(offsets_sent(&cluster), [0, 10, 20], "each part once");
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn an_empty_snapshot_travels_in_one_part() {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[]], &in_parts()).unwrap();
    assert!(cluster.elect(1, &[1, 2, 3]));
    write_without_s3(&mut cluster, &["a", "b"]);
    cluster.step(1, Input::Compact { upto: Index(2), data: Arc::from([]) }).unwrap();
    cluster.wake(1);
    cluster.deliver(|_| true);
    assert_eq!(installed(&cluster, 3), [EntryId::new(2, 1)]);
    assert_eq!(flow(&cluster, 1, 3), Flow::Replicate);
}

#[test]
fn a_lost_part_or_a_lost_answer_is_made_up_for_by_the_next_heartbeat() {
    let mut cluster = behind(&in_parts());
    one_part(&mut cluster);
    // The second part is lost, and sent again.
    cluster.lose_all();
    cluster.wake(1);
    assert_eq!(parts(&cluster), [(10, false)]);
    // It arrives, and its answer is lost: the part comes twice, and the follower says what it wants next.
    cluster.deliver_one(is_part);
    cluster.lose_all();
    cluster.wake(1);
    assert_eq!(parts(&cluster), [(10, false)]);
    one_part(&mut cluster);
    assert_eq!(parts(&cluster), [(20, true)]);
    // The last answer is lost: the snapshot is known by then.
    cluster.deliver_one(is_part);
    cluster.lose_all();
    cluster.wake(1);
    one_part(&mut cluster);
    assert_eq!(installed(&cluster, 3), [EntryId::new(5, 1)], "once");
    assert_eq!(flow(&cluster, 1, 3), Flow::Replicate);
    assert_eq!(cluster.applied(3), COMMANDS);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn between_heartbeats_one_message_is_on_its_way_to_a_follower_that_is_sent_a_snapshot() {
    let mut cluster = behind(&in_parts());
    let to_s3 = |cluster: &Cluster| cluster.network.iter().filter(|message| message.to.0 == 3).count();
    assert_eq!(to_s3(&cluster), 1);
    for at in 0..20 {
        cluster.propose(1, &format!("more {at}")).unwrap();
    }
    cluster.deliver(|message| message.from.0 != 3 && message.to.0 != 3);
    assert_eq!(to_s3(&cluster), 1, "neither proposals nor commits send more");
    cluster.lose_all();
    cluster.wake(1);
    assert_eq!(to_s3(&cluster), 1, "the part is the heartbeat");
    // An answer that comes twice sends the next part once.
    cluster.deliver_one(is_part);
    let answer = cluster.network.iter().find(|message| is_part_reply(message)).unwrap().clone();
    cluster.deliver_one(is_part_reply);
    cluster.step(1, Input::Receive(answer)).unwrap();
    assert_eq!(to_s3(&cluster), 1);
}

#[test]
fn parts_that_come_twice_or_out_of_order_do_no_harm() {
    let mut cluster = behind(&in_parts());
    let mut seen = Vec::new();
    while installed(&cluster, 3).is_empty() {
        let part = cluster.network.iter().find(|message| is_part(message)).unwrap().clone();
        seen.push(part);
        cluster.deliver_one(is_part);
        // All that came before comes again, the newest first.
        for old in seen.iter().rev() {
            cluster.step(3, Input::Receive(old.clone())).unwrap();
        }
        cluster.deliver(is_part_reply);
        assert!(seen.len() < 4, "it makes no progress");
    }
    assert_eq!(cluster.applied(3), COMMANDS);
    assert_eq!(installed(&cluster, 3).len(), 1);
    assert_eq!(flow(&cluster, 1, 3), Flow::Replicate);

    // A part that comes before the one it belongs behind is not put anywhere else.
    let mut cluster = behind(&in_parts());
    cluster.step(3, Input::Receive(seen[2].clone())).unwrap();
    assert_eq!(installed(&cluster, 3), []);
    cluster.step(3, Input::Receive(seen[0].clone())).unwrap();
    cluster.step(3, Input::Receive(seen[2].clone())).unwrap();
    cluster.step(3, Input::Receive(seen[1].clone())).unwrap();
    assert_eq!(installed(&cluster, 3), []);
    cluster.step(3, Input::Receive(seen[2].clone())).unwrap();
    assert_eq!(cluster.applied(3), COMMANDS);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn parts_of_an_older_snapshot_cost_a_follower_nothing_of_the_newer_one() {
    let mut cluster = behind(&in_parts());
    let mut older = cluster.network.iter().find(|message| is_part(message)).unwrap().clone();
    write_without_s3(&mut cluster, &["zeta"]);
    cluster.compact(1, 6).unwrap();
    // A leader ends what it has begun; in its next term it begins with what it then has.
    cluster.crash(1);
    cluster.restart(1).unwrap();
    assert!(cluster.elect(1, &[1, 2]));
    cluster.network.clear();
    cluster.wake(1);
    cluster.deliver_one(|message| message.to.0 == 3);
    cluster.deliver_one(|message| message.from.0 == 3);
    older.term = Term(2);
    one_part(&mut cluster);
    assert_eq!(parts(&cluster), [(10, false)]);
    // One that would begin the older one again, and one that stands for nothing new.
    cluster.step(3, Input::Receive(older)).unwrap();
    cluster.deliver(is_part_reply);
    one_part(&mut cluster);
    assert_eq!(parts(&cluster), [(20, false)], "what has come of the newer one is still there");
    cluster.deliver(|_| true);
    assert_eq!(installed(&cluster, 3), [EntryId::new(6, 1)]);

    // The same with one that is passed over because all that it stands for is committed.
    write_without_s3(&mut cluster, &["eta"]);
    cluster.compact(1, 7).unwrap();
    cluster.crash(1);
    cluster.restart(1).unwrap();
    assert!(cluster.elect(1, &[1, 2]));
    cluster.wake(1);
    cluster.deliver_one(|message| message.to.0 == 3);
    cluster.deliver_one(|message| message.from.0 == 3);
    one_part(&mut cluster);
    let old = message(1, 3, 2, install((6, 1), &["any"]));
    cluster.step(3, Input::Receive(old)).unwrap();
    cluster.deliver(is_part_reply);
    one_part(&mut cluster);
    assert_eq!(parts(&cluster), [(20, false)]);
}

#[test]
fn a_follower_that_crashes_in_the_middle_is_sent_the_snapshot_from_the_beginning() {
    let mut cluster = behind(&in_parts());
    one_part(&mut cluster);
    one_part(&mut cluster);
    cluster.crash(3);
    cluster.restart(3).unwrap();
    assert_eq!(cluster.server(3).snapshot(), None, "nothing of an unfinished snapshot is kept");
    cluster.deliver(|_| true);
    assert_eq!(offsets_sent(&cluster), [0, 10, 20, 0, 10, 20]);
    assert_eq!(cluster.applied(3), COMMANDS);
    assert_eq!(flow(&cluster, 1, 3), Flow::Replicate);
}

#[test]
fn a_leader_that_compacts_again_in_the_middle_ends_what_it_has_begun_and_the_newer_snapshot_follows() {
    let mut cluster = behind(&in_parts());
    one_part(&mut cluster);
    cluster.propose(1, "zeta").unwrap();
    cluster.deliver(|message| message.from.0 != 3 && message.to.0 != 3);
    cluster.compact(1, 6).unwrap();
    // Were it to begin again each time, none would arrive where snapshots are taken faster than they travel.
    one_part(&mut cluster);
    assert_eq!(parts(&cluster), [(20, true)]);
    assert_eq!(flow(&cluster, 1, 3), Flow::Snapshot { last_included_index: Index(5), offset: 20 });
    cluster.deliver(|_| true);
    assert_eq!(installed(&cluster, 3), [EntryId::new(5, 1), EntryId::new(6, 1)]);
    assert_eq!(cluster.applied(3).len(), 6);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn an_older_snapshot_that_is_installed_while_a_newer_one_stands_is_followed_by_the_newer_one() {
    let mut cluster = behind(&Options { snapshot_chunk_bytes: 100, ..in_parts() });
    write_then_compact(&mut cluster);
    // The whole older snapshot was on its way. What follows it is gone, too.
    cluster.deliver(|_| true);
    assert_eq!(installed(&cluster, 3), [EntryId::new(5, 1), EntryId::new(7, 1)]);
    assert_eq!(flow(&cluster, 1, 3), Flow::Replicate);
    assert_eq!(cluster.applied(3).len(), 7);
}

fn write_then_compact(cluster: &mut Cluster) {
    cluster.propose_all(1, &["zeta", "eta"]).unwrap();
    cluster.deliver(|message| message.from.0 != 3 && message.to.0 != 3);
    cluster.compact(1, 7).unwrap();
}

#[test]
fn a_new_leader_in_the_middle_begins_with_its_own_snapshot() {
    let mut cluster = behind(&in_parts());
    one_part(&mut cluster);
    one_part(&mut cluster);
    let late = cluster.network.iter().find(|message| is_part(message)).unwrap().clone();
    cluster.lose_all();
    // S2 has the same five entries, and a snapshot of other bytes: what matters is what they stand for.
    cluster.wake(1);
    cluster.deliver_among(&[1, 2]);
    assert_eq!(cluster.server(2).commit_index(), Index(5));
    let other: Arc<[u8]> = b"alpha\nbeta\n\n\n\n\n\ngamma\ndelta\nepsilon".as_slice().into();
    cluster.step(2, Input::Compact { upto: Index(5), data: other.clone() }).unwrap();
    cluster.crash(1);
    assert!(cluster.elect(2, &[2, 3]));
    cluster.wake(2);
    cluster.deliver_among(&[2, 3]);
    assert_eq!(installed(&cluster, 3), [EntryId::new(5, 1)]);
    assert_eq!(cluster.server(3).snapshot().unwrap().data, other, "and not a mixture");
    // The old leader's last part comes too late.
    cluster.step(3, Input::Receive(late)).unwrap();
    assert_eq!(outcome(&cluster), AppendOutcome::StaleTerm);
    assert_eq!(cluster.server(3).snapshot().unwrap().data, other);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn a_follower_that_crashes_with_the_snapshot_installed_has_it_afterwards() {
    let mut cluster = behind(&in_parts());
    cluster.deliver(|_| true);
    cluster.crash(3);
    cluster.restart(3).unwrap();
    assert_eq!(cluster.server(3).log().base(), EntryId::new(5, 1));
    assert_eq!(cluster.server(3).commit_index(), Index(5));
    assert_eq!(cluster.applied(3), COMMANDS);
    // And it can lead with it.
    assert!(cluster.elect(3, &[2, 3]));
    cluster.propose(3, "zeta").unwrap();
    cluster.deliver_among(&[2, 3]);
    assert_eq!(cluster.applied(3).len(), 6);
    assert_eq!(cluster.violations, Vec::<String>::new());
}

/// S2 follows S1 in term 3 with this log, and has committed up to an index.
fn follower(terms: &[u64], committed: u64) -> Cluster {
    let mut cluster = Cluster::with_logs(3, &[&[], terms, &[]], &in_parts()).unwrap();
    let term = terms.last().copied().unwrap_or(0);
    let heartbeat = append((terms.len() as u64, term), Entries::NONE, committed);
    cluster.step(2, Input::Receive(message(1, 2, 3, heartbeat))).unwrap();
    cluster
}

#[test]
fn figure_13_step_6_entries_behind_the_last_included_one_stay() {
    let mut cluster = follower(&[1, 1, 2, 2, 3], 1);
    cluster.step(2, Input::Receive(message(1, 2, 3, install((3, 2), &["1.1", "2.1", "3.2"])))).unwrap();
    assert_eq!(cluster.log(2), [2, 3]);
    assert_eq!(cluster.server(2).log().base(), EntryId::new(3, 2));
    let kept = Event::SnapshotInstalled { leader: ServerId(1), last_included: EntryId::new(3, 2), kept: 2 };
    assert!(cluster.events.contains(&(2, kept)));
    // They are as good as before: the next append commits them.
    cluster.step(2, Input::Receive(message(1, 2, 3, append((5, 3), Entries::NONE, 5)))).unwrap();
    assert_eq!(cluster.applied(2), ["1.1", "2.1", "3.2", "4.2", "5.3"]);
    assert_eq!(cluster.disk(2).unwrap().log, *cluster.server(2).log());
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn figure_13_step_7_a_log_without_the_last_included_entry_goes_as_a_whole() {
    for (terms, what) in [(&[1, 1, 1, 1, 1][..], "another entry stands there"), (&[1, 1], "the log ends before it")] {
        let mut cluster = follower(terms, 1);
        cluster.step(2, Input::Receive(message(1, 2, 3, install((3, 2), &["1.1", "2.1", "3.2"])))).unwrap();
        assert_eq!(cluster.log(2), [0; 0], "{what}");
        assert_eq!(cluster.server(2).log().last(), EntryId::new(3, 2), "{what}");
        assert_eq!(cluster.server(2).durable_index(), Index(3), "{what}");
        assert_eq!(cluster.disk(2).unwrap().log, *cluster.server(2).log(), "{what}");
        cluster.step(2, Input::Receive(message(1, 2, 3, append((3, 2), entries_of(3, 4..=5), 5)))).unwrap();
        assert_eq!(cluster.applied(2), ["1.1", "2.1", "3.2", "4.3", "5.3"], "{what}");
        assert_eq!(cluster.violations, Vec::<String>::new(), "{what}");
    }
}

#[test]
fn an_older_snapshot_is_passed_over_and_acknowledged() {
    let mut cluster = follower(&[1, 1, 2, 2, 3], 4);
    for upto in 1..=4 {
        let before = cluster.server(2).clone();
        let last_included = before.log().term_at(Index(upto)).unwrap();
        cluster.lose_all();
        cluster.step(2, Input::Receive(message(1, 2, 3, install((upto, last_included.0), &["any"])))).unwrap();
        assert_eq!((cluster.server(2).log(), cluster.server(2).snapshot()), (before.log(), None));
        assert_eq!(cluster.server(2).last_applied(), Index(4));
        let reply = Body::InstallSnapshotReply {
            last_included_index: Index(upto),
            outcome: SnapshotOutcome::Installed,
            round: Round(1),
        };
        assert_eq!(cluster.network.last().map(|message| &message.body), Some(&reply));
    }
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn a_snapshot_comes_back_from_its_place_in_the_order_of_effects() {
    let mut server = {
        let disk = Durable { current_term: Term(3), ..Durable::default() };
        Server::start(ServerId(2), (*voters(&[1, 2, 3])).clone(), in_parts(), disk, Time::ZERO).unwrap()
    };
    let mut effects = Effects::new();
    let receive = |body| Input::Receive(message(1, 2, 3, body));
    server.step(Time(1), receive(append((0, 0), entries_of(3, 1..=2), 1)), &mut effects).unwrap();
    server.step(Time(1), receive(install((4, 3), &["a"])), &mut effects).unwrap();
    server.step(Time(1), receive(append((4, 3), entries_of(3, 5..=6), 5)), &mut effects).unwrap();
    let order = effects.as_slice().iter().filter_map(|effect| match effect {
        Effect::Apply { first, entries } => Some((false, first.0, entries.len())),
        Effect::Restore(snapshot) => Some((true, snapshot.last_included.index.0, 0)),
        _ => None,
    });
    assert_eq!(order.collect::<Vec<_>>(), [(false, 1, 1), (true, 4, 0), (false, 5, 1)]);
    assert_eq!(server.last_applied(), Index(5));
}

#[test]
fn an_append_whose_previous_entry_lies_inside_the_snapshot_is_taken_up_behind_it() {
    let fresh = || {
        let mut cluster = follower(&[1, 1, 2, 2, 3], 4);
        cluster.compact(2, 4).unwrap();
        cluster.lose_all();
        cluster
    };
    // (prev, entries, what is acknowledged, the log behind the snapshot afterwards)
    let table = [
        ((0, 0), entries_of(1, 1..=2), 2, vec![3]),
        ((2, 1), entries_of(2, 3..=4), 4, vec![3]),
        ((4, 2), entries_of(3, 5..=5), 5, vec![3]),
        ((4, 2), entries_of(3, 5..=7), 7, vec![3, 3, 3]),
        ((3, 2), Entries::NONE, 3, vec![3]),
    ];
    for (prev, new, match_index, log) in table {
        let mut cluster = fresh();
        cluster.step(2, Input::Receive(message(1, 2, 3, append(prev, new.clone(), 0)))).unwrap();
        assert_eq!(outcome(&cluster), AppendOutcome::Success { match_index: Index(match_index) }, "{prev:?} {new:?}");
        assert_eq!(cluster.log(2), log, "{prev:?} {new:?}");
        assert_eq!(cluster.server(2).log().base(), EntryId::new(4, 2));
    }
    // One that reaches from inside the snapshot to behind the end; its entries are of one term.
    let mut cluster = Cluster::with_logs(3, &[&[], &[3, 3, 3], &[]], &in_parts()).unwrap();
    cluster.step(2, Input::Receive(message(1, 2, 3, append((3, 3), Entries::NONE, 2)))).unwrap();
    cluster.compact(2, 2).unwrap();
    cluster.step(2, Input::Receive(message(1, 2, 3, append((1, 3), entries_of(3, 2..=5), 5)))).unwrap();
    assert_eq!(outcome(&cluster), AppendOutcome::Success { match_index: Index(5) });
    assert_eq!(cluster.applied(2), ["1.3", "2.3", "3.3", "4.3", "5.3"]);
    // One whose end behind the snapshot differs: that end is another leader's, and not committed.
    let mut cluster = follower(&[1, 1, 1, 1], 2);
    cluster.compact(2, 2).unwrap();
    cluster.step(2, Input::Receive(message(3, 2, 4, append((2, 1), entries_of(4, 3..=3), 3)))).unwrap();
    assert_eq!((cluster.log(2), outcome(&cluster)), (vec![4], AppendOutcome::Success { match_index: Index(3) }));
    assert_eq!(cluster.violations, Vec::<String>::new());
}

#[test]
fn a_conflicts_hint_goes_back_to_the_snapshots_edge_and_no_further() {
    // The log is [1 1 | 1 1 1], with the snapshot up to 2: the conflicting term began before it.
    let mut cluster = follower(&[1, 1, 1, 1, 1], 2);
    cluster.compact(2, 2).unwrap();
    let conflict = |cluster: &mut Cluster, prev: (u64, u64)| {
        cluster.step(2, Input::Receive(message(3, 2, 4, append(prev, Entries::NONE, 0)))).unwrap();
        match outcome(cluster) {
            AppendOutcome::Conflict { conflict_term, conflict_index, .. } => {
                (conflict_term.map(|term| term.0), conflict_index.0)
            }
            other => panic!("expected a conflict, found {other:?}"),
        }
    };
    assert_eq!(conflict(&mut cluster, (5, 3)), (Some(1), 2));
    assert_eq!(conflict(&mut cluster, (9, 3)), (None, 6));
    // With a term that begins behind the edge, and with nothing behind it.
    let mut cluster = follower(&[1, 1, 2, 2], 2);
    cluster.compact(2, 2).unwrap();
    assert_eq!(conflict(&mut cluster, (4, 3)), (Some(2), 3));
    let mut cluster = follower(&[1, 1], 2);
    cluster.compact(2, 2).unwrap();
    assert_eq!(conflict(&mut cluster, (4, 3)), (None, 3));
}

#[test]
fn a_leader_finds_the_place_behind_its_own_snapshot_by_the_followers_hint_or_sends_the_snapshot() {
    // S1's log is [1 1 | 2 4 4]: what S3's hint names is there, is the edge, or is gone.
    for (log, by_snapshot) in [(&[1, 1, 2, 3, 3][..], false), (&[1, 1, 1, 1], false), (&[1, 1], false), (&[1], true)] {
        let mut cluster = Cluster::with_logs(4, &[&[1, 1, 2, 4, 4], &[1, 1, 2, 4, 4], log], &in_parts()).unwrap();
        assert!(cluster.elect(1, &[1, 2]));
        cluster.propose(1, "x").unwrap();
        cluster.deliver_among(&[1, 2]);
        cluster.compact(1, 2).unwrap();
        cluster.wake(1);
        cluster.deliver(|_| true);
        assert_eq!(cluster.server(3).log().last(), EntryId::new(6, 5), "{log:?}");
        assert_eq!(!installed(&cluster, 3).is_empty(), by_snapshot, "{log:?}");
        assert_eq!(flow(&cluster, 1, 3), Flow::Replicate, "{log:?}");
        assert_eq!(cluster.violations, Vec::<String>::new());
    }
}

#[test]
fn new_servers_and_learners_are_brought_up_to_date_by_the_snapshot() {
    for as_learner in [false, true] {
        let mut cluster = behind(&in_parts());
        cluster.crash(3);
        cluster.start(4, Configuration::unknown(), Durable::default()).unwrap();
        let change = if as_learner {
            let learners = vec![ServerId(4)];
            Change { learners, ..Change::to_voters([1, 2, 3].map(ServerId)) }
        } else {
            Change::to_voters([1, 2, 3, 4].map(ServerId))
        };
        cluster.step(1, Input::Reconfigure(change)).unwrap();
        cluster.deliver(|_| true);
        for _ in 0..3 {
            cluster.wake(1);
            cluster.deliver(|_| true);
        }
        assert_eq!(installed(&cluster, 4), [EntryId::new(5, 1)]);
        assert_eq!(cluster.applied(4)[..5], COMMANDS);
        let configuration = cluster.server(4).configuration();
        assert_eq!(configuration.is_voter(ServerId(4)), !as_learner);
        assert!(configuration.is_member(ServerId(4)) && !configuration.is_joint());
        assert_eq!(flow(&cluster, 1, 4), Flow::Replicate);
        assert_eq!(cluster.violations, Vec::<String>::new());
    }
}

#[test]
fn nothing_is_acknowledged_before_the_snapshot_is_on_disk() {
    let mut cluster = behind(&Options { snapshot_chunk_bytes: 100, ..in_parts() });
    cluster.disks_are_instant = false;
    cluster.deliver_one(is_part);
    assert_eq!(cluster.applied(3), COMMANDS, "it is applied");
    assert!(!cluster.network.iter().any(|message| message.from.0 == 3), "and not acknowledged");
    assert_eq!(cluster.server(3).durable_index(), Index(0));
    // The same snapshot once more: the acknowledgement of that waits, too.
    cluster.wake(1);
    cluster.deliver_one(is_part);
    assert!(!cluster.network.iter().any(|message| message.from.0 == 3));
    let mut lost = cluster.clone();
    cluster.finish_saves(3);
    assert_eq!(cluster.server(3).durable_index(), Index(5));
    assert!(cluster.network.iter().any(is_part_reply));
    assert_eq!(cluster.disk(3).unwrap().snapshot.as_ref(), cluster.server(3).snapshot());
    // With its power gone before, S3 has nothing, and nobody counts on it.
    lost.crash(3);
    lost.restart(3).unwrap();
    assert_eq!((lost.server(3).last_applied(), lost.progress(1, 3)), (Index(0), Some((6, 0))));
}

#[test]
fn a_write_from_before_the_snapshot_vouches_for_nothing_when_it_is_done_after_it() {
    let mut cluster = Cluster::with_logs(1, &[&[], &[], &[]], &in_parts()).unwrap();
    cluster.disks_are_instant = false;
    // Entries of a deposed leader are being written when the snapshot of the next one replaces them.
    cluster.step(2, Input::Receive(message(3, 2, 1, append((0, 0), entries_of(1, 1..=9), 0)))).unwrap();
    cluster.step(2, Input::Receive(message(1, 2, 2, install((5, 2), &["a"])))).unwrap();
    cluster.step(2, Input::Receive(message(1, 2, 2, append((5, 2), entries_of(2, 6..=9), 9)))).unwrap();
    assert_eq!(cluster.server(2).durable_index(), Index(0));
    cluster.finish_oldest_saves(2, 1);
    assert_eq!(cluster.server(2).durable_index(), Index(0), "entries 1 to 9 were others then");
    cluster.finish_oldest_saves(2, 1);
    assert_eq!(cluster.server(2).durable_index(), Index(5));
    cluster.finish_saves(2);
    assert_eq!(cluster.server(2).durable_index(), Index(9));
    assert_eq!(cluster.disk(2).unwrap().log, *cluster.server(2).log());
}

#[test]
fn a_crash_between_any_two_writes_leaves_a_disk_to_start_from() {
    let run = |written: usize| {
        let mut cluster = Cluster::with_logs(1, &[&[], &[], &[]], &in_parts()).unwrap();
        cluster.disks_are_instant = false;
        cluster.step(2, Input::Receive(message(3, 2, 1, append((0, 0), entries_of(1, 1..=9), 2)))).unwrap();
        cluster.compact(2, 1).unwrap();
        cluster.step(2, Input::Receive(message(1, 2, 2, install((5, 2), &["a", "b", "c", "d", "e"])))).unwrap();
        cluster.step(2, Input::Receive(message(1, 2, 2, append((5, 2), entries_of(2, 6..=9), 7)))).unwrap();
        cluster.compact(2, 6).unwrap();
        cluster.finish_oldest_saves(2, written);
        cluster.crash(2);
        cluster.restart(2).unwrap();
        let log = cluster.server(2).log();
        (log.base().index.0, log.last_index().0)
    };
    let bases: Vec<(u64, u64)> = (0..=5).map(run).collect();
    assert_eq!(bases, [(0, 0), (0, 9), (1, 9), (5, 5), (5, 9), (6, 9)]);
}

#[test]
fn absurd_snapshots_and_answers_are_refused_by_name_and_change_nothing() {
    const HUGE: u64 = 1 << 53;
    // S1 leads term 3 and has a snapshot of 10 bytes up to 2; S2 follows, with all three entries committed.
    let world = || {
        let mut cluster = Cluster::with_logs(2, &[&[1, 2], &[1, 2], &[1]], &in_parts()).unwrap();
        assert!(cluster.elect(1, &[1, 2, 3]));
        cluster.propose(1, "x").unwrap();
        cluster.deliver(|_| true);
        cluster.wake(1);
        cluster.deliver(|_| true);
        cluster.step(1, Input::Compact { upto: Index(2), data: b"1234567890".as_slice().into() }).unwrap();
        cluster
    };
    let with = |change: &dyn Fn(&mut Body)| {
        let mut body = install((9, 3), &["any"]);
        change(&mut body);
        body
    };
    let at = |index: u64, term: u64| install((index, term), &["any"]);
    let offset = |new: u64| {
        with(&move |body| {
            if let Body::InstallSnapshot { offset, .. } = body {
                *offset = new;
            }
        })
    };
    let nobody = with(&|body| {
        if let Body::InstallSnapshot { configuration, .. } = body {
            *configuration = Arc::new(Configuration::unknown());
        }
    });
    let far_round = with(&|body| {
        if let Body::InstallSnapshot { round, .. } = body {
            *round = Round(HUGE);
        }
    });
    let out = |field, found, limit| Rejected::OutOfRange { field, found, limit };
    let no_entry = |index, term| Rejected::NoSuchEntry { entry: EntryId::new(index, term) };
    let erase = |index| Rejected::WouldEraseCommitted { index: Index(index), commit_index: Index(3) };
    let second = Rejected::SecondLeader { known: ServerId(1), claims: ServerId(3) };
    let answer = |index: u64, outcome, round: u64| Body::InstallSnapshotReply {
        last_included_index: Index(index),
        outcome,
        round: Round(round),
    };
    let wants = |offset| SnapshotOutcome::Wants { offset };
    let past = |claimed| Rejected::AckPastTheEnd { claimed: Index(claimed), last: Index(3) };
    let begun = match world().server(1).role() {
        Role::Leader(leading) => leading.round.0,
        _ => unreachable!(),
    };
    let future = Rejected::EntryFromTheFuture { found: Term(4), sender: Term(3) };
    let table = [
        (2, message(1, 2, HUGE, at(9, 3)), out("term", HUGE, HUGE - 1)),
        (2, message(1, 2, 3, at(9, 4)), future),
        (2, message(1, 2, 3, at(9, 0)), no_entry(9, 0)),
        (2, message(1, 2, 3, at(0, 3)), no_entry(0, 3)),
        (2, message(1, 2, 3, at(0, 0)), no_entry(0, 0)),
        (2, message(1, 2, 3, at(HUGE, 3)), out("log_index", HUGE, HUGE - 1)),
        (2, message(1, 2, 3, nobody), Rejected::ConfigurationWithoutVoters),
        (2, message(1, 2, 3, offset(HUGE)), out("offset", HUGE + 3, HUGE - 1)),
        (2, message(1, 2, 3, offset(u64::MAX)), out("offset", u64::MAX, HUGE - 1)),
        (2, message(1, 2, 3, far_round), out("round", HUGE, HUGE - 1)),
        (2, message(3, 2, 3, at(9, 3)), second),
        (1, message(3, 1, 3, at(9, 3)), second),
        (2, message(1, 2, 3, at(2, 1)), erase(2)),
        (2, message(3, 2, 4, at(3, 4)), erase(3)),
        (2, message(3, 2, 4, at(1, 4)), erase(1)),
        (1, message(9, 1, 3, answer(2, wants(0), 1)), Rejected::UnknownSender { from: ServerId(9) }),
        (1, message(2, 1, 3, answer(4, SnapshotOutcome::Installed, 1)), past(4)),
        (1, message(2, 1, 3, answer(4, wants(0), 1)), past(4)),
        (1, message(2, 1, 3, answer(HUGE, SnapshotOutcome::Installed, 1)), out("last_included_index", HUGE, HUGE - 1)),
        (1, message(2, 1, 3, answer(2, wants(11), 1)), Rejected::AbsurdOffset { offset: 11, at_most: 10 }),
        (1, message(2, 1, 3, answer(2, wants(u64::MAX), 1)), Rejected::AbsurdOffset { offset: u64::MAX, at_most: 10 }),
        (1, message(2, 1, 3, answer(2, wants(0), begun + 1)), out("round", begun + 1, begun)),
    ];
    for (to, message, expected) in table {
        let mut cluster = world();
        let (before, events, sent) = (cluster.server(to).clone(), cluster.events.len(), cluster.network.len());
        assert_eq!(cluster.step(to, Input::Receive(message.clone())), Err(expected), "{message:?}");
        assert_eq!(*cluster.server(to), before, "{message:?} left a trace");
        assert_eq!((cluster.events.len(), cluster.network.len()), (events, sent), "{message:?}");
        assert!(!expected.to_string().is_empty());
    }
    // What may come late is passed over.
    let late = [
        (2, message(3, 2, 2, at(3, 2))),
        (1, message(2, 1, 2, answer(9, SnapshotOutcome::Installed, 99))),
        (1, message(2, 1, 3, answer(1, wants(99), 1))),
        (1, message(2, 1, 3, answer(2, wants(10), 1))),
        (1, message(2, 1, 3, answer(2, SnapshotOutcome::Installed, 1))),
    ];
    for (to, message) in late {
        let mut cluster = world();
        let log = cluster.log(to);
        assert_eq!(cluster.step(to, Input::Receive(message.clone())), Ok(None), "{message:?}");
        assert_eq!((cluster.log(to), cluster.network.iter().filter(|message| is_part(message)).count()), (log, 0));
        assert_eq!(cluster.server(to).last_applied(), Index(3));
    }
}

/// The properties that the story breaks with the rule and without it.
#[track_caller]
fn assert_guards(property: &str, rule: Rule, story: impl Fn(&Options) -> Vec<String>) {
    assert_eq!(story(&in_parts()), Vec::<String>::new(), "the rule is followed, and something broke");
    let without = story(&without(rule, in_parts()));
    assert!(without.first().is_some_and(|first| first.starts_with(property)), "without the rule: {without:?}");
}

#[test]
fn a_snapshot_without_the_configuration_elects_two_leaders() {
    let story = |options: &Options| {
        let servers = (1..=3).map(|id| (ServerId(id), (*voters(&[1, 2, 3])).clone(), Durable::default()));
        let newcomers = (4..=5).map(|id| (ServerId(id), Configuration::unknown(), Durable::default()));
        let mut cluster = Cluster::with_members(servers.chain(newcomers).collect(), options).unwrap();
        assert!(cluster.elect(1, &[1, 2, 3]));
        // Two servers are added while S3 hears nothing, and the snapshot stands for all of that.
        cluster.propose(1, "a").unwrap();
        cluster.deliver_among(&[1, 2]);
        for all in [&[1, 2, 3, 4][..], &[1, 2, 3, 4, 5]] {
            cluster.change_voters(1, all).unwrap();
            cluster.deliver_among(&[1, 2, 4, 5]);
        }
        assert_eq!(cluster.server(1).commit_index(), Index(3));
        cluster.compact(1, 3).unwrap();
        cluster.wake(1);
        cluster.deliver_among(&[1, 2, 3, 4, 5]);
        cluster.wake(1);
        cluster.deliver_among(&[1, 2, 3, 4, 5]);
        assert_eq!(cluster.server(3).commit_index(), Index(3));
        // S3 stands with S1, and S2 with S4 and S5, in the same term.
        cluster.time_out(3);
        cluster.deliver_among(&[1, 3]);
        cluster.time_out(2);
        cluster.deliver_among(&[2, 4, 5]);
        assert!(cluster.server(2).is_leader());
        cluster.violations
    };
    assert_guards("Election Safety", Rule::SnapshotCarriesConfiguration, story);
}

#[test]
fn a_late_snapshot_that_is_installed_takes_the_state_machine_back() {
    let story = |options: &Options| {
        let mut cluster = behind(&Options { snapshot_chunk_bytes: 100, ..options.clone() });
        // The snapshot of the first five entries is slow. That of seven arrives first.
        let late = cluster.network.iter().find(|message| is_part(message)).unwrap().clone();
        cluster.lose_all();
        write_then_compact(&mut cluster);
        cluster.wake(1);
        cluster.deliver(|_| true);
        assert_eq!(cluster.server(3).last_applied(), Index(7));
        cluster.step(3, Input::Receive(late)).unwrap();
        cluster.violations
    };
    assert_guards("State Machine Safety", Rule::OlderSnapshotIgnored, story);
}

/// S3 led term 1, and its last entries are its own alone but for those that S4 has: one would make S3 leave the cluster.
/// S1 leads term 2 and sends S3 a snapshot that ends with another second entry than S3's.
fn behind_another_entry(options: &Options) -> Cluster {
    let mut cluster = Cluster::with_logs(0, &[&[], &[], &[], &[], &[]], options).unwrap();
    assert!(cluster.elect(3, &[1, 2, 3, 4, 5]));
    cluster.propose(3, "a").unwrap();
    cluster.deliver_among(&[1, 2, 3, 4, 5]);
    cluster.propose(3, "alone").unwrap();
    cluster.change_voters(3, &[1, 2, 4, 5]).unwrap();
    cluster.deliver_among(&[3, 4]);
    assert_eq!((cluster.log(3), cluster.log(4)), (vec![1, 1, 1], vec![1, 1, 1]));
    assert!(cluster.elect(1, &[1, 2, 5]));
    cluster.propose(1, "b").unwrap();
    cluster.deliver_among(&[1, 2, 5]);
    cluster.compact(1, 2).unwrap();
    cluster.wake(1);
    cluster.deliver_among(&[1, 3]);
    assert_eq!(installed(&cluster, 3), [EntryId::new(2, 2)]);
    cluster
}

#[test]
fn entries_kept_behind_a_snapshot_that_they_do_not_follow_break_log_matching_and_the_membership() {
    let story = |options: &Options| {
        let mut cluster = behind_another_entry(options);
        cluster.check_log_matching();
        cluster.violations
    };
    assert_guards("Log Matching", Rule::SnapshotEdgeChecked, story);

    // The change of members that was never committed is in force on S3: it believes that it has left.
    let mut with = behind_another_entry(&in_parts());
    assert_eq!(*with.server(3).configuration(), *voters(&[1, 2, 3, 4, 5]));
    assert_eq!(with.server(3).configuration_index(), Index(0));
    // Nor does it come into force when the log is as long again.
    with.propose_all(1, &["c", "d"]).unwrap();
    with.deliver_among(&[1, 2, 3, 5]);
    assert_eq!(with.log(3), [2, 2]);
    assert_eq!(*with.server(3).configuration(), *voters(&[1, 2, 3, 4, 5]));
    let broken = behind_another_entry(&without(Rule::SnapshotEdgeChecked, in_parts()));
    assert_eq!(broken.log(3), [1], "behind an entry of term 2");
    assert_eq!(*broken.server(3).configuration(), *voters(&[1, 2, 4, 5]));
}

/// Worlds in which servers are left behind and members change; parts are of five bytes.
fn journeys() -> [Journey; 3] {
    let options = Options { snapshot_chunk_bytes: 5, noop_on_election: false, ..Options::default() };
    let three = Journey { voters: 3, newcomers: 0, steps: 400, timed: false, options };
    let careful = Options {
        pre_vote: true,
        check_quorum: true,
        noop_on_election: true,
        entries_per_append_max: 1,
        entries_in_flight_max: 1,
        ..three.options.clone()
    };
    let members = Journey { newcomers: 2, ..three.clone() };
    [Journey { voters: 5, ..three }, Journey { options: careful, ..members.clone() }, members]
}

#[test]
fn worlds_moved_at_random_break_nothing() {
    for (kind, journey) in journeys().iter().enumerate() {
        let mut happened = Happened::default();
        for seed in 0..worlds(1_500) {
            let cluster = journey.run(seed).unwrap_or_else(|invalid| panic!("kind {kind}, seed {seed}: {invalid}"));
            assert_eq!(cluster.violations, Vec::<String>::new(), "kind {kind}, seed {seed}");
            assert_eq!(refused_messages(&cluster), [], "kind {kind}, seed {seed}");
            happened.count(&cluster);
        }
        let Happened { installed, passed_over, configurations, .. } = happened;
        assert!(cfg!(miri) || installed > 500 && passed_over > 100, "kind {kind}: {happened:?}");
        assert!(cfg!(miri) || journey.newcomers == 0 || configurations > 2_000, "kind {kind}: {happened:?}");
    }
}

/// A seed by which chance breaks each rule, with what it breaks; if draws or servers change, one of the next will.
#[test]
fn worlds_moved_at_random_show_what_each_rule_guards_against() {
    let [_, careful, members] = journeys();
    let table = [
        (Rule::SnapshotCarriesConfiguration, &members, 380, "State Machine Safety"),
        (Rule::OlderSnapshotIgnored, &careful, 7, "State Machine Safety"),
        (Rule::SnapshotEdgeChecked, &members, 5_868, "Log Matching"),
    ];
    for (rule, journey, seed, property) in table {
        let Some((found, broken)) = journey.broken_without(rule, seed..seed + 6_000).unwrap() else {
            panic!("without {rule} nothing broke from seed {seed} on");
        };
        println!("without {rule}, seed {found}: {broken}");
        assert!(broken.starts_with(property), "without {rule}, seed {found}: {broken}");
    }
}
