//! Traces made by hand: those of somebody else's Raft, and each property broken in the smallest way there is.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_core::{EntryId, Index, Term, Time};
use raft_sim::trace::{Checked, Limits, OnError, ServerRole, Verdict, read};
use raft_sim::{OperationKind, Property};

/// A trace from short notes, `server event field=value ...` with `-` for what clients do; 10 microseconds from line to line.
fn trace(header: &str, notes: &[&str]) -> String {
    let mut text = format!("{{\"raft_trace\":1,{header}}}\n");
    for (at, note) in notes.iter().enumerate() {
        let mut words = note.split(' ');
        let (server, event) = (words.next().unwrap(), words.next().unwrap());
        text += &format!("{{\"time_us\":{},\"event\":\"{event}\"", 10 * (at + 1));
        if server != "-" {
            text += &format!(",\"server\":{server}");
        }
        for word in words {
            let (name, value) = word.split_once('=').unwrap();
            text += &format!(",\"{name}\":{value}");
        }
        text += "}\n";
    }
    text
}

#[track_caller]
fn checked(header: &str, notes: &[&str]) -> Checked {
    let text = trace(header, notes);
    read(text.as_bytes(), Limits::default(), OnError::Refuse, true).unwrap_or_else(|why| panic!("{why}\n{text}"))
}

const MINIMAL: &str = "\"servers\":3,\"observed\":[]";

/// S1 wins term 1, and two entries are committed; S3 has only the first of them.
const TWO_COMMITTED: &[&str] = &[
    "1 term term=1",
    "2 term term=1",
    "3 term term=1",
    "1 leader term=1",
    "1 append from=1 entries=[[1],[1,\"x=1\"]]",
    "2 append from=1 entries=[[1],[1,\"x=1\"]]",
    "3 append from=1 entries=[[1]]",
    "1 commit index=2",
    "2 commit index=2",
];

/// The same, with what is saved.
const TWO_SAVED: &[&str] = &[
    "1 term term=1",
    "2 term term=1",
    "3 term term=1",
    "1 save term=1 vote=1",
    "2 save term=1 vote=1",
    "3 save term=1",
    "1 leader term=1",
    "1 append from=1 entries=[[1],[1,\"x=1\"]]",
    "2 append from=1 entries=[[1],[1,\"x=1\"]]",
    "3 append from=1 entries=[[1]]",
    "1 save last=[2,1]",
    "2 save last=[2,1]",
    "1 commit index=2",
    "2 commit index=2",
];

/// All holds until the last of the notes, which breaks a property.
#[track_caller]
fn breaks(property: Property, observed: &str, before: &[&str], notes: &[&str], text: &str) {
    let header = format!("\"servers\":3,\"observed\":[{observed}]");
    let all = [before, notes].concat();
    let whole = checked(&header, &all[..all.len() - 1]);
    assert_eq!(whole.evidence, None, "without the last line");
    assert!(matches!(whole.verdict(property), Verdict::Holds { .. }));
    let broken = checked(&header, &all);
    assert_eq!(broken.verdict(property), Verdict::Violated);
    let evidence = broken.evidence.unwrap();
    assert_eq!((evidence.violation.property, evidence.violation.text.as_str()), (property, text));
    assert_eq!((evidence.line, evidence.violation.at), (all.len() as u64 + 1, Time(10 * all.len() as u64)));
    assert_eq!(evidence.lines.last(), Some(&evidence.line));
}

#[test]
fn a_trace_of_another_raft_with_the_fewest_facts_is_accepted_and_one_word_of_it_changed_is_not() {
    let story = &[
        TWO_COMMITTED,
        &[
            "1 crash",
            "3 term term=2",
            "2 term term=3",
            "3 term term=3",
            "2 leader term=3",
            "2 append from=3 entries=[[3]]",
            "3 append from=2 entries=[[1,\"x=1\"],[3]]",
            "2 commit index=3",
            "1 restart term=1",
            "1 append from=3 entries=[[1,\"lost\"]]",
            "1 term term=3",
            "1 append from=3 entries=[[3]]",
            "1 commit index=3",
            "3 commit index=3",
        ],
    ]
    .concat();
    // What S1 is said to have written before its crash, it wrote after: as a leader of term 1 that it was no more.
    let early: Vec<&str> = story.iter().copied().filter(|note| !note.contains("lost")).collect();
    let accepted = checked(MINIMAL, &early);
    assert_eq!(accepted.evidence, None);
    let verdicts = accepted.verdicts();
    let count = |is: fn(&Verdict) -> bool| verdicts.iter().filter(|(_, verdict)| is(verdict)).count();
    assert_eq!(count(|verdict| matches!(verdict, Verdict::Holds { .. })), 10);
    assert_eq!(count(|verdict| matches!(verdict, Verdict::NotChecked { .. })), 6);
    let because = |property| match accepted.verdict(property) {
        Verdict::NotChecked { because } => because,
        verdict => panic!("{verdict:?}"),
    };
    assert_eq!(because(Property::OneVotePerTerm), "the trace has neither `vote` nor `send`");
    assert_eq!(because(Property::CommittedIsDurable), "the trace has no `save`");
    let but = vec![
        "what servers apply, as the trace has no `apply`",
        "the states that they come to, as the trace has no `state`",
    ];
    assert_eq!(accepted.verdict(Property::StateMachineSafety), Verdict::Holds { but });
    // S1, which does not lead any more, has made up an entry of term 1.
    assert_eq!(checked(MINIMAL, story).evidence.unwrap().violation.property, Property::OneAuthorPerTerm);
    // One vote less for the log that has all: S3 wins instead, without what is committed.
    let other: Vec<String> = early.iter().map(|note| note.replace("2 leader term=3", "3 leader term=3")).collect();
    let other: Vec<&str> = other.iter().map(String::as_str).collect();
    let evidence = checked(MINIMAL, &other).evidence.unwrap();
    let text = "S3 leads term 3 without the entry at index 2, committed in term 1.";
    assert_eq!((evidence.violation.text.as_str(), evidence.line), (text, 15));
    assert_eq!(
        evidence.lines,
        [5, 9, 15],
        "where term 1 was won, where the entry was committed, and where it is missing"
    );
}

#[test]
fn each_moment_can_be_looked_at() {
    let moments =
        checked(MINIMAL, &[TWO_COMMITTED, &["1 crash", "3 append from=1 entries=[]"]].concat()).moments.unwrap();
    let at = |server: u32, line| moments.server(raft_core::ServerId(server), line).unwrap();
    assert_eq!((at(1, 1).term, at(1, 2).term), (Term(0), Term(1)));
    assert_eq!(
        (at(1, 4).role, at(1, 5).role, at(1, 11).role),
        (ServerRole::Follower, ServerRole::Leader, ServerRole::Down)
    );
    assert_eq!((at(2, 9).commit, at(2, 10).commit), (Index(0), Index(2)));
    assert_eq!((moments.last(at(3, 8)), moments.last(at(3, 12))), (EntryId::new(1, 1), EntryId::START));
    let log: Vec<(u64, String)> = moments.log(at(2, 99)).map(|entry| (entry.line, entry.value)).collect();
    assert_eq!(log, [(6, "x=1".to_owned()), (6, String::new())]);
    assert_eq!((moments.line_at(Time(0)), moments.line_at(Time(45)), moments.line_at(Time(999))), (1, 5, u64::MAX));
    assert_eq!((moments.time_of(5), moments.time_of(11)), (Time(40), Time(100)));
    assert_eq!(moments.servers(), 3);
}

#[test]
fn election_safety() {
    let text = "S1 and S2 were both elected leader in term 1.";
    breaks(Property::ElectionSafety, "", TWO_COMMITTED, &["2 leader term=1"], text);
}

#[test]
fn leader_append_only() {
    let text = "S1 leads term 1 and changed its own log at index 3 or after it.";
    let notes = ["1 append from=3 entries=[[1]]", "1 truncate from=3"];
    breaks(Property::LeaderAppendOnly, "", TWO_COMMITTED, &notes, text);
}

#[test]
fn log_matching() {
    let text = "S1 and S3 both have an entry of term 1 at index 2, but their logs up to it differ.";
    breaks(Property::LogMatching, "", TWO_COMMITTED, &["3 append from=2 entries=[[1,\"x=2\"]]"], text);
    let text = "S3 has an entry at index 3; its log ended at index 1.";
    breaks(Property::LogMatching, "", TWO_COMMITTED, &["3 append from=3 entries=[[1]]"], text);
}

#[test]
fn leader_completeness() {
    let text = "S3 leads term 2 without the entry at index 2, committed in term 1.";
    breaks(Property::LeaderCompleteness, "", TWO_COMMITTED, &["3 term term=2", "3 leader term=2"], text);
}

#[test]
fn state_machine_safety() {
    let breaks = |observed, notes: &[&str], text| {
        breaks(Property::StateMachineSafety, observed, TWO_COMMITTED, notes, text);
    };
    breaks("", &["3 commit index=2"], "S3 committed index 2, which its log does not reach.");
    breaks("", &["3 snapshot last=[3,1]"], "S3 has a snapshot that ends with the entry 3.1, which is not committed.");
    let text = "S1 applied the entry at index 2, where 1 was next.";
    breaks("\"apply\"", &["1 apply index=2"], text);
    let text = "S1 applied another entry at index 1 than the committed one.";
    breaks("\"apply\"", &["1 apply index=1 term=2"], text);
    let notes = ["1 append from=3 entries=[[1]]", "1 apply index=1", "1 apply index=2", "1 apply index=3"];
    breaks("\"apply\"", &notes, "S1 applied another entry at index 3 than the committed one.");
    let notes = ["1 apply index=1 state=\"a\"", "2 apply index=1 state=\"b\""];
    let text = "S2 has another state after index 1 than the committed log gives.";
    breaks("\"apply\",\"state\"", &notes, text);
    let notes = ["3 snapshot last=[2,1]", "3 restore index=2", "3 restore index=1"];
    breaks("\"apply\"", &notes, "S3 took its state machine back from index 2 to 1.");
}

#[test]
fn one_vote_per_term() {
    let text = "S2 has voted for S1 and for S3 in term 1.";
    let notes = ["2 vote term=1 for=1", "2 crash", "2 restart term=1", "2 vote term=1 for=3"];
    breaks(Property::OneVotePerTerm, "\"vote\"", TWO_COMMITTED, &notes, text);
    let notes = ["2 send to=1 term=1 vote=1", "2 send to=3 term=1 vote=3"];
    breaks(Property::OneVotePerTerm, "\"send\"", TWO_COMMITTED, &notes, text);
}

#[test]
fn terms_never_fall() {
    let breaks =
        |observed, notes: &[&str], text| breaks(Property::TermsNeverFall, observed, TWO_COMMITTED, notes, text);
    breaks("", &["3 term term=4", "3 term term=3"], "S3 has gone back from term 4 to term 3.");
    let text = "S3 has an entry of term 2 at index 2, and is in term 1.";
    breaks("", &["2 term term=2", "2 leader term=2", "3 append from=2 entries=[[2]]"], text);
    breaks("\"send\"", &["3 send to=1 term=2"], "S3 sends a message of term 2, and is in term 1.");
    let notes = ["3 term term=2", "3 send to=1 term=2", "3 crash", "3 restart term=1"];
    breaks("\"send\"", &notes, "S3 starts again in term 1; it had sent messages in term 2.");
}

#[test]
fn indexes_never_fall() {
    let breaks =
        |observed, notes: &[&str], text| breaks(Property::IndexesNeverFall, observed, TWO_COMMITTED, notes, text);
    breaks("", &["2 commit index=1"], "S2 has taken its commit index back from 2 to 1.");
    let notes = ["1 progress follower=2 match=2 next=3", "1 progress follower=2 match=1 next=2"];
    let text = "S1 knew S2 to hold all up to index 2, and takes it back to 1.";
    breaks("\"progress\"", &notes, text);
    let text = "S1 knows S2 to hold all up to index 2, and would send it index 2 next.";
    breaks("\"progress\"", &["1 progress follower=2 match=2 next=2"], text);
}

#[test]
fn what_a_leader_knows_of_a_follower_begins_anew_with_its_leadership_and_with_the_followers_membership() {
    let header = "\"servers\":3,\"observed\":[\"progress\"]";
    let again = ["1 term term=2", "1 leader term=2", "1 progress follower=3 match=0 next=1"];
    let knows = ["1 progress follower=3 match=1 next=2"];
    assert_eq!(checked(header, &[TWO_COMMITTED, &knows, &again].concat()).evidence, None);
    let removed = [
        "1 append from=3 entries=[[1,{\"voters\":[1,2]}]]",
        "2 append from=3 entries=[[1,{\"voters\":[1,2]}]]",
        "1 commit index=3",
        "1 append from=4 entries=[[1,{\"voters\":[1,2,3]}]]",
        "1 progress follower=3 match=0 next=1",
    ];
    assert_eq!(checked(header, &[TWO_COMMITTED, &knows, &removed].concat()).evidence, None);
}

#[test]
fn one_author_per_term() {
    let breaks = |notes: &[&str], text| breaks(Property::OneAuthorPerTerm, "", TWO_COMMITTED, notes, text);
    let text = "S2 has an entry of term 2 at index 3, and nobody was elected in that term.";
    breaks(&["2 term term=2", "2 append from=3 entries=[[2]]"], text);
    let text = "S2 has an entry of term 1 at index 3; S1, who led that term, wrote none behind index 2.";
    breaks(&["2 append from=3 entries=[[1]]"], text);
}

#[test]
fn own_term_commit_unless_the_trace_says_that_the_rule_is_not_followed() {
    let text = "S2 leads term 2 and finds index 3 committed, an entry of term 1.";
    let notes = [
        "1 append from=3 entries=[[1]]",
        "2 append from=3 entries=[[1]]",
        "2 term term=2",
        "2 leader term=2",
        "2 append from=4 entries=[[2]]",
        "2 commit index=3",
    ];
    breaks(Property::OwnTermCommit, "", TWO_COMMITTED, &notes, text);
    let header = "\"servers\":3,\"observed\":[],\"own_term_commit\":false";
    let without = checked(header, &[TWO_COMMITTED, &notes].concat());
    let because = "the header says that this rule is not followed".to_owned();
    assert_eq!(without.verdict(Property::OwnTermCommit), Verdict::NotChecked { because });
    assert!(without.holds());
}

#[test]
fn durable_before_sent() {
    let breaks = |observed, notes: &[&str], text| {
        breaks(Property::DurableBeforeSent, observed, TWO_SAVED, notes, text);
    };
    let sends = "\"save\",\"send\"";
    breaks(sends, &["3 term term=2", "3 send to=1 term=2"], "S3 sends a message of term 2; its disk is in term 1.");
    let notes = ["3 send to=1 term=1", "3 send to=1 term=1 vote=1"];
    breaks(sends, &notes, "S3 votes for S1 in term 1, which its disk does not hold.");
    let notes = ["2 send to=1 term=1 match=2", "3 send to=1 term=1 match=1"];
    breaks(sends, &notes, "S3 acknowledges all up to index 1; its disk holds no more than 0.");
    let notes = ["2 vote term=1 for=1", "3 vote term=1 for=1"];
    breaks("\"save\",\"vote\"", &notes, "S3 votes for S1 in term 1, which its disk does not hold.");
}

#[test]
fn committed_is_durable() {
    let breaks = |notes: &[&str], text| breaks(Property::CommittedIsDurable, "\"save\"", TWO_SAVED, notes, text);
    let notes =
        ["1 append from=3 entries=[[1]]", "2 append from=3 entries=[[1]]", "1 save last=[3,1]", "1 commit index=3"];
    let text = "S1 leads term 1 and finds index 3 committed, which is on 1 of 2 disks that a quorum takes.";
    breaks(&notes, text);
    let text = "S2, S3 are a quorum, and no disk of theirs holds the entry at index 2 any more since S2's lost it; it is \
                committed.";
    breaks(&["2 crash last=[1,1]"], text);
    breaks(&["2 crash", "2 restart term=1 last=[1,1]"], text);
    breaks(&["3 crash", "3 restart term=1", "2 crash last=[0,0]"], &text.replace("at index 2", "at index 1"));
}

#[test]
fn acknowledged_writes_survive() {
    let breaks = |observed, notes: &[&str], text| {
        breaks(Property::AcknowledgedWritesSurvive, observed, TWO_SAVED, notes, text);
    };
    let notes = ["1 append from=3 entries=[[1]]", "1 acknowledge index=3 term=1"];
    let text = "S1 tells a client that its write stands at index 3, which is not committed.";
    breaks("\"save\",\"acknowledge\"", &notes, text);
    let text = "S2, S3 are a quorum, and no disk of theirs holds the entry at index 2 any more since S2's lost it; a client \
                was told that it is written.";
    let notes = ["1 acknowledge index=2 term=1", "2 crash last=[1,1]"];
    breaks("\"save\",\"acknowledge\"", &notes, text);
}

#[test]
fn membership_safety() {
    let breaks =
        |observed, notes: &[&str], text| breaks(Property::MembershipSafety, observed, TWO_COMMITTED, notes, text);
    let text = "S1 has a configuration at index 3 that can decide without a server of the one before it.";
    breaks("", &["1 append from=3 entries=[[1,{\"voters\":[3]}]]"], text);
    let text = "S1 has a configuration at index 4 before that at index 3 is committed.";
    let notes =
        ["1 append from=3 entries=[[1,{\"voters\":[1,2]}]]", "1 append from=4 entries=[[1,{\"voters\":[1,2,3]}]]"];
    breaks("", &notes, text);
    let text = "S1 counts by another configuration than the latest of its log, at index 0.";
    breaks("\"configuration\"", &["1 configuration voters=[1,2,3]", "1 configuration voters=[1,2]"], text);
    let joint = "{\"voters\":[2,3],\"old\":[1,2],\"learners\":[1]}";
    let header = "\"servers\":3,\"configuration\":{\"voters\":[1,2],\"learners\":[3]},\"observed\":[\"configuration\"]";
    let append = format!("1 append from=3 entries=[[1,{joint}]]");
    let notes = [&append, "1 configuration voters=[2,3] old=[1,2] learners=[1]"];
    assert_eq!(checked(header, &[TWO_COMMITTED, &notes].concat()).evidence, None);
}

#[test]
fn linearizable_reads() {
    let text = "S3 answered a read from its state at index 1; the operation at index 2 had been answered before the read was \
                asked for.";
    let notes = ["2 read index=2 answered=2", "3 read index=1 answered=2"];
    breaks(Property::LinearizableReads, "\"read\"", TWO_COMMITTED, &notes, text);
}

#[test]
fn linearizability() {
    let notes = [
        "- ask client=7 sequence=1 kind=\"write\" key=\"x\" value=\"1\"",
        "- answer client=7 sequence=1",
        "- ask client=8 sequence=1 kind=\"read\" key=\"x\"",
        "- ask client=9 sequence=5 kind=\"read\" key=\"x\"",
        "- answer client=9 sequence=5 value=\"1\"",
        "- answer client=8 sequence=1",
    ];
    let text = "client 8 read x as never written (asked at 0.120 ms, answered at 0.150 ms), after client 7's write x=1 had \
                been answered (at 0.110 ms). No order of the operations on x explains what was read.";
    breaks(Property::Linearizability, "\"client\"", TWO_COMMITTED, &notes, text);
    let header = "\"servers\":3,\"observed\":[\"client\"]";
    let broken = checked(header, &[TWO_COMMITTED, &notes].concat());
    let evidence = broken.evidence.unwrap();
    assert_eq!(evidence.lines, [11, 13, 16], "the write, the read, and its answer");
    let kinds: Vec<OperationKind> = evidence.violation.operations.iter().map(|operation| operation.kind).collect();
    assert_eq!(kinds, [OperationKind::Write, OperationKind::Read]);
    assert_eq!((broken.linearizability.asked, broken.linearizability.answered), (3, 3));
}

#[test]
fn a_trace_may_begin_in_the_middle_and_servers_may_join() {
    let begin = [
        "1 begin term=4 vote=1 snapshot=[10,2] entries=[[3],[4,\"y\"]] commit=11 leads=true",
        "2 begin term=4 vote=1 snapshot=[10,2] entries=[[3]] commit=10",
        "3 begin term=3 entries=[[1],[1],[1],[1],[1],[1],[2],[2],[2],[2]] commit=10",
    ];
    let goes_on = [
        "2 append from=12 entries=[[4,\"y\"]]",
        "2 save last=[12,4]",
        "1 commit index=12",
        "4 join",
        "3 term term=4",
        "3 append from=11 entries=[[3],[4,\"y\"]]",
        "3 snapshot last=[11,3]",
        "3 commit index=12",
        "1 append from=13 entries=[[4,{\"voters\":[1,2,3,4]}]]",
        "4 term term=4",
        "4 snapshot last=[12,4]",
        "4 commit index=12",
    ];
    let header = "\"servers\":3,\"observed\":[\"save\"]";
    let all = [&begin[..], &goes_on].concat();
    let accepted = checked(header, &all);
    assert_eq!(accepted.evidence, None);
    let moments = accepted.moments.unwrap();
    let state = moments.server(raft_core::ServerId(4), u64::MAX).unwrap();
    assert_eq!((state.base, moments.last(state), moments.log(state).count()), (Index(12), EntryId::new(12, 4), 0));
    assert_eq!(moments.log(moments.server(raft_core::ServerId(3), 2).unwrap()).count(), 10);
    // Without its save S2 has not got what S1 commits.
    let unsaved: Vec<&str> = all.iter().copied().filter(|note| !note.contains("save")).collect();
    let evidence = checked(header, &unsaved).evidence.unwrap();
    assert_eq!((evidence.violation.property, evidence.line), (Property::CommittedIsDurable, 6));
    // Servers that could not have come to this together.
    let apart = [begin[0], "2 begin term=4 vote=2 snapshot=[10,2] entries=[[3]] commit=10 leads=true"];
    let evidence = checked(header, &apart).evidence.unwrap();
    assert_eq!((evidence.violation.property, evidence.line), (Property::ElectionSafety, 3));
    // Another leader of the term that was led already.
    let evidence = checked(header, &[&begin[..], &["2 leader term=4"]].concat()).evidence.unwrap();
    assert_eq!((evidence.violation.property, evidence.lines), (Property::ElectionSafety, vec![2, 5]));
}
