//! The named voices in the voices file, and which of them, mixed how, says a line in which manner.

use reme_types::Language;

use super::{Delivery, SpeakError};

/// A voice of the voices file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voice {
    /// Kokoro's name for it: first letter the accent (a American, z Mandarin), second f or m.
    pub name: &'static str,
    /// The language it was trained in.
    pub language: Language,
}

/// In the order in which they lie in the voices file (see `kokoro-voices` in the manifest).
const VOICES: [Voice; 7] = [
    Voice { name: "af_heart", language: Language::En },
    Voice { name: "af_bella", language: Language::En },
    Voice { name: "am_michael", language: Language::En },
    Voice { name: "zf_xiaobei", language: Language::ZhCn },
    Voice { name: "zf_xiaoxiao", language: Language::ZhCn },
    Voice { name: "zm_yunxi", language: Language::ZhCn },
    Voice { name: "zm_yunyang", language: Language::ZhCn },
];

/// Every voice there is, in the order of the voices file.
pub fn voices() -> &'static [Voice] {
    &VOICES
}

/// A mix of voices: place in [`voices`] and share; shares add up to 1.
pub(crate) type Mix = [(usize, f32); 2];

/// Which voices say a line: the one named, or the manner's own mix.
///
/// # Errors
/// [`SpeakError::UnknownVoice`].
pub(crate) fn mix(language: Language, delivery: Delivery, named: Option<&str>) -> Result<Mix, SpeakError> {
    if let Some(name) = named {
        let place = VOICES.iter().position(|voice| voice.name == name).ok_or_else(|| SpeakError::UnknownVoice {
            name: name.to_owned(),
            known: VOICES.map(|voice| voice.name).join(", "),
        })?;
        return Ok([(place, 1.0), (place, 0.0)]);
    }
    // The second voice of a pair is the brighter one; a warm mix leans away from it.
    let (soft, bright) = match language {
        Language::En => (0, 1),
        Language::ZhCn => (4, 3),
    };
    let share = match delivery {
        Delivery::Warm => 0.0,
        Delivery::Neutral => 0.15,
        Delivery::Cheerful => 0.5,
    };
    Ok([(soft, 1.0 - share), (bright, share)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_manner_in_every_language_is_a_whole_mix_of_that_languages_voices() {
        for language in Language::ALL {
            for delivery in Delivery::ALL {
                let mix = mix(language, delivery, None).unwrap();
                assert!((mix.iter().map(|(_, share)| share).sum::<f32>() - 1.0).abs() < 1e-6);
                assert!(mix.iter().all(|&(place, _)| VOICES[place].language == language));
            }
        }
    }

    #[test]
    fn a_named_voice_is_taken_alone_and_an_unknown_one_is_answered_with_the_known() {
        assert_eq!(mix(Language::En, Delivery::Warm, Some("zm_yunxi")).unwrap(), [(5, 1.0), (5, 0.0)]);
        let message = mix(Language::En, Delivery::Warm, Some("nobody")).unwrap_err().to_string();
        assert!(message.contains("af_heart") && message.contains("`nobody`"), "{message}");
    }
}
