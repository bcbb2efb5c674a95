//! What a result was made from, so that the same is not made twice.
//!
//! A stamp holds the fingerprint of the inputs and of the outputs that they became. It is by content: a checkout that
//! touches every file, or an output that somebody deleted, is told apart from a change.

use crate::error::Error;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

/// Directories that hold what tools made, never what people wrote.
const NEVER_INPUTS: [&str; 3] = ["node_modules", "target", ".git"];

pub(crate) struct Stamp {
    file: PathBuf,
    inputs: Vec<PathBuf>,
    outputs: Vec<PathBuf>,
}

impl Stamp {
    /// `inputs` and `outputs` are files or directories; one that does not exist is a fact like any other.
    pub(crate) fn new(file: PathBuf, inputs: Vec<PathBuf>, outputs: Vec<PathBuf>) -> Self {
        Self { file, inputs, outputs }
    }

    /// Whether the outputs stand as they were made from these very inputs.
    pub(crate) fn is_fresh(&self) -> Result<bool, Error> {
        // No stamp, or one that cannot be read, only means that the work is done once more.
        let Ok(written) = std::fs::read_to_string(&self.file) else { return Ok(false) };
        Ok(written == self.current()?)
    }

    /// Remembers that the outputs are what the inputs make.
    pub(crate) fn write(&self) -> Result<(), Error> {
        if let Some(parent) = self.file.parent() {
            std::fs::create_dir_all(parent).map_err(|cause| Error::file("create", parent, cause))?;
        }
        std::fs::write(&self.file, self.current()?).map_err(|cause| Error::file("write", &self.file, cause))
    }

    fn current(&self) -> Result<String, Error> {
        Ok(format!("inputs {:016x}\noutputs {:016x}\n", fingerprint(&self.inputs)?, fingerprint(&self.outputs)?))
    }
}

/// A number that changes with the name or content of any file beneath `roots`.
fn fingerprint(roots: &[PathBuf]) -> Result<u64, Error> {
    let mut hasher = DefaultHasher::new();
    for root in roots {
        // A set, since the order in which a directory lists its entries is nobody's promise.
        let mut files = BTreeSet::new();
        collect(root, &mut files)?;
        hasher.write_usize(files.len());
        for file in files {
            let content = std::fs::read(&file).map_err(|cause| Error::file("read", &file, cause))?;
            let name = file.strip_prefix(root).unwrap_or(&file).to_string_lossy().into_owned();
            for part in [name.as_bytes(), content.as_slice()] {
                hasher.write_usize(part.len());
                hasher.write(part);
            }
        }
    }
    Ok(hasher.finish())
}

fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) -> Result<(), Error> {
    if path.is_file() {
        files.insert(path.to_path_buf());
    } else if path.is_dir() {
        for entry in std::fs::read_dir(path).map_err(|cause| Error::file("list", path, cause))? {
            let entry = entry.map_err(|cause| Error::file("list", path, cause))?;
            if !NEVER_INPUTS.iter().any(|name| entry.file_name() == *name) {
                collect(&entry.path(), files)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory of its own for each test, removed when the test is over.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("raft-xtask-stamp-{name}-{}", std::process::id()));
            std::fs::create_dir_all(path.join("in/sub")).unwrap();
            std::fs::create_dir_all(path.join("out")).unwrap();
            std::fs::write(path.join("in/sub/a"), "one").unwrap();
            std::fs::write(path.join("out/b"), "made").unwrap();
            Self(path)
        }

        fn stamp(&self) -> Stamp {
            Stamp::new(self.0.join("stamps/s"), vec![self.0.join("in")], vec![self.0.join("out")])
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn nothing_is_fresh_before_it_was_made() {
        let scratch = Scratch::new("unmade");
        assert!(!scratch.stamp().is_fresh().unwrap());
    }

    #[test]
    fn what_was_made_stays_fresh_when_only_times_change() {
        let scratch = Scratch::new("touched");
        scratch.stamp().write().unwrap();
        assert!(scratch.stamp().is_fresh().unwrap());
        std::fs::write(scratch.0.join("in/sub/a"), "one").unwrap();
        std::fs::create_dir_all(scratch.0.join("in/node_modules")).unwrap();
        std::fs::write(scratch.0.join("in/node_modules/x"), "x").unwrap();
        assert!(scratch.stamp().is_fresh().unwrap());
    }

    #[test]
    fn any_change_of_inputs_or_outputs_is_seen() {
        type Change = fn(&Path);
        let changes: [(&str, Change); 5] = [
            ("edited", |root| std::fs::write(root.join("in/sub/a"), "two").unwrap()),
            ("renamed", |root| std::fs::rename(root.join("in/sub/a"), root.join("in/sub/c")).unwrap()),
            ("added", |root| std::fs::write(root.join("in/empty"), "").unwrap()),
            ("output-edited", |root| std::fs::write(root.join("out/b"), "bent").unwrap()),
            ("output-deleted", |root| std::fs::remove_dir_all(root.join("out")).unwrap()),
        ];
        for (name, change) in changes {
            let scratch = Scratch::new(name);
            scratch.stamp().write().unwrap();
            change(&scratch.0);
            assert!(!scratch.stamp().is_fresh().unwrap(), "{name}");
        }
    }
}
