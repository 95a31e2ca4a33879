//! Games against simulated players: golden scores, golden transcripts, and what must hold for every player.

use reme_games::{Bundle, Player, SimulationReport, Speaker, builtin_slugs, is_success, simulate};
use reme_types::Language;

fn report(slug: &str, language: Language, player: Player, level: u8, seed: u64) -> SimulationReport {
    simulate(Bundle::builtin(slug).expect(slug), language, player, level, seed)
}

#[test]
fn every_game_ends_with_every_player_in_both_languages() {
    for slug in builtin_slugs() {
        for player in Player::ALL {
            for language in Language::ALL {
                for level in [1, 3, 9] {
                    let report = report(slug, language, player, level, 7);
                    let summary = report.summary.expect("it ends");
                    assert!(!summary.stopped, "{slug} {player:?}");
                    assert!(report.lines.iter().any(|line| line.speaker == Speaker::Reme));
                    let unsaid = report.lines.iter().find(|line| line.text.contains('{') || line.text.is_empty());
                    assert_eq!(unsaid, None, "{slug} {player:?} {language}");
                }
            }
        }
    }
}

/// Successes, counting trials, score in hundredths, level asked for next; seed 7, level 3.
#[test]
fn scores_are_as_they_were() {
    let mut table = String::new();
    for slug in builtin_slugs() {
        for player in Player::ALL {
            let report = report(slug, Language::En, player, 3, 7);
            let summary = report.summary.as_ref().expect("it ends");
            let score = (report.score * 100.0).round();
            let (successes, trials, next) = (summary.successes, summary.trials, summary.next_level);
            table.push_str(&format!("{slug} {} {successes}/{trials} {score} {next}\n", player.slug()));
        }
    }
    assert_eq!(table, include_str!("golden/scores.txt"), "the new table:\n{table}");
}

#[test]
fn both_languages_are_played_and_scored_alike() {
    for slug in builtin_slugs() {
        for player in Player::ALL {
            let [en, zh] = Language::ALL.map(|language| report(slug, language, player, 4, 11));
            let rows = |report: &SimulationReport| -> Vec<_> {
                report.outcomes.iter().map(|o| (o.kind.clone(), o.level, o.verdict, o.cue, o.data.clone())).collect()
            };
            assert_eq!(rows(&en), rows(&zh), "{slug} {player:?}");
        }
    }
}

#[test]
fn the_perfect_player_succeeds_in_everything_and_the_silent_one_in_nothing() {
    for slug in builtin_slugs() {
        for seed in 0..20 {
            let perfect = report(slug, Language::En, Player::Perfect, 3, seed);
            assert!(perfect.outcomes.iter().all(is_success), "{slug} {seed}");
            assert_eq!(perfect.summary.expect("it ends").next_level, 4);
            let silent = report(slug, Language::En, Player::Silent, 3, seed);
            assert!(!silent.outcomes.iter().any(is_success), "{slug} {seed}");
        }
    }
}

#[test]
fn better_players_do_better_on_the_whole() {
    for slug in builtin_slugs() {
        let mean = |player| {
            let rates = (0..60).map(|seed| report(slug, Language::En, player, 3, seed).success_rate.unwrap_or(0.0));
            rates.sum::<f64>() / 60.0
        };
        let [perfect, average, impaired, silent] =
            [Player::Perfect, Player::Average, Player::Impaired, Player::Silent].map(mean);
        assert!(perfect > average && average > impaired && impaired > silent, "{slug}: {perfect} {average} {impaired}");
    }
}

/// To renew one: `reme game simulate life-recall --player average --seed 7 --level 3 --lang en`, without the lines that sum it up.
#[test]
fn transcripts_are_as_they_were() {
    for (slug, player, language, golden) in [
        ("life-recall", Player::Average, Language::En, include_str!("golden/life-recall.average.en.txt")),
        ("life-recall", Player::Impaired, Language::ZhCn, include_str!("golden/life-recall.impaired.zh-CN.txt")),
        ("mental-arithmetic", Player::Impaired, Language::En, include_str!("golden/mental-arithmetic.impaired.en.txt")),
        (
            "mental-arithmetic",
            Player::Average,
            Language::ZhCn,
            include_str!("golden/mental-arithmetic.average.zh-CN.txt"),
        ),
        ("colour-words", Player::Lapsing, Language::En, include_str!("golden/colour-words.lapsing.en.txt")),
    ] {
        let transcript = report(slug, language, player, 3, 7).to_string();
        assert_eq!(transcript, golden, "{slug} {player:?} {language}, now:\n{transcript}");
    }
}
