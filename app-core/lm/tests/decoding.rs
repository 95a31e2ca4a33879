//! Decoding with the real models: streaming, cancelling, constraints, the window's end, scores.
#![allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reme_lm::{
    CancelToken, ChatMessage, Constraint, Flow, GenerateOptions, LmError, LoadOptions, Model, Sampling, Session,
    StopReason,
};
use serde_json::{Value, json};

fn models() -> Vec<(&'static str, Model)> {
    let open = |name| support::open_with(name, &LoadOptions::default()).map(|model| (name, model));
    [support::TINY, support::DEFAULT].into_iter().filter_map(open).collect()
}

fn answer(session: &mut Session, ask: &str, options: &GenerateOptions) -> Result<String, LmError> {
    session.generate(&[ChatMessage::user(ask)], options, &mut |_| Flow::Continue).map(|g| g.text)
}

fn short(max_tokens: usize) -> GenerateOptions {
    GenerateOptions { max_tokens, ..GenerateOptions::default() }
}

#[test]
fn a_model_is_shared_between_threads_and_a_session_moves_to_one() {
    fn shared<T: Send + Sync>() {}
    fn moved<T: Send>() {}
    shared::<Model>();
    moved::<Session>();
}

#[test]
fn pieces_streamed_are_the_text_and_a_second_turn_reuses_the_first() {
    for (name, model) in models() {
        let mut session = model.session();
        let hello = ChatMessage::user("Say hello in one word.");
        let mut pieces = String::new();
        let first = session
            .generate(std::slice::from_ref(&hello), &short(12), &mut |piece| {
                pieces.push_str(piece);
                Flow::Continue
            })
            .expect("answered");
        assert_eq!(pieces, first.text, "{name}");
        assert!(!first.text.is_empty() && first.reused_tokens == 0, "{name}");
        let turns = [hello, ChatMessage::assistant(&*first.text), ChatMessage::user("And goodbye?")];
        let second = session.generate(&turns, &short(4), &mut |_| Flow::Continue).expect("answered");
        assert!(second.reused_tokens >= first.prompt_tokens, "{name}: {second:?} after {first:?}");
        // What was reused changes nothing.
        let fresh = model.session().generate(&turns, &short(4), &mut |_| Flow::Continue).expect("answered");
        assert_eq!(fresh.tokens, second.tokens, "{name}");
    }
}

#[test]
fn sampled_text_depends_on_the_seed_alone() {
    for (name, model) in models() {
        let said = |seed| {
            let sampling = Some(Sampling { temperature: 1.5, seed, ..Sampling::default() });
            answer(&mut model.session(), "Name a colour.", &GenerateOptions { sampling, ..short(10) })
                .expect("answered")
        };
        assert_eq!(said(1), said(1), "{name}");
        assert!((2..6).any(|seed| said(seed) != said(1)), "{name}: no seed changes anything");
    }
}

#[test]
fn a_cancel_ends_within_the_token_and_the_session_stays_usable() {
    for (name, model) in models() {
        let mut session = model.session();
        let cancelled = GenerateOptions { cancel: CancelToken::new(), ..short(50) };
        cancelled.cancel.cancel();
        assert!(matches!(answer(&mut session, "Hi.", &cancelled), Err(LmError::Cancelled)), "{name}");
        let options = short(50);
        let mut pieces = 0;
        let stopped = session.generate(&[ChatMessage::user("Count to thirty.")], &options, &mut |_| {
            pieces += 1;
            options.cancel.cancel();
            Flow::Continue
        });
        let stopped = stopped.expect("text so far is kept");
        assert_eq!((stopped.stop, pieces), (StopReason::Cancelled, 1), "{name}");
        assert!(!stopped.text.is_empty());
        let after = answer(&mut session, "Name a colour.", &short(8)).expect("answered");
        assert_eq!(after, answer(&mut model.session(), "Name a colour.", &short(8)).expect("answered"), "{name}");
    }
}

#[test]
fn a_deadline_is_looked_at_before_every_layer() {
    for (name, model) in models() {
        let asked = Arc::new(AtomicUsize::new(0));
        let limit = 5;
        let counter = Arc::clone(&asked);
        let deadline = Arc::new(move || counter.fetch_add(1, Ordering::Relaxed) >= limit);
        let options = GenerateOptions { deadline: Some(deadline), ..short(50) };
        let result = answer(&mut model.session(), "Hi.", &options);
        assert!(matches!(result, Err(LmError::DeadlinePassed)), "{name}: {result:?}");
        assert!(model.info().layers > limit && asked.load(Ordering::Relaxed) == limit + 1, "{name}");
    }
}

fn schemas() -> Vec<Value> {
    vec![
        json!({"type": "object", "properties": {"answer": {"type": "string", "maxLength": 20}}, "required": ["answer"],
               "additionalProperties": false}),
        json!({"type": "array", "items": {"enum": ["who", "where", "when"]}, "minItems": 1, "maxItems": 3}),
        json!({"type": "object", "properties": {
                   "kind": {"enum": ["a", "b"]}, "sure": {"type": "boolean"},
                   "count": {"type": "integer", "minimum": 0, "maximum": 99},
                   "words": {"type": "array", "items": {"type": "string", "maxLength": 8}, "maxItems": 2}},
               "required": ["kind", "sure", "count", "words"], "additionalProperties": false}),
    ]
}

#[test]
fn constrained_answers_are_json_of_the_schema_greedy_and_by_chance() {
    for (name, model) in models() {
        let mut session = model.session();
        for schema in schemas() {
            let validator = jsonschema::validator_for(&schema).expect("a schema");
            for seed in [None, Some(1)] {
                let sampling = seed.map(|seed| Sampling { temperature: 1.2, top_k: 0, seed, ..Sampling::default() });
                let constraint = Constraint::Json(Arc::new(schema.clone()));
                let options = GenerateOptions { sampling, constraint, ..short(160) };
                for ask in ["Answer in JSON: which fruit is red?", "请用 JSON 回答：什么水果是红色的？"] {
                    let text = answer(&mut session, ask, &options).expect("whole");
                    let value: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}: {text}"));
                    assert!(validator.is_valid(&value), "{name}: {text} against {schema}");
                }
            }
        }
    }
}

#[test]
fn json_that_runs_out_of_tokens_is_an_error_and_no_cut_text() {
    for (name, model) in models() {
        let schema = json!({"type": "object", "properties": {"text": {"type": "string", "minLength": 60}},
                            "required": ["text"], "additionalProperties": false});
        let constraint = Constraint::Json(Arc::new(schema));
        let result = answer(&mut model.session(), "Tell a story.", &GenerateOptions { constraint, ..short(6) });
        assert!(matches!(result, Err(LmError::Unfinished { max_tokens: 6 })), "{name}: {result:?}");
        let constraint = Constraint::Json(Arc::new(json!({"type": "no such type"})));
        let result = answer(&mut model.session(), "Hi.", &GenerateOptions { constraint, ..short(6) });
        assert!(matches!(result, Err(LmError::UnsupportedSchema { .. })), "{name}: {result:?}");
    }
}

#[test]
fn answers_held_to_choices_are_one_of_them() {
    let choices: Vec<String> = ["yes", "no", "no, never", "也许", "不知道"].map(String::from).into();
    for (name, model) in models() {
        let mut session = model.session();
        for seed in [None, Some(3), Some(4), Some(5)] {
            let sampling = seed.map(|seed| Sampling { temperature: 2.0, top_k: 0, seed, ..Sampling::default() });
            let options = GenerateOptions { sampling, constraint: Constraint::OneOf(choices.clone()), ..short(20) };
            let text = answer(&mut session, "Is snow warm?", &options).expect("chosen");
            assert!(choices.contains(&text), "{name}: {text}");
        }
        let none = GenerateOptions { constraint: Constraint::OneOf(vec![]), ..short(20) };
        assert!(matches!(answer(&mut session, "Is snow warm?", &none), Err(LmError::NoChoices)), "{name}");
    }
}

#[test]
fn at_the_windows_end_the_text_so_far_is_kept_and_a_longer_prompt_is_refused() {
    for name in [support::TINY, support::DEFAULT] {
        let options = LoadOptions { window_tokens: 48, ..LoadOptions::default() };
        let Some(model) = support::open_with(name, &options) else { continue };
        let mut session = model.session();
        let ask = [ChatMessage::user("Write a long story about a river.")];
        let cut = session.generate(&ask, &short(100), &mut |_| Flow::Continue).expect("text so far");
        assert_eq!(cut.stop, StopReason::WindowFull, "{name}: {cut:?}");
        // The last token needs no place: nothing is asked after it.
        assert_eq!(cut.prompt_tokens + cut.tokens.len(), 49, "{name}");
        let long = "word ".repeat(60);
        let refused = answer(&mut session, &long, &short(5));
        assert!(matches!(refused, Err(LmError::WindowFull { window_tokens: 48, .. })), "{name}: {refused:?}");
    }
}

#[test]
fn a_choice_the_model_makes_itself_scores_best_and_scores_are_log_likelihoods() {
    for (name, model) in models() {
        let mut session = model.session();
        let ask = [ChatMessage::user("What colour is the sky on a clear day? One word.")];
        let own = session.generate(&ask, &short(24), &mut |_| Flow::Continue).expect("answered");
        assert_eq!(own.stop, StopReason::EndOfTurn, "{name}: the comparison needs a whole answer: {}", own.text);
        let choices = [own.text.clone(), "Tablecloth marmalade".to_owned(), "桌布".to_owned()];
        let scores = session.choose(&ask, &choices, &GenerateOptions::default()).expect("scored");
        assert!(scores.iter().all(|score| *score < 0.0), "{name}: {scores:?}");
        assert!(scores[0] > scores[1] && scores[0] > scores[2], "{name}: {scores:?}");
        // The order of choices and the cache they leave do not matter.
        let reversed: Vec<String> = choices.iter().rev().cloned().collect();
        let mut again = session.choose(&ask, &reversed, &GenerateOptions::default()).expect("scored");
        again.reverse();
        assert_eq!(scores, again, "{name}");
    }
}
