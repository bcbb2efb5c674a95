//! How a run begins when that is not with fresh servers, as plain data: short to write by hand, and drawn as the paper
//! draws it. What it comes to, and whether that can be, is in `begin.rs`.

use raft_core::ServerId;
use serde::ser::{Serialize, SerializeSeq, Serializer};

use crate::plain::{Read, Tree, Wrong, fill_record, fits, one_named};
use crate::scenario::Scenario;
#[cfg(feature = "schema")]
use crate::schema::Server;

/// The state that a run begins with. Whatever is left out is as its field says.
///
/// ```
/// use raft_sim::{Scenario, World};
/// // Figure 6: the leader of term 3, and four followers that have not got as far.
/// let figure: Scenario = serde_json::from_str(
///     r#"{"initial": {"servers": [
///         {"server": 1, "role": "leader", "log": [[1, 3], 2, [3, 4]], "commit_index": 7},
///         {"server": 2, "log": [[1, 3], 2, 3]},
///         {"server": 3, "log": [[1, 3], 2, [3, 4]], "commit_index": 7},
///         {"server": 4, "log": [1, 1]},
///         {"server": 5, "log": [[1, 3], 2, [3, 3]]}
///     ]}}"#,
/// )?;
/// let world = World::new(figure)?;
/// assert!(world.servers()[0].server().is_some_and(|server| server.is_leader() && server.current_term().0 == 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Initial {
    /// Who counts where logs begin; a server that is no member knows nobody. Left out, all servers vote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<InitialMembers>,
    /// The servers, in any order, each once at most. One that is missing is as one with nothing but its number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<InitialServer>,
    /// The messages that are on their way, at most 1,000.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<InitialMessage>,
}

/// A configuration (P§6). Servers are named by their numbers.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct InitialMembers {
    /// Who votes; the new voters while they are changing. At least one.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Server>"))]
    pub voters: Vec<ServerId>,
    /// The old voters, whose majority is needed too while they are changing; empty otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Server>"))]
    pub old: Vec<ServerId>,
    /// Who only learns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Server>"))]
    pub learners: Vec<ServerId>,
}

/// A server as it begins.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct InitialServer {
    /// Which.
    #[cfg_attr(feature = "schema", schemars(with = "Server"))]
    pub server: ServerId,
    /// Its term. Left out, the highest that stands anywhere in the initial state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<u64>,
    /// Whom it has voted for in its term, 0 for nobody. Left out: a leader and a candidate for themselves; another for
    /// the server that leads the term or must have led it, if that had a log to be voted for; else nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Server>"))]
    pub voted_for: Option<ServerId>,
    /// Its log, behind the snapshot if there is one: at most 1,000 entries.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<InitialRun>,
    /// What stands for the log before its first entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<InitialSnapshot>,
    /// How far it knows the log to be committed. Left out, as far as its snapshot reaches. What a server knows that is
    /// down was committed all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit_index: Option<u64>,
    /// What it is: a follower if left out.
    #[serde(skip_serializing_if = "is_follower")]
    pub role: InitialRole,
    /// A follower's leader, 0 for nobody. Left out, the server that leads its term, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Server>"))]
    pub leader: Option<ServerId>,
    /// A candidate's votes beside its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Server>"))]
    pub votes: Vec<ServerId>,
    /// Whether it is down, and has to be restarted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub down: bool,
}

/// What a server is as it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum InitialRole {
    /// It waits for a leader, or follows one.
    #[default]
    Follower,
    /// It has asked for votes in its term.
    Candidate,
    /// It leads its term, as at its election: it knows nothing yet of how far the others' logs agree with its own.
    Leader,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference.
fn is_follower(role: &InitialRole) -> bool {
    *role == InitialRole::Follower
}

/// Entries of one term that follow each other. As plain data it is a term, `3`, for one entry that carries nothing; or
/// a list of the term and what follows in it, `[3, 2, "x=1"]`: a number for so many entries that carry nothing, a text for
/// a value that was asked to be written, an object for a configuration.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct InitialRun {
    /// The term of the leader that created them.
    pub term: u64,
    /// What they carry, in order; at least one.
    pub entries: Vec<InitialEntry>,
}

/// What entries carry.
#[derive(Clone, PartialEq, Eq, Hash, Debug, serde::Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum InitialEntry {
    /// So many that carry nothing, at least one.
    Nothing(u32),
    /// One that writes: `key=value`, or a text for the key `x`, as in [`Input::Propose`](crate::Input::Propose).
    Value(String),
    /// One that says who counts from there on.
    Members(InitialMembers),
}

/// A snapshot: all up to an entry, which was committed.
#[derive(Clone, PartialEq, Eq, Debug, Default, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct InitialSnapshot {
    /// The index of the last entry that it stands for, 1 to 10,000.
    pub last_included_index: u64,
    /// The term of that entry, at least 1.
    pub last_included_term: u64,
    /// Who counted then. Left out, as where logs begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<InitialMembers>,
    /// The state machine's values: `key=value` each, at most 1,000.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// A message on its way. What it says beside its fields is what its sender would say in its state.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct InitialMessage {
    /// Who sent it.
    #[cfg_attr(feature = "schema", schemars(with = "Server"))]
    pub from: ServerId,
    /// For whom it is.
    #[cfg_attr(feature = "schema", schemars(with = "Server"))]
    pub to: ServerId,
    /// What it is.
    pub kind: InitialKind,
    /// The sender's term then, at most its term now. Left out, that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<u64>,
    /// Of the answer to a request for a vote: whether it was refused.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    /// Of an append: the index before its entries, in the sender's log. Left out, the last: a heartbeat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev_log_index: Option<u64>,
    /// Of an append: how many of the sender's entries behind that one it carries, all of one term.
    #[serde(skip_serializing_if = "is_zero")]
    pub entries: u64,
    /// Of the answer to an append: up to where the logs agree. Left out, as far as they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub match_index: Option<u64>,
    /// When it arrives, 1 microsecond to a minute. Left out, after the shortest time that a message takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrives_us: Option<u64>,
}

/// What a message on its way is. A snapshot on its way, a Pre-Vote or a read cannot be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum InitialKind {
    /// A candidate asks for a vote.
    RequestVote,
    /// The answer to that.
    RequestVoteReply,
    /// A leader sends entries, or shows that it is there.
    AppendEntries,
    /// The answer of a follower whose log agrees.
    AppendEntriesReply,
    /// A leader asks another server to take over at once.
    TimeoutNow,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference.
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Default for InitialServer {
    /// No server: its number has to be written.
    fn default() -> Self {
        Self {
            server: ServerId(0),
            term: None,
            voted_for: None,
            log: Vec::new(),
            snapshot: None,
            commit_index: None,
            role: InitialRole::Follower,
            leader: None,
            votes: Vec::new(),
            down: false,
        }
    }
}

impl Default for InitialMessage {
    /// From nobody to nobody: both have to be written.
    fn default() -> Self {
        Self {
            from: ServerId(0),
            to: ServerId(0),
            kind: InitialKind::RequestVote,
            term: None,
            refused: false,
            prev_log_index: None,
            entries: 0,
            match_index: None,
            arrives_us: None,
        }
    }
}

impl Read for Initial {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut initial = Self::default();
        fill_record!(initial: Self { configuration, servers, messages } from found)?;
        Ok(initial)
    }
}

impl Read for InitialMembers {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut members = Self::default();
        fill_record!(members: Self { voters, old, learners } from found)?;
        Ok(members)
    }
}

impl Read for InitialServer {
    const LISTED_MAX: usize = Scenario::SERVERS_MAX as usize;

    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut server = Self::default();
        fill_record!(server: Self {
            server, term, voted_for, log, snapshot, commit_index, role, leader, votes, down,
        } from found)?;
        Ok(server)
    }
}

impl Read for InitialSnapshot {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut snapshot = Self::default();
        fill_record!(snapshot: Self { last_included_index, last_included_term, configuration, values } from found)?;
        Ok(snapshot)
    }
}

impl Read for InitialMessage {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut message = Self::default();
        fill_record!(message: Self {
            from, to, kind, term, refused, prev_log_index, entries, match_index, arrives_us,
        } from found)?;
        Ok(message)
    }
}

impl Read for InitialRole {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let names = [("follower", Self::Follower), ("candidate", Self::Candidate), ("leader", Self::Leader)];
        one_named(&found, &names)
    }
}

impl Read for InitialKind {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let names = [
            ("request_vote", Self::RequestVote),
            ("request_vote_reply", Self::RequestVoteReply),
            ("append_entries", Self::AppendEntries),
            ("append_entries_reply", Self::AppendEntriesReply),
            ("timeout_now", Self::TimeoutNow),
        ];
        one_named(&found, &names)
    }
}

impl Read for InitialRun {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let Tree::List(mut items) = found else {
            let term = u64::read(found).map_err(|wrong| Box::new(Wrong { expected: RUN.into(), ..*wrong }))?;
            return Ok(Self { term, entries: vec![InitialEntry::Nothing(1)] });
        };
        if items.len() < 2 {
            return Err(Wrong::new("", format!("a list of {}", items.len()), RUN));
        }
        let entries = items.split_off(1);
        fits(&entries, InitialEntry::LISTED_MAX)?;
        let mut run = Self { term: 0, entries: Vec::with_capacity(entries.len()) };
        for term in items {
            run.term = u64::read(term).map_err(|wrong| wrong.within("[0]"))?;
        }
        for (entry, at) in entries.into_iter().zip(1..) {
            run.entries.push(InitialEntry::read(entry).map_err(|wrong| wrong.within(&format!("[{at}]")))?);
        }
        Ok(run)
    }
}

const RUN: &str = "a term, or a list of a term and what follows in it";

impl Read for InitialEntry {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        match found {
            Tree::Text(value) => Ok(Self::Value(value.into_owned())),
            Tree::Fields(_) => InitialMembers::read(found).map(Self::Members),
            _ => u32::read(found).map(Self::Nothing).map_err(|wrong| {
                let expected = "a number of entries that carry nothing, a value to be written or a configuration";
                Box::new(Wrong { expected: expected.into(), ..*wrong })
            }),
        }
    }
}

impl Serialize for InitialRun {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [InitialEntry::Nothing(1)] = self.entries[..] {
            return self.term.serialize(serializer);
        }
        let mut list = serializer.serialize_seq(Some(1 + self.entries.len()))?;
        list.serialize_element(&self.term)?;
        for entry in &self.entries {
            list.serialize_element(entry)?;
        }
        list.end()
    }
}
