//! Kin told by two steps: "my daughter's husband" for the son-in-law, 我娘她弟弟 for the uncle.
//!
//! Where in the flow: asked where a relation is looked for in what was said. What it must never do: name a relation that the two
//! steps do not make.

use reme_lexicon::same_relation;
use reme_types::Language;

use crate::text::{bare, english_words};

/// (first step, second step, what they make), by the plain word of each.
const STEPS: [(&str, &str, &str); 34] = [
    ("daughter", "husband", "son-in-law"),
    ("son", "wife", "daughter-in-law"),
    ("daughter", "son", "grandson"),
    ("son", "son", "grandson"),
    ("daughter", "daughter", "granddaughter"),
    ("son", "daughter", "granddaughter"),
    ("mother", "brother", "uncle"),
    ("father", "brother", "uncle"),
    ("mother", "sister", "aunt"),
    ("father", "sister", "aunt"),
    ("sister", "son", "nephew"),
    ("brother", "son", "nephew"),
    ("sister", "daughter", "niece"),
    ("brother", "daughter", "niece"),
    ("sister", "husband", "brother-in-law"),
    ("brother", "wife", "sister-in-law"),
    ("husband", "mother", "mother-in-law"),
    ("wife", "mother", "mother-in-law"),
    ("husband", "brother", "brother-in-law"),
    ("husband", "sister", "sister-in-law"),
    ("女儿", "丈夫", "女婿"),
    ("女儿", "老伴", "女婿"),
    ("儿子", "妻子", "儿媳"),
    ("儿子", "儿媳", "儿媳"),
    ("女儿", "儿子", "外孙"),
    ("儿子", "儿子", "孙子"),
    ("女儿", "女儿", "外孙女"),
    ("儿子", "女儿", "孙女"),
    ("母亲", "弟弟", "舅舅"),
    ("母亲", "哥哥", "舅舅"),
    ("母亲", "姐姐", "姨妈"),
    ("母亲", "妹妹", "姨妈"),
    ("父亲", "弟弟", "叔叔"),
    ("父亲", "妹妹", "姑姑"),
];

/// Relations that two relations in a row make, by their plain word.
pub(crate) fn made_of_two(said: &str, language: Language) -> Vec<&'static str> {
    let steps = STEPS.iter().filter(|(first, ..)| first.is_ascii() == (language == Language::En));
    match language {
        Language::En => {
            if !said.contains("'s ") {
                return Vec::new();
            }
            let words = english_words(said);
            let is = |word: &String, relation: &str| same_relation(relation).contains(&word.as_str());
            steps
                .filter(|(first, second, _)| {
                    words
                        .windows(2)
                        .any(|w| is(&w[0], first) && is(&w[1], second) && said.contains(&format!("{}'s", w[0])))
                })
                .map(|(.., makes)| *makes)
                .collect()
        }
        Language::ZhCn => {
            let plain = bare(said);
            let follows = |first: &str, second: &str| {
                same_relation(first).iter().filter(|w| w.chars().count() > 1 || "娘妈爹爸".contains(**w)).any(|word| {
                    plain.match_indices(word).any(|(at, _)| {
                        let rest = plain[at + word.len()..].trim_start_matches(['她', '他', '的', '家', '那', '个']);
                        same_relation(second).iter().any(|w| rest.starts_with(w))
                    })
                })
            };
            steps.filter(|(first, second, _)| follows(first, second)).map(|(.., makes)| *makes).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_steps_make_a_relation() {
        for (said, language, makes) in [
            ("my daughter's husband", Language::En, "son-in-law"),
            ("our mum's brother", Language::En, "uncle"),
            ("我娘她弟弟", Language::ZhCn, "舅舅"),
            ("我闺女的男人", Language::ZhCn, "女婿"),
        ] {
            assert!(made_of_two(said, language).contains(&makes), "{said}");
        }
        assert!(made_of_two("my daughter and her husband", Language::En).is_empty());
        assert!(made_of_two("我闺女跟他弟弟", Language::ZhCn).is_empty());
    }
}
