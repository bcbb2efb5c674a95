//! The quantities Raft counts in, each a type of its own so that none can be taken for another.

use core::fmt;

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(transparent))]
        pub struct $name(pub u64);

        impl $name {
            /// Nothing yet: before the first.
            pub const ZERO: Self = Self(0);
            /// The largest value that is accepted from outside, 2^53 - 1: beyond every real run, and exact in JSON
            /// and in JavaScript.
            pub const LIMIT: Self = Self((1 << 53) - 1);

            /// The next value. Saturates, which [`Self::LIMIT`] keeps out of reach.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }

            /// The value before this one, or zero.
            #[must_use]
            pub const fn previous(self) -> Self {
                Self(self.0.saturating_sub(1))
            }

            /// This value and `count` more. Saturates.
            #[must_use]
            pub const fn plus(self, count: u64) -> Self {
                Self(self.0.saturating_add(count))
            }

            /// How far this value is beyond `earlier`, or zero.
            #[must_use]
            pub const fn since(self, earlier: Self) -> u64 {
                self.0.saturating_sub(earlier.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

number! {
    /// Raft's logical clock (P§5.1). Zero is before the first election; each election begins a new term.
    Term
}

number! {
    /// A position in the log, counted from 1 (P Fig. 2). Zero stands before the first entry.
    Index
}

number! {
    /// A moment on one server's own clock, in microseconds from an origin of the caller's choice. Only differences
    /// mean anything; the clocks of two servers are never compared.
    Time
}

number! {
    /// The number of a [`Save`](crate::Save), counted from 1 in each life of a server. "Saved up to n" is said with it.
    SaveNumber
}

number! {
    /// One of a leader's rounds of heartbeats, counted from 1 in each leadership. Whoever answers one had not heard of a
    /// newer leader since it began (D§6.4).
    Round
}

number! {
    /// Which read. The caller gives out the numbers.
    ReadId
}

/// Which server. The caller gives out the numbers; the page calls server 1 "S1".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct ServerId(pub u32);

impl fmt::Display for ServerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S{}", self.0)
    }
}

impl fmt::Debug for ServerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What identifies an entry: Raft never lets two different entries have the same index and term (P§5.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct EntryId {
    /// Where it stands in the log. Zero: before the first entry.
    pub index: Index,
    /// The term in which a leader created it. Zero only with index zero.
    pub term: Term,
}

impl EntryId {
    /// Before the first entry of any log.
    pub const START: Self = Self { index: Index::ZERO, term: Term::ZERO };

    /// An entry by its two numbers.
    #[must_use]
    pub const fn new(index: u64, term: u64) -> Self {
        Self { index: Index(index), term: Term(term) }
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.index, self.term)
    }
}
