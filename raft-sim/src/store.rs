//! The replicated state machine: keys and values, with a session for each client (P§8, D§6.3).

use std::hash::{Hash, Hasher};

use raft_core::{Command, Payload};

use crate::fingerprint::Fingerprint;
use crate::short_map::ShortMap;

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
    /// What is asked for: `key=value` to write, `key+=value` to append to the value that the key has, or a value for
    /// the key `x`; and `key?` with [`READ_MARK`] behind it to read.
    pub text: &'a str,
}

/// What an operation asks of the state machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted<'a> {
    /// That the key has this value from now on.
    Write(&'a str, &'a str),
    /// That this text stands behind the key's value from now on. A value of more than [`VALUE_BYTES_MAX`] bytes would
    /// come of it: then the text alone is the value, so that values stay short and a text appended twice is still seen.
    Append(&'a str, &'a str),
    /// The value of the key: a read that goes through the log (D§6.4).
    Read(&'a str),
}

/// Ends the text of a read that goes through the log. A person cannot write it, so `why?` may be proposed as a value.
pub const READ_MARK: char = '\u{5}';

/// How long a value may become by appending, in bytes.
pub const VALUE_BYTES_MAX: usize = 256;

/// The value that a key has once this text is appended to the one that it had.
pub(crate) fn appended(old: Option<&str>, text: &str) -> String {
    let old = old.filter(|old| old.len() + text.len() <= VALUE_BYTES_MAX).unwrap_or_default();
    [old, text].concat()
}

impl<'a> Operation<'a> {
    /// The operation as bytes: both numbers in groups of seven bits, the lowest first, then the text.
    #[must_use]
    pub fn encode(self) -> Command {
        let mut bytes = Vec::with_capacity(4 + self.text.len());
        push_number(&mut bytes, self.client.into());
        push_number(&mut bytes, self.sequence);
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

    /// What it asks of the state machine.
    #[must_use]
    pub fn wants(self) -> Wanted<'a> {
        if let Some(key) = self.text.strip_suffix(READ_MARK) {
            return Wanted::Read(key.strip_suffix('?').unwrap_or(key));
        }
        let (key, value) = self.text.split_once('=').unwrap_or(("x", self.text));
        key.strip_suffix('+').map_or(Wanted::Write(key, value), |key| Wanted::Append(key, value))
    }

    /// What it asks for, as people read it.
    #[must_use]
    pub fn shown(self) -> &'a str {
        self.text.trim_end_matches(READ_MARK)
    }
}

fn push_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn push_text(bytes: &mut Vec<u8>, text: &str) {
    push_number(bytes, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
}

fn text(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = number(bytes)?;
    let (text, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    Some((std::str::from_utf8(text).ok()?, rest))
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

/// One server's copy of the state machine. It is volatile: a restarted server begins with its snapshot and applies its
/// log anew.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Store {
    values: ShortMap<String, String>,
    /// The number of each client's latest operation. A client asks for one thing at a time, so one number is enough.
    sessions: ShortMap<u32, u64>,
    /// The sum of hashes of all that is held: by it two states are compared in one step.
    digest: u64,
}

fn hash(held: impl Hash) -> u64 {
    let mut hasher = Fingerprint::new();
    held.hash(&mut hasher);
    hasher.finish()
}

impl Store {
    /// The value of every key.
    #[must_use]
    pub const fn values(&self) -> &ShortMap<String, String> {
        &self.values
    }

    /// Applies a committed entry. With `sessions`, an operation that this client's session has seen is passed over: its
    /// client asked again because the answer was lost, not because it wants it twice. Reads change nothing and may come
    /// twice.
    pub(crate) fn apply(&mut self, payload: &Payload, sessions: bool) {
        let Payload::Command(command) = payload else { return };
        let Some(operation) = Operation::decode(command) else { return };
        let wanted = operation.wants();
        if let Wanted::Read(_) = wanted {
            return;
        }
        if sessions && operation.client > 0 {
            if self.sessions.get(&operation.client).is_some_and(|&latest| operation.sequence <= latest) {
                return;
            }
            self.note_session(operation.client, operation.sequence);
        }
        match wanted {
            Wanted::Write(key, value) => self.set(key, value),
            Wanted::Append(key, text) => self.set(key, &appended(self.value(key), text)),
            Wanted::Read(_) => {}
        }
    }

    /// The value of a key; none when nothing was written to it.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    fn set(&mut self, key: &str, value: &str) {
        self.digest = self.digest.wrapping_add(hash((key, value)));
        match self.values.get_mut(key) {
            Some(old) => {
                self.digest = self.digest.wrapping_sub(hash((key, old.as_str())));
                value.clone_into(old);
            }
            None => {
                self.values.insert(key.to_owned(), value.to_owned());
            }
        }
    }

    fn note_session(&mut self, client: u32, sequence: u64) {
        self.digest = self.digest.wrapping_add(hash((client, sequence)));
        if let Some(old) = self.sessions.insert(client, sequence) {
            self.digest = self.digest.wrapping_sub(hash((client, old)));
        }
    }

    /// A number that two different states do not share.
    pub(crate) const fn digest(&self) -> u64 {
        self.digest
    }

    /// The whole state as bytes, the same for the same state: how many values, each key with its value, how many sessions,
    /// each client with its latest number.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        push_number(&mut bytes, self.values.len() as u64);
        for (key, value) in self.values.iter() {
            push_text(&mut bytes, key);
            push_text(&mut bytes, value);
        }
        push_number(&mut bytes, self.sessions.len() as u64);
        for (&client, &sequence) in self.sessions.iter() {
            push_number(&mut bytes, client.into());
            push_number(&mut bytes, sequence);
        }
        bytes
    }

    /// The state that a snapshot holds; none when the bytes are no snapshot of any state.
    #[must_use]
    pub fn restore(bytes: &[u8]) -> Option<Self> {
        let mut store = Self::default();
        let (values, mut rest) = number(bytes)?;
        for _ in 0..values {
            let (key, behind) = text(rest)?;
            let (value, behind) = text(behind)?;
            store.set(key, value);
            rest = behind;
        }
        let (sessions, mut rest) = number(rest)?;
        for _ in 0..sessions {
            let (client, behind) = number(rest)?;
            let (sequence, behind) = number(behind)?;
            store.note_session(client.try_into().ok()?, sequence);
            rest = behind;
        }
        // Each key and each client once, in order, and nothing behind: else it is not what a store writes.
        (rest.is_empty() && store.snapshot() == bytes).then_some(store)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(client: u32, sequence: u64, text: &str) -> Payload {
        Payload::Command(Operation { client, sequence, text }.encode())
    }

    #[test]
    fn an_operation_asked_for_twice_is_applied_once() {
        let mut store = Store::default();
        store.apply(&entry(1, 1, "x=1"), true);
        store.apply(&entry(2, 1, "x=2"), true);
        store.apply(&entry(1, 1, "x=1"), true);
        assert_eq!(store.values()["x"], "2", "client 1's operation was applied a second time");
        store.apply(&entry(1, 2, "x=3"), true);
        assert_eq!(store.values()["x"], "3");
    }

    #[test]
    fn a_snapshot_holds_values_and_sessions_and_equal_states_write_the_same_bytes() {
        let (mut store, mut other) = (Store::default(), Store::default());
        assert_eq!(Store::restore(&store.snapshot()), Some(Store::default()));
        for (client, sequence, text) in [(1, 1, "ключ=1"), (300, 700, "x=2"), (2, 1, "a="), (1, 2, "ключ=3")] {
            store.apply(&entry(client, sequence, text), true);
        }
        for (client, sequence, text) in [(2, 1, "a="), (1, 2, "ключ=3"), (300, 700, "x=2")] {
            other.apply(&entry(client, sequence, text), true);
        }
        assert_eq!((store.snapshot(), store.digest()), (other.snapshot(), other.digest()));
        let mut restored = Store::restore(&store.snapshot()).unwrap();
        assert_eq!(restored, store);
        restored.apply(&entry(1, 2, "ключ=again"), true);
        assert_eq!(restored, store, "the session came along");
        restored.apply(&entry(2, 2, "a=4"), true);
        assert_ne!(restored.digest(), store.digest());
    }

    #[test]
    fn what_is_no_snapshot_is_refused() {
        let mut store = Store::default();
        store.apply(&entry(1, 1, "b=1"), true);
        store.apply(&entry(1, 2, "a=1"), true);
        let bytes = store.snapshot();
        for length in 0..bytes.len() {
            assert_eq!(Store::restore(&bytes[..length]), None, "{length} of {} bytes", bytes.len());
        }
        let [mut longer, mut huge, mut swapped] = [bytes.clone(), bytes.clone(), bytes.clone()];
        longer.push(0);
        huge[0] = 0x7f;
        // Keys out of their order.
        (swapped[2], swapped[6]) = (swapped[6], swapped[2]);
        for nonsense in [longer, huge, swapped, vec![0xff; 40], vec![1, 0xff, 0xff, 0xff, 0xff, 0x7f]] {
            assert_eq!(Store::restore(&nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn what_a_person_hands_to_a_server_has_no_session_and_is_applied_each_time() {
        let mut store = Store::default();
        for text in ["1", "2", "1"] {
            store.apply(&entry(0, 1, text), true);
        }
        assert_eq!(store.values()["x"], "1");
    }

    #[test]
    fn a_text_with_an_equals_sign_names_its_key_and_any_other_means_x() {
        use Wanted::{Append, Read, Write};
        let table = [
            ("a=b", Write("a", "b")),
            ("a=b=c", Write("a", "b=c")),
            ("a", Write("x", "a")),
            ("a=", Write("a", "")),
            ("a?", Write("x", "a?")),
            ("a+=b", Append("a", "b")),
            ("a+=b+=c", Append("a", "b+=c")),
            ("a=+=", Write("a", "+=")),
            ("+=", Append("", "")),
            ("a?\u{5}", Read("a")),
            ("a=b?\u{5}", Read("a=b")),
        ];
        for (text, expected) in table {
            let operation = Operation { client: 1, sequence: 1, text };
            assert_eq!((operation.wants(), operation.shown()), (expected, text.trim_end_matches('\u{5}')));
        }
    }

    #[test]
    fn appending_lengthens_a_value_up_to_its_bound_and_then_begins_it_anew() {
        let mut store = Store::default();
        for sequence in 1..=64 {
            store.apply(&entry(1, sequence, "a+=1234"), true);
            assert_eq!(store.value("a").map(str::len), Some(4 * sequence as usize));
        }
        store.apply(&entry(1, 65, "a+=1"), true);
        assert_eq!(store.value("a"), Some("1"), "257 bytes are too many");
        store.apply(&entry(1, 65, "a+=1"), true);
        assert_eq!(store.value("a"), Some("1"), "asked for twice");
        store.apply(&entry(1, 65, "a+=1"), false);
        assert_eq!(store.value("a"), Some("11"), "without sessions it counts twice");
    }

    #[test]
    fn a_read_in_the_log_leaves_values_and_sessions_as_they_are() {
        let mut store = Store::default();
        store.apply(&entry(1, 1, "a=1"), true);
        let before = store.clone();
        store.apply(&entry(1, 2, "a?\u{5}"), true);
        assert_eq!(store, before);
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
        store.apply(&Payload::Noop, true);
        store.apply(&Payload::Command(Command::from(&[0xff_u8, 0xff][..])), true);
        assert_eq!(store, Store::default());
    }
}
