//! Traces that are mutated, byte by byte and line by line: each is read or refused, and nothing panics.
//!
//! A hundred thousand by default; `cargo test --release -p raft-sim --features trace --test trace_fuzz -- --ignored` tries ten
//! million.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_core::random::{draw, draw_between};
use raft_sim::World;
use raft_sim::plans::Plan;
use raft_sim::trace::{Checked, Limits, OnError, read};

/// How many lines of each.
const LINES: usize = 30;

/// Pieces of traces to start from, each the beginning of a run of another kind.
fn starts() -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for seed in 0..12 {
        let mut planned = Plan::Swarm.run(seed, 20_000_000, &[]).scenario;
        if seed % 3 == 0 {
            planned = serde_json::from_str(include_str!("../../scenarios/figure-7.json")).unwrap();
        }
        let (mut world, header) = World::traced(planned).unwrap();
        let mut lines = vec![header.to_json()];
        while lines.len() < LINES && world.step_event() {
            // Messages are many, and say the least.
            let taken = world.take_trace();
            let told =
                taken.iter().filter(|line| !matches!(line.fact.name(), "receive" | "send") || line.at.0 % 7 == 0);
            lines.extend(told.map(|line| line.to_json()));
        }
        lines.truncate(LINES);
        all.push(lines);
    }
    all
}

/// What else may come into a line.
const WORDS: &[&str] = &[
    "begin",
    "join",
    "term",
    "vote",
    "leader",
    "append",
    "truncate",
    "snapshot",
    "commit",
    "apply",
    "restore",
    "save",
    "crash",
    "restart",
    "progress",
    "acknowledge",
    "read",
    "[0,0]",
    "[1,1]",
    "[2,1]",
    "null",
    "0",
    "1",
    "2",
    "3",
    "9007199254740991",
    "\"last\":[1,1]",
    "\"term\":2",
    "\"entries\":[[1],[2]]",
    "{\"voters\":[1]}",
    "[]",
];

fn mutated(lines: &[String], number: u64) -> Vec<u8> {
    let mut lines = lines.to_vec();
    for change in 0..draw_between(1, 3, &[number, 1]) {
        let drawn = |of: u64, most: usize| draw_between(0, most as u64, &[number, 2, change, of]) as usize;
        if lines.is_empty() {
            break;
        }
        let at = drawn(1, lines.len() - 1);
        match drawn(2, 8) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(drawn(3, lines.len() - 1), lines[at].clone()),
            2 => {
                let with = drawn(3, (at + 5).min(lines.len() - 1));
                lines.swap(at, with);
            }
            3 | 4 => {
                // Another number.
                let places: Vec<usize> = lines[at]
                    .char_indices()
                    .filter(|(_, sign)| sign.is_ascii_digit())
                    .map(|(place, _)| place)
                    .collect();
                if let Some(&place) = places.get(drawn(3, places.len())) {
                    let digit = drawn(4, 9).to_string();
                    lines[at].replace_range(place..=place, &digit);
                }
            }
            5 | 6 => {
                // A word in the place of another.
                let line = &mut lines[at];
                let from = drawn(3, line.len());
                let is_end = |sign: char| matches!(sign, ',' | '"' | ':' | '}');
                if line.is_char_boundary(from)
                    && let Some(start) = line[from..].find(is_end).map(|found| from + found + 1)
                {
                    let end = line[start..].find(is_end).map_or(line.len(), |found| start + found);
                    line.replace_range(start..end, WORDS[drawn(4, WORDS.len() - 1)]);
                }
            }
            7 => {
                let server = drawn(3, 9).to_string();
                lines[at] = lines[at].replacen("\"server\":1", &format!("\"server\":{server}"), 1);
            }
            _ => {
                let mut bytes = std::mem::take(&mut lines[at]).into_bytes();
                if !bytes.is_empty() {
                    let place = drawn(3, bytes.len() - 1);
                    bytes[place] ^= 1 << drawn(4, 6);
                }
                lines[at] = String::from_utf8_lossy(&bytes).into_owned();
            }
        }
    }
    lines.join("\n").into_bytes()
}

/// How many mutants were refused, held and broke a property.
fn try_all(count: u64, from: u64) -> [u64; 3] {
    let starts = starts();
    let mut came_to = [0; 3];
    let small = Limits { line_bytes: 5_000, bytes: 60_000, lines: 100, entries: 1_000 };
    for number in from..from + count {
        let start = &starts[draw(&[number, 0]) as usize % starts.len()];
        let text = mutated(start, number);
        let moments = number % 4 == 0;
        let kept = read(text.as_slice(), small, OnError::LeaveOut, moments);
        match &kept {
            Ok(kept) if kept.left_out_count == 0 => came_to[if kept.holds() { 1 } else { 2 }] += 1,
            _ => came_to[0] += 1,
        }
        if number % 8 == 0 {
            // What is accepted as a whole is the same when lines may be left out, and nothing else is.
            let whole = read(text.as_slice(), small, OnError::Refuse, false).ok();
            let kept = kept.as_ref().ok().filter(|kept| kept.left_out_count == 0);
            let came_to = |checked: &Checked| (checked.facts, checked.evidence.clone());
            assert_eq!(whole.as_ref().map(came_to), kept.map(came_to), "mutant {number}");
        }
        if let Ok(Some(moments)) = kept.map(|kept| kept.moments) {
            for server in (1..=moments.servers() as u32).map(raft_core::ServerId) {
                let state = moments.server(server, draw_between(1, 70, &[number, 9]));
                assert!(state.is_none_or(|state| moments.log(state).count() <= small.entries));
            }
        }
    }
    came_to
}

#[test]
fn mutated_traces_are_read_or_refused() {
    let [refused, hold, broken] = try_all(100_000, 0);
    assert!(refused > 10_000 && hold > 10_000 && broken > 1_000, "{refused} refused, {hold} hold, {broken} broken");
}

#[test]
#[ignore = "takes long"]
fn very_many_mutated_traces_are_read_or_refused() {
    try_all(10_000_000, 1_000_000);
}
