//! A map with few entries that come and go.

/// A map with few entries that come and go: one vector in the order of the keys, which keeps its room.
#[derive(Debug, Clone)]
pub struct Sorted<K, V>(Vec<(K, V)>);

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Sorted(Vec::new())
    }
}

impl<K: Ord, V> Sorted<K, V> {
    fn place(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.cmp(key))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a key has a value.
    pub fn contains_key(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    /// The value of a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.place(key).ok().map(|at| &self.0[at].1)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.place(key).ok().map(|at| &mut self.0[at].1)
    }

    /// Enters a value. Returns the one that the key had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    /// The value of a key, which is made if it has none.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let at = self.place(&key).unwrap_or_else(|at| {
            self.0.insert(at, (key, make()));
            at
        });
        &mut self.0[at].1
    }

    /// Takes out the value of a key.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.place(key).ok().map(|at| self.0.remove(at).1)
    }

    /// The first of all keys.
    pub fn first_key(&self) -> Option<&K> {
        self.0.first().map(|(key, _)| key)
    }

    /// Takes out what has the first of all keys.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Takes out everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// All of it, in the order of the keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The entries from a key on, in order, be it there or not.
    pub fn starting_at(&self, first: &K) -> impl Iterator<Item = (&K, &V)> {
        let at = self.place(first).unwrap_or_else(|at| at);
        self.0[at..].iter().map(|(key, value)| (key, value))
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.0.iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.0.iter().map(|(_, value)| value)
    }

    /// The values, in the order of their keys, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_entered_in_any_order_is_found_and_listed_in_the_order_of_the_keys() {
        let mut map = Sorted::default();
        for key in [5, 1, 9, 3] {
            assert_eq!(map.insert(key, key), None);
        }
        for key in [3, 1, 5, 9] {
            assert_eq!(map.insert(key, key * 10), Some(key));
        }
        assert_eq!(map.keys().copied().collect::<Vec<_>>(), [1, 3, 5, 9]);
        assert_eq!((map.get(&3), map.get(&4), map.contains_key(&9)), (Some(&30), None, true));
        assert_eq!((map.remove(&3), map.remove(&3), map.len()), (Some(30), None, 3));
        assert_eq!(map.first_key(), Some(&1));
        assert_eq!(map.pop_first(), Some((1, 10)));
        map.values_mut().for_each(|value| *value += 1);
        assert_eq!(map.iter().map(|(key, value)| (*key, *value)).collect::<Vec<_>>(), [(5, 51), (9, 91)]);
        *map.get_or_insert_with(7, || 70) += 1;
        *map.get_or_insert_with(5, || unreachable!("it has a value")) += 1;
        let from =
            |first: i32| map.starting_at(&first).map(|(key, value)| (*key, *value)).collect::<Vec<_>>();
        assert_eq!(from(0), [(5, 52), (7, 71), (9, 91)]);
        assert_eq!((from(6), from(7), from(10)), (vec![(7, 71), (9, 91)], vec![(7, 71), (9, 91)], vec![]));
    }
}
