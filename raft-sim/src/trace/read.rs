//! How lines are read: strictly, with every error naming its field.

use std::sync::Arc;

use raft_core::{Configuration, Entry, EntryId, Index, Payload, ServerId, Term, Time};

use super::fact::{Begin, Fact, Header, Line, Observed, OnDisk};
use super::write::VERSION;
use super::{KINDS, command_of};
use crate::linearizability::OperationKind;
use crate::plain::{Blank, Object, Read, Tree, Wrong, not, one_named, one_of};
use crate::store::Operation;

/// The names of all events.
pub(super) const EVENTS: &[&str] = &[
    "begin",
    "join",
    "term",
    "candidate",
    "vote",
    "leader",
    "step_down",
    "append",
    "truncate",
    "snapshot",
    "configuration",
    "commit",
    "apply",
    "restore",
    "save",
    "send",
    "receive",
    "progress",
    "crash",
    "restart",
    "acknowledge",
    "read",
    "ask",
    "answer",
    "give_up",
];

impl Header {
    /// From the first line's plain data.
    ///
    /// # Errors
    /// Names the field, what it is and what is expected there.
    pub fn from_tree(tree: Tree) -> Result<Self, Box<Wrong>> {
        let mut object = Object::of(tree);
        let version: u64 = object.need("raft_trace");
        if version != VERSION {
            // Before anything else: whatever a newer version means by its fields, it is not this.
            return Err(match object.finish() {
                Err(wrong) if wrong.field.is_empty() || wrong.field == "raft_trace" => wrong,
                _ => not("raft_trace", version, &format!("{VERSION}, the version that this program reads")),
            });
        }
        let header = Self {
            servers: object.need("servers"),
            configuration: object.take("configuration"),
            observed: object.need("observed"),
            own_term_commit: object.take("own_term_commit").unwrap_or(true),
            about: object.take("about").unwrap_or_default(),
        };
        object.finish()?;
        Ok(header)
    }
}

impl Line {
    /// From a line's plain data.
    ///
    /// # Errors
    /// Names the field, what it is and what is expected there.
    pub fn from_tree(tree: Tree) -> Result<Self, Box<Wrong>> {
        let mut object = Object::of(tree);
        let at = Time(object.need("time_us"));
        let event: String = object.need("event");
        let fact = match event.as_str() {
            "ask" => ask(&mut object),
            "answer" => Fact::Answer(operation(&mut object), object.take("value")),
            "give_up" => Fact::GiveUp(operation(&mut object)),
            _ => match of_server(&mut object, &event) {
                Some(fact) => fact,
                None => {
                    if !event.is_empty() {
                        object.keep_wrong("event", format!("\"{event}\""), one_of(&mut EVENTS.iter().copied()));
                    }
                    Fact::GiveUp((0, 0))
                }
            },
        };
        object.finish()?;
        Ok(Self { at, fact })
    }
}

fn of_server(object: &mut Object, event: &str) -> Option<Fact> {
    if !EVENTS.contains(&event) {
        return None;
    }
    let server: ServerId = object.need("server");
    Some(match event {
        "begin" => Fact::Begin(
            server,
            Box::new(Begin {
                term: Term(object.need("term")),
                vote: object.take("vote"),
                snapshot: object.take("snapshot").unwrap_or_default(),
                configuration: object.take("configuration"),
                entries: object.take("entries").unwrap_or_default(),
                commit: Index(object.take("commit").unwrap_or_default()),
                leads: object.take("leads").unwrap_or_default(),
            }),
        ),
        "join" => Fact::Join(server),
        "term" => Fact::Term(server, Term(object.need("term"))),
        "candidate" => Fact::Candidate(server),
        "vote" => Fact::Vote(server, Term(object.need("term")), object.need("for")),
        "leader" => Fact::Leader(server, Term(object.need("term"))),
        "step_down" => Fact::StepDown(server),
        "append" => Fact::Append(server, from(object), object.need("entries")),
        "truncate" => Fact::Append(server, from(object), Vec::new()),
        "snapshot" => Fact::Snapshot(server, object.need("last")),
        "configuration" => Fact::Configuration(server, Box::new(members(object))),
        "commit" => Fact::Commit(server, Index(object.need("index"))),
        "apply" => Fact::Apply {
            server,
            index: Index(object.need("index")),
            term: object.take("term").map(Term),
            state: object.take("state"),
        },
        "restore" => Fact::Restore(server, Index(object.need("index")), object.take("state")),
        "save" => Fact::Save(server, on_disk(object)),
        "send" => Fact::Send {
            server,
            to: object.need("to"),
            term: Term(object.need("term")),
            vote: object.take("vote"),
            matched: object.take("match").map(Index),
            kind: object.take("kind"),
            message: object.take("message"),
        },
        "receive" => Fact::Receive(server, object.need("message")),
        "progress" => Fact::Progress {
            server,
            follower: object.need("follower"),
            matched: Index(object.need("match")),
            next: Index(object.need("next")),
        },
        "crash" => Fact::Crash(server, on_disk(object)),
        "restart" => {
            let snapshot = object.take("snapshot");
            // What it starts with is known to whoever started it.
            let term = Term(object.need("term"));
            let disk = OnDisk { term: Some((term, object.take("vote"))), last: object.take("last") };
            Fact::Restart(server, snapshot, disk)
        }
        "acknowledge" => {
            Fact::Acknowledge(server, EntryId { index: Index(object.need("index")), term: Term(object.need("term")) })
        }
        _ => Fact::Read(server, Index(object.need("index")), Index(object.need("answered"))),
    })
}

/// The index of a first entry.
fn from(object: &mut Object) -> Index {
    let from = object.take("from");
    if from == Some(0) {
        object.keep_wrong("from", "0", "an index from 1 on");
    } else if from.is_none() {
        // Says that it is missing, unless it was wrong.
        let _: u64 = object.need("from");
    }
    Index(from.unwrap_or_default())
}

fn on_disk(object: &mut Object) -> OnDisk {
    let (term, vote) = (object.take("term").map(Term), object.take("vote"));
    if term.is_none() && vote.is_some() {
        object.keep_wrong("vote", "given without a term", "the term beside it");
    }
    OnDisk { term: term.map(|term| (term, vote)), last: object.take("last") }
}

fn operation(object: &mut Object) -> (u32, u64) {
    (object.need("client"), object.need("sequence"))
}

fn ask(object: &mut Object) -> Fact {
    let which = operation(object);
    let kind = object.need("kind");
    let key = object.need("key");
    let value: Option<String> = object.take("value");
    match (kind, &value) {
        (OperationKind::Read, Some(_)) => {
            object.keep_wrong("value", "given", "none: what is read stands in the answer")
        }
        (OperationKind::Write | OperationKind::Append, None) => {
            object.keep_wrong("value", "missing", "the text to be written or appended");
        }
        _ => {}
    }
    Fact::Ask { which, kind, key, value }
}

/// Who counts. No voters at all are the configuration of a server that knows nobody.
fn members(object: &mut Object) -> Configuration {
    let voters: Vec<ServerId> = object.need("voters");
    let old: Option<Vec<ServerId>> = object.take("old");
    let learners: Vec<ServerId> = object.take("learners").unwrap_or_default();
    let stays_joint: bool = object.take("stays_joint").unwrap_or_default();
    if voters.is_empty() && learners.is_empty() && old.is_none() {
        return Configuration::unknown();
    }
    let put_together = || {
        let new = Configuration::new(voters, learners)?;
        match old {
            Some(old) => Ok(Configuration::joint(&Configuration::of_voters(old)?, &new, stays_joint)),
            None => Ok(new),
        }
    };
    put_together().unwrap_or_else(|invalid: raft_core::InvalidConfiguration| {
        object.keep_wrong("voters", format!("impossible ({invalid})"), "members who can decide");
        Configuration::unknown()
    })
}

impl Read for Configuration {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut object = Object::of(found);
        let configuration = members(&mut object);
        object.finish()?;
        Ok(configuration)
    }
}

impl Read for OperationKind {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        one_named(&found, KINDS)
    }
}

impl Blank for OperationKind {
    const BLANK: Self = Self::Read;
}

impl Read for Observed {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        one_named(&found, Self::ALL)
    }
}

/// An entry by its two numbers: `[index, term]`.
impl Read for EntryId {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let Ok([index, term]) = <[u64; 2]>::try_from(Vec::<u64>::read(found)?) else {
            return Err(Wrong::new("", "a list of another length", "[index, term]"));
        };
        if (index == 0) != (term == 0) {
            return Err(Wrong::new("", format!("[{index}, {term}]"), "[index, term], both from 1 on or both 0"));
        }
        Ok(Self::new(index, term))
    }
}

impl Blank for EntryId {
    const BLANK: Self = Self::START;
}

/// An entry of a log: `[term]`, `[term, "text"]`, `[term, {"client", "sequence", "text"}]` or `[term, {"voters"}]`.
impl Read for Entry {
    /// A whole log may stand in a line; how long a line may be is limit enough.
    const LISTED_MAX: usize = usize::MAX;

    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let Tree::List(parts) = found else { return Err(Wrong::unlike(&found, "[term, value]")) };
        let mut parts = parts.into_iter();
        let term = match parts.next() {
            Some(term) => u64::read(term).map_err(|wrong| wrong.within("[0]"))?,
            None => return Err(Wrong::new("", "an empty list", "[term, value]")),
        };
        if term == 0 {
            return Err(Wrong::new("[0]", "0", "a term from 1 on"));
        }
        let payload = match parts.next() {
            None | Some(Tree::Nothing) => Payload::Noop,
            Some(Tree::Text(text)) => Payload::Command(command_of(&text)),
            Some(fields @ Tree::Fields(_)) => in_fields(fields).map_err(|wrong| wrong.within("[1]"))?,
            Some(other) => {
                return Err(Wrong::unlike(&other, "null, a text, an operation or a configuration").within("[1]"));
            }
        };
        if parts.next().is_some() {
            return Err(Wrong::new("", "a list of more than 2", "[term, value]"));
        }
        Ok(Self { term: Term(term), payload })
    }
}

fn in_fields(fields: Tree) -> Result<Payload, Box<Wrong>> {
    if matches!(&fields, Tree::Fields(fields) if fields.iter().any(|(name, _)| name == "voters")) {
        return Ok(Payload::Configuration(Arc::new(Configuration::read(fields)?)));
    }
    let mut object = Object::of(fields);
    let (client, sequence) = operation(&mut object);
    let text: String = object.need("text");
    object.finish()?;
    Ok(Payload::Command(Operation { client, sequence, text: &text }.encode()))
}
