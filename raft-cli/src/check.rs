//! `raft-sim check`: whether a trace keeps Raft's promises, whichever Raft wrote it.

use std::io::Write;

use raft_sim::trace::{Checked, Evidence, LeftOut, OnError, Verdict as Known};
use raft_sim::{Linearizability, Property};
use serde::Serialize;

use crate::args::Check;
use crate::error::Error;
use crate::{Verdict, load, write_line};

/// What a trace came to, as a line of JSON.
#[derive(Serialize, Debug)]
struct Outcome<'a> {
    verdict: &'static str,
    lines: u64,
    facts: u64,
    left_out_count: u64,
    left_out: &'a [LeftOut],
    properties: Vec<Row>,
    evidence: Option<&'a Evidence>,
    linearizability: Linearizability,
}

#[derive(Serialize, Debug)]
struct Row {
    property: Property,
    #[serde(flatten)]
    known: Known,
}

pub(crate) fn check(args: &Check, out: &mut impl Write) -> Result<Verdict, Error> {
    let on_error = if args.keep_going { OnError::LeaveOut } else { OnError::Refuse };
    let checked = load::trace(&args.trace, on_error)?;
    if args.json {
        let outcome = Outcome {
            verdict: if checked.holds() { "holds" } else { "violated" },
            lines: checked.lines,
            facts: checked.facts,
            left_out_count: checked.left_out_count,
            left_out: &checked.left_out,
            properties: checked.verdicts().into_iter().map(|(property, known)| Row { property, known }).collect(),
            evidence: checked.evidence.as_ref(),
            linearizability: checked.linearizability,
        };
        write_line(out, &outcome)?;
    } else {
        write_for_people(&checked, out)?;
    }
    Ok(if checked.holds() { Verdict::Holds } else { Verdict::Fails })
}

fn write_for_people(checked: &Checked, out: &mut impl Write) -> Result<(), Error> {
    writeln!(out, "{} lines, {} facts of {} servers at first", checked.lines, checked.facts, checked.header.servers)?;
    for LeftOut { line, why } in &checked.left_out {
        writeln!(out, "left out: line {line}: {why}")?;
    }
    let unnamed = checked.left_out_count - checked.left_out.len() as u64;
    if unnamed > 0 {
        writeln!(out, "left out: {unnamed} more")?;
    }
    for (property, known) in checked.verdicts() {
        let (word, rest) = match known {
            Known::Holds { but } if but.is_empty() => ("holds", String::new()),
            Known::Holds { but } => ("holds", format!(", but for {}", but.join("; "))),
            Known::Violated => ("violated", String::new()),
            Known::NotChecked { because } => ("not checked", format!(": {because}")),
        };
        writeln!(out, "{:<28} {word}{rest}", property.name())?;
    }
    match &checked.evidence {
        Some(Evidence { line, violation, lines }) => {
            writeln!(out, "line {line}: {violation}")?;
            let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
            writeln!(out, "see lines {}", lines.join(", "))?;
            if checked.left_out_count > 0 {
                writeln!(out, "Lines were left out; it may be that they are what is missing.")?;
            }
        }
        None => writeln!(out, "nothing that was checked is violated")?,
    }
    Ok(())
}
