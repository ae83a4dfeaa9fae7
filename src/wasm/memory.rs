//! The memory of the module.

use core::arch::wasm32::memory_size;
use std::cell::Cell;
use std::hint::black_box;

/// The allocator of pages, a third of the size of the standard one. Servers have the standard one, with which a create takes
/// 0.5 to 1 µs less of 20 µs (`node --expose-gc bench/calls.mjs`).
#[cfg(not(feature = "workers"))]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

const PAGE: usize = 65_536;

thread_local! {
    /// The size of the memory in pages when it was last enlarged here.
    static PAGES: Cell<usize> = const { Cell::new(0) };
}

/// Enlarges the memory by a quarter if the allocator had to enlarge it since the last call.
///
/// The allocator adds a page at a time. Engines count each time as an allocation of the whole memory, and collect garbage
/// after a few: 50,000 calls at once take 4.9 s without this function and 1.6 s with it (`node bench/many.mjs`).
pub(super) fn enlarge() {
    if memory_size(0) > PAGES.get() {
        let mut block = Vec::<u8>::new();
        // Without the memory, the allocator goes on page by page.
        let _ = block.try_reserve_exact(memory_size(0).saturating_mul(PAGE / 4));
        drop(black_box(block));
        PAGES.set(memory_size(0));
    }
}
