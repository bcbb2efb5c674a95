//! Scenarios as bytes for links: they come back as they were, they are short, and nothing else is read.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_core::random::draw_between;
use raft_core::{Rule, ServerId};
use raft_sim::faults::{Intensities, random_inputs};
use raft_sim::plain::Wrong;
use raft_sim::{Bookmark, Input, Page, Scenario, Stops, TimedInput, WorldOptions};

fn comes_back(scenario: &Scenario) -> Vec<u8> {
    let bytes = scenario.to_bytes().unwrap();
    assert_eq!(Scenario::from_bytes(&bytes).as_ref(), Ok(scenario));
    bytes
}

fn refused(bytes: &[u8]) -> String {
    Scenario::from_bytes(bytes).map_err(|wrong: Box<Wrong>| wrong.to_string()).unwrap_err()
}

/// An input of any kind, drawn.
fn any_input(seed: u64, number: u64) -> Input {
    let draw = |of: u64, least: u64, most: u64| draw_between(least, most, &[seed, number, of]);
    let small = |of: u64| draw(of, 0, 10_000) as u32;
    let server = ServerId(draw(1, 1, 5) as u32);
    let other = ServerId(draw(2, 1, 50) as u32);
    let maybe = (draw(3, 0, 1) == 1).then_some(other);
    match draw(0, 0, 33) {
        0 => Input::Crash { server, written: draw(4, 0, 3) as u32 },
        1 => Input::Restart { server },
        2 => Input::TimeOut { server },
        3 => Input::Transfer { server, to: other },
        4 => Input::Compact { server },
        5 => Input::NewServer {},
        6 => Input::SetMembers {
            voters: (1..=draw(4, 1, 9) as u32).map(ServerId).collect(),
            learners: maybe.into_iter().collect(),
            server: maybe,
            catch_up: draw(5, 0, 1) == 1,
            stays_joint: draw(6, 0, 1) == 1,
        },
        7 => Input::LeaveJoint { server: maybe },
        // Some texts are words of the format, and some are not ASCII.
        8 => {
            Input::Propose { value: ["x=1", "crash", "größe=∞", ""][draw(4, 0, 3) as usize].into(), server: maybe }
        }
        9 => Input::Read { key: ["x", "key", "größe"][draw(4, 0, 2) as usize].into(), server: maybe },
        10 => Input::Cut { from: server, to: other },
        11 => Input::Uncut { from: server, to: other },
        12 => Input::Partition { groups: vec![vec![server], vec![other, ServerId(u32::MAX)]] },
        13 => Input::Heal {},
        14 => Input::SetLink {
            from: server,
            to: other,
            delay_us_min: draw(4, 0, 60_000_000),
            delay_us_max: draw(5, 0, (1 << 53) - 1),
            loss_ppm: draw(6, 0, 1_000_000) as u32,
            duplicate_ppm: draw(7, 0, 1_000_000) as u32,
            delay_tail_us: draw(8, 0, 2),
            in_order: draw(9, 0, 1) == 1,
        },
        15 => Input::Move { server, x: small(4), y: small(5) },
        16 => Input::Wall { wall: u32::MAX, ax: small(4), ay: small(5), bx: small(6), by: small(7) },
        17 => Input::Pause { server },
        18 => Input::Resume { server },
        19 => Input::Slow { server, step_us: draw(4, 0, 1 << 40) },
        20 => Input::SetDisk { server, us_min: draw(4, 0, 9), us_max: draw(5, 0, 1 << 30), lies: draw(6, 0, 1) == 1 },
        21 => Input::SetClock { server, rate_ppm: small(4), ahead_us: draw(5, 0, 1) },
        22 => Input::Flap { from: server, to: other, up_us: draw(4, 0, 1 << 30), down_us: draw(5, 0, 1 << 20) },
        23 => Input::Hold { message: draw(4, 0, 1 << 20) },
        24 => Input::HoldLatest { from: server, to: other },
        25 => Input::Release { message: draw(4, 0, 1 << 20) },
        26 => Input::ReleaseAll {},
        27 => Input::Drop { message: draw(4, 0, 1 << 20) },
        28 => Input::Duplicate { message: draw(4, 0, 1 << 20) },
        29 => Input::Deliver { message: draw(4, 0, 1 << 20) },
        30 => Input::SetWall {
            wall: small(4),
            stops: Stops::ALL[draw(5, 0, 2) as usize].1,
            loss_ppm: draw(6, 0, 1_000_000) as u32,
        },
        31 => Input::SetDelay { message: draw(4, 0, 1 << 20), us: draw(5, 0, 1 << 20) },
        32 => Input::Heartbeat { server },
        _ => Input::RemoveWall { wall: small(4) },
    }
}

/// A scenario with some options changed and some inputs in any order.
fn any_scenario(seed: u64) -> Scenario {
    let draw = |of: u64, most: u64| draw_between(0, most, &[seed, of]);
    let usual = WorldOptions::default();
    let options = WorldOptions {
        heartbeat_us: [usual.heartbeat_us, 40_000][draw(1, 1) as usize],
        pre_vote: draw(2, 1) == 1,
        snapshot_every: draw(3, (1 << 53) - 1),
        rules_off: Rule::ALL.iter().copied().filter(|rule| draw(100 + *rule as u64, 9) == 0).collect(),
        ..usual
    };
    let inputs = (0..draw(4, 30)).map(|number| TimedInput {
        at_us: draw_between(0, 1 << draw(5, 53), &[seed, 6, number]).min((1 << 53) - 1),
        after_events: [0, 0, 1, u32::MAX][draw_between(0, 3, &[seed, 7, number]) as usize],
        input: any_input(seed, number),
    });
    let title = (draw(8, 1) == 1).then(|| "A título".to_owned());
    let bookmarks = (0..draw(11, 3)).map(|number| Bookmark {
        at_us: draw_between(0, 1 << 40, &[seed, 12, number]),
        after_events: draw_between(0, 1, &[seed, 13, number]) as u32,
        name: format!("S{number} führt"),
    });
    let page = (draw(14, 3) == 1).then(|| Page { bookmarks: bookmarks.collect() });
    let seed_of_run = draw(9, (1 << 53) - 1);
    Scenario {
        title,
        seed: seed_of_run,
        servers: 1 + draw(10, 49) as u32,
        options,
        inputs: inputs.collect(),
        page,
        ..Scenario::default()
    }
}

#[test]
fn any_scenario_comes_back_as_it_was_and_has_one_form() {
    for seed in 0..3_000 {
        let scenario = any_scenario(seed);
        let bytes = scenario.to_bytes().unwrap();
        assert_eq!(Scenario::from_bytes(&bytes).as_ref(), Ok(&scenario), "seed {seed}");
        assert_eq!(Scenario::from_bytes(&bytes).unwrap().to_bytes().unwrap(), bytes, "seed {seed}");
    }
}

#[test]
fn an_initial_state_comes_back_as_it_was() {
    let json = r#"{"title": "t", "text": "what there is to see", "servers": 3, "initial": {
        "configuration": {"voters": [1, 2], "old": [2, 3], "learners": [3]},
        "servers": [
            {"server": 1, "role": "leader", "term": 3, "voted_for": 1, "log": [[1, 3, "x=1", {"voters": [1]}], 2], "commit_index": 2},
            {"server": 2, "role": "candidate", "votes": [3], "down": true,
             "snapshot": {"last_included_index": 4, "last_included_term": 2, "values": ["a=b"], "configuration": {"voters": [2]}}}
        ],
        "messages": [{"from": 1, "to": 2, "kind": "append_entries", "prev_log_index": 1, "entries": 2, "arrives_us": 5000},
                     {"from": 2, "to": 1, "kind": "request_vote_reply", "refused": true, "term": 2}]
    }}"#;
    comes_back(&serde_json::from_str(json).unwrap());
}

#[test]
fn a_scenario_as_by_default_is_three_bytes() {
    assert_eq!(comes_back(&Scenario::default()), [1, 5, 0]);
}

const DEFAULTS: &str = r#"
    "version":1, "seed":0, "servers":5, "inputs":[]
    "election_timeout_us_min":150000, "election_timeout_us_max":300000, "heartbeat_us":75000,
    "entries_per_append_max":64, "entries_in_flight_max":256, "eager_commit":false, "snapshot_chunk_bytes":65536,
    "snapshot_every":0, "noop_on_election":true, "pre_vote":false, "check_quorum":false, "lease_reads":false,
    "clock_drift_ppm_max":100000, "delay_us_min":15000, "delay_us_max":25000, "loss_ppm":0, "duplicate_ppm":0,
    "disk_us_min":500, "disk_us_max":1500, "clients":0, "client_pause_us":50000, "client_reads_ppm":0, "rules_off":[]
"#;

/// What a link says is what it said when it was made: nothing of the form may change without a new version, the defaults
/// that are left out included.
#[test]
fn a_link_made_yesterday_says_the_same_today() {
    let json = r#"{"version": 1, "seed": 42, "servers": 3, "options": {"loss_ppm": 10000, "rules_off": ["one_vote_per_term"]},
        "inputs": [{"at_us": 1000000, "input": {"kind": "crash", "server": 1}},
                   {"at_us": 999999, "after_events": 2, "input": {"kind": "propose", "value": "färbe=blau"}}]}"#;
    let scenario: Scenario = serde_json::from_str(json).unwrap();
    let hex: String = comes_back(&scenario).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex,
        "010504080a0e10d002180d02384680f1040c8b06141502121680a4e8031d0219236c08250312141601102d02192b705a66c3a47262653d626c6175"
    );
    // More options may come, with defaults that leave everything as it was.
    let defaults = serde_json::to_string(&Scenario::default()).unwrap();
    for default in DEFAULTS.split_whitespace() {
        assert!(defaults.contains(default), "{default} is no default any more");
    }
}

#[test]
fn a_hundred_ordinary_inputs_are_far_below_1500_bytes() {
    for seed in 0..20 {
        let intensities =
            Intensities { members_every_us: 5_000_000, read_every_us: 2_000_000, ..Intensities::default() };
        let mut inputs = random_inputs(seed, 5, 10_000_000, &intensities);
        // What a person does in between: writes, and drags walls and servers about.
        for number in 0..40 {
            let place = |of: u64| draw_between(0, 10_000, &[seed, number, of]) as u32;
            let input = match number % 4 {
                0 | 1 => Input::Propose { value: format!("key{number}={number}"), server: None },
                2 => Input::Move { server: ServerId(1 + place(0) % 5), x: place(1), y: place(2) },
                _ => Input::Wall { wall: number as u32, ax: place(1), ay: place(2), bx: place(3), by: place(4) },
            };
            inputs.push(TimedInput { at_us: draw_between(0, 10_000_000, &[seed, number, 9]), after_events: 0, input });
        }
        inputs.sort_by_key(|timed| timed.at_us);
        inputs.truncate(100);
        assert_eq!(inputs.len(), 100, "seed {seed}");
        let options = WorldOptions { loss_ppm: 20_000, clients: 3, pre_vote: true, ..WorldOptions::default() };
        let bytes = comes_back(&Scenario { seed: (1 << 53) - 1 - seed, options, inputs, ..Scenario::default() });
        println!("seed {seed}: {} bytes", bytes.len());
        assert!(bytes.len() < 1_500, "{} bytes", bytes.len());
    }
}

#[test]
fn what_is_malformed_is_refused_with_the_byte_where_it_is() {
    assert_eq!(refused(&[]), "byte 1 is missing; expected a byte");
    assert_eq!(refused(&[2, 5, 0]), "byte 1 is 2; expected the version 1");
    assert_eq!(refused(&[1]), "byte 2 is missing; expected a byte");
    assert_eq!(refused(&[1, 5, 0, 0]), "byte 4 is one byte more; expected the end");
    assert_eq!(refused(&[1, 7]), "byte 2 is a value of kind 7; expected a kind from 0 to 6");
    assert_eq!(refused(&[1, 13]), "byte 2 is the shape 1; expected at most 0");
    assert_eq!(refused(&[1, 30]), "byte 2 is a simple value 3; expected 0 to 2");
    assert_eq!(refused(&[1, 18, 0xff, 0xfe]), "byte 4 is no text; expected UTF-8");
    assert_eq!(refused(&[1, 18, 65]), "byte 2 is a length of 2; expected what the 1 bytes left can hold");
    assert_eq!(refused(&[1, 0xff, 0xff, 0xff, 0xff, 0x7f]), "byte 6 is a value of kind 7; expected a kind from 0 to 6");
    assert_eq!(
        refused(&[1, 0x80, 0]),
        "byte 3 is no end of a number; expected one of at most 64 bits, in as few bytes as it takes"
    );
    let endless = [[1].as_slice(), &[0xff; 12]].concat();
    assert!(refused(&endless).starts_with("byte 11 is no end of a number"));
    assert!(refused(&[1, 0xfb, 0xff, 0x7f]).contains("is the word 262143; expected one of the"));
    // What can be read, and is no scenario.
    assert_eq!(refused(&[1, 0]), "scenario is 0; expected an object");
    assert_eq!(refused(&[1, 0x84, 1, 0]), "byte 3 is a length of 16; expected what the 1 bytes left can hold");
}

#[test]
fn every_cut_of_a_link_is_refused() {
    let bytes = any_scenario(7).to_bytes().unwrap();
    for length in 0..bytes.len() {
        refused(&bytes[..length]);
    }
}

#[test]
fn what_is_too_large_or_too_deep_is_refused() {
    assert_eq!(refused(&[0; 256_001]), "the link is 256001 bytes long; expected at most 256000 bytes");
    // One object of three words, and then again and again with a byte each.
    let mut swollen = vec![1, 0x84, 0xf4, 0x03, 5, 3, 3, 0, 5, 1, 7, 2];
    swollen.resize(64_000, 5);
    assert!(refused(&swollen).starts_with("the plain data is more than 256000 bytes"), "{}", refused(&swollen));
    let deep = [[1].as_slice(), &[12; 17], &[0]].concat();
    assert_eq!(refused(&deep), "the plain data is nested more than 16 deep; expected at most 16 levels");
}
