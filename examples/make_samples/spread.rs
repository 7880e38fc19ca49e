//! Splits printed totals over units: the same way on every machine and every day.

/// Splits `total` in proportion to `weights`, whole numbers only, by largest remainder (ties: the
/// earlier one). The parts add up to `total`.
pub fn spread(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if sum == 0 {
        assert_eq!(total, 0, "nobody to give {total} to");
        return vec![0; weights.len()];
    }
    let exact = |weight: u64| u128::from(total) * u128::from(weight);
    let mut parts: Vec<u64> = weights
        .iter()
        .map(|&weight| u64::try_from(exact(weight) / sum).expect("a part is within the total"))
        .collect();
    let missing = total - parts.iter().sum::<u64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(exact(weights[i]) % sum), i));
    for &i in order
        .iter()
        .take(usize::try_from(missing).expect("fewer than there are parts"))
    {
        parts[i] += 1;
    }
    parts
}

/// Like [`spread`], but no part exceeds its cap; what does not fit goes to the others.
pub fn spread_within(total: u64, weights: &[u64], caps: &[u64]) -> Vec<u64> {
    assert!(total <= caps.iter().sum(), "{total} does not fit");
    let mut parts = vec![0; weights.len()];
    let mut left = total;
    while left > 0 {
        let room: Vec<u64> = caps
            .iter()
            .zip(&parts)
            .map(|(cap, part)| cap - part)
            .collect();
        let open: Vec<u64> = weights
            .iter()
            .zip(&room)
            .map(|(&w, &r)| if r == 0 { 0 } else { w.max(1) })
            .collect();
        for (i, part) in spread(left, &open).into_iter().enumerate() {
            let fits = part.min(room[i]);
            parts[i] += fits;
            left -= fits;
        }
    }
    parts
}

/// A number from `low` to `high`, both included, that depends on `key` alone.
pub fn draw(key: &str, low: u64, high: u64) -> u64 {
    low + hash(key) % (high - low + 1)
}

/// FNV-1a, then the finisher of SplitMix64 so that similar keys end far apart.
pub fn hash(key: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in key.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
