//! Many answers of many kinds, on lives invented for these tests: the label policy as numbers with a floor.
//!
//! A `?` line puts a question: domain | question | expected (` // ` divides idea units) | aliases (`;`) | context. The lines after it
//! are answers: `=` correct, `~` partial, `x` incorrect, `-` no answer.

use reme_conversation::{Question, expected_from, judge};
use reme_types::{Expected, Language, Verdict};

struct Put {
    text: String,
    expected: Expected,
    context: Option<String>,
}

fn put(line: &str, language: Language) -> Put {
    let fields: Vec<&str> = line.split('|').map(str::trim).collect();
    let parts: Vec<String> = fields[2].split(" // ").map(str::to_owned).collect();
    let aliases: Vec<String> = fields[3].split(';').map(|a| a.trim().to_owned()).filter(|a| !a.is_empty()).collect();
    Put {
        text: fields[1].to_owned(),
        expected: expected_from(&parts, &aliases, fields[1], language),
        context: fields.get(4).filter(|c| !c.is_empty()).map(|c| (*c).to_owned()),
    }
}

/// (how many, how many right, how many called correct that are not).
fn score(table: &str, language: Language) -> (usize, usize, usize) {
    let mut question = None;
    let (mut all, mut right, mut falsely) = (0, 0, 0);
    for line in table.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()) {
        if let Some(rest) = line.strip_prefix("? ") {
            question = Some(put(rest, language));
            continue;
        }
        let wanted = match &line[..2] {
            "= " => Verdict::Correct,
            "~ " => Verdict::Partial,
            "x " => Verdict::Incorrect,
            "- " => Verdict::NoAnswer,
            other => panic!("a line begins with {other:?}"),
        };
        let put = question.as_ref().expect("a question before its answers");
        let asked = Question {
            text: &put.text,
            expected: &put.expected,
            context: put.context.as_deref(),
            people: &[],
            language,
        };
        let judged = judge(&asked, &line[2..]);
        all += 1;
        if judged.verdict == wanted {
            right += 1;
        } else {
            falsely += usize::from(judged.verdict == Verdict::Correct);
            eprintln!(
                "{wanted:?} read as {:?} by {:?} | {} | {:?} {:?} | {}",
                judged.verdict,
                judged.matched_by,
                put.text,
                put.expected.kind,
                put.expected.parts,
                &line[2..]
            );
        }
    }
    eprintln!("{language}: {right} of {all} right, {falsely} falsely correct");
    (all, right, falsely)
}

#[test]
fn english_answers_are_read_as_people_mean_them() {
    let (all, right, falsely) = score(include_str!("items/answers.en.txt"), Language::En);
    assert!(right * 100 >= all * 96 && falsely * 100 <= all, "{right} of {all}, {falsely} falsely correct");
}

#[test]
fn chinese_answers_are_read_as_people_mean_them() {
    let (all, right, falsely) = score(include_str!("items/answers.zh.txt"), Language::ZhCn);
    assert!(right * 100 >= all * 96 && falsely * 100 <= all, "{right} of {all}, {falsely} falsely correct");
}

#[test]
fn a_second_table_written_after_the_rules_is_read_too() {
    for (table, language) in
        [(include_str!("items/more.en.txt"), Language::En), (include_str!("items/more.zh.txt"), Language::ZhCn)]
    {
        let (all, right, falsely) = score(table, language);
        assert!(right * 100 >= all * 93 && falsely * 100 <= all, "{right} of {all}, {falsely} falsely correct");
    }
}
