//! Askable details out of a note, by rules: what was done, with whom, where, how many.
//!
//! A question never holds its own answer; a carer looks at every proposal. Questions speak to the patient.

use reme_types::{FactKind, Language, MONTHS_EN, PersonRef, When};

use crate::{
    draft::holds,
    lexicon::{MEASURES_ZH, VERBS_EN, VERBS_ZH, number_en, number_word_en, number_zh},
};

/// Most proposals of one note. [design]
const MOST: usize = 6;

/// A detail proposed for asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedFact {
    /// What it is about.
    pub kind: FactKind,
    /// The question.
    pub question: String,
    /// The answer, a short phrase of the note.
    pub answer: String,
    /// Other wordings that count.
    pub aliases: Vec<String>,
    /// A hint at the meaning.
    pub meaning_cue: Option<String>,
}

/// What besides the text is known of the memory.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoteContext<'a> {
    /// People in it, known by name.
    pub people: &'a [PersonRef],
    /// Its place.
    pub place: Option<&'a str>,
    /// Its time.
    pub happened_at: Option<When>,
}

/// Proposals for a note, best first, at most six.
///
/// ```
/// use reme_capture::{NoteContext, propose_facts};
/// let facts = propose_facts("We baked plum scones for the fair.", &NoteContext::default(), reme_types::Language::En);
/// assert_eq!((facts[0].question.as_str(), facts[0].answer.as_str()), ("What did you bake?", "plum scones"));
/// ```
pub fn propose_facts(text: &str, context: &NoteContext<'_>, language: Language) -> Vec<ProposedFact> {
    let mut found = match language {
        Language::En => english(text, context),
        Language::ZhCn => chinese(text, context),
    };
    found.extend(company(text, context, language));
    found.extend(place(context, language));
    if found.len() < 3 {
        found.extend(month(context, language));
    }
    let mut out: Vec<ProposedFact> = Vec::new();
    for fact in found {
        let doubled = out.iter().any(|o| o.question == fact.question || o.answer == fact.answer);
        if !doubled && !leaks(&fact.question, &fact.answer, language) && out.len() < MOST {
            out.push(fact);
        }
    }
    out
}

/// Whether the question gives the answer away.
pub fn leaks(question: &str, answer: &str, language: Language) -> bool {
    const SMALL: &[&str] =
        &["the", "a", "an", "of", "in", "at", "on", "to", "my", "our", "some", "and", "with", "for", "her", "his"];
    let question = question.to_lowercase();
    let answer = answer.to_lowercase();
    match language {
        Language::ZhCn => question.contains(answer.as_str()),
        Language::En => {
            let mut words =
                answer.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && !SMALL.contains(w));
            words.any(|w| holds(&question, w))
        }
    }
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '!', '?', ';', '\n', '。', '！', '？', '；']).map(str::trim).filter(|s| !s.is_empty())
}

fn english(text: &str, context: &NoteContext<'_>) -> Vec<ProposedFact> {
    let mut out = Vec::new();
    for sentence in sentences(text) {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        out.extend(english_deeds(&words, context));
        out.extend(english_counts(&words));
    }
    out
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'').to_lowercase()
}

/// "We baked plum scones" → What did you bake?
fn english_deeds(words: &[&str], context: &NoteContext<'_>) -> Vec<ProposedFact> {
    const END: &[&str] = &[
        "with",
        "at",
        "in",
        "on",
        "from",
        "for",
        "to",
        "and",
        "because",
        "when",
        "until",
        "while",
        "by",
        "after",
        "before",
        "but",
        "so",
        "then",
        "that",
        "who",
        "which",
        "again",
        "together",
        "down",
        "up",
        "off",
        "out",
        "into",
        "under",
        "over",
        "as",
        "yesterday",
        "today",
        "near",
    ];
    const PRONOUN: &[&str] = &[
        "him",
        "her",
        "me",
        "us",
        "them",
        "it",
        "that",
        "this",
        "you",
        "nothing",
        "everything",
        "myself",
        "about",
        "how",
        "what",
    ];
    let mut out = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(verb) = VERBS_EN.iter().find(|v| v.past == bare(word)) else { continue };
        let mut object = Vec::new();
        for next in &words[at + 1..] {
            let plain = bare(next);
            if END.contains(&plain.as_str())
                || PRONOUN.contains(&plain.as_str())
                || plain.is_empty()
                || object.len() >= 5
            {
                break;
            }
            object.push(next.trim_matches(|c: char| ",:()\"".contains(c)));
            if next.ends_with([',', ':', ')']) {
                break;
            }
        }
        let named = words[..at]
            .iter()
            .rev()
            .map(|w| bare(w))
            .find(|w| !matches!(w.as_str(), "also" | "then" | "just" | "had" | "even"));
        let subject = named.unwrap_or_default();
        let other = context.people.iter().find(|p| p.name.to_lowercase() == subject);
        let mine = ["i", "we", "", "and"].contains(&subject.as_str());
        let asked = match (mine, other) {
            (true, _) => "you".to_owned(),
            (false, Some(person)) => person.name.clone(),
            (false, None) => continue,
        };
        let answer = object.join(" ");
        let telling =
            object.iter().any(|w| w.chars().count() > 2 && !["the", "some", "all"].contains(&bare(w).as_str()));
        if telling {
            let aliases = ["a ", "an ", "the ", "some ", "my ", "our "]
                .iter()
                .filter_map(|d| answer.strip_prefix(d))
                .map(str::to_owned)
                .collect();
            let question = format!("What did {asked} {}?", verb.base);
            out.push(ProposedFact {
                kind: verb.kind,
                question,
                answer,
                aliases,
                meaning_cue: Some(verb.cue.to_owned()),
            });
        }
    }
    out
}

/// "seven boats" → How many boats were there?
fn english_counts(words: &[&str]) -> Vec<ProposedFact> {
    const MEASURES: &[&str] = &[
        "o'clock", "years", "hours", "minutes", "days", "weeks", "months", "degrees", "times", "pounds", "am", "pm",
        "miles",
    ];
    let mut out = Vec::new();
    for pair in words.windows(2) {
        let (word, noun) = (bare(pair[0]), bare(pair[1]));
        let plural =
            noun.len() > 3 && noun.ends_with('s') && !noun.ends_with("ss") && noun.chars().all(char::is_alphabetic);
        let Some(count) = number_en(&word).filter(|n| *n >= 2) else { continue };
        if plural && !MEASURES.contains(&noun.as_str()) {
            let aliases = match (word.parse::<u32>(), number_word_en(count)) {
                (Ok(_), Some(name)) => vec![name.to_owned()],
                (Err(_), _) => vec![count.to_string()],
                _ => vec![],
            };
            let question = format!("How many {noun} were there?");
            out.push(ProposedFact { kind: FactKind::Number, question, answer: word, aliases, meaning_cue: None });
        }
    }
    out
}

fn chinese(text: &str, context: &NoteContext<'_>) -> Vec<ProposedFact> {
    let mut out = Vec::new();
    for clause in sentences(text).flat_map(|s| s.split(['，', '、', ',', '：', '（', '）'])) {
        out.extend(chinese_deed(clause, context));
        out.extend(chinese_count(clause));
    }
    out
}

/// 给他买了一串糖葫芦 → 那天您买了什么？
fn chinese_deed(clause: &str, context: &NoteContext<'_>) -> Option<ProposedFact> {
    let (verb, rest) = VERBS_ZH.iter().find_map(|verb| {
        let at = clause.find(verb.verb)?;
        let rest = &clause[at + verb.verb.len()..];
        let marked = rest.strip_prefix('了').or_else(|| rest.strip_prefix('过')).or_else(|| rest.strip_prefix("的是"));
        marked.or_else(|| Some(rest).filter(|_| verb.bare)).map(|rest| (verb, rest))
    })?;
    let counted = number_zh(rest).filter(|(_, used)| {
        let after = rest.chars().nth(*used);
        after.is_some_and(|c| MEASURES_ZH.contains(c))
    });
    let object: String = match counted {
        Some((_, used)) => rest.chars().skip(used + 1).collect(),
        None => rest.to_owned(),
    };
    let object: String = object
        .split(['给', '和', '跟', '来', '去', '就', '还'])
        .next()
        .unwrap_or_default()
        .trim_matches(|c: char| "的了吧呢啊着".contains(c))
        .to_owned();
    let length = object.chars().count();
    let unclear = ["他", "她", "它", "我", "您", "什么", "一下", "一会", "起", "得", "在", "到", "饭"]
        .iter()
        .any(|w| object.starts_with(w));
    if !(1..=8).contains(&length) || unclear || object.chars().any(|c| !c.is_alphanumeric() && !"《》·".contains(c))
    {
        return None;
    }
    let doer = context.people.iter().find(|p| clause.starts_with(&p.name));
    let question = match doer {
        Some(person) => format!("那天{}{}了什么？", person.name, verb.verb),
        None => format!("那天您{}了什么？", verb.verb),
    };
    Some(ProposedFact {
        kind: verb.kind,
        question,
        answer: object,
        aliases: vec![],
        meaning_cue: Some(verb.cue.to_owned()),
    })
}

/// 钓上来两条鲫鱼 → 有几条鲫鱼？
fn chinese_count(clause: &str) -> Option<ProposedFact> {
    clause.char_indices().find_map(|(at, _)| {
        let (count, used) = number_zh(&clause[at..]).filter(|(n, _)| (2..100).contains(n))?;
        let mut rest = clause[at..].chars().skip(used);
        let measure = rest.next().filter(|c| MEASURES_ZH.contains(*c) && !"次回趟".contains(*c))?;
        let noun: String =
            rest.take_while(|c| c.is_alphanumeric() && !"都也就在了的给来去跟和".contains(*c)).take(4).collect();
        let answer: String = clause[at..].chars().take(used + 1).collect();
        (!noun.is_empty()).then(|| ProposedFact {
            kind: FactKind::Number,
            question: format!("那天有几{measure}{noun}？"),
            answer,
            aliases: vec![count.to_string(), format!("{count}{measure}")],
            meaning_cue: None,
        })
    })
}

fn company(text: &str, context: &NoteContext<'_>, language: Language) -> Option<ProposedFact> {
    let lower = text.to_lowercase();
    let named: Vec<&PersonRef> = context.people.iter().filter(|p| holds(&lower, &p.name.to_lowercase())).collect();
    let names: Vec<&str> = named.iter().map(|p| p.name.as_str()).collect();
    if names.is_empty() {
        return None;
    }
    let (question, answer) = match (language, names.len()) {
        (Language::En, 1) => ("Who was with you?", names.join("")),
        (Language::En, n) => {
            ("Who were the people with you?", format!("{} and {}", names[..n - 1].join(", "), names[n - 1]))
        }
        (Language::ZhCn, _) => ("那天您跟谁在一起？", names.join("、")),
    };
    let mut aliases: Vec<String> = if names.len() == 1 { named[0].aliases.clone() } else { vec![] };
    if let [only] = named[..]
        && !only.relation.is_empty()
    {
        aliases.push(only.relation.clone());
    }
    let cue = named.first().filter(|p| named.len() == 1 && !p.relation.is_empty()).map(|p| match language {
        Language::En => format!("your {}", p.relation),
        Language::ZhCn => format!("您的{}", p.relation),
    });
    Some(ProposedFact { kind: FactKind::Person, question: question.into(), answer, aliases, meaning_cue: cue })
}

fn place(context: &NoteContext<'_>, language: Language) -> Option<ProposedFact> {
    let place = context.place?.trim();
    let question = match language {
        Language::En => "Where were you?",
        Language::ZhCn => "那天您在哪儿？",
    };
    let aliases = ["the ", "our ", "my "].iter().filter_map(|d| place.strip_prefix(d)).map(str::to_owned).collect();
    (!place.is_empty()).then(|| ProposedFact {
        kind: FactKind::Place,
        question: question.into(),
        answer: place.into(),
        aliases,
        meaning_cue: None,
    })
}

fn month(context: &NoteContext<'_>, language: Language) -> Option<ProposedFact> {
    let day = context.happened_at.filter(|w| !matches!(w, When::Year(_)))?.first_day();
    let (question, answer) = match language {
        Language::En => {
            let name = MONTHS_EN[usize::try_from(day.month() - 1).ok()?];
            ("In which month was that?", name.to_owned())
        }
        Language::ZhCn => ("那是几月份的事？", format!("{}月", day.month())),
    };
    Some(ProposedFact { kind: FactKind::Time, question: question.into(), answer, aliases: vec![], meaning_cue: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, relation: &str) -> PersonRef {
        PersonRef { name: name.into(), relation: relation.into(), aliases: vec![] }
    }

    fn pairs(text: &str, context: &NoteContext<'_>, language: Language) -> Vec<(String, String)> {
        propose_facts(text, context, language).into_iter().map(|f| (f.question, f.answer)).collect()
    }

    #[test]
    fn an_english_note_gives_what_who_where_and_how_many() {
        let people = [person("Joan", "sister")];
        let context =
            NoteContext { people: &people, place: Some("the harbour"), happened_at: "2026-05-02".parse().ok() };
        let found =
            pairs("Joan and I ate fried herring at the harbour. We counted seven boats.", &context, Language::En);
        for (question, answer) in [
            ("What did you eat?", "fried herring"),
            ("How many boats were there?", "seven"),
            ("Who was with you?", "Joan"),
            ("Where were you?", "the harbour"),
        ] {
            assert!(found.contains(&(question.to_owned(), answer.to_owned())), "{question}: {found:?}");
        }
    }

    #[test]
    fn a_chinese_note_gives_the_same() {
        let people = [person("老葛", "邻居")];
        let context = NoteContext { people: &people, place: Some("湖边"), happened_at: None };
        let found = pairs("跟老葛在湖边钓鱼，钓了两条鲫鱼，回家炖了豆腐。", &context, Language::ZhCn);
        for (question, answer) in [
            ("那天您钓了什么？", "鲫鱼"),
            ("那天您炖了什么？", "豆腐"),
            ("那天您跟谁在一起？", "老葛"),
            ("那天您在哪儿？", "湖边"),
        ] {
            assert!(found.contains(&(question.to_owned(), answer.to_owned())), "{question}: {found:?}");
        }
    }

    #[test]
    fn no_question_holds_its_answer_and_none_is_doubled() {
        let notes = [
            "We bought bread and bought bread.",
            "I saw the seal, then saw another seal.",
            "I gave her it.",
            "买了买了买了",
            "吃了饭",
            "",
            "两个两个两个",
            "。",
        ];
        for note in notes {
            for language in [Language::En, Language::ZhCn] {
                let facts = propose_facts(note, &NoteContext::default(), language);
                assert!(
                    facts.iter().all(|f| !leaks(&f.question, &f.answer, language) && !f.answer.is_empty()),
                    "{note}: {facts:?}"
                );
            }
        }
    }
}
