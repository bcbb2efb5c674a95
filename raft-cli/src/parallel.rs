//! Work that is shared among threads.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// Does the work of each item, by so many threads, or by as many as there are processors; what came of each is handed on in the
/// order of the items. Each item is one thread's from its beginning to its end. Ends early where handing on fails.
pub(crate) fn in_parallel<T: Sync, R: Send, E>(
    jobs: Option<NonZeroUsize>,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
    mut hand_on: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let next = AtomicUsize::new(0);
    let jobs = jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        // Whoever is far ahead waits: what is done out of turn is held in memory.
        let (sender, receiver) = mpsc::sync_channel(jobs * 4);
        for _ in 0..jobs {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { break };
                    if sender.send((at, work(item))).is_err() {
                        // Nobody listens any more: the output is gone.
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut turn = 0;
        for (at, result) in receiver {
            waiting.insert(at, result);
            while let Some(result) = waiting.remove(&turn) {
                hand_on(result)?;
                turn += 1;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items_however_many_threads_there_are() {
        let items: Vec<u64> = (0..200).collect();
        for jobs in [1, 2, 7] {
            let mut results = Vec::new();
            let ended = in_parallel(
                NonZeroUsize::new(jobs),
                &items,
                |&item| {
                    // The first ones take longest.
                    thread::sleep(std::time::Duration::from_micros(200 - item));
                    item * item
                },
                |result| {
                    results.push(result);
                    Ok::<_, ()>(())
                },
            );
            assert_eq!(ended, Ok(()));
            assert!(results.iter().copied().eq(items.iter().map(|item| item * item)), "{jobs} threads: {results:?}");
        }
    }

    #[test]
    fn a_result_that_cannot_be_handed_on_ends_the_work() {
        let items: Vec<u64> = (0..100_000).collect();
        let done = AtomicUsize::new(0);
        let work = |_: &u64| done.fetch_add(1, Ordering::Relaxed);
        let mut left = 10;
        let ended = in_parallel(NonZeroUsize::new(3), &items, work, |_| {
            left -= 1;
            if left == 0 { Err("full") } else { Ok(()) }
        });
        assert_eq!(ended, Err("full"));
        assert!(done.into_inner() < 1_000);
    }
}
