//! Why something happened: exact explanations, and that they hold together in storms.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_core::{Event, Index, ServerId};
use raft_sim::faults::{Intensities, random_inputs};
use raft_sim::{Happening, History, Input, Reason, Scenario, WorldOptions};

mod common;
use common::calm_options;

fn calm() -> History {
    History::new(Scenario { servers: 3, options: calm_options(), ..Scenario::default() }).unwrap()
}

/// What a record says, in a word or two.
fn told(happening: &Happening) -> String {
    match happening {
        Happening::Decision { server, event, .. } => {
            let value = serde_json::to_value(event).unwrap();
            format!("{server} {}", value["kind"].as_str().unwrap())
        }
        Happening::Sent { label } => format!("{} sent to {}", label.name, label.to),
        Happening::Delivered { label } => format!("{} from {} arrived", label.name, label.from),
        Happening::InputApplied { .. } => "input".into(),
        other => serde_json::to_value(other).unwrap()["kind"].as_str().unwrap().into(),
    }
}

/// An explanation as a tree: two spaces for each branch off the line before, the main line at the level of what it explains.
fn outline(reasons: &[Reason]) -> Vec<String> {
    fn walk(reasons: &[Reason], at: usize, depth: usize, lines: &mut Vec<String>) {
        lines.push(format!("{:depth$}{}", "", told(&reasons[at].record.happening), depth = depth * 2));
        let causes = |main: bool| {
            reasons.iter().enumerate().filter(move |(_, reason)| reason.explains == Some(at) && reason.main == main)
        };
        for (branch, _) in causes(false) {
            walk(reasons, branch, depth + 1, lines);
        }
        for (main, _) in causes(true) {
            walk(reasons, main, depth, lines);
        }
    }
    let mut lines = Vec::new();
    walk(reasons, 0, 0, &mut lines);
    lines
}

/// The latest record that a server decided so.
fn latest(history: &mut History, server: u32, is: impl Fn(&Event) -> bool) -> u64 {
    let decided = |happening: &Happening| matches!(happening, Happening::Decision { server: by, event, .. } if by.0 == server && is(event));
    let found = history.events_since(0).filter(|record| decided(&record.happening)).last();
    found.unwrap().number
}

#[test]
fn a_leader_leads_because_of_each_vote_counted_and_the_timer_that_ran_out() {
    let mut history = calm();
    history.apply(Input::TimeOut { server: ServerId(1) }).unwrap();
    history.advance(1_000_000, u64::MAX);
    let expected = [
        "S1 became_leader",
        "  S1 vote_counted",
        "S1 vote_counted",
        "RequestVote reply from S2 arrived",
        "RequestVote reply sent to S1",
        "S2 vote_granted",
        "RequestVote from S1 arrived",
        "RequestVote sent to S2",
        "S1 became_candidate",
        "S1 election_timed_out",
        "input",
    ];
    assert_eq!(outline(&history.why_leader(ServerId(1)).unwrap()), expected);
    assert_eq!(history.why_leader(ServerId(2)), None);

    // Minutes later the records are long gone, and are lived again.
    history.advance(600_000_000, u64::MAX);
    assert!(history.world().events_since(0).next().unwrap().number > 1_000);
    assert_eq!(outline(&history.why_leader(ServerId(1)).unwrap()), expected);
}

#[test]
fn an_entry_is_committed_because_of_its_proposal_and_each_acknowledgement_counted() {
    let mut history = calm();
    history.apply(Input::TimeOut { server: ServerId(1) }).unwrap();
    history.advance(1_000_000, u64::MAX);
    history.apply(Input::Propose { value: "x".into(), server: Some(ServerId(1)) }).unwrap();
    history.advance(1_000_000, u64::MAX);
    let expected = [
        "S1 committed",
        "S1 follower_matches",
        "AppendEntries reply from S2 arrived",
        "AppendEntries reply sent to S1",
        "S2 append_accepted",
        "AppendEntries from S1 arrived",
        "AppendEntries sent to S2",
        "S1 entries_appended",
        "input",
    ];
    assert_eq!(outline(&history.why_committed(Index(2)).unwrap()), expected);
    assert_eq!(history.why_committed(Index(3)), None);
    // The leader's first entry is there because it was elected; the election is another question.
    let first = outline(&history.why_committed(Index(1)).unwrap());
    assert_eq!(&first[first.len() - 2..], ["S1 entries_appended", "S1 became_leader"]);
    // A follower has it from its leader.
    let learned = latest(&mut history, 3, |event| matches!(event, Event::Committed { .. }));
    let learned = outline(&history.why(learned).unwrap());
    assert_eq!(learned[0], "S3 committed");
    assert_eq!(learned.last().unwrap(), "input", "{learned:?}");
    assert!(learned.iter().any(|line| line.trim() == "S1 entries_appended"), "{learned:?}");
}

#[test]
fn an_entry_is_held_because_of_its_proposal_whichever_append_brought_it() {
    let mut history = calm();
    history.apply(Input::TimeOut { server: ServerId(1) }).unwrap();
    history.advance(100_000, u64::MAX);
    // What is proposed while nobody is reached comes with the appends that follow later.
    let cut = |to: u32| Input::Cut { from: ServerId(1), to: ServerId(to) };
    history.apply(cut(3)).unwrap();
    for value in ["x=1", "x=2"] {
        history.apply(Input::Propose { server: Some(ServerId(1)), value: value.to_owned() }).unwrap();
        history.advance(40_000, u64::MAX);
    }
    history.apply(Input::Uncut { from: ServerId(1), to: ServerId(3) }).unwrap();
    history.advance(1_000_000, u64::MAX);
    let accepted = latest(&mut history, 3, |event| matches!(event, Event::AppendAccepted { appended: 1.., .. }));
    for (index, value) in [(2, "x=1"), (3, "x=2")] {
        let reasons = history.why_entry(accepted, Index(index)).unwrap();
        assert_eq!(outline(&reasons)[0], "S3 append_accepted");
        let Happening::InputApplied { input } = &reasons.last().unwrap().record.happening else {
            panic!("index {index} comes from {:?}", outline(&reasons));
        };
        assert!(matches!(input, Input::Propose { value: found, .. } if found == value), "index {index}: {input:?}");
    }
}

#[test]
fn a_vote_is_refused_because_of_the_one_given_before() {
    let mut history = calm();
    history.apply(Input::TimeOut { server: ServerId(1) }).unwrap();
    history.advance(5_000, u64::MAX);
    history.apply(Input::TimeOut { server: ServerId(2) }).unwrap();
    history.advance(60_000, u64::MAX);
    let refused = latest(&mut history, 3, |event| matches!(event, Event::VoteRefused { .. }));
    assert_eq!(
        outline(&history.why(refused).unwrap()),
        [
            "S3 vote_refused",
            "  S3 vote_granted",
            "  RequestVote from S1 arrived",
            "  RequestVote sent to S3",
            "  S1 became_candidate",
            "  S1 election_timed_out",
            "  input",
            "RequestVote from S2 arrived",
            "RequestVote sent to S3",
            "S2 became_candidate",
            "S2 election_timed_out",
            "input",
        ]
    );
}

#[test]
fn a_leader_steps_down_and_its_entry_is_overwritten_because_of_the_next_ones_election() {
    let mut history = calm();
    history.apply(Input::TimeOut { server: ServerId(1) }).unwrap();
    history.advance(1_000_000, u64::MAX);
    history.apply(Input::Partition { groups: vec![vec![ServerId(1)]] }).unwrap();
    history.apply(Input::Propose { value: "lost".into(), server: Some(ServerId(1)) }).unwrap();
    history.advance(100_000, u64::MAX);
    history.apply(Input::TimeOut { server: ServerId(2) }).unwrap();
    history.advance(300_000, u64::MAX);
    history.apply(Input::Heal {}).unwrap();
    history.advance(500_000, u64::MAX);
    let down = latest(&mut history, 1, |event| matches!(event, Event::BecameFollower { .. }));
    let down = outline(&history.why(down).unwrap());
    assert_eq!(down[..3], ["S1 became_follower", "S1 term_adopted", "AppendEntries reply from S3 arrived"][..]);
    let removed = latest(&mut history, 1, |event| matches!(event, Event::EntriesRemoved { .. }));
    let removed = outline(&history.why(removed).unwrap());
    assert_eq!(
        removed[..4],
        ["S1 entries_removed", "  S1 entries_appended", "  input", "AppendEntries from S2 arrived"][..]
    );
    assert_eq!(removed.last().unwrap(), "S2 became_leader", "{removed:?}");
}

#[test]
fn in_storms_every_explanation_is_a_tree_of_earlier_records_and_ends_where_it_should() {
    let (mut elections, mut commits, mut refusals) = (0, 0, 0);
    for seed in 0..12 {
        let options = WorldOptions {
            loss_ppm: 100_000,
            duplicate_ppm: 50_000,
            clients: 3,
            pre_vote: seed % 3 == 0,
            check_quorum: seed % 4 == 0,
            snapshot_every: 30,
            ..WorldOptions::default()
        };
        let inputs = random_inputs(seed, 5, 10_000_000, &Intensities::default());
        let mut history = History::new(Scenario { seed, servers: 5, options, inputs, ..Scenario::default() }).unwrap();
        history.advance(10_000_000, u64::MAX);
        let asked: Vec<(u64, Event)> = history
            .events_since(0)
            .filter_map(|record| match record.happening {
                Happening::Decision { event, .. } => Some((record.number, event)),
                _ => None,
            })
            .collect();
        for (number, event) in asked {
            let (election, commit) = match event {
                Event::BecameLeader { .. } => (true, false),
                Event::Committed { .. } => (false, true),
                Event::VoteRefused { .. } | Event::EntriesRemoved { .. } | Event::BecameFollower { .. } => {
                    (false, false)
                }
                _ => continue,
            };
            let reasons = history.why(number).unwrap();
            assert!(reasons.len() < 200, "seed {seed}, record {number}: {} reasons", reasons.len());
            for reason in &reasons[1..] {
                let explained = &reasons[reason.explains.unwrap()].record;
                assert!(reason.record.number < explained.number, "seed {seed}: {reason:?} for {explained:?}");
            }
            let lines = outline(&reasons);
            assert_eq!(lines.len(), reasons.len(), "seed {seed}: all hang together");
            if let Event::BecameLeader { votes, .. } = event {
                let counted = lines.iter().filter(|line| line.ends_with(" vote_counted")).count();
                assert_eq!(counted, votes.voters.have, "seed {seed}: {lines:#?}");
                assert!(
                    lines.iter().any(|line| line.ends_with("election_timed_out") || line.ends_with("told_to_time_out"))
                );
            }
            if commit {
                assert!(lines.iter().any(|line| line.ends_with("entries_appended")), "seed {seed}: {lines:#?}");
            }
            elections += u32::from(election);
            commits += u32::from(commit);
            refusals += u32::from(!election && !commit);
        }
    }
    println!("{elections} elections, {commits} commits, {refusals} refusals");
    assert!(elections > 30 && commits > 1_000 && refusals > 200, "{elections}, {commits}, {refusals}");
}
