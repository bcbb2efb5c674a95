//! `raft-sim run`: one life of a scenario, and how it ends.

use std::io::Write;

use raft_core::{ServerId, Term};
use raft_sim::Violation;
use serde::Serialize;

use crate::args::Run;
use crate::error::Error;
use crate::{Verdict, load};

/// How a run ended.
#[derive(Serialize, Debug)]
struct Ending<'a> {
    seed: u64,
    time_us: u64,
    events: u64,
    committed: u64,
    leader: Option<(ServerId, Term)>,
    fingerprint: String,
    violation: Option<&'a Violation>,
}

pub(crate) fn run(args: &Run, out: &mut impl Write) -> Result<Verdict, Error> {
    let (seed, mut world) = load::world(&args.scenario, args.seed)?;
    world.observe(false);
    world.advance(args.until, u64::MAX);

    let ending = Ending {
        seed,
        time_us: world.now().0,
        events: world.events(),
        committed: world.committed().0,
        leader: world.leader().map(|server| (server.id(), server.current_term())),
        fingerprint: format!("{:016x}", world.fingerprint()),
        violation: world.violation(),
    };
    if args.json {
        let line = serde_json::to_string(&ending).map_err(|error| Error::Output(error.into()))?;
        writeln!(out, "{line}")?;
    } else {
        write_for_people(&ending, out)?;
    }
    Ok(if ending.violation.is_some() { Verdict::Fails } else { Verdict::Holds })
}

fn write_for_people(ending: &Ending<'_>, out: &mut impl Write) -> Result<(), Error> {
    let Ending { seed, time_us, events, committed, leader, fingerprint, violation } = ending;
    writeln!(out, "seed         {seed}")?;
    writeln!(out, "time         {} ms", milliseconds(*time_us))?;
    writeln!(out, "events       {events}")?;
    writeln!(out, "committed    {committed} entries")?;
    match leader {
        Some((leader, term)) => writeln!(out, "leader       {leader} in term {term}")?,
        None => writeln!(out, "leader       nobody")?,
    }
    writeln!(out, "fingerprint  {fingerprint}")?;
    match violation {
        Some(violation) => writeln!(out, "verdict      {violation}")?,
        None => writeln!(out, "verdict      every property holds")?,
    }
    Ok(())
}

/// Microseconds as milliseconds with three digits behind the point.
pub(crate) fn milliseconds(us: u64) -> String {
    format!("{}.{:03}", us / 1_000, us % 1_000)
}
