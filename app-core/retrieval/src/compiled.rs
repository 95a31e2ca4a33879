//! A written rule as a typed filter: conditions joined by "and" or "or", each perhaps turned round, and how often within which time.
//!
//! Where in the flow: a question that comes with a rule (level 3) is ranked by it, and the carer is shown in words what was understood.
//! What it must never do: pretend to have understood; a rule with no condition of a known type gives `None`, and its words are
//! left to the ranking.

use reme_types::{Language, MemoryKind};

use crate::{
    Doc,
    people::was_there,
    rules::{NoteRule, Threshold, figures},
};

/// What a note is held against.
#[derive(Debug, Clone, PartialEq)]
enum Test {
    /// A figure with its unit.
    Figure(Threshold),
    /// Somebody was there.
    With(String),
    /// Day of the week, 0 = Monday.
    Weekday(i8),
    /// Part of the day: index into [`PARTS`].
    PartOfDay(usize),
}

#[derive(Debug, Clone, PartialEq)]
struct Condition {
    test: Test,
    /// The note must not meet it.
    is_negated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joined {
    All,
    Any,
}

/// How often, and within how many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) least: usize,
    pub(crate) within_days: Option<i64>,
}

/// A rule as understood.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    conditions: Vec<Condition>,
    joined: Joined,
    times: Option<Times>,
    about_notes: Option<NoteRule>,
}

const WEEKDAYS: [(&str, &str, &str); 7] = [
    ("monday", "星期一", "周一"),
    ("tuesday", "星期二", "周二"),
    ("wednesday", "星期三", "周三"),
    ("thursday", "星期四", "周四"),
    ("friday", "星期五", "周五"),
    ("saturday", "星期六", "周六"),
    ("sunday", "星期天", "周日"),
];

/// Parts of the day: words in a rule, the name shown, first hour and first hour after. [design]
const PARTS: [(&[&str], &str, &str, i8, i8); 3] = [
    (&["in the morning", "mornings", "早上", "上午"], "in the morning", "早上", 5, 12),
    (&["in the afternoon", "afternoons", "下午"], "in the afternoon", "下午", 12, 18),
    (&["in the evening", "evenings", "晚上", "傍晚"], "in the evening", "晚上", 17, 23),
];

impl Rule {
    /// Reads a rule; `names` are the people it may speak of. `None` where nothing in it is of a known type.
    pub(crate) fn compile(rule: &str, names: &[String]) -> Option<Self> {
        let lower = rule.to_lowercase();
        let about_notes = NoteRule::read(rule);
        let (atoms, joined) = atoms(&lower);
        let conditions: Vec<Condition> = if about_notes.is_some() {
            Vec::new()
        } else {
            atoms.iter().flat_map(|atom| conditions_of(atom, names)).collect()
        };
        let times = times(&lower);
        let is_known = about_notes.is_some() || times.is_some() || !conditions.is_empty();
        is_known.then_some(Self { conditions, joined, times, about_notes })
    }

    /// Whether it says more than one figure does, so that notes are to be picked by the whole of it.
    pub(crate) fn is_joined(&self) -> bool {
        self.conditions.len() > 1
    }

    /// Whether a note meets the conditions; `None` where it says nothing of them.
    pub(crate) fn picks(&self, doc: &Doc, language: Language) -> Option<bool> {
        if self.conditions.is_empty() || doc.kind != MemoryKind::Episode {
            return None;
        }
        let met: Vec<Option<bool>> = self.conditions.iter().map(|c| c.met(doc, language)).collect();
        let (yes, no) = match self.joined {
            Joined::All => (met.iter().all(|m| *m == Some(true)), met.contains(&Some(false))),
            Joined::Any => (met.contains(&Some(true)), met.iter().all(|m| *m == Some(false))),
        };
        if yes { Some(true) } else { no.then_some(false) }
    }

    /// What was understood, in words.
    pub(crate) fn in_words(&self, language: Language) -> String {
        if let Some(rule) = self.about_notes {
            return rule.in_words(language);
        }
        let joint = match (self.joined, language) {
            (Joined::All, Language::En) => " and ",
            (Joined::Any, Language::En) => " or ",
            (Joined::All, Language::ZhCn) => "，而且",
            (Joined::Any, Language::ZhCn) => "，或者",
        };
        let conditions = self.conditions.iter().map(|c| c.in_words(language)).collect::<Vec<_>>().join(joint);
        let times = self.times.map(|times| times.in_words(language)).unwrap_or_default();
        match (language, conditions.is_empty(), times.is_empty()) {
            (Language::En, false, false) => format!("memories with {conditions}; {times}"),
            (Language::En, false, true) => format!("memories with {conditions}"),
            (Language::En, true, _) => format!("memories of what the rule names; {times}"),
            (Language::ZhCn, false, false) => format!("符合“{conditions}”的记忆；{times}"),
            (Language::ZhCn, false, true) => format!("符合“{conditions}”的记忆"),
            (Language::ZhCn, true, _) => format!("规则所说之事的记忆；{times}"),
        }
    }
}

impl Condition {
    fn met(&self, doc: &Doc, language: Language) -> Option<bool> {
        let met = match &self.test {
            Test::Figure(threshold) => threshold.picks(&doc.text),
            Test::With(name) => Some(was_there(doc, name, language)),
            Test::Weekday(day) => {
                doc.happened_at.and_then(|h| h.day()).map(|d| d.weekday().to_monday_zero_offset() == *day)
            }
            Test::PartOfDay(part) => match doc.happened_at {
                Some(reme_types::When::Minute(at)) => Some((PARTS[*part].3..PARTS[*part].4).contains(&at.hour())),
                _ => None,
            },
        };
        met.map(|met| met != self.is_negated)
    }

    fn in_words(&self, language: Language) -> String {
        let said = match (&self.test, language) {
            (Test::Figure(threshold), _) => threshold.in_words(language),
            (Test::With(name), Language::En) => format!("{name} there"),
            (Test::With(name), Language::ZhCn) => format!("{name}在场"),
            (Test::Weekday(day), Language::En) => {
                let name = WEEKDAYS[*day as usize].0;
                format!("a {}{}", name[..1].to_uppercase(), &name[1..])
            }
            (Test::Weekday(day), Language::ZhCn) => WEEKDAYS[*day as usize].1.to_owned(),
            (Test::PartOfDay(part), Language::En) => format!("a time {}", PARTS[*part].1),
            (Test::PartOfDay(part), Language::ZhCn) => PARTS[*part].2.to_owned(),
        };
        match (self.is_negated, language) {
            (false, _) => said,
            (true, Language::En) => format!("not {said}"),
            (true, Language::ZhCn) => format!("不是“{said}”"),
        }
    }
}

impl Times {
    fn in_words(self, language: Language) -> String {
        match (language, self.within_days) {
            (Language::En, Some(days)) => format!("at least {} of them within {days} days", self.least),
            (Language::En, None) => format!("at least {} of them", self.least),
            (Language::ZhCn, Some(days)) => format!("{days}天之内至少{}次", self.least),
            (Language::ZhCn, None) => format!("至少{}次", self.least),
        }
    }
}

/// The pieces of a rule between its "and"s or "or"s. "Between 10 and 14" is one piece.
fn atoms(lower: &str) -> (Vec<String>, Joined) {
    const ANY: [&str; 3] = [" or ", "或者", "或是"];
    const ALL: [&str; 6] = [" and ", " but ", "并且", "而且", "同时", "，且"];
    // "Five or more", 五级或以上 belong to their figure.
    let mut text = lower.to_owned();
    for whole in ["or more", "or less", "or older", "or above", "or longer", "或更高", "或者更高", "或以上", "或以下"]
    {
        text = text.replace(whole, &whole.replace("or ", "or\u{1}").replace('或', "或\u{1}"));
    }
    if let Some(at) = text.find("between ")
        && let Some(end) = text[at..].find(" and ")
    {
        text.replace_range(at + end..at + end + 5, " \u{1}and ");
    }
    let is_any = ANY.iter().any(|w| text.contains(w));
    let seams: &[&str] = if is_any { &ANY } else { &ALL };
    let mut pieces = vec![text];
    for seam in seams {
        pieces = pieces.iter().flat_map(|p| p.split(seam)).map(str::to_owned).collect();
    }
    (pieces.iter().map(|p| p.replace('\u{1}', "")).collect(), if is_any { Joined::Any } else { Joined::All })
}

fn conditions_of(atom: &str, names: &[String]) -> Vec<Condition> {
    let mut out = Vec::new();
    let negated_figure =
        ["no less than", "not less than", "not under", "not below", "不少于", "不低于", "不小于", "不短于"];
    if let Some(threshold) = Threshold::read(atom, false) {
        let is_negated = negated_figure.iter().any(|w| atom.contains(w));
        out.push(Condition { test: Test::Figure(threshold), is_negated });
    }
    let negated = |at: usize| {
        let before: String = atom[..at].chars().rev().take(14).collect::<Vec<_>>().into_iter().rev().collect();
        [
            "without ",
            "not with ",
            "not on ",
            "not in ",
            "except ",
            "unless ",
            "not ",
            "不是",
            "没有",
            "除了",
            "不在",
            "不跟",
        ]
        .iter()
        .any(|w| before.contains(w))
    };
    for name in names {
        let said = name.to_lowercase();
        // "Given to Ann", 交给她, 请她来: whom it concerns need not have been there.
        let is_concerned = |at: &usize| {
            let before = atom[..*at].trim_end();
            ["给", "向", "找", "由", "叫", "请", "归", "让", "告诉", "通知"].iter().any(|w| before.ends_with(w))
                || [" to", " tell", " ring", " ask", " inform", " by", " call"].iter().any(|w| before.ends_with(w))
        };
        if let Some(at) = atom.find(&said).filter(|at| !is_concerned(at)) {
            out.push(Condition { test: Test::With(name.clone()), is_negated: negated(at) });
        }
    }
    for (day, (english, long, short)) in WEEKDAYS.iter().enumerate() {
        if let Some(at) = [english, long, short].iter().find_map(|w| atom.find(**w)) {
            out.push(Condition { test: Test::Weekday(day as i8), is_negated: negated(at) });
        }
    }
    for (part, (words, ..)) in PARTS.iter().enumerate() {
        if let Some(at) = words.iter().find_map(|w| atom.find(w)) {
            out.push(Condition { test: Test::PartOfDay(part), is_negated: negated(at) });
        }
    }
    out
}

/// "Three times within two weeks", 半年里满三次: how often and in which time; `None` where no number of times is said.
pub(crate) fn times(lower: &str) -> Option<Times> {
    const OCCASIONS: [&str; 14] = [
        " times",
        " nights",
        " visits",
        " falls",
        " mornings",
        " evenings",
        " nights running",
        " occasions",
        "次",
        "回",
        "晚",
        "夜",
        "趟",
        "遍",
    ];
    const NAMED: [(&str, usize); 8] = [
        ("twice", 2),
        ("thrice", 3),
        ("second time", 2),
        ("third time", 3),
        ("fourth time", 4),
        ("第二次", 2),
        ("第三次", 3),
        ("第四次", 4),
    ];
    let counted = figures(lower).into_iter().find_map(|(n, _, end)| {
        let follows = OCCASIONS.iter().any(|w| lower[end..].starts_with(w));
        (follows && (2.0..=50.0).contains(&n) && n.fract() == 0.0).then_some(n as usize)
    });
    let least = NAMED.iter().find(|(w, _)| lower.contains(w)).map(|(_, n)| *n).or(counted)?;
    Some(Times { least, within_days: window_days(lower) })
}

/// Days within which something has to happen.
fn window_days(lower: &str) -> Option<i64> {
    const NAMED: [(&str, i64); 14] = [
        ("半年", 183),
        ("一年", 365),
        ("in one year", 365),
        ("within a year", 365),
        ("half a year", 183),
        ("six months", 183),
        ("一个月", 31),
        ("within a month", 31),
        ("in a month", 31),
        ("一周", 7),
        ("一个礼拜", 7),
        ("within a week", 7),
        ("in a week", 7),
        ("fortnight", 14),
    ];
    let counted = figures(lower).into_iter().find_map(|(n, start, end)| {
        let rest = lower[end..].trim_start();
        let before = lower[..start].trim_end();
        let english = ["within", "in", "over", "in any"].iter().any(|w| before.ends_with(w));
        let units: [(&str, i64); 9] = [
            ("days", 1),
            ("weeks", 7),
            ("months", 31),
            ("天", 1),
            ("日内", 1),
            ("周", 7),
            ("个星期", 7),
            ("个礼拜", 7),
            ("个月", 31),
        ];
        let (unit, days) = units.iter().find(|(u, _)| rest.starts_with(u))?;
        let inside = !unit.is_ascii()
            && (unit.ends_with('内')
                || ["内", "之内", "以内", "里", "中"].iter().any(|w| rest[unit.len()..].starts_with(w)));
        ((english && unit.is_ascii()) || inside).then_some(n as i64 * days)
    });
    counted.or_else(|| NAMED.iter().find(|(w, _)| lower.contains(w)).map(|(_, days)| *days))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(rule: &str, names: &[&str], language: Language) -> Option<String> {
        let names: Vec<String> = names.iter().map(|n| (*n).to_owned()).collect();
        Rule::compile(rule, &names).map(|rule| rule.in_words(language))
    }

    #[test]
    fn what_was_understood_is_said_in_both_languages() {
        for (rule, names, language, said) in [
            (
                "The frame may be opened only when it is at least 14 degrees and Hanna is there.",
                &["Hanna"][..],
                Language::En,
                "memories with at least 14 degrees and Hanna there",
            ),
            (
                "If a night is shorter than five hours three times within two weeks, ring the doctor.",
                &[],
                Language::En,
                "memories with less than 5 hours; at least 3 of them within 14 days",
            ),
            ("风力六级及以上，或者气温低于5度，不许下水。", &[], Language::ZhCn, "符合“至少6级，或者不到5度”的记忆"),
            (
                "睡眠不少于六小时，而且不在星期天。",
                &[],
                Language::ZhCn,
                "符合“不是“不到6小时”，而且不是“星期天””的记忆",
            ),
            ("半年里满三次送一盒。", &[], Language::ZhCn, "规则所说之事的记忆；183天之内至少3次"),
        ] {
            assert_eq!(words(rule, names, language).as_deref(), Some(said), "{rule}");
        }
        assert_eq!(words("Nobody may swim alone.", &[], Language::En), None);
    }

    #[test]
    fn two_conditions_pick_what_meets_both() {
        let doc = |text: &str, people: &[&str]| Doc {
            id: "x".into(),
            kind: MemoryKind::Episode,
            happened_at: "2026-03-02".parse().ok(),
            recorded_at: "2026-03-02".parse().expect("a day"),
            text: text.into(),
            photo_text: String::new(),
            people: people.iter().map(|p| (*p).to_owned()).collect(),
            place: None,
            tags: vec![],
            sensitive: false,
        };
        let rule =
            Rule::compile("Only when at least 14 degrees and with Hanna.", &["Hanna".to_owned()]).expect("typed");
        let picks = |text: &str, people: &[&str]| rule.picks(&doc(text, people), Language::En);
        assert_eq!(picks("16 degrees, Hanna and I went out.", &["Hanna"]), Some(true));
        assert_eq!(picks("12 degrees, Hanna and I went out.", &["Hanna"]), Some(false));
        assert_eq!(picks("16 degrees, on my own.", &[]), Some(false));
        assert_eq!(picks("Hanna came.", &["Hanna"]), None);
        let rule = Rule::compile("Not with Hanna or on a Monday.", &["Hanna".to_owned()]).expect("typed");
        assert_eq!(rule.picks(&doc("Alone.", &[]), Language::En), Some(true));
    }
}
