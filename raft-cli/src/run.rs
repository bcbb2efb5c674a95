//! `raft-sim run`: one life of a scenario, its trace, and how it ends.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use raft_core::{ServerId, Term};
use raft_sim::{Violation, World};
use serde::Serialize;

use crate::args::Run;
use crate::error::Error;
use crate::{Verdict, load, write_line};

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
    let (seed, world) = match &args.trace {
        None => {
            let (seed, mut world) = load::world(&args.scenario, args.seed)?;
            world.observe(false);
            world.advance(args.until, u64::MAX);
            (seed, world)
        }
        Some(path) if path == Path::new("-") => traced(args, out)?,
        Some(path) => {
            let named = |error| Error::File { path: path.clone(), error };
            let mut file = io::BufWriter::new(File::create(path).map_err(named)?);
            let lived = traced(args, &mut file)?;
            file.flush().map_err(named)?;
            lived
        }
    };
    let mut errors = io::stderr();
    let out: &mut dyn Write = if args.trace.as_deref() == Some(Path::new("-")) { &mut errors } else { out };

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
        write_line(out, &ending)?;
    } else {
        write_for_people(&ending, out)?;
    }
    Ok(if ending.violation.is_some() { Verdict::Fails } else { Verdict::Holds })
}

/// So many events are lived before what they wrote down is passed on.
const STEPS: u64 = 10_000;

/// Lives a scenario and writes its trace. The seed, and the world as it ends.
fn traced(args: &Run, out: &mut impl Write) -> Result<(u64, World), Error> {
    let scenario = load::scenario(&args.scenario, args.seed)?;
    let seed = scenario.seed;
    let (mut world, header) = World::traced(scenario).map_err(|why| Error::unreadable(&args.scenario, why))?;
    world.observe(false);
    writeln!(out, "{}", header.to_json())?;
    loop {
        let advanced = world.advance(args.until - world.now().0, STEPS);
        for line in world.take_trace() {
            writeln!(out, "{}", line.to_json())?;
        }
        if advanced.reached || advanced.violation {
            return Ok((seed, world));
        }
    }
}

fn write_for_people(ending: &Ending<'_>, out: &mut dyn Write) -> Result<(), Error> {
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
