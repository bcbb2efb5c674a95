//! All that is given to others, in one folder: the site, the npm package, the crates, the command, with sizes and checksums.

use crate::error::Error;
use crate::npm;
use crate::promises;
use crate::setup::Tools;
use crate::sizes::kilobytes;
use crate::step::{Step, step};
use crate::workspace::Workspace;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256, Sha384};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The crates that others can build on, each after those that it needs.
const PUBLISHED: [&str; 4] = ["raft-core", "raft-sim", "raft-cli", "raft-wasm"];

/// What each of them must hold.
const NEVER_LEFT_OUT: [&str; 3] = ["LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// A few times what sources and licenses come to: beyond this, something was packed that is no source.
const CRATE_BYTES_MAX: u64 = 500_000;

/// Packs the crates as they would be published; returns where they lie.
pub(crate) fn pack(tools: &Tools, step: &Step) -> Result<Vec<PathBuf>, Error> {
    let cargo = |words: &[&str]| {
        let mut cargo = Command::new("cargo");
        // What is being worked on is packed too; cargo notes in the crate that it was.
        cargo.args(["package", "--allow-dirty"]).args(words).current_dir(tools.workspace.root());
        cargo
    };
    for name in PUBLISHED {
        let list = step.run(&mut cargo(&["--list", "--package", name]))?.ok()?;
        if let Some(lacking) = lacking(&list) {
            return Err(Error::unfit(
                format!("the crate {name} would be packed without {lacking}"),
                "its `include` in Cargo.toml must name it",
            ));
        }
    }
    // That they compile is seen to where they are released: here they would be compiled once more.
    let words = PUBLISHED.iter().flat_map(|name| ["--package", name]).chain(["--no-verify"]);
    step.run(&mut cargo(&words.collect::<Vec<_>>()))?.ok()?;
    let mut packed = Vec::new();
    let mut weights = Vec::new();
    for name in PUBLISHED {
        let version = tools.workspace.locked_version(name)?;
        let path = tools.workspace.target().join("package").join(format!("{name}-{version}.crate"));
        let bytes = std::fs::metadata(&path).map_err(|cause| Error::file("weigh", &path, cause))?.len();
        if bytes > CRATE_BYTES_MAX {
            let expected = format!("expected at most {}: see `cargo package --list`", kilobytes(CRATE_BYTES_MAX));
            return Err(Error::unfit(format!("the crate {name} weighs {}", kilobytes(bytes)), expected));
        }
        weights.push(format!("{name} {}", kilobytes(bytes)));
        packed.push(path);
    }
    step.note(weights.join(", "));
    Ok(packed)
}

/// The first file that a crate cannot be without and that is not on its list.
fn lacking(list: &str) -> Option<&'static str> {
    NEVER_LEFT_OUT.into_iter().find(|file| !list.lines().any(|line| line == *file))
}

/// Fills release/ anew. `since`: the revision that the crates' public parts are compared with.
pub(crate) fn make(tools: &Tools, since: Option<&str>) -> Result<(), Error> {
    let workspace = &tools.workspace;
    let release = workspace.release();
    // What may fail soonest comes first, and what was there stays until all is made.
    let crates = step("Pack the crates (cargo package)", |step| pack(tools, step))?;
    promises::compile_as_packed(tools)?;
    match since {
        Some(revision) => promises::change_as_versioned(tools, revision)?,
        None => println!("The crates' public parts are compared with none: `--since REV` names a revision of git."),
    }
    tools.site()?;
    let package = workspace.scratch().join("npm");
    step("Pack the site for npm (npm pack)", |step| {
        empty(&package)?;
        let mut npm = npm::npm(&workspace.web(), &["run", "pack", "--", "--out"]);
        step.run(npm.arg(&package))?.ok().map(drop)
    })?;
    let command = step("Compile the command raft-sim for this machine (cargo build --release)", |step| {
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--release", "--package", "raft-cli"]).current_dir(workspace.root());
        step.run(&mut cargo)?.ok()?;
        Ok(compiled(workspace))
    })?;
    let files = step("Put them into release/, with their checksums", |_| {
        empty(&release)?;
        copy_all(&workspace.dist(), &release.join("site"))?;
        copy_all(&package, &release.join("npm"))?;
        for path in &crates {
            copy_into(path, &release.join("crates"))?;
        }
        copy_into(&command, &release.join("bin"))?;
        let files = files(&release)?;
        write(&release.join("SHA256SUMS"), &checksums(&files))?;
        write(&release.join("CONTENTS.txt"), &contents(&files))?;
        Ok(files)
    })?;
    println!("\n{}", contents(&files));
    println!(
        "All of it is in {}; `sha256sum --check SHA256SUMS` there tells whether it is still the same.",
        release.display()
    );
    Ok(())
}

fn compiled(workspace: &Workspace) -> PathBuf {
    workspace.target().join("release").join(format!("raft-sim{}", std::env::consts::EXE_SUFFIX))
}

/// A file of the release.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct File {
    /// Beneath release/, with `/` on every system.
    name: String,
    bytes: u64,
    sha256: String,
    /// What a page that insists on this very file may write: the attribute `integrity` of a tag, an option of `fetch`.
    integrity: String,
}

/// All files beneath a directory, by name.
fn files(root: &Path) -> Result<Vec<File>, Error> {
    let mut found = Vec::new();
    let mut unread = vec![root.to_path_buf()];
    while let Some(dir) = unread.pop() {
        for path in list(&dir)? {
            if path.is_dir() {
                unread.push(path);
                continue;
            }
            let content = std::fs::read(&path).map_err(|cause| Error::file("read", &path, cause))?;
            let parts = path.strip_prefix(root).unwrap_or(&path).components();
            let name = parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
            found.push(File {
                name,
                bytes: content.len() as u64,
                sha256: Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect(),
                integrity: format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(&content))),
            });
        }
    }
    found.sort();
    Ok(found)
}

/// In the form that `sha256sum --check` reads.
fn checksums(files: &[File]) -> String {
    files.iter().map(|File { sha256, name, .. }| format!("{sha256}  {name}\n")).collect()
}

/// What a page must know that insists on scripts.
const ABOUT_INTEGRITY: &str =
    "A script tag's `integrity` holds for the file that it names, an import map's for what that imports.";

/// Sizes, checksums and integrity of all files.
fn contents(files: &[File]) -> String {
    let mut text = format!("{:>10}  {:<64}  file\n", "size", "SHA-256");
    for File { name, bytes, sha256, .. } in files {
        text += &format!("{:>10}  {sha256}  {name}\n", kilobytes(*bytes));
    }
    text += &format!("\n{:<71}  file\n", "integrity");
    for File { name, integrity, .. } in files {
        text += &format!("{integrity}  {name}\n");
    }
    text + &format!("\n{ABOUT_INTEGRITY}\n")
}

fn list(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |cause| Error::file("list", dir, cause);
    let entries = std::fs::read_dir(dir).map_err(failed)?;
    entries.map(|entry| entry.map(|entry| entry.path()).map_err(failed)).collect()
}

/// Copies a directory with all that is in it.
fn copy_all(from: &Path, to: &Path) -> Result<(), Error> {
    for path in list(from)? {
        if path.is_dir() {
            copy_all(&path, &to.join(path.file_name().unwrap_or_default()))?;
        } else {
            copy_into(&path, to)?;
        }
    }
    Ok(())
}

/// Takes a directory away, where there is one.
fn empty(dir: &Path) -> Result<(), Error> {
    if dir.exists() { std::fs::remove_dir_all(dir).map_err(|cause| Error::file("empty", dir, cause)) } else { Ok(()) }
}

fn copy_into(file: &Path, dir: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(dir).map_err(|cause| Error::file("create", dir, cause))?;
    let to = dir.join(file.file_name().unwrap_or_default());
    std::fs::copy(file, to).map(drop).map_err(|cause| Error::file("copy", file, cause))
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    std::fs::write(path, text).map_err(|cause| Error::file("write", path, cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_listed_whole_with_known_hashes() {
        let root = std::env::temp_dir().join(format!("raft-xtask-release-{}", std::process::id()));
        let (from, to) = (root.join("from"), root.join("to"));
        std::fs::create_dir_all(from.join("sub")).unwrap();
        write(&from.join("sub").join("a.js"), "abc").unwrap();
        write(&from.join("empty.txt"), "").unwrap();
        copy_all(&from, &to).unwrap();
        let files = files(&to).unwrap();
        std::fs::remove_dir_all(root).unwrap();

        // FIPS 180-4 gives the hashes of "abc", and the empty text's is as well known.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(checksums(&files), format!("{nothing}  empty.txt\n{abc}  sub/a.js\n"));
        let integrity = "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";
        let of_nothing = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";
        assert_eq!((&*files[0].integrity, &*files[1].integrity), (of_nothing, integrity));
        let contents = contents(&files);
        let list = format!("{of_nothing}  empty.txt\n{integrity}  sub/a.js\n");
        assert!(
            contents.ends_with(&format!("\n\nintegrity{}file\n{list}\n{ABOUT_INTEGRITY}\n", " ".repeat(64))),
            "{contents}"
        );
        assert!(contents.contains(&format!("    0.0 kB  {nothing}  empty.txt\n")), "{contents}");
    }

    #[test]
    fn a_crate_without_a_license_is_not_packed() {
        assert_eq!(lacking("Cargo.toml\nLICENSE-APACHE\nLICENSE-MIT\nREADME.md\nsrc/lib.rs\n"), None);
        assert_eq!(lacking("Cargo.toml\nLICENSE-APACHE\nREADME.md\nsrc/LICENSE-MIT\n"), Some("LICENSE-MIT"));
    }

    #[test]
    fn crates_and_npm_package_have_one_version() {
        let workspace = Workspace::find().unwrap();
        let package = std::fs::read_to_string(workspace.web().join("package.json")).unwrap();
        let package: serde_json::Value = serde_json::from_str(&package).unwrap();
        for name in PUBLISHED {
            assert_eq!(package["version"], workspace.locked_version(name).unwrap(), "{name}");
        }
    }

    #[test]
    fn every_crate_is_either_published_or_says_that_it_is_not() {
        let workspace = Workspace::find().unwrap();
        for member in list(workspace.root()).unwrap() {
            let Ok(manifest) = std::fs::read_to_string(member.join("Cargo.toml")) else { continue };
            let name = manifest.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).unwrap();
            let is_kept = manifest.lines().any(|line| line == "publish = false");
            assert_eq!(PUBLISHED.contains(&name), !is_kept, "{name}");
        }
    }
}
