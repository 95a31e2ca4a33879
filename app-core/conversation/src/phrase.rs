//! Puts a dialogue act into words: the plain Fluent line, or the model's wording when it passes every check.
//!
//! A wording is taken only where nothing rests on it (never a question, an instruction, a cue or an answer told), and only
//! when it leaks nothing (invariant 6), invents nothing, stays in the language and stays short.

pub use reme_games::StringsError as PhraseError;

use reme_games::Strings;
use reme_types::{Act, ActKind, Language, LineOrigin};

use crate::{
    needle::telling_words,
    numbers, speech,
    text::{self, bare, normalise},
};

/// Longest wording taken, characters. [design: two short sentences on a phone]
const MOST_CHARS: usize = 160;
/// Most sentences.
const MOST_SENTENCES: usize = 2;

/// Warm words that state nothing about anybody's life.
const FRIENDLY: &str = "good nice lovely wonderful great well done thank thanks happy glad pleasure together remember remembered memory memories today \
welcome hello hi enjoy fine right little bit ready start begin finish rest talk share shared sharing hear hearing helps help let's see soon tomorrow \
很好 真好 太好了 谢谢 感谢 高兴 开心 一起 记得 回忆 今天 欢迎 您好 你好 慢慢 慢慢来 着急 不着急 没关系 聊聊 聊 休息 明天 再见 加油 很棒 真棒 不错 记性 想起 想起来 说说 听您 分享 咱们 开始 结束 下次 辛苦";

/// What tells somebody "you have it". Only a confirmation says so: a wording of any other line may not, unless the plain line does.
const CONFIRMING: &str = "yes|yeah|yep|right|correct|exactly|indeed|precisely|spot on|well done|well remembered|you remembered|that is it|that's it|\
对，|对的|对啦|对了|说对|答对|没错|正确|是的|就是|答得好|记得好|记得真|记性真|记性好|想起来了";

/// Words with a confirming one inside that confirm nothing.
const NOT_CONFIRMING: &str = "all right|right away|right now|对不起|对了吗|不对";

/// Something that words a line anew, such as the language model.
pub trait Rephrase {
    /// Another wording of `plain`, or `None`.
    fn rephrase(&mut self, plain: &str, act: &Act, language: Language) -> Option<String>;
}

/// A line to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The words.
    pub text: String,
    /// Where they came from; counted, so that the rate of replaced lines is known.
    pub origin: LineOrigin,
}

/// The lines of one template in one language.
#[derive(Debug)]
pub struct Phraser {
    strings: Strings,
    language: Language,
}

impl Phraser {
    /// Reads Fluent source.
    ///
    /// # Errors
    /// [`PhraseError::Syntax`] with what the parser says.
    pub fn new(language: Language, strings: &str) -> Result<Self, PhraseError> {
        Ok(Self { strings: Strings::new(language, strings)?, language })
    }

    /// The plain line of an act.
    ///
    /// # Errors
    /// A message or a value that is missing, by name.
    pub fn render(&self, act: &Act) -> Result<String, PhraseError> {
        self.strings.render(&act.message, &act.args)
    }

    /// The line to say: the model's wording where it may be used and passes, else the plain one.
    ///
    /// # Errors
    /// As [`Phraser::render`].
    pub fn say(&self, act: &Act, model: Option<&mut dyn Rephrase>) -> Result<Line, PhraseError> {
        let plain = self.render(act)?;
        let free = matches!(
            act.kind,
            ActKind::Open | ActKind::Confirm | ActKind::AnythingElse | ActKind::Encourage | ActKind::Close
        );
        let wording = model.filter(|_| free).and_then(|m| m.rephrase(&plain, act, self.language));
        let origin = match &wording {
            None => LineOrigin::Template,
            Some(wording) if leaks(wording, &plain, &act.hidden, self.language) => LineOrigin::LeakReplaced,
            Some(wording) if !is_grounded(wording, &plain, act, self.language) => LineOrigin::UngroundedReplaced,
            Some(_) => LineOrigin::Model,
        };
        let text = wording.filter(|_| origin == LineOrigin::Model).map_or(plain, |w| w.trim().to_owned());
        Ok(Line { text, origin })
    }
}

/// Whether a wording holds a telling word of a hidden answer that the plain line does not hold: as it is, inflected, misspelt,
/// or by sound in Chinese.
pub(crate) fn leaks(wording: &str, plain: &str, hidden: &[String], language: Language) -> bool {
    let (said, plain) = (normalise(wording, language), normalise(plain, language));
    let words = text::english_words(&said);
    hidden.iter().any(|answer| {
        let answer = normalise(answer, language);
        let numbers_leak = numbers::all(&answer).iter().any(|n| numbers::all(&said).iter().any(|s| s.value == n.value));
        let mut telling = telling_words(&answer, language);
        telling.push(bare(&answer));
        let word_leaks =
            telling.iter().filter(|w| !w.is_empty() && !plain.contains(w.as_str())).any(|word| match language {
                Language::En => words.iter().any(|w| text::stem(w) == text::stem(word) || text::is_slip(word, w)),
                Language::ZhCn => {
                    said.contains(word.as_str())
                        || (word.chars().count() > 1 && text::sounds_within(word, &bare(&said)))
                }
            });
        word_leaks || (numbers_leak && numbers::all(&plain).is_empty())
    })
}

/// Whether a wording says nothing that the plain line and its grounds do not, in the same language and short.
fn is_grounded(wording: &str, plain: &str, act: &Act, language: Language) -> bool {
    let said = normalise(wording, language);
    let known = normalise(&format!("{plain} {}", act.grounds.join(" ")), language);
    let known_stems: Vec<String> = text::english_words(&known).iter().map(|w| text::stem(w)).collect();
    let friendly = |word: &str| FRIENDLY.split_whitespace().any(|f| f == word);
    // Clause by clause: without its marks, one clause would run into the next.
    let mut words = speech::clauses(&said).into_iter().flat_map(|clause| telling_words(clause, language));
    let words_known = words.all(|word| match language {
        Language::En => friendly(&word) || known_stems.contains(&text::stem(&word)),
        Language::ZhCn => friendly(&word) || known.contains(word.as_str()) || word.chars().count() == 1,
    });
    let numbers_known = numbers::all(&said).iter().all(|n| numbers::all(&known).iter().any(|k| k.value == n.value));
    let asks = |text: &str| text.contains(['?', '？']);
    let sentences = speech::sentences(wording.trim()).len();
    words_known
        && numbers_known
        && (act.kind == ActKind::Confirm
            || confirmations(&said).all(|word| confirmations(&normalise(plain, language)).any(|own| own == word)))
        && (!said.contains('你') || plain.contains('你'))
        && Language::detect(wording) == language
        && (!asks(wording) || asks(plain))
        && (1..=MOST_SENTENCES).contains(&sentences)
        && wording.chars().count() <= MOST_CHARS
}

/// The confirming words of a normalised text.
fn confirmations(said: &str) -> impl Iterator<Item = &'static str> {
    let rest = NOT_CONFIRMING.split('|').fold(said.to_owned(), |rest, word| rest.replace(word, "…"));
    // The end of the text closes a clause as a mark does.
    let clauses = rest.replace(|c: char| !c.is_alphanumeric() && c != '\'' && c != ' ', "，") + "，";
    let spaced = format!(" {} ", clauses.replace('，', " "));
    CONFIRMING.split('|').filter(move |word| match word.is_ascii() {
        true => spaced.contains(&format!(" {word} ")),
        false => clauses.contains(word),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use reme_types::ArgValue;

    use super::*;

    struct Says(&'static str);

    impl Rephrase for Says {
        fn rephrase(&mut self, _: &str, _: &Act, _: Language) -> Option<String> {
            Some(self.0.to_owned())
        }
    }

    fn act(kind: ActKind, message: &str) -> Act {
        Act {
            kind,
            message: message.into(),
            args: BTreeMap::new(),
            hidden: vec!["gooseberry tart".into()],
            grounds: vec!["It was in the garden.".into()],
        }
    }

    fn phraser() -> Phraser {
        Phraser::new(Language::En, "warm = That is good to hear.\nasks = What did you bake?\ncount = { $n ->\n    [one] One thing.\n   *[other] { $n } things.\n }\n").expect("Fluent")
    }

    #[test]
    fn plain_lines_are_filled_in_and_what_is_missing_is_named() {
        let mut counted = act(ActKind::Confirm, "count");
        counted.args.insert("n".into(), ArgValue::Number(1.0));
        assert_eq!(phraser().render(&counted).as_deref(), Ok("One thing."));
        counted.args.clear();
        assert!(phraser().render(&counted).is_err_and(|e| e.to_string().contains("`count`")));
        assert_eq!(phraser().render(&act(ActKind::Open, "none")), Err(PhraseError::Missing("none".into())));
        assert!(Phraser::new(Language::En, "= broken").is_err());
    }

    #[test]
    fn a_wording_is_taken_only_when_it_leaks_and_invents_nothing() {
        let said = |wording| phraser().say(&act(ActKind::Encourage, "warm"), Some(&mut Says(wording))).expect("said");
        assert_eq!(said("Lovely, thank you. That is good!").origin, LineOrigin::Model);
        for leak in ["Lovely, like gooseberries.", "That tart is good to hear.", "Gosberry, good!"] {
            let line = said(leak);
            assert_eq!(
                (line.origin, line.text.as_str()),
                (LineOrigin::LeakReplaced, "That is good to hear."),
                "{leak}"
            );
        }
        for invented in
            ["Your sister is good.", "That is good, 3 things!", "这很好。", "Good. Good. Good.", "Is that good?"]
        {
            assert_eq!(said(invented).origin, LineOrigin::UngroundedReplaced, "{invented}");
        }
        assert_eq!(said("Good to hear of the garden.").origin, LineOrigin::Model, "the grounds may be spoken of");
    }

    #[test]
    fn only_a_confirmation_says_that_an_answer_was_right() {
        let english = "fine = That is quite all right.\nyes = Yes, that is right.\n";
        let chinese = "fine = 没关系，您慢慢想。\nyes = 对，您说得对。\n";
        for (language, strings, kind, message, wording, taken) in [
            (Language::En, english, ActKind::Encourage, "fine", "That's right.", false),
            (Language::En, english, ActKind::Encourage, "fine", "Well done, that is all right.", false),
            (Language::En, english, ActKind::Encourage, "fine", "Yes, all right.", false),
            (Language::En, english, ActKind::Close, "fine", "All right, thank you.", true),
            (Language::En, english, ActKind::Confirm, "yes", "Right, well done.", true),
            (Language::ZhCn, chinese, ActKind::Encourage, "fine", "对，您慢慢想。", false),
            (Language::ZhCn, chinese, ActKind::Encourage, "fine", "没关系，说对了", false),
            (Language::ZhCn, chinese, ActKind::Encourage, "fine", "不着急，你慢慢想。", false),
            (Language::ZhCn, chinese, ActKind::Encourage, "fine", "不着急，您慢慢想。", true),
            (Language::ZhCn, chinese, ActKind::Confirm, "yes", "对，真好。", true),
        ] {
            let phraser = Phraser::new(language, strings).expect("Fluent");
            let line = phraser.say(&act(kind, message), Some(&mut Says(wording))).expect("said");
            assert_eq!(line.origin == LineOrigin::Model, taken, "{kind:?}: {wording}");
        }
    }

    #[test]
    fn a_question_keeps_its_wording() {
        let line = phraser().say(&act(ActKind::Ask, "asks"), Some(&mut Says("And what was it?"))).expect("said");
        assert_eq!((line.origin, line.text.as_str()), (LineOrigin::Template, "What did you bake?"));
    }

    #[test]
    fn chinese_leaks_by_sound_are_noticed() {
        let hidden = ["鲫鱼".to_owned()];
        assert!(leaks("那条鲫鱼真好", "真好", &hidden, Language::ZhCn));
        assert!(leaks("那条鲫魚真好", "真好", &hidden, Language::ZhCn));
        assert!(leaks("那条寄鱼真好", "真好", &hidden, Language::ZhCn));
        assert!(!leaks("那天真好", "真好", &hidden, Language::ZhCn));
    }
}
