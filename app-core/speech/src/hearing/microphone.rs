//! The microphone of this machine.
//!
//! Sound is taken as the device gives it, mixed into one channel and brought to 16 kHz. Nothing is kept once it has been read.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    time::Duration,
};

use cpal::{
    Device, ErrorKind, FromSample, Sample, SampleFormat, SizedSample, Stream, SupportedStreamConfig,
    traits::{DeviceTrait, HostTrait, StreamTrait},
};

use super::{AudioIn, HearingError, resample::Resampler};
use crate::audio::SampleRate;

/// Blocks that may wait to be read, several seconds of them. Beyond that the device is made to wait.
const BLOCKS_WAITING: usize = 256;
/// A device that gives nothing for so long has gone away.
const SILENT_DEVICE: Duration = Duration::from_secs(3);

/// A microphone that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MicrophoneInfo {
    /// What to choose it by.
    pub id: String,
    /// What to show.
    pub name: String,
    /// Whether it is the one taken when none is chosen.
    pub is_default: bool,
}

/// The microphones of this machine that answer; none is no error.
pub fn microphones() -> Vec<MicrophoneInfo> {
    let host = cpal::default_host();
    let default = host.default_input_device().and_then(|device| device.id().ok());
    let devices = host.input_devices().map(|devices| devices.collect::<Vec<_>>()).unwrap_or_default();
    let info = |device: &Device| {
        device.default_input_config().ok()?; // a device may be named that does not answer
        let id = device.id().ok()?;
        let name = device.description().map_or_else(|_| id.to_string(), |known| known.name().to_owned());
        Some(MicrophoneInfo { is_default: Some(&id) == default.as_ref(), id: id.to_string(), name })
    };
    devices.iter().filter_map(info).collect()
}

/// An open microphone. Dropping it lets the device go.
pub struct Microphone {
    // Before the stream: the device's thread may be waiting for room, and is let go when nobody reads any more.
    blocks: Receiver<Block>,
    resampler: Resampler,
    _stream: Stream,
}

enum Block {
    Sound(Vec<f32>),
    Lost(String),
}

impl Microphone {
    /// Opens a microphone by its id or name; `None` takes the system's choice.
    ///
    /// # Errors
    /// [`HearingError::NoMicrophone`], [`HearingError::UnknownMicrophone`], [`HearingError::MicrophoneRefused`].
    pub fn open(chosen: Option<&str>) -> Result<Self, HearingError> {
        let device = find(chosen)?;
        // With no sound card there is still a default device; only this question shows that it is none.
        let config = device.default_input_config().map_err(no_microphone)?;
        let hz = config.sample_rate();
        let rate = SampleRate::new(hz).ok_or(HearingError::SampleRate { hz })?;
        let resampler = Resampler::to_hearing(rate)?;
        let (send, blocks) = sync_channel(BLOCKS_WAITING);
        let stream = open_stream(&device, &config, send)?;
        stream.play().map_err(no_microphone)?;
        Ok(Self { blocks, resampler, _stream: stream })
    }
}

impl AudioIn for Microphone {
    fn read(&mut self) -> Result<Option<Vec<f32>>, HearingError> {
        let mut out = Vec::new();
        while out.is_empty() {
            match self.blocks.recv_timeout(SILENT_DEVICE) {
                Ok(Block::Sound(samples)) => self.resampler.push(&samples, &mut out)?,
                Ok(Block::Lost(detail)) => return Err(HearingError::MicrophoneLost { detail }),
                Err(RecvTimeoutError::Timeout) => {
                    let detail = format!("it gave nothing for {} seconds", SILENT_DEVICE.as_secs());
                    return Err(HearingError::MicrophoneLost { detail });
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            }
        }
        Ok(Some(out))
    }
}

fn find(chosen: Option<&str>) -> Result<Device, HearingError> {
    let host = cpal::default_host();
    let Some(chosen) = chosen else {
        let none = || HearingError::NoMicrophone { detail: "the sound system names none".to_owned() };
        return host.default_input_device().ok_or_else(none);
    };
    if let Some(device) = chosen.parse().ok().and_then(|id| host.device_by_id(&id)) {
        return Ok(device);
    }
    let known = microphones();
    let id = known.iter().find(|microphone| microphone.name == chosen).and_then(|found| found.id.parse().ok());
    let device = id.and_then(|id| host.device_by_id(&id));
    device.ok_or_else(|| match known.is_empty() {
        true => HearingError::NoMicrophone { detail: "the sound system names none".to_owned() },
        false => HearingError::UnknownMicrophone {
            name: chosen.to_owned(),
            known: known.into_iter().map(|microphone| microphone.id).collect::<Vec<_>>().join(", "),
        },
    })
}

fn no_microphone(error: cpal::Error) -> HearingError {
    match error.kind() {
        ErrorKind::PermissionDenied => HearingError::MicrophoneRefused,
        _ => HearingError::NoMicrophone { detail: error.to_string() },
    }
}

/// Opens the stream in the device's own sample format.
fn open_stream(
    device: &Device,
    config: &SupportedStreamConfig,
    send: SyncSender<Block>,
) -> Result<Stream, HearingError> {
    match config.sample_format() {
        SampleFormat::F32 => stream_of::<f32>(device, config, send),
        SampleFormat::F64 => stream_of::<f64>(device, config, send),
        SampleFormat::I8 => stream_of::<i8>(device, config, send),
        SampleFormat::I16 => stream_of::<i16>(device, config, send),
        SampleFormat::I32 => stream_of::<i32>(device, config, send),
        SampleFormat::U8 => stream_of::<u8>(device, config, send),
        SampleFormat::U16 => stream_of::<u16>(device, config, send),
        SampleFormat::U32 => stream_of::<u32>(device, config, send),
        other => Err(HearingError::NoMicrophone { detail: format!("it gives sound as {other}, which is not known") }),
    }
}

fn stream_of<T>(
    device: &Device,
    config: &SupportedStreamConfig,
    send: SyncSender<Block>,
) -> Result<Stream, HearingError>
where
    T: SizedSample,
    f32: FromSample<T>,
{
    let channels = usize::from(config.channels()).max(1);
    let lost = send.clone();
    let take = move |samples: &[T], _: &cpal::InputCallbackInfo| {
        let mix = |frame: &[T]| frame.iter().map(|&sample| f32::from_sample(sample)).sum::<f32>() / channels as f32;
        let mono: Vec<f32> = samples.chunks_exact(channels).map(mix).collect();
        let _ = send.send(Block::Sound(mono)); // nobody reads any more: the stream is about to end
    };
    let fault = move |error: cpal::Error| {
        // A gap in the sound, or a lower priority, is no loss of the device.
        if !matches!(error.kind(), ErrorKind::Xrun | ErrorKind::RealtimeDenied | ErrorKind::DeviceChanged) {
            let _ = lost.try_send(Block::Lost(error.to_string()));
        }
    };
    device.build_input_stream(config.config(), take, fault, None).map_err(no_microphone)
}
