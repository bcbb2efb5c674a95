//! raft-rs, the crate `raft`, driven as its own example of a node does.

use std::ops::Range;

use raft::eraftpb::{Entry, Message, MessageType};
use raft::storage::MemStorage;
use raft::{Config, RawNode, StateRole};

use crate::cluster::{Cluster, Network, Tally};

/// How its servers are set.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settings {
    /// Entries join an append that has not left yet (`batch_append`).
    pub(crate) batch_append: bool,
    /// Followers learn of a commit with the next append (`skip_bcast_commit`).
    pub(crate) lazy_commit: bool,
    /// All commands that are there are proposed in one message, as shared handles, and travel in one append.
    pub(crate) propose_together: bool,
}

/// Servers of raft-rs with its own storage in memory.
pub(crate) struct RaftRs {
    nodes: Vec<RawNode<MemStorage>>,
    settings: Settings,
    network: Network<Message>,
    tally: Tally,
    /// Entries that hold the command and nothing else: a proposal as it would go into a message.
    commands: Vec<Entry>,
}

impl RaftRs {
    pub(crate) fn start(servers: usize, settings: Settings) -> Self {
        let logger = slog::Logger::root(slog::Discard, slog::o!());
        let ids: Vec<u64> = (1..).take(servers).collect();
        let start = |&id: &u64| {
            let mut config = Config::new(id);
            config.batch_append = settings.batch_append;
            config.skip_bcast_commit = settings.lazy_commit;
            if settings.propose_together {
                // By default an append carries one entry at most, whatever was proposed together.
                config.max_size_per_msg = 1 << 20;
            }
            let storage = MemStorage::new_with_conf_state((ids.clone(), vec![]));
            RawNode::new(&config, storage, &logger).expect("the settings are valid")
        };
        let mut cluster = Self {
            nodes: ids.iter().map(start).collect(),
            settings,
            network: Network::new(servers),
            tally: Tally::new(servers),
            commands: Vec::new(),
        };
        cluster.nodes[0].campaign().expect("a follower may campaign");
        cluster.carry_out(0);
        cluster.settle();
        cluster.heartbeat();
        cluster.settle();
        assert!(cluster.nodes[0].raft.state == StateRole::Leader);
        cluster
    }

    /// The steps of raft's documentation ("Processing the Ready state"), in its order.
    fn carry_out(&mut self, at: usize) {
        while self.nodes[at].has_ready() {
            let mut ready = self.nodes[at].ready();
            self.send(ready.take_messages());
            self.apply(at, ready.take_committed_entries());
            let store = self.nodes[at].store();
            store.wl().append(ready.entries()).expect("entries come in order");
            if let Some(state) = ready.hs() {
                store.wl().set_hardstate(state.clone());
            }
            self.send(ready.take_persisted_messages());
            let mut light = self.nodes[at].advance(ready);
            if let Some(commit) = light.commit_index() {
                self.nodes[at].store().wl().mut_hard_state().set_commit(commit);
            }
            self.send(light.take_messages());
            self.apply(at, light.take_committed_entries());
            self.nodes[at].advance_apply();
        }
    }

    fn send(&mut self, messages: Vec<Message>) {
        for message in messages {
            self.network.send(message.to as usize - 1, message, &mut self.tally);
        }
    }

    fn apply(&mut self, at: usize, entries: Vec<Entry>) {
        // Before the first proposal is prepared, what comes is the new leader's empty entry.
        if self.commands.is_empty() {
            return;
        }
        for entry in entries {
            self.tally.apply(at, &entry.data);
        }
    }
}

impl Cluster for RaftRs {
    fn prepare(&mut self, commands: &[Vec<u8>]) {
        let entry = |bytes: &Vec<u8>| Entry { data: bytes.clone().into(), ..Entry::default() };
        self.commands = commands.iter().map(entry).collect();
    }

    fn propose(&mut self, which: Range<usize>) {
        if self.settings.propose_together {
            let mut message = Message::default();
            message.set_msg_type(MessageType::MsgPropose);
            message.from = 1;
            message.set_entries(self.commands[which].to_vec().into());
            self.nodes[0].step(message).expect("the leader takes proposals");
        } else {
            for command in which {
                // `propose` wants bytes of its own.
                let command = self.commands[command].data.to_vec();
                self.nodes[0].propose(vec![], command).expect("the leader takes proposals");
            }
        }
        self.carry_out(0);
    }

    fn turn(&mut self, at: usize) {
        while let Some(message) = self.network.next(at) {
            self.nodes[at].step(message).expect("the message is from a member");
        }
        self.carry_out(at);
    }

    fn heartbeat(&mut self) {
        self.nodes[0].ping();
        self.carry_out(0);
    }

    fn waiting(&self, at: usize) -> bool {
        self.network.waiting(at)
    }

    fn tally(&mut self) -> &mut Tally {
        &mut self.tally
    }
}
