//! Guessing from the prompt changes no token: on a small model that repeats itself, with constraints, at the window's
//! end, after a listener's stop; and nothing is guessed where a batch rounds otherwise than a vector alone.

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/gguf.rs"]
mod gguf;

use gguf::{Gguf, Value};
use reme_lm::{Bits, ChatMessage, Constraint, ConvertOptions, Flow, GenerateOptions, Generation, LoadOptions, Model};
use reme_lm::{Sampling, WeightForm, convert};

const ASK: &str = "Bread, butter, tea; bread, butter, tea; bread, butter, ";

fn open(weights: WeightForm) -> Model {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    // Without a stop, so that it goes on repeating itself.
    let never_ends = ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.token_type"];
    let model = never_ends.iter().fold(Gguf::model().with_eight_bits(), |model, key| model.with(key, None));
    let model = model.with("llama.context_length", Some(Value::U32(1024)));
    std::fs::write(file.path(), model.bytes()).expect("written");
    Model::open(file.path(), &LoadOptions { weights, ..LoadOptions::default() }).expect("it opens")
}

fn answer(model: &Model, options: &GenerateOptions) -> Generation {
    model.session().generate(&[ChatMessage::user(ASK)], options, &mut |_| Flow::Continue).expect("answered")
}

#[test]
fn guesses_change_no_token() {
    for weights in [WeightForm::Packed, WeightForm::AsStored] {
        let model = open(weights);
        assert!(model.can_look_up());
        for max_tokens in [1, 2, 40, 2000] {
            let options = GenerateOptions { max_tokens, lookup_tokens: 0, ..GenerateOptions::default() };
            let plain = answer(&model, &options);
            assert_eq!(plain.guessed_tokens, 0);
            for lookup_tokens in [1, 4, 16] {
                let options = GenerateOptions { max_tokens, lookup_tokens, ..GenerateOptions::default() };
                let guessed = answer(&model, &options);
                println!("{weights:?}, {lookup_tokens}: {} of {}", guessed.guessed_tokens, guessed.tokens.len());
                assert_eq!(
                    (&guessed.tokens, guessed.stop),
                    (&plain.tokens, plain.stop),
                    "{weights:?}, {lookup_tokens}"
                );
                assert!(max_tokens < 2000 || guessed.guessed_tokens > 0, "{weights:?}, {lookup_tokens}");
            }
        }
    }
}

#[test]
fn the_session_goes_on_as_if_nothing_had_been_guessed() {
    let model = open(WeightForm::Packed);
    let options = |lookup_tokens| GenerateOptions { max_tokens: 200, lookup_tokens, ..GenerateOptions::default() };
    let talk = |lookup_tokens| {
        let mut session = model.session();
        let mut messages = vec![ChatMessage::user(ASK)];
        let first = session.generate(&messages, &options(lookup_tokens), &mut |_| Flow::Continue).expect("answered");
        messages.extend([ChatMessage::assistant(first.text), ChatMessage::user("Again.")]);
        let second = session.generate(&messages, &options(lookup_tokens), &mut |_| Flow::Continue).expect("answered");
        // Cut short by the listener in the middle of what was guessed.
        let mut pieces = 0;
        let third = session.generate(&messages, &options(lookup_tokens), &mut |_| {
            pieces += 1;
            if pieces == 5 { Flow::Stop } else { Flow::Continue }
        });
        let third = third.expect("answered");
        let guessed = first.guessed_tokens + second.guessed_tokens;
        (guessed, (first.tokens, second.tokens, second.reused_tokens, third.tokens, third.reused_tokens))
    };
    let (plain, looked_up) = (talk(0), talk(8));
    assert_eq!(plain.1, looked_up.1);
    assert!(plain.0 == 0 && looked_up.0 > 0, "{}", looked_up.0);
}

#[test]
fn a_constraint_holds_and_chance_is_never_guessed() {
    let model = open(WeightForm::Packed);
    let choices = vec!["bread, butter, tea".to_owned(), "bread, butter, jam".to_owned()];
    let options = |lookup_tokens, sampling| GenerateOptions {
        max_tokens: 40,
        lookup_tokens,
        sampling,
        constraint: Constraint::OneOf(choices.clone()),
        ..GenerateOptions::default()
    };
    let (plain, guessed) = (answer(&model, &options(0, None)), answer(&model, &options(8, None)));
    assert_eq!(plain.tokens, guessed.tokens);
    assert!(guessed.guessed_tokens > 0 && choices.contains(&guessed.text), "{guessed:?}");
    assert_eq!(answer(&model, &options(8, Some(Sampling::default()))).guessed_tokens, 0);
}

#[test]
fn nothing_is_guessed_where_a_batch_rounds_otherwise() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
    std::fs::write(&from, Gguf::model().bytes()).expect("written");
    let options = ConvertOptions { bits: Bits::Fixed(2), ..ConvertOptions::default() };
    convert(&from, &to, &options, &mut |_| {}).expect("it converts");
    let model = Model::open(&to, &LoadOptions::default()).expect("it opens");
    assert!(!model.can_look_up());
    let options = |lookup_tokens| GenerateOptions { max_tokens: 40, lookup_tokens, ..GenerateOptions::default() };
    let (plain, asked) = (answer(&model, &options(0)), answer(&model, &options(8)));
    assert_eq!((plain.tokens, asked.guessed_tokens), (asked.tokens, 0));
}
