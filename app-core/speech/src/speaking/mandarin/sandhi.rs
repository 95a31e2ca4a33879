//! Tones as they are spoken: 不 and 一 before other tones, and chains of third tones.
//!
//! Rules after Duanmu, *The Phonology of Standard Chinese* (2007), chapter 11. They work within a stretch without a pause.

use super::Word;

/// Characters after which 一 is part of a number or an order and keeps its tone.
const COUNTED_BEFORE: &str = "第初十零〇二三四五六七八九幺点周期拜";
/// Characters before which 一 is read as a digit.
const COUNTED_AFTER: &str = "零〇一二三四五六七八九幺月号日楼班";

/// Puts the tones of `words` as they are spoken in one breath.
pub(crate) fn apply(words: &mut [Word]) {
    let places: Vec<(usize, usize)> =
        words.iter().enumerate().flat_map(|(w, word)| (0..word.text.len()).map(move |at| (w, at))).collect();
    let text: Vec<char> = words.iter().flat_map(|word| word.text.iter().copied()).collect();
    let mut tones: Vec<u8> = words.iter().flat_map(|word| word.syllables.iter().map(|s| s.tone)).collect();
    not_and_one(&text, &mut tones);
    third_tones(words, &mut tones);
    for (&(word, at), tone) in places.iter().zip(tones) {
        words[word].syllables[at].tone = tone;
    }
}

fn not_and_one(text: &[char], tones: &mut [u8]) {
    for at in 0..text.len() {
        let before = at.checked_sub(1).map(|before| text[before]);
        let Some(&after) = text.get(at + 1) else { continue };
        match text[at] {
            // 好不好, 看一看: between the same word twice they are weak.
            '不' | '一' if before == Some(after) => tones[at] = 5,
            '不' if tones[at + 1] == 4 => tones[at] = 2,
            '一' if before.is_some_and(|c| COUNTED_BEFORE.contains(c)) || COUNTED_AFTER.contains(after) => {}
            // A word may be weak and still count with its own tone: 一个 is yí ge.
            '一' if tones[at + 1] == 4 || after == '个' => tones[at] = 2,
            '一' if tones[at + 1] != 5 => tones[at] = 4,
            _ => {}
        }
    }
}

/// A third tone before a third tone becomes a second one: first inside each word, then between a word of one syllable and the next.
fn third_tones(words: &[Word], tones: &mut [u8]) {
    let mut start = 0;
    for word in words {
        let end = start + word.text.len();
        // 展览馆 is cut 展览 + 馆 and changes twice; 小老鼠 is 小 + 老鼠 and changes once.
        let is_one_and_two = word.text.len() == 3 && "小老好很有".contains(word.text[0]);
        for at in start..end.saturating_sub(1) {
            let is_kept = is_one_and_two && at == start;
            if tones[at] == 3 && tones[at + 1] == 3 && !is_kept {
                tones[at] = 2;
            }
        }
        start = end;
    }
    let mut end = 0;
    for pair in words.windows(2) {
        end += pair[0].text.len();
        let is_short = pair[0].text.len() == 1 || pair[1].text.len() == 1;
        if is_short && tones[end - 1] == 3 && tones[end] == 3 {
            tones[end - 1] = 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mandarin;

    #[test]
    fn tones_change_as_in_speech() {
        let mandarin = Mandarin::new();
        for (text, expected) in [
            ("你好", "2 3"),
            ("很好", "2 3"),
            ("展览馆", "2 2 3"),
            ("小老鼠", "3 2 3"),
            ("不是", "2 4"),
            ("不好", "4 3"),
            ("好不好", "3 5 3"),
            ("一个", "2 4"),
            ("一天", "4 1"),
            ("一年", "4 2"),
            ("一起", "4 3"),
            ("一样", "2 4"),
            ("看一看", "4 5 4"),
            ("第一次", "4 1 4"),
            ("十一月", "2 1 4"),
            ("二零二一年", "4 2 4 1 2"),
            ("一月一号", "1 4 1 4"),
            ("星期一", "1 1 1"),
            ("妈妈", "1 1"),
            ("我们", "3 5"),
            ("孩子", "2 5"),
            ("电子", "4 3"),
            ("石头", "2 5"),
            ("天天", "1 1"),
        ] {
            let tones: Vec<String> =
                mandarin.words(text).iter().flat_map(|w| &w.syllables).map(|s| s.tone.to_string()).collect();
            assert_eq!(tones.join(" "), expected, "{text}");
        }
    }
}
