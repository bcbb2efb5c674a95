//! One measurement, and many of them taken turn about.

use std::fmt;

use crate::clock::thread_cpu_ns;
use crate::contender::Contender;
use crate::heap::Heap;
use crate::scenario::Scenario;

/// What a run in one scenario with a number of servers cost, per entry.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// CPU time in nanoseconds.
    pub ns: f64,
    /// Allocations.
    pub allocations: f64,
    /// Messages between servers.
    pub messages: f64,
}

/// What is run.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// How the commands come.
    pub scenario: Scenario,
    /// How many servers there are.
    pub servers: usize,
    /// Which library.
    pub contender: Contender,
}

impl Case {
    /// Runs it once in a fresh cluster. Starting and dropping the cluster are not counted.
    #[must_use]
    pub fn run(self, entries: usize) -> Cost {
        let mut cluster = self.contender.start(self.servers);
        cluster.prepare(&Scenario::commands());
        let messages = cluster.tally().messages;
        let heap = Heap::now();
        let ns = thread_cpu_ns();
        self.scenario.run(cluster.as_mut(), entries);
        let ns = thread_cpu_ns() - ns;
        let allocations = Heap::now().allocations - heap.allocations;
        let messages = cluster.tally().messages - messages;
        assert_eq!(cluster.tally().applied[0], entries, "the leader must apply all that was proposed");
        let per_entry = |count: u64| count as f64 / entries as f64;
        Cost { ns: per_entry(ns), allocations: per_entry(allocations), messages: per_entry(messages) }
    }
}

/// What several runs of a case cost.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The CPU times in nanoseconds, in the order of the runs.
    runs: Vec<f64>,
    /// The last run's allocations; they hardly differ.
    pub allocations: f64,
    /// The last run's messages; they do not differ.
    pub messages: f64,
}

impl Summary {
    fn of(costs: &[Cost]) -> Self {
        let last = costs.last().expect("there is at least one repetition");
        let runs = costs.iter().map(|cost| cost.ns).collect();
        Self { runs, allocations: last.allocations, messages: last.messages }
    }

    /// The CPU times.
    #[must_use]
    pub fn ns(&self) -> Spread {
        Spread::of(self.runs.clone())
    }

    /// How many times the CPU time of another case: round by round, in which both met the same machine, then the median.
    #[must_use]
    pub fn times(&self, other: &Self) -> f64 {
        Spread::of(self.runs.iter().zip(&other.runs).map(|(own, others)| own / others).collect()).median
    }
}

/// How values lie.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// The least.
    pub least: f64,
    /// The lower quartile.
    pub q1: f64,
    /// The median.
    pub median: f64,
    /// The upper quartile.
    pub q3: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |quarter: usize| values[(values.len() - 1) * quarter / 4];
        Self { least: at(0), q1: at(1), median: at(2), q3: at(3) }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} [{:.0}..{:.0}]", self.median, self.q1, self.q3)
    }
}

/// CPU time that is used before the first measurement: an idle processor takes a while to come to its full speed.
const WARM_UP_NS: u64 = 500_000_000;

/// Runs all cases turn about, so that a disturbance of the machine hits all of them, and sums each up.
#[must_use]
pub fn interleaved(cases: &[Case], entries: usize, repetitions: usize) -> Vec<Summary> {
    let mut runs: Vec<Vec<Cost>> = vec![Vec::new(); cases.len()];
    let start = thread_cpu_ns();
    while thread_cpu_ns() - start < WARM_UP_NS {
        for case in cases {
            let _ = case.run(entries);
        }
    }
    for repetition in 0..repetitions {
        for turn in 0..cases.len() {
            // Each round begins with another case: nobody always follows the same one.
            let at = (turn + repetition) % cases.len();
            runs[at].push(cases[at].run(entries));
        }
    }
    runs.iter().map(|costs| Summary::of(costs)).collect()
}
