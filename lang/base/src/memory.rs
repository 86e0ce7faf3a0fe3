//! How much memory the process may still allocate.

/// Less than this is never probed for.
const MIN_BYTES: usize = 1 << 20;

/// A memory budget that can be kept: `wanted`, or where the address space is limited (`ulimit -v`) half of what it still holds, since
/// not everything that is allocated is counted against a budget.
pub fn budget(wanted: usize) -> usize {
    let mut bytes = wanted;
    while bytes > MIN_BYTES && !can_reserve(bytes) {
        bytes /= 2;
    }
    if bytes == wanted { wanted } else { bytes / 2 }
}

/// Whether one allocation of so many bytes succeeds. It is freed again without being touched.
pub(crate) fn can_reserve(bytes: usize) -> bool {
    let mut probe: Vec<u8> = Vec::new();
    let reserved = probe.try_reserve_exact(bytes).is_ok();
    // Otherwise the optimizer may remove the allocation and assume that it succeeds.
    std::hint::black_box(&probe);
    reserved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_that_fits_stays_and_a_larger_one_shrinks() {
        assert_eq!(budget(64 << 20), 64 << 20);
        let shrunk = budget(isize::MAX as usize);
        assert!(shrunk > MIN_BYTES && shrunk < isize::MAX as usize / 2, "{shrunk}");
    }
}
