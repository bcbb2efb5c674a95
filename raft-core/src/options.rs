//! What can be chosen for a server.

use core::fmt;

use crate::Rule;

/// What can be chosen for a server. All times are in microseconds.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Options {
    /// The shortest election timeout. Timeouts are drawn evenly from this range (P§5.2), by default 150 to 300 ms.
    pub election_timeout_us_min: u64,
    /// The longest election timeout, itself included.
    pub election_timeout_us_max: u64,
    /// How often a leader shows that it is alive: by default half of the shortest timeout (P§9.3).
    pub heartbeat_us: u64,
    /// How many entries go into one append at most.
    pub entries_per_append_max: usize,
    /// How many bytes of commands go into one append at most; one entry always may.
    pub bytes_per_append_max: usize,
    /// How many entries may be on their way to a follower, unacknowledged, at most (D§10.2.2). With 1, each waits for the
    /// answer to the one before.
    pub entries_in_flight_max: usize,
    /// How many bytes of commands may be on their way to a follower at most; one entry always may.
    pub bytes_in_flight_max: usize,
    /// Whether followers are told at once of what is committed, rather than with the next append or heartbeat.
    pub eager_commit: bool,
    /// How many bytes of a snapshot go into one message at most.
    pub snapshot_chunk_bytes: usize,
    /// Whether a new leader begins its term with an entry of its own, so that it can commit what it inherited without
    /// waiting for a client (P§8, D§6.4).
    pub noop_on_election: bool,
    /// Whether a server asks, before it enters a new term, whether it could win it (D§9.6). One that was cut off then
    /// comes back without disturbing anyone.
    pub pre_vote: bool,
    /// Whether a leader that has not heard from a quorum for an election timeout steps down, and whether servers that
    /// hear from a leader disregard requests for votes (D§6.2, D§4.2.3). Each needs the other: servers must not hold on
    /// to a leader that cannot commit.
    pub check_quorum: bool,
    /// Whether a leader answers reads without asking anyone while it knows that no other can have been elected (D§6.4.1).
    /// Takes [`check_quorum`](Self::check_quorum), by which servers hold on to a leader for the shortest election timeout.
    pub lease_reads: bool,
    /// By how many parts per million one server's clock may run faster than another's: what leases rest on.
    pub clock_drift_ppm_max: u64,
    /// Where the server's random draws come from. A restarted server needs another seed, or it repeats itself.
    pub seed: u64,
    /// The rules that this server does not follow.
    #[cfg(feature = "mutations")]
    pub broken: crate::RuleSet,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            election_timeout_us_min: 150_000,
            election_timeout_us_max: 300_000,
            heartbeat_us: 75_000,
            entries_per_append_max: 64,
            bytes_per_append_max: 1 << 20,
            entries_in_flight_max: 256,
            bytes_in_flight_max: 4 << 20,
            eager_commit: false,
            snapshot_chunk_bytes: 64 << 10,
            noop_on_election: true,
            pre_vote: false,
            check_quorum: false,
            lease_reads: false,
            clock_drift_ppm_max: 100_000,
            seed: 0,
            #[cfg(feature = "mutations")]
            broken: crate::RuleSet::default(),
        }
    }
}

/// Why options cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidOptions {
    /// Which option.
    pub option: &'static str,
    /// What it was.
    pub found: u64,
    /// The least it may be.
    pub at_least: u64,
    /// The most it may be.
    pub at_most: u64,
}

impl fmt::Display for InvalidOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { option, found, at_least, at_most } = self;
        write!(f, "{option} is {found}; expected {at_least} to {at_most}")
    }
}

impl core::error::Error for InvalidOptions {}

impl Options {
    /// The longest time that can be chosen: an hour.
    pub const TIME_US_MAX: u64 = 3_600_000_000;

    /// Whether a server with these options follows a rule: always, unless it was started without.
    #[cfg(feature = "mutations")]
    pub(crate) const fn follows(&self, rule: Rule) -> bool {
        !self.broken.contains(rule)
    }

    /// Whether a server with these options follows a rule: always.
    #[cfg(not(feature = "mutations"))]
    #[allow(clippy::unused_self)] // The feature `mutations` gives it something to look at.
    pub(crate) const fn follows(&self, _rule: Rule) -> bool {
        true
    }

    /// Whether every option is in its range.
    ///
    /// # Errors
    /// Names the first option that is not.
    pub fn check(&self) -> Result<(), InvalidOptions> {
        let within = |option, found, at_least, at_most| {
            if (at_least..=at_most).contains(&found) {
                Ok(())
            } else {
                Err(InvalidOptions { option, found, at_least, at_most })
            }
        };
        within("election_timeout_us_min", self.election_timeout_us_min, 1, Self::TIME_US_MAX)?;
        let longest = self.election_timeout_us_max;
        within("election_timeout_us_max", longest, self.election_timeout_us_min, Self::TIME_US_MAX)?;
        within("heartbeat_us", self.heartbeat_us, 1, Self::TIME_US_MAX)?;
        within("entries_per_append_max", self.entries_per_append_max as u64, 1, 1 << 20)?;
        within("bytes_per_append_max", self.bytes_per_append_max as u64, 1, 1 << 30)?;
        within("entries_in_flight_max", self.entries_in_flight_max as u64, 1, 1 << 30)?;
        within("bytes_in_flight_max", self.bytes_in_flight_max as u64, 1, 1 << 30)?;
        within("snapshot_chunk_bytes", self.snapshot_chunk_bytes as u64, 1, 1 << 30)?;
        within("clock_drift_ppm_max", self.clock_drift_ppm_max, 0, 1_000_000)?;
        // A lease rests on servers that hold on to their leader.
        within("lease_reads", self.lease_reads.into(), 0, self.check_quorum.into())
    }
}
