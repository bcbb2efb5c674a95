//! What those are promised who build on the crates: they compile as they are packed, with the oldest Rust that they name, and what is
//! public changes no more than the version says.

use crate::error::Error;
use crate::programs;
use crate::setup::Tools;
use crate::step::step;
use crate::toolchain;
use std::process::{Command, Stdio};

const SEMVER_CHECKS: &str = "cargo-semver-checks";
/// It has no say in what is shipped, so its version stands here alone.
const SEMVER_CHECKS_VERSION: &str = "0.51.0";

/// A crate is compiled against the others as they would be published, so these go along. `--allow-dirty`: what is being worked on can be
/// tried too, as nothing leaves this machine.
const AS_PACKED: [&str; 7] =
    ["publish", "--dry-run", "--allow-dirty", "--package", "raft-core", "--package", "raft-sim"];

/// Those of the crates that other Rust calls: raft-cli is called by words, raft-wasm by JavaScript.
const CALLED: [&str; 4] = ["--package", "raft-core", "--package", "raft-sim"];

/// Compiles the crates from what would be published.
pub(crate) fn compile_as_packed(tools: &Tools) -> Result<(), Error> {
    let oldest = tools.workspace.oldest_rust()?;
    let is_in_use = rustc_in_use().is_some_and(|version| version == oldest);
    if !is_in_use {
        step(
            &format!("Install Rust {oldest}, the oldest that the crates promise (rustup toolchain install)"),
            |step| {
                let mut rustup = Command::new("rustup");
                rustup.args(["toolchain", "install", &oldest, "--profile", "minimal"]);
                step.run(&mut rustup)?.ok().map(drop)
            },
        )?;
    }
    step(&format!("Compile the crates as they are packed, with Rust {oldest} (cargo publish --dry-run)"), |step| {
        let mut cargo = Command::new("cargo");
        cargo.args(AS_PACKED).args(["--package", "raft-cli"]).current_dir(tools.workspace.root());
        if !is_in_use {
            cargo.env("RUSTUP_TOOLCHAIN", &oldest);
        }
        step.run(&mut cargo)?.ok().map(drop)
    })?;
    let wasm = tools.wasm()?;
    step("Compile raft-wasm as it is packed (cargo publish --dry-run)", |step| {
        let words = [AS_PACKED.as_slice(), &["--package", "raft-wasm", "--target", toolchain::WASM]].concat();
        step.run(&mut wasm.cargo(&tools.workspace, &words))?.ok().map(drop)
    })
}

/// Compares what is public with what it was at a revision of git.
pub(crate) fn change_as_versioned(tools: &Tools, revision: &str) -> Result<(), Error> {
    let program = programs::cargo_program(SEMVER_CHECKS, SEMVER_CHECKS, SEMVER_CHECKS_VERSION)?.join(SEMVER_CHECKS);
    step(&format!("Compare what is public with {revision} ({SEMVER_CHECKS})"), |step| {
        let mut compare = Command::new(program);
        // It calls cargo, and is called as cargo calls it.
        compare
            .arg("semver-checks")
            .args(CALLED)
            .args(["--baseline-rev", revision])
            .current_dir(tools.workspace.root());
        step.run(&mut compare)?.ok().map(drop)
    })
}

fn rustc_in_use() -> Option<String> {
    let output = Command::new("rustc").arg("--version").stdin(Stdio::null()).output().ok()?;
    version_said(&String::from_utf8_lossy(&output.stdout))
}

/// `rustc 1.95.0 (59807616e 2026-04-14)`.
fn version_said(text: &str) -> Option<String> {
    text.strip_prefix("rustc ")?.split_whitespace().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_in_use_is_known_from_what_the_compiler_says() {
        assert_eq!(version_said("rustc 1.95.0 (59807616e 2026-04-14)\n").as_deref(), Some("1.95.0"));
        assert_eq!(version_said("").as_deref(), None);
        assert!(rustc_in_use().is_some());
    }
}
