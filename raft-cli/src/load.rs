//! Scenarios from files.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use raft_sim::Scenario;

use crate::error::Error;
use crate::outcome::Outcome;

/// The largest file that is read.
pub(crate) const FILE_BYTES_MAX: u64 = 5_000_000;

/// The text of a file, or of the standard input for `-`.
pub(crate) fn text(path: &Path) -> Result<String, Error> {
    let named = |error| Error::File { path: path.into(), error };
    let mut text = String::new();
    // One byte more than may be there shows that there are too many.
    let read = if path == Path::new("-") {
        io::stdin().lock().take(FILE_BYTES_MAX + 1).read_to_string(&mut text)
    } else {
        File::open(path).map_err(named)?.take(FILE_BYTES_MAX + 1).read_to_string(&mut text)
    };
    if read.map_err(named)? as u64 > FILE_BYTES_MAX {
        return Err(Error::TooLarge { path: path.into(), at_most: FILE_BYTES_MAX });
    }
    Ok(text)
}

/// A scenario in JSON.
pub(crate) fn scenario(path: &Path) -> Result<Scenario, Error> {
    let scenario: Scenario = serde_json::from_str(&text(path)?).map_err(|why| Error::unreadable(path, why))?;
    scenario.check().map_err(|why| Error::unreadable(path, why))?;
    Ok(scenario)
}

/// The lines of a soak. A last line without an end is what a soak that was stopped has left, and does not count.
pub(crate) fn outcomes(path: &Path) -> Result<Vec<Outcome>, Error> {
    let text = fs::read_to_string(path).map_err(|error| Error::File { path: path.into(), error })?;
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let read = |(at, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|why| Error::unreadable(path, format!("line {}: {why}", at + 1)))
    };
    whole.lines().enumerate().map(read).collect()
}
