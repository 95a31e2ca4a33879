//! Words that carry nothing, and concepts: groups of words that stand for one thing in both languages, so that "missing" finds
//! "turned up in the drawer" and 找不着 finds a note tagged `lost-and-found`. The groups are data in `data/concepts.txt`.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use reme_types::Language;

pub(crate) const EMPTY_EN: &str = "a an the of to in on at by for with from into and or but so as than then that this these those there here it its \
he she they him his her hers their them we us our i me my mine you your yours is am are was were be been being do does did done have has had will \
would shall should can could may might must not no yes what which who whom whose when where why how s t don't didn't all told please us many much \
any some one ever still also too very just about after before up out off get got go went mr mrs ms";

pub(crate) const EMPTY_ZH: &str = "的 了 吗 呢 吧 啊 呀 嘛 是 在 到 去 来 和 跟 与 也 都 就 才 又 再 很 我 你 您 他 她 它 我们 你们 他们 这 那 这个 那个 哪 \
什么 谁 哪儿 哪里 几 多少 怎么 一 个 有 没 没有 不 会 能 可以 要 把 被 给 让 着 过 地 得 上 下 里 中 时候 那天 这天 多半 大概 应该 为什么 哪天 哪年 几次 几回 \
爸 爸爸 妈 妈妈 今年 去年 明天 今天 昨天 一共 总共 哪些 哪个 哪几 可能 一般 通常 先 还 次 回 时 后 前 起 从 最";

/// Words that frame a question about habits and say nothing of what it is about.
pub(crate) const FRAME: &str = "look first likely probably usually tend most kind sort day days herself himself should expect time times together \
tomorrow next give-up do what place happen happens normally generally ask asked offered nothing down late free back \
多半 先 找 翻 怎么 办法 容易 最 一般 自己 今晚 明天 时候 哪儿 哪里 干什么 什么样 头天 前一天 第二天 好 还是 平时 往往 新开 新";

/// The concepts, and what finds the words that name them in one pass over a text.
struct Concepts {
    names: Vec<&'static str>,
    /// Words and phrases between blanks, and the beginnings of longer words, in a line of words; each with its concept.
    words: (AhoCorasick, Vec<usize>),
    /// Chinese words wherever they stand in a text; each with its concept.
    chinese: (AhoCorasick, Vec<usize>),
}

/// Shortest English word that names a concept by being the beginning of another, in letters. [design]
const BEGINNING: usize = 5;

static CONCEPTS: LazyLock<Concepts> = LazyLock::new(|| {
    let (mut names, mut words, mut chinese) = (Vec::new(), Vec::new(), Vec::new());
    for line in include_str!("../data/concepts.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('|').map(str::trim);
        let (Some(name), Some(english), Some(han)) = (fields.next(), fields.next(), fields.next()) else { continue };
        let concept = names.len();
        names.push(name);
        words.extend(english.split_whitespace().map(|word| (concept, in_a_line(word))));
        for word in han.split_whitespace() {
            if word.is_ascii() {
                words.push((concept, format!(" {word} ")));
            } else {
                chinese.push((concept, word.to_owned()));
            }
        }
    }
    let finder = |patterns: Vec<(usize, String)>| {
        let (concepts, patterns): (Vec<usize>, Vec<String>) = patterns.into_iter().unzip();
        (AhoCorasick::new(patterns).expect("some hundred words"), concepts)
    };
    Concepts { names, words: finder(words), chinese: finder(chinese) }
});

/// An English word as it stands in a line of words; "not_home" is said in two.
fn in_a_line(word: &str) -> String {
    if word.contains('_') || word.len() < BEGINNING {
        format!(" {} ", word.replace('_', " "))
    } else {
        format!(" {word}")
    }
}

/// Whether a Chinese word carries nothing.
pub(crate) fn is_empty_chinese(word: &str) -> bool {
    EMPTY_ZH.split_whitespace().any(|w| w == word)
}

pub(crate) fn is_frame(term: &str) -> bool {
    FRAME.split_whitespace().any(|w| w == term)
}

/// Concepts named in a lower-case text.
pub(crate) fn concepts_of(lower: &str, _language: Language) -> Vec<&'static str> {
    let mut line = String::with_capacity(lower.len() + 2);
    line.push(' ');
    let words = lower.split(|c: char| !(c.is_alphanumeric() || c == '-')).map(|w| w.trim_matches('-'));
    for word in words.filter(|w| !w.is_empty()) {
        line.push_str(word);
        line.push(' ');
    }
    let Concepts { names, words, chinese } = &*CONCEPTS;
    let mut is_named = vec![false; names.len()];
    for ((finder, concepts), text) in [(words, line.as_str()), (chinese, lower)] {
        finder.find_overlapping_iter(text).for_each(|found| is_named[concepts[found.pattern().as_usize()]] = true);
    }
    names.iter().zip(is_named).filter(|(_, is_named)| *is_named).map(|(name, _)| *name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_their_beginnings_phrases_and_chinese_words_name_concepts() {
        for (text, concept, is_named) in [
            ("the keys were lost", "lost", true),
            ("钥匙找不着了", "lost", true),
            ("she is not home yet", "astray", true),
            ("she is not at home", "astray", false),
        ] {
            assert_eq!(concepts_of(text, Language::En).contains(&concept), is_named, "{text}");
        }
        assert!(concepts_of("", Language::En).is_empty());
    }
}
