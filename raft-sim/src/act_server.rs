//! What inputs do to servers: their lives, their pace, their disks and clocks.

use raft_core::{Durable, Entries, Index, LogWrite, Save, SaveNumber, ServerId, Term};

use crate::backlog::Work;
use crate::begin::put_behind;
use crate::happening::{Happening, Loss};
use crate::initial::InitialRun;
use crate::input::Input;
use crate::input_error::InputError;
use crate::network::at;
#[cfg(feature = "trace")]
use crate::plain::not;
use crate::plain::within;
#[cfg(feature = "trace")]
use crate::trace::UNTRACED;
use crate::world::World;

impl World {
    pub(crate) fn crash(&mut self, input: &Input, server: ServerId, written: u32) -> Result<(), InputError> {
        if !self.nodes[at(server)].is_up() {
            return Err(InputError::ServerIsDown(server));
        }
        self.herald(input);
        let backlog = std::mem::take(&mut self.nodes[at(server)].pace.backlog);
        let written = self.stop(at(server), written);
        self.journal.note(self.now, || Happening::Crashed { server, written });
        for work in backlog {
            if let Work::Message(message) = work {
                let label = message.label();
                self.journal.note(self.now, || Happening::Lost { label, why: Loss::ReceiverDown });
            }
        }
        Ok(())
    }

    pub(crate) fn restart(&mut self, input: &Input, server: ServerId) -> Result<(), InputError> {
        if self.nodes[at(server)].is_up() {
            return Err(InputError::ServerIsUp(server));
        }
        self.start_again(at(server)).map_err(|why| InputError::CannotStart { server, why })?;
        self.herald(input);
        self.journal.note(self.now, || Happening::Restarted { server });
        Ok(())
    }

    pub(crate) fn pause(&mut self, input: &Input, server: ServerId, paused: bool) -> Result<(), InputError> {
        let node = &mut self.nodes[at(server)];
        if !node.is_up() {
            return Err(InputError::ServerIsDown(server));
        }
        if node.pace.paused == paused {
            let because = if paused { "the server is paused" } else { "the server is not paused" };
            return Err(InputError::NothingToChange { because });
        }
        node.pace.paused = paused;
        self.herald(input);
        self.schedule_turn(at(server));
        Ok(())
    }

    pub(crate) fn slow(&mut self, input: &Input, server: ServerId, step_us: u64) -> Result<(), InputError> {
        let pace = &mut self.nodes[at(server)].pace;
        if pace.step_us == step_us {
            return Err(InputError::NothingToChange { because: "the server is just so slow" });
        }
        pace.step_us = step_us;
        self.herald(input);
        self.schedule_turn(at(server));
        Ok(())
    }

    pub(crate) fn set_disk(
        &mut self,
        input: &Input,
        server: ServerId,
        us: (u64, u64),
        lies: bool,
    ) -> Result<(), InputError> {
        if !self.nodes[at(server)].disk.set(us, lies) {
            return Err(InputError::NothingToChange { because: "the disk is set in just this way" });
        }
        self.herald(input);
        Ok(())
    }

    /// Writes by hand the term and the vote, and what stays of the log with what is put behind it.
    pub(crate) fn edit_disk(
        &mut self,
        input: &Input,
        server: ServerId,
        (term, voted_for): (Option<u64>, Option<ServerId>),
        (keep, log): (Option<u64>, &[InitialRun]),
    ) -> Result<(), InputError> {
        #[cfg(feature = "trace")]
        if self.trace.is_on() {
            return Err(InputError::Invalid(not("kind", "edit_disk", UNTRACED)));
        }
        let servers = self.nodes.len() as u32;
        let node = &mut self.nodes[at(server)];
        if node.is_up() {
            return Err(InputError::ServerIsUp(server));
        }
        let mut durable = node.disk.durable().clone();
        if let Some(term) = term.map(Term).filter(|&term| term != durable.current_term) {
            (durable.current_term, durable.voted_for) = (term, None);
        }
        if let Some(voted_for) = voted_for {
            durable.voted_for = (voted_for.0 > 0).then_some(voted_for);
        }
        if let Some(keep) = keep {
            let (base, last) = (durable.log.base().index, durable.log.last_index());
            within("keep", keep, base.0, last.0)?;
            let Durable { current_term, voted_for, .. } = durable;
            let log = Some(LogWrite { from: Index(keep).next(), entries: Entries::NONE });
            durable.write(&Save { number: SaveNumber::default(), current_term, voted_for, snapshot: None, log });
        }
        put_behind("log", log, &mut durable.log, servers)?;
        durable.check().map_err(|why| InputError::CannotStart { server, why })?;
        if !node.disk.edit(durable) {
            return Err(InputError::NothingToChange { because: "the disk holds just that" });
        }
        self.herald(input);
        let check = self.checkers.stopped(self.now, server, &self.nodes[..]);
        self.stop_unless(check);
        Ok(())
    }

    pub(crate) fn set_clock(
        &mut self,
        input: &Input,
        server: ServerId,
        rate_ppm: u32,
        ahead_us: u64,
    ) -> Result<(), InputError> {
        let clock = &mut self.nodes[at(server)].clock;
        if clock.rate_ppm() == rate_ppm && ahead_us == 0 {
            return Err(InputError::NothingToChange { because: "the clock runs at just this rate" });
        }
        clock.set(self.now, rate_ppm, ahead_us);
        self.herald(input);
        // What the server waits for may be nearer now.
        self.schedule_wake_up(at(server));
        Ok(())
    }
}
