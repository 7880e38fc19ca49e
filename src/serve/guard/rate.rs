//! How often one address, or one link, may ask: a bucket of tokens each, which fills up again.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// More buckets than this are not kept: those that are full again tell nothing.
const MOST: usize = 10_000;

/// The buckets of one kind.
pub(in crate::serve) struct Rate<K> {
    /// Tokens in a full bucket.
    most: f64,
    /// Tokens that come back a second.
    a_second: f64,
    buckets: Mutex<HashMap<K, Bucket>>,
}

struct Bucket {
    tokens: f64,
    seen: Instant,
}

impl<K: Hash + Eq> Rate<K> {
    pub(in crate::serve) fn new((most, a_second): (u32, f64)) -> Self {
        Self {
            most: f64::from(most),
            a_second,
            buckets: Mutex::new(HashMap::new()),
        }
    }

    /// Takes a token.
    ///
    /// # Errors
    /// There is none; whole seconds until there is one again.
    pub(in crate::serve) fn take(&self, key: K, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            buckets.retain(|_, bucket| self.filled(bucket, now) < self.most);
            // Under a flood of addresses nothing is worth keeping.
            if buckets.len() >= MOST {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(key).or_insert(Bucket {
            tokens: self.most,
            seen: now,
        });
        bucket.tokens = self.filled(bucket, now);
        bucket.seen = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        let missing = (1.0 - bucket.tokens) / self.a_second;
        // At most some minutes.
        Err(std::time::Duration::try_from_secs_f64(missing.ceil())
            .map_or(60, |wait| wait.as_secs()))
    }

    /// Puts a token back that was taken for what turned out to need none.
    pub(in crate::serve) fn give_back(&self, key: &K) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(key) {
            bucket.tokens = (bucket.tokens + 1.0).min(self.most);
        }
    }

    fn filled(&self, bucket: &Bucket, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(bucket.seen).as_secs_f64();
        (bucket.tokens + passed * self.a_second).min(self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_bucket_empties_and_fills_again_and_others_are_untouched() {
        let rate = Rate::new((2, 0.5));
        let begin = Instant::now();
        assert_eq!(rate.take("a", begin), Ok(()));
        assert_eq!(rate.take("a", begin), Ok(()));
        assert_eq!(rate.take("a", begin), Err(2));
        assert_eq!(rate.take("b", begin), Ok(()));
        assert_eq!(rate.take("a", begin + Duration::from_secs(2)), Ok(()));
        assert_eq!(rate.take("a", begin + Duration::from_secs(2)), Err(2));
    }

    #[test]
    fn what_is_put_back_can_be_taken_again_and_is_no_more_than_a_full_bucket() {
        let rate = Rate::new((1, 0.1));
        let begin = Instant::now();
        rate.give_back(&"a");
        for _ in 0..5 {
            assert_eq!(rate.take("a", begin), Ok(()));
            rate.give_back(&"a");
            rate.give_back(&"a");
        }
        assert_eq!(rate.take("a", begin), Ok(()));
        assert_eq!(rate.take("a", begin), Err(10));
    }

    #[test]
    fn a_flood_of_addresses_does_not_grow_without_bound() {
        let rate = Rate::new((2, 1000.0));
        let begin = Instant::now();
        for key in 0..3 * MOST {
            rate.take(key, begin).unwrap();
        }
        assert!(rate.buckets.lock().unwrap().len() <= MOST);
    }
}
