//! A random model of the shape of BitNet b1.58 2B4T (hidden 2560, feed-forward 6912, 30 blocks, 20 heads over 5), in the llama
//! family so that every runtime can open it: ternary weights as TQ2_0, a head of 1024 tokens as Q8_0.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

const HIDDEN: usize = 2560;
const FEED_FORWARD: usize = 6912;
const BLOCKS: usize = 30;
const HEADS: usize = 20;
const KV_HEADS: usize = 5;
const VOCABULARY: usize = 1024;
const F32: u32 = 0;
const Q8_0: u32 = 8;
const TQ2_0: u32 = 35;
/// The half 0.02.
const SCALE: [u8; 2] = 0x251F_u16.to_le_bytes();

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}

fn number(out: &mut Vec<u8>, key: &str, value: usize) {
    text(out, key);
    out.extend(4_u32.to_le_bytes());
    out.extend((value as u32).to_le_bytes());
}

fn word(out: &mut Vec<u8>, key: &str, value: &str) {
    text(out, key);
    out.extend(8_u32.to_le_bytes());
    text(out, value);
}

/// Names of tokens: GPT-2's letters for the 256 bytes, then unused ones.
fn tokens() -> Vec<String> {
    let mut beyond = 0;
    let mut name = |byte: u32| {
        let shown = matches!(byte, 33..=126 | 161..=172 | 174..=255);
        let letter = if shown {
            byte
        } else {
            beyond += 1;
            255 + beyond
        };
        char::from_u32(letter).map(String::from).unwrap_or_default()
    };
    let mut all: Vec<String> = (0..256).map(&mut name).collect();
    all.extend((256..VOCABULARY).map(|i| format!("<unused{i}>")));
    all
}

fn bytes_of(type_id: u32, columns: usize, rows: usize, state: &mut u64) -> Vec<u8> {
    let mut next = || {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 40) as u32
    };
    let weights = columns * rows;
    match type_id {
        F32 => (0..weights).flat_map(|_| 1.0_f32.to_le_bytes()).collect(),
        Q8_0 => (0..weights / 32)
            .flat_map(|_| {
                let mut block = vec![SCALE[0], 0x10];
                block.extend((0..32).map(|_| next() as u8));
                block
            })
            .collect(),
        _ => (0..weights / 256)
            .flat_map(|_| {
                let mut block: Vec<u8> = (0..64)
                    .map(|_| {
                        let n = next();
                        (0..4).map(|i| ((n >> (4 * i)) % 3) << (2 * i)).sum::<u32>() as u8
                    })
                    .collect();
                block.extend(SCALE);
                block
            })
            .collect(),
    }
}

/// Writes the file, about 520 MB.
pub(crate) fn write(path: &Path) -> io::Result<()> {
    let kv = KV_HEADS * (HIDDEN / HEADS);
    let mut tensors: Vec<(String, usize, usize, u32)> = vec![
        ("token_embd.weight".into(), HIDDEN, VOCABULARY, Q8_0),
        ("output_norm.weight".into(), HIDDEN, 1, F32),
        ("output.weight".into(), HIDDEN, VOCABULARY, Q8_0),
    ];
    for block in 0..BLOCKS {
        let matrices = [
            ("attn_q", HIDDEN, HIDDEN),
            ("attn_k", HIDDEN, kv),
            ("attn_v", HIDDEN, kv),
            ("attn_output", HIDDEN, HIDDEN),
            ("ffn_gate", HIDDEN, FEED_FORWARD),
            ("ffn_up", HIDDEN, FEED_FORWARD),
            ("ffn_down", FEED_FORWARD, HIDDEN),
        ];
        tensors.extend(matrices.map(|(name, k, m)| (format!("blk.{block}.{name}.weight"), k, m, TQ2_0)));
        tensors.extend(["attn_norm", "ffn_norm"].map(|name| (format!("blk.{block}.{name}.weight"), HIDDEN, 1, F32)));
    }
    let mut head = Vec::new();
    word(&mut head, "general.architecture", "llama");
    word(&mut head, "general.name", "Random ternary 2B");
    number(&mut head, "llama.block_count", BLOCKS);
    number(&mut head, "llama.context_length", 4096);
    number(&mut head, "llama.embedding_length", HIDDEN);
    number(&mut head, "llama.feed_forward_length", FEED_FORWARD);
    number(&mut head, "llama.attention.head_count", HEADS);
    number(&mut head, "llama.attention.head_count_kv", KV_HEADS);
    number(&mut head, "llama.rope.dimension_count", HIDDEN / HEADS);
    number(&mut head, "tokenizer.ggml.eos_token_id", VOCABULARY - 1);
    text(&mut head, "llama.attention.layer_norm_rms_epsilon");
    head.extend(6_u32.to_le_bytes());
    head.extend(1e-5_f32.to_le_bytes());
    word(&mut head, "tokenizer.ggml.model", "gpt2");
    word(&mut head, "tokenizer.ggml.pre", "gpt-2");
    word(&mut head, "tokenizer.chat_template", "{% for m in messages %}{{ m.content }}{% endfor %}");
    text(&mut head, "tokenizer.ggml.tokens");
    head.extend(9_u32.to_le_bytes());
    head.extend(8_u32.to_le_bytes());
    head.extend((VOCABULARY as u64).to_le_bytes());
    tokens().iter().for_each(|token| text(&mut head, token));
    text(&mut head, "tokenizer.ggml.token_type");
    head.extend(9_u32.to_le_bytes());
    head.extend(5_u32.to_le_bytes());
    head.extend((VOCABULARY as u64).to_le_bytes());
    (0..VOCABULARY).for_each(|i| head.extend((if i == VOCABULARY - 1 { 3_i32 } else { 1 }).to_le_bytes()));
    text(&mut head, "tokenizer.ggml.merges");
    head.extend(9_u32.to_le_bytes());
    head.extend(8_u32.to_le_bytes());
    head.extend(1_u64.to_le_bytes());
    text(&mut head, "a b");
    let entries = 17_u64;
    let mut state = 1;
    // The matrices of every block hold the same numbers: only their size matters, and making them takes a while.
    let mut made: Vec<((usize, usize, u32), Vec<u8>)> = Vec::new();
    let mut offset = 0_usize;
    for (name, columns, rows, type_id) in &tensors {
        text(&mut head, name);
        let dims: &[usize] = if *rows == 1 { &[*columns] } else { &[*columns, *rows] };
        head.extend((dims.len() as u32).to_le_bytes());
        dims.iter().for_each(|d| head.extend((*d as u64).to_le_bytes()));
        head.extend(type_id.to_le_bytes());
        head.extend((offset as u64).to_le_bytes());
        if !made.iter().any(|(key, _)| *key == (*columns, *rows, *type_id)) {
            made.push(((*columns, *rows, *type_id), bytes_of(*type_id, *columns, *rows, &mut state)));
        }
        let bytes = made.iter().find(|(key, _)| *key == (*columns, *rows, *type_id)).map_or(0, |(_, b)| b.len());
        offset += bytes.next_multiple_of(32);
    }
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(b"GGUF")?;
    out.write_all(&3_u32.to_le_bytes())?;
    out.write_all(&(tensors.len() as u64).to_le_bytes())?;
    out.write_all(&entries.to_le_bytes())?;
    out.write_all(&head)?;
    let start = 24 + head.len();
    out.write_all(&vec![0; start.next_multiple_of(32) - start])?;
    for (_, columns, rows, type_id) in &tensors {
        let found = made.iter().find(|(key, _)| *key == (*columns, *rows, *type_id));
        let bytes = found.map_or(&[][..], |(_, bytes)| bytes);
        out.write_all(bytes)?;
        out.write_all(&vec![0; bytes.len().next_multiple_of(32) - bytes.len()])?;
    }
    out.flush()
}
