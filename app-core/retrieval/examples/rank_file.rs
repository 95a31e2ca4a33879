//! `cargo run -p reme-retrieval --example rank_file QUERIES.jsonl MEMORIES.jsonl [use-m3.safetensors]` prints `{"id","ranked","answer"}` lines.

use reme_embedding::Embedder;
use reme_retrieval::{Corpus, Doc, Query, Vector};
use reme_types::{Language, MemoryKind};
use serde_json::Value;

fn lines(path: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn main() {
    let mut paths = std::env::args().skip(1);
    let (queries, memories) = (lines(&paths.next().expect("queries")), lines(&paths.next().expect("memories")));
    let text = |v: &Value, field: &str| v[field].as_str().unwrap_or_default().to_owned();
    let strings = |v: &Value, field: &str| -> Vec<String> {
        v[field].as_array().into_iter().flatten().filter_map(|s| s.as_str().map(str::to_owned)).collect()
    };
    let docs: Vec<Doc> = memories
        .iter()
        .map(|m| Doc {
            id: text(m, "id"),
            kind: if text(m, "kind") == "fact" { MemoryKind::Fact } else { MemoryKind::Episode },
            happened_at: m["happened_at"].as_str().and_then(|t| t.parse().ok()),
            recorded_at: text(m, "recorded_at").parse().expect("a time"),
            text: text(m, "text"),
            photo_text: String::new(),
            people: strings(m, "people"),
            place: m["place"].as_str().map(str::to_owned),
            tags: strings(m, "tags"),
            sensitive: strings(m, "tags").iter().any(|t| t == "sensitive"),
        })
        .collect();
    let language = Language::detect(&docs.iter().map(|d| d.text.as_str()).collect::<String>());
    let embedder = paths.next().map(|path| Embedder::open(path.as_ref()).expect("the model opens"));
    let ids: Vec<(String, String)> = docs.iter().map(|d| (d.id.clone(), d.text.clone())).collect();
    let mut corpus = Corpus::new(docs, language);
    for (id, text) in embedder.iter().flat_map(|_| &ids) {
        corpus.put_vector(id, &Vector::of(&embedder.as_ref().expect("there is one").embed(text)));
    }
    for q in queries {
        let query_text = text(&q, "query");
        let mut query = Query::new(&query_text, text(&q, "now").parse().expect("a time"));
        query.rule = q["rule"].as_str();
        query.vector = embedder.as_ref().map(|e| Vector::of(&e.embed(&query_text)));
        let answer = corpus.search(&query);
        let ranked: Vec<&str> = answer.ranked.iter().map(|h| h.id.as_str()).collect();
        println!(
            "{}",
            serde_json::json!({"id": q["id"], "ranked": ranked, "answer": answer.answer, "level": answer.level.number(), "confidence": answer.confidence, "cited": answer.cited, "nothing": answer.is_nothing_found,
                "rule": answer.rule_in_words, "support": answer.support.map(|s| [s.with, s.without])})
        );
    }
}
