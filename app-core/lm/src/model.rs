//! An opened model: the mapped file, its checked header, tokenizer and template.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use llguidance::ParserFactory;
use reme_lm_kernels::{Isa, MappedFile, Pool};

use crate::LmError;
use crate::chat_template::ChatTemplate;
use crate::config::Config;
use crate::constraint::grammar_factory;
use crate::gguf::Header;
use crate::kv_cache::KvCache;
use crate::options::{CacheForm, GenerateOptions, LoadOptions, ModelInfo, WeightForm};
use crate::packed_file;
use crate::session::Session;
use crate::tokenizer::Tokenizer;
use crate::transformer::Transformer;
use crate::weights::Weights;

/// An opened model. Cloning shares it; it is `Send + Sync`.
#[derive(Clone)]
pub struct Model {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    file: Arc<MappedFile>,
    pub(crate) config: Config,
    weights: Weights,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) template: ChatTemplate,
    pub(crate) info: ModelInfo,
    /// Form of every session's keys and values.
    pub(crate) cache: CacheForm,
    /// Tells models apart: BLAKE3 of header, length and form of the weights.
    pub(crate) key: [u8; 32],
    pool: Pool,
    /// Made at the first constrained answer.
    grammar: OnceLock<ParserFactory>,
}

impl Model {
    /// Maps the file at `path` and checks all of its header; packs the weights if asked to. Weights as stored are read
    /// when first used.
    ///
    /// # Errors
    /// Any of the file variants of [`LmError`]; nothing is kept open then.
    pub fn open(path: &Path, options: &LoadOptions) -> Result<Self, LmError> {
        let file = MappedFile::open(path).map_err(|source| LmError::Unreadable { path: path.to_owned(), source })?;
        let file = Arc::new(file);
        let header = Header::parse(&file, path)?;
        let config = Config::read(&header)?;
        let window_tokens = options.window_tokens.min(config.trained_window);
        within_budget(&header, &config, window_tokens, options)?;
        let tokenizer = Tokenizer::read(&header)?;
        let pool = Pool::new(options.threads.max(1));
        packed_file::check(&file, &header, &pool)?;
        let weights = Weights::find(&file, &header, &config, tokenizer.len(), options, &pool)?;
        let token = |key: &str| header.optional_count(key).map(|id| id.map(|id| id as u32));
        let template = ChatTemplate::compile(
            header.text("tokenizer.chat_template")?,
            tokenizer.name_of(token("tokenizer.ggml.bos_token_id")?),
            tokenizer.name_of(token("tokenizer.ggml.eos_token_id")?),
        )?;
        let family = header.text("general.architecture")?.to_owned();
        let info = ModelInfo {
            name: header.text("general.name").unwrap_or(&family).to_owned(),
            family,
            parameters: weights.parameters,
            file_bytes: file.len() as u64,
            layers: config.layers,
            embedding: config.embedding,
            vocabulary: tokenizer.len(),
            trained_window_tokens: config.trained_window,
            window_tokens,
            isa: options.isa.filter(|isa| isa.is_available()).unwrap_or_else(Isa::detect),
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update(&file[..header.data_start.min(file.len())]);
        hasher.update(&(file.len() as u64).to_le_bytes());
        hasher.update(&[u8::from(options.weights == WeightForm::Packed)]);
        let key = *hasher.finalize().as_bytes();
        let (cache, grammar) = (options.cache, OnceLock::new());
        let inner = Inner { file, config, weights, tokenizer, template, info, cache, key, pool, grammar };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What the file says about itself.
    #[must_use]
    pub fn info(&self) -> &ModelInfo {
        &self.inner.info
    }

    /// Whether weights of inputs that are dropped are not read: ternary models that say what to drop.
    #[must_use]
    pub fn skips_weights(&self) -> bool {
        self.inner.weights.blocks.iter().any(|block| block.down_columns.is_some())
    }

    /// Whether [`crate::GenerateOptions::lookup_tokens`] does anything: only where a token's logits are the same bits alone and in a
    /// batch, which lookup tables and dropped inputs do not give.
    #[must_use]
    pub fn can_look_up(&self) -> bool {
        self.inner.weights.are_same_in_batches()
    }

    /// A new conversation with an empty cache. It shares this model and may outlive the handle.
    #[must_use]
    pub fn session(&self) -> Session {
        Session::new(Arc::clone(&self.inner))
    }

    /// Tokens of plain text; names of special tokens are ordinary text here. For counting and for tests.
    #[must_use]
    pub fn tokenize(&self, text: &str) -> Vec<u32> {
        self.inner.tokenizer.encode(text)
    }

    /// The text of tokens, control tokens left out. Cut characters become U+FFFD.
    #[must_use]
    pub fn detokenize(&self, tokens: &[u32]) -> String {
        let tokenizer = &self.inner.tokenizer;
        let bytes: Vec<u8> = tokens
            .iter()
            .filter(|t| !tokenizer.is_special(**t))
            .flat_map(|t| tokenizer.bytes_of(*t).iter().copied())
            .collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Refuses a model that would take more than it may, before anything of it is read or packed.
fn within_budget(header: &Header, config: &Config, window_tokens: usize, options: &LoadOptions) -> Result<(), LmError> {
    let Some(budget) = options.memory_bytes else { return Ok(()) };
    let weights: u64 = header.tensors.values().map(|record| record.packed_bytes(options.weights)).sum();
    let cache = KvCache::size_bytes(config, window_tokens, options.cache);
    if weights + cache <= budget {
        return Ok(());
    }
    let mb = |bytes: u64| bytes.div_ceil(1_000_000);
    Err(LmError::OverBudget {
        needed_mb: mb(weights + cache),
        budget_mb: budget / 1_000_000,
        weights_mb: mb(weights),
        cache_mb: mb(cache),
        window_tokens,
    })
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("info", &self.inner.info).finish_non_exhaustive()
    }
}

impl Inner {
    /// Most tokens that may be guessed in an answer.
    pub(crate) fn guesses(&self, options: &GenerateOptions) -> usize {
        let is_greedy = options.sampling.as_ref().is_none_or(|sampling| sampling.temperature <= 0.0);
        if is_greedy && self.weights.are_same_in_batches() { options.lookup_tokens } else { 0 }
    }

    /// What holds answers to a schema, for this vocabulary.
    pub(crate) fn grammar(&self) -> Result<&ParserFactory, LmError> {
        if self.grammar.get().is_none() {
            // Two threads may both build one; the first is kept.
            let _ = self.grammar.set(grammar_factory(&self.tokenizer)?);
        }
        Ok(self.grammar.get().expect("it was set just now"))
    }

    pub(crate) fn transformer(&self) -> Transformer<'_> {
        Transformer {
            file: &self.file,
            config: &self.config,
            weights: &self.weights,
            isa: self.info.isa,
            pool: &self.pool,
        }
    }
}
