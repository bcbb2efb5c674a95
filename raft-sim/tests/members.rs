//! Servers come and go while the cluster works.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use raft_core::{InvalidConfiguration, Rejected, ServerId};
use raft_sim::{Happening, Input, InputError, Scenario, TimedInput, World, WorldOptions};

const S1: ServerId = ServerId(1);
const S2: ServerId = ServerId(2);
const S4: ServerId = ServerId(4);

fn of(servers: &[u32]) -> Vec<ServerId> {
    servers.iter().copied().map(ServerId).collect()
}

fn set_voters(voters: &[u32]) -> Input {
    Input::SetMembers { voters: of(voters), learners: Vec::new(), server: None, catch_up: true, stays_joint: false }
}

/// Of three servers S1 leads, and nothing happens by chance.
fn led_by_s1() -> World {
    let mut world =
        World::new(Scenario { seed: 1, servers: 3, options: common::calm_options(), ..Scenario::default() }).unwrap();
    world.apply(Input::TimeOut { server: S1 }).unwrap();
    world.advance(300_000, u64::MAX);
    world
}

fn voters(world: &World, server: ServerId) -> Vec<u32> {
    let server = world.servers()[server.0 as usize - 1].server().unwrap();
    assert!(!server.configuration().is_joint());
    server.configuration().voters().iter().map(|id| id.0).collect()
}

fn value<'a>(world: &'a World, server: ServerId, key: &str) -> Option<&'a str> {
    world.servers()[server.0 as usize - 1].store().values().get(key).map(String::as_str)
}

#[test]
fn a_new_server_waits_until_it_is_added_and_then_has_all() {
    let mut world = led_by_s1();
    world.apply(Input::Propose { value: "a=1".into(), server: Some(S1) }).unwrap();
    world.apply(Input::NewServer {}).unwrap();
    assert!(world.position(S4).is_some() && world.link(S4, S1).is_some() && world.link(S2, S4).is_some());
    world.advance(30_000_000, u64::MAX);
    let new = world.servers()[3].server().unwrap();
    assert_eq!((new.log().len(), new.current_term().0, value(&world, S4, "a")), (0, 0, None), "it disturbs nobody");
    world.apply(set_voters(&[1, 2, 3, 4])).unwrap();
    world.advance(1_000_000, u64::MAX);
    for server in of(&[1, 2, 3, 4]) {
        assert_eq!((voters(&world, server), value(&world, server, "a")), (vec![1, 2, 3, 4], Some("1")), "{server}");
    }
    // Its disk is its own: it comes back as what it was.
    world.apply(Input::Crash { server: S4, written: 0 }).unwrap();
    world.apply(Input::Restart { server: S4 }).unwrap();
    assert_eq!(voters(&world, S4), [1, 2, 3, 4]);
    assert_eq!(world.violation(), None);
}

#[test]
fn a_new_server_that_is_restarted_before_it_is_added_still_knows_nobody() {
    let mut world = led_by_s1();
    world.apply(Input::NewServer {}).unwrap();
    world.apply(Input::Crash { server: S4, written: 0 }).unwrap();
    world.apply(Input::Restart { server: S4 }).unwrap();
    assert_eq!(voters(&world, S4), [0; 0]);
}

#[test]
fn all_members_can_be_replaced_by_others_and_those_who_left_run_on() {
    let mut world = led_by_s1();
    world.apply(Input::Propose { value: "a=1".into(), server: Some(S1) }).unwrap();
    for _ in 0..3 {
        world.apply(Input::NewServer {}).unwrap();
    }
    world.apply(set_voters(&[4, 5, 6])).unwrap();
    world.advance(1_000_000, u64::MAX);
    assert!(!world.servers()[0].server().unwrap().is_leader(), "it has led its own removal to the end");
    let lost =
        world.events_since(0).any(|record| matches!(record.happening, Happening::LeadershipLost { server: S1, .. }));
    assert!(lost);
    assert_eq!(world.apply(set_voters(&[4, 5])), Err(InputError::NobodyLeads));
    world.apply(Input::TimeOut { server: ServerId(5) }).unwrap();
    world.advance(300_000, u64::MAX);
    // The person's client finds the new leader: it asks every server in turn.
    world.apply(Input::Propose { value: "b=2".into(), server: None }).unwrap();
    world.advance(5_000_000, u64::MAX);
    assert_eq!(
        (voters(&world, S4), value(&world, S4, "a"), value(&world, S4, "b")),
        (vec![4, 5, 6], Some("1"), Some("2"))
    );
    assert!(world.servers().iter().all(raft_sim::Node::is_up));
    assert_eq!((world.waiting().count(), world.violation()), (0, None));
}

#[test]
fn joint_consensus_that_stays_is_left_when_asked_for() {
    let mut world = led_by_s1();
    for _ in 0..2 {
        world.apply(Input::NewServer {}).unwrap();
    }
    let change = Input::SetMembers {
        voters: of(&[1, 4, 5]),
        learners: of(&[2]),
        server: Some(S1),
        catch_up: true,
        stays_joint: true,
    };
    world.apply(change).unwrap();
    world.advance(1_000_000, u64::MAX);
    let configuration = world.servers()[3].server().unwrap().configuration();
    assert_eq!((configuration.voters(), configuration.old_voters()), (&of(&[1, 4, 5])[..], Some(&of(&[1, 2, 3])[..])));
    let refused = world.apply(set_voters(&[1])).unwrap_err();
    assert!(matches!(refused, InputError::Refused { server: S1, why: Rejected::ChangeUnderWay { .. } }), "{refused}");
    world.apply(Input::LeaveJoint { server: None }).unwrap();
    world.advance(1_000_000, u64::MAX);
    assert_eq!(voters(&world, S1), [1, 4, 5]);
    assert_eq!(world.servers()[3].server().unwrap().configuration().learners(), of(&[2]));
    let refused = world.apply(Input::LeaveJoint { server: None }).unwrap_err();
    assert_eq!(refused, InputError::Refused { server: S1, why: Rejected::NotJoint });
    assert_eq!(world.violation(), None);
}

#[test]
fn a_change_whose_new_voter_does_not_come_up_is_given_up_and_told() {
    let mut world = led_by_s1();
    world.apply(Input::NewServer {}).unwrap();
    world.apply(Input::Crash { server: S4, written: 0 }).unwrap();
    world.apply(set_voters(&[1, 2, 3, 4])).unwrap();
    world.advance(250_000_000, u64::MAX);
    let given_up = world.events_since(0).find_map(|record| match record.happening {
        Happening::ChangeAbandoned { server, learner } => Some((server, learner)),
        _ => None,
    });
    assert_eq!(given_up, Some((S1, S4)));
    assert_eq!(voters(&world, S2), [1, 2, 3]);
}

#[test]
fn of_two_leaders_the_one_of_the_higher_term_is_asked() {
    let mut world = led_by_s1();
    world.apply(Input::Partition { groups: vec![of(&[1]), of(&[2, 3])] }).unwrap();
    world.apply(Input::TimeOut { server: S2 }).unwrap();
    world.advance(300_000, u64::MAX);
    assert!([0, 1].iter().all(|&at| world.servers()[at].server().unwrap().is_leader()));
    world.apply(set_voters(&[2, 3])).unwrap();
    world.advance(300_000, u64::MAX);
    assert_eq!((voters(&world, S2), voters(&world, S1)), (vec![2, 3], vec![1, 2, 3]));
}

#[test]
fn links_stay_as_they_are_when_a_server_appears_and_its_own_are_as_at_first() {
    let mut world = led_by_s1();
    let pairs = || (1..=3).flat_map(|from| (1..=3).map(move |to| (ServerId(from), ServerId(to))));
    for (at, (from, to)) in pairs().filter(|(from, to)| from != to).enumerate() {
        let delay_us_min = 1 + at as u64;
        let link = Input::SetLink {
            from,
            to,
            delay_us_min,
            delay_us_max: 1_000,
            loss_ppm: 2,
            duplicate_ppm: 3,
            delay_tail_us: 0,
            in_order: false,
        };
        world.apply(link).unwrap();
    }
    let links = |world: &World| pairs().map(|(from, to)| world.link(from, to).cloned()).collect::<Vec<_>>();
    let before = links(&world);
    world.apply(Input::NewServer {}).unwrap();
    assert_eq!(links(&world), before);
    for other in of(&[1, 2, 3]) {
        for link in [world.link(S4, other).unwrap(), world.link(other, S4).unwrap()] {
            assert_eq!((link.delay_us_min, link.loss_ppm, link.cut), (20_000, 0, false));
        }
    }
}

#[test]
fn changes_that_cannot_be_are_refused_and_change_nothing() {
    let mut world = led_by_s1();
    let before = world.fingerprint();
    let table = [
        (set_voters(&[1, 4]), "voters[1] is 4; expected 1 to 3"),
        (set_voters(&[1, 2, 1]), "voters[2] is S1 again; expected each server once"),
        (set_voters(&[]), "voters is empty; expected at least one server"),
        (set_voters(&[1, 2, 3]), "S1 refuses: the members are these already"),
        (
            Input::SetMembers {
                voters: of(&[1, 2, 3]),
                learners: of(&[4]),
                server: None,
                catch_up: true,
                stays_joint: false,
            },
            "learners[0] is 4; expected 1 to 3",
        ),
        (Input::LeaveJoint { server: Some(S4) }, "server is 4; expected 1 to 3"),
        (Input::LeaveJoint { server: Some(S2) }, "S2 refuses: not the leader; S1 may be"),
    ];
    for (input, expected) in table {
        assert_eq!(world.apply(input).unwrap_err().to_string(), expected);
    }
    let both =
        Input::SetMembers { voters: of(&[1, 2]), learners: of(&[2]), server: None, catch_up: true, stays_joint: false };
    let why = Rejected::InvalidMembers(InvalidConfiguration::VoterAndLearner { server: S2 });
    assert_eq!(world.apply(both), Err(InputError::Refused { server: S1, why }));
    assert_eq!(world.fingerprint(), before);
    for _ in 3..50 {
        world.apply(Input::NewServer {}).unwrap();
    }
    let full = world.apply(Input::NewServer {}).unwrap_err();
    assert_eq!(full.to_string(), "50 servers are there, and no more may be");
}

#[test]
fn a_scenario_names_servers_that_appear_in_it_and_is_lived_again() {
    let timed = |at_us, input| TimedInput { at_us, after_events: 0, input };
    let inputs = vec![
        timed(500_000, Input::NewServer {}),
        timed(600_000, Input::Move { server: S4, x: 1, y: 2 }),
        timed(700_000, set_voters(&[1, 2, 3, 4])),
        timed(400_000, Input::Crash { server: S4, written: 0 }),
    ];
    let options = WorldOptions { clients: 2, snapshot_every: 5, ..WorldOptions::default() };
    let mut scenario = Scenario { seed: 3, servers: 3, options, inputs, ..Scenario::default() };
    let mut world = World::new(scenario.clone()).unwrap();
    world.advance(5_000_000, u64::MAX);
    let refused = world.events_since(0).find_map(|record| match &record.happening {
        Happening::InputRefused { why, .. } => Some(why.clone()),
        _ => None,
    });
    assert_eq!(refused.as_deref(), Some("server is 4; expected 1 to 3"), "S4 was not there yet");
    assert_eq!(voters(&world, S2), [1, 2, 3, 4]);
    let mut again = World::new(world.scenario()).unwrap();
    again.advance(5_000_000, u64::MAX);
    assert_eq!(again.fingerprint(), world.fingerprint());
    assert_eq!((world.scenario().servers, world.violation()), (3, None));
    scenario.inputs.push(timed(800_000, Input::Crash { server: ServerId(5), written: 0 }));
    assert_eq!(scenario.check().unwrap_err().to_string(), "inputs[4].input.server is 5; expected 1 to 4");
}
