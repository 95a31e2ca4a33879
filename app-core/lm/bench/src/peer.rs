//! llama.cpp as the peer: single products through ggml's CPU backend, whole models through its own interface.
//!
//! Weights go into the buffers llama.cpp itself prefers (repacked for this machine where it has such a form), so a product
//! here costs what it costs in its models, plus a few microseconds for walking a graph of one node.

use std::ffi::CString;
use std::os::raw::{c_char, c_void};
use std::path::Path;
use std::ptr;

use llama_cpp_sys_2 as llama;

unsafe extern "C" fn silent(_: llama::ggml_log_level, _: *const c_char, _: *mut c_void) {}

/// Once, before anything else.
pub(crate) fn start() {
    // SAFETY: plain calls without arguments that could be wrong.
    unsafe {
        llama::llama_log_set(Some(silent), ptr::null_mut());
        llama::llama_backend_init();
    }
}

/// A random matrix [rows, columns] in GGML type `type_id`, rounded as llama.cpp rounds it, or `None` where the type does
/// not fit. Some rows lie over and over: the numbers do not matter, their kind does.
pub(crate) fn quantised(type_id: u32, rows: usize, columns: usize) -> Option<Vec<u8>> {
    // SAFETY: sizes are those ggml itself reports.
    unsafe {
        if !columns.is_multiple_of(llama::ggml_blck_size(type_id) as usize) {
            return None;
        }
        let some = rows.min(32);
        let floats: Vec<f32> = (0..some * columns)
            .map(|i| ((i.wrapping_mul(2_654_435_761) >> 7) % 2001) as f32 / 50_000.0 - 0.02)
            .collect();
        let row_bytes = llama::ggml_row_size(type_id, columns as i64);
        let mut bytes = vec![0_u8; row_bytes * some];
        let to = bytes.as_mut_ptr().cast();
        llama::ggml_quantize_chunk(type_id, floats.as_ptr(), to, 0, some as i64, columns as i64, ptr::null());
        Some(bytes.iter().copied().cycle().take(row_bytes * rows).collect())
    }
}

/// Several copies of one matrix, each with a product waiting to be computed.
pub(crate) struct Products {
    backend: llama::ggml_backend_t,
    contexts: [*mut llama::ggml_context; 2],
    buffers: [llama::ggml_backend_buffer_t; 2],
    graphs: Vec<*mut llama::ggml_cgraph>,
}

impl Drop for Products {
    fn drop(&mut self) {
        // SAFETY: all were made in `new` and are used no more.
        unsafe {
            self.buffers.iter().for_each(|buffer| llama::ggml_backend_buffer_free(*buffer));
            self.contexts.iter().for_each(|context| llama::ggml_free(*context));
            llama::ggml_backend_free(self.backend);
        }
    }
}

impl Products {
    /// `copies` times `data`, a matrix [rows, columns] in GGML type `type_id`, with `tokens` vectors each.
    pub(crate) fn new(
        type_id: u32,
        data: &[u8],
        (rows, columns): (usize, usize),
        tokens: usize,
        copies: usize,
    ) -> Self {
        // SAFETY: sizes are those ggml itself reports; every pointer comes from it and is freed in `drop`.
        unsafe {
            let backend = llama::ggml_backend_cpu_init();
            llama::ggml_backend_cpu_set_n_threads(backend, 1);
            let params = llama::ggml_init_params { mem_size: 1 << 24, mem_buffer: ptr::null_mut(), no_alloc: true };
            let (weights, rest) = (llama::ggml_init(params), llama::ggml_init(params));
            let matrices: Vec<_> =
                (0..copies).map(|_| llama::ggml_new_tensor_2d(weights, type_id, columns as i64, rows as i64)).collect();
            let x = llama::ggml_new_tensor_2d(rest, llama::GGML_TYPE_F32, columns as i64, tokens as i64);
            let products: Vec<_> = matrices.iter().map(|matrix| llama::ggml_mul_mat(rest, *matrix, x)).collect();
            let graphs = products
                .iter()
                .map(|product| {
                    let graph = llama::ggml_new_graph_custom(rest, 8, false);
                    llama::ggml_build_forward_expand(graph, *product);
                    graph
                })
                .collect();
            let plain = llama::ggml_backend_cpu_buffer_type();
            // Of the forms the CPU has for itself, the first that can multiply this type.
            let device = llama::ggml_backend_get_device(backend);
            let mut chosen = plain;
            let registry = llama::ggml_backend_dev_backend_reg(device);
            let name = CString::new("ggml_backend_dev_get_extra_bufts").expect("no zero in it");
            let get = llama::ggml_backend_reg_get_proc_address(registry, name.as_ptr());
            if !get.is_null() {
                type GetExtra =
                    unsafe extern "C" fn(llama::ggml_backend_dev_t) -> *mut llama::ggml_backend_buffer_type_t;
                let get: GetExtra = std::mem::transmute(get);
                let mut list = get(device);
                let first = matrices[0];
                while !list.is_null() && !(*list).is_null() {
                    // Asked with a matrix that lies in such a buffer, as llama.cpp asks.
                    let trial = llama::ggml_backend_buft_alloc_buffer(*list, 0);
                    (*first).buffer = trial;
                    let can = llama::ggml_backend_dev_supports_op(device, products[0]);
                    (*first).buffer = ptr::null_mut();
                    llama::ggml_backend_buffer_free(trial);
                    if can {
                        chosen = *list;
                        break;
                    }
                    list = list.add(1);
                }
            }
            let buffers = [(weights, chosen), (rest, plain)]
                .map(|(context, kind)| llama::ggml_backend_alloc_ctx_tensors_from_buft(context, kind));
            for matrix in &matrices {
                llama::ggml_backend_tensor_set(*matrix, data.as_ptr().cast(), 0, data.len());
            }
            let inputs: Vec<f32> = (0..columns * tokens).map(|i| ((i * 37 % 101) as f32 - 50.0) / 25.0).collect();
            llama::ggml_backend_tensor_set(x, inputs.as_ptr().cast(), 0, inputs.len() * 4);
            Self { backend, contexts: [weights, rest], buffers, graphs }
        }
    }

    pub(crate) fn run(&mut self, copy: usize) {
        // SAFETY: backend and graph are those of `new`.
        unsafe { llama::ggml_backend_graph_compute(self.backend, self.graphs[copy]) };
    }
}

/// How keys and values are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cache {
    /// As llama.cpp does by default: halves.
    Default,
    /// In single precision, without the attention kernel that rounds on the way.
    Exact,
}

/// A model in llama.cpp, as it opens one by default, with a context.
pub(crate) struct Session {
    model: *mut llama::llama_model,
    context: *mut llama::llama_context,
}

impl Session {
    pub(crate) fn open(path: &Path, threads: i32, cache: Cache) -> Self {
        let path = CString::new(path.to_str().expect("a path in UTF-8")).expect("no zero in it");
        // SAFETY: pointers come from llama.cpp and live as long as this value.
        unsafe {
            let model = llama::llama_model_load_from_file(path.as_ptr(), llama::llama_model_default_params());
            assert!(!model.is_null(), "llama.cpp opens the model");
            let mut params = llama::llama_context_default_params();
            (params.n_ctx, params.n_threads, params.n_threads_batch) = (256, threads, threads);
            if cache == Cache::Exact {
                (params.type_k, params.type_v) = (llama::GGML_TYPE_F32, llama::GGML_TYPE_F32);
                params.flash_attn_type = llama::LLAMA_FLASH_ATTN_TYPE_DISABLED;
            }
            let context = llama::llama_init_from_model(model, params);
            assert!(!context.is_null(), "llama.cpp makes a context");
            Self { model, context }
        }
    }

    pub(crate) fn forget(&mut self) {
        // SAFETY: as in `open`.
        unsafe { llama::llama_memory_clear(llama::llama_get_memory(self.context), true) };
    }

    /// Logits after the last token, [vocabulary].
    pub(crate) fn logits(&mut self, vocabulary: usize) -> Vec<f32> {
        // SAFETY: llama.cpp holds as many as the vocabulary has tokens.
        unsafe { std::slice::from_raw_parts(llama::llama_get_logits_ith(self.context, -1), vocabulary).to_vec() }
    }

    /// Runs tokens after what is held.
    pub(crate) fn feed(&mut self, tokens: &[u32]) {
        let mut tokens: Vec<i32> = tokens.iter().map(|t| *t as i32).collect();
        // SAFETY: the batch points to `tokens`, which lives until decoding has ended.
        unsafe {
            let batch = llama::llama_batch_get_one(tokens.as_mut_ptr(), tokens.len() as i32);
            assert_eq!(llama::llama_decode(self.context, batch), 0, "llama.cpp runs the tokens");
            // The computation has ended only when its results are asked for.
            let _ = llama::llama_get_logits_ith(self.context, -1);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: both were made in `open` and are used no more.
        unsafe {
            llama::llama_free(self.context);
            llama::llama_model_free(self.model);
        }
    }
}
