//! What inputs do to servers: their lives, their pace, their disks and clocks.

use raft_core::ServerId;

use crate::backlog::Work;
use crate::happening::{Happening, Loss};
use crate::input::Input;
use crate::input_error::InputError;
use crate::network::at;
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
