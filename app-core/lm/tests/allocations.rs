//! Decoding allocates nothing: a counting allocator watches tokens go through a whole model, on one thread.

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/gguf.rs"]
mod gguf;

use gguf::Gguf;
use reme_lm::{LoadOptions, Model, WeightForm};

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
        let counted = allocation_counter::measure(|| run(&mut session));
        assert_eq!(counted.count_total, 0, "{weights:?}");
    }
}
