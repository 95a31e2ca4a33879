//! How often the model's wording of a line passes the leak check and the grounding check, on 50 acts in each language:
//! `cargo run -p reme --example wordings -- MODEL.gguf [en|zh-CN]`. The numbers stand in docs/decisions/0003-lm-runtime.md.
#![allow(clippy::disallowed_methods, reason = "a measuring tool reads the clock")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use jiff::{Timestamp, tz::TimeZone};
use reme::{Budget, CancelToken, LanguageModel, LanguageModelOptions};
use reme_conversation::Phraser;
use reme_types::{Act, ActKind, FixedClock, Language, LineOrigin};

/// What was recalled, put into the lines with `{}`.
const EN_ANSWERS: [&str; 4] = ["a walk by the canal", "your cousin Bea", "three jars of honey", "in the old mill"];
const EN: [(ActKind, &str); 35] = [
    (ActKind::Confirm, "Yes, that is right: {}."),
    (ActKind::Confirm, "Yes, {}."),
    (ActKind::Confirm, "That is it: {}."),
    (ActKind::Confirm, "Yes: {}. All of that is right."),
    (ActKind::Confirm, "Yes, that is part of it: {}."),
    (ActKind::Confirm, "Yes, that is right."),
    (ActKind::Confirm, "So this is what you told me: a walk by the canal, and honey. That is good to have."),
    (ActKind::Open, "I would like to hear about your own life today."),
    (ActKind::Open, "Hello, it is good to see you."),
    (ActKind::Open, "Now something else: sums in your head."),
    (ActKind::Open, "Today we talk a little and play a little."),
    (ActKind::Open, "Let us begin whenever you are ready."),
    (ActKind::Encourage, "Thank you for telling me."),
    (ActKind::Encourage, "Please do. I am listening."),
    (ActKind::Encourage, "That is quite all right."),
    (ActKind::Encourage, "Never mind. We have time."),
    (ActKind::Encourage, "That is fine. Let us look at it together."),
    (ActKind::Encourage, "Thank you. Let me help you a little."),
    (ActKind::Encourage, "I see. Here is a little more."),
    (ActKind::Encourage, "Take all the time you need."),
    (ActKind::Encourage, "You are doing well."),
    (ActKind::Encourage, "Of course. We leave that one."),
    (ActKind::Encourage, "That is fine. I keep it for both of us."),
    (ActKind::AnythingElse, "Does anything else come back to you?"),
    (ActKind::AnythingElse, "Is there more you would like to tell?"),
    (ActKind::AnythingElse, "And what else?"),
    (ActKind::Close, "That is all for today. Thank you for your time."),
    (ActKind::Close, "You brought good things back today. Thank you for sharing them with me."),
    (ActKind::Close, "Thank you for talking with me."),
    (ActKind::Close, "It was good to have this time together."),
    (ActKind::Close, "Of course. We stop here."),
    (ActKind::Close, "We can go on another day."),
    (ActKind::Close, "That was the last sum. Well done."),
    (ActKind::Close, "Have a lovely day."),
    (ActKind::Close, "Your answers are kept."),
];
const ZH_ANSWERS: [&str; 4] = ["在运河边散步", "您的表妹小贝", "三罐蜂蜜", "老磨坊"];
const ZH: [(ActKind, &str); 35] = [
    (ActKind::Confirm, "对，是{}。"),
    (ActKind::Confirm, "没错，就是{}。"),
    (ActKind::Confirm, "嗯，是{}。"),
    (ActKind::Confirm, "对，{}，都说对了。"),
    (ActKind::Confirm, "对，有{}。"),
    (ActKind::Confirm, "对，您说得对。"),
    (ActKind::Confirm, "您跟我说了这些：在运河边散步，还有蜂蜜。真好。"),
    (ActKind::Open, "今天想听您讲讲自己的事。"),
    (ActKind::Open, "您好！很高兴见到您。"),
    (ActKind::Open, "接下来换一个：心算。"),
    (ActKind::Open, "今天咱们聊一会儿，再玩一会儿。"),
    (ActKind::Open, "您准备好了，咱们就开始。"),
    (ActKind::Encourage, "谢谢您告诉我。"),
    (ActKind::Encourage, "好，您慢慢说，我听着呢。"),
    (ActKind::Encourage, "没关系，慢慢来。"),
    (ActKind::Encourage, "不要紧，咱们有的是时间。"),
    (ActKind::Encourage, "不着急，我陪您一起想。"),
    (ActKind::Encourage, "谢谢您。我来提醒您一点儿。"),
    (ActKind::Encourage, "好，我再给您提一点儿。"),
    (ActKind::Encourage, "不着急，您慢慢想。"),
    (ActKind::Encourage, "您做得很好。"),
    (ActKind::Encourage, "好的，这个咱们不问了。"),
    (ActKind::Encourage, "没关系，我替您记着。"),
    (ActKind::AnythingElse, "您还想起别的了吗？"),
    (ActKind::AnythingElse, "您还想再说点什么吗？"),
    (ActKind::AnythingElse, "还有呢？"),
    (ActKind::Close, "今天就到这里。谢谢您。"),
    (ActKind::Close, "今天您想起了不少事。谢谢您讲给我听。"),
    (ActKind::Close, "谢谢您陪我聊天。"),
    (ActKind::Close, "跟您聊聊真好。"),
    (ActKind::Close, "好的，咱们就到这儿。"),
    (ActKind::Close, "改天咱们再接着来。"),
    (ActKind::Close, "最后一道算完了，真棒。"),
    (ActKind::Close, "祝您今天过得愉快。"),
    (ActKind::Close, "您的回答都留着呢。"),
];

/// (kind, plain line, what fills its gap): those with a gap once for each answer, 50 in all.
fn lines(language: Language) -> Vec<(ActKind, String, &'static str)> {
    let (forms, answers): (&[(ActKind, &str)], _) = match language {
        Language::En => (&EN, EN_ANSWERS),
        Language::ZhCn => (&ZH, ZH_ANSWERS),
    };
    let gap = |form: &(ActKind, &str)| -> Vec<_> {
        let fills: &[&'static str] = if form.1.contains("{}") { &answers } else { &[""] };
        fills.iter().map(|fill| (form.0, form.1.replace("{}", fill), *fill)).collect()
    };
    forms.iter().flat_map(gap).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let path = args.get(1).ok_or("say which model file: wordings MODEL.gguf [en|zh-CN]")?;
    let languages = match args.get(2).map(String::as_str) {
        Some("en") => vec![Language::En],
        Some("zh-CN") => vec![Language::ZhCn],
        _ => vec![Language::En, Language::ZhCn],
    };
    let clock = Arc::new(FixedClock { now: Timestamp::UNIX_EPOCH, time_zone: TimeZone::UTC });
    let model = LanguageModel::open(path.as_ref(), LanguageModelOptions::default(), clock)?;
    for language in languages {
        let hidden = match language {
            Language::En => "a green rowing boat",
            Language::ZhCn => "绿色的小木船",
        };
        let phraser = Phraser::new(language, "line = { $text }\n")?;
        let lines = lines(language);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let start = Instant::now();
        for (kind, plain, fill) in &lines {
            let act = Act {
                kind: *kind,
                message: "line".into(),
                args: BTreeMap::from([("text".to_owned(), plain.as_str().into())]),
                hidden: vec![hidden.into()],
                grounds: vec![],
            };
            let budget = Budget { max_ms: u64::MAX, ..Budget::LINE };
            let wording = model.reword(plain, &[fill], language, budget, &CancelToken::new());
            let mut once = Once(wording.clone());
            let line = phraser.say(&act, Some(&mut once))?;
            let verdict = match (wording.is_some(), line.origin) {
                (false, _) => "no new wording",
                (_, LineOrigin::Model) => "passes",
                (_, LineOrigin::LeakReplaced) => "leaks",
                (_, _) => "not grounded",
            };
            *counts.entry(verdict).or_default() += 1;
            println!("{verdict:14} {plain} | {}", wording.unwrap_or_default());
        }
        let each = start.elapsed().as_secs_f64() / lines.len() as f64;
        println!("{language}: {counts:?} of {}; {each:.2} s a line; {:?}\n", lines.len(), model.usage());
    }
    Ok(())
}

/// Hands out one wording.
struct Once(Option<String>);

impl reme_conversation::Rephrase for Once {
    fn rephrase(&mut self, _: &str, _: &Act, _: Language) -> Option<String> {
        self.0.take()
    }
}
