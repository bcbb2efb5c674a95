//! The command line: what was asked for, or what is wrong with it.

use crate::checks;
use crate::error::Error;
use std::path::PathBuf;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Help(String),
    Setup { test: bool },
    Play { port: Option<u16>, open: bool },
    Build,
    Dist { since: Option<String> },
    Serve { port: Option<u16>, dir: Option<PathBuf> },
    Test { chosen: Vec<&'static str> },
}

const COMMANDS: &str = "Commands:
  play    Install what is missing, build the page, serve it on this machine and open it
  test    Install what is missing, then run every check of the project
  build   Install what is missing and leave the static site in dist/, with a table of sizes
  dist    Leave all that is given to others in release/: site, npm package, crates, command, checksums
  serve   Serve a directory that is already built, and nothing else
  setup   Only install what `play` needs";

/// Reads the words after `cargo xtask`.
pub(crate) fn parse(words: &[String]) -> Result<Request, Error> {
    let Some((command, rest)) = words.split_first() else {
        return Err(Error::usage("`cargo xtask` needs a command.", COMMANDS));
    };
    let mut options = Options { command, words: rest.iter() };
    match command.as_str() {
        "help" | "--help" | "-h" => Ok(Request::Help(general_help())),
        "play" => play(&mut options),
        "test" => test(&mut options),
        "build" => bare(&mut options, Request::Build, BUILD_HELP),
        "dist" => dist(&mut options),
        "serve" => serve(&mut options),
        "setup" => setup(&mut options),
        _ => Err(Error::usage(format!("There is no command `{command}`."), COMMANDS)),
    }
}

fn play(options: &mut Options<'_>) -> Result<Request, Error> {
    let (mut port, mut open) = (None, true);
    while let Some(option) = options.next()? {
        match option.name {
            "--port" => port = Some(options.port(&option)?),
            "--no-open" => open = options.flag(&option, false)?,
            _ => return options.help_or_unknown(&option, PLAY_HELP),
        }
    }
    Ok(Request::Play { port, open })
}

fn serve(options: &mut Options<'_>) -> Result<Request, Error> {
    let (mut port, mut dir) = (None, None);
    while let Some(option) = options.next()? {
        match option.name {
            "--port" => port = Some(options.port(&option)?),
            "--dir" => dir = Some(PathBuf::from(options.value(&option, "a directory")?)),
            _ => return options.help_or_unknown(&option, SERVE_HELP),
        }
    }
    Ok(Request::Serve { port, dir })
}

fn dist(options: &mut Options<'_>) -> Result<Request, Error> {
    let mut since = None;
    while let Some(option) = options.next()? {
        match option.name {
            "--since" => since = Some(options.value(&option, "a revision of git")?.to_owned()),
            _ => return options.help_or_unknown(&option, DIST_HELP),
        }
    }
    Ok(Request::Dist { since })
}

/// A command without options.
fn bare(options: &mut Options<'_>, request: Request, help: &str) -> Result<Request, Error> {
    match options.next()? {
        Some(option) => options.help_or_unknown(&option, help),
        None => Ok(request),
    }
}

fn setup(options: &mut Options<'_>) -> Result<Request, Error> {
    let mut test = false;
    while let Some(option) = options.next()? {
        match option.name {
            "--test" => test = options.flag(&option, true)?,
            _ => return options.help_or_unknown(&option, SETUP_HELP),
        }
    }
    Ok(Request::Setup { test })
}

fn test(options: &mut Options<'_>) -> Result<Request, Error> {
    let (mut only, mut skip) = (Vec::new(), Vec::new());
    while let Some(option) = options.next()? {
        match option.name {
            "--only" => only.extend(options.checks(&option)?),
            "--skip" => skip.extend(options.checks(&option)?),
            _ => return options.help_or_unknown(&option, &test_help()),
        }
    }
    let chosen: Vec<_> =
        checks::names().filter(|name| (only.is_empty() || only.contains(name)) && !skip.contains(name)).collect();
    if chosen.is_empty() {
        return Err(Error::usage("--only and --skip leave no check to run.", known_checks()));
    }
    Ok(Request::Test { chosen })
}

/// One option as typed: `--port 80` and `--port=80` are the same.
struct Given<'a> {
    name: &'a str,
    attached: Option<&'a str>,
}

struct Options<'a> {
    command: &'a str,
    words: std::slice::Iter<'a, String>,
}

impl<'a> Options<'a> {
    fn next(&mut self) -> Result<Option<Given<'a>>, Error> {
        let Some(word) = self.words.next() else { return Ok(None) };
        if !word.starts_with('-') {
            return Err(Error::usage(
                format!("`cargo xtask {}` does not understand `{word}`: its options begin with `--`.", self.command),
                self.where_to_look(),
            ));
        }
        let (name, attached) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word.as_str(), None),
        };
        Ok(Some(Given { name, attached }))
    }

    fn value(&mut self, option: &Given<'a>, expected: &str) -> Result<&'a str, Error> {
        option
            .attached
            .or_else(|| self.words.next().map(String::as_str))
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Error::usage(format!("`{}` needs {expected} after it.", option.name), self.where_to_look()))
    }

    fn port(&mut self, option: &Given<'a>) -> Result<u16, Error> {
        let expected = "a port number from 0 to 65535 (0: any free port)";
        let value = self.value(option, expected)?;
        value
            .parse()
            .map_err(|_| Error::usage(format!("`{}` got `{value}`.", option.name), format!("Expected {expected}.")))
    }

    fn flag(&self, option: &Given<'a>, meaning: bool) -> Result<bool, Error> {
        match option.attached {
            None => Ok(meaning),
            Some(value) => {
                Err(Error::usage(format!("`{}` takes no value, but got `{value}`.", option.name), self.where_to_look()))
            }
        }
    }

    fn checks(&mut self, option: &Given<'a>) -> Result<Vec<&'static str>, Error> {
        let value = self.value(option, "the names of checks, separated by commas,")?;
        value
            .split(',')
            .map(|wanted| {
                let unknown =
                    || Error::usage(format!("`{}` got `{wanted}`, which is no check.", option.name), known_checks());
                checks::names().find(|name| *name == wanted.trim()).ok_or_else(unknown)
            })
            .collect()
    }

    fn help_or_unknown(&self, option: &Given<'a>, help: &str) -> Result<Request, Error> {
        match option.name {
            "--help" | "-h" => Ok(Request::Help(help.to_owned())),
            name => {
                let usage = help.lines().find(|line| line.starts_with("Usage: ")).unwrap_or_default();
                Err(Error::usage(
                    format!("`cargo xtask {}` has no option `{name}`.", self.command),
                    format!("{usage}\n{}", self.where_to_look()),
                ))
            }
        }
    }

    fn where_to_look(&self) -> String {
        format!("`cargo xtask {} --help` lists what there is.", self.command)
    }
}

fn known_checks() -> String {
    format!("The checks are: {}.", checks::names().collect::<Vec<_>>().join(", "))
}

fn general_help() -> String {
    format!(
        "The Raft Playground's own commands.

Usage: cargo xtask <command> [options]

{COMMANDS}

`cargo xtask <command> --help` says more about each."
    )
}

const PLAY_HELP: &str = "Install what is missing, build the page, serve it on 127.0.0.1 and open it in the browser.

Usage: cargo xtask play [--port N] [--no-open]

  --port N    Serve on this port, or fail when it is taken. Without it: 8080, or the next free port
  --no-open   Do not open a browser (none is opened either where there is no desktop)

What is already installed or built from the same sources is not done again.";

const SERVE_HELP: &str = "Serve a directory of static files on 127.0.0.1, with the page's own security headers.

Usage: cargo xtask serve [--port N] [--dir PATH]

  --port N     Serve on this port, or fail when it is taken. Without it: 8080, or the next free port
  --dir PATH   What to serve. Without it: dist/, where `cargo xtask build` leaves the site";

const BUILD_HELP: &str =
    "Install what is missing and leave the static site in dist/, ready for any web server and any path.

Usage: cargo xtask build

Prints the size of every module and script, raw and gzipped, against the project's budgets.";

const DIST_HELP: &str = "Leave all that is given to others in release/, which is replaced.

Usage: cargo xtask dist [--since REV]

  --since REV   See that the crates' public parts have changed no more since that revision than their version says

  release/site/         The static site, as `cargo xtask build` leaves it in dist/
  release/npm/          The same as a package for npm, packed as it would be published, and unpacked
  release/crates/       The crates as they would be published
  release/bin/          The command raft-sim for this machine
  release/SHA256SUMS    A checksum for each file, for `sha256sum --check`
  release/CONTENTS.txt  What is printed at the end: sizes, and each file's integrity for script tags";

const SETUP_HELP: &str = "Install what building the page needs, and nothing else.

Usage: cargo xtask setup [--test]

  --test   Install what `cargo xtask test` needs besides: wasm-pack, a browser and its driver, Playwright";

fn test_help() -> String {
    let mut help = "Install what is missing, then run every check. Ends with a table and a line `N passed, N failed`.

Usage: cargo xtask test [--only NAME,...] [--skip NAME,...]

  --only NAMES   Run these checks alone
  --skip NAMES   Run all but these

Checks, in the order in which they run:"
        .to_owned();
    for (name, about) in checks::list() {
        help.push_str(&format!("\n  {name:<14} {about}"));
    }
    help
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Request, Error> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    fn refusal(line: &str) -> String {
        parsed(line).unwrap_err().to_string()
    }

    #[test]
    fn play_takes_a_port_and_can_leave_the_browser_closed() {
        assert_eq!(parsed("play").unwrap(), Request::Play { port: None, open: true });
        assert_eq!(parsed("play --port 9000 --no-open").unwrap(), Request::Play { port: Some(9000), open: false });
        assert_eq!(parsed("play --port=9000").unwrap(), Request::Play { port: Some(9000), open: true });
    }

    #[test]
    fn a_release_may_be_compared_with_a_revision() {
        assert_eq!(parsed("dist").unwrap(), Request::Dist { since: None });
        assert_eq!(parsed("dist --since v0.1.0").unwrap(), Request::Dist { since: Some("v0.1.0".to_owned()) });
        assert!(refusal("dist --since").contains("`--since` needs a revision of git"));
    }

    #[test]
    fn serve_takes_a_directory() {
        let expected = Request::Serve { port: Some(0), dir: Some(PathBuf::from("web/out")) };
        assert_eq!(parsed("serve --dir web/out --port 0").unwrap(), expected);
    }

    #[test]
    fn what_is_not_understood_is_named_with_what_is_expected() {
        assert!(refusal("").contains("needs a command"));
        assert!(refusal("sevre").contains("no command `sevre`"));
        assert!(refusal("sevre").contains("serve   "));
        assert!(refusal("play --prot 1").contains("`cargo xtask play` has no option `--prot`"));
        assert!(refusal("play --prot 1").contains("Usage: cargo xtask play [--port N]"));
        assert!(refusal("play 8080").contains("does not understand `8080`"));
        assert!(refusal("play --port").contains("`--port` needs a port number"));
        assert!(refusal("play --port 70000").contains("got `70000`"));
        assert!(refusal("play --no-open=1").contains("takes no value"));
        assert!(refusal("build --fast").contains("no option `--fast`"));
        assert!(refusal("test --only wsam").contains("`wsam`, which is no check"));
    }

    #[test]
    fn only_and_skip_choose_checks_in_their_own_order() {
        assert_eq!(parsed("test --only native,fmt").unwrap(), Request::Test { chosen: vec!["fmt", "native"] });
        let Request::Test { chosen } = parsed("test --skip browser").unwrap() else { unreachable!() };
        assert_eq!(chosen.len(), checks::names().count() - 1);
        assert!(refusal("test --only fmt --skip fmt").contains("leave no check"));
    }

    #[test]
    fn every_command_explains_itself() {
        for command in ["play", "test", "build", "dist", "serve", "setup"] {
            let Request::Help(text) = parsed(&format!("{command} --help")).unwrap() else { unreachable!() };
            assert!(text.contains(&format!("Usage: cargo xtask {command}")), "{text}");
            let Request::Help(general) = parsed("--help").unwrap() else { unreachable!() };
            assert!(general.contains(&format!("\n  {command} ")), "{general}");
        }
    }
}
