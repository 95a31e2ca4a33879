//! Spoken notes: the recording is kept with the memory, and what was heard in it is the memory's text.
//!
//! Where in the flow: a shell has the recording heard (`reme-speech`) with this person's names and places, and hands both over. What
//! was heard is a draft like any note that is read by rules: it can be changed, the recording stays as it was.
//! What it must never do: keep a recording of a kind that nothing can play, or a memory without a word in it.

use reme_capture::clean_text;
use reme_store::Tx;
use reme_types::{Language, MediaId};

use crate::{AddedMemory, Companion, NewMemory, Problem, household::ReMeError};

/// A recording and what was heard in it.
#[derive(Clone)]
pub struct VoiceNote {
    recording: Vec<u8>,
    mime: &'static str,
    heard: String,
}

impl VoiceNote {
    /// Takes the bytes of a WAV, OGG, M4A or MP3 file and the text heard in it.
    ///
    /// # Errors
    /// [`ReMeError::Invalid`] for another kind of file.
    pub fn new(recording: Vec<u8>, heard: impl Into<String>) -> Result<Self, ReMeError> {
        let allowed = || Problem::Choice { allowed: "WAV, OGG, M4A, MP3".to_owned() };
        let mime = mime_of(&recording).ok_or_else(|| ReMeError::Invalid { field: "voice", problem: allowed() })?;
        Ok(Self { recording, mime, heard: heard.into() })
    }
}

impl Companion {
    /// Keeps a spoken note as a memory, with its recording; `new.text`, typed beside it, stands in front of what was heard. What is
    /// left open (time, people, place) is read from the text.
    ///
    /// # Errors
    /// Nothing was heard and nothing typed; whatever [`Companion::add_memory`] says. No memory is kept then.
    pub fn add_voice_note(&mut self, note: &VoiceNote, new: NewMemory) -> Result<AddedMemory, ReMeError> {
        let text = [new.text.trim(), note.heard.trim()].into_iter().filter(|text| !text.is_empty());
        let text = clean_text(&text.collect::<Vec<_>>().join("\n"))?; // before anything is kept
        let keep = |tx: &mut Tx<'_>| tx.add_media(&note.recording, note.mime);
        let (recording, _): (MediaId, _) = self.store.transact(keep)?;
        self.add_memory_with(NewMemory { text, ..new }, vec![recording])
    }

    /// Keeps a recording, to be named by a memory later. The same bytes are kept once.
    ///
    /// # Errors
    /// [`ReMeError::Invalid`] for a kind of file nothing can play; what the store says.
    pub fn keep_recording(&mut self, recording: &[u8]) -> Result<String, ReMeError> {
        let mime = mime_of(recording).ok_or_else(|| {
            let problem = Problem::Choice { allowed: "WAV, OGG, M4A, MP3".to_owned() };
            ReMeError::Invalid { field: "voice", problem }
        })?;
        Ok(self.store.transact(|tx| tx.add_media(recording, mime))?.0.to_string())
    }

    /// What may be said now, for the recogniser: where the running session waits for a number, numbers of every kind (never the
    /// expected one alone); where it offers choices, those; then names and places.
    ///
    /// # Errors
    /// What the store says.
    pub fn likely_words(&self) -> Result<Vec<String>, ReMeError> {
        let asked = self.session()?.filter(|session| session.state == "running");
        let mut words: Vec<String> = match &asked {
            Some(session) if session.input == "number" => {
                let language = session.language.parse().unwrap_or(self.patient()?.language);
                number_words(language).iter().map(|&word| word.to_owned()).collect()
            }
            Some(session) => session.choices.iter().map(|choice| choice.label.clone()).collect(),
            None => Vec::new(),
        };
        words.extend(self.hot_words()?);
        Ok(words)
    }

    /// Names and places this person is likely to say, for the recogniser: people with their other names, then places.
    ///
    /// # Errors
    /// What the store says.
    pub fn hot_words(&self) -> Result<Vec<String>, ReMeError> {
        let known = self.known()?;
        let people = known.people.into_iter().flat_map(|person| std::iter::once(person.name).chain(person.aliases));
        Ok(people.chain(known.places).filter(|word| !word.trim().is_empty()).collect())
    }
}

/// Numbers as they are said, so chosen that every digit is among them. A number of one syllable is easily taken for a word (八 for 吧),
/// less so when it is expected as it stands in a sentence: docs/decisions/0010-hearing.md.
const fn number_words(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &["eight", "ten", "fifteen", "twenty-three", "sixty-seven", "ninety-four"],
        Language::ZhCn => &["是十八", "等于三十一", "答案是八", "四十二", "九十七", "十", "五十六块", "是二"],
    }
}

/// The kind of a recording by its first bytes.
fn mime_of(bytes: &[u8]) -> Option<&'static str> {
    let at = |place: usize, word: &[u8]| bytes.get(place..place + word.len()) == Some(word);
    // An MPEG frame begins with eleven bits set; its layer is never 0.
    let is_mpeg_frame = bytes.len() > 4 && bytes[0] == 0xff && bytes[1] & 0xe0 == 0xe0 && bytes[1] & 0x06 != 0;
    match () {
        () if at(0, b"RIFF") && at(8, b"WAVE") => Some("audio/wav"),
        () if at(0, b"OggS") => Some("audio/ogg"),
        () if at(4, b"ftyp") => Some("audio/mp4"),
        () if at(0, b"ID3") || is_mpeg_frame => Some("audio/mpeg"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_known_by_its_bytes_and_anything_else_is_refused() {
        for (bytes, mime) in [
            (&b"RIFF\x24\0\0\0WAVEfmt "[..], "audio/wav"),
            (b"OggS\0\x02\0\0", "audio/ogg"),
            (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
            (b"ID3\x04\0\0", "audio/mpeg"),
            (&[0xff, 0xf3, 0x40, 0xc4, 0], "audio/mpeg"),
        ] {
            assert_eq!(mime_of(bytes), Some(mime));
        }
        for bytes in [&b""[..], b"a letter", b"\x89PNG\r\n\x1a\n", &[0xff, 0xd8, 0xff, 0xe0, 0]] {
            assert!(VoiceNote::new(bytes.to_vec(), "words").is_err());
        }
    }
}
