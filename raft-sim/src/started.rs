//! The servers of a world as it begins, and what the checkers remember of them.

use raft_core::random::draw;
use raft_core::{Configuration, Index, InvalidStart, Message, Server, ServerId, Time};

use crate::begin::{Beginning, Begun};
use crate::checkers::{Checkers, Violation};
use crate::node::Node;
use crate::plain::not;
use crate::purpose;
use crate::scenario::{Scenario, ScenarioError};
use crate::store::Store;

/// What a world begins with.
pub(crate) struct Started {
    /// Who counts where logs begin.
    pub(crate) configuration: Configuration,
    pub(crate) nodes: Vec<Node>,
    pub(crate) checkers: Checkers,
    /// The messages on their way, and when each arrives.
    pub(crate) messages: Vec<(Message, Time)>,
}

/// The seed of a server's life: each has its own, or it would repeat its timeouts.
pub(crate) fn seed_of_life(seed: u64, id: ServerId, incarnation: u32) -> u64 {
    draw(&[seed, purpose::SERVER, id.0.into(), incarnation.into()])
}

impl Started {
    /// Everything else in the scenario has been checked.
    pub(crate) fn at_the_beginning_of(scenario: &Scenario) -> Result<Self, ScenarioError> {
        let Begun { first, servers, messages } = scenario.begin()?;
        let mut nodes = Vec::with_capacity(servers.len());
        for beginning in &servers {
            nodes.push(node(scenario, beginning).map_err(|invalid| match invalid {
                InvalidStart::Options(invalid) => {
                    not("options", invalid.to_string(), "options that servers start with")
                }
                invalid => not(&beginning.field(), format!("impossible ({invalid})"), "a server that can stand there"),
            })?);
        }
        let impossible = |violation: Box<Violation>| {
            let named = violation.servers.last().and_then(|last| servers.iter().find(|server| server.id == *last));
            let field = named.map_or_else(|| "initial".to_owned(), Beginning::field);
            let found = format!("impossible ({})", violation.text.trim_end_matches('.'));
            not(&field, found, "a state that correct servers can come to")
        };
        let mut checkers = Checkers::begin(&first, &servers).map_err(impossible)?;
        for (node, beginning) in nodes.iter_mut().zip(&servers) {
            let Beginning { id, durable, standing, down, .. } = beginning;
            let mut look = |index: Index, store: &Store| checkers.has_state(Time::ZERO, *id, index, store.digest());
            if let Some(snapshot) = &durable.snapshot {
                // It was written by a store just now.
                node.store = Store::restore(&snapshot.data).unwrap_or_default();
                look(snapshot.last_included.index, &node.store).map_err(impossible)?;
            }
            for (index, _, payload) in durable.log.iter_from(Index::ZERO) {
                if index <= standing.commit_index {
                    node.store.apply(payload, true);
                }
            }
            node.applied = standing.commit_index;
            look(node.applied, &node.store).map_err(impossible)?;
            if *down {
                node.crash(0);
            }
        }
        Ok(Self { configuration: first, nodes, checkers, messages })
    }
}

fn node(scenario: &Scenario, beginning: &Beginning) -> Result<Node, InvalidStart> {
    let Beginning { id, first, durable, standing, .. } = beginning;
    let options = scenario.options.for_server(seed_of_life(scenario.seed, *id, 1));
    let server = Server::start_as(*id, first.clone(), options, durable.clone(), standing.clone(), Time::ZERO)?;
    Ok(Node::new(*id, server, durable.clone(), &scenario.options))
}
