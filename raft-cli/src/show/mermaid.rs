//! The picture as a sequence diagram in Mermaid's language, for notes and issues.

use std::io::Write;

use raft_core::ServerId;

use super::diagram::{Diagram, End, Row, What};
use crate::error::Error;
use crate::run::milliseconds;

pub(super) fn draw(diagram: &Diagram, out: &mut impl Write) -> Result<(), Error> {
    writeln!(out, "sequenceDiagram")?;
    for server in 1..=diagram.servers {
        writeln!(out, "    participant {}", ServerId(server))?;
    }
    for Row { at, what } in &diagram.rows {
        let time = milliseconds(at.0);
        match what {
            What::Message { label, end, .. } => {
                let (arrow, how) = match end {
                    End::Arrived => ("->>", ""),
                    End::Lost => ("-x", ", lost"),
                    End::Blocked => ("-x", ", blocked"),
                };
                let text = format!("{} term {}{how} ({time} ms)", label.name, label.term);
                writeln!(out, "    {}{arrow}{}: {text}", label.from, label.to)?;
            }
            What::At { server, text, .. } => writeln!(out, "    Note over {server}: {} ({time} ms)", plain(text))?,
            What::Around { text } => {
                let (first, last) = (ServerId(1), ServerId(diagram.servers));
                writeln!(out, "    Note over {first},{last}: {} ({time} ms)", plain(text))?;
            }
        }
    }
    Ok(())
}

/// A text without what Mermaid would read as its own: a semicolon ends a statement, a number sign begins an entity.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for character in text.chars() {
        match character {
            ';' | '#' | '<' | '>' => plain += &format!("#{};", u32::from(character)),
            _ => plain.push(character),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mermaid_would_read_as_its_own_is_written_as_an_entity() {
        assert_eq!(plain("a; b #1 <c>"), "a#59; b #35;1 #60;c#62;");
    }
}
