//! What the language model is told, in each language. Short, because small models follow examples better than rules.
//!
//! In the flow: read by `language_model` only. Instructions and examples come first and never change, so that they stay in
//! the cache; what is new comes last. No prompt ever holds an answer the patient has not recalled.

use reme_lm::ChatMessage;
use reme_types::Language;

/// Another wording of `plain`.
pub(crate) fn wording(language: Language, plain: &str) -> Vec<ChatMessage> {
    let (rule, examples): (_, &[(&str, &str)]) = match language {
        Language::En => (
            "You say a short line again in other kind words. Same meaning, nothing new, no question. Write one short line.",
            &[
                ("Thank you for telling me.", "Thank you, it is good to hear that."),
                ("Yes, that is right: the red kite.", "Yes, right, the red kite. Well done."),
                ("We stop here for today.", "That is fine, we stop here today."),
                ("Take your time.", "Please take all your time."),
            ],
        ),
        Language::ZhCn => (
            "把一句话换个亲切的说法。意思不变，不加新内容，不提问，只写一句短话。",
            &[
                ("谢谢您告诉我。", "谢谢您，真好。"),
                ("对，是红色的风筝。", "对，是红色的风筝，真棒。"),
                ("咱们今天就到这里。", "好，今天就到这里。"),
                ("您慢慢想。", "不着急，您慢慢想。"),
            ],
        ),
    };
    turns(rule, examples, plain.to_owned())
}

/// Details of `note` worth asking about.
pub(crate) fn facts(language: Language, note: &str) -> Vec<ChatMessage> {
    let (rule, examples): (_, &[(&str, &str)]) = match language {
        Language::En => (
            "You read a note about a day and write questions about it as JSON. Each answer is copied from the note, a few words long. The question must not hold the answer.",
            &[(
                "We took the ferry to the island with Oskar and ate smoked fish on the pier.",
                r#"{"facts": [{"kind": "person", "question": "Who came along to the island?", "answer": "Oskar"}, {"kind": "food", "question": "What did you eat there?", "answer": "smoked fish"}, {"kind": "place", "question": "Where did you eat?", "answer": "on the pier"}]}"#,
            )],
        ),
        Language::ZhCn => (
            "读一段关于某一天的话，用 JSON 写出可以问的问题。每个答案都从原文照抄，只要几个字。问题里不能有答案。",
            &[(
                "我们和老吴坐船去岛上，在码头吃了熏鱼。",
                r#"{"facts": [{"kind": "person", "question": "谁和您一起去的岛上？", "answer": "老吴"}, {"kind": "food", "question": "在那里吃了什么？", "answer": "熏鱼"}, {"kind": "place", "question": "在哪里吃的？", "answer": "码头"}]}"#,
            )],
        ),
    };
    turns(rule, examples, note.to_owned())
}

/// A sentence about the photo that goes with it.
pub(crate) fn caption(language: Language) -> &'static str {
    match language {
        Language::En => {
            "Describe this photo in one or two short plain sentences: what is there, what is being done, where. Name nobody."
        }
        Language::ZhCn => "请用中文，用一两句简短的话描述这张照片：有什么，在做什么，在哪里。不要说出任何人的名字。",
    }
}

/// Whether `answer` means the same as `expected`.
pub(crate) fn reading(language: Language, question: &str, expected: &str, answer: &str) -> Vec<ChatMessage> {
    let ask = |question: &str, expected: &str, answer: &str| match language {
        Language::En => format!("Question: {question}\nRight answer: {expected}\nSaid: {answer}"),
        Language::ZhCn => format!("问题：{question}\n正确答案：{expected}\n说的是：{answer}"),
    };
    let [yes, no] = yes_no(language);
    let (rule, examples) = match language {
        Language::En => (
            "Say yes when what was said means the same as the right answer, else no.",
            [
                ("What did you ride?", "a bicycle", "my old bike", yes),
                ("Where was it?", "at the lake", "in a shop", no),
            ],
        ),
        Language::ZhCn => (
            "说的和正确答案意思一样就答是，不一样就答否。",
            [("您骑的是什么？", "自行车", "我那辆单车", yes), ("在哪里？", "湖边", "商店里", no)],
        ),
    };
    let examples = examples.map(|(q, e, a, verdict)| (ask(q, e, a), verdict));
    let examples: Vec<(&str, &str)> = examples.iter().map(|(ask, verdict)| (ask.as_str(), *verdict)).collect();
    turns(rule, &examples, ask(question, expected, answer))
}

/// The words for yes and no.
pub(crate) fn yes_no(language: Language) -> [&'static str; 2] {
    match language {
        Language::En => ["yes", "no"],
        Language::ZhCn => ["是", "否"],
    }
}

fn turns(rule: &str, examples: &[(&str, &str)], ask: String) -> Vec<ChatMessage> {
    let mut messages = vec![ChatMessage::system(rule)];
    for (said, answered) in examples {
        messages.push(ChatMessage::user(*said));
        messages.push(ChatMessage::assistant(*answered));
    }
    messages.push(ChatMessage::user(ask));
    messages
}
