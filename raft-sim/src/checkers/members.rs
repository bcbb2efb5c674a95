//! Who counts.

use raft_core::{Configuration, Index, ServerId, Time};

use super::{Check, Checkers, Property, Violation};
use crate::network::at;

impl Checkers {
    /// By which configuration a server counts.
    #[inline(never)]
    pub(super) fn counts_by(&self, now: Time, server: ServerId, configuration: &Configuration) -> Check {
        let (index, latest) = self.ghosts[at(server)].configuration();
        if !std::ptr::eq(configuration, &**latest) && *configuration != **latest {
            let text =
                format!("{server} counts by another configuration than the latest of its log, at index {index}.");
            return Violation::new(Property::MembershipSafety, now, text, &[server], &[index], &[]);
        }
        Ok(())
    }

    /// A configuration stands in a server's log, and the one before it there is this.
    pub(super) fn follows_on(
        &self,
        now: Time,
        server: ServerId,
        index: Index,
        before: &Configuration,
        configuration: &Configuration,
    ) -> Check {
        // A server that joined does not know who was there before the entry that added it.
        if !before.voters().is_empty() && !overlap(before, configuration) {
            let text = format!(
                "{server} has a configuration at index {index} that can decide without a server of the one before it."
            );
            return Violation::new(Property::MembershipSafety, now, text, &[server], &[index], &[]);
        }
        let [.., (first, _), _] = self.ghosts[at(server)].configurations[..] else { return Ok(()) };
        if first > self.chain.last() {
            let text =
                format!("{server} has a configuration at index {index} before that at index {first} is committed.");
            return Violation::new(Property::MembershipSafety, now, text, &[server], &[first, index], &[]);
        }
        Ok(())
    }
}

/// Whether any quorum of one configuration shares a server with any of another, because one of the majorities that each
/// takes does so with one of the other's.
fn overlap(one: &Configuration, other: &Configuration) -> bool {
    let majorities = |of: &Configuration| -> Vec<Vec<ServerId>> {
        [Some(of.voters()), of.old_voters()].into_iter().flatten().map(<[ServerId]>::to_vec).collect()
    };
    let (one, other) = (majorities(one), majorities(other));
    one.iter().any(|one| other.iter().any(|other| majorities_overlap(one, other)))
}

/// Two majorities are apart if each can be made of servers that the other has not, and of different ones of those that both
/// have.
fn majorities_overlap(one: &[ServerId], other: &[ServerId]) -> bool {
    let shared = one.iter().filter(|server| other.contains(server)).count();
    let of_shared = |all: usize| (all / 2 + 1).saturating_sub(all - shared);
    of_shared(one.len()) + of_shared(other.len()) > shared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(bits: u32) -> Vec<ServerId> {
        (0..32).filter(|bit| bits >> bit & 1 == 1).map(ServerId).collect()
    }

    #[test]
    fn majorities_overlap_just_when_no_two_of_them_are_apart() {
        let majorities = |of: u32| {
            let needed = of.count_ones() / 2 + 1;
            (0..64_u32).filter(move |some| some & !of == 0 && some.count_ones() >= needed)
        };
        for one in 1..64 {
            for other in 1..64 {
                let apart = majorities(one).any(|some| majorities(other).any(|others| some & others == 0));
                assert_eq!(majorities_overlap(&set(one), &set(other)), !apart, "{one:b} and {other:b}");
            }
        }
    }
}
