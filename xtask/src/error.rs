//! What can go wrong, with the facts in it: what was run or touched, what came back, what to do.

use std::fmt;
use std::path::{Path, PathBuf};

/// Cloneable because one failed piece of set-up is the reason for several failed checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Error {
    /// The command line makes no sense.
    Usage { wrong: String, expected: String },
    /// A program ran and did not succeed. `output` is the end of what it printed.
    Command { line: String, outcome: String, output: String },
    /// A file or directory could not be read or written.
    File { doing: &'static str, path: PathBuf, cause: String },
    /// Something the work needs is not there; `remedy` says how to get it.
    Missing { what: String, remedy: String },
    /// Something was looked at and is not as it must be.
    Unfit { what: String, expected: String },
}

impl Error {
    pub(crate) fn file(doing: &'static str, path: &Path, cause: impl fmt::Display) -> Self {
        Self::File { doing, path: path.to_path_buf(), cause: cause.to_string() }
    }

    pub(crate) fn missing(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Missing { what: what.into(), remedy: remedy.into() }
    }

    pub(crate) fn unfit(what: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::Unfit { what: what.into(), expected: expected.into() }
    }

    pub(crate) fn usage(wrong: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::Usage { wrong: wrong.into(), expected: expected.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { wrong, expected } => write!(f, "{wrong}\n{expected}"),
            Self::Command { line, outcome, output } if output.is_empty() => write!(f, "`{line}` {outcome}"),
            Self::Command { line, outcome, output } => write!(f, "`{line}` {outcome}; it printed:\n{output}"),
            Self::File { doing, path, cause } => write!(f, "cannot {doing} {}: {cause}", path.display()),
            Self::Missing { what, remedy } => write!(f, "{what} is missing.\n{remedy}"),
            Self::Unfit { what, expected } => write!(f, "{what}; {expected}"),
        }
    }
}
