//! A Whisper of a few numbers goes through, a broken one is told by name; the real packages are checked by hash at every pull.

use super::*;

/// Writes a file in CTranslate2's form.
#[derive(Default)]
struct Package {
    variables: Vec<(String, Vec<u32>, u8, Vec<u8>)>,
}

impl Package {
    fn half(mut self, name: &str, dims: &[u32]) -> Self {
        let count = dims.iter().product::<u32>() as usize;
        let bytes = (0..count).flat_map(|index| (0x3c00 + index as u16 % 512).to_le_bytes()).collect();
        self.variables.push((name.to_owned(), dims.to_vec(), 4, bytes));
        self
    }

    fn linear(self, name: &str, rows: u32, columns: u32) -> Self {
        self.half(&format!("{name}/weight"), &[rows, columns]).half(&format!("{name}/bias"), &[rows])
    }

    fn norm(self, name: &str) -> Self {
        self.half(&format!("{name}/gamma"), &[64]).half(&format!("{name}/beta"), &[64])
    }

    /// Width 64, one layer a side, 51864 tokens.
    fn smallest() -> Self {
        let mut package = Self::default()
            .half("encoder/position_encodings/encodings", &[4, 64])
            .half("decoder/position_encodings/encodings", &[2, 64])
            .half("encoder/conv1/weight", &[64, 80, 3])
            .half("encoder/conv1/bias", &[64])
            .half("encoder/conv2/weight", &[64, 64, 3])
            .half("encoder/conv2/bias", &[64])
            .half("decoder/embeddings/weight", &[51_864, 64])
            .norm("encoder/layer_norm")
            .norm("decoder/layer_norm");
        for side in ["encoder", "decoder"] {
            let layer = format!("{side}/layer_0");
            package = package
                .norm(&format!("{layer}/self_attention/layer_norm"))
                .linear(&format!("{layer}/self_attention/linear_0"), 192, 64)
                .linear(&format!("{layer}/self_attention/linear_1"), 64, 64)
                .norm(&format!("{layer}/ffn/layer_norm"))
                .linear(&format!("{layer}/ffn/linear_0"), 256, 64)
                .linear(&format!("{layer}/ffn/linear_1"), 64, 256);
        }
        package
            .norm("decoder/layer_0/attention/layer_norm")
            .linear("decoder/layer_0/attention/linear_0", 64, 64)
            .linear("decoder/layer_0/attention/linear_1", 128, 64)
            .linear("decoder/layer_0/attention/linear_2", 64, 64)
    }

    fn bytes(&self, spec: &str) -> Vec<u8> {
        let text = |text: &str| [&(text.len() as u16 + 1).to_le_bytes()[..], text.as_bytes(), &[0]].concat();
        let mut bytes = 6_u32.to_le_bytes().to_vec();
        bytes.extend(text(spec));
        bytes.extend(3_u32.to_le_bytes());
        bytes.extend((self.variables.len() as u32).to_le_bytes());
        for (name, dims, kind, data) in &self.variables {
            bytes.extend(text(name));
            bytes.push(dims.len() as u8);
            dims.iter().for_each(|dim| bytes.extend(dim.to_le_bytes()));
            bytes.push(*kind);
            bytes.extend((data.len() as u32).to_le_bytes());
            bytes.extend(data);
        }
        bytes.extend(0_u32.to_le_bytes());
        bytes
    }
}

fn tokenizer() -> Vec<u8> {
    let vocab: BTreeMap<String, usize> = (0..TEXT_TOKENS_EN).map(|id| (format!("Ġ{id}"), id)).collect();
    serde_json::to_vec(&serde_json::json!({ "model": { "vocab": vocab } })).unwrap()
}

fn converted(weights: &[u8], tokenizer: &[u8]) -> Result<Vec<u8>, String> {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("made.bin");
    let mut inputs = Inputs::default();
    inputs.of("weights").extend(weights);
    inputs.of("tokenizer").extend(tokenizer);
    convert(&inputs, &target)?;
    Ok(std::fs::read(&target).unwrap())
}

#[test]
fn a_package_becomes_one_file_with_every_array_cut_and_named() {
    let made = converted(&Package::smallest().bytes("WhisperSpec"), &tokenizer()).unwrap();
    let number = |at: usize| u32::from_le_bytes(made[at * 4..at * 4 + 4].try_into().unwrap());
    let head: Vec<u32> = (0..14).map(number).collect();
    assert_eq!(head, [MAGIC, 51_864, 4, 64, 1, 1, 2, 64, 1, 1, 80, TYPE_F16, 80, 201]);
    let found = |text: &str| made.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(found("decoder.blocks.0.cross_attn.value.bias") && found("encoder.blocks.0.attn.key.weight"));
    assert!(!found("attn.key.bias"), "Whisper's keys have no bias");
    // 2 positions, 2 x 2 convolution, 2 norms of two, embedding; layers of 15 and of 24.
    let count = made.windows(8).filter(|window| window.starts_with(b"encoder.") || window.starts_with(b"decoder."));
    assert_eq!(count.count(), 11 + 15 + 24);
    assert!(found(" 50255"), "a token is written as the bytes it stands for");
    assert_eq!(made, converted(&Package::smallest().bytes("WhisperSpec"), &tokenizer()).unwrap());
}

#[test]
fn what_is_missing_or_of_another_kind_is_told() {
    let whole = Package::smallest();
    let without = |name: &str| {
        let mut package = Package::smallest();
        package.variables.retain(|(known, ..)| known != name);
        package.bytes("WhisperSpec")
    };
    let cut = &whole.bytes("WhisperSpec")[..5_000];
    let no_token = br#"{"model":{"vocab":{"a":0}}}"#;
    for (weights, tokenizer, word) in [
        (without("encoder/conv2/bias"), tokenizer(), "encoder/conv2/bias"),
        (whole.bytes("TransformerSpec"), tokenizer(), "TransformerSpec"),
        (cut.to_vec(), tokenizer(), "ends too early"),
        (whole.bytes("WhisperSpec"), no_token.to_vec(), "token 1 is missing"),
        (whole.bytes("WhisperSpec"), b"{}".to_vec(), "tokenizer"),
    ] {
        let message = converted(&weights, &tokenizer).unwrap_err();
        assert!(message.contains(word), "{word} is not in: {message}");
    }
}

#[test]
fn half_floats_are_widened_without_loss() {
    for (half, wide) in [
        (0x0000, 0.0),
        (0x3c00, 1.0),
        (0xc000, -2.0),
        (0x7bff, 65_504.0),
        (0x0001, 2.0_f32.powi(-24)),
        (0x8400, -(2.0_f32.powi(-14))),
        (0x3555, 0.333_251_95),
        (0xfc00, f32::NEG_INFINITY),
    ] {
        assert_eq!(widen(half).to_bits(), f32::to_bits(wide), "{half:#06x}");
    }
}

#[test]
fn the_filter_bank_has_the_published_numbers() {
    // OpenAI's mel_filters.npz: first weights of the first and of the last of 80 filters.
    let filters = mel_filters(80);
    assert_eq!(filters.len(), 80 * 201);
    assert!((filters[1] - 0.024_862_6).abs() < 1e-6, "{}", filters[1]);
    assert!(filters[0].abs() < 1e-12 && filters[3].abs() < 1e-12);
    let areas = filters.chunks(201).map(|filter| filter.iter().sum::<f32>() * 40.0);
    assert!(areas.into_iter().all(|area| (0.7..1.4).contains(&area)), "every filter has an area near 1");
}
