//! The replicated state machine: keys and values, with a session for each client (P§8, D§6.3).

use std::collections::BTreeMap;

use raft_core::{Command, Entry, Payload};

/// A command, as the log carries it: who asks, with which number, and for what.
///
/// ```
/// use raft_sim::Operation;
/// let operation = Operation { client: 2, sequence: 300, text: "x=1" };
/// assert_eq!(Operation::decode(&operation.encode()), Some(operation));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Operation<'a> {
    /// Which client: 0 is the person who hands it to a server directly and has no session, 1 is the person's client,
    /// the others write in the background.
    pub client: u32,
    /// The client's number for it, counted from 1; 0 without a session.
    pub sequence: u64,
    /// What is asked for: `key=value`, or a value for the key `x`.
    pub text: &'a str,
}

impl<'a> Operation<'a> {
    /// The operation as bytes: both numbers in groups of seven bits, the lowest first, then the text.
    #[must_use]
    pub fn encode(self) -> Command {
        let mut bytes = Vec::with_capacity(4 + self.text.len());
        for mut number in [u64::from(self.client), self.sequence] {
            while number >= 0x80 {
                bytes.push(number as u8 | 0x80);
                number >>= 7;
            }
            bytes.push(number as u8);
        }
        bytes.extend_from_slice(self.text.as_bytes());
        Command::from(bytes)
    }

    /// The operation in a command, unless the command is something else.
    #[must_use]
    pub fn decode(command: &'a Command) -> Option<Self> {
        let (client, rest) = number(command.bytes())?;
        let (sequence, rest) = number(rest)?;
        Some(Self { client: client.try_into().ok()?, sequence, text: std::str::from_utf8(rest).ok()? })
    }

    /// The key and the value that it writes.
    #[must_use]
    pub fn key_and_value(self) -> (&'a str, &'a str) {
        self.text.split_once('=').unwrap_or(("x", self.text))
    }
}

fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0_u64;
    for (at, &byte) in bytes.iter().enumerate().take(9) {
        number |= u64::from(byte & 0x7f) << (7 * at);
        if byte < 0x80 {
            return Some((number, &bytes[at + 1..]));
        }
    }
    None
}

/// One server's copy of the state machine. It is volatile: a restarted server applies its log anew.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Store {
    values: BTreeMap<String, String>,
    /// The number of each client's latest operation. A client asks for one thing at a time, so one number is enough.
    sessions: BTreeMap<u32, u64>,
}

impl Store {
    /// The value of every key.
    #[must_use]
    pub const fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }

    /// Applies a committed entry. An operation that this client's session has seen is passed over: its client asked
    /// again because the answer was lost, not because it wants it twice.
    pub(crate) fn apply(&mut self, entry: &Entry) {
        let Payload::Command(command) = &entry.payload else { return };
        let Some(operation) = Operation::decode(command) else { return };
        if operation.client > 0 {
            let latest = self.sessions.entry(operation.client).or_default();
            if operation.sequence <= *latest {
                return;
            }
            *latest = operation.sequence;
        }
        let (key, value) = operation.key_and_value();
        match self.values.get_mut(key) {
            Some(old) => value.clone_into(old),
            None => {
                self.values.insert(key.to_owned(), value.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use raft_core::Term;

    use super::*;

    fn entry(client: u32, sequence: u64, text: &str) -> Entry {
        Entry::command(Term(1), Operation { client, sequence, text }.encode())
    }

    #[test]
    fn an_operation_asked_for_twice_is_applied_once() {
        let mut store = Store::default();
        store.apply(&entry(1, 1, "x=1"));
        store.apply(&entry(2, 1, "x=2"));
        store.apply(&entry(1, 1, "x=1"));
        assert_eq!(store.values()["x"], "2", "client 1's operation was applied a second time");
        store.apply(&entry(1, 2, "x=3"));
        assert_eq!(store.values()["x"], "3");
    }

    #[test]
    fn what_a_person_hands_to_a_server_has_no_session_and_is_applied_each_time() {
        let mut store = Store::default();
        for text in ["1", "2", "1"] {
            store.apply(&entry(0, 1, text));
        }
        assert_eq!(store.values()["x"], "1");
    }

    #[test]
    fn a_text_with_an_equals_sign_names_its_key_and_any_other_means_x() {
        for (text, expected) in [("a=b", ("a", "b")), ("a=b=c", ("a", "b=c")), ("a", ("x", "a")), ("a=", ("a", ""))] {
            assert_eq!(Operation { client: 1, sequence: 1, text }.key_and_value(), expected);
        }
    }

    #[test]
    fn operations_come_back_from_their_bytes_and_nothing_else_does() {
        for (client, sequence) in [(0, 0), (1, 127), (127, 128), (u32::MAX, (1 << 53) - 1)] {
            let operation = Operation { client, sequence, text: "ключ=значение" };
            assert_eq!(Operation::decode(&operation.encode()), Some(operation));
        }
        for bytes in [&[][..], &[0], &[0x80], &[0xff; 12], &[1, 1, 0xff], &[0xff, 0xff, 0xff, 0xff, 0x7f, 1, 65]] {
            assert_eq!(Operation::decode(&Command::from(bytes)), None, "{bytes:?}");
        }
    }

    #[test]
    fn an_entry_that_is_no_operation_changes_nothing() {
        let mut store = Store::default();
        store.apply(&Entry::noop(Term(1)));
        store.apply(&Entry::command(Term(1), &[0xff_u8, 0xff][..]));
        assert_eq!(store, Store::default());
    }
}
