//! The command line.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use raft_core::Rule;
use raft_sim::explore::{Goal, On, Shares, SmallWorld};
use raft_sim::plans::Plan;

/// The exit code when a property is violated, or progress that was owed was not made.
pub(crate) const EXIT_FAILS: u8 = 1;
/// The exit code when there is no verdict.
pub(crate) const EXIT_ERROR: u8 = 2;

/// Runs Raft clusters in a simulated world, and says whether they kept Raft's promises.
#[derive(Parser, Debug)]
#[command(name = "raft-sim", version, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) task: Task,
}

const EXIT_CODES: &str = "Exit codes: 0 all properties hold, 1 one does not, 2 there is no verdict (wrong arguments, \
    unreadable files).";

#[derive(Subcommand, Debug)]
pub(crate) enum Task {
    /// Lives a scenario and says how it ends.
    Run(Run),
    /// Checks a trace, whichever Raft wrote it.
    Check(Check),
    /// Lives many runs drawn from seeds, and says how each ends.
    #[command(after_help = SOAK_HELP)]
    Soak(Soak),
    /// Says what several soaks, such as the shards of one, came to together.
    Merge(Merge),
    /// Switches off one rule of Raft after another, and says how soon random runs find that out.
    #[command(after_help = RULES_HELP)]
    Rules(Rules),
    /// Searches for a violation step by step, in any order in which things could happen, and tells its shortest story.
    #[command(after_help = EXPLORE_HELP)]
    Explore(Explore),
    /// Switches off one rule of Raft after another, and says how soon a search step by step finds that out.
    #[command(after_help = EXPLORE_RULES_HELP)]
    ExploreRules(ExploreRules),
    /// Tries everything that can happen in a small world, up to a number of steps.
    #[command(after_help = EXHAUST_HELP)]
    Exhaust(Exhaust),
    /// Leaves out inputs of a scenario as long as it violates the same property.
    Shrink(Shrink),
    /// Draws a run: who sent what to whom, and what came of it.
    Show(Show),
    /// Prints the JSON Schema of scenarios, for editors and other programs.
    Schema,
}

const EXPLORE_HELP: &str = "\
The work is cut into epochs of 64 runs. Each rests on nothing but the arguments and its number, so however many share the work,
the same is found. It ends with the first epoch that finds something (--all goes on), and that epoch's shortest story is told.
Without --on, a single rule that is switched off is looked for where it shows soonest.

A --goal may be a state instead of a violation: two_leaders, split_vote_thrice, overwritten_entry, leader_without_contact,
figure_8_c, or an expression such as 'any(L: L.leads and L.term < term) and committed > 1' (docs/goals.md). Of such a goal the exit
code says whether it was reached: 0 if so, 1 if not.

One shard a task of a Slurm array:
  #SBATCH --array=0-99
  raft-sim explore --on all --all --epochs 0..1000000 --shard $SLURM_ARRAY_TASK_ID/100 --jobs $SLURM_CPUS_PER_TASK \\
    --out explore-$SLURM_ARRAY_TASK_ID.jsonl
or a pod of a Kubernetes Indexed Job (completions: 100):
  raft-sim explore --on all --all --epochs 0..1000000 --shard $JOB_COMPLETION_INDEX/100 --out /data/$JOB_COMPLETION_INDEX.jsonl
and then, to see whether all epochs are there and what they came to:
  raft-sim explore --on all --all --epochs 0..1000000 --merge explore-*.jsonl";

const EXHAUST_HELP: &str = "\
Breadth first: a violation that is found could not be found in fewer steps. What it says at the end always names the bound that was
reached, and what is not in it. A message that is lost is one that never arrives, so losses take no step. The exit code is 0
when nothing was found, wherever it ended.";

const RULES_HELP: &str = "\
Each rule is a line of JSON: for each search the first seed, how many runs there were, the processor time that they took, and
what the last one broke. The exit code is 1 if a search was given up.";

const EXPLORE_RULES_HELP: &str = "\
Each rule is a line of JSON: for each search its seed, how many runs and steps there were, the processor time that they took, the
property that was violated, how many steps the story has once it is short, and the time that took; and the shortest story of all, as
the page's links have it behind #r=. The exit code is 1 if a search was given up.";

const SOAK_HELP: &str = "\
Each run is a line of JSON with its verdict. With --out a soak that was stopped goes on where it was.

One shard a task of a Slurm array:
  #SBATCH --array=0-99
  raft-sim soak --seeds 0..1000000 --faults swarm --shard $SLURM_ARRAY_TASK_ID/100 --jobs $SLURM_CPUS_PER_TASK \\
    --out soak-$SLURM_ARRAY_TASK_ID.jsonl
or a pod of a Kubernetes Indexed Job (completions: 100):
  raft-sim soak --seeds 0..1000000 --faults swarm --shard $JOB_COMPLETION_INDEX/100 --out /data/$JOB_COMPLETION_INDEX.jsonl
and then, to see whether all seeds are there and what they came to:
  raft-sim merge --seeds 0..1000000 soak-*.jsonl";

/// Lives many runs drawn from seeds, and says how each ends.
#[derive(clap::Args, Debug)]
pub(crate) struct Soak {
    /// Which seeds, the last one excluded.
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    pub(crate) seeds: Range<u64>,
    /// What goes wrong in them.
    #[arg(long, value_name = "PLAN", default_value = "swarm", value_parser = plan())]
    pub(crate) faults: Plan,
    /// How long each run is, such as `60s`, in virtual time.
    #[arg(long, default_value = "60s", value_parser = duration_us)]
    pub(crate) duration: u64,
    /// How many run at a time; all processors by default.
    #[arg(long)]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Only the seeds of this shard: I of N, counted from 0.
    #[arg(long, value_name = "I/N", default_value = "0/1")]
    pub(crate) shard: Shard,
    /// Rules of Raft that no server follows, by their names, to see what finds that out.
    #[arg(long, value_name = "RULE,...", value_delimiter = ',', value_parser = rule)]
    pub(crate) rules_off: Vec<Rule>,
    /// Adds the lines to this file, and passes over the seeds that it holds already.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
}

/// Switches off one rule of Raft after another, and says how soon random runs find that out.
#[derive(clap::Args, Debug)]
pub(crate) struct Rules {
    /// Only these rules, by their names.
    #[arg(value_name = "RULE", value_parser = rule)]
    pub(crate) rules: Vec<Rule>,
    /// What goes wrong beside.
    #[arg(long, value_name = "PLAN", default_value = "hunt", value_parser = plan())]
    pub(crate) faults: Plan,
    /// How long each run is, in virtual time.
    #[arg(long, default_value = "10s", value_parser = duration_us)]
    pub(crate) duration: u64,
    /// How many searches there are for each rule, a million seeds apart.
    #[arg(long, default_value = "5")]
    pub(crate) searches: NonZeroUsize,
    /// After how many runs a search is given up.
    #[arg(long, default_value = "1000000", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(crate) runs_max: u64,
    /// After how much processor time a search is given up.
    #[arg(long, default_value = "60s", value_parser = duration_us)]
    pub(crate) cpu_max: u64,
    /// How many searches run at a time; all processors by default.
    #[arg(long)]
    pub(crate) jobs: Option<NonZeroUsize>,
}

/// Searches for a violation step by step, in any order in which things could happen, and tells its shortest story.
#[derive(clap::Args, Debug)]
pub(crate) struct Explore {
    /// Rules of Raft that no server follows, by their names.
    #[arg(long, value_name = "RULE,...", value_delimiter = ',', value_parser = rule)]
    pub(crate) rules_off: Vec<Rule>,
    /// What is looked for: `violation`, a property's name, a goal's name, or an expression such as `leaders > 1`.
    #[arg(long, value_name = "GOAL", default_value = "violation")]
    pub(crate) goal: Goal,
    /// Where all chance comes from.
    #[arg(long, default_value = "0")]
    pub(crate) seed: u64,
    /// Which epochs, the last one excluded.
    #[arg(long, value_name = "A..B", default_value = "0..10000", value_parser = seeds)]
    pub(crate) epochs: Range<u64>,
    /// What there is in it.
    #[arg(long, value_name = "WHAT", value_parser = on())]
    pub(crate) on: Option<On>,
    /// How many servers vote at first.
    #[arg(long)]
    pub(crate) servers: Option<u32>,
    /// How many more there are that may come to vote.
    #[arg(long)]
    pub(crate) spares: Option<u32>,
    /// How many steps a run has at most.
    #[arg(long)]
    pub(crate) actions: Option<u32>,
    /// How large a share of the epochs each strategy has: swarm, weighted, larger moves, links by priorities, coverage.
    #[arg(long, value_name = "N,N,N,N,N", value_parser = shares)]
    pub(crate) shares: Option<[u32; 5]>,
    /// How many epochs run at a time; all processors by default.
    #[arg(long)]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Only the epochs of this shard: I of N, counted from 0.
    #[arg(long, value_name = "I/N", default_value = "0/1")]
    pub(crate) shard: Shard,
    /// Goes on to the last epoch whatever is found.
    #[arg(long)]
    pub(crate) all: bool,
    /// Adds a line of JSON for each epoch to this file, and passes over the epochs that it holds already.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// Searches no further, but says what these files of lines came to together.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "out")]
    pub(crate) merge: Vec<PathBuf>,
    /// Writes the shortest story to this file, as a scenario.
    #[arg(long, value_name = "FILE")]
    pub(crate) story: Option<PathBuf>,
    /// Prints a line of JSON for each epoch instead of the story.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Tries everything that can happen in a small world, up to a number of steps.
#[derive(clap::Args, Debug)]
pub(crate) struct Exhaust {
    /// How many servers there are, 1 to 4.
    #[arg(long, default_value = "3")]
    pub(crate) servers: u32,
    /// How many steps there are at most.
    #[arg(long, default_value = "10", value_parser = clap::value_parser!(u32).range(1..=i64::from(SmallWorld::DEPTH_MAX)))]
    pub(crate) depth: u32,
    /// Rules of Raft that no server follows, by their names.
    #[arg(long, value_name = "RULE,...", value_delimiter = ',', value_parser = rule)]
    pub(crate) rules_off: Vec<Rule>,
    /// The latest term that a server stands for, 1 to 7.
    #[arg(long, default_value = "3")]
    pub(crate) terms: u32,
    /// How many things clients write.
    #[arg(long, default_value = "1")]
    pub(crate) writes: u32,
    /// How many times a server crashes.
    #[arg(long, default_value = "0")]
    pub(crate) crashes: u32,
    /// How many times a message is doubled.
    #[arg(long, default_value = "0")]
    pub(crate) duplicates: u32,
    /// Each leader begins its term with an entry.
    #[arg(long)]
    pub(crate) noop: bool,
    /// Counts states in which servers have changed places apart.
    #[arg(long)]
    pub(crate) no_symmetry: bool,
    /// How much memory the states may take, such as `512MB` or `8GB`.
    #[arg(long, value_name = "SIZE", default_value = "2GB", value_parser = size)]
    pub(crate) memory: u64,
    /// How long it may take, such as `10min`.
    #[arg(long, value_name = "TIME", default_value = "10min", value_parser = duration_us)]
    pub(crate) time: u64,
    /// How many threads share the work; as many as there are processors by default.
    #[arg(long)]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Writes the shortest story to this file, as a scenario.
    #[arg(long, value_name = "FILE")]
    pub(crate) story: Option<PathBuf>,
    /// Prints a line of JSON for each step that is done, and one for what came of it, instead of the text.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A number of bytes.
fn size(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 3] = [("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)];
    let found = UNITS.iter().find_map(|&(unit, bytes)| Some((text.strip_suffix(unit)?, bytes)));
    let parsed = found.and_then(|(number, bytes)| number.trim_end().parse::<u64>().ok()?.checked_mul(bytes));
    let expected = || "expected a whole number and a unit: kB, MB or GB, such as 8GB; at most 1000000GB".to_owned();
    parsed.filter(|&bytes| bytes <= 1_000_000_000_000_000).ok_or_else(expected)
}

/// What there is in a search, by its name.
fn on() -> impl TypedValueParser<Value = On> {
    let about = [
        "what shows the absence of the rule that is switched off soonest",
        "elections, writes, crashes, and a network that loses and doubles messages",
        "Pre-Vote, CheckQuorum, leases, snapshots, changes of members and clocks as well",
        "with all features and without those that are optional, few servers and more, slow disks too",
    ];
    let values = On::ALL.iter().zip(about).map(|((name, _), about)| PossibleValue::new(*name).help(about));
    // Whatever else is not let through.
    PossibleValuesParser::new(values)
        .map(|name| On::ALL.iter().find(|(known, _)| *known == name).map_or(On::Rule, |&(_, on)| on))
}

fn shares(text: &str) -> Result<[u32; 5], String> {
    let numbers: Option<Vec<u32>> = text.split(',').map(|number| number.parse().ok()).collect();
    let shares = numbers.and_then(|numbers| <[u32; 5]>::try_from(numbers).ok());
    let fits =
        |shares: &[u32; 5]| shares.iter().any(|&share| share > 0) && shares.iter().all(|&share| share <= 1_000_000);
    shares
        .filter(fits)
        .ok_or_else(|| "expected five whole numbers up to 1000000, not all 0, such as 20,10,60,5,5".to_owned())
}

/// Switches off one rule of Raft after another, and says how soon a search step by step finds that out.
#[derive(clap::Args, Debug)]
pub(crate) struct ExploreRules {
    /// Only these rules, by their names.
    #[arg(value_name = "RULE", value_parser = rule)]
    pub(crate) rules: Vec<Rule>,
    /// The seeds of the searches for each rule, the last one excluded.
    #[arg(long, value_name = "A..B", default_value = "0..20", value_parser = seeds)]
    pub(crate) seeds: Range<u64>,
    /// After how much processor time a search is given up.
    #[arg(long, default_value = "10s", value_parser = duration_us)]
    pub(crate) cpu_max: u64,
    /// How large a share of the epochs each strategy has: swarm, weighted, larger moves, links by priorities, coverage.
    #[arg(long, value_name = "N,N,N,N,N", value_parser = shares)]
    shares: Option<[u32; 5]>,
    /// How many searches run at a time; all processors by default.
    #[arg(long)]
    pub(crate) jobs: Option<NonZeroUsize>,
}

impl ExploreRules {
    pub(crate) fn shares(&self) -> Shares {
        self.shares.map_or_else(Shares::default, shares_of)
    }
}

/// The shares as they stand on the command line.
pub(crate) const fn shares_of([swarm, weighted, macros, priorities, coverage]: [u32; 5]) -> Shares {
    Shares { swarm, weighted, macros, priorities, coverage }
}

/// Leaves out inputs of a scenario as long as it violates the same property.
#[derive(clap::Args, Debug)]
pub(crate) struct Shrink {
    /// The scenario, in JSON; `-` reads it from the standard input.
    pub(crate) scenario: PathBuf,
    /// Within which time it is violated, in virtual time.
    #[arg(long, default_value = "60s", value_parser = duration_us)]
    pub(crate) until: u64,
    /// Writes what is left to this file rather than to the standard output.
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
}

/// Says what several soaks, such as the shards of one, came to together.
#[derive(clap::Args, Debug)]
pub(crate) struct Merge {
    /// What `soak` has written.
    #[arg(required = true)]
    pub(crate) results: Vec<PathBuf>,
    /// Which seeds must be there, the last one excluded.
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    pub(crate) seeds: Option<Range<u64>>,
}

/// A plan by its name.
fn plan() -> impl TypedValueParser<Value = Plan> {
    let values = Plan::ALL.iter().map(|plan| PossibleValue::new(plan.name()).help(plan.about()));
    // Whatever else is not let through.
    PossibleValuesParser::new(values)
        .map(|name| Plan::ALL.iter().copied().find(|plan| plan.name() == name).unwrap_or(Plan::Calm))
}

/// A part of all seeds: those that leave `at` when divided by `of`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shard {
    at: u64,
    of: u64,
}

impl Shard {
    pub(crate) const fn holds(self, seed: u64) -> bool {
        seed % self.of == self.at
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let (at, of) = text.split_once('/')?;
            Some(Self { at: at.parse().ok()?, of: of.parse().ok()? })
        };
        let shard = parse().filter(|shard| shard.at < shard.of);
        shard.ok_or_else(|| "expected I/N with I from 0 to N - 1, such as 0/8".to_owned())
    }
}

/// The largest range of seeds.
const SEEDS_MAX: u64 = 1_000_000_000;

fn seeds(text: &str) -> Result<Range<u64>, String> {
    let parse = || {
        let (first, end) = text.split_once("..")?;
        Some(first.parse().ok()?..end.parse().ok()?)
    };
    let fits =
        |seeds: &Range<u64>| seeds.start < seeds.end && seeds.end <= 1 << 53 && seeds.end - seeds.start <= SEEDS_MAX;
    let expected = "expected A..B with A below B, at most 2^53, and at most a billion seeds, such as 0..1000";
    parse().filter(fits).ok_or_else(|| expected.to_owned())
}

fn rule(name: &str) -> Result<Rule, String> {
    let found = Rule::ALL.iter().find(|rule| rule.name() == name);
    let names = || Rule::ALL.iter().map(|rule| rule.name()).collect::<Vec<_>>().join(", ");
    found.copied().ok_or_else(|| format!("expected one of {}", names()))
}

/// Lives a scenario and says how it ends.
#[derive(clap::Args, Debug)]
pub(crate) struct Run {
    /// The scenario, in JSON; `-` reads it from the standard input.
    pub(crate) scenario: PathBuf,
    /// Another seed than the scenario's: another life under the same conditions.
    #[arg(long, value_parser = clap::value_parser!(u64).range(..1 << 53))]
    pub(crate) seed: Option<u64>,
    /// How long it lives, such as `90s`, `250ms` or `10min`, in virtual time.
    #[arg(long, default_value = "60s", value_parser = duration_us)]
    pub(crate) until: u64,
    /// Writes down what happens, a line for each event, as docs/trace.md has it; `-` writes it to the standard output, and
    /// how the run ends to the standard error.
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Prints one line of JSON instead.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Checks a trace, whichever Raft wrote it.
#[derive(clap::Args, Debug)]
pub(crate) struct Check {
    /// The trace, in JSON Lines as docs/trace.md has them; `-` reads it from the standard input.
    pub(crate) trace: PathBuf,
    /// Leaves out lines that cannot be read or cannot be true, and checks the rest.
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Prints one line of JSON instead.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Draws a run: who sent what to whom, and what came of it.
#[derive(clap::Args, Debug)]
pub(crate) struct Show {
    /// The scenario, in JSON; `-` reads it from the standard input.
    pub(crate) scenario: PathBuf,
    /// Another seed than the scenario's.
    #[arg(long, value_parser = clap::value_parser!(u64).range(..1 << 53))]
    pub(crate) seed: Option<u64>,
    /// The first moment that is drawn.
    #[arg(long, default_value = "0s", value_parser = duration_us)]
    pub(crate) from: u64,
    /// The last.
    #[arg(long, default_value = "2s", value_parser = duration_us)]
    pub(crate) until: u64,
    /// As what.
    #[arg(long, value_enum, default_value_t = As::Text)]
    pub(crate) r#as: As,
    /// Draws every decision, timers included, rather than those that change something.
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum As {
    /// Lanes of characters, one event a line.
    Text,
    /// A sequence diagram in Mermaid's language.
    Mermaid,
}

/// A span of time, in microseconds.
pub(crate) fn duration_us(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 5] =
        [("us", 1), ("ms", 1_000), ("min", 60_000_000), ("h", 3_600_000_000), ("s", 1_000_000)];
    let found = UNITS.iter().find_map(|&(unit, us)| Some((text.strip_suffix(unit)?, us)));
    let parsed = found.and_then(|(number, us)| number.trim_end().parse::<u64>().ok()?.checked_mul(us));
    let expected = || "expected a whole number and a unit: us, ms, s, min or h, such as 90s; at most 285 years";
    parsed.filter(|&us| us < 1 << 53).ok_or_else(|| expected().to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn seeds_and_shards_are_read_strictly() {
        assert_eq!(seeds("5..9"), Ok(5..9));
        for text in ["", "5", "9..5", "5..5", "0..9007199254740993", "0..2000000000", "a..b", "0..=4"] {
            assert!(seeds(text).is_err(), "{text}");
        }
        let shards: Vec<Shard> = ["0/3", "1/3", "2/3"].iter().map(|text| text.parse().unwrap()).collect();
        for seed in 0..20 {
            assert_eq!(shards.iter().filter(|shard| shard.holds(seed)).count(), 1, "{seed}");
        }
        for text in ["", "3/3", "0/0", "1", "-1/3", "1/3/5"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }

    #[test]
    fn shares_are_five_numbers() {
        assert_eq!(shares("20,10,60,5,5"), Ok([20, 10, 60, 5, 5]));
        for text in ["", "1,2,3,4", "1,2,3,4,5,6", "0,0,0,0,0", "1,2,3,4,-5", "1,2,3,4,2000000", "a,b,c,d,e"] {
            assert!(shares(text).unwrap_err().contains("such as 20,10,60,5,5"), "{text}");
        }
    }

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [("1kB", 1_000), ("512MB", 512_000_000), ("8 GB", 8_000_000_000)] {
            assert_eq!(size(text), Ok(bytes));
        }
        for text in ["", "5", "GB", "-1GB", "1.5GB", "8TB", "99999999999999999999kB", "1000001GB"] {
            assert!(size(text).unwrap_err().contains("a unit: kB, MB or GB"), "{text}");
        }
    }

    #[test]
    fn spans_have_units() {
        for (text, us) in
            [("7us", 7), ("250ms", 250_000), ("90s", 90_000_000), ("10 min", 600_000_000), ("2h", 7_200_000_000)]
        {
            assert_eq!(duration_us(text), Ok(us));
        }
        for text in ["", "s", "5", "-1s", "1.5s", "5 days", "9007199254740992us", "99999999999999999999s"] {
            assert!(duration_us(text).unwrap_err().contains("a unit: us, ms, s"), "{text}");
        }
    }
}
