//! A few lines on one session, to paste into the clinic's record. A description of training: no diagnosis, no advice.

use std::collections::BTreeMap;

use reme_types::Language;

use crate::{
    catalog,
    tables::{sessions::Session, trials::Trial},
};

/// The note.
pub(crate) fn session_note(session: &Session, trials: &[Trial], language: Language) -> String {
    let minutes = (session.seconds + 59) / 60;
    let counting: Vec<&Trial> = trials.iter().filter(|t| !t.practice && t.matched_by != "model").collect();
    let mut games: BTreeMap<&str, Vec<&Trial>> = BTreeMap::new();
    for trial in &counting {
        games.entry(&trial.game).or_default().push(trial);
    }
    let mut lines = vec![match language {
        Language::En => {
            let state = match session.state.as_str() {
                "done" => "played to its end",
                "stopped" => "ended early by the patient",
                _ => "not finished yet",
            };
            format!("Home memory training (ReMe), {}: {minutes} min, {state}.", session.day)
        }
        Language::ZhCn => {
            let state = match session.state.as_str() {
                "done" => "已完成",
                "stopped" => "患者提前结束",
                _ => "尚未结束",
            };
            format!("居家记忆训练（忆我）{}：{minutes} 分钟，{state}。", session.day)
        }
    }];
    for (game, trials) in &games {
        lines.push(game_line(catalog::title(game, language), trials, language));
    }
    let left_out = trials.len() - counting.len();
    lines.push(match language {
        Language::En => {
            format!("Trials counted: {} (left out: {left_out}). Describes training, not a diagnosis.", counting.len())
        }
        Language::ZhCn => format!("计入 {} 个试次（未计入 {left_out} 个）。仅描述训练情况，不作诊断。", counting.len()),
    });
    lines.join("\n")
}

fn game_line(game: &str, trials: &[&Trial], language: Language) -> String {
    let right = trials.iter().filter(|t| t.verdict == "correct").count();
    let laddered: Vec<i64> = trials.iter().filter_map(|t| t.rung).collect();
    let unaided = laddered.iter().filter(|rung| **rung == 0).count();
    let told = laddered.iter().filter(|rung| **rung == 7).count();
    let mut times: Vec<i64> = trials.iter().filter_map(|t| t.rt_ms).collect();
    times.sort_unstable();
    let median_s = times.get(times.len() / 2).map(|ms| *ms as f64 / 1000.0);
    let (all, cued) = (trials.len(), laddered.len() - unaided - told);
    match language {
        Language::En => {
            let mut line = format!("- {game}: {right} of {all} right");
            if !laddered.is_empty() {
                line += &format!("; recalled freely {unaided}, with a cue {cued}, told {told}");
            }
            median_s.map_or(line.clone() + ".", |s| format!("{line}; median answer after {s:.1} s."))
        }
        Language::ZhCn => {
            let mut line = format!("- {game}：{all} 题中答对 {right} 题");
            if !laddered.is_empty() {
                line += &format!("；自由回忆 {unaided}，提示后 {cued}，告知后 {told}");
            }
            median_s.map_or(line.clone() + "。", |s| format!("{line}；中位作答时间 {s:.1} 秒。"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::csv::tests::trial;

    fn session() -> Session {
        Session {
            id: "s".into(),
            device: "d".into(),
            state: "done".into(),
            plan_version: 1,
            started_ms: 0,
            ended_ms: None,
            seconds: 1_141,
            day: "2026-11-24".into(),
            games: vec!["life-recall".into()],
            trials: 4,
        }
    }

    #[test]
    fn the_note_counts_what_counts_in_both_languages() {
        let trials = [
            Trial { rung: Some(0), rt_ms: Some(1_200), ..trial() },
            Trial { rung: Some(3), rt_ms: Some(4_000), verdict: "partial".into(), ..trial() },
            Trial { rung: Some(7), rt_ms: Some(9_000), ..trial() },
            Trial { practice: true, ..trial() },
            Trial { matched_by: "model".into(), ..trial() },
        ];
        assert_eq!(
            session_note(&session(), &trials, Language::En),
            "Home memory training (ReMe), 2026-11-24: 20 min, played to its end.\n\
             - Memories of my life: 2 of 3 right; recalled freely 1, with a cue 1, told 1; median answer after 4.0 s.\n\
             Trials counted: 3 (left out: 2). Describes training, not a diagnosis."
        );
        let zh = session_note(&session(), &trials, Language::ZhCn);
        assert!(zh.contains("3 题中答对 2 题；自由回忆 1，提示后 1，告知后 1；中位作答时间 4.0 秒。"), "{zh}");
        assert!(session_note(&session(), &[], Language::En).contains("Trials counted: 0"));
    }
}
