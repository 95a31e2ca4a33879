//! Whether somebody speaks, 31 times a second: the Silero voice activity model, run in Rust.
//!
//! Where in the flow: the first to see every sample; only what it takes for speech reaches the recogniser.
//! What it must never do: look at a clock, or keep sound longer than a frame.

use std::{path::Path, sync::Arc};

use rten::{Model, NodeId, RunOptions, ValueOrView};
use rten_tensor::{NdTensor, Tensor, prelude::*};

use super::HearingError;

/// Samples of 16 kHz looked at at once: 32 ms.
pub const FRAME: usize = 512;
/// Samples of the frame before, which the model wants in front of each frame.
const CONTEXT: usize = 64;
/// What the model remembers between frames: [2, 1, 128].
const STATE: [usize; 3] = [2, 1, 128];
/// Samples a second, as the model asks for them.
const RATE_HZ: i32 = 16_000;

/// Tells how likely it is that a frame holds speech.
pub trait VoiceActivity: Send {
    /// Probability of speech, 0 to 1, in the next `FRAME` samples of 16 kHz.
    ///
    /// # Errors
    /// [`HearingError::Recogniser`] when the model fails.
    fn probability(&mut self, frame: &[f32; FRAME]) -> Result<f32, HearingError>;

    /// Forgets what was heard, before another recording.
    fn reset(&mut self);
}

impl<V: VoiceActivity> VoiceActivity for &mut V {
    fn probability(&mut self, frame: &[f32; FRAME]) -> Result<f32, HearingError> {
        (**self).probability(frame)
    }

    fn reset(&mut self) {
        (**self).reset();
    }
}

/// Silero's model, version 6, for 16 kHz.
pub struct Silero {
    model: Model,
    input: NodeId,
    state_in: NodeId,
    rate: NodeId,
    probability: NodeId,
    state_out: NodeId,
    /// One thread: a frame is too little work to share.
    options: RunOptions,
    state: Tensor<f32>,
    context: [f32; CONTEXT],
}

impl Silero {
    /// Loads the model (`silero-vad` of the manifest).
    ///
    /// # Errors
    /// [`HearingError::Model`].
    pub fn open(file: &Path) -> Result<Self, HearingError> {
        let fault = |detail: String| HearingError::Model { file: file.to_path_buf(), detail };
        let model = Model::load_file(file).map_err(|error| fault(error.to_string()))?;
        let node = |name: &str| model.node_id(name).map_err(|error| fault(error.to_string()));
        let (input, state_in, rate) = (node("input")?, node("state")?, node("sr")?);
        let (probability, state_out) = (node("output")?, node("stateN")?);
        let one_thread = Arc::new(rten::ThreadPool::with_num_threads(1));
        let options = RunOptions::default().with_thread_pool(Some(one_thread));
        let state = Tensor::zeros(&STATE);
        let context = [0.0; CONTEXT];
        Ok(Self { model, input, state_in, rate, probability, state_out, options, state, context })
    }
}

impl VoiceActivity for Silero {
    fn probability(&mut self, frame: &[f32; FRAME]) -> Result<f32, HearingError> {
        let mut seen = Vec::with_capacity(CONTEXT + FRAME);
        seen.extend_from_slice(&self.context);
        seen.extend_from_slice(frame);
        self.context.copy_from_slice(&frame[FRAME - CONTEXT..]);
        let sound = NdTensor::from_data([1, CONTEXT + FRAME], seen); // [batch, sample]
        let rate = Tensor::from(RATE_HZ);
        let inputs: Vec<(NodeId, ValueOrView)> = vec![
            (self.input, sound.view().into()),
            (self.state_in, self.state.view().into()),
            (self.rate, rate.view().into()),
        ];
        let outputs = [self.probability, self.state_out];
        let [probability, state] =
            self.model.run_n(inputs, outputs, Some(self.options.clone())).map_err(HearingError::recogniser)?;
        let probability: Tensor<f32> = probability.try_into().map_err(HearingError::recogniser)?;
        self.state = state.try_into().map_err(HearingError::recogniser)?;
        probability.iter().next().copied().ok_or_else(|| HearingError::recogniser("no probability came"))
    }

    fn reset(&mut self) {
        self.state = Tensor::zeros(&STATE);
        self.context = [0.0; CONTEXT];
    }
}
