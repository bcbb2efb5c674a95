//! The table of docs/rules-caught.md: how soon random runs find out that a rule is switched off, or the story that shows it.
//!
//! What the runs came to stands in tests/fixtures/rules-caught.jsonl, as the command wrote it that the page names.
//! `RAFT_BLESS=1 cargo test -p raft-tests --test rules_caught_table` writes the page anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::path::Path;

use raft_core::Rule;
use raft_sim::plans::{Lived, Plan};
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// What one search came to.
struct Search {
    first_seed: u64,
    runs: u64,
    cpu_ms: u64,
    caught_by: Option<String>,
}

/// What the searches for a rule came to, those that caught it first, and the quicker ones before the slower.
struct Searched {
    rule: Rule,
    duration_us: u64,
    searches: Vec<Search>,
}

impl Searched {
    fn read(line: &str) -> Self {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["plan"], "hunt");
        let search = |found: &Value| Search {
            first_seed: found["first_seed"].as_u64().unwrap(),
            runs: found["runs"].as_u64().unwrap(),
            cpu_ms: found["cpu_ms"].as_u64().unwrap(),
            caught_by: found["caught_by"].as_str().map(str::to_owned),
        };
        let mut searches: Vec<Search> = line["searches"].as_array().unwrap().iter().map(search).collect();
        searches.sort_by_key(|search| (search.caught_by.is_none(), search.runs));
        let rule = *Rule::ALL.iter().find(|rule| line["rule"] == rule.name()).expect("a rule of this name");
        Self { rule, duration_us: line["duration_us"].as_u64().unwrap(), searches }
    }

    /// The search in the middle, if it caught the rule.
    fn median(&self) -> Option<&Search> {
        self.searches.get(self.searches.len() / 2).filter(|search| search.caught_by.is_some())
    }

    /// What caught it, the most frequent first.
    fn caught_by(&self) -> String {
        let mut by: Vec<(usize, &str)> = Vec::new();
        for property in self.searches.iter().filter_map(|search| search.caught_by.as_deref()) {
            match by.iter_mut().find(|(_, known)| *known == property) {
                Some((count, _)) => *count += 1,
                None => by.push((1, property)),
            }
        }
        by.sort_by(|a, b| b.cmp(a));
        by.into_iter().map(|(_, property)| property).collect::<Vec<_>>().join(", ")
    }
}

fn all() -> Vec<Searched> {
    let text = std::fs::read_to_string(root().join("tests/fixtures/rules-caught.jsonl")).unwrap();
    text.lines().map(Searched::read).collect()
}

/// The first test that tells a rule's story, as docs/rules.md names it.
fn story(rule: Rule) -> String {
    let page = std::fs::read_to_string(root().join("docs/rules.md")).unwrap();
    let row = page.lines().find(|line| line.starts_with(&format!("| `{rule}` |"))).expect("a row in docs/rules.md");
    let told = row.split(" | ").last().unwrap();
    let test = told.split('`').nth(1).unwrap();
    let file = told.split(['(', ')']).nth(1).unwrap();
    let source = std::fs::read_to_string(root().join("tests/tests").join(file)).unwrap();
    assert!(source.contains(&format!("#[test]\nfn {test}(")), "{test} in {file}");
    format!("`{test}` ({file})")
}

/// Why random runs of correct clocks, disks and networks do not come to what a rule guards against, or not soon.
const fn why_not(rule: Rule) -> &'static str {
    match rule {
        Rule::CandidateYieldsToLeader | Rule::TimerResetOnlyByLeaderOrVote => {
            "costs time, and breaks nothing: there is a leader in the end"
        }
        Rule::AckBoundedByLog => "servers that follow all other rules never acknowledge in advance",
        Rule::ProgressFreshOnReAdding => "within one leadership, only a disk that was replaced has lost entries",
        Rule::CommitOnlyWhatWasVerified => {
            "the first append that a follower accepts reaches where the logs part, and cuts off what is another's"
        }
        _ => "needs a longer chain of events than random runs often make",
    }
}

fn seconds(ms: u64) -> String {
    format!("{}.{:02}", ms / 1_000, ms % 1_000 / 10)
}

fn page(all: &[Searched]) -> String {
    let caught = all.iter().filter(|searched| searched.median().is_some()).count();
    let always =
        all.iter().filter(|searched| searched.searches.iter().all(|search| search.caught_by.is_some())).count();
    let mut page = format!(
        "# How soon a broken rule shows\n\n\
         Each rule of [rules.md](rules.md) switched off for all servers of a run, and runs of the plan `hunt` lived seed after seed\n\
         until a property is violated (named here; [checks.md](checks.md) says what each is) or progress that was owed in a calm is\n\
         not made (Progress). {searches} searches a rule, a million seeds apart, each given up after ten seconds of processor time on\n\
         one of two cores: {always} of {rules} rules are caught in all of them, {caught} in most. Seed 2000002 alone takes seconds, so\n\
         a third search has about 400 runs fewer. The plan knows nothing of which rule is off: leases, snapshots, changes of\n\
         members and the like are each there in a part of its runs. With all rules kept it finds nothing.\n\n\
         ```\nraft-sim rules --faults hunt --duration 10s --searches 3 --cpu-max 10s\n```\n\n\
         What it wrote is `tests/fixtures/rules-caught.jsonl`; `tests/tests/rules_caught_table.rs` writes this page.\n\n\
         | rule | caught by | runs, median | worst | seconds, median | worst | otherwise |\n\
         | --- | --- | ---: | ---: | ---: | ---: | --- |\n",
        rules = all.len(),
        searches = all[0].searches.len()
    );
    for searched in all {
        let number = searched.searches.len();
        let given_up = searched.searches.iter().filter(|search| search.caught_by.is_none()).count();
        // The worst is one that was given up, if there is one: it would have taken more.
        let worst = |of: fn(&Search) -> u64, write: fn(u64) -> String| {
            let most = searched.searches.iter().map(of).max().unwrap_or(0);
            if given_up > 0 { format!("over {}", write(most)) } else { write(most) }
        };
        let median = |of: fn(&Search) -> u64, write: fn(u64) -> String| {
            searched.median().map_or_else(|| "-".to_owned(), |search| write(of(search)))
        };
        let by = searched.caught_by();
        let otherwise = match (given_up, searched.median()) {
            (0, _) => String::new(),
            (_, Some(_)) => format!("not in {given_up} of {number} searches; story {}", story(searched.rule)),
            (_, None) => {
                let why = why_not(searched.rule);
                format!("not in {given_up} of {number} searches: {why}; story {}", story(searched.rule))
            }
        };
        writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {} | {otherwise} |",
            searched.rule,
            if by.is_empty() { "-" } else { &by },
            median(|search| search.runs, |runs| runs.to_string()),
            worst(|search| search.runs, |runs| runs.to_string()),
            median(|search| search.cpu_ms, seconds),
            worst(|search| search.cpu_ms, seconds),
        )
        .unwrap();
    }
    page
}

#[test]
fn every_rule_is_caught_by_random_runs_or_has_its_story() {
    let all = all();
    assert_eq!(
        all.iter().map(|searched| searched.rule).collect::<Vec<_>>(),
        Rule::ALL,
        "a line for each rule, in order"
    );
    let page = page(&all);
    let path = root().join("docs/rules-caught.md");
    if std::env::var_os("RAFT_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == page, "docs/rules-caught.md is not what was measured; RAFT_BLESS=1 writes it anew");
}

/// A rule that showed at once must go on showing at once: in as few runs as its median search took, four times over. The events
/// of a run may differ from those of the day on which it was measured, so the very seed may not.
#[test]
fn rules_that_showed_within_five_runs_still_do() {
    let mut looked_at = 0;
    for Searched { rule, duration_us, searches } in &all() {
        let Some(median) = searches.get(searches.len() / 2).filter(|search| search.caught_by.is_some()) else {
            continue;
        };
        if median.runs > 5 {
            continue;
        }
        let shows = |seed: u64| {
            let Lived { world, stalled, .. } = Plan::Hunt.run(seed, *duration_us, &[*rule]).live().unwrap();
            world.violation().is_some() || stalled.is_some()
        };
        let first = searches[0].first_seed;
        assert!(
            (first..first + 20).any(shows),
            "{rule} is switched off, and twenty runs from seed {first} do not show it"
        );
        looked_at += 1;
    }
    assert!(looked_at >= 10, "{looked_at}");
}
