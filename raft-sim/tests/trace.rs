//! Runs written as traces and read back: what the checks find in the run they find in its trace.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;

use raft_core::{Rule, ServerId};
use raft_sim::plans::Plan;
use raft_sim::trace::{Checked, Limits, OnError, read};
use raft_sim::{Input, Property, Scenario, World};

/// A run and its trace.
fn lived(scenario: Scenario, until_us: u64) -> (World, String) {
    let (mut world, header) = World::traced(scenario).unwrap();
    world.observe(false);
    let mut text = header.to_json() + "\n";
    while world.now().0 < until_us && world.violation().is_none() {
        world.advance(until_us - world.now().0, 10_000);
        for line in world.take_trace() {
            text += &line.to_json();
            text.push('\n');
        }
    }
    (world, text)
}

#[track_caller]
fn checked(text: &str) -> Checked {
    read(text.as_bytes(), Limits::default(), OnError::Refuse, true).unwrap_or_else(|why| panic!("{why}"))
}

fn seeds(default: u64) -> u64 {
    std::env::var("RAFT_SEEDS").ok().map_or(default, |seeds| seeds.parse().unwrap())
}

#[test]
fn the_trace_of_any_run_holds_as_the_run_does_and_shows_what_each_server_was() {
    for seed in 0..seeds(60) {
        let planned = Plan::Swarm.run(seed, 20_000_000, &[]);
        let (world, text) = lived(planned.scenario, planned.until_us);
        assert_eq!(world.violation(), None, "seed {seed}");
        let checked = checked(&text);
        assert_eq!(checked.evidence, None, "seed {seed}");
        assert_eq!(checked.lines, checked.facts + 1);
        assert_eq!(checked.linearizability, world.linearizability(), "seed {seed}");
        let moments = checked.moments.unwrap();
        for node in world.servers() {
            let state = moments.server(node.id(), u64::MAX).unwrap();
            assert_eq!(moments.last_on_disk(state), node.durable().log.last(), "seed {seed}");
            let Some(server) = node.server() else { continue };
            let is = (state.term, state.commit, state.applied, state.base, moments.last(state));
            let log = server.log();
            let expected =
                (server.current_term(), server.commit_index(), server.last_applied(), log.base().index, log.last());
            assert_eq!(is, expected, "seed {seed}, {}", node.id());
        }
    }
}

#[test]
fn what_is_found_in_a_run_with_a_rule_switched_off_is_found_in_its_trace() {
    let mut found = Vec::new();
    for &rule in Rule::ALL {
        for seed in 0..seeds(12) {
            let planned = Plan::Swarm.run(seed, 20_000_000, &[rule]);
            let (world, text) = lived(planned.scenario, planned.until_us);
            let Some(violation) = world.violation() else { continue };
            let evidence = checked(&text).evidence;
            let Some(evidence) = evidence else { panic!("{rule} seed {seed}: {violation}") };
            // To the last word: at the same moment, with the same servers, indexes and terms.
            assert_eq!(evidence.violation, *violation, "{rule} seed {seed}");
            let lines = text.lines().count() as u64;
            assert!(evidence.line <= lines && evidence.lines.last() == Some(&evidence.line), "{rule} seed {seed}");
            found.push((violation.property, rule));
        }
    }
    let properties: BTreeSet<Property> = found.iter().map(|(property, _)| *property).collect();
    let rules: BTreeSet<&str> = found.iter().map(|(_, rule)| rule.name()).collect();
    assert!(properties.len() >= 9 && rules.len() >= 18, "{properties:?}, {rules:?}");
}

#[test]
fn a_run_in_which_a_disk_is_written_by_hand_has_no_trace_and_says_so() {
    let edit = r#"{"kind": "edit_disk", "server": 2, "keep": 0}"#;
    let text = format!(r#"{{"servers": 3, "inputs": [{{"at_us": 2000000, "input": {edit}}}]}}"#);
    let error = World::traced(serde_json::from_str(&text).unwrap()).map(drop).unwrap_err().to_string();
    assert_eq!(error, "inputs[0].input.kind is edit_disk; expected an input that a trace can tell");
    let (mut world, _) = World::traced(Scenario { servers: 3, ..Scenario::default() }).unwrap();
    world.apply(Input::Crash { server: ServerId(2), written: 0 }).unwrap();
    let refusal = world.apply(serde_json::from_str(edit).unwrap()).unwrap_err().to_string();
    assert_eq!(refusal, "kind is edit_disk; expected an input that a trace can tell");
}

#[test]
fn scenes_that_begin_in_the_middle_come_to_in_their_traces_what_they_come_to() {
    let mut violated = 0;
    for file in std::fs::read_dir("../scenarios").unwrap() {
        let path = file.unwrap().path();
        let scenario: Scenario = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let (world, text) = lived(scenario, 10_000_000);
        let checked = checked(&text);
        assert_eq!(
            checked.evidence.map(|evidence| evidence.violation).as_ref(),
            world.violation(),
            "{}",
            path.display()
        );
        violated += usize::from(world.violation().is_some());
    }
    assert!(violated > 0);
}

#[test]
fn the_same_scenario_gives_the_same_trace_observed_or_not_and_a_trace_changes_nothing() {
    let scenario = || Plan::Storm.run(3, 20_000_000, &[]).scenario;
    let (world, text) = lived(scenario(), 5_000_000);
    let (mut observed, header) = World::traced(scenario()).unwrap();
    let mut again = header.to_json() + "\n";
    while observed.next_event_at().is_some_and(|next| next.0 <= 5_000_000) {
        observed.step_event();
        for line in observed.take_trace() {
            again += &line.to_json();
            again.push('\n');
        }
    }
    let differs = text.lines().zip(again.lines()).find(|(one, other)| one != other);
    assert_eq!((text.lines().count(), differs), (again.lines().count(), None));
    assert!(text.lines().count() > 1_000);
    let mut plain = World::new(scenario()).unwrap();
    plain.advance(5_000_000, u64::MAX);
    assert_eq!(plain.fingerprint(), world.fingerprint());
    assert!(plain.take_trace().is_empty() && world.clone().take_trace().is_empty());
}

#[test]
fn of_a_run_that_lost_lines_the_rest_is_kept_and_what_is_missing_is_said() {
    let (_, text) = lived(Plan::Swarm.run(5, 20_000_000, &[]).scenario, 2_000_000);
    let damaged: String = text
        .lines()
        .enumerate()
        .map(|(at, line)| if at % 50 == 49 { line[..line.len() / 2].to_owned() + "\n" } else { line.to_owned() + "\n" })
        .collect();
    let refused = read(damaged.as_bytes(), Limits::default(), OnError::Refuse, false).unwrap_err();
    assert!(refused.to_string().starts_with("line 50: expected an object in JSON"), "{refused}");
    let kept = read(damaged.as_bytes(), Limits::default(), OnError::LeaveOut, false).unwrap();
    let halves = text.lines().count() as u64 / 50;
    assert!(kept.left_out_count >= halves && kept.left_out[0].line == 50);
    assert_eq!(kept.facts + kept.left_out_count + 1, kept.lines);
}
