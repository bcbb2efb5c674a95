//! The command line: runs what is asked for and prints it as Markdown.

use std::process::ExitCode;

use raft_bench::{Case, Contender, Counting, Scenario, bytes_per_entry, instructions_per_entry, interleaved};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const USAGE: &str = "\
usage: cargo run --release -- [time | instructions | memory] [options]

  time            CPU time, allocations and messages per entry (the default)
  instructions    instructions per entry, under valgrind
  memory          bytes that an entry keeps in each server's log

  --contender NAME     only this one; may be given several times. Names:
                       raft-core, raft-core-reported, raft-core-eager, raft, raft-lazy, raft-batch, raft-batch-lazy, raft-together,
                       omnipaxos, omnipaxos-batch, noraft
  --scenario one|batch only this one
  --servers 3|5        only this number
  --entries N          entries per run (time: 20000, memory: 100000)
  --repetitions N      runs of each case (time: 15)
  --quick              time: 2000 entries, 5 repetitions";

struct Arguments {
    command: String,
    contenders: Vec<Contender>,
    scenarios: Vec<Scenario>,
    servers: Vec<usize>,
    entries: Option<usize>,
    repetitions: Option<usize>,
    quick: bool,
}

fn main() -> ExitCode {
    let result = read(std::env::args().skip(1)).and_then(|arguments| match arguments.command.as_str() {
        "time" => time(&arguments),
        "instructions" => instructions(&arguments),
        "memory" => memory(&arguments),
        "once" => once(&arguments),
        "help" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("unknown command {other:?}\n\n{USAGE}")),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn read(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments {
        command: "time".to_owned(),
        contenders: Vec::new(),
        scenarios: Vec::new(),
        servers: Vec::new(),
        entries: None,
        repetitions: None,
        quick: false,
    };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} wants a value\n\n{USAGE}"));
        match word.as_str() {
            "--quick" => arguments.quick = true,
            "--contender" => arguments.contenders.push(named(&Contender::ALL, Contender::name, &value()?)?),
            "--scenario" => arguments.scenarios.push(named(&Scenario::ALL, Scenario::name, &value()?)?),
            "--servers" => arguments.servers.push(number(&value()?)?),
            "--entries" => arguments.entries = Some(number(&value()?)?),
            "--repetitions" => arguments.repetitions = Some(number(&value()?)?),
            "--help" | "-h" => arguments.command = "help".to_owned(),
            option if option.starts_with('-') => return Err(format!("unknown option {option}\n\n{USAGE}")),
            command => arguments.command = command.to_owned(),
        }
    }
    if arguments.contenders.is_empty() {
        arguments.contenders = Contender::ALL.to_vec();
    }
    if arguments.scenarios.is_empty() {
        arguments.scenarios = Scenario::ALL.to_vec();
    }
    if arguments.servers.is_empty() {
        arguments.servers = vec![3, 5];
    }
    Ok(arguments)
}

fn named<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str, wanted: &str) -> Result<T, String> {
    let known = || all.iter().map(|&one| name(one)).collect::<Vec<_>>().join(", ");
    all.iter().copied().find(|&one| name(one) == wanted).ok_or_else(|| format!("{wanted:?} is none of {}", known()))
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|&number| number > 0).ok_or(format!("{text:?} is no number from 1"))
}

impl Arguments {
    /// What is run, table by table.
    fn cases(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        for &scenario in &self.scenarios {
            for &servers in &self.servers {
                cases.extend(self.contenders.iter().map(|&contender| Case { scenario, servers, contender }));
            }
        }
        cases
    }
}

fn time(arguments: &Arguments) -> Result<(), String> {
    let (entries, repetitions) = if arguments.quick { (2_000, 5) } else { (20_000, 15) };
    let entries = arguments.entries.unwrap_or(entries);
    let repetitions = arguments.repetitions.unwrap_or(repetitions);
    let cases = arguments.cases();
    let summaries = interleaved(&cases, entries, repetitions);
    println!("Per committed entry; {repetitions} runs of {entries} entries; time is the thread's CPU time.");
    for (cases, summaries) in cases.chunks(arguments.contenders.len()).zip(summaries.chunks(arguments.contenders.len()))
    {
        println!("\n### {}, {} servers\n", cases[0].scenario.title(), cases[0].servers);
        println!("| | ns, median [q1..q3] | least ns | allocations | messages | times raft-core |");
        println!("| --- | ---: | ---: | ---: | ---: | ---: |");
        let rows = || cases.iter().zip(summaries);
        let ours = rows().find(|(case, _)| case.contender == Contender::Ours).map(|(_, summary)| summary);
        for (case, summary) in rows() {
            let times = ours.map_or("–".to_owned(), |ours| format!("{:.2}", summary.times(ours)));
            let (title, ns, least) = (case.contender.title(), summary.ns(), summary.ns().least);
            let (allocations, messages) = (summary.allocations, summary.messages);
            println!("| {title} | {ns} | {least:.0} | {allocations:.2} | {messages:.2} | {times} |");
        }
    }
    Ok(())
}

fn instructions(arguments: &Arguments) -> Result<(), String> {
    table(arguments, "Instructions per committed entry.", |case| Ok(format!("{:.0}", instructions_per_entry(case)?)))
}

fn memory(arguments: &Arguments) -> Result<(), String> {
    let entries = arguments.entries.unwrap_or(100_000);
    let about = format!("Bytes kept per entry and server after {entries} entries, the command's own not counted.");
    table(arguments, &about, |case| Ok(format!("{:.1}", bytes_per_entry(case, entries))))
}

/// One value for each case: a row for each contender, a column for each scenario and number of servers.
fn table(
    arguments: &Arguments,
    about: &str,
    mut value: impl FnMut(Case) -> Result<String, String>,
) -> Result<(), String> {
    let mut columns = Vec::new();
    for &scenario in &arguments.scenarios {
        columns.extend(arguments.servers.iter().map(|&servers| (scenario, servers)));
    }
    println!("{about}\n");
    let titles = columns.iter().map(|(scenario, servers)| format!(" {}, {servers} servers |", scenario.title()));
    println!("| |{}", titles.collect::<String>());
    println!("| --- |{}", " ---: |".repeat(columns.len()));
    for &contender in &arguments.contenders {
        let mut row = format!("| {} |", contender.title());
        for &(scenario, servers) in &columns {
            row.push_str(&format!(" {} |", value(Case { scenario, servers, contender })?));
        }
        println!("{row}");
    }
    Ok(())
}

/// What `instructions` runs under valgrind.
fn once(arguments: &Arguments) -> Result<(), String> {
    for case in arguments.cases() {
        let _ = case.run(arguments.entries.unwrap_or(1_000));
    }
    Ok(())
}
