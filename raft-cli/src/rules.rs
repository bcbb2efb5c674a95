//! `raft-sim rules`: how soon random runs find out that a rule of Raft is switched off.

use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::{mem, thread};

use raft_core::Rule;
use serde::Serialize;

use crate::Verdict;
use crate::args::Rules;
use crate::cpu_time::CpuTime;
use crate::error::Error;
use crate::outcome::{Kind, Outcome};
use crate::soak::live;

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
    let next = AtomicUsize::new(0);
    let jobs = args.jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let mut verdict = Verdict::Holds;
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..jobs {
            let (sender, next) = (sender.clone(), &next);
            // Each search is lived by one thread from its beginning to its end: what it finds does not depend on how many
            // there are.
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let (which, number) = (at / searches, at % searches);
                    let Some(&rule) = rules.get(which) else { break };
                    let search = search(args, rule, number as u64 * BETWEEN_SEARCHES);
                    if sender.send((which, search)).is_err() {
                        // Nobody listens any more: the output is gone.
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut found = vec![Vec::new(); rules.len()];
        let mut written = 0;
        for (which, search) in receiver {
            found[which].push(search);
            while let Some(done) = found.get_mut(written).filter(|done| done.len() == searches) {
                let mut searches = mem::take(done);
                searches.sort_by_key(|search: &Search| search.first_seed);
                if searches.iter().any(|search| search.caught_by.is_none()) {
                    verdict = Verdict::Fails;
                }
                let (rule, plan, duration_us) = (rules[written], args.faults.name(), args.duration);
                let searched = Searched { rule, plan, duration_us, searches };
                let line = serde_json::to_string(&searched).map_err(|error| Error::Output(error.into()))?;
                writeln!(out, "{line}")?;
                out.flush()?;
                written += 1;
            }
        }
        Ok(verdict)
    })
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
