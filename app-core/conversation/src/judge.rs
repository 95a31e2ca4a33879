//! Holds one answer against what was expected. The layers go from sure to less sure; the first that decides is logged.
//!
//! Policy of the four verdicts: see [`reme_types::Verdict`] and the evaluation set's README.

use reme_types::{AnswerKind, Expected, Intent, Language, MatchedBy, PersonRef, Verdict};

use crate::{
    dates::{self, DateParts},
    lexicon, lists, numbers, speech,
    text::{self, english_words, normalise},
    words::{Needle, Utterance},
};

/// One question with what its answer is held against.
#[derive(Debug, Clone, PartialEq)]
pub struct Question<'a> {
    /// As put to the patient.
    pub text: &'a str,
    /// What is expected.
    pub expected: &'a Expected,
    /// What may be known besides: the memory, the date and place, the story told.
    pub context: Option<&'a str>,
    /// People who may be meant by "my daughter".
    pub people: &'a [PersonRef],
    /// Language of question and answer.
    pub language: Language,
}

/// What was made of an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// How good.
    pub verdict: Verdict,
    /// On what it rests.
    pub matched_by: MatchedBy,
    /// 0–1; below 0.6 a person should be asked again rather than told.
    pub confidence: f64,
}

impl Judgement {
    pub(crate) fn new(verdict: Verdict, matched_by: MatchedBy, confidence: f64) -> Self {
        Self { verdict, matched_by, confidence }
    }

    /// Whether something of what was asked is there.
    pub(crate) fn is_told(&self) -> bool {
        matches!(self.verdict, Verdict::Correct | Verdict::Partial)
    }

    pub(crate) fn nothing_offered() -> Self {
        Self::new(Verdict::NoAnswer, MatchedBy::Nothing, 0.8)
    }

    pub(crate) fn something_else() -> Self {
        Self::new(Verdict::Incorrect, MatchedBy::Nothing, 0.7)
    }
}

/// Holds `answer` against the question's expected answer.
///
/// ```
/// use reme_conversation::{Question, judge};
/// use reme_types::{AnswerKind, Expected, Language, Verdict};
/// let expected = Expected::text(AnswerKind::Text, "a tin of biscuits");
/// let question = Question { text: "What did you bring?", expected: &expected, context: None, people: &[], language: Language::En };
/// assert_eq!(judge(&question, "A tin of biscuits, I think.").verdict, Verdict::Correct);
/// assert_eq!(judge(&question, "I can't remember.").verdict, Verdict::NoAnswer);
/// ```
pub fn judge(question: &Question<'_>, answer: &str) -> Judgement {
    let whole = normalise(answer, question.language);
    let (spoken, to_the_judge) = speech::without_words_to_the_judge(&whole);
    let judged = judge_spoken(question, &spoken);
    if to_the_judge && judged.verdict == Verdict::NoAnswer {
        return Judgement::something_else();
    }
    judged
}

fn judge_spoken(question: &Question<'_>, spoken: &str) -> Judgement {
    if !spoken.chars().any(char::is_alphanumeric) {
        return Judgement::nothing_offered();
    }
    match question.expected.kind {
        AnswerKind::IdeaUnits => return lists::idea_units(question, spoken),
        AnswerKind::Steps => return steps(question, spoken),
        AnswerKind::Sequence => return sequence(question, spoken),
        _ => {}
    }
    let (settled, given_up) = speech::settled(spoken);
    let judged = judge_version(question, &settled);
    if judged.verdict != Verdict::NoAnswer || given_up.is_empty() {
        return judged;
    }
    // The fresh start led nowhere: what was said before it stands, unless it was only taken back.
    match judge_version(question, &given_up) {
        before if before.verdict == Verdict::Correct => Judgement::new(Verdict::Correct, before.matched_by, 0.55),
        before => before,
    }
}

fn judge_version(question: &Question<'_>, version: &str) -> Judgement {
    let (kept, denied) = speech::without_denials(version);
    let kept_says_something = kept.chars().any(char::is_alphanumeric);
    let judged = if kept_says_something { by_kind(question, &kept) } else { Judgement::nothing_offered() };
    if judged.verdict == Verdict::NoAnswer
        && !denied.is_empty()
        && by_kind(question, &denied).verdict != Verdict::NoAnswer
    {
        return Judgement::something_else();
    }
    let open = speech::is_open_choice(version) && !open_in_expected(question);
    if judged.verdict == Verdict::Correct && open {
        return Judgement::new(Verdict::Partial, judged.matched_by, 0.7);
    }
    judged
}

/// The expected answer itself may hold an "or".
fn open_in_expected(question: &Question<'_>) -> bool {
    question.expected.parts.iter().any(|p| speech::is_open_choice(&normalise(p, question.language)))
}

pub(crate) fn by_kind(question: &Question<'_>, said: &str) -> Judgement {
    match question.expected.kind {
        AnswerKind::Date => date(question, said),
        AnswerKind::Number => number(question, said),
        AnswerKind::List | AnswerKind::OrderedList => lists::list(question, said),
        _ => words(question, said),
    }
}

fn first_part(expected: &Expected) -> &str {
    expected.parts.first().map_or("", String::as_str)
}

fn date(question: &Question<'_>, said: &str) -> Judgement {
    let wanted_text = normalise(first_part(question.expected), question.language);
    if let Some(day) = dates::weekday(&wanted_text).filter(|_| dates::all(&wanted_text).is_empty()) {
        return match dates::weekday(said) {
            Some(given) if given == day => Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.97),
            Some(_) => Judgement::something_else(),
            None => silence_or_other(question, said),
        };
    }
    let wanted = dates::all(&wanted_text).into_iter().next().unwrap_or_default();
    let given = dates::all(said);
    if given.is_empty() {
        return silence_or_other(question, said);
    }
    let parts_asked = parts_are_asked(&normalise(question.text, question.language));
    let judged: Vec<Verdict> = given.iter().map(|g| compare_dates(wanted, *g, parts_asked)).collect();
    let best = if speech::is_open_choice(said) && judged.len() > 1 {
        if judged.contains(&Verdict::Correct) { Verdict::Partial } else { Verdict::Incorrect }
    } else {
        judged.iter().copied().find(|v| *v == Verdict::Correct).or(judged.last().copied()).unwrap_or(Verdict::Incorrect)
    };
    Judgement::new(best, if best == Verdict::Incorrect { MatchedBy::Nothing } else { MatchedBy::Normalised }, 0.95)
}

/// Day, month and year each asked for by name.
fn parts_are_asked(question: &str) -> bool {
    (question.contains("day") && question.contains("month") && question.contains("year"))
        || (question.contains('年') && question.contains('月') && (question.contains('日') || question.contains('号')))
}

fn compare_dates(wanted: DateParts, given: DateParts, parts_asked: bool) -> Verdict {
    let same = [
        wanted.year.map(|w| given.year.map(|g| g == w)),
        wanted.month.map(|w| given.month.map(|g| g == w)),
        wanted.day.map(|w| given.day.map(|g| g == w)),
    ];
    let asked: Vec<Option<bool>> = same.into_iter().flatten().collect();
    let right = asked.iter().filter(|s| **s == Some(true)).count();
    let wrong = asked.iter().filter(|s| **s == Some(false)).count();
    if parts_asked {
        return match right {
            0 => Verdict::Incorrect,
            n if n == asked.len() => Verdict::Correct,
            _ => Verdict::Partial,
        };
    }
    let year_left_out =
        wanted.year.is_some() && given.year.is_none() && (wanted.month.is_some() || wanted.day.is_some());
    let needed = asked.len() - usize::from(year_left_out);
    match (right, wrong) {
        (r, 0) if r == needed => Verdict::Correct,
        (r, 0) if r > 0 => Verdict::Partial,
        _ => Verdict::Incorrect,
    }
}

fn number(question: &Question<'_>, said: &str) -> Judgement {
    let Some(wanted) =
        numbers::all(&normalise(first_part(question.expected), question.language)).first().map(|f| f.value)
    else {
        return words(question, said);
    };
    if is_vague_range(said, wanted) {
        return Judgement::new(Verdict::Partial, MatchedBy::Normalised, 0.7);
    }
    let found = numbers::all(said);
    let mut given: Vec<f64> = found.iter().map(|f| f.value).collect();
    if wanted.fract() != 0.0 && given.len() == 2 && given[1] < 100.0 {
        // "twelve sixty"
        given.push(given[0] + given[1] / 100.0);
    }
    let is_wanted = |v: &f64| (v - wanted).abs() < 1e-9;
    if given.is_empty() {
        if heard_number(said, wanted) {
            return Judgement::new(Verdict::Correct, MatchedBy::Phonetic, 0.75);
        }
        return silence_or_other(question, said);
    }
    let between = ["between", "from ", " to ", "到", "至", "之间"].iter().any(|w| said.contains(w));
    if given.iter().any(is_wanted) {
        let open = speech::is_open_choice(said) && given.len() > 1;
        return if open || (between && given.len() == 2) {
            Judgement::new(Verdict::Partial, MatchedBy::Normalised, 0.85)
        } else if is_wanted(&given[0]) || given.len() < 4 {
            Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.95)
        } else {
            Judgement::new(Verdict::Partial, MatchedBy::Normalised, 0.55)
        };
    }
    let range = (between || speech::is_open_choice(said)) && given.len() >= 2;
    let (low, high) = (given.iter().copied().fold(f64::MAX, f64::min), given.iter().copied().fold(f64::MIN, f64::max));
    if range && low <= wanted && wanted <= high {
        return Judgement::new(Verdict::Partial, MatchedBy::Normalised, 0.8);
    }
    if matches!(speech::phrase_intent(said), Some(Intent::Repeat | Intent::Hint | Intent::Skip)) {
        return Judgement::nothing_offered();
    }
    Judgement::something_else()
}

/// 十几, 几十, 几百: a range that holds the number.
fn is_vague_range(said: &str, wanted: f64) -> bool {
    [("十几", 11.0, 19.0), ("几十", 20.0, 99.0), ("几百", 200.0, 999.0)]
        .iter()
        .any(|(words, low, high)| said.contains(words) && (*low..=*high).contains(&wanted))
}

/// Neighbouring words that sound like the English name of the number: "ate teen".
fn heard_number(said: &str, wanted: f64) -> bool {
    let words = english_words(said);
    let names = (0..=100_u32).filter(|n| f64::from(*n) == wanted).map(english_name);
    let spoken: Vec<String> =
        (1..=2).flat_map(|n| words.windows(n).map(|w| text::sound_key(&w.concat())).collect::<Vec<_>>()).collect();
    names.filter(|name| name.len() > 4).any(|name| spoken.contains(&text::sound_key(&name)))
}

fn english_name(n: u32) -> String {
    const ONES: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    match n {
        0..20 => ONES[n as usize].to_owned(),
        100 => "hundred".to_owned(),
        _ => format!("{}{}", TENS[(n / 10) as usize], if n.is_multiple_of(10) { "" } else { ONES[(n % 10) as usize] }),
    }
}

fn steps(question: &Question<'_>, spoken: &str) -> Judgement {
    let wanted: Vec<f64> = question
        .expected
        .parts
        .iter()
        .filter_map(|p| numbers::all(&normalise(p, question.language)).first().map(|f| f.value))
        .collect();
    let mut given: Vec<f64> = numbers::all(spoken).iter().map(|f| f.value).collect();
    let (Some(first), true) = (wanted.first().copied(), wanted.len() > 1) else { return number(question, spoken) };
    let change = wanted[1] - first;
    let start = first - change;
    // The start may be said first; it is no step.
    if given.first() == Some(&start) {
        given.remove(0);
    }
    if given.is_empty() {
        return silence_or_other(question, spoken);
    }
    let before = std::iter::once(&start).chain(&given);
    let right = given
        .iter()
        .zip(before)
        .take(wanted.len())
        .filter(|(value, last)| (*value - *last - change).abs() < 1e-9)
        .count();
    match right {
        0 => Judgement::something_else(),
        n if n == wanted.len() && given.len() == wanted.len() => {
            Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.97)
        }
        _ => Judgement::new(Verdict::Partial, MatchedBy::Normalised, 0.95),
    }
}

fn sequence(question: &Question<'_>, spoken: &str) -> Judgement {
    let wanted = normalise(&question.expected.parts.concat(), question.language);
    let digits = wanted.chars().filter(|c| c.is_alphanumeric()).all(|c| c.is_ascii_digit());
    let (said, _) = speech::settled(spoken);
    if digits {
        let run = |text: &str| -> String { numbers::all(text).iter().map(|f| format!("{}", f.value)).collect() };
        let given = run(&said);
        return match given {
            given if given.is_empty() || (given.len() <= 1 && speech::phrase_intent(&said).is_some()) => {
                Judgement::nothing_offered()
            }
            given if given == run(&wanted) || given == text::bare(&wanted) => {
                Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.97)
            }
            _ => Judgement::something_else(),
        };
    }
    // Letters or characters, in order: spelling, saying backwards.
    let letters: Vec<char> = text::bare(&wanted).chars().collect();
    let given: Vec<char> = match question.language {
        Language::ZhCn => text::bare(&said).chars().collect(),
        Language::En => {
            let words = english_words(&said);
            let single: String = words.iter().filter(|w| w.chars().count() == 1).map(String::as_str).collect();
            if single.chars().count() > 1 { single } else { words.concat() }.chars().collect()
        }
    };
    let given_text: String = given.iter().collect();
    let wanted_text: String = letters.iter().collect();
    if given_text.contains(&wanted_text) {
        return Judgement::new(Verdict::Correct, MatchedBy::Normalised, 0.95);
    }
    let right = letters.iter().zip(&given).take_while(|(a, b)| a == b).count();
    if right > 0 && given.len() <= letters.len() + 2 {
        return Judgement::new(Verdict::Partial, MatchedBy::Normalised, 0.9);
    }
    if speech::phrase_intent(&said).is_some() { Judgement::nothing_offered() } else { Judgement::something_else() }
}

fn words(question: &Question<'_>, said: &str) -> Judgement {
    if let Some(judged) = lists::open_question(question, said) {
        return judged;
    }
    let utterance = Utterance::new(question, said);
    let needles = Needle::all(question);
    let best = needles.iter().map(|needle| utterance.hold_against(needle)).max_by(|a, b| a.cover.total_cmp(&b.cover));
    let Some(best) = best else { return Judgement::nothing_offered() };
    if best.cover >= 0.999 {
        return Judgement::new(Verdict::Correct, best.by, 0.9);
    }
    if utterance.describes(&needles) {
        return Judgement::new(Verdict::Correct, MatchedBy::Relation, 0.7);
    }
    if utterance.says_what_all_share(&needles) {
        return Judgement::new(Verdict::Correct, MatchedBy::Words, 0.6);
    }
    let essential_missing = utterance.misses_what_all_share(&needles);
    if best.cover >= 0.45 && !essential_missing && !utterance.names_somebody_else(question) {
        return Judgement::new(Verdict::Partial, MatchedBy::Words, 0.7);
    }
    if utterance.names_only_the_kind(&needles) {
        return Judgement::new(Verdict::Partial, MatchedBy::Words, 0.6);
    }
    silence_or_other(question, said)
}

/// Nothing of the expected answer is there: was something else offered, or nothing at all?
pub(crate) fn silence_or_other(question: &Question<'_>, said: &str) -> Judgement {
    if Utterance::new(question, said).offers_something() {
        Judgement::something_else()
    } else {
        Judgement::nothing_offered()
    }
}

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
    let words = match language {
        Language::En => english_words(&said),
        Language::ZhCn => text::chinese_words(&said),
    };
    if speech::is_filler(&words, language) && numbers::all(&said).is_empty() {
        Intent::OffTopic
    } else {
        Intent::Answer
    }
}

/// The number an utterance settles on.
pub fn read_number(utterance: &str, language: Language) -> Option<f64> {
    let (said, _) = speech::settled(&normalise(utterance, language));
    numbers::all(&said).last().map(|f| f.value)
}

/// Which of the choices (value, label) is meant: by value, label, or a slip of it.
pub fn read_choice(choices: &[(String, String)], utterance: &str, language: Language) -> Option<String> {
    let (said, _) = speech::settled(&normalise(utterance, language));
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

/// Whether a relation word of the utterance means this person.
pub(crate) fn means_person(said: &str, person: &PersonRef, language: Language) -> bool {
    let relation = normalise(&person.relation, language);
    let group = lexicon::same_relation(&relation);
    let words: Vec<&str> = if group.is_empty() { vec![relation.as_str()] } else { group.to_vec() };
    words.iter().filter(|w| !w.is_empty()).any(|w| match language {
        Language::ZhCn => said.contains(w),
        Language::En => english_words(said).iter().any(|x| x == w),
    })
}
