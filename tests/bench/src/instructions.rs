//! Instructions per entry, counted by valgrind: unlike time, the same on a busy machine and on an idle one.

use std::process::Command;

use crate::measure::Case;

/// The entries of the two runs whose difference is taken, so that starting and dropping a cluster cancel out. Vectors that
/// grow by doubling grow once between them.
const FEW: u64 = 3_000;
const MANY: u64 = 6_000;

/// Instructions per entry.
///
/// # Errors
/// When valgrind cannot be run or does not count.
pub fn per_entry(case: Case) -> Result<f64, String> {
    let (few, many) = (run(case, FEW)?, run(case, MANY)?);
    Ok((many.saturating_sub(few)) as f64 / (MANY - FEW) as f64)
}

/// Runs this program under valgrind, with only this case.
fn run(case: Case, entries: u64) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| format!("this program cannot find itself: {error}"))?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["once", "--contender", case.contender.name(), "--scenario", case.scenario.name()])
        .args(["--servers", &case.servers.to_string(), "--entries", &entries.to_string()])
        .output()
        .map_err(|error| format!("valgrind cannot be run ({error}); on Debian: apt-get install valgrind"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split("Collected : ").nth(1));
    match collected.and_then(|count| count.trim().parse().ok()) {
        Some(count) if output.status.success() => Ok(count),
        _ => Err(format!("valgrind did not count:\n{said}")),
    }
}
