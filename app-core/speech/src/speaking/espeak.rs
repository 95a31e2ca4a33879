//! espeak-ng as the last resort: a separate program that speaks both languages plainly, with no model to fetch.

use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use reme_types::Language;

use super::{Delivery, Line, Rate, SpeakError, Speech, Stop, line::Take, sound::resampled, written_out};
use crate::audio::{Audio, SampleRate};

/// Its words a minute at rate 1; its own default of 175 is too fast for an older listener.
const WORDS_PER_MINUTE: f32 = 150.0;

/// The program, started anew for every line.
#[derive(Debug, Clone)]
pub struct Espeak {
    program: PathBuf,
}

impl Espeak {
    /// `program` is a name to be looked up or a path: `espeak-ng`.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into() }
    }

    /// True when the program can be started.
    pub fn is_there(&self) -> bool {
        let mut command = Command::new(&self.program);
        command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    fn wav(&self, line: &Line, text: &str) -> Result<Vec<u8>, SpeakError> {
        let fault = |fault: String| SpeakError::Program { program: self.program.clone(), fault };
        let speed = (WORDS_PER_MINUTE * line.rate.value() * line.delivery.tempo()).round();
        let (voice, pitch) = (
            match line.language {
                Language::En => "en-us",
                Language::ZhCn => "cmn",
            },
            match line.delivery {
                Delivery::Warm => "42",
                Delivery::Neutral => "50",
                Delivery::Cheerful => "60",
            },
        );
        let mut child = Command::new(&self.program)
            .args(["--stdout", "--stdin", "-v", voice, "-p", pitch, "-s", &speed.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| fault(error.to_string()))?;
        if let Some(mut stdin) = child.stdin.take() {
            // The words go through the pipe, never onto a command line where others can read them.
            stdin.write_all(text.as_bytes()).map_err(|error| fault(error.to_string()))?;
        }
        let output = child.wait_with_output().map_err(|error| fault(error.to_string()))?;
        if !output.status.success() {
            return Err(fault(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        Ok(output.stdout)
    }
}

impl Speech for Espeak {
    fn synthesise(&self, line: &Line, stop: &Stop, take: &mut Take<'_>) -> Result<(), SpeakError> {
        let text = written_out(&line.text, line.language);
        if stop.is_asked() || !text.chars().any(char::is_alphabetic) {
            return Ok(());
        }
        let wav = self.wav(&Line { rate: Rate::nearest(line.rate.value()), ..line.clone() }, &text)?;
        let sound = pcm(&wav).ok_or_else(|| SpeakError::Program {
            program: self.program.clone(),
            fault: "its output is no 16-bit WAV".into(),
        })?;
        // One piece: there is nothing left to break off.
        let _ = take(resampled(&sound, SampleRate::SPEAKING)?);
        Ok(())
    }
}

/// The sound of a 16-bit mono WAV. A program that writes to a pipe cannot know the length, so the header's is not believed.
fn pcm(wav: &[u8]) -> Option<Audio> {
    if wav.get(..4)? != b"RIFF" || u16::from_le_bytes(wav.get(22..24)?.try_into().ok()?) != 1 {
        return None;
    }
    let hz = u32::from_le_bytes(wav.get(24..28)?.try_into().ok()?);
    let is_16_bit = u16::from_le_bytes(wav.get(34..36)?.try_into().ok()?) == 16;
    let samples = wav.get(44..)?.as_chunks::<2>().0.iter().map(|&b| f32::from(i16::from_le_bytes(b)) / 32_768.0);
    is_16_bit.then_some(())?;
    Some(Audio::new(samples.collect(), SampleRate::new(hz)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speaking::synthesise_whole;

    #[test]
    fn a_program_that_is_not_there_is_named_with_the_command_that_installs_it() {
        let voice = Espeak::new("no-such-program");
        assert!(!voice.is_there());
        let error = synthesise_whole(&voice, &Line::new(Language::En, "hush"), &Stop::default()).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("apt-get install -y espeak-ng") && !message.contains("hush"), "{message}");
    }

    #[test]
    fn a_wav_of_unknown_length_is_read_to_its_end() {
        let mut wav = Audio::new(vec![0.5, -0.5], SampleRate::HEARING).to_wav();
        wav[40..44].copy_from_slice(&u32::MAX.to_le_bytes());
        let sound = pcm(&wav).unwrap();
        assert_eq!((sound.samples().len(), sound.rate()), (2, SampleRate::HEARING));
        assert!(pcm(b"RIFF").is_none() && pcm(&[0; 60]).is_none());
    }
}
