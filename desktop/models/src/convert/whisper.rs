//! Whisper: from a CTranslate2 `model.bin` (half floats) and its `tokenizer.json` to the one file whisper.cpp reads.
//!
//! Nothing is computed anew: matrices are copied bit by bit as half floats, vectors and position tables are widened to `f32`, the
//! joined query-key-value matrices are cut in three, token strings become the bytes they stand for. Only the mel filter bank, which
//! CTranslate2 does not carry, is made here (Slaney's, 16 kHz, 400-point transform: the one Whisper was trained with).
//!
//! Source of both layouts: CTranslate2 `python/ctranslate2/specs/model_spec.py` (binary version 6) and whisper.cpp
//! `models/convert-pt-to-ggml.py`.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use serde::Deserialize;

use super::Inputs;

/// "ggml", little endian: begins every file whisper.cpp reads.
const MAGIC: u32 = 0x6767_6d6c;
/// Types in whisper.cpp's file.
const TYPE_F32: u32 = 0;
const TYPE_F16: u32 = 1;
/// Width of one attention head, the same in every size of Whisper.
const HEAD_WIDTH: u32 = 64;
/// Text tokens before the special ones, in English-only and in multilingual models.
const TEXT_TOKENS_EN: usize = 50_256;
const TEXT_TOKENS_MULTI: usize = 50_257;
/// Vocabulary from which on a model is multilingual.
const MULTILINGUAL_FROM: usize = 51_865;

/// Reads the inputs `weights` and `tokenizer` and writes the file to `target`.
pub(super) fn convert(inputs: &Inputs, target: &Path) -> Result<(), String> {
    let model = Ct2::parse(inputs.get("weights")?)?;
    let file = File::create(target).map_err(|error| error.to_string())?;
    let mut out = BufWriter::new(file);
    let shape = Shape::of(&model)?;
    let tokens = token_bytes(inputs.get("tokenizer")?, shape.text_tokens())?;
    let written = write_head(&mut out, &shape, &tokens).and_then(|()| out.flush());
    written.map_err(|error| error.to_string())?;
    for tensor in tensors(&model, &shape)? {
        tensor.write(&mut out).map_err(|error| error.to_string())?;
    }
    let file = out.into_inner().map_err(|error| error.to_string())?;
    file.sync_all().map_err(|error| error.to_string())
}

/// How the numbers of a variable are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stored {
    F32,
    F16,
}

/// A named array inside the package's file.
#[derive(Debug, Clone)]
struct Variable<'a> {
    /// Outermost first.
    dims: Vec<u32>,
    stored: Stored,
    bytes: &'a [u8],
}

/// The package's file: names and where their bytes lie.
struct Ct2<'a>(BTreeMap<String, Variable<'a>>);

/// Reads little-endian numbers and strings one after another.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (head, rest) = self.0.split_at_checked(count).ok_or("weights: the file ends too early")?;
        self.0 = rest;
        Ok(head)
    }

    fn u8(&mut self) -> Result<u8, String> {
        Ok(self.take(1)?[0])
    }

    fn u32(&mut self) -> Result<u32, String> {
        Ok(u32::from_le_bytes(self.take(4)?.try_into().expect("four bytes were taken")))
    }

    /// Length with its closing zero, then the text.
    fn text(&mut self) -> Result<String, String> {
        let length = u16::from_le_bytes(self.take(2)?.try_into().expect("two bytes were taken"));
        let bytes = self.take(usize::from(length))?;
        let text = bytes.strip_suffix(&[0]).ok_or("weights: a name does not end")?;
        String::from_utf8(text.to_vec()).map_err(|_| "weights: a name is not text".to_owned())
    }
}

impl<'a> Ct2<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let mut cursor = Cursor(bytes);
        let version = cursor.u32()?;
        if version != 6 {
            return Err(format!("weights: CTranslate2 binary version {version}, and only 6 is known"));
        }
        let spec = cursor.text()?;
        if spec != "WhisperSpec" {
            return Err(format!("weights: this is a `{spec}`, not a Whisper"));
        }
        cursor.u32()?; // revision of the spec
        let mut variables = BTreeMap::new();
        for _ in 0..cursor.u32()? {
            let name = cursor.text()?;
            let dims = (0..cursor.u8()?).map(|_| cursor.u32()).collect::<Result<Vec<_>, _>>()?;
            let kind = cursor.u8()?;
            let length = cursor.u32()? as usize;
            let bytes = cursor.take(length)?;
            // Other kinds are switches and lists of the program the package was made for.
            let stored = match kind {
                0 => Stored::F32,
                4 => Stored::F16,
                _ => continue,
            };
            variables.insert(name, Variable { dims, stored, bytes });
        }
        for _ in 0..cursor.u32()? {
            let (alias, name) = (cursor.text()?, cursor.text()?);
            if let Some(variable) = variables.get(&name).cloned() {
                variables.insert(alias, variable);
            }
        }
        Ok(Self(variables))
    }

    fn get(&self, name: &str) -> Result<&Variable<'a>, String> {
        self.0.get(name).ok_or_else(|| format!("weights: `{name}` is missing or not of half floats"))
    }

    /// How many numbered layers there are under a name.
    fn layers(&self, side: &str) -> u32 {
        (0..).take_while(|layer| self.0.contains_key(&format!("{side}/layer_{layer}/ffn/linear_0/weight"))).count()
            as u32
    }
}

/// The numbers at the head of the file.
struct Shape {
    vocabulary: u32,
    audio_context: u32,
    audio_width: u32,
    audio_layers: u32,
    text_context: u32,
    text_width: u32,
    text_layers: u32,
    mels: u32,
}

impl Shape {
    fn of(model: &Ct2<'_>) -> Result<Self, String> {
        let dims = |name: &str, rank: usize| {
            let dims = &model.get(name)?.dims;
            if dims.len() == rank { Ok(dims.clone()) } else { Err(format!("weights: `{name}` has shape {dims:?}")) }
        };
        let embedding = dims("decoder/embeddings/weight", 2)?;
        let conv = dims("encoder/conv1/weight", 3)?;
        Ok(Self {
            vocabulary: embedding[0],
            audio_context: dims("encoder/position_encodings/encodings", 2)?[0],
            audio_width: conv[0],
            audio_layers: model.layers("encoder"),
            text_context: dims("decoder/position_encodings/encodings", 2)?[0],
            text_width: embedding[1],
            text_layers: model.layers("decoder"),
            mels: conv[1],
        })
    }

    fn text_tokens(&self) -> usize {
        if self.vocabulary as usize >= MULTILINGUAL_FROM { TEXT_TOKENS_MULTI } else { TEXT_TOKENS_EN }
    }
}

/// Magic, shape, mel filter bank, tokens.
fn write_head(out: &mut impl Write, shape: &Shape, tokens: &[Vec<u8>]) -> std::io::Result<()> {
    let mut numbers = vec![MAGIC, shape.vocabulary, shape.audio_context, shape.audio_width];
    numbers.extend([shape.audio_width / HEAD_WIDTH, shape.audio_layers, shape.text_context, shape.text_width]);
    numbers.extend([shape.text_width / HEAD_WIDTH, shape.text_layers, shape.mels, TYPE_F16]);
    let filters = mel_filters(shape.mels as usize);
    numbers.extend([shape.mels, (filters.len() / shape.mels as usize) as u32]);
    for number in numbers {
        out.write_all(&number.to_le_bytes())?;
    }
    for weight in filters {
        out.write_all(&weight.to_le_bytes())?;
    }
    out.write_all(&(tokens.len() as u32).to_le_bytes())?;
    for token in tokens {
        out.write_all(&(token.len() as u32).to_le_bytes())?;
        out.write_all(token)?;
    }
    Ok(())
}

/// One array of the new file.
struct Tensor<'a> {
    name: String,
    /// Outermost first; the file has them innermost first.
    dims: Vec<u32>,
    kind: u32,
    stored: Stored,
    bytes: &'a [u8],
}

impl Tensor<'_> {
    fn write(&self, out: &mut impl Write) -> std::io::Result<()> {
        let head = [self.dims.len() as u32, self.name.len() as u32, self.kind];
        for number in head.iter().chain(self.dims.iter().rev()) {
            out.write_all(&number.to_le_bytes())?;
        }
        out.write_all(self.name.as_bytes())?;
        if self.kind == TYPE_F16 || self.stored == Stored::F32 {
            return out.write_all(self.bytes);
        }
        for half in self.bytes.chunks_exact(2) {
            out.write_all(&widen(u16::from_le_bytes([half[0], half[1]])).to_le_bytes())?;
        }
        Ok(())
    }
}

/// An IEEE half float as `f32`; exact.
fn widen(half: u16) -> f32 {
    let sign = u32::from(half >> 15) << 31;
    let (exponent, fraction) = (u32::from(half >> 10) & 0x1f, u32::from(half) & 0x3ff);
    match exponent {
        0 => f32::from_bits(sign | (fraction as f32 * (1.0 / 16_777_216.0)).to_bits()),
        0x1f => f32::from_bits(sign | 0x7f80_0000 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

/// Collects the arrays under whisper.cpp's names.
struct Renaming<'m, 'a> {
    model: &'m Ct2<'a>,
    made: Vec<Tensor<'a>>,
}

impl<'a> Renaming<'_, 'a> {
    /// Rows `part` of `of` equal parts of an array; matrices must be half floats, the rest is written as `f32`.
    fn part(&mut self, name: &str, from: &str, (part, of): (usize, usize)) -> Result<&mut Tensor<'a>, String> {
        let variable = self.model.get(from)?;
        let kind = if variable.dims.len() < 2 { TYPE_F32 } else { TYPE_F16 };
        if kind == TYPE_F16 && variable.stored != Stored::F16 {
            return Err(format!("weights: `{from}` is not of half floats"));
        }
        let mut dims = variable.dims.clone();
        let rows = dims.first_mut().ok_or_else(|| format!("weights: `{from}` is a single number"))?;
        *rows /= of as u32;
        let bytes = variable.bytes.len() / of;
        let bytes = &variable.bytes[part * bytes..(part + 1) * bytes];
        self.made.push(Tensor { name: name.to_owned(), dims, kind, stored: variable.stored, bytes });
        Ok(self.made.last_mut().expect("one was pushed"))
    }

    fn whole(&mut self, name: &str, from: &str) -> Result<(), String> {
        self.part(name, from, (0, 1)).map(drop)
    }

    /// A table of positions: `f32` although it has two dimensions.
    fn positions(&mut self, side: &str) -> Result<(), String> {
        let from = format!("{side}/position_encodings/encodings");
        self.part(&format!("{side}.positional_embedding"), &from, (0, 1))?.kind = TYPE_F32;
        Ok(())
    }

    fn norm(&mut self, name: &str, from: &str) -> Result<(), String> {
        self.whole(&format!("{name}.weight"), &format!("{from}/gamma"))?;
        self.whole(&format!("{name}.bias"), &format!("{from}/beta"))
    }

    fn linear(&mut self, name: &str, from: &str) -> Result<(), String> {
        self.whole(&format!("{name}.weight"), &format!("{from}/weight"))?;
        self.whole(&format!("{name}.bias"), &format!("{from}/bias"))
    }

    /// A matrix that holds several one under another. Whisper's keys have no bias; CTranslate2 fills in zeros.
    fn joined(&mut self, name: &str, from: &str, parts: &[&str]) -> Result<(), String> {
        for (index, part) in parts.iter().enumerate() {
            let which = (index, parts.len());
            self.part(&format!("{name}.{part}.weight"), &format!("{from}/weight"), which)?;
            if *part != "key" {
                self.part(&format!("{name}.{part}.bias"), &format!("{from}/bias"), which)?;
            }
        }
        Ok(())
    }

    fn convolution(&mut self, name: &str) -> Result<(), String> {
        self.whole(&format!("encoder.{name}.weight"), &format!("encoder/{name}/weight"))?;
        let bias = self.part(&format!("encoder.{name}.bias"), &format!("encoder/{name}/bias"), (0, 1))?;
        bias.dims.push(1); // whisper.cpp adds it to a matrix
        Ok(())
    }

    fn layer(&mut self, side: &str, layer: u32) -> Result<(), String> {
        let (from, name) = (format!("{side}/layer_{layer}"), format!("{side}.blocks.{layer}"));
        self.norm(&format!("{name}.attn_ln"), &format!("{from}/self_attention/layer_norm"))?;
        let own = format!("{from}/self_attention/linear");
        self.joined(&format!("{name}.attn"), &format!("{own}_0"), &["query", "key", "value"])?;
        self.linear(&format!("{name}.attn.out"), &format!("{own}_1"))?;
        if side == "decoder" {
            self.norm(&format!("{name}.cross_attn_ln"), &format!("{from}/attention/layer_norm"))?;
            let cross = format!("{from}/attention/linear");
            self.joined(&format!("{name}.cross_attn"), &format!("{cross}_0"), &["query"])?;
            self.joined(&format!("{name}.cross_attn"), &format!("{cross}_1"), &["key", "value"])?;
            self.linear(&format!("{name}.cross_attn.out"), &format!("{cross}_2"))?;
        }
        self.norm(&format!("{name}.mlp_ln"), &format!("{from}/ffn/layer_norm"))?;
        self.linear(&format!("{name}.mlp.0"), &format!("{from}/ffn/linear_0"))?;
        self.linear(&format!("{name}.mlp.2"), &format!("{from}/ffn/linear_1"))
    }
}

/// All arrays in the order they are written.
fn tensors<'a>(model: &Ct2<'a>, shape: &Shape) -> Result<Vec<Tensor<'a>>, String> {
    let mut names = Renaming { model, made: Vec::new() };
    names.positions("encoder")?;
    names.convolution("conv1")?;
    names.convolution("conv2")?;
    names.norm("encoder.ln_post", "encoder/layer_norm")?;
    names.positions("decoder")?;
    names.whole("decoder.token_embedding.weight", "decoder/embeddings/weight")?;
    names.norm("decoder.ln", "decoder/layer_norm")?;
    for (side, layers) in [("encoder", shape.audio_layers), ("decoder", shape.text_layers)] {
        for layer in 0..layers {
            names.layer(side, layer)?;
        }
    }
    Ok(names.made)
}

/// `tokenizer.json`, as far as it is needed.
#[derive(Deserialize)]
struct Tokenizer {
    model: TokenModel,
}

#[derive(Deserialize)]
struct TokenModel {
    vocab: BTreeMap<String, usize>,
}

/// The bytes each of the first `count` tokens stands for.
fn token_bytes(tokenizer: &[u8], count: usize) -> Result<Vec<Vec<u8>>, String> {
    let tokenizer: Tokenizer = serde_json::from_slice(tokenizer).map_err(|error| format!("tokenizer: {error}"))?;
    let letters = byte_letters();
    let mut tokens = vec![None; count];
    for (text, id) in &tokenizer.model.vocab {
        let Some(place) = tokens.get_mut(*id) else { continue };
        let bytes = text.chars().map(|letter| letters.get(&letter).copied()).collect::<Option<Vec<u8>>>();
        *place = Some(bytes.ok_or_else(|| format!("tokenizer: token {id} has a letter that stands for no byte"))?);
    }
    let missing = |id| format!("tokenizer: token {id} is missing");
    tokens.into_iter().enumerate().map(|(id, token)| token.ok_or_else(|| missing(id))).collect()
}

/// GPT-2's letters for bytes: what can be printed stands for itself, the rest for the letters from U+0100 on.
fn byte_letters() -> BTreeMap<char, u8> {
    let prints = |byte: u8| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    let mut others = '\u{100}'..;
    (0..=255)
        .map(|byte| (if prints(byte) { char::from(byte) } else { others.next().expect("68 letters") }, byte))
        .collect()
}

/// Slaney's mel filter bank, [mels, 201], each filter of equal area.
fn mel_filters(mels: usize) -> Vec<f32> {
    const SAMPLE_RATE_HZ: f64 = 16_000.0;
    const TRANSFORM: usize = 400;
    const LINEAR_HZ: f64 = 1_000.0; // below: linear; above: logarithmic
    const HZ_PER_MEL: f64 = 200.0 / 3.0;
    let step = 6.4_f64.ln() / 27.0;
    let knee = LINEAR_HZ / HZ_PER_MEL;
    let top = knee + (SAMPLE_RATE_HZ / 2.0 / LINEAR_HZ).ln() / step;
    let hz = |mel: f64| if mel < knee { mel * HZ_PER_MEL } else { LINEAR_HZ * (step * (mel - knee)).exp() };
    let edges: Vec<f64> = (0..mels + 2).map(|index| hz(top / (mels + 1) as f64 * index as f64)).collect();
    let bins = TRANSFORM / 2 + 1;
    let mut filters = Vec::with_capacity(mels * bins);
    for edge in edges.windows(3) {
        let area = 2.0 / (edge[2] - edge[0]);
        for bin in 0..bins {
            let at = SAMPLE_RATE_HZ / TRANSFORM as f64 * bin as f64;
            let (rise, fall) = ((at - edge[0]) / (edge[1] - edge[0]), (edge[2] - at) / (edge[2] - edge[1]));
            // At an edge of its filter a bin weighs nothing, whatever is left of rounding on this machine.
            let weight = Some(rise.min(fall)).filter(|weight| *weight > 1e-9).unwrap_or(0.0);
            filters.push((weight * area) as f32);
        }
    }
    filters
}

#[cfg(test)]
#[path = "whisper_tests.rs"]
mod tests;
