//! Who counts. Every decision that takes a quorum is asked of the [`Configuration`], never of a number of servers.

use alloc::vec::Vec;
use core::fmt;

use crate::{Index, ServerId};

/// The servers whose votes and copies count (D§4).
///
/// Invariants: at least one voter, each once, in rising order.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Configuration {
    voters: Vec<ServerId>,
}

/// Why a list of servers is no configuration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InvalidConfiguration {
    /// No voter at all: nothing could ever be decided.
    Empty,
    /// The same server twice: it would count double.
    Twice(ServerId),
}

impl fmt::Display for InvalidConfiguration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the configuration has no voter; expected at least one"),
            Self::Twice(server) => write!(f, "{server} stands twice in the configuration; expected each server once"),
        }
    }
}

impl core::error::Error for InvalidConfiguration {}

impl Configuration {
    /// A configuration of these voters, in any order.
    ///
    /// # Errors
    /// When there is none, or one stands twice.
    pub fn of_voters(voters: impl IntoIterator<Item = ServerId>) -> Result<Self, InvalidConfiguration> {
        let mut voters: Vec<ServerId> = voters.into_iter().collect();
        voters.sort_unstable();
        if voters.is_empty() {
            return Err(InvalidConfiguration::Empty);
        }
        if let Some(pair) = voters.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(InvalidConfiguration::Twice(pair[0]));
        }
        Ok(Self { voters })
    }

    /// The voters, in rising order.
    #[must_use]
    pub fn voters(&self) -> &[ServerId] {
        &self.voters
    }

    /// Whether this server votes and its copies count.
    #[must_use]
    pub fn is_voter(&self, server: ServerId) -> bool {
        self.voters.binary_search(&server).is_ok()
    }

    /// How many voters make a quorum: more than half, so that any two quorums share a server (P§5.2).
    #[must_use]
    pub fn quorum(&self) -> usize {
        self.voters.len() / 2 + 1
    }

    /// The largest index that a quorum has reached, given how far each voter's log is known to agree (P§5.3).
    #[must_use]
    pub fn reached_by_quorum(&self, match_index: impl Fn(ServerId) -> Index) -> Index {
        self.reached_by(self.quorum(), match_index)
    }

    /// The largest index that at least `count` voters have reached.
    pub(crate) fn reached_by(&self, count: usize, match_index: impl Fn(ServerId) -> Index) -> Index {
        let reached: Vec<Index> = self.voters.iter().map(|&voter| match_index(voter)).collect();
        let by_enough = |index: &Index| reached.iter().filter(|&other| other >= index).count() >= count;
        reached.iter().copied().filter(by_enough).max().unwrap_or(Index::ZERO)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Configuration {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Plain {
            voters: Vec<ServerId>,
        }
        let plain = Plain::deserialize(deserializer)?;
        Self::of_voters(plain.voters).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;

    use super::*;

    fn of(count: u32) -> Configuration {
        Configuration::of_voters((1..=count).map(ServerId)).unwrap()
    }

    #[test]
    fn any_two_quorums_share_a_server_and_no_smaller_number_would_do() {
        for count in 1..=9_u32 {
            let quorum = u32::try_from(of(count).quorum()).unwrap();
            let sets = |size: u32| (0..1_u32 << count).filter(move |set| set.count_ones() == size);
            assert!(sets(quorum).all(|a| sets(quorum).all(|b| a & b != 0)), "{count} voters");
            let smaller = quorum - 1;
            assert!(smaller == 0 || sets(smaller).any(|a| sets(smaller).any(|b| a & b == 0)), "{count} voters");
        }
    }

    #[test]
    fn what_a_quorum_has_reached_is_found_for_all_positions_of_up_to_five_voters() {
        for count in 1..=5_u32 {
            let configuration = of(count);
            for code in 0..4_u64.pow(count) {
                let reached = |id: ServerId| Index(code / 4_u64.pow(id.0 - 1) % 4);
                let holders = |index| configuration.voters().iter().filter(|&&id| reached(id) >= index).count();
                let expected = (0..4).rev().map(Index).find(|&index| holders(index) > count as usize / 2).unwrap();
                assert_eq!(configuration.reached_by_quorum(reached), expected, "{count} voters, positions {code}");
            }
        }
    }

    #[test]
    fn a_configuration_has_each_voter_once_in_order() {
        let configuration = Configuration::of_voters([3, 1, 2].map(ServerId)).unwrap();
        assert_eq!(configuration.voters(), [1, 2, 3].map(ServerId));
        assert!(configuration.is_voter(ServerId(3)) && !configuration.is_voter(ServerId(4)));
        assert_eq!(Configuration::of_voters(vec![]), Err(InvalidConfiguration::Empty));
        let twice = Configuration::of_voters([1, 2, 1].map(ServerId)).unwrap_err();
        assert_eq!(twice.to_string(), "S1 stands twice in the configuration; expected each server once");
    }
}
