//! How fast to speak to this person: a little slower than they speak themselves.

use reme_types::Language;

use super::Rate;

/// Syllables a second, pauses left out.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Pace(pub f32);

/// We stay this much below the person's own pace. People adapt their own rate to a comfortable listening rate, and older listeners
/// understand speech slowed by a tenth or so better than speech at full rate, while much slower speech helps no further.
const BELOW: f32 = 0.9;

/// Slowest and fastest we ever go, as multiples of the voice's own rate.
const SLOWEST: f32 = 0.7;
const FASTEST: f32 = 1.1;

/// When nobody has measured the person: a tenth below the voice's own rate.
const UNMEASURED: f32 = 0.9;

/// Syllables a second of the voice itself at rate 1, pauses left out: measured, see `docs/decisions/0011-speaking.md`. Read speech
/// lies at 6.2 in English and 5.2 in Mandarin (Pellegrino, Coupé & Marsico 2011, *Language* 87:539–558).
const fn own_pace(language: Language) -> f32 {
    match language {
        Language::En => 4.3,
        Language::ZhCn => 4.6,
    }
}

/// The rate for somebody who speaks at `measured` (see the hearing side); a calm one when there is no measure.
pub fn rate_for(language: Language, measured: Option<Pace>) -> Rate {
    let wanted = match measured {
        Some(Pace(pace)) if pace.is_finite() && pace > 0.0 => pace * BELOW / own_pace(language),
        _ => UNMEASURED,
    };
    Rate::nearest(wanted.clamp(SLOWEST, FASTEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn we_speak_a_little_slower_than_the_person_and_never_too_slow_or_fast() {
        for language in Language::ALL {
            let own = own_pace(language);
            assert!((rate_for(language, Some(Pace(own))).value() - 0.9).abs() < 1e-6);
            assert_eq!(rate_for(language, None).value(), UNMEASURED);
            assert_eq!(rate_for(language, Some(Pace(0.5))).value(), SLOWEST);
            assert_eq!(rate_for(language, Some(Pace(50.0))).value(), FASTEST);
            assert_eq!(rate_for(language, Some(Pace(f32::NAN))).value(), UNMEASURED);
            let slow = rate_for(language, Some(Pace(own * 0.95))).value();
            assert!(slow < rate_for(language, Some(Pace(own))).value() && slow > SLOWEST);
        }
    }
}
