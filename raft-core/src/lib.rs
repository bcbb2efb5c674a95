//! Raft as a deterministic state machine: no I/O, no clock, no threads, no global randomness.
//!
//! # What Raft does
//!
//! A few servers keep copies of one log. Each applies the log's commands, in order, to a state machine of its own; so as
//! long as the logs agree, the servers are one machine that survives the loss of a minority of them (P§2). Raft is how the
//! logs come to agree. "P" is the paper, *In Search of an Understandable Consensus Algorithm (Extended Version)* by Diego
//! Ongaro and John Ousterhout; "D" is Ongaro's dissertation, *Consensus: Bridging Theory and Practice*.
//!
//! **Terms and elections.** Time is divided into terms, numbered upwards (P§5.1). A [`Server`] begins as a follower. When
//! it has heard from no leader for the length of its election timeout, it enters a new term and asks for votes; a server
//! votes once in a term, and whoever has more than half of the votes leads it (P§5.2). Two majorities share a server, so a
//! term has one leader at most. Timeouts are drawn at random, so that mostly one server times out first.
//!
//! **Replication.** Only the leader takes commands. It appends them to its log and sends them on; each append names the
//! entry just before the new ones, and a follower that does not have that entry refuses, whereupon the leader goes further
//! back (P§5.3). So two logs with the same entry at the same index are the same up to there. An entry that more than half
//! of the servers have made durable is committed, and is handed to the state machine.
//!
//! **What keeps it safe.** A vote goes only to a candidate whose log is at least as new as the voter's, so a new leader
//! has every committed entry (P§5.4.1). And a leader counts copies only of entries of its own term, because an older
//! entry on a majority can still be replaced (P§5.4.2, Figure 8).
//!
//! **What a working cluster needs besides.** A server that was cut off comes back with a high term and would depose a
//! leader that works; with [`Options::pre_vote`] it asks first whether it could win (D§9.6). With
//! [`Options::check_quorum`] servers hold on to a leader that they hear from (D§4.2.3), and a leader that hears from no
//! quorum lets go (D§6.2). [`Input::Transfer`] hands the leadership over without waiting for a timeout (D§3.10).
//!
//! **What must be durable.** The term, the vote and the log, before anything is said that rests on them (P Figure 2). A
//! server that has lost them may vote twice, or forget what it acknowledged.
//!
//! # How to drive it
//!
//! A [`Server`] never asks for anything. It is handed an [`Input`] and the time with [`Server::step`], and leaves
//! [`Effect`]s to be carried out in their order: a [`Save`] to make durable, a [`Message`] to send (some only after a
//! save), an entry to apply. It says with [`Server::next_wake_up`] when it wants to be called again; nothing runs
//! when nothing is due. An input that cannot be right is refused with a [`Rejected`] that says why, and then nothing has
//! changed.
//!
//! ```
//! use std::collections::VecDeque;
//! use raft_core::{Command, Configuration, Durable, Effect, Effects, Input, Options, Server, ServerId, Time};
//!
//! // Three servers whose disks and network take no time.
//! let ids = [1, 2, 3].map(ServerId);
//! let configuration = Configuration::of_voters(ids)?;
//! let mut servers = Vec::new();
//! for id in ids {
//!     servers.push(Server::start(id, configuration.clone(), Options::default(), Durable::default(), Time(0))?);
//! }
//! let mut applied = vec![Vec::new(); 3];
//! let mut inputs = VecDeque::new();
//! let mut effects = Effects::new();
//! let mut run = |servers: &mut Vec<Server>, first: (usize, Input), now: Time| {
//!     inputs.push_back(first);
//!     while let Some((at, input)) = inputs.pop_front() {
//!         servers[at].step(now, input, &mut effects)?;
//!         for effect in effects.drain() {
//!             match effect {
//!                 Effect::Save(save) => inputs.push_back((at, Input::Saved(save.number))),
//!                 // A real disk takes its time, and a message with `after` then waits for it.
//!                 Effect::Send { message, .. } => {
//!                     inputs.push_back((message.to.0 as usize - 1, Input::Receive(message)));
//!                 }
//!                 Effect::Apply { entry, .. } => applied[at].push(entry.payload),
//!                 Effect::Event(_) => {}
//!             }
//!         }
//!     }
//!     Ok::<(), raft_core::Rejected>(())
//! };
//!
//! // Whoever's timeout is the shortest asks for votes, and leads.
//! let first = (0..3).min_by_key(|&at| servers[at].next_wake_up()).unwrap();
//! let now = servers[first].next_wake_up();
//! run(&mut servers, (first, Input::WakeUp), now)?;
//! assert!(servers[first].is_leader());
//!
//! // A command is committed at once on the leader, and the next heartbeat tells the others.
//! run(&mut servers, (first, Input::Propose(Command::from("x=1"))), now)?;
//! let now = servers[first].next_wake_up();
//! run(&mut servers, (first, Input::WakeUp), now)?;
//! assert!(servers.iter().all(|server| server.commit_index() == servers[first].log().last_index()));
//! assert_eq!(applied[0], applied[1]);
//! assert_eq!(applied[1], applied[2]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where to read on
//!
//! `server.rs` holds the state of the paper's Figure 2 and the one entry; `election.rs` and `replication.rs` are the rules,
//! `contact.rs` and `transfer.rs` what the dissertation adds to elections;
//! `saves.rs` is what has to wait for a disk; `guard.rs` is what is asked of a message before it is believed. Every decision leaves an [`Event`] with its reason, the
//! values compared and the section, when someone observes. Each rule that can be switched off with the feature `mutations`
//! is a [`Rule`], named at the line that it governs.
//!
//! # What is left out
//!
//! Snapshots, changes of membership and reads without a log entry. The [`Configuration`] is fixed; every decision that takes a quorum is asked of it.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod configuration;
mod contact;
mod durable;
mod effect;
mod election;
mod event;
mod guard;
mod input;
mod log;
mod message;
mod options;
pub mod random;
mod replication;
mod rule;
mod saves;
mod server;
mod transfer;
mod types;

pub use configuration::{Configuration, InvalidConfiguration};
pub use durable::{Durable, InvalidStart};
pub use effect::{Effect, Effects, LogWrite, Save};
pub use event::{AppendRefusal, CommitReason, Event, Ignored, RoleName, StepDown, TimerReset, VoteRefusal};
pub use input::{Input, Rejected};
pub use log::{Command, Entry, Log, Payload};
pub use message::{AppendOutcome, Body, Message, at_least_as_up_to_date};
pub use options::{InvalidOptions, Options};
#[cfg(feature = "mutations")]
pub use rule::RuleSet;
pub use rule::{Rule, Section};
pub use server::{ElectionTimer, Progress, Role, Server, Transfer, Votes};
pub use types::{EntryId, Index, SaveNumber, ServerId, Term, Time};
