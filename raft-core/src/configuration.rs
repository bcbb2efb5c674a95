//! Who counts. Every decision that takes a quorum is asked of the [`Configuration`], never of a number of servers.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use crate::{Index, ServerId};

/// The servers of a cluster, and whose votes and copies count (P§6, D§4).
///
/// While the voters change by more than one, two majorities count, of the old voters and of the new: joint consensus,
/// C_old,new (P§6). Learners are sent the log and count in neither: the paper's non-voting members (D§4.2.1).
///
/// Invariants: each list holds a server once, in rising order; a voter is no learner, but a voter that is on its way out
/// may be one already; without new voters there are no old ones.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Configuration {
    voters: Vec<ServerId>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    old: Option<Vec<ServerId>>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Vec::is_empty"))]
    learners: Vec<ServerId>,
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "core::ops::Not::not"))]
    stays_joint: bool,
}

/// Why lists of servers are no configuration.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "because", rename_all = "snake_case"))]
pub enum InvalidConfiguration {
    /// No voter at all: nothing could ever be decided.
    Empty,
    /// The same server twice: it would count double.
    Twice {
        /// Which.
        server: ServerId,
    },
    /// A server that votes and only learns at once.
    VoterAndLearner {
        /// Which.
        server: ServerId,
    },
}

impl fmt::Display for InvalidConfiguration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the configuration has no voter; expected at least one"),
            Self::Twice { server } => {
                write!(f, "{server} stands twice in the configuration; expected each server once")
            }
            Self::VoterAndLearner { server } => {
                write!(f, "{server} stands among the voters and among the learners; expected one of both")
            }
        }
    }
}

impl core::error::Error for InvalidConfiguration {}

/// Servers in rising order, each once.
fn in_order(servers: impl IntoIterator<Item = ServerId>) -> Result<Vec<ServerId>, InvalidConfiguration> {
    let mut ordered = Vec::new();
    for server in servers {
        if !insert(&mut ordered, server) {
            return Err(InvalidConfiguration::Twice { server });
        }
    }
    Ok(ordered)
}

/// Puts a server in its place, unless it is there.
fn insert(servers: &mut Vec<ServerId>, server: ServerId) -> bool {
    let place = servers.binary_search(&server);
    if let Err(at) = place {
        servers.insert(at, server);
    }
    place.is_err()
}

fn holds(servers: &[ServerId], server: ServerId) -> bool {
    // They are few.
    servers.contains(&server)
}

/// How many of a list of servers make a majority: more than half, so that any two share a server (P§5.2).
const fn majority(servers: &[ServerId]) -> usize {
    servers.len() / 2 + 1
}

/// How many of those who count are there, and how many are needed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Majority {
    /// How many there are.
    pub have: usize,
    /// How many are needed.
    pub needed: usize,
}

impl Majority {
    /// Whether that is enough.
    #[must_use]
    pub const fn reached(self) -> bool {
        self.have >= self.needed
    }
}

/// A count of servers, as a quorum needs it: in joint consensus a majority of the new voters and one of the old.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Tally {
    /// Of the voters: the new ones, if they are changing.
    pub voters: Majority,
    /// Of the old voters, while both count (P§6).
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub old: Option<Majority>,
}

impl Tally {
    /// Whether it is a quorum.
    #[must_use]
    pub fn reached(self) -> bool {
        self.voters.reached() && self.old.is_none_or(Majority::reached)
    }
}

impl fmt::Display for Tally {
    /// `2 of 3`, or `2 of 3 and 3 of 5 old`: how many there are of how many that are needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.voters.have, self.voters.needed)?;
        match self.old {
            Some(old) => write!(f, " and {} of {} old", old.have, old.needed),
            None => Ok(()),
        }
    }
}

impl Configuration {
    /// A configuration of these voters, in any order.
    ///
    /// # Errors
    /// When there is none, or one stands twice.
    pub fn of_voters(voters: impl IntoIterator<Item = ServerId>) -> Result<Self, InvalidConfiguration> {
        Self::new(voters, [])
    }

    /// A configuration of these voters and learners, in any order.
    ///
    /// # Errors
    /// When there is no voter, or a server stands twice.
    pub fn new(
        voters: impl IntoIterator<Item = ServerId>,
        learners: impl IntoIterator<Item = ServerId>,
    ) -> Result<Self, InvalidConfiguration> {
        let (voters, learners) = (in_order(voters)?, in_order(learners)?);
        if voters.is_empty() {
            return Err(InvalidConfiguration::Empty);
        }
        if let Some(&server) = learners.iter().find(|&&learner| holds(&voters, learner)) {
            return Err(InvalidConfiguration::VoterAndLearner { server });
        }
        Ok(Self { voters, old: None, learners, stays_joint: false })
    }

    /// The configuration of a server that is to join a cluster and knows nobody yet: it waits to be sent the log, and never
    /// stands for election.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    /// From one configuration to another, each of them with voters and neither of them joint, with both majorities counting until it is left (P§6).
    ///
    /// With `stays_joint` that takes [`Input::LeaveJoint`](crate::Input::LeaveJoint); otherwise the leader leaves it as
    /// soon as it is committed.
    #[must_use]
    pub fn joint(old: &Self, new: &Self, stays_joint: bool) -> Self {
        Self { old: Some(old.voters.clone()), stays_joint, ..new.clone() }
    }

    /// What remains of a joint configuration when it is left: C_new.
    pub(crate) fn left(&self) -> Self {
        Self { old: None, stays_joint: false, ..self.clone() }
    }

    /// This one with more learners.
    pub(crate) fn with_learners(&self, more: impl IntoIterator<Item = ServerId>) -> Self {
        let mut with_more = self.clone();
        for learner in more {
            insert(&mut with_more.learners, learner);
        }
        with_more
    }

    /// The voters, in rising order; the new ones while they are changing.
    #[must_use]
    pub fn voters(&self) -> &[ServerId] {
        &self.voters
    }

    /// The old voters, in rising order, while theirs is a majority that is needed too.
    #[must_use]
    pub fn old_voters(&self) -> Option<&[ServerId]> {
        self.old.as_deref()
    }

    /// Those who are sent the log and do not count, in rising order.
    #[must_use]
    pub fn learners(&self) -> &[ServerId] {
        &self.learners
    }

    /// Whether two majorities count (P§6).
    #[must_use]
    pub const fn is_joint(&self) -> bool {
        self.old.is_some()
    }

    /// Whether a joint configuration is left only when that is asked for.
    #[must_use]
    pub const fn stays_joint(&self) -> bool {
        self.stays_joint
    }

    /// Whether this server votes and its copies count, in one of the majorities at least.
    #[must_use]
    pub fn is_voter(&self, server: ServerId) -> bool {
        holds(&self.voters, server) || self.old.as_ref().is_some_and(|old| holds(old, server))
    }

    /// Whether this server belongs to the cluster, voting or learning.
    #[must_use]
    pub fn is_member(&self, server: ServerId) -> bool {
        self.is_voter(server) || holds(&self.learners, server)
    }

    /// All servers of the cluster, voting and learning, in rising order.
    #[must_use]
    pub fn members(&self) -> Vec<ServerId> {
        let mut members = self.voters.clone();
        for &server in self.old.iter().flatten().chain(&self.learners) {
            insert(&mut members, server);
        }
        members
    }

    /// How many of those who count are among these, and how many are needed.
    #[must_use]
    pub fn tally(&self, is_there: impl Fn(ServerId) -> bool) -> Tally {
        let count = |servers: &[ServerId]| Majority {
            have: servers.iter().filter(|&&server| is_there(server)).count(),
            needed: majority(servers),
        };
        Tally { voters: count(&self.voters), old: self.old.as_deref().map(count) }
    }

    /// The largest number that a quorum has reached, given how far each voter has come: an index that its log is known to
    /// agree up to (P§5.3), or a round that it has answered (D§6.4).
    #[must_use]
    pub fn reached_by_quorum(&self, reached: impl Fn(ServerId) -> u64) -> u64 {
        let new = reached_by(&self.voters, majority(&self.voters), &reached);
        match &self.old {
            Some(old) => new.min(reached_by(old, majority(old), &reached)),
            None => new,
        }
    }
}

/// The largest number that at least `count` of these servers have reached.
#[cfg_attr(not(target_family = "wasm"), inline(always))]
pub(crate) fn reached_by(servers: &[ServerId], count: usize, reached: &impl Fn(ServerId) -> u64) -> u64 {
    // It is asked with every acknowledgement, so it takes no memory for clusters of the usual sizes.
    match count {
        0..=5 => reached_by_in(&mut [0; 5][..count], servers, reached),
        many => reached_by_in(&mut vec![0; many], servers, reached),
    }
}

/// As above, with a zero for each server that has to be there.
#[inline]
fn reached_by_in(largest: &mut [u64], servers: &[ServerId], reached: &impl Fn(ServerId) -> u64) -> u64 {
    for &server in servers {
        // The largest comes first; each number pushes a smaller one out of its place.
        let mut number = reached(server);
        for place in &mut *largest {
            if *place < number {
                core::mem::swap(place, &mut number);
            }
        }
    }
    largest.last().copied().unwrap_or(0)
}

/// How many servers a configuration has of each kind: what an [`Event`](crate::Event) says of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Members {
    /// The voters, the new ones while they are changing.
    pub voters: usize,
    /// The old voters, while theirs is a majority that is needed too.
    pub old: Option<usize>,
    /// Those who only learn.
    pub learners: usize,
}

impl From<&Configuration> for Members {
    fn from(configuration: &Configuration) -> Self {
        Self {
            voters: configuration.voters().len(),
            old: configuration.old_voters().map(<[ServerId]>::len),
            learners: configuration.learners().len(),
        }
    }
}

/// The configurations of a log: the one that its beginning rests on, and those that stand in it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Configurations {
    base: Arc<Configuration>,
    /// By rising index.
    in_log: Vec<(Index, Arc<Configuration>)>,
}

impl Configurations {
    pub(crate) const fn starting_with(base: Arc<Configuration>) -> Self {
        Self { base, in_log: Vec::new() }
    }

    /// The configuration of the log up to an index, and the index at which it stands: zero for what it began with.
    pub(crate) fn at(&self, index: Index) -> (Index, &Arc<Configuration>) {
        let upto = self.in_log.partition_point(|&(at, _)| at <= index);
        match self.in_log[..upto].last() {
            Some((at, configuration)) => (*at, configuration),
            None => (Index::ZERO, &self.base),
        }
    }

    /// The latest one, and where it stands.
    pub(crate) fn latest(&self) -> (Index, &Arc<Configuration>) {
        self.at(Index(u64::MAX))
    }

    pub(crate) fn push(&mut self, index: Index, configuration: Arc<Configuration>) {
        self.in_log.push((index, configuration));
    }

    /// Undoes those from an index on. Whether there were some.
    pub(crate) fn truncate(&mut self, from: Index) -> bool {
        let before = self.in_log.len();
        self.in_log.retain(|&(at, _)| at < from);
        self.in_log.len() < before
    }

    /// A snapshot now stands for all up to an index.
    pub(crate) fn compact(&mut self, upto: Index) {
        self.base = self.at(upto).1.clone();
        self.in_log.retain(|&(at, _)| at > upto);
    }

    /// The beginning is now this one, and what stands behind an index stays.
    pub(crate) fn rest_on(&mut self, base: Arc<Configuration>, upto: Index) {
        self.in_log.retain(|&(at, _)| at > upto);
        self.base = base;
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Configuration {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Plain {
            voters: Vec<ServerId>,
            #[serde(default)]
            old: Option<Vec<ServerId>>,
            #[serde(default)]
            learners: Vec<ServerId>,
            #[serde(default)]
            stays_joint: bool,
        }
        let plain = Plain::deserialize(deserializer)?;
        let checked = || {
            if plain.voters.is_empty() && plain.old.is_none() && plain.learners.is_empty() {
                return Ok(Self::unknown());
            }
            let new = Self::new(plain.voters, plain.learners)?;
            Ok::<Self, InvalidConfiguration>(match plain.old {
                Some(old) => Self::joint(&Self::of_voters(old)?, &new, plain.stays_joint),
                None => new,
            })
        };
        checked().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    fn of(voters: u32) -> Configuration {
        Configuration::of_voters((1..=voters).map(ServerId)).unwrap()
    }

    /// The servers of a set of bits: the lowest is S1.
    fn set(bits: u32) -> Vec<ServerId> {
        (0..32).filter(|bit| bits >> bit & 1 == 1).map(|bit| ServerId(bit + 1)).collect()
    }

    fn joint(old: u32, new: u32) -> Configuration {
        let configuration = |bits| Configuration::of_voters(set(bits)).unwrap();
        Configuration::joint(&configuration(old), &configuration(new), false)
    }

    fn is_quorum(configuration: &Configuration, servers: u32) -> bool {
        configuration.tally(|server| servers >> (server.0 - 1) & 1 == 1).reached()
    }

    #[test]
    fn any_two_quorums_share_a_server_and_no_smaller_number_would_do() {
        let most = if cfg!(miri) { 5 } else { 9_u32 };
        for count in 1..=most {
            let quorums: Vec<u32> = (0..1_u32 << count).filter(|&servers| is_quorum(&of(count), servers)).collect();
            assert!(quorums.iter().all(|a| quorums.iter().all(|b| a & b != 0)), "{count} voters");
            let smaller = quorums.iter().map(|servers| servers.count_ones()).min().unwrap() - 1;
            let sets = || (0..1_u32 << count).filter(|set| set.count_ones() == smaller);
            assert!(smaller == 0 || sets().any(|a| sets().any(|b| a & b == 0)), "{count} voters");
        }
    }

    /// Voters in a half; Miri is a thousand times slower.
    const MOST: u32 = if cfg!(miri) { 3 } else { 5 };

    /// All pairs of up to five old and up to five new voters, up to the names of the servers: how many there are of the
    /// old alone, of the new alone and of both.
    fn halves() -> impl Iterator<Item = (u32, u32)> {
        let counts = |(old, new): (u32, u32)| (0..=old.min(new)).map(move |both| (old, new, both));
        let sizes = (1..=MOST).flat_map(|old| (1..=MOST).map(move |new| (old, new)));
        sizes.flat_map(counts).map(|(old, new, both)| {
            let bits = |from: u32, count: u32| ((1_u32 << count) - 1) << from;
            (bits(0, old), bits(old - both, new))
        })
    }

    #[test]
    fn a_joint_quorum_is_a_majority_of_each_half_for_all_halves_of_up_to_five_voters() {
        let majority_of = |half: u32, servers: u32| (half & servers).count_ones() * 2 > half.count_ones();
        for (old, new) in halves() {
            let configuration = joint(old, new);
            for servers in 0..1_u32 << (2 * MOST) {
                let expected = majority_of(old, servers) && majority_of(new, servers);
                assert_eq!(is_quorum(&configuration, servers), expected, "{old:b} to {new:b}: {servers:b}");
                // So it shares a server with every quorum of either half alone: with its complement in a half there is none.
                if expected {
                    assert!(!majority_of(old, !servers) && !majority_of(new, !servers));
                }
            }
        }
    }

    #[test]
    fn what_a_joint_quorum_has_reached_is_found_for_all_positions_and_all_halves_of_up_to_five_voters() {
        for (old, new) in halves() {
            let configuration = joint(old, new);
            let servers = (old | new).count_ones();
            // All positions of up to seven servers; for more, each server at one of two.
            let positions: u64 = if servers <= 7 && !cfg!(miri) { 3 } else { 2 };
            for code in 0..positions.pow(servers) {
                let reached = |id: ServerId| code / positions.pow(id.0 - 1) % positions;
                let at_least = |number| {
                    (0..servers).filter(|&at| reached(ServerId(at + 1)) >= number).fold(0, |set, at| set | 1 << at)
                };
                let expected = (0..positions).rev().find(|&number| is_quorum(&configuration, at_least(number)));
                assert_eq!(Some(configuration.reached_by_quorum(reached)), expected, "{old:b} to {new:b}: {code}");
            }
        }
    }

    #[test]
    fn what_a_quorum_has_reached_is_found_for_all_positions_of_up_to_five_voters() {
        for count in 1..=MOST {
            let configuration = of(count);
            for code in 0..4_u64.pow(count) {
                let reached = |id: ServerId| code / 4_u64.pow(id.0 - 1) % 4;
                let holders = |number| configuration.voters().iter().filter(|&&id| reached(id) >= number).count();
                let expected = (0..4).rev().find(|&number| holders(number) > count as usize / 2).unwrap();
                assert_eq!(configuration.reached_by_quorum(reached), expected, "{count} voters, positions {code}");
            }
        }
    }

    #[test]
    fn a_configuration_has_each_server_once_in_order() {
        let configuration = Configuration::new([3, 1, 2].map(ServerId), [5, 4].map(ServerId)).unwrap();
        assert_eq!(configuration.voters(), [1, 2, 3].map(ServerId));
        assert_eq!(configuration.members(), [1, 2, 3, 4, 5].map(ServerId));
        assert!(configuration.is_voter(ServerId(3)) && !configuration.is_voter(ServerId(4)));
        assert!(configuration.is_member(ServerId(4)) && !configuration.is_member(ServerId(6)));
        assert_eq!(Configuration::of_voters(vec![]), Err(InvalidConfiguration::Empty));
        let twice = Configuration::of_voters([1, 2, 1].map(ServerId)).unwrap_err();
        assert_eq!(twice.to_string(), "S1 stands twice in the configuration; expected each server once");
        let both = Configuration::new([1, 2].map(ServerId), [2].map(ServerId)).unwrap_err();
        assert_eq!(both.to_string(), "S2 stands among the voters and among the learners; expected one of both");
    }

    #[test]
    fn nobody_decides_in_a_configuration_that_knows_nobody() {
        let unknown = Configuration::unknown();
        assert!(!unknown.tally(|_| true).reached() && !unknown.is_voter(ServerId(1)));
        assert_eq!(unknown.reached_by_quorum(|_| 9), 0);
    }

    #[test]
    fn a_configuration_in_a_log_counts_until_it_is_truncated_and_beyond_being_compacted() {
        let [start, first, second] = [1, 2, 3].map(|count| Arc::new(of(count)));
        let mut configurations = Configurations::starting_with(start.clone());
        configurations.push(Index(4), first.clone());
        configurations.push(Index(7), second.clone());
        assert_eq!(configurations.latest(), (Index(7), &second));
        assert_eq!([3, 4, 6].map(|at| configurations.at(Index(at)).1.clone()), [start, first.clone(), first.clone()]);
        assert!(configurations.truncate(Index(7)) && !configurations.truncate(Index(5)));
        assert_eq!(configurations.latest(), (Index(4), &first));
        configurations.compact(Index(5));
        assert_eq!(configurations.latest(), (Index::ZERO, &first));
    }
}
