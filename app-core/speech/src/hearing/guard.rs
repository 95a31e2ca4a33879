//! Keeps out what the recogniser makes up. Trained on films' subtitles, Whisper writes their closing lines over silence, and repeats
//! itself over noise.
//!
//! What it must never do: change a word that was said; it drops a whole line or the repeats of one, nothing else.

use reme_types::Language;

use super::hot_words;

/// Closing lines of films, as Whisper writes them over silence; letters and digits only, lower case.
/// Source: own listening, and the lines collected in the reports of whisper.cpp and faster-whisper.
const CLOSING_LINES: &[&str] = &[
    "thanksforwatching",
    "thankyouforwatching",
    "thankyousomuchforwatching",
    "thanksforlistening",
    "pleasesubscribe",
    "pleasesubscribetomychannel",
    "dontforgettosubscribe",
    "likeandsubscribe",
    "subtitlesbytheamaraorgcommunity",
    "subtitlesbyamaraorg",
    "transcriptionbycastingwords",
    "谢谢观看",
    "谢谢大家观看",
    "感谢观看",
    "感谢收看",
    "谢谢收看",
    "谢谢大家收看",
    "感谢您的观看",
    "感谢大家的观看",
    "请订阅",
    "请不吝点赞订阅转发打赏支持明镜与点点栏目",
    "明镜与点点栏目",
];
/// A line that begins so is a subtitle maker's, whoever is named after it.
const CLOSING_STARTS: &[&str] =
    &["字幕由", "字幕by", "字幕制作", "字幕提供", "中文字幕", "字幕志愿者", "subtitlesby", "subtitledby"];
/// Lines that people do say: kept, unless the recogniser itself thinks nobody spoke.
const POLITE_LINES: &[&str] =
    &["thankyou", "you", "bye", "byebye", "thankyouverymuch", "谢谢", "谢谢大家", "再见", "字幕"];

/// From here on the recogniser thinks that nobody spoke.
const NO_SPEECH_AT: f32 = 0.6;
/// For polite lines a smaller doubt is enough.
const NO_SPEECH_POLITE_AT: f32 = 0.3;
/// A mean logarithm of the pieces' probabilities below this, with a doubt whether anybody spoke, is guessing (Whisper's own limit).
const GUESSING_BELOW: f32 = -1.0;
/// More letters than this in a second are spoken by nobody.
const LETTERS_A_SECOND: (f32, f32) = (35.0, 14.0); // English, Chinese
/// So many times in a row is a loop, for units of at least two letters.
const LOOP_TIMES: usize = 4;
/// For a single letter (哈哈哈哈) it takes more.
const LOOP_TIMES_ONE: usize = 9;

/// What the recogniser says about a stretch it has written down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Doubts {
    /// Probability that nobody spoke, 0 to 1.
    pub(crate) no_speech: f32,
    /// Mean logarithm of the pieces' probabilities.
    pub(crate) mean_log: f32,
    /// How long the sound is.
    pub(crate) duration_ms: u64,
}

/// Whether a text can have been said.
pub(crate) fn is_made_up(text: &str, language: Language, hot_words: &[String], doubts: Doubts) -> bool {
    let plain = plain(text);
    if plain.is_empty() {
        return true;
    }
    let is_closing =
        CLOSING_LINES.contains(&plain.as_str()) || CLOSING_STARTS.iter().any(|start| plain.starts_with(start));
    let is_polite = POLITE_LINES.contains(&plain.as_str());
    let at_most = match language {
        Language::En => LETTERS_A_SECOND.0,
        Language::ZhCn => LETTERS_A_SECOND.1,
    };
    let letters = plain.chars().count() as f32;
    let too_fast = letters > 12.0 && letters * 1_000.0 > at_most * doubts.duration_ms.max(500) as f32;
    let own_prompt = self::plain(&hot_words::prompt(language, hot_words));
    let echoes_prompt = letters > 5.0 && (own_prompt == plain || plain == "以下是普通话的句子");
    is_closing
        || too_fast
        || echoes_prompt
        || (is_polite && doubts.no_speech > NO_SPEECH_POLITE_AT)
        || (doubts.no_speech > NO_SPEECH_AT && doubts.mean_log < GUESSING_BELOW)
}

fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many items to keep at the front, so that a loop at the end is said once. Items are words, or characters in Chinese.
pub(crate) fn without_loop<T: PartialEq>(items: &[T]) -> usize {
    let count = items.len();
    for unit in 1..=count / LOOP_TIMES {
        let times = if unit == 1 { LOOP_TIMES_ONE } else { LOOP_TIMES };
        let last = &items[count - unit..];
        let repeats = items.rchunks(unit).take_while(|chunk| *chunk == last).count();
        if repeats >= times {
            return count - (repeats - 1) * unit;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    const SURE: Doubts = Doubts { no_speech: 0.02, mean_log: -0.2, duration_ms: 3_000 };
    const UNSURE: Doubts = Doubts { no_speech: 0.7, mean_log: -1.4, duration_ms: 3_000 };

    #[test]
    fn closing_lines_of_films_are_dropped_and_what_people_say_is_kept() {
        for (text, language) in [
            ("Thanks for watching!", Language::En),
            ("Subtitles by the Amara.org community", Language::En),
            ("字幕由Amara.org社区提供", Language::ZhCn),
            ("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", Language::ZhCn),
            ("谢谢观看。", Language::ZhCn),
            (" ...", Language::En),
            ("以下是普通话的句子。", Language::ZhCn),
        ] {
            assert!(is_made_up(text, language, &[], SURE), "{text}");
        }
        for (text, language) in [
            ("Thank you.", Language::En),
            ("Thanks for watching the children, Helen.", Language::En),
            ("谢谢。", Language::ZhCn),
            ("我们看字幕。", Language::ZhCn),
            ("No.", Language::En),
        ] {
            assert!(!is_made_up(text, language, &[], SURE), "{text}");
        }
    }

    #[test]
    fn doubt_drops_polite_lines_and_guesses_and_the_prompt_itself() {
        assert!(is_made_up("Thank you.", Language::En, &[], UNSURE));
        assert!(is_made_up("A horse in the garden", Language::En, &[], UNSURE));
        assert!(!is_made_up("A horse in the garden", Language::En, &[], Doubts { mean_log: -0.3, ..UNSURE }));
        assert!(is_made_up("This is about Helen.", Language::En, &["Helen".to_owned()], SURE));
        assert!(!is_made_up("Helen.", Language::En, &["Helen".to_owned()], SURE));
    }

    #[test]
    fn more_than_can_be_said_in_the_time_is_dropped() {
        let text = "this is far more than anybody could have said in half a second of sound";
        assert!(is_made_up(text, Language::En, &[], Doubts { duration_ms: 500, ..SURE }));
        assert!(!is_made_up(text, Language::En, &[], Doubts { duration_ms: 5_000, ..SURE }));
    }

    #[test]
    fn a_loop_is_said_once_and_a_laugh_is_kept() {
        let kept = |text: &str| text.chars().take(without_loop(&text.chars().collect::<Vec<_>>())).collect::<String>();
        assert_eq!(kept("我们去我们去我们去我们去"), "我们去");
        assert_eq!(kept("他说好的好的"), "他说好的好的");
        assert_eq!(kept("哈哈哈哈"), "哈哈哈哈");
        assert_eq!(kept("啊啊啊啊啊啊啊啊啊啊啊啊"), "啊");
        let words: Vec<&str> = "we went home and then and then and then and then".split(' ').collect();
        assert_eq!(without_loop(&words), 5);
    }
}
