//! `raft-sim explore-rules`: how soon a search finds out that a rule of Raft is switched off, and how short its story is.

use std::io::Write;
use std::mem;

use raft_core::Rule;
use raft_sim::ScenarioError;
use raft_sim::explore::{Ask, Found, Search, Story};
use serde::Serialize;

use crate::args::ExploreRules;
use crate::cpu_time::CpuTime;
use crate::error::Error;
use crate::explore::shortest_story;
use crate::parallel::in_parallel;
use crate::{Verdict, base64, write_line};

/// What the searches for one rule's absence came to.
#[derive(Serialize, Debug)]
struct Explored {
    rule: Rule,
    searches: Vec<Searched>,
    /// The shortest story of all searches, as in a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    story: Option<String>,
}

/// What one search came to: epoch after epoch, until one finds something.
#[derive(Clone, Serialize, Debug, Default)]
struct Searched {
    seed: u64,
    runs: u64,
    actions: u64,
    /// The processor time up to the end of the epoch that found something, in milliseconds.
    cpu_ms: u64,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    found: Option<Told>,
}

/// The shortest story of the epoch that found something.
#[derive(Clone, Serialize, Debug)]
struct Told {
    property: &'static str,
    /// How many steps the story has.
    steps: usize,
    /// The processor time that it took to make all of the epoch's finds short, in milliseconds.
    shrink_ms: u64,
    #[serde(skip)]
    story: String,
}

pub(crate) fn explore_rules(args: &ExploreRules, out: &mut impl Write) -> Result<Verdict, Error> {
    let rules: &[Rule] = if args.rules.is_empty() { Rule::ALL } else { &args.rules };
    let seeds = args.seeds.clone();
    let each = (seeds.end - seeds.start) as usize;
    let wanted: Vec<(Rule, u64)> = rules.iter().flat_map(|&rule| seeds.clone().map(move |seed| (rule, seed))).collect();
    let mut verdict = Verdict::Holds;
    let mut done: Vec<Searched> = Vec::new();
    let mut turn = rules.iter();
    in_parallel(
        args.jobs,
        &wanted,
        |&(rule, seed)| search(args, rule, seed).map_err(|why| Error::Scenario(why.to_string())),
        |searched| {
            let searched = searched?;
            if searched.found.is_none() {
                verdict = Verdict::Fails;
            }
            done.push(searched);
            if done.len() == each
                && let Some(&rule) = turn.next()
            {
                let searches = mem::take(&mut done);
                let told = searches.iter().filter_map(|searched| searched.found.as_ref());
                let story = told.min_by_key(|told| told.steps).map(|told| told.story.clone());
                write_line(out, &Explored { rule, searches, story })?;
                out.flush()?;
            }
            Ok::<_, Error>(())
        },
    )?;
    Ok(verdict)
}

fn search(args: &ExploreRules, rule: Rule, seed: u64) -> Result<Searched, ScenarioError> {
    let search = Ask { seed, rules_off: vec![rule], shares: args.shares(), ..Ask::default() }.search()?;
    let begun = CpuTime::now();
    let mut searched = Searched { seed, ..Searched::default() };
    for number in 0.. {
        let epoch = search.epoch(number)?;
        (searched.runs, searched.actions) = (searched.runs + epoch.runs, searched.actions + epoch.actions);
        searched.cpu_ms = begun.passed().as_millis() as u64;
        if !epoch.found.is_empty() {
            searched.found = tell(&search, &epoch.found)?;
        }
        if searched.found.is_some() || begun.passed().as_micros() >= args.cpu_max.into() {
            break;
        }
    }
    Ok(searched)
}

/// The shortest of these that can be given times.
fn tell(search: &Search, found: &[Found]) -> Result<Option<Told>, ScenarioError> {
    let begun = CpuTime::now();
    let Some(Story { scenario, property, steps, .. }) = shortest_story(search, found)? else { return Ok(None) };
    let story = scenario.to_bytes().map(|bytes| base64::of(&bytes)).unwrap_or_default();
    let (steps, shrink_ms) = (steps.len(), begun.passed().as_millis() as u64);
    Ok(property.map(|property| Told { property: property.name(), steps, shrink_ms, story }))
}
