//! The door as JavaScript sees it, in a real browser.
#![allow(clippy::unwrap_used, clippy::panic, clippy::float_arithmetic)]

use js_sys::{JSON, Object, RangeError, Reflect, TypeError};
use raft_sim::World;
use raft_sim::plans::Plan;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::Playground;
use crate::records::{Header, MEMBERS_BIT, MessageRecord, NO_OP_BIT, ServerRecord};

wasm_bindgen_test_configure!(run_in_browser);

pub(crate) fn object(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

fn playground(scenario: &str) -> Playground {
    Playground::new(object(scenario)).unwrap_or_else(|error| panic!("{error:?}"))
}

pub(crate) fn get(object: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(object.clone(), |object, key| Reflect::get(&object, &key.into()).unwrap())
}

pub(crate) fn number(object: &JsValue, path: &str) -> f64 {
    get(object, path).as_f64().unwrap_or_else(|| panic!("{path} is no number in {}", text(object)))
}

pub(crate) fn text(value: &JsValue) -> String {
    value.as_string().unwrap_or_else(|| JSON::stringify(value).map_or_else(|_| "?".to_owned(), String::from))
}

pub(crate) fn message(error: &JsValue) -> String {
    error.unchecked_ref::<js_sys::Error>().message().into()
}

fn leader(state: &JsValue) -> Option<u32> {
    (0..number(state, "servers.length") as u32).find(|at| text(&get(state, &format!("servers.{at}.role"))) == "leader")
}

#[wasm_bindgen_test]
fn runs_with_every_fault_and_feature_end_as_they_do_natively() {
    let fixture = object(include_str!("../../tests/fixtures/swarm.json"));
    let until_us = number(&fixture, "until_us") as u64;
    let runs = number(&fixture, "fingerprints.length") as u32;
    assert!(runs >= 200);
    for seed in 0..runs {
        let planned = Plan::Swarm.run(seed.into(), until_us, &[]);
        let mut world = World::new(planned.scenario).unwrap();
        world.observe(false);
        world.advance(until_us, u64::MAX);
        let expected = get(&fixture, &format!("fingerprints.{seed}")).as_string();
        assert_eq!(Some(format!("{:016x}", world.fingerprint())), expected, "seed {seed}");
    }
}

#[wasm_bindgen_test]
fn a_run_is_the_same_as_natively_in_steps_of_any_size() {
    let fixture = object(include_str!("../../tests/fixtures/determinism.json"));
    for at in 0..number(&fixture, "runs.length") as u32 {
        let run = get(&fixture, &format!("runs.{at}"));
        let expected = text(&get(&run, "fingerprint"));
        let until = number(&run, "until_us");
        let scenario = || get(&run, "scenario");
        for rate in [60.0, 144.0, 1000.0] {
            let mut playground = Playground::new(scenario()).unwrap();
            let step = (1_000_000.0_f64 / rate).floor();
            while playground.time_us() < until {
                let rest = until - playground.time_us();
                playground.advance(step.min(rest), 1e9).unwrap();
            }
            assert_eq!(playground.fingerprint(), expected, "run {at} in steps of 1/{rate} s");
        }
        // Event by event, too. What is due after the end must not happen, so the last stretch is by time.
        let mut playground = Playground::new(scenario()).unwrap();
        while playground.time_us() < until / 2.0 {
            playground.step();
        }
        playground.advance(until - playground.time_us(), 1e9).unwrap();
        assert_eq!(playground.fingerprint(), expected, "run {at} event by event");
    }
}

#[wasm_bindgen_test]
fn five_servers_elect_a_leader_and_commit_within_two_seconds() {
    let mut playground = playground("{}");
    let flags = playground.advance(2_000_000.0, 1e6).unwrap();
    assert_eq!(flags & (1 | 2 | 4 | 8 | 16), 1 | 4 | 8 | 16, "reached, a leader, a commit, and no violation");
    let before = playground.state().unwrap();
    assert!(leader(&before).is_some());
    playground.apply(object(r#"{"kind": "propose", "value": "x=1"}"#)).unwrap();
    playground.advance(2_000_000.0, 1e6).unwrap();
    let state = playground.state().unwrap();
    assert_eq!(number(&state, "time_ms"), 4000.0);
    for server in 0..5 {
        assert_eq!(text(&get(&state, &format!("servers.{server}.store.x"))), "1");
        let command = get(&state, &format!("servers.{server}.log.1.command"));
        assert_eq!(text(&command), "x=1", "entry 1 is the leader's no-op");
        assert!(get(&state, &format!("servers.{server}.log.0.command")).is_null());
    }
    assert!(get(&state, "violation").is_null());
    assert_eq!(text(&get(&state, "fingerprint")), playground.fingerprint());
}

#[wasm_bindgen_test]
fn the_frame_shows_what_the_state_says() {
    let mut playground = playground(r#"{"servers": 3, "seed": 7}"#);
    let mut seen_messages = false;
    for _ in 0..200 {
        playground.advance(7_000.0, 1e6).unwrap();
        let state = playground.state().unwrap();
        let lanes = frame_lanes(&mut playground);
        let header = |at: usize| lanes(at);
        assert_eq!(f64::from(header(1)) / 1000.0, number(&state, "time_ms"));
        assert_eq!(header(4), 3);
        let messages = header(7) as usize;
        assert_eq!(messages, number(&state, "messages_in_flight.length") as usize, "none is lost or blocked here");
        seen_messages |= messages > 0;
        for server in 0..3 {
            let base = header(6) as usize / 4 + server * (size_of::<ServerRecord>() / 4);
            let lane = |at: usize| f64::from(absolute(base + at));
            let path = |field: &str| number(&state, &format!("servers.{server}.{field}"));
            assert_eq!(
                [lane(0), lane(3), lane(6), lane(8)],
                [path("id"), path("current_term"), path("commit_index"), path("log.length")]
            );
            assert_eq!([lane(10), lane(11)], [path("x"), path("y")]);
        }
        for message in 0..messages {
            let base = header(9) as usize / 4 + message * (size_of::<MessageRecord>() / 4);
            let path = |field: &str| number(&state, &format!("messages_in_flight.{message}.{field}"));
            assert_eq!([1, 2, 4].map(|at| f64::from(absolute(base + at))), ["from", "to", "term"].map(path));
            assert!(absolute(base + 7) <= absolute(base + 8), "it is on its way");
        }
    }
    assert!(seen_messages);
}

/// Reads a lane of linear memory, as the page does.
fn absolute(lane: usize) -> u32 {
    let memory = wasm_bindgen::memory().unchecked_into::<js_sys::WebAssembly::Memory>();
    js_sys::Uint32Array::new(&memory.buffer()).get_index(lane as u32)
}

fn frame_lanes(playground: &mut Playground) -> impl Fn(usize) -> u32 + use<> {
    let header = playground.frame() as usize / 4;
    assert!(header > 0 && size_of::<Header>() == 24 * 4);
    move |at| absolute(header + at)
}

#[wasm_bindgen_test]
fn the_standing_and_one_server_are_the_state_without_its_logs() {
    let mut playground = playground(
        r#"{"seed": 1, "inputs": [
        {"at_us": 400000, "input": {"kind": "propose", "value": "x=1"}},
        {"at_us": 500000, "input": {"kind": "wall", "wall": 1, "ax": 0, "ay": 0, "bx": 9, "by": 9}},
        {"at_us": 500000, "input": {"kind": "set_wall", "wall": 1, "stops": "leftward", "loss_ppm": 250000}}]}"#,
    );
    playground.advance(2e6, 1e9).unwrap();
    let state = playground.state().unwrap();
    assert_eq!(
        text(&get(&state, "walls.0")),
        r#"{"wall":1,"ax":0,"ay":0,"bx":9,"by":9,"stops":"leftward","loss_ppm":250000}"#
    );
    assert!(number(&state, "servers.0.log.length") > 0.0);
    let none = js_sys::Array::new();
    for at in 0..5 {
        Reflect::set(&get(&state, &format!("servers.{at}")), &"log".into(), &none).unwrap();
        let server = playground.server(f64::from(at + 1)).unwrap();
        assert_eq!(text(&server), text(&get(&state, &format!("servers.{at}"))));
    }
    Reflect::set(&state, &"fingerprint".into(), &"".into()).unwrap();
    assert_eq!(text(&playground.standing().unwrap()), text(&state));
    assert!(playground.server(6.0).unwrap().is_null());
}

#[wasm_bindgen_test]
fn members_snapshots_and_flows_stand_in_the_frame_and_in_the_state() {
    let mut playground = playground(r#"{"servers": 3, "seed": 7, "options": {"snapshot_chunk_bytes": 4}}"#);
    let mut apply = |json: &str, us: f64| {
        playground.apply(object(json)).unwrap_or_else(|error| panic!("{json}: {}", message(&error)));
        playground.advance(us, 1e6).unwrap();
    };
    apply(r#"{"kind": "new_server"}"#, 2e6);
    apply(r#"{"kind": "propose", "value": "some=text"}"#, 1e6);
    let leader = leader(&playground.state().unwrap()).unwrap();
    let mut apply = |json: &str, us: f64| {
        playground.apply(object(json)).unwrap_or_else(|error| panic!("{json}: {}", message(&error)));
        playground.advance(us, 1e6).unwrap();
    };
    apply(&format!(r#"{{"kind": "compact", "server": {}}}"#, leader + 1), 0.0);
    // S4 needs the snapshot, and is on its way of several parts when this is looked at.
    apply(r#"{"kind": "set_members", "voters": [1, 2, 3], "learners": [4]}"#, 120_000.0);
    let state = playground.state().unwrap();
    let server = |field: &str| get(&state, &format!("servers.{leader}.{field}"));
    assert_eq!(text(&server("configuration.learners")), "[4]");
    assert_eq!(text(&server("flow.4")), "snapshot");
    let (index, bytes) = (server("snapshot.index").as_f64().unwrap(), server("snapshot.bytes").as_f64().unwrap());
    assert!(index >= 2.0 && bytes > 8.0);
    let lanes = frame_lanes(&mut playground);
    let at = |server: u32, lane: usize| {
        absolute(lanes(6) as usize / 4 + server as usize * (size_of::<ServerRecord>() / 4) + lane)
    };
    assert_eq!([24, 25, 27, 29, 31].map(|lane| at(leader, lane)), [1, 7, 0, 8, 0]);
    assert_eq!([32, 33].map(|lane| f64::from(at(leader, lane))), [index, bytes]);
    assert_eq!(lanes(20), 3, "a leader has three followers");
    let follower = |which: usize, lane: usize| absolute(lanes(22) as usize / 4 + which * 6 + lane);
    assert_eq!([0, 1, 4].map(|lane| follower(2, lane)), [leader + 1, 4, 3]);
    assert_eq!(f64::from(follower(2, 2)), number(&state, &format!("servers.{leader}.next_index.4")));
    assert!(follower(2, 5) > 0, "the first parts have come");
    playground.advance(2e6, 1e6).unwrap();
    let state = playground.state().unwrap();
    assert_eq!(text(&get(&state, "servers.3.store.some")), "text");
    assert_eq!(number(&state, "servers.3.snapshot.index"), index);
    playground.apply(object(r#"{"kind": "read", "key": "some", "server": 4}"#)).unwrap();
    playground.advance(1e6, 1e6).unwrap();
    let events = JSON::stringify(&playground.events(0.0, 1e6).unwrap()).map(String::from).unwrap();
    assert!(events.contains(r#""kind":"read_answered","server":4"#), "{events}");
}

#[wasm_bindgen_test]
fn the_memory_is_capped_at_256_mib() {
    const PAGES_MAX: u32 = 256 * 16;
    let memory = wasm_bindgen::memory();
    let grow: js_sys::Function = get(&memory, "grow").unchecked_into();
    let now = number(&memory, "buffer.byteLength") as u32 / (64 * 1024);
    let beyond = JsValue::from(PAGES_MAX - now + 1);
    assert!(grow.call1(&memory, &beyond).is_err(), "one page more than 256 MiB is refused");
    assert!(grow.call1(&memory, &JsValue::from(1)).is_ok(), "and less is not");
}

#[wasm_bindgen_test]
fn bad_arguments_are_named_and_harm_nothing() {
    let mut playground = playground("{}");
    playground.advance(1_000_000.0, 1e6).unwrap();
    let before = playground.fingerprint();
    let range = |error: JsValue, words: &str| {
        assert!(error.is_instance_of::<RangeError>(), "{error:?}");
        assert!(message(&error).contains(words), "{} lacks {words}", message(&error));
    };
    let kind = |error: JsValue, words: &str| {
        assert!(error.is_instance_of::<TypeError>(), "{error:?}");
        assert!(message(&error).contains(words), "{} lacks {words}", message(&error));
    };
    for us in [-1.0, 0.5, f64::NAN, f64::INFINITY, 1e300] {
        range(playground.advance(us, 1.0).unwrap_err(), "us is");
        range(playground.advance(1.0, us).unwrap_err(), "max_steps is");
        range(playground.cells(us, 1.0, 1.0, 1.0).unwrap_err(), "first is");
        range(playground.entries(1.0, us, 1.0).unwrap_err(), "first is");
        range(playground.events(0.0, us).unwrap_err(), "max is");
    }
    let mut apply = |json: &str| playground.apply(object(json)).unwrap_err();
    range(apply(r#"{"kind": "crash", "server": 6}"#), "server");
    range(apply(r#"{"kind": "crash", "server": 0}"#), "server");
    range(apply(r#"{"kind": "restart", "server": 1}"#), "S1");
    range(apply(r#"{"kind": "propose", "value": ""}"#), "value");
    range(apply(r#"{"kind": "set_members", "voters": [1, 6]}"#), "voters[1] is 6");
    kind(apply(r#"{"kind": "set_members", "voters": [1], "catch_up": 1}"#), "catch_up is 1");
    range(apply(r#"{"kind": "read", "key": "a=b"}"#), "key");
    kind(apply(r#"{"kind": "explode", "server": 1}"#), "explode");
    kind(apply(r#"{"kind": "crash"}"#), "server");
    kind(apply(r#"{"kind": "crash", "server": 1, "hard": true}"#), "hard");
    kind(apply(r#"{"kind": "crash", "server": -1}"#), "-1");
    kind(apply(r#"{"kind": "crash", "server": 1.5}"#), "1.5");
    kind(apply(r#"{"kind": "partition", "groups": [[1], [2, null]]}"#), "groups[1][1] is null");
    kind(apply("null"), "input");
    kind(apply("7"), "input");
    for value in [JsValue::UNDEFINED, JsValue::NULL, JsValue::TRUE, "x".into(), Object::new().into()] {
        assert!(playground.apply(value).is_err());
    }
    let thrower = js_sys::Function::new_no_args("return { get kind() { throw new Error('no kind'); } }");
    let error = playground.apply(thrower.call0(&JsValue::NULL).unwrap()).unwrap_err();
    kind(error, "no kind");
    let circle = js_sys::Function::new_no_args("const circle = {}; circle.circle = circle; return circle");
    kind(playground.apply(circle.call0(&JsValue::NULL).unwrap()).unwrap_err(), "nested more than 16 deep");
    assert_eq!(playground.fingerprint(), before, "nothing of it left a trace");

    let refused = |json: &str| Playground::new(object(json)).err().unwrap_or_else(|| panic!("{json} was accepted"));
    range(refused(r#"{"servers": 0}"#), "servers");
    range(refused(r#"{"servers": 51}"#), "servers");
    kind(refused(r#"{"seed": 9007199254740992}"#), "9007199254740992");
    range(refused(r#"{"version": 2}"#), "version");
    kind(refused(r#"{"sevrers": 5}"#), "sevrers");
    kind(refused(r#"{"options": {"loss": 1}}"#), "loss");
    kind(refused(r#"{"inputs": [{"at_us": 1, "when": 2, "input": {"kind": "heal"}}]}"#), "when");
    kind(refused(r#"{"inputs": [{"at_us": 1, "input": {"kind": "heal", "server": 2}}]}"#), "server");
    kind(refused(r#"{"servers": "5"}"#), "servers is \"5\"; expected a whole number");
    kind(refused(r#"{"options": {"loss_ppm": 0.5}}"#), "options.loss_ppm is 0.5; expected a whole number");
    kind(refused(r#"{"options": {"rules_off": ["gravity"]}}"#), "gravity");
}

#[wasm_bindgen_test]
fn a_run_can_be_lived_again_from_its_own_scenario() {
    let mut first = playground(r#"{"seed": 3, "options": {"loss_ppm": 50000}}"#);
    first.advance(700_000.0, 1e6).unwrap();
    for _ in 0..5 {
        first.step();
    }
    first.apply(object(r#"{"kind": "wall", "wall": 1, "ax": 0, "ay": 5000, "bx": 10000, "by": 5100}"#)).unwrap();
    first.step();
    first.apply(object(r#"{"kind": "crash", "server": 2}"#)).unwrap();
    first.advance(900_000.0, 1e6).unwrap();
    let mut second = Playground::new(first.scenario().unwrap()).unwrap();
    second.advance(first.time_us(), 1e9).unwrap();
    assert_eq!(second.fingerprint(), first.fingerprint());
}

#[wasm_bindgen_test]
fn a_run_fits_into_a_few_bytes_and_comes_back_from_them() {
    let mut first = playground(r#"{"seed": 3, "options": {"loss_ppm": 50000}}"#);
    first.advance(700_000.0, 1e6).unwrap();
    first.apply(object(r#"{"kind": "crash", "server": 2}"#)).unwrap();
    first.advance(900_000.0, 1e6).unwrap();
    let bytes = first.encode(&JsValue::UNDEFINED).unwrap();
    assert!(bytes.len() < 40, "{}", bytes.len());
    let decoded = Playground::decode(&bytes).unwrap();
    let said = |scenario: &JsValue| JSON::stringify(scenario).map(String::from).unwrap();
    assert_eq!(said(&decoded), said(&first.scenario().unwrap()));
    let mut second = Playground::new(decoded).unwrap();
    second.advance(first.time_us(), 1e9).unwrap();
    assert_eq!(second.fingerprint(), first.fingerprint());
    let error = Playground::decode(&bytes[..bytes.len() - 1]).unwrap_err();
    assert!(error.is_instance_of::<TypeError>());
    assert!(message(&error).contains(&format!("byte {} is missing", bytes.len())), "{}", message(&error));
}

#[wasm_bindgen_test]
fn a_window_on_the_logs_has_a_lane_for_each_cell_and_what_entries_carry_is_asked_for_by_itself() {
    let members = r#"{"voters": [1, 2, 3]}"#;
    let log = format!(
        r#"{{"initial": {{"servers": [
        {{"server": 1, "role": "leader", "log": [1, [2, 2, "x=1", {members}]]}},
        {{"server": 2, "log": [1, [2, 2]]}},
        {{"server": 3, "down": true, "snapshot": {{"last_included_index": 1, "last_included_term": 1}}}}
    ]}}, "servers": 3}}"#
    );
    let playground = playground(&log);
    let said = |entries: JsValue| JSON::stringify(&entries).map(String::from).unwrap();
    let state: JsValue = playground.state().unwrap();
    let one = playground.cells(1.0, 6.0, 1.0, 1.0).unwrap();
    assert_eq!(one.len(), 6, "{}", said(state));
    assert_eq!(one[0], 1 | NO_OP_BIT);
    assert!(one.contains(&2) && one.contains(&(2 | MEMBERS_BIT)) && one[5] == 0, "{one:?}");
    let all = playground.cells(1.0, 6.0, 1.0, 9.0).unwrap();
    assert_eq!((all.len(), &all[..6]), (18, &one[..]));
    assert_eq!(all[12], 0, "a snapshot stands for it");
    assert_eq!(playground.cells(1.0, 6.0, 2.0, 1.0).unwrap(), all[6..12]);
    assert_eq!(playground.cells(3.0, 2.0, 1.0, 1.0).unwrap(), one[2..4]);
    assert!(playground.cells(1.0, 6.0, 4.0, 1.0).unwrap().is_empty());
    let error = playground.cells(1.0, 4_097.0, 1.0, 1.0).unwrap_err();
    assert!(error.is_instance_of::<RangeError>() && message(&error) == "count is 4097; expected at most 4096");
    let carried = said(playground.entries(1.0, 1.0, 9.0).unwrap());
    assert!(carried.starts_with(r#"[{"index":1,"term":1,"command":null,"configuration":null}"#), "{carried}");
    assert!(carried.contains(r#""command":"x=1""#), "{carried}");
    assert_eq!(said(playground.entries(1.0, 99.0, 9.0).unwrap()), "[]");
    assert_eq!(said(playground.entries(7.0, 1.0, 9.0).unwrap()), "[]");
}

#[wasm_bindgen_test]
fn what_the_page_keeps_beside_a_run_comes_along_and_is_looked_at() {
    let page = object(r#"{"bookmarks": [{"at_us": 5, "after_events": 1, "name": "S1 leads"}]}"#);
    let first = playground(r#"{"page": {"bookmarks": [{"at_us": 9, "name": "as it came"}]}}"#);
    let kept = |given: &JsValue| {
        let scenario = Playground::decode(&first.encode(given).unwrap()).unwrap();
        JSON::stringify(&Reflect::get(&scenario, &"page".into()).unwrap()).map(String::from).unwrap()
    };
    assert_eq!(kept(&page), r#"{"bookmarks":[{"at_us":5,"after_events":1,"name":"S1 leads"}]}"#);
    assert_eq!(kept(&JsValue::UNDEFINED), r#"{"bookmarks":[{"at_us":9,"name":"as it came"}]}"#);
    assert_eq!(first.encode(&object("{}")).unwrap(), playground("{}").encode(&JsValue::UNDEFINED).unwrap());
    let error = first.encode(&object(r#"{"bookmarks": [{"at_us": 5, "name": "a\u202eb"}]}"#)).unwrap_err();
    let wrong = "page.bookmarks[0].name is a text with U+202E; expected no control or direction character";
    assert!(error.is_instance_of::<RangeError>() && message(&error) == wrong, "{}", message(&error));
    let error = first.encode(&object(r#"{"bookmark": []}"#)).unwrap_err();
    assert!(error.is_instance_of::<TypeError>());
    assert_eq!(message(&error), "bookmark is no known field; expected one of bookmarks");
}

#[wasm_bindgen_test]
fn events_come_in_order_with_their_reasons() {
    let mut playground = playground("{}");
    playground.advance(1_000_000.0, 1e6).unwrap();
    let count = playground.event_count();
    assert!(count > 20.0);
    let all = playground.events(0.0, 1e6).unwrap();
    assert_eq!(number(&all, "length"), count);
    let mut reasons = 0;
    for at in 0..count as u32 {
        let event = get(&all, &at.to_string());
        assert_eq!(number(&event, "number"), f64::from(at + 1));
        if text(&get(&event, "kind")) == "decision" {
            assert!(text(&get(&event, "section")).contains('§'), "{}", text(&event));
            assert!(!get(&event, "event.kind").is_undefined());
            reasons += 1;
        }
    }
    assert!(reasons > 10);
    assert_eq!(number(&playground.events(count - 2.0, 1e6).unwrap(), "length"), 2.0);
    assert_eq!(number(&playground.events(0.0, 3.0).unwrap(), "length"), 3.0);
}

#[wasm_bindgen_test]
fn a_broken_rule_stops_the_run_with_its_evidence() {
    let scenario = r#"{"servers": 4, "options": {"rules_off": ["quorum_is_more_than_half"]}, "inputs": [
        {"at_us": 1, "input": {"kind": "partition", "groups": [[1, 2], [3, 4]]}},
        {"at_us": 2, "input": {"kind": "time_out", "server": 1}},
        {"at_us": 3, "input": {"kind": "time_out", "server": 3}}
    ]}"#;
    let mut playground = playground(scenario);
    let flags = playground.advance(5_000_000.0, 1e6).unwrap();
    assert_eq!(flags & 3, 2, "stopped by a violation before the time was reached");
    let violation = get(&playground.state().unwrap(), "violation");
    assert_eq!(text(&get(&violation, "property")), "Election Safety");
    assert_eq!(number(&violation, "servers.length"), 2.0);
    assert_eq!(number(&violation, "terms.0"), 1.0);
    let stopped = playground.time_us();
    playground.advance(1_000_000.0, 1e6).unwrap();
    assert_eq!(playground.time_us(), stopped, "a violated run goes no further");
}

/// Not a test of speed, which would fail on a busy machine: it says what was measured, for whoever looks.
#[wasm_bindgen_test]
fn ten_busy_minutes_are_lived_without_a_violation() {
    let window = web_sys::window().unwrap();
    let clock = window.performance().unwrap();
    let mut playground = playground(r#"{"options": {"clients": 3, "loss_ppm": 10000, "duplicate_ppm": 10000}}"#);
    let start = clock.now();
    let flags = playground.advance(600_000_000.0, 1e9).unwrap();
    let took_ms = clock.now() - start;
    assert_eq!(flags & 3, 1, "the end is reached, and nothing is violated");
    let committed = number(&playground.state().unwrap(), "servers.0.commit_index");
    let mut seeks: Vec<f64> = (1..=100_u32)
        .map(|number| {
            let start = clock.now();
            playground.seek(f64::from(number * 37 % 101) * 5_900_000.0, None).unwrap();
            clock.now() - start
        })
        .collect();
    seeks.sort_by(f64::total_cmp);
    let line = format!("a seek in them: median {:.0} ms, worst {:.0} ms", seeks[50], seeks[99]);
    web_sys::console::log_1(&line.into());
    assert!(committed > 1000.0, "{committed} entries committed");
    let browser = window.navigator().user_agent().unwrap();
    let line = format!("10 virtual minutes, {committed} entries committed: {took_ms:.0} ms in {browser}");
    web_sys::console::log_1(&line.into());
}

#[wasm_bindgen_test]
fn fresh_seeds_differ_and_are_safe_integers() {
    let seeds: Vec<f64> = (0..20).map(|_| Playground::fresh_seed().unwrap()).collect();
    assert!(seeds.iter().all(|seed| (0.0..=9_007_199_254_740_991.0).contains(seed) && seed.fract() == 0.0));
    assert!(seeds.iter().enumerate().all(|(at, seed)| !seeds[..at].contains(seed)));
}

#[wasm_bindgen_test]
fn any_moment_can_be_visited_and_lived_differently() {
    let mut playground = playground(r#"{"seed": 5}"#);
    playground.advance(2_000_000.0, 1e6).unwrap();
    let (then, count) = (playground.fingerprint(), playground.event_count());
    assert!(playground.step_back());
    // The last event was before this moment, so none is undone yet.
    assert!(playground.event_count() == count && playground.time_us() < 2_000_000.0);
    assert!(playground.step_back());
    assert!(playground.event_count() < count);
    playground.seek(1_000_000.0, None).unwrap();
    assert_eq!((playground.time_us(), playground.lived_us()), (1_000_000.0, 2_000_000.0));
    let here = playground.event_count();
    let events = playground.events(here - 5.0, 10.0).unwrap();
    assert_eq!((number(&events, "length"), number(&events, "4.number")), (5.0, here), "they are lived again");
    let beyond = playground.seek(2_000_001.0, Some(0.0)).unwrap_err();
    assert_eq!(message(&beyond), "time_us is 2000001; expected at most 2000000, the latest lived");

    playground.apply(object(r#"{"kind": "crash", "server": 1}"#)).unwrap();
    assert_eq!(playground.branch(), 1);
    playground.advance(1_000_000.0, 1e6).unwrap();
    assert_ne!(playground.fingerprint(), then);
    playground.rename_branch(1.0, "without S1").unwrap();
    let branches = playground.branches().unwrap();
    assert_eq!(text(&get(&branches, "1.name")), "without S1");
    assert_eq!((number(&branches, "1.parent"), number(&branches, "1.forked_at.time_us")), (0.0, 1_000_000.0));
    let difference = playground.diff(0.0, 1.0).unwrap();
    assert_eq!(text(&get(&difference, "first.1.kind")), "input_applied");
    assert_eq!(
        (number(&difference, "servers.0.server"), text(&get(&difference, "servers.0.differs_in.0"))),
        (1.0, "up".into())
    );

    playground.switch_branch(0.0).unwrap();
    assert_eq!((playground.branch(), playground.fingerprint()), (0, then));
    for wrong in [playground.switch_branch(2.0), playground.rename_branch(0.0, ""), playground.seek(0.5, None)] {
        assert!(wrong.unwrap_err().is_instance_of::<RangeError>());
    }
}

#[wasm_bindgen_test]
fn what_happened_is_explained() {
    let mut playground = playground(r#"{"seed": 5}"#);
    playground.advance(2_000_000.0, 1e6).unwrap();
    let won = playground.jump("leader", false).unwrap();
    assert!(won > 0.0 && playground.jump("crash", true).is_err());
    let why = playground.why(won, None).unwrap();
    assert_eq!(text(&get(&why, "0.record.event.kind")), "became_leader");
    assert_eq!(text(&get(&why, "1.record.event.kind")), "vote_counted");
    assert_eq!(number(&why, "1.explains"), 0.0);
    let leader = number(&why, "0.record.server");
    assert_eq!(number(&playground.why_leader(leader).unwrap(), "0.record.number"), won);
    playground.seek(2_000_000.0, None).unwrap();
    let why = playground.why_committed(1.0).unwrap();
    assert_eq!(text(&get(&why, "0.record.event.kind")), "committed");
    assert!(playground.why_committed(99.0).unwrap().is_null() && playground.why(1e9, None).unwrap().is_null());
}
