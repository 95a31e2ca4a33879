//! The loudspeaker of this machine, through cpal.

use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use cpal::{
    Device, FromSample, SampleFormat, SizedSample, Stream, SupportedStreamConfig,
    traits::{DeviceTrait, HostTrait, StreamTrait},
};

use super::{Sink, SpeakError};
use crate::audio::SampleRate;

/// Sound handed to the device ahead of what is heard, in milliseconds: short, so that a stop is heard as one.
const AHEAD_MS: u64 = 40;
/// What the device itself may still hold when our queue is empty.
const DEVICE_MS: u64 = 120;
/// A device that takes nothing for this long is gone.
const SILENT_DEVICE: Duration = Duration::from_secs(3);

/// The system's own choice of loudspeaker or headphones.
pub struct DeviceSink {
    queue: Arc<Queue>,
    rate: SampleRate,
    _stream: Stream,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    drained: Condvar,
}

#[derive(Default)]
struct State {
    samples: VecDeque<f32>,
    lost: Option<String>,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until at most `count` samples are left.
    fn wait_until(&self, count: usize) -> Result<MutexGuard<'_, State>, SpeakError> {
        let mut state = self.state();
        loop {
            if let Some(lost) = state.lost.take() {
                return Err(SpeakError::NoDevice(lost));
            }
            if state.samples.len() <= count {
                return Ok(state);
            }
            let before = state.samples.len();
            let (after, wait) = self.drained.wait_timeout(state, SILENT_DEVICE).unwrap_or_else(PoisonError::into_inner);
            if wait.timed_out() && after.samples.len() == before {
                return Err(SpeakError::NoDevice(format!("it took no sound for {} seconds", SILENT_DEVICE.as_secs())));
            }
            state = after;
        }
    }
}

impl DeviceSink {
    /// Opens the system's output.
    ///
    /// # Errors
    /// [`SpeakError::NoDevice`] saying what the sound system said.
    pub fn open() -> Result<Self, SpeakError> {
        let none = || SpeakError::NoDevice("the sound system names none".to_owned());
        let device = cpal::default_host().default_output_device().ok_or_else(none)?;
        // With no sound card there is still a default device; only this question shows that it is none.
        let config = device.default_output_config().map_err(no_device)?;
        let rate = SampleRate::new(config.sample_rate()).ok_or_else(none)?;
        let queue = Arc::new(Queue::default());
        let stream = open_stream(&device, &config, &queue)?;
        stream.play().map_err(no_device)?;
        Ok(Self { queue, rate, _stream: stream })
    }
}

impl Sink for DeviceSink {
    fn rate(&self) -> SampleRate {
        self.rate
    }

    fn play(&mut self, samples: &[f32]) -> Result<(), SpeakError> {
        let mut state = self.queue.wait_until(self.rate.samples_in(AHEAD_MS))?;
        state.samples.extend(samples);
        Ok(())
    }

    fn finish(&mut self) -> Result<(), SpeakError> {
        drop(self.queue.wait_until(0)?);
        std::thread::sleep(Duration::from_millis(DEVICE_MS));
        Ok(())
    }

    fn cut(&mut self) {
        self.queue.state().samples.clear();
    }
}

fn no_device(error: cpal::Error) -> SpeakError {
    SpeakError::NoDevice(error.to_string())
}

fn open_stream(device: &Device, config: &SupportedStreamConfig, queue: &Arc<Queue>) -> Result<Stream, SpeakError> {
    match config.sample_format() {
        SampleFormat::F32 => stream_of::<f32>(device, config, queue),
        SampleFormat::F64 => stream_of::<f64>(device, config, queue),
        SampleFormat::I8 => stream_of::<i8>(device, config, queue),
        SampleFormat::I16 => stream_of::<i16>(device, config, queue),
        SampleFormat::I32 => stream_of::<i32>(device, config, queue),
        SampleFormat::U8 => stream_of::<u8>(device, config, queue),
        SampleFormat::U16 => stream_of::<u16>(device, config, queue),
        SampleFormat::U32 => stream_of::<u32>(device, config, queue),
        other => Err(SpeakError::NoDevice(format!("it takes sound as {other}, which is not known"))),
    }
}

fn stream_of<T>(device: &Device, config: &SupportedStreamConfig, queue: &Arc<Queue>) -> Result<Stream, SpeakError>
where
    T: SizedSample + FromSample<f32>,
{
    let channels = usize::from(config.channels()).max(1);
    let (giving, telling) = (Arc::clone(queue), Arc::clone(queue));
    let give = move |frames: &mut [T], _: &cpal::OutputCallbackInfo| {
        let mut state = giving.state();
        for frame in frames.chunks_mut(channels) {
            frame.fill(T::from_sample(state.samples.pop_front().unwrap_or(0.0)));
        }
        drop(state);
        giving.drained.notify_all();
    };
    let lost = move |error: cpal::Error| {
        if !matches!(
            error.kind(),
            cpal::ErrorKind::Xrun | cpal::ErrorKind::RealtimeDenied | cpal::ErrorKind::DeviceChanged
        ) {
            telling.state().lost = Some(error.to_string());
            telling.drained.notify_all();
        }
    };
    device.build_output_stream(config.config(), give, lost, None).map_err(no_device)
}
