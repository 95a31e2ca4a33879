//! What was said held against short wordings in other ways than word by word: kin in two steps, reasons by their signs.

use reme_lexicon::same_meaning;
use reme_types::Language;

use crate::{
    needle::Needle,
    text::{self, bare},
    words::Utterance,
};

impl Utterance<'_> {
    /// "My daughter's husband", where a son-in-law is looked for.
    pub(crate) fn tells_in_two_steps(&self, relations: &[&str]) -> bool {
        crate::kin::made_of_two(&self.said, self.question.language).iter().any(|made| relations.contains(made))
    }

    /// 脚脖子扭着了 for 脚扭了: every sign of a short reason in its order, in one clause.
    pub(crate) fn holds_the_signs(&self, needles: &[Needle]) -> bool {
        const SHORT: std::ops::RangeInclusive<usize> = 2..=4;
        let of_reason = |c: &char| !"了着得的过太很就因为是".contains(*c);
        self.question.language == Language::ZhCn
            && needles.iter().any(|needle| {
                let signs: Vec<char> =
                    needle.wording.chars().filter(|c| c.is_alphanumeric()).filter(of_reason).collect();
                // 车坏了: what, and what became of it, each in its own words.
                let parts: Vec<&str> =
                    text::jieba().cut(needle.wording.trim_end_matches('了'), false).iter().map(|t| t.word).collect();
                let told = |clause: &str| {
                    let part = Self::new(self.question, clause);
                    let own = |p: &&str| clause.contains(*p) || same_meaning(p).iter().any(|m| clause.contains(m));
                    parts.len() == 2 && parts.iter().all(own) && part.words.len() <= 8
                };
                SHORT.contains(&signs.len()) && (crate::speech::clauses(&self.said).into_iter().any(told))
                    || SHORT.contains(&signs.len())
                        && crate::speech::clauses(&self.said).into_iter().any(|clause| {
                            let mut rest = clause.chars();
                            !clause.contains(['没', '不', '别']) && signs.iter().all(|s| rest.any(|c| c == *s))
                        })
            })
    }

    /// Chinese wordings that share one or two characters (窄 in 狭窄 and 窄小): those carry the sense.
    pub(crate) fn says_what_all_share(&self, needles: &[Needle]) -> bool {
        let Some((first, rest)) = needles.split_first().filter(|(_, rest)| !rest.is_empty()) else { return false };
        let about_words =
            ["反义", "近义", "同义", "意思", "相反", "季节"].iter().any(|w| self.question.text.contains(w));
        if self.question.language == Language::En || !about_words {
            return false;
        }
        let shared: Vec<char> =
            bare(&first.wording).chars().filter(|c| rest.iter().all(|n| n.wording.contains(*c))).collect();
        (1..=2).contains(&shared.len())
            && shared.iter().all(|c| self.said.contains(*c))
            && bare(&self.said).chars().count() <= 12
            && !self.said.contains('不')
    }
}
