//! How much memory a scenario from outside can take before it is refused, whatever it announces: an allocator counts.
//!
//! docs/scenario.md states the bounds.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use raft_core::random::draw_between;
use raft_sim::Scenario;
use raft_sim::plans::Plan;

/// At its most, so many bytes for each byte of JSON, beside [`AT_LEAST`].
const PER_BYTE_OF_JSON: usize = 64;
/// At its most, for a link of any length.
const OF_A_LINK: usize = 16 << 20;
/// At its most, when what an initial state comes to is looked at.
const OF_A_CHECK: usize = 64 << 20;
/// For messages and what is there once.
const AT_LEAST: usize = 16 << 10;

/// The system's allocator; counts what each thread holds.
struct Counting;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(by: usize, less: usize) {
    // While a thread ends, nobody asks any more.
    let counted = LIVE.try_with(|live| {
        live.set(live.get() + by.cast_signed());
        PEAK.with(|peak| peak.set(peak.get().max(live.get())));
        live.set(live.get() - less.cast_signed());
    });
    counted.unwrap_or_default();
}

// SAFETY: every call is handed on unchanged to the system's allocator.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's promises are the system allocator's conditions.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // As if it were moved: for a moment there are both.
        count(size, layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// By how many bytes what a thread holds grows at its most while something is done.
fn peak_of<T>(done: impl FnOnce() -> T) -> (usize, T) {
    let before = LIVE.get();
    PEAK.set(before);
    let result = done();
    (usize::try_from(PEAK.get() - before).unwrap(), result)
}

fn json_takes(json: &str) -> (usize, Result<Scenario, String>) {
    peak_of(|| serde_json::from_str::<Scenario>(json).map_err(|error| error.to_string()))
}

fn link_takes(bytes: &[u8]) -> (usize, Result<Scenario, String>) {
    peak_of(|| Scenario::from_bytes(bytes).map_err(|wrong| wrong.to_string()))
}

/// A list of a value so many times.
fn list(value: &str, times: usize) -> String {
    format!("[{}]", vec![value; times].join(","))
}

#[test]
fn json_takes_at_most_so_much_for_each_byte() {
    let many = 300_000;
    // Lists of what is short and takes much, in the places where a scenario has lists and where it has none.
    let short =
        ["1", "[]", "{}", "[1]", "[[]]", "\"\"", "null", "1e300", "1e-300", "1e20", "{\"\":1}", "18446744073709551615"];
    let around: [fn(String) -> String; 9] = [
        |list| list,
        |list| format!("{{\"inputs\":{list}}}"),
        |list| format!("{{\"title\":{list}}}"),
        |list| format!("{{\"options\":{{\"rules_off\":{list}}}}}"),
        |list| format!("{{\"inputs\":[{{\"at_us\":1,\"input\":{{\"kind\":\"partition\",\"groups\":{list}}}}}]}}"),
        |list| format!("{{\"initial\":{{\"servers\":{list}}}}}"),
        |list| format!("{{\"initial\":{{\"messages\":{list}}}}}"),
        |list| format!("{{\"initial\":{{\"servers\":[{{\"server\":1,\"log\":{list}}}]}}}}"),
        |list| format!("{{\"initial\":{{\"servers\":[{{\"server\":1,\"log\":[{list}]}}]}}}}"),
    ];
    let (mut most, mut refused) = (0, 0);
    for around in around {
        for value in short {
            for times in [7, 1_000, 131_073, many] {
                let json = around(list(value, times));
                let (peak, result) = json_takes(&json);
                let of = &json[..json.len().min(100)];
                refused += usize::from(result.is_err());
                assert!(result.err().unwrap_or_default().len() < 2_000, "{of}");
                assert!(peak <= PER_BYTE_OF_JSON * json.len() + AT_LEAST, "{peak} bytes for {} of {of}", json.len());
                if times == many {
                    most = most.max(peak / json.len());
                }
            }
        }
    }
    println!("at most {most} bytes for each byte of a long one; {refused} refused");
    assert!(refused > 400, "{refused}");
}

#[test]
fn long_texts_and_deep_nesting_take_no_more() {
    let long = "ä\\u0001".repeat(700_000);
    let texts = [
        format!("\"{long}\""),
        format!("{{\"{long}\":1}}"),
        format!("{{\"title\":\"{long}\"}}"),
        format!("{{\"version\":\"{long}\"}}"),
        format!("{{\"inputs\":[{{\"at_us\":1,\"input\":{{\"kind\":\"{long}\"}}}}]}}"),
        format!("{{\"inputs\":[{{\"at_us\":1,\"input\":{{\"kind\":\"heal\",\"{long}\":1}}}}]}}"),
        format!("{{\"options\":{{\"rules_off\":[\"{long}\"]}}}}"),
        "[".repeat(1_000_000),
        "{\"a\":".repeat(1_000_000),
        "[[[[[[[[[[[[[[[[".to_owned() + &"[".repeat(1_000_000),
        " ".repeat(5_000_000),
        "1".repeat(5_000_000),
    ];
    for json in texts {
        let (peak, result) = json_takes(&json);
        let error = result.and_then(|scenario| scenario.check().map_err(|wrong| wrong.to_string())).unwrap_err();
        assert!(error.len() < 2_000, "{} bytes of error: {}", error.len(), &error[..200]);
        assert!(peak <= 4 * json.len() + AT_LEAST, "{peak} bytes for {}: {error}", json.len());
    }
}

/// A number as links write it.
fn number(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

#[test]
fn a_link_takes_at_most_so_much_whatever_it_announces() {
    let long = |length: usize| 200_000_usize.min(length);
    let mut links: Vec<Vec<u8>> = Vec::new();
    // Lengths of up to 2^60 that nothing follows, or a little, of each kind.
    for kind in 0..8 {
        for shift in 0..61 {
            for rest in [vec![], vec![0; 9], vec![6; 250_000]] {
                links.push([vec![1], number((1_u64 << shift) << 3 | kind), rest].concat());
            }
        }
    }
    // Small things in great numbers: nothing, empty texts, lists and objects, lists of lists.
    for value in [6, 0, 2, 3, 4, 5, 12] {
        links.push([vec![1], number((long(255_000) as u64) << 3 | 4), vec![value; long(255_990)]].concat());
    }
    // Lists in each other, and lists of one in a list.
    links.push([vec![1], vec![12; 250_000]].concat());
    links.push([vec![1], number(100_000 << 3 | 4), [12, 6].repeat(100_000)].concat());
    // A shape of a thousand short fields with words for their values, and then as many objects of that shape as can be named.
    for (head, name) in [(1_u64, vec![0_u8, 3]), (0, vec![0])] {
        let mut shape = number(1_000);
        for _ in 0..1_000 {
            shape.extend(number(head));
            shape.extend(&name);
        }
        links.push([vec![1], number(200_000 << 3 | 4), vec![5], shape.clone(), vec![5; 200_000]].concat());
    }
    // A shape as long as the link, and shapes without fields.
    links.push([vec![1, 5], number(120_000), [0, 0].repeat(120_000)].concat());
    links.push(
        [
            vec![1],
            number(60_000 << 3 | 4),
            (0..60_000).flat_map(|at| [number(at << 3 | 5), vec![0]].concat()).collect(),
        ]
        .concat(),
    );
    // Too long a link is not looked at.
    links.push(vec![1; 50_000_000]);
    let mut most = 0;
    for link in links {
        let (peak, result) = link_takes(&link);
        most = most.max(peak);
        let of = &link[..link.len().min(20)];
        let error = result.err().unwrap_or_default();
        assert!(error.len() < 2_000, "{of:?}: {error}");
        assert!(peak <= OF_A_LINK, "{peak} bytes for {} of {of:?}: {error}", link.len());
    }
    println!("at most {most} bytes");
}

#[test]
fn what_is_like_a_scenario_takes_no_more_either() {
    let mut most = (0, 0);
    for seed in 0..3_000 {
        let mut scenario = Plan::Swarm.run(seed % 20, 30_000_000, &[]).scenario;
        scenario.inputs.truncate(100);
        let draw = |of: u64, most: usize| draw_between(0, most as u64, &[seed, of]) as usize;
        let mut json = serde_json::to_vec(&scenario).unwrap();
        let mut link = scenario.to_bytes().unwrap();
        for change in 1..3 {
            let at = draw(change, json.len() - 1);
            json[at] = b"0123456789{}[]\",:e"[draw(change + 10, 17)];
            let at = draw(change + 20, link.len() - 1);
            link[at] = draw(change + 30, 255) as u8;
        }
        let json = String::from_utf8_lossy(&json);
        let (of_json, _) = json_takes(&json);
        assert!(of_json <= PER_BYTE_OF_JSON * json.len() + AT_LEAST, "seed {seed}: {of_json} bytes for {}", json.len());
        let (of_link, _) = link_takes(&link);
        assert!(of_link <= OF_A_LINK, "seed {seed}: {of_link} bytes for {}", link.len());
        most = (most.0.max(of_json / json.len()), most.1.max(of_link));
    }
    println!("at most {} bytes for each byte of JSON, and {} for a link", most.0, most.1);
}

#[test]
fn the_largest_initial_state_takes_at_most_so_much_to_be_looked_at() {
    let server = |log: &str| {
        let servers = (1..=50).map(|id| {
            let role = if id == 1 { "leader" } else { "follower" };
            format!(r#"{{"server":{id},"role":"{role}","log":{log},"commit_index":1000}}"#)
        });
        servers.collect::<Vec<_>>().join(",")
    };
    let message = r#"{"from":1,"to":2,"kind":"append_entries","prev_log_index":0,"entries":64}"#;
    let short = "[[1,1000]]".to_owned();
    let written = format!("[[1,{}]]", vec![format!("\"{}\"", "ä".repeat(40)); 1_000].join(","));
    for log in [short, written] {
        let (servers, messages) = (server(&log), vec![message; 1_000].join(","));
        let json = format!(r#"{{"servers":50,"initial":{{"servers":[{servers}],"messages":[{messages}]}}}}"#);
        let scenario = json_takes(&json).1;
        let Ok(scenario) = scenario else { panic!("{scenario:?}") };
        let (peak, result) = peak_of(|| scenario.check());
        assert_eq!(result, Ok(()));
        println!("{peak} bytes for {} of JSON", json.len());
        assert!(peak <= OF_A_CHECK, "{peak} bytes for {}", json.len());
    }
}
