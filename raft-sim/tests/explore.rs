//! Searches in steps: what they find, that it is short, that it can be played, and that correct servers give them nothing to find.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "common/violated.rs"]
mod violated;

use raft_core::{Rule, ServerId, Term};
use raft_sim::explore::{
    Action, Epoch, Found, Goal, Ground, Kind, Search, Shares, Shrunk, Sign, Story, Strategy, shorten,
};
use raft_sim::{Property, Scenario, World};
use violated::violated;

/// The first find of a search within so many epochs.
fn find(search: &Search, epochs: u64) -> Option<Found> {
    (0..epochs).find_map(|number| search.epoch(number).unwrap().found.into_iter().next())
}

fn search_for(rule: Rule, seed: u64) -> Search {
    Search::new(seed, Ground::for_rule(rule)).unwrap()
}

/// All finds of the first epoch that has some, made short; the shortest of them.
fn shortest(search: &Search, epochs: u64) -> Shrunk {
    let found = (0..epochs).map(|number| search.epoch(number).unwrap().found).find(|found| !found.is_empty());
    let shrunk = found.unwrap_or_default().into_iter().map(|found| search.shrink(&found).unwrap());
    shrunk.min_by_key(|shrunk| shrunk.actions.len()).unwrap_or_else(|| panic!("nothing in {epochs} epochs"))
}

#[test]
fn an_epoch_comes_to_the_same_whenever_and_in_whatever_order_it_is_lived() {
    let comes_to = |epoch: Epoch| (epoch.strategy, epoch.runs, epoch.actions, epoch.states, epoch.found);
    let search = search_for(Rule::LastTermComparedFirst, 3);
    let forward: Vec<_> = (0..12).map(|number| comes_to(search.epoch(number).unwrap())).collect();
    let again = search_for(Rule::LastTermComparedFirst, 3);
    for number in (0..12).rev() {
        assert_eq!(comes_to(again.epoch(number).unwrap()), forward[number as usize], "epoch {number}");
    }
    assert!(forward.iter().any(|(_, _, _, _, found)| !found.is_empty()), "nothing was found that could differ");
    let other = search_for(Rule::LastTermComparedFirst, 4);
    let others: Vec<_> = (0..12).map(|number| comes_to(other.epoch(number).unwrap())).collect();
    assert_ne!(others, forward, "another seed is another search");
}

/// Rules, in how many epochs each is found out at the latest, and how short its story is at most. The lengths are those of the shortest
/// find of one epoch, with some room.
const TOLD: &[(Rule, u64, usize)] = &[
    (Rule::QuorumIsMoreThanHalf, 10, 6),
    (Rule::OneVotePerTerm, 10, 4),
    (Rule::VoteOnlyForUpToDateLog, 40, 12),
    (Rule::LastTermComparedFirst, 200, 18),
    (Rule::ThenLengthCompared, 200, 18),
    (Rule::OnlyGrantedVotesCount, 40, 8),
    (Rule::VotesOfThisTermOnly, 200, 10),
    (Rule::HigherTermDeposes, 40, 8),
    (Rule::PreviousEntryChecked, 10, 10),
    (Rule::TruncateOnlyOnConflict, 200, 10),
    (Rule::AckNamesWhatAppendReached, 200, 12),
    (Rule::OldTermAppendRefused, 200, 16),
    (Rule::CommitOnlyOwnTermByCount, 200, 24),
    (Rule::OneChangeAtATime, 200, 18),
    (Rule::SnapshotCarriesConfiguration, 200, 16),
    (Rule::ReadAfterOwnTermCommit, 200, 18),
    (Rule::ReadContextIsUnique, 200, 20),
    (Rule::EntriesPersistedBeforeAck, 10, 6),
    (Rule::TermAndVoteInOneWrite, 400, 30),
    (Rule::LeaseEndsWithTransfer, 200, 24),
    (Rule::LeaseRespectsDrift, 200, 26),
    (Rule::MatchStartsAtZero, 200, 30),
    (Rule::AppendReplyTermChecked, 2_000, 40),
];

#[test]
fn a_rule_that_is_switched_off_is_found_out_and_its_story_can_be_played() {
    for &(rule, epochs, longest) in TOLD {
        let search = search_for(rule, 1);
        let shrunk = shortest(&search, epochs);
        let steps = shrunk.actions.len();
        println!("{rule}: {steps} steps, {} replays, {:?}", shrunk.replays, shrunk.property);
        assert!(steps <= longest, "{rule}: {steps} steps: {:#?}", shrunk.actions);
        let Some(Story { scenario, property, steps: words, ends_us, .. }) = shrunk.story().unwrap() else {
            panic!("{rule}: the story goes another way with times: {:#?}", shrunk.actions)
        };
        assert_eq!((property, words.len()), (shrunk.property, steps), "{rule}");
        assert_eq!(violated(&scenario, ends_us), property, "{rule}");
        assert!(scenario.title.as_ref().unwrap().contains(property.unwrap().name()), "{:?}", scenario.title);
        assert!(scenario.text.as_ref().unwrap().contains(" is violated: "), "{:?}", scenario.text);
        // The rule alone makes the difference: followed again, the same story ends well.
        let mut kept = scenario.clone();
        kept.options.rules_off.clear();
        assert_eq!(violated(&kept, ends_us), None, "{rule}: the story breaks Raft itself");
    }
}

/// Where disks are slow a step that is refused takes its time all the same.
#[test]
fn whatever_is_found_on_slow_disks_comes_to_the_same_again() {
    let mut again = 0;
    for rule in [Rule::TermAndVoteInOneWrite, Rule::EntriesPersistedBeforeAck] {
        let search = search_for(rule, 3);
        for found in (0..60).flat_map(|number| search.epoch(number).unwrap().found) {
            let shrunk = search.shrink(&found).unwrap();
            assert!(!shrunk.actions.is_empty(), "{rule}: epoch {} run {} goes another way", found.epoch, found.run);
            again += 1;
        }
    }
    assert!(again > 100, "{again}");
}

#[test]
fn a_story_has_nothing_that_it_could_do_without() {
    let search = search_for(Rule::VoteOnlyForUpToDateLog, 5);
    let shrunk = shortest(&search, 40);
    let Story { scenario, ends_us, .. } = shrunk.story().unwrap().unwrap();
    // Among its inputs are times of messages; those that only set the pace can go, but no crash, timer or write.
    let shortened = shorten(&scenario, ends_us).unwrap();
    assert_eq!(shortened.property, shrunk.property);
    let acts = |scenario: &Scenario| {
        let is_act = |kind: &&str| !["set_delay", "drop"].contains(kind);
        scenario.inputs.iter().map(|timed| timed.input.kind()).filter(is_act).collect::<Vec<_>>()
    };
    assert_eq!(acts(&shortened.scenario), acts(&scenario));
}

#[test]
fn a_scenario_that_violates_nothing_is_not_made_shorter() {
    let scenario = Scenario { servers: 3, ..Scenario::default() };
    let shortened = shorten(&scenario, 1_000_000).unwrap();
    assert_eq!((shortened.property, shortened.scenario, shortened.replays), (None, scenario, 1));
}

#[test]
fn correct_servers_give_a_search_nothing_to_find() {
    let mut grounds = Vec::new();
    for (servers, spares) in [(3, 0), (3, 1), (4, 1), (5, 0)] {
        grounds.push(Ground::full(servers, spares, &[]));
        let mut plain = Ground::plain(servers, &[]);
        plain.options.noop_on_election = spares > 0;
        (plain.disk_steps, plain.slow_disks) = (3, spares);
        grounds.push(plain);
    }
    let search = Search::new(7, grounds).unwrap();
    let (mut actions, mut strategies) = (0, Vec::new());
    for number in 0..120 {
        let epoch = search.epoch(number).unwrap();
        assert_eq!(epoch.found, Vec::new(), "epoch {number}");
        actions += epoch.actions;
        strategies.push(epoch.strategy);
    }
    println!("{actions} actions");
    assert!(actions > 800_000, "{actions} actions say little");
    for strategy in Strategy::ALL {
        assert!(strategies.contains(&strategy), "no epoch of {}", strategy.name());
    }
}

#[test]
fn each_strategy_finds_something_by_itself() {
    for strategy in Strategy::ALL {
        let mut search = search_for(Rule::VoteOnlyForUpToDateLog, 1);
        let share = |which| u32::from(strategy == which);
        search.shares = Shares {
            swarm: share(Strategy::Swarm),
            weighted: share(Strategy::Weighted),
            macros: share(Strategy::Macro),
            priorities: share(Strategy::Priorities),
            coverage: share(Strategy::Coverage),
        };
        let found = find(&search, 200).unwrap_or_else(|| panic!("{} finds nothing", strategy.name()));
        assert_eq!(found.strategy, strategy);
    }
}

#[test]
fn a_ground_that_cannot_be_is_refused_with_its_field() {
    let refused = |change: &dyn Fn(&mut Ground)| {
        let mut ground = Ground::plain(3, &[]);
        change(&mut ground);
        Search::new(0, vec![ground]).unwrap_err().to_string()
    };
    assert!(refused(&|ground| ground.servers = 0).starts_with("servers is 0; expected 1 to 7"));
    assert!(refused(&|ground| ground.spares = 7).starts_with("spares is 7; expected 0 to 6"));
    assert!(refused(&|ground| ground.actions_max = 501).starts_with("actions_max is 501; expected 1 to 500"));
    assert!(refused(&|ground| ground.disk_steps = 41).starts_with("disk_steps is 41; expected 0 to 40"));
    assert!(refused(&|ground| ground.slow_disks = 4).starts_with("slow_disks is 4; expected 0 to 3"));
    assert!(refused(&|ground| ground.options.lease_reads = true).starts_with("options.lease_reads"));
    assert!(Search::new(0, Vec::new()).unwrap_err().to_string().starts_with("grounds is empty; expected at least one"));
}

/// A message by what matters of it; the rest is found by likeness.
fn message(kind: Kind, from: u32, to: u32) -> Sign {
    Sign { kind, from: ServerId(from), to: ServerId(to), term: Term(0), place: 0, size: 0, more: [0; 2] }
}

#[test]
fn what_is_lost_doubled_and_waited_for_is_so_in_the_story() {
    let mut ground = Ground::plain(4, &[Rule::QuorumIsMoreThanHalf]);
    ground.weights.wait = 1;
    let actions = vec![
        Action::TimeOut(ServerId(1)),
        Action::Drop(message(Kind::RequestVote, 1, 3)),
        Action::Duplicate(message(Kind::RequestVote, 1, 2)),
        Action::Deliver(message(Kind::RequestVote, 1, 2)),
        Action::Wait { us: 300_000 },
        Action::Deliver(message(Kind::RequestVote, 1, 2)),
        Action::Deliver(message(Kind::RequestVoteReply, 2, 1)),
        Action::Deliver(message(Kind::AppendEntries, 1, 2)),
        Action::Deliver(message(Kind::AppendEntriesReply, 2, 1)),
    ];
    let (property, goal) = (Some(Property::CommittedIsDurable), Goal::Violation);
    let shrunk = Shrunk { ground: ground.into(), goal, property, actions, replays: 0 };
    let Story { scenario, ends_us, .. } = shrunk.story().unwrap().unwrap();
    assert_eq!(ends_us, 8 * 1_000 + 300_000);
    let at = |kind: &str| {
        let of_kind = scenario.inputs.iter().filter(|timed| timed.input.kind() == kind);
        of_kind.map(|timed| timed.at_us).collect::<Vec<_>>()
    };
    // S3's is lost in its step; what nobody hears of, S4's request and others', half a step after it left.
    assert!(at("drop").contains(&2_000) && at("drop").contains(&1_500), "{:?}", at("drop"));
    assert_eq!((at("duplicate"), at("time_out")), (vec![3_000], vec![1_000]));
    // The copy is under way while time passes.
    let mut world = World::new(scenario).unwrap();
    world.advance(200_000, u64::MAX);
    assert!(world.messages().any(|message| message.is_copy() && message.arrives_at().0 == 305_000));
}

#[test]
fn steps_that_are_not_possible_make_no_story() {
    let actions = vec![Action::Propose(ServerId(1))];
    let property = Some(Property::ElectionSafety);
    let (ground, goal) = (Ground::plain(3, &[]).into(), Goal::Violation);
    let shrunk = Shrunk { ground, goal, property, actions, replays: 0 };
    assert_eq!(shrunk.story().unwrap(), None);
}
