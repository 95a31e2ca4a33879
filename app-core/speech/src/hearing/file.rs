//! A recording in a file becomes mono sound of 16 kHz.
//!
//! WAV, OGG (Vorbis, and Opus as phones send it), M4A (AAC) and MP3, all read in Rust. A packet that cannot be decoded is left out,
//! as a listener would; a file in which most cannot is told to be damaged.

use std::{fs::File, io::ErrorKind, path::Path};

use opus_decoder::OpusDecoder;
use symphonia::core::{
    codecs::{
        CodecParameters,
        audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions, well_known::CODEC_ID_OPUS},
    },
    errors::Error as ReadError,
    formats::{FormatOptions, FormatReader, TrackType, probe::Hint},
    io::MediaSourceStream,
    meta::MetadataOptions,
    packet::Packet,
};

use super::{HearingError, resample::Resampler};
use crate::audio::{Audio, SampleRate};

/// What is taken of one recording at most, in minutes: 30 minutes are 115 MB of samples.
pub const LONGEST_MIN: u64 = 30;
/// Opus counts in samples of 48 kHz whatever rate it is decoded at; ours is a third of that.
const OPUS_TICKS_A_SAMPLE: u64 = 3;

/// Reads a recording.
///
/// # Errors
/// [`HearingError::Unreadable`], [`HearingError::Empty`], [`HearingError::NotSound`], [`HearingError::TooLong`].
pub fn read_file(file: &Path) -> Result<Audio, HearingError> {
    let source = File::open(file).map_err(|source| HearingError::Unreadable { file: file.to_path_buf(), source })?;
    let metadata = source.metadata().map_err(|source| HearingError::Unreadable { file: file.to_path_buf(), source })?;
    if metadata.is_dir() {
        let source = std::io::Error::from(ErrorKind::IsADirectory);
        return Err(HearingError::Unreadable { file: file.to_path_buf(), source });
    }
    if metadata.len() == 0 {
        return Err(HearingError::Empty { file: file.to_path_buf() });
    }
    let mut hint = Hint::new();
    if let Some(extension) = file.extension().and_then(|extension| extension.to_str()) {
        hint.with_extension(extension);
    }
    let stream = MediaSourceStream::new(Box::new(source), Default::default());
    let not_sound = |detail: String| HearingError::NotSound { file: file.to_path_buf(), detail };
    let mut format = symphonia::default::get_probe()
        .probe(&hint, stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|error| not_sound(plainly(&error)))?;
    let mut decoder = Decoder::open(format.as_ref()).map_err(not_sound)?;
    let mut sound = Sound::default();
    let longest = SampleRate::HEARING.samples_in(LONGEST_MIN * 60_000);
    while let Some(packet) = next_packet(format.as_mut(), &mut sound) {
        if packet.track_id != decoder.track {
            continue;
        }
        decoder.decode(&packet, &mut sound)?;
        if sound.samples.len() > longest {
            return Err(HearingError::TooLong { file: file.to_path_buf(), longest_min: LONGEST_MIN });
        }
    }
    sound.finish()?;
    match (sound.samples.is_empty(), sound.bad > sound.good) {
        (_, true) => Err(not_sound(sound.detail.unwrap_or_else(|| "most of it cannot be decoded".to_owned()))),
        (true, false) => Err(HearingError::Empty { file: file.to_path_buf() }),
        (false, false) => Ok(Audio::new(sound.samples, SampleRate::HEARING)),
    }
}

/// The library's words without its own word for sound files.
fn plainly(error: &ReadError) -> String {
    match error {
        ReadError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
        ReadError::Unsupported(what) => format!("not supported: {what}"),
        other => other.to_string(),
    }
}

/// The next packet; `None` at the end, and where a cut-off file stops.
fn next_packet(format: &mut dyn FormatReader, sound: &mut Sound) -> Option<Packet> {
    match format.next_packet() {
        Ok(packet) => packet,
        Err(error) => {
            sound.bad += 1;
            sound.detail = Some(plainly(&error));
            None
        }
    }
}

/// What has been heard so far.
#[derive(Default)]
struct Sound {
    samples: Vec<f32>,
    resampler: Option<(SampleRate, Resampler)>,
    good: usize,
    bad: usize,
    detail: Option<String>,
}

impl Sound {
    /// Takes interleaved samples of `channels` channels and mixes them into one.
    fn push(&mut self, interleaved: &[f32], channels: usize, hz: u32) -> Result<(), HearingError> {
        let rate = SampleRate::new(hz).ok_or(HearingError::SampleRate { hz })?;
        if self.resampler.as_ref().is_none_or(|(known, _)| *known != rate) {
            self.finish()?;
            self.resampler = Some((rate, Resampler::to_hearing(rate)?));
        }
        let Some((_, resampler)) = &mut self.resampler else { return Ok(()) };
        let mono: Vec<f32> = interleaved
            .chunks_exact(channels.max(1))
            .map(|frame| frame.iter().sum::<f32>() / frame.len() as f32)
            .collect();
        resampler.push(&mono, &mut self.samples)
    }

    fn finish(&mut self) -> Result<(), HearingError> {
        match self.resampler.take() {
            Some((_, mut resampler)) => resampler.finish(&mut self.samples),
            None => Ok(()),
        }
    }
}

/// Decodes packets of one track.
struct Decoder {
    track: u32,
    codec: Codec,
}

enum Codec {
    Known(Box<dyn AudioDecoder>),
    Opus { decoder: Box<OpusDecoder>, samples: Vec<f32> },
}

impl Decoder {
    fn open(format: &dyn FormatReader) -> Result<Self, String> {
        let track = format.default_track(TrackType::Audio).ok_or("it has no sound track")?;
        let parameters = match &track.codec_params {
            Some(CodecParameters::Audio(parameters)) => parameters,
            _ => return Err("its sound track is of an unknown kind".to_owned()),
        };
        let codec = if parameters.codec == CODEC_ID_OPUS { Codec::opus()? } else { Codec::known(parameters)? };
        Ok(Self { track: track.id, codec })
    }

    fn decode(&mut self, packet: &Packet, sound: &mut Sound) -> Result<(), HearingError> {
        let fault = match &mut self.codec {
            Codec::Known(decoder) => match decoder.decode(packet) {
                Ok(buffer) => {
                    let mut interleaved: Vec<f32> = Vec::new();
                    buffer.copy_to_vec_interleaved(&mut interleaved);
                    sound.good += 1;
                    return sound.push(&interleaved, buffer.spec().channels().count(), buffer.spec().rate());
                }
                Err(error) => plainly(&error),
            },
            Codec::Opus { decoder, samples } => match decoder.decode_float(&packet.data, samples, false) {
                Ok(count) => {
                    let cut = |ticks: u64| (ticks / OPUS_TICKS_A_SAMPLE) as usize;
                    let start = cut(packet.trim_start.get()).min(count);
                    let end = count.saturating_sub(cut(packet.trim_end.get())).max(start);
                    sound.good += 1;
                    return sound.push(&samples[start..end], 1, SampleRate::HEARING.hz());
                }
                Err(error) => error.to_string(),
            },
        };
        sound.bad += 1;
        sound.detail = Some(fault);
        Ok(())
    }
}

impl Codec {
    fn known(parameters: &AudioCodecParameters) -> Result<Self, String> {
        let decoder = symphonia::default::get_codecs().make_audio_decoder(parameters, &AudioDecoderOptions::default());
        decoder.map(Self::Known).map_err(|error| plainly(&error))
    }

    fn opus() -> Result<Self, String> {
        let decoder = OpusDecoder::new(SampleRate::HEARING.hz(), 1).map_err(|error| error.to_string())?;
        let samples = vec![0.0; decoder.max_frame_size_per_channel()];
        Ok(Self::Opus { decoder: Box::new(decoder), samples })
    }
}
