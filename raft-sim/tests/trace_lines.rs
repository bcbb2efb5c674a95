//! Lines that cannot be read, or cannot be true: each is named with its number and field, and the rest is kept if that is
//! asked for.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_sim::Property;
use raft_sim::trace::{Checked, Fact, Limits, Line, OnError, Reader, TraceError, Verdict, read};

const HEADER: &str = r#"{"raft_trace":1,"servers":3,"observed":["apply","state","client"]}"#;

fn with(lines: &[&str], on_error: OnError, limits: Limits) -> Result<Checked, TraceError> {
    let text = [&[HEADER], lines].concat().join("\n");
    read(text.as_bytes(), limits, on_error, false)
}

#[track_caller]
fn refused(lines: &[&str]) -> String {
    with(lines, OnError::Refuse, Limits::default()).unwrap_err().to_string()
}

#[test]
fn a_line_that_cannot_be_read_is_named_with_its_number_and_its_field() {
    let first = r#"{"time_us":1,"server":1,"event":"term","term":1}"#;
    for (line, why) in [
        ("{", "expected an object in JSON, found none: EOF while parsing an object at line 1 column 1"),
        ("[]", "expected an object, found a list"),
        (r#"{"server":1,"event":"term","term":1}"#, "field `time_us`: expected a value, found missing"),
        (r#"{"time_us":2,"server":1,"term":1}"#, "field `event`: expected a value, found missing"),
        (
            r#"{"time_us":2,"server":1,"event":"term","term":"x"}"#,
            "field `term`: expected a whole number from 0 to 9007199254740991, found \"x\"",
        ),
        (
            r#"{"time_us":2,"server":1,"event":"term","term":1.5}"#,
            "field `term`: expected a whole number from 0 to 9007199254740991, found 1.5",
        ),
        (r#"{"time_us":2,"server":1,"event":"term"}"#, "field `term`: expected a value, found missing"),
        (
            r#"{"time_us":2,"server":1,"event":"term","term":1,"vote":2}"#,
            "field `vote`: expected one of time_us, event, server, term, found no known field",
        ),
        (
            r#"{"time_us":2,"server":1,"event":"term","term":1,"term":1}"#,
            "field `term`: expected one of time_us, event, server, term, found given twice",
        ),
        (
            r#"{"time_us":2,"server":1,"event":"append","from":0,"entries":[]}"#,
            "field `from`: expected an index from 1 on, found 0",
        ),
        (
            r#"{"time_us":2,"server":1,"event":"append","from":1,"entries":[[1],[0]]}"#,
            "field `entries[1][0]`: expected a term from 1 on, found 0",
        ),
        (
            r#"{"time_us":2,"server":1,"event":"append","from":1,"entries":[[1,{"voters":[1,1]}]]}"#,
            "field `entries[0][1].voters`: expected members who can decide, found impossible (S1 stands twice in the \
             configuration; expected each server once)",
        ),
        (
            r#"{"time_us":2,"server":1,"event":"snapshot","last":[3]}"#,
            "field `last`: expected [index, term], found a list of another length",
        ),
        (
            r#"{"time_us":2,"server":1,"event":"ask","client":1,"sequence":1,"kind":"read","key":"x"}"#,
            "field `server`: expected one of time_us, event, client, sequence, kind, key, value, found no known field",
        ),
    ] {
        assert_eq!(refused(&[first, line]), format!("line 3: {why}"));
    }
    assert!(refused(&[r#"{"time_us":1,"server":1,"event":"elected"}"#]).contains("expected one of begin, join, term"));
}

#[test]
fn a_line_that_cannot_be_true_is_named_with_its_number_and_its_field() {
    let term = r#"{"time_us":5,"server":1,"event":"term","term":1}"#;
    let crash = r#"{"time_us":5,"server":1,"event":"crash"}"#;
    let asks = r#"{"time_us":5,"event":"ask","client":2,"sequence":4,"kind":"read","key":"x"}"#;
    for (before, line, why) in [
        (
            term,
            r#"{"time_us":4,"server":1,"event":"step_down"}"#,
            "field `time_us`: expected at least 5: lines stand in order, found 4",
        ),
        (
            term,
            r#"{"time_us":5,"server":4,"event":"step_down"}"#,
            "field `server`: expected a server from S1 to S3, or a `join` before, found S4",
        ),
        (
            term,
            r#"{"time_us":5,"server":0,"event":"step_down"}"#,
            "field `server`: expected a server from S1 to S3, or a `join` before, found S0",
        ),
        (term, r#"{"time_us":5,"server":3,"event":"join"}"#, "field `server`: expected S4, the next one, found S3"),
        (
            term,
            r#"{"time_us":5,"server":1,"event":"begin","term":1}"#,
            "field `event`: expected no `begin` behind other events, found \"begin\"",
        ),
        (
            term,
            r#"{"time_us":5,"server":1,"event":"leader","term":2}"#,
            "field `term`: expected 1, the term that the server is in, found 2",
        ),
        (
            term,
            r#"{"time_us":5,"server":1,"event":"restart","term":1}"#,
            "field `server`: expected a server that has crashed, found S1, which runs",
        ),
        (
            crash,
            r#"{"time_us":5,"server":1,"event":"term","term":1}"#,
            "field `server`: expected a running server, or a `restart` before, found S1, which is crashed",
        ),
        (
            crash,
            r#"{"time_us":5,"server":1,"event":"restart","term":1,"last":[3,1]}"#,
            "field `last`: expected an entry that stood in a log before, as [index, term], found [3, 1]",
        ),
        (
            crash,
            r#"{"time_us":5,"server":1,"event":"restart","term":1,"snapshot":[3,1]}"#,
            "field `snapshot`: expected an entry of the log that the server starts with, found [3, 1]",
        ),
        (
            term,
            r#"{"time_us":5,"server":1,"event":"save"}"#,
            "field `event`: expected \"save\" among what the header says is observed, found \"save\"",
        ),
        (
            term,
            r#"{"time_us":5,"server":1,"event":"apply","index":1}"#,
            "field `state`: expected a text that stands for the state, as the header says that it is observed, found missing",
        ),
        (
            asks,
            r#"{"time_us":5,"event":"ask","client":2,"sequence":4,"kind":"read","key":"x"}"#,
            "field `sequence`: expected a number above 4, the client's latest, found 4",
        ),
        (
            asks,
            r#"{"time_us":5,"event":"answer","client":2,"sequence":5}"#,
            "field `sequence`: expected the number of something that the client has asked for, found 5",
        ),
        (
            asks,
            r#"{"time_us":5,"event":"give_up","client":3,"sequence":1}"#,
            "field `sequence`: expected the number of something that the client has asked for, found 1",
        ),
    ] {
        assert_eq!(refused(&[before, line]), format!("line 3: {why}"));
        // What is left out has changed nothing: the rest is as it would be without it.
        let kept = with(&[before, line, " "], OnError::LeaveOut, Limits::default()).unwrap();
        assert_eq!((kept.facts, kept.lines, kept.left_out_count), (1, 4, 1));
        assert_eq!((kept.left_out[0].line, kept.left_out[0].why.as_str()), (3, why));
        let Verdict::Holds { but } = kept.verdict(Property::ElectionSafety) else { panic!() };
        assert_eq!(but, ["the lines that were left out"]);
    }
}

#[test]
fn nothing_is_read_behind_a_header_that_is_wrong() {
    for (header, why) in [
        ("", "expected a trace, found no line"),
        ("{\"servers\":3}", "line 1: field `raft_trace`: expected a value, found missing"),
        (
            r#"{"raft_trace":2,"servers":3,"observed":[]}"#,
            "line 1: field `raft_trace`: expected 1, the version that this program reads, found 2",
        ),
        (r#"{"raft_trace":1,"servers":3}"#, "line 1: field `observed`: expected a value, found missing"),
        (r#"{"raft_trace":1,"servers":51,"observed":[]}"#, "line 1: field `servers`: expected 1 to 50, found 51"),
        (
            r#"{"raft_trace":1,"servers":2,"observed":[],"configuration":{"voters":[3]}}"#,
            "line 1: field `configuration`: expected 1 to 2, found 3",
        ),
        (
            r#"{"raft_trace":1,"servers":2,"observed":["all"]}"#,
            "line 1: field `observed[0]`: expected one of vote, save, send, apply, state, progress, configuration, \
             acknowledge, read, client, found \"all\"",
        ),
    ] {
        for on_error in [OnError::Refuse, OnError::LeaveOut] {
            let refused = read(header.as_bytes(), Limits::default(), on_error, false).unwrap_err();
            assert_eq!(refused.to_string(), why);
        }
    }
}

#[test]
fn every_limit_is_named() {
    let term = r#"{"time_us":5,"server":1,"event":"term","term":1}"#;
    let append = r#"{"time_us":5,"server":1,"event":"append","from":1,"entries":[[1],[1],[1]]}"#;
    let small = Limits { line_bytes: 100, bytes: 300, lines: 4, entries: 5 };
    let named = |lines: &[&str], on_error| with(lines, on_error, small).unwrap_err().to_string();
    for on_error in [OnError::Refuse, OnError::LeaveOut] {
        assert_eq!(named(&[term, " ", " ", " "], on_error), "line 5: expected at most 4 lines, found more");
        let text = "line 3: expected at most 5 entries in all lines together, found more";
        assert_eq!(named(&[append, append], on_error), text);
        let blank = " ".repeat(99);
        let bytes = [blank.as_str(), &blank, &blank, &blank];
        assert_eq!(named(&bytes, on_error), "line 4: expected at most 300 bytes, found more");
    }
    let long = format!("{term}{}", " ".repeat(200));
    assert_eq!(named(&[&long], OnError::Refuse), "line 2: expected at most 100 bytes, found more");
    let kept = with(&[&long, term], OnError::LeaveOut, Limits { bytes: 1_000, ..small }).unwrap();
    assert_eq!((kept.facts, kept.left_out_count), (1, 1));
    let joins: Vec<String> = (4..=51).map(|id| format!(r#"{{"time_us":5,"server":{id},"event":"join"}}"#)).collect();
    let joins: Vec<&str> = joins.iter().map(String::as_str).collect();
    assert_eq!(refused(&joins), "line 49: field `server`: expected at most 50 servers, found one more");
}

#[test]
fn a_line_holds_as_many_entries_as_its_length_allows() {
    let entries = vec!["[1]"; 20_000].join(",");
    let kept = with(
        &[&format!(r#"{{"time_us":5,"server":1,"event":"append","from":1,"entries":[{entries}]}}"#)],
        OnError::Refuse,
        Limits::default(),
    );
    assert_eq!(kept.unwrap().facts, 1);
}

#[test]
fn lines_may_end_as_on_other_systems_and_the_last_need_not_end() {
    let text = format!("{HEADER}\r\n\r\n{{\"time_us\":5,\"server\":1,\"event\":\"candidate\"}}");
    let kept = read(text.as_bytes(), Limits::default(), OnError::Refuse, false).unwrap();
    assert_eq!((kept.facts, kept.lines), (1, 3));
}

#[test]
fn what_is_read_is_written_alike() {
    for line in [
        r#"{"time_us":1,"server":1,"event":"begin","term":3,"vote":2,"snapshot":[4,2],"entries":[[2],[3,"a\"b"]],"commit":4,"leads":true}"#,
        r#"{"time_us":1,"server":4,"event":"join"}"#,
        r#"{"time_us":1,"server":4,"event":"vote","term":2,"for":3}"#,
        r#"{"time_us":1,"server":4,"event":"append","from":7,"entries":[[3,{"client":2,"sequence":9,"text":"x=1"}],[3,{"voters":[1],"old":[2,3],"learners":[4],"stays_joint":true}]]}"#,
        r#"{"time_us":1,"server":4,"event":"configuration","voters":[]}"#,
        r#"{"time_us":1,"server":4,"event":"apply","index":7,"term":3,"state":"f00"}"#,
        r#"{"time_us":1,"server":4,"event":"restore","index":7}"#,
        r#"{"time_us":1,"server":4,"event":"save","term":3,"last":[7,3]}"#,
        r#"{"time_us":1,"server":4,"event":"send","to":1,"term":3,"vote":1,"match":7,"kind":"AppendEntries","message":12}"#,
        r#"{"time_us":1,"server":4,"event":"receive","message":12}"#,
        r#"{"time_us":1,"server":4,"event":"progress","follower":2,"match":7,"next":8}"#,
        r#"{"time_us":1,"server":4,"event":"crash","last":[0,0]}"#,
        r#"{"time_us":1,"server":4,"event":"restart","snapshot":[4,2],"term":3,"vote":1,"last":[7,3]}"#,
        r#"{"time_us":1,"server":4,"event":"acknowledge","index":7,"term":3}"#,
        r#"{"time_us":1,"server":4,"event":"read","index":7,"answered":6}"#,
        r#"{"time_us":1,"event":"ask","client":1,"sequence":2,"kind":"append","key":"x","value":"1"}"#,
        r#"{"time_us":1,"event":"answer","client":1,"sequence":2,"value":"1"}"#,
        r#"{"time_us":1,"event":"give_up","client":1,"sequence":2}"#,
    ] {
        let read = Line::from_tree(serde_json::from_str(line).unwrap()).unwrap();
        assert_eq!(read.to_json(), line);
    }
    // To cut a log off has two names.
    let truncate = r#"{"time_us":1,"server":4,"event":"truncate","from":7}"#;
    let read = Line::from_tree(serde_json::from_str(truncate).unwrap()).unwrap();
    assert!(matches!(read.fact, Fact::Append(_, _, entries) if entries.is_empty()));
    let mut reader = Reader::new(Limits::default(), OnError::Refuse, false);
    reader.line(HEADER.as_bytes()).unwrap();
    assert!(reader.end().unwrap().holds());
}
