//! Kokoro, a small neural voice (82 M weights), run by rten.
//!
//! The model takes token ids `[1, n+2]` (a 0 at both ends), a style `[1, 256]` and a speed `[1]`, and gives samples at 24 kHz.
//! A voice is a table `[510, 1, 256]`: the style to use for a sentence of n tokens stands in row n.

use std::{fs, ops::ControlFlow, path::Path, sync::Arc};

use rten::{Model, NodeId, RunOptions, ThreadPool};
use rten_tensor::{AsView, NdTensor};

use super::{
    Line, Phonemiser, SpeakError, Speech, Stop,
    line::Take,
    phonemes::{MAX_TOKENS, token_ids},
    sentences::pieces,
    sound::settle,
    voices::{Mix, mix, voices},
};
use crate::audio::{Audio, SampleRate};

/// Numbers of one style.
const STYLE: usize = 256;
/// Rows of a voice.
const ROWS: usize = 510;

/// The voice model with its voices. Cheap to share behind an `Arc`; one sentence at a time a thread.
pub struct Kokoro {
    model: Model,
    inputs: [NodeId; 3],
    output: NodeId,
    /// [voice][row][style]
    styles: Vec<f32>,
    phonemiser: Phonemiser,
    pool: Arc<ThreadPool>,
}

impl Kokoro {
    /// Opens the model and voices files. `threads` is how many cores one sentence may use.
    ///
    /// # Errors
    /// [`SpeakError::Model`] naming the file.
    pub fn open(model_file: &Path, voices_file: &Path, threads: usize) -> Result<Self, SpeakError> {
        let fault = |what, path: &Path, fault: String| SpeakError::Model { path: path.to_path_buf(), what, fault };
        let bytes = fs::read(voices_file).map_err(|error| fault("voices", voices_file, error.to_string()))?;
        let expected = voices().len() * ROWS * STYLE * 4;
        if bytes.len() != expected {
            let told = format!("it has {} bytes instead of {expected}", bytes.len());
            return Err(fault("voices", voices_file, told));
        }
        let styles = bytes.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
        let model = Model::load_file(model_file).map_err(|e| fault("voice model", model_file, e.to_string()))?;
        let node = |name| model.node_id(name).map_err(|e| fault("voice model", model_file, e.to_string()));
        let (inputs, output) = ([node("tokens")?, node("style")?, node("speed")?], node("audio")?);
        let pool = Arc::new(ThreadPool::with_num_threads(threads.max(1)));
        Ok(Self { model, inputs, output, styles, phonemiser: Phonemiser::new(), pool })
    }

    /// The style for a sentence of `tokens` tokens.
    fn style(&self, mix: Mix, tokens: usize) -> Vec<f32> {
        let row = tokens.min(ROWS - 1);
        let of = |(voice, share): (usize, f32)| {
            let start = (voice * ROWS + row) * STYLE;
            self.styles[start..start + STYLE].iter().map(move |number| number * share)
        };
        of(mix[0]).zip(of(mix[1])).map(|(a, b)| a + b).collect()
    }

    /// Samples of one sentence's tokens, as the model makes them.
    fn run(&self, tokens: &[i32], mix: Mix, speed: f32) -> Result<Vec<f32>, SpeakError> {
        let inference = |error: &dyn std::fmt::Display| SpeakError::Inference(error.to_string());
        let framed: Vec<i32> = [0].into_iter().chain(tokens.iter().copied()).chain([0]).collect();
        let tokens_in = NdTensor::from_data([1, framed.len()], framed);
        let style = NdTensor::from_data([1, STYLE], self.style(mix, tokens.len()));
        let speed = NdTensor::from_data([1], vec![speed]);
        let inputs =
            vec![(self.inputs[0], tokens_in.into()), (self.inputs[1], style.into()), (self.inputs[2], speed.into())];
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.pool)));
        let mut outputs = self.model.run(inputs, &[self.output], Some(options)).map_err(|e| inference(&e))?;
        let audio = outputs.pop().ok_or_else(|| inference(&"no output"))?;
        let audio: rten_tensor::Tensor<f32> = audio.try_into().map_err(|_| inference(&"the output is no sound"))?;
        Ok(audio.to_vec())
    }
}

impl Speech for Kokoro {
    fn synthesise(&self, line: &Line, stop: &Stop, take: &mut Take<'_>) -> Result<(), SpeakError> {
        let mix = mix(line.language, line.delivery, line.voice.as_deref())?;
        let speed = line.rate.value() * line.delivery.tempo();
        let pause_ms = (line.delivery.pause_ms() as f32 / speed) as u64;
        for piece in pieces(&self.phonemiser, line.language, &line.text, MAX_TOKENS) {
            if stop.is_asked() {
                return Ok(());
            }
            let tokens = token_ids(&piece.phonemes);
            if tokens.is_empty() {
                continue;
            }
            let samples = settle(self.run(&tokens, mix, speed)?, piece.pause.ms(pause_ms));
            if take(Audio::new(samples, SampleRate::SPEAKING)) == ControlFlow::Break(()) {
                return Ok(());
            }
        }
        Ok(())
    }
}
