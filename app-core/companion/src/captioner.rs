//! A sentence about a whole photo by a vision-language model of the user's, in two GGUF files.
//!
//! Where in the flow: behind `reme_vision::Captioner`, above `reme-lm`. What it says is a suggestion like any other: nothing
//! of it reaches a memory before somebody accepts it. What it must never do: see anything but the photo, or be waited for by
//! whoever brings photos in.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use reme_lm::{
    ChatMessage, Deadline, Flow, GenerateOptions, Image, LmError, LoadOptions, Model, Session, StopReason,
    VisionOptions,
};
use reme_types::Language;
use reme_vision::{Captioner, Picture, Stop, VisionError};

use crate::prompts;

/// Most tokens of a caption: two sentences. [design]
const CAPTION_TOKENS: usize = 64;
/// Context window, tokens: a photo as one tile, the question, the answer. [design]
const WINDOW_TOKENS: usize = 1024;
/// What ends a sentence.
const SENTENCE_ENDS: [char; 6] = ['.', '!', '?', '。', '！', '？'];
/// Said when it fails.
const WHAT: &str = "describing a photo";

/// The two files of a vision-language model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptionerFiles {
    /// The text model.
    pub model: PathBuf,
    /// What sees, as llama.cpp's converter writes it.
    pub mmproj: PathBuf,
}

impl CaptionerFiles {
    /// The first pair in a folder: `mmproj-NAME-TYPE.gguf`, and a `NAME-TYPE.gguf` of the same name, whatever the type (`f16`,
    /// `Q8_0`, …). `None` when there is none, or the folder cannot be read.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Option<Self> {
        let entries = std::fs::read_dir(folder).ok()?;
        let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        let bare = |name: &str| {
            let lower = name.to_lowercase();
            let stem = lower.strip_suffix(".gguf")?.to_owned();
            Some(stem.rsplit_once('-').map_or(stem.clone(), |(name, _)| name.to_owned()))
        };
        names.iter().find_map(|mmproj| {
            let own = bare(mmproj)?.strip_prefix("mmproj-")?.to_owned();
            let model = names.iter().find(|name| bare(name).is_some_and(|bare| bare == own))?;
            Some(Self { model: folder.join(model), mmproj: folder.join(mmproj) })
        })
    }
}

/// A captioner with a model of its own. `Send + Sync`; its calls take turns.
pub struct GgufCaptioner {
    session: Mutex<Session>,
    source: String,
}

impl GgufCaptioner {
    /// Opens both files. The photo is seen as one tile, since each further tile costs as much as the whole.
    ///
    /// # Errors
    /// What is wrong with a file, by name ([`LmError`]).
    pub fn open(files: &CaptionerFiles, threads: usize, memory_bytes: Option<u64>) -> Result<Self, LmError> {
        let vision = VisionOptions { mmproj: files.mmproj.clone(), longest_edge_px: Some(0) };
        let load = LoadOptions {
            threads,
            window_tokens: WINDOW_TOKENS,
            vision: Some(vision),
            memory_bytes,
            ..LoadOptions::default()
        };
        let model = Model::open(&files.model, &load)?;
        let name = model.info().name.to_lowercase();
        let words: Vec<&str> =
            name.split(|c: char| !c.is_alphanumeric() && c != '.').filter(|w| !w.is_empty()).collect();
        Ok(Self { session: Mutex::new(model.session()), source: format!("caption/{}", words.join("-")) })
    }
}

impl Captioner for GgufCaptioner {
    /// The confidence is the geometric mean of the probabilities that the model gives the tokens of its own sentence: how sure
    /// it is of the words, not how often it is right, which nobody has measured.
    fn describe(&self, picture: &Picture, language: Language, stop: &Stop) -> Result<(String, f32), VisionError> {
        let ((width, height), rgb) = (picture.size(), picture.rgb().to_vec());
        let image = Image::new(width as usize, height as usize, rgb).map_err(failed)?;
        let messages = [ChatMessage::user(prompts::caption(language)).with_image(image)];
        let stop: Deadline = Arc::clone(stop);
        let options =
            GenerateOptions { max_tokens: CAPTION_TOKENS, deadline: Some(stop), ..GenerateOptions::default() };
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let result = sentence(&mut session, &messages, &options);
        // Nothing of the photo stays in the cache, however it ended.
        session.forget();
        result
    }

    fn source(&self) -> &str {
        &self.source
    }
}

impl std::fmt::Debug for GgufCaptioner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GgufCaptioner").field("source", &self.source).finish_non_exhaustive()
    }
}

/// What the model says, and how sure it is of it.
fn sentence(
    session: &mut Session,
    messages: &[ChatMessage],
    options: &GenerateOptions,
) -> Result<(String, f32), VisionError> {
    let said = session.generate(messages, options, &mut |_| Flow::Continue).map_err(failed)?;
    if said.stop == StopReason::Deadline {
        return Err(VisionError::Stopped);
    }
    let sentence = whole_sentences(&said.text, said.stop == StopReason::EndOfTurn);
    if sentence.is_empty() {
        return Err(VisionError::Run { what: WHAT, detail: "the model said nothing".into() });
    }
    let scores = session.choose(messages, std::slice::from_ref(&said.text), options).map_err(failed)?;
    Ok((sentence, scores.first().map_or(0.0, |score| score.exp().clamp(0.0, 1.0) as f32)))
}

fn failed(error: LmError) -> VisionError {
    match error {
        LmError::Cancelled | LmError::DeadlinePassed => VisionError::Stopped,
        error => VisionError::Run { what: WHAT, detail: error.to_string() },
    }
}

/// One line; one that was cut short ends with its last whole sentence, if it has one.
fn whole_sentences(text: &str, is_whole: bool) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.rfind(SENTENCE_ENDS) {
        Some(at) if !is_whole => line[..at + line[at..].chars().next().map_or(0, char::len_utf8)].to_owned(),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_was_cut_off_is_left_out_unless_there_is_no_other() {
        assert_eq!(whole_sentences(" Two people\n sit. A dog li", false), "Two people sit.");
        assert_eq!(whole_sentences("两个人坐着。一只狗躺", false), "两个人坐着。");
        assert_eq!(whole_sentences("A dog lies", false), "A dog lies");
        assert_eq!(whole_sentences("It costs 3.50 and more", true), "It costs 3.50 and more");
    }

    #[test]
    fn the_two_files_are_found_by_their_name_whatever_their_types() {
        let folder = tempfile::tempdir().expect("a folder");
        let put = |name: &str| std::fs::write(folder.path().join(name), b"").expect("written");
        assert_eq!(CaptionerFiles::in_folder(folder.path()), None);
        ["mmproj-Other-1B-f16.gguf", "SmolVLM-500M-Instruct-Q8_0.gguf", "tiny-q4_1.gguf"].into_iter().for_each(put);
        assert_eq!(CaptionerFiles::in_folder(folder.path()), None);
        put("mmproj-SmolVLM-500M-Instruct-f16.gguf");
        let found = CaptionerFiles::in_folder(folder.path()).expect("a pair");
        assert!(found.model.ends_with("SmolVLM-500M-Instruct-Q8_0.gguf"));
        assert!(found.mmproj.ends_with("mmproj-SmolVLM-500M-Instruct-f16.gguf"));
        assert_eq!(CaptionerFiles::in_folder(Path::new("nowhere")), None);
    }
}
