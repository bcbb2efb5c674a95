//! `raft-sim`: the simulated world of the Raft Playground, as a command.
//!
//! - [`args`] is the command line, [`error`] what can go wrong, said with its facts.
//! - [`load`] reads scenarios, [`run`] lives one, and writes its trace; [`check`] checks anybody's trace.
//! - `schema` prints [`raft_sim::Scenario::schema`].
//! - [`soak`] lives many, drawn from seeds; [`outcome`] is what each and all of them came to, [`parallel`] how threads share them, [`progress`] how far they are.
//! - [`rules`] switches off rules of Raft and searches for runs that show it; [`cpu_time`] measures how long that takes.
//! - [`explore`] searches step by step, and makes what was found short; [`explore_rules`] measures how soon it finds out that a rule is
//!   switched off, and writes stories as links have them ([`base64`]); [`exhaust`] tries everything in a small world.
//! - [`show`] draws a run: [`show::text`] as lanes, [`show::mermaid`] as a sequence diagram, of what [`show::diagram`] chose.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod args;
mod base64;
mod check;
mod cpu_time;
mod error;
mod exhaust;
mod explore;
mod explore_rules;
mod load;
mod outcome;
mod parallel;
mod progress;
mod rules;
mod run;
mod show;
mod soak;

use std::io::{self, Write};
use std::process::ExitCode;

use args::{Args, Task};
use clap::Parser;
use error::Error;
use serde::Serialize;

/// Whether all was well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    Holds,
    /// A property is violated, or progress that was owed was not made.
    Fails,
}

/// Writes something as a line of JSON.
fn write_line(out: &mut (impl Write + ?Sized), what: &impl Serialize) -> Result<(), Error> {
    let line = serde_json::to_string(what).map_err(|error| Error::Output(error.into()))?;
    Ok(writeln!(out, "{line}")?)
}

fn main() -> ExitCode {
    let task = Args::parse().task;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let done = match task {
        Task::Run(args) => run::run(&args, &mut out),
        Task::Check(args) => check::check(&args, &mut out),
        Task::Soak(args) => soak::soak(&args, &mut out),
        Task::Merge(args) => soak::merge(&args, &mut out),
        Task::Rules(args) => rules::rules(&args, &mut out),
        Task::Explore(args) => explore::explore(&args, &mut out),
        Task::ExploreRules(args) => explore_rules::explore_rules(&args, &mut out),
        Task::Exhaust(args) => exhaust::exhaust(&args, &mut out),
        Task::Shrink(args) => explore::shrink(&args, &mut out),
        Task::Show(args) => show::show(&args, &mut out).map(|()| Verdict::Holds),
        Task::Schema => {
            writeln!(out, "{:#}", raft_sim::Scenario::schema()).map(|()| Verdict::Holds).map_err(Error::from)
        }
    };
    let done = done.and_then(|verdict| out.flush().map(|()| verdict).map_err(Error::from));
    match done {
        Ok(Verdict::Holds) => ExitCode::SUCCESS,
        Ok(Verdict::Fails) => ExitCode::from(args::EXIT_FAILS),
        // Whoever reads has read enough, as `head` does.
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(args::EXIT_ERROR)
        }
    }
}
