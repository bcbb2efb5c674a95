//! What can go wrong before there is a verdict.

use std::path::PathBuf;
use std::{fmt, io};

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Error {
    /// A file could not be read or written.
    File { path: PathBuf, error: io::Error },
    /// A file is larger than it may be.
    TooLarge { path: PathBuf, at_most: u64 },
    /// A file does not hold what it should.
    Unreadable { path: PathBuf, why: String },
    /// The arguments ask for what cannot be.
    Scenario(String),
    /// The output could not be written.
    Output(io::Error),
}

impl Error {
    pub(crate) fn unreadable(path: impl Into<PathBuf>, why: impl ToString) -> Self {
        Self::Unreadable { path: path.into(), why: why.to_string() }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, error } => write!(f, "{}: {error}", path.display()),
            Self::TooLarge { path, at_most } => {
                write!(f, "{} is larger than {at_most} bytes, which a file may have at most", path.display())
            }
            Self::Unreadable { path, why } => write!(f, "{}: {why}", path.display()),
            Self::Scenario(why) => f.write_str(why),
            Self::Output(error) => write!(f, "the output could not be written: {error}"),
        }
    }
}
