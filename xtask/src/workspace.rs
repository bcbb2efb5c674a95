//! Where things are, and which versions the lock file holds.

use crate::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) struct Workspace {
    root: PathBuf,
    /// Where cargo puts what it builds: asked of cargo, since the environment and configuration can move it.
    target: PathBuf,
}

impl Workspace {
    pub(crate) fn find() -> Result<Self, Error> {
        // Asked at run time: checkouts that share a target directory may share this very program.
        let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let root = manifest_dir.as_deref().and_then(Path::parent).map(Path::to_path_buf).ok_or_else(|| {
            Error::missing("The variable CARGO_MANIFEST_DIR", "cargo sets it: call this program as `cargo xtask`.")
        })?;
        let mut cargo = Command::new("cargo");
        cargo.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(&root);
        let line = "cargo metadata --no-deps --format-version 1";
        let output = cargo.output().map_err(|cause| Error::Command {
            line: line.to_owned(),
            outcome: format!("could not be started: {cause}"),
            output: String::new(),
        })?;
        let metadata: Option<serde_json::Value> = serde_json::from_slice(&output.stdout).ok();
        let target = metadata.as_ref().and_then(|value| value.get("target_directory")).and_then(|value| value.as_str());
        match target {
            Some(target) => Ok(Self { target: PathBuf::from(target), root }),
            None => Err(Error::Command {
                line: line.to_owned(),
                outcome: "did not name the target directory".to_owned(),
                output: String::from_utf8_lossy(&output.stderr).into_owned(),
            }),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The page's own package.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web")
    }

    /// What wasm-bindgen writes, and what the page's bundler reads.
    pub(crate) fn engine(&self) -> PathBuf {
        self.root.join("web").join("pkg")
    }

    pub(crate) fn browser_tests(&self) -> PathBuf {
        self.root.join("tests").join("browser")
    }

    /// The finished site.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// All that is given to others.
    pub(crate) fn release(&self) -> PathBuf {
        self.root.join("release")
    }

    /// Stamps, logs and scratch crates: everything here may be deleted at any time.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// The oldest Rust that the crates promise to compile with, as rustup calls it.
    pub(crate) fn oldest_rust(&self) -> Result<String, Error> {
        let path = self.root.join("Cargo.toml");
        let text = std::fs::read_to_string(&path).map_err(|cause| Error::file("read", &path, cause))?;
        let version = rust_version_in(&text).ok_or_else(|| {
            Error::unfit(format!("{} says no rust-version", path.display()), "the crates promise one")
        })?;
        Ok(format!("{version}.0"))
    }

    /// The version of a package in Cargo.lock.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String, Error> {
        let path = self.root.join("Cargo.lock");
        let text = std::fs::read_to_string(&path).map_err(|cause| Error::file("read", &path, cause))?;
        version_in_lock(&text, package).ok_or_else(|| {
            Error::unfit(
                format!("{} holds no package `{package}`", path.display()),
                "`cargo metadata` brings it up to date",
            )
        })
    }
}

/// The oldest Rust that the crates promise to compile with, as the workspace's Cargo.toml says it.
fn rust_version_in(manifest: &str) -> Option<&str> {
    manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'))
}

/// Cargo writes `name` and `version` on neighbouring lines of each `[[package]]`; that is all that is relied on.
fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == name)?;
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.131"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry"
dependencies = [
 "cfg-if",
]
"#;

    #[test]
    fn the_oldest_rust_is_what_the_workspace_says() {
        assert_eq!(rust_version_in("[workspace.package]\nedition = \"2024\"\nrust-version = \"1.95\"\n"), Some("1.95"));
        assert_eq!(rust_version_in("rust-version.workspace = true\n"), None);
    }

    #[test]
    fn the_locked_version_is_that_of_the_package_itself() {
        assert_eq!(version_in_lock(LOCK, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(LOCK, "wasm-bindgen-macro").as_deref(), Some("0.2.131"));
        assert_eq!(version_in_lock(LOCK, "cfg-if"), None);
        assert_eq!(version_in_lock("", "wasm-bindgen"), None);
    }
}
