//! From the sources to dist/: compile the engine, write its glue, shrink it, bundle the page around it.

use crate::error::Error;
use crate::npm;
use crate::setup::Tools;
use crate::stamp::Stamp;
use crate::step::step;
use crate::toolchain;
use crate::workspace::Workspace;
use std::path::PathBuf;
use std::process::Command;

/// What Rust's wasm32 target uses by default: without being told, wasm-opt takes these for mistakes.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Small, and small again by what the first turn left. What is called once is not put into its caller: that makes the
/// module smaller, but two functions that look alike are worth more to gzip than one long one.
/// Functions by their names, as those of one crate are alike.
const WASM_PASSES: [&str; 8] = [
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--one-caller-inline-max-function-size=5",
    "--reorder-functions-by-name",
    "--strip-producers",
    "--strip-target-features",
];

/// A WebAssembly module of the site, made from raft-wasm.
struct Module {
    /// What it is called in the steps.
    about: &'static str,
    /// What it and its glue are called in web/pkg.
    name: &'static str,
    /// How it is compiled: `wasm` for size, `release` for speed.
    profile: &'static str,
    features: &'static [&'static str],
}

/// What the page opens with, and what it fetches when somebody saves a trace or searches for a violation: few do, and all would
/// pay for it.
const MODULES: [Module; 3] = [
    Module { about: "the engine", name: "raft_wasm", profile: "wasm", features: &[] },
    Module {
        about: "the engine that writes traces",
        name: "raft_wasm_trace",
        profile: "wasm",
        features: &["--features", "trace"],
    },
    Module {
        about: "the engine that searches",
        name: "raft_wasm_explore",
        profile: "release",
        features: &["--features", "explore"],
    },
];

/// Builds what is not already built from the same sources.
pub(crate) fn build(tools: &Tools) -> Result<(), Error> {
    let engine_is_new = engine(tools)?;
    let page_is_new = page(tools)?;
    if !engine_is_new && !page_is_new {
        println!("The site is up to date.");
    }
    Ok(())
}

/// Brings web/pkg up to date; `false` where it was already.
pub(crate) fn engine(tools: &Tools) -> Result<bool, Error> {
    let workspace = &tools.workspace;
    let stamp = engine_stamp(workspace);
    if stamp.is_fresh()? {
        return Ok(false);
    }
    let toolchain = tools.wasm()?;
    let wasm_bindgen = tools.wasm_bindgen()?;
    tools.web_packages()?;

    for Module { about, name, profile, features } in &MODULES {
        let words = ["build", "--profile", profile, "--target", toolchain::WASM, "--package", "raft-wasm"];
        step(&format!("Compile {about} to WebAssembly (cargo build)"), |step| {
            step.run(&mut toolchain.cargo(workspace, &[&words, *features].concat()))?.ok().map(drop)
        })?;

        // The next one is compiled to the same file.
        let compiled = workspace.target().join(toolchain::WASM).join(profile).join("raft_wasm.wasm");
        step("Write its JavaScript glue (wasm-bindgen)", |step| {
            let mut command = Command::new(wasm_bindgen.join("wasm-bindgen"));
            command.args(["--target", "web", "--out-name", name, "--out-dir"]).arg(workspace.engine()).arg(&compiled);
            step.run(&mut command)?.ok().map(drop)
        })?;

        let module = workspace.engine().join(format!("{name}_bg.wasm"));
        step("Make it small (wasm-opt)", |step| {
            let mut command = npm::program(&workspace.web(), "wasm-opt");
            let passes: &[&str] = if *profile == "wasm" { &WASM_PASSES } else { &["-O3"] };
            command.args(passes).args(WASM_FEATURES).arg(&module).arg("-o").arg(&module);
            step.run(&mut command)?.ok().map(drop)
        })?;
    }
    stamp.write()?;
    Ok(true)
}

/// Brings dist/ up to date with web/; `false` where it was already.
fn page(tools: &Tools) -> Result<bool, Error> {
    let workspace = &tools.workspace;
    let stamp = page_stamp(workspace);
    if stamp.is_fresh()? {
        return Ok(false);
    }
    tools.web_packages()?;
    step("Bundle the page (npm run build)", |step| {
        step.run(&mut npm::npm(&workspace.web(), &["run", "build"]))?.ok()?;
        let index = workspace.dist().join("index.html");
        if index.is_file() {
            Ok(())
        } else {
            Err(Error::missing(format!("{}", index.display()), "`npm run build` in web/ succeeded without writing it."))
        }
    })?;
    stamp.write()?;
    Ok(true)
}

fn engine_stamp(workspace: &Workspace) -> Stamp {
    // This file is among the inputs: how the engine is built is part of what it becomes.
    let inputs =
        ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "raft-core", "raft-sim", "raft-wasm", "xtask/src/site.rs"];
    Stamp::new(
        stamp_file(workspace, "engine"),
        inputs.map(|name| workspace.root().join(name)).into(),
        vec![workspace.engine()],
    )
}

fn page_stamp(workspace: &Workspace) -> Stamp {
    Stamp::new(stamp_file(workspace, "page"), vec![workspace.web()], vec![workspace.dist()])
}

fn stamp_file(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.scratch().join(format!("{name}.stamp"))
}
