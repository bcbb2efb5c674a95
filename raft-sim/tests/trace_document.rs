//! What docs/trace.md says is so.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_sim::Property;
use raft_sim::trace::{Limits, Observed, OnError, Verdict, read};

const DOCUMENT: &str = include_str!("../../docs/trace.md");

fn example() -> Vec<&'static str> {
    let (_, behind) = DOCUMENT.split_once("```jsonl\n").unwrap();
    behind.split_once("```").unwrap().0.lines().collect()
}

fn verdict(lines: &[&str], property: Property) -> Verdict {
    let text = lines.join("\n");
    let checked = read(text.as_bytes(), Limits::default(), OnError::Refuse, false);
    checked.unwrap_or_else(|why| panic!("{why}")).verdict(property)
}

#[test]
fn the_example_holds_and_shows_what_the_document_says_of_it() {
    let example = example();
    assert!(example.len() > 30);
    let text = example.join("\n");
    let checked =
        read(text.as_bytes(), Limits::default(), OnError::Refuse, false).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!((checked.evidence.clone(), checked.facts), (None, example.len() as u64 - 1));
    for property in [Property::DurableBeforeSent, Property::CommittedIsDurable, Property::OneVotePerTerm] {
        assert!(matches!(checked.verdict(property), Verdict::Holds { .. }), "{property}");
    }
    let mut late = example.clone();
    let save = late.iter().position(|line| line.contains("24200")).unwrap();
    let commit = late.iter().position(|line| line.contains("25200")).unwrap();
    let line = late.remove(save).replace("24200", "25200");
    late.insert(commit, &line);
    assert_eq!(verdict(&late, Property::CommittedIsDurable), Verdict::Violated);
}

#[test]
fn every_fact_of_the_example_counts_for_something() {
    // Without its saves, its votes' saves, its appends or its elections the example does not hold.
    let example = example();
    for (event, property) in [
        ("\"append\",\"from\":1", Property::StateMachineSafety),
        ("\"leader\"", Property::OneAuthorPerTerm),
        ("\"save\",\"last\"", Property::CommittedIsDurable),
        ("\"save\",\"term\"", Property::DurableBeforeSent),
        ("\"apply\",\"index\":1", Property::StateMachineSafety),
    ] {
        let kept: Vec<&str> = example.iter().copied().filter(|line| !line.contains(event)).collect();
        assert!(kept.len() < example.len());
        let broken = read(kept.join("\n").as_bytes(), Limits::default(), OnError::LeaveOut, false).unwrap();
        assert_eq!(broken.evidence.unwrap().violation.property, property, "without {event}");
    }
}

#[test]
fn every_event_field_and_limit_is_in_the_document() {
    let wrong = r#"{"time_us":1,"event":"?"}"#;
    let text = format!("{}\n{wrong}", example()[0]);
    let refused = read(text.as_bytes(), Limits::default(), OnError::Refuse, false).unwrap_err().to_string();
    let events = refused.split("one of ").nth(1).unwrap().split(", found").next().unwrap();
    assert_eq!(events.split(", ").count(), 25);
    for event in events.split(", ") {
        assert!(DOCUMENT.contains(&format!("`{event}`")), "{event}");
    }
    for (name, _) in Observed::ALL {
        assert!(DOCUMENT.contains(&format!("\n| `{name}` | ")), "{name}");
    }
    for property in Property::ALL {
        let (_, table) = DOCUMENT.split_once("## What each property needs").unwrap();
        assert!(table.contains(property.name()), "{property}");
    }
    let Limits { line_bytes, bytes, lines, entries } = Limits::default();
    for (of, limit) in [
        ("a line", line_bytes as u64),
        ("all lines together", bytes),
        ("lines", lines),
        ("entries, in all lines together", entries as u64),
    ] {
        let row = DOCUMENT.lines().find(|line| line.starts_with(&format!("| {of} |"))).unwrap();
        let number: String = row.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(number, limit.to_string(), "{row}");
    }
}
