//! The table of checks in docs/checks.md: every property with where it is written, what it says, when it is looked at, and
//! what that costs.
//!
//! `RAFT_BLESS=1 cargo test -p raft-tests --test checks_table` writes the table anew. The costs are measured by hand, as
//! raft-sim/benches/checks.rs says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;

use raft_sim::Property;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// What each property says: its documentation.
fn says() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join("raft-sim/src/checkers/property.rs")).unwrap();
    let mut said = Vec::new();
    let mut says = BTreeMap::new();
    for line in text.lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("/// ") {
            said.push(doc);
        } else {
            if let Some((name, _)) = line.split_once(" = \"") {
                says.insert(name.to_owned(), said.join(" "));
            }
            said.clear();
        }
    }
    says
}

/// When a property is looked at, and which functions of the checkers do it.
const fn looked_at(property: Property) -> (&'static str, &'static [&'static str]) {
    match property {
        Property::ElectionSafety => ("a server becomes leader", &["won"]),
        Property::LeaderAppendOnly => ("a leader writes into its log", &["wrote"]),
        Property::LogMatching => {
            ("an entry is written into a log, or read from a disk by a server that starts", &["wrote"])
        }
        Property::LeaderCompleteness => {
            ("a server becomes leader; a leader commits while a later one leads already", &["won", "leader_commits"])
        }
        Property::StateMachineSafety => (
            "a commit index rises, an entry is applied, a snapshot is taken or restored",
            &["commits", "applies", "has_state", "rests_on"],
        ),
        Property::OneVotePerTerm | Property::DurableBeforeSent => ("a message leaves", &["sent", "voted"]),
        Property::TermsNeverFall => {
            ("a term changes, an entry is written, a message leaves, a server starts", &["in_term", "wrote", "sent"])
        }
        Property::IndexesNeverFall => {
            ("a commit index changes; a leader is told something by a follower", &["commits", "matches"])
        }
        Property::OneAuthorPerTerm => ("an entry is written into a log", &["wrote"]),
        Property::OwnTermCommit => ("a leader commits", &["leader_commits"]),
        Property::CommittedIsDurable => {
            ("a leader commits; a disk has cut off entries, or its server stops", &["leader_commits", "saved"])
        }
        Property::AcknowledgedWritesSurvive => {
            ("a client is answered; a disk has cut off entries, or its server stops", &["acknowledged", "saved"])
        }
        Property::MembershipSafety => {
            ("a configuration is written; a log, or what is committed of it, changes", &["counts_by", "wrote"])
        }
        Property::LinearizableReads => ("a read is answered", &[]),
        Property::Linearizability => ("a client has its answer", &[]),
    }
}

const HEAD: &str = include_str!("../fixtures/checks-head.md");

#[test]
fn every_property_has_its_row() {
    let says = says();
    let mut table = HEAD.to_owned();
    for &property in Property::ALL {
        let said = says.get(&format!("{property:?}")).unwrap_or_else(|| panic!("{property:?} says nothing"));
        let (when, functions) = looked_at(property);
        let functions = functions.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        table += &format!("| {property} | {} | {said} | {when} | {functions} |\n", property.section());
    }
    let path = root().join("docs/checks.md");
    if std::env::var_os("RAFT_BLESS").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let written = std::fs::read_to_string(&path).expect("docs/checks.md");
    assert!(written == table, "docs/checks.md is not the table of properties: run with RAFT_BLESS=1");
}

#[test]
fn every_function_that_is_named_is_there() {
    let folder = root().join("raft-sim/src/checkers");
    let files = folder.read_dir().unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let source: String = files.collect();
    for &property in Property::ALL {
        for name in looked_at(property).1 {
            assert!(source.contains(&format!("fn {name}(")) || source.contains(&format!("fn {name}<")), "{name}");
        }
    }
}
