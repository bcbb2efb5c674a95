//! Trying everything in a small world: what is found at which number of steps, that it can be played, and that a state is one only with
//! those that have the same future.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "common/violated.rs"]
mod violated;

use raft_core::Rule;
use raft_sim::Property;
use raft_sim::explore::{Exhaustive, Shrunk, SmallWorld, Story, Tally};
use violated::violated;

/// How many terms, writes and crashes there are at most.
type Bounds = (u32, u32, u32);

/// A world with these bounds.
fn small(rules_off: &[Rule], (terms, writes, crashes): Bounds) -> SmallWorld {
    SmallWorld { terms, writes, crashes, ..SmallWorld::new(3, rules_off) }
}

/// Tries everything up to so many steps, or until something is violated.
fn search(small: SmallWorld, depth: u32) -> (Exhaustive, Option<Shrunk>) {
    let mut search = Exhaustive::new(small).unwrap();
    let found = (0..depth).find_map(|_| search.deepen());
    (search, found)
}

/// How many different states there are up to each number of steps.
fn unique(small: SmallWorld, depth: u32) -> Vec<u64> {
    let mut search = Exhaustive::new(small).unwrap();
    let states = (0..depth).map(|_| {
        assert_eq!(search.deepen(), None);
        search.tally(None).unique
    });
    states.collect()
}

#[test]
fn nothing_that_correct_servers_do_in_a_few_steps_violates_anything() {
    for (bounds, depth) in [((3, 1, 0), 8), ((2, 1, 1), 7), ((1, 2, 2), 7)] {
        for noop_on_election in [false, true] {
            let (search, found) = search(SmallWorld { noop_on_election, duplicates: 1, ..small(&[], bounds) }, depth);
            assert_eq!(found, None, "{bounds:?}");
            let tally = search.tally(None);
            assert_eq!((tally.depth, tally.unique > 1_000), (depth, true), "{bounds:?}: {tally:?}");
        }
    }
}

/// Rules, in how small a world their absence shows, and after how many steps: by no fewer.
const SHORTEST: &[(Rule, Bounds, Property, usize)] = &[
    (Rule::QuorumIsMoreThanHalf, (1, 1, 0), Property::CommittedIsDurable, 2),
    (Rule::OneVotePerTerm, (1, 0, 0), Property::OneVotePerTerm, 3),
    (Rule::VotePersisted, (1, 0, 1), Property::DurableBeforeSent, 1),
    (Rule::OnlyGrantedVotesCount, (2, 0, 0), Property::ElectionSafety, 6),
    (Rule::HigherTermDeposes, (2, 0, 0), Property::ElectionSafety, 6),
    (Rule::VoteKeptWithinItsTerm, (2, 0, 0), Property::OneVotePerTerm, 6),
    (Rule::VotesOfThisTermOnly, (2, 0, 0), Property::ElectionSafety, 7),
    (Rule::PreviousEntryChecked, (2, 1, 0), Property::DurableBeforeSent, 8),
    (Rule::VoteOnlyForUpToDateLog, (2, 1, 0), Property::LeaderCompleteness, 10),
];

#[test]
fn a_rule_that_is_switched_off_is_found_out_in_the_fewest_steps_and_the_story_can_be_played() {
    for &(rule, bounds, property, steps) in SHORTEST {
        let (exhaustive, found) = search(small(&[rule], bounds), 12);
        let Some(shrunk) = found else { panic!("{rule}: nothing in {:?}", exhaustive.tally(None)) };
        assert_eq!((shrunk.property, shrunk.actions.len()), (Some(property), steps), "{rule}: {:#?}", shrunk.actions);
        assert_eq!(
            exhaustive.tally(None).depth as usize,
            steps - 1,
            "{rule}: found at the first depth at which it can be"
        );
        let Some(Story { scenario, ends_us, .. }) = shrunk.story().unwrap() else {
            panic!("{rule}: the story goes another way with times: {:#?}", shrunk.actions)
        };
        assert_eq!(violated(&scenario, ends_us), Some(property), "{rule}");
        let mut kept = scenario;
        kept.options.rules_off.clear();
        assert_eq!(violated(&kept, ends_us), None, "{rule}: the story breaks Raft itself");
        let (_, none) = search(small(&[], bounds), steps as u32);
        assert_eq!(none, None, "{rule}: it is not the rule's absence");
    }
}

#[test]
fn servers_that_change_places_change_nothing_but_how_many_states_there_are() {
    let apart = |small: SmallWorld| SmallWorld { symmetry: false, ..small };
    let correct = small(&[], (2, 1, 1));
    let (one, all) = (unique(correct.clone(), 6), unique(apart(correct), 6));
    // At first all three are alike; later nearly every state stands for six.
    assert_eq!((one[0], all[0]), (3, 7), "nothing, a timeout of one of three, a crash of one of three");
    assert!(one[5] * 5 < all[5] && all[5] <= one[5] * 6, "{one:?} against {all:?}");
    for &(rule, bounds, property, steps) in SHORTEST {
        let (_, found) = search(apart(small(&[rule], bounds)), steps as u32);
        let found = found.map(|found| (found.property, found.actions.len()));
        assert_eq!(found, Some((Some(property), steps)), "{rule}");
    }
}

#[test]
fn a_level_comes_to_the_same_in_whatever_order_its_chunks_are_lived() {
    let mut forward = Exhaustive::new(small(&[], (2, 1, 1))).unwrap();
    let mut backward = Exhaustive::new(small(&[], (2, 1, 1))).unwrap();
    for depth in 1..=7 {
        let chunks = backward.chunks();
        assert_eq!(chunks, forward.chunks());
        // Lived from the last to the first, and taken in in their order.
        let mut expanded: Vec<_> = chunks.iter().rev().map(|chunk| backward.expand(chunk)).collect();
        let mut level = backward.level();
        while let Some(next) = expanded.pop() {
            level.take(next);
        }
        backward.finish(level);
        assert_eq!(forward.deepen(), None);
        assert_eq!(backward.tally(None), forward.tally(None), "{depth} steps");
    }
    assert!(forward.chunks().len() > 10, "there was something to share");
}

#[test]
fn a_small_world_has_an_end_and_it_is_said() {
    // One server: it stands, and leads.
    let alone = SmallWorld { servers: 1, ..small(&[], (1, 1, 0)) };
    let (mut search, found) = search(alone, 3);
    assert_eq!(found, None);
    while !search.chunks().is_empty() {
        assert_eq!(search.deepen(), None);
    }
    let tally = search.tally(None);
    assert_eq!((tally.unique, tally.beyond), (3, (0, 0)), "it is there, it leads, it has written");
    assert!(search.says(&tally, None).contains("no step leads to a new state"), "{}", search.says(&tally, None));
}

#[test]
fn what_is_said_names_the_bound() {
    let (search, _) = search(small(&[], (2, 1, 0)), 4);
    let tally: Tally = search.tally(None);
    let says = search.says(&tally, None);
    for part in [
        "No property is violated by anything of up to 4 steps.",
        "3 servers, terms up to 2",
        "1 writes, 0 crashes and 0 messages doubled",
        "It says nothing of what lies beyond these bounds",
    ] {
        assert!(says.contains(part), "{part:?} is not in {says:?}");
    }
    let found = search.says(&tally, Some((Property::ElectionSafety, 5)));
    assert!(found.starts_with("Election Safety is violated after 5 steps, and by no fewer"), "{found}");
}

#[test]
fn a_level_that_is_not_finished_is_not_taken_for_one_that_is() {
    let (mut search, _) = search(small(&[], (2, 1, 1)), 6);
    let before = search.tally(None);
    let mut level = search.level();
    level.take(search.expand(&search.chunks()[0]));
    let partly = search.tally(Some(&level));
    assert_eq!((partly.depth, partly.beyond), (6, (Exhaustive::CHUNK, before.beyond.1)));
    assert!(partly.unique > before.unique && partly.all > before.all && partly.bytes > before.bytes);
    assert!(search.says(&partly, None).contains("256 were tried one step further"));
    search.finish(level);
    assert_eq!(search.tally(None), before, "one step more would be too much to say");
}

#[test]
fn a_world_that_is_not_small_is_refused() {
    let refused = |small: SmallWorld| Exhaustive::new(small).map(|_| ()).unwrap_err().to_string();
    assert_eq!(refused(SmallWorld::new(5, &[])), "servers is 5; expected 1 to 4");
    assert_eq!(refused(small(&[], (0, 1, 0))), "terms is 0; expected 1 to 7");
    assert_eq!(refused(small(&[], (5, 4, 0))), "writes is 4; expected 0 to 3");
    assert_eq!(refused(small(&[], (2, 1, 9))), "crashes is 9; expected 0 to 8");
    assert!(
        refused(small(&[Rule::MatchStartsAtZero], (2, 1, 0)))
            .starts_with("rules_off is match_starts_at_zero; expected")
    );
}
