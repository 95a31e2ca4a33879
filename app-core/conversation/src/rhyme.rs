//! Whether two English words rhyme, as far as spelling tells.

/// Whether two English words end in the same sound, as far as spelling tells.
pub(crate) fn do_rhyme(a: &str, b: &str) -> bool {
    let (a, b) = (endings(a), endings(b));
    a.iter().any(|x| b.contains(x))
}

/// Words whose spelling hides how they end, and one that ends the same and shows it.
const HIDDEN: [(&str, &str); 52] = [
    ("steak", "stake"),
    ("break", "brake"),
    ("great", "grate"),
    ("bear", "bare"),
    ("pear", "pare"),
    ("wear", "ware"),
    ("there", "thare"),
    ("where", "ware"),
    ("their", "thare"),
    ("eye", "i"),
    ("buy", "by"),
    ("high", "hi"),
    ("sigh", "si"),
    ("thigh", "thi"),
    ("die", "dy"),
    ("pie", "py"),
    ("tie", "ty"),
    ("lie", "ly"),
    ("shoe", "shoo"),
    ("two", "too"),
    ("who", "hoo"),
    ("do", "doo"),
    ("to", "too"),
    ("you", "yoo"),
    ("through", "throo"),
    ("blue", "bloo"),
    ("one", "wun"),
    ("done", "dun"),
    ("son", "sun"),
    ("none", "nun"),
    ("said", "sed"),
    ("head", "hed"),
    ("bread", "bred"),
    ("red", "red"),
    ("dead", "ded"),
    ("come", "cum"),
    ("some", "sum"),
    ("love", "luv"),
    ("glove", "gluv"),
    ("door", "dore"),
    ("height", "hite"),
    ("sleight", "slite"),
    ("buoy", "boy"),
    ("weight", "wate"),
    ("eight", "ate"),
    ("freight", "frate"),
    ("straight", "strate"),
    ("moor", "more"),
    ("poor", "pore"),
    ("choir", "kwire"),
    ("quay", "kee"),
    ("rough", "ruff"),
];

/// Possible sounds of the last syllable: (vowel sound, closing consonants).
fn endings(word: &str) -> Vec<(char, String)> {
    let word = HIDDEN.iter().find(|(hidden, _)| *hidden == word).map_or(word, |(_, shown)| *shown);
    const VOWELS: &str = "aeiou";
    let silent_e = word.len() > 2 && word.ends_with('e') && !VOWELS.contains(&word[word.len() - 2..word.len() - 1]);
    let trunk = if silent_e { &word[..word.len() - 1] } else { word };
    let is_vowel = |i: usize, c: char| VOWELS.contains(c) || (c == 'y' && i > 0);
    let chars: Vec<char> = trunk.chars().collect();
    let Some(last) = (0..chars.len()).rev().find(|i| is_vowel(*i, chars[*i])) else { return Vec::new() };
    let first = (0..=last).rev().take_while(|i| is_vowel(*i, chars[*i])).last().unwrap_or(last);
    let group: String = chars[first..=last].iter().collect();
    let mut coda: String = chars[last + 1..].iter().collect();
    let syllables_before = chars[..first].iter().any(|c| VOWELS.contains(*c));
    let mut sounds: Vec<char> = match group.as_str() {
        "ee" | "ea" | "ie" | "ei" | "ey" | "eo" => vec!['E'],
        "ai" | "ay" => vec!['A'],
        "oa" | "oe" => vec!['O'],
        "oo" | "ue" | "ui" | "ew" => vec!['U'],
        "ou" => vec!['W', 'U'],
        "oi" | "oy" => vec!['Y'],
        "au" => vec!['C'],
        "igh" => vec!['I'],
        other => other.chars().last().into_iter().collect(),
    };
    if group == "ey" {
        sounds.push('A');
    }
    if group == "ie" && coda.is_empty() {
        sounds = vec!['I'];
    }
    if group == "ea" && !coda.is_empty() {
        sounds.push('e');
    }
    if group.len() == 1 && silent_e {
        sounds = vec![match group.as_str() {
            "a" => 'A',
            "e" => 'E',
            "i" | "y" => 'I',
            "o" => 'O',
            _ => 'U',
        }];
    } else if group.len() == 1 && coda.is_empty() {
        sounds = match group.as_str() {
            "e" => vec!['E'],
            "y" if syllables_before => vec!['E'],
            "y" | "i" => vec!['I'],
            "o" => vec!['O', 'U'],
            "a" => vec!['a'],
            _ => vec!['U'],
        };
    } else if group == "i" && coda.starts_with("gh") {
        sounds = vec!['I'];
        coda = coda.trim_start_matches("gh").to_owned();
    } else if (group == "o" || group == "a") && coda.starts_with('w') {
        sounds = if group == "o" { vec!['O', 'W'] } else { vec!['C'] };
        coda = coda.trim_start_matches('w').to_owned();
    }
    let coda = coda.replace("ck", "k").replace("ll", "l").replace("ss", "s").replace("se", "z");
    sounds.into_iter().map(|s| (s, coda.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rhymes_by_spelling() {
        for (a, b) in [
            ("tree", "key"),
            ("light", "bite"),
            ("boat", "note"),
            ("cow", "now"),
            ("cat", "hat"),
            ("rain", "lane"),
            ("sea", "me"),
            ("bread", "red"),
            ("moon", "june"),
        ] {
            assert!(do_rhyme(a, b), "{a} {b}");
        }
        for (a, b) in [("tree", "try"), ("cat", "cot"), ("light", "late"), ("bee", "honey bear"), ("moon", "moan")] {
            assert!(!do_rhyme(a, b), "{a} {b}");
        }
    }
}
