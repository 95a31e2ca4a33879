//! How well and how fast recordings are heard on this machine.
//!
//! Reads a list, one recording a line: file, tab, what is said in it. Prints word errors (English) or character errors (Chinese), time
//! against the length of the sound, the time from the end of a turn to its text, and the most memory taken.
//!
//! ```text
//! cargo run --release -p reme-speech --example measure_hearing -- whisper.bin silero.onnx zh-CN list.tsv [hot words, comma-separated]
//! ```
#![allow(clippy::disallowed_methods, reason = "a measuring tool looks at the clock")]

use std::{
    error::Error,
    path::Path,
    time::{Duration, Instant},
};

use reme_speech::ErrorCount;
use reme_speech::hearing::{
    Cancel, Expectation, Listener, ListenerEvent, ListenerOptions, Recognise, Silero, Transcript, Turns, Whisper,
    read_file,
};
use reme_types::Language;

/// Silence put behind each recording, in samples: enough to end a turn.
const SILENCE: usize = 3 * 16_000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [whisper, voice, language, list, rest @ ..] = arguments.as_slice() else {
        return Err("say: whisper.bin silero.onnx en|zh-CN list.tsv [hot words] [threads]".into());
    };
    let language: Language = language.parse()?;
    let hot_words = rest.first().map(|words| words.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let threads = rest.get(1).and_then(|threads| threads.parse().ok()).unwrap_or(1);
    let began = Instant::now();
    let mut whisper = Whisper::open(Path::new(whisper), threads)?;
    let mut voice = Silero::open(Path::new(voice))?;
    println!("loaded in {} ms", began.elapsed().as_millis());
    let expected = Expectation { language, hot_words };
    let mut sum = Sum::default();
    for line in std::fs::read_to_string(list)?.lines() {
        let (file, said) = line.split_once('\t').ok_or("each line: file, tab, text")?;
        let mut samples = read_file(Path::new(file))?.into_samples();
        sum.sound_ms += samples.len() as u64 / 16;
        samples.extend(std::iter::repeat_n(0.0, SILENCE));
        let heard = hear(&mut whisper, &mut voice, &samples, &expected, &mut sum)?;
        let errors = ErrorCount::between(said, &heard.text, language);
        sum.errors += errors;
        sum.exact += usize::from(errors.edits == 0);
        sum.recordings += 1;
        if errors.edits > 0 {
            println!("{}: {said} | {} ({:.2})", errors.edits, heard.text, heard.confidence());
        }
    }
    sum.print();
    Ok(())
}

#[derive(Default)]
struct Sum {
    recordings: usize,
    exact: usize,
    errors: ErrorCount,
    sound_ms: u64,
    voice: Duration,
    last: Vec<Duration>,
}

/// One recording through the listener, as a microphone would give it.
fn hear(
    whisper: &mut Whisper,
    voice: &mut Silero,
    samples: &[f32],
    expected: &Expectation,
    sum: &mut Sum,
) -> Result<Transcript, Box<dyn Error>> {
    let options = ListenerOptions { turns: Turns::Many, attempt_every_ms: None, ..ListenerOptions::default() };
    reme_speech::hearing::VoiceActivity::reset(voice);
    let began = Instant::now();
    let mut listener = Listener::new(voice, options);
    let mut events = Vec::new();
    for block in samples.chunks(1_600) {
        events.extend(listener.hear(block)?);
    }
    events.extend(listener.finish());
    sum.voice += began.elapsed();
    let mut whole = Transcript::nothing(expected.language);
    for event in events {
        if let ListenerEvent::Recognise(stretch) = event {
            let began = Instant::now();
            let heard = whisper.recognise(&stretch.samples, expected, &Cancel::default())?;
            sum.last.push(began.elapsed());
            whole.append(&heard);
        }
    }
    Ok(whole)
}

impl Sum {
    fn print(mut self) {
        self.last.sort();
        let at = |share: f64| self.last.get((self.last.len() as f64 * share) as usize).map_or(0, Duration::as_millis);
        let total: Duration = self.last.iter().sum();
        let seconds = self.sound_ms as f64 / 1_000.0;
        println!("{} recordings, {seconds:.1} s; {} exact", self.recordings, self.exact);
        println!(
            "error rate {:.2} % ({} of {})",
            self.errors.rate().unwrap_or(0.0) * 100.0,
            self.errors.edits,
            self.errors.units
        );
        println!(
            "recognition {:.3} of real time, voice activity {:.4}",
            total.as_secs_f64() / seconds,
            self.voice.as_secs_f64() / seconds
        );
        println!("end of turn to text: p50 {} ms, p95 {} ms", at(0.5), at(0.95));
        let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        memory
            .lines()
            .filter(|line| line.starts_with("VmHWM"))
            .for_each(|line| println!("most memory {}", &line[6..].trim()));
    }
}
