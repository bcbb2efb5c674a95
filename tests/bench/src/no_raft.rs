//! noraft. It keeps the order of entries only: what they carry, and storing it, is the caller's own business.

use std::ops::Range;

use noraft::{Action, LogIndex, Message, Node, NodeId};

use crate::cluster::{Cluster, Network, Tally};

/// Nodes of noraft. Nothing is stored and no command is carried, as the library asks neither.
pub(crate) struct NoRaft {
    nodes: Vec<Node>,
    /// Up to where each node has applied.
    applied: Vec<LogIndex>,
    network: Network<Message>,
    tally: Tally,
}

impl NoRaft {
    pub(crate) fn start(servers: usize) -> Self {
        let ids: Vec<NodeId> = (0..).take(servers).map(NodeId::new).collect();
        let mut cluster = Self {
            nodes: ids.iter().map(|&id| Node::start(id)).collect(),
            applied: vec![LogIndex::ZERO; servers],
            network: Network::new(servers),
            tally: Tally::new(servers),
        };
        cluster.nodes[0].create_cluster(&ids);
        cluster.carry_out(0);
        cluster.settle();
        cluster.heartbeat();
        cluster.settle();
        assert!(cluster.nodes[0].role().is_leader());
        // The cluster's members and the leader's term are entries too, but no commands.
        cluster.tally = Tally::new(servers);
        cluster
    }

    fn carry_out(&mut self, at: usize) {
        while let Some(action) = self.nodes[at].actions_mut().next() {
            match action {
                Action::BroadcastMessage(message) => {
                    for peer in self.nodes[at].peers() {
                        self.network.send(peer.get() as usize, message.clone(), &mut self.tally);
                    }
                }
                Action::SendMessage(to, message) => self.network.send(to.get() as usize, message, &mut self.tally),
                Action::SetElectionTimeout
                | Action::SaveCurrentTerm
                | Action::SaveVotedFor
                | Action::AppendLogEntries(_)
                | Action::InstallSnapshot(_) => {}
            }
        }
        while self.applied[at] < self.nodes[at].commit_index() {
            self.applied[at] = self.applied[at].next();
            self.tally.apply(at, &[]);
        }
    }
}

impl Cluster for NoRaft {
    fn prepare(&mut self, _commands: &[Vec<u8>]) {}

    fn propose(&mut self, which: Range<usize>) {
        for _ in which {
            self.nodes[0].propose_command();
        }
        self.carry_out(0);
    }

    fn turn(&mut self, at: usize) {
        while let Some(message) = self.network.next(at) {
            self.nodes[at].handle_message(&message).expect("no snapshot is about");
        }
        self.carry_out(at);
    }

    fn heartbeat(&mut self) {
        self.nodes[0].heartbeat();
        self.carry_out(0);
    }

    fn waiting(&self, at: usize) -> bool {
        self.network.waiting(at)
    }

    fn tally(&mut self) -> &mut Tally {
        &mut self.tally
    }
}
