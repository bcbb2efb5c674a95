//! How lines are written.

use std::fmt::Write;

use raft_core::{Configuration, Entry, EntryId, Payload, ServerId};

use super::fact::{Fact, Header, Line, OnDisk};
use super::text_of;
use crate::linearizability::OperationKind;
use crate::store::Operation;

/// The version that is written and read.
pub const VERSION: u64 = 1;

impl Header {
    /// As a line, without its end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::new();
        json.number("raft_trace", VERSION);
        json.number("servers", self.servers.into());
        if let Some(configuration) = &self.configuration {
            json.key("configuration");
            json.configuration(configuration);
        }
        json.key("observed");
        json.list(&self.observed, |json, observed| json.quoted(observed.name()));
        if !self.own_term_commit {
            json.truth("own_term_commit", false);
        }
        if !self.about.is_empty() {
            json.text("about", &self.about);
        }
        json.end()
    }
}

impl Line {
    /// As a line, without its end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = Json::new();
        json.number("time_us", self.at.0);
        if let Some(server) = self.fact.server() {
            json.number("server", server.0.into());
        }
        json.text("event", self.fact.name());
        json.fact(&self.fact);
        json.end()
    }
}

/// An object that is being written.
struct Json(String);

impl Json {
    fn new() -> Self {
        Self("{".to_owned())
    }

    fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn separate(&mut self) {
        if !self.0.ends_with(['{', '[', ':']) {
            self.0.push(',');
        }
    }

    fn key(&mut self, name: &str) {
        self.separate();
        // Writing to a text does not fail.
        let _ = write!(self.0, "\"{name}\":");
    }

    fn plain(&mut self, number: u64) {
        let _ = write!(self.0, "{number}");
    }

    fn quoted(&mut self, text: &str) {
        // A text can always be written.
        self.0 += &serde_json::to_string(text).unwrap_or_default();
    }

    fn number(&mut self, name: &str, number: u64) {
        self.key(name);
        self.plain(number);
    }

    fn text(&mut self, name: &str, text: &str) {
        self.key(name);
        self.quoted(text);
    }

    fn truth(&mut self, name: &str, truth: bool) {
        self.key(name);
        self.0 += if truth { "true" } else { "false" };
    }

    fn given(&mut self, name: &str, number: Option<u64>) {
        if let Some(number) = number {
            self.number(name, number);
        }
    }

    fn given_text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    fn list<T>(&mut self, items: &[T], each: impl Fn(&mut Self, &T)) {
        self.0.push('[');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            each(self, item);
        }
        self.0.push(']');
    }

    fn id(&mut self, name: &str, EntryId { index, term }: EntryId) {
        self.key(name);
        let _ = write!(self.0, "[{index},{term}]");
    }

    fn configuration(&mut self, configuration: &Configuration) {
        self.0.push('{');
        self.members(configuration);
        self.0.push('}');
    }

    fn members(&mut self, configuration: &Configuration) {
        let servers = |json: &mut Self, name: &str, servers: &[ServerId]| {
            json.key(name);
            json.list(servers, |json, server| json.plain(server.0.into()));
        };
        servers(self, "voters", configuration.voters());
        if let Some(old) = configuration.old_voters() {
            servers(self, "old", old);
        }
        if !configuration.learners().is_empty() {
            servers(self, "learners", configuration.learners());
        }
        if configuration.stays_joint() {
            self.truth("stays_joint", true);
        }
    }

    fn entry(&mut self, Entry { term, payload }: &Entry) {
        let _ = write!(self.0, "[{term}");
        match payload {
            Payload::Noop => {}
            Payload::Configuration(configuration) => {
                self.0.push(',');
                self.configuration(configuration);
            }
            Payload::Command(command) => {
                self.0.push(',');
                match (text_of(command), Operation::decode(command)) {
                    (Some(text), _) => self.quoted(text),
                    (None, Some(Operation { client, sequence, text })) => {
                        self.0.push('{');
                        self.number("client", client.into());
                        self.number("sequence", sequence);
                        self.text("text", text);
                        self.0.push('}');
                    }
                    (None, None) => {
                        let hex: String = command.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
                        self.quoted(&hex);
                    }
                }
            }
        }
        self.0.push(']');
    }

    fn on_disk(&mut self, disk: &OnDisk) {
        if let Some((term, vote)) = disk.term {
            self.number("term", term.0);
            self.given("vote", vote.map(|vote| vote.0.into()));
        }
        if let Some(last) = disk.last {
            self.id("last", last);
        }
    }

    fn operation(&mut self, (client, sequence): (u32, u64)) {
        self.number("client", client.into());
        self.number("sequence", sequence);
    }

    fn fact(&mut self, fact: &Fact) {
        match fact {
            Fact::Join(_) | Fact::Candidate(_) | Fact::StepDown(_) => {}
            Fact::Begin(_, begin) => {
                self.number("term", begin.term.0);
                self.given("vote", begin.vote.map(|vote| vote.0.into()));
                if begin.snapshot != EntryId::START {
                    self.id("snapshot", begin.snapshot);
                }
                if let Some(configuration) = &begin.configuration {
                    self.key("configuration");
                    self.configuration(configuration);
                }
                self.key("entries");
                self.list(&begin.entries, Self::entry);
                self.number("commit", begin.commit.0);
                if begin.leads {
                    self.truth("leads", true);
                }
            }
            Fact::Term(_, term) | Fact::Leader(_, term) => self.number("term", term.0),
            Fact::Vote(_, term, candidate) => {
                self.number("term", term.0);
                self.number("for", candidate.0.into());
            }
            Fact::Append(_, from, entries) => {
                self.number("from", from.0);
                self.key("entries");
                self.list(entries, Self::entry);
            }
            Fact::Snapshot(_, last) => self.id("last", *last),
            Fact::Configuration(_, configuration) => self.members(configuration),
            Fact::Commit(_, index) => self.number("index", index.0),
            Fact::Apply { index, term, state, .. } => {
                self.number("index", index.0);
                self.given("term", term.map(|term| term.0));
                self.given_text("state", state.as_deref());
            }
            Fact::Restore(_, index, state) => {
                self.number("index", index.0);
                self.given_text("state", state.as_deref());
            }
            Fact::Save(_, disk) | Fact::Crash(_, disk) => self.on_disk(disk),
            Fact::Restart(_, snapshot, disk) => {
                if let Some(snapshot) = snapshot {
                    self.id("snapshot", *snapshot);
                }
                self.on_disk(disk);
            }
            Fact::Send { to, term, vote, matched, kind, message, .. } => {
                self.number("to", to.0.into());
                self.number("term", term.0);
                self.given("vote", vote.map(|vote| vote.0.into()));
                self.given("match", matched.map(|index| index.0));
                self.given_text("kind", kind.as_deref());
                self.given("message", *message);
            }
            Fact::Receive(_, message) => self.number("message", *message),
            Fact::Progress { follower, matched, next, .. } => {
                self.number("follower", follower.0.into());
                self.number("match", matched.0);
                self.number("next", next.0);
            }
            Fact::Acknowledge(_, EntryId { index, term }) => {
                self.number("index", index.0);
                self.number("term", term.0);
            }
            Fact::Read(_, index, answered) => {
                self.number("index", index.0);
                self.number("answered", answered.0);
            }
            Fact::Ask { which, kind, key, value } => {
                self.operation(*which);
                self.text("kind", super::KINDS.iter().find(|(_, known)| known == kind).map_or("", |(name, _)| name));
                self.text("key", key);
                self.given_text("value", value.as_deref().filter(|_| *kind != OperationKind::Read));
            }
            Fact::Answer(which, value) => {
                self.operation(*which);
                self.given_text("value", value.as_deref());
            }
            Fact::GiveUp(which) => self.operation(*which),
        }
    }
}
