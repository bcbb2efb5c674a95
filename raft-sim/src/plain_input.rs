//! How an input is read: as one flat record with the fields of all kinds, from which each kind takes its own.
//!
//! serde could read the enum itself, but what it generates for an internally tagged enum weighs more than the rest of the
//! page's wasm that reads anything, and its errors do not name the kind whose field is missing.

use raft_core::ServerId;
use serde::Deserialize;

use crate::input::Input;

/// The fields of all kinds of input.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlainInput {
    kind: String,
    server: Option<ServerId>,
    value: Option<String>,
    from: Option<ServerId>,
    to: Option<ServerId>,
    groups: Option<Vec<Vec<ServerId>>>,
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

const KINDS: &str =
    "crash, restart, time_out, transfer, propose, cut, uncut, partition, heal, set_link, move, wall, remove_wall";

impl TryFrom<PlainInput> for Input {
    type Error = String;

    fn try_from(mut plain: PlainInput) -> Result<Self, String> {
        let kind = std::mem::take(&mut plain.kind);
        // Takes a field that this kind must have.
        macro_rules! need {
            ($field:ident) => {
                plain.$field.take().ok_or_else(|| format!("missing field `{}` of `{kind}`", stringify!($field)))?
            };
        }
        let input = match kind.as_str() {
            "crash" => Self::Crash { server: need!(server) },
            "restart" => Self::Restart { server: need!(server) },
            "time_out" => Self::TimeOut { server: need!(server) },
            "transfer" => Self::Transfer { server: need!(server), to: need!(to) },
            "propose" => Self::Propose { value: need!(value), server: plain.server.take() },
            "cut" => Self::Cut { from: need!(from), to: need!(to) },
            "uncut" => Self::Uncut { from: need!(from), to: need!(to) },
            "partition" => Self::Partition { groups: need!(groups) },
            "heal" => Self::Heal {},
            "set_link" => Self::SetLink {
                from: need!(from),
                to: need!(to),
                delay_us_min: need!(delay_us_min),
                delay_us_max: need!(delay_us_max),
                loss_ppm: need!(loss_ppm),
                duplicate_ppm: need!(duplicate_ppm),
            },
            "move" => Self::Move { server: need!(server), x: need!(x), y: need!(y) },
            "wall" => Self::Wall { wall: need!(wall), ax: need!(ax), ay: need!(ay), bx: need!(bx), by: need!(by) },
            "remove_wall" => Self::RemoveWall { wall: need!(wall) },
            _ => return Err(format!("unknown kind `{kind}`, expected one of {KINDS}")),
        };
        match plain.any_left() {
            Some(field) => Err(format!("unknown field `{field}` of `{kind}`")),
            None => Ok(input),
        }
    }
}

impl PlainInput {
    /// A field that its kind did not take.
    fn any_left(&self) -> Option<&'static str> {
        [
            ("server", self.server.is_some()),
            ("value", self.value.is_some()),
            ("from", self.from.is_some()),
            ("to", self.to.is_some()),
            ("groups", self.groups.is_some()),
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
            r#"{"kind":"propose","value":"x=1"}"#,
            r#"{"kind":"propose","value":"x=1","server":2}"#,
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
        assert!(error(r#"{"kind":"crash"}"#).starts_with("missing field `server` of `crash`"));
        assert!(error(r#"{"kind":"move","server":1,"x":2}"#).starts_with("missing field `y` of `move`"));
        assert!(error(r#"{"kind":"crash","server":1,"by":2}"#).starts_with("unknown field `by` of `crash`"));
        assert!(error(r#"{"kind":"crash","server":1,"hard":2}"#).starts_with("unknown field `hard`, expected one of"));
        assert!(error(r#"{"kind":"explode","server":1}"#).starts_with("unknown kind `explode`, expected one of crash"));
        assert!(error(r#"{"server":1}"#).starts_with("missing field `kind`"));
        assert!(error(r#"{"kind":"crash","server":-1}"#).contains("integer `-1`"));
    }
}
