//! The checker beside one that tries everything, known histories, and how much it takes.

use std::collections::BTreeSet;
use std::time::Instant;

use raft_core::random::draw_between;

use super::*;
use OperationKind::{Append, Read, Write};

/// An operation of a history that is known as a whole: what it does, and from when to when; none: never answered.
#[derive(Clone, Debug)]
struct Lived {
    kind: OperationKind,
    text: Option<String>,
    asked: u64,
    answered: Option<u64>,
}

fn lived(kind: OperationKind, text: &str, asked: u64, answered: u64) -> Lived {
    let text = (text != "-").then(|| text.to_owned());
    Lived { kind, text, asked, answered: (answered > 0).then_some(answered) }
}

/// What the checker says of a history, live. Moments are all different; 0 is none.
fn judged(history: &[Lived]) -> (Verdict, KeyHistory) {
    let mut checker = KeyHistory::new();
    let verdict = judged_by(&mut checker, history);
    (verdict, checker)
}

fn judged_by(checker: &mut KeyHistory, history: &[Lived]) -> Verdict {
    let mut moments: Vec<(u64, usize)> = Vec::new();
    for (at, operation) in history.iter().enumerate() {
        moments.push((operation.asked, at));
        moments.extend(operation.answered.map(|answered| (answered, at)));
    }
    moments.sort_unstable();
    let mut numbers = vec![0; history.len()];
    for (moment, at) in moments {
        let operation = &history[at];
        let now = Time(moment);
        if moment == operation.asked {
            let value = operation.text.clone().filter(|_| operation.kind != Read);
            numbers[at] = checker.ask(ClientOperation {
                client: at as u32,
                sequence: 1,
                kind: operation.kind,
                key: "x".into(),
                value,
                asked_us: now,
                answered_us: None,
            });
        } else {
            let shows = operation.text.clone().filter(|_| operation.kind == Read);
            let verdict = checker.answer(numbers[at], now, shows);
            if verdict != Verdict::Ok {
                return verdict;
            }
        }
        // A guess, and mostly a wrong one.
        checker.apply(numbers[moment as usize * 7 % history.len()]);
    }
    Verdict::Ok
}

/// Tries every order of every choice of the operations that may or may not have taken effect.
fn brute_force(history: &[Lived]) -> bool {
    fn goes_on(history: &[Lived], done: u32, value: Option<&str>) -> bool {
        let left = || history.iter().enumerate().filter(|(at, _)| done >> at & 1 == 0);
        if left().all(|(_, operation)| operation.answered.is_none()) {
            return true;
        }
        let first_answer = left().filter_map(|(_, operation)| operation.answered).min().unwrap_or(u64::MAX);
        left().any(|(at, operation)| {
            if operation.asked > first_answer {
                return false;
            }
            let text = operation.text.as_deref();
            let longer = format!("{}{}", value.unwrap_or_default(), text.unwrap_or_default());
            match operation.kind {
                Write => goes_on(history, done | 1 << at, text),
                Append => goes_on(history, done | 1 << at, Some(&longer)),
                Read => text == value && goes_on(history, done | 1 << at, value),
            }
        })
    }
    // What was read without anybody seeing it explains itself.
    let seen: Vec<Lived> =
        history.iter().filter(|operation| operation.kind != Read || operation.answered.is_some()).cloned().collect();
    goes_on(&seen, 0, None)
}

/// A history of so many operations, in which reads show what some order gives, or now and then something else.
fn random_history(seed: u64, operations: u64) -> Vec<Lived> {
    let draw = |low, high, at, what| draw_between(low, high, &[seed, at, what]);
    let moments = operations * 2 + 2;
    let mut free: BTreeSet<u64> = (1..=moments).collect();
    let mut history: Vec<Lived> = Vec::new();
    for at in 0..operations {
        let mut moment = |what| {
            let moments: Vec<u64> = free.iter().copied().collect();
            // Near each other, so that not everything is concurrent.
            let nearest = moments.partition_point(|&moment| moment < at * 2);
            let chosen = moments[(nearest + draw(0, 3, at, what) as usize).min(moments.len() - 1)];
            free.remove(&chosen);
            chosen
        };
        let (one, other) = (moment(1), moment(2));
        let kind = [Write, Append, Append, Read, Read][draw(0, 4, at, 3) as usize];
        let text = Some(if draw(0, 3, at, 4) == 0 { "a".to_owned() } else { format!("{at}") });
        let answered = (draw(0, 4, at, 5) > 0).then_some(one.max(other));
        history.push(Lived { kind, text, asked: one.min(other), answered });
    }
    // Reads show the values of an order by moments drawn within each operation's life.
    let effect = |at: usize| {
        let Lived { asked, answered, .. } = history[at];
        let last = answered.unwrap_or(moments + 3);
        (draw(asked, last, at as u64, 6), at)
    };
    let mut order: Vec<(u64, usize)> = (0..history.len()).map(effect).collect();
    order.sort_unstable();
    let mut value: Option<String> = None;
    for (moment, at) in order {
        match history[at].kind {
            // Some never take effect.
            Write | Append if moment > moments => {}
            Write => value.clone_from(&history[at].text),
            Append => {
                let text = history[at].text.clone().unwrap_or_default();
                value = Some(value.unwrap_or_default() + &text);
            }
            Read => {
                let wrong = draw(0, 3, at as u64, 7);
                if wrong > 0 {
                    history[at].text.clone_from(&value);
                } else {
                    let other = draw(0, operations - 1, at as u64, 8) as usize;
                    history[at].text = history[other].text.clone().filter(|_| wrong == 0);
                }
            }
        }
    }
    history
}

#[test]
fn it_says_of_twenty_thousand_small_histories_what_trying_everything_says() {
    let (mut explained, mut not) = (0, 0);
    for seed in 0..20_000 {
        let history = random_history(seed, 2 + seed % 6);
        let expected = brute_force(&history);
        let (verdict, _) = judged(&history);
        match verdict {
            Verdict::Ok => assert!(expected, "seed {seed}: nothing was found wrong in {history:#?}"),
            Verdict::Violated(read) => assert!(!expected, "seed {seed}: {read:?} was found wrong in {history:#?}"),
            Verdict::LetGo => panic!("seed {seed}: undecided"),
        }
        explained += u32::from(expected);
        not += u32::from(!expected);
    }
    println!("{explained} can be explained, {not} cannot");
    assert!(explained > 5_000 && not > 3_000, "the test says little: {explained}, {not}");
}

#[test]
fn a_violation_is_seen_with_the_very_answer_that_makes_it_one() {
    let mut seen = 0;
    for seed in 0..2_000 {
        let history = random_history(seed, 6);
        if brute_force(&history) {
            continue;
        }
        // The history up to each answer, with everything later unknown.
        let mut answers: Vec<u64> = history.iter().filter_map(|operation| operation.answered).collect();
        answers.sort_unstable();
        let upto = |moment: u64| -> Vec<Lived> {
            let there = history.iter().filter(|operation| operation.asked < moment);
            there
                .map(|operation| {
                    let answered = operation.answered.filter(|&answered| answered <= moment);
                    Lived { answered, ..operation.clone() }
                })
                .collect()
        };
        let first = answers.into_iter().find(|&moment| !brute_force(&upto(moment))).unwrap();
        assert_eq!(judged(&upto(first - 1)).0, Verdict::Ok, "seed {seed}");
        assert!(matches!(judged(&upto(first)).0, Verdict::Violated(_)), "seed {seed}: at {first}");
        seen += 1;
    }
    assert!(seen > 400, "the test says little: {seen}");
}

#[test]
fn histories_from_the_literature_are_judged_as_they_are_there() {
    let (write, append, read) = (
        |text, asked, answered| lived(Write, text, asked, answered),
        |text, asked, answered| lived(Append, text, asked, answered),
        |text, asked, answered| lived(Read, text, asked, answered),
    );
    // Herlihy and Wing, 1990, told of a register instead of a queue: what may and may not be.
    let table: [(&str, Vec<Lived>, bool); 12] = [
        ("a read overlaps a write and may show either side", vec![write("1", 1, 4), read("-", 2, 3)], true),
        ("or the other", vec![write("1", 1, 4), read("1", 2, 3)], true),
        ("new, then old: not one register", vec![write("1", 1, 6), read("1", 2, 3), read("-", 4, 5)], false),
        ("old, then new", vec![write("1", 1, 6), read("-", 2, 3), read("1", 4, 5)], true),
        ("a lost write: what was answered is read no more", vec![write("1", 1, 2), read("-", 3, 4)], false),
        (
            "a stale read after a newer write was answered",
            vec![write("1", 1, 2), write("2", 3, 4), read("1", 5, 6)],
            false,
        ),
        (
            "the same, but the newer write is still open",
            vec![write("1", 1, 2), write("2", 3, 8), read("1", 4, 5), read("2", 6, 7)],
            true,
        ),
        (
            "two readers see two writes in opposite orders (IRIW)",
            vec![
                write("1", 1, 20),
                write("2", 2, 21),
                read("1", 3, 4),
                read("2", 5, 6),
                read("2", 7, 8),
                read("1", 9, 10),
            ],
            false,
        ),
        ("a write that was given up comes late", vec![write("1", 1, 0), read("-", 2, 3), read("1", 4, 5)], true),
        ("but not twice", vec![write("1", 1, 0), read("1", 2, 3), write("2", 4, 5), read("1", 6, 7)], false),
        ("an append done twice", vec![append("1", 1, 2), read("11", 3, 4)], false),
        ("a read of a value from the future", vec![read("1", 1, 2), write("1", 3, 4)], false),
    ];
    for (name, history, expected) in table {
        assert_eq!(brute_force(&history), expected, "{name}: the one that tries everything");
        assert_eq!(judged(&history).0 == Verdict::Ok, expected, "{name}");
    }
}

#[test]
fn a_read_that_took_long_is_judged_by_all_that_it_overlapped_and_no_more() {
    // The long read needs the first value; the short ones inside it say how far things had come by then.
    let around = |text| {
        vec![
            lived(Write, "1", 1, 2),
            lived(Read, text, 3, 12),
            lived(Write, "2", 4, 5),
            lived(Read, "2", 6, 7),
            lived(Append, "3", 8, 9),
            lived(Read, "23", 10, 11),
        ]
    };
    for (text, expected) in [("1", true), ("2", true), ("23", true), ("-", false), ("13", false), ("3", false)] {
        assert_eq!(brute_force(&around(text)), expected, "{text}");
        let (verdict, checker) = judged(&around(text));
        assert_eq!(verdict == Verdict::Ok, expected, "{text}");
        if expected {
            assert_eq!(checker.remembered(), (0, 0, 1), "all is decided");
        }
    }
}

#[test]
fn what_was_let_go_is_not_held_against_what_comes_after() {
    let mut checker = KeyHistory::new();
    assert_eq!(judged_by(&mut checker, &[lived(Write, "1", 1, 2)]), Verdict::Ok);
    checker.let_go();
    // Nobody knows what it holds; once it was read, it is known.
    assert_eq!(judged_by(&mut checker, &[lived(Read, "7", 3, 4), lived(Read, "7", 5, 6)]), Verdict::Ok);
    assert!(matches!(judged_by(&mut checker, &[lived(Read, "8", 7, 8)]), Verdict::Violated(_)));
}

#[test]
fn a_search_that_is_too_large_ends_undecided_and_never_with_a_false_violation() {
    // Forty appends of which nobody ever hears: they may have come in any order or not at all.
    let unknown = |at: u64| lived(Append, &format!("{at};"), at + 1, 0);
    let mut history: Vec<Lived> = (0..40).map(unknown).collect();
    // A write among them, after which the order is open again.
    history.push(lived(Write, "w", 100, 101));
    let backwards: String = (0..40).rev().map(|at| format!("{at};")).collect();
    history.push(lived(Read, &format!("w{backwards}"), 102, 103));
    assert_eq!(judged(&history).0, Verdict::LetGo, "it can be explained, by one order of very many");

    let mut checker = KeyHistory::new();
    let ask = |checker: &mut KeyHistory, number: u64| {
        let (client, kind) = (number as u32, Append);
        let (value, now) = (Some(format!("{number};")), Time(number));
        let key = "x".into();
        checker.ask(ClientOperation { client, sequence: 1, kind, key, value, asked_us: now, answered_us: None })
    };
    let numbers: Vec<u32> = (0..=UNKNOWN_MAX as u64).map(|number| ask(&mut checker, number)).collect();
    let still_said: Vec<bool> = numbers.iter().map(|&number| checker.end(number)).collect();
    assert_eq!(still_said.iter().position(|&said| !said), Some(UNKNOWN_MAX), "one too many");
    assert_eq!(judged_by(&mut checker, &[lived(Read, "nonsense", 900, 901)]), Verdict::Ok);
    assert_eq!(checker.remembered(), (0, 0, 1));
}

/// So many operations by so many clients on so many keys, as a correct store answers them; each takes a while. What the
/// checker says, and how often it let go.
fn load(seed: u64, operations: u64, clients: u64, keys: u64, reads_percent: u64, appends_percent: u64) -> (u64, usize) {
    let draw = |low, high, at, what| draw_between(low, high, &[seed, at, what]);
    // (moment, what: 0 asked, 1 takes effect, 2 answered, operation)
    let mut moments: Vec<(u64, u8, u64)> = Vec::new();
    let mut free_at = vec![0; clients as usize];
    for operation in 0..operations {
        let client = (operation % clients) as usize;
        let asked = free_at[client] + draw(1, 80, operation, 1);
        let effect = asked + draw(1, 40, operation, 2);
        let answered = effect + draw(1, 40, operation, 3);
        free_at[client] = answered;
        moments.extend([(asked, 0, operation), (effect, 1, operation), (answered, 2, operation)]);
    }
    moments.sort_unstable();
    let mut checkers: Vec<KeyHistory> = (0..keys).map(|_| KeyHistory::new()).collect();
    let mut values: Vec<Option<String>> = vec![None; keys as usize];
    let mut shows: Vec<Option<String>> = vec![None; operations as usize];
    let mut numbers = vec![0; operations as usize];
    let (mut let_go, mut most) = (0, 0);
    for (moment, what, operation) in moments {
        let key = draw(0, keys - 1, operation, 4) as usize;
        let percent = draw(0, 99, operation, 5);
        let kind = if percent < reads_percent {
            Read
        } else if percent < reads_percent + appends_percent {
            Append
        } else {
            Write
        };
        let text = format!(";{operation}");
        let at = operation as usize;
        match what {
            0 => {
                let value = (kind != Read).then_some(text);
                let (client, sequence) = ((operation % clients) as u32, operation / clients);
                let (key_name, asked_us) = ("x".to_owned(), Time(moment));
                let seen =
                    ClientOperation { client, sequence, kind, key: key_name, value, asked_us, answered_us: None };
                numbers[at] = checkers[key].ask(seen);
            }
            1 => {
                checkers[key].apply(numbers[at]);
                match kind {
                    Read => shows[at].clone_from(&values[key]),
                    Write => values[key] = Some(text),
                    Append => values[key] = Some(appended(values[key].as_deref(), &text)),
                }
            }
            _ => {
                match checkers[key].answer(numbers[at], Time(moment), shows[at].take()) {
                    Verdict::Ok => {}
                    Verdict::LetGo => let_go += 1,
                    Verdict::Violated(read) => panic!("a correct store is said to have shown {read:?}"),
                }
                let (operations, steps, cases) = checkers[key].remembered();
                most = most.max(operations + steps + cases);
            }
        }
    }
    (let_go, most)
}

#[test]
fn ten_thousand_operations_of_twenty_clients_on_five_keys_take_little() {
    for (name, keys, reads, appends) in [
        ("five keys, half reads", 5, 50, 25),
        ("five keys, few reads", 5, 10, 45),
        ("five keys, writes and reads", 5, 50, 0),
        ("one key, half reads", 1, 50, 25),
    ] {
        let started = Instant::now();
        let (let_go, most) = load(1, 10_000, 20, keys, reads, appends);
        println!("{name}: {:?}, let go {let_go} times, at most {most} things remembered", started.elapsed());
    }
    assert_eq!(load(1, 10_000, 20, 5, 50, 25).0, 0, "all of it is decided");
}
