//! `cargo run -p reme-conversation --example judge_file ANSWERS.jsonl` prints `{"id","label"}` lines.

use reme_conversation::{Question, expected_from, judge};
use reme_types::Language;

fn main() {
    let path = std::env::args().nth(1).expect("a file of answers");
    for line in std::fs::read_to_string(path).expect("the file can be read").lines() {
        let item: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let text = |field: &str| item[field].as_str().unwrap_or_default().to_owned();
        let strings = |field: &str| -> Vec<String> {
            match &item[field] {
                serde_json::Value::Array(all) => all.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
                serde_json::Value::String(one) => vec![one.clone()],
                _ => Vec::new(),
            }
        };
        let language = Language::detect(&format!("{} {}", text("question"), text("answer")));
        let expected = expected_from(&strings("expected"), &strings("aliases"), &text("question"), language);
        let context = item["context"].as_str();
        let question = Question { text: &text("question"), expected: &expected, context, people: &[], language };
        let judged = judge(&question, &text("answer"));
        let by = serde_json::to_value(judged.matched_by).expect("a word");
        let label = serde_json::to_value(judged.verdict).expect("a word");
        println!(
            "{}",
            serde_json::json!({"id": item["id"], "label": label, "by": by, "kind": format!("{:?}", expected.kind)})
        );
    }
}
