//! The language model as the session uses it, with the real files: budgets, cancelling, the cache, facts that can be held
//! against the note.
#![allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use jiff::{Timestamp, civil::date, tz::TimeZone};
use reme::{Budget, CancelToken, LanguageModel, LanguageModelOptions};
use reme_conversation::{Phraser, Question};
use reme_types::{Act, ActKind, AnswerKind, Clock, Expected, Language, LineOrigin};

const TINY: &str = "smollm2-135m-instruct-q4_1.gguf";
const DEFAULT: &str = "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf";
/// Room enough: these tests never wait for a clock.
const LINE: Budget = Budget { max_tokens: 40, max_ms: 1_000_000 };

/// A clock that stands still, or moves on by a step each time it is read.
struct StepClock {
    now_ms: AtomicI64,
    step_ms: i64,
}

impl Clock for StepClock {
    fn now(&self) -> Timestamp {
        let now = self.now_ms.fetch_add(self.step_ms, Ordering::Relaxed);
        Timestamp::from_millisecond(now).expect("a time near 1970")
    }

    fn time_zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

fn open_with(name: &str, options: LanguageModelOptions, step_ms: i64) -> Option<LanguageModel> {
    let var = |name| std::env::var_os(name).map(PathBuf::from);
    let data = || var("XDG_DATA_HOME").or_else(|| Some(var("HOME")?.join(".local/share")));
    let folder = var("REME_MODELS_DIR").or_else(|| Some(data()?.join("reme/models")));
    let path = folder.map(|dir| dir.join(name)).filter(|path| path.exists());
    if path.is_none() && std::env::var_os("REME_TEST_WITHOUT_MODELS").is_none_or(|v| v != "1") {
        panic!("{name} is missing: run `cargo xtask models tiny default`, or set REME_TEST_WITHOUT_MODELS=1");
    }
    let clock = Arc::new(StepClock { now_ms: AtomicI64::new(0), step_ms });
    Some(LanguageModel::open(&path?, options, clock).expect("the model file opens"))
}

fn open(name: &str) -> Option<LanguageModel> {
    open_with(name, LanguageModelOptions::default(), 0)
}

/// (model, language, a plain line) of what each model is for.
const CASES: [(&str, Language, &str); 3] = [
    (TINY, Language::En, "Thank you for telling me about the garden."),
    (DEFAULT, Language::En, "Thank you for telling me about the garden."),
    (DEFAULT, Language::ZhCn, "谢谢您跟我说花园的事。"),
];

#[test]
fn one_model_serves_several_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<LanguageModel>();
    shared::<Arc<Mutex<LanguageModel>>>();
}

#[test]
fn a_line_said_is_the_plain_one_or_a_checked_wording_and_the_instructions_are_paid_once() {
    for (name, language, plain) in CASES {
        let Some(model) = open(name) else { return };
        assert!(model.warm_up(language, LINE, &CancelToken::new()));
        let warm = model.usage();
        let phraser = Phraser::new(language, &format!("line = {plain}\n")).expect("Fluent");
        let act = Act {
            kind: ActKind::Encourage,
            message: "line".into(),
            args: Default::default(),
            hidden: vec!["gooseberries".into(), "醋栗".into()],
            grounds: vec![],
        };
        for _ in 0..3 {
            let line = phraser.say(&act, Some(&mut model.rephraser(LINE, CancelToken::new()))).expect("said");
            assert!(!line.text.is_empty() && !line.text.contains("gooseberr") && !line.text.contains("醋栗"));
            assert_eq!(line.origin == LineOrigin::Model, line.text != plain, "{name}: {line:?}");
        }
        let used = model.usage();
        assert_eq!(used.calls, warm.calls + 3);
        let (prompts, reused) = (used.prompt_tokens - warm.prompt_tokens, used.reused_tokens - warm.reused_tokens);
        assert!(reused * 10 > prompts * 7, "{name}: only {reused} of {prompts} prompt tokens were reused");
    }
}

#[test]
fn the_instructions_are_read_once_for_all_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let starts = Some(folder.path().join("starts"));
    for (name, language, plain) in CASES {
        let opened = || open_with(name, LanguageModelOptions { starts: starts.clone(), ..Default::default() }, 0);
        let warmed = || {
            let model = opened()?;
            assert!(model.warm_up(language, LINE, &CancelToken::new()), "{name}");
            let read = model.usage().prompt_tokens;
            let _ = model.reword(plain, &[], language, LINE, &CancelToken::new());
            Some((read, model.usage().reused_tokens))
        };
        // Another model's start of the same language is told apart and made again.
        let (Some(first), Some(second)) = (warmed(), warmed()) else { return };
        assert!(first.0 > 50 && second.0 == 0, "{name}: {first:?} {second:?}");
        assert_eq!(first.1, second.1, "{name}: a start from the disk is worth what one just read is");
    }
}

#[test]
fn wordings_are_new_and_the_same_seed_gives_the_same() {
    for (name, language, plain) in CASES {
        let said = |seed| {
            let model = open_with(name, LanguageModelOptions { seed, ..LanguageModelOptions::default() }, 0)?;
            Some(
                (0..3)
                    .filter_map(|_| model.reword(plain, &[], language, LINE, &CancelToken::new()))
                    .collect::<Vec<_>>(),
            )
        };
        let Some(first) = said(7) else { return };
        assert!(first.iter().all(|wording| wording != plain && !wording.contains('\n')), "{name}: {first:?}");
        assert!(!first.is_empty(), "{name}: five tries brought no wording");
        assert_eq!(said(7), Some(first), "{name}");
    }
}

#[test]
fn out_of_time_out_of_tokens_or_cancelled_it_says_nothing() {
    let note = "We picked cherries with Ruth behind the church.";
    for (name, language, plain) in CASES {
        // Each look at the clock takes a second.
        let Some(slow) = open_with(name, LanguageModelOptions::default(), 1_000) else { return };
        assert_eq!(slow.reword(plain, &[], language, Budget { max_ms: 3_000, ..LINE }, &CancelToken::new()), None);
        let facts = |model: &LanguageModel, budget, cancel: &CancelToken| {
            model.propose_facts(note, language, date(2026, 6, 1), budget, cancel)
        };
        assert!(facts(&slow, Budget { max_ms: 3_000, ..Budget::NOTE }, &CancelToken::new()).is_empty());
        assert!(!slow.warm_up(language, Budget { max_ms: 1_000, ..LINE }, &CancelToken::new()));
        assert_eq!(slow.usage().given_up, 3, "{name}");
        let Some(model) = open(name) else { return };
        assert_eq!(model.reword(plain, &[], language, Budget { max_tokens: 1, ..LINE }, &CancelToken::new()), None);
        assert!(facts(&model, Budget { max_tokens: 5, ..Budget::NOTE }, &CancelToken::new()).is_empty());
        let cancel = CancelToken::new();
        cancel.cancel();
        assert_eq!(model.reword(plain, &[], language, LINE, &cancel), None, "{name}");
        assert!(facts(&model, Budget::NOTE, &cancel).is_empty(), "{name}");
    }
}

#[test]
fn facts_proposed_stand_in_the_note() {
    let notes = [
        (TINY, Language::En, "In May we drove to the lighthouse with Harriet and ate waffles with cream in the café."),
        (
            DEFAULT,
            Language::En,
            "In May we drove to the lighthouse with Harriet and ate waffles with cream in the café.",
        ),
        (DEFAULT, Language::ZhCn, "五月我和邻居老郑去植物园看牡丹，中午在亭子里吃了粽子。"),
    ];
    let mut kept = 0;
    for (name, language, note) in notes {
        let Some(model) = open(name) else { return };
        let budget = Budget { max_ms: 1_000_000, ..Budget::NOTE };
        let facts = model.propose_facts(note, language, date(2026, 6, 1), budget, &CancelToken::new());
        for fact in &facts {
            let answer = reme_conversation::normalise(&fact.answer, language);
            assert!(reme_conversation::normalise(note, language).contains(&answer), "{name}: {fact:?}");
        }
        kept += facts.len();
        println!("{name}: {facts:#?}");
    }
    assert!(kept > 0, "three notes brought not one fact");
}

#[test]
fn a_reading_is_off_unless_asked_for_and_tells_like_from_unlike() {
    let expected = Expected::text(AnswerKind::Text, "a bicycle");
    let question = Question {
        text: "What did you ride to school?",
        expected: &expected,
        context: None,
        people: &[],
        language: Language::En,
    };
    let Some(off) = open(DEFAULT) else { return };
    assert_eq!(off.likelihood(&question, "my old bike", LINE, &CancelToken::new()), None);
    let options = LanguageModelOptions { reads_answers: true, ..LanguageModelOptions::default() };
    let Some(on) = open_with(DEFAULT, options, 0) else { return };
    let like = on.likelihood(&question, "my old bike", LINE, &CancelToken::new()).expect("a reading");
    let unlike = on.likelihood(&question, "the weather was nice", LINE, &CancelToken::new()).expect("a reading");
    assert!((0.0..=1.0).contains(&like) && like > unlike, "{like} {unlike}");
}
