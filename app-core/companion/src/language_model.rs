//! What the session asks of the language model: another wording of a line, details of a note worth asking about, and how
//! likely an answer means what was expected.
//!
//! Where in the flow: above `reme-lm`, below the session and the server, which share one behind an `Arc`. Every call has a
//! [`Budget`] and a cancel token; too late, cancelled or muddled is `None`, and the session goes on with its plain lines.
//! What it must never do: see an answer the patient has not recalled, score, or hand out words it did not check.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{ToSpan, civil::Date};
use reme_capture::{ProposedFact, find_when, leaks};
use reme_conversation::{Question, Rephrase, normalise};
use reme_lm::{
    CacheForm, CancelToken, ChatMessage, Constraint, Deadline, Flow, GenerateOptions, LmError, LoadOptions, Model,
    ModelInfo, Sampling, Session, StopReason,
};
use reme_types::{Act, ArgValue, Clock, FactKind, Language};
use serde::Deserialize;
use serde_json::json;

use crate::prompts;

/// Context window of each session, tokens: the longest prompt (a note of a page) and its answer. [design]
const WINDOW_TOKENS: usize = 2048;
/// Longest note given to the model, characters; the rest of it is left to the rules. [design]
const NOTE_CHARS: usize = 1200;
/// Most facts proposed for one note. [design]
const MOST_FACTS: usize = 4;
/// How freely a line is worded anew: enough that two sessions do not sound the same. [design]
const WORDING: Sampling = Sampling { temperature: 0.6, top_k: 40, top_p: 0.9, repetition_penalty: 1.0, seed: 0 };

/// How much one call may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Most tokens written.
    pub max_tokens: usize,
    /// Most milliseconds from the call on, as the clock given to [`LanguageModel::open`] tells them.
    pub max_ms: u64,
}

impl Budget {
    /// For a line while the patient waits. [design: two sentences; a pause that still feels like thinking]
    pub const LINE: Self = Self { max_tokens: 48, max_ms: 4_000 };
    /// For the details of a note, while a carer looks on. [design]
    pub const NOTE: Self = Self { max_tokens: 320, max_ms: 60_000 };
}

/// How a model is opened.
#[derive(Debug, Clone)]
pub struct LanguageModelOptions {
    /// Worker threads, the caller's included.
    pub threads: usize,
    /// Whether [`LanguageModel::likelihood`] answers. Off by default: no score may rest on it (invariant 5), and small
    /// models are easily talked into a yes.
    pub reads_answers: bool,
    /// Where the row of seeds for wordings starts; the same start gives the same wordings.
    pub seed: u64,
    /// How what was said is kept: `Byte` takes a quarter of the memory of `Single`.
    pub cache: CacheForm,
    /// Folder for what the instructions left in the cache, so that the next run need not read them again; it holds no word of
    /// anybody's. `None`: they are read at every start.
    pub starts: Option<PathBuf>,
    /// Most bytes of weights and one talk's cache; a model that needs more is refused. `None`: no limit.
    pub memory_bytes: Option<u64>,
}

impl Default for LanguageModelOptions {
    fn default() -> Self {
        Self {
            threads: 2,
            reads_answers: false,
            seed: 0,
            cache: CacheForm::default(),
            starts: None,
            memory_bytes: None,
        }
    }
}

/// What the model was used for since it was opened. Holds no words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ModelUse {
    /// Calls of any kind.
    pub calls: u64,
    /// Calls that came to nothing: out of budget, cancelled, or the answer was of no use.
    pub given_up: u64,
    /// Tokens of all prompts.
    pub prompt_tokens: u64,
    /// How many of them were still in a cache and cost nothing.
    pub reused_tokens: u64,
}

/// One opened model, for every patient of the household. `Send + Sync`; its calls take turns.
pub struct LanguageModel {
    model: Model,
    options: LanguageModelOptions,
    clock: Arc<dyn Clock>,
    /// A session a task and language, so that each keeps its instructions in the cache.
    sessions: [Mutex<Option<Session>>; 6],
    seeds: AtomicU64,
    counts: Mutex<ModelUse>,
}

/// What a session of the model is kept for.
#[derive(Debug, Clone, Copy)]
enum Task {
    Wording,
    Facts,
    Reading,
}

impl LanguageModel {
    /// Opens the GGUF file at `path`. `clock` tells how much of a budget is spent.
    ///
    /// # Errors
    /// What is wrong with the file, by name ([`LmError`]).
    pub fn open(path: &Path, options: LanguageModelOptions, clock: Arc<dyn Clock>) -> Result<Self, LmError> {
        let load = LoadOptions {
            threads: options.threads,
            window_tokens: WINDOW_TOKENS,
            cache: options.cache,
            memory_bytes: options.memory_bytes,
            ..LoadOptions::default()
        };
        let model = Model::open(path, &load)?;
        let seeds = AtomicU64::new(options.seed);
        Ok(Self { model, options, clock, sessions: Default::default(), seeds, counts: Mutex::default() })
    }

    /// What the file says about itself.
    #[must_use]
    pub fn info(&self) -> &ModelInfo {
        self.model.info()
    }

    /// What it was used for so far.
    #[must_use]
    pub fn usage(&self) -> ModelUse {
        *unpoisoned(&self.counts)
    }

    /// Reads the instructions for wordings into the cache, so that the first line of a session waits no longer than the
    /// others; from the folder of starts where they were kept there. `false` when the budget did not allow it.
    pub fn warm_up(&self, language: Language, budget: Budget, cancel: &CancelToken) -> bool {
        let file = self.options.starts.as_ref().map(|folder| folder.join(format!("wording.{}.start", language.tag())));
        let is_kept = |file: &PathBuf| self.with_session(Task::Wording, language, |s| s.load_prefix(file)).is_ok();
        if file.as_ref().is_some_and(is_kept) {
            return true;
        }
        let options = GenerateOptions { max_tokens: 0, ..self.limits(budget, cancel) };
        let prompt = prompts::wording(language, "");
        let is_read = self.ask(Task::Wording, language, &prompt, &options).is_some();
        if let (true, Some(file), [instructions @ .., _]) = (is_read, &file, prompt.as_slice()) {
            // Only time is lost where it cannot be kept.
            let _ = file.parent().map(std::fs::create_dir_all);
            let _ = self.with_session(Task::Wording, language, |session| session.save_prefix(instructions, file));
        }
        is_read
    }

    /// The model as the phraser uses it: each line within `budget`, and none once `cancel` is set.
    #[must_use]
    pub fn rephraser(&self, budget: Budget, cancel: CancelToken) -> Rephraser<'_> {
        Rephraser { model: self, budget, cancel }
    }

    /// Another wording of a plain line, or `None`. Only the line itself is shown to the model, never a hidden answer;
    /// the phraser still checks what comes back. `kept` are the values of its placeholders: a wording that drops one, or
    /// speaks of "I" where the line did not, means something else and is not taken.
    pub fn reword(
        &self,
        plain: &str,
        kept: &[&str],
        language: Language,
        budget: Budget,
        cancel: &CancelToken,
    ) -> Option<String> {
        let seed = self.seeds.fetch_add(1, Ordering::Relaxed);
        let sampling = Some(Sampling { seed, ..WORDING });
        let options = GenerateOptions { sampling, ..self.limits(budget, cancel) };
        let said = self.ask(Task::Wording, language, &prompts::wording(language, plain), &options)?;
        let wording = said.lines().next().unwrap_or_default().trim().trim_matches(['"', '“', '”', '「', '」']).trim();
        self.useful(means_the_same(plain, kept, wording, language).then(|| wording.to_owned()))
    }

    /// Details of a note worth asking about, found by the model; empty when it finds none or the budget is spent.
    ///
    /// Kept is only what can be held against the note: the answer stands in it, the question does not give it away, and a
    /// time is not one that moves with `today` ("yesterday"). The caller stores them as `FactOrigin::Model`, unconfirmed.
    pub fn propose_facts(
        &self,
        text: &str,
        language: Language,
        today: Date,
        budget: Budget,
        cancel: &CancelToken,
    ) -> Vec<ProposedFact> {
        let note: String = text.chars().take(NOTE_CHARS).collect();
        let constraint = Constraint::Json(Arc::new(facts_schema()));
        let options = GenerateOptions { constraint, ..self.limits(budget, cancel) };
        let Some(json) = self.ask(Task::Facts, language, &prompts::facts(language, &note), &options) else {
            return Vec::new();
        };
        let proposals: Proposals = serde_json::from_str(&json).unwrap_or_default();
        let mut kept: Vec<ProposedFact> = Vec::new();
        for fact in proposals.facts.into_iter().filter_map(|proposal| proposal.checked(&note, language, today)) {
            if !kept.iter().any(|k| k.question == fact.question || k.answer == fact.answer) {
                kept.push(fact);
            }
        }
        let found = (!kept.is_empty()).then_some(kept);
        self.useful(found).unwrap_or_default()
    }

    /// How likely `answer` means what was expected, 0–1: the weight of "yes" against "no".
    ///
    /// For answers the rules are unsure of; what rests on it is `MatchedBy::Model` and never counts for assessment.
    /// `None` unless [`LanguageModelOptions::reads_answers`] was set, or when the budget is spent.
    pub fn likelihood(
        &self,
        question: &Question<'_>,
        answer: &str,
        budget: Budget,
        cancel: &CancelToken,
    ) -> Option<f64> {
        if !self.options.reads_answers {
            return None;
        }
        let language = question.language;
        let expected = question.expected.parts.join(", ");
        let prompt = prompts::reading(language, question.text, &expected, answer);
        let choices = prompts::yes_no(language).map(str::to_owned);
        let options = self.limits(budget, cancel);
        let scores =
            self.with_session(Task::Reading, language, |session| session.choose(&prompt, &choices, &options).ok());
        unpoisoned(&self.counts).calls += 1;
        self.useful(scores.map(|s| 1.0 / (1.0 + (s[1] - s[0]).exp())))
    }

    fn limits(&self, budget: Budget, cancel: &CancelToken) -> GenerateOptions {
        let clock = Arc::clone(&self.clock);
        let end_ms = clock.now().as_millisecond().saturating_add_unsigned(budget.max_ms);
        let deadline: Deadline = Arc::new(move || clock.now().as_millisecond() >= end_ms);
        GenerateOptions {
            max_tokens: budget.max_tokens,
            cancel: cancel.clone(),
            deadline: Some(deadline),
            ..GenerateOptions::default()
        }
    }

    /// The whole answer, or `None` when it was cut short.
    fn ask(&self, task: Task, language: Language, prompt: &[ChatMessage], options: &GenerateOptions) -> Option<String> {
        let answer = self.with_session(task, language, |session| {
            session.generate(prompt, options, &mut |piece| {
                // A wording is one line; what follows it is chatter nobody waits for.
                if matches!(task, Task::Wording) && piece.contains('\n') { Flow::Stop } else { Flow::Continue }
            })
        });
        let mut counts = unpoisoned(&self.counts);
        counts.calls += 1;
        match answer {
            Ok(answer) => {
                counts.prompt_tokens += answer.prompt_tokens as u64;
                counts.reused_tokens += answer.reused_tokens as u64;
                let was_cut =
                    options.max_tokens > 0 && !matches!(answer.stop, StopReason::EndOfTurn | StopReason::Callback);
                counts.given_up += u64::from(was_cut);
                (!was_cut).then_some(answer.text)
            }
            Err(_) => {
                counts.given_up += 1;
                None
            }
        }
    }

    fn with_session<T>(&self, task: Task, language: Language, work: impl FnOnce(&mut Session) -> T) -> T {
        let index = task as usize * 2 + usize::from(language == Language::ZhCn);
        let mut slot = unpoisoned(&self.sessions[index]);
        work(slot.get_or_insert_with(|| self.model.session()))
    }

    /// Counts an answer that came to nothing.
    fn useful<T>(&self, answer: Option<T>) -> Option<T> {
        unpoisoned(&self.counts).given_up += u64::from(answer.is_none());
        answer
    }
}

/// A lock is held over calls that leave the session sound when they end early, so a poisoned one still is.
fn unpoisoned<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for LanguageModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LanguageModel")
            .field("info", self.info())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

/// [`LanguageModel`] as the phraser takes it.
#[derive(Debug)]
pub struct Rephraser<'a> {
    model: &'a LanguageModel,
    budget: Budget,
    cancel: CancelToken,
}

impl Rephrase for Rephraser<'_> {
    fn rephrase(&mut self, plain: &str, act: &Act, language: Language) -> Option<String> {
        let texts = act.args.values().filter_map(|value| match value {
            ArgValue::Text(text) => Some(text.as_str()),
            ArgValue::Number(_) => None,
        });
        self.model.reword(plain, &texts.collect::<Vec<_>>(), language, self.budget, &self.cancel)
    }
}

/// Whether a wording is a new one that keeps every value and swaps no speaker.
fn means_the_same(plain: &str, kept: &[&str], wording: &str, language: Language) -> bool {
    let (said, plain) = (normalise(wording, language), normalise(plain, language));
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    !bare(&said).is_empty()
        && bare(&said) != bare(&plain)
        && kept.iter().all(|value| bare(&said).contains(&bare(&normalise(value, language))))
        && Speakers::of(&said, language).fit(Speakers::of(&plain, language))
}

/// Who is spoken of. Small models like to turn "your life" into "my life".
#[derive(Debug, Clone, Copy)]
struct Speakers {
    /// I.
    says_i: bool,
    /// Me, my, mine: things of the speaker's.
    says_my: bool,
    /// You, your.
    says_you: bool,
}

impl Speakers {
    fn of(text: &str, language: Language) -> Self {
        if language == Language::ZhCn {
            let says_i = text.replace("我们", "").contains('我');
            return Self { says_i, says_my: says_i, says_you: text.contains(['您', '你']) };
        }
        // "I'm" is I, and "you're" is you.
        let words: Vec<&str> = text
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter_map(|word| word.split('\'').next())
            .collect();
        let has = |any: &[&str]| words.iter().any(|word| any.contains(word));
        Self { says_i: has(&["i"]), says_my: has(&["me", "my", "mine"]), says_you: has(&["you", "your", "yours"]) }
    }

    /// Whether a wording with these speakers can mean what a line with those does.
    fn fit(self, plain: Self) -> bool {
        let is_about_me = plain.says_i || plain.says_my;
        (!self.says_i || is_about_me)
            && (!self.says_my || plain.says_my)
            && (!self.says_you || plain.says_you || !is_about_me)
    }
}

/// What the model is held to when it proposes facts.
fn facts_schema() -> serde_json::Value {
    let kinds = ["person", "place", "time", "food", "activity", "number", "animal", "thing"];
    json!({
        "type": "object", "additionalProperties": false, "required": ["facts"],
        "properties": { "facts": { "type": "array", "maxItems": MOST_FACTS, "items": {
            "type": "object", "additionalProperties": false, "required": ["kind", "question", "answer"],
            "properties": {
                "kind": { "enum": kinds },
                "question": { "type": "string", "minLength": 4, "maxLength": 80 },
                "answer": { "type": "string", "minLength": 1, "maxLength": 40 },
            },
        } } },
    })
}

#[derive(Debug, Default, Deserialize)]
struct Proposals {
    facts: Vec<Proposal>,
}

#[derive(Debug, Deserialize)]
struct Proposal {
    kind: FactKind,
    question: String,
    answer: String,
}

impl Proposal {
    /// The proposal when everything about it can be held against the note.
    fn checked(self, note: &str, language: Language, today: Date) -> Option<ProposedFact> {
        let (question, answer) = (self.question.trim().to_owned(), self.answer.trim().to_owned());
        let answer = answer.trim_end_matches(['.', '。', ',', '，']).to_owned();
        let stands_there = !answer.is_empty() && normalise(note, language).contains(&normalise(&answer, language));
        let is_question = question.ends_with(['?', '？']) && Language::detect(&question) == language;
        let is_whole = normalise(&answer, language) == normalise(note, language);
        let week_later = today.checked_add(7.days()).ok()?;
        let moves = find_when(&answer, language, today) != find_when(&answer, language, week_later);
        let keep = stands_there && is_question && !is_whole && !moves && !leaks(&question, &answer, language);
        keep.then(|| ProposedFact { kind: self.kind, question, answer, aliases: Vec::new(), meaning_cue: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(note: &str, question: &str, answer: &str, language: Language) -> bool {
        let proposal = Proposal { kind: FactKind::Thing, question: question.into(), answer: answer.into() };
        proposal.checked(note, language, Date::constant(2026, 6, 10)).is_some()
    }

    #[test]
    fn only_what_the_note_says_and_the_question_hides_is_kept() {
        let note = "Yesterday we baked plum cake with Nora in the old kitchen.";
        for (question, answer, expected) in [
            ("What did you bake?", "plum cake", true),
            ("What did you bake?", "Plum Cake.", true),
            ("What did you bake?", "apple pie", false),
            ("What plum cake did you bake?", "plum cake", false),
            ("Tell me what you baked", "plum cake", false),
            ("你们烤了什么？", "plum cake", false),
            ("When was it?", "Yesterday", false),
            ("What happened?", note, false),
            ("What did you bake?", "", false),
        ] {
            assert_eq!(kept(note, question, answer, Language::En), expected, "{question} {answer}");
        }
        let note = "去年夏天和小芳在河边放风筝。";
        assert!(kept(note, "你们在河边放了什么？", "风筝", Language::ZhCn));
        assert!(!kept(note, "放风筝的是谁？", "风筝", Language::ZhCn));
        assert!(!kept(note, "你们吃了什么？", "西瓜", Language::ZhCn));
    }

    #[test]
    fn a_wording_keeps_what_was_recalled_and_who_speaks() {
        use Language::{En, ZhCn};
        for (plain, kept, wording, language, expected) in [
            ("Yes, the tall ladder.", "the tall ladder", "Right, the tall ladder, well done.", En, true),
            ("Yes, the tall ladder.", "the tall ladder", "That is fine, take your time.", En, false),
            ("Yes, the tall ladder.", "the tall ladder", "Yes: the tall ladder!", En, false),
            ("Take your time.", "", "I'll take your time.", En, false),
            ("Thank you for telling me.", "", "Thank you, I am glad.", En, true),
            ("I would like to hear about your life.", "", "Let us hear about my life.", En, false),
            ("I keep it for both of us.", "", "You keep it for both of us.", En, false),
            ("We have time.", "", "Please take all your time.", En, true),
            ("Thank you.", "", "  ", En, false),
            ("对，是高梯子。", "高梯子", "对，是高梯子，真棒。", ZhCn, true),
            ("对，是高梯子。", "高梯子", "真棒。", ZhCn, false),
            ("您慢慢想。", "", "我慢慢想。", ZhCn, false),
        ] {
            let same = means_the_same(plain, &[kept], wording, language);
            assert_eq!(same, expected, "{plain} | {wording}");
        }
    }

    #[test]
    fn what_the_schema_lets_through_is_what_is_read() {
        let whole = r#"{"facts": [{"kind": "food", "question": "What did you eat?", "answer": "soup"}]}"#;
        let validator = serde_json::from_str::<Proposals>(whole).expect("the shape of the schema");
        assert_eq!(validator.facts.len(), 1);
        for kind in
            facts_schema()["properties"]["facts"]["items"]["properties"]["kind"]["enum"].as_array().expect("kinds")
        {
            assert!(serde_json::from_value::<FactKind>(kind.clone()).is_ok(), "{kind}");
        }
    }
}
