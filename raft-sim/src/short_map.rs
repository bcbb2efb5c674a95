//! A map with few entries, in a sorted vector.

/// A map for a handful of entries: walls, what clients wait for. It is in the order of its keys, as everything that a
/// run depends on must be. Beside a `BTreeMap` it is small in wasm, where each pair of types is compiled anew.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct ShortMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for ShortMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord + Copy, V> ShortMap<K, V> {
    fn find(&self, key: K) -> Result<usize, usize> {
        self.0.binary_search_by_key(&key, |(key, _)| *key)
    }

    pub(crate) fn get(&self, key: K) -> Option<&V> {
        self.find(key).ok().map(|at| &self.0[at].1)
    }

    /// Sets the value of a key, and returns the one it had.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(key) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    pub(crate) fn remove(&mut self, key: K) -> Option<V> {
        self.find(key).ok().map(|at| self.0.remove(at).1)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
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
            if draw_between(0, 2, &[2, step]) == 0 {
                assert_eq!(short.remove(key), tree.remove(&key), "step {step}");
            } else {
                assert_eq!(short.insert(key, step), tree.insert(key, step), "step {step}");
            }
            assert_eq!(short.get(key), tree.get(&key), "step {step}");
            assert!(short.values().eq(tree.values()), "step {step}");
            assert_eq!((short.len(), short.is_empty()), (tree.len(), tree.is_empty()));
        }
        short.clear();
        assert!(short.is_empty());
    }
}
