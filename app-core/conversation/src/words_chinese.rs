//! Chinese words looked for in what was said: signs apart, another head, other words for the thing, what was heard for it.
//!
//! Where in the flow: [`Utterance::find`] asks it, word by word.

use reme_lexicon::{are_rivals, same_meaning, same_relation};
use reme_types::{AnswerKind, Language, MatchedBy};

use crate::{
    numbers,
    text::{self, bare, normalise},
    words::{Hit, Utterance},
};

impl Utterance<'_> {
    /// Where a word of the expected answer stands, how much of it, and by which layer.
    pub(crate) fn find_chinese(&self, word: &str) -> Option<Hit> {
        // 糕 in 糕点 is no 糕: a lone sign that opens a longer word.
        let lone = word.chars().count() == 1 && "糕饼面饭菜汤酒茶花鱼肉".contains(word);
        let opens = |at: &usize| {
            lone && self
                .words
                .iter()
                .any(|w| w.chars().count() == 2 && w.starts_with(word) && self.said[*at..].starts_with(w.as_str()))
        };
        let unless_denied =
            |at: &usize| !opens(at) && (word.starts_with(['不', '没']) || !self.said[..*at].ends_with(['不', '没']));
        if let Some(at) = self.said.match_indices(word).map(|(at, _)| at).find(unless_denied) {
            return Some((1.0, MatchedBy::Exact, at));
        }
        let relations = same_relation(word);
        if !relations.is_empty() && self.tells_in_two_steps(relations) {
            return Some((1.0, MatchedBy::Relation, 0));
        }
        if let Some(at) = relations.iter().find_map(|r| self.said.find(r)) {
            return Some((1.0, MatchedBy::Relation, at));
        }
        if let Some(at) = same_meaning(word).iter().filter_map(|m| self.said.find(m)).find(unless_denied) {
            return Some((1.0, MatchedBy::Words, at));
        }
        let length = word.chars().count();
        let plain = bare(&self.said);
        // 上了坟 for 上坟: a verb and its object apart.
        let signs: Vec<char> = word.chars().collect();
        if (2..=3).contains(&length) && self.question.expected.kind != AnswerKind::Person {
            let (verb, object): (String, String) = (signs[..1].iter().collect(), signs[1..].iter().collect());
            let apart = ["了", "过", "完", "好", "着", "了个", "了一", "完了", "好了"]
                .iter()
                .any(|particle| plain.contains(&format!("{verb}{particle}{object}")));
            if apart {
                return Some((1.0, MatchedBy::Normalised, self.said.find(&verb).unwrap_or(0)));
            }
        }
        if let Some(hit) = self.find_chinese_reworded(word, &plain) {
            return Some(hit);
        }
        if let Some(at) = self.said_with_another_head(word).or_else(|| self.said_in_pieces(word)) {
            return Some((1.0, MatchedBy::Words, at));
        }
        if length >= 2
            && let Some(heard) = text::heard_within(word, &plain)
            && self.is_slip_of(word, &heard)
        {
            return Some((1.0, MatchedBy::Phonetic, 0));
        }
        // 三 for 三个; 一箱百合 is no number.
        let rest = |n: &numbers::Found| length.saturating_sub(n.end - n.start);
        if let Some(wanted) = numbers::chinese(word).first().filter(|n| rest(n) <= 1)
            && let Some(given) = numbers::chinese(&self.said).iter().find(|n| {
                let (measure, counted) = (word.chars().nth(wanted.end), self.said.chars().nth(n.end));
                n.value == wanted.value && (measure == counted || !counted.is_some_and(text::is_han))
            })
        {
            return Some((1.0, MatchedBy::Normalised, given.start));
        }
        // 装米的缸 for 米缸: its two characters apart, the first as what tells which.
        let mut signs = word.chars();
        if let (Some(a), Some(b), None) = (signs.next(), signs.next(), signs.next())
            && self.question.expected.kind != AnswerKind::Person
            && let Some((_, rest)) = plain.split_once(&format!("{a}的"))
            && rest.chars().take(3).any(|c| c == b)
        {
            return Some((1.0, MatchedBy::Words, 0));
        }
        // 一位大姐 for 马大姐: the kind without what tells which. Another character in that place is another thing.
        let tail: String = word.chars().skip(1).collect();
        let generic = |before: Option<char>| before.is_none_or(|c| "个位条只种家块的处座坐间辆把样这那副".contains(c));
        if length >= 3 && plain.match_indices(&tail).any(|(at, _)| generic(plain[..at].chars().next_back())) {
            return Some((0.5, MatchedBy::Words, 0));
        }
        let shared = word.chars().filter(|c| plain.contains(*c)).count();
        (length >= 4 && shared * 3 >= length * 2).then_some((0.5, MatchedBy::Words, 0))
    }

    /// 腊八稀饭 for 腊八粥: another word for the thing, and what tells which.
    fn said_with_another_head(&self, word: &str) -> Option<usize> {
        let cut = word.char_indices().nth_back(0)?.0;
        let (which, thing) = word.split_at(cut);
        let which = which.trim_end_matches(['的', '儿']);
        (which.chars().count() >= 2)
            .then(|| same_meaning(thing).iter().find_map(|m| self.said.find(&format!("{which}{m}"))))
            .flatten()
    }

    /// 造纸 for 造纸术, where nothing else follows; 猪排，炸的 for 炸猪排.
    fn said_in_pieces(&self, word: &str) -> Option<usize> {
        const ENDINGS: &str = "术节市省县镇馆店楼路山河江湖寺桥园站戏剧树花";
        let signs: Vec<char> = word.chars().collect();
        if signs.len() < 3 || self.question.expected.kind == AnswerKind::Person {
            return None;
        }
        let (head, tail): (String, String) = (signs[..signs.len() - 1].iter().collect(), signs[1..].iter().collect());
        let stands_alone = |at: usize| {
            self.said[at + head.len()..]
                .chars()
                .next()
                .is_none_or(|c| !c.is_alphanumeric() || "吧呗啊呀嘛呢的了么哩咧哈".contains(c))
        };
        if ENDINGS.contains(signs[signs.len() - 1])
            && let Some((at, _)) = self.said.match_indices(&head).find(|(at, _)| stands_alone(*at))
        {
            return Some(at);
        }
        // What tells which stands after the thing, as its own clause.
        let told = format!("{}的", signs[0]);
        let at = self.said.find(&tail).filter(|_| signs.len() == 3)?;
        let mut after = crate::speech::clauses(&self.said[at + tail.len()..]).into_iter().skip(1);
        after.next().filter(|clause| bare(clause) == told).map(|_| at)
    }

    /// 墨绿 for 墨绿色, 姓林的师傅 for 林师傅, 毛线背心 for 毛背心, 剃头的店 for 理发店.
    fn find_chinese_reworded(&self, word: &str, plain: &str) -> Option<Hit> {
        let signs: Vec<char> = word.chars().collect();
        let (first, last) = (*signs.first()?, *signs.last()?);
        if signs.len() >= 2 && matches!(last, '色' | '牌') {
            let stem: String = signs[..signs.len() - 1].iter().collect();
            let plain = plain.replace("颜色", "色");
            if plain.contains(word) || (signs.len() >= 3 && plain.contains(&stem)) {
                return Some((1.0, MatchedBy::Words, 0));
            }
        }
        let person = self.question.expected.kind == AnswerKind::Person;
        // 灯一关 for 关灯, 修马路 for 修路; 南边那个门 for 南门; 柿子做的饼 for 柿饼.
        if let ([_, _], false) = (&signs[..], person)
            && let Some(at) = apart(plain, first, last)
        {
            return Some((1.0, MatchedBy::Words, at));
        }
        if signs.len() >= 3 && "工员匠师".contains(last) && !person {
            let trade: String = signs[..signs.len() - 1].iter().collect();
            if plain.contains(&trade) {
                return Some((1.0, MatchedBy::Words, 0));
            }
        }
        if reme_lexicon::is_surname(first) && plain.contains(&format!("姓{first}")) && person {
            return Some((1.0, MatchedBy::Words, 0));
        }
        if signs.len() < 3 || person {
            return None;
        }
        // 雨下得大, 雨老大了 for 下大雨: the noun before what it is like.
        if let [.., '大', noun] = signs[..]
            && let Some((_, rest)) = plain.split_once(noun)
            && rest.chars().take(3).any(|c| c == '大')
            && !rest.starts_with('不')
        {
            return Some((1.0, MatchedBy::Words, 0));
        }
        // One character more within it, or two where one is 的.
        let all: Vec<char> = plain.chars().collect();
        let holds = |run: &[char]| {
            let mut rest = run.iter();
            run.first() == Some(&first)
                && run.last() == Some(&last)
                && signs.iter().all(|s| rest.any(|r| r == s))
                && !run.contains(&'不')
        };
        let widened = all
            .windows(signs.len() + 1)
            .position(holds)
            .or_else(|| all.windows(signs.len() + 2).position(|run| run.contains(&'的') && holds(run)));
        if let Some(at) = widened {
            // Its place in what was said, for questions of order.
            let place = self.said.char_indices().filter(|(_, c)| c.is_alphanumeric()).nth(at).map_or(0, |(at, _)| at);
            return Some((1.0, MatchedBy::Words, place));
        }
        let stem: String = signs[..signs.len() - 1].iter().collect();
        let place = "店馆桶箱柜房车院铺盒缸".contains(last);
        let meant = same_meaning(&stem).iter().find_map(|m| plain.split_once(m)).map(|(_, rest)| rest);
        (place && meant.is_some_and(|rest| rest.contains('的') && rest.contains(last))).then_some((
            1.0,
            MatchedBy::Words,
            0,
        ))
    }

    /// Whether what was heard is the expected word misheard rather than an answer of its own: not another thing the memory
    /// names, not another of its kind, and for near (not equal) sounds not another surname.
    fn is_slip_of(&self, word: &str, heard: &str) -> bool {
        let named = self.question.context.is_some_and(|c| normalise(c, Language::ZhCn).contains(heard));
        let equal = text::exact_syllables(word) == text::exact_syllables(heard);
        let other_name = !equal
            && word
                .chars()
                .zip(heard.chars())
                .any(|(a, b)| a != b && reme_lexicon::is_surname(a) && reme_lexicon::is_surname(b));
        !named && !are_rivals(word, heard) && !other_name
    }
}

/// Where the two signs of a word stand apart in what was said, as the grammar allows.
fn apart(plain: &str, first: char, last: char) -> Option<usize> {
    let word: String = [first, last].iter().collect();
    let is_verb = text::jieba().tag(&word, false).first().is_some_and(|t| t.tag.starts_with('v'));
    let signs: Vec<char> = plain.chars().collect();
    let denied = |from: usize, to: usize| signs[from..=to].iter().any(|c| "不没别".contains(*c));
    let near = |a: char, b: char, most: usize, fits: &dyn Fn(&[char]) -> bool| {
        (0..signs.len()).find(|i| {
            signs[*i] == a
                && (1..=most + 1).any(|step| {
                    signs.get(i + step) == Some(&b) && fits(&signs[i + 1..i + step]) && !denied(*i, i + step)
                })
        })
    };
    let anything = |_: &[char]| true;
    if is_verb {
        return near(last, first, 3, &anything).or_else(|| near(first, last, 2, &|between| !between.is_empty()));
    }
    if "东西南北前后左右里外上下".contains(first) {
        return near(first, last, 4, &|between| between.first().is_some_and(|c| "边面头侧".contains(*c)));
    }
    near(first, last, 4, &|between| between.contains(&'的') && between.len() >= 2)
}
