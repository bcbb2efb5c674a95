//! What a checkpoint takes in memory, as far as can be told without asking the allocator.

use std::mem::size_of;

use raft_core::{Log, Role, Server};

use crate::node::Node;
use crate::world::World;

/// What an allocation takes beside its contents, and an entry beside what it carries: its place in the leader's memory and
/// in that of some followers, and the counts of a shared text.
const ALLOCATION: usize = 16;
const ENTRY: usize = 24;

impl World {
    /// The bytes of a clone that no other world shares.
    pub(super) fn own_bytes(&self) -> usize {
        let nodes: usize = self.nodes.iter().map(node_bytes).sum();
        size_of::<Self>()
            + nodes
            + self.queue.own_bytes()
            + self.network.own_bytes()
            + self.clients.own_bytes()
            + self.checkers.own_bytes()
            + self.journal.own_bytes()
            + self.reads.len() * 128
    }

    /// The bytes that this world shares with later ones and not with an earlier one: entries, and the inputs that were
    /// done in between.
    pub(super) fn shared_bytes_since(&self, earlier: Option<&Self>) -> usize {
        let mut bytes = self.checkers.shared_bytes_since(earlier.map(|world| &world.checkers));
        for (at, node) in self.nodes.iter().enumerate() {
            let before = earlier.and_then(|world| world.nodes.get(at)).map(|node| log_of(node).last_index());
            let first = before.unwrap_or_default().next();
            let mut new = 0;
            for (_, _, payload) in log_of(node).iter_from(first) {
                // The text is there once; every server, and every disk, may have gathered its entries in memory of its own.
                let text = if at == 0 { payload.bytes() + ALLOCATION * 2 } else { 0 };
                new += text + 2 * ENTRY;
            }
            bytes += new;
        }
        let inputs = earlier.is_none_or(|world| world.applied.len() != self.applied.len());
        bytes + if inputs { self.applied.len() * size_of::<crate::TimedInput>() } else { 0 }
    }
}

fn log_of(node: &Node) -> &Log {
    node.server().map_or(&node.durable().log, Server::log)
}

fn node_bytes(node: &Node) -> usize {
    let server = node.server().map_or(0, |server| {
        let followers = match server.role() {
            Role::Leader(leading) => leading.followers.iter().map(|follower| size_of_val(follower) + 64).sum(),
            _ => 0,
        };
        server.log().own_bytes() + followers + 2 * ALLOCATION
    });
    let text = |text: &String| text.len() + ALLOCATION + size_of::<String>();
    let store: usize = node.store.values().iter().map(|(key, value)| text(key) + text(value)).sum();
    size_of::<Node>()
        + server
        + node.durable().log.own_bytes()
        + node.saves_under_way() * size_of::<raft_core::Save>()
        + node.held.len() * (size_of::<raft_core::Message>() + 8)
        + store
        + node.awaited.len() * 48
}
