//! How a patient's screens look and in which language they speak, and whether they speak aloud.

use reme_types::{Language, Patient};
use serde::{Deserialize, Serialize};

use crate::{
    Companion, Problem,
    dto::{SettingsDto, VoiceSettingsDto},
    form::choice,
    household::ReMeError,
};

/// The setting that holds the look.
const SCREEN: &str = "screen";
/// Body text, px: the least and the most a screen offers (ELDER-UX notes: at least 18, adjustable up to 30 or more).
const TEXT_PX: (u8, u8) = (18, 36);
/// Where nobody has said: two steps above the least [design].
const TEXT_PX_AT_FIRST: u8 = 20;

/// The setting that holds how lines are spoken.
const VOICE: &str = "voice";
/// Pace in percent of the voice's own: the slowest and the fastest a screen offers [design].
const RATE_PERCENT: (u8, u8) = (60, 120);
/// Where nobody has said: a little slower than people talk to one another [design].
const RATE_PERCENT_AT_FIRST: u8 = 90;

#[derive(Serialize, Deserialize)]
struct Screen {
    theme: String,
    text_px: u8,
}

/// How lines are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoiceSettings {
    /// Every line as it comes.
    pub speak: bool,
    /// Pace in percent of the voice's own.
    pub rate_percent: u8,
}

impl Companion {
    /// How lines are spoken: aloud, a little slowly, where nobody has said.
    ///
    /// # Errors
    /// What the store says.
    pub fn voice_settings(&self) -> Result<VoiceSettings, ReMeError> {
        let at_first = VoiceSettings { speak: true, rate_percent: RATE_PERCENT_AT_FIRST };
        Ok(self.store.setting::<VoiceSettings>(VOICE)?.unwrap_or(at_first))
    }

    /// Changes it.
    ///
    /// # Errors
    /// A pace nobody offers; nothing is changed then.
    pub fn set_voice_settings(&mut self, input: &VoiceSettingsDto) -> Result<VoiceSettings, ReMeError> {
        let (low, high) = RATE_PERCENT;
        if !(low..=high).contains(&input.rate_percent) {
            let problem = Problem::Range { low: low.into(), high: high.into() };
            return Err(ReMeError::Invalid { field: "rate_percent", problem });
        }
        let settings = VoiceSettings { speak: input.speak, rate_percent: input.rate_percent };
        self.store.transact(|tx| tx.put_setting(VOICE, &settings))?;
        Ok(settings)
    }

    /// The settings in force.
    ///
    /// # Errors
    /// What the store says.
    pub fn settings(&self) -> Result<SettingsDto, ReMeError> {
        let at_first = || Screen { theme: "auto".into(), text_px: TEXT_PX_AT_FIRST };
        let screen = self.store.setting::<Screen>(SCREEN)?.unwrap_or_else(at_first);
        let language = self.store.patient()?.language.tag().to_owned();
        Ok(SettingsDto { language, theme: screen.theme, text_px: screen.text_px })
    }

    /// Changes them; the language is that of the sessions as well, from the next one on.
    ///
    /// # Errors
    /// A value that cannot be taken, by field; nothing is changed then.
    pub fn set_settings(&mut self, input: &SettingsDto) -> Result<SettingsDto, ReMeError> {
        let language = choice("language", &input.language, &Language::ALL.map(|language| (language.tag(), language)))?;
        let theme = choice("theme", &input.theme, &["auto", "light", "dark", "contrast"].map(|theme| (theme, theme)))?;
        let (low, high) = TEXT_PX;
        if !(low..=high).contains(&input.text_px) {
            let problem = Problem::Range { low: low.into(), high: high.into() };
            return Err(ReMeError::Invalid { field: "text_px", problem });
        }
        let patient = self.store.patient()?;
        self.store.transact(|tx| {
            if patient.language != language {
                tx.put_patient(&Patient { language, ..patient })?;
            }
            tx.put_setting(SCREEN, &Screen { theme: theme.into(), text_px: input.text_px })
        })?;
        self.settings()
    }
}
