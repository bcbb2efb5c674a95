//! What the feature `mutations` adds is not there without it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The optimised machine code of raft-core from a folder of sources, as assembler.
fn machine_code(sources: &Path, with: &[&str]) -> String {
    let assembler = sources.join("raft_core.s");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let status = Command::new(rustc)
        .current_dir(sources)
        .args(["lib.rs", "--crate-name=raft_core", "--crate-type=rlib", "--edition=2024", "--cap-lints=allow"])
        .args(["-Copt-level=3", "-Ccodegen-units=1"])
        .args(with)
        .arg(format!("--emit=asm={}", assembler.display()))
        .status()
        .expect("rustc runs");
    assert!(status.success());
    fs::read_to_string(assembler).unwrap()
}

/// A copy of raft-core's sources, each changed by a function.
fn copy(name: &str, change: impl Fn(String) -> String) -> PathBuf {
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../raft-core/src")).unwrap() {
        let path = entry.unwrap().path();
        fs::write(to.join(path.file_name().unwrap()), change(fs::read_to_string(&path).unwrap())).unwrap();
    }
    to
}

/// Every question whether a rule is followed, answered with `true`. All else stays in its line and column, which panics
/// name.
fn always_followed(source: String) -> String {
    let mut answered = String::new();
    let mut rest = source.as_str();
    while let Some(at) = rest.find("follows(Rule::") {
        let before = rest[..at].trim_end_matches("options.").trim_end_matches("self.");
        let end = at + rest[at..].find(')').expect("the question ends") + 1;
        answered += before;
        answered += &format!("{:1$}", "true", end - before.len());
        rest = &rest[end..];
    }
    answered + rest
}

#[test]
fn without_mutations_the_machine_code_is_that_of_a_server_that_never_asks_for_a_rule() {
    let as_it_is = copy("mutations-as-it-is", |source| source);
    let asks_nothing = copy("mutations-asks-nothing", always_followed);
    assert!(!fs::read_to_string(asks_nothing.join("replication.rs")).unwrap().contains("follows(Rule"));
    let code = machine_code(&as_it_is, &[]);
    // Not assert_eq: nobody wants to read them.
    assert!(code == machine_code(&asks_nothing, &[]), "something of the rules is left");
    assert!(code != machine_code(&as_it_is, &["--cfg=feature=\"mutations\""]), "with the feature they are there");
}
