//! Trials as CSV (RFC 4180), and the dictionary that explains the columns.

use std::fmt::Write as _;

use crate::tables::trials::Trial;

/// Name, type, unit or values, meaning.
const COLUMNS: [(&str, &str, &str, &str); 19] = [
    ("trial_id", "uuid", "", "Id of the trial"),
    ("session_id", "uuid", "", "Id of its session"),
    ("seq", "integer", "0-based", "Number within the session"),
    ("block", "integer", "0-based", "Which game of the session"),
    ("game", "slug", "", "The game"),
    ("template_version", "version", "", "Version of the game's template"),
    ("kind", "slug", "", "Trial kind, such as recall-fact"),
    ("domain", "slug", "", "Domain the trial counts for"),
    ("level", "integer", "1 = easiest", "Difficulty level it was played at"),
    ("practice", "integer", "0 or 1", "1 for practice trials, which never count"),
    ("verdict", "word", "correct, partial, incorrect, no_answer", "How good the answer was"),
    ("score", "number", "0-1", "From verdict and rung, by the scorer of that version"),
    ("rung", "integer", "0-7, empty when not laddered", "Help given: 0 recalled freely to 7 told and repeated"),
    ("rt_ms", "integer", "milliseconds, empty when not timed", "From stimulus to answer"),
    ("input", "word", "typed, tapped, spoken", "How the answer came in"),
    ("matched_by", "word", "", "On what the match rests; trials matched by model never count"),
    ("confidence", "number", "0-1", "How sure the match is"),
    ("at", "time", "RFC 3339, UTC", "When it was decided, by the device's clock"),
    ("scorer", "integer", "", "Version of the scorer"),
];

/// The first line.
pub(crate) fn csv_header() -> String {
    let names: Vec<&str> = COLUMNS.iter().map(|(name, ..)| *name).collect();
    format!("{}\r\n", names.join(","))
}

/// A cell: quoted where it must be, and never read as a formula by a spreadsheet.
fn cell(text: &str) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([',', '"', '\r', '\n']) { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

fn maybe(number: Option<i64>) -> String {
    number.map(|n| n.to_string()).unwrap_or_default()
}

/// One trial's line.
pub(crate) fn csv_row(out: &mut String, trial: &Trial) {
    let at = jiff::Timestamp::from_millisecond(trial.at_ms).map(|at| format!("{at:.3}")).unwrap_or_default();
    let cells = [
        cell(&trial.id),
        cell(&trial.session),
        trial.seq.to_string(),
        trial.block.to_string(),
        cell(&trial.game),
        cell(&trial.template_version),
        cell(&trial.kind),
        cell(&trial.domain),
        trial.level.to_string(),
        u8::from(trial.practice).to_string(),
        cell(&trial.verdict),
        trial.score.to_string(),
        maybe(trial.rung),
        maybe(trial.rt_ms),
        cell(&trial.input),
        cell(&trial.matched_by),
        trial.confidence.to_string(),
        at,
        trial.scorer.to_string(),
    ];
    // Writing into a string cannot fail.
    let _ = write!(out, "{}\r\n", cells.join(","));
}

/// The dictionary.
pub(crate) fn csv_dictionary() -> String {
    let mut out = "column,type,unit_or_values,meaning\r\n".to_owned();
    for (name, kind, unit, meaning) in COLUMNS {
        let _ = write!(out, "{},{},{},{}\r\n", cell(name), cell(kind), cell(unit), cell(meaning));
    }
    out
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn trial() -> Trial {
        Trial {
            id: "t".into(),
            session: "s".into(),
            seq: 0,
            block: 0,
            game: "life-recall".into(),
            template_version: "1.0.0".into(),
            input: "typed".into(),
            at_ms: 1_795_521_600_000,
            kind: "recall-fact".into(),
            domain: "episodic".into(),
            level: 2,
            practice: false,
            verdict: "correct".into(),
            score: 1.0,
            rung: Some(1),
            rt_ms: None,
            matched_by: "exact".into(),
            confidence: 0.5,
            scorer: 1,
        }
    }

    #[test]
    fn a_row_has_a_cell_for_every_column_and_formulas_are_defused() {
        let mut out = csv_header();
        csv_row(&mut out, &trial());
        let lines: Vec<_> = out.lines().collect();
        assert_eq!(lines[0].split(',').count(), COLUMNS.len());
        assert_eq!(
            lines[1],
            "t,s,0,0,life-recall,1.0.0,recall-fact,episodic,2,0,correct,1,1,,typed,exact,0.5,2026-11-24T12:00:00.000Z,1"
        );
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(csv_dictionary().lines().count(), COLUMNS.len() + 1);
    }
}
