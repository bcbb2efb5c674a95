//! Debian's packages: installed where that is possible without asking anybody, named where it is not.

use crate::error::Error;
use crate::step::{Finished, Step, step};
use std::process::{Command, Stdio};

/// Whether packages can be installed here: a Debian, and the rights to do so.
pub(crate) fn is_usable() -> bool {
    let id = Command::new("id").arg("-u").stdin(Stdio::null()).output();
    let is_root = id.is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    is_root && Command::new("apt-get").arg("--version").stdin(Stdio::null()).output().is_ok()
}

/// Installs those of the packages that are missing; `why` completes "Install ..., ".
pub(crate) fn ensure(packages: &[&str], why: &str) -> Result<(), Error> {
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if !is_usable() {
        return Err(Error::missing(
            format!("What Debian calls {names}"),
            format!("It is needed {why}. On Debian or Ubuntu: sudo apt-get install --no-install-recommends {names}"),
        ));
    }
    step(&format!("Install {names} {why}"), |step| {
        if !install(step, &missing)?.succeeded() {
            // Lists that are absent (a fresh container) or name files that the mirror has since replaced.
            step.run(Command::new("apt-get").arg("update"))?.ok()?;
            install(step, &missing)?.ok()?;
        }
        Ok(())
    })
}

fn install(step: &Step, packages: &[&str]) -> Result<Finished, Error> {
    step.run(
        Command::new("apt-get")
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status}", package])
        .stdin(Stdio::null())
        .output()
        .is_ok_and(|output| output.stdout == b"installed")
}
