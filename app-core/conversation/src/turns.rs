//! What a person settles on: fresh starts, what is denied, what is left open, and what is said of another time.

use reme_types::Language;

use crate::{speech::clauses, text::is_han};

/// Words within an utterance after which the person starts anew.
const ANEW: &str = "no, wait|no wait|wait, no|wait,|wait.|hang on|hold on|no, sorry|sorry, no|sorry,|i mean|i meant|or rather|make that|\
let me correct|correction|no, no|no, that's wrong|no, that is wrong|that's wrong|that is wrong|no, it was|no, it's|no, it is|no: |no, |\
no - |but then it was|but in the end it was|in the end it was|it turned out to be|on second thoughts|i tell a lie|scratch that|strike that|i take that back|my mistake|no sir|no ma'am|no dear|no love|come to think of it|let me start over|wait a minute|i am wrong|i'm wrong|不对头|搞错|记错了|我记错|错咯|不是哦|what am i saying|actually it was|actually, it was|actually no|后来还是|最后还是|末了还是|结果还是|到头来还是|其实是|不对，|不对,|不对|\
不是不是，|不是不是,|不不|哦不|噢不|错了，|错了|说错了|我是说|应该是|更正|等等|等会儿|记岔了|记混了|瞧我这记性|看我这记性";

/// Clauses that are nothing but a fresh start.
const ANEW_ALONE: &str = "no|nope|wait|sorry|wrong|actually|rather|not that|silly me|no no|not him|not her|no not that|let me think|\
不|不是|不是的|不不|没有|错了|不对不对|说反了|噢|不是不是|等一下";

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
    // 还是小秦，就小秦: the last clause decides.
    if normalised.contains("还是") || normalised.contains("要么") || normalised.contains(" or ") {
        let end = normalised.trim_end_matches(|c: char| !c.is_alphanumeric());
        let last = end
            .rfind(|c: char| !c.is_alphanumeric() && c != ' ')
            .map_or(0, |i| i + end[i..].chars().next().map_or(0, char::len_utf8));
        let clause = end[last..].trim_start();
        let decides = [
            "就是",
            "就",
            "那就",
            "i'll say ",
            "let's say ",
            "i will say ",
            "i'd say ",
            "i'll go for ",
            "yes, ",
            "call it ",
        ];
        if last > 0
            && !normalised.contains("不是")
            && decides.iter().any(|d| clause.starts_with(d) && clause.len() > d.len())
        {
            return (clause.to_owned(), normalised[..last].to_owned());
        }
    }
    let mut at = 0;
    for clause in clauses(normalised) {
        let plain = clause.trim_matches(|c: char| !c.is_alphanumeric());
        let spoken: String = plain.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect();
        // "Oh no", 哎不是: a sigh before it.
        let spoken = ["oh ", "ah ", "er ", "um ", "well ", "but ", "哎", "唉", "哦", "噢", "嗯", "呃", "诶", "哎呀"]
            .iter()
            .fold(spoken.as_str(), |text, sigh| text.strip_prefix(sigh).unwrap_or(text));
        if ANEW_ALONE.split('|').any(|alone| alone == spoken) {
            starts.push((at, at + clause.len()));
        }
        at += clause.len();
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

/// What is told, without the clauses that only say it has come back: 想起来了，是小勇; "I've got it now, it was Tom".
pub(crate) fn without_recollecting(text: &str) -> String {
    const COME_BACK: &str = "想起来了|我想起来了|想起来啦|我想起来啦|记起来了|我记起来了|这会儿想起来了|有了有了|i remember now|now i remember|i've got it|\
i've got it now|i have it now|it's come back to me|it has come back to me|it's coming back to me|it comes back to me now";
    let says_so = |clause: &&str| {
        let plain = clause.trim().trim_matches(|c: char| !c.is_alphanumeric());
        COME_BACK.split('|').any(|back| back == plain)
    };
    let all = clauses(text);
    if all.iter().all(|clause| says_so(clause) || !clause.contains(char::is_alphanumeric)) {
        return text.to_owned();
    }
    all.into_iter().filter(|clause| !says_so(clause)).collect()
}

/// "Roland, no, his wife": the owner that the first version named is put in.
pub(crate) fn with_its_owner(settled: &str, given_up: &str) -> String {
    let owner = given_up
        .split(|c: char| !c.is_alphanumeric())
        .rfind(|w| !w.is_empty())
        .filter(|w| reme_lexicon::is_first_name(w));
    let Some(owner) = owner else { return settled.to_owned() };
    let words = crate::text::english_words(settled);
    let pronoun = words.first().filter(|w| matches!(w.as_str(), "his" | "her"));
    let related = words.get(1).is_some_and(|w| !reme_lexicon::same_relation(w).is_empty());
    match pronoun.filter(|_| related) {
        Some(pronoun) => settled.replacen(pronoun.as_str(), &format!("{owner}'s"), 1),
        None => settled.to_owned(),
    }
}

/// The utterance without what is denied ("not X", 不是X), and what was denied.
pub(crate) fn without_denials(text: &str, language: Language) -> (String, String) {
    let (mut kept, mut denied) = (String::new(), String::new());
    let all = clauses(text);
    for (at, clause) in all.iter().enumerate() {
        // "The vale? Never."
        let asks_nobody = ["would ", "could ", "did ", "will ", "and would ", "and could ", "and did "]
            .iter()
            .any(|w| clause.trim_start().starts_with(w));
        if clause.trim_end().ends_with(['?', '？']) && !asks_nobody && all.get(at + 1).is_some_and(|next| refuses(next))
        {
            denied.push_str(clause);
            continue;
        }
        let parted = match language {
            Language::En => english_denial(clause),
            Language::ZhCn => chinese_denial(clause),
        };
        match parted {
            Some((stands, is_denied)) => {
                // 小海哪会这个，不是他，是大海: who was named before is not meant.
                if denies_him(is_denied) {
                    denied.push_str(&std::mem::take(&mut kept));
                }
                kept.push_str(stands);
                denied.push_str(is_denied);
            }
            None => kept.push_str(clause),
        }
    }
    (kept, denied)
}

/// 不是他, and not 不是他哥哥.
fn denies_him(denied: &str) -> bool {
    let plain: String = denied.chars().filter(|c| is_han(*c)).collect();
    let whom = plain.split_once("不是").map(|(_, whom)| whom.trim_end_matches(['嘛', '啊', '呀', '的', '呢']));
    matches!(whom, Some("他" | "她" | "它"))
}

/// Nothing but a no: "never", 哪能.
fn refuses(clause: &str) -> bool {
    const REFUSALS: &str = "never|no never|never in my life|certainly not|not at all|of course not|not likely|no fear|rubbish|nonsense|not him|not her|not there|\
哪能|不可能|没有的事|怎么会|才不是|不会|没这回事|从来没有|哪里的话|绝对不是|肯定不是";
    let plain: String = clause.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect();
    REFUSALS.split('|').any(|r| r == plain.trim())
}

/// (what stands, what is denied) of a clause; `None` when it denies nothing.
fn english_denial(clause: &str) -> Option<(&str, &str)> {
    const WHOLE: [&str; 23] = [
        "it wasn't ",
        "it was not ",
        "it isn't ",
        "it is not ",
        "it's not ",
        "that wasn't ",
        "that was not ",
        "wasn't ",
        "never ",
        "they have never",
        "i never",
        "it can't have been ",
        "it cannot have been ",
        "it couldn't have been ",
        "it was never ",
        "anything but ",
        "anyone but ",
        "anybody but ",
        "anywhere but ",
        "everyone but ",
        "everybody but ",
        "they weren't ",
        "he wasn't ",
    ];
    /// After these "not" denies no candidate.
    const NO_CANDIDATE: &str = "sure certain really quite far exactly only just too very much long remember know say tell see so \
well bad hear get any recall think mind want care all yet able going";
    let trimmed = clause.trim_start_matches(|c: char| !c.is_alphanumeric());
    let lead =
        ["but ", "and ", "well ", "oh ", "certainly ", "definitely ", "absolutely ", "surely ", "no ", "for sure "]
            .iter()
            .fold(trimmed, |t, lead| t.strip_prefix(lead).unwrap_or(t));
    let is_tag = |rest: &str| {
        let words: Vec<&str> = rest.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        words.len() <= 1
            && words.first().is_none_or(|w| {
                ["it", "he", "she", "they", "that", "i", "we", "not", "him", "her", "me", "them", "us", "you"]
                    .contains(w)
            })
    };
    if let Some(opening) = WHOLE.iter().find(|p| lead.starts_with(**p)).filter(|p| !is_tag(&lead[p.len()..])) {
        return Some(match lead[opening.len()..].find(" but ") {
            Some(at) => (&lead[opening.len() + at..], &lead[..opening.len() + at]),
            None => ("", clause),
        });
    }
    // "Green it was not": the thing denied stands first.
    let tail = lead.trim_end_matches(|c: char| !c.is_alphanumeric());
    if ["it was not", "it wasn't", "it is not", "it isn't"]
        .iter()
        .any(|end| tail.len() > end.len() && tail.ends_with(end))
        && !tail.contains(" or ")
    {
        return Some(("", clause));
    }
    // "X, not Y", "X not Y", "not Y".
    let at = if lead.starts_with("not ") { Some(0) } else { lead.find(" not ").map(|at| at + 1) }?;
    let (head, tail) = (&lead[..at], &lead[at + 4..]);
    let first = tail.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    if NO_CANDIDATE.split_whitespace().any(|w| w == first) && tail.split_whitespace().count() <= 3 || is_tag(tail) {
        return None;
    }
    let last = head.split_whitespace().next_back().unwrap_or("");
    // "I'm not playing any more": what one will not do is no candidate.
    if matches!(last, "i'm" | "am" | "we're") && first.ends_with("ing") {
        return None;
    }
    let verb = [
        "did", "do", "does", "could", "would", "can", "will", "should", "have", "had", "has", "was", "were", "is",
        "are", "may", "might",
    ];
    if verb.contains(&last) {
        return Some(("", clause));
    }
    Some(match tail.find(" but ") {
        Some(but) => (&tail[but..], &lead[..at + 4 + but]),
        None => (head, tail),
    })
}

fn chinese_denial(clause: &str) -> Option<(&str, &str)> {
    const OPENINGS: [&str; 21] = [
        "没得",
        "莫得",
        "没有",
        "没叫",
        "不是",
        "不在",
        "没去",
        "没在",
        "可不是",
        "绝不是",
        "并不是",
        "从来没",
        "不叫",
        "不姓",
        "没给",
        "没买",
        "没吃",
        "没送",
        "不会是",
        "决不是",
        "哪是",
    ];
    let trimmed = clause.trim_start_matches(|c: char| !c.is_alphanumeric());
    let trimmed = ["反正", "绝对", "肯定", "当然", "才", "可", "也", "那", "一定", "根本", "又", "都"]
        .iter()
        .fold(trimmed, |t, adverb| t.strip_prefix(adverb).unwrap_or(t));
    if trimmed.starts_with("不是") && (trimmed.contains("就是") || trimmed.contains("还是")) {
        return None;
    }
    if let Some(opening) = OPENINGS.iter().find(|o| trimmed.starts_with(**o)) {
        let rest = &trimmed[opening.len()..];
        let turn = ["而是", "是"].iter().find_map(|w| rest.find(w));
        return Some(match turn {
            Some(at) if at > 0 => (&rest[at..], &trimmed[..opening.len() + at]),
            _ => ("", clause),
        });
    }
    let plain = trimmed.trim_end_matches(|c: char| !c.is_alphanumeric());
    let untried = plain.split_once('没').is_some_and(|(before, rest)| {
        let signs: Vec<char> = rest.chars().take(3).collect();
        !before.is_empty() && signs.iter().skip(1).any(|c| *c == '过')
    });
    let fruitless =
        ["没有", "没找着", "没找到", "没见着"].iter().any(|n| plain.ends_with(n)) && plain.contains(['过', '翻', '找']);
    let never = untried
        || fruitless
        || ["没来过", "没去过", "没吃过", "没见过", "没有去过", "没来"].iter().any(|n| plain.contains(n));
    let after = ["不是", "不是的", "没在", "没去"].iter().any(|n| plain.len() > n.len() && plain.ends_with(n))
        && !plain.ends_with("是不是");
    (never || after).then_some(("", clause))
}

/// 许慧没有陪我, where it is asked who came along: the deed asked about is denied of the one named. What stands, and what is denied.
pub(crate) fn without_denied_deeds(text: &str, question: &str) -> (String, String) {
    /// To whom or with whom: no deed by itself.
    const BESIDE: &str = "有给跟替帮和同陪着为向让我您你他她它们咱过";
    if question.contains(['没', '不']) || !text.contains('没') {
        return (text.to_owned(), String::new());
    }
    let denies = |clause: &str| {
        clause.split_once('没').is_some_and(|(before, rest)| {
            let rest = rest.strip_prefix('有').unwrap_or(rest);
            let company = rest.starts_with('陪') && question.contains('陪');
            let deed = rest.chars().find(|c| !BESIDE.contains(*c)).filter(|c| is_han(*c));
            before.chars().any(|c| is_han(c) && !"我咱都也可倒".contains(c))
                && (company || deed.is_some_and(|deed| question.contains(deed)))
        })
    };
    let (gone, kept): (Vec<&str>, Vec<&str>) = clauses(text).into_iter().partition(|clause| denies(clause));
    // 许慧？许慧没有陪我: who was only wondered about.
    let wondered = |clause: &&str| {
        let plain: String = clause.chars().filter(|c| c.is_alphanumeric()).collect();
        clause.trim_end().ends_with(['?', '？'])
            && !plain.is_empty()
            && gone.iter().any(|g| g.contains(&plain) || g.starts_with(['她', '他']))
    };
    let (back, kept): (Vec<&str>, Vec<&str>) = kept.into_iter().partition(wondered);
    (kept.concat(), back.into_iter().chain(gone).collect())
}

/// What is said of another time than the one asked about: "last year" where the question says "this year".
pub(crate) fn without_other_times(text: &str, question: &str, language: Language) -> (String, String) {
    const EARLIER: &str = "last year|last summer|last winter|last spring|last autumn|last month|last week|last time|the year before|the week before|\
before that|years ago|a year ago|previous|previously|the other year|去年|前年|上回|上次|上个月|上礼拜|上星期|头一年|以前|早先|往年|老早";
    const NOW: &str = "this year|this summer|this winter|this spring|this autumn|this month|this week|this time|today|now|this november|this october|\
今年|这回|这次|这个月|这礼拜|这星期|现在|如今|眼下";
    if crate::then_and_now::asks_of_both(question, language) {
        return (text.to_owned(), String::new());
    }
    let has = |text: &str, list: &str| list.split('|').any(|w| text.contains(w));
    // "Which came before": what is said to come after is not meant, and the other way round.
    const FIRST: &str = " first| before|先|起初|头一";
    const AFTER: &str = " after| afterwards| later| second|后来|之后|再后";
    let padded = format!(" {text}");
    let both = has(&padded, FIRST) && has(&padded, AFTER);
    let question_order = match (
        question.contains(" before ") || question.contains("以前") || question.contains("之前"),
        question.contains(" after ") || question.contains("之后"),
    ) {
        (true, false) => Some((AFTER, FIRST)),
        (false, true) => Some((FIRST, AFTER)),
        _ => None,
    };
    if let Some((other, same)) = question_order.filter(|_| both) {
        let (mut kept, mut set_aside) = (String::new(), String::new());
        for clause in clauses(text) {
            let clause_padded = format!(" {clause}");
            if has(&clause_padded, other) && !has(&clause_padded, same) {
                set_aside.push_str(clause)
            } else {
                kept.push_str(clause)
            }
        }
        return (kept, set_aside);
    }
    let this = question.contains("this ") && language == Language::En || has(question, NOW);
    // "Used to be the Friday, it's Thursday now", where the question asks how it is.
    if (this || crate::then_and_now::asks_how_it_is(question, language)) && !has(question, EARLIER) {
        let (was, is): (Vec<&str>, Vec<&str>) = clauses(text).into_iter().partition(|clause| {
            crate::then_and_now::tells_what_was(clause, language)
                || crate::then_and_now::is_past_beside_now(clause, &clauses(text), language)
        });
        // In Chinese the question need not say when.
        let sure = this || language == Language::En || crate::then_and_now::speaks_of_now(&is.concat(), language);
        if sure && !was.is_empty() && is.iter().any(|clause| clause.chars().any(char::is_alphanumeric)) {
            return (is.concat(), was.concat());
        }
    }
    let other = match (this, has(question, EARLIER)) {
        (true, false) => EARLIER,
        (false, true) => NOW,
        _ => return (text.to_owned(), String::new()),
    };
    let same = if std::ptr::eq(other, EARLIER) { NOW } else { EARLIER };
    let (mut kept, mut set_aside) = (String::new(), String::new());
    for clause in clauses(text) {
        if has(clause, other) && !has(clause, same) { set_aside.push_str(clause) } else { kept.push_str(clause) }
    }
    (kept, set_aside)
}

/// Longest answer in which "one of those" leaves the choice open, in words. [design]
const BRIEF_CHOICE: usize = 8;

/// Words that put one more candidate behind another.
pub(crate) const MAYBE_ELSE: [&str; 8] =
    ["也可能", "也说不定", "也许是", "又像是", "要不就是", "要不然就是", "再不就是", "要不然"];

/// Whether two candidates are left open.
pub(crate) fn is_open_choice(normalised: &str) -> bool {
    /// With these "or" opens nothing.
    const CLOSED: &str = " or so| or thereabouts| or something| or other| or whatever| or near| or rather| or more| more or less| or somewhere| or less";
    let normalised = &["后来还是", "最后还是", "末了还是", "结果还是", "还是老样子", "还是那样", "到头来还是"]
        .iter()
        .fold(normalised.to_owned(), |text, still| text.replace(still, "是"));
    let padded = format!(" {normalised}");
    let padded = CLOSED.split('|').fold(padded, |text, closed| text.replace(closed, " "));
    let fragments = normalised
        .split_inclusive(['?', '？'])
        .filter(|part| {
            part.ends_with(['?', '？']) && (1..=12).contains(&part.chars().filter(|c| c.is_alphanumeric()).count())
        })
        .filter(|part| !["吗", "呢", "什么", "哪", "谁"].iter().any(|w| part.contains(w)))
        .count();
    // "I'm between the cuckoo and the magpie".
    let undecided = [
        "i'm between ",
        "i am between ",
        "it's between ",
        "it is between ",
        "it lies between ",
        "torn between ",
        "stuck between ",
        "toss-up between ",
        "toss up between ",
        "somewhere between the ",
        "can't choose between ",
        "can't decide between ",
    ]
    .iter()
    .any(|w| normalised.split_once(w).is_some_and(|(_, rest)| rest.contains(" and ")))
        || ["里头挑一个", "里挑一个", "当中的一个", "里头有一个是"].iter().any(|w| normalised.contains(w));
    if undecided {
        return true;
    }
    // 上午吧，也可能是下午: one more behind the first.
    let one_more = MAYBE_ELSE.iter().any(|w| {
        normalised.split_once(w).is_some_and(|(before, after)| before.chars().any(is_han) && after.chars().any(is_han))
    });
    if one_more {
        return true;
    }
    let leading = normalised.trim_start().starts_with("or ");
    let padded = if leading { padded.replacen(" or ", " ", 1) } else { padded };
    [
        " or ",
        "either ",
        "one of the two",
        "还是",
        "要么",
        "或者",
        "或是",
        "二选一",
        "俩里头",
        "两个里头",
        "其中一个",
        "就这两",
        "这俩里",
        "俩里边",
        "二者之一",
        "or the other",
    ]
    .iter()
    .any(|p| padded.contains(p))
        || (padded.contains("one of those") && padded.split_whitespace().count() <= BRIEF_CHOICE)
        || (normalised.contains("不是") && normalised.contains("就是"))
        || normalised.matches("可能是").count() > 1
        || normalised.matches("maybe ").count() > 1
        || (fragments > 1
            && !normalised.contains("what")
            && !normalised.contains("where")
            && !normalised.contains("who"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_version_is_taken() {
        for (text, last) in [
            ("on monday, no, wait, on friday", "on friday"),
            ("quite. i mean quiet", "quiet"),
            ("the blue one. no. the red one.", "the red one."),
            ("红的，不对，是绿的", "是绿的"),
            ("小聂？不，是小叶借的", "是小叶借的"),
            ("小聂。哎不是，是小叶借的", "是小叶借的"),
            ("no, i do not know", "no, i do not know"),
        ] {
            assert_eq!(settled(text).0.trim(), last, "{text}");
        }
    }

    #[test]
    fn that_it_has_come_back_is_no_part_of_what_is_told() {
        for (text, told) in [
            ("想起来了，是小勇抱上来的。", "是小勇抱上来的。"),
            ("i've got it, it was tom.", "it was tom."),
            ("想起来了。", "想起来了。"),
            ("是小勇想起来了", "是小勇想起来了"),
        ] {
            assert_eq!(without_recollecting(text).trim(), told, "{text}");
        }
    }

    #[test]
    fn what_is_denied_is_set_aside() {
        for (text, language, stands, gone) in [
            ("not the doctor, the nurse", Language::En, "nurse", "doctor"),
            ("the nurse, not the doctor", Language::En, "nurse", "doctor"),
            ("certainly not malcolm", Language::En, "", "malcolm"),
            ("it wasn't the well but the pump", Language::En, "pump", "well"),
            ("i am not sure, the pump", Language::En, "pump", ""),
            ("it was oslo, wasn't it", Language::En, "oslo", ""),
            ("不是小赵是小钱", Language::ZhCn, "小钱", "小赵"),
            ("不在米缸后面", Language::ZhCn, "", "米缸"),
            ("六楼的不是，是三楼的", Language::ZhCn, "三楼", "六楼"),
            ("不是小赵就是小钱", Language::ZhCn, "小赵", ""),
            ("小赵嘛……想起来了，不是他，是小钱", Language::ZhCn, "小钱", "小赵"),
            ("是小赵，不是他哥", Language::ZhCn, "小赵", "哥"),
        ] {
            let (kept, denied) = without_denials(text, language);
            assert!(kept.contains(stands) && denied.contains(gone), "{text}: {kept} / {denied}");
            assert!(gone.is_empty() || !kept.contains(gone), "{text}: {kept} / {denied}");
        }
    }

    #[test]
    fn what_is_left_open() {
        for (text, open) in [
            ("tea or coffee", true),
            ("a week or so", false),
            ("gordon? lionel?", true),
            ("不是红就是绿", true),
            ("是绿的吧", false),
        ] {
            assert_eq!(is_open_choice(text), open, "{text}");
        }
    }

    #[test]
    fn another_time_is_set_aside() {
        let (kept, _) =
            without_other_times("the elm last year, the oak this year", "which tree fell this year?", Language::En);
        assert!(kept.contains("oak") && !kept.contains("elm"));
    }
}
