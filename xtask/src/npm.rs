//! npm, for the page's own package and for that of its browser tests.

use crate::error::Error;
use crate::step::step;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// `npm` with its words, in the directory of a package.
pub(crate) fn npm(dir: &Path, words: &[&str]) -> Command {
    // On Windows npm is a script, and scripts are only found by their whole name.
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(words).current_dir(dir);
    npm
}

/// A program that one of the package's dependencies brought.
pub(crate) fn program(dir: &Path, name: &str) -> Command {
    let file = if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() };
    let mut program = Command::new(dir.join("node_modules").join(".bin").join(file));
    program.current_dir(dir);
    program
}

/// Installs the packages that the lock file of `dir` names, unless they stand there already.
pub(crate) fn ensure(dir: &Path, whose: &str) -> Result<(), Error> {
    let manifest = dir.join("package.json");
    if !manifest.is_file() {
        return Err(Error::missing(format!("{}", manifest.display()), "Without it there are no packages to install."));
    }
    let lock = dir.join("package-lock.json");
    if is_current(modified(&lock), modified(&installed_list(dir))) {
        return Ok(());
    }
    // Without a lock file there is nothing that `ci` could install exactly.
    let verb = if lock.is_file() { "ci" } else { "install" };
    step(&format!("Install the npm packages of {whose} (npm {verb})"), |step| {
        // The browser is the system's: Playwright must not fetch another.
        let mut npm = npm(dir, &[verb, "--no-audit", "--no-fund"]);
        step.run(npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?.ok()?;
        Ok(())
    })
}

/// npm writes this list when everything else is in place.
fn installed_list(dir: &Path) -> PathBuf {
    dir.join("node_modules").join(".package-lock.json")
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

fn is_current(lock: Option<SystemTime>, installed: Option<SystemTime>) -> bool {
    matches!((lock, installed), (Some(lock), Some(installed)) if installed >= lock)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn packages_are_current_when_they_were_installed_after_the_lock_file_changed() {
        let early = SystemTime::UNIX_EPOCH;
        let late = early + Duration::from_secs(1);
        assert!(is_current(Some(early), Some(late)));
        assert!(is_current(Some(early), Some(early)));
        assert!(!is_current(Some(late), Some(early)));
        assert!(!is_current(Some(late), None));
        assert!(!is_current(None, Some(late)));
    }

    #[test]
    fn a_directory_without_a_package_is_named() {
        let error = ensure(Path::new("no-such-directory"), "nobody").unwrap_err().to_string();
        assert!(error.contains("package.json is missing"), "{error}");
    }
}
