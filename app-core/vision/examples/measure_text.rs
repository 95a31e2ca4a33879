//! How well drawn lines are read: `cargo run -p reme-vision --example measure_text -- MODELS FOLDER`, where FOLDER was made by
//! `reference/render_lines.py`. Characters are compared without spaces, and full-width signs with their narrow forms.
#![allow(clippy::type_complexity, reason = "sums of a measuring tool, used in this file alone")]
#![allow(clippy::disallowed_methods, reason = "a measuring tool reads the clock")]

use std::{collections::BTreeMap, fs, path::Path, time::Instant};

use reme_vision::{ModelPaths, Picture, text::TextReader};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [models, folder, ..] = args.as_slice() else {
        return Err("usage: measure_text MODELS FOLDER".into());
    };
    let mut paths = ModelPaths::in_folder(Path::new(models));
    if let [_, _, finder, reader, characters] = args.as_slice() {
        (paths.text_finder, paths.text_reader, paths.text_characters) =
            (finder.into(), reader.into(), characters.into());
    }
    let reader = TextReader::load(&paths.text_finder, &paths.text_reader, &paths.text_characters)?;
    let truth = fs::read_to_string(Path::new(folder).join("truth.tsv"))?;
    // Per language and strength: lines, exact ones, characters, errors, milliseconds.
    let mut sums: BTreeMap<(String, String), (u32, u32, usize, usize, u128)> = BTreeMap::new();
    for row in truth.lines() {
        let fields: Vec<&str> = row.split('\t').collect();
        let [file, language, strength, line] = fields.as_slice() else { continue };
        let picture = Picture::read(&fs::read(Path::new(folder).join(file))?)?;
        let start = Instant::now();
        let lines = reader.read(&picture)?;
        let took = start.elapsed().as_millis();
        let said = plain(&lines.iter().map(|line| line.text.as_str()).collect::<String>());
        let (should, errors) = (plain(line), edits(&said, &plain(line)));
        if errors > 0 {
            println!("{file} {errors}: {} | {}", should.iter().collect::<String>(), said.iter().collect::<String>());
        }
        let sum = sums.entry(((*language).into(), (*strength).into())).or_default();
        sum.0 += 1;
        sum.1 += u32::from(errors == 0);
        sum.2 += should.len();
        sum.3 += errors;
        sum.4 += took;
    }
    for ((language, strength), (lines, exact, characters, errors, ms)) in sums {
        let accuracy = 100.0 * (1.0 - errors as f64 / characters as f64);
        println!(
            "{language} {strength}: {lines} lines, {exact} exact, {characters} characters, {accuracy:.2} % right, {} ms a picture",
            ms / u128::from(lines)
        );
    }
    Ok(())
}

fn plain(text: &str) -> Vec<char> {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '。' => '.',
        '、' => ',',
        '’' | '‘' => '\'',
        '–' | '—' => '-',
        other => other,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(narrow).collect()
}

/// Levenshtein.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let (mut above_left, mut left) = (row[0], i + 1);
        row[0] = left;
        for (j, y) in b.iter().enumerate() {
            let here = (above_left + usize::from(x != y)).min(left + 1).min(row[j + 1] + 1);
            (above_left, left) = (row[j + 1], here);
            row[j + 1] = here;
        }
    }
    row[b.len()]
}
