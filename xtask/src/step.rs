//! One piece of work, one line on the screen: what is done, and how long it took.
//!
//! On a terminal the line lives: seconds run, and the last thing the child said stands behind them. Elsewhere a dot
//! every few seconds shows that something is still going on. What children print is kept, for the one who needs it:
//! the reader of an error, or the counter of tests.

use crate::error::Error;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write, stdout};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Longer than any single command here has ever taken on two cores; a hung browser must not hold a build for hours.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20 * 60);

/// How much of a failed child's output an error repeats.
const REPEATED_LINES_MAX: usize = 200;

/// Lines longer than a narrow terminal would wrap, and a wrapped line cannot be drawn over.
const LIVE_LINE_CHARS_MAX: usize = 79;

/// A running step, as the work sees it.
pub(crate) struct Step {
    shared: Arc<Shared>,
    log: Option<PathBuf>,
}

/// What the work and the thread that draws the line both touch.
#[derive(Default)]
struct Shared {
    line: Mutex<Line>,
    changed: Condvar,
}

#[derive(Default)]
struct Line {
    last_output: String,
    note: String,
    finished: bool,
}

impl Shared {
    fn line(&self) -> MutexGuard<'_, Line> {
        // Only text is behind the lock: a thread that panicked while holding it has left nothing half done.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does a piece of work under a title and says how it went.
pub(crate) fn step<T>(title: &str, work: impl FnOnce(&Step) -> Result<T, Error>) -> Result<T, Error> {
    logged_step(title, None, work)
}

/// The same, keeping everything that its commands print in a file as well.
pub(crate) fn logged_step<T>(
    title: &str,
    log: Option<PathBuf>,
    work: impl FnOnce(&Step) -> Result<T, Error>,
) -> Result<T, Error> {
    let began = Instant::now();
    let shared = Arc::new(Shared::default());
    let drawing = draw(title.to_owned(), began, Arc::clone(&shared));
    let result = work(&Step { shared: Arc::clone(&shared), log });
    let note = {
        let mut line = shared.line();
        line.finished = true;
        std::mem::take(&mut line.note)
    };
    shared.changed.notify_all();
    // The drawing thread only prints; should it have panicked, the work's own result still counts.
    let _ = drawing.join();
    let took = seconds(began.elapsed());
    let ending = match (&result, note.is_empty()) {
        (Ok(_), true) => took,
        (Ok(_), false) => format!("{took}, {note}"),
        (Err(_), _) => format!("FAILED after {took}"),
    };
    let mut out = stdout().lock();
    // Nobody may be reading (a closed pipe): that is no reason to stop the work.
    let _ = if out.is_terminal() { writeln!(out, "\r\x1b[2K{title}: {ending}") } else { writeln!(out, " {ending}") };
    let _ = out.flush();
    result
}

fn draw(title: String, began: Instant, shared: Arc<Shared>) -> JoinHandle<()> {
    let live = stdout().is_terminal();
    let pause = if live { Duration::from_millis(200) } else { Duration::from_secs(5) };
    if !live {
        print_now(&format!("{title}:"));
    }
    std::thread::spawn(move || {
        let mut line = shared.line();
        while !line.finished {
            if live {
                print_now(&format!("\r\x1b[2K{}", live_line(&title, began.elapsed(), &line.last_output)));
            }
            let (woken, timeout) = shared.changed.wait_timeout(line, pause).unwrap_or_else(PoisonError::into_inner);
            line = woken;
            if !live && timeout.timed_out() && !line.finished {
                print_now(".");
            }
        }
    })
}

fn print_now(text: &str) {
    let mut out = stdout().lock();
    // As above: output that nobody takes is not an error of the work.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn live_line(title: &str, elapsed: Duration, last_output: &str) -> String {
    let line = format!("{title}: {} s  {last_output}", elapsed.as_secs());
    line.chars().take(LIVE_LINE_CHARS_MAX).collect()
}

/// Seconds with one decimal.
pub(crate) fn seconds(duration: Duration) -> String {
    let tenths = (duration.as_millis() + 50) / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

/// What a command left behind.
pub(crate) struct Finished {
    line: String,
    status: Result<ExitStatus, Duration>,
    /// Both of its streams, line by line as they came.
    pub(crate) text: String,
}

impl Finished {
    pub(crate) fn succeeded(&self) -> bool {
        matches!(&self.status, Ok(status) if status.success())
    }

    /// The text of a command that succeeded.
    pub(crate) fn ok(self) -> Result<String, Error> {
        if self.succeeded() { Ok(self.text) } else { Err(self.into_error()) }
    }

    pub(crate) fn into_error(self) -> Error {
        let outcome = match self.status {
            Ok(status) => format!("ended with {status}"),
            Err(limit) => format!("was stopped after {}", seconds(limit)),
        };
        Error::Command { line: self.line, outcome, output: last_lines(&self.text, REPEATED_LINES_MAX) }
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

impl Step {
    /// Adds a remark to the step's final line.
    pub(crate) fn note(&self, note: impl Into<String>) {
        self.shared.line().note = note.into();
    }

    /// Runs a command to its end with nothing on its standard input, keeping what it prints.
    pub(crate) fn run(&self, command: &mut Command) -> Result<Finished, Error> {
        self.run_within(PATIENCE, command)
    }

    /// The same, but a command that takes longer than `limit` is stopped.
    pub(crate) fn run_within(&self, limit: Duration, command: &mut Command) -> Result<Finished, Error> {
        let line = command_line(command);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|cause| not_started(&line, command, &cause))?;
        let text = Arc::new(Mutex::new(String::new()));
        let mut readers = Vec::new();
        readers.extend(child.stdout.take().map(|stream| self.keep(stream, Arc::clone(&text))));
        readers.extend(child.stderr.take().map(|stream| self.keep(stream, Arc::clone(&text))));

        let deadline = Instant::now() + limit;
        let status = loop {
            let waited = child.try_wait().map_err(|cause| not_started(&line, command, &cause))?;
            match waited {
                Some(status) => break Ok(status),
                None if Instant::now() >= deadline => {
                    // It may have ended by itself in this very moment, and then there is nothing left to stop.
                    let _ = child.kill();
                    let _ = child.wait();
                    break Err(limit);
                }
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        if status.is_ok() {
            for reader in readers {
                // A reader that panicked has at worst lost the end of the output.
                let _ = reader.join();
            }
        }
        // After a stop the readers are left alone: grandchildren may keep the pipes open for as long as they like.
        let text = text.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.append_to_log(&line, &text)?;
        Ok(Finished { line, status, text })
    }

    fn keep(&self, stream: impl Read + Send + 'static, text: Arc<Mutex<String>>) -> JoinHandle<()> {
        let shared = Arc::clone(&self.shared);
        std::thread::spawn(move || {
            let mut reader = BufReader::new(stream);
            let mut bytes = Vec::new();
            while matches!(reader.read_until(b'\n', &mut bytes), Ok(read) if read > 0) {
                let line = without_escapes(&String::from_utf8_lossy(&bytes));
                shared.line().last_output = line.trim().to_owned();
                text.lock().unwrap_or_else(PoisonError::into_inner).push_str(&line);
                bytes.clear();
            }
        })
    }

    fn append_to_log(&self, line: &str, text: &str) -> Result<(), Error> {
        let Some(path) = &self.log else { return Ok(()) };
        let failed = |cause| Error::file("write", path, cause);
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).map_err(failed)?;
        write!(file, "$ {line}\n{text}\n").map_err(failed)
    }
}

/// The command as one would type it, with the variables that were set for it.
fn command_line(command: &Command) -> String {
    let variables = command
        .get_envs()
        // PATH is long, and only ever gets a directory of tools put in front.
        .filter(|(name, _)| *name != "PATH")
        .filter_map(|(name, value)| Some(format!("{}={} ", name.to_string_lossy(), value?.to_string_lossy())));
    let words = std::iter::once(command.get_program()).chain(command.get_args()).map(|word| word.to_string_lossy());
    variables.collect::<String>() + &words.collect::<Vec<_>>().join(" ")
}

fn not_started(line: &str, command: &Command, cause: &std::io::Error) -> Error {
    let program = command.get_program().to_string_lossy().into_owned();
    if cause.kind() != std::io::ErrorKind::NotFound {
        let outcome = format!("could not be run: {cause}");
        return Error::Command { line: line.to_owned(), outcome, output: String::new() };
    }
    let remedy = match program.trim_end_matches(".cmd") {
        "npm" | "npx" | "node" => "Install Node.js 20 or later (https://nodejs.org); npm comes with it.".to_owned(),
        "rustup" => "Install Rust by rustup (https://rustup.rs).".to_owned(),
        _ => format!("It was needed for `{line}`; see that it is installed and on PATH."),
    };
    Error::missing(format!("The program `{program}`"), remedy)
}

/// Text without terminal escape sequences: colours would hide "3 passed" from whoever looks for it.
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if char != '\u{1b}' {
            plain.push(char);
            continue;
        }
        match chars.next() {
            // A control sequence ends with the first character from `@` to `~`.
            Some('[') => drop(chars.find(|char| ('@'..='~').contains(char))),
            // The choice of a character set is one character more.
            Some('(') => drop(chars.next()),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_one_rounded_decimal() {
        assert_eq!(seconds(Duration::from_millis(0)), "0.0 s");
        assert_eq!(seconds(Duration::from_millis(1_949)), "1.9 s");
        assert_eq!(seconds(Duration::from_millis(1_950)), "2.0 s");
        assert_eq!(seconds(Duration::from_secs(119)), "119.0 s");
    }

    #[test]
    fn escape_sequences_vanish_and_text_stays() {
        assert_eq!(without_escapes("\u{1b}[32mok\u{1b}[0m. 3 passed\n"), "ok. 3 passed\n");
        assert_eq!(without_escapes("\u{1b}(B\u{1b}[m+let\u{1b}(B"), "+let");
        assert_eq!(without_escapes("\u{1b}[2K\u{1b}[1Gplain"), "plain");
        assert_eq!(without_escapes("ℹ pass 3"), "ℹ pass 3");
    }

    #[test]
    fn a_live_line_fits_a_narrow_terminal() {
        let line = live_line("Compile", Duration::from_secs(3), &"x".repeat(500));
        assert!(line.starts_with("Compile: 3 s  xxx"));
        assert_eq!(line.chars().count(), LIVE_LINE_CHARS_MAX);
    }

    #[test]
    fn an_error_repeats_only_the_end_of_long_output() {
        assert_eq!(last_lines("a\nb\nc\n\n", 2), "b\nc");
        assert_eq!(last_lines("a", 2), "a");
        assert_eq!(last_lines("", 2), "");
    }

    /// A step that draws no line: what it printed could end up inside the test harness' own lines.
    fn quiet() -> Step {
        Step { shared: Arc::default(), log: None }
    }

    #[test]
    fn a_failed_command_says_what_was_run_and_what_came_back() {
        let mut rustc = Command::new("rustc");
        rustc.arg("--no-such-option").env("SOME_VARIABLE", "7");
        let error = quiet().run(&mut rustc).unwrap().ok().unwrap_err().to_string();
        assert!(error.starts_with("`SOME_VARIABLE=7 rustc --no-such-option` ended with exit"), "{error}");
        assert!(error.contains("no-such-option"), "{error}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = quiet().run(&mut Command::new("no-such-program-anywhere")).err().unwrap().to_string();
        assert!(error.starts_with("The program `no-such-program-anywhere` is missing."), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_command_that_hangs_is_stopped_even_when_a_grandchild_holds_the_pipe() {
        let began = Instant::now();
        let mut shell = Command::new("sh");
        shell.args(["-c", "sleep 5 & sleep 5"]);
        let finished = quiet().run_within(Duration::from_millis(100), &mut shell).unwrap();
        let error = finished.ok().unwrap_err().to_string();
        assert!(error.contains("was stopped after 0.1 s"), "{error}");
        assert!(began.elapsed() < Duration::from_secs(4));
    }
}
