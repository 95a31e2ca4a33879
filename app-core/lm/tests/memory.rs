//! What a session keeps: forms of the cache, its start on disk, the budget.
#![allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
mod support;

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/gguf.rs"]
mod gguf;

use gguf::Gguf;
use reme_lm::{CacheForm, ChatMessage, Flow, GenerateOptions, LmError, LoadOptions, Model};

/// Everyday English of our own.
const STORY: &str = "Every Saturday my grandmother took the early bus to the market by the river. She bought bread that was still warm, \
    a dozen eggs, and flowers when the season allowed it. The man at the corner stall knew her name and asked about the garden. \
    In winter she wore a red scarf that my aunt had knitted, and her hands smelled of oranges. When I was seven she let me carry \
    the basket, and I dropped it on the bridge. Two eggs were broken, and she laughed so loudly that people turned around. We had \
    pancakes for lunch instead of a cake. Years later, when she could no longer walk so far, I brought her the same bread, and she \
    told me the story of the bridge as if I had not been there. I listened to the end, because she told it so well.";

fn small(options: &LoadOptions) -> Result<Model, LmError> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), Gguf::model().bytes()).expect("written");
    Model::open(file.path(), options)
}

#[test]
fn halves_and_bytes_stay_near_single_precision_over_many_positions() {
    let tokens: Vec<u32> = (0..150).map(|i| 40 + i * 7 % 80).collect();
    let logits = |cache| {
        let model = small(&LoadOptions { cache, ..LoadOptions::default() }).expect("it opens");
        model.session().feed(&tokens).expect("it runs").to_vec()
    };
    let exact = logits(CacheForm::Single);
    let size = exact.iter().map(|l| l.abs()).fold(0.0, f32::max);
    for (form, most) in [(CacheForm::Half, 0.002), (CacheForm::Byte, 0.05)] {
        let other = logits(form);
        let worst = exact.iter().zip(&other).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / size;
        println!("{form:?}: {worst:.5}");
        assert!(worst > 0.0 && worst < most, "{form:?}: {worst}");
    }
}

#[test]
fn perplexity_barely_moves_with_a_cache_in_bytes() {
    let perplexity = |cache| {
        let model = support::open_with(support::TINY, &LoadOptions { cache, ..LoadOptions::default() })?;
        let (mean, _) = model.session().text_likelihood(STORY, 256, &mut |_, _| {}).expect("read");
        Some((-mean).exp())
    };
    let Some(exact) = perplexity(CacheForm::Single) else { return };
    // Rounding the cache moves int8 roundings of what follows, up or down, as another order of sums does.
    for (form, most) in [(CacheForm::Half, 0.02), (CacheForm::Byte, 0.03)] {
        let other = perplexity(form).expect("the model is there");
        println!("{form:?}: perplexity {exact:.4} -> {other:.4}");
        assert!((other / exact - 1.0).abs() < most, "{form:?}: {exact} {other}");
    }
}

#[test]
fn a_saved_start_gives_the_same_answer_and_saves_reading_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("start");
    let system = "Be kind and brief.";
    for cache in [CacheForm::Single, CacheForm::Half, CacheForm::Byte] {
        let model = small(&LoadOptions { cache, ..LoadOptions::default() }).expect("it opens");
        let kept = model.session().save_prefix(&[ChatMessage::system(system)], &path).expect("saved");
        let messages = [ChatMessage::system(system), ChatMessage::user("Hello")];
        let options = GenerateOptions { max_tokens: 8, ..GenerateOptions::default() };
        let fresh = model.session().generate(&messages, &options, &mut |_| Flow::Continue).expect("answered");
        let mut session = model.session();
        assert_eq!(session.load_prefix(&path).expect("loaded"), kept);
        let warm = session.generate(&messages, &options, &mut |_| Flow::Continue).expect("answered");
        assert_eq!((warm.reused_tokens, &warm.tokens), (kept, &fresh.tokens), "{cache:?}");
    }
}

#[test]
fn a_start_that_does_not_fit_is_refused_and_nothing_of_it_used() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("start");
    let model = small(&LoadOptions::default()).expect("it opens");
    model.session().save_prefix(&[ChatMessage::system("Be kind.")], &path).expect("saved");
    let whole = std::fs::read(&path).expect("read");
    let refused = |model: &Model, bytes: &[u8]| {
        std::fs::write(&path, bytes).expect("written");
        matches!(model.session().load_prefix(&path), Err(LmError::StalePrefix { .. }))
    };
    for at in (0..whole.len()).step_by(31) {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        assert!(refused(&model, &damaged), "byte {at}");
        assert!(refused(&model, &whole[..at]), "cut at {at}");
    }
    let other = small(&LoadOptions { cache: CacheForm::Half, ..LoadOptions::default() }).expect("it opens");
    assert!(refused(&other, &whole), "another form");
    assert!(matches!(model.session().load_prefix(&folder.path().join("none")), Err(LmError::Unreadable { .. })));
}

#[test]
fn a_model_beyond_its_budget_is_refused_with_the_numbers() {
    let budget = |bytes| LoadOptions { memory_bytes: Some(bytes), ..LoadOptions::default() };
    let error = small(&budget(50_000)).expect_err("refused");
    assert!(matches!(error, LmError::OverBudget { .. }), "{error}");
    assert!(error.to_string().contains("MB of weights"), "{error}");
    assert!(small(&budget(10_000_000)).is_ok());
}

#[test]
fn yes_and_no_are_weighed_and_best_answers_come_in_order() {
    let model = small(&LoadOptions::default()).expect("it opens");
    let mut session = model.session();
    let ask = [ChatMessage::user("Is it raining?")];
    let options = GenerateOptions { max_tokens: 5, ..GenerateOptions::default() };
    let lean = session.yes_no(&ask, ["yes", "no"], &options).expect("weighed");
    let turned = session.yes_no(&ask, ["no", "yes"], &options).expect("weighed");
    assert!((lean.yes_probability + turned.yes_probability - 1.0).abs() < 1e-9);
    assert_eq!(lean.yes_logit > lean.no_logit, lean.yes_probability > 0.5);
    assert!(matches!(session.yes_no(&ask, ["now", "no"], &options), Err(LmError::NoChoices)));
    let best = session.best_answers(&ask, 3, &options).expect("answered");
    assert_eq!(best.len(), 3);
    assert!(best.is_sorted_by(|a, b| a.score >= b.score), "{best:?}");
    assert!(best.iter().all(|answer| answer.score <= 0.0), "{best:?}");
    // The likelihood of a given continuation is that of the answer itself.
    let scored = session.choose(&ask, &[best[0].text.clone()], &options).expect("scored");
    assert!(scored[0].is_finite());
}
