//! The command as its users run it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn raft_sim(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_raft-sim")).args(words).output().unwrap()
}

/// With this on its standard input.
fn raft_sim_reading(words: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_raft-sim"));
    let piped = command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = piped.spawn().unwrap();
    running.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    running.wait_with_output().unwrap()
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// A file of this test run alone.
fn file(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(fs::remove_file(&path));
    path
}

const CRASH: &str = r#"{"servers":3,"seed":4,"inputs":[
    {"at_us":400000,"input":{"kind":"propose","value":"x=1"}},
    {"at_us":900000,"input":{"kind":"crash","server":2}},
    {"at_us":910000,"input":{"kind":"cut","from":3,"to":1}}]}"#;

#[test]
fn a_run_says_how_it_ends_and_the_same_run_ends_the_same() {
    let words = ["run", "-", "--until", "5s", "--json"];
    let first = raft_sim_reading(&words, CRASH);
    assert_eq!(first.status.code(), Some(0), "{}", err(&first));
    assert_eq!(out(&first), out(&raft_sim_reading(&words, CRASH)));
    let ending: serde_json::Value = serde_json::from_str(out(&first)).unwrap();
    assert_eq!((&ending["seed"], &ending["time_us"]), (&4.into(), &5_000_000.into()));
    assert!(ending["committed"].as_u64().unwrap() >= 2 && ending["violation"].is_null());
    let other = raft_sim_reading(&["run", "-", "--until", "5s", "--seed", "5"], CRASH);
    assert!(out(&other).contains("seed         5\n") && out(&other).contains("every property holds"));
    assert!(!out(&other).contains(ending["fingerprint"].as_str().unwrap()), "another seed is another life");
}

#[test]
fn the_schema_is_printed_as_it_stands_in_docs() {
    let printed = raft_sim(&["schema"]);
    assert_eq!(printed.status.code(), Some(0), "{}", err(&printed));
    assert_eq!(out(&printed), include_str!("../../docs/scenario.schema.json"));
}

#[test]
fn what_cannot_be_read_is_named_and_there_is_no_verdict() {
    for (scenario, message) in [
        (r#"{"servers":0}"#, "error: -: servers is 0; expected 1 to 50\n"),
        (r#"{"server":3}"#, "error: -: server is no known field; expected one of "),
        ("{", "error: -: EOF while parsing an object"),
    ] {
        let output = raft_sim_reading(&["run", "-"], scenario);
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).starts_with(message), "{}", err(&output));
    }
    let endless = " ".repeat(5_000_001);
    let output = raft_sim_reading(&["run", "-"], &endless);
    assert_eq!(err(&output), "error: - is larger than 5000000 bytes, which a file may have at most\n");
    let missing = raft_sim(&["run", "no such file"]);
    assert!(missing.status.code() == Some(2) && err(&missing).starts_with("error: no such file: "));
    for words in [["soak", "--seeds", "5..1"], ["soak", "--shard", "2/2"], ["run", "-", "--until=3"]] {
        let output = raft_sim(&words);
        assert!(output.status.code() == Some(2) && err(&output).contains("expected"), "{}", err(&output));
    }
}

#[test]
fn servers_that_break_a_rule_are_found_out_and_the_exit_code_says_so() {
    let soak = ["soak", "--seeds", "0..20", "--duration", "12s", "--faults", "storm"];
    let correct = raft_sim(&soak);
    assert_eq!(correct.status.code(), Some(0), "{}", err(&correct));
    assert!(err(&correct).contains("20 runs, 0.06 virtual hours") && err(&correct).contains("20 holds"));
    let broken = raft_sim(&[&soak[..], &["--rules-off", "one_vote_per_term"]].concat());
    assert_eq!(broken.status.code(), Some(1), "{}", err(&broken));
    assert!(err(&broken).contains(" violated\n"), "{}", err(&broken));
    let lines: Vec<serde_json::Value> = out(&broken).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let seeds: Vec<u64> = lines.iter().map(|line| line["seed"].as_u64().unwrap()).collect();
    assert_eq!(seeds, (0..20).collect::<Vec<_>>(), "a line for each seed, in order");
    let found = lines.iter().find(|line| line["verdict"] == "violated").unwrap();
    assert!(found["property"].is_string() && found["why"].as_str().unwrap().ends_with('.'), "{found}");
}

#[test]
fn rules_are_switched_off_one_after_another_until_a_run_shows_it() {
    // No server of a simulated cluster acknowledges in advance, so that search is given up.
    let words = ["rules", "one_vote_per_term", "ack_bounded_by_log", "--searches", "2", "--runs-max", "3"];
    let output = raft_sim(&words);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let read = |output: &Output| -> Vec<serde_json::Value> {
        let mut lines: Vec<serde_json::Value> =
            out(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for search in lines.iter_mut().flat_map(|line| line["searches"].as_array_mut().unwrap()) {
            assert!(search.as_object_mut().unwrap().remove("cpu_ms").is_some());
        }
        lines
    };
    let lines = read(&output);
    assert_eq!(lines.iter().map(|line| line["rule"].as_str().unwrap()).collect::<Vec<_>>(), words[1..3]);
    for (at, first_seed) in [0, 1_000_000].into_iter().enumerate() {
        let [caught, given_up] = [0, 1].map(|rule| &lines[rule]["searches"][at]);
        assert_eq!((&caught["first_seed"], &given_up["first_seed"]), (&first_seed.into(), &first_seed.into()));
        assert!(caught["runs"].as_u64().unwrap() <= 3 && caught["caught_by"].is_string(), "{caught}");
        assert!(given_up["runs"] == 3 && given_up["caught_by"].is_null(), "{given_up}");
    }
    let alone = raft_sim(&[&words[..], &["--jobs", "1"]].concat());
    assert_eq!(read(&alone), lines, "whatever the number of jobs");
    let caught = raft_sim(&["rules", "one_vote_per_term", "--searches", "1"]);
    assert_eq!(caught.status.code(), Some(0), "{}", out(&caught));
}

#[test]
fn shards_together_are_the_whole_and_a_soak_that_was_stopped_goes_on() {
    let soak = ["soak", "--seeds", "0..12", "--duration", "10s", "--faults", "swarm"];
    let whole = raft_sim(&soak);
    let paths: Vec<PathBuf> = (0..3).map(|at| file(&format!("shard-{at}.jsonl"))).collect();
    for (at, path) in paths.iter().enumerate() {
        let shard = format!("{at}/3");
        let words = [&soak[..], &["--shard", &shard, "--jobs", "1", "--out", path.to_str().unwrap()]].concat();
        assert_eq!(raft_sim(&words).status.code(), Some(0));
    }
    let names: Vec<&str> = paths.iter().map(|path| path.to_str().unwrap()).collect();
    let merged = raft_sim(&[&["merge", "--seeds", "0..12"][..], &names].concat());
    assert_eq!((merged.status.code(), out(&merged)), (Some(0), err(&whole)));
    let short = raft_sim(&[&["merge", "--seeds", "0..12"][..], &names[1..]].concat());
    assert!(short.status.code() == Some(1) && out(&short).ends_with("4 seeds are missing, the first is 0\n"));

    // Stopped in the middle of its third line.
    let stopped = fs::read_to_string(&paths[0]).unwrap();
    let third = stopped.match_indices('\n').nth(1).unwrap().0 + 20;
    fs::write(&paths[0], &stopped[..third]).unwrap();
    let words = [&soak[..], &["--shard", "0/3", "--out", names[0]]].concat();
    assert_eq!(raft_sim(&words).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&paths[0]).unwrap(), stopped);

    // What belongs to another soak is not mixed in.
    let other = raft_sim(&["soak", "--seeds", "0..12", "--duration", "11s", "--out", names[0]]);
    assert!(other.status.code() == Some(2) && err(&other).contains("holds runs of plan swarm over 10000000 us"));
    assert_eq!(fs::read_to_string(&paths[0]).unwrap(), stopped);

    // The same run with another end is a sign of something very wrong.
    fs::write(&paths[1], stopped.replace("\"fingerprint\":\"", "\"fingerprint\":\"f")).unwrap();
    let differ = raft_sim(&["merge", names[0], names[1]]);
    assert!(differ.status.code() == Some(2) && err(&differ).contains("seed 0 ends with f"), "{}", err(&differ));
}

#[test]
fn a_run_writes_its_trace_and_a_trace_is_checked() {
    let path = file("trace.jsonl");
    let name = path.to_str().unwrap();
    let run = ["run", "-", "--until", "800ms", "--json"];
    let plain = raft_sim_reading(&run, CRASH);
    let traced = raft_sim_reading(&[&run[..], &["--trace", name]].concat(), CRASH);
    assert_eq!((traced.status.code(), out(&traced)), (Some(0), out(&plain)), "a trace changes nothing");
    let text = fs::read_to_string(&path).unwrap();
    let piped = raft_sim_reading(&[&run[..], &["--trace", "-"]].concat(), CRASH);
    assert_eq!((out(&piped), err(&piped)), (text.as_str(), out(&plain)));

    let holds = raft_sim(&["check", name]);
    assert_eq!(holds.status.code(), Some(0), "{}", err(&holds));
    assert!(out(&holds).contains("Election Safety              holds\n"), "{}", out(&holds));
    assert!(out(&holds).ends_with("nothing that was checked is violated\n"));

    // A line more: S1 says that it has won a term that another has won.
    let (before, _) = text.rsplit_once("\n{").unwrap();
    let leader = text.lines().find(|line| line.contains("\"leader\"")).unwrap();
    let leader: serde_json::Value = serde_json::from_str(leader).unwrap();
    let (term, other) = (&leader["term"], leader["server"].as_u64().unwrap() % 3 + 1);
    let win = format!("{{\"time_us\":3000000,\"server\":{other},\"event\":\"leader\",\"term\":{term}}}");
    let broken = format!("{before}\n{win}\n");
    let fails = raft_sim_reading(&["check", "-", "--json"], &broken);
    assert_eq!(fails.status.code(), Some(1), "{}", err(&fails));
    let outcome: serde_json::Value = serde_json::from_str(out(&fails)).unwrap();
    assert_eq!(
        (&outcome["verdict"], &outcome["evidence"]["violation"]["property"]),
        (&"violated".into(), &"election_safety".into())
    );
    assert_eq!(outcome["evidence"]["line"], broken.lines().count());
    let row = &outcome["properties"].as_array().unwrap()[0];
    assert_eq!((&row["property"], &row["verdict"]), (&"election_safety".into(), &"violated".into()));
    assert!(out(&raft_sim_reading(&["check", "-"], &broken)).contains("were both elected leader in term"));

    // A line that cannot be read: no verdict, or one without it.
    let cut = format!("{before}\n{{\"time_us\":\n");
    let refused = raft_sim_reading(&["check", "-"], &cut);
    let line = cut.lines().count();
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        err(&refused).starts_with(&format!("error: -: line {line}: expected an object in JSON")),
        "{}",
        err(&refused)
    );
    let kept = raft_sim_reading(&["check", "-", "--keep-going"], &cut);
    assert_eq!(kept.status.code(), Some(0), "{}", err(&kept));
    assert!(
        out(&kept).contains(&format!("left out: line {line}: "))
            && out(&kept).contains("but for the lines that were left out")
    );
    assert_eq!(raft_sim(&["check", "no such file"]).status.code(), Some(2));
}

#[test]
fn a_run_is_drawn_as_lanes() {
    let shown = raft_sim_reading(&["show", "-", "--until", "1s"], CRASH);
    let lines: Vec<&str> = out(&shown).lines().collect();
    assert!(lines[1].ends_with("ms  S1      S2      S3"), "{}", lines[1]);
    let row = |text: &str| *lines.iter().find(|line| line.contains(text)).unwrap_or_else(|| panic!("{text}"));
    assert!(
        row("became_leader").contains("\u{25cf}       \u{2502}         S2 became_leader term=1"),
        "{}",
        row("became_leader")
    );
    assert!(row("from S2 to S1").contains("\u{2502}<\u{2500}"), "{}", row("from S2 to S1"));
    assert!(row("S2 crashed").contains("\u{2502}       X       \u{2502}"), "{}", row("S2 crashed"));
    assert!(lines.last().unwrap().contains('\u{b7}'), "the crashed server's lane");
    assert!(!out(&shown).contains("timer_reset"));
    let all = raft_sim_reading(&["show", "-", "--until", "1s", "--all"], CRASH);
    assert!(out(&all).contains("timer_reset") && all.stdout.len() > shown.stdout.len());
    let late = raft_sim_reading(&["show", "-", "--from", "900ms", "--until", "1s"], CRASH);
    let first = out(&late).lines().nth(2).unwrap();
    assert!(first.contains("900.000  \u{2502}       \u{2503}       \u{2502}         input: crash server=2"), "{first}");
}

#[test]
fn a_run_is_drawn_as_a_sequence_diagram() {
    let shown = raft_sim_reading(&["show", "-", "--until", "1s", "--as", "mermaid"], CRASH);
    assert!(out(&shown).starts_with("sequenceDiagram\n    participant S1\n    participant S2\n    participant S3\n"));
    assert!(out(&shown).contains("    S2->>S1: RequestVote term 1 ("), "{}", out(&shown));
    assert!(out(&shown).contains("    Note over S2: became_leader term=1 "));
    assert!(out(&shown).contains("    Note over S1,S3: input: crash server=2 (900.000 ms)"));
}

#[test]
fn a_search_tells_a_story_that_can_be_run_and_made_no_shorter() {
    let story = file("story.json");
    let story = story.to_str().unwrap();
    let words = ["explore", "--rules-off", "vote_only_for_up_to_date_log", "--jobs", "2", "--story", story];
    let found = raft_sim(&words);
    assert_eq!(found.status.code(), Some(1), "{}", err(&found));
    assert!(out(&found).contains("   1. S1 times out\n"), "{}", out(&found));
    assert!(err(&found).contains("times Leader Completeness"), "{}", err(&found));
    let alone = raft_sim(&["explore", "--rules-off", "vote_only_for_up_to_date_log", "--jobs", "1"]);
    assert_eq!(out(&alone), out(&found), "the same, whoever shares the work");
    let run = raft_sim(&["run", story]);
    assert!(out(&run).contains("Leader Completeness"), "{}", out(&run));
    let shrunk = raft_sim(&["shrink", story]);
    assert_eq!(shrunk.status.code(), Some(1));
    assert!(err(&shrunk).starts_with("Leader Completeness: "), "{}", err(&shrunk));
    let again = raft_sim_reading(&["run", "-"], out(&shrunk));
    assert!(out(&again).contains("Leader Completeness"), "{}", out(&again));
}

#[test]
fn a_search_for_a_scene_says_whether_it_is_reached() {
    let story = file("scene.json");
    let story = story.to_str().unwrap();
    let found = raft_sim(&["explore", "--goal", "two_leaders", "--story", story]);
    assert_eq!(found.status.code(), Some(0), "{}", err(&found));
    assert!(out(&found).starts_with("Two leaders at once\n   1. S1 times out\n"), "{}", out(&found));
    assert!(err(&found).contains(" times reached"), "{}", err(&found));
    assert_eq!(raft_sim(&["run", story, "--until", "200ms"]).status.code(), Some(0), "its story violates nothing");
    let json = raft_sim(&["explore", "--goal", "two_leaders", "--json"]);
    let line = out(&json).lines().last().unwrap();
    assert!(line.contains(", goal two_leaders\"") && line.contains("\"found\":{\"reached\":"), "{line}");
    let missed = raft_sim(&["explore", "--goal", "leaders > 5", "--epochs", "0..2"]);
    assert_eq!((missed.status.code(), out(&missed)), (Some(1), ""));
    let refused = raft_sim(&["explore", "--goal", "leaders > x"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("goal is \"x\" at character 11; expected a number, a server"), "{}", err(&refused));
}

#[test]
fn trying_everything_comes_to_the_same_however_many_share_the_work_and_says_how_far_it_came() {
    let counts = |jobs: &'static str| {
        let done = raft_sim(&["exhaust", "--depth", "7", "--json", "--jobs", jobs]);
        assert_eq!(done.status.code(), Some(0), "{}", err(&done));
        let lines =
            out(&done).lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<serde_json::Value>>();
        assert_eq!(lines.len(), 8);
        assert_eq!(lines[7]["ended"], "depth");
        assert!(lines[7]["says"].as_str().unwrap().contains("up to 7 steps"));
        lines
            .iter()
            .map(|line| [line["all"].clone(), line["unique"].clone(), line["bytes"].clone()])
            .collect::<Vec<_>>()
    };
    assert_eq!(counts("1"), counts("2"));
    let stopped = raft_sim(&["exhaust", "--depth", "9", "--memory", "40kB", "--jobs", "2"]);
    assert_eq!(stopped.status.code(), Some(0));
    assert!(err(&stopped).contains("ended: more than 40000 bytes of memory"), "{}", err(&stopped));
    assert!(out(&stopped).contains("were tried one step further"), "{}", out(&stopped));
    let late = raft_sim(&["exhaust", "--depth", "9", "--time", "0s"]);
    assert!(err(&late).contains("ended: the time is over"), "{}", err(&late));
    assert!(out(&late).contains("anything of up to 0 steps"), "{}", out(&late));
    let large = raft_sim(&["exhaust", "--servers", "5"]);
    assert_eq!((large.status.code(), err(&large)), (Some(2), "error: servers is 5; expected 1 to 4\n"));
}

#[test]
fn trying_everything_tells_the_shortest_story_that_there_is() {
    let story = file("shortest.json");
    let story = story.to_str().unwrap();
    let rule = "vote_only_for_up_to_date_log";
    let found = raft_sim(&["exhaust", "--rules-off", rule, "--terms", "2", "--depth", "12", "--story", story]);
    assert_eq!(found.status.code(), Some(1), "{}", err(&found));
    assert!(
        out(&found).starts_with("Leader Completeness is violated after 10 steps, and by no fewer"),
        "{}",
        out(&found)
    );
    assert!(out(&found).contains("  10. ") && !out(&found).contains("  11. "), "{}", out(&found));
    let run = raft_sim(&["run", story]);
    assert_eq!(run.status.code(), Some(1));
    assert!(out(&run).contains("Leader Completeness"), "{}", out(&run));
}

#[test]
fn shards_of_a_search_are_taken_up_again_and_merged() {
    let paths = [file("even.jsonl"), file("odd.jsonl")];
    let names: Vec<&str> = paths.iter().map(|path| path.to_str().unwrap()).collect();
    let of = |shard: &'static str, file: &str, epochs: &'static str| {
        let words = ["explore", "--on", "full", "--all", "--epochs", epochs, "--shard", shard, "--out", file];
        raft_sim(&words)
    };
    assert_eq!(of("0/2", names[0], "0..4").status.code(), Some(0));
    assert_eq!(of("1/2", names[1], "0..6").status.code(), Some(0));
    // What was cut off in the middle is done again, and what is there is not.
    let cut = fs::read_to_string(&paths[0]).unwrap();
    fs::write(&paths[0], &cut[..cut.len() - 10]).unwrap();
    assert_eq!(of("0/2", names[0], "0..6").status.code(), Some(0));
    assert_eq!(fs::read_to_string(&paths[0]).unwrap().lines().count(), 3);
    let merge = |epochs: &'static str, on: &'static str| {
        raft_sim(&["explore", "--on", on, "--all", "--epochs", epochs, "--merge", names[0], names[1]])
    };
    let merged = merge("0..6", "full");
    assert!(err(&merged).starts_with("6 epochs, 384 runs, "), "{}", err(&merged));
    assert!(!err(&merged).contains("missing"));
    assert!(err(&merge("0..9", "full")).contains("3 epochs are missing"));
    let other = merge("0..6", "plain");
    assert_eq!(other.status.code(), Some(2));
    assert!(err(&other).contains("holds epochs of another search"), "{}", err(&other));
}

#[test]
fn a_search_on_what_cannot_be_is_refused() {
    let refused = raft_sim(&["explore", "--servers", "9"]);
    assert_eq!((refused.status.code(), err(&refused)), (Some(2), "error: servers is 9; expected 1 to 7\n"));
    assert!(err(&raft_sim(&["explore", "--shares", "1,2"])).contains("such as 20,10,60,5,5"));
    let nothing = raft_sim_reading(&["shrink", "-", "--until", "1s"], r#"{"servers":3}"#);
    assert_eq!(nothing.status.code(), Some(0));
    assert!(err(&nothing).contains("nothing is violated within 1000 ms"));
}
