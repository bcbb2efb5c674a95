//! The allocator, which counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static LIVE: AtomicU64 = AtomicU64::new(0);

/// The system's allocator with two counters. They are exact while one thread allocates, and cost it next to nothing.
#[derive(Debug)]
pub struct Counting;

/// What was counted up to a moment.
#[derive(Clone, Copy, Debug)]
pub struct Heap {
    /// Allocations, growing ones included.
    pub allocations: u64,
    /// Bytes that are allocated and not freed.
    pub live: u64,
}

impl Heap {
    /// What was counted until now.
    #[must_use]
    pub fn now() -> Self {
        Self { allocations: ALLOCATIONS.load(Relaxed), live: LIVE.load(Relaxed) }
    }
}

/// A load and a store, where an addition in one step would make all contenders' allocations dearer than they are.
fn count(counter: &AtomicU64, by: usize, less: usize) {
    counter.store(counter.load(Relaxed).wrapping_add(by as u64).wrapping_sub(less as u64), Relaxed);
}

// SAFETY: every call is handed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(&ALLOCATIONS, 1, 0);
        count(&LIVE, layout.size(), 0);
        // SAFETY: the caller's promises are the system allocator's conditions.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(&ALLOCATIONS, 1, 0);
        count(&LIVE, layout.size(), 0);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(&ALLOCATIONS, 1, 0);
        count(&LIVE, size, layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(&LIVE, 0, layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}
