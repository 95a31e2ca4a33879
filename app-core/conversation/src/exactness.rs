//! Right but less exact, or something else beside the right part: "some stew" against "a beef stew" for lamb stew.

use reme_lexicon::{are_rivals, kinds_called, kinds_of, same_relation, singular, wordnet};
use reme_types::{AnswerKind, Language};

use crate::{
    described::asks_for_person,
    judge::asks_why,
    lexicon::is_empty_word,
    needle::Needle,
    numbers,
    speech::clauses,
    text::{bare, english_words, jieba, normalise, stem},
    words::Utterance,
};

/// Words that make nothing more exact.
const GENERIC: &str = "big small little large old new nice lovely good bad pretty long short great fine whole own other kind sort bit piece bunch \
lot lots pair set couple some name title word called somewhere somehow end beginning letter sound front back top bottom \
middle part side shade tint tone hue somewhere \
一家 一个 一位 一种 一只 那个 个 位 只 条 张 种 家 样 什么 某 一些 名字 字 带 叫 大 小 老 旧 新 好";

/// Where something is, by classes that exclude each other.
const POSITIONS: [(&str, &[&str]); 6] = [
    ("inside", &["inside", "into", "in", "里面", "里头", "里边", "里"]),
    ("under", &["under", "underneath", "beneath", "below", "底下", "下面", "下头", "下边"]),
    ("behind", &["behind", "at the back of", "后面", "后头", "后边", "背后"]),
    ("front", &["in front", "前面", "前头", "前边"]),
    ("beside", &["beside", "next to", "by", "near", "旁边", "边上", "跟前"]),
    ("on", &["on", "on top", "上面", "上头", "上边", "above"]),
];

pub(crate) fn is_generic(word: &str) -> bool {
    GENERIC.split_whitespace().any(|w| w == word)
}

impl Utterance<'_> {
    /// Whether the right part stands beside a part of another thing: "a bird bath" for the bird table.
    pub(crate) fn puts_another_part(&self, needles: &[Needle]) -> bool {
        match self.question.language {
            Language::En => self.puts_another_english(needles),
            Language::ZhCn => self.puts_another_chinese(needles),
        }
    }

    fn puts_another_english(&self, needles: &[Needle]) -> bool {
        let language = Language::En;
        let asked: Vec<String> =
            english_words(&normalise(self.question.text, language)).iter().map(|w| stem(w)).collect();
        let all: Vec<&String> = needles.iter().flat_map(|n| &n.words).collect();
        let context = self.question.context.map(|c| english_words(&normalise(c, language))).unwrap_or_default();
        let names = matches!(self.question.expected.kind, AnswerKind::Person | AnswerKind::Place);
        let missing: Vec<&&String> = all.iter().filter(|w| self.find(w).is_none()).collect();
        clauses(&self.said).into_iter().any(|clause| {
            let words = english_words(clause);
            let part = Utterance::new(self.question, clause);
            let hits: Vec<usize> = all.iter().filter_map(|w| part.find(w)).map(|(_, _, at)| at).collect();
            if hits.is_empty() {
                return false;
            }
            let is_hit = |at: usize| hits.contains(&at) || all.iter().any(|w| stem(w) == stem(&words[at]));
            let is_extra = |at: usize| {
                let word = &words[at];
                !is_hit(at)
                    && !is_empty_word(word, language)
                    && !is_generic(word)
                    && !asked.contains(&stem(word))
                    && !is_verb(&words, at)
            };
            (0..words.len()).filter(|at| is_extra(*at)).any(|at| {
                let rival = missing.iter().any(|m| are_rivals(m, &words[at]));
                // Nothing but function words between it and a right word.
                let beside = hits.iter().any(|hit| {
                    let (from, to) = (at.min(*hit) + 1, at.max(*hit));
                    words
                        .get(from..to.max(from))
                        .is_some_and(|between| between.iter().all(|w| is_empty_word(w, language)))
                });
                rival || (beside && (names || !context.contains(&words[at])))
            })
        })
    }

    fn puts_another_chinese(&self, needles: &[Needle]) -> bool {
        let language = Language::ZhCn;
        let asked = normalise(self.question.text, language);
        let all: Vec<&String> = needles.iter().flat_map(|n| &n.words).collect();
        clauses(&self.said).into_iter().any(|clause| {
            let tokens = jieba().tag(clause, false);
            let is_right = |w: &str| {
                all.iter()
                    .any(|n| n.contains(w) || w.contains(n.as_str()) || reme_lexicon::same_meaning(n).contains(&w))
            };
            let is_extra = |w: &str, tag: &str| {
                w.chars().count() >= 2
                    && (tag.starts_with('n') || tag == "s" || tag == "f")
                    && !is_empty_word(w, language)
                    && !is_generic(w)
                    && !asked.contains(w)
                    && !needles.iter().any(|n| n.wording.contains(w))
                    && !kinds_of_needles(needles).iter().any(|k| k.is_called(w))
            };
            let right: Vec<usize> = (0..tokens.len()).filter(|i| is_right(tokens[*i].word)).collect();
            tokens
                .iter()
                .enumerate()
                .any(|(i, t)| is_extra(t.word, t.tag) && right.iter().any(|r| r.abs_diff(i) == 1 && !is_right(t.word)))
        })
    }

    /// Whether it holds a further word of the memory, neither asked nor expected, and no part of another thing.
    pub(crate) fn tells_more_of_the_memory(&self, needles: &[Needle]) -> bool {
        let Some(context) = self.question.context else { return false };
        let context = normalise(context, self.question.language);
        let words = english_words(&context);
        let is_new = |w: &String| {
            w.chars().count() >= 2
                && match self.question.language {
                    Language::En => words.contains(w),
                    Language::ZhCn => context.contains(w.as_str()),
                }
                && !needles.iter().any(|n| n.wording.contains(w.as_str()))
        };
        self.own_words().iter().any(is_new) && !self.puts_another_part(needles)
    }

    /// "The aunt, and Joan stayed at home": alone and first stands another whom the memory names, and what was expected is
    /// only spoken of after it.
    pub(crate) fn leads_with_another(&self, needles: &[Needle]) -> bool {
        let Some(context) = self.question.context else { return false };
        let which = english_words(&normalise(self.question.text, Language::En)).first().is_some_and(|w| w == "which");
        if self.question.language == Language::ZhCn || !(which || asks_for_person(self.question)) {
            return false;
        }
        let context = english_words(&normalise(context, Language::En));
        let parts = clauses(&self.said);
        let Some((first, rest)) = parts.split_first().filter(|(_, rest)| !rest.is_empty()) else { return false };
        let lead = Utterance::new(self.question, first);
        let own = lead.own_words();
        let name = |w: &String| context.contains(w) && !wordnet::is_word(w) && same_relation(w).is_empty();
        let known = |w: &String| needles.iter().any(|n| n.words.contains(w));
        let after = Utterance::new(self.question, &rest.concat());
        (1..=2).contains(&own.len())
            && lead.words.len() == own.len()
            && own.iter().all(|w| name(w) && !known(w))
            && after.words.first().is_some_and(|w| w == "and")
            && after.own_words().iter().any(|w| !known(w))
    }

    /// Whether it names only whose or what it belongs to: the captain for the captain's mother, 站长 for 站长的母亲.
    pub(crate) fn names_only_the_owner(&self, needles: &[Needle]) -> bool {
        if !asks_for_person(self.question) {
            return false;
        }
        needles.iter().filter(|n| !n.is_alias).any(|needle| {
            let (owner, owned) = match self.question.language {
                Language::ZhCn => match needle.wording.rsplit_once('的') {
                    Some(parts) => parts,
                    None => return false,
                },
                Language::En => match needle.wording.split_once("'s ") {
                    Some(parts) => parts,
                    None => return false,
                },
            };
            let owned = crate::needle::telling_words(owned, self.question.language);
            let owner = crate::needle::telling_words(owner, self.question.language);
            !owned.is_empty()
                && owned.iter().all(|w| self.find(w).is_none())
                && owner.iter().any(|w| self.find(w).is_some())
        })
    }

    /// Whether it names the same landmark with another position: in the chest for behind the chest.
    pub(crate) fn is_elsewhere(&self, needles: &[Needle]) -> bool {
        if self.question.expected.kind != AnswerKind::Place {
            return false;
        }
        let classes = |text: &str| -> Vec<&str> {
            let words = english_words(text);
            let has = |p: &str| {
                if p.is_ascii() {
                    words.windows(p.split(' ').count()).any(|w| w.join(" ") == p)
                } else {
                    text.contains(p)
                }
            };
            POSITIONS.iter().filter(|(_, words)| words.iter().any(|w| has(w))).map(|(class, _)| *class).collect()
        };
        let strict = ["under", "behind", "front"];
        let said = classes(&self.said);
        // "Somewhere in the hall", where it was under the stage of the hall: another position only of the same landmark.
        let is_named = |n: &Needle| {
            self.question.language == Language::ZhCn || n.words.first().is_some_and(|w| self.find(w).is_some())
        };
        needles.iter().filter(|n| !n.is_alias && is_named(n)).any(|n| {
            let wanted = classes(&n.wording);
            match (&wanted[..], &said[..]) {
                ([wanted], [said]) => wanted != said && strict.contains(wanted) && *said != "beside",
                ([wanted], said) if !said.is_empty() => {
                    !said.contains(wanted) && said.iter().any(|s| strict.contains(s))
                }
                _ => false,
            }
        })
    }

    /// Only the kind of thing ("a bucket" for the corn bucket, "an animal" for a fox), nothing that tells which.
    pub(crate) fn names_only_the_kind(&self, needles: &[Needle]) -> bool {
        match self.question.language {
            Language::En => self.names_english_kind(needles),
            Language::ZhCn => self.names_chinese_kind(needles),
        }
    }

    fn names_english_kind(&self, needles: &[Needle]) -> bool {
        let words = &self.words;
        if words.len() > 9 {
            return false;
        }
        let kinds = kinds_of_needles(needles);
        let asked = english_words(&normalise(self.question.text, Language::En));
        let category = category_of(&asked);
        // "The weather was no good" for the rain: a reason of that kind.
        let why = asks_why(self.question);
        let is_kind = |at: usize| {
            let word = singular(&words[at]);
            let two = words.get(at + 1).map(|next| format!("{} {}", words[at], singular(next)));
            let heads = || needles.iter().flat_map(heads_of);
            let of_kind = kinds.iter().any(|k| k.is_called(&word) || two.as_ref().is_some_and(|t| k.is_called(t)))
                || heads().any(|head| wordnet::is_kind_of(head, &word))
                || is_food(&word) && heads().any(|head| wordnet::is_of_fields(head, "g"));
            // A pot for the teapot.
            let compound = word.len() >= 3
                && needles
                    .iter()
                    .flat_map(|n| &n.words)
                    .any(|n| n.len() >= word.len() + 3 && n.ends_with(&word) && !is_empty_word(&word, Language::En));
            // "a town", where the town's name is asked.
            let same_category = category.as_ref().is_some_and(|c| *c == word);
            (of_kind || compound || same_category) && (why || is_indefinite(words, at))
        };
        let own = self.own_words();
        let at = (0..words.len()).find(|at| is_kind(*at));
        let extras = |at: usize| {
            own.iter()
                .filter(|w| {
                    **w != words[at]
                        && !is_generic(w)
                        && !w.ends_with("n't")
                        && !kinds.iter().any(|k| k.is_called(w))
                        && needles.iter().all(|n| !n.words.contains(w))
                })
                .count()
        };
        let proper = category.is_some() && at.is_some_and(|at| category.as_ref() == Some(&singular(&words[at])));
        let hedged = ["kind of", "sort of", "some ", "something"].iter().any(|w| self.said.contains(w));
        at.is_some_and(|at| {
            extras(at) == 0 || (hedged && extras(at) == 1) || (why && extras(at) == 1) || (proper && extras(at) <= 2)
        })
    }

    fn names_chinese_kind(&self, needles: &[Needle]) -> bool {
        let plain = bare(&self.said);
        let length = plain.chars().count();
        let core = plain.trim_end_matches(['吧', '呗', '啊', '呀', '嘛', '呢', '的', '了']);
        let asked = bare(&normalise(self.question.text, Language::ZhCn));
        // 黄的 for 米黄色.
        let colour = core.trim_end_matches(['色', '颜']);
        let base = |n: &Needle| bare(&n.wording).trim_end_matches('色').chars().next_back();
        let mut signs = colour.chars();
        if let (true, Some(sign), None) = (asked.contains("颜色"), signs.next(), signs.next())
            && needles.iter().any(|n| base(n) == Some(sign))
        {
            return true;
        }
        let kinds = kinds_of_needles(needles);
        let named = kinds.iter().flat_map(|k| k.names()).filter(|n| !n.is_ascii()).any(|name| {
            core.find(name).is_some_and(|at| {
                let before: String = core[..at].chars().rev().take(1).collect();
                let after = &core[at + name.len()..];
                let generic = before.is_empty()
                    || asks_why(self.question)
                    || "一个位条只种家块的处座间辆把样瓶副什么点些坐在进是吃喝穿骑开到带去买送大罐盒包袋碗杯盘台支本双锅当".contains(&before);
                generic && (after.chars().count() <= 2) && !is_member_beside(core, name, &kinds)
            })
        });
        if named && length <= 10 {
            return true;
        }
        needles.iter().filter(|n| n.words.iter().any(|w| w.chars().count() >= 2)).any(|needle| {
            let wording = bare(&needle.wording);
            let trimmed = POSITIONS
                .iter()
                .flat_map(|(_, words)| words.iter())
                .fold(wording.as_str(), |w, p| w.strip_suffix(p).unwrap_or(w));
            let Some(head) = trimmed.trim_end_matches(['里', '儿', '上', '中', '头']).chars().next_back() else {
                return false;
            };
            let chars: Vec<char> = plain.chars().collect();
            let at = chars.iter().rposition(|c| *c == head);
            at.is_some_and(|at| {
                let before = if at == 0 { ' ' } else { chars[at - 1] };
                let generic = " 个大位条只种家一块的处座坐间辆把样么副老小旧新破好高长".contains(before)
                    || chars[..at].len() == 1 && asked.contains(before);
                generic && length <= 10 && wording.chars().count() > 1
            })
        }) || self.names_asked_category(&asked, core)
    }

    /// 大海 where 哪个海 was asked, 江苏的一个城市 where 哪个城市 was.
    fn names_asked_category(&self, asked: &str, core: &str) -> bool {
        ["哪个", "哪座", "哪条", "什么", "哪种", "哪家", "哪所"].iter().any(|which| {
            asked.find(which).is_some_and(|at| {
                let category: String = asked[at + which.len()..].chars().take(2).collect();
                let category = if category.chars().count() == 2 && core.contains(&category) {
                    category
                } else {
                    category.chars().take(1).collect()
                };
                let hit = !category.is_empty() && core.ends_with(&category);
                let one = ["一个", "一座", "一条", "个", "一家", "某"].iter().any(|o| core.contains(o))
                    || core.chars().count() <= 4 && core.contains('大');
                hit && one && !"的了是在".contains(&category)
            })
        })
    }
}

/// The nouns that say what something is: the last one, and the one before "with": salmon with new potatoes.
fn heads_of(needle: &Needle) -> Vec<&String> {
    let mut heads: Vec<&String> = needle.words.last().into_iter().collect();
    let words = english_words(&needle.wording);
    if let Some(at) = words.iter().position(|w| matches!(w.as_str(), "with" | "in" | "on")).filter(|at| *at > 0) {
        heads.extend(needle.words.iter().find(|w| **w == words[at - 1]));
    }
    heads
}

/// Kinds of the things expected, narrow and wide.
fn kinds_of_needles(needles: &[Needle]) -> Vec<&'static reme_lexicon::Kind> {
    let mut out = Vec::new();
    for needle in needles {
        out.extend(kinds_of(&needle.wording));
        for last in heads_of(needle) {
            out.extend(kinds_of(last));
            out.extend(kinds_of(&singular(last)));
            // 老花镜 ends in what a member of the kind ends in: 铁道博物馆 is a museum as 历史博物馆 is.
            out.extend(kinds_called(last));
            let chars: Vec<char> = last.chars().collect();
            if !last.is_ascii() && chars.len() >= 3 {
                out.extend(kinds_called(&chars[chars.len() - 2..].iter().collect::<String>()));
                out.extend(kinds_of(&chars[chars.len() - 2..].iter().collect::<String>()));
            }
        }
        let words: Vec<&str> = needle.words.iter().map(String::as_str).collect();
        out.extend(kinds_of(&words.join(" ")));
    }
    out
}

/// A word for anything one eats.
fn is_food(word: &str) -> bool {
    matches!(word, "meal" | "food" | "dish" | "snack" | "bite" | "dinner" | "treat")
}

/// A member of the kind beside its name makes it another thing: 历史博物馆 is not "a museum".
fn is_member_beside(core: &str, name: &str, kinds: &[&'static reme_lexicon::Kind]) -> bool {
    kinds
        .iter()
        .any(|k| k.members().any(|m| !m.is_ascii() && m.chars().count() >= 2 && core.contains(m) && !name.contains(m)))
}

/// "a town", "some town", "one of those towns", or alone.
fn is_indefinite(words: &[String], at: usize) -> bool {
    let before: Vec<&str> = words[..at].iter().map(String::as_str).collect();
    let definite = before.iter().any(|w| matches!(*w, "the" | "that" | "this" | "my" | "our" | "his" | "her"));
    !definite || before.iter().any(|w| matches!(*w, "kind" | "sort" | "one" | "some"))
}

/// The thing asked for by its category: "what town", "which ocean", "the name of the ship".
fn category_of(asked: &[String]) -> Option<String> {
    let at = asked.iter().position(|w| w == "which" || w == "what")?;
    let named = asked
        .windows(3)
        .position(|w| w[0] == "name" && w[1] == "of" && matches!(w[2].as_str(), "the" | "your" | "this"));
    let word = match named {
        Some(at) => asked.get(at + 3),
        None => {
            let next = asked.get(at + 1)?;
            let is_name_of = matches!(next.as_str(), "is" | "was")
                && asked.get(at + 2).is_some_and(|w| matches!(w.as_str(), "the" | "this" | "that" | "our" | "your"));
            let from = if is_name_of { at + 3 } else { at + 1 };
            let superlative = asked.get(from).is_some_and(|w| w.ends_with("est") || w == "first" || w == "last");
            asked
                .get(from + usize::from(superlative))
                .filter(|w| !is_empty_word(w, Language::En) && !is_generic(w) && numbers::english(w).is_empty())
        }
    };
    word.map(|w| singular(w))
}

/// A rough test for verbs, which replace nothing.
fn is_verb(words: &[String], at: usize) -> bool {
    let word = words[at].as_str();
    let past = word.len() > 4 && word.ends_with("ed") && at > 0;
    past || "bought brought gave had ate made cooked baked went came saw sat took lent put kept found lost told said called brings makes mends lives".split(' ').any(|v| v == word)
}
