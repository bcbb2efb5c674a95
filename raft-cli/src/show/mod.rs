//! `raft-sim show`: a run as a picture of who sent what to whom.

mod diagram;
mod mermaid;
mod text;

use std::io::Write;

use crate::args::{As, Show};
use crate::error::Error;
use crate::load;
use diagram::Diagram;

pub(crate) fn show(args: &Show, out: &mut impl Write) -> Result<(), Error> {
    let (_, mut world) = load::world(&args.scenario, args.seed)?;
    let diagram = Diagram::of(&mut world, args.from, args.until, args.all);
    match args.r#as {
        As::Text => text::draw(&diagram, out),
        As::Mermaid => mermaid::draw(&diagram, out),
    }
}
