//! How an input is read: as one flat record with the fields of all kinds, from which each kind takes its own.

use raft_core::ServerId;

use crate::input::Input;
use crate::plain::{Kind, Look, Read, Wrong, fill_record};

/// The fields of all kinds of input.
#[derive(Default)]
struct PlainInput {
    kind: Option<String>,
    server: Option<ServerId>,
    value: Option<String>,
    key: Option<String>,
    from: Option<ServerId>,
    to: Option<ServerId>,
    groups: Option<Vec<Vec<ServerId>>>,
    voters: Option<Vec<ServerId>>,
    learners: Option<Vec<ServerId>>,
    catch_up: Option<bool>,
    stays_joint: Option<bool>,
    delay_us_min: Option<u64>,
    delay_us_max: Option<u64>,
    loss_ppm: Option<u32>,
    duplicate_ppm: Option<u32>,
    x: Option<u32>,
    y: Option<u32>,
    wall: Option<u32>,
    ax: Option<u32>,
    ay: Option<u32>,
    bx: Option<u32>,
    by: Option<u32>,
}

const KINDS: &str = "crash, restart, time_out, transfer, compact, new_server, set_members,\
    leave_joint, propose, read, cut, uncut, partition, heal, set_link, move, wall, remove_wall";

impl<V: Look> Read<V> for Input {
    fn read(found: Kind<V>) -> Result<Self, Box<Wrong>> {
        let mut plain = PlainInput::default();
        fill_record!(plain: PlainInput {
            kind, server, value, key, from, to, groups, voters, learners, catch_up, stays_joint, delay_us_min, delay_us_max, loss_ppm, duplicate_ppm, x, y, wall, ax, ay,
            bx, by,
        } from found)?;
        plain.into_input()
    }
}

impl PlainInput {
    fn into_input(mut self) -> Result<Input, Box<Wrong>> {
        let Some(kind) = self.kind.take() else { return Err(Wrong::new("kind", "missing", format!("one of {KINDS}"))) };
        // Takes a field that this kind must have.
        macro_rules! need {
            ($field:ident) => {
                self.$field.take().ok_or_else(|| missing(stringify!($field), &kind))?
            };
        }
        let input = match kind.as_str() {
            "crash" => Input::Crash { server: need!(server) },
            "restart" => Input::Restart { server: need!(server) },
            "time_out" => Input::TimeOut { server: need!(server) },
            "transfer" => Input::Transfer { server: need!(server), to: need!(to) },
            "compact" => Input::Compact { server: need!(server) },
            "new_server" => Input::NewServer {},
            "set_members" => Input::SetMembers {
                voters: need!(voters),
                learners: self.learners.take().unwrap_or_default(),
                server: self.server.take(),
                catch_up: self.catch_up.take().unwrap_or(true),
                stays_joint: self.stays_joint.take().unwrap_or(false),
            },
            "leave_joint" => Input::LeaveJoint { server: self.server.take() },
            "propose" => Input::Propose { value: need!(value), server: self.server.take() },
            "read" => {
                Input::Read { key: self.key.take().unwrap_or_else(|| "x".to_owned()), server: self.server.take() }
            }
            "cut" => Input::Cut { from: need!(from), to: need!(to) },
            "uncut" => Input::Uncut { from: need!(from), to: need!(to) },
            "partition" => Input::Partition { groups: need!(groups) },
            "heal" => Input::Heal {},
            "set_link" => Input::SetLink {
                from: need!(from),
                to: need!(to),
                delay_us_min: need!(delay_us_min),
                delay_us_max: need!(delay_us_max),
                loss_ppm: need!(loss_ppm),
                duplicate_ppm: need!(duplicate_ppm),
            },
            "move" => Input::Move { server: need!(server), x: need!(x), y: need!(y) },
            "wall" => Input::Wall { wall: need!(wall), ax: need!(ax), ay: need!(ay), bx: need!(bx), by: need!(by) },
            "remove_wall" => Input::RemoveWall { wall: need!(wall) },
            _ => return Err(Wrong::new("kind", format!("\"{kind}\""), format!("one of {KINDS}"))),
        };
        match self.any_left() {
            Some(field) => Err(Wrong::new(field, "given", format!("none in an input of kind {kind}"))),
            None => Ok(input),
        }
    }

    /// A field that its kind did not take.
    fn any_left(&self) -> Option<&'static str> {
        [
            ("server", self.server.is_some()),
            ("value", self.value.is_some()),
            ("key", self.key.is_some()),
            ("from", self.from.is_some()),
            ("to", self.to.is_some()),
            ("groups", self.groups.is_some()),
            ("voters", self.voters.is_some()),
            ("learners", self.learners.is_some()),
            ("catch_up", self.catch_up.is_some()),
            ("stays_joint", self.stays_joint.is_some()),
            ("delay_us_min", self.delay_us_min.is_some()),
            ("delay_us_max", self.delay_us_max.is_some()),
            ("loss_ppm", self.loss_ppm.is_some()),
            ("duplicate_ppm", self.duplicate_ppm.is_some()),
            ("x", self.x.is_some()),
            ("y", self.y.is_some()),
            ("wall", self.wall.is_some()),
            ("ax", self.ax.is_some()),
            ("ay", self.ay.is_some()),
            ("bx", self.bx.is_some()),
            ("by", self.by.is_some()),
        ]
        .into_iter()
        .find_map(|(field, left)| left.then_some(field))
    }
}

fn missing(field: &str, kind: &str) -> Box<Wrong> {
    Wrong::new(field, "missing", format!("one in an input of kind {kind}"))
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
            r#"{"kind":"restart","server":1}"#,
            r#"{"kind":"time_out","server":1}"#,
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
        assert!(error(r#"{"kind":"crash"}"#).starts_with("server is missing; expected one in an input of kind crash"));
        assert!(
            error(r#"{"kind":"move","server":1,"x":2}"#)
                .starts_with("y is missing; expected one in an input of kind move")
        );
        assert!(
            error(r#"{"kind":"crash","server":1,"by":2}"#)
                .starts_with("by is given; expected none in an input of kind crash")
        );
        assert!(
            error(r#"{"kind":"crash","server":1,"hard":2}"#)
                .starts_with("hard is no known field; expected one of kind, server")
        );
        assert!(
            error(r#"{"kind":"explode","server":1}"#)
                .starts_with("kind is \"explode\"; expected one of crash, restart")
        );
        assert!(error(r#"{"server":1}"#).starts_with("kind is missing; expected one of crash"));
        assert!(error(r#"{"kind":"crash","server":1.5}"#).starts_with("server is 1.5; expected a whole number"));
        assert!(error(r#"{"kind":"partition","groups":[[1],[2,"3"]]}"#).starts_with("groups[1][1] is \"3\"; expected"));
        assert!(error("[]").starts_with("input is a list; expected an object"));
        assert!(
            error(r#"{"kind":"crash","server":-1}"#)
                .starts_with("server is -1; expected a whole number from 0 to 4294967295")
        );
    }
}
