//! The patient's part of a rehearsal, said by another voice: mostly remembers, forgets every fourth question at first, and gets sums
//! and colours right.
//!
//! In Mandarin it answers in short sentences: this voice's single words are not understood, by Whisper at least.
//! It reads the answers from the store, which a patient cannot; it shows that hearing, reading and scoring work together, and says
//! nothing about memory.

use std::sync::Arc;

use reme::{Companion, dto::SessionDto};
use reme_speech::{
    Audio, SampleRate,
    hearing::Resampler,
    speaking::{Line, Speech, Stop, synthesise_whole},
};
use reme_types::Language;

/// Silence before the patient begins, in ms: nobody answers at once.
const BEFORE_MS: u64 = 400;
/// Every so many questions the patient does not know at once.
const FORGETS_EVERY: usize = 4;

pub(crate) struct Patient {
    voice: Arc<dyn Speech>,
    language: Language,
    /// Question and answer of everything that may be asked.
    facts: Vec<(String, String)>,
    asked: usize,
    /// The last result of a serial subtraction.
    number: i64,
}

impl Patient {
    pub(crate) fn new(voice: Arc<dyn Speech>, language: Language, companion: &Companion) -> anyhow::Result<Self> {
        let memories = companion.memories()?;
        let facts =
            memories.into_iter().flat_map(|memory| memory.facts).map(|fact| (fact.question, fact.answer)).collect();
        Ok(Self { voice, language, facts, asked: 0, number: 0 })
    }

    /// Words and sound (16 kHz, mono) of the answer to what the session asks now.
    pub(crate) fn answer(&mut self, session: &SessionDto) -> anyhow::Result<(String, Audio)> {
        let words = self.words(session);
        let name = match self.language {
            Language::En => "am_michael",
            Language::ZhCn => "zm_yunxi",
        };
        let line = Line { voice: Some(name.to_owned()), ..Line::new(self.language, words.as_str()) };
        let said = synthesise_whole(self.voice.as_ref(), &line, &Stop::default())?;
        let mut samples = vec![0.0; SampleRate::HEARING.samples_in(BEFORE_MS)];
        let mut resampler = Resampler::to_hearing(said.rate())?;
        resampler.push(said.samples(), &mut samples)?;
        resampler.finish(&mut samples)?;
        Ok((words, Audio::new(samples, SampleRate::HEARING)))
    }

    fn words(&mut self, session: &SessionDto) -> String {
        let pick = |en: &str, zh: &str| if self.language == Language::En { en.to_owned() } else { zh.to_owned() };
        let said = session.lines.iter().rev().find(|line| line.who == "reme").map_or("", |line| line.text.as_str());
        if let Some(stimulus) = session.stimulus.as_ref().filter(|stimulus| stimulus.ink.is_some()) {
            let ink = session.choices.iter().find(|choice| choice.swatch == stimulus.ink);
            let ink = ink.map(|choice| choice.label.as_str());
            return ink.map_or_else(
                || pick("I am not sure.", "说不准。"),
                |ink| pick(&format!("{ink}."), &format!("我看是{ink}色。")),
            );
        }
        if session.input == "number" {
            let shown = session.stimulus.as_ref().map_or("", |stimulus| stimulus.text.as_str());
            let is_in_words = said.contains(|c: char| c.is_ascii_digit());
            self.number = result(if is_in_words { said } else { shown }, said, self.number);
            return pick(&format!("{}.", self.number), &format!("答案是{}。", self.number));
        }
        let Some((_, answer)) = self.facts.iter().find(|(question, _)| said.contains(question.as_str())) else {
            return pick("That is all I remember.", "别的我想不起来了。");
        };
        self.asked += 1;
        match self.asked % FORGETS_EVERY {
            0 => pick("I can't remember.", "想不起来了。"),
            1 => pick(&format!("I think it was {answer}."), &format!("我记得是{answer}。")),
            _ => pick(&format!("{answer}."), &format!("我想是{answer}。")),
        }
    }
}

/// What a sum comes to, by its words, in either language; `before` is the result of the step before.
fn result(text: &str, said: &str, before: i64) -> i64 {
    let numbers: Vec<i64> =
        text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect();
    let lower = said.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    match numbers.as_slice() {
        [one] if has(&["再减", "now take", "again", "less"]) => before - one,
        [first, second, ..] if has(&["减", "minus", "take away", "from"]) => (first - second).abs(),
        [prices @ .., note] if has(&["付了", "hand over", "pay", "paid", "note"]) => {
            note - prices.iter().sum::<i64>()
        }
        all => all.iter().sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::result;

    #[test]
    fn sums_come_out_as_their_words_say() {
        for (said, before, expected) in [
            ("Start at 100 and take away 7.", 0, 93),
            ("Now take 7 away again.", 93, 86),
            ("从一百开始：100减7是多少？", 0, 93),
            ("再减7呢？", 93, 86),
            ("Bread costs 3 and milk 2. You hand over a 10. What comes back?", 0, 5),
            ("What are 3 and 4?", 0, 7),
        ] {
            assert_eq!(result(said, said, before), expected, "{said}");
        }
    }
}
