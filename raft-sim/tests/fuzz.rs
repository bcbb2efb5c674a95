//! Arbitrary and mutated data for whatever reads scenarios: each is read or refused, and nothing panics.
//!
//! A hundred thousand of each are tried by default; `cargo test --release -p raft-sim --test fuzz -- --ignored --nocapture`
//! tries ten million of each. How much memory they may take is tested in `memory.rs`.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_core::random::{draw, draw_between};
use raft_sim::Scenario;
use raft_sim::plans::Plan;

const MANY: u64 = 100_000;
const VERY_MANY: u64 = 10_000_000;

/// Scenarios to start from: what soaks draw, and one that has what those lack.
fn seeds() -> Vec<Scenario> {
    let initial = r#"{"title": "t", "servers": 3, "options": {"rules_off": ["one_vote_per_term"]}, "initial": {
        "configuration": {"voters": [1, 2], "old": [2, 3], "learners": [3]},
        "servers": [{"server": 1, "role": "leader", "log": [[1, 3, "x=1", {"voters": [1]}], 2], "commit_index": 2}],
        "messages": [{"from": 1, "to": 2, "kind": "append_entries", "prev_log_index": 1, "entries": 2}]
    }, "inputs": [{"at_us": 5, "input": {"kind": "partition", "groups": [[1], [2, 3]]}}]}"#;
    let mut scenarios = vec![serde_json::from_str(initial).unwrap(), Scenario::default()];
    for seed in 0..10 {
        let mut scenario = Plan::Swarm.run(seed, 20_000_000, &[]).scenario;
        scenario.inputs.truncate(15);
        scenarios.push(scenario);
    }
    scenarios
}

/// Changes a few bytes: turned, put in, taken out, doubled, or taken from elsewhere.
fn mutate(bytes: &mut Vec<u8>, number: u64) {
    for change in 0..draw_between(1, 6, &[number, 1]) {
        let drawn = |of: u64, most: usize| draw_between(0, most as u64, &[number, 2, change, of]) as usize;
        let at = drawn(0, bytes.len().saturating_sub(1));
        if bytes.is_empty() {
            bytes.push(drawn(1, 255) as u8);
            continue;
        }
        match drawn(2, 6) {
            0 => bytes[at] ^= 1 << drawn(3, 7),
            1 => bytes[at] = drawn(3, 255) as u8,
            2 => bytes.insert(at, drawn(3, 255) as u8),
            3 => drop(bytes.remove(at)),
            4 => bytes.truncate(at),
            5 => {
                let piece = bytes[at..(at + drawn(3, 30)).min(bytes.len())].to_vec();
                let to = drawn(4, bytes.len());
                bytes.splice(to..to, piece);
            }
            _ => {
                let end = (at + drawn(3, 8)).min(bytes.len());
                drop(bytes.drain(at..end));
            }
        }
    }
}

/// Changes up to three digits.
fn other_digits(json: &mut [u8], number: u64) {
    for change in 0..draw_between(1, 3, &[number, 6]) {
        let from = draw_between(0, json.len() as u64 - 1, &[number, 7, change]) as usize;
        let digit = json[from..].iter().position(u8::is_ascii_digit);
        if let Some(digit) = digit {
            json[from + digit] = b'0' + draw_between(0, 9, &[number, 8, change]) as u8;
        }
    }
}

/// Makes one byte a little larger or smaller: a number mostly stays one.
fn nudge(bytes: &mut [u8], number: u64) {
    let at = draw_between(1, bytes.len() as u64 - 1, &[number, 9]) as usize;
    bytes[at] = bytes[at].wrapping_add([1, 255, 8, 248][draw_between(0, 3, &[number, 10]) as usize]);
}

/// Bytes of every length up to a few hundred, half of them small numbers, of which the form is made.
fn arbitrary(number: u64) -> Vec<u8> {
    let most = if draw(&[number, 4]) & 1 == 0 { 255 } else { 24 };
    let length = draw_between(0, 200, &[number, 3]);
    (0..length).map(|at| draw_between(0, most, &[number, 5, at]) as u8).collect()
}

/// Whatever is read can be checked, written and read again.
fn look(scenario: Scenario) {
    let bytes = scenario.to_bytes().unwrap();
    assert_eq!(Scenario::from_bytes(&bytes).as_ref(), Ok(&scenario));
    drop(scenario.check());
}

/// How many of so many mutated and arbitrary inputs could be read.
fn bytes_are_read_or_refused(count: u64) -> u64 {
    let seeds: Vec<Vec<u8>> = seeds().iter().map(|scenario| scenario.to_bytes().unwrap()).collect();
    let (mut read, mut bytes) = (0, Vec::new());
    for number in 0..count {
        bytes.clear();
        if number % 4 == 0 {
            bytes.extend((number % 1_000 != 0).then_some(Scenario::VERSION as u8));
            bytes.extend(arbitrary(number));
        } else {
            bytes.extend(&seeds[(number / 4) as usize % seeds.len()]);
            if number % 4 == 1 { nudge(&mut bytes, number) } else { mutate(&mut bytes, number) }
        }
        match Scenario::from_bytes(&bytes) {
            Ok(scenario) => {
                read += 1;
                look(scenario);
            }
            Err(wrong) => assert!(!wrong.field.is_empty() && !wrong.expected.is_empty(), "{number}: {wrong}"),
        }
    }
    read
}

fn json_is_read_or_refused(count: u64) -> u64 {
    let seeds: Vec<Vec<u8>> = seeds().iter().map(|scenario| serde_json::to_vec(scenario).unwrap()).collect();
    let (mut read, mut json) = (0, Vec::new());
    for number in 0..count {
        json.clear();
        json.extend(&seeds[(number / 2) as usize % seeds.len()]);
        // Other bytes mostly try the syntax, other digits what is behind it.
        if number % 2 == 0 {
            mutate(&mut json, number);
        } else {
            other_digits(&mut json, number);
        }
        if let Ok(scenario) = serde_json::from_slice::<Scenario>(&json) {
            read += 1;
            look(scenario);
        }
    }
    read
}

#[test]
fn bytes_from_anywhere_are_read_or_refused() {
    let read = bytes_are_read_or_refused(MANY);
    println!("{read} of {MANY} could be read");
    assert!(read > MANY / 100 && read < MANY, "{read}: some must be read, or nothing behind the first byte is tried");
}

#[test]
fn json_from_anywhere_is_read_or_refused() {
    let read = json_is_read_or_refused(MANY);
    println!("{read} of {MANY} could be read");
    assert!(read > MANY / 100 && read < MANY, "{read}: some must be read, or only its syntax is tried");
}

#[test]
#[ignore = "minutes: ten million"]
fn ten_million_inputs_of_bytes_are_read_or_refused() {
    println!("of {VERY_MANY} inputs of bytes, {} could be read", bytes_are_read_or_refused(VERY_MANY));
}

#[test]
#[ignore = "minutes: ten million"]
fn ten_million_inputs_of_json_are_read_or_refused() {
    println!("of {VERY_MANY} inputs of JSON, {} could be read", json_is_read_or_refused(VERY_MANY));
}
