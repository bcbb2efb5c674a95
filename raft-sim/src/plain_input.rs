//! How an input is read: each kind takes its own fields, and none may be left.

use crate::input::Input;
use crate::plain::{Blank, Object, Read, Tree, Wrong, quoted};
use crate::scenario::MILLION;
use crate::stage::Stops;

pub(crate) const KINDS: &str = "one of crash, restart, pause, resume, slow, set_disk, edit_disk, set_clock, time_out, heartbeat, transfer, \
    compact, new_server, set_members, leave_joint, propose, read, cut, uncut, partition, heal, flap, set_link, hold, \
    hold_latest, release, release_all, drop, duplicate, deliver, set_delay, move, wall, set_wall, remove_wall";

impl Read for Input {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut object = Object::of(found);
        let kind: String = object.need("kind");
        let input = read_kind(&kind, &mut object);
        object.finish()?;
        Ok(input)
    }
}

impl Blank for Input {
    const BLANK: Self = Self::Heal {};
}

pub(crate) fn read_kind(kind: &str, object: &mut Object) -> Input {
    match kind {
        "crash" => Input::Crash { server: object.need("server"), written: object.take("written").unwrap_or(0) },
        "restart" => Input::Restart { server: object.need("server") },
        "pause" => Input::Pause { server: object.need("server") },
        "resume" => Input::Resume { server: object.need("server") },
        "slow" => Input::Slow { server: object.need("server"), step_us: object.need("step_us") },
        "set_disk" => Input::SetDisk {
            server: object.need("server"),
            us_min: object.need("us_min"),
            us_max: object.need("us_max"),
            lies: object.take("lies").unwrap_or(false),
        },
        "edit_disk" => Input::EditDisk {
            server: object.need("server"),
            term: object.take("term"),
            voted_for: object.take("voted_for"),
            keep: object.take("keep"),
            log: object.take("log").unwrap_or_default(),
        },
        "set_clock" => Input::SetClock {
            server: object.need("server"),
            rate_ppm: object.need("rate_ppm"),
            ahead_us: object.take("ahead_us").unwrap_or(0),
        },
        "time_out" => Input::TimeOut { server: object.need("server") },
        "heartbeat" => Input::Heartbeat { server: object.need("server") },
        "transfer" => Input::Transfer { server: object.need("server"), to: object.need("to") },
        "compact" => Input::Compact { server: object.need("server") },
        "new_server" => Input::NewServer {},
        "set_members" => Input::SetMembers {
            voters: object.need("voters"),
            learners: object.take("learners").unwrap_or_default(),
            server: object.take("server"),
            catch_up: object.take("catch_up").unwrap_or(true),
            stays_joint: object.take("stays_joint").unwrap_or(false),
        },
        "leave_joint" => Input::LeaveJoint { server: object.take("server") },
        "propose" => Input::Propose { value: object.need("value"), server: object.take("server") },
        "read" => {
            Input::Read { key: object.take("key").unwrap_or_else(|| "x".to_owned()), server: object.take("server") }
        }
        "cut" => Input::Cut { from: object.need("from"), to: object.need("to") },
        "uncut" => Input::Uncut { from: object.need("from"), to: object.need("to") },
        "partition" => Input::Partition { groups: object.need("groups") },
        "heal" => Input::Heal {},
        "set_link" => Input::SetLink {
            from: object.need("from"),
            to: object.need("to"),
            delay_us_min: object.need("delay_us_min"),
            delay_us_max: object.need("delay_us_max"),
            loss_ppm: object.need("loss_ppm"),
            duplicate_ppm: object.need("duplicate_ppm"),
            delay_tail_us: object.take("delay_tail_us").unwrap_or(0),
            in_order: object.take("in_order").unwrap_or(false),
        },
        "flap" => Input::Flap {
            from: object.need("from"),
            to: object.need("to"),
            up_us: object.need("up_us"),
            down_us: object.need("down_us"),
        },
        "hold" => Input::Hold { message: object.need("message") },
        "hold_latest" => Input::HoldLatest { from: object.need("from"), to: object.need("to") },
        "release" => Input::Release { message: object.need("message") },
        "release_all" => Input::ReleaseAll {},
        "drop" => Input::Drop { message: object.need("message") },
        "duplicate" => Input::Duplicate { message: object.need("message") },
        "deliver" => Input::Deliver { message: object.need("message") },
        "set_delay" => Input::SetDelay { message: object.need("message"), us: object.need("us") },
        "move" => Input::Move { server: object.need("server"), x: object.need("x"), y: object.need("y") },
        "wall" => Input::Wall {
            wall: object.need("wall"),
            ax: object.need("ax"),
            ay: object.need("ay"),
            bx: object.need("bx"),
            by: object.need("by"),
        },
        "set_wall" => Input::SetWall {
            wall: object.need("wall"),
            stops: object.take("stops").unwrap_or(Stops::Both),
            loss_ppm: object.take("loss_ppm").unwrap_or(MILLION),
        },
        "remove_wall" => Input::RemoveWall { wall: object.need("wall") },
        _ => {
            object.keep_wrong("kind", quoted(kind), KINDS);
            Input::BLANK
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Input, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn every_kind_is_read_as_it_is_written() {
        let inputs = [
            r#"{"kind":"crash","server":1}"#,
            r#"{"kind":"crash","server":1,"written":3}"#,
            r#"{"kind":"restart","server":1}"#,
            r#"{"kind":"pause","server":1}"#,
            r#"{"kind":"resume","server":1}"#,
            r#"{"kind":"slow","server":1,"step_us":0}"#,
            r#"{"kind":"set_disk","server":1,"us_min":2,"us_max":3}"#,
            r#"{"kind":"set_disk","server":1,"us_min":2,"us_max":3,"lies":true}"#,
            r#"{"kind":"edit_disk","server":1}"#,
            r#"{"kind":"edit_disk","server":1,"term":3,"voted_for":0,"keep":4,"log":[1,[2,2,"x=1"]]}"#,
            r#"{"kind":"set_clock","server":1,"rate_ppm":1000000}"#,
            r#"{"kind":"set_clock","server":1,"rate_ppm":500000,"ahead_us":3}"#,
            r#"{"kind":"time_out","server":1}"#,
            r#"{"kind":"heartbeat","server":1}"#,
            r#"{"kind":"transfer","server":1,"to":2}"#,
            r#"{"kind":"compact","server":1}"#,
            r#"{"kind":"new_server"}"#,
            r#"{"kind":"set_members","voters":[1,2]}"#,
            r#"{"kind":"set_members","voters":[1],"learners":[2,3],"server":4,"catch_up":false,"stays_joint":true}"#,
            r#"{"kind":"leave_joint"}"#,
            r#"{"kind":"leave_joint","server":2}"#,
            r#"{"kind":"propose","value":"x=1"}"#,
            r#"{"kind":"propose","value":"x=1","server":2}"#,
            r#"{"kind":"read","key":"a"}"#,
            r#"{"kind":"read","key":"a","server":2}"#,
            r#"{"kind":"cut","from":1,"to":2}"#,
            r#"{"kind":"uncut","from":1,"to":2}"#,
            r#"{"kind":"partition","groups":[[1,2],[3]]}"#,
            r#"{"kind":"heal"}"#,
            r#"{"kind":"set_link","from":1,"to":2,"delay_us_min":3,"delay_us_max":4,"loss_ppm":5,"duplicate_ppm":6}"#,
            r#"{"kind":"set_link","from":1,"to":2,"delay_us_min":3,"delay_us_max":4,"loss_ppm":5,"duplicate_ppm":6,"delay_tail_us":7,"in_order":true}"#,
            r#"{"kind":"flap","from":1,"to":2,"up_us":3000,"down_us":4000}"#,
            r#"{"kind":"set_wall","wall":1}"#,
            r#"{"kind":"set_wall","wall":1,"stops":"leftward","loss_ppm":500000}"#,
            r#"{"kind":"hold","message":1}"#,
            r#"{"kind":"hold_latest","from":1,"to":2}"#,
            r#"{"kind":"release","message":1}"#,
            r#"{"kind":"release_all"}"#,
            r#"{"kind":"drop","message":1}"#,
            r#"{"kind":"duplicate","message":1}"#,
            r#"{"kind":"deliver","message":1}"#,
            r#"{"kind":"set_delay","message":1,"us":2}"#,
            r#"{"kind":"move","server":1,"x":2,"y":3}"#,
            r#"{"kind":"wall","wall":1,"ax":2,"ay":3,"bx":4,"by":5}"#,
            r#"{"kind":"remove_wall","wall":1}"#,
        ];
        for json in inputs {
            let written = read(json).map(|input| serde_json::to_string(&input).unwrap_or_default());
            assert_eq!(written.as_deref(), Ok(json));
        }
    }

    #[test]
    fn what_is_missing_or_too_much_is_named_with_its_kind() {
        let error = |json: &str| read(json).err().unwrap_or_default();
        assert!(error(r#"{"kind":"crash"}"#).starts_with("server is missing; expected"));
        assert!(error(r#"{"kind":"move","server":1,"x":2}"#).starts_with("y is missing; expected a value"));
        assert!(
            error(r#"{"kind":"crash","server":1,"by":2}"#)
                .starts_with("by is no known field; expected one of kind, server")
        );
        assert!(
            error(r#"{"kind":"crash","server":1,"hard":2}"#)
                .starts_with("hard is no known field; expected one of kind, server")
        );
        assert!(
            error(r#"{"kind":"explode","server":1}"#)
                .starts_with("kind is \"explode\"; expected one of crash, restart")
        );
        assert!(error(r#"{"server":1}"#).starts_with("kind is missing; expected a value"));
        assert!(error(r#"{"kind":"crash","server":1.5}"#).starts_with("server is 1.5; expected a whole number"));
        assert!(error(r#"{"kind":"partition","groups":[[1],[2,"3"]]}"#).starts_with("groups[1][1] is \"3\"; expected"));
        assert!(error("[]").starts_with("input is a list; expected an object"));
        assert!(
            error(r#"{"kind":"crash","server":-1}"#)
                .starts_with("server is -1; expected a whole number from 0 to 4294967295")
        );
    }
}
