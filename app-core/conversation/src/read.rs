//! What an utterance wants or names, where no fact is held against it: an intent, a number, one of the choices shown.

use reme_types::{Intent, Language};

use crate::{
    numbers, speech,
    text::{self, chinese_words, english_words, normalise},
    turns,
};

/// The main intent of an utterance; `Answer` when it offers content.
pub fn read_intent(utterance: &str, language: Language) -> Intent {
    let said = normalise(utterance, language);
    let trimmed = text::bare(&said);
    match trimmed.as_str() {
        "help" | "帮帮我" => return Intent::Help,
        "yes" | "yeah" | "yep" | "ok" | "okay" | "sure" | "是" | "是的" | "对" | "好" | "好的" | "行" | "嗯" =>
        {
            return Intent::Yes;
        }
        "no" | "nope" | "nothanks" | "不" | "不是" | "没有" | "不要" => return Intent::No,
        "hint" | "提示" => return Intent::Hint,
        "stop" | "停" | "停止" | "结束" => return Intent::Stop,
        "skip" | "pass" | "next" | "跳过" => return Intent::Skip,
        _ => {}
    }
    if let Some(intent) = speech::phrase_intent(&said) {
        return intent;
    }
    if let Some(intent) = request(&said, language) {
        return intent;
    }
    let words = match language {
        Language::En => english_words(&said),
        Language::ZhCn => chinese_words(&said),
    };
    if speech::is_filler(&words, language) && numbers::all(&said).is_empty() {
        Intent::OffTopic
    } else {
        Intent::Answer
    }
}

/// Up to so many words, or characters, "hint" or "again" among them is a wish, however it is put. [design]
const SHORT_WORDS: usize = 4;
const SHORT_CHARACTERS: usize = 6;

/// A wish in a few words: "a little hint maybe", "one more time".
fn request(said: &str, language: Language) -> Option<Intent> {
    const REQUESTS: [(Intent, &[&str]); 2] = [
        (Intent::Hint, &["hint", "clue", "提示"]),
        (
            Intent::Repeat,
            &["again please", "please again", "more time please", "one more time", "再来一遍", "再讲一遍"],
        ),
    ];
    let is_short = match language {
        Language::En => said.split_whitespace().count() <= SHORT_WORDS,
        Language::ZhCn => said.chars().filter(|c| c.is_alphanumeric()).count() <= SHORT_CHARACTERS,
    };
    REQUESTS
        .iter()
        .find(|(_, words)| is_short && words.iter().any(|word| said.contains(word)))
        .map(|(intent, _)| *intent)
}

/// The number an utterance settles on.
pub fn read_number(utterance: &str, language: Language) -> Option<f64> {
    let (said, _) = turns::settled(&normalise(utterance, language));
    numbers::all(&said).last().map(|f| f.value)
}

/// Which of the choices (value, label) is meant: by value, label, or a slip of it.
pub fn read_choice(choices: &[(String, String)], utterance: &str, language: Language) -> Option<String> {
    let (said, _) = turns::settled(&normalise(utterance, language));
    let bare = text::bare(&said);
    let exact = choices.iter().find(|(value, label)| {
        bare == text::bare(&normalise(value, language)) || bare == text::bare(&normalise(label, language))
    });
    let within = || {
        let mut hits = choices.iter().filter(|(_, label)| {
            let label = normalise(label, language);
            match language {
                Language::ZhCn => said.contains(&label) || text::sounds_within(&label, &said),
                Language::En => {
                    let wanted = english_words(&label);
                    english_words(&said)
                        .windows(wanted.len().max(1))
                        .any(|w| w.iter().zip(&wanted).all(|(a, b)| a == b || text::is_slip(b, a)))
                }
            }
        });
        hits.next().filter(|_| hits.next().is_none())
    };
    exact.or_else(within).map(|(value, _)| value.clone())
}
