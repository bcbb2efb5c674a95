//! `cargo xtask`: everything one does with the Raft Playground, as one command each.
//!
//! - [`args`] reads the command line, [`error`] is what can go wrong, said with its facts.
//! - [`workspace`] knows where things are, [`step`] runs a piece of work and says how long it took.
//! - [`toolchain`], [`programs`], [`apt`] and [`npm`] install what is missing; [`setup`] remembers what was looked at.
//! - [`site`] builds `dist/`, skipping what [`stamp`] finds unchanged; [`sizes`] weighs it.
//! - [`release`] packs crates and site, and puts all that is given to others into `release/`; [`promises`] holds the crates to theirs.
//! - [`http`] decides what a request is answered with, [`serve`] moves the bytes.
//! - [`checks`] is `cargo xtask test`; [`counts`] reads how many tests ran.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that unwraps nothing has failed, which is the point"))]

mod apt;
mod args;
mod checks;
mod counts;
mod error;
mod http;
mod npm;
mod programs;
mod promises;
mod release;
mod serve;
mod setup;
mod site;
mod sizes;
mod stamp;
mod step;
mod toolchain;
mod workspace;

use args::Request;
use error::Error;
use setup::Tools;
use std::process::ExitCode;
use workspace::Workspace;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match args::parse(&words).and_then(run) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(request: Request) -> Result<ExitCode, Error> {
    match request {
        Request::Help(text) => println!("{text}"),
        Request::Serve { port, dir } => {
            let dir = match dir {
                Some(dir) => dir,
                None => Workspace::find()?.dist(),
            };
            serve::serve(&dir, port, false)?;
        }
        Request::Setup { test } => {
            let tools = Tools::new(Workspace::find()?);
            setup::everything(&tools, test)?;
            println!("Set-up is complete.");
        }
        Request::Build => {
            let tools = Tools::new(Workspace::find()?);
            site::build(&tools)?;
            println!("\n{}", sizes::weigh(&tools.workspace.dist())?);
            println!("The site is in {}.", tools.workspace.dist().display());
        }
        Request::Dist { since } => release::make(&Tools::new(Workspace::find()?), since.as_deref())?,
        Request::Play { port, open } => {
            let tools = Tools::new(Workspace::find()?);
            site::build(&tools)?;
            serve::serve(&tools.workspace.dist(), port, open)?;
        }
        Request::Test { chosen } => {
            let tools = Tools::new(Workspace::find()?);
            if !checks::run(&tools, &chosen) {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
