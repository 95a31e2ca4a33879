//! Places in an order that are told by word, not by who is named first: "Ann last, before her Bob", 小琴最后.
//!
//! Where in the flow: asked where every part of an ordered list was named, but not one after the other.

use reme_types::Language;

use crate::{judge::Question, needle::Needle, speech, text::english_words, words::Utterance};

/// Whether the places told by word are those of the expected order; `None` where they leave it open.
pub(crate) fn is_told_in_words(question: &Question<'_>, said: &str, parts: &[Vec<Needle>]) -> Option<bool> {
    let all = parts.len();
    let mut places: Vec<Option<usize>> = vec![None; all];
    let mut last_place: Option<usize> = None;
    let mut marked = false;
    for clause in speech::clauses(said).into_iter().flat_map(|c| c.split(" and ")) {
        let utterance = Utterance::new(question, clause);
        let named: Vec<usize> =
            (0..all).filter(|i| parts[*i].iter().any(|n| utterance.hold_against(n).cover >= 0.999)).collect();
        let [who] = named[..] else { continue };
        let place = place_told(clause, all, last_place, question.language);
        marked |= place.is_some();
        places[who] = place.or(places[who]);
        last_place = place.or(last_place);
    }
    // The one whose place nobody told has the place that is left.
    let open: Vec<usize> = (0..all).filter(|i| places[*i].is_none()).collect();
    if let [one] = open[..] {
        places[one] = (0..all).find(|place| !places.contains(&Some(*place)));
    }
    let all_told = marked && (0..all).all(|place| places.contains(&Some(place)));
    all_told.then(|| places.iter().enumerate().all(|(i, place)| *place == Some(i)))
}

fn place_told(clause: &str, all: usize, last: Option<usize>, language: Language) -> Option<usize> {
    match language {
        Language::En => {
            let words = english_words(clause);
            let has = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
            let spaced = format!(" {} ", words.join(" "));
            if ["before her ", "before him ", "before them ", "before that "].iter().any(|w| spaced.contains(w)) {
                last.and_then(|place| place.checked_sub(1))
            } else if has(&["first", "start", "foremost"]) {
                Some(0)
            } else if has(&["last", "lastly", "finally", "end"]) {
                Some(all - 1)
            } else if has(&["middle", "between"]) && all == 3 || has(&["second"]) {
                Some(1)
            } else if has(&["third"]) {
                Some(2)
            } else {
                None
            }
        }
        Language::ZhCn => {
            let has = |list: &[&str]| list.iter().any(|w| clause.contains(w));
            if has(&["前头", "前面", "之前"]) && has(&["他", "她", "它", "在"]) {
                last.and_then(|place| place.checked_sub(1))
            } else if has(&["最先", "头一个", "第一", "打头", "最早", "先来"]) {
                Some(0)
            } else if has(&["最后", "末了", "最末", "压轴", "末尾"]) {
                Some(all - 1)
            } else if has(&["中间", "当中"]) && all == 3 || has(&["第二"]) {
                Some(1)
            } else if has(&["第三"]) {
                Some(2)
            } else {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use reme_types::Verdict::{Correct, Partial};

    use super::*;
    use crate::{expected_from, judge};

    #[test]
    fn a_place_may_be_told_by_word() {
        let english = ("In what order did they come?", "Ruth, Mr Bell, Hugh", Language::En);
        let chinese = ("按先后说，谁先来谁后来？", "王大妈、刘会计、小琴", Language::ZhCn);
        for ((asked, expected, language), said, verdict) in [
            (english, "Hugh came last, before him Mr Bell, and Ruth was first.", Correct),
            (english, "Ruth first, Hugh last, and Mr Bell in between.", Correct),
            (english, "Hugh first, Ruth last, and Mr Bell in between.", Partial),
            (chinese, "小琴最后，刘会计在她前头，王大妈最先。", Correct),
            (chinese, "王大妈最后，刘会计在她前头，小琴最先。", Partial),
        ] {
            let expected = expected_from(&[expected.to_owned()], &[], asked, language);
            let question = Question { text: asked, expected: &expected, context: None, people: &[], language };
            assert_eq!(judge(&question, said).verdict, verdict, "{said}");
        }
    }
}
