//! raft-core.
//!
//! Everything that knows its interface is in this file. One command goes in with [`Input::Propose`], several with
//! [`Input::ProposeBatch`].

use std::ops::Range;

use raft_core::{
    Command, Configuration, Durable, Effect, Effects, Entries, Input, Message, Options, Payload, Server, ServerId, Time,
};

use crate::cluster::{Cluster, Network, Tally};

/// Servers of raft-core.
///
/// A save is done as soon as it is asked for: the server's own log is the only copy, as it is for the other contenders. The
/// servers are told so once, or of each save.
#[derive(Debug)]
pub(crate) struct Ours {
    servers: Vec<Server>,
    /// One list for all of them, reused, in which nobody observes.
    effects: Effects,
    reports_saves: bool,
    now: Time,
    network: Network<Message>,
    tally: Tally,
    commands: Vec<Command>,
}

impl Ours {
    pub(crate) fn start(servers: usize, eager_commit: bool, reports_saves: bool) -> Self {
        let options = Options { eager_commit, ..Options::default() };
        let ids = (1..).take(servers).map(ServerId);
        let configuration = Configuration::of_voters(ids.clone()).expect("each id stands once");
        let start = |id| Server::start(id, configuration.clone(), options.clone(), Durable::default(), Time::ZERO);
        let mut cluster = Self {
            servers: ids.map(|id| start(id).expect("the defaults are valid")).collect(),
            effects: if reports_saves { Effects::new() } else { Effects::new().saved_at_once() },
            reports_saves,
            now: Time::ZERO,
            network: Network::new(servers),
            tally: Tally::new(servers),
            commands: Vec::new(),
        };
        cluster.step(0, Input::TimeOut);
        cluster.carry_out(0);
        cluster.settle();
        cluster.heartbeat();
        cluster.settle();
        assert!(cluster.servers[0].is_leader());
        cluster
    }

    fn step(&mut self, at: usize, input: Input) {
        self.servers[at].step(self.now, input, &mut self.effects).expect("nothing is wrong with the input");
    }

    /// Does what the steps since the last time have asked for.
    fn carry_out(&mut self, at: usize) {
        if self.reports_saves {
            return self.carry_out_and_report(at);
        }
        for effect in self.effects.drain() {
            if let Effect::Apply { entries, .. } = &effect {
                self.tally.apply_all(at, entries);
            }
            if let Effect::Send { message, .. } = effect {
                self.network.send(message.to.0 as usize - 1, message, &mut self.tally);
            }
        }
    }

    /// The same, and reports the saves. As one loop for both, whoever reports nothing would pay for looking at them: a hundred
    /// instructions an entry.
    fn carry_out_and_report(&mut self, at: usize) {
        while !self.effects.as_slice().is_empty() {
            let mut saved = None;
            for effect in self.effects.drain() {
                match &effect {
                    // Several saves may be reported at once, by the last one's number.
                    Effect::Save(save) => saved = Some(save.number),
                    Effect::Apply { entries, .. } => self.tally.apply_all(at, entries),
                    _ => {}
                }
                // Nobody takes a turn before the save that the message waits for is reported below.
                if let Effect::Send { message, .. } = effect {
                    self.network.send(message.to.0 as usize - 1, message, &mut self.tally);
                }
            }
            if let Some(saved) = saved {
                self.step(at, Input::Saved(saved));
            }
        }
    }
}

impl Tally {
    /// A server applies entries.
    #[inline]
    fn apply_all(&mut self, at: usize, entries: &Entries) {
        for payload in entries.payloads() {
            if let Payload::Command(command) = payload {
                self.apply(at, command.bytes());
            }
        }
    }
}

impl Cluster for Ours {
    fn prepare(&mut self, commands: &[Vec<u8>]) {
        self.commands = commands.iter().map(|bytes| Command::from(bytes.as_slice())).collect();
    }

    fn propose(&mut self, which: Range<usize>) {
        let input = match &self.commands[which] {
            [command] => Input::Propose(command.clone()),
            commands => Input::ProposeBatch(commands.to_vec()),
        };
        self.step(0, input);
        self.carry_out(0);
    }

    fn turn(&mut self, at: usize) {
        while let Some(message) = self.network.next(at) {
            self.step(at, Input::Receive(message));
        }
        self.carry_out(at);
    }

    fn heartbeat(&mut self) {
        self.now = self.servers[0].next_wake_up();
        self.step(0, Input::WakeUp);
        self.carry_out(0);
    }

    fn waiting(&self, at: usize) -> bool {
        self.network.waiting(at)
    }

    fn tally(&mut self) -> &mut Tally {
        &mut self.tally
    }
}
