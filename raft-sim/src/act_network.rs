//! What inputs do to links, and to messages on their way.

use raft_core::ServerId;

use crate::happening::{Happening, Loss};
use crate::input::Input;
use crate::input_error::InputError;
use crate::network::{Fate, Flap, IN_FLIGHT_MAX, InFlight, at};
use crate::world::World;

impl World {
    pub(crate) fn set_cut(&mut self, input: &Input, from: ServerId, to: ServerId, cut: bool) -> Result<(), InputError> {
        if !self.network.set_cut(at(from), at(to), cut) {
            return Err(if cut { InputError::AlreadyCut { from, to } } else { InputError::NotCut { from, to } });
        }
        self.herald(input);
        self.look_again(&|sender, receiver| (sender, receiver) == (at(from), at(to)));
        Ok(())
    }

    pub(crate) fn partition(&mut self, input: &Input, groups: &[Vec<ServerId>]) -> Result<(), InputError> {
        let servers = self.nodes.len();
        // The servers that stand in no group form one more together.
        let mut group_of = vec![groups.len(); servers];
        for (number, group) in groups.iter().enumerate() {
            for &server in group {
                group_of[at(server)] = number;
            }
        }
        let mut changed = false;
        for from in 0..servers {
            for to in (0..servers).filter(|&to| to != from) {
                let cut = group_of[from] != group_of[to];
                changed |= self.network.set_cut(from, to, cut);
            }
        }
        if !changed {
            return Err(InputError::NothingToChange { because: "the links are cut in just this way" });
        }
        self.herald(input);
        self.look_again(&|_, _| true);
        Ok(())
    }

    pub(crate) fn heal(&mut self, input: &Input) -> Result<(), InputError> {
        let servers = self.nodes.len();
        let mut changed = !self.stage.walls().is_empty();
        self.stage.walls_mut().clear();
        for from in 0..servers {
            for to in 0..servers {
                changed |= self.network.set_cut(from, to, false);
            }
        }
        if !changed {
            return Err(InputError::NothingToChange { because: "no link is cut by hand and no wall stands" });
        }
        self.herald(input);
        self.look_again(&|_, _| true);
        Ok(())
    }

    pub(crate) fn set_link(&mut self, input: &Input, from: ServerId, to: ServerId) -> Result<(), InputError> {
        let &Input::SetLink { delay_us_min, delay_us_max, loss_ppm, duplicate_ppm, delay_tail_us, in_order, .. } =
            input
        else {
            return Ok(());
        };
        let link = self.network.link_mut(at(from), at(to));
        let before = link.clone();
        (link.delay_us_min, link.delay_us_max) = (delay_us_min, delay_us_max);
        (link.loss_ppm, link.duplicate_ppm) = (loss_ppm, duplicate_ppm);
        (link.delay_tail_us, link.in_order) = (delay_tail_us, in_order);
        if *link == before {
            return Err(InputError::NothingToChange { because: "the link is set in just this way" });
        }
        self.herald(input);
        Ok(())
    }

    pub(crate) fn flap(&mut self, input: &Input, from: ServerId, to: ServerId, flap: Flap) -> Result<(), InputError> {
        if !self.network.flap(at(from), at(to), flap) {
            return Err(InputError::NothingToChange { because: "the link flaps in just this way" });
        }
        self.herald(input);
        self.link_turns(at(from), at(to));
        Ok(())
    }

    /// A direction of a link that flaps is cut or mended.
    pub(crate) fn link_turns(&mut self, from: usize, to: usize) {
        let cut = self.network.turn(self.now, from, to, &mut self.queue);
        let (sender, receiver) = (self.nodes[from].id(), self.nodes[to].id());
        self.journal.note(self.now, || Happening::LinkTurned { from: sender, to: receiver, cut });
        self.look_again(&|sender, receiver| (sender, receiver) == (from, to));
    }

    fn find(&self, message: u64) -> Result<(u32, &InFlight), InputError> {
        let found = self.network.find(message).and_then(|slot| Some((slot, self.network.get(slot)?)));
        found.ok_or(InputError::NoSuchMessage(message))
    }

    pub(crate) fn hold(&mut self, input: &Input, message: u64) -> Result<(), InputError> {
        let (slot, guest) = self.find(message)?;
        if guest.held_at().is_some() {
            return Err(InputError::NothingToChange { because: "the message is held" });
        }
        let label = guest.label();
        self.herald(input);
        self.network.hold(slot, self.now);
        self.journal.note(self.now, || Happening::Held { label });
        Ok(())
    }

    pub(crate) fn hold_latest(&mut self, input: &Input, from: ServerId, to: ServerId) -> Result<(), InputError> {
        let latest = self.network.latest(from, to).and_then(|slot| self.network.get(slot));
        let none = InputError::NothingToChange { because: "no message that is not held is on its way there" };
        let message = latest.ok_or(none)?.id();
        self.hold(input, message)
    }

    pub(crate) fn release(&mut self, input: &Input, message: u64) -> Result<(), InputError> {
        let (slot, guest) = self.find(message)?;
        if guest.held_at().is_none() {
            return Err(InputError::NothingToChange { because: "the message is not held" });
        }
        self.herald(input);
        self.let_go(slot);
        Ok(())
    }

    pub(crate) fn release_all(&mut self, input: &Input) -> Result<(), InputError> {
        let held = self.network.held();
        if held.is_empty() {
            return Err(InputError::NothingToChange { because: "no message is held" });
        }
        self.herald(input);
        for slot in held {
            self.let_go(slot);
        }
        Ok(())
    }

    fn let_go(&mut self, slot: u32) {
        self.network.release(slot, self.now, &self.stage, &mut self.queue);
        if let Some(label) = self.network.get(slot).map(InFlight::label) {
            self.journal.note(self.now, || Happening::Released { label });
        }
    }

    /// Takes a message off its way.
    fn take(&mut self, input: &Input, message: u64, fate: Fate) -> Result<InFlight, InputError> {
        let (slot, _) = self.find(message)?;
        let mut taken = self.network.take(slot).ok_or(InputError::NoSuchMessage(message))?;
        self.herald(input);
        taken.end(self.now, fate);
        Ok(taken)
    }

    pub(crate) fn drop_message(&mut self, input: &Input, message: u64) -> Result<(), InputError> {
        let dropped = self.take(input, message, Fate::Lost)?;
        let label = dropped.label();
        self.journal.note(self.now, || Happening::Lost { label, why: Loss::ByHand });
        self.keep_in_sight(dropped);
        Ok(())
    }

    pub(crate) fn deliver(&mut self, input: &Input, message: u64) -> Result<(), InputError> {
        let arrived = self.take(input, message, Fate::Arrives)?;
        self.message_ends(arrived);
        Ok(())
    }

    pub(crate) fn set_delay(&mut self, input: &Input, message: u64, us: u64) -> Result<(), InputError> {
        let (slot, guest) = self.find(message)?;
        if guest.held_at().is_some() {
            return Err(InputError::NothingToChange { because: "the message is held" });
        }
        if guest.arrives_at() == self.now.plus(us) {
            return Err(InputError::NothingToChange { because: "the message takes so long already" });
        }
        self.herald(input);
        self.network.set_delay(slot, self.now, us, &self.stage, &mut self.queue);
        Ok(())
    }

    pub(crate) fn duplicate(&mut self, input: &Input, message: u64) -> Result<(), InputError> {
        let (slot, original) = self.find(message)?;
        let label = original.label();
        let copy = self.network.duplicate(slot, self.now, &self.stage, &mut self.queue);
        let copy = copy.ok_or(InputError::TooManyInFlight { at_most: IN_FLIGHT_MAX })?;
        self.herald(input);
        let label = crate::happening::Label { message: copy, ..label };
        self.journal.note(self.now, || Happening::Duplicated { label, copy_of: message });
        Ok(())
    }
}
