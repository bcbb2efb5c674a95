//! `raft-sim exhaust`: trying everything in a small world, up to a bound that is always said.

use std::io::Write;
use std::time::{Duration, Instant};

use raft_sim::explore::{Ended, Exhaustive, Level, Shrunk, SmallWorld, Story, Tally};
use serde::Serialize;

use crate::args::Exhaust;
use crate::error::Error;
use crate::explore::{tell_story, write_scenario};
use crate::parallel::in_parallel;
use crate::progress::progress;
use crate::{Verdict, write_line};

/// How far a search has come, as a line of JSON: one for each level, and one at the end.
#[derive(Serialize)]
struct Line {
    depth: u32,
    all: u64,
    unique: u64,
    /// How many states of the next level were tried, and how many there are.
    beyond: (u64, u64),
    bytes: u64,
    ms: u64,
    per_second: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<Ended>,
    #[serde(skip_serializing_if = "Option::is_none")]
    property: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<String>,
}

impl Line {
    fn of(tally: &Tally, since: Instant) -> Self {
        let &Tally { depth, beyond, all, unique, bytes } = tally;
        let ms = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let per_second = all.saturating_mul(1_000) / ms.max(1);
        Self { depth, all, unique, beyond, bytes, ms, per_second, ended: None, property: None, says: None }
    }

    fn tell(&self) {
        let Self { depth, all, unique, bytes, ms, per_second, .. } = self;
        eprintln!(
            "{depth} steps: {all} states, {unique} different, {ms} ms, {per_second} states/s, {} bytes a different state",
            bytes / (*unique).max(1)
        );
    }
}

pub(crate) fn exhaust(args: &Exhaust, out: &mut impl Write) -> Result<Verdict, Error> {
    let small = SmallWorld {
        noop_on_election: args.noop,
        terms: args.terms,
        writes: args.writes,
        crashes: args.crashes,
        duplicates: args.duplicates,
        symmetry: !args.no_symmetry,
        ..SmallWorld::new(args.servers, &args.rules_off)
    };
    let mut search = Exhaustive::new(small).map_err(|why| Error::Scenario(why.to_string()))?;
    let since = Instant::now();
    let (ended, tally, found) = loop {
        let chunks = search.chunks();
        if chunks.is_empty() || search.tally(None).depth >= args.depth {
            let ended = if chunks.is_empty() { Ended::Nothing } else { Ended::Depth };
            break (ended, search.tally(None), None);
        }
        let mut level = Level::default();
        let known = search.tally(None).bytes;
        let progress = progress(chunks.len(), "{pos} of {len} parts of the next step");
        let stopped = in_parallel(
            args.jobs,
            &chunks,
            |chunk| search.expand(chunk),
            |expanded| {
                progress.inc(1);
                level.take(expanded);
                if level.is_violated() {
                    Err(Ended::Violation)
                } else if known + level.bytes() > args.memory {
                    Err(Ended::Memory)
                } else if since.elapsed() > Duration::from_micros(args.time) {
                    Err(Ended::Time)
                } else {
                    Ok(())
                }
            },
        );
        progress.finish_and_clear();
        if let Err(ended) = stopped {
            break (ended, search.tally(Some(&level)), search.violation(&level));
        }
        search.finish(level);
        let line = Line::of(&search.tally(None), since);
        if args.json {
            write_line(out, &line)?;
            out.flush()?;
        } else {
            line.tell();
        }
    };
    tell(args, &search, (ended, tally, found), since, out)
}

fn tell(
    args: &Exhaust,
    search: &Exhaustive,
    (ended, tally, found): (Ended, Tally, Option<Shrunk>),
    since: Instant,
    out: &mut impl Write,
) -> Result<Verdict, Error> {
    let property = found.as_ref().and_then(|found| Some((found.property?, found.actions.len())));
    let says = search.says(&tally, property);
    let line = Line {
        ended: Some(ended),
        property: property.map(|(property, _)| property.name()),
        says: Some(says.clone()),
        ..Line::of(&tally, since)
    };
    match ended {
        Ended::Memory => eprintln!("ended: more than {} bytes of memory", args.memory),
        Ended::Time => eprintln!("ended: the time is over"),
        Ended::Violation | Ended::Depth | Ended::Nothing => {}
    }
    line.tell();
    if args.json {
        write_line(out, &line)?;
    } else {
        writeln!(out, "{says}")?;
    }
    let Some(found) = found else { return Ok(Verdict::Holds) };
    let story = found.story().map_err(|why| Error::Scenario(why.to_string()))?;
    if let Some(Story { scenario, steps, .. }) = &story {
        if let Some(path) = &args.story {
            write_scenario(path, scenario)?;
        }
        if !args.json {
            tell_story(scenario, steps, out)?;
        }
    }
    Ok(Verdict::Fails)
}
