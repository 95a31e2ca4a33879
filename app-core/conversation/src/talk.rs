//! Talk that fits any question: of not knowing, of the asking itself, of the room, the weather and one's age.
//!
//! Where in the flow: asked where nothing of the expected answer was found, before its words are looked at as a candidate. What
//! it must never do: take an utterance for talk when one of its sentences is none.

use reme_types::Language;

use crate::{
    speech::{self, sentences},
    text::{bare, english_words},
};

/// Longest sentence of oneself that is talk by its verb, in words. [design]
const MOST_WORDS: usize = 12;

const ASKS: &str = "is are was were do did does have has had can could will would shall should why what where when who which how am don't isn't \
wasn't didn't may might what's who's where's when's how's why's aren't won't can't couldn't haven't hasn't";
/// Phrases of not knowing, of the asking, of the room and of old days.
const PHRASES_EN: &str = "come to me|i'm thinking|am thinking|rush me|hurry me|in peace|no use|no good to you|look that up|look it up|i wonder|good times|the days|\
have known|would know|would remember|had a memory|memory like|like a fog|like a sieve|in a fog|in one ear|ask me tomorrow|another day|saw to that|sees to that|\
sees to all|saw to all|side of things|asked me that|you asked|written down|wrote it down|in my diary|in my book|last bit|first bit|trick question|\
good question|funny question|daft question|silly question|odd question|too old for|killing me|murder a|don't make them like|much help|muddled|mixed up|\
should know|ought to know|did know|used to know|knew it once|knew that once|i knew once|a minute ago|give me time|give me a minute|\
give me a moment|bear with me|so different|got me there|any good at|this sort of thing|all these questions|that's a good one|that is a good one|\
you young|at my age|when you get to my|you'll be old|getting old|not what they were|not what it was|not what i was|these old|on earth do you|do you want to know|\
next please|in the mood|what a question|have to think|need to think|let me think|how should i know|how would i know|your guess|who knows|\
goodness knows|heaven knows|lord knows|god knows|dear knows|only knows|not for me to say|i couldn't tell|must i|what's the point|mind has gone|mind's gone|\
ask my|ask our|better ask|best ask|where's my|where is my|i want my|is it time|time for|have you got|have you seen|would you like|won't you have";
const BIDS: &str = "ask leave let tell pass help stop don't speak read show come give stay wait hang hold shut open turn switch fetch bring look";
const BID_TO: &str =
    "me us an a the on up off it him her my now please away out alone here that this rush hurry start keep go";
const PHRASES_ZH: &str = "该知道|应该知道|知道的呀|是知道的|应该会|该会的|出不来|一片白|一团雾|一团浆糊|一锅粥|一点谱|没个谱|没谱|明天再|改天再|回头再|别催|莫催|正想|我想呢|再想想|我想想|让我想|拿来我|我瞅瞅|我看看|让我看|\
难住|问住|考倒|老问|问个没完|问东问西|问这个|问这干|打听这|打听它|问我啥|问我什么|问的啥|后半截|前半截|头一个字|头几个字|先说半|帮我|帮帮|提个醒|我试试|考我|清静|让我歇|歇会|\
那时候可|那会儿可|那会儿的|那年月|那时节|没法比|不懂|你们年轻|耳朵进|耳朵出|犯糊涂|不行了|全没了|都没了|老喽|老了|不中用|岁数大|上了岁数|上岁数|对不住|对不起|帮不上|退化|脑子里|脑子不|脑袋里|翻翻本|翻本子|翻日历|\
本子上|记着呢|雾似|打小就不会|生来就不|没有这样的|都是老头子管|都是老伴管|都归|没人问过|没问过我|没那个心|没心情|没情绪|刮风了|下雨了|起风了|天要|天阴|开开窗|关上窗|开窗|喝口茶|喝口水|倒杯|腰疼得|腿疼得|头疼得|疼得厉害|眼镜搁|\
眼镜呢|真闷|真热|真冷|吃什么饭|吃啥饭|什么时候来|啥时候来|几时来|跟你有|与你何|有啥关系|有什么关系|咱干点|干点别的|干点有|好问题|问得好|这问题|什么问题|啥问题|你说呢|谁知道呢|谁晓得|天知道|鬼知道|孩子们都忙|孩子都忙|也不来一趟|\
不来看我|挠门|叫唤呢|吵死|吵得|烦死|烦不烦|困了|想睡|瞌睡|饿了|渴了|该吃饭|该吃药|要上厕所|解手|一言难尽|说来话长|没啥说的|有什么好|哪能记|记它干|容我|等我想|等等我|让我缓|一时半会|急不得|别急|慢慢来";

/// Whether every sentence is talk.
pub(crate) fn is_talk(said: &str, language: Language) -> bool {
    let parts: Vec<&str> = sentences(said).into_iter().filter(|s| s.chars().any(char::is_alphanumeric)).collect();
    !parts.is_empty()
        && parts.iter().all(|part| match language {
            Language::En => is_english_talk(part),
            Language::ZhCn => is_chinese_talk(part),
        })
}

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|w| w == word)
}

fn is_english_talk(sentence: &str) -> bool {
    let words = english_words(sentence);
    let spaced = format!(" {} ", words.join(" "));
    let says = |phrase: &str| {
        let plain = english_words(phrase).join(" ");
        spaced.contains(&format!(" {plain} "))
    };
    // A word alone may be the word that was asked for.
    let lone = words.len() == 1 && words[0].len() > 3;
    let passes = matches!(words.first().map(String::as_str), Some("pass" | "skip" | "next")) && words.len() <= 2;
    if passes || speech::is_filler(&words, Language::En) && !lone || PHRASES_EN.split('|').any(says) {
        return true;
    }
    let Some(first) = words.iter().find(|w| !is_in("well oh ah and but now so sorry ooh aye och dear no yes", w))
    else {
        return true;
    };
    let raw_first = sentence
        .split_whitespace()
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '\''))
        .find(|w| !w.is_empty())
        .unwrap_or("");
    if sentence.trim_end().ends_with('?') && (is_in(ASKS, first) || is_in(ASKS, raw_first)) {
        return true;
    }
    let second = words.get(1).map_or("", String::as_str);
    if words.len() > 1
        && words[0] == *first
        && is_in(BIDS, first)
        && is_in(BID_TO, second)
        && is_in("ask leave let tell help stop don't speak give", first)
    {
        return true;
    }
    // "Ask Pauline, she'll know."
    if *first == "ask" && words[0] == *first && words.len() <= 7 {
        return true;
    }
    // "I get so tired", "I didn't catch that": of oneself and one's head.
    let oneself = is_in("i i'm i'd i've i'll we", first);
    let compares = spaced.contains(" like a ") || spaced.contains(" like an ");
    if oneself && compares || spaced.contains(" asking me ") || spaced.contains(" ask me ") {
        return true;
    }
    const HEAD: &str =
        "wonder wondering thinking muddled confused understand follow catch forgetful hopeless useless rusty dreadful";
    oneself && words.len() <= MOST_WORDS && words.iter().any(|w| is_in(HEAD, w))
}

fn is_chinese_talk(sentence: &str) -> bool {
    let plain = bare(sentence);
    if PHRASES_ZH.split('|').any(|phrase| plain.contains(phrase)) {
        return true;
    }
    // 哎呀，哎呀呀; 你问的是啥; 护士啥时候来？
    let sighs = plain.chars().all(|c| "哎呀唉嗯呃啊哦噢哟嘿嗨这个那么呢嘛吧了中好对是".contains(c));
    let to_the_asker = ["你", "您"].iter().any(|w| plain.starts_with(w)) && !plain.starts_with("您猜");
    let asks = sentence.trim_end().ends_with(['?', '？'])
        && ["啥", "什么", "咋", "怎么", "哪", "谁", "几", "多", "没有", "吗", "干嘛", "干啥"]
            .iter()
            .any(|w| plain.contains(w));
    // 叫不出来, 说不上来; 问我也白问; 跟做梦似的.
    let signs: Vec<char> = plain.chars().collect();
    let not_able = signs.windows(3).any(|s| s[1] == '不' && s[2] == '出' && "叫说想讲喊答记数".contains(s[0]))
        || ["说不上", "答不上", "叫不上", "对不上"].iter().any(|w| plain.contains(w));
    let in_vain = signs.windows(2).any(|s| s[0] == '白' && "问说搭费".contains(s[1]));
    let own_affair = plain.starts_with("这是我") && plain.contains("的事");
    sighs || to_the_asker || asks || not_able || in_vain || own_affair
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talk_fits_any_question_and_an_answer_is_none() {
        for (said, language, talk) in [
            ("it'll come to me in a minute.", Language::En, true),
            ("what's for tea? i'm thinking.", Language::En, true),
            ("leave me in peace.", Language::En, true),
            ("i think it was tom.", Language::En, false),
            ("it's no use. tom?", Language::En, false),
            ("in the pond", Language::En, false),
            ("别催我，我正想呢。", Language::ZhCn, true),
            ("您这是考我呢。", Language::ZhCn, true),
            ("小丁教的。", Language::ZhCn, false),
            ("在柜子里。", Language::ZhCn, false),
        ] {
            assert_eq!(is_talk(said, language), talk, "{said}");
        }
    }
}
