//! Goals of searches: that named ones are reached on correct servers and in the stories of that, what the language of goals says of
//! a world driven by hand, and what it refuses.
#![allow(clippy::unwrap_used, clippy::panic)]

use raft_core::{Rule, ServerId};
use raft_sim::explore::{Ask, Expression, Goal, Search, Shrunk, Story};
use raft_sim::plain::Tree;
use raft_sim::{Input, Property, Scenario, World, WorldOptions};

fn goal(text: &str) -> Goal {
    text.parse().unwrap_or_else(|wrong| panic!("{text}: {wrong}"))
}

fn search_for(text: &str, rules_off: &[Rule]) -> Search {
    Ask { seed: 1, goal: goal(text), rules_off: rules_off.to_vec(), ..Ask::default() }.search().unwrap()
}

/// The shortest find of the first epoch that has some.
fn shortest(search: &Search, epochs: u64) -> Shrunk {
    let found = (0..epochs).map(|number| search.epoch(number).unwrap()).find(|epoch| !epoch.found.is_empty());
    let Some(epoch) = found else { panic!("{} is not reached in {epochs} epochs", search.goal) };
    println!("{}: epoch {}", search.goal, epoch.number);
    let shrunk = epoch.found.iter().map(|found| search.shrink(found).unwrap());
    shrunk.min_by_key(|shrunk| shrunk.actions.len()).unwrap()
}

/// Goals, in how many epochs each is reached at the latest, and how long its story is at most.
const TOLD: &[(&str, u64, usize)] = &[
    ("two_leaders", 20, 12),
    ("split_vote_thrice", 200, 9),
    ("overwritten_entry", 20, 18),
    ("leader_without_contact", 200, 14),
    ("figure_8_c", 400, 36),
    ("any(L: count(F: F.leader = L) = servers) and committed >= 3 and crashes = 2", 200, 36),
];

#[test]
fn a_goal_is_reached_on_correct_servers_and_in_its_story_at_the_last_step() {
    for named in Goal::NAMED {
        assert!(TOLD.iter().any(|&(text, ..)| text == named.name), "nobody looks for {}", named.name);
    }
    for &(text, epochs, longest) in TOLD {
        let search = search_for(text, &[]);
        let shrunk = shortest(&search, epochs);
        let steps = shrunk.actions.len();
        println!("{text}: {steps} steps, {} replays", shrunk.replays);
        assert_eq!(shrunk.property, None);
        assert!(steps <= longest, "{text}: {steps} steps: {:#?}", shrunk.actions);
        let Some(Story { scenario, property, step_us, ends_us, .. }) = shrunk.story().unwrap() else {
            panic!("{text}: the story goes another way with times: {:#?}", shrunk.actions)
        };
        assert_eq!(property, None);
        let named = Goal::NAMED.iter().find(|named| named.name == text);
        assert_eq!(scenario.title.as_deref(), Some(named.map_or("Reached", |named| named.title)));
        assert!(!scenario.text.as_ref().unwrap().contains("violated"), "{:?}", scenario.text);
        assert_eq!(reached_at(text, &scenario, step_us, ends_us), Some(ends_us), "{text}: {:?}", scenario.text);
    }
}

/// When a goal is reached first in a scenario that is lived like any other, from its JSON.
fn reached_at(text: &str, scenario: &Scenario, step_us: u64, until_us: u64) -> Option<u64> {
    let json = serde_json::to_string(scenario).unwrap();
    let mut world = World::new(serde_json::from_str(&json).unwrap()).unwrap();
    let goal = goal(text);
    let mut watch = goal.watch();
    assert!(!watch.reached(&world), "{text} is reached before anything happens");
    while world.now().0 < until_us {
        world.advance(step_us, u64::MAX);
        assert_eq!(world.violation(), None, "{text}");
        if watch.reached(&world) {
            return Some(world.now().0);
        }
    }
    None
}

#[test]
fn a_story_that_does_not_come_to_its_goal_is_none() {
    let shrunk = shortest(&search_for("two_leaders", &[]), 20);
    let told = |goal: Goal, property| Shrunk { goal, property, ..shrunk.clone() }.story().unwrap().is_some();
    assert!(told(shrunk.goal.clone(), None));
    assert!(!told(goal("leaders > 2"), None), "there are but two leaders");
    assert!(!told(Goal::Violates(Property::ElectionSafety), Some(Property::ElectionSafety)));
}

#[test]
fn a_property_that_is_looked_for_is_found_and_no_other() {
    // Without this rule several properties are violated, some much more often than others.
    let rule = Rule::VoteOnlyForUpToDateLog;
    let violated = |text: &str, epochs: u64| {
        let search = search_for(text, &[rule]);
        let found = (0..epochs).flat_map(|number| search.epoch(number).unwrap().found);
        found.map(|found| found.property.unwrap()).collect::<Vec<_>>()
    };
    let any = violated("violation", 40);
    let mut kinds = any.clone();
    kinds.sort_unstable();
    kinds.dedup();
    println!("{kinds:?}");
    assert!(kinds.len() > 1, "only one property is ever violated: {kinds:?}");
    for property in kinds {
        let found = violated(property.name(), 40);
        assert!(!found.is_empty(), "{property} is not found");
        assert!(found.iter().all(|&which| which == property), "{property}: {found:?}");
    }
    let shrunk = shortest(&search_for("Leader Completeness", &[rule]), 40);
    let story = shrunk.story().unwrap().unwrap();
    assert_eq!(story.property, Some(Property::LeaderCompleteness));
    assert_eq!(story.scenario.title.as_deref(), Some("Leader Completeness, without “vote only for up to date log”"));
    assert!(story.scenario.text.unwrap().contains("Leader Completeness is violated"));
}

/// Three servers: S2 has been elected in term 1 and written two values, which all hold; S3 has crashed since, and S1 is cut off
/// and has stood for election in vain.
fn by_hand(mut look: impl FnMut(&World)) -> World {
    let options = WorldOptions {
        noop_on_election: true,
        pre_vote: false,
        check_quorum: false,
        election_timeout_us_min: 20_000_000,
        election_timeout_us_max: 20_000_000,
        heartbeat_us: 50_000,
        ..WorldOptions::default()
    };
    let mut world = World::new(Scenario { servers: 3, options, ..Scenario::default() }).unwrap();
    let propose = |value: &str| Input::Propose { value: value.into(), server: Some(ServerId(2)) };
    let cut = |from, to| Input::Cut { from: ServerId(from), to: ServerId(to) };
    look(&world);
    for input in [
        Input::TimeOut { server: ServerId(2) },
        propose("x=1"),
        propose("x=2"),
        Input::Crash { server: ServerId(3), written: 0 },
        cut(1, 2),
        cut(2, 1),
        Input::TimeOut { server: ServerId(1) },
    ] {
        world.apply(input).unwrap();
        world.advance(1_000_000, u64::MAX);
        look(&world);
    }
    world
}

#[test]
fn an_expression_says_of_a_world_what_it_is() {
    let yes = [
        "1 = 1 and 2 != 3",
        "leaders = 1",
        "leaders + 1 = 2",
        "leaders - 2 = 0 - 1",
        "5 - 2 - 1 = 2",
        "5 - (2 - 1) = 4",
        "servers = 3 and crashed = 1 and candidates = 1",
        "term = 2 and committed = 3 and elections = 1",
        "split_votes = 0 and overwritten = 0 and crashes = 1",
        "S1.up and S2.up and not S3.up",
        "S2.leads and not S1.leads and not S3.leads",
        "S1.candidate and not S2.candidate and not S1.follower",
        "S1.term = 2 and S2.term = 1 and S3.term = 1",
        "S1.vote = S1 and S2.vote = S2 and S3.vote = S2",
        "S1.leader = 0 and S2.leader = S2 and S3.leader = 0",
        "S1.votes = 1 and S2.votes = 0",
        "S2.followers = 0",
        "S1.commit = 3 and S2.commit = 3 and S3.commit = 0",
        "S1.commit_term = 1 and S3.commit_term = 0",
        "S1.last = 3 and S3.last = 3 and S3.last_term = 1",
        "S2.held = 3 and S2.held_term = 1 and S3.held = 0",
        "all(S: S.snapshot = 0)",
        "any(S: S.leads)",
        "count(S: S.up) = 2",
        "max(S: S.term) = term and min(S: S.term) = 1",
        "max(S: S) = 3",
        "any(L: L.leads and all(F: F.term >= L.term))",
        "any(A: any(B: any(C: A < B and B < C and C.up != B.up)))",
        "S1.up = S2.up",
        "(S1.up) != (S3.up)",
        "1 < 2 and 2 > 1 and 2 <= 2 and 2 >= 2",
        // A word between two others binds the tighter the further down it stands here: or, and, not.
        "1 = 1 or 1 = 1 and 1 = 2",
        "not 1 = 2 or 1 = 1",
        "not (1 = 1 and 1 = 2)",
        "not not S1.up",
    ];
    let no = [
        "1 = 2 or 2 = 1",
        "1 != 1",
        "2 < 2",
        "3 <= 2",
        "2 > 2",
        "2 >= 3",
        "(1 = 1 or 1 = 1) and 1 = 2",
        "not (1 = 2 or 1 = 1)",
        "all(S: S.up)",
        "any(S: S.last > 3)",
        "S3.up",
        "leaders = 2",
        "S1.up = S3.up",
        "S9.term > 0 or S9.up",
    ];
    let goals: Vec<(Goal, bool)> =
        yes.iter().map(|text| (goal(text), true)).chain(no.iter().map(|text| (goal(text), false))).collect();
    let mut watches: Vec<_> = goals.iter().map(|(goal, holds)| (goal, goal.watch(), *holds)).collect();
    let mut last = Vec::new();
    by_hand(|world| last = watches.iter_mut().map(|(_, watch, _)| watch.reached(world)).collect());
    for ((goal, _, holds), reached) in watches.iter().zip(last) {
        assert_eq!(reached, *holds, "{goal}");
    }
}

#[test]
fn what_was_so_far_is_counted_at_each_look_and_once() {
    let options = WorldOptions {
        noop_on_election: true,
        pre_vote: false,
        check_quorum: false,
        election_timeout_us_min: 20_000_000,
        election_timeout_us_max: 20_000_000,
        ..WorldOptions::default()
    };
    let mut world = World::new(Scenario { servers: 3, options, ..Scenario::default() }).unwrap();
    let [split, overwritten, crashes, elections] =
        ["split_votes = 2", "overwritten = 1", "crashes = 1", "elections = 2"].map(goal);
    let mut watches = [split.watch(), overwritten.watch(), crashes.watch(), elections.watch()];
    let mut look = |world: &World| {
        let first = [0, 1, 2, 3].map(|at: usize| watches[at].reached(world));
        assert_eq!([0, 1, 2, 3].map(|at: usize| watches[at].reached(world)), first, "a second look changes nothing");
        first
    };
    look(&world);
    let mut live = |world: &mut World, input: Input, us: u64| {
        world.apply(input).unwrap();
        world.advance(us, u64::MAX);
        look(world)
    };
    let time_out = |server| Input::TimeOut { server: ServerId(server) };
    let cut = |from, to| Input::Cut { from: ServerId(from), to: ServerId(to) };
    // S1 and S2 stand at once, twice, and S3 hears nobody; the second term is over when a third begins.
    for (from, to) in [(1, 2), (1, 3), (2, 1), (2, 3)] {
        live(&mut world, cut(from, to), 0);
    }
    for server in [1, 2, 1, 2] {
        assert!(!live(&mut world, time_out(server), 100)[0], "no term is over yet, or only one");
    }
    assert_eq!(live(&mut world, time_out(1), 100), [true, false, false, false]);
    // S1 wins term 4 with S3's vote, and writes what S2 never hears of and S3 neither.
    live(&mut world, Input::Uncut { from: ServerId(1), to: ServerId(3) }, 0);
    live(&mut world, time_out(1), 1_000_000);
    let propose = Input::Propose { value: "x=1".into(), server: Some(ServerId(1)) };
    live(&mut world, cut(1, 3), 0);
    live(&mut world, propose, 1_000_000);
    assert_eq!(live(&mut world, Input::Crash { server: ServerId(1), written: 0 }, 1_000), [true, false, true, false]);
    // What a crash takes is not overwritten: its disk holds all of it.
    assert_eq!(live(&mut world, Input::Restart { server: ServerId(1) }, 1_000), [true, false, true, false]);
    // S3 wins term 5 with S2's vote. S1, which hears nothing of that, has another second entry than they.
    let uncut = |from, to| Input::Uncut { from: ServerId(from), to: ServerId(to) };
    live(&mut world, cut(3, 1), 0);
    live(&mut world, uncut(2, 3), 0);
    assert_eq!(live(&mut world, time_out(3), 2_000_000), [true, false, true, true]);
    let apart =
        goal("S1.last = 2 and S3.last = 2 and S1.held = 1 and S1.held_term = 4 and S3.held = 2 and S3.held_term = 5");
    assert!(apart.watch().reached(&world), "a quorum holds what it is not compared with");
    live(&mut world, uncut(1, 3), 0);
    assert_eq!(live(&mut world, uncut(3, 1), 2_000_000), [true, true, true, true]);
}

#[test]
fn what_is_no_goal_is_refused_with_its_place() {
    let deep = format!("{}1 = 1{}", "(".repeat(33), ")".repeat(33));
    let nots = format!("{}S1.up", "not ".repeat(33));
    let long = "1 = 1 or ".repeat(60) + "1 = 1";
    let table: &[(&str, &str, &str)] = &[
        ("", "\"\"", "violation, a property's name such as Leader Completeness"),
        ("Leader Completenes", "\"Leader Completenes\"", "one of two_leaders, "),
        ("leader > 1", "\"leader > 1\"", "or an expression such as leaders > 1"),
        ("leaders", "a number at character 1", "something that is true or false, such as leaders > 1"),
        ("leaders >", "cut off at character 10", "a number, a server such as S1, one of servers, leaders, "),
        ("leaders > x", "\"x\" at character 11", "a number, a server such as S1, one of servers, leaders, "),
        ("leaders > 1 term", "\"term\" at character 13", "an operator such as and, or the end"),
        ("1 < 2 < 3", "\"<\" at character 7", "an operator such as and, or the end"),
        ("leaders > 1 and term", "a number at character 17", "something that is true or false"),
        ("leaders > 1 or 2", "a number at character 16", "something that is true or false"),
        ("1 = 1 and not 3", "a number at character 15", "something that is true or false"),
        ("2 and 1 = 1", "a number at character 1", "something that is true or false"),
        ("1 + S1.up > 2", "something that is true or false at character 5", "a number"),
        ("S1.up > 0", "something that is true or false at character 1", "a number"),
        ("S1.up = 1", "a number at character 9", "something that is true or false"),
        ("term = S1.up", "something that is true or false at character 8", "a number"),
        ("(leaders > 1", "cut off at character 13", "\")\""),
        ("(leaders > 1))", "\")\" at character 14", "an operator such as and, or the end"),
        ("S1. > 2", "\">\" at character 5", "one of up, leads, candidate, "),
        ("S1.size > 2", "\"size\" at character 4", "one of up, leads, candidate, "),
        ("1 = 1 and S0.up", "\"S0\" at character 11", "a server such as S1"),
        ("any S: S.up", "\"S\" at character 5", "\"(\""),
        ("any(s: s.up)", "\"s\" at character 5", "another name that begins with a capital letter"),
        ("any(S1: S1.up)", "\"S1\" at character 5", "another name that begins with a capital letter"),
        ("any(A: any(A: A.up))", "\"A\" at character 12", "another name that begins with a capital letter"),
        ("any(A S.up)", "\"S\" at character 7", "\":\""),
        ("any(A: A.term)", "a number at character 8", "something that is true or false"),
        ("max(A: A.up) > 1", "something that is true or false at character 8", "a number"),
        ("any(A: A.up) and A.up", "\"A\" at character 18", "a number, a server such as S1"),
        (
            "any(A: any(B: any(C: any(D: D.up))))",
            "\"D\" at character 26",
            "at most 3 that stand for each server at once",
        ),
        ("term > 9007199254740992", "\"9007199254740992\" at character 8", "a number up to 2^53 - 1"),
        ("term > 1 \u{2227} leaders > 1", "\"\u{2227}\" at character 10", "an operator such as and, or the end"),
        ("term == 1", "\"=\" at character 7", "a number, a server such as S1"),
        (&deep, "nested 33 deep at character 34", "at most 32"),
        (&nots, "nested 33 deep at character 133", "at most 32"),
        (&long, "545 characters", "at most 500"),
    ];
    for (text, found, expected) in table {
        let wrong = text.parse::<Goal>().map(|goal| panic!("{goal} is taken")).unwrap_err();
        assert_eq!((wrong.field.as_str(), wrong.found.as_str()), ("goal", *found), "{text}: {wrong}");
        assert!(wrong.expected.contains(expected), "{text}: {wrong}");
    }
    let within = format!("{}1 = 1{}", "(".repeat(32), ")".repeat(32));
    assert!(within.parse::<Goal>().is_ok() && "term < 9007199254740991".parse::<Goal>().is_ok());
}

#[test]
fn a_goal_is_asked_for_in_a_text_beside_the_rest() {
    let ask = |goal: Tree| Ask::read_from(Tree::Fields(vec![("goal".into(), goal)]));
    let of = |text: &'static str| ask(Tree::Text(text.into())).unwrap();
    assert_eq!(of("violation"), Ask::default());
    assert_eq!(of("Election Safety").goal, Goal::Violates(Property::ElectionSafety));
    assert_eq!(of(" two_leaders ").goal.to_string(), "two_leaders");
    assert_eq!(of("leaders  >\n1").goal.to_string(), "leaders > 1");
    let wrong = ask(Tree::Text("leaders > 1 and".into())).unwrap_err();
    assert!(wrong.to_string().starts_with("goal is cut off at character 16; expected a number, "), "{wrong}");
    let wrong = ask(Tree::Whole(1)).unwrap_err();
    assert_eq!(wrong.to_string(), "goal is 1; expected a text such as leaders > 1");
    // Servers that are nowhere, and what is so from the beginning.
    let refused = |text: &'static str| of(text).search().unwrap_err().to_string();
    assert_eq!(refused("S6.leads"), "goal is about S6; expected servers up to S5");
    assert_eq!(refused("leaders = 0"), "goal is reached before the first step; expected what takes steps to come to");
    let search = of("S5.leads").search().unwrap();
    for epoch in 0..20 {
        assert_eq!(search.ground(epoch).servers, 5);
    }
}

/// Words and signs of the language, and some that are none.
const WORDS: &[&str] = &[
    "any",
    "all",
    "count",
    "max",
    "min",
    "(",
    ")",
    ":",
    ".",
    "S",
    "S1",
    "S2",
    "T",
    "S99999",
    "leaders",
    "term",
    "committed",
    "held",
    "up",
    "leads",
    "last_term",
    "followers",
    "and",
    "or",
    "not",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "0",
    "1",
    "17",
    "99999999999999999999",
    " ",
    "\t",
    "!",
    "\u{2227}",
    "\0",
    "x",
];

#[test]
fn whatever_is_written_is_read_or_refused() {
    let world = by_hand(|_| {});
    // A generator of its own: the texts are to be the same each time.
    let mut state = 7_u64;
    let mut below = |count: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % count as u64) as usize
    };
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..100_000 {
        let mut text = String::new();
        if below(4) == 0 {
            // Sums of what makes sense, of which a piece is then taken out.
            for part in 0..1 + below(6) {
                let ands = ["", " and ", " or ", " and not "];
                text += if part == 0 { "" } else { ands[1 + below(3)] };
                text += ["S1.up", "term + 1 > 2", "any(S: S.leads)", "(leaders = 1)", "max(S: S.term) < 9"][below(5)];
            }
            for _ in 0..below(2) {
                text.remove(below(text.len()));
            }
        } else {
            for _ in 0..below(40) {
                text += WORDS[below(WORDS.len())];
                text += if below(2) == 0 { " " } else { "" };
            }
        }
        match Expression::parse(&text) {
            Ok(expression) => {
                taken += 1;
                let again = Expression::parse(expression.text());
                assert_eq!(again.as_ref(), Ok(&expression), "{text:?}");
                Goal::Reach(expression).watch().reached(&world);
            }
            Err(wrong) => {
                refused += 1;
                let ends = ["at character ", "500"];
                let says = wrong.found.contains(ends[0]) || wrong.expected.contains(ends[1]);
                assert!(says && wrong.field == "goal", "{text:?}: {wrong}");
            }
        }
    }
    println!("{taken} are taken, {refused} refused");
    assert!(taken > 5_000 && refused > 50_000, "{taken} are taken, {refused} refused");
}

#[test]
fn every_word_of_the_language_is_documented() {
    let document = include_str!("../../docs/goals.md");
    // What is refused names all that could stand in its place.
    let expected = |text: &str| text.parse::<Goal>().unwrap_err().expected;
    let words = |all: &str| all.split(", ").map(str::to_owned).collect::<Vec<_>>();
    let begins = expected("leaders > x");
    let named = begins.split_once("one of ").unwrap().1.split_once(", not, ").unwrap().0;
    let fields = words(expected("S1.x = 1").strip_prefix("one of ").unwrap());
    assert_eq!((words(named).len(), fields.len()), (15, 16), "{named}, {fields:?}");
    for word in words(named) {
        let ways = [format!("| `{word}` |"), format!("`{word}(S: ...)`")];
        assert!(ways.iter().any(|way| document.contains(way)), "{word}");
    }
    for field in fields {
        assert!(document.contains(&format!("`S1.{field}`")), "{field}");
    }
    for named in Goal::NAMED {
        assert!(document.contains(&format!("| `{}` |", named.name)), "{}", named.name);
    }
}
