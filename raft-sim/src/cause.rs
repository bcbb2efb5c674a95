//! What brought each record about.
//!
//! A cause is the number of an earlier record. What is still to come out of a record is remembered here: a message on its
//! way, a save that its disk has not done, a message that waits for one, a timer that runs, a client's question. Nothing in
//! the world depends on it, and it holds no more than the world has on its way.

use std::collections::VecDeque;

use raft_core::{CommitReason, Event, SaveNumber, ServerId};

use crate::happening::{Happening, Loss};
use crate::short_map::ShortMap;

/// A record's number; zero for none.
type Number = u64;

/// What of a server's past is still to show.
#[derive(Clone, Debug, Default)]
struct OfServer {
    /// What last set its timer: a timer reset, the election that made it leader, or its start.
    timer: Number,
    /// What asked for each save that its disk has before it.
    saves: VecDeque<(SaveNumber, Number)>,
    /// What sent each message that waits for a save.
    held: VecDeque<Number>,
}

/// Which records can still bring something about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    /// What the event or input that is happening began with: what was handed to a server or a client.
    began_with: Number,
    /// What was decided in it last.
    decided: Number,
    /// What sent the messages that a save has just let go.
    let_go: Number,
    /// The answer to a read that a client is about to be sent.
    read: Number,
    /// By the numbers of messages and copies on their way, what sent them.
    messages: ShortMap<u64, Number>,
    client_messages: ShortMap<u64, Number>,
    servers: Vec<OfServer>,
    /// By client, what it asked or was answered last.
    clients: ShortMap<u32, Number>,
}

impl Links {
    fn of(&mut self, server: ServerId) -> &mut OfServer {
        let at = server.0 as usize;
        if self.servers.len() <= at {
            self.servers.resize_with(at + 1, OfServer::default);
        }
        &mut self.servers[at]
    }

    /// How many bytes a clone of it takes, nearly.
    pub(crate) fn own_bytes(&self) -> usize {
        let of_server = |server: &OfServer| size_of_val(server) + server.saves.len() * 16 + server.held.len() * 8;
        let servers: usize = self.servers.iter().map(of_server).sum();
        servers + (self.messages.len() + self.client_messages.len() + self.clients.len()) * 16
    }

    /// What happens now was brought about by what was decided last in this event, or by what it began with.
    const fn present(&self) -> Number {
        if self.decided > 0 { self.decided } else { self.began_with }
    }

    /// An event or an input begins, which this brought about.
    pub(crate) const fn begin(&mut self, with: Number) {
        (self.began_with, self.decided, self.let_go, self.read) = (with, 0, 0, 0);
    }

    pub(crate) fn woken(&mut self, server: ServerId) {
        let set_by = self.of(server).timer;
        self.begin(set_by);
    }

    pub(crate) fn begins_save(&mut self, server: ServerId, save: SaveNumber) {
        let by = self.present();
        self.of(server).saves.push_back((save, by));
    }

    pub(crate) fn saved(&mut self, server: ServerId, upto: SaveNumber) {
        let mut asked_by = 0;
        while let Some((_, by)) = self.of(server).saves.pop_front_if(|(save, _)| *save <= upto) {
            asked_by = by;
        }
        self.begin(asked_by);
    }

    /// A message waits for a save.
    pub(crate) fn holds(&mut self, server: ServerId) {
        let by = self.present();
        self.of(server).held.push_back(by);
    }

    /// The first message that waits at a server leaves; `waiting` messages did, itself included.
    pub(crate) fn lets_go(&mut self, server: ServerId, waiting: usize) {
        let held = &mut self.of(server).held;
        // Those that began to wait while nobody observed are not among them, and left first.
        self.let_go = if held.len() >= waiting { held.pop_front().unwrap_or(0) } else { 0 };
    }

    pub(crate) fn all_let_go(&mut self) {
        self.let_go = 0;
    }

    pub(crate) fn client_message_leaves(&mut self, number: u64) {
        let read = std::mem::take(&mut self.read);
        let by = if read > 0 { read } else { self.present() };
        self.client_messages.insert(number, by);
    }

    pub(crate) fn client_message_arrives(&mut self, number: u64) {
        let sent_by = self.client_messages.remove(&number).unwrap_or(0);
        self.begin(sent_by);
    }

    /// A client acts because time has passed.
    pub(crate) fn client_waited(&mut self, client: u32) {
        let since = self.clients.get(&client).copied().unwrap_or(0);
        self.begin(since);
    }

    /// Takes down what happens under this number, and says what brought it about.
    pub(crate) fn link(&mut self, number: Number, happening: &Happening) -> Option<Number> {
        let mut cause = self.present();
        match happening {
            Happening::Sent { label } => {
                if self.let_go > 0 {
                    cause = self.let_go;
                }
                self.messages.insert(label.message, number);
            }
            Happening::Duplicated { label, copy_of } => {
                cause = self.messages.get(copy_of).copied().unwrap_or(0);
                self.messages.insert(label.message, number);
            }
            Happening::Lost { label, why: Loss::ByHand } => {
                self.messages.remove(&label.message);
            }
            Happening::Delivered { label } | Happening::Lost { label, .. } | Happening::Blocked { label, .. } => {
                cause = self.messages.remove(&label.message).unwrap_or(0);
                if matches!(happening, Happening::Delivered { .. }) {
                    self.begin(number);
                }
            }
            Happening::Waits { label } => {
                cause = self.messages.insert(label.message, number).unwrap_or(0);
            }
            Happening::Decision { server, event, .. } => {
                cause = self.began_with;
                match event {
                    Event::TimerReset { .. } => self.of(*server).timer = number,
                    // What a follower learns of commits is not why it answers.
                    Event::Committed { reason: CommitReason::LeaderCommitted { .. }, .. }
                    | Event::ConfigurationInForce { .. } => {}
                    _ => {
                        if matches!(event, Event::BecameLeader { .. }) {
                            self.of(*server).timer = number;
                        }
                        self.decided = number;
                    }
                }
            }
            Happening::InputApplied { .. } => {
                cause = 0;
                self.begin(number);
            }
            Happening::InputRefused { .. } => cause = 0,
            Happening::Crashed { server, .. } => {
                cause = self.began_with;
                let this = self.of(*server);
                this.saves.clear();
                this.held.clear();
            }
            Happening::Restarted { server } | Happening::ServerAppeared { server } => {
                cause = self.began_with;
                self.of(*server).timer = number;
            }
            Happening::ClientRequested { client, .. }
            | Happening::ClientAnswered { client, .. }
            | Happening::ClientGaveUp { client, .. }
            | Happening::ClientRetries { client, .. } => {
                self.clients.insert(*client, number);
                self.decided = number;
            }
            Happening::ReadAnswered { .. } | Happening::ReadFailed { .. } => self.read = number,
            Happening::Refused { .. }
            | Happening::ChangeAbandoned { .. }
            | Happening::LeadershipLost { .. }
            | Happening::Held { .. }
            | Happening::Released { .. }
            | Happening::LinkTurned { .. }
            | Happening::SnapshotUnreadable { .. }
            | Happening::Violated { .. } => {}
        }
        (cause > 0).then_some(cause)
    }
}
