//! OmniPaxos, the crate `omnipaxos`, with the storage in memory of `omnipaxos_storage`.

use std::ops::Range;
use std::sync::Arc;

use omnipaxos::messages::Message;
use omnipaxos::storage::{Entry, NoSnapshot};
use omnipaxos::util::LogEntry;
use omnipaxos::{ClusterConfig, OmniPaxos, ServerConfig};
use omnipaxos_storage::memory_storage::MemoryStorage;

use crate::cluster::{Cluster, Network, Tally};
use crate::scenario::BATCH;

/// The library leaves the type of a command to its user: one whose clones share the bytes.
#[derive(Clone, Debug)]
struct Shared(Arc<[u8]>);

impl Entry for Shared {
    type Snapshot = NoSnapshot;
}

/// Servers of OmniPaxos.
pub(crate) struct Omni {
    nodes: Vec<Node>,
    network: Network<Message<Shared>>,
    tally: Tally,
    commands: Vec<Shared>,
}

struct Node {
    paxos: OmniPaxos<Shared, MemoryStorage<Shared>>,
    outgoing: Vec<Message<Shared>>,
    applied: usize,
    /// Whether entries wait for others (`batch_size`) until the server's turn is over.
    batches: bool,
}

impl Omni {
    pub(crate) fn start(servers: usize, batches: bool) -> Self {
        let ids: Vec<u64> = (1..).take(servers).collect();
        let start = |&pid: &u64| {
            let cluster = ClusterConfig { configuration_id: 1, nodes: ids.clone(), flexible_quorum: None };
            let mut server = ServerConfig { pid, ..ServerConfig::default() };
            if batches {
                // A tick ends the waiting, and does nothing else: no heartbeats, no repeated messages.
                server.batch_size = BATCH;
                server.flush_batch_tick_timeout = 1;
                server.election_tick_timeout = u64::MAX;
                server.resend_message_tick_timeout = u64::MAX;
            }
            let storage = MemoryStorage::default();
            let paxos = cluster.build_for_server(server, storage).expect("the settings are valid");
            Node { paxos, outgoing: Vec::new(), applied: 0, batches }
        };
        let mut cluster = Self {
            nodes: ids.iter().map(start).collect(),
            network: Network::new(servers),
            tally: Tally::new(servers),
            commands: Vec::new(),
        };
        cluster.nodes[0].paxos.try_become_leader();
        for at in 0..servers {
            cluster.carry_out(at);
        }
        cluster.settle();
        assert_eq!(cluster.nodes[0].paxos.get_current_leader(), Some((1, true)));
        cluster
    }

    fn carry_out(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        if node.batches {
            node.paxos.tick();
        }
        node.paxos.take_outgoing_messages(&mut node.outgoing);
        for message in node.outgoing.drain(..) {
            self.network.send(message.get_receiver() as usize - 1, message, &mut self.tally);
        }
        if node.paxos.get_decided_idx() > node.applied {
            let entries = node.paxos.read_decided_suffix(node.applied).expect("what is decided is in the log");
            node.applied += entries.len();
            for entry in entries {
                if let LogEntry::Decided(command) = entry {
                    self.tally.apply(at, &command.0);
                }
            }
        }
    }
}

impl Cluster for Omni {
    fn prepare(&mut self, commands: &[Vec<u8>]) {
        self.commands = commands.iter().map(|bytes| Shared(bytes.as_slice().into())).collect();
    }

    fn propose(&mut self, which: Range<usize>) {
        for command in which {
            let command = self.commands[command].clone();
            self.nodes[0].paxos.append(command).expect("no reconfiguration is under way");
        }
        self.carry_out(0);
    }

    fn turn(&mut self, at: usize) {
        while let Some(message) = self.network.next(at) {
            self.nodes[at].paxos.handle_incoming(message);
        }
        self.carry_out(at);
    }

    /// Followers are told of every decision, and need no heartbeat for it.
    fn heartbeat(&mut self) {}

    fn waiting(&self, at: usize) -> bool {
        self.network.waiting(at)
    }

    fn tally(&mut self) -> &mut Tally {
        &mut self.tally
    }
}
