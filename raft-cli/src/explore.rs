//! `raft-sim explore` and `raft-sim shrink`: searching for a violation step by step, and making a scenario short.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use raft_sim::Scenario;
use raft_sim::explore::{Ask, Epoch, Found, Goal, On, Search, Shrunk, Story, shorten};
use serde::{Deserialize, Serialize};

use crate::args::{Explore, Shrink, shares_of};
use crate::error::Error;
use crate::parallel::in_parallel;
use crate::progress::progress;
use crate::{Verdict, load, write_line};

/// What one epoch came to, as a line of JSON.
#[derive(Clone, Serialize, Deserialize, Debug)]
struct Line {
    /// Which search: lines of another are refused.
    search: String,
    epoch: u64,
    strategy: String,
    runs: u64,
    actions: u64,
    /// How many states were told apart, where that was counted.
    states: u64,
    /// How many runs violated each property, or reached the goal.
    found: BTreeMap<String, u64>,
}

/// Why the epochs ended before the last one.
enum Stop {
    Found,
    Failed(Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.into())
    }
}

pub(crate) fn explore(args: &Explore, out: &mut impl Write) -> Result<Verdict, Error> {
    let search = search(args)?;
    let name = name(args);
    let mut sum = Sum::default();
    for path in args.out.iter().filter(|path| path.exists()).chain(&args.merge) {
        for line in lines(path, &name)? {
            sum.add(line);
        }
    }
    let merges = !args.merge.is_empty();
    let wanted = |epoch: &u64| !merges && args.shard.holds(*epoch) && !sum.epochs.contains_key(epoch);
    let epochs: Vec<u64> = args.epochs.clone().filter(wanted).collect();
    let mut file = args.out.as_deref().map(crate::soak::append_to).transpose()?;
    let progress = progress(epochs.len(), "{pos} of {len} epochs, {per_sec}");
    let goes_on = args.all || sum.first_find().is_none();
    if goes_on {
        let ended = in_parallel(
            args.jobs,
            &epochs,
            |&epoch| search.epoch(epoch),
            |epoch| {
                progress.inc(1);
                let line = line(&name, &epoch.map_err(|why| Stop::Failed(Error::Scenario(why.to_string())))?);
                let written: &mut dyn Write = match &mut file {
                    Some(file) => file,
                    None => &mut *out,
                };
                if args.json || args.out.is_some() {
                    write_line(written, &line).map_err(Stop::Failed)?;
                    written.flush()?;
                }
                let found = !line.found.is_empty();
                sum.add(line);
                if found && !args.all { Err(Stop::Found) } else { Ok(()) }
            },
        );
        if let Err(Stop::Failed(error)) = ended {
            return Err(error);
        }
    }
    progress.finish_and_clear();
    sum.tell(args);
    let first = sum.first_find();
    if let Some(first) = first {
        tell_the_shortest(&search, first, args, out)?;
    }
    // A state was asked for: it is well that there is one.
    let is_as_wanted = first.is_some() == matches!(args.goal, Goal::Reach(_));
    Ok(if is_as_wanted { Verdict::Holds } else { Verdict::Fails })
}

/// Lives the first epoch that found something once more, makes all that it found short, and tells the shortest.
fn tell_the_shortest(search: &Search, epoch: u64, args: &Explore, out: &mut impl Write) -> Result<(), Error> {
    let unlivable = |why: raft_sim::ScenarioError| Error::Scenario(why.to_string());
    let found = search.epoch(epoch).map_err(unlivable)?.found;
    let Some(Story { scenario, steps, .. }) = shortest_story(search, &found).map_err(unlivable)? else { return Ok(()) };
    if let Some(path) = &args.story {
        write_scenario(path, &scenario)?;
    }
    if args.json {
        return Ok(());
    }
    tell_story(&scenario, &steps, out)
}

/// The shortest of these that can be given times.
pub(crate) fn shortest_story(search: &Search, found: &[Found]) -> Result<Option<Story>, raft_sim::ScenarioError> {
    let mut all: Vec<Shrunk> = found.iter().map(|found| search.shrink(found)).collect::<Result<_, _>>()?;
    all.sort_by_key(|shrunk| shrunk.actions.len());
    for shrunk in all {
        if let Some(story) = shrunk.story()? {
            return Ok(Some(story));
        }
    }
    Ok(None)
}

/// Tells a story: its title, its steps, and what happens in it.
pub(crate) fn tell_story(scenario: &Scenario, steps: &[String], out: &mut impl Write) -> Result<(), Error> {
    writeln!(out, "{}", scenario.title.as_deref().unwrap_or_default())?;
    for (number, step) in (1..).zip(steps) {
        writeln!(out, "{number:>4}. {step}")?;
    }
    Ok(writeln!(out, "{}", scenario.text.as_deref().unwrap_or_default())?)
}

pub(crate) fn write_scenario(path: &Path, scenario: &Scenario) -> Result<(), Error> {
    let json = serde_json::to_string_pretty(scenario).map_err(|error| Error::Output(error.into()))?;
    fs::write(path, json + "\n").map_err(|error| Error::File { path: path.into(), error })
}

fn search(args: &Explore) -> Result<Search, Error> {
    let mut ask = Ask {
        seed: args.seed,
        rules_off: args.rules_off.clone(),
        goal: args.goal.clone(),
        on: args.on.unwrap_or(On::Rule),
        servers: args.servers,
        spares: args.spares,
        actions_max: args.actions,
        ..Ask::default()
    };
    if let Some(shares) = args.shares {
        ask.shares = shares_of(shares);
    }
    ask.search().map_err(|why| Error::Scenario(why.to_string()))
}

/// By what the lines of a search are known.
fn name(args: &Explore) -> String {
    let rules = args.rules_off.iter().map(|rule| rule.name()).collect::<Vec<_>>().join("+");
    let or = |number: Option<u32>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
    let (servers, spares, actions) = (or(args.servers), or(args.spares), or(args.actions));
    let on = On::ALL.iter().find(|&&(_, on)| Some(on) == args.on).map_or("-", |(name, _)| name);
    let shares = args.shares.map_or_else(|| "-".to_owned(), |shares| shares.map(|share| share.to_string()).join(","));
    let goal = if args.goal == Goal::Violation { String::new() } else { format!(", goal {}", args.goal) };
    let seed = args.seed;
    format!("seed {seed}, {on}, {servers} servers, {spares} spares, {actions} steps, {shares}, without {rules}{goal}")
}

fn line(name: &str, epoch: &Epoch) -> Line {
    let mut found = BTreeMap::new();
    for one in &epoch.found {
        let property = one.property.map_or("reached", raft_sim::Property::name);
        *found.entry(property.to_owned()).or_default() += 1;
    }
    let Epoch { number, strategy, runs, actions, states, .. } = *epoch;
    Line { search: name.to_owned(), epoch: number, strategy: strategy.name().to_owned(), runs, actions, states, found }
}

fn lines(path: &Path, name: &str) -> Result<Vec<Line>, Error> {
    let lines: Vec<Line> = load::json_lines(path)?;
    match lines.iter().find(|line| line.search != name) {
        Some(line) => {
            Err(Error::unreadable(path, format!("holds epochs of another search ({}) than this ({name})", line.search)))
        }
        None => Ok(lines),
    }
}

/// What all epochs came to.
#[derive(Default)]
struct Sum {
    epochs: BTreeMap<u64, Line>,
}

impl Sum {
    fn add(&mut self, line: Line) {
        self.epochs.insert(line.epoch, line);
    }

    fn first_find(&self) -> Option<u64> {
        self.epochs.values().find(|line| !line.found.is_empty()).map(|line| line.epoch)
    }

    fn tell(&self, args: &Explore) {
        let (mut runs, mut actions, mut found) = (0, 0, BTreeMap::<&str, u64>::new());
        let mut by_strategy = BTreeMap::<&str, (u64, u64)>::new();
        for line in self.epochs.values() {
            (runs, actions) = (runs + line.runs, actions + line.actions);
            for (property, count) in &line.found {
                *found.entry(property).or_default() += count;
            }
            let (epochs, finds) = by_strategy.entry(&line.strategy).or_default();
            (*epochs, *finds) = (*epochs + 1, *finds + line.found.values().sum::<u64>());
        }
        eprintln!("{} epochs, {runs} runs, {actions} steps", self.epochs.len());
        for (strategy, (epochs, finds)) in by_strategy {
            eprintln!("  {strategy}: {epochs} epochs, {finds} finds");
        }
        for (property, count) in found {
            eprintln!("{count} times {property}");
        }
        let missing = args.epochs.clone().filter(|epoch| !self.epochs.contains_key(epoch)).count();
        if !args.merge.is_empty() && missing > 0 {
            eprintln!("{missing} epochs are missing");
        }
    }
}

/// `raft-sim shrink`: the inputs that a scenario's violation needs.
pub(crate) fn shrink(args: &Shrink, out: &mut impl Write) -> Result<Verdict, Error> {
    let scenario = load::scenario(&args.scenario, None)?;
    let before = scenario.inputs.len();
    let shortened = shorten(&scenario, args.until).map_err(|why| Error::Scenario(why.to_string()))?;
    let Some(property) = shortened.property else {
        eprintln!("nothing is violated within {} ms: nothing to make shorter", args.until / 1_000);
        return Ok(Verdict::Holds);
    };
    let after = shortened.scenario.inputs.len();
    eprintln!("{property}: {before} inputs before, {after} now, {} runs", shortened.replays);
    match &args.out {
        Some(path) => write_scenario(path, &shortened.scenario)?,
        None => {
            let json =
                serde_json::to_string_pretty(&shortened.scenario).map_err(|error| Error::Output(error.into()))?;
            writeln!(out, "{json}")?;
        }
    }
    Ok(Verdict::Fails)
}
