//! The example `three_threads`, as a process: it ends by itself, survives being killed, and says what is wrong with a disk.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing has failed, which is the point")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// `cargo test` builds a crate's examples beside its tests; no variable says where.
fn example() -> Command {
    let program = std::env::current_exe().unwrap();
    let program = program.parent().unwrap().with_file_name("examples").join("three_threads");
    let program = program.with_extension(std::env::consts::EXE_EXTENSION);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/three_threads.rs");
    let built = fs::metadata(&program).and_then(|metadata| metadata.modified()).ok();
    let written = fs::metadata(source).unwrap().modified().unwrap();
    assert!(
        built.is_some_and(|built| built >= written),
        "the example is not built from its source as it is; `cargo test -p raft-core` does that"
    );
    Command::new(program)
}

/// A new directory for three disks.
fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    path
}

/// Runs it to its end; its lines.
fn lines(directory: &Path, puts: &[&str]) -> Vec<String> {
    let output = example().arg(directory).args(puts).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text.lines().map(str::to_owned).collect()
}

/// The commands that it says are committed, in order.
fn committed(lines: &[String]) -> Vec<&str> {
    lines.iter().filter_map(|line| line.strip_prefix("committed: ")).collect()
}

#[test]
fn all_three_apply_what_a_leader_was_sent_and_a_second_life_goes_on_from_the_disks() {
    let directory = directory("three-threads");
    let first = lines(&directory, &["x=1", "y=2"]);
    assert!(first.contains(&"S1 starts in term 0 with 0 entries".to_owned()), "{first:?}");
    assert!(first.iter().any(|line| line.ends_with(" leads")), "{first:?}");
    assert_eq!(committed(&first), ["1 x=1", "2 y=2"]);
    assert_eq!(first.last().unwrap(), "all three have applied: 1 x=1, 2 y=2");

    let second = lines(&directory, &["x=3"]);
    assert!(!second.iter().any(|line| line.contains("starts in term 0")), "{second:?}");
    assert_eq!(second.last().unwrap(), "all three have applied: 1 x=1, 2 y=2, 3 x=3");
}

#[test]
fn what_was_committed_before_it_was_killed_is_there_afterwards() {
    let directory = directory("three-threads-killed");
    let puts: Vec<String> = (0..100).map(|at| format!("k{at}={at}")).collect();
    let mut kept: Vec<String> = Vec::new();
    for life in 0..4 {
        let mut child = example().arg(&directory).args(&puts).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        // Whoever leads has applied, and said so, what was committed in the lives before. Now it is sent the commands.
        let mut seen: Vec<String> = output.by_ref().take_while(|line| !line.ends_with(" leads")).collect();
        std::thread::sleep(Duration::from_millis(120 * life));
        // On a fast disk it may have ended already, which does no harm.
        let _ = child.kill();
        child.wait().unwrap();
        seen.extend(output);
        let seen: Vec<String> = committed(&seen).into_iter().map(str::to_owned).collect();
        assert!(seen.starts_with(&kept), "life {life} has lost some of {kept:?}: {seen:?}");
        kept = seen;
    }
    assert!(kept.len() > 1, "no life has come as far as to commit anything: {kept:?}");
    let last = lines(&directory, &["end=1"]);
    let all = last.last().unwrap().strip_prefix("all three have applied: ").unwrap();
    let all: Vec<&str> = all.split(", ").collect();
    assert_eq!(all[..kept.len()], kept);
    let numbered = all.iter().zip(1..).all(|(command, number)| command.starts_with(&format!("{number} ")));
    assert!(numbered, "each is applied once, in order: {all:?}");
    assert!(all.last().unwrap().ends_with(" end=1"), "{all:?}");
}

#[test]
fn a_save_that_was_torn_goes_as_a_whole_and_one_that_cannot_be_read_is_named() {
    let directory = directory("three-threads-torn");
    lines(&directory, &["x=1"]);
    let disk = directory.join("S2.disk");
    let whole = fs::read_to_string(&disk).unwrap();
    fs::write(&disk, format!("{whole}9\t2\t1\t9\t\t1 x=t")).unwrap();
    let again = lines(&directory, &["y=2"]);
    // The first election may have taken more than one term.
    let (term, _) = whole.lines().last().unwrap().split_once('\t').unwrap();
    assert!(again.iter().any(|line| line.starts_with(&format!("S2 starts in term {term} with "))), "{again:?}");
    assert_eq!(again.last().unwrap(), "all three have applied: 1 x=1, 2 y=2");

    fs::write(&disk, format!("{whole}nine\t2\t1\n")).unwrap();
    let output = example().arg(&directory).output().unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("S2.disk: `nine"), "{error}");
    assert!(error.contains("is no save"), "{error}");
}

#[test]
fn a_command_that_stands_in_the_log_twice_is_applied_once() {
    let directory = directory("three-threads-twice");
    fs::create_dir_all(&directory).unwrap();
    for id in 1..=3 {
        fs::write(directory.join(format!("S{id}.disk")), "1\t1\t1\t1\t\t1 x=1\t1 x=1\t2 y=2\n").unwrap();
    }
    let lines = lines(&directory, &["z=3"]);
    assert_eq!(lines.last().unwrap(), "all three have applied: 1 x=1, 2 y=2, 3 z=3");
}
