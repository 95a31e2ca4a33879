//! Writing the packed copy of a model beside a session that has already begun from the source.
//!
//! In the flow: a shell asks which file to open and gets it at once; where the copy is missing or damaged, a thread of low
//! priority writes it meanwhile, in small steps with pauses, and the next start maps it. The thread holds one tensor at a time.
//! It must never hold up the session or end it: what goes wrong is told in [`RepackingState`]. Killed at any time, it leaves
//! nothing that counts as a copy (`packed_file`), and the next writer removes what it left.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::LmError;
use crate::packed_copy::{Looked, Place, Unmade, look};
use crate::tune::Tuning;

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RepackingState {
    /// So many bytes of the source are packed, of so many.
    Writing {
        /// Packed and written.
        done_bytes: u64,
        /// All of the source.
        all_bytes: u64,
    },
    /// The copy is there and whole; the next start uses it.
    Made(PathBuf),
    /// Another program is writing the same copy.
    Elsewhere,
    /// It was cancelled; nothing is left.
    Cancelled,
    /// No copy can be kept, and this is why: no space, no rights. The session goes on with the source.
    Failed(String),
}

/// How it is done.
#[derive(Debug, Clone, PartialEq)]
pub struct RepackingOptions {
    /// Threads that check a copy that is there. One thread writes.
    pub threads: usize,
    /// Layouts measured on this machine; the default has none.
    pub tuning: Tuning,
    /// How long to rest for each megabyte of the source.
    pub rest_per_mb: Duration,
}

impl Default for RepackingOptions {
    fn default() -> Self {
        // A megabyte takes some 15 to 30 ms to pack.
        Self { threads: 2, tuning: Tuning::default(), rest_per_mb: Duration::from_millis(20) }
    }
}

/// A copy that is being written. Dropping it cancels, without waiting; see [`Repacking::detach`].
pub struct Repacking {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    cancels_on_drop: bool,
}

struct Shared {
    state: Mutex<RepackingState>,
    is_cancelled: Mutex<bool>,
    /// Told when it is cancelled, so that a rest ends.
    wake: Condvar,
}

impl Repacking {
    /// The file to open now: the packed copy of `source` in the folder `cache` where it is whole, else the source, and then the
    /// copy is being written from here on.
    ///
    /// # Errors
    /// The file variants of [`LmError`] for the source; never because of the cache.
    pub fn begin(source: &Path, cache: &Path, options: &RepackingOptions) -> Result<(PathBuf, Option<Self>), LmError> {
        let place = match look(source, cache, options.threads, &options.tuning)? {
            Looked::Whole(path) => return Ok((path, None)),
            Looked::Missing(place) => place,
        };
        let state = Mutex::new(RepackingState::Writing { done_bytes: 0, all_bytes: place.bytes });
        let shared = Arc::new(Shared { state, is_cancelled: Mutex::new(false), wake: Condvar::new() });
        let (of_thread, options) = (Arc::clone(&shared), options.clone());
        let builder = std::thread::Builder::new().name("reme-lm-repack".to_owned());
        let thread = builder.spawn(move || {
            step_back();
            let ended = of_thread.write(&place, &options);
            of_thread.set(ended);
        });
        let thread = thread.map_err(|error| shared.set(RepackingState::Failed(error.to_string()))).ok();
        Ok((source.to_owned(), Some(Self { shared, thread, cancels_on_drop: true })))
    }

    /// How far it is.
    #[must_use]
    pub fn state(&self) -> RepackingState {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends it within the tensor it is at, without waiting.
    pub fn cancel(&self) {
        self.shared.cancel();
    }

    /// Waits for its end and says what became of it.
    #[must_use]
    pub fn wait(mut self) -> RepackingState {
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            self.shared.set(RepackingState::Failed("its thread ended in a fault of the program".to_owned()));
        }
        self.state()
    }

    /// Lets it go on to its end, or the program's, and hands what became of it to `on_end`.
    pub fn detach(mut self, on_end: impl FnOnce(RepackingState) + Send + 'static) {
        self.cancels_on_drop = false;
        let watcher = std::thread::Builder::new().name("reme-lm-watch".to_owned());
        // Without a watcher it still goes on; only nobody is told.
        let _ = watcher.spawn(move || on_end(self.wait()));
    }
}

impl Drop for Repacking {
    fn drop(&mut self) {
        if self.cancels_on_drop {
            self.shared.cancel();
        }
    }
}

impl fmt::Debug for Repacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repacking").field("state", &self.state()).finish_non_exhaustive()
    }
}

impl Shared {
    fn set(&self, state: RepackingState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn cancel(&self) {
        *self.is_cancelled.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wake.notify_all();
    }

    /// Writes the copy; what became of it.
    fn write(&self, place: &Place, options: &RepackingOptions) -> RepackingState {
        let mut done_bytes = 0;
        let made = place.make(1, &options.tuning, &mut |tensor| {
            done_bytes += tensor.bytes.0 as u64;
            self.set(RepackingState::Writing { done_bytes, all_bytes: place.bytes });
            self.rest(options.rest_per_mb.mul_f64(tensor.bytes.0 as f64 / 1e6))
        });
        match made {
            Ok(()) => RepackingState::Made(place.copy.clone()),
            Err(Unmade::Elsewhere) => RepackingState::Elsewhere,
            Err(Unmade::Fault(LmError::Cancelled)) => RepackingState::Cancelled,
            Err(Unmade::Fault(error)) => RepackingState::Failed(error.to_string()),
        }
    }

    /// Rests for so long, or until it is cancelled.
    fn rest(&self, duration: Duration) -> Result<(), LmError> {
        let is_cancelled = self.is_cancelled.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.wake.wait_timeout_while(is_cancelled, duration, |is_cancelled| !*is_cancelled);
        let (is_cancelled, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if *is_cancelled { Err(LmError::Cancelled) } else { Ok(()) }
    }
}

/// Lets every other thread go first, where the system has such a notion for one thread; elsewhere the rests must do.
fn step_back() {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        // There, no process means the calling thread. Refused, it only competes more.
        let _ = rustix::process::setpriority_process(None, 19);
    }
}
