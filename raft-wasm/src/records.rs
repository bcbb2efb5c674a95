//! The records that the page reads in every frame: fixed rows of 32-bit lanes in linear memory.
//!
//! `web/src/door/layout.ts` says the same to the page. A test at the end of this file compares the two, field by field.

/// Changes whenever a record does.
pub(crate) const LAYOUT_VERSION: u32 = 3;

/// How many entries at the end of a server's log are handed over.
pub(crate) const ENTRY_SLOTS: usize = 12;

/// In place of a time: there is no timer.
pub(crate) const NO_TIMER: u32 = u32::MAX;

/// Set in an entry's lane beside its term when it carries no command.
pub(crate) const NO_OP_BIT: u32 = 1 << 31;
/// Set in an entry's lane beside its term when it carries a configuration.
pub(crate) const MEMBERS_BIT: u32 = 1 << 30;

/// In a server's member lane.
pub(crate) const VOTER: u32 = 1;
/// The same: one of the old voters, while the voters are changing.
pub(crate) const OLD_VOTER: u32 = 2;
/// The same: it is sent the log and does not count.
pub(crate) const LEARNER: u32 = 4;
/// The same: two majorities count.
pub(crate) const JOINT: u32 = 8;

/// In the header's flags: a property is violated.
pub(crate) const VIOLATED: u32 = 1;

/// In a server's `up` lane, when it is paused.
pub(crate) const PAUSED: u32 = 2;

/// In a server's ails lane: it takes its time for each thing that it handles.
pub(crate) const SLOW: u32 = 1;
/// The same: its clock goes faster than the world's time.
pub(crate) const CLOCK_FAST: u32 = 2;
/// The same: slower.
pub(crate) const CLOCK_SLOW: u32 = 4;
/// The same: its clock goes right, but shows a later time.
pub(crate) const CLOCK_AHEAD: u32 = 8;
/// The same: its disk may take longer for a save than disks do in this run.
pub(crate) const DISK_SLOW: u32 = 16;
/// The same: its disk says that saves are done which are only in a cache.
pub(crate) const DISK_LIES: u32 = 32;

/// In a message's flags: held where it is.
pub(crate) const HELD: u32 = 2;

/// In a link's lane: cut by hand.
pub(crate) const LINK_BY_HAND: u32 = 1;
/// In a link's lane: a wall stands in the way.
pub(crate) const LINK_BY_WALL: u32 = 2;
/// In a link's lane: it is cut and mended by turns.
pub(crate) const LINK_FLAPS: u32 = 4;
/// In a link's lane: it is not as links are in this run; only then the next two are set.
pub(crate) const LINK_OWN: u32 = 8;
/// From this bit of a link's lane on, ten: how many of a thousand messages are lost, rounded up.
pub(crate) const LINK_LOSS_SHIFT: u32 = 4;
/// From this bit on, sixteen: the longest time that a message takes, in milliseconds, rounded up, without a tail.
pub(crate) const LINK_DELAY_SHIFT: u32 = 16;

/// In a wall's lane of what it lets through.
pub(crate) const WALL_LETS_LEFTWARD: u32 = 1;
pub(crate) const WALL_LETS_RIGHTWARD: u32 = 2;
pub(crate) const WALL_LETS_SHIFT: u32 = 4;

/// Where everything stands. Addresses are in bytes from the start of linear memory.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub(crate) struct Header {
    pub(crate) version: u32,
    pub(crate) time_lo: u32,
    pub(crate) time_hi: u32,
    pub(crate) flags: u32,
    pub(crate) server_count: u32,
    pub(crate) server_lanes: u32,
    pub(crate) servers_ptr: u32,
    pub(crate) message_count: u32,
    pub(crate) message_lanes: u32,
    pub(crate) messages_ptr: u32,
    pub(crate) wall_count: u32,
    pub(crate) wall_lanes: u32,
    pub(crate) walls_ptr: u32,
    pub(crate) entry_slots: u32,
    pub(crate) entries_ptr: u32,
    /// One lane for each ordered pair of servers, all of the first server's first.
    pub(crate) links_ptr: u32,
    pub(crate) events_lo: u32,
    pub(crate) events_hi: u32,
    /// How often a server began to lead.
    pub(crate) leader_changes: u32,
    /// How often the furthest commit index rose.
    pub(crate) commits: u32,
    pub(crate) follower_count: u32,
    pub(crate) follower_lanes: u32,
    pub(crate) followers_ptr: u32,
    pub(crate) reserved: u32,
}

/// One server. Sets of servers are bit masks in two lanes: bit i is server i + 1.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub(crate) struct ServerRecord {
    pub(crate) id: u32,
    /// 0 crashed, 1 running, 2 paused.
    pub(crate) up: u32,
    /// 0 follower, 1 candidate, 2 leader, 3 pre-candidate.
    pub(crate) role: u32,
    pub(crate) term: u32,
    pub(crate) voted_for: u32,
    pub(crate) leader: u32,
    pub(crate) commit_index: u32,
    pub(crate) last_applied: u32,
    pub(crate) last_index: u32,
    pub(crate) durable_index: u32,
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) timer_left: u32,
    pub(crate) timer_total: u32,
    pub(crate) counted_lo: u32,
    pub(crate) counted_hi: u32,
    pub(crate) granted_lo: u32,
    pub(crate) granted_hi: u32,
    pub(crate) refused_lo: u32,
    pub(crate) refused_hi: u32,
    pub(crate) tail_first: u32,
    pub(crate) tail_count: u32,
    pub(crate) votes_needed: u32,
    pub(crate) saving: u32,
    /// What it is in the configuration that it counts by itself: bits 1 voter, 2 old voter, 4 learner; and 8 when that
    /// configuration is joint.
    pub(crate) member: u32,
    /// Who counts by it: of a joint configuration the new voters.
    pub(crate) voters_lo: u32,
    pub(crate) voters_hi: u32,
    pub(crate) old_voters_lo: u32,
    pub(crate) old_voters_hi: u32,
    pub(crate) learners_lo: u32,
    pub(crate) learners_hi: u32,
    /// How many votes of the old voters are needed; 0 unless the configuration is joint.
    pub(crate) old_needed: u32,
    /// The last index that its snapshot stands for, 0 without one, and how many bytes it has.
    pub(crate) snapshot_index: u32,
    pub(crate) snapshot_bytes: u32,
    /// What is not as it should be with it.
    pub(crate) ails: u32,
}

/// What a leader knows of one other member.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub(crate) struct FollowerRecord {
    pub(crate) leader: u32,
    pub(crate) follower: u32,
    pub(crate) next_index: u32,
    pub(crate) match_index: u32,
    /// 0 it may be sent one append to find where the logs agree, 1 it was sent one, 2 appends follow each other, 3 it is
    /// sent the snapshot.
    pub(crate) flow: u32,
    /// How many entries are on their way, or at which byte the part of the snapshot begins that is.
    pub(crate) on_the_way: u32,
}

/// One message on its way, or just lost or blocked. Times are in microseconds.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub(crate) struct MessageRecord {
    pub(crate) id: u32,
    pub(crate) from: u32,
    pub(crate) to: u32,
    /// 0 RequestVote, 1 its reply, 2 AppendEntries, 3 its reply, 4 PreVote, 5 its reply, 6 TimeoutNow, 7 InstallSnapshot,
    /// 8 its reply, 9 ReadIndex, 10 its reply.
    pub(crate) kind: u32,
    pub(crate) term: u32,
    /// How many entries an append carries, or how many bytes a part of a snapshot.
    pub(crate) entries: u32,
    /// 0 says nothing, 1 yes, 2 no.
    pub(crate) verdict: u32,
    pub(crate) since_sent: u32,
    pub(crate) whole_way: u32,
    pub(crate) until_end: u32,
    /// 0 on its way, 1 lost, 2 blocked.
    pub(crate) state: u32,
    pub(crate) since_end: u32,
    /// Bit 0: a copy. Bit 1: held where it is.
    pub(crate) flags: u32,
    pub(crate) wall: u32,
}

/// One wall.
#[derive(Clone, Copy, Default, Debug)]
#[repr(C)]
pub(crate) struct WallRecord {
    pub(crate) id: u32,
    pub(crate) ax: u32,
    pub(crate) ay: u32,
    pub(crate) bx: u32,
    pub(crate) by: u32,
    /// What it lets through: 1 what goes to its left, 2 what goes to its right, as seen from its first end to its second; from
    /// bit 4 on, how many of a thousand others. 0 of one that stops everything.
    pub(crate) lets: u32,
}

/// How many lanes a record has.
pub(crate) const fn lanes<Record>() -> u32 {
    (size_of::<Record>() / size_of::<u32>()) as u32
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use core::mem::offset_of;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    const PAGE: &str = include_str!("../../web/src/door/layout.ts");

    /// A constant of the page: `export const NAME = value;`, or `key: value` inside `export const NAME = { ... }`.
    fn of_the_page(name: &str, key: Option<&str>) -> u32 {
        let start = PAGE.find(&format!("export const {name} =")).unwrap_or_else(|| panic!("{name} is missing"));
        let text = &PAGE[start..start + PAGE[start..].find(';').unwrap()];
        let after = match key {
            None => text.split_once('=').unwrap().1,
            Some(key) => {
                let found =
                    text.split([',', '{', '\n']).find_map(|part| part.trim().strip_prefix(key)?.strip_prefix(':'));
                found.unwrap_or_else(|| panic!("{name}.{key} is missing"))
            }
        };
        let number = after.trim().trim_end_matches([' ', '}']).replace('_', "");
        match number.split_whitespace().next().unwrap().strip_prefix("0x") {
            Some(hex) => u32::from_str_radix(hex, 16).unwrap(),
            None => number.split_whitespace().next().unwrap().parse().unwrap(),
        }
    }

    macro_rules! same_lanes {
        ($record:ident as $name:literal: $($field:ident = $key:literal),* $(,)?) => {
            $(
                let here = offset_of!($record, $field) / 4;
                assert_eq!(of_the_page($name, Some($key)) as usize, here, "{}.{}", $name, $key);
            )*
            assert_eq!(of_the_page($name, Some("lanes")), lanes::<$record>(), "{}.lanes", $name);
        };
    }

    #[wasm_bindgen_test]
    fn the_page_reads_every_lane_where_it_is_written() {
        assert_eq!(of_the_page("LAYOUT_VERSION", None), LAYOUT_VERSION);
        assert_eq!(of_the_page("ENTRY_SLOTS", None) as usize, ENTRY_SLOTS);
        assert_eq!(of_the_page("NO_TIMER", None), NO_TIMER);
        assert_eq!(of_the_page("PAUSED", None), PAUSED);
        assert_eq!(of_the_page("NO_OP_BIT", None), NO_OP_BIT);
        assert_eq!(of_the_page("MEMBERS_BIT", None), MEMBERS_BIT);
        for (key, bit) in [("voter", VOTER), ("oldVoter", OLD_VOTER), ("learner", LEARNER), ("joint", JOINT)] {
            assert_eq!(of_the_page("MEMBER", Some(key)), bit, "{key}");
        }
        let ails = [
            ("slow", SLOW),
            ("clockFast", CLOCK_FAST),
            ("clockSlow", CLOCK_SLOW),
            ("clockAhead", CLOCK_AHEAD),
            ("diskSlow", DISK_SLOW),
            ("diskLies", DISK_LIES),
        ];
        for (key, bit) in ails {
            assert_eq!(of_the_page("AILS", Some(key)), bit, "{key}");
        }
        let links = [
            ("byHand", LINK_BY_HAND),
            ("byWall", LINK_BY_WALL),
            ("flaps", LINK_FLAPS),
            ("own", LINK_OWN),
            ("lossShift", LINK_LOSS_SHIFT),
            ("delayShift", LINK_DELAY_SHIFT),
        ];
        for (key, bit) in links {
            assert_eq!(of_the_page("LINK", Some(key)), bit, "{key}");
        }
        let lets =
            [("leftward", WALL_LETS_LEFTWARD), ("rightward", WALL_LETS_RIGHTWARD), ("othersShift", WALL_LETS_SHIFT)];
        for (key, bit) in lets {
            assert_eq!(of_the_page("LETS", Some(key)), bit, "{key}");
        }
        assert_eq!(of_the_page("HELD", None), HELD);
        same_lanes!(Header as "HEADER": version = "version", time_lo = "timeLo", time_hi = "timeHi", flags = "flags",
            server_count = "serverCount", server_lanes = "serverLanes", servers_ptr = "serversPtr",
            message_count = "messageCount", message_lanes = "messageLanes", messages_ptr = "messagesPtr",
            wall_count = "wallCount", wall_lanes = "wallLanes", walls_ptr = "wallsPtr", entry_slots = "entrySlots",
            entries_ptr = "entriesPtr", links_ptr = "linksPtr", events_lo = "eventsLo", events_hi = "eventsHi",
            leader_changes = "leaderChanges", commits = "commits", follower_count = "followerCount",
            follower_lanes = "followerLanes", followers_ptr = "followersPtr");
        same_lanes!(ServerRecord as "SERVER": id = "id", up = "up", role = "role", term = "term", voted_for = "votedFor",
            leader = "leader", commit_index = "commitIndex", last_applied = "lastApplied", last_index = "lastIndex",
            durable_index = "durableIndex", x = "x", y = "y", timer_left = "timerLeft", timer_total = "timerTotal",
            counted_lo = "countedLo", counted_hi = "countedHi", granted_lo = "grantedLo", granted_hi = "grantedHi",
            refused_lo = "refusedLo", refused_hi = "refusedHi", tail_first = "tailFirst", tail_count = "tailCount",
            votes_needed = "votesNeeded", saving = "saving", member = "member", voters_lo = "votersLo",
            voters_hi = "votersHi", old_voters_lo = "oldVotersLo", old_voters_hi = "oldVotersHi",
            learners_lo = "learnersLo", learners_hi = "learnersHi", old_needed = "oldNeeded",
            snapshot_index = "snapshotIndex", snapshot_bytes = "snapshotBytes",
            ails = "ails");
        same_lanes!(FollowerRecord as "FOLLOWER": leader = "leader", follower = "follower", next_index = "nextIndex",
            match_index = "matchIndex", flow = "flow", on_the_way = "onTheWay");
        same_lanes!(MessageRecord as "MESSAGE": id = "id", from = "from", to = "to", kind = "kind", term = "term",
            entries = "entries", verdict = "verdict", since_sent = "sinceSent", whole_way = "wholeWay",
            until_end = "untilEnd", state = "state", since_end = "sinceEnd", flags = "flags", wall = "wall");
        same_lanes!(WallRecord as "WALL": id = "id", ax = "ax", ay = "ay", bx = "bx", by = "by", lets = "lets");
    }
}
