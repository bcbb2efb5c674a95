//! The picture as lanes of characters: one for each server, time going down.

use std::io::Write;

use raft_core::{RoleName, ServerId, Time};

use super::diagram::{Diagram, End, Row, Standing, What};
use crate::error::Error;
use crate::run::milliseconds;

/// How far lanes stand apart: far enough for an arrow.
const WIDE: usize = 8;
/// With many servers.
const NARROW: usize = 4;
/// How many are many.
const MANY: u32 = 12;
/// The width of the time's column.
const TIME: usize = 12;

pub(super) fn draw(diagram: &Diagram, out: &mut impl Write) -> Result<(), Error> {
    let mut standing = diagram.standing.clone();
    let apart = if diagram.servers > MANY { NARROW } else { WIDE };
    writeln!(out, "{}", legend())?;
    let names = (1..=diagram.servers).map(|server| format!("{:<apart$}", ServerId(server).to_string()));
    writeln!(out, "{:>TIME$}  {}", "ms", names.collect::<String>().trim_end())?;
    let mut before = None;
    for Row { at, what } in &diagram.rows {
        let lanes = lanes(what, &standing, apart);
        let text = text(what, *at);
        // One moment is written once.
        let time = if before == Some(*at) { String::new() } else { milliseconds(at.0) };
        writeln!(out, "{time:>TIME$}  {lanes}  {text}")?;
        if let &What::At { server, now: Some(now), .. } = what {
            standing[server.0 as usize - 1] = now;
        }
        before = Some(*at);
    }
    Ok(())
}

fn legend() -> String {
    let roles = [RoleName::Follower, RoleName::PreCandidate, RoleName::Candidate, RoleName::Leader];
    let names = ["follower", "pre-candidate", "candidate", "leader"];
    let lanes = roles.into_iter().zip(names).map(|(role, name)| format!("{} {name}", lane(Standing::Is(role))));
    let lanes = lanes.collect::<Vec<_>>().join("  ");
    format!("{lanes}  {} crashed  \u{25cf} decides  x lost  # blocked", lane(Standing::Crashed))
}

const fn lane(standing: Standing) -> char {
    match standing {
        Standing::NotThere => ' ',
        Standing::Crashed => '\u{b7}',
        Standing::Is(RoleName::Follower) => '\u{2502}',
        Standing::Is(RoleName::PreCandidate) => '\u{2506}',
        Standing::Is(RoleName::Candidate) => '\u{250a}',
        Standing::Is(RoleName::Leader) => '\u{2503}',
    }
}

/// All lanes in one row, with what happens drawn into them.
fn lanes(what: &What, standing: &[Standing], apart: usize) -> String {
    let mut row = vec![' '; standing.len() * apart];
    for (server, &standing) in standing.iter().enumerate() {
        row[server * apart] = lane(standing);
    }
    let place = |server: ServerId| (server.0 as usize - 1) * apart;
    match *what {
        What::Message { label, end, .. } => {
            let (from, to) = (place(label.from), place(label.to));
            let (left, right) = (from.min(to), from.max(to));
            for (at, character) in row.iter_mut().enumerate().take(right).skip(left + 1) {
                *character = if at % apart == 0 { '\u{253c}' } else { '\u{2500}' };
            }
            let arrow = if from < to { right - 1 } else { left + 1 };
            row[arrow] = match end {
                End::Arrived if from < to => '>',
                End::Arrived => '<',
                End::Lost => 'x',
                End::Blocked => '#',
            };
        }
        What::At { server, now, .. } => {
            row[place(server)] = if now == Some(Standing::Crashed) { 'X' } else { '\u{25cf}' };
        }
        What::Around { .. } => {}
    }
    row.into_iter().collect()
}

fn text(what: &What, at: Time) -> String {
    match what {
        What::Message { label, sent_at, end } => {
            let how = match end {
                End::Arrived => "",
                End::Lost => ", lost",
                End::Blocked => ", blocked",
            };
            let took = sent_at.map(|sent| format!(" after {} ms", milliseconds(at.since(sent)))).unwrap_or_default();
            format!(
                "{} #{} from {} to {}, term {}{how}{took}",
                label.name, label.message, label.from, label.to, label.term
            )
        }
        What::At { server, text, .. } => format!("{server} {text}"),
        What::Around { text } => text.clone(),
    }
}
