//! A pinyin syllable and its symbols.
//!
//! The symbols are those Kokoro's Chinese voices were trained with: broad IPA after the tables of Duanmu, *The Phonology of Standard
//! Chinese* (2007), and Lin, *The Sounds of Chinese* (2007); the tone's arrow stands right behind the vowel that carries it.

/// One syllable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Syllable {
    /// Pinyin letters without tone; ü is written `v`.
    pub(crate) letters: String,
    /// 1 to 4, and 5 for the neutral tone.
    pub(crate) tone: u8,
}

/// Pinyin initial and its symbols; two-letter initials first.
const INITIALS: [(&str, &str); 21] = [
    ("zh", "\u{ab67}"),
    ("ch", "\u{ab67}ʰ"),
    ("sh", "ʂ"),
    ("b", "p"),
    ("p", "pʰ"),
    ("m", "m"),
    ("f", "f"),
    ("d", "t"),
    ("t", "tʰ"),
    ("n", "n"),
    ("l", "l"),
    ("g", "k"),
    ("k", "kʰ"),
    ("h", "x"),
    ("j", "ʨ"),
    ("q", "ʨʰ"),
    ("x", "ɕ"),
    ("z", "ʦ"),
    ("c", "ʦʰ"),
    ("s", "s"),
    ("r", "ɻ"),
];

/// Pinyin final in full and its symbols; `0` is where the tone's arrow goes.
const FINALS: [(&str, &str); 38] = [
    ("a", "a0"),
    ("ai", "ai0"),
    ("an", "a0n"),
    ("ang", "a0ŋ"),
    ("ao", "au0"),
    ("e", "ɤ0"),
    ("ei", "ei0"),
    ("en", "ə0n"),
    ("eng", "ə0ŋ"),
    ("er", "ɚ0"),
    ("i", "i0"),
    ("ia", "ja0"),
    ("ian", "jɛ0n"),
    ("iang", "ja0ŋ"),
    ("iao", "jau0"),
    ("ie", "je0"),
    ("in", "i0n"),
    ("iou", "jou0"),
    ("ing", "i0ŋ"),
    ("iong", "jʊ0ŋ"),
    ("io", "jɔ0"),
    ("ong", "ʊ0ŋ"),
    ("ou", "ou0"),
    ("u", "u0"),
    ("uei", "wei0"),
    ("ua", "wa0"),
    ("uai", "wai0"),
    ("uan", "wa0n"),
    ("uen", "wə0n"),
    ("uang", "wa0ŋ"),
    ("ueng", "wə0ŋ"),
    ("uo", "wo0"),
    ("o", "wo0"),
    ("v", "y0"),
    ("ve", "ɥe0"),
    ("van", "ɥɛ0n"),
    ("vn", "y0n"),
    ("ê", "ɛ0"),
];

impl Syllable {
    /// Reads `zhong1`, `lü4` or `lv4`, `de` and `de5`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.replace(['ü'], "v").replace("u:", "v");
        let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let tone = match &text[letters.len()..] {
            "" | "0" | "5" => 5,
            tone => tone.parse().ok().filter(|tone| (1..=4).contains(tone))?,
        };
        Some(Self { letters: letters.to_owned(), tone })
    }

    /// Adds the symbols; nothing for letters that are no syllable.
    pub(crate) fn write(&self, symbols: &mut String) {
        let arrow = match self.tone {
            1 => "→",
            2 => "↗",
            3 => "↓",
            4 => "↘",
            _ => "",
        };
        // A rhotacised ending is written by itself as `r`, a bare nasal as it is.
        match self.letters.as_str() {
            "r" => return symbols.push('ɚ'),
            "o" => return symbols.push_str(&"ɔ0".replace('0', arrow)),
            "m" | "hm" => return symbols.push_str(&"m0".replace('0', arrow)),
            "n" | "ng" | "hng" => return symbols.push_str(&"ŋ0".replace('0', arrow)),
            _ => {}
        }
        let (initial, written) = split(&self.letters);
        let last = full_final(initial, written);
        let Some((_, finals)) = FINALS.iter().find(|(name, _)| *name == last) else { return };
        let initials = INITIALS.iter().find(|(name, _)| *name == initial).map_or("", |(_, symbols)| symbols);
        symbols.push_str(initials);
        // After z, c, s and zh, ch, sh, r the letter i stands for the hiss drawn out.
        let finals =
            if last == "i" && matches!(initial, "z" | "c" | "s" | "zh" | "ch" | "sh" | "r") { "ɨ0" } else { finals };
        symbols.push_str(&finals.replace('0', arrow));
    }
}

/// Initial (empty when there is none; `y` and `w` are no initials) and the rest as written.
fn split(letters: &str) -> (&str, &str) {
    let initial = INITIALS.iter().find(|(name, _)| letters.starts_with(name)).map_or("", |(name, _)| name);
    (initial, &letters[initial.len()..])
}

/// The final in full: pinyin writes `iou` as `iu`, `ü` as `u` after j, q, x, and `i`, `u` as `y`, `w` where no initial stands.
fn full_final(initial: &str, written: &str) -> String {
    if initial.is_empty() {
        if let Some(rest) = written.strip_prefix("yu") {
            return format!("v{rest}");
        }
        return match written {
            "you" => "iou".into(),
            "yi" | "yin" | "ying" => written[1..].into(),
            "wu" => "u".into(),
            "wei" => "uei".into(),
            "wen" => "uen".into(),
            _ => written.replacen('y', "i", 1).replacen('w', "u", 1),
        };
    }
    if matches!(initial, "j" | "q" | "x")
        && let Some(rest) = written.strip_prefix('u')
    {
        return format!("v{rest}");
    }
    match written {
        "iu" => "iou".into(),
        "ui" => "uei".into(),
        "un" => "uen".into(),
        "ue" => "ve".into(),
        _ => written.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_become_the_symbols_the_voices_were_trained_with() {
        for (pinyin, expected) in [
            ("ni3", "ni↓"),
            ("hao3", "xau↓"),
            ("zhong1", "\u{ab67}ʊ→ŋ"),
            ("guo2", "kwo↗"),
            ("shi4", "ʂɨ↘"),
            ("zi5", "ʦɨ"),
            ("ri4", "ɻɨ↘"),
            ("ji1", "ʨi→"),
            ("qu4", "ʨʰy↘"),
            ("xue2", "ɕɥe↗"),
            ("juan3", "ʨɥɛ↓n"),
            ("yun2", "y↗n"),
            ("yuan2", "ɥɛ↗n"),
            ("yue4", "ɥe↘"),
            ("nü3", "ny↓"),
            ("lv4", "ly↘"),
            ("lüe4", "lɥe↘"),
            ("liu2", "ljou↗"),
            ("gui4", "kwei↘"),
            ("chun1", "\u{ab67}ʰwə→n"),
            ("yi1", "i→"),
            ("ying1", "i→ŋ"),
            ("yong3", "jʊ↓ŋ"),
            ("you3", "jou↓"),
            ("yan2", "jɛ↗n"),
            ("ya5", "ja"),
            ("wo3", "wo↓"),
            ("wei4", "wei↘"),
            ("wen2", "wə↗n"),
            ("weng1", "wə→ŋ"),
            ("wu3", "u↓"),
            ("bo1", "pwo→"),
            ("er4", "ɚ↘"),
            ("r5", "ɚ"),
            ("de", "tɤ"),
            ("xiong2", "ɕjʊ↗ŋ"),
            ("o2", "ɔ↗"),
        ] {
            let mut symbols = String::new();
            Syllable::parse(pinyin).unwrap().write(&mut symbols);
            assert_eq!(symbols, expected, "{pinyin}");
        }
        assert_eq!(Syllable::parse("ma7"), None);
    }

    #[test]
    fn every_reading_of_the_common_characters_has_symbols() {
        use pinyin::ToPinyinMulti;
        for character in '\u{4e00}'..='\u{9fa5}' {
            for reading in character.to_pinyin_multi().into_iter().flatten() {
                let syllable = Syllable::parse(reading.with_tone_num_end()).unwrap();
                let mut symbols = String::new();
                syllable.write(&mut symbols);
                assert!(!symbols.is_empty(), "{character} {}", reading.with_tone_num_end());
            }
        }
    }
}
