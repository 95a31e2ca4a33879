//! The voice's own bench: says every sentence of `heard_back/`, writes sound and words side by side, and tells how long it took.
//!
//! `cargo run --release -p reme-speech --example heard_back -- KOKORO VOICES FOLDER [en|zh] [VOICE]`
#![allow(clippy::disallowed_methods, reason = "a measuring tool looks at the clock")]

use std::{error::Error, fs, ops::ControlFlow, path::Path, time::Instant};

use reme_speech::Audio;
use reme_speech::speaking::{Kokoro, Line, Speech, Stop};
use reme_types::Language;

const SENTENCES: [(Language, &str, &str); 2] = [
    (Language::En, "en", include_str!("heard_back/en.txt")),
    (Language::ZhCn, "zh", include_str!("heard_back/zh.txt")),
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, voices, folder, rest @ ..] = arguments.as_slice() else {
        return Err("say: heard_back KOKORO VOICES FOLDER [en|zh] [VOICE]".into());
    };
    let (only, named) = (rest.first(), rest.get(1).cloned());
    let opening = Instant::now();
    let voice = Kokoro::open(Path::new(model), Path::new(voices), 1)?;
    println!("opened in {:.2} s", opening.elapsed().as_secs_f64());
    fs::create_dir_all(folder)?;
    for (language, name, sentences) in SENTENCES.into_iter().filter(|(_, name, _)| only.is_none_or(|only| only == name))
    {
        let (mut spent, mut sound) = (0.0, 0.0);
        for (index, sentence) in sentences.lines().enumerate() {
            let begun = Instant::now();
            let (mut samples, mut first) = (Vec::new(), None);
            let line = Line { voice: named.clone(), ..Line::new(language, sentence) };
            voice.synthesise(&line, &Stop::default(), &mut |piece| {
                first.get_or_insert_with(|| begun.elapsed().as_secs_f64());
                samples.extend_from_slice(piece.samples());
                ControlFlow::Continue(())
            })?;
            let took = begun.elapsed().as_secs_f64();
            let audio = Audio::new(samples, voice.sample_rate());
            let lasts = audio.duration_ms() as f64 / 1_000.0;
            (spent, sound) = (spent + took, sound + lasts);
            println!(
                "{name}_{index:02} {lasts:5.2} s of sound in {took:5.2} s, first after {:.2} s",
                first.unwrap_or(0.0)
            );
            fs::write(Path::new(folder).join(format!("{name}_{index:02}.wav")), audio.to_wav())?;
            fs::write(Path::new(folder).join(format!("{name}_{index:02}.txt")), sentence)?;
        }
        println!("{name}: {sound:.1} s of sound in {spent:.1} s, {:.2} s a second of sound", spent / sound);
    }
    Ok(())
}
