//! What a question counts, and whether a note gives a number of it.

/// What stands after "how many"; in Chinese the measure word after 几 or 多少.
pub(super) fn counted(lower: &str) -> Option<String> {
    if let Some(at) = lower.find("how many ") {
        const STOPS: &str = "did do does have has had was were are is can could will would should of in on at to from for with by i we he she they \
you the my me there that this left";
        // "Canary chicks have": the last of the nouns is the one counted.
        let noun = lower[at + "how many ".len()..]
            .split(|c: char| !c.is_alphanumeric())
            .skip_while(|w| matches!(*w, "of" | "different" | "more" | "this" | "new" | "the" | "my" | ""))
            .take_while(|w| !w.is_empty() && !STOPS.split_whitespace().any(|stop| stop == *w))
            .take(3)
            .last()?;
        let time = ["times", "days", "years", "weeks", "people", "months", "nights", "hours", "minutes"];
        return (!time.contains(&noun)).then(|| reme_lexicon::singular(noun));
    }
    let after = ["多少", "几"].iter().find_map(|w| {
        let at = lower.find(w)?;
        let which = *w == "几" && ["哪", "星期", "礼拜", "周"].iter().any(|b| lower[..at].ends_with(b));
        (!which).then(|| &lower[at + w.len()..])
    })?;
    after
        .chars()
        .next()
        .filter(|c| !"次回趟天岁钱年月日人个遍号点分钟小星礼".contains(*c) && c.is_alphanumeric())
        .map(|c| c.to_string())
}

/// Whether a note gives a number of these: "18 jars", 二十只.
pub(crate) fn gives_number_of(text: &str, noun: &str) -> bool {
    let lower = text.to_lowercase();
    if noun.is_ascii() {
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let number = |w: &str| {
            w.chars().all(|c| c.is_ascii_digit())
                || "two three four five six seven eight nine ten eleven twelve twenty thirty forty"
                    .split(' ')
                    .any(|n| n == w)
        };
        return words.iter().enumerate().any(|(at, w)| {
            reme_lexicon::singular(w) == noun && words[at.saturating_sub(3)..at].iter().any(|b| number(b))
        });
    }
    lower.match_indices(noun).any(|(at, _)| {
        lower[..at].chars().next_back().is_some_and(|c| c.is_ascii_digit() || "一二两三四五六七八九十百".contains(c))
    })
}
