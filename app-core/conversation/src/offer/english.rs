//! English: fragments are candidates; whole sentences are so only where they answer in the question's own frame.

use reme_types::Language;

use super::Sought;
use crate::{
    judge::Question,
    lexicon::is_empty_word,
    speech::sentences,
    text::{normalise, stem},
};

/// Longest reason that is nothing but "it was too dear", in words. [design]
const SHORT_REASON: usize = 8;
const AUX: &str = "is are was were am be been has have had do does did will would can could shall should may might must isn't aren't wasn't \
weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't couldn't it's that's he's she's there's they're we're i'm you're \
i've we've they've you've i'd i'll";
const BE: &str =
    "is are was were am be been isn't aren't wasn't weren't it's that's he's she's there's they're we're i'm you're";
const PAST: &str = "went came gave took made saw said told got ate drank bought brought caught thought taught sat stood ran rang sang swam drove \
rode wrote read won lost left felt kept slept met paid put cut hit let set shut sent spent lent built held heard knew grew threw flew drew wore \
bore tore spoke broke chose froze woke rose fell found fought hung hid bit lit led fed fled bent burnt dealt learnt leapt meant shook showed sold \
shot slid stole stuck stung struck swept swung tied understood wept drives mends lives knows wants likes looks smells comes goes needs costs sells \
makes gives takes keeps says tells sings plays works sleeps loves hates leaks";
/// Verbs that tell of a state, not of something done.
const STATIVE: &str = "like love hate know think want need live believe hope wish prefer enjoy feel felt seem look looked smell remember forget \
understand mean see hear suppose guess wonder used liked loved wanted needed lived knew thought wants likes loves needs lives leaks";
const EVALUATIVE: &str = "lovely nice good kind patient busy cold hot warm tired funny sad happy terrible awful wonderful beautiful pretty sweet \
dear dreadful great grand fine clever noisy long short slow fast hard easy difficult trouble disgrace shame pity fun joy freezing raining snowing \
pouring old young such so very too ever quite really always still well better best worse bad big small cheap expensive late early proud \
important interesting boring strange silly quiet same full white dirty clean pleased lucky delicious special daft marvellous lot enough never";
const PRONOUN: &str = "i we he she they you it that this those these there everybody nobody everyone one who";
const QUESTION_WORD: &str = "is are was were do did does have has had can could will would shall should why what where when who which how am don't \
isn't wasn't didn't may might";
const LEAD: &str = "well oh ah now yes no so and but um er erm hmm mm then ooh why look dear aye och ach eh ay ee aw gosh hm i-think i-believe i-suppose i-guess";

/// Longest sentence about another side of the day asked about, in words. [design]
const BRIEF_DEED: usize = 6;

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|w| w == word)
}

fn is_past(words: &[&str], at: usize) -> bool {
    let word = words[at];
    let after_determiner = at
        .checked_sub(1)
        .is_some_and(|b| is_in("a an the my our his her their your this that in on with of at", words[b]));
    if is_in(PAST, word) {
        return !after_determiner;
    }
    let regular = word.len() > 4
        && word.ends_with("ed")
        && !is_in("hundred sacred naked wicked indeed speed breed seaweed", word);
    let before = at.checked_sub(1).map_or("", |b| words[b]);
    regular && at > 0 && !is_in("a an the my our his her their some with of in and two three four new old", before)
}

/// Whether any sentence offers a candidate; of a sentence with commas its first part may do so alone ("Leeds, Ann lives there").
pub(super) fn offers(question: &Question<'_>, said: &str, sought: Sought) -> bool {
    sentences(said).into_iter().any(|sentence| {
        let lead = sentence
            .split([',', ':'])
            .find(|part| part.split_whitespace().any(|w| !is_in(LEAD, w.trim_matches(|c: char| !c.is_alphanumeric()))));
        let first = sentence
            .split_whitespace()
            .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
            .find(|w| !is_in(LEAD, w));
        if first.is_some_and(|w| is_in(QUESTION_WORD, w)) && sentence.contains("i wonder") {
            return false;
        }
        let asks = [" would you", " could you", " can you", " will you", " shall we", " shall i"];
        if sentence.trim_end().ends_with('?') && asks.iter().any(|a| format!(" {sentence}").contains(a)) {
            return false;
        }
        if sentence.trim_end().ends_with('?') && first.is_some_and(|w| is_in(QUESTION_WORD, w)) {
            return false;
        }
        sentence_offers(question, sentence, sought)
            || lead.is_some_and(|lead| lead.len() < sentence.len() && sentence_offers(question, lead, sought))
    })
}

fn sentence_offers(question: &Question<'_>, sentence: &str, sought: Sought) -> bool {
    let text = [
        " i think",
        " i believe",
        " i suppose",
        " i guess",
        " you know",
        " i should think",
        "it must be ",
        "it must have been ",
        "let me see",
    ]
    .iter()
    .fold(format!(" {}", sentence.trim()), |t, lead| t.replace(lead, " "));
    let words: Vec<&str> = text
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .map(|w| w.trim_matches('\''))
        .filter(|w| !w.is_empty())
        .collect();
    let start = words.iter().position(|w| !is_in(LEAD, w)).unwrap_or(words.len());
    // "I've lived", "he's never": the pronoun is the subject.
    let mut words: Vec<&str> = words[start..].to_vec();
    let parted = words.first().and_then(|w| w.split_once('\'')).and_then(|(who, rest)| {
        let verb = match rest {
            "ve" => "have",
            "re" => "are",
            "m" => "am",
            "d" => "had",
            "s" if is_in("he she it that there", who) => "is",
            _ => return None,
        };
        Some((who, verb))
    });
    if let Some((who, verb)) = parted {
        words.splice(..1, [who, verb]);
    }
    let words = &words[..];
    let Some(first) = words.first() else { return false };
    if text.trim_end().ends_with('?') && is_in(QUESTION_WORD, first) {
        return false;
    }
    let asked = normalise(question.text, Language::En);
    let asked_words: Vec<String> = crate::text::english_words(&asked).iter().map(|w| stem(w)).collect();
    // Said of the one who asks: "you've got the calendar there".
    let second = words.get(1).copied().unwrap_or("");
    let of_the_asker = is_in("you you've you're you'd you'll", first)
        || is_in("don't haven't can't won't didn't do can could will would", first) && second == "you";
    if of_the_asker && !asked_words.iter().any(|w| matches!(w.as_str(), "i" | "me" | "my")) {
        return false;
    }
    let choice = crate::needle::offers_a_choice(&asked);
    let is_asked = |w: &str| !choice && asked_words.contains(&stem(w.trim_end_matches("'s")));
    if is_in("don't do let ask give tell stop leave go please", first)
        && words.get(1).is_some_and(|w| {
            is_in("not ask me us that it you on away to make start bother go pester", w)
                || (*first == "ask" && is_in("the him her them my our", w))
        })
    {
        return false;
    }
    // "What an odd thing to ask", "like a tractor".
    let exclaims = *first == "what" && words.get(1).is_some_and(|w| is_in("a an", w));
    let compares = *first == "like" && words.get(1).is_some_and(|w| is_in("a an", w)) && !asked.contains(" like");
    if exclaims || compares {
        return false;
    }
    // "That I was tired": what was said, told in its own words.
    let reports = ["say", "tell", "told", "said"].iter().any(|w| asked.contains(w));
    if *first == "that" && words.get(1).is_some_and(|w| is_in("i he she we they", w)) && reports {
        return words.len() > 3;
    }
    let figures = matches!(sought, Sought::Figure | Sought::Date);
    let own: Vec<&&str> = words
        .iter()
        .filter(|w| {
            !is_empty_word(w, Language::En)
                && !is_in(AUX, w)
                && !is_asked(w)
                && (figures || crate::numbers::english(w).is_empty())
        })
        .collect();
    if sought == Sought::Word
        && words.iter().any(|w| !is_in(AUX, w) && !is_in(PRONOUN, w) && !is_asked(w))
        && verb_of(words).is_none()
    {
        return true;
    }
    let too_much = is_in("it that they he she was it's too", first) && words.contains(&"too");
    if too_much && crate::judge::asks_why(question) {
        return words.len() <= SHORT_REASON;
    }
    if own.is_empty() {
        return false;
    }
    let member = |kind: &str| {
        words.iter().any(|w| reme_lexicon::kinds_called(kind).iter().any(|k| k.holds(w) || k.is_called(w)))
    };
    if let Sought::Member(kind) = sought {
        return member(kind) || (own.len() <= 2 && verb_of(words).is_none());
    }
    // "I had a cold" is no remark.
    let has_it = words.windows(2).any(|w| is_in("had have got has", w[0]) && is_in("a an", w[1]));
    let remark = own.iter().all(|w| is_in(EVALUATIVE, w)) && sought != Sought::Word && !has_it;
    if is_aside(words, sought, &asked) {
        return false;
    }
    // No saying speaks of me.
    let of_me = words.len() >= 4 && words.iter().any(|w| is_in("i i'm i've i'll i'd me my mine we us our here", w));
    if sought == Sought::Word && of_me && !asked.contains(" i ") {
        return false;
    }
    let happened = asked.contains("what happened") || asked.contains("what went wrong");
    if happened {
        return !remark && verb_of(words).is_some();
    }
    if crate::judge::asks_why(question) {
        // "It was a lovely hotel" gives no reason; "it was too cold" does.
        let praises = is_in("it that they he she it's that's", first)
            && own
                .iter()
                .any(|w| is_in("lovely nice good wonderful beautiful great grand marvellous fun joy delicious", w))
            && !words.iter().any(|w| is_in("too not no", w) || w.ends_with("n't"));
        return !remark && !praises;
    }
    let Some(verb) = verb_of(words) else {
        // A day has no name here: only "on the day of the flood" could be one.
        const TIMES: &str = "day week weekend month year morning afternoon evening night season spring summer autumn winter holidays war end \
start beginning middle last first time";
        let the_time = *first == "the"
            && words.iter().any(|w| {
                is_in(TIMES, w) || crate::dates::weekday(w).is_some() || crate::numbers::ordinal(&[w]).is_some()
            });
        let dated = sought != Sought::Date || is_in("on in at during before after around when", first) || the_time;
        return !remark && dated;
    };
    let subject = &words[..verb];
    let after = &words[verb + 1..];
    let pronoun = subject.iter().all(|w| is_in(PRONOUN, w) || is_in("all both", w));
    let verb_word = words[verb];
    let is_be = is_in(BE, verb_word) || (is_in(AUX, verb_word) && after.first().is_some_and(|w| is_in("been be", w)));
    let object = |rest: &[&str]| {
        let first = rest.iter().find(|w| !is_in("been be not just only a an the my our his her all now", w));
        const NO_OBJECT: &str = "till until when because as that so if though although while no nobody's nothing";
        first.is_some_and(|w| !is_in(EVALUATIVE, w) && !is_in(NO_OBJECT, w) && (is_asked(w) || !w.ends_with("ing")))
    };
    let same_verb = is_asked(verb_word) || after.iter().take(2).any(|w| is_asked(w) && is_in(AUX, verb_word) && !is_be);
    let speaker = subject.first().is_some_and(|w| is_in("i we i've we've i'd i'm we're", w));
    let you_asked = asked_words.iter().any(|w| w == "you" || w == "i" || w == "we");
    match sought {
        Sought::Word => !is_be || object(after),
        Sought::Person => {
            // A name that only the memory knows.
            let of_the_memory = question.context.map(|c| normalise(c, Language::En)).unwrap_or_default();
            let known = crate::text::english_words(&of_the_memory);
            let is_name = |w: &str| {
                reme_lexicon::is_first_name(w)
                    || w.len() > 2
                        && known.iter().any(|k| k == w)
                        && !is_empty_word(w, Language::En)
                        && !reme_lexicon::wordnet::is_word(reme_lexicon::lemma(w))
                        && w.chars().all(char::is_alphabetic)
            };
            let named = words.iter().any(|w| {
                is_name(w) && !is_asked(w) && !is_in("will may mark grant dawn hope joy grace rose ivy holly", w)
            }) || words.iter().any(|w| {
                !reme_lexicon::same_relation(w).is_empty()
                    || is_in("mr mrs miss ms dr doctor father sister nurse man woman lady", w)
            });
            (pronoun
                && is_be
                && subject.first().is_some_and(|w| is_in("it that he she they it's that's he's she's they're", w))
                && object(after))
                || (same_verb && !pronoun)
                || (named && (!is_be || pronoun))
        }
        _ if subject.is_empty() => !remark,
        // "I'm in Leeds", where a place is asked for.
        Sought::Place if pronoun && is_be && speaker && after.first().is_some_and(|w| is_in("in at on near by", w)) => {
            true
        }
        _ if pronoun && is_be => {
            let it = subject.first().is_some_and(|w| is_in("it that this they those these", w))
                || is_in("it's that's they're", verb_word);
            it && object(after) && sought != Sought::Date && sought != Sought::Figure
        }
        _ if pronoun && is_in(STATIVE, verb_word) => false,
        // "I slept the whole way", where names are asked for.
        _ if pronoun && asked.starts_with("name ") => same_verb,
        _ if pronoun && is_in("have has had", verb_word) => {
            speaker && object(after) && !is_in(STATIVE, after.first().unwrap_or(&""))
        }
        _ if pronoun && is_in(AUX, verb_word) => {
            let main = after.iter().find(|w| !is_empty_word(w, Language::En));
            !figures && speaker && main.is_some_and(|m| !is_in(STATIVE, m) && is_past(&["x", m], 1)) || same_verb
        }
        _ if pronoun => {
            // "We sang the psalm", where a day or a number is asked for: an answer to another question, if a brief one.
            let of_the_event = figures && speaker && words.len() <= BRIEF_DEED;
            let asked_of = of_the_event || (speaker && you_asked) || (!speaker && asks_of_another(&asked_words));
            let moves = is_in("went came flew drove walked rode ran swam sailed left moved", verb_word);
            let done = !figures || is_past(&["x", verb_word], 1);
            same_verb || (asked_of && done && (object(after) || moves))
        }
        // A noun has the word: "the soup was leek" answers, "the tap has been trouble" does not.
        _ if is_be => {
            subject.iter().any(|w| is_asked(w) && !is_empty_word(w, Language::En))
                && object(after)
                && after.len() <= 4
                && !is_in("has have had", verb_word)
        }
        _ => same_verb,
    }
}

/// Talk beside the question: what somebody does these days, how long ago it is, what was never done, an exclamation.
fn is_aside(words: &[&str], sought: Sought, asked: &str) -> bool {
    let first = words[0];
    let second = words.get(1).copied().unwrap_or("");
    let past = ["did", "was", "were", "had"].iter().any(|w| asked.split(' ').any(|a| a == *w));
    let habit = past
        && sought != Sought::Person
        && reme_lexicon::is_first_name(first)
        && second.len() > 3
        && second.ends_with('s')
        && !is_in("is was has does", second)
        && !is_in(PAST, second);
    // "Otto cheats", where the question speaks of Otto.
    let of_the_asked = past
        && asked.split(|c: char| !c.is_alphanumeric()).any(|a| a == first)
        && second.len() > 4
        && second.ends_with('s')
        && !is_in(PAST, second)
        && !asked.split(|c: char| !c.is_alphanumeric()).any(|a| stem(a) == stem(second));
    let praise = words.windows(2).any(|w| w[0] == "such" && (w[1] == "a" || w[1] == "an"));
    let ago = words
        .last()
        .is_some_and(|w| *w == "ago" || words.contains(&"ago") && is_in("dear love lovey duck pet now then", w))
        && sought != Sought::Date
        && sought != Sought::Figure;
    let never = is_in("i i've we we've", first)
        && words.iter().take(3).any(|w| *w == "never")
        && words.iter().any(|w| is_in("been liked knew known seen understood cared thought could", w));
    let exclaims = first == "what" && is_in("a an", second) || is_in("goodness gracious heavens ugh blimey", first);
    let vague = (is_in("too", first) && is_in("much many long far", second)
        || matches!(sought, Sought::Figure | Sought::Date))
        && crate::numbers::english(&words.join(" ")).is_empty()
        && (is_in("ages forever eternity loads plenty", first) || (first == "too" && is_in("much many long", second)));
    let alike = second == "all" && words.contains(&"alike");
    // "I only use it in winter": what one does these days, where something past is asked.
    let these_days = past
        && sought != Sought::Person
        && is_in("i we i'm we're", first)
        && is_in("only always usually often generally never keep hardly", second)
        && words.len() > 2
        && !is_past(words, 2);
    // "These slippers pinch", "my daughter's coming at four", "it's a blur to me now": of this hour, where something past is asked.
    let progressive = words.windows(2).any(|w| {
        (w[0].ends_with("'s") || is_in("is are am", w[0]))
            && w[1].len() > 4
            && w[1].ends_with("ing")
            && !is_in("morning evening something nothing building", w[1])
    });
    let of_this_hour = past
        && (is_in("these", first)
            || progressive && sought != Sought::Person
            || is_in("it that it's that's", first)
                && (words.ends_with(&["to", "me"]) || words.ends_with(&["to", "me", "now"])));
    // "I can hear perfectly well": what one can, where something past is asked.
    let able =
        past && is_in("i we", first) && is_in("can can't cannot could still don't won't", second) && words.len() > 3;
    // "Would he put his gloves on": asked of nobody.
    let asks_nobody = is_in("would could did does was will", first) && is_in("he she they it i we you the", second);
    of_this_hour
        || able
        || asks_nobody
        || these_days
        || habit
        || of_the_asked
        || praise
        || ago
        || never
        || exclaims
        || vague
        || alike
}

/// "How did Ann help you?": somebody else did it, so "she gave me tea" is an answer, if to another question.
fn asks_of_another(asked_words: &[String]) -> bool {
    asked_words.windows(2).any(|w| {
        matches!(w[0].as_str(), "did" | "does" | "was" | "has")
            && !matches!(w[1].as_str(), "you" | "i" | "we" | "the" | "your")
    })
}

/// The place of the first finite verb outside a relative clause.
fn verb_of(words: &[&str]) -> Option<usize> {
    let mut relative = false;
    for (at, word) in words.iter().enumerate() {
        let noun_before = at > 0 && !is_in(PRONOUN, words[at - 1]);
        if noun_before && is_in("that which who where when whose", word) && at + 1 < words.len() {
            relative = true;
        }
        // "the pot we make tea in"
        if noun_before && at > 1 && is_in("i we he she they you", word) && is_in("the a an that one my our", words[0]) {
            relative = true;
        }
        // "to have a tooth out" tells no fact; it is a candidate for what was done or wanted.
        if relative || (at > 0 && words[at - 1] == "to") {
            continue;
        }
        if is_in(AUX, word) || is_past(words, at) {
            return Some(at);
        }
        if at > 0
            && is_in("i we he she they you it everybody nobody", words[at - 1])
            && !is_in("and or all both never always just", word)
            && at == 1
        {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_have_no_verb() {
        for text in [
            "the duck pond",
            "in my left boot",
            "the one who climbs trees",
            "the pot we make tea in",
            "a boiled egg",
            "roast beef with mustard",
        ] {
            assert_eq!(verb_of(&text.split(' ').collect::<Vec<_>>()), None, "{text}");
        }
        for text in ["the kitchen was white", "she gave me a plant", "the piano came from leeds", "i drove him home"] {
            assert!(verb_of(&text.split(' ').collect::<Vec<_>>()).is_some(), "{text}");
        }
    }
}
