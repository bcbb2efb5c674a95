//! A map in a sorted vector.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::ops::Index;

use serde::{Serialize, Serializer};

/// A map for few entries, or for such as come with rising keys: walls, what clients wait for, terms. It is in the order
/// of its keys, as everything that a run depends on must be. Beside a `BTreeMap` it is small in wasm, where each pair of
/// types is compiled anew.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ShortMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for ShortMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> ShortMap<K, V> {
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(known, _)| known.borrow().cmp(key))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|at| &self.0[at].1)
    }

    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|at| &mut self.0[at].1)
    }

    /// Where a key is, or would be, that is nearly always the last one or behind it.
    fn find_late(&self, key: &K) -> Result<usize, usize> {
        match self.0.last().map(|(last, _)| last.cmp(key)) {
            None => Err(0),
            Some(Ordering::Less) => Err(self.0.len()),
            Some(Ordering::Equal) => Ok(self.0.len() - 1),
            Some(Ordering::Greater) => self.find(key),
        }
    }

    /// The value of a key that is nearly always the last one.
    pub(crate) fn late_mut(&mut self, key: &K) -> Option<&mut V> {
        self.find_late(key).ok().map(|at| &mut self.0[at].1)
    }

    /// The value of a key, which is nearly always the last one; one that is missing is put there first.
    pub(crate) fn get_or_insert(&mut self, key: K, value: V) -> &mut V {
        let at = self.find_late(&key).unwrap_or_else(|at| {
            self.0.insert(at, (key, value));
            at
        });
        &mut self.0[at].1
    }

    /// The value of a key; one that is missing is made first.
    pub(crate) fn get_or_insert_with<Q: Ord + ToOwned<Owned = K> + ?Sized>(
        &mut self,
        key: &Q,
        value: impl FnOnce() -> V,
    ) -> &mut V
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).unwrap_or_else(|at| {
            self.0.insert(at, (key.to_owned(), value()));
            at
        });
        &mut self.0[at].1
    }

    /// Sets the value of a key, and returns the one it had.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find_late(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        self.find(key).ok().map(|at| self.0.remove(at).1)
    }

    /// Drops what is to go of what has keys from one to another, both included. It is asked in their order.
    pub(crate) fn remove_between(&mut self, first: &K, last: &K, mut goes: impl FnMut(&K, &V) -> bool) {
        let mut at = match self.0.first() {
            Some((key, _)) if key < first => self.0.partition_point(|(key, _)| key < first),
            _ => 0,
        };
        while let Some((key, _)) = self.0.get(at)
            && key <= last
        {
            let gone = self.0[at..].iter().take_while(|(key, value)| key <= last && goes(key, value)).count();
            self.0.drain(at..at + gone);
            // The one behind them stays, and was asked already.
            at += 1;
        }
    }

    /// Drops what is not to be kept.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.0.retain_mut(|(key, value)| keep(key, value));
    }

    /// Parts it into what has keys up to this one, itself included, and what has later ones.
    pub(crate) fn split_at(mut self, last: &K) -> (Self, Self) {
        let later = self.0.split_off(self.0.partition_point(|(key, _)| key <= last));
        (self, Self(later))
    }

    /// Keys and values, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// How many entries there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> Index<&Q> for ShortMap<K, V> {
    type Output = V;

    /// Panics when the key is missing, as a `BTreeMap` does.
    #[allow(clippy::expect_used)]
    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("the map holds the key")
    }
}

impl<K: Ord + Serialize, V: Serialize> Serialize for ShortMap<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use raft_core::random::draw_between;

    use super::*;

    #[test]
    fn it_answers_as_a_btree_map_does() {
        let (mut short, mut tree) = (ShortMap::default(), BTreeMap::new());
        for step in 0..2_000 {
            let key = draw_between(0, 20, &[1, step]);
            if draw_between(0, 3, &[2, step]) == 0 {
                assert_eq!(short.get_or_insert(key, step), tree.entry(key).or_insert(step), "step {step}");
            } else if draw_between(0, 2, &[3, step]) == 0 {
                assert_eq!(short.remove(&key), tree.remove(&key), "step {step}");
            } else if draw_between(0, 4, &[4, step]) == 0 {
                let (last, goes) = (key + 3, |key: &u64| !key.is_multiple_of(5));
                let mut asked = Vec::new();
                short.remove_between(&key, &last, |key, _| {
                    asked.push(*key);
                    goes(key)
                });
                assert!(asked.iter().copied().eq(tree.range(key..=last).map(|(&key, _)| key)), "step {step}");
                tree.retain(|known, _| !(key..=last).contains(known) || !goes(known));
            } else {
                assert_eq!(short.insert(key, step), tree.insert(key, step), "step {step}");
            }
            assert_eq!(short.get(&key), tree.get(&key), "step {step}");
            assert_eq!(short.late_mut(&key), tree.get_mut(&key), "step {step}");
            assert!(short.iter().eq(&tree) && short.values().eq(tree.values()), "step {step}");
            assert_eq!((short.len(), short.is_empty()), (tree.len(), tree.is_empty()));
        }
        short.clear();
        assert!(short.is_empty());
    }
}
