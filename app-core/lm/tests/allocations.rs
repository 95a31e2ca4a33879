//! Decoding allocates nothing: a counting allocator watches tokens go through a whole model.
#![allow(unsafe_code, reason = "an allocator that counts; it only hands on to the system's")]

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/gguf.rs"]
mod gguf;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use gguf::Gguf;
use reme_lm::{LoadOptions, Model, WeightForm};

struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is handed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's conditions are those of the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

// One test only: another one running beside it would be counted too.
#[test]
fn a_token_allocates_nothing_once_the_buffers_have_grown() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    // Eight-bit matrices, so that packing has something to pack.
    std::fs::write(file.path(), Gguf::model().with_eight_bits().bytes()).expect("written");
    for weights in [WeightForm::AsStored, WeightForm::Packed] {
        let options = LoadOptions { weights, threads: 1, ..LoadOptions::default() };
        let model = Model::open(file.path(), &options).expect("a whole model");
        let mut session = model.session();
        let run = |session: &mut reme_lm::Session| {
            session.forget();
            for token in 0..100 {
                session.feed(&[token]).expect("it runs");
            }
        };
        run(&mut session);
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        run(&mut session);
        assert_eq!(ALLOCATIONS.load(Ordering::Relaxed) - before, 0, "{weights:?}");
    }
}
