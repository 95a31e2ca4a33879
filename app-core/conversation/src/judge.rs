//! Holds one answer against what was expected. The layers go from sure to less sure; the first that decides is logged.
//!
//! Policy of the four verdicts: see [`reme_types::Verdict`] and the evaluation set's README.

use reme_types::{AnswerKind, Expected, Intent, Language, MatchedBy, PersonRef, Verdict};

use crate::{
    clock_answers, date_answers, definitions, described, lists, needle::Needle, offer, open_question, polar,
    quantities, sequences, speech, story, text::normalise, turns, vague, words::Utterance,
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
    if to_the_judge {
        return if judged.verdict == Verdict::NoAnswer { Judgement::something_else() } else { judged };
    }
    offer::reconsidered(question, answer, judged)
}

fn judge_spoken(question: &Question<'_>, spoken: &str) -> Judgement {
    if !spoken.chars().any(char::is_alphanumeric) {
        return Judgement::nothing_offered();
    }
    let in_steps = matches!(question.expected.kind, AnswerKind::Steps | AnswerKind::Sequence);
    if in_steps && crate::talk::is_talk(spoken, question.language) {
        return Judgement::nothing_offered();
    }
    match question.expected.kind {
        AnswerKind::IdeaUnits => return story::idea_units(question, spoken),
        AnswerKind::Steps => return sequences::steps(question, spoken),
        AnswerKind::Sequence => return sequences::sequence(question, spoken),
        _ => {}
    }
    if offer::repeats_the_question(question, spoken) {
        return Judgement::nothing_offered();
    }
    let (settled, given_up) = turns::settled(spoken);
    let settled = turns::without_recollecting(&turns::with_its_owner(&settled, &given_up));
    let judged = judge_version(question, &settled);
    if judged.verdict != Verdict::NoAnswer || given_up.is_empty() {
        return judged;
    }
    // The fresh start led nowhere: what was said before it stands, unless it was only taken back.
    match judge_version(question, &given_up) {
        before if before.verdict == Verdict::Correct && puts_another(question, &settled) => Judgement::something_else(),
        before if before.verdict == Verdict::Correct => Judgement::new(Verdict::Correct, before.matched_by, 0.55),
        before => before,
    }
}

/// Longest fresh start that is taken for another answer, in words. [design]
const LONGEST_RESTART: usize = 5;

/// A few words, one of them of their own: after "no, no" they are another answer, if one nobody knows.
fn puts_another(question: &Question<'_>, settled: &str) -> bool {
    let utterance = Utterance::new(question, settled);
    !utterance.own_words().is_empty()
        && utterance.words.len() <= LONGEST_RESTART
        && !settled.contains(['?', '？'])
        && speech::phrase_intent(settled).is_none()
}

fn judge_version(question: &Question<'_>, version: &str) -> Judgement {
    let (now, other_time) =
        turns::without_other_times(version, &normalise(question.text, question.language), question.language);
    let (kept, mut denied) = match denial_is_expected(question, &now) {
        true => (now, String::new()),
        false => {
            let (stands, deeds) = turns::without_denied_deeds(&now, question.text);
            let (kept, mut denied) = turns::without_denials(&stands, question.language);
            denied.push_str(&deeds);
            (kept, denied)
        }
    };
    denied.push_str(&other_time);
    let says = |text: &str| text.chars().any(char::is_alphanumeric);
    let is_list = matches!(question.expected.kind, AnswerKind::List | AnswerKind::OrderedList);
    let open = turns::is_open_choice(&kept) && !open_in_expected(question);
    let judged = match (says(&kept), open) {
        (false, _) => Judgement::nothing_offered(),
        (true, true) if !is_list => open_choice(question, &kept),
        (true, _) => by_kind(question, &kept),
    };
    // 不是樟木箱，樟木箱早卖了: what is denied is spoken of again.
    if judged.is_told() && says(&denied) && !is_list {
        let gone = by_kind(question, &denied);
        let repeated = gone.is_told() && (gone.verdict == judged.verdict || gone.verdict == Verdict::Correct);
        if repeated && question.expected.kind != AnswerKind::Number && speech::phrase_intent(version).is_none() {
            return Judgement::something_else();
        }
    }
    let refuses = matches!(
        speech::phrase_intent(version),
        Some(Intent::Skip | Intent::Repeat | Intent::Hint | Intent::Stop | Intent::Distress | Intent::Forgot)
    );
    if judged.verdict == Verdict::NoAnswer
        && !refuses
        && says(&denied)
        && by_kind(question, &denied.replace("不是", "")).verdict != Verdict::NoAnswer
    {
        return Judgement::something_else();
    }
    if judged.verdict == Verdict::Correct && open && is_list {
        return Judgement::new(Verdict::Partial, judged.matched_by, 0.7);
    }
    judged
}

/// The expected answer holds the "never" itself: "never boils".
fn denial_is_expected(question: &Question<'_>, said: &str) -> bool {
    question
        .expected
        .parts
        .iter()
        .map(|p| normalise(p, question.language))
        .any(|part| ["never ", "not ", "no ", "不", "没"].iter().any(|no| part.starts_with(no) && said.contains(no)))
}

/// Several candidates, none chosen: something of it is right when one of them is. Numbers and dates see to that themselves.
fn open_choice(question: &Question<'_>, said: &str) -> Judgement {
    let whole = by_kind(question, said);
    if matches!(question.expected.kind, AnswerKind::Number | AnswerKind::Date)
        || clock_answers::time_of_day(question, said).is_some()
    {
        return whole;
    }
    let parted = turns::MAYBE_ELSE
        .iter()
        .chain(&["还是", "要么", "或者", "或是", "就是", " or ", "either "])
        .fold(said.to_owned(), |t, w| t.replace(w, "\n"));
    let parted = parted.replace("不是", "").replace(['?', '？'], "\n");
    // "I'm between the cuckoo and the magpie"
    let parted = if parted.contains("between ") { parted.replace(" and ", "\n") } else { parted };
    let options: Vec<Judgement> =
        parted.lines().filter(|o| o.chars().any(char::is_alphanumeric)).map(|o| by_kind(question, o)).collect();
    let told = options.iter().find(|j| j.is_told()).copied().or(Some(whole).filter(Judgement::is_told));
    // One thing said twice is one candidate.
    let all_right = options.len() > 1
        && options.iter().all(|j| j.verdict == Verdict::Correct)
        && !(said.contains("不是") && said.contains("就是"));
    match told {
        Some(judged) if all_right => judged,
        Some(judged) => Judgement::new(Verdict::Partial, judged.matched_by, 0.7),
        None => whole,
    }
}

/// The expected answer itself may hold an "or".
fn open_in_expected(question: &Question<'_>) -> bool {
    question.expected.parts.iter().any(|p| turns::is_open_choice(&normalise(p, question.language)))
}

pub(crate) fn by_kind(question: &Question<'_>, said: &str) -> Judgement {
    match question.expected.kind {
        AnswerKind::Date => date_answers::date(question, said),
        AnswerKind::Number if quantities::is_length(question) => quantities::length(question, said),
        AnswerKind::Number => quantities::number(question, said),
        AnswerKind::List | AnswerKind::OrderedList => lists::list(question, said),
        _ if quantities::is_length(question) => quantities::length(question, said),
        _ => clock_answers::time_of_day(question, said).unwrap_or_else(|| words(question, said)),
    }
}

pub(crate) fn first_part(expected: &Expected) -> &str {
    expected.parts.first().map_or("", String::as_str)
}

/// Least share of the telling words that makes an answer partly right. [design]
const PARTIAL_COVER: f64 = 0.3;

/// Share of the telling words that makes a reason right: people put reasons in words of their own. [design]
const REASON_COVER: f64 = 0.6;

/// The same, where more of what the memory says is told beside it. [design]
const HALF_A_REASON: f64 = 0.5;

pub(crate) fn asks_why(question: &Question<'_>) -> bool {
    let asked = normalise(question.text, question.language);
    asked.starts_with("why") || ["为什么", "为啥", "怎么没"].iter().any(|w| asked.contains(w))
}

/// Whether two things are asked for at once: what is wrong with the one leaves the other right.
fn asks_two(question: &Question<'_>) -> bool {
    let asked = normalise(question.text, question.language);
    let han: usize = ["什么", "谁", "哪", "几", "多少"].iter().map(|w| asked.matches(w).count()).sum();
    [" and what", " and who", " and where", " and when", " and how"].iter().any(|w| asked.contains(w)) || han >= 2
}

pub(crate) fn words(question: &Question<'_>, said: &str) -> Judgement {
    if let Some(judged) = open_question::open_question(question, said) {
        return judged;
    }
    if let Some(judged) = polar::polar(question, said) {
        return judged;
    }
    let utterance = Utterance::new(question, said);
    let needles = Needle::all(question);
    let best = needles.iter().map(|needle| utterance.hold_against(needle)).max_by(|a, b| a.cover.total_cmp(&b.cover));
    let Some(best) = best else { return Judgement::nothing_offered() };
    if best.cover > 0.0
        && best.cover < 0.999
        && utterance.names_only_the_owner(&needles)
        && !utterance.describes(&needles)
    {
        return Judgement::something_else();
    }
    if vague::allows_what_is_banned(question, said, &needles) {
        return Judgement::something_else();
    }
    if best.cover > 0.0 && utterance.is_elsewhere(&needles) {
        return Judgement::something_else();
    }
    if best.cover > 0.0
        && matches!(best.by, MatchedBy::Relation | MatchedBy::Words)
        && utterance.names_a_known_other(&needles)
    {
        return Judgement::something_else();
    }
    if best.cover >= 0.999 && utterance.leads_with_another(&needles) {
        return Judgement::something_else();
    }
    let only_somebody = described::asks_for_person(question) && utterance.is_just_somebody(&needles);
    if only_somebody && (best.cover > 0.0 || utterance.describes(&needles)) {
        return Judgement::new(Verdict::Partial, MatchedBy::Relation, 0.7);
    }
    let checks_names = best.cover < 0.999 || question.language == Language::En;
    if checks_names
        && described::asks_for_person(question)
        && utterance.names_another_person(&needles)
        && !utterance.describes(&needles)
    {
        return Judgement::something_else();
    }
    // "The first was Ann; the other I forget", "Hill something": a part is said to be missing.
    let gives_one_up = asks_two(question) && speech::phrase_intent(said) == Some(Intent::Forgot);
    if best.cover >= 0.999 && (gives_one_up || vague::leaves_the_rest(&utterance, &needles)) {
        return Judgement::new(Verdict::Partial, best.by, 0.7);
    }
    if best.cover >= 0.999 {
        return Judgement::new(Verdict::Correct, best.by, 0.9);
    }
    if utterance.gives_the_surname(&needles) && !utterance.puts_another_part(&needles) {
        return Judgement::new(Verdict::Correct, MatchedBy::Words, 0.75);
    }
    if utterance.describes(&needles) {
        return Judgement::new(Verdict::Correct, MatchedBy::Relation, 0.7);
    }
    if definitions::has_the_sense(question, said, &needles) || definitions::fits_definition(&utterance, &needles) {
        return Judgement::new(Verdict::Correct, MatchedBy::Words, 0.6);
    }
    if utterance.says_what_all_share(&needles) || vague::is_saying_with_more(question, said) {
        return Judgement::new(Verdict::Correct, MatchedBy::Words, 0.6);
    }
    if asks_why(question) && utterance.holds_the_signs(&needles) {
        return Judgement::new(Verdict::Correct, MatchedBy::Words, 0.6);
    }
    if best.cover >= REASON_COVER && asks_why(question) {
        return Judgement::new(Verdict::Correct, MatchedBy::Words, 0.6);
    }
    if best.cover >= HALF_A_REASON && asks_why(question) && utterance.tells_more_of_the_memory(&needles) {
        return Judgement::new(Verdict::Correct, MatchedBy::Words, 0.6);
    }
    if offer::is_another_of_the_memory(question, said, &needles) {
        return Judgement::something_else();
    }
    if best.cover > 0.0 && vague::is_only_something(question, said) {
        return Judgement::new(Verdict::Partial, MatchedBy::Words, 0.6);
    }
    let keeps_apart = asks_why(question) || asks_two(question);
    if best.cover >= PARTIAL_COVER && (keeps_apart || !utterance.puts_another_part(&needles)) {
        return Judgement::new(Verdict::Partial, MatchedBy::Words, 0.7);
    }
    if utterance.names_only_the_kind(&needles) {
        return Judgement::new(Verdict::Partial, MatchedBy::Words, 0.6);
    }
    if best.cover >= PARTIAL_COVER {
        return Judgement::something_else();
    }
    if vague::begins_the_name(&utterance, &needles) {
        return Judgement::new(Verdict::Partial, MatchedBy::Words, 0.6);
    }
    if crate::talk::is_talk(said, question.language) {
        return Judgement::nothing_offered();
    }
    if vague::is_only_somebody(question, said)
        || vague::is_only_something(question, said)
        || vague::is_some_place_to_eat(question, said)
        || vague::is_only_somewhere(question, said)
        || vague::is_the_wider_place(question, said)
        || vague::is_somewhere_indoors(question, said, &needles)
    {
        return Judgement::new(Verdict::Partial, MatchedBy::Words, 0.6);
    }
    silence_or_other(question, said)
}

/// Nothing of the expected answer is there: was something else offered, or nothing at all?
pub(crate) fn silence_or_other(question: &Question<'_>, said: &str) -> Judgement {
    if offer::offers_something(question, said) { Judgement::something_else() } else { Judgement::nothing_offered() }
}
