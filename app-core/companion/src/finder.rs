//! One index of a patient's memories, kept while the companion is open and brought up to date by the log of changes.
//!
//! Where in the flow: search asks it. Vectors are made here, for memories that have none of the model at hand, and kept in the
//! store. What it must never do: answer from what was changed or removed since.

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use reme_conversation::Meaning;
use reme_embedding::{DIMENSIONS, Embedder, EmbeddingError, similarity};
use reme_retrieval::{Corpus, Doc, Vector};
use reme_store::{MemoryFilter, Store};
use reme_types::{Language, Memory, MemoryId};

use crate::{household::ReMeError, names::Names};

/// Most memories given a vector before one question is answered: half a second's work. The others follow with the next. [design]
const MOST_AT_ONCE: usize = 256;

/// The sentence model of this device: its file, opened when the first text is read with it, and the name its vectors are kept under.
#[derive(Debug, Clone)]
pub struct Sentences {
    path: PathBuf,
    model: String,
    opened: Arc<OnceLock<Result<Embedder, EmbeddingError>>>,
    /// Vectors of things an answer is held against, which are the same for most answers.
    compared: Arc<Mutex<HashMap<String, [f32; DIMENSIONS]>>>,
}

impl Sentences {
    /// `model` is the sha256 of the file: vectors of another file are made anew.
    pub fn at(path: impl Into<PathBuf>, model: impl Into<String>) -> Self {
        Self { path: path.into(), model: model.into(), opened: Arc::default(), compared: Arc::default() }
    }

    fn embedder(&self) -> Option<&Embedder> {
        self.opened.get_or_init(|| Embedder::open(&self.path)).as_ref().ok()
    }

    /// Why the file could not be used; searching goes by words alone then. `None` before the first text, too.
    pub fn fault(&self) -> Option<&EmbeddingError> {
        self.opened.get()?.as_ref().err()
    }

    /// The vector of a text; `None` where the file cannot be used.
    pub fn vector(&self, text: &str) -> Option<Vector> {
        Some(Vector::of(&self.embedder()?.embed(text)))
    }

    fn vectors(&self, texts: &[&str]) -> Vec<Vector> {
        self.embedder().map_or_else(Vec::new, |e| e.embed_all(texts).iter().map(Vector::of).collect())
    }
}

/// Reading of answers asks it what a description means. Without the file every text is as unlike as the next.
impl Meaning for Sentences {
    fn likeness(&self, said: &str, others: &[&str]) -> Vec<f32> {
        let Some(embedder) = self.embedder() else { return vec![0.0; others.len()] };
        let mut compared = self.compared.lock().unwrap_or_else(PoisonError::into_inner);
        let said = embedder.embed(said);
        let likeness = |other: &&str| {
            let other = compared.entry((*other).to_owned()).or_insert_with(|| embedder.embed(other));
            similarity(&said, other)
        };
        others.iter().map(likeness).collect()
    }
}

/// The index, and how far in the log of changes it has come.
pub(crate) struct Finder {
    corpus: Corpus,
    language: Language,
    seen: i64,
    /// Memories whose vector is missing.
    without: BTreeSet<MemoryId>,
}

impl Finder {
    /// Everything anew from the store.
    pub(crate) fn build(store: &Store, sentences: Option<&Sentences>, language: Language) -> Result<Self, ReMeError> {
        let seen = store.changes_since(0)?.last().map_or(0, |change| change.seq);
        let names = Names::of(store)?;
        let memories = store.memories(&MemoryFilter::default())?;
        let mut corpus = Corpus::new(memories.iter().map(|m| names.doc(m)).collect(), language);
        let mut without: BTreeSet<MemoryId> = memories.iter().map(|m| m.id).collect();
        if let Some(sentences) = sentences {
            for (id, bytes) in store.vectors(&sentences.model)? {
                if let Some(vector) = Vector::from_bytes(&bytes) {
                    corpus.put_vector(&id.to_string(), &vector);
                    without.remove(&id);
                }
            }
        }
        Ok(Self { corpus, language, seen, without })
    }

    /// Brings it up to date, and gives some memories without a vector theirs.
    pub(crate) fn refresh(
        &mut self,
        store: &mut Store,
        sentences: Option<&Sentences>,
        language: Language,
    ) -> Result<&Corpus, ReMeError> {
        let changes = store.changes_since(self.seen)?;
        // A person or place that is renamed or removed may stand in any memory.
        let anew =
            language != self.language || changes.iter().any(|c| matches!(c.collection.as_str(), "people" | "places"));
        if anew {
            *self = Self::build(store, sentences, language)?;
        } else if let Some(last) = changes.last() {
            self.seen = last.seq;
            // Words of a photo are logged under the memory that shows it.
            let of_memories = changes.iter().filter(|c| matches!(c.collection.as_str(), "memories" | "photo_texts"));
            let ids: BTreeSet<&str> = of_memories.map(|c| c.row_id.as_str()).collect();
            self.put(store, ids.into_iter().filter_map(|id| id.parse().ok()))?;
        }
        if let Some(sentences) = sentences {
            self.embed(store, sentences)?;
        }
        Ok(&self.corpus)
    }

    fn put(&mut self, store: &Store, ids: impl Iterator<Item = MemoryId>) -> Result<(), ReMeError> {
        let names = Names::of(store)?;
        for id in ids {
            let filter = MemoryFilter { id: Some(id), ..MemoryFilter::default() };
            match store.memories(&filter)?.pop() {
                Some(memory) => {
                    self.corpus.put(names.doc(&memory));
                    self.without.insert(id);
                }
                None => {
                    self.corpus.remove(&id.to_string());
                    self.without.remove(&id);
                }
            }
        }
        Ok(())
    }

    fn embed(&mut self, store: &mut Store, sentences: &Sentences) -> Result<(), ReMeError> {
        let ids: Vec<MemoryId> = self.without.iter().rev().take(MOST_AT_ONCE).copied().collect();
        let memories: Vec<Memory> = ids.iter().filter_map(|id| store.memory(*id).ok()).collect();
        if memories.is_empty() {
            return Ok(());
        }
        let names = Names::of(store)?;
        let texts: Vec<String> = memories.iter().map(|m| meant(&names.doc(m))).collect();
        let vectors = sentences.vectors(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        store.transact(|tx| {
            memories.iter().zip(&vectors).try_for_each(|(m, v)| tx.put_vector(m.id, &sentences.model, &v.to_bytes()))
        })?;
        for (memory, vector) in memories.iter().zip(&vectors) {
            self.corpus.put_vector(&memory.id.to_string(), vector);
            self.without.remove(&memory.id);
        }
        Ok(())
    }
}

/// The text a memory's vector is made of: the note first, since what is very long is cut.
fn meant(doc: &Doc) -> String {
    if doc.photo_text.is_empty() { doc.text.clone() } else { format!("{}\n{}", doc.text, doc.photo_text) }
}
