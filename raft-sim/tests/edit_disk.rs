//! Disks written by hand: what is refused, what it leads to, and that it breaks what rests on the disk.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_core::{Index, ServerId, Term};
use raft_sim::{InitialEntry, InitialRun, Input, Property, Scenario, World};

fn edit(server: u32) -> Input {
    Input::EditDisk { server: ServerId(server), term: None, voted_for: None, keep: None, log: Vec::new() }
}

fn run(term: u64, entries: InitialEntry) -> InitialRun {
    InitialRun { term, entries: vec![entries] }
}

/// Three servers with a leader and two values committed, and who leads.
fn settled() -> (World, u32) {
    let mut world = World::new(Scenario { servers: 3, ..Scenario::default() }).unwrap();
    world.advance(1_000_000, u64::MAX);
    for value in ["x=1", "x=2"] {
        world.apply(Input::Propose { value: value.to_owned(), server: None }).unwrap();
        world.advance(500_000, u64::MAX);
    }
    let leader = world.leader().unwrap().id().0;
    assert!(world.servers().iter().all(|node| node.server().unwrap().commit_index() >= Index(3)));
    (world, leader)
}

fn crash(world: &mut World, server: u32) {
    world.apply(Input::Crash { server: ServerId(server), written: 0 }).unwrap();
}

fn restart(world: &mut World, server: u32) {
    world.apply(Input::Restart { server: ServerId(server) }).unwrap();
}

#[test]
fn what_cannot_stand_on_a_disk_is_refused_and_nothing_changes() {
    let (mut world, leader) = settled();
    let other = leader % 3 + 1;
    let refusal = |world: &mut World, input: Input| {
        let before = world.fingerprint();
        let refusal = world.apply(input).unwrap_err().to_string();
        assert_eq!(world.fingerprint(), before, "{refusal}");
        refusal
    };
    assert_eq!(refusal(&mut world, edit(other)), format!("S{other} is running; expected a crashed server"));
    crash(&mut world, other);
    assert!(refusal(&mut world, edit(other)).contains("the disk holds just that"));
    let server = ServerId(other);
    let with = |term, voted_for, keep, log| Input::EditDisk { server, term, voted_for, keep, log };
    let cases = [
        (with(None, None, Some(99), vec![]), "keep is 99; expected 0 to 3"),
        (with(None, Some(ServerId(4)), None, vec![]), "voted_for is 4; expected 1 to 3"),
        (with(Some(0), None, None, vec![]), "term"),
        (with(None, None, None, vec![run(9, InitialEntry::Nothing(1))]), "term 9"),
        (with(None, None, None, vec![run(1, InitialEntry::Value("a\nb".to_owned()))]), "log[0][1]"),
        (with(None, None, None, vec![run(1, InitialEntry::Nothing(1_001))]), "log[0][1] is 1001"),
        (with(Some(1 << 60), None, None, vec![]), "term is 1152921504606846976"),
    ];
    for (input, expected) in cases {
        let found = refusal(&mut world, input.clone());
        assert!(found.contains(expected), "{input:?}: {found}");
    }
}

#[test]
fn a_server_starts_from_what_was_written_and_the_others_bring_it_into_line() {
    let (mut world, leader) = settled();
    let other = leader % 3 + 1;
    crash(&mut world, other);
    let (server, keep) = (ServerId(other), Some(1));
    world.apply(Input::EditDisk { server, term: Some(8), voted_for: Some(server), keep, log: vec![] }).unwrap();
    restart(&mut world, other);
    let edited = world.servers()[other as usize - 1].server().unwrap();
    assert_eq!((edited.current_term(), edited.voted_for()), (Term(8), Some(server)));
    assert_eq!(edited.log().last_index(), Index(1));
    world.advance(5_000_000, u64::MAX);
    // Its term has deposed the leader, and two copies of what was committed were enough.
    assert_eq!(world.violation(), None);
    assert!(world.leader().unwrap().current_term() > Term(8));
    assert!(world.servers().iter().all(|node| node.server().unwrap().commit_index() >= Index(4)));
}

#[test]
fn what_was_promised_and_is_gone_from_disks_breaks_what_rests_on_it() {
    // A term that others have heard.
    let (mut world, leader) = settled();
    let other = leader % 3 + 1;
    crash(&mut world, other);
    let server = ServerId(other);
    let nothing = Input::EditDisk { server, term: Some(0), voted_for: None, keep: Some(0), log: vec![] };
    world.apply(nothing).unwrap();
    restart(&mut world, other);
    assert_eq!(world.violation().map(|violation| violation.property), Some(Property::TermsNeverFall));

    // An entry of a term in which nobody was elected.
    let (mut world, leader) = settled();
    let server = ServerId(leader % 3 + 1);
    crash(&mut world, server.0);
    let log = vec![run(7, InitialEntry::Value("y=9".to_owned()))];
    world.apply(Input::EditDisk { server, term: Some(8), voted_for: None, keep: None, log }).unwrap();
    restart(&mut world, server.0);
    assert_eq!(world.violation().map(|violation| violation.property), Some(Property::OneAuthorPerTerm));

    // Entries that are committed: two copies are a majority, one is not.
    let (mut world, leader) = settled();
    for server in (1..=3).filter(|&id| id != leader) {
        assert_eq!(world.violation(), None);
        crash(&mut world, server);
        let server = ServerId(server);
        world.apply(Input::EditDisk { server, term: None, voted_for: None, keep: Some(0), log: vec![] }).unwrap();
    }
    assert_eq!(world.violation().map(|violation| violation.property), Some(Property::AcknowledgedWritesSurvive));

    // All that goes into a link, and comes out the same.
    let scenario = world.scenario();
    let again = Scenario::from_bytes(&scenario.to_bytes().unwrap()).unwrap();
    assert_eq!(again, scenario);
    let mut replayed = World::new(again).unwrap();
    replayed.advance(world.now().0, u64::MAX);
    assert_eq!(replayed.fingerprint(), world.fingerprint());
}
