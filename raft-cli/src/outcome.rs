//! What one run of a soak came to, as a line of JSON; and what all of them came to together.

use std::collections::BTreeMap;
use std::fmt;

use raft_sim::plans::{Lived, Plan, Planned};
use raft_sim::{Calm, Stall, Violation};
use serde::{Deserialize, Serialize};

use crate::Verdict;

/// What one run came to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) plan: String,
    pub(crate) seed: u64,
    /// How long the run was to be, in microseconds of virtual time.
    pub(crate) duration_us: u64,
    pub(crate) verdict: Kind,
    /// What was wrong, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// The property that is violated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) property: Option<String>,
    /// Where the run ended, in microseconds.
    pub(crate) time_us: u64,
    pub(crate) events: u64,
    pub(crate) committed: u64,
    /// How many of their operations clients were answered, and how often it could not be decided whether the answers so far can
    /// be explained.
    pub(crate) answered: u64,
    pub(crate) undecided: u64,
    /// How many inputs of each kind were applied.
    pub(crate) inputs: BTreeMap<String, u64>,
    /// The slowest of its calms, in microseconds: a leader, answers, agreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) slowest_us: Option<[u64; 3]>,
    pub(crate) fingerprint: String,
}

/// In a word, what a run came to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Holds,
    Violated,
    Stalled,
    /// The program itself went wrong.
    Panicked,
    /// There is no such run.
    Unlivable,
}

/// How a run ended.
pub(crate) enum Ended {
    Holds,
    Violated { violation: Violation },
    Stalled { calm: Calm, stall: Stall },
    Panicked,
    Unlivable { why: String },
}

impl Outcome {
    /// Of a run that has no world to look at.
    pub(crate) fn of(plan: Plan, seed: u64, duration_us: u64, ended: Ended) -> Self {
        let (verdict, why, property) = match ended {
            Ended::Holds => (Kind::Holds, None, None),
            Ended::Violated { violation } => {
                (Kind::Violated, Some(violation.text.clone()), Some(violation.property.name().to_owned()))
            }
            Ended::Stalled { calm, stall } => {
                let (from, until) = (calm.from_us / 1_000, calm.until_us / 1_000);
                (Kind::Stalled, Some(format!("in the calm from {from} to {until} ms, {stall}")), None)
            }
            Ended::Panicked => (Kind::Panicked, Some("the program panicked".to_owned()), None),
            Ended::Unlivable { why } => (Kind::Unlivable, Some(why), None),
        };
        Self {
            plan: plan.name().to_owned(),
            seed,
            duration_us,
            verdict,
            why,
            property,
            time_us: 0,
            events: 0,
            committed: 0,
            answered: 0,
            undecided: 0,
            inputs: BTreeMap::new(),
            slowest_us: None,
            fingerprint: String::new(),
        }
    }

    /// Of a run that was lived.
    pub(crate) fn of_lived(plan: Plan, planned: &Planned, lived: &Lived) -> Self {
        let Lived { world, progress, stalled } = lived;
        let ended = match (world.violation(), stalled) {
            (Some(violation), _) => Ended::Violated { violation: violation.clone() },
            (None, Some((calm, stall))) => Ended::Stalled { calm: *calm, stall: stall.clone() },
            (None, None) => Ended::Holds,
        };
        let mut inputs = BTreeMap::new();
        for timed in world.applied() {
            *inputs.entry(timed.input.kind().to_owned()).or_default() += 1;
        }
        let slowest = |a: [u64; 3], b: [u64; 3]| [a[0].max(b[0]), a[1].max(b[1]), a[2].max(b[2])];
        let each = progress.iter().map(|made| [made.leader_us, made.answered_us, made.agreed_us]);
        Self {
            time_us: world.now().0,
            events: world.events(),
            committed: world.committed().0,
            answered: world.linearizability().answered,
            undecided: world.linearizability().undecided,
            inputs,
            slowest_us: each.reduce(slowest),
            fingerprint: format!("{:016x}", world.fingerprint()),
            ..Self::of(plan, planned.scenario.seed, planned.until_us, ended)
        }
    }

    /// As a line of JSON, without its end.
    pub(crate) fn line(&self) -> String {
        // It has no map with keys that are no texts, so it can be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What all runs came to.
#[derive(Default, Debug)]
pub(crate) struct Sum {
    runs: u64,
    events: u64,
    committed: u64,
    answered: u64,
    undecided: u64,
    time_us: u64,
    verdicts: BTreeMap<Kind, u64>,
    inputs: BTreeMap<String, u64>,
    slowest_us: [u64; 3],
    /// Those that did not end well, with their seeds.
    bad: Vec<(u64, String)>,
}

/// How many bad runs are named.
const NAMED_MAX: usize = 20;

impl Sum {
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        self.runs += 1;
        self.events += outcome.events;
        self.committed += outcome.committed;
        self.answered += outcome.answered;
        self.undecided += outcome.undecided;
        self.time_us += outcome.time_us;
        *self.verdicts.entry(outcome.verdict).or_default() += 1;
        for (kind, count) in &outcome.inputs {
            *self.inputs.entry(kind.clone()).or_default() += count;
        }
        for (slowest, &this) in self.slowest_us.iter_mut().zip(outcome.slowest_us.iter().flatten()) {
            *slowest = (*slowest).max(this);
        }
        if outcome.verdict != Kind::Holds && self.bad.len() < NAMED_MAX {
            let property = outcome.property.as_ref().map(|property| format!("{property}: ")).unwrap_or_default();
            self.bad.push((outcome.seed, format!("{property}{}", outcome.why.as_deref().unwrap_or_default())));
        }
    }

    pub(crate) fn verdict(&self) -> Verdict {
        if self.verdicts.keys().all(|&verdict| verdict == Kind::Holds) { Verdict::Holds } else { Verdict::Fails }
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hours = self.time_us / 36_000_000;
        writeln!(
            f,
            "{} runs, {}.{:02} virtual hours, {} events, {} entries committed",
            self.runs,
            hours / 100,
            hours % 100,
            self.events,
            self.committed
        )?;
        writeln!(f, "{} operations answered, {} times undecided", self.answered, self.undecided)?;
        for (kind, count) in &self.inputs {
            writeln!(f, "  {count:>12} {kind}")?;
        }
        let [leader, answered, agreed] = self.slowest_us.map(|us| us / 1_000);
        writeln!(
            f,
            "slowest in a calm: a leader after {leader} ms, answers after {answered} ms, agreement after {agreed} ms"
        )?;
        for (seed, why) in &self.bad {
            writeln!(f, "seed {seed}: {why}")?;
        }
        for (kind, count) in &self.verdicts {
            writeln!(f, "{count} {}", format!("{kind:?}").to_lowercase())?;
        }
        Ok(())
    }
}
