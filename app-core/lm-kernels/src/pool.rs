//! Worker threads that live as long as a model: a product is cut into parts, and whoever is free takes the next one.
//!
//! In the flow: `reme-lm` makes one pool for a model; every session of it takes turns, so no more threads than asked for
//! ever compute. Every thread begins with parts that lie side by side, since kernels ask for memory ahead of what they read;
//! whoever has none left takes from the end of another's. So a thread that the system puts to sleep holds up only the part
//! it has.
//! Must never run a part twice, or return before every part has ended.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// How often an idle worker looks before it sleeps: some 100 µs, more than the gap between two products of a token.
const SPINS: usize = 5_000;
/// Most portions of a job: they are counted in 16 bits.
const MOST_PORTIONS: usize = u16::MAX as usize;

/// What the workers run. The pointer outlives every use: see [`Pool::run`].
#[derive(Clone, Copy)]
struct Job {
    work: *const (dyn Fn(usize) + Sync),
    parts: usize,
    /// Parts of a portion, which is what a thread takes at a time: one, unless there are very many.
    portion: usize,
    epoch: u32,
}

/// What is left of one thread's portions: epoch (32 bits), first, end (16 bits each). On a cache line of its own, and on the
/// next one, which is fetched with it.
#[repr(align(128))]
struct Share(AtomicU64);

fn share(epoch: u32, first: usize, end: usize) -> u64 {
    u64::from(epoch) << 32 | (first as u64) << 16 | end as u64
}

/// (epoch, first, end).
fn of_share(share: u64) -> (u32, usize, usize) {
    ((share >> 32) as u32, usize::from((share >> 16) as u16), usize::from(share as u16))
}

// SAFETY: the closure behind the pointer is `Sync`, and `Pool::run` keeps it alive while a part of it may run.
unsafe impl Send for Job {}

struct Shared {
    job: Mutex<Option<Job>>,
    wake: Condvar,
    sleepers: AtomicUsize,
    /// The running job's epoch: what idle workers look at.
    epoch: AtomicU32,
    /// One for each thread, the caller's first.
    shares: Vec<Share>,
    /// Parts that have ended.
    done: AtomicUsize,
    panicked: AtomicBool,
    stop: AtomicBool,
}

/// Work on one part of two slices: index, part of the first, part of the second.
pub type PartWork<'a> = dyn Fn(usize, &mut [f32], &mut [f32]) + Sync + 'a;

/// A fixed number of threads, the caller's included.
pub struct Pool {
    shared: Arc<Shared>,
    /// Held while a job runs.
    door: Mutex<u32>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    /// A pool of `threads` threads, the caller's being one; with 1 everything runs on the caller's.
    /// Where the system gives no more threads, there are fewer.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        let shared = Arc::new(Shared {
            job: Mutex::new(None),
            wake: Condvar::new(),
            sleepers: AtomicUsize::new(0),
            epoch: AtomicU32::new(0),
            shares: (0..threads.max(1)).map(|_| Share(AtomicU64::new(0))).collect(),
            done: AtomicUsize::new(0),
            panicked: AtomicBool::new(false),
            stop: AtomicBool::new(false),
        });
        let workers = (1..threads)
            .map_while(|index| {
                let shared = Arc::clone(&shared);
                let builder = std::thread::Builder::new().name(format!("reme-lm-{index}"));
                builder.spawn(move || shared.serve(index)).ok()
            })
            .collect();
        Self { shared, door: Mutex::new(0), workers }
    }

    /// Threads that compute, the caller's included.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.workers.len() + 1
    }

    /// Runs `work(0)`, …, `work(parts − 1)`, each once, on this pool's threads. Callers take turns;
    /// `work` must not call this pool again.
    ///
    /// # Panics
    /// When a part panics, after all have ended.
    pub fn run(&self, parts: usize, work: &(dyn Fn(usize) + Sync)) {
        if self.workers.is_empty() || parts <= 1 {
            return (0..parts).for_each(work);
        }
        let mut epoch = unpoisoned(self.door.lock());
        *epoch = epoch.wrapping_add(1);
        let shared = &*self.shared;
        // SAFETY: only the lifetime is forgotten. The pointer is used after a part of this epoch was claimed, and this
        // function returns only when `done` says that every claimed part has ended and none is left to claim.
        let work: *const (dyn Fn(usize) + Sync) = unsafe { std::mem::transmute(std::ptr::from_ref(work)) };
        let portion = parts.div_ceil(MOST_PORTIONS);
        let job = Job { work, parts, portion, epoch: *epoch };
        shared.done.store(0, Ordering::Relaxed);
        let (portions, threads) = (parts.div_ceil(portion), shared.shares.len());
        for (thread, of_thread) in shared.shares.iter().enumerate() {
            let [first, end] = [thread, thread + 1].map(|thread| portions * thread / threads);
            of_thread.0.store(share(job.epoch, first, end), Ordering::Release);
        }
        *unpoisoned(shared.job.lock()) = Some(job);
        shared.epoch.store(job.epoch, Ordering::Release);
        if shared.sleepers.load(Ordering::SeqCst) > 0 {
            shared.wake.notify_all();
        }
        shared.take_parts(job, 0);
        let mut waited = 0_usize;
        while shared.done.load(Ordering::Acquire) < parts {
            waited += 1;
            if waited < SPINS { std::hint::spin_loop() } else { std::thread::yield_now() }
        }
        if shared.panicked.swap(false, Ordering::Relaxed) {
            drop(epoch);
            panic!("a part of a product panicked");
        }
    }

    /// Runs `work(i, part i of first, part i of second)` for the parts of `first_len` and `second_len` values.
    ///
    /// # Panics
    /// As [`Pool::run`], and when the slices are not the same number of whole parts.
    pub fn run_on_parts(
        &self,
        (first, first_len): (&mut [f32], usize),
        (second, second_len): (&mut [f32], usize),
        work: &PartWork,
    ) {
        let parts = first.len() / first_len;
        assert_eq!((first.len(), second.len()), (parts * first_len, parts * second_len), "slices must be whole parts");
        let (first, second) = (SharedMut(first.as_mut_ptr()), SharedMut(second.as_mut_ptr()));
        self.run(parts, &|part| {
            // SAFETY: parts are disjoint ranges inside slices this call borrows mutably, and each index runs once.
            let (a, b) = unsafe {
                (
                    std::slice::from_raw_parts_mut(first.get().add(part * first_len), first_len),
                    std::slice::from_raw_parts_mut(second.get().add(part * second_len), second_len),
                )
            };
            work(part, a, b);
        });
    }
}

/// A pointer that threads may share because each writes elsewhere.
#[derive(Clone, Copy)]
pub(crate) struct SharedMut<T = f32>(pub(crate) *mut T);

impl<T: Copy> SharedMut<T> {
    pub(crate) fn get(self) -> *mut T {
        self.0
    }
}

// SAFETY: whoever makes one writes disjoint places through it (stated at each use).
unsafe impl<T: Send> Send for SharedMut<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for SharedMut<T> {}

impl Shared {
    /// A worker's life: wait for a job, take its parts, wait again.
    fn serve(&self, thread: usize) {
        let mut seen = 0;
        while let Some(job) = self.next_job(seen) {
            seen = job.epoch;
            self.take_parts(job, thread);
        }
    }

    fn next_job(&self, seen: u32) -> Option<Job> {
        for _ in 0..SPINS {
            if self.epoch.load(Ordering::Acquire) != seen || self.stop.load(Ordering::Relaxed) {
                break;
            }
            std::hint::spin_loop();
        }
        let mut current = unpoisoned(self.job.lock());
        loop {
            if self.stop.load(Ordering::SeqCst) {
                return None;
            }
            match *current {
                Some(job) if job.epoch != seen => return Some(job),
                _ => {
                    self.sleepers.fetch_add(1, Ordering::SeqCst);
                    current = unpoisoned(self.wake.wait(current));
                    self.sleepers.fetch_sub(1, Ordering::SeqCst);
                }
            }
        }
    }

    fn take_parts(&self, job: Job, thread: usize) {
        let mut ended = 0;
        while let Some(portion) = self.claim(job, thread) {
            let first = portion * job.portion;
            for part in first..(first + job.portion).min(job.parts) {
                // SAFETY: a part of this epoch was claimed and is not yet counted as done, so `Pool::run` still waits and
                // the closure is alive.
                let work = unsafe { &*job.work };
                if catch_unwind(AssertUnwindSafe(|| work(part))).is_err() {
                    self.panicked.store(true, Ordering::Relaxed);
                }
                ended += 1;
            }
        }
        if ended > 0 {
            self.done.fetch_add(ended, Ordering::AcqRel);
        }
    }

    /// The next portion of the thread's own share, else the last of another's; `None` when all are taken or another job
    /// runs.
    fn claim(&self, job: Job, thread: usize) -> Option<usize> {
        let threads = self.shares.len();
        (thread..thread + threads).find_map(|of| {
            let left = &self.shares[of % threads].0;
            let mut now = left.load(Ordering::Acquire);
            loop {
                let (epoch, first, end) = of_share(now);
                if epoch != job.epoch || first == end {
                    return None;
                }
                let (claimed, after) = if of == thread {
                    (first, share(epoch, first + 1, end))
                } else {
                    (end - 1, share(epoch, first, end - 1))
                };
                match left.compare_exchange_weak(now, after, Ordering::AcqRel, Ordering::Acquire) {
                    Ok(_) => return Some(claimed),
                    Err(changed) => now = changed,
                }
            }
        })
    }
}

/// The lock is only held over assignments that cannot panic, so a poisoned one is still sound.
fn unpoisoned<'a, T>(lock: Result<MutexGuard<'a, T>, PoisonError<MutexGuard<'a, T>>>) -> MutexGuard<'a, T> {
    lock.unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Pool {
    fn drop(&mut self) {
        {
            let _current = unpoisoned(self.shared.job.lock());
            self.shared.stop.store(true, Ordering::SeqCst);
        }
        self.shared.wake.notify_all();
        for worker in self.workers.drain(..) {
            // A worker catches panics of its parts; nothing is left to report.
            let _ = worker.join();
        }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("threads", &self.threads()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_runs_once_whatever_the_number_of_threads() {
        for threads in [1, 2, 5] {
            let pool = Pool::new(threads);
            for parts in [0, 1, 2, 3, 7, 300, MOST_PORTIONS + 2] {
                let counts: Vec<AtomicUsize> = (0..parts).map(|_| AtomicUsize::new(0)).collect();
                pool.run(parts, &|part| {
                    counts[part].fetch_add(1, Ordering::Relaxed);
                });
                assert!(counts.iter().all(|c| c.load(Ordering::Relaxed) == 1), "{threads} threads, {parts} parts");
            }
        }
    }

    #[test]
    fn a_thread_that_waits_loses_its_parts_to_others() {
        let pool = Pool::new(2);
        let (ran, others) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        // Whoever has part 0 waits in it until all others have run, which only the other thread can do.
        pool.run(40, &|part| {
            if part == 0 {
                while ran.load(Ordering::Acquire) < 39 {
                    std::thread::yield_now();
                }
            } else {
                unpoisoned(others.lock()).push(part);
                ran.fetch_add(1, Ordering::Release);
            }
        });
        let mut others = unpoisoned(others.lock()).clone();
        others.sort_unstable();
        assert_eq!(others, (1..40).collect::<Vec<_>>());
    }

    #[test]
    fn callers_of_several_threads_take_turns() {
        let pool = Pool::new(3);
        let running = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        pool.run(8, &|_| {
                            assert!(running.fetch_add(1, Ordering::SeqCst) < pool.threads());
                            running.fetch_sub(1, Ordering::SeqCst);
                        });
                    }
                });
            }
        });
    }

    #[test]
    fn parts_of_slices_are_disjoint_and_in_order() {
        let (mut a, mut b) = (vec![0.0; 12], vec![0.0; 4]);
        Pool::new(2).run_on_parts((&mut a, 3), (&mut b, 1), &|i, a, b| {
            a.fill(i as f32);
            b[0] = -(i as f32);
        });
        assert_eq!(a, [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0]);
        assert_eq!(b, [0.0, -1.0, -2.0, -3.0]);
    }

    #[test]
    fn a_panic_in_a_part_reaches_the_caller_and_the_pool_goes_on() {
        let pool = Pool::new(2);
        let failed = catch_unwind(AssertUnwindSafe(|| pool.run(4, &|part| assert_ne!(part, 2))));
        assert!(failed.is_err());
        pool.run(4, &|_| {});
    }
}
