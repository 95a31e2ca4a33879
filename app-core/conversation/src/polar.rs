//! Questions to be answered yes or no: "Did the doctor change it?", 换了没有？
//!
//! Where in the flow: before the words are compared, because "no, it stayed as it was" shares no word with "no change", and
//! "yes, he changed it" shares most. What it must never do: take a "no" that only opens a fresh start for the answer.

use reme_types::{AnswerKind, Language, MatchedBy, Verdict};

use crate::{
    judge::{Judgement, Question, first_part},
    speech,
    text::{bare, english_words, normalise},
};

const ASKING: &str =
    "did do does was were is are am has have had can could will would should may might didn't wasn't isn't haven't";

/// Judges an answer to a yes-or-no question; `None` where this is none, or where neither yes nor no was said.
pub(crate) fn polar(question: &Question<'_>, said: &str) -> Option<Judgement> {
    let language = question.language;
    let asked = normalise(question.text, language);
    let wanted_text = normalise(first_part(question.expected), language);
    let plain_kind = matches!(question.expected.kind, AnswerKind::Text | AnswerKind::Person | AnswerKind::Place);
    if !plain_kind || !asks(&asked, language) {
        return None;
    }
    let wanted = expected_side(&wanted_text, language)?;
    if speech::phrase_intent(said).is_some() {
        return None;
    }
    let given = said_side(said, &asked, language)?;
    Some(if given == wanted {
        Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.85)
    } else {
        Judgement::something_else()
    })
}

fn asks(asked: &str, language: Language) -> bool {
    match language {
        Language::En => {
            let last = asked.trim().rsplit(['.', ':']).find(|s| s.contains(char::is_alphanumeric)).unwrap_or(asked);
            let words = english_words(last);
            !asked.contains(" or ") && words.first().is_some_and(|first| ASKING.split_whitespace().any(|a| a == first))
        }
        Language::ZhCn => {
            let plain = bare(asked);
            let which = ["谁", "什么", "哪", "几", "多少", "怎么", "多大", "多久", "还是"];
            !which.iter().any(|w| plain.contains(w))
                && (plain.ends_with('吗')
                    || plain.ends_with("没有")
                    || plain.ends_with('没')
                    || ["是不是", "有没有", "能不能", "会不会", "可不可以", "去没去", "来没来"]
                        .iter()
                        .any(|w| plain.contains(w)))
        }
    }
}

/// Yes (`true`) or no, as the expected answer puts it.
fn expected_side(wanted: &str, language: Language) -> Option<bool> {
    match language {
        Language::En => match english_words(wanted).first()?.as_str() {
            "yes" => Some(true),
            "no" | "not" | "never" => Some(false),
            _ => None,
        },
        Language::ZhCn => {
            let plain = bare(wanted);
            if plain.starts_with(['没', '不', '未', '否']) || plain.starts_with("从没") || plain.starts_with("还没")
            {
                Some(false)
            } else {
                let yes = ["是", "有", "对", "能", "会", "可以"].iter().any(|w| plain.starts_with(w));
                (yes || plain.ends_with('了') || plain.ends_with('过')).then_some(true)
            }
        }
    }
}

fn said_side(said: &str, asked: &str, language: Language) -> Option<bool> {
    match language {
        Language::En => english_side(said),
        Language::ZhCn => chinese_side(said, asked),
    }
}

fn english_side(said: &str) -> Option<bool> {
    const NO: [&str; 8] = [
        "not that i know",
        "not that i remember",
        "don't think so",
        "do not think so",
        "not as far as i know",
        "not at all",
        "not this time",
        "of course not",
    ];
    const YES: [&str; 6] = ["think so", "of course", "suppose so", "believe so", "i should say so", "that's right"];
    if NO.iter().any(|w| said.contains(w)) {
        return Some(false);
    }
    let words = english_words(said);
    let head: Vec<&str> = words.iter().take(6).map(String::as_str).collect();
    let one_of = |list: &str| head.iter().find(|w| list.split(' ').any(|l| l == **w)).is_some();
    if one_of("no nope nay never nothing nobody none") {
        return Some(false);
    }
    if one_of("yes yeah aye yep yup certainly indeed definitely absolutely") || YES.iter().any(|w| said.contains(w)) {
        return Some(true);
    }
    // "She didn't.", "It was not changed": denied, unless it is the person's own memory that is denied.
    const OWN: &str =
        "know remember recall hear listen notice see catch mind understand think care sure certain listening";
    let denied = words.iter().position(|w| w.ends_with("n't") || w == "not" || w == "cannot")?;
    let of_mind = words[denied..].iter().take(3).any(|w| OWN.split(' ').any(|o| o == w));
    (!of_mind).then_some(false)
}

fn chinese_side(said: &str, asked: &str) -> Option<bool> {
    let asked = bare(asked);
    for clause in speech::clauses(said) {
        let plain = bare(clause);
        let plain = ["好像", "大概", "应该", "嗯", "哦", "那", "可", "我记得", "反正", "当然", "他", "她", "我"]
            .iter()
            .fold(plain.as_str(), |t, lead| t.strip_prefix(lead).unwrap_or(t));
        if plain.is_empty() {
            continue;
        }
        let of_mind =
            ["没听", "没注意", "没看", "不清楚", "不知道", "不记得", "没在意"].iter().any(|w| plain.contains(w));
        if of_mind {
            return None;
        }
        if plain.starts_with(['没', '不', '未']) || plain.starts_with("哪有") || plain.starts_with("从来没") {
            return Some(false);
        }
        if ["是", "对", "有", "能", "会", "可以", "换"].iter().any(|w| plain.starts_with(w) && asked.contains(w))
        {
            return Some(true);
        }
        let no_before = |c: char| {
            plain.contains(&format!("没{c}"))
                || plain.contains(&format!("不{c}"))
                || plain.contains(&format!("没有{c}"))
        };
        let verbs: Vec<char> =
            plain.chars().filter(|c| asked.contains(*c) && !"了过的您我他她在是".contains(*c)).collect();
        if verbs.iter().any(|c| no_before(*c)) {
            return Some(false);
        }
        if verbs.iter().any(|c| ["了", "过", "成", "好"].iter().any(|p| plain.contains(&format!("{c}{p}")))) {
            return Some(true);
        }
        if ["对", "是的", "是", "有", "嗯"].contains(&plain) {
            return Some(true);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use reme_types::Expected;

    use super::*;

    #[test]
    fn yes_and_no_are_read_in_many_words() {
        for (asked, wanted, said, language, verdict) in [
            ("Did she paint it?", "no", "no, it stayed white.", Language::En, Some(Verdict::Correct)),
            ("Did she paint it?", "no", "she didn't, i am sure.", Language::En, Some(Verdict::Correct)),
            ("Did she paint it?", "no", "oh yes, green.", Language::En, Some(Verdict::Incorrect)),
            ("Did she paint it?", "no", "i wasn't listening.", Language::En, None),
            ("Who painted it?", "no one", "yes", Language::En, None),
            ("您的门修好了没有？", "没有修", "没修呢。", Language::ZhCn, Some(Verdict::Correct)),
            ("您的门修好了没有？", "没有修", "修好了。", Language::ZhCn, Some(Verdict::Incorrect)),
            ("谁修的门？", "没人修", "修好了。", Language::ZhCn, None),
        ] {
            let expected = Expected::text(AnswerKind::Text, wanted);
            let question = Question { text: asked, expected: &expected, context: None, people: &[], language };
            assert_eq!(polar(&question, said).map(|j| j.verdict), verdict, "{asked} {said}");
        }
    }
}
