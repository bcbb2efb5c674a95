//! Programs on this machine, and the two that cargo builds for wasm: wasm-bindgen and wasm-pack.

use crate::error::Error;
use crate::step::step;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// wasm-pack has no say in what is shipped, so its version stands here alone.
pub(crate) const WASM_PACK_VERSION: &str = "0.15.1";

/// Finds or installs a program that cargo builds, in exactly this version; returns the directory it is in.
pub(crate) fn cargo_program(package: &str, program: &str, version: &str) -> Result<PathBuf, Error> {
    if let Some(found) = find_program(&[program]).filter(|path| is_version(path, version)) {
        return Ok(found.parent().map(Path::to_path_buf).unwrap_or_default());
    }
    // Not into cargo's own directory, where another project may rely on another version.
    let root = cache_directory()?.join(format!("{package}-{version}"));
    let bin = root.join("bin");
    if is_version(&bin.join(executable(program)), version) {
        return Ok(bin);
    }
    step(&format!("Install {package} {version} (cargo install, once)"), |step| {
        let install = |more: &[&str]| {
            let mut cargo = Command::new("cargo");
            // These programs work for a second and take minutes to optimise: unoptimised is faster in all.
            cargo.args(["install", "--force", "--config", "profile.release.opt-level=0", "--version", version]);
            cargo.arg("--root").arg(&root).args(more).arg(package);
            step.run(&mut cargo)
        };
        if !install(&["--locked"])?.succeeded() {
            // A registry mirror may lack a version that the package's own lock file names: then any that fits will do.
            install(&[])?.ok()?;
        }
        Ok(bin)
    })
}

fn is_version(program: &Path, version: &str) -> bool {
    let output = Command::new(program).arg("--version").stdin(Stdio::null()).output();
    output.is_ok_and(|output| says_version(&String::from_utf8_lossy(&output.stdout), version))
}

/// `wasm-bindgen 0.2.130` or `wasm-bindgen 0.2.130 (a1b2c3d4)`.
fn says_version(text: &str, version: &str) -> bool {
    text.split_whitespace().nth(1) == Some(version)
}

/// The first of the names that is a program on PATH.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    names
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |dir| dir.join(executable(name))))
        .find(|candidate| candidate.is_file())
}

fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

/// PATH with directories put in front of it.
pub(crate) fn path_with<'a>(dirs: impl IntoIterator<Item = &'a Path>) -> Result<OsString, Error> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = dirs.into_iter().map(Path::to_path_buf).chain(std::env::split_paths(&path));
    std::env::join_paths(all)
        .map_err(|cause| Error::unfit(cause.to_string(), "no directory on PATH may contain its separator"))
}

/// Shared by every checkout of the project, so that a second one starts quickly.
fn cache_directory() -> Result<PathBuf, Error> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library").join("Caches"))
    } else {
        variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache")))
    };
    base.map(|base| base.join("raft-playground")).ok_or_else(|| {
        Error::missing("A directory for tools", "Set HOME (LOCALAPPDATA on Windows) to one that can be written.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_must_match_exactly() {
        assert!(says_version("wasm-bindgen 0.2.130\n", "0.2.130"));
        assert!(says_version("wasm-bindgen 0.2.130 (a1b2c3d4)\n", "0.2.130"));
        assert!(!says_version("wasm-bindgen 0.2.13\n", "0.2.130"));
        assert!(!says_version("", "0.2.130"));
    }

    #[test]
    fn programs_are_found_on_path_and_tools_go_in_front_of_it() {
        assert!(find_program(&["no-such-program-anywhere", "cargo"]).is_some());
        assert!(find_program(&["no-such-program-anywhere"]).is_none());
        let path = path_with([Path::new("first")]).unwrap();
        assert_eq!(std::env::split_paths(&path).next().unwrap(), Path::new("first"));
    }
}
