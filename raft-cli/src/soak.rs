//! `raft-sim soak`: many runs drawn from seeds, each with its verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use raft_core::Rule;
use raft_sim::plans::{Plan, Planned};

use crate::Verdict;
use crate::args::{Merge, Soak};
use crate::error::Error;
use crate::load;
use crate::outcome::{Ended, Outcome, Sum};
use crate::parallel::in_parallel;
use crate::progress::progress;

pub(crate) fn soak(args: &Soak, out: &mut impl Write) -> Result<Verdict, Error> {
    let mut sum = Sum::default();
    let done = match &args.out {
        Some(path) => resumed(path, args, &mut sum)?,
        None => BTreeSet::new(),
    };
    let seeds: Vec<u64> = args.seeds.clone().filter(|&seed| args.shard.holds(seed) && !done.contains(&seed)).collect();
    let mut file = args.out.as_deref().map(append_to).transpose()?;
    let lines: &mut dyn Write = match &mut file {
        Some(file) => file,
        None => out,
    };
    let progress = progress(seeds.len(), "{pos} of {len} runs, {per_sec}");
    let work = |&seed: &u64| live(args.faults, seed, args.duration, &args.rules_off);
    let ended = in_parallel(args.jobs, &seeds, work, |outcome| {
        progress.inc(1);
        sum.add(&outcome);
        writeln!(lines, "{}", outcome.line())?;
        // So that whoever stops the command loses nothing of what is done.
        lines.flush()
    });
    progress.finish_and_clear();
    ended?;
    eprint!("{sum}");
    Ok(sum.verdict())
}

/// One run, whatever becomes of it.
pub(crate) fn live(plan: Plan, seed: u64, until_us: u64, rules_off: &[Rule]) -> Outcome {
    let planned = plan.run(seed, until_us, rules_off);
    // A panic is a mistake of this program, and one run's mistake must not take the others with it.
    catch_unwind(AssertUnwindSafe(|| live_planned(plan, &planned)))
        .unwrap_or_else(|_| Outcome::of(plan, seed, until_us, Ended::Panicked))
}

fn live_planned(plan: Plan, planned: &Planned) -> Outcome {
    match planned.live() {
        Ok(lived) => Outcome::of_lived(plan, planned, &lived),
        Err(why) => {
            Outcome::of(plan, planned.scenario.seed, planned.until_us, Ended::Unlivable { why: why.to_string() })
        }
    }
}

/// What an earlier soak has left in a file: the seeds that are done. Lines of other plans or durations are refused.
fn resumed(path: &Path, args: &Soak, sum: &mut Sum) -> Result<BTreeSet<u64>, Error> {
    if !path.exists() {
        return Ok(BTreeSet::new());
    }
    let mut done = BTreeSet::new();
    for outcome in load::outcomes(path)? {
        if (outcome.plan.as_str(), outcome.duration_us) != (args.faults.name(), args.duration) {
            let found = format!("runs of plan {} over {} us", outcome.plan, outcome.duration_us);
            return Err(Error::unreadable(path, format!("holds {found}, which are none of this soak")));
        }
        if args.seeds.contains(&outcome.seed) && done.insert(outcome.seed) {
            sum.add(&outcome);
        }
    }
    Ok(done)
}

/// A file to which lines are added. What a soak that was stopped left of a line goes first.
pub(crate) fn append_to(path: &Path) -> Result<File, Error> {
    let named = |error| Error::File { path: path.into(), error };
    let file = OpenOptions::new().create(true).append(true).open(path).map_err(named)?;
    let whole = fs::read(path).map_err(named)?.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    file.set_len(whole as u64).map_err(named)?;
    Ok(file)
}

/// `raft-sim merge`: what several soaks, such as the shards of one, came to together.
pub(crate) fn merge(args: &Merge, out: &mut impl Write) -> Result<Verdict, Error> {
    let (mut sum, mut known) = (Sum::default(), BTreeMap::new());
    for path in &args.results {
        for outcome in load::outcomes(path)? {
            let run = (outcome.plan.clone(), outcome.duration_us, outcome.seed);
            match known.get(&run) {
                None => {
                    sum.add(&outcome);
                    known.insert(run, outcome.fingerprint);
                }
                // The same run again, as when a shard was started twice; it must have come to the same.
                Some(fingerprint) if *fingerprint == outcome.fingerprint => {}
                Some(fingerprint) => {
                    let why = format!("seed {} ends with {}, elsewhere with {fingerprint}", run.2, outcome.fingerprint);
                    return Err(Error::unreadable(path, why));
                }
            }
        }
    }
    write!(out, "{sum}")?;
    if let Some(seeds) = &args.seeds {
        let there: BTreeSet<u64> = known.keys().map(|run| run.2).collect();
        let missing: Vec<u64> = seeds.clone().filter(|seed| !there.contains(seed)).collect();
        if let Some(first) = missing.first() {
            writeln!(out, "{} seeds are missing, the first is {first}", missing.len())?;
            return Ok(Verdict::Fails);
        }
    }
    Ok(sum.verdict())
}
