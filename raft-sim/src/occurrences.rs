//! Every kind of input is applied, and everything that can happen happens, in a small number of runs: counted kind by kind, and
//! written into docs/faults.md.
//!
//! `RAFT_BLESS=1 cargo test -p raft-sim --lib occurrences` writes the table anew. Its numbers are of the day on which it was
//! written; only the kinds are compared.

use std::fmt::Write;
use std::path::Path;

use raft_core::random::draw_between;
use raft_core::{Body, Configuration, Index, Message, Round, ServerId, Term, Time};

use crate::faults::{Intensities, random_inputs};
use crate::happening::{Happening, Loss, NoRead, Retry};
use crate::input::{Input, TimedInput};
use crate::plans::Plan;
use crate::scenario::{Scenario, WorldOptions};
use crate::stage::Stops;
use crate::world::World;

/// A name for each kind, and the list of all names. Nothing stands for what is not named, so a new kind does not compile.
macro_rules! kinds {
    ($list:ident, $kind:ident: $of:ty { $($pattern:pat => $name:literal,)* }) => {
        const $list: &[&str] = &[$($name),*];

        fn $kind(which: &$of) -> &'static str {
            match which { $($pattern => $name,)* }
        }
    };
}

kinds!(INPUTS, input_kind: Input {
    Input::Crash { written: 0, .. } => "`crash`",
    Input::Crash { written: 1.., .. } => "`crash` in the middle of a save",
    Input::Restart { .. } => "`restart`",
    Input::Pause { .. } => "`pause`",
    Input::Resume { .. } => "`resume`",
    Input::Slow { .. } => "`slow`",
    Input::SetDisk { lies: false, .. } => "`set_disk`",
    Input::SetDisk { lies: true, .. } => "`set_disk` with `lies`",
    Input::EditDisk { .. } => "`edit_disk`",
    Input::SetClock { ahead_us: 0, .. } => "`set_clock`, its rate",
    Input::SetClock { ahead_us: 1.., .. } => "`set_clock`, ahead",
    Input::TimeOut { .. } => "`time_out`",
    Input::Heartbeat { .. } => "`heartbeat`",
    Input::Transfer { .. } => "`transfer`",
    Input::Compact { .. } => "`compact`",
    Input::NewServer {} => "`new_server`",
    Input::SetMembers { .. } => "`set_members`",
    Input::LeaveJoint { .. } => "`leave_joint`",
    Input::Propose { .. } => "`propose`",
    Input::Read { .. } => "`read`",
    Input::Cut { .. } => "`cut`",
    Input::Uncut { .. } => "`uncut`",
    Input::Partition { .. } => "`partition`",
    Input::Heal {} => "`heal`",
    Input::SetLink { .. } => "`set_link`",
    Input::Flap { .. } => "`flap`",
    Input::Hold { .. } => "`hold`",
    Input::HoldLatest { .. } => "`hold_latest`",
    Input::Release { .. } => "`release`",
    Input::ReleaseAll {} => "`release_all`",
    Input::Drop { .. } => "`drop`",
    Input::Duplicate { .. } => "`duplicate`",
    Input::Deliver { .. } => "`deliver`",
    Input::SetDelay { .. } => "`set_delay`",
    Input::Move { .. } => "`move`",
    Input::Wall { .. } => "`wall`",
    Input::SetWall { .. } => "`set_wall`",
    Input::RemoveWall { .. } => "`remove_wall`",
});

kinds!(HAPPENINGS, happening_kind: Happening {
    Happening::Decision { .. } => "decision",
    Happening::Sent { .. } => "sent",
    Happening::Duplicated { .. } => "duplicated",
    Happening::Delivered { .. } => "delivered",
    Happening::Lost { why: Loss::Chance, .. } => "lost by chance",
    Happening::Lost { why: Loss::ReceiverDown, .. } => "lost, the receiver is down",
    Happening::Lost { why: Loss::TooManyInFlight, .. } => "lost, too many in flight",
    Happening::Lost { why: Loss::ByHand, .. } => "lost by hand",
    Happening::Lost { why: Loss::BacklogFull, .. } => "lost, too much waits at the receiver",
    Happening::Waits { .. } => "waits",
    Happening::Held { .. } => "held",
    Happening::Released { .. } => "released",
    Happening::LinkTurned { cut: true, .. } => "link turned: cut",
    Happening::LinkTurned { cut: false, .. } => "link turned: whole",
    Happening::Blocked { wall: None, .. } => "blocked by a cut",
    Happening::Blocked { wall: Some(_), .. } => "blocked by a wall",
    Happening::Refused { .. } => "refused",
    Happening::Crashed { written: 0, .. } => "crashed",
    Happening::Crashed { written: 1.., .. } => "crashed with a part of a save written",
    Happening::Restarted { .. } => "restarted",
    Happening::ReadAnswered { .. } => "read answered",
    Happening::ReadFailed { why: NoRead::LeadershipLost, .. } => "read failed: leadership lost",
    Happening::ReadFailed { why: NoRead::TimedOut, .. } => "read failed: timed out",
    Happening::ReadFailed { why: NoRead::NotLeader, .. } => "read failed: not the leader",
    Happening::ReadFailed { why: NoRead::Crashed, .. } => "read failed: crashed",
    Happening::ServerAppeared { .. } => "server appeared",
    Happening::ChangeAbandoned { .. } => "change of members abandoned",
    Happening::LeadershipLost { .. } => "leadership lost",
    Happening::SnapshotUnreadable { .. } => "snapshot unreadable",
    Happening::InputApplied { .. } => "input applied",
    Happening::InputRefused { .. } => "input refused",
    Happening::ClientRequested { .. } => "client requested",
    Happening::ClientAnswered { .. } => "client answered",
    Happening::ClientGaveUp { .. } => "client gave up",
    Happening::ClientRetries { why: Retry::NoAnswer, .. } => "client retries: no answer",
    Happening::ClientRetries { why: Retry::NotLeader, .. } => "client retries: not the leader",
    Happening::ClientRetries { why: Retry::Replaced, .. } => "client retries: replaced",
    Happening::ClientRetries { why: Retry::Unknown, .. } => "client retries: unknown",
    Happening::ClientRetries { why: Retry::NotRead, .. } => "client retries: not read",
    Happening::Violated { .. } => "violated",
});

/// In which runs, with what the table calls them.
const COLUMNS: [&str; 4] = ["swarm", "hunt", "by number", "beyond"];
const SWARMS: u64 = 30;
const HUNTS: u64 = 120;
const BY_NUMBER: u64 = 10;

/// How often each kind of something was seen, column by column.
struct Counts {
    kinds: &'static [&'static str],
    seen: Vec<[u64; COLUMNS.len()]>,
}

impl Counts {
    fn of(kinds: &'static [&'static str]) -> Self {
        Self { kinds, seen: vec![[0; COLUMNS.len()]; kinds.len()] }
    }

    fn count(&mut self, kind: &str, column: usize) {
        let at = self.kinds.iter().position(|known| *known == kind).unwrap();
        self.seen[at][column] += 1;
    }

    fn never(&self, column: usize) -> Vec<&'static str> {
        let rows = self.kinds.iter().zip(&self.seen);
        rows.filter(|(_, seen)| seen[column] == 0).map(|(kind, _)| *kind).collect()
    }

    fn nowhere(&self) -> Vec<&'static str> {
        let rows = self.kinds.iter().zip(&self.seen);
        rows.filter(|(_, seen)| seen.iter().all(|&count| count == 0)).map(|(kind, _)| *kind).collect()
    }

    fn table(&self, of: &str) -> String {
        let mut table = format!("| {of} | {} |\n| --- |{}\n", COLUMNS.join(" | "), " ---: |".repeat(COLUMNS.len()));
        for (kind, seen) in self.kinds.iter().zip(&self.seen) {
            let cells: Vec<String> =
                seen.iter().map(|&count| if count == 0 { "-".to_owned() } else { count.to_string() }).collect();
            writeln!(table, "| {kind} | {} |", cells.join(" | ")).unwrap();
        }
        table
    }
}

struct Seen {
    inputs: Counts,
    happenings: Counts,
}

impl Seen {
    /// Lives a world up to a moment, with something done every so often, and counts what is recorded.
    fn live(&mut self, column: usize, world: &mut World, until_us: u64, every_us: u64, act: impl Fn(&mut World)) {
        self.look(column, world, 0);
        while world.now() < Time(until_us) && world.violation().is_none() {
            let seen = world.event_count();
            world.advance(every_us.min(until_us - world.now().0), 50);
            act(world);
            self.look(column, world, seen);
        }
    }

    fn look(&mut self, column: usize, world: &World, seen: u64) {
        let mut expected = seen;
        for record in world.events_since(seen) {
            expected += 1;
            assert_eq!(record.number, expected, "none is forgotten");
            self.happenings.count(happening_kind(&record.happening), column);
            if let Happening::InputApplied { input } = &record.happening {
                self.inputs.count(input_kind(input), column);
            }
        }
    }

    fn plan(&mut self, column: usize, plan: Plan, seed: u64, until_us: u64, act: impl Fn(&mut World)) {
        let planned = plan.run(seed, until_us, &[]);
        let mut world = World::new(planned.scenario).unwrap();
        self.live(column, &mut world, until_us, 10_000, act);
        assert_eq!(world.violation(), None, "{plan}, seed {seed}");
    }
}

/// Does something to a message that is on its way, drawn by its number. What would change nothing is refused.
fn touch_a_message(world: &mut World) {
    let draw = |most: usize, what: u64| draw_between(0, most as u64 - 1, &[world.seed, world.now.0, what]) as usize;
    let numbers: Vec<u64> = world.messages().map(|message| message.id()).collect();
    if numbers.is_empty() {
        return;
    }
    let message = numbers[draw(numbers.len(), 1)];
    let input = match draw(6, 2) {
        0 => Input::Hold { message },
        1 => Input::Release { message },
        2 => Input::Drop { message },
        3 => Input::Duplicate { message },
        4 => Input::SetDelay { message, us: 1 + draw(40_000, 3) as u64 },
        _ => Input::Deliver { message },
    };
    let server = ServerId(1 + draw(world.servers().len(), 4) as u32);
    let _ = world.apply(input);
    let _ = world.apply(Input::Heartbeat { server });
}

/// What Raft does not tolerate, and what no run of a plan comes to.
fn beyond(seen: &mut Seen) {
    const COLUMN: usize = 3;
    let storms = Intensities {
        lie_every_us: 100_000,
        crash_every_us: 200_000,
        lasts_us_max: 4_000_000,
        ..Intensities::default()
    };
    let clients = WorldOptions { clients: 5, client_pause_us: 20_000, ..WorldOptions::default() };
    let mut violated = 0;
    for seed in 0..10 {
        let inputs = random_inputs(seed, 3, 20_000_000, &storms);
        let scenario = Scenario { seed, servers: 3, options: clients.clone(), inputs, ..Scenario::default() };
        let mut world = World::new(scenario).unwrap();
        seen.live(COLUMN, &mut world, 20_000_000, 1_000_000, |_| {});
        violated += u32::from(world.violation().is_some());
    }
    assert!(violated > 0, "a disk that lies breaks something");

    // Fifty servers ask all others for votes, three times over, and nothing arrives within a minute.
    let options = WorldOptions { delay_us_min: 60_000_000, delay_us_max: 60_000_000, ..WorldOptions::default() };
    let mut world = World::new(Scenario { servers: 50, options, ..Scenario::default() }).unwrap();
    for server in (0..3).flat_map(|_| 1..=50).map(ServerId) {
        world.apply(Input::TimeOut { server }).unwrap();
    }
    seen.live(COLUMN, &mut world, 20_000, 20_000, |_| {});

    // A thousand heartbeats a second, for six seconds, to servers that are all paused but one.
    let options = WorldOptions { heartbeat_us: 1_000, ..WorldOptions::default() };
    let mut world = World::new(Scenario { servers: 3, options, ..Scenario::default() }).unwrap();
    world.apply(Input::TimeOut { server: ServerId(1) }).unwrap();
    world.advance(100_000, u64::MAX);
    world.apply(Input::Pause { server: ServerId(2) }).unwrap();
    seen.live(COLUMN, &mut world, 6_000_000, 1_000_000, |_| {});

    // Messages that no server of this world sends: one that is absurd, and a snapshot that is none. And a disk that somebody
    // has written on.
    let server = ServerId(3);
    let edit = Input::EditDisk { server, term: Some(1), voted_for: None, keep: None, log: Vec::new() };
    let wall = Input::Wall { wall: 1, ax: 0, ay: 5_000, bx: 10_000, by: 5_000 };
    let sieve = Input::SetWall { wall: 1, stops: Stops::Leftward, loss_ppm: 500_000 };
    let by_hand = [Input::Crash { server, written: 0 }, edit, Input::Restart { server }, wall, sieve];
    let timed = |input| TimedInput { at_us: 500, after_events: 0, input };
    let inputs = by_hand.map(timed).into();
    let mut world = World::new(Scenario { servers: 3, inputs, ..Scenario::default() }).unwrap();
    for last_included_index in [Index::ZERO, Index(7)] {
        let message = Message {
            from: ServerId(2),
            to: ServerId(1),
            term: Term(9),
            body: Body::InstallSnapshot {
                last_included_index,
                last_included_term: Term(8),
                configuration: Configuration::of_voters((1..=3).map(ServerId)).unwrap().into(),
                offset: 0,
                data: b"neither keys nor values".as_slice().into(),
                done: true,
                round: Round(1),
            },
        };
        world.network.put(message, Time(1_000 + last_included_index.0), &mut world.queue, &mut world.journal);
    }
    seen.live(COLUMN, &mut world, 50_000, 50_000, |_| {});
}

/// Whoever waits at a leader is told as soon as it ceases to lead, before it can apply another leader's entry: a guard that nothing
/// has come to.
const NEVER: &str = "client retries: replaced";

const HEADING: &str = "## How often\n";

fn documented(seen: &Seen) -> String {
    format!(
        "{HEADING}\n\
         Counted in {SWARMS} runs of `swarm` of 40 s and {HUNTS} of `hunt` of 10 s; in {BY_NUMBER} of `hunt` in which, a hundred times a \
         second, something\nis done to a message by its number, which no plan drawn ahead can know; and in a few runs of what is \
         beyond Raft or beyond any\nplan: disks that lie or are written by hand, walls that let\nsomething through, overload, and messages that no server sends. Everything occurs somewhere, \
         as a test in\n`raft-sim/src/occurrences.rs` sees to, which also writes this; but for `{NEVER}`: whoever waits at a leader is told\nwhen it \
         ceases to lead, before it can apply another leader's entry.\n\n{}\n{}",
        seen.inputs.table("input, applied"),
        seen.happenings.table("what happened"),
    )
}

#[test]
fn every_kind_of_input_is_applied_and_everything_that_can_happen_happens() {
    let mut seen = Seen { inputs: Counts::of(INPUTS), happenings: Counts::of(HAPPENINGS) };
    for seed in 0..SWARMS {
        seen.plan(0, Plan::Swarm, seed, 40_000_000, |_| {});
    }
    for seed in 0..HUNTS {
        seen.plan(1, Plan::Hunt, seed, 10_000_000, |_| {});
    }
    for seed in 0..BY_NUMBER {
        seen.plan(2, Plan::Hunt, HUNTS + seed, 10_000_000, touch_a_message);
    }
    beyond(&mut seen);
    assert_eq!(seen.inputs.nowhere(), [""; 0], "never applied");
    assert_eq!(seen.happenings.nowhere(), [NEVER], "never happened");

    // What the plans leave out, and nothing else: messages by their numbers, which cannot be known ahead, and disks that lie or
    // are written by hand; heartbeats before their time; and walls that let something through.
    let by_number = ["`hold`", "`release`", "`drop`", "`duplicate`", "`deliver`", "`set_delay`"];
    let left_out: Vec<&str> = seen.inputs.never(1);
    assert_eq!(
        left_out,
        [&["`set_disk` with `lies`", "`edit_disk`", "`heartbeat`"][..], &by_number, &["`set_wall`"]].concat()
    );
    let stage = ["`new_server`", "`propose`", "`move`", "`wall`", "`remove_wall`"];
    let of_swarm: Vec<&str> = seen.inputs.never(0).into_iter().filter(|kind| !left_out.contains(kind)).collect();
    assert_eq!(of_swarm, stage, "a hunt does what a swarm does not");

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/faults.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, there) = page.split_at(page.find(HEADING).unwrap_or(page.len()));
    let now = documented(&seen);
    if std::env::var_os("RAFT_BLESS").is_some() {
        std::fs::write(&path, format!("{}\n\n{now}", before.trim_end())).unwrap();
        return;
    }
    let kinds = |text: &str| -> Vec<String> {
        let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
        rows.map(str::to_owned).collect()
    };
    assert_eq!(kinds(there), kinds(&now), "docs/faults.md is not of these kinds; RAFT_BLESS=1 writes it anew");
}
