//! `raft-sim rules`: how soon random runs find out that a rule of Raft is switched off.

use std::io::Write;
use std::mem;

use raft_core::Rule;
use serde::Serialize;

use crate::args::Rules;
use crate::cpu_time::CpuTime;
use crate::error::Error;
use crate::outcome::{Kind, Outcome};
use crate::parallel::in_parallel;
use crate::soak::live;
use crate::{Verdict, write_line};

/// What searches for the consequences of one rule's absence came to.
#[derive(Serialize, Debug)]
struct Searched {
    rule: Rule,
    plan: &'static str,
    /// How long each run was to be, in microseconds of virtual time.
    duration_us: u64,
    searches: Vec<Search>,
}

/// One search: seed after seed, until a run does not end well.
#[derive(Clone, Serialize, Debug)]
struct Search {
    first_seed: u64,
    /// How many runs were lived, the last one included.
    runs: u64,
    /// The processor time that they took together, in milliseconds.
    cpu_ms: u64,
    /// What the last one broke: a property's name, or `Progress`. None: the search was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    caught_by: Option<String>,
}

/// How far the first seeds of two searches for a rule are apart.
const BETWEEN_SEARCHES: u64 = 1_000_000;

pub(crate) fn rules(args: &Rules, out: &mut impl Write) -> Result<Verdict, Error> {
    let rules: &[Rule] = if args.rules.is_empty() { Rule::ALL } else { &args.rules };
    let searches = args.searches.get();
    let numbers = 0..searches as u64;
    let wanted: Vec<(Rule, u64)> =
        rules.iter().flat_map(|&rule| numbers.clone().map(move |number| (rule, number * BETWEEN_SEARCHES))).collect();
    let mut verdict = Verdict::Holds;
    let mut done = Vec::new();
    let mut turn = rules.iter();
    in_parallel(
        args.jobs,
        &wanted,
        |&(rule, first_seed)| search(args, rule, first_seed),
        |search| {
            if search.caught_by.is_none() {
                verdict = Verdict::Fails;
            }
            done.push(search);
            if done.len() == searches
                && let Some(&rule) = turn.next()
            {
                let (plan, duration_us, searches) = (args.faults.name(), args.duration, mem::take(&mut done));
                write_line(out, &Searched { rule, plan, duration_us, searches })?;
                out.flush()?;
            }
            Ok::<_, Error>(())
        },
    )?;
    Ok(verdict)
}

fn search(args: &Rules, rule: Rule, first_seed: u64) -> Search {
    let begun = CpuTime::now();
    let given_up = |runs: u64| runs >= args.runs_max || begun.passed().as_micros() >= args.cpu_max.into();
    let mut runs = 0;
    let mut caught_by = None;
    while caught_by.is_none() && !given_up(runs) {
        caught_by = broken(&live(args.faults, first_seed + runs, args.duration, &[rule]));
        runs += 1;
    }
    Search { first_seed, runs, cpu_ms: begun.passed().as_millis() as u64, caught_by }
}

/// What a run broke, in a word or two.
fn broken(outcome: &Outcome) -> Option<String> {
    match outcome.verdict {
        Kind::Holds => None,
        Kind::Violated => outcome.property.clone(),
        Kind::Stalled => Some("Progress".to_owned()),
        Kind::Panicked | Kind::Unlivable => outcome.why.clone(),
    }
}
