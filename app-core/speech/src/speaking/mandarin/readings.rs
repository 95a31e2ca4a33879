//! Which reading a character has here: the table of characters with several readings, and the words with a weak last syllable.
//!
//! `data/readings.zh.txt` holds both. A phrase may be longer or shorter than a word; the longest one that covers the character wins,
//! then the character's first line, then the reading the `pinyin` crate puts first.

use std::collections::HashMap;

use pinyin::ToPinyin;

use super::{Syllable, Word};

const TABLE: &str = include_str!("../../../data/readings.zh.txt");

/// The table, by character.
pub(crate) struct Readings {
    by_character: HashMap<char, Vec<Reading>>,
    /// The reading of a character that is a word by itself and in no phrase.
    alone: HashMap<char, Syllable>,
    /// Words whose last syllable is weak.
    weak: Vec<Vec<char>>,
    /// Words whose last syllable keeps its tone though it looks weak.
    full: Vec<Vec<char>>,
}

struct Reading {
    syllable: Syllable,
    phrases: Vec<Vec<char>>,
}

/// Particles that have no tone wherever they stand.
const PARTICLES: &str = "的吗呢吧嘛啦么们";

impl Readings {
    /// The table in the tree.
    pub(crate) fn built_in() -> Self {
        Self::parse(TABLE)
    }

    fn parse(table: &str) -> Self {
        let mut read = Self { by_character: HashMap::new(), alone: HashMap::new(), weak: Vec::new(), full: Vec::new() };
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let parts: Vec<&str> = line.split_whitespace().collect();
            let [head, second, rest @ ..] = parts.as_slice() else { continue };
            let characters =
                |phrases: &[&str]| phrases.iter().map(|phrase| phrase.chars().collect()).collect::<Vec<_>>();
            match *head {
                "weak" => read.weak.extend(characters(&parts[1..])),
                "full" => read.full.extend(characters(&parts[1..])),
                "alone" => {
                    let syllable = rest.first().and_then(|pinyin| Syllable::parse(pinyin));
                    read.alone.extend(second.chars().next().zip(syllable));
                }
                _ => {
                    let (Some(character), Some(syllable)) = (head.chars().next(), Syllable::parse(second)) else {
                        continue;
                    };
                    let phrases = characters(rest);
                    read.by_character.entry(character).or_default().push(Reading { syllable, phrases });
                }
            }
        }
        read
    }

    /// The words of a stretch of characters that was cut into words of these lengths, with one syllable a character.
    pub(crate) fn of(&self, characters: &[char], lengths: &[usize]) -> Vec<Word> {
        let mut words = Vec::with_capacity(lengths.len());
        let mut start = 0;
        for &length in lengths {
            let end = (start + length).min(characters.len());
            let syllables = (start..end).map(|at| self.reading(characters, at, length == 1)).collect();
            words.push(Word { text: characters[start..end].to_vec(), syllables });
            start = end;
        }
        words
    }

    fn reading(&self, characters: &[char], at: usize, is_alone: bool) -> Syllable {
        if let Some(readings) = self.by_character.get(&characters[at]) {
            let longest = readings
                .iter()
                .filter_map(|reading| Some((reading.longest(characters, at)?, &reading.syllable)))
                .max_by_key(|(length, _)| *length);
            if let Some((_, syllable)) = longest {
                return syllable.clone();
            }
            if let Some(alone) = self.alone.get(&characters[at]).filter(|_| is_alone) {
                return alone.clone();
            }
            if let Some(usual) = readings.first() {
                return usual.syllable.clone();
            }
        }
        let first = characters[at].to_pinyin().map(|pinyin| pinyin.with_tone_num_end());
        first.and_then(Syllable::parse).unwrap_or(Syllable { letters: String::new(), tone: 5 })
    }

    /// Takes the tone from syllables that are weak in speech.
    pub(crate) fn weaken(&self, words: &mut [Word]) {
        for word in words {
            let length = word.text.len();
            for (character, syllable) in word.text.iter().zip(&mut word.syllables) {
                if PARTICLES.contains(*character) && syllable.letters.len() <= 3 && syllable.tone != 4 {
                    syllable.tone = 5;
                }
            }
            if length < 2 || self.full.iter().any(|full| word.text.ends_with(full)) {
                continue;
            }
            let (before, last) = (word.text[length - 2], word.text[length - 1]);
            let is_suffix = last == '子'
                || (last == '头' && length == 2 && "石木骨里外前后上下枕馒舌念丫拳砖锄芋罐".contains(before));
            if is_suffix || self.weak.iter().any(|weak| word.text.ends_with(weak)) {
                word.syllables[length - 1].tone = 5;
            }
        }
    }
}

impl Reading {
    /// Length of the longest phrase of this reading that covers the character at `at`.
    fn longest(&self, characters: &[char], at: usize) -> Option<usize> {
        let covers = |phrase: &Vec<char>| {
            let places = phrase.iter().enumerate().filter(|(_, c)| **c == characters[at]);
            places.into_iter().any(|(place, _)| at >= place && characters[at - place..].starts_with(phrase))
        };
        self.phrases.iter().filter(|phrase| covers(phrase)).map(Vec::len).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let characters: Vec<char> = text.chars().collect();
        let words = Readings::built_in().of(&characters, &[characters.len()]);
        words[0].syllables.iter().map(|s| format!("{}{}", s.letters, s.tone)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn characters_with_several_readings_follow_their_phrase() {
        for (text, expected) in [
            ("银行", "yin2 hang2"),
            ("行走", "xing2 zou3"),
            ("长大", "zhang3 da4"),
            ("长城", "chang2 cheng2"),
            ("重庆", "chong2 qing4"),
            ("重要", "zhong4 yao4"),
            ("音乐", "yin1 yue4"),
            ("快乐", "kuai4 le4"),
            ("觉得", "jue2 de5"),
            ("睡觉", "shui4 jiao4"),
            ("还有", "hai2 you3"),
            ("还书", "huan2 shu1"),
            ("为了", "wei4 le5"),
            ("成为", "cheng2 wei2"),
            ("了解", "liao3 jie3"),
            ("都是", "dou1 shi4"),
            ("首都", "shou3 du1"),
            ("头发", "tou2 fa4"),
            ("发现", "fa1 xian4"),
            ("种树", "zhong4 shu4"),
            ("一种", "yi1 zhong3"),
            ("校长", "xiao4 zhang3"),
            ("数一数", "shu3 yi1 shu3"),
            ("数学", "shu4 xue2"),
            ("好奇", "hao4 qi2"),
            ("教书", "jiao1 shu1"),
            ("教室", "jiao4 shi4"),
            ("相片", "xiang4 pian4"),
            ("互相", "hu4 xiang1"),
            ("着急", "zhao2 ji2"),
            ("看着", "kan4 zhe5"),
            ("朝阳", "zhao1 yang2"),
            ("朝向", "chao2 xiang4"),
            ("地上", "di4 shang4"),
            ("慢慢地", "man4 man4 de5"),
            ("得去", "dei3 qu4"),
            ("便宜", "pian2 yi2"),
            ("方便", "fang1 bian4"),
            ("没有", "mei2 you3"),
            ("淹没", "yan1 mo4"),
            ("只有", "zhi3 you3"),
            ("一只", "yi1 zhi1"),
            ("背包", "bei1 bao1"),
            ("后背", "hou4 bei4"),
            ("假期", "jia4 qi1"),
            ("干净", "gan1 jing4"),
            ("干活", "gan4 huo2"),
            ("空气", "kong1 qi4"),
            ("有空", "you3 kong4"),
            ("答应", "da1 ying4"),
            ("回答", "hui2 da2"),
            ("大夫", "dai4 fu1"),
            ("姓单", "xing4 shan4"),
            ("简单", "jian3 dan1"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn every_line_of_the_table_can_be_read() {
        for line in TABLE.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut parts = line.split_whitespace();
            let (head, second) = (parts.next().unwrap(), parts.next().expect(line));
            if head == "weak" || head == "full" {
                continue;
            }
            if head == "alone" {
                assert!(Syllable::parse(parts.next().unwrap()).is_some() && second.chars().count() == 1, "{line}");
                continue;
            }
            assert_eq!(head.chars().count(), 1, "{line}");
            let syllable = Syllable::parse(second).expect(line);
            let mut symbols = String::new();
            syllable.write(&mut symbols);
            assert!(!symbols.is_empty() && second.ends_with(|c: char| c.is_ascii_digit()), "{line}");
            let character = head.chars().next().unwrap();
            assert!(parts.all(|phrase| phrase.contains(character)), "{line}");
        }
    }
}
