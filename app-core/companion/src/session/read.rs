//! Reads what was typed, said or tapped: into a [`Reading`] for the engine, never into a score.
//!
//! Where in the flow: the open question and the words in, the engine's events out. What it must never do: score, keep the words,
//! or let a wish inside a story ("we used to stop now and then") end a session.

use reme_conversation::{
    Meaning, Question, judge, judge_with, normalise, read_choice, read_intent, read_number, read_recall,
};
use reme_games::{EventKind, Prompt, ReadAs};
use reme_types::{
    AnswerKind, Expected, FactId, FactItem, FactMatch, InputMode, Intent, Language, MatchedBy, MemoryItem, PersonRef,
    Reading, Verdict,
};

/// A wish to stop counts when it stands in a clause of at most this many words, or Han characters [design].
const WISH_WORDS: usize = 7;
const WISH_CHARACTERS: usize = 12;
/// Letters of an English word that tells what is counted.
const LEAST_LETTERS: usize = 4;
/// Longer words of questions that count nothing.
const QUESTION_WORDS: [&str; 12] =
    ["what", "when", "where", "which", "many", "much", "were", "there", "that", "have", "your", "with"];

/// What an answer is read against.
pub(crate) struct Asked<'a> {
    /// The open question.
    pub(crate) prompt: &'a Prompt,
    /// The memory being talked about.
    pub(crate) memory: Option<&'a MemoryItem>,
    /// Everybody.
    pub(crate) people: &'a [PersonRef],
    /// Language of the session.
    pub(crate) language: Language,
    /// What descriptions are held against that the rules cannot settle; the rules alone decide without it. It is asked for
    /// the answer to the question, never for what is told on the way.
    pub(crate) meaning: Option<&'a dyn Meaning>,
}

/// One utterance.
pub(crate) struct Said<'a> {
    /// The words.
    pub(crate) text: &'a str,
    /// Milliseconds from stimulus to answer.
    pub(crate) rt_ms: Option<u32>,
    /// How it came in.
    pub(crate) mode: InputMode,
}

impl Asked<'_> {
    /// The value of a tapped choice as events for the engine; `None` when there is no such choice.
    pub(crate) fn tapped(&self, value: &str, rt_ms: Option<u32>) -> Option<Vec<EventKind>> {
        self.prompt.choices.iter().find(|choice| choice.value == value)?;
        let reading = self.chosen(value, MatchedBy::Choice, 1.0);
        Some(vec![EventKind::Answered { reading, rt_ms, input: InputMode::Tapped }])
    }

    /// What was said, as events for the engine: an answer, a wish, or an answer and then a wish to stop.
    pub(crate) fn said(&self, said: &Said<'_>) -> Vec<EventKind> {
        let text = said.text.trim();
        let mut reading = match &self.prompt.reads {
            // Silence: nothing was offered, and nothing was wished for.
            _ if !text.chars().any(char::is_alphanumeric) => Reading::of_intent(Intent::Answer),
            ReadAs::Recall { open } => self.recall(text, open),
            ReadAs::Question { fact_id, question, expected, open } => {
                self.question(text, *fact_id, question, expected, open)
            }
            ReadAs::RepeatBack { fact_id, expected } => self.question(text, *fact_id, "", expected, &[]),
            ReadAs::Number { expected } => self.number(text, *expected),
            ReadAs::Choice { fact_id, .. } => self.choice(text, *fact_id),
        };
        let answered = |reading| EventKind::Answered { reading, rt_ms: said.rt_ms, input: said.mode };
        let ends = matches!(reading.intent, Intent::Stop | Intent::Distress);
        if ends && offers(&reading) {
            // What was told before "let's stop" counts; the stop comes after it.
            let wish = if reading.intent == Intent::Stop { EventKind::Stop } else { EventKind::Distress };
            reading.intent = Intent::Answer;
            return vec![answered(reading), wish];
        }
        vec![answered(reading)]
    }

    /// Free telling, held against every open fact. Nobody can answer it wrongly: what touches no fact is a story.
    fn recall(&self, text: &str, open: &[FactId]) -> Reading {
        let facts = self.touched(text, open);
        let verdict =
            facts.iter().map(|found| found.verdict).find(|v| matches!(v, Verdict::Correct | Verdict::Partial));
        let first = facts.first();
        let mut reading = Reading {
            verdict: verdict.unwrap_or(Verdict::NoAnswer),
            matched_by: first.map_or(MatchedBy::Nothing, |found| found.matched_by),
            confidence: first.map_or(1.0, |found| found.confidence),
            facts,
            ..Reading::of_intent(Intent::Answer)
        };
        reading.intent = self.intent(text, &reading);
        if reading.intent == Intent::Answer && reading.verdict == Verdict::NoAnswer {
            reading.verdict = Verdict::Incorrect; // something else was told
        }
        reading
    }

    /// One question; other facts named on the way count as well.
    fn question(&self, text: &str, fact_id: FactId, question: &str, expected: &Expected, open: &[FactId]) -> Reading {
        let judged = judge_with(&self.held(question, expected), text, self.meaning);
        let mut facts = self.touched(text, &open.iter().copied().filter(|id| *id != fact_id).collect::<Vec<_>>());
        if matches!(judged.verdict, Verdict::Correct | Verdict::Partial) {
            let own = FactMatch {
                fact_id,
                verdict: judged.verdict,
                matched_by: judged.matched_by,
                confidence: judged.confidence,
                parts: self.parts(text, question, expected, judged.verdict),
            };
            facts.insert(0, own);
        }
        let mut reading = Reading {
            facts,
            verdict: judged.verdict,
            matched_by: judged.matched_by,
            confidence: judged.confidence,
            ..Reading::of_intent(Intent::Answer)
        };
        reading.intent = self.intent(text, &reading);
        reading
    }

    fn number(&self, text: &str, expected: f64) -> Reading {
        let said = without_counting_words(&normalise(text, self.language));
        let digits = said.chars().any(|c| c.is_ascii_digit());
        // "once more" and 再说一遍 hold a number word that is none: where there is a wish, only what stands beside it counts.
        let beside: Vec<&str> =
            clauses(&said).into_iter().filter(|c| !is_wish(read_intent(c, self.language))).collect();
        let beside = beside.concat();
        let number =
            read_number(&beside, self.language).or_else(|| digits.then(|| read_number(&said, self.language)).flatten());
        let verdict = match number {
            Some(number) if (number - expected).abs() < 1e-9 => Verdict::Correct,
            Some(_) => Verdict::Incorrect,
            None => Verdict::NoAnswer,
        };
        let matched_by = match verdict {
            Verdict::Correct if said.trim().chars().all(|c| c.is_ascii_digit()) => MatchedBy::Exact,
            Verdict::Correct => MatchedBy::Normalised,
            _ => MatchedBy::Nothing,
        };
        let mut reading = Reading { verdict, matched_by, number, ..Reading::of_intent(Intent::Answer) };
        reading.intent = self.intent(text, &reading);
        if number.is_none() && reading.intent == Intent::Answer {
            reading.intent = Intent::OffTopic;
        }
        reading
    }

    fn choice(&self, text: &str, fact_id: Option<FactId>) -> Reading {
        let choices: Vec<(String, String)> =
            self.prompt.choices.iter().map(|c| (c.value.clone(), c.label.clone())).collect();
        if let Some(value) = read_choice(&choices, text, self.language) {
            let exact = choices.iter().any(|(v, label)| *v == value && label.trim() == text);
            let matched_by = if exact { MatchedBy::Exact } else { MatchedBy::Normalised };
            return self.chosen(&value, matched_by, 0.95);
        }
        // "The second one" by its number, and "my daughter" where names stand to choose from.
        let number = text.parse::<usize>().ok().and_then(|n| self.prompt.choices.get(n.checked_sub(1)?));
        if let Some(choice) = number {
            return self.chosen(&choice.value, MatchedBy::Choice, 1.0);
        }
        let fact = fact_id.and_then(|id| self.fact(id));
        if let Some(fact) = fact {
            let judged = judge_with(&self.held(&fact.question, &fact.expected), text, self.meaning);
            let right = self.prompt.choices.iter().find(|c| self.is_right(&c.value));
            if let (Verdict::Correct, Some(choice)) = (judged.verdict, right) {
                return self.chosen(&choice.value, judged.matched_by, judged.confidence);
            }
        }
        let mut reading = Reading::of_intent(Intent::Answer);
        reading.intent = self.intent(text, &reading);
        if reading.intent == Intent::Answer {
            reading.verdict = Verdict::Incorrect;
        }
        reading
    }

    fn chosen(&self, value: &str, matched_by: MatchedBy, confidence: f64) -> Reading {
        let right = self.is_right(value);
        Reading {
            verdict: if right { Verdict::Correct } else { Verdict::Incorrect },
            matched_by,
            confidence,
            choice: Some(value.to_owned()),
            ..Reading::of_intent(Intent::Answer)
        }
    }

    fn is_right(&self, value: &str) -> bool {
        matches!(&self.prompt.reads, ReadAs::Choice { expected, .. } if expected == value)
    }

    fn fact(&self, id: FactId) -> Option<&FactItem> {
        self.memory?.facts.iter().find(|fact| fact.id == id)
    }

    /// The facts of these that an utterance touches, with the parts it names.
    fn touched(&self, text: &str, open: &[FactId]) -> Vec<FactMatch> {
        let Some(memory) = self.memory else { return Vec::new() };
        let facts: Vec<FactItem> = open.iter().filter_map(|id| self.fact(*id)).cloned().collect();
        let mut found = read_recall(text, &facts, Some(&memory.text), self.people, self.language);
        let fact_of = |one: &FactMatch| facts.iter().find(|fact| fact.id == one.fact_id);
        found.retain(|one| fact_of(one).is_none_or(|fact| self.speaks_of(text, fact)));
        for one in &mut found {
            if let Some(fact) = facts.iter().find(|fact| fact.id == one.fact_id) {
                one.parts = self.parts(text, &fact.question, &fact.expected, one.verdict);
            }
        }
        found
    }

    /// Whether a number told on the way belongs to this fact: "we three went" is no answer to "how many tiers had the cake".
    /// What is counted must be named, by the answer's unit or by a word of the question.
    fn speaks_of(&self, text: &str, fact: &FactItem) -> bool {
        if fact.expected.kind != AnswerKind::Number {
            return true;
        }
        let said = normalise(text, self.language);
        let known = normalise(&format!("{} {}", fact.expected.parts.concat(), fact.question), self.language);
        let is_number = |word: &str| read_number(word, self.language).is_some();
        match self.language {
            Language::En => {
                let words = |text: &str| -> Vec<String> {
                    let words = text.split(|c: char| !c.is_alphanumeric());
                    words.filter(|w| w.len() >= LEAST_LETTERS && !is_number(w)).map(str::to_owned).collect()
                };
                let (said, known) = (words(&said), words(&known));
                let same =
                    |a: &str, b: &str| a.starts_with(b.trim_end_matches('s')) || b.starts_with(a.trim_end_matches('s'));
                said.iter().any(|a| !QUESTION_WORDS.contains(&a.as_str()) && known.iter().any(|b| same(a, b)))
            }
            Language::ZhCn => {
                let answer = normalise(&fact.expected.parts.concat(), self.language);
                let unit = answer.chars().filter(|c| c.is_alphanumeric() && !is_number(&c.to_string()));
                let asked: Vec<char> = known.chars().collect();
                let pairs = asked.windows(2).filter(|pair| pair.iter().all(|c| c.is_alphanumeric()));
                unit.clone().any(|c| said.contains(c))
                    || pairs
                        .map(|pair| pair.iter().collect::<String>())
                        .any(|pair| !is_number(&pair) && said.contains(&pair))
            }
        }
    }

    /// Which parts of an answer of several were named.
    fn parts(&self, text: &str, question: &str, expected: &Expected, verdict: Verdict) -> Vec<u16> {
        let is_list = matches!(expected.kind, AnswerKind::List | AnswerKind::OrderedList);
        if !is_list || verdict != Verdict::Partial {
            return Vec::new();
        }
        let named = |part: &&String| {
            let one = Expected::text(AnswerKind::Text, (*part).clone());
            judge(&self.held(question, &one), text).verdict == Verdict::Correct
        };
        let indices = expected.parts.iter().enumerate().filter(|(_, part)| named(part)).map(|(index, _)| index);
        indices.filter_map(|index| u16::try_from(index).ok()).collect()
    }

    fn held<'q>(&'q self, question: &'q str, expected: &'q Expected) -> Question<'q> {
        let context = self.memory.map(|memory| memory.text.as_str());
        Question { text: question, expected, context, people: self.people, language: self.language }
    }

    /// What is wanted. An answer is an answer, whatever polite words stand around it; only a wish to stop goes before it.
    fn intent(&self, text: &str, reading: &Reading) -> Intent {
        let wish = read_intent(text, self.language);
        let ends = matches!(wish, Intent::Stop | Intent::Distress);
        if ends && !self.is_plain_wish(text, wish) {
            return if offers(reading) { Intent::Answer } else { Intent::OffTopic };
        }
        match wish {
            Intent::Stop | Intent::Distress => wish,
            _ if offers(reading) => Intent::Answer,
            // Something else was offered, hedged with "I don't know, perhaps".
            Intent::Forgot | Intent::NothingMore if reading.verdict == Verdict::Incorrect => Intent::Answer,
            Intent::Answer
                if reading.verdict == Verdict::NoAnswer && !matches!(self.prompt.reads, ReadAs::Recall { .. }) =>
            {
                Intent::OffTopic
            }
            other => other,
        }
    }

    /// Whether the wish stands in a clause of its own, and not within a story.
    fn is_plain_wish(&self, text: &str, wish: Intent) -> bool {
        let said = normalise(text, self.language);
        clauses(&said).into_iter().any(|clause| {
            let short = match self.language {
                Language::En => clause.split_whitespace().count() <= WISH_WORDS,
                Language::ZhCn => clause.chars().filter(|c| c.is_alphanumeric()).count() <= WISH_CHARACTERS,
            };
            short && read_intent(clause, self.language) == wish
        })
    }
}

/// Whether something of what was asked is in it.
fn offers(reading: &Reading) -> bool {
    let told = |verdict| matches!(verdict, Verdict::Correct | Verdict::Partial);
    told(reading.verdict) || reading.facts.iter().any(|found| told(found.verdict)) || reading.number.is_some()
}

fn is_wish(intent: Intent) -> bool {
    !matches!(intent, Intent::Answer | Intent::OffTopic | Intent::Yes | Intent::No)
}

fn clauses(said: &str) -> Vec<&str> {
    said.split_inclusive([',', '.', '!', '?', ';', '，', '。', '！', '？', '；', '\n']).collect()
}

/// Number words that count nothing: "one moment", 等一下.
fn without_counting_words(said: &str) -> String {
    const EMPTY: &str = "one moment|one second|one minute|one more time|just a second|a second|that one|this one|the one|一下|一会儿|一会|一点儿|一点|一遍|一次|一个一个|下一个|这一个|那一个|一道";
    EMPTY.split('|').fold(said.to_owned(), |text, word| text.replace(word, " "))
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
