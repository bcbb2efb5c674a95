//! Traces line by line, within limits.

use std::fmt;
use std::io::{self, BufRead, Read as _};

use raft_core::{Index, ServerId, Time};

use super::checked::{Checked, LEFT_OUT_NAMED_MAX, LeftOut};
use super::fact::{Begin, Fact, Header, Line};
use super::judge::Judge;
use crate::plain::{Tree, Wrong, not, within};
use crate::scenario::Scenario;

/// How much is read at most. What is beyond is refused, whatever else is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The longest line, in bytes without its end.
    pub line_bytes: usize,
    /// All bytes together.
    pub bytes: u64,
    /// How many lines.
    pub lines: u64,
    /// How many entries, in all lines together.
    pub entries: usize,
}

impl Limits {
    /// For a command: lines of a megabyte, 2 GB, 10 million lines with 5 million entries.
    pub const DEFAULT: Self =
        Self { line_bytes: 1_000_000, bytes: 2_000_000_000, lines: 10_000_000, entries: 5_000_000 };
    /// For a page: lines of 100 kB, 50 MB, 500,000 lines with 200,000 entries. What each server was at each line takes
    /// 60 MB at most then.
    pub const SMALL: Self = Self { line_bytes: 100_000, bytes: 50_000_000, lines: 500_000, entries: 200_000 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What becomes of a trace with a line that cannot be read, or cannot be true.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OnError {
    /// All of it is refused.
    Refuse,
    /// The line is left out, and the rest is kept.
    LeaveOut,
}

/// Why a trace is refused.
#[derive(Debug)]
pub enum TraceError {
    /// A line is wrong.
    Line {
        /// Which, counted from 1.
        line: u64,
        /// What is wrong with it.
        why: Why,
    },
    /// There is too much of something.
    TooMuch {
        /// The line that is too much.
        line: u64,
        /// Of what.
        what: &'static str,
        /// How much there may be.
        at_most: u64,
    },
    /// There is no line at all.
    Empty,
    /// It could not be read.
    Input(io::Error),
}

/// What is wrong with a line.
#[derive(Debug)]
pub enum Why {
    /// It is no JSON.
    NoJson(String),
    /// A field is wrong.
    Field(Box<Wrong>),
    /// It is longer than this many bytes.
    TooLong(usize),
}

impl From<Box<Wrong>> for Why {
    fn from(wrong: Box<Wrong>) -> Self {
        Self::Field(wrong)
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoJson(why) => write!(f, "expected an object in JSON, found none: {why}"),
            Self::Field(wrong) if wrong.field.is_empty() => {
                write!(f, "expected {}, found {}", wrong.expected, wrong.found)
            }
            Self::Field(wrong) => {
                write!(f, "field `{}`: expected {}, found {}", wrong.field, wrong.expected, wrong.found)
            }
            Self::TooLong(at_most) => write!(f, "expected at most {at_most} bytes, found more"),
        }
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line { line, why } => write!(f, "line {line}: {why}"),
            Self::TooMuch { line, what, at_most } => {
                write!(f, "line {line}: expected at most {at_most} {what}, found more")
            }
            Self::Empty => f.write_str("expected a trace, found no line"),
            Self::Input(error) => write!(f, "could not be read: {error}"),
        }
    }
}

impl std::error::Error for TraceError {}

enum Stage {
    /// Nothing has come yet.
    Empty,
    /// The header, and the servers as the trace begins.
    Begins(Header, Vec<(u64, Time, ServerId, Begin)>),
    Judges(Header, Box<Judge>),
}

/// Takes the lines of a trace.
pub struct Reader {
    limits: Limits,
    on_error: OnError,
    keeps: bool,
    stage: Stage,
    line: u64,
    bytes: u64,
    entries: usize,
    facts: u64,
    now: Time,
    left_out: Vec<LeftOut>,
    left_out_count: u64,
}

impl Reader {
    /// A reader that has seen nothing. `moments`: what each server was at each line is to be kept.
    #[must_use]
    pub const fn new(limits: Limits, on_error: OnError, moments: bool) -> Self {
        Self {
            limits,
            on_error,
            keeps: moments,
            stage: Stage::Empty,
            line: 0,
            bytes: 0,
            entries: 0,
            facts: 0,
            now: Time::ZERO,
            left_out: Vec::new(),
            left_out_count: 0,
        }
    }

    /// Takes the next line, without its end. Blank lines are counted and say nothing.
    ///
    /// # Errors
    /// When the trace is refused.
    pub fn line(&mut self, text: &[u8]) -> Result<(), TraceError> {
        self.count(text.len())?;
        if text.len() > self.limits.line_bytes {
            return self.wrong(Why::TooLong(self.limits.line_bytes));
        }
        if text.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        match serde_json::from_slice::<Tree>(text) {
            Ok(tree) => self.tree(tree),
            Err(why) => self.wrong(Why::NoJson(why.to_string())),
        }
    }

    /// Counts a line that is longer than it may be, of which no more was kept than its beginning.
    fn too_long(&mut self) -> Result<(), TraceError> {
        self.count(self.limits.line_bytes + 1)?;
        self.wrong(Why::TooLong(self.limits.line_bytes))
    }

    fn count(&mut self, bytes: usize) -> Result<(), TraceError> {
        self.line += 1;
        self.bytes += bytes as u64 + 1;
        let line = self.line;
        if line > self.limits.lines {
            return Err(TraceError::TooMuch { line, what: "lines", at_most: self.limits.lines });
        }
        if self.bytes > self.limits.bytes {
            return Err(TraceError::TooMuch { line, what: "bytes", at_most: self.limits.bytes });
        }
        Ok(())
    }

    fn wrong(&mut self, why: Why) -> Result<(), TraceError> {
        let line = self.line;
        // Without its first line nothing in a trace means anything.
        if self.on_error == OnError::Refuse || matches!(self.stage, Stage::Empty) {
            return Err(TraceError::Line { line, why });
        }
        self.left_out_count += 1;
        if self.left_out.len() < LEFT_OUT_NAMED_MAX {
            self.left_out.push(LeftOut { line, why: why.to_string() });
        }
        Ok(())
    }

    fn tree(&mut self, tree: Tree) -> Result<(), TraceError> {
        if matches!(self.stage, Stage::Empty) {
            return match Header::from_tree(tree).and_then(checked_header) {
                Ok(header) => {
                    self.stage = Stage::Begins(header, Vec::new());
                    Ok(())
                }
                Err(wrong) => self.wrong(wrong.into()),
            };
        }
        match Line::from_tree(tree).and_then(|line| self.in_time(line)) {
            Ok(line) => self.fact(line),
            Err(wrong) => self.wrong(wrong.into()),
        }
    }

    fn in_time(&self, line: Line) -> Result<Line, Box<Wrong>> {
        if line.at < self.now {
            return Err(not("time_us", line.at, &format!("at least {}: lines stand in order", self.now)));
        }
        Ok(line)
    }

    fn fact(&mut self, line: Line) -> Result<(), TraceError> {
        let entries = match &line.fact {
            Fact::Append(_, _, entries) => entries.len(),
            Fact::Begin(_, begin) => begin.entries.len(),
            _ => 0,
        };
        self.entries += entries;
        if self.entries > self.limits.entries {
            let (what, at_most) = ("entries in all lines together", self.limits.entries as u64);
            return Err(TraceError::TooMuch { line: self.line, what, at_most });
        }
        let at = line.at;
        match self.take(line) {
            Ok(()) => {
                self.now = at;
                self.facts += 1;
                Ok(())
            }
            Err(wrong) => self.wrong(wrong.into()),
        }
    }

    fn take(&mut self, line: Line) -> Result<(), Box<Wrong>> {
        if let Stage::Begins(header, begins) = &mut self.stage {
            if let Fact::Begin(server, begin) = line.fact {
                check_begin(header, begins, server, &begin)?;
                begins.push((self.line, line.at, server, *begin));
                return Ok(());
            }
            let judge = Judge::new(header, std::mem::take(begins), self.keeps)?;
            self.stage = Stage::Judges(header.clone(), Box::new(judge));
        }
        let Stage::Judges(_, judge) = &mut self.stage else { return Ok(()) };
        if matches!(line.fact, Fact::Join(_)) && judge.servers() >= Scenario::SERVERS_MAX as usize {
            return Err(not("server", "one more", &format!("at most {} servers", Scenario::SERVERS_MAX)));
        }
        judge.take(self.line, line)
    }

    /// What the lines came to.
    ///
    /// # Errors
    /// When there was none.
    pub fn end(self) -> Result<Checked, TraceError> {
        let wrong = |why: Box<Wrong>| TraceError::Line { line: 1, why: why.into() };
        let (header, judge) = match self.stage {
            Stage::Empty => return Err(TraceError::Empty),
            Stage::Begins(header, begins) => {
                let judge = Judge::new(&header, begins, self.keeps).map_err(wrong)?;
                (header, Box::new(judge))
            }
            Stage::Judges(header, judge) => (header, judge),
        };
        let linearizability = judge.linearizability();
        Ok(Checked {
            header,
            lines: self.line,
            facts: self.facts,
            left_out: self.left_out,
            left_out_count: self.left_out_count,
            linearizability,
            evidence: judge.evidence,
            moments: self.keeps.then_some(judge.moments),
        })
    }
}

fn checked_header(header: Header) -> Result<Header, Box<Wrong>> {
    within("servers", header.servers.into(), 1, Scenario::SERVERS_MAX.into())?;
    for server in header.configuration.iter().flat_map(raft_core::Configuration::members) {
        within("configuration", server.0.into(), 1, header.servers.into())?;
    }
    if header.configuration.as_ref().is_some_and(|members| members.voters().is_empty()) {
        return Err(not("configuration.voters", "an empty list", "at least one voter"));
    }
    Ok(header)
}

/// Whether a server can begin like that; what several of them come to together the checkers see.
fn check_begin(
    header: &Header,
    begins: &[(u64, Time, ServerId, Begin)],
    server: ServerId,
    begin: &Begin,
) -> Result<(), Box<Wrong>> {
    within("server", server.0.into(), 1, header.servers.into())?;
    if begins.iter().any(|(_, _, before, _)| *before == server) {
        return Err(not("server", format!("{server} again"), "each server once"));
    }
    let known = |field: &str, id: ServerId| within(field, id.0.into(), 1, header.servers.into());
    begin.vote.map_or(Ok(()), |vote| known("vote", vote))?;
    let in_log = begin.entries.iter().filter_map(|entry| match &entry.payload {
        raft_core::Payload::Configuration(members) => Some(&**members),
        _ => None,
    });
    for members in begin.configuration.iter().chain(in_log) {
        members.members().into_iter().try_for_each(|id| known("entries", id))?;
    }
    let last = begin.snapshot.index.plus(begin.entries.len() as u64);
    if last > Index::LIMIT {
        return Err(not("entries", "a longer log", &format!("at most {} entries", Index::LIMIT)));
    }
    within("commit", begin.commit.0, begin.snapshot.index.0, last.0)?;
    // What a snapshot stands for is told apart from its index alone by nothing: a trace does not begin further on.
    within("snapshot", begin.snapshot.index.0, 0, SNAPSHOT_MAX)
}

/// The furthest that a snapshot reaches as a trace begins: something is remembered of each index.
const SNAPSHOT_MAX: u64 = 1_000_000;

/// Reads a whole trace.
///
/// # Errors
/// When it is refused.
pub fn read(input: impl BufRead, limits: Limits, on_error: OnError, moments: bool) -> Result<Checked, TraceError> {
    let mut reader = Reader::new(limits, on_error, moments);
    let mut input = input;
    let mut line = Vec::new();
    loop {
        line.clear();
        let most = limits.line_bytes as u64 + 2;
        let read = input.by_ref().take(most).read_until(b'\n', &mut line).map_err(TraceError::Input)?;
        if read == 0 {
            return reader.end();
        }
        let ended = line.pop_if(|byte| *byte == b'\n').is_some();
        if ended || read < most as usize {
            line.pop_if(|byte| *byte == b'\r');
            reader.line(&line)?;
            continue;
        }
        reader.too_long()?;
        while !line.ends_with(b"\n") {
            line.clear();
            let read = input.by_ref().take(most).read_until(b'\n', &mut line).map_err(TraceError::Input)?;
            reader.bytes += read as u64;
            if read == 0 {
                break;
            }
        }
    }
}
