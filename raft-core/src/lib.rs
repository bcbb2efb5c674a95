//! Raft as a deterministic state machine: no I/O, no clock, no threads, no global randomness.
//!
//! This page is a short book on Raft, in the order in which one can understand it; every part names the types and files that
//! hold it. "P" is the paper, *In Search of an Understandable Consensus Algorithm (Extended Version)* by Diego Ongaro and
//! John Ousterhout; "D" is Ongaro's dissertation, *Consensus: Bridging Theory and Practice*.
//!
//! 1. [What Raft is for](#1-what-raft-is-for)
//! 2. [Terms and elections](#2-terms-and-elections)
//! 3. [The log](#3-the-log)
//! 4. [Why nothing committed is lost](#4-why-nothing-committed-is-lost)
//! 5. [What must be durable](#5-what-must-be-durable)
//! 6. [Leaders that stay, leaders that go](#6-leaders-that-stay-leaders-that-go)
//! 7. [Changing the members](#7-changing-the-members)
//! 8. [Snapshots](#8-snapshots)
//! 9. [Reads](#9-reads)
//! 10. [Driving a server](#10-driving-a-server)
//! 11. [What is not believed](#11-what-is-not-believed)
//! 12. [Rules that can be switched off](#12-rules-that-can-be-switched-off)
//!
//! # 1. What Raft is for
//!
//! A few servers keep copies of one log. Each applies the log's commands, in order, to a state machine of its own; so as
//! long as the logs agree, the servers are one machine that survives the loss of a minority of them (P§2). Raft is how the
//! logs come to agree. It promises five things at all times (P Fig. 3), whatever is lost, delayed, doubled, reordered or
//! restarted: a term has one leader at most (Election Safety); a leader only appends (Leader Append-Only); logs with the
//! same entry are the same up to there (Log Matching); what is committed is in the log of every later leader (Leader
//! Completeness); and no two servers apply different commands at one index (State Machine Safety). It promises progress
//! only while a majority of the servers hear each other in good time.
//!
//! # 2. Terms and elections
//!
//! Time is divided into terms, numbered upwards: [`Term`] (P§5.1). A [`Server`] begins as a follower ([`Role`]). When it has
//! heard from no leader for the length of its election timeout, it enters a new term as a candidate and asks for votes
//! ([`Body::RequestVote`]); a server votes once in a term, and whoever has more than half of the votes leads it (P§5.2). Two
//! majorities share a server, so a term has one leader at most. Timeouts are drawn at random, so that mostly one server times
//! out first. A server that sees a higher term enters it and follows; what comes from an older term is refused.
//! `election.rs` has these rules.
//!
//! # 3. The log
//!
//! Only the leader takes commands ([`Input::Propose`]). It appends them to its [`Log`] and sends them on
//! ([`Body::AppendEntries`]); each append names the entry just before the new ones, and a follower that does not have that
//! entry refuses and says where to look, whereupon the leader goes further back (P§5.3). So two logs with the same entry at
//! the same index are the same up to there. An entry that more than half of the servers have made durable is committed, and
//! is handed to the state machine ([`Effect::Apply`]); followers learn of it with the next append, or at once with
//! [`Options::eager_commit`].
//!
//! What a leader knows of a follower is its [`Progress`]: it looks for where the logs agree with one append at a time
//! ([`Flow::Probe`]), and from there on sends without waiting ([`Flow::Replicate`], D§10.2.2), as far as a window in entries
//! and bytes allows. What waits for room goes together. A leader writes its own disk while its appends travel (D§10.2.1).
//! Entries rest and travel as [`Entries`]: runs of one term, shared rather than copied. `replication.rs` has the rules,
//! `progress.rs` the window, `log.rs` the runs.
//!
//! # 4. Why nothing committed is lost
//!
//! A vote goes only to a candidate whose log is at least as up-to-date as the voter's: the last entries' terms are compared
//! first, then the lengths ([`at_least_as_up_to_date`], P§5.4.1). A committed entry is on a majority, every election needs a
//! majority, so some voter has the entry and refuses whoever lacks it. That is not quite enough: an entry of an older term
//! can be on a majority and still be replaced by a leader that never saw it (P Figure 8). So a leader counts copies only of
//! entries of its own term, and all before them are committed along (P§5.4.2). With [`Options::noop_on_election`] it begins
//! its term with an entry of its own, so that it need not wait for a client to learn what is committed (P§8).
//!
//! # 5. What must be durable
//!
//! The term, the vote and the log, before anything is said that rests on them (P Fig. 2). A server that has lost them may
//! vote twice, or forget what it acknowledged. [`Effect::Save`] asks for it, [`Effect::Send`] names the save that a message
//! waits for, [`Input::Saved`] reports it done; a write that was overwritten since marks nothing. A caller that has written
//! before it does anything else reports nothing ([`Effects::saved_at_once`]). What a disk holds is [`Durable`]. The commit
//! index need not be saved: it is learned again. `saves.rs` has the rules.
//!
//! # 6. Leaders that stay, leaders that go
//!
//! A server that was cut off comes back with a high term and would depose a leader that works; with [`Options::pre_vote`] it
//! asks first whether it could win (D§9.6). With [`Options::check_quorum`] servers hold on to a leader that they hear from
//! (D§4.2.3), and a leader that hears from no quorum lets go (D§6.2): the one without the other can leave a cluster without a
//! leader that can work. [`Input::Transfer`] hands the leadership over without waiting for a timeout (D§3.10).
//! `contact.rs` and `transfer.rs` have the rules.
//!
//! # 7. Changing the members
//!
//! Who counts is a [`Configuration`], and every decision that takes a quorum is asked of it. A configuration is an entry of
//! the log ([`Payload::Configuration`]); a server goes by the latest in its log, committed or not, and by the one before
//! when that is cut off (P§6). [`Input::Reconfigure`] asks for new members. If the voters change by one server, any majority
//! of the old shares a server with any of the new, and one step is enough (D§4.1). For any other change there is a
//! configuration in between, C_old,new, in which both majorities are needed: joint consensus (P§6). New voters catch up as
//! learners first, in rounds, so that the cluster need not wait for them (D§4.2.1). There is one change at a time, and none
//! before the leader has committed an entry of its own term: two leaders' changes could part their majorities (a bug found in
//! D§4.1 in 2015). A leader that is not among the new voters leads until the change is committed, without counting itself,
//! and then steps down (D§4.2.2). `configuration.rs` has the quorums, `membership.rs` the rules.
//!
//! # 8. Snapshots
//!
//! A log cannot grow for ever. The state machine writes down its state as of an applied index, and [`Input::Compact`] lets
//! that stand for the log up to there (P§7): a [`Snapshot`], with the configuration as of then. A follower that needs entries
//! which are gone is sent the snapshot instead, part by part ([`Body::InstallSnapshot`], P Fig. 13; [`Flow::Snapshot`]), each
//! after the answer to the one before; it keeps what it has behind the snapshot's last entry if it has that entry, and
//! passes over a snapshot that stands for no more than what it has committed. `snapshot.rs` has the rules.
//!
//! # 9. Reads
//!
//! A leader's state machine may be behind without the leader knowing, because another leads already. [`Input::Read`] asks
//! what a read must have seen, without an entry in the log: the commit index, once a quorum has answered a [`Round`] of
//! heartbeats that began after the read was asked for (D§6.4). Reads that come while a round is under way share the next. A
//! follower asks its leader ([`Body::ReadIndex`]), and answers from its own state machine. With [`Options::lease_reads`] a
//! leader asks nobody as long as no other can have been elected; that rests on clocks, whose drift
//! [`Options::clock_drift_ppm_max`] bounds (D§6.4.1). `read.rs` has the rules.
//!
//! # 10. Driving a server
//!
//! A [`Server`] never asks for anything. It is handed an [`Input`] and the time with [`Server::step`], and leaves
//! [`Effect`]s to be carried out in their order: something to make durable, a message to send (some only after a save),
//! entries to apply, reads to answer. It says with [`Server::next_wake_up`] when it wants to be called again; nothing runs
//! when nothing is due. An input that cannot be right is refused with a [`Rejected`] that says why, and then nothing has
//! changed. Every proposal ends: its index is applied with its own term, or with another (it was replaced), or
//! [`Effect::LeadershipLost`] says that this server cannot tell. Every read ends in [`Effect::ReadReady`] or
//! [`Effect::ReadFailed`].
//!
//! ```
//! use std::collections::VecDeque;
//! use raft_core::{
//!     Change, Command, Configuration, Durable, Effect, Effects, Input, Options, Payload, ReadId, Server, ServerId, Time,
//! };
//!
//! /// Three servers whose disks and network take no time.
//! struct Cluster {
//!     servers: Vec<Server>,
//!     applied: Vec<Vec<String>>,
//!     answered: Vec<ReadId>,
//! }
//!
//! impl Cluster {
//!     /// Hands one server an input, and carries out what follows until nothing is left to do.
//!     fn run(&mut self, at: usize, input: Input, now: Time) -> Result<(), raft_core::Rejected> {
//!         let mut inputs = VecDeque::from([(at, input)]);
//!         // A disk that takes its time has each save reported with `Input::Saved`, and messages wait for it.
//!         let mut effects = Effects::new().saved_at_once();
//!         while let Some((at, input)) = inputs.pop_front() {
//!             self.servers[at].step(now, input, &mut effects)?;
//!             for effect in effects.drain() {
//!                 match effect {
//!                     Effect::Send { message, .. } => {
//!                         inputs.push_back((message.to.0 as usize - 1, Input::Receive(message)));
//!                     }
//!                     Effect::Apply { entries, .. } => {
//!                         for payload in entries.payloads() {
//!                             if let Payload::Command(command) = payload {
//!                                 self.applied[at].push(String::from_utf8_lossy(command.bytes()).into_owned());
//!                             }
//!                         }
//!                     }
//!                     Effect::ReadReady { read, .. } => self.answered.push(read),
//!                     _ => {}
//!                 }
//!             }
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let ids = [1, 2, 3].map(ServerId);
//! let configuration = Configuration::of_voters(ids)?;
//! let start = |id| Server::start(id, configuration.clone(), Options::default(), Durable::default(), Time(0));
//! let servers = ids.into_iter().map(start).collect::<Result<Vec<_>, _>>()?;
//! let mut cluster = Cluster { servers, applied: vec![Vec::new(); 3], answered: Vec::new() };
//!
//! // Whoever's timeout is the shortest asks for votes, and leads.
//! let leader = (0..3).min_by_key(|&at| cluster.servers[at].next_wake_up()).unwrap();
//! let now = cluster.servers[leader].next_wake_up();
//! cluster.run(leader, Input::WakeUp, now)?;
//! assert!(cluster.servers[leader].is_leader());
//!
//! // A command is committed at once on the leader, and the next heartbeat tells the others.
//! cluster.run(leader, Input::Propose(Command::from("x=1")), now)?;
//! assert_eq!(cluster.applied[leader], ["x=1"]);
//! let now = cluster.servers[leader].next_wake_up();
//! cluster.run(leader, Input::WakeUp, now)?;
//! assert!(cluster.applied.iter().all(|applied| applied == &["x=1"]));
//!
//! // A read is answered when the others have confirmed that the leader still leads.
//! cluster.run(leader, Input::Read(ReadId(7)), now)?;
//! assert_eq!(cluster.answered, [ReadId(7)]);
//!
//! // One server leaves.
//! let staying = ids.into_iter().filter(|id| id.0 as usize - 1 != (leader + 1) % 3);
//! cluster.run(leader, Input::Reconfigure(Change::to_voters(staying)), now)?;
//! assert_eq!(cluster.servers[leader].configuration().voters().len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is left to the caller: to make a save durable as a whole or not at all, and saves in order; to start a server again
//! with another [`Options::seed`], or it repeats its draws; to restore the state machine from [`Durable::snapshot`]; and to
//! let clients number their commands, so that one that is asked for twice is applied once (P§8).
//! `examples/three_threads.rs` does so with threads, channels and files, and can be killed at any moment.
//!
//! # 11. What is not believed
//!
//! Raft assumes servers that follow it. A message is looked at in full before anything of it is believed, and one that no
//! correct server could have sent to this one in its state is refused by name: no message makes a server panic, replace what
//! is committed or commit what it should not. `guard.rs` has what is asked. That a message comes from whom it says is for
//! the transport to make sure: a server that is behind cannot know all members.
//!
//! # 12. Rules that can be switched off
//!
//! Every decision leaves an [`Event`] with its reason, the values compared and the section, when someone observes
//! ([`Effects::observed`]). Each rule that could be forgotten is a [`Rule`], named at the line that it governs; with the
//! feature `mutations` it can be switched off, to see what it guards against. Without the feature the rules leave nothing in
//! the machine code.
// `inline(always)` stands at functions that each entry passes through: a call costs as much as what some of them do. It is
// measured by `instructions` in tests/bench. In the page's wasm size counts for more.
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
mod membership;
mod message;
mod options;
mod progress;
pub mod random;
mod read;
mod replication;
mod rule;
mod saves;
mod server;
mod snapshot;
mod standing;
mod transfer;
mod types;

pub use configuration::{Configuration, InvalidConfiguration, Majority, Members, Tally};
pub use durable::{Durable, InvalidStart, Snapshot};
pub use effect::{Effect, Effects, LogWrite, ReadFailure, Save};
pub use event::{
    AppendRefusal, CommitReason, Event, Ignored, NewConfiguration, RoleName, StepDown, TimerReset, VoteRefusal,
};
pub use input::{Change, Input, Rejected};
pub use log::{Command, Entries, Entry, Log, Payload};
pub use membership::{CatchUp, CatchingUp};
pub use message::{AppendOutcome, Body, Message, SnapshotOutcome, at_least_as_up_to_date};
pub use options::{InvalidOptions, Options};
pub use progress::{Flow, Leading, Progress, Transfer};
#[cfg(feature = "mutations")]
pub use rule::RuleSet;
pub use rule::{Rule, Section};
pub use server::{ElectionTimer, Role, Server, Votes};
pub use standing::{InvalidStanding, Standing, StandingRole};
pub use types::{EntryId, Index, ReadId, Round, SaveNumber, ServerId, Term, Time};
