//! What a server does with each kind of message, in each role and for each relation of terms: state, message, state.
//!
//! S1 is one of three voters. A state is written `role term vote log commit`: `follower/S2` follows S2 and `follower`
//! nobody, `-` is no vote, a log is written by its terms, and `c2` is a commit index of 2. Under each state stand rows
//!
//! `sender term message > state < answers, each to whom and in which term < events`
//!
//! where `=` is the state as it was; a long row goes on below. An entry is `index.term`. A message is the RPC's name with what it holds:
//!
//! - `RequestVote 2.2`: the candidate's last entry; `PreVote 4: 2.2`: the term it would enter as well;
//! - `AppendEntries 2.2 [3 3] c1`: the entry before the new ones, their terms, and the leader's commit index;
//! - `AppendEntriesReply ok 2`, or `no 2: term 1 from 2`, or `no 2: from 2` for a log that is too short, or `stale`;
//! - `InstallSnapshot 2.2 part` (or `done`), `InstallSnapshotReply 2 installed` (or `wants 1`);
//! - `ReadIndex 7`, `ReadIndexReply 7 at 2` (or `7 none`).
//!
//! An input that is refused as absurd has no event but its reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use raft_core::{
    AppendOutcome, Body, Configuration, Durable, EntryId, Event, Index, Input, Message, Options, Role, Round, Server,
    ServerId, SnapshotOutcome, Term,
};
use raft_tests::{Cluster, as_in_the_figures, entries, entries_of};

const S1: ServerId = ServerId(1);
const S2: ServerId = ServerId(2);

fn number(text: &str) -> u64 {
    text.trim_start_matches(['S', 'c', 't']).trim_end_matches(':').parse().unwrap_or_else(|_| panic!("{text:?}"))
}

fn server_id(text: &str) -> Option<ServerId> {
    (text != "-").then(|| ServerId(number(text).try_into().unwrap()))
}

fn entry(text: &str) -> EntryId {
    let (index, term) = text.split_once('.').unwrap();
    EntryId::new(number(index), number(term))
}

/// The terms between brackets, and what stands before and behind them.
fn bracketed(text: &str) -> (&str, Vec<u64>, &str) {
    let (before, rest) = text.split_once('[').unwrap();
    let (terms, behind) = rest.split_once(']').unwrap();
    (before.trim(), terms.split_whitespace().map(number).collect(), behind.trim())
}

fn log(terms: &[u64]) -> String {
    let terms: Vec<String> = terms.iter().map(u64::to_string).collect();
    format!("[{}]", terms.join(" "))
}

/// A message, written as above.
fn message(text: &str) -> Message {
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = |place: usize| Index(number(words[place]));
    let round = Round(1);
    let body = match words[2] {
        "RequestVote" => {
            let last = entry(words[3]);
            Body::RequestVote { leadership_transfer: false, last_log_index: last.index, last_log_term: last.term }
        }
        "RequestVoteReply" => Body::RequestVoteReply { vote_granted: words[3] == "yes" },
        "PreVote" => {
            let last = entry(words[4]);
            Body::PreVote { next_term: Term(number(words[3])), last_log_index: last.index, last_log_term: last.term }
        }
        "PreVoteReply" => Body::PreVoteReply { next_term: Term(number(words[3])), vote_granted: words[4] == "yes" },
        "TimeoutNow" => Body::TimeoutNow,
        "AppendEntries" => {
            let prev = entry(words[3]);
            let (_, terms, commit) = bracketed(text);
            let first = prev.index.0 + 1;
            let entries = terms.first().map_or(raft_core::Entries::NONE, |&term| {
                assert!(terms.iter().all(|&other| other == term));
                entries_of(term, first..=prev.index.0 + terms.len() as u64)
            });
            let (prev_log_index, prev_log_term, leader_commit) = (prev.index, prev.term, Index(number(commit)));
            Body::AppendEntries { prev_log_index, prev_log_term, entries, leader_commit, round }
        }
        "AppendEntriesReply" => {
            let outcome = match (words[3], words.get(5)) {
                ("ok", _) => AppendOutcome::Success { match_index: at(4) },
                ("stale", _) => AppendOutcome::StaleTerm,
                (_, Some(&"term")) => AppendOutcome::Conflict {
                    prev_log_index: at(4),
                    conflict_term: Some(Term(number(words[6]))),
                    conflict_index: at(8),
                },
                _ => AppendOutcome::Conflict { prev_log_index: at(4), conflict_term: None, conflict_index: at(6) },
            };
            Body::AppendEntriesReply { outcome, round }
        }
        "InstallSnapshot" => {
            let last = entry(words[3]);
            let voters = Configuration::of_voters([1, 2, 3].map(ServerId)).unwrap();
            Body::InstallSnapshot {
                last_included_index: last.index,
                last_included_term: last.term,
                configuration: Arc::new(voters),
                offset: 0,
                data: b"1.1\n2.2".to_vec().into(),
                done: words[4] == "done",
                round,
            }
        }
        "InstallSnapshotReply" => {
            let outcome = match words[4] {
                "installed" => SnapshotOutcome::Installed,
                _ => SnapshotOutcome::Wants { offset: number(words[5]) },
            };
            Body::InstallSnapshotReply { last_included_index: at(3), outcome, round }
        }
        "ReadIndex" => Body::ReadIndex { context: number(words[3]) },
        "ReadIndexReply" => {
            Body::ReadIndexReply { context: number(words[3]), read_index: (words[4] == "at").then(|| at(5)) }
        }
        other => panic!("no message is called {other:?}"),
    };
    Message { from: server_id(words[0]).unwrap(), to: S1, term: Term(number(words[1])), body }
}

/// An answer, as it is written in a row: to whom, and as above.
fn written(Message { to, term, body, .. }: &Message) -> String {
    let yes = |granted: &bool| if *granted { "yes" } else { "no" };
    let body = match body {
        Body::RequestVote { last_log_index, last_log_term, .. } => {
            format!("RequestVote {last_log_index}.{last_log_term}")
        }
        Body::RequestVoteReply { vote_granted } => format!("RequestVoteReply {}", yes(vote_granted)),
        Body::PreVote { next_term, last_log_index, last_log_term } => {
            format!("PreVote {next_term}: {last_log_index}.{last_log_term}")
        }
        Body::PreVoteReply { next_term, vote_granted } => format!("PreVoteReply {next_term}: {}", yes(vote_granted)),
        Body::TimeoutNow => "TimeoutNow".to_owned(),
        Body::AppendEntries { prev_log_index, prev_log_term, entries, leader_commit, .. } => {
            let terms: Vec<u64> = entries.iter().map(|entry| entry.term.0).collect();
            format!("AppendEntries {prev_log_index}.{prev_log_term} {} c{leader_commit}", log(&terms))
        }
        Body::AppendEntriesReply { outcome, .. } => match outcome {
            AppendOutcome::Success { match_index } => format!("AppendEntriesReply ok {match_index}"),
            AppendOutcome::Conflict { prev_log_index, conflict_term: Some(term), conflict_index } => {
                format!("AppendEntriesReply no {prev_log_index}: term {term} from {conflict_index}")
            }
            AppendOutcome::Conflict { prev_log_index, conflict_index, .. } => {
                format!("AppendEntriesReply no {prev_log_index}: from {conflict_index}")
            }
            AppendOutcome::StaleTerm => "AppendEntriesReply stale".to_owned(),
        },
        Body::InstallSnapshot { last_included_index, last_included_term, done, .. } => {
            let part = if *done { "done" } else { "part" };
            format!("InstallSnapshot {last_included_index}.{last_included_term} {part}")
        }
        Body::InstallSnapshotReply { last_included_index, outcome, .. } => match outcome {
            SnapshotOutcome::Installed => format!("InstallSnapshotReply {last_included_index} installed"),
            SnapshotOutcome::Wants { offset } => format!("InstallSnapshotReply {last_included_index} wants {offset}"),
        },
        Body::ReadIndex { context } => format!("ReadIndex {context}"),
        Body::ReadIndexReply { context, read_index } => match read_index {
            Some(index) => format!("ReadIndexReply {context} at {index}"),
            None => format!("ReadIndexReply {context} none"),
        },
    };
    format!("{to} {term} {body}")
}

/// An event by its name, with its reason where it has one.
fn kind(event: &Event) -> String {
    let name = |debug: String| debug.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned();
    let reason = match event {
        Event::TimerReset { .. } => return "timer".to_owned(),
        Event::BecameFollower { reason, .. } => name(format!("{reason:?}")),
        Event::VoteRefused { reason, .. } | Event::PreVoteRefused { reason, .. } => name(format!("{reason:?}")),
        Event::ReplyIgnored { reason, .. } => name(format!("{reason:?}")),
        Event::AppendRefused { reason, .. } => name(format!("{reason:?}")),
        Event::VoteGranted { again: true, .. } => "again".to_owned(),
        _ => return name(format!("{event:?}")),
    };
    format!("{}({reason})", name(format!("{event:?}")))
}

fn state(server: &Server, log_terms: &[u64]) -> String {
    let mut text = match server.role() {
        Role::Follower { leader: Some(leader), .. } => format!("follower/{leader}"),
        Role::Follower { leader: None, .. } => "follower".to_owned(),
        Role::PreCandidate => "pre-candidate".to_owned(),
        Role::Candidate { .. } => "candidate".to_owned(),
        Role::Leader(_) => "leader".to_owned(),
    };
    let vote = server.voted_for().map_or_else(|| "-".to_owned(), |id| id.to_string());
    let (term, commit_index) = (server.current_term(), server.commit_index());
    write!(text, " {term} {vote} {} c{commit_index}", log(log_terms)).unwrap();
    text
}

/// Brings S1 to the state that a row begins with. Its log's entries of a leader's own term are proposed.
fn start(text: &str) -> Cluster {
    let (before, terms, commit) = bracketed(text);
    let words: Vec<&str> = before.split_whitespace().collect();
    let (role, term, vote, commit) = (words[0], number(words[1]), server_id(words[2]), number(commit));
    let leads = role == "leader";
    let on_disk = terms.iter().copied().filter(|&own| !leads || own < term);
    let on_disk: Vec<u64> = on_disk.collect();
    let stands = leads || role == "candidate";
    let (current_term, voted_for) = if stands { (Term(term - 1), None) } else { (Term(term), vote) };
    let disk = Durable { current_term, voted_for, log: entries(&on_disk).into_iter().collect(), snapshot: None };
    let options = Options { pre_vote: role == "pre-candidate", entries_in_flight_max: 4, ..as_in_the_figures() };
    let disks = vec![(S1, disk), (S2, Durable::default()), (ServerId(3), Durable::default())];
    let mut cluster = Cluster::with_disks(disks, &options).unwrap();
    match role {
        "follower" => {}
        "follower/S2" => {
            let EntryId { index, term: last_term } = cluster.server(1).log().last();
            let shown = format!("S2 {term} AppendEntries {index}.{last_term} [] c{commit}");
            cluster.step(1, Input::Receive(message(&shown))).unwrap();
        }
        _ => cluster.time_out(1),
    }
    if leads {
        cluster.step(1, Input::Receive(message(&format!("S2 {term} RequestVoteReply yes")))).unwrap();
        for _ in on_disk.len()..terms.len() {
            cluster.propose(1, "x").unwrap();
        }
        if commit > 0 {
            let held = format!("S2 {term} AppendEntriesReply ok {commit}");
            cluster.step(1, Input::Receive(message(&held))).unwrap();
        }
    }
    assert_eq!(state(cluster.server(1), &cluster.log(1)), text, "the row's own start");
    cluster.lose_all();
    cluster.events.clear();
    cluster
}

/// What a row should read, given the state that it begins with and its message.
fn played(begin: &str, arrives: &str) -> String {
    let mut cluster = start(begin);
    let outcome = cluster.step(1, Input::Receive(message(arrives)));
    let answers: Vec<String> = cluster.network.iter().map(written).collect();
    let mut events: Vec<String> = cluster.events.iter().map(|(_, event)| kind(event)).collect();
    if let Err(refused) = outcome {
        let reason = format!("{refused:?}");
        events.push(format!("refused({})", reason.split(' ').next().unwrap()));
    }
    let state = state(cluster.server(1), &cluster.log(1));
    let state = if state == begin { "=" } else { &state };
    in_one_line(&format!("{arrives} > {state} < {} < {}", answers.join(", "), events.join(" ")))
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// Plays each row, and asserts that every role and every relation of terms is there.
fn check(table: &str) {
    let mut begin = String::new();
    let mut there = BTreeSet::new();
    let mut wrong = String::new();
    // A row that is too long goes on below.
    let table = table.lines().map(in_one_line).collect::<Vec<String>>().join("\n").replace("\n< ", " < ");
    for line in table.lines().filter(|line| !line.is_empty()) {
        let Some((arrives, _)) = line.split_once(" > ") else {
            begin = line.to_owned();
            continue;
        };
        let words: Vec<&str> = begin.split(' ').collect();
        let sent_in = number(arrives.split(' ').nth(1).unwrap());
        there.insert((words[0].to_owned(), sent_in.cmp(&number(words[1]))));
        let found = played(&begin, arrives);
        if found != line {
            writeln!(wrong, "{begin}\n    {line}\nfound\n    {found}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "expected\n{wrong}");
    for role in ["follower", "follower/S2", "pre-candidate", "candidate", "leader"] {
        for relation in [std::cmp::Ordering::Less, std::cmp::Ordering::Equal, std::cmp::Ordering::Greater] {
            assert!(there.contains(&(role.to_owned(), relation)), "no row of {role} and a term that is {relation:?}");
        }
    }
}

#[test]
fn a_request_for_a_vote() {
    check(
        "
        follower 3 - [1 2] c0
            S3 2 RequestVote 2.2 > = < S3 3 RequestVoteReply no < VoteRefused(OlderTerm)
            S3 3 RequestVote 2.2 > follower 3 S3 [1 2] c0 < S3 3 RequestVoteReply yes < VoteGranted timer
            S3 4 RequestVote 2.2 > follower 4 S3 [1 2] c0 < S3 4 RequestVoteReply yes < TermAdopted VoteGranted timer
            S3 4 RequestVote 3.1 > follower 4 - [1 2] c0 < S3 4 RequestVoteReply no
                < TermAdopted VoteRefused(OwnLogNewer)
        follower/S2 3 - [1 2] c0
            S3 2 RequestVote 2.2 > = < S3 3 RequestVoteReply no < VoteRefused(OlderTerm)
            S3 3 RequestVote 2.2 > follower/S2 3 S3 [1 2] c0 < S3 3 RequestVoteReply yes < VoteGranted timer
            S3 4 RequestVote 2.2 > follower 4 S3 [1 2] c0 < S3 4 RequestVoteReply yes < TermAdopted VoteGranted timer
            S3 4 RequestVote 3.1 > follower 4 - [1 2] c0 < S3 4 RequestVoteReply no
                < TermAdopted VoteRefused(OwnLogNewer)
        pre-candidate 3 - [1 2] c0
            S3 2 RequestVote 2.2 > = < S3 3 RequestVoteReply no < VoteRefused(OlderTerm)
            S3 3 RequestVote 2.2 > pre-candidate 3 S3 [1 2] c0 < S3 3 RequestVoteReply yes < VoteGranted timer
            S3 4 RequestVote 2.2 > follower 4 S3 [1 2] c0 < S3 4 RequestVoteReply yes
                < TermAdopted BecameFollower(HigherTerm) VoteGranted timer
            S3 4 RequestVote 3.1 > follower 4 - [1 2] c0 < S3 4 RequestVoteReply no
                < TermAdopted BecameFollower(HigherTerm) VoteRefused(OwnLogNewer)
        candidate 3 S1 [1 2] c0
            S3 2 RequestVote 2.2 > = < S3 3 RequestVoteReply no < VoteRefused(OlderTerm)
            S3 3 RequestVote 2.2 > = < S3 3 RequestVoteReply no < VoteRefused(AlreadyVoted)
            S3 4 RequestVote 2.2 > follower 4 S3 [1 2] c0 < S3 4 RequestVoteReply yes
                < TermAdopted BecameFollower(HigherTerm) VoteGranted timer
            S3 4 RequestVote 3.1 > follower 4 - [1 2] c0 < S3 4 RequestVoteReply no
                < TermAdopted BecameFollower(HigherTerm) VoteRefused(OwnLogNewer)
        leader 3 S1 [1 2 3] c0
            S3 2 RequestVote 2.2 > = < S3 3 RequestVoteReply no < VoteRefused(OlderTerm)
            S3 3 RequestVote 2.2 > = < S3 3 RequestVoteReply no < VoteRefused(AlreadyVoted)
            S3 4 RequestVote 2.2 > follower 4 - [1 2 3] c0 < S3 4 RequestVoteReply no
                < TermAdopted BecameFollower(HigherTerm) timer VoteRefused(OwnLogNewer)
            S3 4 RequestVote 3.1 > follower 4 - [1 2 3] c0 < S3 4 RequestVoteReply no
                < TermAdopted BecameFollower(HigherTerm) timer VoteRefused(OwnLogNewer)
        follower 3 S3 [1 2] c0
            S3 3 RequestVote 2.2 > = < S3 3 RequestVoteReply yes < VoteGranted(again) timer
        follower 3 S2 [1 2] c0
            S3 3 RequestVote 2.2 > = < S3 3 RequestVoteReply no < VoteRefused(AlreadyVoted)
            S3 4 RequestVote 2.2 > follower 4 S3 [1 2] c0 < S3 4 RequestVoteReply yes < TermAdopted VoteGranted timer
            S3 4 RequestVote 1.2 > follower 4 - [1 2] c0 < S3 4 RequestVoteReply no
                < TermAdopted VoteRefused(OwnLogNewer)
    ",
    );
}

#[test]
fn an_answer_to_a_request_for_a_vote() {
    check(
        "
        follower 3 - [1 2] c0
            S2 2 RequestVoteReply yes > = < < ReplyIgnored(OlderTerm)
            S2 3 RequestVoteReply yes > = < < ReplyIgnored(NotCandidate)
            S2 3 RequestVoteReply no  > = < < ReplyIgnored(NotCandidate)
            S2 4 RequestVoteReply no  > follower 4 - [1 2] c0 < < TermAdopted ReplyIgnored(NotCandidate)
        follower/S2 3 - [1 2] c0
            S2 2 RequestVoteReply yes > = < < ReplyIgnored(OlderTerm)
            S2 3 RequestVoteReply yes > = < < ReplyIgnored(NotCandidate)
            S2 3 RequestVoteReply no  > = < < ReplyIgnored(NotCandidate)
            S2 4 RequestVoteReply no  > follower 4 - [1 2] c0 < < TermAdopted ReplyIgnored(NotCandidate)
        pre-candidate 3 - [1 2] c0
            S2 2 RequestVoteReply yes > = < < ReplyIgnored(OlderTerm)
            S2 3 RequestVoteReply yes > = < < ReplyIgnored(NotCandidate)
            S2 3 RequestVoteReply no  > = < < ReplyIgnored(NotCandidate)
            S2 4 RequestVoteReply no  > follower 4 - [1 2] c0 <
                < TermAdopted BecameFollower(HigherTerm) ReplyIgnored(NotCandidate)
        candidate 3 S1 [1 2] c0
            S2 2 RequestVoteReply yes > = < < ReplyIgnored(OlderTerm)
            S2 3 RequestVoteReply yes > leader 3 S1 [1 2] c0 < S2 3 AppendEntries 2.2 [] c0, S3 3 AppendEntries 2.2 [] c0
                < VoteCounted BecameLeader
            S2 3 RequestVoteReply no  > = < < VoteDenied
            S2 4 RequestVoteReply no  > follower 4 - [1 2] c0 <
                < TermAdopted BecameFollower(HigherTerm) ReplyIgnored(NotCandidate)
        leader 3 S1 [1 2 3] c0
            S2 2 RequestVoteReply yes > = < < ReplyIgnored(OlderTerm)
            S2 3 RequestVoteReply yes > = < < ReplyIgnored(NotCandidate)
            S2 3 RequestVoteReply no  > = < < ReplyIgnored(NotCandidate)
            S2 4 RequestVoteReply no  > follower 4 - [1 2 3] c0 <
                < TermAdopted BecameFollower(HigherTerm) timer ReplyIgnored(NotCandidate)
    ",
    );
}

#[test]
fn a_pre_vote() {
    check(
        "
        follower 3 - [1 2] c0
            S3 2 PreVote 3: 2.2 > = < S3 3 PreVoteReply 3: no < PreVoteRefused(OlderTerm)
            S3 3 PreVote 4: 2.2 > = < S3 3 PreVoteReply 4: yes < PreVoteGranted
            S3 4 PreVote 5: 2.2 > = < S3 3 PreVoteReply 5: yes < PreVoteGranted
            S3 3 PreVote 4: 1.1 > = < S3 3 PreVoteReply 4: no < PreVoteRefused(OwnLogNewer)
        follower/S2 3 - [1 2] c0
            S3 2 PreVote 3: 2.2 > = < S3 3 PreVoteReply 3: no < PreVoteRefused(OlderTerm)
            S3 3 PreVote 4: 2.2 > = < S3 3 PreVoteReply 4: no < PreVoteRefused(LeaderAlive)
            S3 4 PreVote 5: 2.2 > = < S3 3 PreVoteReply 5: no < PreVoteRefused(LeaderAlive)
        pre-candidate 3 - [1 2] c0
            S3 2 PreVote 3: 2.2 > = < S3 3 PreVoteReply 3: no < PreVoteRefused(OlderTerm)
            S3 3 PreVote 4: 2.2 > = < S3 3 PreVoteReply 4: yes < PreVoteGranted
            S3 4 PreVote 5: 2.2 > = < S3 3 PreVoteReply 5: yes < PreVoteGranted
        candidate 3 S1 [1 2] c0
            S3 2 PreVote 3: 2.2 > = < S3 3 PreVoteReply 3: no < PreVoteRefused(OlderTerm)
            S3 3 PreVote 4: 2.2 > = < S3 3 PreVoteReply 4: yes < PreVoteGranted
            S3 4 PreVote 5: 2.2 > = < S3 3 PreVoteReply 5: yes < PreVoteGranted
        leader 3 S1 [1 2 3] c0
            S3 2 PreVote 3: 2.2 > = < S3 3 PreVoteReply 3: no < PreVoteRefused(OlderTerm)
            S3 3 PreVote 4: 2.2 > = < S3 3 PreVoteReply 4: no < PreVoteRefused(LeaderAlive)
            S3 4 PreVote 5: 2.2 > = < S3 3 PreVoteReply 5: no < PreVoteRefused(LeaderAlive)
        follower 3 S2 [1 2] c0
            S3 3 PreVote 4: 2.2 > = < S3 3 PreVoteReply 4: yes < PreVoteGranted
    ",
    );
}

#[test]
fn an_answer_to_a_pre_vote() {
    check(
        "
        follower 3 - [1 2] c0
            S2 2 PreVoteReply 3: yes > = < < ReplyIgnored(NotCandidate)
            S2 3 PreVoteReply 4: yes > = < < ReplyIgnored(NotCandidate)
            S2 3 PreVoteReply 4: no  > = < < ReplyIgnored(NotCandidate)
            S2 4 PreVoteReply 4: no  > follower 4 - [1 2] c0 < < TermAdopted ReplyIgnored(NotCandidate)
        follower/S2 3 - [1 2] c0
            S2 2 PreVoteReply 3: yes > = < < ReplyIgnored(NotCandidate)
            S2 3 PreVoteReply 4: yes > = < < ReplyIgnored(NotCandidate)
            S2 3 PreVoteReply 4: no  > = < < ReplyIgnored(NotCandidate)
            S2 4 PreVoteReply 4: no  > follower 4 - [1 2] c0 < < TermAdopted ReplyIgnored(NotCandidate)
        pre-candidate 3 - [1 2] c0
            S2 2 PreVoteReply 3: yes > = < < ReplyIgnored(OlderTerm)
            S2 3 PreVoteReply 4: yes > candidate 4 S1 [1 2] c0 < S2 4 RequestVote 2.2, S3 4 RequestVote 2.2
                < PreVoteCounted BecameCandidate timer VoteCounted
            S2 3 PreVoteReply 4: no  > = < < PreVoteDenied
            S2 4 PreVoteReply 4: no  > follower 4 - [1 2] c0 <
                < TermAdopted BecameFollower(HigherTerm) ReplyIgnored(NotCandidate)
            S2 3 PreVoteReply 3: yes > = < < ReplyIgnored(OlderTerm)
            S2 2 PreVoteReply 4: yes > candidate 4 S1 [1 2] c0 < S2 4 RequestVote 2.2, S3 4 RequestVote 2.2
                < PreVoteCounted BecameCandidate timer VoteCounted
        candidate 3 S1 [1 2] c0
            S2 2 PreVoteReply 3: yes > = < < ReplyIgnored(NotCandidate)
            S2 3 PreVoteReply 4: yes > = < < ReplyIgnored(NotCandidate)
            S2 3 PreVoteReply 4: no  > = < < ReplyIgnored(NotCandidate)
            S2 4 PreVoteReply 4: no  > follower 4 - [1 2] c0 <
                < TermAdopted BecameFollower(HigherTerm) ReplyIgnored(NotCandidate)
        leader 3 S1 [1 2 3] c0
            S2 2 PreVoteReply 3: yes > = < < ReplyIgnored(NotCandidate)
            S2 3 PreVoteReply 4: yes > = < < ReplyIgnored(NotCandidate)
            S2 3 PreVoteReply 4: no  > = < < ReplyIgnored(NotCandidate)
            S2 4 PreVoteReply 4: no  > follower 4 - [1 2 3] c0 <
                < TermAdopted BecameFollower(HigherTerm) timer ReplyIgnored(NotCandidate)
    ",
    );
}

#[test]
fn a_request_to_time_out() {
    check(
        "
        follower 3 - [1 2] c0
            S2 2 TimeoutNow > = < <
            S2 3 TimeoutNow > candidate 4 S1 [1 2] c0 < S2 4 RequestVote 2.2, S3 4 RequestVote 2.2
                < ToldToTimeOut BecameCandidate timer VoteCounted
            S2 4 TimeoutNow > candidate 5 S1 [1 2] c0 < S2 5 RequestVote 2.2, S3 5 RequestVote 2.2
                < TermAdopted ToldToTimeOut BecameCandidate timer VoteCounted
        follower/S2 3 - [1 2] c0
            S2 2 TimeoutNow > = < <
            S2 3 TimeoutNow > candidate 4 S1 [1 2] c0 < S2 4 RequestVote 2.2, S3 4 RequestVote 2.2
                < ToldToTimeOut BecameCandidate timer VoteCounted
            S2 4 TimeoutNow > candidate 5 S1 [1 2] c0 < S2 5 RequestVote 2.2, S3 5 RequestVote 2.2
                < TermAdopted ToldToTimeOut BecameCandidate timer VoteCounted
            S3 3 TimeoutNow > = < < refused(SecondLeader)
        pre-candidate 3 - [1 2] c0
            S2 2 TimeoutNow > = < <
            S2 3 TimeoutNow > candidate 4 S1 [1 2] c0 < S2 4 RequestVote 2.2, S3 4 RequestVote 2.2
                < ToldToTimeOut BecameCandidate timer VoteCounted
            S2 4 TimeoutNow > candidate 5 S1 [1 2] c0 < S2 5 RequestVote 2.2, S3 5 RequestVote 2.2
                < TermAdopted BecameFollower(HigherTerm) ToldToTimeOut BecameCandidate timer VoteCounted
        candidate 3 S1 [1 2] c0
            S2 2 TimeoutNow > = < <
            S2 3 TimeoutNow > candidate 4 S1 [1 2] c0 < S2 4 RequestVote 2.2, S3 4 RequestVote 2.2
                < ToldToTimeOut BecameCandidate timer VoteCounted
            S2 4 TimeoutNow > candidate 5 S1 [1 2] c0 < S2 5 RequestVote 2.2, S3 5 RequestVote 2.2
                < TermAdopted BecameFollower(HigherTerm) ToldToTimeOut BecameCandidate timer VoteCounted
        leader 3 S1 [1 2 3] c0
            S2 2 TimeoutNow > = < <
            S2 3 TimeoutNow > = < < refused(SecondLeader)
            S2 4 TimeoutNow > candidate 5 S1 [1 2 3] c0 < S2 5 RequestVote 3.3, S3 5 RequestVote 3.3
                < TermAdopted BecameFollower(HigherTerm) timer ToldToTimeOut BecameCandidate timer VoteCounted
    ",
    );
}

#[test]
fn an_append() {
    check(
        "
        follower 3 - [1 2] c0
            S2 2 AppendEntries 2.2 [2] c0 > = < S2 3 AppendEntriesReply stale < AppendRefused(OlderTerm)
            S2 3 AppendEntries 2.2 [3] c3 > follower/S2 3 - [1 2 3] c3 < S2 3 AppendEntriesReply ok 3
                < timer AppendAccepted Committed
            S2 4 AppendEntries 2.2 [4] c1 > follower/S2 4 - [1 2 4] c1 < S2 4 AppendEntriesReply ok 3
                < TermAdopted timer AppendAccepted Committed
            S2 4 AppendEntries 1.1 [4] c0 > follower/S2 4 - [1 4] c0 < S2 4 AppendEntriesReply ok 2
                < TermAdopted timer EntriesRemoved AppendAccepted
            S2 4 AppendEntries 5.3 [] c5  > follower/S2 4 - [1 2] c0 < S2 4 AppendEntriesReply no 5: from 3
                < TermAdopted timer AppendRefused(LogTooShort)
        follower/S2 3 - [1 2] c0
            S2 2 AppendEntries 2.2 [2] c0 > = < S2 3 AppendEntriesReply stale < AppendRefused(OlderTerm)
            S2 3 AppendEntries 2.2 [3] c3 > follower/S2 3 - [1 2 3] c3 < S2 3 AppendEntriesReply ok 3
                < timer AppendAccepted Committed
            S2 4 AppendEntries 2.2 [4] c1 > follower/S2 4 - [1 2 4] c1 < S2 4 AppendEntriesReply ok 3
                < TermAdopted timer AppendAccepted Committed
            S2 4 AppendEntries 1.1 [4] c0 > follower/S2 4 - [1 4] c0 < S2 4 AppendEntriesReply ok 2
                < TermAdopted timer EntriesRemoved AppendAccepted
            S2 4 AppendEntries 5.3 [] c5  > follower/S2 4 - [1 2] c0 < S2 4 AppendEntriesReply no 5: from 3
                < TermAdopted timer AppendRefused(LogTooShort)
            S3 3 AppendEntries 2.2 [] c0  > = < < refused(SecondLeader)
            S2 3 AppendEntries 2.1 [] c0  > = < S2 3 AppendEntriesReply no 2: term 2 from 2
                < timer AppendRefused(OtherTerm)
            S2 3 AppendEntries 1.1 [] c2  > follower/S2 3 - [1 2] c1 < S2 3 AppendEntriesReply ok 1
                < timer AppendAccepted Committed
        pre-candidate 3 - [1 2] c0
            S2 2 AppendEntries 2.2 [2] c0 > = < S2 3 AppendEntriesReply stale < AppendRefused(OlderTerm)
            S2 3 AppendEntries 2.2 [3] c3 > follower/S2 3 - [1 2 3] c3 < S2 3 AppendEntriesReply ok 3
                < BecameFollower(LeaderElected) timer AppendAccepted Committed
            S2 4 AppendEntries 2.2 [4] c1 > follower/S2 4 - [1 2 4] c1 < S2 4 AppendEntriesReply ok 3
                < TermAdopted BecameFollower(HigherTerm) timer AppendAccepted Committed
            S2 4 AppendEntries 1.1 [4] c0 > follower/S2 4 - [1 4] c0 < S2 4 AppendEntriesReply ok 2
                < TermAdopted BecameFollower(HigherTerm) timer EntriesRemoved AppendAccepted
            S2 4 AppendEntries 5.3 [] c5  > follower/S2 4 - [1 2] c0 < S2 4 AppendEntriesReply no 5: from 3
                < TermAdopted BecameFollower(HigherTerm) timer AppendRefused(LogTooShort)
        candidate 3 S1 [1 2] c0
            S2 2 AppendEntries 2.2 [2] c0 > = < S2 3 AppendEntriesReply stale < AppendRefused(OlderTerm)
            S2 3 AppendEntries 2.2 [3] c3 > follower/S2 3 S1 [1 2 3] c3 < S2 3 AppendEntriesReply ok 3
                < BecameFollower(LeaderElected) timer AppendAccepted Committed
            S2 4 AppendEntries 2.2 [4] c1 > follower/S2 4 - [1 2 4] c1 < S2 4 AppendEntriesReply ok 3
                < TermAdopted BecameFollower(HigherTerm) timer AppendAccepted Committed
            S2 4 AppendEntries 1.1 [4] c0 > follower/S2 4 - [1 4] c0 < S2 4 AppendEntriesReply ok 2
                < TermAdopted BecameFollower(HigherTerm) timer EntriesRemoved AppendAccepted
            S2 4 AppendEntries 5.3 [] c5  > follower/S2 4 - [1 2] c0 < S2 4 AppendEntriesReply no 5: from 3
                < TermAdopted BecameFollower(HigherTerm) timer AppendRefused(LogTooShort)
        leader 3 S1 [1 2 3] c0
            S2 2 AppendEntries 2.2 [2] c0 > = < S2 3 AppendEntriesReply stale < AppendRefused(OlderTerm)
            S2 3 AppendEntries 2.2 [3] c3 > = < < refused(SecondLeader)
            S2 4 AppendEntries 2.2 [4] c1 > follower/S2 4 - [1 2 4] c1 < S2 4 AppendEntriesReply ok 3
                < TermAdopted BecameFollower(HigherTerm) timer timer EntriesRemoved AppendAccepted Committed
            S2 4 AppendEntries 1.1 [4] c0 > follower/S2 4 - [1 4] c0 < S2 4 AppendEntriesReply ok 2
                < TermAdopted BecameFollower(HigherTerm) timer timer EntriesRemoved AppendAccepted
            S2 4 AppendEntries 5.3 [] c5  > follower/S2 4 - [1 2 3] c0 < S2 4 AppendEntriesReply no 5: from 4
                < TermAdopted BecameFollower(HigherTerm) timer timer AppendRefused(LogTooShort)
        follower/S2 3 - [1 2] c2
            S2 3 AppendEntries 1.1 [3] c2 > = < < refused(WouldEraseCommitted)
            S2 3 AppendEntries 0.0 [1] c2 > = < S2 3 AppendEntriesReply ok 1 < timer AppendAccepted
    ",
    );
}

#[test]
fn an_answer_to_an_append() {
    check(
        "
        follower 3 - [1 2] c0
            S2 2 AppendEntriesReply ok 2                > = < < ReplyIgnored(OlderTerm)
            S2 3 AppendEntriesReply ok 2                > = < < ReplyIgnored(NotLeader)
            S2 4 AppendEntriesReply stale               > follower 4 - [1 2] c0 <
                < TermAdopted ReplyIgnored(AnsweredAlready)
        follower/S2 3 - [1 2] c0
            S2 2 AppendEntriesReply ok 2                > = < < ReplyIgnored(OlderTerm)
            S2 3 AppendEntriesReply ok 2                > = < < ReplyIgnored(NotLeader)
            S2 4 AppendEntriesReply stale               > follower 4 - [1 2] c0 <
                < TermAdopted ReplyIgnored(AnsweredAlready)
        pre-candidate 3 - [1 2] c0
            S2 2 AppendEntriesReply ok 2                > = < < ReplyIgnored(OlderTerm)
            S2 3 AppendEntriesReply ok 2                > = < < ReplyIgnored(NotLeader)
            S2 4 AppendEntriesReply stale               > follower 4 - [1 2] c0 <
                < TermAdopted BecameFollower(HigherTerm) ReplyIgnored(AnsweredAlready)
        candidate 3 S1 [1 2] c0
            S2 2 AppendEntriesReply ok 2                > = < < ReplyIgnored(OlderTerm)
            S2 3 AppendEntriesReply ok 2                > = < < ReplyIgnored(NotLeader)
            S2 4 AppendEntriesReply stale               > follower 4 - [1 2] c0 <
                < TermAdopted BecameFollower(HigherTerm) ReplyIgnored(AnsweredAlready)
        leader 3 S1 [1 2 3] c0
            S2 2 AppendEntriesReply ok 2                > = < < ReplyIgnored(OlderTerm)
            S2 3 AppendEntriesReply ok 2                > = < S2 3 AppendEntries 2.2 [3] c0
                < FollowerMatches CommitWithheld
            S2 4 AppendEntriesReply stale               > follower 4 - [1 2 3] c0 <
                < TermAdopted BecameFollower(HigherTerm) timer ReplyIgnored(AnsweredAlready)
            S2 3 AppendEntriesReply ok 3                > leader 3 S1 [1 2 3] c3 < < FollowerMatches Committed
            S2 3 AppendEntriesReply no 2: term 1 from 1 > = < S2 3 AppendEntries 1.1 [2] c0 < FollowerConflicts
            S2 3 AppendEntriesReply no 2: from 1        > = < S2 3 AppendEntries 0.0 [1] c0 < FollowerConflicts
            S2 3 AppendEntriesReply no 1: from 1        > = < < ReplyIgnored(AnsweredAlready)
            S2 3 AppendEntriesReply ok 4                > = < < refused(AckPastTheEnd)
            S2 3 AppendEntriesReply stale               > = < < ReplyIgnored(AnsweredAlready)
        leader 3 S1 [1 2 3] c3
            S2 3 AppendEntriesReply no 2: from 1        > = < < ReplyIgnored(AnsweredAlready)
    ",
    );
}

#[test]
fn a_part_of_a_snapshot() {
    check(
        "
        follower 3 - [1 2] c0
            S2 2 InstallSnapshot 3.2 done > = < S2 3 AppendEntriesReply stale < AppendRefused(OlderTerm)
            S2 3 InstallSnapshot 3.2 done > follower/S2 3 - [] c3 < S2 3 InstallSnapshotReply 3 installed
                < timer SnapshotPartTaken SnapshotInstalled
            S2 4 InstallSnapshot 3.2 done > follower/S2 4 - [] c3 < S2 4 InstallSnapshotReply 3 installed
                < TermAdopted timer SnapshotPartTaken SnapshotInstalled
            S2 4 InstallSnapshot 3.2 part > follower/S2 4 - [1 2] c0 < S2 4 InstallSnapshotReply 3 wants 7
                < TermAdopted timer SnapshotPartTaken
        follower/S2 3 - [1 2] c0
            S2 2 InstallSnapshot 3.2 done > = < S2 3 AppendEntriesReply stale < AppendRefused(OlderTerm)
            S2 3 InstallSnapshot 3.2 done > follower/S2 3 - [] c3 < S2 3 InstallSnapshotReply 3 installed
                < timer SnapshotPartTaken SnapshotInstalled
            S2 4 InstallSnapshot 3.2 done > follower/S2 4 - [] c3 < S2 4 InstallSnapshotReply 3 installed
                < TermAdopted timer SnapshotPartTaken SnapshotInstalled
            S2 4 InstallSnapshot 3.2 part > follower/S2 4 - [1 2] c0 < S2 4 InstallSnapshotReply 3 wants 7
                < TermAdopted timer SnapshotPartTaken
            S2 3 InstallSnapshot 1.1 done > follower/S2 3 - [2] c1 < S2 3 InstallSnapshotReply 1 installed
                < timer SnapshotPartTaken SnapshotInstalled
            S2 3 InstallSnapshot 2.1 done > follower/S2 3 - [] c2 < S2 3 InstallSnapshotReply 2 installed
                < timer SnapshotPartTaken SnapshotInstalled
            S3 3 InstallSnapshot 3.2 done > = < < refused(SecondLeader)
        pre-candidate 3 - [1 2] c0
            S2 2 InstallSnapshot 3.2 done > = < S2 3 AppendEntriesReply stale < AppendRefused(OlderTerm)
            S2 3 InstallSnapshot 3.2 done > follower/S2 3 - [] c3 < S2 3 InstallSnapshotReply 3 installed
                < BecameFollower(LeaderElected) timer SnapshotPartTaken SnapshotInstalled
            S2 4 InstallSnapshot 3.2 done > follower/S2 4 - [] c3 < S2 4 InstallSnapshotReply 3 installed
                < TermAdopted BecameFollower(HigherTerm) timer SnapshotPartTaken SnapshotInstalled
            S2 4 InstallSnapshot 3.2 part > follower/S2 4 - [1 2] c0 < S2 4 InstallSnapshotReply 3 wants 7
                < TermAdopted BecameFollower(HigherTerm) timer SnapshotPartTaken
        candidate 3 S1 [1 2] c0
            S2 2 InstallSnapshot 3.2 done > = < S2 3 AppendEntriesReply stale < AppendRefused(OlderTerm)
            S2 3 InstallSnapshot 3.2 done > follower/S2 3 S1 [] c3 < S2 3 InstallSnapshotReply 3 installed
                < BecameFollower(LeaderElected) timer SnapshotPartTaken SnapshotInstalled
            S2 4 InstallSnapshot 3.2 done > follower/S2 4 - [] c3 < S2 4 InstallSnapshotReply 3 installed
                < TermAdopted BecameFollower(HigherTerm) timer SnapshotPartTaken SnapshotInstalled
            S2 4 InstallSnapshot 3.2 part > follower/S2 4 - [1 2] c0 < S2 4 InstallSnapshotReply 3 wants 7
                < TermAdopted BecameFollower(HigherTerm) timer SnapshotPartTaken
        leader 3 S1 [1 2 3] c0
            S2 2 InstallSnapshot 3.2 done > = < S2 3 AppendEntriesReply stale < AppendRefused(OlderTerm)
            S2 3 InstallSnapshot 3.2 done > = < < refused(SecondLeader)
            S2 4 InstallSnapshot 3.2 done > follower/S2 4 - [] c3 < S2 4 InstallSnapshotReply 3 installed
                < TermAdopted BecameFollower(HigherTerm) timer timer SnapshotPartTaken SnapshotInstalled
            S2 4 InstallSnapshot 3.2 part > follower/S2 4 - [1 2 3] c0 < S2 4 InstallSnapshotReply 3 wants 7
                < TermAdopted BecameFollower(HigherTerm) timer timer SnapshotPartTaken
        follower/S2 3 - [1 2] c2
            S2 3 InstallSnapshot 2.2 done > = < S2 3 InstallSnapshotReply 2 installed < timer SnapshotIgnored
            S2 3 InstallSnapshot 2.1 done > = < < refused(WouldEraseCommitted)
    ",
    );
}

#[test]
fn an_answer_to_a_part_of_a_snapshot() {
    check(
        "
        follower 3 - [1 2] c0
            S2 2 InstallSnapshotReply 2 installed > = < < ReplyIgnored(OlderTerm)
            S2 3 InstallSnapshotReply 2 installed > = < < ReplyIgnored(NotLeader)
            S2 3 InstallSnapshotReply 2 wants 0   > = < < ReplyIgnored(NotLeader)
            S2 4 InstallSnapshotReply 2 installed > follower 4 - [1 2] c0 < < TermAdopted ReplyIgnored(NotLeader)
        follower/S2 3 - [1 2] c0
            S2 2 InstallSnapshotReply 2 installed > = < < ReplyIgnored(OlderTerm)
            S2 3 InstallSnapshotReply 2 installed > = < < ReplyIgnored(NotLeader)
            S2 3 InstallSnapshotReply 2 wants 0   > = < < ReplyIgnored(NotLeader)
            S2 4 InstallSnapshotReply 2 installed > follower 4 - [1 2] c0 < < TermAdopted ReplyIgnored(NotLeader)
        pre-candidate 3 - [1 2] c0
            S2 2 InstallSnapshotReply 2 installed > = < < ReplyIgnored(OlderTerm)
            S2 3 InstallSnapshotReply 2 installed > = < < ReplyIgnored(NotLeader)
            S2 3 InstallSnapshotReply 2 wants 0   > = < < ReplyIgnored(NotLeader)
            S2 4 InstallSnapshotReply 2 installed > follower 4 - [1 2] c0 <
                < TermAdopted BecameFollower(HigherTerm) ReplyIgnored(NotLeader)
        candidate 3 S1 [1 2] c0
            S2 2 InstallSnapshotReply 2 installed > = < < ReplyIgnored(OlderTerm)
            S2 3 InstallSnapshotReply 2 installed > = < < ReplyIgnored(NotLeader)
            S2 3 InstallSnapshotReply 2 wants 0   > = < < ReplyIgnored(NotLeader)
            S2 4 InstallSnapshotReply 2 installed > follower 4 - [1 2] c0 <
                < TermAdopted BecameFollower(HigherTerm) ReplyIgnored(NotLeader)
        leader 3 S1 [1 2 3] c0
            S2 2 InstallSnapshotReply 2 installed > = < < ReplyIgnored(OlderTerm)
            S2 3 InstallSnapshotReply 2 installed > = < < refused(AckPastTheEnd)
            S2 3 InstallSnapshotReply 2 wants 0   > = < < refused(AckPastTheEnd)
            S2 4 InstallSnapshotReply 2 installed > follower 4 - [1 2 3] c0 <
                < TermAdopted BecameFollower(HigherTerm) timer ReplyIgnored(NotLeader)
        leader 3 S1 [1 2 3] c3
            S2 3 InstallSnapshotReply 2 installed > = < <
            S3 3 InstallSnapshotReply 2 installed > = < S3 3 AppendEntries 2.2 [3] c3 < FollowerMatches
            S2 3 InstallSnapshotReply 2 wants 0   > = < < ReplyIgnored(AnsweredAlready)
    ",
    );
}

#[test]
fn a_question_for_a_read_index() {
    check(
        "
        follower 3 - [1 2] c0
            S3 2 ReadIndex 7 > = < S3 3 ReadIndexReply 7 none <
            S3 3 ReadIndex 7 > = < S3 3 ReadIndexReply 7 none <
            S3 4 ReadIndex 7 > follower 4 - [1 2] c0 < S3 4 ReadIndexReply 7 none < TermAdopted
        follower/S2 3 - [1 2] c0
            S3 2 ReadIndex 7 > = < S3 3 ReadIndexReply 7 none <
            S3 3 ReadIndex 7 > = < S3 3 ReadIndexReply 7 none <
            S3 4 ReadIndex 7 > follower 4 - [1 2] c0 < S3 4 ReadIndexReply 7 none < TermAdopted
        pre-candidate 3 - [1 2] c0
            S3 2 ReadIndex 7 > = < S3 3 ReadIndexReply 7 none <
            S3 3 ReadIndex 7 > = < S3 3 ReadIndexReply 7 none <
            S3 4 ReadIndex 7 > follower 4 - [1 2] c0 < S3 4 ReadIndexReply 7 none
                < TermAdopted BecameFollower(HigherTerm)
        candidate 3 S1 [1 2] c0
            S3 2 ReadIndex 7 > = < S3 3 ReadIndexReply 7 none <
            S3 3 ReadIndex 7 > = < S3 3 ReadIndexReply 7 none <
            S3 4 ReadIndex 7 > follower 4 - [1 2] c0 < S3 4 ReadIndexReply 7 none
                < TermAdopted BecameFollower(HigherTerm)
        leader 3 S1 [1 2 3] c0
            S3 2 ReadIndex 7 > = < < ReadWaits
            S3 3 ReadIndex 7 > = < < ReadWaits
            S3 4 ReadIndex 7 > follower 4 - [1 2 3] c0 < S3 4 ReadIndexReply 7 none
                < TermAdopted BecameFollower(HigherTerm) timer
        leader 3 S1 [1 2 3] c3
            S3 3 ReadIndex 7 > = < S2 3 AppendEntries 3.3 [] c3, S3 3 AppendEntries 2.2 [3] c3 < ReadWaits
    ",
    );
}

#[test]
fn an_answer_about_a_read_index() {
    check(
        "
        follower 3 - [1 2] c0
            S2 2 ReadIndexReply 7 at 2 > = < < ReplyIgnored(NotAsked)
            S2 3 ReadIndexReply 7 at 2 > = < < ReplyIgnored(NotAsked)
            S2 3 ReadIndexReply 7 none > = < < ReplyIgnored(NotAsked)
            S2 4 ReadIndexReply 7 at 2 > follower 4 - [1 2] c0 < < TermAdopted ReplyIgnored(NotAsked)
        follower/S2 3 - [1 2] c0
            S2 2 ReadIndexReply 7 at 2 > = < < ReplyIgnored(NotAsked)
            S2 3 ReadIndexReply 7 at 2 > = < < ReplyIgnored(NotAsked)
            S2 3 ReadIndexReply 7 none > = < < ReplyIgnored(NotAsked)
            S2 4 ReadIndexReply 7 at 2 > follower 4 - [1 2] c0 < < TermAdopted ReplyIgnored(NotAsked)
        pre-candidate 3 - [1 2] c0
            S2 2 ReadIndexReply 7 at 2 > = < < ReplyIgnored(NotAsked)
            S2 3 ReadIndexReply 7 at 2 > = < < ReplyIgnored(NotAsked)
            S2 3 ReadIndexReply 7 none > = < < ReplyIgnored(NotAsked)
            S2 4 ReadIndexReply 7 at 2 > follower 4 - [1 2] c0 <
                < TermAdopted BecameFollower(HigherTerm) ReplyIgnored(NotAsked)
        candidate 3 S1 [1 2] c0
            S2 2 ReadIndexReply 7 at 2 > = < < ReplyIgnored(NotAsked)
            S2 3 ReadIndexReply 7 at 2 > = < < ReplyIgnored(NotAsked)
            S2 3 ReadIndexReply 7 none > = < < ReplyIgnored(NotAsked)
            S2 4 ReadIndexReply 7 at 2 > follower 4 - [1 2] c0 <
                < TermAdopted BecameFollower(HigherTerm) ReplyIgnored(NotAsked)
        leader 3 S1 [1 2 3] c0
            S2 2 ReadIndexReply 7 at 2 > = < < ReplyIgnored(NotAsked)
            S2 3 ReadIndexReply 7 at 2 > = < < ReplyIgnored(NotAsked)
            S2 3 ReadIndexReply 7 none > = < < ReplyIgnored(NotAsked)
            S2 4 ReadIndexReply 7 at 2 > follower 4 - [1 2 3] c0 <
                < TermAdopted BecameFollower(HigherTerm) timer ReplyIgnored(NotAsked)
    ",
    );
}

#[test]
fn a_vote_depends_on_the_term_then_on_the_vote_given_and_then_on_the_log_in_all_combinations() {
    // The candidate's term, against the voter's; the vote given so far; and what comes of it when the candidate's log is
    // older than the voter's, the same, or newer.
    let table = [
        ("2", "-", ["OlderTerm", "OlderTerm", "OlderTerm"]),
        ("2", "S3", ["OlderTerm", "OlderTerm", "OlderTerm"]),
        ("2", "S2", ["OlderTerm", "OlderTerm", "OlderTerm"]),
        ("3", "-", ["OwnLogNewer", "yes", "yes"]),
        ("3", "S3", ["OwnLogNewer", "again", "again"]),
        ("3", "S2", ["AlreadyVoted", "AlreadyVoted", "AlreadyVoted"]),
        ("4", "-", ["OwnLogNewer", "yes", "yes"]),
        ("4", "S3", ["OwnLogNewer", "yes", "yes"]),
        ("4", "S2", ["OwnLogNewer", "yes", "yes"]),
    ];
    let mut combinations = BTreeSet::new();
    for (term, vote, expected) in table {
        for (last, expected) in [("5.1", expected[0]), ("2.2", expected[1]), ("3.2", expected[2])] {
            combinations.insert((term, vote, last));
            let mut cluster = start(&format!("follower 3 {vote} [1 2] c0"));
            let request = message(&format!("S3 {term} RequestVote {last}"));
            cluster.step(1, Input::Receive(request)).unwrap();
            let voted = cluster.server(1).voted_for() == Some(ServerId(3));
            let found = cluster.events.iter().find_map(|(_, event)| match event {
                Event::VoteGranted { again, .. } => Some(if *again { "again".to_owned() } else { "yes".to_owned() }),
                Event::VoteRefused { reason, .. } => Some(format!("{reason:?}").split(' ').next().unwrap().to_owned()),
                _ => None,
            });
            assert_eq!(found.as_deref(), Some(expected), "{last} asks in term {term}, after {vote}");
            let answer = Body::RequestVoteReply { vote_granted: ["yes", "again"].contains(&expected) };
            assert_eq!(cluster.network[0].body, answer, "{last} asks in term {term}, after {vote}");
            assert_eq!(voted, ["yes", "again"].contains(&expected) || (vote == "S3" && term != "4"));
        }
    }
    assert_eq!(combinations.len(), 3 * 3 * 3);
}
