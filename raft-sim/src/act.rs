//! What inputs do to the world.

use std::sync::Arc;

use raft_core::{Change, Durable, EntryId, Input as CoreInput, Rejected, Server, ServerId, Time};

use crate::client::{Awaited, DIRECT, PERSON, WAITING_MAX, Wish};
use crate::happening::Happening;
use crate::input::{Input, TimedInput};
use crate::input_error::InputError;
use crate::network::{Flap, at};
use crate::node::Node;
use crate::scenario::Scenario;
use crate::stage::{Position, Stage, Wall};
use crate::store::{Operation, Wanted};
use crate::world::World;

impl World {
    /// Does something to the world, now: after the events that have happened and before those to come. It is recorded
    /// with its place ([`World::scenario`]).
    ///
    /// # Errors
    /// Says why it cannot be done or would change nothing; the world is then as it was.
    pub fn apply(&mut self, input: Input) -> Result<(), InputError> {
        if self.violation().is_some() {
            return Err(InputError::Stopped);
        }
        if self.inputs() >= Scenario::INPUTS_MAX {
            return Err(InputError::TooManyInputs { at_most: Scenario::INPUTS_MAX as u32 });
        }
        self.act(&input)?;
        // What was planned for after the last event of this moment may have been waiting for one that is now void.
        self.apply_planned();
        Ok(())
    }

    /// Does what an input says, and records it.
    pub(crate) fn act(&mut self, input: &Input) -> Result<(), InputError> {
        // Also those of a scenario: what they name may not have appeared yet.
        input.check(self.nodes.len() as u32)?;
        self.journal.link(|links| links.begin(0));
        match *input {
            Input::Crash { server, written } => self.crash(input, server, written),
            Input::Restart { server } => self.restart(input, server),
            Input::Pause { server } => self.pause(input, server, true),
            Input::Resume { server } => self.pause(input, server, false),
            Input::Slow { server, step_us } => self.slow(input, server, step_us),
            Input::SetDisk { server, us_min, us_max, lies } => self.set_disk(input, server, (us_min, us_max), lies),
            Input::EditDisk { server, term, voted_for, keep, ref log } => {
                self.edit_disk(input, server, (term, voted_for), (keep, log))
            }
            Input::SetClock { server, rate_ppm, ahead_us } => self.set_clock(input, server, rate_ppm, ahead_us),
            Input::TimeOut { server } => self.hand_input(input, server, CoreInput::TimeOut),
            Input::Heartbeat { server } => self.hand_input(input, server, CoreInput::Heartbeat),
            Input::Transfer { server, to } => self.hand_input(input, server, CoreInput::Transfer(to)),
            Input::Compact { server } => {
                let compact = self.nodes[at(server)].compact().ok_or(InputError::ServerIsDown(server))?;
                self.hand_input(input, server, compact)
            }
            Input::NewServer {} => self.new_server(input),
            Input::SetMembers { ref voters, ref learners, server, catch_up, stays_joint } => {
                let change = Change { voters: voters.clone(), learners: learners.clone(), catch_up, stays_joint };
                self.hand_to_leader(input, server, CoreInput::Reconfigure(change))
            }
            Input::LeaveJoint { server } => self.hand_to_leader(input, server, CoreInput::LeaveJoint),
            Input::Propose { ref value, server: Some(server) } => self.propose(input, server, value),
            Input::Propose { ref value, server: None } => self.enqueue(input, Wish::to_write(value.clone())),
            Input::Read { ref key, server: Some(server) } => self.read(input, server, key),
            Input::Read { ref key, server: None } => self.enqueue(input, Wish::to_read(key)),
            Input::Cut { from, to } => self.set_cut(input, from, to, true),
            Input::Uncut { from, to } => self.set_cut(input, from, to, false),
            Input::Partition { ref groups } => self.partition(input, groups),
            Input::Heal {} => self.heal(input),
            Input::Flap { from, to, up_us, down_us } => self.flap(input, from, to, Flap { up_us, down_us }),
            Input::Hold { message } => self.hold(input, message),
            Input::HoldLatest { from, to } => self.hold_latest(input, from, to),
            Input::Release { message } => self.release(input, message),
            Input::ReleaseAll {} => self.release_all(input),
            Input::Drop { message } => self.drop_message(input, message),
            Input::Duplicate { message } => self.duplicate(input, message),
            Input::Deliver { message } => self.deliver(input, message),
            Input::SetDelay { message, us } => self.set_delay(input, message, us),
            Input::SetLink { from, to, .. } => self.set_link(input, from, to),
            Input::Move { server, x, y } => self.move_server(input, server, Position { x, y }),
            Input::Wall { wall, ax, ay, bx, by } => {
                self.put_wall(input, wall, Position { x: ax, y: ay }, Position { x: bx, y: by })
            }
            Input::SetWall { wall, stops, loss_ppm } => {
                let Some(&standing) = self.stage.walls().get(&wall) else { return Err(InputError::NoSuchWall(wall)) };
                self.change_wall(input, standing, Wall { stops, loss_ppm, ..standing })
            }
            Input::RemoveWall { wall } => self.remove_wall(input, wall),
        }?;
        let Time(at_us) = self.now;
        let done = TimedInput { at_us, after_events: self.events_at_now, input: input.clone() };
        Arc::make_mut(&mut self.applied).push(done);
        self.forget_what_is_void();
        Ok(())
    }

    /// Records that the input is being done; what follows from it comes after.
    pub(crate) fn herald(&mut self, input: &Input) {
        self.journal.note(self.now, || Happening::InputApplied { input: input.clone() });
    }

    /// Hands a running server what the input says; it may refuse.
    fn hand_input(&mut self, input: &Input, server: ServerId, what: CoreInput) -> Result<(), InputError> {
        if !self.nodes[at(server)].is_up() {
            return Err(InputError::ServerIsDown(server));
        }
        if self.nodes[at(server)].is_paused() {
            return Err(InputError::ServerIsPaused(server));
        }
        let herald = Happening::InputApplied { input: input.clone() };
        let refused = |why: Rejected| InputError::Refused { server, why };
        self.hand(at(server), what, Some(herald)).map(drop).map_err(refused)
    }

    /// Hands what the input says to a server, or to the running leader of the highest term.
    fn hand_to_leader(&mut self, input: &Input, server: Option<ServerId>, what: CoreInput) -> Result<(), InputError> {
        let server = server.or_else(|| self.leader().map(Server::id)).ok_or(InputError::NobodyLeads)?;
        self.hand_input(input, server, what)
    }

    /// Hands a leader a command without a session, and waits for it in the person's stead.
    fn propose(&mut self, input: &Input, server: ServerId, text: &str) -> Result<(), InputError> {
        if !self.nodes[at(server)].is_up() {
            return Err(InputError::ServerIsDown(server));
        }
        if self.nodes[at(server)].is_paused() {
            return Err(InputError::ServerIsPaused(server));
        }
        let operation = Operation { client: DIRECT, sequence: 0, text };
        let herald = Happening::InputApplied { input: input.clone() };
        let appended = self.hand(at(server), CoreInput::Propose(operation.encode()), Some(herald));
        if let Some(EntryId { index, term }) = appended.map_err(|why| InputError::Refused { server, why })? {
            let asked = self.ask_directly(operation.wants());
            self.nodes[at(server)].awaited.insert(index, Awaited { term, client: DIRECT, asked });
        }
        Ok(())
    }

    fn read(&mut self, input: &Input, server: ServerId, key: &str) -> Result<(), InputError> {
        let (reads_before, history_before) = (self.reads_asked, self.history.counts());
        let asked = self.ask_directly(Wanted::Read(key));
        let read = self.new_read(server, key.to_owned(), self.answered, DIRECT, asked);
        let handed = self.hand_input(input, server, CoreInput::Read(read));
        if handed.is_err() {
            self.reads.remove(&read);
            self.reads_asked = reads_before;
            self.history.take_back((DIRECT, asked.sequence), history_before);
            #[cfg(feature = "trace")]
            self.trace.take_back((DIRECT, asked.sequence));
        }
        handed
    }

    fn new_server(&mut self, input: &Input) -> Result<(), InputError> {
        let servers = self.nodes.len() as u32;
        if servers >= Scenario::SERVERS_MAX {
            return Err(InputError::TooManyServers { at_most: Scenario::SERVERS_MAX });
        }
        let server = ServerId(servers + 1);
        let started = self.start(server, 1, Durable::default(), self.now);
        let started = started.map_err(|why| InputError::CannotStart { server, why })?;
        self.nodes.push(Node::new(server, started, Durable::default(), &self.options));
        self.network.add_server();
        self.stage.add_server();
        self.clients.add_server();
        self.checkers.add_server();
        #[cfg(feature = "trace")]
        self.trace.joined(self.now, server);
        self.herald(input);
        self.journal.note(self.now, || Happening::ServerAppeared { server });
        self.look_again(&|_, _| true);
        self.schedule_wake_up(at(server));
        Ok(())
    }

    fn enqueue(&mut self, input: &Input, wish: Wish) -> Result<(), InputError> {
        if self.clients.is_full(PERSON) {
            return Err(InputError::TooManyWaiting { at_most: WAITING_MAX });
        }
        self.herald(input);
        self.clients.enqueue(PERSON, wish);
        self.client_begins(PERSON);
        Ok(())
    }

    fn move_server(&mut self, input: &Input, server: ServerId, position: Position) -> Result<(), InputError> {
        if self.stage.position(at(server)) == Some(position) {
            return Err(InputError::NothingToChange { because: "the server stands there" });
        }
        self.stage.put(at(server), position);
        self.herald(input);
        self.look_again(&|from, to| from == at(server) || to == at(server));
        Ok(())
    }

    fn put_wall(&mut self, input: &Input, id: u32, a: Position, b: Position) -> Result<(), InputError> {
        match self.stage.walls().get(&id) {
            Some(&standing) => return self.change_wall(input, standing, Wall { a, b, ..standing }),
            None if self.stage.walls().len() >= Stage::WALLS_MAX as usize => {
                return Err(InputError::TooManyWalls { at_most: Stage::WALLS_MAX });
            }
            None => self.wall_stands(input, Wall::new(id, a, b)),
        }
        Ok(())
    }

    fn change_wall(&mut self, input: &Input, before: Wall, now: Wall) -> Result<(), InputError> {
        if now == before {
            return Err(InputError::NothingToChange { because: "the wall stands so already" });
        }
        self.wall_stands(input, now);
        Ok(())
    }

    fn wall_stands(&mut self, input: &Input, wall: Wall) {
        self.stage.walls_mut().insert(wall.id, wall);
        self.herald(input);
        self.look_again(&|_, _| true);
    }

    fn remove_wall(&mut self, input: &Input, wall: u32) -> Result<(), InputError> {
        if self.stage.walls_mut().remove(&wall).is_none() {
            return Err(InputError::NoSuchWall(wall));
        }
        self.herald(input);
        self.look_again(&|_, _| true);
        Ok(())
    }

    /// Something on the stage has changed that concerns these links (sender, receiver).
    pub(crate) fn look_again(&mut self, concerns: &dyn Fn(usize, usize) -> bool) {
        self.network.geometry_changed(self.now, &self.stage, &mut self.queue, concerns);
    }
}

#[cfg(test)]
mod tests {
    use raft_core::{Entries, Index, LogWrite, Payload, Save, SaveNumber, Term};

    use super::*;

    #[test]
    fn a_server_whose_disk_holds_no_possible_log_stays_crashed() {
        let mut world = World::new(Scenario::default()).unwrap();
        let server = ServerId(1);
        world.apply(Input::Crash { server, written: 0 }).unwrap();
        for (number, term) in [(1, 2), (2, 1)] {
            let log = Some(LogWrite { from: Index(number), entries: Entries::new(Term(term), [Payload::Noop]) });
            let number = SaveNumber(number);
            let save = Save { number, current_term: Term(2), voted_for: None, snapshot: None, log };
            let disk = &mut world.nodes[0].disk;
            disk.begin(Time::ZERO, 0, 1, save);
            disk.finish();
        }
        let before = world.fingerprint();
        let refused = world.apply(Input::Restart { server }).unwrap_err().to_string();
        assert!(refused.starts_with("S1 cannot start from its disk: entry 2 has term 1 after term 2"), "{refused}");
        assert_eq!((world.fingerprint(), world.servers()[0].is_up()), (before, false));
    }
}
