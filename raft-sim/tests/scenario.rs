//! Scenarios as they come from files, links and people.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_core::{Rule, ServerId};
use raft_sim::{ClientLoop, Input, ReadsBy, Scenario, Stops, TimedInput, World, WorldOptions};

fn message(scenario: Scenario) -> String {
    World::new(scenario).map(drop).unwrap_err().to_string()
}

#[test]
fn every_field_out_of_its_range_is_named_with_what_was_found_and_expected() {
    type Change = fn(&mut Scenario);
    let table: [(Change, &str); 40] = [
        (|s| s.version = 2, "version is 2; expected 1"),
        (|s| s.seed = 1 << 53, "seed is 9007199254740992; expected 0 to 9007199254740991"),
        (|s| s.servers = 0, "servers is 0; expected 1 to 50"),
        (|s| s.servers = 51, "servers is 51; expected 1 to 50"),
        (
            |s| s.options.election_timeout_us_min = 999,
            "options.election_timeout_us_min is 999; expected 1000 to 3600000000",
        ),
        (
            |s| s.options.election_timeout_us_max = 149_999,
            "options.election_timeout_us_max is 149999; expected 150000 to 3600000000",
        ),
        (|s| s.options.heartbeat_us = 999, "options.heartbeat_us is 999; expected 1000 to 3600000000"),
        (|s| s.options.entries_per_append_max = 0, "options.entries_per_append_max is 0; expected 1 to 1024"),
        (|s| s.options.entries_in_flight_max = 0, "options.entries_in_flight_max is 0; expected 1 to 65536"),
        (|s| s.options.snapshot_chunk_bytes = 0, "options.snapshot_chunk_bytes is 0; expected 1 to 1048576"),
        (
            |s| s.options.snapshot_every = 1 << 53,
            "options.snapshot_every is 9007199254740992; expected 0 to 9007199254740991",
        ),
        (
            |s| s.options.clock_drift_ppm_max = 1_000_001,
            "options.clock_drift_ppm_max is 1000001; expected 0 to 1000000",
        ),
        (|s| s.options.lease_reads = true, "options.lease_reads is true; expected false without check_quorum"),
        (|s| s.options.delay_us_min = 0, "options.delay_us_min is 0; expected 1 to 60000000"),
        (|s| s.options.delay_us_max = 14_999, "options.delay_us_max is 14999; expected 15000 to 60000000"),
        (|s| s.options.loss_ppm = 1_000_001, "options.loss_ppm is 1000001; expected 0 to 1000000"),
        (|s| s.options.duplicate_ppm = 1_000_001, "options.duplicate_ppm is 1000001; expected 0 to 1000000"),
        (|s| s.options.disk_us_min = 60_000_001, "options.disk_us_min is 60000001; expected 0 to 60000000"),
        (|s| s.options.disk_us_max = 499, "options.disk_us_max is 499; expected 500 to 60000000"),
        (|s| s.options.clients = 201, "options.clients is 201; expected 0 to 200"),
        (|s| s.options.client_keys = 101, "options.client_keys is 101; expected 0 to 100"),
        (|s| s.options.client_appends_ppm = 1_000_001, "options.client_appends_ppm is 1000001; expected 0 to 1000000"),
        (|s| s.options.wrong_hints_ppm = 1_000_001, "options.wrong_hints_ppm is 1000001; expected 0 to 1000000"),
        (|s| s.options.client_pause_us = 0, "options.client_pause_us is 0; expected 1 to 3600000000"),
        (|s| s.options.client_reads_ppm = 1_000_001, "options.client_reads_ppm is 1000001; expected 0 to 1000000"),
        (
            |s| s.inputs[0].input = Input::Read { key: "a=b".into(), server: None },
            "inputs[0].input.key is a text with =; expected no =, which ends a key",
        ),
        (
            |s| s.inputs[0].input = Input::Read { key: String::new(), server: None },
            "inputs[0].input.key is 0 characters long; expected 1 to 64",
        ),
        (
            |s| s.options.rules_off = vec![Rule::OneVotePerTerm, Rule::OneVotePerTerm],
            "options.rules_off[1] is one_vote_per_term again; expected each rule once",
        ),
        (
            |s| s.inputs = vec![TimedInput { at_us: 0, after_events: 0, input: Input::Heal {} }; 100_001],
            "inputs is a list of 100001; expected at most 100000 inputs",
        ),
        (|s| s.inputs[0].at_us = 1 << 53, "inputs[0].at_us is 9007199254740992; expected 0 to 9007199254740991"),
        (
            |s| s.inputs[0].input = Input::Crash { server: ServerId(6), written: 0 },
            "inputs[0].input.server is 6; expected 1 to 5",
        ),
        (
            |s| s.inputs[0].input = Input::Cut { from: ServerId(2), to: ServerId(2) },
            "inputs[0].input.to is 2; expected another server than from",
        ),
        (
            |s| s.inputs[0].input = Input::Propose { value: String::new(), server: None },
            "inputs[0].input.value is 0 characters long; expected 1 to 64",
        ),
        (
            |s| s.inputs[0].input = Input::Propose { value: "ä".repeat(65), server: None },
            "inputs[0].input.value is 65 characters long; expected 1 to 64",
        ),
        (
            |s| s.inputs[0].input = Input::Propose { value: "a\u{202e}b".into(), server: None },
            "inputs[0].input.value is a text with U+202E; expected no control or direction character",
        ),
        (
            |s| s.inputs[0].input = Input::Partition { groups: vec![vec![ServerId(1)], vec![ServerId(1)]] },
            "inputs[0].input.groups[1][0] is S1 again; expected each server once",
        ),
        (
            |s| s.inputs[0].input = Input::Partition { groups: vec![vec![ServerId(1)], vec![]] },
            "inputs[0].input.groups[1] is empty; expected at least one server",
        ),
        (
            |s| s.inputs[0].input = Input::Partition { groups: vec![] },
            "inputs[0].input.groups is empty; expected at least one group",
        ),
        (
            |s| s.inputs[0].input = Input::Move { server: ServerId(1), x: 10_001, y: 0 },
            "inputs[0].input.x is 10001; expected 0 to 10000",
        ),
        (
            |s| s.inputs[0].input = Input::Wall { wall: 1, ax: 7, ay: 8, bx: 7, by: 8 },
            "inputs[0].input.bx, by is 7, 8; expected another point than ax, ay",
        ),
    ];
    for (change, expected) in table {
        let mut scenario = Scenario::default();
        scenario.inputs.push(TimedInput { at_us: 1, after_events: 0, input: Input::Heal {} });
        assert_eq!(scenario.check(), Ok(()));
        change(&mut scenario);
        assert_eq!(message(scenario), expected);
    }
}

/// One input of each kind.
fn every_input() -> Vec<Input> {
    let (server, from, to) = (ServerId(1), ServerId(1), ServerId(2));
    vec![
        Input::Crash { server, written: 0 },
        Input::Restart { server },
        Input::TimeOut { server },
        Input::Heartbeat { server },
        Input::Compact { server },
        Input::NewServer {},
        Input::SetMembers { voters: vec![from], learners: vec![to], server: None, catch_up: true, stays_joint: false },
        Input::SetMembers {
            voters: vec![from],
            learners: vec![],
            server: Some(to),
            catch_up: false,
            stays_joint: true,
        },
        Input::LeaveJoint { server: None },
        Input::Propose { value: "a=1".into(), server: None },
        Input::Propose { value: "1".into(), server: Some(server) },
        Input::Read { key: "a".into(), server: None },
        Input::Read { key: "a".into(), server: Some(server) },
        Input::Cut { from, to },
        Input::Uncut { from, to },
        Input::Partition { groups: vec![vec![from, to], vec![ServerId(3)]] },
        Input::Heal {},
        Input::SetLink {
            from,
            to,
            delay_us_min: 1,
            delay_us_max: 2,
            loss_ppm: 3,
            duplicate_ppm: 4,
            delay_tail_us: 5,
            in_order: true,
        },
        Input::Pause { server },
        Input::Resume { server },
        Input::Slow { server, step_us: 1 },
        Input::SetDisk { server, us_min: 1, us_max: 2, lies: true },
        Input::SetClock { server, rate_ppm: 1_100_000, ahead_us: 3 },
        Input::Flap { from, to, up_us: 1_000, down_us: 2_000 },
        Input::Hold { message: 1 },
        Input::HoldLatest { from, to },
        Input::Release { message: 1 },
        Input::ReleaseAll {},
        Input::Drop { message: 1 },
        Input::Duplicate { message: 1 },
        Input::Deliver { message: 1 },
        Input::SetDelay { message: 1, us: 2 },
        Input::Move { server, x: 1, y: 2 },
        Input::Wall { wall: 1, ax: 1, ay: 2, bx: 3, by: 4 },
        Input::SetWall { wall: 1, stops: Stops::Rightward, loss_ppm: 2 },
        Input::RemoveWall { wall: 1 },
    ]
}

#[test]
fn a_scenario_comes_back_from_json_as_it_was() {
    let inputs = every_input().into_iter().enumerate();
    let inputs = inputs.map(|(at, input)| TimedInput { at_us: 5, after_events: at as u32, input }).collect();
    let options = WorldOptions {
        client_loop: ClientLoop::Open,
        client_reads_by: ReadsBy::Local,
        client_retries: false,
        sessions: false,
        client_keys: 7,
        client_appends_ppm: 8,
        wrong_hints_ppm: 9,
        rules_off: Rule::ALL.to_vec(),
        ..WorldOptions::default()
    };
    let scenario = Scenario { seed: (1 << 53) - 1, servers: 3, options, inputs, ..Scenario::default() };
    let json = serde_json::to_string_pretty(&scenario).unwrap();
    assert_eq!(serde_json::from_str::<Scenario>(&json).unwrap(), scenario, "{json}");
    assert_eq!(scenario.check(), Ok(()));
}

#[test]
fn what_is_left_out_of_a_scenario_is_as_by_default() {
    assert_eq!(serde_json::from_str::<Scenario>("{}").unwrap(), Scenario::default());
    let json = r#"{"servers": 3, "options": {"clients": 2}, "inputs": [{"at_us": 9, "input": {"kind": "heal"}}]}"#;
    let scenario: Scenario = serde_json::from_str(json).unwrap();
    assert_eq!((scenario.servers, scenario.options.clients, scenario.options.heartbeat_us), (3, 2, 75_000));
    assert_eq!(scenario.inputs, [TimedInput { at_us: 9, after_events: 0, input: Input::Heal {} }]);
}

#[test]
fn an_unknown_field_is_refused_wherever_it_stands() {
    let mut tried = 0;
    let mut refused = |json: String| {
        tried += 1;
        let error = serde_json::from_str::<Scenario>(&json).unwrap_err().to_string();
        assert!(error.contains("sneaky is no known field; expected one of"), "{json}: {error}");
    };
    refused(r#"{"sneaky": 1}"#.into());
    refused(r#"{"options": {"sneaky": 1}}"#.into());
    refused(r#"{"inputs": [{"at_us": 1, "sneaky": 1, "input": {"kind": "heal"}}]}"#.into());
    for input in every_input() {
        let json = serde_json::to_string(&input).unwrap().replacen('{', r#"{"sneaky":1,"#, 1);
        refused(format!(r#"{{"inputs": [{{"at_us": 1, "input": {json}}}]}}"#));
    }
    assert_eq!(tried, 3 + every_input().len());
}

#[test]
fn the_line_by_which_editors_find_the_schema_is_passed_over() {
    let read = |json: &str| serde_json::from_str::<Scenario>(json).map_err(|error| error.to_string());
    let scenario = read(r#"{"$schema": "anything", "seed": 3}"#).unwrap();
    assert_eq!(scenario, Scenario { seed: 3, ..Scenario::default() });
    assert!(!serde_json::to_string(&scenario).unwrap().contains("schema"));
    assert_eq!(read(r#"{"$schema": 5}"#), Err("$schema is 5; expected a text".into()));
    assert!(read(r#"{"options": {"$schema": "a"}}"#).unwrap_err().starts_with("options.$schema is no known field"));
}

#[test]
fn a_list_longer_than_any_that_can_be_meant_is_refused_where_it_stands() {
    let refused = |json: String| serde_json::from_str::<Scenario>(&json).unwrap_err().to_string();
    let list = |value: &str, times: usize| format!("[{}]", vec![value; times].join(","));
    let in_input = |fields: String| format!(r#"{{"inputs":[{{"at_us":1,"input":{{{fields}}}}}]}}"#);
    let server = |fields: String| format!(r#"{{"initial":{{"servers":[{{"server":1,{fields}}}]}}}}"#);
    for (json, error) in [
        (format!(r#"{{"inputs":{}}}"#, list("1", 100_001)), "inputs is a list of 100001; expected at most 100000"),
        (
            format!(r#"{{"options":{{"rules_off":{}}}}}"#, list("1", 45)),
            "options.rules_off is a list of 45; expected at most 44",
        ),
        (
            in_input(format!(r#""kind":"set_members","voters":{}"#, list("1", 51))),
            "inputs[0].input.voters is a list of 51; expected at most 50",
        ),
        (
            in_input(format!(r#""kind":"partition","groups":{}"#, list("[]", 51))),
            "inputs[0].input.groups is a list of 51; expected at most 50",
        ),
        (
            format!(r#"{{"initial":{{"servers":{}}}}}"#, list("1", 51)),
            "initial.servers is a list of 51; expected at most 50",
        ),
        (
            format!(r#"{{"initial":{{"messages":{}}}}}"#, list("1", 1_001)),
            "initial.messages is a list of 1001; expected at most 1000",
        ),
        (
            server(format!(r#""log":{}"#, list("1", 1_001))),
            "initial.servers[0].log is a list of 1001; expected at most 1000",
        ),
        (
            server(format!(r#""log":[{}]"#, list("1", 1_002))),
            "initial.servers[0].log[0] is a list of 1001; expected at most 1000",
        ),
        (
            server(format!(r#""snapshot":{{"values":{}}}"#, list("\"a\"", 1_001))),
            "initial.servers[0].snapshot.values is a list of 1001; expected at most 1000",
        ),
    ] {
        assert_eq!(refused(json), error);
    }
}

#[test]
fn errors_repeat_so_much_of_a_long_text_as_tells_it_from_others() {
    let (long, shown) = ("ä".repeat(1_000), "ä".repeat(64));
    let refused = |json: String| serde_json::from_str::<Scenario>(&json).unwrap_err().to_string();
    assert_eq!(
        refused(format!(r#"{{"seed":"{long}"}}"#)),
        format!("seed is \"{shown}…\"; expected a whole number from 0 to 9007199254740991")
    );
    assert!(refused(format!(r#"{{"{long}":1}}"#)).starts_with(&format!("{shown}… is no known field")));
    let kind = refused(format!(r#"{{"inputs":[{{"at_us":1,"input":{{"kind":"{long}"}}}}]}}"#));
    assert!(kind.starts_with(&format!("inputs[0].input.kind is \"{shown}…\"; expected one of crash")), "{kind}");
    for (number, shown) in [("1.5", "1.5"), ("1e300", "1e300"), ("1e-9", "1e-9"), ("1e20", "100000000000000000000")] {
        let error = refused(format!(r#"{{"seed":{number}}}"#));
        assert!(error.starts_with(&format!("seed is {shown}; expected")), "{error}");
    }
}

#[test]
fn a_whole_number_is_one_however_it_is_written() {
    for (json, servers) in [("5.0", 5), ("1e1", 10), ("0.3e1", 3)] {
        let scenario: Scenario = serde_json::from_str(&format!(r#"{{"servers":{json}}}"#)).unwrap();
        assert_eq!(scenario.servers, servers, "{json}");
    }
    for json in ["9007199254740993.0", "-1.0", "1e-1"] {
        assert!(serde_json::from_str::<Scenario>(&format!(r#"{{"seed":{json}}}"#)).is_err(), "{json}");
    }
}

#[test]
fn what_is_given_twice_is_refused() {
    let error = serde_json::from_str::<Scenario>(r#"{"seed": 1, "seed": 2}"#).unwrap_err().to_string();
    assert!(error.starts_with("seed is given twice; expected one of $schema, version, title"), "{error}");
}

#[test]
fn what_is_too_large_or_too_deep_is_refused_while_it_is_read() {
    let refused = |json: String| serde_json::from_str::<Scenario>(&json).unwrap_err().to_string();
    let text = format!(r#"{{"text": "{}"}}"#, "a".repeat(5_000_000));
    assert!(refused(text).contains("the plain data is more than 5000000 bytes; expected at most 5000000 bytes"));
    let numbers = format!(r#"{{"inputs": [{}0]}}"#, "0,".repeat(2_500_000));
    assert!(refused(numbers).contains("the plain data is more than 5000000 bytes"));
    let nested = |depth: usize| format!(r#"{{"inputs": {}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    assert!(refused(nested(15)).starts_with("inputs[0] is a list; expected an object"), "16 levels are read");
    assert!(refused(nested(16)).contains("the plain data is nested more than 16 deep; expected at most 16 levels"));
}

#[test]
fn an_unknown_kind_or_rule_is_refused_with_those_that_are_known() {
    let error = serde_json::from_str::<Input>(r#"{"kind": "explode"}"#).unwrap_err().to_string();
    assert!(error.contains("\"explode\"") && error.contains("remove_wall"), "{error}");
    let error = serde_json::from_str::<WorldOptions>(r#"{"rules_off": ["gravity"]}"#).unwrap_err().to_string();
    assert!(error.contains("gravity") && error.contains("one_vote_per_term"), "{error}");
    let error = serde_json::from_str::<WorldOptions>(r#"{"client_reads_by": "guess"}"#).unwrap_err().to_string();
    assert!(error.starts_with("client_reads_by is \"guess\"; expected one of read_index, log, local"), "{error}");
    let error = serde_json::from_str::<WorldOptions>(r#"{"client_loop": 1}"#).unwrap_err().to_string();
    assert!(error.starts_with("client_loop is 1; expected one of closed, open"), "{error}");
}

#[test]
fn records_read_as_flat_objects() {
    let mut world = World::new(Scenario { seed: 1, ..Scenario::default() }).unwrap();
    world.apply(Input::TimeOut { server: ServerId(2) }).unwrap();
    world.advance(400_000, u64::MAX);
    let records: Vec<serde_json::Value> =
        world.events_since(0).map(|record| serde_json::to_value(record).unwrap()).collect();
    assert_eq!(
        records[0],
        serde_json::json!({
            "number": 1, "time_us": 0, "cause": null, "kind": "input_applied",
            "input": {"kind": "time_out", "server": 2},
        })
    );
    assert_eq!(
        records[1],
        serde_json::json!({
            "number": 2, "time_us": 0, "cause": 1, "kind": "decision", "server": 2, "section": "P§5.2",
            "event": {"kind": "election_timed_out", "waited_us": 0, "forced": true},
        })
    );
    let sent = records.iter().find(|record| record["kind"] == "sent").unwrap();
    assert_eq!(
        *sent,
        serde_json::json!({
            "number": sent["number"], "time_us": sent["time_us"], "cause": 3, "kind": "sent",
            "message": 1, "from": 2, "to": 1, "name": "RequestVote", "term": 1,
        })
    );
}

#[test]
fn the_largest_world_runs() {
    let options = WorldOptions { clients: 20, ..WorldOptions::default() };
    let mut world = World::new(Scenario { servers: 50, options, ..Scenario::default() }).unwrap();
    world.advance(3_000_000, u64::MAX);
    assert!(world.committed().0 > 20, "{}", world.committed());
    let mut alone = World::new(Scenario { servers: 1, ..Scenario::default() }).unwrap();
    alone.apply(Input::Propose { value: "1".into(), server: None }).unwrap();
    alone.advance(3_000_000, u64::MAX);
    assert_eq!(alone.servers()[0].store().values()["x"], "1");
}

#[test]
fn what_a_page_keeps_beside_a_run_changes_nothing_of_it_and_stays_with_it() {
    let json = r#"{"seed": 4, "page": {"bookmarks": [{"at_us": 9, "after_events": 2, "name": "S1 leads"}, {"at_us": 7, "name": "<b>"}]}}"#;
    let with: Scenario = serde_json::from_str(json).unwrap();
    let lived = |scenario: Scenario| {
        let mut world = World::new(scenario).unwrap();
        world.advance(2_000_000, u64::MAX);
        world
    };
    let (kept, without) = (lived(with.clone()), lived(Scenario { page: None, ..with.clone() }));
    assert_eq!(kept.fingerprint(), without.fingerprint());
    assert_eq!(kept.scenario().page, with.page);
    assert_eq!(without.scenario().page, None);
    let written = serde_json::to_value(&with).unwrap();
    assert_eq!(written["page"]["bookmarks"][1], serde_json::json!({"at_us": 7, "name": "<b>"}));
}

#[test]
fn what_a_page_keeps_is_bounded() {
    let refused = |page: &str| {
        let read =
            serde_json::from_str::<Scenario>(&format!(r#"{{"page": {page}}}"#)).map_err(|error| error.to_string());
        read.and_then(|scenario| scenario.check().map_err(|wrong| wrong.to_string())).unwrap_err()
    };
    let many =
        |count: usize| format!(r#"{{"bookmarks": [{}]}}"#, vec![r#"{"at_us": 1, "name": "x"}"#; count].join(","));
    let named =
        |name: &str| format!(r#"{{"bookmarks": [{{"at_us": 1, "name": "x"}}, {{"at_us": 1, "name": "{name}"}}]}}"#);
    for (page, expected) in [
        ("[]".to_owned(), "page is a list; expected an object"),
        (r#"{"notes": 1}"#.to_owned(), "page.notes is no known field; expected one of bookmarks"),
        (many(101), "page.bookmarks is a list of 101; expected at most 100"),
        (named(""), "page.bookmarks[1].name is 0 characters long; expected 1 to 64"),
        (named(&"é".repeat(65)), "page.bookmarks[1].name is 65 characters long; expected 1 to 64"),
        (
            named("a\\u202eb"),
            "page.bookmarks[1].name is a text with U+202E; expected no control or direction character",
        ),
        (r#"{"bookmarks": [{"name": "x"}]}"#.to_owned(), "page.bookmarks[0].at_us is missing; expected a value"),
        (r#"{"bookmarks": [{"at_us": -1, "name": "x"}]}"#.to_owned(), "page.bookmarks[0].at_us is -1; expected"),
    ] {
        let error = refused(&page);
        assert!(error.starts_with(expected), "{error}");
    }
    assert!(serde_json::from_str::<Scenario>(&format!(r#"{{"page": {}}}"#, many(100))).unwrap().check().is_ok());
}
