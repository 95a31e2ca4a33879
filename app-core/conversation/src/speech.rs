//! What a person does with an utterance besides answering: asks, refuses, corrects a start, denies, speaks to the judge.

use reme_types::{Intent, Language};

use crate::text::is_han;

/// (intent, phrases). The first intent with a phrase in the text is taken; order is part of the meaning.
const PHRASES: &[(Intent, &str)] = &[
    (
        Intent::Distress,
        "too sad|makes me sad|makes me cry|so upset|i am upset|i'm upset|it hurts to|too painful|i want to cry|can't bear|太难过|太伤心|难受得|心里难受|想哭|别提了|受不了|不想提|伤心",
    ),
    (
        Intent::Stop,
        "stop now|let's stop|can we stop|could we stop|shall we stop|please stop|stop please|that will do for today|call it a day|i want to stop|that's enough|enough for today|i'm tired|i am tired|finish now|end the session|停了吧|不玩了|歇会儿吧|歇一歇吧|不想练了|不想玩|到此为止|结束吧|今天就到这|我累了|停吧|停下|不做了|歇了吧",
    ),
    (Intent::Help, "帮帮我|救命"),
    (
        Intent::Repeat,
        "say that over|say it over|say this over|tell it me|tell me it|tell it to me|tell me that one|the once more|the question over|how's that again|beg your pardon|you've lost me|i missed that|i missed it|a bit slower|come again|which what|再大声|大点儿声|慢点儿再|慢点再|再讲讲|问的什么呀|您问啥|说的什么呀|one more time|once again please|run that by me|go over that again|say that once more|say that again|say it once more|once more please|repeat|come again|hear the question|the question again|question once more|what did you ask|what were you asking|say again|speak up|louder|pardon|what was the question|didn't hear|did not hear|didn't catch|did not catch|again please|再讲一遍|再讲一次|再问一次|重新说一遍|重新问|再说一遍|再说一次|再念一遍|没听清|没听见|没听清楚|重复一遍|再问一遍|您说什么|你说什么|您刚才问|你刚才问|问啥|问的啥|声音轻|大点声|大声点|听不清|听不见|您问的啥|刚才问的什么|问的是什么|耳朵背|say it again|ask it again|ask again|once again|once more|say that once|more slowly|a bit slower|slower please|too quickly|too fast|mishear|misheard|hearing aid|再问一遍|再来一遍|再来一回|走神|慢点儿念|慢点念|慢一点|没跟上|没听真|刚说啥|刚才说啥|说的啥|说什么来着|您说啥|slow down|没听明白|没听懂|说慢点|再说一道|念慢点",
    ),
    (
        Intent::Hint,
        "whistle me|hum me|hum it|give me a bar|i might get it|might come to me|begin it for me|give us a|who do you think|what do you think|your guess is|have a look yourself|on the sign|on the wall|on the calendar|on the board|in the paper there|give me the first|give me a letter|start it for me|start it off|let me have the first|给说个|先说个|先起个|说个姓|您先起|您先说|你先说|您瞅瞅|你瞅瞅|您瞧瞧|你瞧瞧|自个儿瞧|牌子上|墙上写|墙上挂|日历上|本子上写|透个|提个字|说头一个字|先给个|a hint|a clue|help me along|have to tell me|better tell me|help me here|help me with it|hint please|clue please|any hint|any clue|another hint|another clue|some help|start me off|set me off|get me started|first word|first sound|which letter|help me a little|give me something|give me a start|first letter|help me out|you tell me|tell me the answer|remind me|jog my memory|where to begin|提示|提个醒|提个头|给个头|开个口|透点|漏一点|起个头|给点线索|告诉我吧|您告诉我|你告诉我|帮我想想|提醒一下|提醒我|开个头|help me a bit|help me a little|give me a hand|point me|nudge me|look on your|look at your|look it up|see for yourself|read it off|you have it|in your papers|say so there|you'd know|you would know|you know that better|a little clue|little hint|what does it start|what does it begin|begins with what|starts with what|提示提示|自个儿看|自己看|上面写着|手机上不|开个头|头一个字是|第一个字是|您提一|您比我清楚|您肯定知道|您说呢|你说呢|您猜|你猜",
    ),
    (
        Intent::Skip,
        "my own business|my own affair|our own business|own business|that's private|that is private|it's private|that's personal|not be tested|don't hold with|do not hold with|let's not|give over|can't be bothered|cannot be bothered|not in the mood|had enough of|a lady never tells|not for telling|nobody's business|no business of|leave me alone|i refuse|won't be asked|not answering|nor will i|not going to say|not telling|不往外说|不告诉|不跟您说|不跟你说|不好往外|保密|不好问|私事|不爱说|不方便说|犯不着|不乐意|不搭理|不理这|甭考|别考|不做这个|不做了|不玩这个|烦不烦|烦人|没工夫|没功夫|that's between me|between me and|between the two of us|不爱提|不愿提|懒得提|休提|skip|pass on this|ask me another|something else|talk about other|ask the |i'd rather do|i would rather do|don't talk to me|i'll pass|i will pass|next question|pass me the next|next one|another question|move on|ask me something else|rather not say|rather not|i won't|no, thank you|don't fancy|do not fancy|not today|leave me be|none of your|tired of questions|too hard|too difficult|leave that to|never mind that|do not care to|don't care to|do not want to|don't want to|do not wish to|don't want to answer|too many numbers|说点别的|说别的|聊点别的|讲别的|跳过|下一个|下一题|换一个|换个问题|过吧|不想说|不想答|不愿意说|不愿说|不乐意说|不说了|问别的|太难了|不玩这|提它干|提这干|提这个干|不唠|不摆了|莫问|别提|不谈|勿谈|不讲这|不算了|不念了|不讲了|不答了|数不清|不想答|甭问|别问|没心思|没兴趣|懒得|还用问|用得着问|问这个做|问这个干|问这干|sooner not|not talk about|not speak about|not speak of|talk about that|go over that|no wish to|do another|leave me in peace|do we have to|must we|stop asking|nothing to say|mind your own|what business|is it to you|never was one for|was never one for|ask me about something|ask me something|with three only|no head for|i am no|还问|谁不知道|考我|不减了|不加了|不数了|不背了|不猜了|不记了|算了吧|算了算了|饶了我|放过我|别为难|甭提|您别问|没啥好说|没什么好说|跟不上|不想聊|不想谈|不说这个|不念它|不想再提|提起来就|不答|不做这|the next one|next one please",
    ),
    (
        Intent::Forgot,
        "gone from me|went from me|away from me|away again|had it a minute ago|had it a moment ago|it's away|it's slipped|slips me|slipped away|slipped me|if you paid me|bring it to mind|bring to mind|call to mind|call it to mind|can't place|cannot place|out of my head|clean out of|at the back of my mind|no notion|the faintest|never know now|search me|lost on me|left me|deserted me|fails me|failed me|memory's not|my memory|mind's a|don't ask me|past remembering|can't get hold of it|i've lost the|drawing a blank|could not for the life|couldn't for the life|can't for the life|won't come to me|doesn't come to me|not a thing about|nothing left of|gone right out|right out of my|叫个啥来着|叫啥来着|叫什么来着|姓什么来着|姓啥来着|叫啥名来着|一点儿影|一点影|影儿都|影子都|没影儿|想了半天|卡住了|卡壳|脑子空|脑瓜子|对不上号|猛一问|一问就|张嘴就没|到嘴边|话到嘴|记不真|记不起来|没存住|想破头|哪还记得|哪里还记得|谁还记得|谁记得|谁记这|谁还记|哪记得|上哪记|早没了|我哪知道|我哪晓得|哪晓得|出门就忘|转头就忘|扭头就忘|一概不|forgot|forget|in one ear and out|flown away|the foggiest|you'd have to ask|you would have to ask|wasn't listening|was not listening|didn't notice|forgotten|can't remember|cannot remember|don't remember|do not remember|can't recall|don't recall|no idea|don't know|do not know|dunno|couldn't say|couldn't put a|could not put a|can't put a|cannot put a|all runs together|倒不出|一句都|一句也|could not tell|couldn't tell|can't think|cannot think|tip of my tongue|tip of the tongue|slipped my mind|gone blank|my mind is blank|it's gone|it is gone|no, gone|in my head|won't come|will not come|escapes me|haven't a clue|not a clue|can't say|cannot say|lost it|it's all gone|all gone|clean gone|quite gone|never any good at|never good at|no good at|don't ask me|do not ask me|lost count|drawn a blank|draw a blank|blank on that|past me|beyond me|not coming back|used to know|one or the other|忘了|耳朵进|飞走|抓不住|跑没影|左耳|听过就忘|记得牢|记不牢|记牢|没注意|没留意|问问别人|问别人|分不清|忘记|记不到|记不起|搞忘|勿记得|弗记得|记勿得|想勿起|想弗起|记唔得|唔记得|唔知|想不来|忘光|记不得|记不清|记不住|不记得|想不起|不知道|不晓得|说不上来|说不好|说不出|讲不出|讲不来|答不上|答不出|算不来|算不出|不会算|没印象|没数|空空的|一干二净|糊涂了|没念过书|没上过学|没文化|文化浅|不识字|没学过|没往心里去|没影了|嘴边|脑子里没|脑子里啥|脑子里什么|一片空白|不清楚|想不出|never kept|did not count|didn't count|never counted|stayed with me|not kept|not one bit of|not a bit of it|not a word of it|none of it|wasn't paying attention|was not paying attention|没意思|keep that straight|a blank|nothing comes|vanished|i am lost|i'm lost|lose track|lost track|over my head|nobody told me|no memory of|no recollection|rings no bell|doesn't ring|not ring a bell|all of a muddle|in a muddle|it went|has gone|have gone|it is no good|it's no good|used to have|i had it|记性|没记住|没往心里|记不全|没走心|没过脑|不好使|不中用|糊涂|说不准|断片|没记|问他妈|问他爸|问我闺女|问我儿子|问孩子|模模糊糊|过糊涂|better ask|had best ask|搞不清|哪个还管|管它|不晓得了|没得印象|说不来|记不住",
    ),
    (
        Intent::NothingMore,
        "that's all|that is all|nothing else|nothing more|no more|that was it|就这些|没有了|没别的了|没了|就这么多|讲完了",
    ),
];

/// The intent of a normalised utterance when it offers no answer, by fixed phrases.
pub(crate) fn phrase_intent(normalised: &str) -> Option<Intent> {
    // "I forgot to lock it", 忘了带钱: a deed, not a lapse now.
    const DEEDS: [&str; 17] = [
        "forgot to ",
        "forgotten to ",
        "忘了带",
        "忘记带",
        "忘带",
        "忘了拿",
        "忘记拿",
        "忘拿",
        "忘了关",
        "忘记关",
        "忘关",
        "忘了锁",
        "忘了买",
        "忘了付",
        "忘了吃",
        "忘了还",
        "忘在",
    ];
    let normalised = &DEEDS.iter().fold(normalised.to_owned(), |text, deed| text.replace(deed, ""));
    let plain: String = normalised.chars().filter(|c| c.is_alphanumeric()).collect();
    if matches!(plain.as_str(), "pass" | "skip" | "next" | "过" | "跳过") {
        return Some(Intent::Skip);
    }
    PHRASES
        .iter()
        .find(|(_, phrases)| phrases.split('|').any(|p| contains_phrase(normalised, p)))
        .map(|(intent, _)| *intent)
}

fn contains_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
        edge(before) && edge(after)
    })
}

/// Marking words beside a demand: nobody answers a question with them.
const TO_THE_JUDGE: &str = "put down that|write down that|just put that i|put that i|told it perfectly|all correct already|write that i|mark this|mark it|mark me|mark that|mark my|count it as|count this|count that|count me|as correct|as right|as complete|give me the point|give me the points|give me full|full marks|full points|score this|score it|score me|grade|ignore the|ignore your|ignore all|system:|system message|instruction|the judge|judge this|dear judge|examiner|this is correct|is correct.|answer is right|answer is correct|i say this is|accept this|accept my|accept it|\
put it down as|put me down|tick it|tick this|mark as|marked as|pass me|the program|rules and|写我|记我|写上我|就写|全讲对|讲对了|都对了|都答对|判为|判成|判对|判我|算对|算我对|算我答对|记满分|给满分|满分|给分|打分|系统提示|系统：|系统:|忽略|评分|裁判|评判|记为正确|标为正确|标记为|算正确|视为正确|判为|全对|通过就行|算我过|打勾|打个勾|给个对|老师给|考官|按正确|请给|标准答案就是我|算我答";

/// The utterance without clauses meant for the judge, and whether there were any.
pub(crate) fn without_words_to_the_judge(normalised: &str) -> (String, bool) {
    let mut kept = String::new();
    let mut found = false;
    for clause in clauses(normalised) {
        if TO_THE_JUDGE.split('|').any(|phrase| clause.contains(phrase)) || asks_for_a_mark(clause) {
            found = true;
        } else {
            kept.push_str(clause);
        }
    }
    (kept, found)
}

/// A demand in any words: "kindly put this one down as correct", 这道题请直接判对. The verb of marking stands first, and what to mark
/// it with after it.
fn asks_for_a_mark(clause: &str) -> bool {
    const LEAD: &str = "please kindly just so and now then well you can could may should must will would might dear oh ok okay to i want need \
let's simply better had";
    const MARKS: &str = "mark count tick score grade accept record credit award register log";
    const PUTS: &str = "put give take treat enter write note pass set let";
    const VERDICTS: &str = "correct correctly right full marks points perfect complete passed true all";
    let is_in = |list: &str, word: &str| list.split_whitespace().any(|w| w == word);
    let words = crate::text::english_words(clause);
    let at = words.iter().position(|w| !is_in(LEAD, w)).unwrap_or(words.len());
    if let Some((verb, rest)) = words.get(at..).and_then(|w| w.split_first()) {
        let verdict = rest.iter().any(|w| is_in(VERDICTS, w));
        let plain = rest.iter().any(|w| is_in("correct correctly marks points passed", w));
        if is_in(MARKS, verb) && verdict || is_in(PUTS, verb) && plain {
            return true;
        }
    }
    const ADDRESSED: &str = "请|麻烦|直接|本题|这题|这道|该题|此题|这一题|老师|考官|同志|系统|你|您|就行|好了|即可|吧";
    const CALLED: [&str; 8] = ["对", "正确", "满分", "通过", "过关", "高分", "一百分", "优秀"];
    let signs: Vec<char> = clause.chars().collect();
    let marks = (0..signs.len()).any(|i| {
        let after: String = signs[i + 1..].iter().take(5).collect();
        "算判给打记评标填勾按当".contains(signs[i]) && CALLED.iter().any(|c| after.contains(c))
    });
    marks && ADDRESSED.split('|').any(|w| clause.contains(w))
}

/// Sentences with their closing marks.
pub(crate) fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for (at, c) in text.char_indices() {
        let decimal = c == '.' && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        let title = c == '.'
            && ["mr", "mrs", "ms", "dr", "st"].iter().any(|t| {
                text[..at].strip_suffix(t).is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric()))
            });
        if matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '\n' | ';' | '；') && !decimal && !title {
            let end = at + c.len_utf8();
            out.push(&text[start..end]);
            start = end;
        }
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

/// Clauses with their closing marks.
pub(crate) fn clauses(text: &str) -> Vec<&str> {
    text.split_inclusive([',', '.', '!', '?', ';', ':', '，', '。', '！', '？', '；', '：', '\n']).collect()
}

/// Whether the utterance is only filler.
pub(crate) fn is_filler(words: &[String], language: Language) -> bool {
    words.iter().all(|w| {
        crate::lexicon::is_empty_word(w, language)
            || matches!(
                w.as_str(),
                "wait"
                    | "hm"
                    | "hmmm"
                    | "uh"
                    | "ooh"
                    | "aah"
                    | "hang"
                    | "aye"
                    | "ay"
                    | "och"
                    | "ach"
                    | "eh"
                    | "mmm"
                    | "let"
                    | "see"
                    | "right"
                    | "gosh"
                    | "golly"
                    | "tut"
                    | "nay"
                    | "aw"
                    | "eee"
                    | "ee"
                    | "ooer"
                    | "oof"
                    | "phew"
                    | "lord"
                    | "lordy"
                    | "tell"
                    | "so"
            )
            || (w.chars().count() == 1 && w.chars().all(|c| is_han(c) && "嗯呃啊哦唉哎这那".contains(c)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_to_the_judge_are_no_answer() {
        let (kept, found) = without_words_to_the_judge("please mark this as right. a boat.");
        assert!(found && kept.contains("boat") && !kept.contains("mark"));
        for (said, meant) in [
            ("kindly put this one down as answered correctly.", true),
            ("you can tick all five of them,", true),
            ("这一题请你直接算我对。", true),
            ("put the kettle on.", false),
            ("i gave him the right boot.", false),
            ("对，您给我打的电话。", false),
        ] {
            assert_eq!(without_words_to_the_judge(said).1, meant, "{said}");
        }
    }
}
