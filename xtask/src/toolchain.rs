//! Rust for targets other than this machine.
//!
//! The ordinary way to a target is `rustup target add`. Where rustup cannot download, Debian helps: it packages the
//! compiler together with the standard library's source, so the library can be built here. That needs nightly's
//! `-Zbuild-std`, which a stable compiler allows under RUSTC_BOOTSTRAP; and `lto` later needs the library's bitcode,
//! which cargo leaves out unless told otherwise. The result goes where the compiler looks for it, and rustup knows the
//! whole as the toolchain `debian`. Everything native keeps the toolchain that is in use.

use crate::apt;
use crate::error::Error;
use crate::step::{Finished, Step, step};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

pub(crate) const WASM: &str = "wasm32-unknown-unknown";
/// Small, common, and without an operating system: what compiles for it needs no `std`.
pub(crate) const BARE: &str = "thumbv7em-none-eabi";

/// As rustup knows the system's compiler.
const DEBIAN: &str = "debian";
const DEBIAN_PACKAGES: [&str; 5] = ["rustc-web", "libstd-rust-web-dev", "cargo-web", "rust-web-src", "rust-web-clippy"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_WASM_LIBRARY: &str = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";
/// The scratch crate whose dependencies are the standard library; its own (empty) library is not copied.
const CARRIER: &str = "carries_the_standard_library";

/// With another way open, a download that hangs is given up soon; without one, a slow line is waited for.
const DOWNLOAD_PATIENCE: Duration = Duration::from_secs(60);
const DOWNLOAD_PATIENCE_WITHOUT_FALLBACK: Duration = Duration::from_secs(10 * 60);

/// How cargo is to be called for a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The one in use has the target.
    InUse,
    /// Debian's, which brings no linker for wasm: rustup's toolchain lends its own.
    Debian { linker: PathBuf },
}

impl Toolchain {
    /// A cargo command for a target other than this machine.
    pub(crate) fn cargo(&self, workspace: &Workspace, words: &[&str]) -> Command {
        let mut cargo = Command::new("cargo");
        cargo.args(words).current_dir(workspace.root());
        self.prepare(&mut cargo);
        cargo
    }

    /// Sets the environment for a command that calls cargo itself.
    pub(crate) fn prepare(&self, command: &mut Command) {
        // Either variable would replace the linker's memory cap in .cargo/config.toml.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        if let Self::Debian { linker } = self {
            command
                .env("RUSTUP_TOOLCHAIN", DEBIAN)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                // cargo points it at the libraries of the toolchain in use, which are another compiler's.
                .env_remove("LD_LIBRARY_PATH");
        }
    }
}

/// Finds or makes a toolchain that compiles for wasm32.
pub(crate) fn for_wasm(workspace: &Workspace) -> Result<Toolchain, Error> {
    let probe = Probe::new(workspace, WASM, "pub fn probe() -> String { String::new() }\n")?;
    if probe.passes(&mut Command::new("rustc")) {
        return Ok(Toolchain::InUse);
    }
    let debian = Toolchain::Debian { linker: borrowed_linker()? };
    if debian_passes(&probe, &debian) {
        return Ok(debian);
    }
    let fallback = apt::is_usable();
    match rustup_adds(WASM, if fallback { DOWNLOAD_PATIENCE } else { DOWNLOAD_PATIENCE_WITHOUT_FALLBACK }) {
        Ok(()) if probe.passes(&mut Command::new("rustc")) => return Ok(Toolchain::InUse),
        _ if fallback => {}
        Ok(()) => {
            return Err(Error::unfit(
                format!("rustup has added {WASM}, but the `rustc` on PATH does not know it"),
                "put rustup's directory (~/.cargo/bin) in front of other Rust compilers on PATH",
            ));
        }
        Err(error) => return Err(by_hand(&error)),
    }
    make_debian_toolchain(workspace, &probe)?;
    if debian_passes(&probe, &debian) {
        return Ok(debian);
    }
    Err(Error::unfit(
        format!("the toolchain `{DEBIAN}` was set up but does not compile for {WASM}"),
        format!("see what `RUSTUP_TOOLCHAIN={DEBIAN} rustc --target {WASM}` says"),
    ))
}

/// A toolchain for a target without `std`, and cargo's options for it.
pub(crate) type BareMetal = (Toolchain, &'static [&'static str]);

/// Finds how to compile for a target without `std`; `wasm` has shown which ways are open.
pub(crate) fn for_bare_metal(workspace: &Workspace, wasm: &Toolchain) -> Result<BareMetal, Error> {
    let probe = Probe::new(workspace, BARE, "#![no_std]\nextern crate alloc;\n")?;
    let in_use = (Toolchain::InUse, [].as_slice());
    if probe.passes(&mut Command::new("rustc")) {
        return Ok(in_use);
    }
    if let Toolchain::Debian { .. } = wasm {
        // The core library alone takes seconds: it is built along with what needs it, and kept nowhere.
        return Ok((wasm.clone(), ["-Zbuild-std=core,alloc"].as_slice()));
    }
    rustup_adds(BARE, DOWNLOAD_PATIENCE_WITHOUT_FALLBACK)?;
    Ok(in_use)
}

/// Asks a compiler to compile a few words for a target: the only answer that is never out of date.
struct Probe {
    target: &'static str,
    source: PathBuf,
}

impl Probe {
    fn new(workspace: &Workspace, target: &'static str, text: &str) -> Result<Self, Error> {
        let source = workspace.scratch().join(format!("probe-{target}.rs"));
        write(&source, text)?;
        Ok(Self { target, source })
    }

    fn passes(&self, rustc: &mut Command) -> bool {
        rustc
            .args(["--crate-name", "probe", "--crate-type", "lib", "--target", self.target, "--emit"])
            .arg(format!("metadata={}", self.source.with_extension("rmeta").display()))
            .arg(&self.source)
            .stdin(Stdio::null())
            .output()
            .is_ok_and(|output| output.status.success())
    }
}

fn debian_passes(probe: &Probe, debian: &Toolchain) -> bool {
    let mut rustc = Command::new("rustc");
    debian.prepare(&mut rustc);
    probe.passes(&mut rustc)
}

/// Asks rustup for a target. That it cannot download is a remark on the step's line: there may be another way.
fn rustup_adds(target: &str, limit: Duration) -> Result<(), Error> {
    step(&format!("Add the Rust target {target} (rustup target add)"), |step| {
        let mut rustup = Command::new("rustup");
        let added = step.run_within(limit, rustup.args(["target", "add", target])).and_then(Finished::ok);
        if added.is_err() {
            step.note("but rustup could not");
        }
        Ok(added.map(drop))
    })?
}

fn by_hand(refusal: &Error) -> Error {
    Error::missing(
        format!("{refusal}\nRust's standard library for {WASM}"),
        format!(
            "`rustup target add {WASM}` installs it where rustup can download. Where it cannot, a Debian on which this \
             command is run as root builds it from Debian's own packages."
        ),
    )
}

/// rust-lld lies in the directory of the toolchain in use.
fn borrowed_linker() -> Result<PathBuf, Error> {
    let asked = |words: &[&str]| -> Result<String, Error> {
        let output = Command::new("rustc").args(words).stdin(Stdio::null()).output();
        let output =
            output.map_err(|_| Error::missing("The program `rustc`", "Install Rust by rustup (https://rustup.rs)."))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let sysroot = asked(&["--print", "sysroot"])?;
    let version = asked(&["-vV"])?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    Ok(Path::new(sysroot.trim()).join("lib").join("rustlib").join(host).join("bin").join("rust-lld"))
}

fn make_debian_toolchain(workspace: &Workspace, probe: &Probe) -> Result<(), Error> {
    apt::ensure(&DEBIAN_PACKAGES, "to compile for wasm32, since rustup could not download that target")?;
    if !probe.passes(Command::new(DEBIAN_RUSTC).env_remove("LD_LIBRARY_PATH")) {
        step("Build Rust's standard library for wasm32 from Debian's source of it", |step| {
            copy_library(&build_standard_library(step, workspace)?, Path::new(DEBIAN_WASM_LIBRARY))
        })?;
    }
    step(&format!("Make Debian's Rust known to rustup as the toolchain `{DEBIAN}`"), |step| {
        step.run(Command::new("rustup").args(["toolchain", "link", DEBIAN, "/usr"]))?.ok().map(drop)
    })
}

/// Returns the directory in which the libraries of a crate for wasm32, and so all of `std`, were left.
fn build_standard_library(step: &Step, workspace: &Workspace) -> Result<PathBuf, Error> {
    let dir = workspace.scratch().join("wasm-std");
    // `[workspace]` keeps cargo from taking this for a forgotten member of the workspace around it.
    let manifest = format!(
        "[package]\nname = \"{CARRIER}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[profile.release]\nlto = \"fat\"\n\n[workspace]\n"
    );
    write(&dir.join("Cargo.toml"), &manifest)?;
    write(&dir.join("src").join("lib.rs"), "#![no_std]\n")?;
    let target = dir.join("target");
    // What an earlier compiler left here would be copied along.
    if target.exists() {
        std::fs::remove_dir_all(&target).map_err(|cause| Error::file("empty", &target, cause))?;
    }
    let mut cargo = Command::new(DEBIAN_CARGO);
    cargo
        .args(["build", "--release", "--target", WASM, "-Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test"])
        .current_dir(&dir)
        .env("RUSTC", DEBIAN_RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", borrowed_linker()?)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("LD_LIBRARY_PATH");
    step.run(&mut cargo)?.ok()?;
    Ok(target.join(WASM).join("release").join("deps"))
}

/// Replaces the libraries in `to` by those in `from`, so that an interrupted copy is never mistaken for a whole one.
fn copy_library(from: &Path, to: &Path) -> Result<(), Error> {
    let partial = to.with_file_name("lib.partial");
    if partial.exists() {
        std::fs::remove_dir_all(&partial).map_err(|cause| Error::file("remove", &partial, cause))?;
    }
    std::fs::create_dir_all(&partial).map_err(|cause| Error::file("create", &partial, cause))?;
    for entry in std::fs::read_dir(from).map_err(|cause| Error::file("list", from, cause))? {
        let path = entry.map_err(|cause| Error::file("list", from, cause))?.path();
        let name = path.file_name().unwrap_or_default();
        if is_library_of_std(&name.to_string_lossy()) {
            std::fs::copy(&path, partial.join(name)).map_err(|cause| Error::file("copy", &path, cause))?;
        }
    }
    // Libraries of two compilers side by side would be two candidates for one crate.
    if to.exists() {
        std::fs::remove_dir_all(to).map_err(|cause| Error::file("remove", to, cause))?;
    }
    std::fs::rename(&partial, to).map_err(|cause| Error::file("move into place", to, cause))
}

fn is_library_of_std(file_name: &str) -> bool {
    file_name.ends_with(".rlib") && !file_name.starts_with(&format!("lib{CARRIER}-"))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|cause| Error::file("create", parent, cause))?;
    }
    std::fs::write(path, text).map_err(|cause| Error::file("write", path, cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_standard_library_is_copied() {
        assert!(is_library_of_std("libstd-58bbd314314eeb40.rlib"));
        assert!(!is_library_of_std("libstd-58bbd314314eeb40.rmeta"));
        assert!(!is_library_of_std(&format!("lib{CARRIER}-972e93f291205eba.rlib")));
    }

    #[test]
    fn a_copy_replaces_what_another_compiler_left() {
        let base = std::env::temp_dir().join(format!("raft-xtask-copy-{}", std::process::id()));
        let (from, to) = (base.join("from"), base.join("to/lib"));
        write(&from.join("libcore-1.rlib"), "new").unwrap();
        write(&from.join("libcore-1.rmeta"), "new").unwrap();
        write(&to.join("libcore-0.rlib"), "old").unwrap();
        copy_library(&from, &to).unwrap();
        let names: Vec<_> = std::fs::read_dir(&to).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["libcore-1.rlib"]);
        std::fs::remove_dir_all(base).unwrap();
    }

    #[test]
    fn wasm_commands_never_lose_the_memory_cap_to_a_variable() {
        let mut command = Command::new("cargo");
        Toolchain::InUse.prepare(&mut command);
        let removed: Vec<_> = command.get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
        assert!(removed.iter().any(|name| *name == "RUSTFLAGS"));
        assert!(removed.iter().any(|name| *name == "CARGO_ENCODED_RUSTFLAGS"));
    }

    #[test]
    fn debians_toolchain_is_named_only_in_the_command_that_needs_it() {
        let set = |toolchain: &Toolchain| {
            let mut command = Command::new("cargo");
            toolchain.prepare(&mut command);
            command.get_envs().any(|(name, value)| name == "RUSTUP_TOOLCHAIN" && value.is_some_and(|it| it == DEBIAN))
        };
        assert!(set(&Toolchain::Debian { linker: PathBuf::from("rust-lld") }));
        assert!(!set(&Toolchain::InUse));
    }
}
