//! From an expected answer as somebody wrote it down to how it is to be compared.

use reme_types::{AnswerKind, Expected, Language};

use crate::{
    dates, numbers,
    text::{bare, english_words, is_han, normalise},
};

/// What is held against an answer: one string, or the idea units of a story.
///
/// `question` decides where the answer alone does not: order, sequences, steps.
pub fn expected_from(parts: &[String], aliases: &[String], question: &str, language: Language) -> Expected {
    if parts.len() != 1 {
        return Expected { kind: AnswerKind::IdeaUnits, parts: parts.to_vec(), aliases: aliases.to_vec() };
    }
    let (whole, inner) = without_brackets(&parts[0]);
    let mut aliases = aliases.to_vec();
    aliases.extend(inner);
    let answer = normalise(&whole, language);
    let asked = normalise(question, language);
    let has = |words: &[&str]| words.iter().any(|w| asked.contains(w));
    let figures: Vec<f64> = numbers::all(&answer).iter().map(|f| f.value).collect();
    let only_figures = answer.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || ",.;、，；".contains(c))
        && !figures.is_empty();
    if only_figures && figures.len() > 2 {
        let stepwise = has(&[
            "take off",
            "take away",
            "taking",
            "go on",
            "subtract",
            "minus",
            "count",
            "add ",
            "every step",
            "减",
            "加",
            "每次",
            "倒数",
            "数到",
            "步",
        ]) || are_even_steps(&figures)
            && !has(&["repeat", "say after", "after me", "跟着", "跟我", "重复", "照着"]);
        let parts = split(&answer, &[",", "、", "，", ";", "；", " "]);
        let kind = if stepwise { AnswerKind::Steps } else { AnswerKind::Sequence };
        return Expected { kind, parts, aliases };
    }
    let lone_letters = language == Language::En && english_words(&answer).iter().all(|w| w.len() == 1);
    let spelled = has(&["spell", "backward", "倒着", "反着", "倒过来", "倒序"]) || (has(&["letters"]) && lone_letters);
    if spelled {
        return Expected { kind: AnswerKind::Sequence, parts: vec![answer], aliases };
    }
    let open = ["any ", "such as", "for example", "for instance", "e.g.", "任何", "任意", "比如", "例如", "如"]
        .iter()
        .any(|w| answer.contains(w));
    if open {
        return Expected { kind: AnswerKind::Text, parts: vec![whole], aliases };
    }
    if is_date(&answer, language) {
        return Expected { kind: AnswerKind::Date, parts: vec![whole], aliases };
    }
    if is_number(&answer, &asked, language) {
        return Expected { kind: AnswerKind::Number, parts: vec![whole], aliases };
    }
    // "An hour and a half" is one length, not two items.
    let is_length = has(&["how long", "多久", "多长时间"]) && numbers::minutes(&answer, language).is_some();
    let items =
        if is_length { Vec::new() } else { list_items(&whole, &aliases, language, has(&[" each ", "各", "分别"])) };
    if items.len() > 1 {
        let ordered = has(&[
            "in order",
            "one after the other",
            "what order",
            "the order",
            "right order",
            "their order",
            "按顺序",
            "先后",
            "从头",
            "头一件",
            "挨个",
            "first to last",
            "one by one",
            "came first",
            "依次",
            "顺序",
        ]);
        let kind = if ordered { AnswerKind::OrderedList } else { AnswerKind::List };
        return Expected { kind, parts: items, aliases };
    }
    let kind = if has(&["谁", "哪位"])
        || has(&["哪个", "哪几个"]) && language == Language::ZhCn && crate::described::is_called(&whole)
        || english_words(&asked).iter().any(|w| w == "who" || w == "whom" || w == "whose")
    {
        AnswerKind::Person
    } else if has(&["哪儿", "哪里", "什么地方", "哪个地方", "啥地方", "哪块", "哪点", "哪个位置", "哪搭"])
        || english_words(&asked).iter().any(|w| w == "where")
    {
        AnswerKind::Place
    } else {
        AnswerKind::Text
    };
    Expected { kind, parts: vec![whole], aliases }
}

/// 照舅（照旧）: what stands in brackets is another wording.
fn without_brackets(text: &str) -> (String, Option<String>) {
    let open = text.find(['(', '（']);
    let close = text.rfind([')', '）']);
    match (open, close) {
        (Some(a), Some(b)) if a < b && a > 0 => {
            let inner = text[a..b].trim_start_matches(['(', '（']).trim().to_owned();
            (text[..a].trim().to_owned(), Some(inner).filter(|i| !i.is_empty()))
        }
        _ => (text.to_owned(), None),
    }
}

fn split(text: &str, separators: &[&str]) -> Vec<String> {
    let mut joined = text.to_owned();
    for separator in separators {
        joined = joined.replace(separator, "\n");
    }
    joined.lines().map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect()
}

fn is_date(answer: &str, language: Language) -> bool {
    let plain = bare(answer);
    let weekday_alone = dates::weekday(answer).is_some() && dates::all(answer).is_empty() && plain.chars().count() <= 9;
    let parts = dates::all(answer);
    let known = parts.len() == 1 && parts[0].month.is_some();
    let left: usize = match language {
        Language::En => answer
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| w.len() > 2 && *w != "the" && w.chars().all(char::is_alphabetic))
            .filter(|w| numbers::english(w).is_empty() && numbers::ordinal(&[w]).is_none())
            .count(),
        Language::ZhCn => {
            plain.chars().filter(|c| is_han(*c) && !"年月日号零〇一二三四五六七八九十".contains(*c)).count() + 1
        }
    };
    weekday_alone || (known && left <= 2)
}

/// Whether the question wants an amount or a year.
fn asks_amount(asked: &str, language: Language) -> bool {
    match language {
        Language::En => {
            const ASKS: [&str; 18] = [
                "how many",
                "how much",
                "how long",
                "how old",
                "how far",
                "how often",
                "how tall",
                "how heavy",
                "how big",
                "what year",
                "which year",
                "what age",
                "at what age",
                "what number",
                "cost",
                "what is",
                "how deep",
                "how fast",
            ];
            ASKS.iter().any(|w| asked.contains(w))
        }
        Language::ZhCn => ["几", "多少", "多大", "多久", "多长", "多高", "多重", "多远", "哪年", "哪一年", "等于"]
            .iter()
            .any(|w| asked.contains(w)),
    }
}

fn is_number(answer: &str, asked: &str, language: Language) -> bool {
    const UNITS_EN: &str = "pounds pound pence p dollars dollar cents euros euro days day weeks week months month years year hours hour minutes \
minute miles mile metres meters feet inches times degrees percent people kilometres km kilos kilo grams litres pints a";
    const UNITS_ZH: &str = "元 块 块钱 角 毛 毛钱 分 天 岁 个 只 条 棵 颗 本 张 次 回 遍 个月 小时 个小时 个钟头 分钟 年 月 度 公里 里 里地 斤 两 克 公斤 米 人 位 个人 \
站 层 楼 页 碗 瓶 杯 盒 支 把 件 双 套 辆 间 口 羽 匹 头 盆 袋 箱 斤重 周岁 个星期 个礼拜 周 万 步 级 号 点";
    let found = numbers::all(answer);
    let [number] = &found[..] else { return false };
    let asks = asks_amount(asked, language);
    match language {
        Language::En => {
            let words: Vec<String> =
                numbers::number_words(answer).into_iter().filter(|w| !",:;/".contains(w.as_str())).collect();
            let rest: Vec<&String> = words.iter().skip(number.end).collect();
            let lead = number.start == 0 || (number.start == 1 && words.first().is_some_and(|w| w == "a"));
            lead && if asks {
                rest.len() <= 2
            } else {
                rest.iter().all(|w| UNITS_EN.split_whitespace().any(|u| u == w.as_str()))
            }
        }
        Language::ZhCn => {
            let rest: String = answer.chars().skip(number.end).filter(|c| c.is_alphanumeric()).collect();
            number.start == 0
                && (UNITS_ZH.split_whitespace().any(|u| u == rest)
                    || rest.is_empty()
                    || rest == "半"
                    || (asks && rest.chars().count() <= 3))
        }
    }
}

/// The items of a list; one entry when it is none.
fn list_items(whole: &str, aliases: &[String], language: Language, of_each: bool) -> Vec<String> {
    let separators: &[&str] = match language {
        Language::En => &[", and ", " and ", ", ", "; "],
        Language::ZhCn => &["、", "；", "，", "和", "以及"],
    };
    // 《甲》《乙》《丙》: titles side by side.
    let whole = &whole.replace("》《", "》、《");
    let parts = split(whole, separators);
    let is_alias =
        parts.iter().any(|p| aliases.iter().any(|a| bare(&normalise(a, language)) == bare(&normalise(p, language))));
    let short = |p: &String| match language {
        // What each of two did is told in a clause.
        Language::En => english_words(&p.to_lowercase()).len() <= if of_each { 9 } else { 4 },
        Language::ZhCn => p.chars().count() <= if of_each { 16 } else { 12 },
    };
    let title = whole.contains('《') && parts.len() == 2;
    if parts.len() > 1 && !is_alias && (parts.iter().all(short) || title) { parts } else { vec![whole.to_owned()] }
}

/// 69, 63, 57: each as far from the one before as that from its own; not 1, 2, 3, which is as good as any digits.
fn are_even_steps(figures: &[f64]) -> bool {
    let steps: Vec<f64> = figures.windows(2).map(|w| w[1] - w[0]).collect();
    steps.len() > 1 && steps[0].abs() > 1.0 && steps.iter().all(|step| *step == steps[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_follows_from_answer_and_question() {
        for (answer, question, language, kind) in [
            ("4 March 1990", "When did you move?", Language::En, AnswerKind::Date),
            ("the ninth of April 2011", "When did you move?", Language::En, AnswerKind::Date),
            ("two hours and a quarter", "How long did it last?", Language::En, AnswerKind::Text),
            ("27", "How many?", Language::En, AnswerKind::Number),
            ("6 pounds 20", "How much change?", Language::En, AnswerKind::Number),
            ("9 3 5 1", "Say these digits after me: 9 3 5 1.", Language::En, AnswerKind::Sequence),
            ("45, 40, 35", "Take away 5 from 50, every step.", Language::En, AnswerKind::Steps),
            ("60, 52, 44", "Start from 68 and knock off 8 each time.", Language::En, AnswerKind::Steps),
            ("2, 4, 6", "Repeat after me: 2, 4, 6.", Language::En, AnswerKind::Sequence),
            ("bread and soap", "Which two things?", Language::En, AnswerKind::List),
            ("Mr Lamb", "Who came?", Language::En, AnswerKind::Person),
            ("星期五", "今天星期几？", Language::ZhCn, AnswerKind::Date),
            ("15块", "多少钱？", Language::ZhCn, AnswerKind::Number),
            ("面包、肥皂", "买了什么？", Language::ZhCn, AnswerKind::List),
            ("王师傅", "谁来的？", Language::ZhCn, AnswerKind::Person),
        ] {
            let expected = expected_from(&[answer.to_owned()], &[], question, language);
            assert_eq!(expected.kind, kind, "{answer}");
        }
    }
}
