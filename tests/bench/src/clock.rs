//! The CPU time of this thread: what others do on the machine does not count.

/// Nanoseconds of CPU time that this thread has used.
pub(crate) fn thread_cpu_ns() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a timespec of this function.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(failed, 0, "this system has no CPU clock for a thread");
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
