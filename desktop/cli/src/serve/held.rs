//! A model that is opened when somebody first needs it, and kept for the next time; where memory is scarce, only while it is used.

use std::sync::{Arc, Mutex, PoisonError, Weak};

/// How much memory the models may take together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Memory {
    /// What was opened stays.
    Ample,
    /// Of a small phone: what nobody uses goes, and the smaller of two models does.
    Scarce,
}

/// What a language model may take on a small phone, weights and cache: a third of its gigabyte. [design]
const SMALL_PHONE_BYTES: u64 = 333_000_000;

impl Memory {
    /// Most bytes of a language model, or of one that describes photos; `None`: no limit.
    pub(crate) const fn model_bytes(self) -> Option<u64> {
        match self {
            Self::Ample => None,
            Self::Scarce => Some(SMALL_PHONE_BYTES),
        }
    }
}

/// One model at a time, known by `K` (its file, say).
pub(crate) struct Held<K, T> {
    memory: Memory,
    slot: Mutex<Option<Slot<K, T>>>,
}

struct Slot<K, T> {
    key: K,
    lent: Weak<T>,
    /// What keeps it here while nobody uses it.
    _kept: Option<Arc<T>>,
}

impl<K: PartialEq, T> Held<K, T> {
    pub(crate) const fn new(memory: Memory) -> Self {
        Self { memory, slot: Mutex::new(None) }
    }

    pub(crate) const fn memory(&self) -> Memory {
        self.memory
    }

    /// The model of this key, opened unless it is here and `is_good`. Whoever asks meanwhile waits, so none is opened twice.
    pub(crate) fn get<E>(
        &self,
        key: K,
        is_good: impl FnOnce(&T) -> bool,
        open: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        let here = slot.as_ref().filter(|slot| slot.key == key).and_then(|slot| slot.lent.upgrade());
        if let Some(model) = here.filter(|model| is_good(model)) {
            return Ok(model);
        }
        // The one before goes first, so that the two are not in memory together.
        *slot = None;
        let model = Arc::new(open()?);
        let kept = (self.memory == Memory::Ample).then(|| Arc::clone(&model));
        *slot = Some(Slot { key, lent: Arc::downgrade(&model), _kept: kept });
        Ok(model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often a model is opened for three uses one after the other, and for two at once.
    fn opened(memory: Memory) -> (usize, usize) {
        let mut times = 0;
        let held = Held::new(memory);
        let mut open = || {
            times += 1;
            Ok::<_, ()>(times)
        };
        let mut get = || held.get("file", |_| true, &mut open).expect("opens");
        (0..3).for_each(|_| drop(get()));
        let (one, two) = (get(), get());
        let is_one = Arc::ptr_eq(&one, &two);
        (times, usize::from(is_one))
    }

    #[test]
    fn it_stays_where_memory_is_ample_and_goes_where_it_is_scarce() {
        assert_eq!((opened(Memory::Ample), opened(Memory::Scarce)), ((1, 1), (4, 1)));
    }

    #[test]
    fn another_file_or_one_that_is_no_longer_good_is_opened_anew() {
        let held = Held::new(Memory::Ample);
        let get = |key, good, value| *held.get(key, |_| good, || Ok::<_, ()>(value)).expect("opens");
        assert_eq!([get("a", true, 1), get("a", true, 2), get("b", true, 3), get("b", false, 4)], [1, 1, 3, 4]);
        assert_eq!(held.get("c", |_| true, || Err("no file")).map(|_| ()), Err("no file"));
    }
}
