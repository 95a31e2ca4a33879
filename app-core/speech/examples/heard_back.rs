//! Proof by a machine's ear: the voice says every sentence of `heard_back/`, the recogniser hears it, and the errors are counted.
//!
//! `cargo run --release -p reme-speech --example heard_back -- KOKORO VOICES WHISPER FOLDER [en|zh-CN] [VOICE]`, or for both languages
//! `cargo xtask bench speech`. Sound and words lie side by side in the folder afterwards. The recogniser is told no words to expect.
#![allow(clippy::disallowed_methods, reason = "a measuring tool looks at the clock")]

use std::{error::Error, fs, ops::ControlFlow, path::Path, time::Instant};

use reme_speech::hearing::{Cancel, Expectation, Recognise, Whisper, read_file};
use reme_speech::speaking::{Kokoro, Line, Speech, Stop};
use reme_speech::{Audio, ErrorCount};
use reme_types::Language;

const SENTENCES: [(Language, &str); 2] =
    [(Language::En, include_str!("heard_back/en.txt")), (Language::ZhCn, include_str!("heard_back/zh.txt"))];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, voices, whisper, folder, rest @ ..] = arguments.as_slice() else {
        return Err("say: heard_back KOKORO VOICES WHISPER FOLDER [en|zh-CN] [VOICE]".into());
    };
    let only: Option<Language> = rest.first().map(|language| language.parse()).transpose()?;
    let named = rest.get(1).map(String::as_str);
    let folder = Path::new(folder);
    fs::create_dir_all(folder)?;
    let began = Instant::now();
    let voice = Kokoro::open(Path::new(model), Path::new(voices), 1)?;
    let voice_s = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let mut whisper = Whisper::open(Path::new(whisper), 1)?;
    println!("voice opened in {voice_s:.2} s, recogniser in {:.2} s\n", began.elapsed().as_secs_f64());
    let mut totals = Vec::new();
    for (language, sentences) in SENTENCES.into_iter().filter(|(language, _)| only.is_none_or(|only| only == *language))
    {
        let mut total = Total::default();
        for (index, sentence) in sentences.lines().enumerate() {
            let file = folder.join(format!("{language}_{index:02}.wav"));
            total.say(&voice, &Line { voice: named.map(str::to_owned), ..Line::new(language, sentence) }, &file)?;
            total.hear(&mut whisper, sentence, language, &file)?;
        }
        totals.push((language, total));
    }
    println!(
        "\n| | sentences | heard without an error | error rate | first sound after, p50 · p95 | voice, time a second of sound | \
         recogniser, the same |\n|---|---|---|---|---|---|---|"
    );
    for (language, total) in totals {
        total.print(language);
    }
    Ok(())
}

/// What was measured in one language.
#[derive(Default)]
struct Total {
    errors: ErrorCount,
    exact: usize,
    sentences: usize,
    sound_s: f64,
    voice_s: f64,
    hearing_s: f64,
    /// Of each sentence, seconds until its first sound was there.
    first_s: Vec<f64>,
}

impl Total {
    fn say(&mut self, voice: &Kokoro, line: &Line, file: &Path) -> Result<(), Box<dyn Error>> {
        let began = Instant::now();
        let (mut samples, mut first) = (Vec::new(), None);
        voice.synthesise(line, &Stop::default(), &mut |piece| {
            first.get_or_insert_with(|| began.elapsed().as_secs_f64());
            samples.extend_from_slice(piece.samples());
            ControlFlow::Continue(())
        })?;
        self.voice_s += began.elapsed().as_secs_f64();
        self.first_s.extend(first);
        let audio = Audio::new(samples, voice.sample_rate());
        self.sound_s += audio.duration_ms() as f64 / 1_000.0;
        fs::write(file, audio.to_wav())?;
        fs::write(file.with_extension("txt"), &line.text)?;
        Ok(())
    }

    fn hear(
        &mut self,
        whisper: &mut Whisper,
        said: &str,
        language: Language,
        file: &Path,
    ) -> Result<(), Box<dyn Error>> {
        let samples = read_file(file)?.into_samples();
        let expected = Expectation { language, hot_words: Vec::new() };
        let began = Instant::now();
        let heard = whisper.recognise(&samples, &expected, &Cancel::default())?;
        self.hearing_s += began.elapsed().as_secs_f64();
        let errors = ErrorCount::between(said, &heard.text, language);
        self.errors += errors;
        self.sentences += 1;
        self.exact += usize::from(errors.edits == 0);
        if errors.edits > 0 {
            println!("{} of {}: {said} | {}", errors.edits, errors.units, heard.text);
        }
        Ok(())
    }

    fn print(mut self, language: Language) {
        self.first_s.sort_by(f64::total_cmp);
        let at = |percent: usize| {
            let nth = (self.first_s.len() * percent).div_ceil(100).saturating_sub(1);
            self.first_s.get(nth).copied().unwrap_or_default()
        };
        let unit = if language == Language::En { "words" } else { "characters" };
        println!(
            "| {language} | {} | {} | {:.1} % ({} of {} {unit}) | {:.2} · {:.2} s | {:.2} s | {:.2} s |",
            self.sentences,
            self.exact,
            self.errors.rate().unwrap_or_default() * 100.0,
            self.errors.edits,
            self.errors.units,
            at(50),
            at(95),
            self.voice_s / self.sound_s,
            self.hearing_s / self.sound_s,
        );
    }
}
