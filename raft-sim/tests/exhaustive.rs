//! Trying everything in a small world: what is found at which number of steps, that it can be played, and that a state is one only with
//! those that have the same future.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "common/violated.rs"]
mod violated;

use raft_core::Rule;
use raft_sim::Property;
use raft_sim::explore::{Bounds, Ended, Exhaustive, Level, Pieces, Shrunk, SmallWorld, Story, Tally};
use raft_sim::plain::Tree;
use violated::violated;

/// How many terms, writes and crashes there are at most.
type Limits = (u32, u32, u32);

/// A world with these bounds.
fn small(rules_off: &[Rule], (terms, writes, crashes): Limits) -> SmallWorld {
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
const SHORTEST: &[(Rule, Limits, Property, usize)] = &[
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
        let mut level = Level::default();
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
    let mut level = Level::default();
    level.take(search.expand(&search.chunks()[0]));
    let partly = search.tally(Some(&level));
    assert_eq!((partly.depth, partly.beyond), (6, (Exhaustive::CHUNK, before.beyond.1)));
    assert!(partly.unique > before.unique && partly.all > before.all && partly.bytes > before.bytes);
    assert!(search.says(&partly, None).contains("256 were tried one step further"));
    search.finish(level);
    assert_eq!(search.tally(None), before, "one step more would be too much to say");
}

/// Goes on by so many chunks at a time until it ends; how far it came with each level, and in all.
fn piece_by_piece(bounds: Bounds, chunks: u32) -> (Vec<Tally>, Pieces) {
    let mut pieces = Pieces::new(bounds).unwrap();
    let mut levels = Vec::new();
    while pieces.ended().is_none() {
        pieces.go_on(chunks);
        let tally = pieces.tally();
        if tally.depth as usize > levels.len() {
            assert_eq!(tally.beyond.0, 0, "no piece goes beyond a level: {tally:?}");
            levels.push(tally);
        }
    }
    (levels, pieces)
}

#[test]
fn piece_by_piece_it_comes_to_the_same() {
    let bounds = Bounds { small: small(&[], (2, 1, 1)), depth: 8, ..Bounds::default() };
    let mut whole = Exhaustive::new(bounds.small.clone()).unwrap();
    let levels: Vec<Tally> = (0..8).map(|_| (whole.deepen(), whole.tally(None)).1).collect();
    for chunks in [1, 3, 1_000] {
        let (mut found, pieces) = piece_by_piece(bounds.clone(), chunks);
        assert_eq!(found, levels, "{chunks} chunks at a time");
        assert_eq!((pieces.ended(), found.pop()), (Some(Ended::Depth), Some(pieces.tally())));
    }
}

#[test]
fn piece_by_piece_a_search_ends_with_a_violation_with_nothing_more_or_where_the_memory_is_full() {
    for &(rule, (terms, writes, crashes), property, steps) in SHORTEST {
        let (_, pieces) = piece_by_piece(
            Bounds { small: small(&[rule], (terms, writes, crashes)), depth: 12, ..Bounds::default() },
            2,
        );
        let (_, whole) = search(small(&[rule], (terms, writes, crashes)), 12);
        assert_eq!((pieces.ended(), pieces.violation()), (Some(Ended::Violation), whole), "{rule}");
        let found = pieces.violation().map(|found| (found.property, found.actions.len()));
        assert_eq!(found, Some((Some(property), steps)), "{rule}");
    }
    let alone = SmallWorld { servers: 1, ..small(&[], (1, 1, 0)) };
    let (_, pieces) = piece_by_piece(Bounds { small: alone, ..Bounds::default() }, 2);
    assert_eq!((pieces.ended(), pieces.tally().unique), (Some(Ended::Nothing), 3));

    let memory = 2_000_000;
    let (_, pieces) = piece_by_piece(Bounds { small: small(&[], (3, 1, 0)), memory, ..Bounds::default() }, 2);
    let tally = pieces.tally();
    assert_eq!((pieces.ended(), pieces.violation()), (Some(Ended::Memory), None));
    assert!(tally.bytes > memory && tally.bytes < memory * 5 / 4 && tally.beyond.0 > 0, "{tally:?}");
}

#[test]
fn bounds_are_read_from_plain_data_field_by_field() {
    let read = |fields: &[(&'static str, Tree)]| {
        Bounds::read_from(Tree::Fields(fields.iter().map(|(name, value)| ((*name).into(), value.clone())).collect()))
    };
    assert_eq!(read(&[]).unwrap(), Bounds::default());
    let rules = Tree::List(vec![Tree::Text("one_vote_per_term".into())]);
    let bounds = read(&[
        ("servers", Tree::Whole(2)),
        ("rules_off", rules),
        ("noop_on_election", Tree::Truth(true)),
        ("terms", Tree::Whole(4)),
        ("writes", Tree::Whole(3)),
        ("crashes", Tree::Whole(5)),
        ("duplicates", Tree::Whole(6)),
        ("symmetry", Tree::Truth(false)),
        ("depth", Tree::Whole(7)),
        ("memory", Tree::Whole(8)),
    ]);
    let small = SmallWorld {
        servers: 2,
        rules_off: vec![Rule::OneVotePerTerm],
        noop_on_election: true,
        terms: 4,
        writes: 3,
        crashes: 5,
        duplicates: 6,
        symmetry: false,
    };
    assert_eq!(bounds.unwrap(), Bounds { small, depth: 7, memory: 8 });
    let wrong = |name: &'static str, value: Tree| read(&[(name, value)]).unwrap_err().to_string();
    assert_eq!(wrong("depth", Tree::Truth(true)), "depth is true; expected a whole number from 0 to 4294967295");
    assert!(wrong("steps", Tree::Whole(1)).starts_with("steps is no known field; expected one of servers, rules_off"));
    assert!(wrong("rules_off", Tree::List(vec![Tree::Whole(1)])).starts_with("rules_off[0] is 1; expected one of "));
    assert_eq!(Bounds::read_from(Tree::Nothing).unwrap_err().to_string(), "search is null; expected an object");
    let refused = |bounds: Bounds| Pieces::new(bounds).map(drop).unwrap_err().to_string();
    assert_eq!(refused(Bounds { depth: 41, ..Bounds::default() }), "depth is 41; expected 1 to 40");
    assert_eq!(refused(Bounds { depth: 0, ..Bounds::default() }), "depth is 0; expected 1 to 40");
    assert_eq!(
        refused(Bounds { small: SmallWorld::new(5, &[]), ..Bounds::default() }),
        "servers is 5; expected 1 to 4"
    );
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
