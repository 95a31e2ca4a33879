//! Answers by description: "the plumber" for Mr Lamb, "my daughter" for Ann, where people or context settle who that is.

use reme_lexicon::{other_side, relation_words, same_meaning, same_relation};
use reme_types::{AnswerKind, Language, PersonRef};

use crate::{
    definitions,
    judge::Question,
    lexicon::is_empty_word,
    needle::Needle,
    numbers, speech,
    text::{english_words, jieba, normalise, stem},
    words::Utterance,
};

/// Words for just anybody: they describe nobody, and spoil no description.
const ANYBODY: &str = "him her he she people one that who man woman lady gentleman chap fellow bloke girl boy lad person guy young old nice kind \
上班 工作 办公 做事 住 住着 邻居 街坊 弄 搞 帮 帮忙 修 装 送 老太婆 老头子 娃儿 小娃 女娃 男娃 嬢嬢 小孩 先生 原来 以前 从前 当年 那个 开 当 干 卖 管 搞 教 年轻人 小伙子 小伙 老太太 老头 姑娘 先生 女士 师傅 大姐 大哥 大爷 大妈 同志 年轻 那位 这位 阿姨 叔叔";

/// Whether somebody is asked for: by the kind, or because the expected answer is a name.
pub(crate) fn asks_for_person(question: &Question<'_>) -> bool {
    if question.expected.kind == AnswerKind::Person {
        return true;
    }
    let asked = normalise(question.text, question.language);
    match question.language {
        Language::En => {
            let first =
                question.expected.parts.first().map(|p| english_words(&normalise(p, Language::En))).unwrap_or_default();
            let named = first.first().is_some_and(|w| {
                reme_lexicon::is_first_name(w) || matches!(w.as_str(), "mr" | "mrs" | "ms" | "miss" | "dr")
            });
            named
                && question.expected.kind == AnswerKind::Text
                && (["which of", "which friend", "which nurse", "which doctor", "name of"]
                    .iter()
                    .any(|w| asked.contains(w))
                    || english_words(&asked).windows(2).any(|w| {
                        w[0] == "which" && (reme_lexicon::wordnet::is_person(&w[1]) || !same_relation(&w[1]).is_empty())
                    }))
        }
        Language::ZhCn => {
            ["哪个人", "哪位", "谁", "哪个", "哪几个"].iter().any(|w| asked.contains(w))
                && question.expected.kind == AnswerKind::Text
                && question.expected.parts.iter().any(|p| is_called(p))
        }
    }
}

impl Utterance<'_> {
    /// Whether it describes, in words the context uses for it, the one thing or person expected.
    pub(crate) fn describes(&self, needles: &[Needle]) -> bool {
        let Some(context) = self.question.context else {
            return needles.iter().any(|n| self.is_relation_of(&n.wording));
        };
        let context = normalise(context, self.question.language);
        if self.own_words().is_empty() {
            return false;
        }
        needles.iter().any(|needle| {
            if self.is_relation_of(&needle.wording) || self.is_seen_from_another(&context, needle) {
                return true;
            }
            asks_for_person(self.question)
                && match self.question.language {
                    Language::ZhCn => self.fits_chinese(&chinese_descriptions(&context, &needle.wording)),
                    Language::En => {
                        !needle.is_alias
                            && (self.fits_english(&english_descriptions(&context, &needle.words))
                                || self.fits_loosely(&context, needle))
                    }
                }
        })
    }

    /// Whether it describes somebody among several as the memory does: "the cox", 原来的车间主任.
    pub(crate) fn fits_the_memory(&self, needle: &Needle) -> bool {
        let Some(context) = self.question.context else { return false };
        let context = normalise(context, self.question.language);
        let own = self.own_words();
        match self.question.language {
            Language::ZhCn => {
                let short = needle.wording.chars().count() <= 3;
                let opens_like_a_name = |c| reme_lexicon::is_surname(c) || "小老阿".contains(c);
                let person =
                    short && needle.wording.chars().next().is_some_and(opens_like_a_name) || is_called(&needle.wording);
                person
                    && !context.contains(&format!("《{}》", needle.wording))
                    && own.len() > 1
                    && self.fits_chinese(&chinese_descriptions(&context, &needle.wording))
            }
            Language::En => {
                let name = |w: &String| reme_lexicon::is_first_name(w) || !reme_lexicon::wordnet::is_word(w);
                !own.is_empty()
                    && needle.words.iter().all(name)
                    && self.fits_english(&english_descriptions(&context, &needle.words))
            }
        }
    }

    /// The surname alone of somebody the whole world knows: no memory holds another of that name.
    pub(crate) fn gives_the_surname(&self, needles: &[Needle]) -> bool {
        self.question.language == Language::En
            && self.question.context.is_none()
            && asks_for_person(self.question)
            && needles.iter().any(|n| n.words.len() > 1 && n.words.last().is_some_and(|w| self.find(w).is_some()))
    }

    /// "One of the neighbours", 一个邻居: somebody of that kind, not which.
    pub(crate) fn is_just_somebody(&self, needles: &[Needle]) -> bool {
        let names_one = needles.iter().flat_map(|n| &n.words).any(|w| {
            let relation = !same_relation(w).is_empty() || relation_words().contains(&w.as_str());
            let name_like = self.question.language == Language::En
                || w.starts_with(['小', '老', '阿'])
                || w.chars().next().is_some_and(reme_lexicon::is_surname) && w.chars().count() <= 3;
            name_like
                && !relation
                && !is_anybody(w)
                && self.find(w).is_some_and(|(share, by, _)| {
                    share >= 0.999 && by != reme_types::MatchedBy::Relation && by != reme_types::MatchedBy::Words
                })
        });
        let open = match self.question.language {
            Language::En => {
                let said = format!(" {}", self.said.trim());
                let first = self
                    .words
                    .iter()
                    .find(|w| !matches!(w.as_str(), "it" | "was" | "by" | "with" | "well" | "to" | "oh"));
                [
                    "one of the ",
                    "one of my ",
                    "one of our ",
                    "one of her ",
                    "one of his ",
                    "some ",
                    "somebody ",
                    "someone ",
                ]
                .iter()
                .any(|w| said.contains(&format!(" {w}")))
                    || first.is_some_and(|w| w == "a" || w == "an")
            }
            Language::ZhCn => ["一个", "一位", "有个", "有位", "某个", "某位"].iter().any(|w| {
                let after = self.said.split_once(w).map_or("", |(_, rest)| rest);
                !after.is_empty()
                    && !after.trim_end_matches(['的', '.', '。', '吧', '呗']).contains('的')
                    && after.chars().filter(|c| c.is_alphanumeric()).count() <= 5
            }),
        };
        open && !names_one
    }

    /// 蔡玉梅 where 蔡玉莲 is expected: a whole name that shares its surname or its given name, and sounds otherwise.
    pub(crate) fn names_another_person(&self, needles: &[Needle]) -> bool {
        if self.question.language == Language::En {
            // "Roland Lamb" for Mrs Lamb: another first name before the same surname.
            // Will for William: names of one beginning may be one.
            let known = |w: &String| {
                let head: String = w.chars().take(2).collect();
                needles.iter().any(|n| n.words.iter().any(|k| reme_lexicon::is_same_name(k, w) || k.starts_with(&head)))
            };
            return self.words.windows(2).any(|w| {
                reme_lexicon::is_first_name(&w[0]) && !known(&w[0]) && needles.iter().any(|n| n.words.contains(&w[1]))
            });
        }
        let said: Vec<char> = crate::text::bare(&self.said).chars().collect();
        needles.iter().flat_map(|n| std::iter::once(&n.wording).chain(&n.words)).any(|name| {
            let name: Vec<char> = name.chars().collect();
            // 欧阳修武 for 欧阳修文: a surname of two signs.
            if name.len() == 4 {
                let doubled = |run: &[char]| run[..2] == name[..2] && run[2..] != name[2..];
                let compound = ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐"];
                return compound.contains(&name[..2].iter().collect::<String>().as_str())
                    && said.windows(4).any(|run| {
                        let syllables = |chars: &[char]| crate::text::syllables(&chars.iter().collect::<String>());
                        doubled(run) && syllables(run) != syllables(&name)
                    });
            }
            if !(2..=3).contains(&name.len()) || !reme_lexicon::is_surname(name[0]) {
                return false;
            }
            said.windows(name.len()).any(|run| {
                let same = run.iter().zip(&name).filter(|(a, b)| a == b).count();
                let syllables = |chars: &[char]| crate::text::syllables(&chars.iter().collect::<String>());
                run != name
                    && same + 1 == name.len()
                    && name.len() == 3
                    && reme_lexicon::is_surname(run[0])
                    && syllables(run) != syllables(&name)
                    && !"的了是在".contains(run[2])
            })
        })
    }

    /// 对门的小伍 where the memory's 楼下的白姐 is expected: somebody else whom the memory names.
    pub(crate) fn names_a_known_other(&self, needles: &[Needle]) -> bool {
        let (Some(context), Language::ZhCn) = (self.question.context, self.question.language) else { return false };
        if !asks_for_person(self.question) {
            return false;
        }
        let (context, asked) = (normalise(context, Language::ZhCn), normalise(self.question.text, Language::ZhCn));
        let said: Vec<char> = crate::text::bare(&self.said).chars().collect();
        let mine = |name: &str| needles.iter().any(|n| n.wording.contains(name)) || asked.contains(name);
        said.windows(2).enumerate().any(|(at, pair)| {
            let name: String = pair.iter().collect();
            let owns = said.get(at + 2).is_some_and(|c| "他她的家".contains(*c));
            "老小阿".contains(pair[0])
                && reme_lexicon::is_surname(pair[1])
                && context.contains(&name)
                && !mine(&name)
                && !owns
        })
    }

    /// "The lady that conducts our bells": words of the memory about the one expected, a word of one's own beside them, and nothing
    /// that tells of another.
    fn fits_loosely(&self, context: &str, needle: &Needle) -> bool {
        /// Words that nobody has told before. [design]
        const MOST_NEW: usize = 1;
        let about = english_facts(context, &needle.words);
        let own: Vec<String> =
            self.own_words().into_iter().filter(|w| !is_anybody(w) && !definitions::is_light(w)).collect();
        let definite =
            |w: &String| matches!(w.as_str(), "the" | "that" | "him" | "her" | "he" | "she" | "my" | "our" | "his");
        let opens = self.words.iter().take(4).any(definite);
        let fits = |w: &String| {
            about.iter().any(|d| {
                stem(d) == stem(w)
                    || !numbers::values(d).is_empty() && numbers::values(d) == numbers::values(w)
                    || same_meaning(d).contains(&w.as_str())
                    || w.len() >= 4 && (d.ends_with(w.as_str()) || stem(d).ends_with(&stem(w)))
                    || reme_lexicon::wordnet::share_sense(d, w) && !reme_lexicon::wordnet::is_person(w)
            })
        };
        let new = |w: &&String| !fits(w);
        let of_another = |w: &String| {
            reme_lexicon::is_first_name(w)
                || !same_relation(w).is_empty()
                || reme_lexicon::wordnet::is_person(w)
                || english_words(context).contains(w)
        };
        opens
            && own.iter().filter(|w| fits(w)).count() > own.iter().filter(new).count()
            && own.iter().filter(new).count() <= MOST_NEW
            && !own.iter().filter(new).any(of_another)
            && speech::phrase_intent(&self.said).is_none()
            && !self.said.contains(['?', '？'])
    }

    fn fits_english(&self, descriptions: &[String]) -> bool {
        let mut own = self.own_words();
        // "The one who cuts hair" for the barber: another wording of a description is taken out first.
        let mut by_meaning = false;
        for phrase in descriptions.iter().flat_map(|d| same_meaning(d)).filter(|p| p.contains(' ')) {
            let (words, said) = (english_words(phrase), self.words.join(" "));
            if format!(" {said} ").contains(&format!(" {} ", words.join(" "))) {
                own.retain(|w| !words.contains(w));
                by_meaning = true;
            }
        }
        let known = |w: &String| {
            descriptions.iter().any(|d| stem(d) == stem(w) || same_meaning(d).contains(&w.as_str()))
                || definitions::fits_trade(w, descriptions)
        };
        (by_meaning || own.iter().any(known))
            && own.iter().all(|w| known(w) || is_anybody(w) || definitions::is_light(w))
    }

    fn fits_chinese(&self, descriptions: &[String]) -> bool {
        let mut own = self.own_words();
        // 看大门的 for 门卫: another wording of a description is taken out first.
        let mut by_meaning = false;
        for description in descriptions {
            for word in crate::text::chinese_words(description) {
                if let Some(said) = same_meaning(&word).iter().find(|m| self.said.contains(**m)) {
                    own.retain(|w| !said.contains(w.as_str()) && !w.contains(*said));
                    by_meaning = true;
                }
            }
        }
        let known = |w: &String| {
            let plain = w.trim_end_matches('儿');
            !plain.is_empty() && descriptions.iter().any(|d| d.contains(plain) || scattered(d, w))
        };
        (by_meaning || own.iter().any(known)) && own.iter().all(|w| known(w) || is_anybody(w))
    }

    /// "my daughter", where the people or the context say who that is.
    pub(crate) fn is_relation_of(&self, name: &str) -> bool {
        let language = self.question.language;
        let by_people = self.question.people.iter().any(|p| {
            let names = std::iter::once(&p.name).chain(&p.aliases);
            names.map(|n| normalise(n, language)).any(|n| n == name) && means_person(&self.said, p, language)
        });
        let Some(context) = self.question.context.filter(|_| !by_people) else { return by_people };
        let context = normalise(context, language);
        relation_words().iter().any(|relation| {
            let said = same_relation(relation).iter().any(|w| self.says_relation(w))
                || self.tells_in_two_steps(same_relation(relation));
            said && match language {
                Language::ZhCn => context.contains(&format!("{relation}{name}")),
                Language::En => {
                    let words = english_words(&context);
                    let name_words = english_words(name);
                    words.windows(name_words.len() + 1).any(|w| w[0] == *relation && w[1..] == name_words[..])
                }
            }
        })
    }

    fn says_relation(&self, word: &str) -> bool {
        match self.question.language {
            // 孙女 is no 孙, 外孙 no 孙子.
            Language::ZhCn => self.said.match_indices(word).any(|(at, _)| {
                let before = self.said[..at].chars().next_back();
                ['外', '重'].iter().all(|side| before != Some(*side) || word.starts_with(*side))
            }),
            // "Father Brendan" is a name, not a relation.
            Language::En if word.contains(' ') => format!(" {} ", self.words.join(" ")).contains(&format!(" {word} ")),
            Language::En => self.words.iter().enumerate().any(|(at, w)| {
                w == word
                    && !self.words.get(at + 1).is_some_and(|next| reme_lexicon::is_first_name(next) && is_titled(word))
            }),
        }
    }

    /// "Ben's father", where the context says "his son Ben" of the one expected.
    fn is_seen_from_another(&self, context: &str, needle: &Needle) -> bool {
        if self.question.language != Language::En {
            return self.is_seen_from_another_chinese(context);
        }
        let words = english_words(context);
        // "Wullie's cousin Sandy": to Sandy, Wullie is the cousin.
        let by_name = words.windows(3).any(|w| {
            needle.words.contains(&w[0])
                && !needle.words.contains(&w[2])
                && !other_side(&w[1]).is_empty()
                && context.contains(&format!("{}'s {}", w[0], w[1]))
                && self.said.contains(&format!("{}'s", w[2]))
                && other_side(&w[1])
                    .iter()
                    .any(|b| same_relation(b).iter().chain([b]).any(|r| self.words.iter().any(|x| x == r)))
        });
        if by_name {
            return true;
        }
        let expected_at = words.iter().position(|w| needle.words.contains(w));
        words.windows(3).enumerate().any(|(at, w)| {
            let (whose, relation, name) = (&w[0], &w[1], &w[2]);
            let back = other_side(relation);
            matches!(whose.as_str(), "his" | "her" | "their")
                && expected_at.is_some_and(|e| e < at)
                && !needle.words.contains(name)
                && self.words.iter().any(|x| x == name)
                && back.iter().any(|b| same_relation(b).iter().any(|r| self.words.iter().any(|x| x == r)))
                // "the brother of Ben" is told; "Ben, his brother" is Ben.
                && (self.said.contains(&format!("{name}'s")) || self.said.contains(&format!("of {name}")))
        })
    }
}

impl Utterance<'_> {
    /// 小段他哥, where the memory says 他兄弟小段 of the one expected.
    fn is_seen_from_another_chinese(&self, context: &str) -> bool {
        let said = crate::text::bare(&self.said);
        let said = said.trim_start_matches('是').trim_end_matches(['吧', '呗', '啊', '呀', '嘛', '呢', '的']);
        relation_words().iter().filter(|r| !r.is_ascii()).any(|relation| {
            ["他", "她"].iter().any(|whose| {
                let Some((_, rest)) = context.split_once(&format!("{whose}{relation}")) else { return false };
                (2..=4).any(|n| {
                    let name: String = rest.chars().take(n).collect();
                    // 修武 for 欧阳修武: the given name alone.
                    let given: String = name.chars().skip(n.saturating_sub(2).min(2)).collect();
                    let Some(after) = said.strip_prefix(name.as_str()).or_else(|| said.strip_prefix(given.as_str()))
                    else {
                        return false;
                    };
                    let after = after.trim_start_matches(['他', '她', '的', '家']);
                    let mut back = other_side(relation).iter().flat_map(|b| same_relation(b).iter().chain([b]));
                    name.chars().count() == n && back.any(|r| after == *r)
                })
            })
        })
    }
}

/// Whether a Chinese wording ends in what somebody is called: 小蒋, 周婆婆, 女儿小琴.
pub(crate) fn is_called(wording: &str) -> bool {
    let signs: Vec<char> = wording.chars().collect();
    let nick = signs.len() >= 2 && "小老阿".contains(signs[signs.len() - 2]);
    let titled = crate::text::TITLES.split_whitespace().any(|t| wording.ends_with(t) && wording != t);
    let full = (2..=3).contains(&signs.len())
        && reme_lexicon::is_surname(signs[0])
        && jieba().tag(wording, false).first().is_some_and(|t| t.tag.starts_with("nr"));
    nick || titled || full || relation_words().iter().any(|r| wording.starts_with(r) && wording != *r)
}

/// Relations that are titles as well.
fn is_titled(word: &str) -> bool {
    matches!(word, "father" | "sister" | "brother" | "mother" | "aunt" | "auntie" | "uncle")
}

/// All characters of a word in the description, in order: 鸽友 in 养鸽子的老朋友.
fn scattered(description: &str, word: &str) -> bool {
    let mut rest = description.chars();
    word.chars().count() >= 2 && word.chars().all(|c| rest.any(|d| d == c))
}

fn is_anybody(word: &str) -> bool {
    ANYBODY.split_whitespace().any(|w| w == word)
}

/// Whether a relation word of the utterance means this person.
pub(crate) fn means_person(said: &str, person: &PersonRef, language: Language) -> bool {
    let relation = normalise(&person.relation, language);
    let group = same_relation(&relation);
    let words: Vec<&str> = if group.is_empty() { vec![relation.as_str()] } else { group.to_vec() };
    words.iter().filter(|w| !w.is_empty()).any(|w| match language {
        Language::ZhCn => said.contains(w),
        Language::En => english_words(said).iter().any(|x| x == w),
    })
}

/// What stands before the name as its description (看门的老吕 → 看门的), and the name right after it (二妹桂香 → 桂香).
fn chinese_descriptions(context: &str, name: &str) -> Vec<String> {
    let breaks = ['，', '。', '、', '；', '：', '（', '）', ',', '.', '(', ')', '和', '跟', '与', '是'];
    let mut out = Vec::new();
    for (at, _) in context.match_indices(name) {
        let before = &context[..at];
        let start = before.rfind(breaks).map_or(0, |i| i + before[i..].chars().next().map_or(0, char::len_utf8));
        let part = &before[start..];
        let denied = before[..start].ends_with("不是");
        if !denied && !part.is_empty() {
            out.push(part.to_owned());
        }
        let after: String = context[at + name.len()..].chars().take(4).collect();
        if let Some(token) = jieba().tag(&after, true).first()
            && token.tag.starts_with("nr")
            && token.word.chars().count() >= 2
        {
            out.push(token.word.to_owned());
        }
    }
    out
}

/// What the memory tells of somebody right after the name: where from, with what, "who conducts the handbells". What others did
/// or are in the same sentence is left out.
fn english_facts(context: &str, name: &[String]) -> Vec<String> {
    let mut out = english_descriptions(context, name);
    for sentence in speech::sentences(&context.replace(['(', ')'], ",")) {
        let parts: Vec<&str> = sentence.split([',', ':']).collect();
        for (i, part) in parts.iter().enumerate() {
            let words = english_words(part);
            let Some(at) = words.iter().rposition(|w| name.contains(w)) else { continue };
            let after = &words[at + 1..];
            let tells = |w: &String| matches!(w.as_str(), "from" | "of" | "at" | "in" | "with" | "who" | "next");
            if after.first().is_some_and(tells) {
                out.extend(after.iter().take_while(|w| *w != "and").cloned());
            }
            if (after.is_empty() || after.first().is_some_and(tells))
                && let Some(next) = parts.get(i + 1).map(|p| english_words(p))
                && next.first().is_some_and(|w| {
                    matches!(w.as_str(), "who" | "the" | "a" | "an" | "her" | "his" | "whose" | "in" | "with")
                })
            {
                out.extend(next.into_iter().take_while(|w| w != "and"));
            }
        }
    }
    out.retain(|w| !is_empty_word(w, Language::En) && !name.contains(w) && !reme_lexicon::is_first_name(w));
    out
}

/// Words beside the name: "Mr Lamb, the baker," → baker; "Nurse Joy" → nurse.
fn english_descriptions(context: &str, name: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    // "Abigail (her granddaughter)" as "Abigail, her granddaughter,".
    let context = &context.replace(" (", ", ").replace(')', ",");
    for sentence in speech::sentences(context) {
        let parts: Vec<&str> = sentence.split(',').collect();
        for (i, part) in parts.iter().enumerate() {
            let words = english_words(part);
            let Some(at) = words.iter().position(|w| name.contains(w)) else { continue };
            // "with Doreen and Stan": what stands before the "and" describes somebody else.
            let before = &words[at.saturating_sub(2)..at];
            let from = before.iter().rposition(|w| w == "and" || w == "or").map_or(0, |i| i + 1);
            // Another's name tells nothing of this one: "her cousin Meirion Bowen" is no Bowen called Meirion.
            let tells = |w: &&String| {
                !is_empty_word(w, Language::En)
                    && !reme_lexicon::is_first_name(w)
                    && (reme_lexicon::wordnet::is_word(w) || !same_relation(w).is_empty())
            };
            out.extend(before[from..].iter().filter(tells).cloned());
            if let Some(next) = parts.get(i + 1).map(|p| p.trim_start()) {
                let apposition =
                    ["the ", "a ", "an ", "her ", "his ", "my ", "our ", "who "].iter().any(|d| next.starts_with(d));
                let last_is_name = words.last().is_some_and(|w| name.contains(w));
                if apposition && last_is_name {
                    out.extend(english_words(next).into_iter().filter(|w| !is_empty_word(w, Language::En)));
                }
            }
        }
    }
    out
}
