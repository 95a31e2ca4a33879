//! Two lives invented for these tests, with questions on four levels: recall of the first five as numbers with a floor.

use reme_retrieval::{Corpus, Doc, Query};
use reme_types::{Language, MemoryKind};

fn list(field: &str) -> Vec<String> {
    field.split(',').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}

fn corpus(table: &str, language: Language) -> Corpus {
    let docs = table
        .lines()
        .filter(|l| !l.starts_with(['#', '?']) && !l.trim().is_empty())
        .map(|line| {
            let f: Vec<&str> = line.split('|').map(str::trim).collect();
            let tags = list(f[6]);
            Doc {
                id: f[0].to_owned(),
                kind: if f[1] == "-" { MemoryKind::Fact } else { MemoryKind::Episode },
                happened_at: f[1].parse().ok(),
                recorded_at: f[2].parse().expect("a time"),
                text: f[3].to_owned(),
                photo_text: String::new(),
                people: list(f[4]),
                place: Some(f[5].to_owned()).filter(|p| !p.is_empty()),
                sensitive: tags.iter().any(|t| t == "sensitive"),
                tags,
            }
        })
        .collect();
    Corpus::new(docs, language)
}

/// Recall of the first five, averaged by level.
fn recall(table: &str, language: Language) -> [f64; 4] {
    let corpus = corpus(table, language);
    let mut sums = [(0.0, 0.0); 4];
    for line in table.lines().filter_map(|l| l.strip_prefix("? ")) {
        let f: Vec<&str> = line.split('|').map(str::trim).collect();
        let mut query = Query::new(f[1], f[2].parse().expect("a time"));
        query.rule = Some(f[3]).filter(|r| !r.is_empty());
        let wanted: Vec<&str> = f[4].split_whitespace().collect();
        let answer = corpus.search(&query);
        let found: Vec<&str> = answer.ranked.iter().take(5).map(|h| h.id.as_str()).collect();
        let share = wanted.iter().filter(|w| found.contains(w)).count() as f64 / wanted.len() as f64;
        let level: usize = f[0].parse().expect("a level");
        sums[level - 1].0 += share;
        sums[level - 1].1 += 1.0;
        if share < 1.0 {
            eprintln!(
                "{share:.2} level {level} (taken for {}) {} wanted {wanted:?} found {found:?}",
                answer.level.number(),
                f[1]
            );
        }
    }
    let by_level = sums.map(|(sum, count)| sum / count);
    eprintln!("{language}: recall@5 by level {by_level:.3?}");
    by_level
}

#[test]
fn english_notes_are_found_on_every_level() {
    let by_level = recall(include_str!("logs/log.en.txt"), Language::En);
    assert!(by_level.iter().zip([0.97, 0.95, 0.9, 0.85]).all(|(got, floor)| *got >= floor), "{by_level:?}");
}

#[test]
fn chinese_notes_are_found_on_every_level() {
    let by_level = recall(include_str!("logs/log.zh.txt"), Language::ZhCn);
    assert!(by_level.iter().zip([0.97, 0.95, 0.9, 0.85]).all(|(got, floor)| *got >= floor), "{by_level:?}");
}
