//! The table of rules in docs/rules.md: every rule with what it says, where it is written, what it guards against, and the
//! tests that live its story with and without it.
//!
//! `RAFT_BLESS=1 cargo test -p raft-tests --test rules_table` writes the table anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use raft_core::Rule;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The tests in whose source a rule is named, by the rule's name in the source.
fn stories() -> BTreeMap<String, Vec<(String, String)>> {
    let mut stories: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut files: Vec<_> = root().join("tests/tests").read_dir().unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(path).unwrap();
        let (mut test, mut is_test) = (None, false);
        for line in text.lines() {
            if line == "#[test]" {
                is_test = true;
            } else if line.starts_with("fn ") || line.starts_with("pub fn ") {
                let name = line.split("fn ").nth(1).and_then(|rest| rest.split(['(', '<']).next()).unwrap_or_default();
                test = is_test.then(|| name.to_owned());
                is_test = false;
            } else if line == "}" {
                test = None;
            }
            let Some(test) = &test else { continue };
            for named in line.split("Rule::").skip(1) {
                let name: String = named.chars().take_while(char::is_ascii_alphanumeric).collect();
                let of_rule = stories.entry(name).or_default();
                if !of_rule.iter().any(|(_, known)| known == test) {
                    of_rule.push((file.clone(), test.clone()));
                }
            }
        }
    }
    stories
}

/// What a rule says: the first line of its documentation.
fn mechanisms() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join("raft-core/src/rule.rs")).unwrap();
    let mut said = String::new();
    let mut mechanisms = BTreeMap::new();
    for line in text.lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("/// ") {
            doc.clone_into(&mut said);
        } else if let Some((name, _)) = line.split_once(" = \"") {
            mechanisms.insert(name.to_owned(), std::mem::take(&mut said));
        }
    }
    mechanisms
}

#[test]
fn every_rule_has_its_row_and_its_story() {
    let (stories, mechanisms) = (stories(), mechanisms());
    let mut table = String::from(
        "# The rules, and what they guard against\n\n\
         Each of Raft's rules that could be forgotten can be switched off, with raft-core's feature `mutations` and in the\n\
         playground under \"Rules\". Its story is a test that lives the same steps with the rule and without it. \"P\" is the\n\
         extended Raft paper, \"D\" the dissertation. This file is written by `tests/tests/rules_table.rs`.\n\n\
         | rule | what it says | section | what it guards against | its story |\n\
         | --- | --- | --- | --- | --- |\n",
    );
    for &rule in Rule::ALL {
        let name = format!("{rule:?}");
        let mechanism = mechanisms.get(&name).unwrap_or_else(|| panic!("{name} says nothing"));
        let told = stories.get(&name).unwrap_or_else(|| panic!("{name} has no story: no test in tests/tests names it"));
        let told: Vec<String> = told.iter().map(|(file, test)| format!("`{test}` ({file})")).collect();
        let (section, guards, told) = (rule.section(), rule.guards_against(), told.join(", "));
        writeln!(table, "| `{rule}` | {mechanism} | {section} | {guards} | {told} |").unwrap();
    }
    let path = root().join("docs/rules.md");
    if std::env::var_os("RAFT_BLESS").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == table, "docs/rules.md is not what the sources say; RAFT_BLESS=1 writes it anew");
}
