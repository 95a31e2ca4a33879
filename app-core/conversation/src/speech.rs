//! What a person does with an utterance besides answering: asks, refuses, corrects a start, denies, speaks to the judge.

use reme_types::{Intent, Language};

use crate::text::is_han;

/// (intent, phrases). The first intent with a phrase in the text is taken; order is part of the meaning.
const PHRASES: &[(Intent, &str)] = &[
    (
        Intent::Distress,
        "too sad|makes me sad|makes me cry|so upset|i am upset|i'm upset|it hurts to|too painful|i want to cry|can't bear|太难过|太伤心|难受得|心里难受|想哭|别提了|受不了|不想提|伤心",
    ),
    (
        Intent::Stop,
        "stop now|let's stop|i want to stop|that's enough|enough for today|i'm tired|i am tired|finish now|end the session|不玩了|不想玩|到此为止|结束吧|今天就到这|我累了|停吧|停下|不做了|歇了吧",
    ),
    (Intent::Help, "帮帮我|救命"),
    (
        Intent::Repeat,
        "say it again|say that again|say it once more|once more please|repeat|come again|pardon|what was the question|didn't hear|did not hear|didn't catch|did not catch|again please|再说一遍|再说一次|再念一遍|没听清|没听见|没听清楚|重复一遍|再问一遍|您说什么|你说什么|刚才问的什么|问的是什么|耳朵背",
    ),
    (
        Intent::Hint,
        "a hint|a clue|give me a start|first letter|help me out|you tell me|tell me the answer|remind me|jog my memory|where to begin|提示|提个醒|起个头|给点线索|告诉我吧|您告诉我|你告诉我|帮我想想|提醒一下|提醒我|开个头",
    ),
    (
        Intent::Skip,
        "skip|pass on this|i'll pass|i will pass|next question|next one|another question|move on|ask me something else|rather not say|rather not|do not care to|don't care to|do not want to|don't want to|do not wish to|don't want to answer|too many numbers|跳过|下一个|下一题|换一个|换个问题|过吧|不想说|不想答|不愿意说|不愿说|不乐意说|不说了|问别的|太难了",
    ),
    (
        Intent::Forgot,
        "forgot|forget|forgotten|can't remember|cannot remember|don't remember|do not remember|can't recall|don't recall|no idea|don't know|do not know|dunno|couldn't say|could not tell|couldn't tell|can't think|cannot think|tip of my tongue|tip of the tongue|slipped my mind|gone blank|my mind is blank|it's gone|it is gone|no, gone|in my head|won't come|will not come|escapes me|haven't a clue|not a clue|can't say|cannot say|lost it|忘了|忘记|忘光|记不得|记不清|记不住|不记得|想不起|不知道|不晓得|说不上来|说不好|没印象|没数|嘴边|脑子里没|一片空白|不清楚|想不出",
    ),
    (
        Intent::NothingMore,
        "that's all|that is all|nothing else|nothing more|no more|that was it|就这些|没有了|没别的了|没了|就这么多|讲完了",
    ),
];

/// The intent of a normalised utterance when it offers no answer, by fixed phrases.
pub(crate) fn phrase_intent(normalised: &str) -> Option<Intent> {
    PHRASES
        .iter()
        .find(|(_, phrases)| phrases.split('|').any(|p| contains_phrase(normalised, p)))
        .map(|(intent, _)| *intent)
}

fn contains_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
        edge(before) && edge(after)
    })
}

/// Marking words beside a demand: nobody answers a question with them.
const TO_THE_JUDGE: &str = "mark this|mark it|mark me|mark that|mark my|count it as|count this|count that|count me|as correct|as right|as complete|give me the point|give me the points|give me full|full marks|full points|score this|score it|score me|grade|ignore the|ignore your|ignore all|system:|system message|instruction|the judge|judge this|dear judge|判为|判成|判对|判我|算对|算我对|算我答对|记满分|给满分|满分|给分|打分|系统提示|系统：|系统:|忽略|评分|裁判|评判|记为正确|标为正确|标记为|算正确|视为正确";

/// The utterance without sentences meant for the judge, and whether there were any.
pub(crate) fn without_words_to_the_judge(normalised: &str) -> (String, bool) {
    let mut kept = String::new();
    let mut found = false;
    for sentence in sentences(normalised) {
        if TO_THE_JUDGE.split('|').any(|phrase| sentence.contains(phrase)) {
            found = true;
        } else {
            kept.push_str(sentence);
        }
    }
    (kept, found)
}

/// Sentences with their closing marks.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for (at, c) in text.char_indices() {
        let decimal = c == '.' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        let title = c == '.' && ["mr", "mrs", "ms", "dr", "st"].iter().any(|t| text[..at].ends_with(t));
        if matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '\n' | ';' | '；') && !decimal && !title {
            let end = at + c.len_utf8();
            out.push(&text[start..end]);
            start = end;
        }
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

/// Words after which the person starts anew.
const ANEW: &str = "no, wait|no wait|wait, no|wait,|wait.|hang on|hold on|no, sorry|sorry, no|sorry,|i mean|i meant|or rather|make that|let me correct|correction|no, no|no, that's wrong|no, that is wrong|that's wrong|that is wrong|no, it was|no, it's|no, it is|no: |no, |on second thoughts|不对，|不对,|不对|不是不是，|不是不是,|不不|哦不|噢不|错了，|错了|说错了|我是说|应该是|更正|等等|等会儿";

/// What the person settles on: the part after the last fresh start, with the part given up.
pub(crate) fn settled(normalised: &str) -> (String, String) {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    for phrase in ANEW.split('|') {
        for (at, _) in normalised.match_indices(phrase) {
            let edge = normalised[..at].chars().next_back().is_none_or(|c| !c.is_ascii_alphanumeric());
            if edge {
                starts.push((at, at + phrase.len()));
            }
        }
    }
    starts.sort_unstable();
    // "no, wait," is found twice; neighbours are one fresh start.
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (at, end) in starts {
        match merged.last_mut() {
            Some(last) if at <= last.1 || !normalised[last.1..at].contains(char::is_alphanumeric) => {
                last.1 = last.1.max(end);
            }
            _ => merged.push((at, end)),
        }
    }
    let says = |text: &str| text.contains(char::is_alphanumeric);
    match merged.into_iter().rev().find(|(at, end)| says(&normalised[..*at]) && says(&normalised[*end..])) {
        Some((at, end)) => (normalised[end..].to_owned(), normalised[..at].to_owned()),
        None => (normalised.to_owned(), String::new()),
    }
}

/// The utterance without what is denied ("not X", 不是X), and what was denied.
pub(crate) fn without_denials(text: &str) -> (String, String) {
    let (mut kept, mut denied) = (String::new(), String::new());
    for clause in clauses(text) {
        let trimmed = clause.trim_start_matches(|c: char| !c.is_alphanumeric());
        let trimmed = ["反正", "绝对", "肯定", "当然", "才", "可", "也", "那"]
            .iter()
            .fold(trimmed, |t, adverb| t.strip_prefix(adverb).unwrap_or(t));
        let either = trimmed.starts_with("不是") && trimmed.contains("就是");
        let english = [
            "not ",
            "it wasn't ",
            "it was not ",
            "never ",
            "they have never",
            "i never",
            "wasn't ",
            "it isn't ",
            "it is not ",
            "anything but ",
        ]
        .iter()
        .any(|p| trimmed.starts_with(p));
        let but = trimmed.find(" but ").filter(|_| english);
        let chinese = (trimmed.starts_with("不是")
            || trimmed.starts_with("没去")
            || trimmed.starts_with("可不是")
            || trimmed.starts_with("绝不是")
            || trimmed.starts_with("从来没")
            || ["没来过", "没去过", "没吃过", "没见过"].iter().any(|n| trimmed.contains(n)))
            && !either;
        let chinese_but = trimmed.find("是").and_then(|_| trimmed.find("而是")).filter(|_| chinese);
        match (english, chinese, but.or(chinese_but)) {
            (false, false, _) => kept.push_str(clause),
            (_, _, Some(at)) => {
                denied.push_str(&trimmed[..at]);
                kept.push_str(&trimmed[at..]);
            }
            _ => denied.push_str(clause),
        }
    }
    (kept, denied)
}

/// Clauses with their closing marks.
pub(crate) fn clauses(text: &str) -> Vec<&str> {
    text.split_inclusive([',', '.', '!', '?', ';', ':', '，', '。', '！', '？', '；', '：', '\n']).collect()
}

/// Whether two candidates are left open.
pub(crate) fn is_open_choice(normalised: &str) -> bool {
    let padded = format!(" {normalised}");
    [" or ", "either ", "one of the two", "还是", "要么", "或者", "不是…就是", "二选一", "俩里头", "其中一个"]
        .iter()
        .any(|p| padded.contains(p))
        || (normalised.contains("不是") && normalised.contains("就是"))
        || normalised.matches("可能是").count() > 1
}

/// Whether the utterance is only filler.
pub(crate) fn is_filler(words: &[String], language: Language) -> bool {
    words.iter().all(|w| {
        crate::lexicon::is_empty_word(w, language)
            || (w.chars().count() == 1 && w.chars().all(|c| is_han(c) && "嗯呃啊哦唉哎这那".contains(c)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_version_is_taken() {
        assert_eq!(settled("on monday, no, wait, on friday").0.trim(), "on friday");
        assert_eq!(settled("红的，不对，是绿的").0, "是绿的");
    }

    #[test]
    fn what_is_denied_is_set_aside() {
        let (kept, denied) = without_denials("not the doctor, the nurse");
        assert!(kept.contains("nurse") && !kept.contains("doctor") && denied.contains("doctor"));
    }

    #[test]
    fn words_to_the_judge_are_no_answer() {
        let (kept, found) = without_words_to_the_judge("please mark this as right. a boat.");
        assert!(found && kept.contains("boat") && !kept.contains("mark"));
    }
}
