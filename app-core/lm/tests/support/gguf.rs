//! Writes small GGUF files: a whole model of one layer with seeded weights, and every way to break it.

/// A metadata value.
#[derive(Clone)]
pub(crate) enum Value {
    U32(u32),
    F32(f32),
    Text(String),
    Texts(Vec<String>),
    Numbers(Vec<i32>),
    /// Kind and bytes as they are.
    Raw(u32, Vec<u8>),
}

/// A tensor: name, dimensions (columns first), type id, bytes.
pub(crate) type Tensor = (String, Vec<u64>, u32, Vec<u8>);

/// A file to be.
#[derive(Clone)]
pub(crate) struct Gguf {
    pub(crate) version: u32,
    pub(crate) metadata: Vec<(String, Value)>,
    pub(crate) tensors: Vec<Tensor>,
}

fn text(out: &mut Vec<u8>, value: &str) {
    out.extend((value.len() as u64).to_le_bytes());
    out.extend(value.as_bytes());
}

fn value(out: &mut Vec<u8>, value: &Value) {
    let kind = |kind: u32, out: &mut Vec<u8>| out.extend(kind.to_le_bytes());
    match value {
        Value::U32(n) => {
            kind(4, out);
            out.extend(n.to_le_bytes());
        }
        Value::F32(x) => {
            kind(6, out);
            out.extend(x.to_le_bytes());
        }
        Value::Text(t) => {
            kind(8, out);
            text(out, t);
        }
        Value::Texts(texts) => {
            kind(9, out);
            kind(8, out);
            out.extend((texts.len() as u64).to_le_bytes());
            texts.iter().for_each(|t| text(out, t));
        }
        Value::Numbers(numbers) => {
            kind(9, out);
            kind(5, out);
            out.extend((numbers.len() as u64).to_le_bytes());
            numbers.iter().for_each(|n| out.extend(n.to_le_bytes()));
        }
        Value::Raw(k, bytes) => {
            kind(*k, out);
            out.extend(bytes);
        }
    }
}

impl Gguf {
    /// A model of one layer, 32 wide, with a vocabulary of the 256 bytes and an end token.
    pub(crate) fn model() -> Self {
        let mut state = 7_u32;
        let mut tensor = |name: &str, dims: &[u64]| {
            let bytes = (0..dims.iter().product()).flat_map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                ((state >> 8) as f32 / (1 << 23) as f32 - 1.0).to_le_bytes()
            });
            (name.to_owned(), dims.to_vec(), 0, bytes.collect())
        };
        let tensors = vec![
            tensor("token_embd.weight", &[32, 257]),
            tensor("output_norm.weight", &[32]),
            tensor("blk.0.attn_norm.weight", &[32]),
            tensor("blk.0.attn_q.weight", &[32, 32]),
            tensor("blk.0.attn_k.weight", &[32, 16]),
            tensor("blk.0.attn_v.weight", &[32, 16]),
            tensor("blk.0.attn_output.weight", &[32, 32]),
            tensor("blk.0.ffn_norm.weight", &[32]),
            tensor("blk.0.ffn_gate.weight", &[32, 64]),
            tensor("blk.0.ffn_up.weight", &[32, 64]),
            tensor("blk.0.ffn_down.weight", &[64, 32]),
        ];
        // GPT-2's stand-ins: printable Latin-1 stands for itself, the other bytes from U+0100 on.
        let mut next = 0x100_u32;
        let mut tokens: Vec<String> = (0..=255_u8)
            .map(|byte| {
                let own = matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
                let code = if own { u32::from(byte) } else { next };
                next += u32::from(!own);
                char::from_u32(code).expect("a character").to_string()
            })
            .collect();
        tokens.push("<|im_end|>".to_owned());
        let mut kinds = vec![1; 256];
        kinds.push(3);
        let metadata = [
            ("general.architecture", Value::Text("llama".into())),
            ("llama.block_count", Value::U32(1)),
            ("llama.context_length", Value::U32(256)),
            ("llama.embedding_length", Value::U32(32)),
            ("llama.feed_forward_length", Value::U32(64)),
            ("llama.attention.head_count", Value::U32(4)),
            ("llama.attention.head_count_kv", Value::U32(2)),
            ("llama.attention.layer_norm_rms_epsilon", Value::F32(1e-5)),
            ("tokenizer.ggml.model", Value::Text("gpt2".into())),
            ("tokenizer.ggml.pre", Value::Text("gpt-2".into())),
            ("tokenizer.ggml.tokens", Value::Texts(tokens)),
            ("tokenizer.ggml.token_type", Value::Numbers(kinds)),
            ("tokenizer.ggml.merges", Value::Texts(vec![])),
            ("tokenizer.ggml.eos_token_id", Value::U32(256)),
            (
                "tokenizer.chat_template",
                Value::Text("{% for m in messages %}{{ m.content }}<|im_end|>{% endfor %}".into()),
            ),
        ];
        let metadata = metadata.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        Self { version: 3, metadata, tensors }
    }

    /// A file that was written before, so that it can be changed. Values stay as they are.
    pub(crate) fn read(file: &[u8]) -> Self {
        let mut at = 24;
        let number = |at: usize, len: usize| file[at..at + len].iter().rev().fold(0_u64, |n, b| n << 8 | u64::from(*b));
        let take = |at: &mut usize, len: usize| {
            *at += len;
            number(*at - len, len)
        };
        let text = |at: &mut usize| {
            let len = take(at, 8) as usize;
            *at += len;
            String::from_utf8(file[*at - len..*at].to_vec()).expect("a text")
        };
        fn skip(file: &[u8], at: usize, kind: u64) -> usize {
            let size = |at: usize| u64::from_le_bytes(file[at..at + 8].try_into().expect("eight bytes"));
            match kind {
                0 | 1 | 7 => at + 1,
                2 | 3 => at + 2,
                4..=6 => at + 4,
                10..=12 => at + 8,
                8 => at + 8 + size(at) as usize,
                _ => {
                    let kind = size(at) & 0xFFFF_FFFF;
                    (0..size(at + 4)).fold(at + 12, |at, _| skip(file, at, kind))
                }
            }
        }
        let mut metadata = Vec::new();
        for _ in 0..number(16, 8) {
            let (key, kind) = (text(&mut at), take(&mut at, 4));
            let end = skip(file, at, kind);
            metadata.push((key, Value::Raw(kind as u32, file[at..end].to_vec())));
            at = end;
        }
        let mut records = Vec::new();
        for _ in 0..number(8, 8) {
            let (name, rank) = (text(&mut at), take(&mut at, 4));
            let dims: Vec<u64> = (0..rank).map(|_| take(&mut at, 8)).collect();
            records.push((name, dims, take(&mut at, 4) as u32, take(&mut at, 8) as usize));
        }
        let data = at.next_multiple_of(32);
        let tensors = records.into_iter().map(|(name, dims, type_id, offset)| {
            assert_eq!(type_id, 0, "{name}: only single precision is read");
            let len = 4 * dims.iter().product::<u64>() as usize;
            (name, dims, type_id, file[data + offset..][..len].to_vec())
        });
        Self { version: 3, tensors: tensors.collect(), metadata }
    }

    /// The same model as another family has it: its keys, and the vectors it has besides.
    pub(crate) fn of_family(mut self, family: &str) -> Self {
        for (key, value) in &mut self.metadata {
            if let Some(rest) = key.strip_prefix("llama.") {
                *key = format!("{family}.{rest}");
            } else if key == "general.architecture" {
                *value = Value::Text(family.into());
            }
        }
        let vectors: &[(&str, u64)] = match family {
            "qwen2" => &[("attn_q.bias", 32), ("attn_k.bias", 16), ("attn_v.bias", 16)],
            "qwen3" => &[("attn_q_norm.weight", 8), ("attn_k_norm.weight", 8)],
            "gemma3" => &[
                ("attn_q_norm.weight", 8),
                ("attn_k_norm.weight", 8),
                ("post_attention_norm.weight", 32),
                ("post_ffw_norm.weight", 32),
            ],
            "bitnet" | "bitnet-b1.58" => &[("attn_sub_norm.weight", 32), ("ffn_sub_norm.weight", 64)],
            _ => &[],
        };
        if family == "gemma3" {
            self.metadata.push(("gemma3.attention.sliding_window".into(), Value::U32(3)));
        }
        for (name, len) in vectors {
            let values = (0..*len).flat_map(|i| (0.5 + (i % 7) as f32 / 10.0).to_le_bytes());
            self.tensors.push((format!("blk.0.{name}"), vec![*len], 0, values.collect()));
        }
        self
    }

    /// The same with every matrix in half precision.
    pub(crate) fn with_halves(mut self) -> Self {
        for (_, _, type_id, bytes) in self.tensors.iter_mut().filter(|t| t.1.len() >= 2 && t.2 == 0) {
            let floats = bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b));
            *bytes = floats.flat_map(|value| reme_lm_kernels::f32_to_f16(value).to_le_bytes()).collect();
            *type_id = 1;
        }
        self
    }

    /// The same with every matrix in Q8_0.
    pub(crate) fn with_eight_bits(mut self) -> Self {
        for (_, dims, type_id, bytes) in self.tensors.iter_mut().filter(|t| t.1.len() == 2 && t.2 == 0) {
            let floats: Vec<f32> = bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
            assert!(dims[0].is_multiple_of(32), "whole blocks");
            *bytes = floats
                .as_chunks::<32>()
                .0
                .iter()
                .flat_map(|block| {
                    let largest = block.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
                    let quants = block.map(|w| (w / largest * 127.0).round() as i8 as u8);
                    reme_lm_kernels::f32_to_f16(largest / 127.0).to_le_bytes().into_iter().chain(quants)
                })
                .collect();
            *type_id = 8;
        }
        self
    }

    /// The same with another value of `key`, or without it.
    pub(crate) fn with(mut self, key: &str, value: Option<Value>) -> Self {
        self.metadata.retain(|(k, _)| k != key);
        self.metadata.extend(value.map(|value| (key.to_owned(), value)));
        self
    }

    /// The same with one tensor changed.
    pub(crate) fn with_tensor(mut self, name: &str, change: impl FnOnce(&mut Tensor)) -> Self {
        change(self.tensors.iter_mut().find(|t| t.0 == name).expect("a tensor of that name"));
        self
    }

    /// The bytes; every tensor moved by `shift` bytes from the second on.
    pub(crate) fn bytes_shifted(&self, shift: i64) -> Vec<u8> {
        let mut out = b"GGUF".to_vec();
        out.extend(self.version.to_le_bytes());
        out.extend((self.tensors.len() as u64).to_le_bytes());
        out.extend((self.metadata.len() as u64).to_le_bytes());
        for (key, v) in &self.metadata {
            text(&mut out, key);
            value(&mut out, v);
        }
        let mut offset = 0_u64;
        for (index, (name, dims, type_id, bytes)) in self.tensors.iter().enumerate() {
            text(&mut out, name);
            out.extend((dims.len() as u32).to_le_bytes());
            dims.iter().for_each(|d| out.extend(d.to_le_bytes()));
            out.extend(type_id.to_le_bytes());
            let moved = if index == 0 { offset } else { offset.wrapping_add_signed(shift) };
            out.extend(moved.to_le_bytes());
            offset += (bytes.len() as u64).next_multiple_of(32);
        }
        for (_, _, _, bytes) in &self.tensors {
            out.resize(out.len().next_multiple_of(32), 0);
            out.extend(bytes);
        }
        out.resize(out.len().next_multiple_of(32), 0);
        out
    }

    /// The bytes of the file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.bytes_shifted(0)
    }
}
