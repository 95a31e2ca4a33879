//! Names and places the person is likely to say, put before the recogniser as if they had just been written down.

use reme_types::Language;

/// How many are given at most; more would crowd out one another, and cost time.
const AT_MOST: usize = 40;

/// The line put before the recogniser. For Chinese it is there even without names: it makes simplified characters and punctuation
/// likelier.
pub(crate) fn prompt(language: Language, hot_words: &[String]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for word in hot_words.iter().map(|word| word.trim()).filter(|word| !word.is_empty() && !word.contains('\0')) {
        if !names.contains(&word) && names.len() < AT_MOST {
            names.push(word);
        }
    }
    match (language, names.is_empty()) {
        (Language::En, true) => String::new(),
        (Language::En, false) => format!("This is about {}.", names.join(", ")),
        (Language::ZhCn, true) => "以下是普通话的句子。".to_owned(),
        (Language::ZhCn, false) => format!("以下是普通话的句子，说到{}。", names.join("、")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_stands_once_and_not_too_many_do() {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        assert_eq!(
            prompt(Language::En, &words(&["Helen", " Helen ", "", "Mill Street"])),
            "This is about Helen, Mill Street."
        );
        assert_eq!(prompt(Language::ZhCn, &words(&["王秀英"])), "以下是普通话的句子，说到王秀英。");
        assert_eq!(prompt(Language::En, &[]), "");
        let many: Vec<String> = (0..100).map(|index| format!("name{index}")).collect();
        assert_eq!(prompt(Language::En, &many).matches("name").count(), AT_MOST);
    }
}
