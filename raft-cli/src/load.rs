//! What is read from files: scenarios, and what soaks have written.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use raft_sim::trace::{self, Checked, Limits, OnError};
use raft_sim::{Scenario, World};

use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::outcome::Outcome;

/// The largest file that is read.
const FILE_BYTES_MAX: u64 = 5_000_000;

/// The text of a file, or of the standard input for `-`.
fn text(path: &Path) -> Result<String, Error> {
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

/// A scenario in JSON, with another seed if one is given.
pub(crate) fn scenario(path: &Path, seed: Option<u64>) -> Result<Scenario, Error> {
    let mut scenario: Scenario = serde_json::from_str(&text(path)?).map_err(|why| Error::unreadable(path, why))?;
    scenario.seed = seed.unwrap_or(scenario.seed);
    Ok(scenario)
}

/// A world at the beginning of a scenario in JSON, with another seed if one is given; and the seed that it has.
pub(crate) fn world(path: &Path, seed: Option<u64>) -> Result<(u64, World), Error> {
    let scenario = scenario(path, seed)?;
    Ok((scenario.seed, World::new(scenario).map_err(|why| Error::unreadable(path, why))?))
}

/// The trace in a file, or on the standard input for `-`.
pub(crate) fn trace(path: &Path, on_error: OnError) -> Result<Checked, Error> {
    let read = if path == Path::new("-") {
        trace::read(io::stdin().lock(), Limits::default(), on_error, false)
    } else {
        let file = File::open(path).map_err(|error| Error::File { path: path.into(), error })?;
        trace::read(io::BufReader::new(file), Limits::default(), on_error, false)
    };
    read.map_err(|why| Error::unreadable(path, why))
}

/// The lines of a soak. A last line without an end is what a soak that was stopped has left, and does not count.
pub(crate) fn outcomes(path: &Path) -> Result<Vec<Outcome>, Error> {
    json_lines(path)
}

/// The lines of JSON in a file. A last line without an end does not count.
pub(crate) fn json_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, Error> {
    let text = fs::read_to_string(path).map_err(|error| Error::File { path: path.into(), error })?;
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let read = |(at, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|why| Error::unreadable(path, format!("line {}: {why}", at + 1)))
    };
    whole.lines().enumerate().map(read).collect()
}
