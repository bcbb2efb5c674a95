//! How fast the simulated world lives: CPU time of one thread, allocations, and whether either grows.
//!
//! `world-bench` prints tables; `world-bench SCENE SERVERS SECONDS` prints the nanoseconds and the events of one run, for
//! `tests/browser/bench-world.mjs`, which lives the same in a browser in turn.
#![allow(clippy::expect_used)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use world_bench::Scene;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

/// The system's allocator, which counts.
struct Counting;

// SAFETY: every call is handed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.store(ALLOCATIONS.load(Relaxed) + 1, Relaxed);
        // SAFETY: the caller's promises are the system allocator's conditions.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.store(ALLOCATIONS.load(Relaxed) + 1, Relaxed);
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Nanoseconds of CPU time that this thread has used.
fn cpu_ns() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a timespec of this function.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(failed, 0, "this system has no CPU clock for a thread");
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

#[derive(Clone, Copy)]
struct Cost {
    ns: u64,
    events: u64,
    allocations: u64,
}

impl Cost {
    fn of(world: &mut raft_sim::World, seconds: u64) -> Self {
        let (ns, events, allocations) = (cpu_ns(), world.events(), ALLOCATIONS.load(Relaxed));
        world.advance(seconds * 1_000_000, u64::MAX);
        assert!(world.violation().is_none(), "nothing goes wrong here");
        let (ns_now, allocations_now) = (cpu_ns(), ALLOCATIONS.load(Relaxed));
        Self { ns: ns_now - ns, events: world.events() - events, allocations: allocations_now - allocations }
    }

    fn ns_an_event(self) -> f64 {
        self.ns as f64 / self.events as f64
    }

    fn million_events_a_second(self) -> f64 {
        1_000.0 / self.ns_an_event()
    }
}

/// The median of some, and the least and the most.
fn spread(mut costs: Vec<Cost>) -> [Cost; 3] {
    costs.sort_by(|one, other| one.ns_an_event().total_cmp(&other.ns_an_event()));
    [costs[costs.len() / 2], costs[0], costs[costs.len() - 1]]
}

const ROUNDS: usize = 9;

/// So long that a round takes about a quarter of a second.
const fn seconds(scene: Scene, servers: u32) -> u64 {
    match scene {
        Scene::Idle => 40_000 / servers as u64,
        Scene::Busy => 60 / servers as u64 + 5,
    }
}

fn by_servers() {
    println!(
        "| scene | servers | ns an event | least .. most | million events/s | simulated hours/s | allocations an event |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for scene in Scene::ALL {
        for servers in [3, 5, 9, 15, 25, 50] {
            let seconds = seconds(scene, servers);
            let mut world = scene.world(servers);
            Cost::of(&mut world, seconds);
            let costs: Vec<Cost> = (0..ROUNDS).map(|_| Cost::of(&mut world, seconds)).collect();
            let [cost, least, most] = spread(costs);
            println!(
                "| {} | {servers} | {:.0} | {:.0} .. {:.0} | {:.2} | {:.2} | {:.3} |",
                scene.name(),
                cost.ns_an_event(),
                least.ns_an_event(),
                most.ns_an_event(),
                cost.million_events_a_second(),
                seconds as f64 / 3_600.0 / (cost.ns as f64 / 1e9),
                cost.allocations as f64 / cost.events as f64,
            );
        }
    }
}

fn as_it_grows() {
    println!("\n| scene | servers | minutes lived | ns an event, the median of {ROUNDS} |");
    println!("| --- | ---: | ---: | ---: |");
    for scene in Scene::ALL {
        let mut world = scene.world(5);
        for minutes in [1, 5, 10, 20] {
            world.advance((minutes * 60_000_000_u64).saturating_sub(world.now().0), u64::MAX);
            let costs = (0..ROUNDS).map(|_| Cost::of(&mut world.clone(), 5)).collect();
            println!("| {} | 5 | {minutes} | {:.0} |", scene.name(), spread(costs)[0].ns_an_event());
        }
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match &words[..] {
        [] => {
            by_servers();
            as_it_grows();
        }
        [scene, servers, seconds] => {
            let scene = Scene::ALL.into_iter().find(|known| known.name() == scene).expect("idle or busy");
            let (servers, seconds) = (servers.parse().expect("servers"), seconds.parse().expect("seconds"));
            let cost = Cost::of(&mut scene.world(servers), seconds);
            println!("{} {}", cost.ns, cost.events);
        }
        _ => eprintln!("world-bench, or world-bench idle|busy SERVERS SECONDS"),
    }
}
