//! A trend in one or two sentences, for a carer: where it points, how sure that is, and the band it rests on.
//!
//! Where in the flow: the progress screen prints it beside the chart. What it must never do: judge a person's health, or name a
//! number without its band.

use reme_types::Language;

use crate::{Direction, DomainTrend};

/// From this probability on a slope that is not beyond its band is called a hint of one [design].
const HINT: f64 = 0.80;
/// From this probability on one is "quite sure" and no longer "fairly sure" [design].
const QUITE_SURE: f64 = 0.995;

/// Direction, sureness and band in the language given; never a verdict on health.
///
/// ```
/// use reme_assessment::{Direction, DomainTrend, sentence};
/// use reme_types::{Domain, Language};
/// let none = DomainTrend {
///     domain: Domain::Episodic, points: vec![], direction: Direction::TooEarly, slope: 0.0, sureness: 0.5,
///     rungs: Direction::TooEarly,
/// };
/// assert_eq!(sentence(&none, Language::En), "No sessions yet.");
/// ```
pub fn sentence(trend: &DomainTrend, language: Language) -> String {
    let Some(last) = trend.points.last() else {
        return match language {
            Language::En => "No sessions yet.".into(),
            Language::ZhCn => "还没有训练记录。".into(),
        };
    };
    let percent = |rate: f64| (rate * 100.0).round();
    let (success, low, high) = (percent(last.success), percent(last.low), percent(last.high));
    let (sessions, way, help) = (trend.points.len(), way(trend, language), help(trend.rungs, language));
    match language {
        Language::En => {
            let count = if sessions == 1 { "1 session".to_owned() } else { format!("{sessions} sessions") };
            format!("{way} ({count}). Last time {success} %, likely between {low} and {high} %.{help}")
        }
        Language::ZhCn => {
            format!("{way}（共{sessions}次训练）。上次成功率{success}%，大致在{low}%到{high}%之间。{help}")
        }
    }
}

fn way(trend: &DomainTrend, language: Language) -> &'static str {
    let quite = trend.sureness >= QUITE_SURE;
    let (en, zh) = match trend.direction {
        Direction::TooEarly => ("Too early to say where it goes", "次数还少，看不出走向"),
        Direction::Rising if quite => ("Going up, quite sure", "在上升，很有把握"),
        Direction::Rising => ("Going up, fairly sure", "在上升，比较有把握"),
        Direction::Falling if quite => ("Going down, quite sure", "在下降，很有把握"),
        Direction::Falling => ("Going down, fairly sure", "在下降，比较有把握"),
        Direction::Steady if trend.sureness < HINT => ("Holding steady", "大致平稳"),
        Direction::Steady if trend.slope > 0.0 => ("Perhaps going up, not sure yet", "也许在上升，还说不准"),
        Direction::Steady => ("Perhaps going down, not sure yet", "也许在下降，还说不准"),
    };
    if language == Language::ZhCn { zh } else { en }
}

fn help(rungs: Direction, language: Language) -> &'static str {
    let (en, zh) = match rungs {
        Direction::TooEarly | Direction::Steady => ("", ""),
        Direction::Falling => (" Less help is needed than before.", "需要的提示比以前少。"),
        Direction::Rising => (" More help is needed than before.", "需要的提示比以前多。"),
    };
    if language == Language::ZhCn { zh } else { en }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use reme_types::{Domain, FixedClock, SeededRng, SessionId};

    use super::*;
    use crate::SessionPoint;

    fn trend(direction: Direction, sureness: f64, rates: &[f64]) -> DomainTrend {
        let clock = FixedClock { now: jiff::Timestamp::UNIX_EPOCH, time_zone: jiff::tz::TimeZone::UTC };
        let point = |success: &f64| SessionPoint {
            session_id: SessionId::new(&clock, &mut SeededRng::new(1)),
            date: Date::constant(2026, 5, 4),
            success: *success,
            low: success - 0.2,
            high: success + 0.1,
            trials: 10,
            mean_rung: None,
        };
        let points = rates.iter().map(point).collect();
        let slope = rates[rates.len() - 1] - rates[0];
        DomainTrend { domain: Domain::Episodic, points, direction, slope, sureness, rungs: Direction::Falling }
    }

    #[test]
    fn a_direction_comes_with_how_sure_it_is_and_its_band() {
        let rising = trend(Direction::Rising, 0.97, &[0.5, 0.6, 0.7, 0.8]);
        assert_eq!(
            sentence(&rising, Language::En),
            "Going up, fairly sure (4 sessions). Last time 80 %, likely between 60 and 90 %. Less help is needed than before."
        );
        assert_eq!(
            sentence(&rising, Language::ZhCn),
            "在上升，比较有把握（共4次训练）。上次成功率80%，大致在60%到90%之间。需要的提示比以前少。"
        );
    }

    #[test]
    fn a_slope_within_its_band_is_called_unsure_or_steady() {
        for (rates, sureness, start) in [
            (&[0.5, 0.6, 0.5, 0.7][..], 0.9, "Perhaps going up, not sure yet"),
            (&[0.7, 0.6, 0.7, 0.5], 0.9, "Perhaps going down, not sure yet"),
            (&[0.7, 0.6, 0.7, 0.7], 0.6, "Holding steady"),
        ] {
            let said = sentence(&trend(Direction::Steady, sureness, rates), Language::En);
            assert!(said.starts_with(start), "{said}");
        }
    }
}
