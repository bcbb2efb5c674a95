//! The table of docs/rules-explored.md: how soon a search step by step finds out that a rule is switched off, natively and in a
//! browser, how short the story is, and a link to it.
//!
//! What the searches came to stands in tests/fixtures/rules-explored.jsonl and rules-explored-chromium.jsonl, as the commands
//! wrote it that the page names. `RAFT_BLESS=1 cargo test -p raft-tests --test rules_explored_table` writes the page anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::path::Path;

use raft_core::Rule;
use raft_sim::{Scenario, World};
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// What one search came to.
struct Search {
    runs: u64,
    ms: u64,
    /// The property that was violated, and how many steps the story has.
    found: Option<(String, u64)>,
}

/// What the searches for a rule came to, the quickest first and those in vain last.
struct Explored {
    rule: Rule,
    searches: Vec<Search>,
    story: Option<String>,
}

impl Explored {
    fn read(line: &str) -> Self {
        let line: Value = serde_json::from_str(line).unwrap();
        let search = |found: &Value| Search {
            runs: found["runs"].as_u64().unwrap(),
            ms: found["cpu_ms"].as_u64().unwrap(),
            found: found["property"].as_str().map(|property| (property.to_owned(), found["steps"].as_u64().unwrap())),
        };
        let mut searches: Vec<Search> = line["searches"].as_array().unwrap().iter().map(search).collect();
        searches.sort_by_key(|search| (search.found.is_none(), search.ms));
        let rule = *Rule::ALL.iter().find(|rule| line["rule"] == rule.name()).expect("a rule of this name");
        Self { rule, searches, story: line["story"].as_str().map(str::to_owned) }
    }

    fn found(&self) -> usize {
        self.searches.iter().filter(|search| search.found.is_some()).count()
    }

    /// The lengths of the stories, the shortest first.
    fn steps(&self) -> Vec<u64> {
        let mut steps: Vec<u64> =
            self.searches.iter().filter_map(|search| search.found.as_ref().map(|(_, steps)| *steps)).collect();
        steps.sort_unstable();
        steps
    }

    /// What was violated, the most frequent first.
    fn properties(&self) -> String {
        let mut all: Vec<(usize, &str)> = Vec::new();
        for (property, _) in self.searches.iter().filter_map(|search| search.found.as_ref()) {
            match all.iter_mut().find(|(_, known)| known == property) {
                Some((count, _)) => *count += 1,
                None => all.push((1, property)),
            }
        }
        all.sort_by(|one, other| other.cmp(one));
        all.into_iter().map(|(_, property)| property).collect::<Vec<_>>().join(", ")
    }

    /// Found how often, the median, and the worst, in seconds.
    fn cells(&self) -> String {
        let all = self.searches.len();
        let [median, worst] = [&self.searches[all / 2], &self.searches[all - 1]].map(|search| match search.found {
            Some(_) => seconds(search.ms),
            None => format!("over {}", seconds(search.ms)),
        });
        format!("{} of {all} | {median} | {worst}", self.found())
    }
}

fn seconds(ms: u64) -> String {
    format!("{}.{:02}", ms / 1_000, ms % 1_000 / 10)
}

fn all(name: &str) -> Vec<Explored> {
    let text = std::fs::read_to_string(root().join("tests/fixtures").join(name)).unwrap();
    let mut all: Vec<Explored> = text.lines().map(Explored::read).collect();
    let place = |rule: Rule| Rule::ALL.iter().position(|&known| known == rule);
    all.sort_by_key(|explored| place(explored.rule));
    assert_eq!(all.iter().map(|explored| explored.rule).collect::<Vec<_>>(), Rule::ALL, "{name}: a line for each rule");
    all
}

/// Why a search for a violated property cannot find that a rule is switched off.
const fn why_not(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::CandidateYieldsToLeader | Rule::TimerResetOnlyByLeaderOrVote | Rule::PreVoteIsNoContact => {
            "costs time and breaks no property: [rules-caught.md](rules-caught.md) tells what it does to progress"
        }
        Rule::PromotedLearnerVotes => "leaves a cluster without a leader, and breaks no property",
        Rule::AckBoundedByLog => "servers that follow all other rules never acknowledge in advance",
        Rule::CommitOnlyWhatWasVerified => {
            "the first append that a follower accepts reaches where the logs part, and cuts off what is another's"
        }
        Rule::ProgressFreshOnReAdding => "within one leadership, only a disk that was replaced has lost entries",
        Rule::OverwrittenWriteMarksNothing => {
            "saves are done in order here, so whoever is elected has its own vote on disk, and with it all that was written before"
        }
        _ => return None,
    })
}

const LINK: &str = "http://127.0.0.1:8080/";

fn page(native: &[Explored], chromium: &[Explored]) -> String {
    let found = native.iter().filter(|explored| explored.found() == explored.searches.len()).count();
    let mut page = format!(
        "# How soon a search step by step finds that a rule is broken\n\n\
         Each rule of [rules.md](rules.md) switched off for all servers, and a search ([goals.md](goals.md) says what it can look for)\n\
         until a property is violated; then all that its epoch of 64 runs found is made short, and the shortest is the story. 20\n\
         searches a rule from seeds 0 to 19, each given up after ten seconds; 3 for those {never} rules whose absence no property\n\
         shows. {found} of {rules} rules are found by every search natively. There the seconds are of processor time, by one thread; in\n\
         Chromium they are those that pass in one worker, as the page has it on two cores, from the worker's start to the find.\n\
         The machine had two cores and other work to do.\n\n\
         ```\nraft-sim explore-rules --seeds 0..20 --cpu-max 10s\n\
         cargo xtask build && cd tests/browser && node bench-hunt.mjs --seeds 20 --seconds 10\n```\n\n\
         What they wrote is `tests/fixtures/rules-explored.jsonl` and `rules-explored-chromium.jsonl`;\n\
         `tests/tests/rules_explored_table.rs` writes this page. The stories open on the page that `cargo xtask play` serves.\n\n\
         | rule | violates | native: found | s, median | worst | runs, median | Chromium: found | s, median | worst | steps, shortest | median | story |\n\
         | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n",
        rules = native.len(),
        never = native.iter().filter(|explored| explored.found() == 0).count(),
    );
    for (explored, in_browser) in native.iter().zip(chromium) {
        let Explored { rule, searches, story } = explored;
        let steps = explored.steps();
        let story = match (story, why_not(*rule)) {
            (Some(story), _) => format!("[play]({LINK}#r={story}&t=0)"),
            (None, Some(why)) => why.to_owned(),
            (None, None) => panic!("{rule} was not found, and nobody says why"),
        };
        let dash = |number: Option<&u64>| number.map_or_else(|| "-".to_owned(), u64::to_string);
        let mut runs: Vec<u64> = searches.iter().map(|search| search.runs).collect();
        runs.sort_unstable();
        writeln!(
            page,
            "| `{rule}` | {} | {} | {} | {} | {} | {} | {story} |",
            if steps.is_empty() { "-".to_owned() } else { explored.properties() },
            explored.cells(),
            runs[runs.len() / 2],
            in_browser.cells(),
            dash(steps.first()),
            dash(steps.get(steps.len() / 2)),
        )
        .unwrap();
    }
    page
}

#[test]
fn every_rule_is_found_by_a_search_or_cannot_be() {
    let (native, chromium) = (all("rules-explored.jsonl"), all("rules-explored-chromium.jsonl"));
    for (explored, in_vain) in
        native.iter().map(|explored| (explored, 0)).chain(chromium.iter().map(|explored| (explored, 1)))
    {
        let (rule, searches) = (explored.rule, explored.searches.len());
        if why_not(rule).is_some() {
            assert_eq!(explored.found(), 0, "{rule}");
        } else {
            // In a browser one may take longer than it was given.
            assert!(
                searches >= 20 && explored.found() + in_vain >= searches,
                "{rule}: {} of {searches}",
                explored.found()
            );
        }
    }
    let page = page(&native, &chromium);
    let path = root().join("docs/rules-explored.md");
    if std::env::var_os("RAFT_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == page, "docs/rules-explored.md is not what was measured; RAFT_BLESS=1 writes it anew");
}

/// The bytes of a link's text: base64url without padding.
fn bytes_of(text: &str) -> Vec<u8> {
    let six = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        other => panic!("{other} is no letter of a link"),
    };
    let bits = |four: &[u8]| four.iter().fold(0_u32, |bits, &letter| bits << 6 | u32::from(six(letter)));
    let bytes = |four: &[u8]| {
        let bits = bits(four) << (6 * (4 - four.len()));
        bits.to_be_bytes()[1..four.len()].to_vec()
    };
    text.as_bytes().chunks(4).flat_map(bytes).collect()
}

/// The stories that the page links to still break what they say, and end well once the rule is followed.
#[test]
fn the_linked_stories_are_violations_and_end_well_with_the_rule() {
    let mut played = 0;
    for Explored { rule, searches, story } in &all("rules-explored.jsonl") {
        let Some(story) = story else { continue };
        let scenario = Scenario::from_bytes(&bytes_of(story)).unwrap();
        assert_eq!(scenario.options.rules_off, [*rule]);
        let violated = |scenario: Scenario| {
            let mut world = World::new(scenario).unwrap();
            world.advance(20_000_000, u64::MAX);
            world.violation().map(|violation| violation.property.name().to_owned())
        };
        let property = violated(scenario.clone()).unwrap_or_else(|| panic!("{rule}: its story ends well"));
        let all = searches.iter().filter_map(|search| search.found.as_ref());
        assert!(all.clone().any(|(known, _)| *known == property), "{rule}: its story violates {property}");
        let mut kept = scenario;
        kept.options.rules_off.clear();
        assert_eq!(violated(kept), None, "{rule}: its story breaks Raft itself");
        played += 1;
    }
    assert_eq!(played, 36);
}
