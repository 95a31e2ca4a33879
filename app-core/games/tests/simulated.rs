//! Games against simulated players.

use reme_games::{Bundle, Player, Speaker, builtin_slugs, simulate};
use reme_types::Language;

#[test]
fn every_game_ends_with_every_player_in_both_languages() {
    for slug in builtin_slugs() {
        let bundle = Bundle::builtin(slug).expect(slug);
        for player in Player::ALL {
            for language in Language::ALL {
                for level in [1, 3, 9] {
                    let report = simulate(bundle, language, player, level, 7);
                    let summary = report.summary.expect("it ends");
                    assert!(!summary.stopped, "{slug} {player:?}");
                    assert!(report.lines.iter().any(|line| line.speaker == Speaker::Reme));
                }
            }
        }
    }
}
