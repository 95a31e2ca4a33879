//! Records what llama.cpp answers: for each prompt its tokens, the 20 highest logits after it, and 64 greedy tokens.
//!
//! `GGML_LLAMAFILE=OFF cargo run --release -- MODEL.gguf OUT.json` in this folder (needs cmake and libclang).
//!
//! What is recorded is llama.cpp's plain CPU path on AVX2: weights not repacked, llamafile's matrix kernels left out of the
//! build, one token at a time on one thread, keys and values in single precision, no flash attention. Repacking, those
//! kernels and the tiled ones for batches change the order of sums or the blocks of activations with the machine, the
//! build and the batch; this path does not.

use std::ffi::CString;
use std::os::raw::c_char;

use llama_cpp_sys_2 as llama;
use serde_json::{Value, json};

/// (language, what the user says). Written for this test.
const PROMPTS: [(&str, &str); 6] = [
    ("en", "Name three things one can see at a harbour."),
    ("en", "Write two kind sentences to a friend who planted tomatoes this spring."),
    ("en", "What is seven plus eight? Answer, then explain how you counted."),
    ("zh-CN", "请说出三种春天开的花。"),
    ("zh-CN", "我昨天和孙女去公园喂鸭子。请用两句话问问我那天的事。"),
    ("zh-CN", "十二减五等于几？请说说怎么算。"),
];
const GREEDY_TOKENS: usize = 64;
const TOP: usize = 20;

unsafe extern "C" fn silent(_: llama::ggml_log_level, _: *const c_char, _: *mut std::os::raw::c_void) {}

fn top(logits: &[f32], n: usize) -> Vec<(usize, f32)> {
    let mut all: Vec<(usize, f32)> = logits.iter().copied().enumerate().collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    all.truncate(n);
    all
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, path, out] = &args[..] else { panic!("usage: MODEL.gguf OUT.json") };
    let c_path = CString::new(path.as_str()).unwrap();
    let mut records: Vec<Value> = Vec::new();
    // SAFETY: plain use of llama.cpp's C interface; every pointer comes from it and outlives its use.
    unsafe {
        llama::llama_log_set(Some(silent), std::ptr::null_mut());
        llama::llama_backend_init();
        let mut model_params = llama::llama_model_default_params();
        // No repacked copies of the weights.
        model_params.use_extra_bufts = false;
        let model = llama::llama_model_load_from_file(c_path.as_ptr(), model_params);
        assert!(!model.is_null(), "the model does not load");
        let vocab = llama::llama_model_get_vocab(model);
        let n_vocab = llama::llama_vocab_n_tokens(vocab) as usize;
        for (language, text) in PROMPTS {
            let mut params = llama::llama_context_default_params();
            params.n_ctx = 512;
            params.n_threads = 1;
            params.n_threads_batch = 1;
            params.type_k = llama::GGML_TYPE_F32;
            params.type_v = llama::GGML_TYPE_F32;
            params.flash_attn_type = llama::LLAMA_FLASH_ATTN_TYPE_DISABLED;
            let ctx = llama::llama_init_from_model(model, params);
            // ChatML with this system message is what both models' templates make of the two messages.
            let prompt = format!(
                "<|im_start|>system\nYou are kind and brief.<|im_end|>\n<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n"
            );
            let mut tokens = vec![0; 512];
            let n = llama::llama_tokenize(
                vocab, prompt.as_ptr().cast(), prompt.len() as i32, tokens.as_mut_ptr(), 512, true, true,
            );
            assert!(n > 0);
            tokens.truncate(n as usize);
            for token in &mut tokens[..n as usize - 1] {
                assert_eq!(llama::llama_decode(ctx, llama::llama_batch_get_one(token, 1)), 0);
            }
            let mut next = tokens[n as usize - 1];
            let (mut first, mut greedy, mut margins) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..GREEDY_TOKENS {
                let batch = llama::llama_batch_get_one(&mut next, 1);
                assert_eq!(llama::llama_decode(ctx, batch), 0);
                let logits = std::slice::from_raw_parts(llama::llama_get_logits_ith(ctx, -1), n_vocab);
                if first.is_empty() {
                    first = top(logits, TOP);
                }
                let two = top(logits, 2);
                let token = two[0].0 as i32;
                greedy.push(token);
                margins.push(two[0].1 - two[1].1);
                next = token;
                if llama::llama_vocab_is_eog(vocab, token) {
                    break;
                }
            }
            records.push(json!({
                "language": language, "text": text, "tokens": tokens, "top_logits": first,
                "greedy": greedy, "margins": margins,
            }));
            llama::llama_free(ctx);
        }
        llama::llama_model_free(model);
    }
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    std::fs::write(out, format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
}
