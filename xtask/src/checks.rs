//! `cargo xtask test`: every check, in the order in which a mistake is found soonest, and one table at the end.

use crate::counts::{self, Counts};
use crate::error::Error;
use crate::setup::Tools;
use crate::step::{Step, logged_step, seconds, step};
use crate::{npm, programs, release, sizes, toolchain};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// The runner's own 20 s are short for a browser that starts on a busy machine.
const WASM_TEST_TIMEOUT_SECONDS: &str = "300";

struct Check {
    name: &'static str,
    about: &'static str,
    /// Installs and builds what the check needs; has lines of its own.
    prepare: fn(&Tools) -> Result<(), Error>,
    run: fn(&Tools, &Step) -> Result<Verdict, Error>,
}

/// What a check that could be run to its end has found.
enum Verdict {
    /// Right or wrong; wrong is an error instead.
    Holds,
    /// Tests ran; the error says which failed.
    Tested(Counts, Option<Error>),
}

const CHECKS: [Check; 11] = [
    Check {
        name: "fmt",
        about: "Rust is formatted (cargo fmt)",
        prepare: |_| Ok(()),
        run: |tools, step| {
            cargo_succeeds(tools, step, &["fmt", "--all", "--check"])?;
            Ok(Verdict::Holds)
        },
    },
    Check {
        name: "clippy",
        about: "No warning in native Rust, with all features and with none (clippy)",
        prepare: |_| Ok(()),
        run: |tools, step| {
            let all = ["--workspace", "--exclude", "raft-wasm", "--all-targets", "--all-features"];
            cargo_succeeds(tools, step, &[&["clippy"], all.as_slice(), &["--", "-D", "warnings"]].concat())?;
            let bare = ["clippy", "--package", "raft-core", "--no-default-features", "--", "-D", "warnings"];
            cargo_succeeds(tools, step, &bare)?;
            Ok(Verdict::Holds)
        },
    },
    Check {
        name: "clippy-wasm",
        about: "No warning in raft-wasm, compiled for wasm32 (clippy)",
        prepare: |tools| tools.wasm().map(drop),
        run: |tools, step| {
            let what =
                ["clippy", "--package", "raft-wasm", "--target", toolchain::WASM, "--all-targets", "--all-features"];
            let words = [what.as_slice(), &["--", "-D", "warnings"]].concat();
            step.run(&mut tools.wasm()?.cargo(&tools.workspace, &words))?.ok()?;
            Ok(Verdict::Holds)
        },
    },
    Check {
        name: "no-std",
        about: "raft-core compiles without std, and depends on nothing",
        prepare: |tools| tools.bare_metal().map(drop),
        run: no_std,
    },
    Check {
        name: "crates",
        about: "The crates can be packed for others, with their licenses (cargo package)",
        prepare: |_| Ok(()),
        run: |tools, step| release::pack(tools, step).map(|_| Verdict::Holds),
    },
    Check {
        name: "native",
        about: "Tests of all crates and of their documentation (cargo test)",
        prepare: |_| Ok(()),
        run: |tools, step| {
            let words = ["test", "--workspace", "--exclude", "raft-wasm", "--no-fail-fast"];
            tested(step, &mut cargo(tools, &words), counts::cargo)
        },
    },
    Check {
        name: "wasm",
        about: "Tests of raft-wasm in a browser (wasm-pack test)",
        prepare: |tools| {
            tools.wasm()?;
            tools.wasm_bindgen()?;
            tools.wasm_pack()?;
            tools.browser().map(drop)
        },
        run: wasm,
    },
    Check {
        name: "types",
        about: "TypeScript of the page and of its tests, strictly (npm run check)",
        prepare: |tools| {
            tools.web_packages()?;
            tools.browser_test_packages()?;
            tools.engine()
        },
        run: |tools, step| {
            for folder in [tools.workspace.web(), tools.workspace.browser_tests()] {
                step.run(&mut npm::npm(&folder, &["run", "check"]))?.ok()?;
            }
            Ok(Verdict::Holds)
        },
    },
    Check {
        name: "web",
        about: "Unit tests of the page (npm test)",
        prepare: |tools| tools.web_packages().and_then(|()| tools.engine()),
        run: |tools, step| tested(step, &mut npm::npm(&tools.workspace.web(), &["test"]), counts::node),
    },
    Check {
        name: "site",
        about: "The site is built, and weighs no more than it may",
        prepare: Tools::site,
        run: |tools, step| {
            let report = sizes::weigh(&tools.workspace.dist())?;
            step.note(report.summary());
            let misses = report.misses();
            if misses.is_empty() {
                Ok(Verdict::Holds)
            } else {
                Err(Error::unfit(format!("OVER BUDGET: {}", misses.join("; ")), "`cargo xtask build` shows all sizes"))
            }
        },
    },
    Check {
        name: "browser",
        about: "The page in a real browser (Playwright)",
        prepare: |tools| {
            tools.browser()?;
            tools.browser_test_packages()?;
            // What the page writes is held against what the command writes.
            step("Compile the command raft-sim (cargo build)", |step| {
                cargo_succeeds(tools, step, &["build", "--profile", "test", "--package", "raft-cli"]).map(drop)
            })?;
            tools.site()
        },
        run: |tools, step| {
            let mut playwright = npm::program(&tools.workspace.browser_tests(), "playwright");
            playwright.arg("test").env("CHROMIUM", tools.browser()?.program);
            tested(step, &mut playwright, counts::playwright)
        },
    },
];

pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|check| check.name)
}

/// Names with what they stand for.
pub(crate) fn list() -> impl Iterator<Item = (&'static str, &'static str)> {
    CHECKS.iter().map(|check| (check.name, check.about))
}

fn cargo(tools: &Tools, words: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(words).current_dir(tools.workspace.root());
    cargo
}

fn cargo_succeeds(tools: &Tools, step: &Step, words: &[&str]) -> Result<String, Error> {
    step.run(&mut cargo(tools, words))?.ok()
}

fn no_std(tools: &Tools, step: &Step) -> Result<Verdict, Error> {
    let (toolchain, options) = tools.bare_metal()?;
    let build = ["build", "--package", "raft-core", "--target", toolchain::BARE, "--no-default-features"];
    for features in [[].as_slice(), &["--features", "serde"]] {
        let mut command = toolchain.cargo(&tools.workspace, &[&build, features, options].concat());
        if !options.is_empty() {
            // The options that build `core` are nightly's; the compiler that understands them is not.
            command.env("RUSTC_BOOTSTRAP", "1");
        }
        step.run(&mut command)?.ok()?;
    }
    let words = ["tree", "--package", "raft-core", "--edges", "normal", "--no-default-features"];
    let output = cargo(tools, &words).output();
    let output =
        output.map_err(|cause| Error::unfit(format!("`cargo tree` could not be run: {cause}"), "see cargo"))?;
    let tree = String::from_utf8_lossy(&output.stdout);
    match tree.lines().count() {
        1 => Ok(Verdict::Holds),
        _ => Err(Error::unfit(format!("raft-core has dependencies:\n{tree}"), "without features it must have none")),
    }
}

fn wasm(tools: &Tools, step: &Step) -> Result<Verdict, Error> {
    let (wasm_pack, wasm_bindgen) = (tools.wasm_pack()?, tools.wasm_bindgen()?);
    let mut command = Command::new(wasm_pack.join("wasm-pack"));
    // wasm-pack takes a driver only from its own options; left alone it would download one.
    command.args(["test", "--headless", "--chrome", "--chromedriver"]).arg(tools.browser()?.driver).arg("raft-wasm");
    command.args(["--features", "explore"]).current_dir(tools.workspace.root());
    tools.wasm()?.prepare(&mut command);
    command.env("PATH", programs::path_with([wasm_pack.as_path(), wasm_bindgen.as_path()])?);
    command.env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TEST_TIMEOUT_SECONDS);
    tested(step, &mut command, counts::cargo)
}

fn tested(step: &Step, command: &mut Command, count: fn(&str) -> Counts) -> Result<Verdict, Error> {
    let finished = step.run(command)?;
    let counted = judged(count(&finished.text), finished.succeeded())?;
    step.note(format!("{} passed, {} failed", counted.passed, counted.failed));
    let error = (counted.failed > 0).then(|| finished.into_error());
    Ok(Verdict::Tested(counted, error))
}

/// A run that ended badly has at least one failure, even when none was counted; one that tested nothing has not passed.
fn judged(counted: Counts, succeeded: bool) -> Result<Counts, Error> {
    match (succeeded, counted) {
        (true, Counts { passed: 0, failed: 0 }) => {
            Err(Error::unfit("no test was run", "a run without tests proves nothing"))
        }
        (false, Counts { passed, failed: 0 }) => Ok(Counts { passed, failed: 1 }),
        _ => Ok(counted),
    }
}

/// One row of the table.
struct Row {
    name: &'static str,
    counts: Option<Counts>,
    failed: bool,
    took: Duration,
}

/// Runs the chosen checks, each whatever became of those before it; `true` where all passed.
pub(crate) fn run(tools: &Tools, chosen: &[&str]) -> bool {
    let rows: Vec<Row> =
        CHECKS.iter().filter(|check| chosen.contains(&check.name)).map(|check| one(tools, check)).collect();
    println!("\n{}", table(&rows));
    rows.iter().all(|row| !row.failed)
}

fn one(tools: &Tools, check: &Check) -> Row {
    let began = Instant::now();
    let verdict = (check.prepare)(tools).and_then(|()| {
        let log = new_log(tools, check.name)?;
        logged_step(check.about, Some(log), |step| match (check.run)(tools, step)? {
            Verdict::Tested(counts, Some(error)) => Ok((Some(counts), Some(error))),
            Verdict::Tested(counts, None) => Ok((Some(counts), None)),
            Verdict::Holds => Ok((None, None)),
        })
    });
    let (counts, error) = verdict.unwrap_or_else(|error| (None, Some(error)));
    if let Some(error) = &error {
        println!("\n{}: {error}\n", check.name);
    }
    Row { name: check.name, counts, failed: error.is_some(), took: began.elapsed() }
}

/// Everything a check's commands print is kept here, also when it succeeds.
fn new_log(tools: &Tools, name: &str) -> Result<PathBuf, Error> {
    let dir = tools.workspace.scratch().join("logs");
    std::fs::create_dir_all(&dir).map_err(|cause| Error::file("create", &dir, cause))?;
    let log = dir.join(format!("{name}.log"));
    std::fs::write(&log, "").map_err(|cause| Error::file("write", &log, cause))?;
    Ok(log)
}

fn table(rows: &[Row]) -> String {
    let mut table = format!("{:<12}  {:<6}  {:>6}  {:>6}  {:>9}\n", "check", "result", "passed", "failed", "time");
    for row in rows {
        let result = if row.failed { "FAILED" } else { "ok" };
        let number = |pick: fn(Counts) -> u64| row.counts.map_or("-".to_owned(), |counts| pick(counts).to_string());
        let (passed, failed) = (number(|counts| counts.passed), number(|counts| counts.failed));
        let took = seconds(row.took);
        table.push_str(&format!("{:<12}  {result:<6}  {passed:>6}  {failed:>6}  {took:>9}\n", row.name));
    }
    let total = total(rows);
    table + &format!("\n{} passed, {} failed", total.passed, total.failed)
}

/// All tests; a check that failed without counting any is one failure more.
fn total(rows: &[Row]) -> Counts {
    rows.iter()
        .map(|row| match row.counts {
            Some(counts) => counts,
            None => Counts { passed: 0, failed: u64::from(row.failed) },
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &'static str, counts: Option<(u64, u64)>, failed: bool) -> Row {
        let counts = counts.map(|(passed, failed)| Counts { passed, failed });
        Row { name, counts, failed, took: Duration::from_millis(1_500) }
    }

    #[test]
    fn the_last_line_counts_tests_and_failed_checks() {
        let rows = [row("fmt", None, true), row("clippy", None, false), row("native", Some((40, 2)), true)];
        let table = table(&rows);
        assert_eq!(table.lines().last().unwrap(), "40 passed, 3 failed");
        assert!(table.contains("fmt           FAILED       -       -      1.5 s\n"), "{table}");
        assert!(table.contains("native        FAILED      40       2      1.5 s\n"), "{table}");
    }

    #[test]
    fn a_run_that_ends_badly_has_failed_even_when_no_failure_was_counted() {
        assert_eq!(judged(Counts { passed: 3, failed: 0 }, false).unwrap(), Counts { passed: 3, failed: 1 });
        assert_eq!(judged(Counts { passed: 3, failed: 2 }, false).unwrap(), Counts { passed: 3, failed: 2 });
        assert_eq!(judged(Counts { passed: 3, failed: 0 }, true).unwrap(), Counts { passed: 3, failed: 0 });
    }

    #[test]
    fn a_run_without_tests_has_not_passed() {
        assert!(judged(Counts::default(), true).is_err());
    }

    #[test]
    fn every_check_has_a_name_of_its_own() {
        let distinct: std::collections::BTreeSet<_> = names().collect();
        assert_eq!(distinct.len(), CHECKS.len());
    }
}
