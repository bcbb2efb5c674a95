//! The one list of what can be done to a world: the page, scenario files, links and tests all speak it.

use raft_core::{Index, Log, ServerId, Term};
use serde::{Deserialize, Serialize};

use crate::begin::put_behind;
use crate::initial::InitialRun;
use crate::input_error::InvalidInput;
use crate::plain::{EXACT, Object, Read, Tree, Wrong, not, read, within};
use crate::scenario::{HOUR_US, MILLION, MINUTE_US, Scenario};
#[cfg(feature = "schema")]
use crate::schema::Server;
use crate::stage::{Stage, Stops};

/// An input and when it happens.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "Tree")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(!try_from, deny_unknown_fields))]
pub struct TimedInput {
    /// The moment, in microseconds from the start.
    pub at_us: u64,
    /// After how many events of that very microsecond. 0, the default, is before the first of them; a number larger
    /// than there are events is after the last.
    #[serde(skip_serializing_if = "is_zero")]
    pub after_events: u32,
    /// What is done.
    pub input: Input,
}

impl Read for TimedInput {
    const LISTED_MAX: usize = Scenario::INPUTS_MAX;

    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut object = Object::of(found);
        let read = Self {
            at_us: object.need("at_us"),
            after_events: object.take("after_events").unwrap_or(0),
            input: object.need("input"),
        };
        object.finish()?;
        Ok(read)
    }
}

impl TryFrom<Tree> for TimedInput {
    type Error = Box<Wrong>;

    fn try_from(tree: Tree) -> Result<Self, Box<Wrong>> {
        read("timed input", tree)
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // As serde asks.
const fn is_million(number: &u32) -> bool {
    *number == MILLION
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference.
pub(crate) fn is_zero<T: Copy + Into<u64>>(number: &T) -> bool {
    (*number).into() == 0
}

/// Something done to a world from outside. Servers are named by their number from 1.
///
/// An input that would change nothing is refused ([`InputError`](crate::InputError)), and the world is then as it was.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "Tree")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(!try_from, deny_unknown_fields))]
pub enum Input {
    /// Stops a running server. What it had not yet saved is gone, and so is what waited for a save.
    Crash {
        /// Which.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        server: ServerId,
        /// How many of the pieces that its disk is writing get onto it before the power fails. Of each save under way, in
        /// their order, the term with the vote is the first piece, then a snapshot, then each entry; what entries
        /// replace is cut off with the first of them.
        #[serde(skip_serializing_if = "is_zero")]
        written: u32,
    },
    /// Starts a crashed server again from what its disk holds.
    Restart {
        /// Which.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        server: ServerId,
    },
    /// Freezes a running server, as SIGSTOP does. What comes meanwhile waits: messages, what its timers and its disk have
    /// to say, and requests. The disk works on.
    Pause {
        /// Which.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        server: ServerId,
    },
    /// Lets a paused server go on. It handles what waits in the order in which it came.
    Resume {
        /// Which.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        server: ServerId,
    },
    /// Lets a server take its time for each thing that it handles; what comes meanwhile waits. It stays so through a
    /// crash.
    Slow {
        /// Which.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        server: ServerId,
        /// How long it takes, 0 to a minute in microseconds; 0 is normal.
        step_us: u64,
    },
    /// Sets what a server's disk is like for the saves begun from now on.
    SetDisk {
        /// Which server's.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        server: ServerId,
        /// The shortest time that a save takes, 0 to a minute in microseconds.
        us_min: u64,
        /// The longest, at least the shortest.
        us_max: u64,
        /// Whether it says that a save is done although it is only in a cache. A crash takes everything back to when it
        /// began to. Raft does not tolerate that.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        lies: bool,
    },
    /// Writes by hand what a crashed server's disk holds. Raft takes a disk to be as it was left, so this can break
    /// anything.
    EditDisk {
        /// Which server's.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        server: ServerId,
        /// The term. Left out, it stays.
        #[serde(skip_serializing_if = "Option::is_none")]
        term: Option<u64>,
        /// Whom it has voted for in that term, 0 for nobody. Left out, it stays; in another term nobody.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "Option<Server>"))]
        voted_for: Option<ServerId>,
        /// Up to which index the log stays. Left out, all of it.
        #[serde(skip_serializing_if = "Option::is_none")]
        keep: Option<u64>,
        /// What is put behind that: at most 1,000 entries.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        log: Vec<InitialRun>,
    },
    /// Sets a server's own clock.
    SetClock {
        /// Which server's.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        server: ServerId,
        /// How many microseconds it goes on in a second, 500,000 to 2,000,000.
        rate_ppm: u32,
        /// How far it is put ahead now, 0 to an hour in microseconds. Clocks never go back.
        #[serde(skip_serializing_if = "is_zero")]
        ahead_us: u64,
    },
    /// Lets a server's election timer run out now, as a fast clock would (P§5.2).
    TimeOut {
        /// Which: running, and not the leader.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        server: ServerId,
    },
    /// Lets a leader send its heartbeats now (P§5.2).
    Heartbeat {
        /// Which: running, and a leader.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        server: ServerId,
    },
    /// Lets a leader hand its leadership over (D§3.10).
    Transfer {
        /// The leader.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        server: ServerId,
        /// To whom.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        to: ServerId,
    },
    /// Lets a server take a snapshot of its state machine, which stands for its log from then on (P§7).
    Compact {
        /// Which.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        server: ServerId,
    },
    /// Lets one more server appear, with the next number, an empty disk and nobody it knows. It belongs to the cluster once
    /// a leader is asked to change the members. At most 50 servers are there.
    NewServer {},
    /// Asks a leader to change the members of the cluster (P§6, D§4).
    SetMembers {
        /// Who shall vote.
        #[cfg_attr(feature = "schema", schemars(with = "Vec<Server>"))]
        voters: Vec<ServerId>,
        /// Who shall only be sent the log.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(feature = "schema", schemars(with = "Vec<Server>"))]
        learners: Vec<ServerId>,
        /// Whom to ask; without one, the running leader of the highest term.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "Option<Server>"))]
        server: Option<ServerId>,
        /// Whether new voters are brought up to date before they count (D§4.2.1).
        #[serde(skip_serializing_if = "Clone::clone")]
        catch_up: bool,
        /// Whether joint consensus, if it is needed, lasts until `LeaveJoint`.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        stays_joint: bool,
    },
    /// Asks a leader to leave joint consensus (P§6).
    LeaveJoint {
        /// Whom to ask; without one, the running leader of the highest term.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "Option<Server>"))]
        server: Option<ServerId>,
    },
    /// Asks for something to be written.
    Propose {
        /// What: `key=value`, or a text without `=`, which is written to the key `x`. 1 to 64 characters, none of them
        /// a control character.
        value: String,
        /// The server it is handed to at once; refused when that does not lead. Without one it joins the queue of the
        /// person's own client, which finds the leader.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "Option<Server>"))]
        server: Option<ServerId>,
    },
    /// Asks for the value of a key, without an entry in the log (D§6.4).
    Read {
        /// Which key: 1 to 64 characters, none of them `=` or a control character. Left out, it is `x`.
        key: String,
        /// The server that is asked at once, the leader or not. Without one it joins the queue of the person's own client,
        /// which finds the leader.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "schema", schemars(with = "Option<Server>"))]
        server: Option<ServerId>,
    },
    /// Cuts one direction of a link by hand.
    Cut {
        /// Whose messages no longer get through.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        from: ServerId,
        /// To whom.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        to: ServerId,
    },
    /// Mends one direction of a link that was cut by hand.
    Uncut {
        /// Whose messages get through again.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        from: ServerId,
        /// To whom.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        to: ServerId,
    },
    /// Cuts by hand all links between different groups, and mends those within a group.
    Partition {
        /// The groups. The servers that stand in none form one more together.
        #[cfg_attr(feature = "schema", schemars(with = "Vec<Vec<Server>>"))]
        groups: Vec<Vec<ServerId>>,
    },
    /// Mends all links that were cut by hand and removes all walls.
    Heal {},
    /// Cuts one direction of a link and mends it, by turns, until it is cut or mended otherwise.
    Flap {
        /// Whose messages.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        from: ServerId,
        /// To whom.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        to: ServerId,
        /// For how long it is whole each time, a millisecond to an hour in microseconds.
        up_us: u64,
        /// For how long it is cut each time, alike. It is cut first.
        down_us: u64,
    },
    /// Holds a message where it is, until it is released.
    Hold {
        /// Its number.
        message: u64,
    },
    /// Holds the message that left last of those on their way in one direction of a link and not held.
    HoldLatest {
        /// Whose message.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        from: ServerId,
        /// To whom.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        to: ServerId,
    },
    /// Lets a message that is held go the rest of its way.
    Release {
        /// Its number.
        message: u64,
    },
    /// Lets all messages that are held go the rest of their way.
    ReleaseAll {},
    /// Takes a message off its way.
    Drop {
        /// Its number.
        message: u64,
    },
    /// Puts a copy of a message beside it, held if it is held.
    Duplicate {
        /// Its number.
        message: u64,
    },
    /// Lets a message arrive now, whatever stands in its way.
    Deliver {
        /// Its number.
        message: u64,
    },
    /// Sets how long a message takes for the rest of its way.
    SetDelay {
        /// Its number.
        message: u64,
        /// How long, 1 to a minute in microseconds.
        us: u64,
    },
    /// Sets what one direction of a link does to the messages sent from now on.
    SetLink {
        /// Whose messages.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        from: ServerId,
        /// To whom.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        to: ServerId,
        /// The shortest time they take, 1 to a minute in microseconds.
        delay_us_min: u64,
        /// The longest time they take, at least the shortest.
        delay_us_max: u64,
        /// How many of a million are lost.
        loss_ppm: u32,
        /// How many of a million arrive twice.
        duplicate_ppm: u32,
        /// What is added to that time: exponentially distributed with this mean, 0 to a minute; 0 is nothing. No message
        /// takes longer than a minute.
        #[serde(skip_serializing_if = "is_zero")]
        delay_tail_us: u64,
        /// Whether none overtakes another, as on one connection of TCP. What is held by hand is overtaken all the same.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        in_order: bool,
    },
    /// Puts a server elsewhere on the stage.
    Move {
        /// Which.
        #[cfg_attr(feature = "schema", schemars(with = "Server"))]
        server: ServerId,
        /// From the left, 0 to 10,000.
        x: u32,
        /// From the top, 0 to 10,000.
        y: u32,
    },
    /// Draws a wall from a to b, or puts an existing one there. At most 64 walls stand at a time.
    Wall {
        /// Its number, freely chosen.
        wall: u32,
        /// One end, from the left, 0 to 10,000.
        ax: u32,
        /// From the top.
        ay: u32,
        /// The other end, from the left.
        bx: u32,
        /// From the top.
        by: u32,
    },
    /// Sets what a wall stops. One that is drawn stops everything; where it is put afterwards changes nothing of this.
    SetWall {
        /// Its number.
        wall: u32,
        /// In which direction. Left out, in both.
        #[serde(skip_serializing_if = "Stops::are_both")]
        stops: Stops,
        /// How many of a million messages in that direction. Left out, all.
        #[serde(skip_serializing_if = "is_million")]
        loss_ppm: u32,
    },
    /// Removes a wall.
    RemoveWall {
        /// Its number.
        wall: u32,
    },
}

/// The shortest time between two turns of a link that flaps.
pub(crate) const FLAP_US_MIN: u64 = 1_000;

/// The most characters of a value.
pub const VALUE_CHARS_MAX: usize = 64;

impl TryFrom<Tree> for Input {
    type Error = Box<Wrong>;

    fn try_from(tree: Tree) -> Result<Self, Box<Wrong>> {
        Self::read_from(tree)
    }
}

impl Input {
    /// An input from plain data, such as `{ kind: "crash", server: 1 }`.
    ///
    /// # Errors
    /// Names the first field that is no field of an input, or holds what it cannot.
    pub fn read_from(value: Tree) -> Result<Self, Box<Wrong>> {
        read("input", value)
    }

    /// Its kind, as plain data names it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Crash { .. } => "crash",
            Self::Restart { .. } => "restart",
            Self::Pause { .. } => "pause",
            Self::Resume { .. } => "resume",
            Self::Slow { .. } => "slow",
            Self::SetDisk { .. } => "set_disk",
            Self::EditDisk { .. } => "edit_disk",
            Self::SetClock { .. } => "set_clock",
            Self::TimeOut { .. } => "time_out",
            Self::Heartbeat { .. } => "heartbeat",
            Self::Transfer { .. } => "transfer",
            Self::Compact { .. } => "compact",
            Self::NewServer {} => "new_server",
            Self::SetMembers { .. } => "set_members",
            Self::LeaveJoint { .. } => "leave_joint",
            Self::Propose { .. } => "propose",
            Self::Read { .. } => "read",
            Self::Cut { .. } => "cut",
            Self::Uncut { .. } => "uncut",
            Self::Partition { .. } => "partition",
            Self::Heal {} => "heal",
            Self::SetLink { .. } => "set_link",
            Self::Flap { .. } => "flap",
            Self::Hold { .. } => "hold",
            Self::HoldLatest { .. } => "hold_latest",
            Self::Release { .. } => "release",
            Self::ReleaseAll {} => "release_all",
            Self::Drop { .. } => "drop",
            Self::Duplicate { .. } => "duplicate",
            Self::Deliver { .. } => "deliver",
            Self::SetDelay { .. } => "set_delay",
            Self::Move { .. } => "move",
            Self::Wall { .. } => "wall",
            Self::SetWall { .. } => "set_wall",
            Self::RemoveWall { .. } => "remove_wall",
        }
    }

    /// Whether a world with this many servers by then could accept the input at some moment.
    ///
    /// # Errors
    /// Names the first field that is out of its range.
    pub fn check(&self, servers: u32) -> Result<(), InvalidInput> {
        let known = |field: &str, server: ServerId| within(field, server.0.into(), 1, servers.into());
        let link = |from: ServerId, to: ServerId| {
            known("from", from)?;
            known("to", to)?;
            if from == to { Err(not("to", to.0, "another server than from")) } else { Ok(()) }
        };
        let coordinate = |field: &str, value: u32| within(field, value.into(), 0, Stage::SIZE.into());
        match self {
            &Self::Crash { server, written: _ }
            | &Self::Restart { server }
            | &Self::Pause { server }
            | &Self::Resume { server }
            | &Self::TimeOut { server }
            | &Self::Heartbeat { server }
            | &Self::Compact { server } => known("server", server),
            &Self::Slow { server, step_us } => {
                known("server", server)?;
                within("step_us", step_us, 0, MINUTE_US)
            }
            &Self::SetDisk { server, us_min, us_max, lies: _ } => {
                known("server", server)?;
                within("us_min", us_min, 0, MINUTE_US)?;
                within("us_max", us_max, us_min, MINUTE_US)
            }
            &Self::EditDisk { server, term, voted_for, keep, ref log } => {
                known("server", server)?;
                within("term", term.unwrap_or_default(), 0, Term::LIMIT.0)?;
                voted_for.filter(|server| server.0 > 0).map_or(Ok(()), |server| known("voted_for", server))?;
                within("keep", keep.unwrap_or_default(), 0, Index::LIMIT.0)?;
                put_behind("log", log, &mut Log::default(), servers)
            }
            &Self::SetClock { server, rate_ppm, ahead_us } => {
                known("server", server)?;
                within("rate_ppm", rate_ppm.into(), (MILLION / 2).into(), (2 * MILLION).into())?;
                within("ahead_us", ahead_us, 0, HOUR_US)
            }
            // Whether it may go there is for the leader to say.
            &Self::Transfer { server, to } => known("server", server).and_then(|()| known("to", to)),
            Self::Propose { value, server } => {
                check_text("value", value)?;
                server.map_or(Ok(()), |server| known("server", server))
            }
            Self::Read { key, server } => {
                check_text("key", key)?;
                if key.contains('=') {
                    return Err(not("key", "a text with =", "no =, which ends a key"));
                }
                server.map_or(Ok(()), |server| known("server", server))
            }
            &Self::Cut { from, to } | &Self::Uncut { from, to } | &Self::HoldLatest { from, to } => link(from, to),
            &Self::Flap { from, to, up_us, down_us } => {
                link(from, to)?;
                within("up_us", up_us, FLAP_US_MIN, HOUR_US)?;
                within("down_us", down_us, FLAP_US_MIN, HOUR_US)
            }
            &Self::Hold { message }
            | &Self::Release { message }
            | &Self::Drop { message }
            | &Self::Duplicate { message }
            | &Self::Deliver { message } => within("message", message, 1, EXACT),
            &Self::SetDelay { message, us } => {
                within("message", message, 1, EXACT)?;
                within("us", us, 1, MINUTE_US)
            }
            Self::SetMembers { voters, learners, server, .. } => {
                check_each_once("voters", voters, &mut vec![false; servers as usize])?;
                check_each_once("learners", learners, &mut vec![false; servers as usize])?;
                if voters.is_empty() {
                    return Err(not("voters", "empty", "at least one server"));
                }
                server.map_or(Ok(()), |server| known("server", server))
            }
            &Self::LeaveJoint { server } => server.map_or(Ok(()), |server| known("server", server)),
            Self::Partition { groups } => check_groups(groups, servers),
            Self::Heal {} | Self::NewServer {} | Self::ReleaseAll {} | Self::RemoveWall { .. } => Ok(()),
            &Self::SetLink {
                from,
                to,
                delay_us_min,
                delay_us_max,
                loss_ppm,
                duplicate_ppm,
                delay_tail_us,
                in_order: _,
            } => {
                link(from, to)?;
                within("delay_us_min", delay_us_min, 1, MINUTE_US)?;
                within("delay_us_max", delay_us_max, delay_us_min, MINUTE_US)?;
                within("loss_ppm", loss_ppm.into(), 0, MILLION.into())?;
                within("duplicate_ppm", duplicate_ppm.into(), 0, MILLION.into())?;
                within("delay_tail_us", delay_tail_us, 0, MINUTE_US)
            }
            &Self::SetWall { wall: _, stops: _, loss_ppm } => within("loss_ppm", loss_ppm.into(), 0, MILLION.into()),
            &Self::Move { server, x, y } => {
                known("server", server)?;
                coordinate("x", x)?;
                coordinate("y", y)
            }
            &Self::Wall { wall: _, ax, ay, bx, by } => {
                for (field, value) in [("ax", ax), ("ay", ay), ("bx", bx), ("by", by)] {
                    coordinate(field, value)?;
                }
                if (ax, ay) == (bx, by) {
                    return Err(not("bx, by", format!("{bx}, {by}"), "another point than ax, ay"));
                }
                Ok(())
            }
        }
    }
}

pub(crate) fn check_text(field: &str, value: &str) -> Result<(), InvalidInput> {
    check_text_of(field, value, VALUE_CHARS_MAX)
}

/// A text of so many characters at most that shows as what it is.
pub(crate) fn check_text_of(field: &str, value: &str, chars_max: usize) -> Result<(), InvalidInput> {
    let characters = value.chars().count();
    if characters == 0 || characters > chars_max {
        return Err(not(field, format!("{characters} characters long"), &format!("1 to {chars_max}")));
    }
    match value.chars().find(|&character| is_control(character)) {
        Some(control) => {
            let expected = "no control or direction character";
            Err(not(field, format!("a text with U+{:04X}", u32::from(control)), expected))
        }
        None => Ok(()),
    }
}

/// Characters that would show as something else than they are: controls, line separators, and those that turn the
/// direction of writing.
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn check_groups(groups: &[Vec<ServerId>], servers: u32) -> Result<(), InvalidInput> {
    let mut seen = vec![false; servers as usize];
    for (at, group) in groups.iter().enumerate() {
        check_each_once(&format!("groups[{at}]"), group, &mut seen)?;
        if group.is_empty() {
            return Err(not(&format!("groups[{at}]"), "empty", "at least one server"));
        }
    }
    if groups.is_empty() { Err(not("groups", "empty", "at least one group")) } else { Ok(()) }
}

/// Servers that exist and were not seen before.
fn check_each_once(list: &str, servers: &[ServerId], seen: &mut [bool]) -> Result<(), InvalidInput> {
    for (at, server) in servers.iter().enumerate() {
        let field = format!("{list}[{at}]");
        within(&field, server.0.into(), 1, seen.len() as u64)?;
        if std::mem::replace(&mut seen[server.0 as usize - 1], true) {
            return Err(not(&field, format!("{server} again"), "each server once"));
        }
    }
    Ok(())
}

const _: () = assert!(Scenario::INPUTS_MAX <= u32::MAX as usize);
