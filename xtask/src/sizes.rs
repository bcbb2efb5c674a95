//! What the site weighs on the wire, against what it may weigh.

use crate::error::Error;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::BTreeSet;
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Gzipped bytes of what the page opens with. A page that opens at once on a phone is a feature; ARCHITECTURE.md has the measurements behind both.
const WASM_GZIP_BYTES_MAX: u64 = 171_000;
const PAGE_SCRIPT_GZIP_BYTES_MAX: u64 = 60_000;
/// The element as a classic script has inside what shows a scene and plays it, and whoever puts it into notes lets every reader fetch
/// that: the wasm, the page's script, and 26 kB of time line, logs and words for what happens.
const CLASSIC_SCRIPT: &str = "raft-playground.iife.js";
const CLASSIC_SCRIPT_GZIP_BYTES_MAX: u64 = 268_000;
/// The page that is one file travels by mail and lies in folders, where nobody packs it.
const ONE_FILE: &str = "raft-playground.html";
const ONE_FILE_BYTES_MAX: u64 = 600_000;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Weight {
    name: String,
    raw_bytes: u64,
    gzip_bytes: u64,
}

#[derive(Debug, PartialEq, Eq)]
struct Budget {
    name: &'static str,
    /// What is counted: bytes as they lie there, or gzipped.
    gzipped: bool,
    bytes: u64,
    bytes_max: u64,
}

impl Budget {
    fn is_kept(&self) -> bool {
        self.bytes <= self.bytes_max
    }
}

/// The table of sizes; its `Display` is what `cargo xtask build` prints.
#[derive(Debug)]
pub(crate) struct Report {
    weights: Vec<Weight>,
    budgets: Vec<Budget>,
}

impl Report {
    /// The budgets that were missed, in words.
    pub(crate) fn misses(&self) -> Vec<String> {
        self.budgets
            .iter()
            .filter(|budget| !budget.is_kept())
            .map(|budget| {
                format!(
                    "{}: {}{}, {} over the budget of {}",
                    budget.name,
                    kilobytes(budget.bytes),
                    if budget.gzipped { " gzipped" } else { "" },
                    kilobytes(budget.bytes - budget.bytes_max),
                    kilobytes(budget.bytes_max)
                )
            })
            .collect()
    }

    /// All budgets in a few words.
    pub(crate) fn summary(&self) -> String {
        let words: Vec<_> =
            self.budgets.iter().map(|budget| format!("{} {}", budget.name, kilobytes(budget.bytes))).collect();
        words.join(", ")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.weights.iter().map(|weight| weight.name.chars().count()).max().unwrap_or(0).max(11);
        writeln!(f, "{:<width$}  {:>10}  {:>10}  {:>10}", "file", "raw", "gzipped", "budget")?;
        for weight in &self.weights {
            let (raw, gzip) = (kilobytes(weight.raw_bytes), kilobytes(weight.gzip_bytes));
            writeln!(f, "{:<width$}  {raw:>10}  {gzip:>10}", weight.name)?;
        }
        for budget in &self.budgets {
            let (bytes, max) = (kilobytes(budget.bytes), kilobytes(budget.bytes_max));
            let (raw, gzip) = if budget.gzipped { ("", bytes.as_str()) } else { (bytes.as_str(), "") };
            let verdict = if budget.is_kept() { "kept" } else { "MISSED" };
            writeln!(f, "{:<width$}  {raw:>10}  {gzip:>10}  {max:>10}  {verdict}", budget.name)?;
        }
        for miss in self.misses() {
            writeln!(f, "\n!!! OVER BUDGET: {miss}")?;
        }
        Ok(())
    }
}

/// Weighs every module and script of the site in `dist`.
pub(crate) fn weigh(dist: &Path) -> Result<Report, Error> {
    let mut files = BTreeSet::new();
    find(dist, &mut files)?;
    let page = page_scripts(dist)?;
    let (mut weights, mut wasm_gzip_bytes, mut script_gzip_bytes) = (Vec::new(), 0, 0);
    let (mut classic_gzip_bytes, mut one_file_bytes) = (None, None);
    for file in &files {
        let content = std::fs::read(file).map_err(|cause| Error::file("read", file, cause))?;
        let gzip_bytes = gzipped(&content).map_err(|cause| Error::file("compress", file, cause))?;
        if file.extension().is_some_and(|extension| extension == "wasm") {
            // A module that only a late part names is fetched when that is.
            if names_any(&page, file)? {
                wasm_gzip_bytes += gzip_bytes;
            }
        } else if page.contains(file) {
            script_gzip_bytes += gzip_bytes;
        }
        let name = file.strip_prefix(dist).unwrap_or(file).to_string_lossy().into_owned();
        match name.as_str() {
            CLASSIC_SCRIPT => classic_gzip_bytes = Some(gzip_bytes),
            ONE_FILE => one_file_bytes = Some(content.len() as u64),
            _ => {}
        }
        weights.push(Weight { name, raw_bytes: content.len() as u64, gzip_bytes });
    }
    if wasm_gzip_bytes == 0 || script_gzip_bytes == 0 {
        return Err(Error::unfit(
            format!("{} holds no module, or index.html loads no script", dist.display()),
            "the site is not what the budgets are about",
        ));
    }
    let gzipped = |name, bytes, bytes_max| Budget { name, gzipped: true, bytes, bytes_max };
    let mut budgets = vec![
        gzipped("wasm", wasm_gzip_bytes, WASM_GZIP_BYTES_MAX),
        gzipped("page script", script_gzip_bytes, PAGE_SCRIPT_GZIP_BYTES_MAX),
    ];
    if let Some(bytes) = classic_gzip_bytes {
        budgets.push(gzipped("classic script", bytes, CLASSIC_SCRIPT_GZIP_BYTES_MAX));
    }
    if let Some(bytes) = one_file_bytes {
        budgets.push(Budget { name: "one file", gzipped: false, bytes, bytes_max: ONE_FILE_BYTES_MAX });
    }
    Ok(Report { weights, budgets })
}

/// Whether one of these scripts names a file.
fn names_any(scripts: &BTreeSet<PathBuf>, file: &Path) -> Result<bool, Error> {
    let Some(name) = file.file_name().and_then(|name| name.to_str()) else { return Ok(false) };
    for script in scripts {
        let text = std::fs::read_to_string(script).map_err(|cause| Error::file("read", script, cause))?;
        if text.contains(name) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn find(dir: &Path, files: &mut BTreeSet<PathBuf>) -> Result<(), Error> {
    for entry in std::fs::read_dir(dir).map_err(|cause| Error::file("list", dir, cause))? {
        let path = entry.map_err(|cause| Error::file("list", dir, cause))?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.file_name().is_some_and(|name| name == ONE_FILE)
            || path.extension().is_some_and(|extension| ["wasm", "js", "mjs"].iter().any(|known| extension == *known))
        {
            files.insert(path);
        }
    }
    Ok(())
}

/// The scripts that opening index.html loads: those that it names, and those that they import in their turn. What they
/// import only when it is asked for (`import("./late.js")`) lies beside them and is weighed, but nobody who opens the page
/// waits for it.
fn page_scripts(dist: &Path) -> Result<BTreeSet<PathBuf>, Error> {
    let index = dist.join("index.html");
    let mut found = BTreeSet::new();
    let mut unread = vec![index];
    while let Some(file) = unread.pop() {
        let text = std::fs::read_to_string(&file).map_err(|cause| Error::file("read", &file, cause))?;
        let references = if file.extension().is_some_and(|extension| extension == "html") {
            quoted_after(&text, &["src=", "href="])
        } else {
            quoted_after(&text, &["from", "import"])
        };
        for reference in references {
            let script = file.parent().unwrap_or(dist).join(reference.trim_start_matches("./"));
            let is_script = script.extension().is_some_and(|extension| extension == "js" || extension == "mjs");
            if is_script && script.is_file() && found.insert(script.clone()) {
                unread.push(script);
            }
        }
    }
    Ok(found)
}

/// Every text in quotes that follows one of the given words directly, or after spaces.
fn quoted_after<'a>(text: &'a str, words: &[&str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for word in words {
        for (at, _) in text.match_indices(word) {
            let rest = text[at + word.len()..].trim_start();
            let Some(quote) = rest.chars().next().filter(|char| ['"', '\''].contains(char)) else { continue };
            found.extend(rest[1..].split(quote).next());
        }
    }
    found
}

fn gzipped(content: &[u8]) -> std::io::Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?.len() as u64)
}

/// Thousands of bytes with one decimal.
pub(crate) fn kilobytes(bytes: u64) -> String {
    let tenths = (bytes + 50) / 100;
    format!("{}.{} kB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
        let dist = std::env::temp_dir().join(format!("raft-xtask-sizes-{name}-{}", std::process::id()));
        for (path, content) in files {
            let path = dist.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        dist
    }

    #[test]
    fn only_what_the_page_loads_counts_as_its_script() {
        let dist = site(
            "page",
            &[
                ("index.html", br#"<script type="module" src="./page.js"></script><a href="embed.js">embed</a"#),
                ("page.js", br#"import{a}from"./chunks/a.js";import('./chunks/late.js')"#),
                ("chunks/a.js", br#"import "./b.js"; import "/nowhere.js""#),
                ("chunks/b.js", b"b('engine.wasm')"),
                ("chunks/late.js", b"late('./late.wasm')"),
                ("standalone.js", b"for other pages"),
                ("raft-playground.iife.js", b"the element in one script"),
                ("raft-playground.html", b"<p>the same in one file</p>"),
                ("engine.wasm", b"\0asm"),
                ("late.wasm", b"\0asm, and much more that nobody waits for"),
            ],
        );
        let names: Vec<_> = page_scripts(&dist)
            .unwrap()
            .iter()
            .map(|path| path.strip_prefix(&dist).unwrap().to_string_lossy().replace('\\', "/"))
            .collect();
        assert_eq!(names, ["chunks/a.js", "chunks/b.js", "page.js"]);
        let report = weigh(&dist).unwrap();
        assert_eq!(report.weights.len(), 9);
        let weight = |name: &str| report.weights.iter().find(|weight| weight.name == name).unwrap().gzip_bytes;
        assert_eq!(report.budgets[0].bytes, weight("engine.wasm"));
        assert_eq!((report.budgets[2].bytes, report.budgets[2].gzipped), (weight("raft-playground.iife.js"), true));
        assert_eq!((report.budgets[3].bytes, report.budgets[3].gzipped), (27, false));
        assert!(report.misses().is_empty());
        assert!(report.to_string().contains("standalone.js"));
        std::fs::remove_dir_all(dist).unwrap();
    }

    #[test]
    fn a_missed_budget_is_said_with_both_numbers() {
        let wasm = Budget { name: "wasm", gzipped: true, bytes: 100_001, bytes_max: 100_000 };
        let script = Budget { name: "page script", gzipped: true, bytes: 60_000, bytes_max: 60_000 };
        let file = Budget { name: "one file", gzipped: false, bytes: 700_000, bytes_max: 600_000 };
        assert!(script.is_kept() && !wasm.is_kept());
        let report = Report { weights: Vec::new(), budgets: vec![wasm, script, file] };
        assert_eq!(
            report.misses(),
            [
                "wasm: 100.0 kB gzipped, 0.0 kB over the budget of 100.0 kB",
                "one file: 700.0 kB, 100.0 kB over the budget of 600.0 kB"
            ]
        );
        assert!(report.to_string().contains("!!! OVER BUDGET: wasm"));
        assert!(report.to_string().contains("MISSED"));
    }

    #[test]
    fn a_site_without_a_module_is_not_within_budget_but_wrong() {
        let dist = site("empty", &[("index.html", b"<p>nothing</p>")]);
        assert!(weigh(&dist).unwrap_err().to_string().contains("holds no module"));
        std::fs::remove_dir_all(dist).unwrap();
    }

    #[test]
    fn kilobytes_are_thousands_with_one_rounded_decimal() {
        assert_eq!(kilobytes(0), "0.0 kB");
        assert_eq!(kilobytes(49), "0.0 kB");
        assert_eq!(kilobytes(50), "0.1 kB");
        assert_eq!(kilobytes(99_950), "100.0 kB");
    }
}
