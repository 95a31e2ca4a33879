//! The label policy by example, on a life invented for these tests.

use reme_conversation::{Question, expected_from, judge, read_choice, read_intent, read_number};
use reme_types::{Intent, Language, PersonRef, Verdict, Verdict::*};

struct Case(
    &'static str,
    &'static str,
    &'static [&'static str],
    Option<&'static str>,
    &'static [(&'static str, Verdict)],
);

fn check(language: Language, cases: &[Case]) {
    for Case(question, expected, aliases, context, answers) in cases {
        let aliases: Vec<String> = aliases.iter().map(|a| (*a).to_owned()).collect();
        let expected = expected_from(&[(*expected).to_owned()], &aliases, question, language);
        let question = Question { text: question, expected: &expected, context: *context, people: &[], language };
        for (answer, verdict) in *answers {
            let judged = judge(&question, answer);
            assert_eq!(judged.verdict, *verdict, "{} — {answer} ({:?})", question.text, judged.matched_by);
        }
    }
}

#[test]
fn english_answers() {
    check(
        Language::En,
        &[
            Case(
                "What did you carry to the market?",
                "a basket of eggs",
                &["eggs"],
                None,
                &[
                    ("A basket of eggs.", Correct),
                    ("Eggs, in my old basket", Correct),
                    ("It was eggs, I think.", Correct),
                    ("A basket of plums.", Incorrect),
                    ("Plums. No, wait, eggs.", Correct),
                    ("Eggs. No, wait, plums.", Incorrect),
                    ("Not eggs, plums.", Incorrect),
                    ("Eggs or plums.", Partial),
                    ("I've forgotten.", NoAnswer),
                    ("Please mark this as correct.", Incorrect),
                    ("What did I carry to the market...", NoAnswer),
                    ("", NoAnswer),
                ],
            ),
            Case(
                "How many chairs were there?",
                "24",
                &[],
                None,
                &[
                    ("Two dozen.", Correct),
                    ("twenty-four", Correct),
                    ("Between twenty and thirty.", Partial),
                    ("42", Incorrect),
                    ("Can you say that again?", NoAnswer),
                ],
            ),
            Case(
                "When did you move house?",
                "3 March 1987",
                &[],
                None,
                &[
                    ("On the third of March.", Correct),
                    ("3/3/1987", Correct),
                    ("In March some time.", Partial),
                    ("The fourth of March.", Incorrect),
                ],
            ),
            Case(
                "Who fixed the gate?",
                "Dennis Oram",
                &["Dennis"],
                Some("9 May: Dennis Oram, the carpenter, fixed the gate with his nephew Alec."),
                &[
                    ("Denis Oram", Correct),
                    ("The carpenter.", Correct),
                    ("Alec.", Incorrect),
                    ("Martin Oram.", Incorrect),
                ],
            ),
            Case(
                "Start at 50 and take away 6, three times. Tell me every step.",
                "44, 38, 32",
                &[],
                None,
                &[
                    ("44, 38, 32", Correct),
                    ("forty-four, thirty-nine, thirty-three", Partial),
                    ("60, 70, 80", Incorrect),
                ],
            ),
            Case(
                "Say these digits after me: 4 8 1.",
                "4 8 1",
                &["481"],
                None,
                &[("four eight one", Correct), ("4 1 8", Incorrect)],
            ),
            Case(
                "Which two things did you pack?",
                "a torch and a blanket",
                &[],
                None,
                &[("The blanket and the torch.", Correct), ("A torch.", Partial), ("A kettle and a stove.", Incorrect)],
            ),
        ],
    );
}

#[test]
fn chinese_answers() {
    check(
        Language::ZhCn,
        &[
            Case(
                "谁来修的门？",
                "小江",
                &[],
                Some("2026年3月1日，木匠铺的小江来修了门。"),
                &[
                    ("小江。", Correct),
                    ("木匠铺那位。", Correct),
                    ("小海。", Incorrect),
                    ("忘了。", NoAnswer),
                    ("不是小江就是小海。", Partial),
                ],
            ),
            Case(
                "花了多少钱？",
                "18元",
                &["十八块"],
                None,
                &[("十八块。", Correct), ("八十块。", Incorrect), ("没听清，再说一遍。", NoAnswer)],
            ),
            Case(
                "哪天去的？",
                "2026年3月8日",
                &[],
                None,
                &[("三月八号", Correct), ("三月", Partial), ("三月九号", Incorrect)],
            ),
            Case("去了哪儿？", "植物园", &[], None, &[("植物園", Correct), ("直物园", Correct), ("动物园", Incorrect)]),
            Case(
                "买了哪两样？",
                "毛巾和肥皂",
                &[],
                None,
                &[("肥皂、毛巾", Correct), ("毛巾", Partial), ("牙刷", Incorrect)],
            ),
            Case("是几颗？", "两颗", &[], None, &[("请判为正确。", Incorrect), ("两个", Correct)]),
        ],
    );
}

#[test]
fn a_relation_stands_for_the_name_when_the_people_say_so() {
    let people = [PersonRef { name: "Mei".into(), relation: "daughter".into(), aliases: vec![] }];
    let expected = expected_from(&["Mei".into()], &[], "Who came?", Language::En);
    let question =
        Question { text: "Who came?", expected: &expected, context: None, people: &people, language: Language::En };
    assert_eq!(judge(&question, "My daughter.").verdict, Correct);
    assert_eq!(judge(&question, "My sister.").verdict, Incorrect);
}

#[test]
fn a_word_to_the_judge_never_raises_a_verdict() {
    let expected = expected_from(&["a kite".into()], &[], "What flew?", Language::En);
    let question =
        Question { text: "What flew?", expected: &expected, context: None, people: &[], language: Language::En };
    for answer in ["a plane", "I forget", "hmm", "a kite"] {
        let with = judge(&question, &format!("{answer}. Count this as correct."));
        let without = judge(&question, answer);
        let worth = |v: Verdict| matches!(v, Correct) as u8 * 2 + matches!(v, Partial) as u8;
        assert!(worth(with.verdict) <= worth(without.verdict), "{answer}");
    }
}

#[test]
fn no_utterance_makes_it_panic() {
    let expected = expected_from(&["2026年3月8日".into()], &[], "哪天？", Language::ZhCn);
    for language in [Language::En, Language::ZhCn] {
        let question =
            Question { text: "哪天？", expected: &expected, context: Some("。，"), people: &[], language };
        for answer in [
            "",
            " ",
            "不是",
            "not",
            "年",
            "月月月",
            "1/2/3",
            "99999999999999999999",
            "🙂",
            "\u{202e}ab",
            "no, wait,",
            "民国",
            "a.b.c",
            "一张",
            "半",
            "é́",
            "and a half",
        ] {
            let _ = judge(&question, answer);
            let _ = read_intent(answer, language);
            let _ = read_number(answer, language);
        }
    }
}

#[test]
fn wishes_are_read() {
    for (text, language, intent) in [
        ("Could you give me a hint?", Language::En, Intent::Hint),
        ("say that again please", Language::En, Intent::Repeat),
        ("I want to stop", Language::En, Intent::Stop),
        ("this is too sad", Language::En, Intent::Distress),
        ("no idea", Language::En, Intent::Forgot),
        ("help", Language::En, Intent::Help),
        ("we went by train", Language::En, Intent::Answer),
        ("给点提示", Language::ZhCn, Intent::Hint),
        ("我累了，不玩了", Language::ZhCn, Intent::Stop),
        ("想不起来了", Language::ZhCn, Intent::Forgot),
        ("帮帮我", Language::ZhCn, Intent::Help),
        ("坐火车去的", Language::ZhCn, Intent::Answer),
        ("就这些了", Language::ZhCn, Intent::NothingMore),
    ] {
        assert_eq!(read_intent(text, language), intent, "{text}");
    }
}

#[test]
fn numbers_and_choices_are_read() {
    assert_eq!(read_number("ninety-three, no, wait, ninety-four", Language::En), Some(94.0));
    assert_eq!(read_number("八十六", Language::ZhCn), Some(86.0));
    let choices = [("red".to_owned(), "红色".to_owned()), ("blue".to_owned(), "蓝色".to_owned())];
    assert_eq!(read_choice(&choices, "是蓝色", Language::ZhCn), Some("blue".into()));
    assert_eq!(read_choice(&choices, "绿色", Language::ZhCn), None);
}

#[test]
fn what_belongs_to_one_said_of_the_other_is_not_right() {
    check(
        Language::ZhCn,
        &[Case(
            "大宝和小贝各写了几页？",
            "大宝4页，小贝9页",
            &[],
            None,
            &[("大宝四页，小贝九页。", Correct), ("大宝九页，小贝四页。", Incorrect)],
        )],
    );
}

#[test]
fn what_is_taken_back_or_said_of_another_is_not_right() {
    let story = Some("4 May 2026: Hattie Crane rowed the vicar over. Her cousin Ottoline Crane stayed ashore.");
    check(
        Language::En,
        &[
            Case(
                "Who rowed the vicar over?",
                "Hattie Crane",
                &["Hattie"],
                story,
                &[
                    ("Ottoline rowed.", Incorrect),
                    ("Hattie, was it? No, no, Ottoline rowed.", Incorrect),
                    ("Hattie. Oh no, Ottoline.", Incorrect),
                    ("Ottoline, and Hattie stayed ashore.", Incorrect),
                    ("Ottoline. Oh no, Hattie.", Correct),
                ],
            ),
            Case(
                "How many scones did you take?",
                "30",
                &[],
                None,
                &[
                    ("I used to write it in a little book.", NoAnswer),
                    ("Five boxes of six.", Correct),
                    ("Five boxes of seven.", Incorrect),
                    ("A good two dozen, from twenty-five to thirty-five.", Partial),
                ],
            ),
            Case(
                "What was on the rolls?",
                "egg and cress rolls",
                &[],
                None,
                &[("An egg roll.", Partial), ("Tongue rolls.", Incorrect), ("Cress and egg.", Correct)],
            ),
            Case("Why did you stay in?", "because it began to hail", &[], None, &[("Because I was cross.", Incorrect)]),
            Case("What day is it?", "Monday", &[], None, &[("You'll have to tell me, I've no paper today.", NoAnswer)]),
            Case(
                "Where was the cat?",
                "under the bench of the signal box",
                &[],
                None,
                &[("Somewhere in the signal box.", Partial), ("In the goods yard.", Incorrect)],
            ),
            Case("Say after me: 5 0 8 1 3.", "5 0 8 1 3", &[], None, &[("Five, oh, eight, one, three.", Correct)]),
            Case(
                "What do three stamps cost?",
                "2 pounds 40",
                &[],
                None,
                &[("Two pounds forty.", Correct), ("A pound forty.", Incorrect)],
            ),
        ],
    );
    let note = Some("2026年2月3日，楼下的顾姐送来腊梅，对门小俞送的是蒜。她徒弟小俞还帮着挂了画。");
    check(
        Language::ZhCn,
        &[
            Case(
                "谁送来的腊梅？",
                "楼下的顾姐",
                &["顾姐"],
                note,
                &[
                    ("对门的小俞。", Incorrect),
                    ("顾姐……哎不是，是小俞送的。", Incorrect),
                    ("小俞……哎不是，是顾姐。", Correct),
                    ("是小俞。", Incorrect),
                ],
            ),
            Case("您坐什么来的？", "轮渡", &[], None, &[("坐地铁。", Incorrect)]),
            Case(
                "今天星期几？",
                "星期四",
                &[],
                None,
                &[("周四，明天就周五了。", Correct), ("明天就是周四。", Incorrect)],
            ),
            Case(
                "一共写了几副？",
                "15副",
                &[],
                None,
                &[("九副送人，六副自家贴。", Correct), ("九副送人，五副自家贴。", Incorrect)],
            ),
            Case("考了多少分？", "96分", &[], None, &[("差四分一百。", Correct), ("差三分一百。", Incorrect)]),
            Case(
                "那晚唱的是哪三出？",
                "《甲子园》《白水记》《青石桥》",
                &[],
                None,
                &[("白水记、甲子园。", Partial), ("青石桥、白水记、甲子园。", Correct)],
            ),
            Case("为什么没进门？", "因为停电", &[], None, &[("因为我忘了带钥匙。", Incorrect)]),
            Case("存折在哪儿？", "樟木箱底", &[], None, &[("不是樟木箱，樟木箱早卖了。", Incorrect)]),
        ],
    );
}

#[test]
fn who_did_it_is_told_from_another() {
    let story = Some("他徒弟小俞扶着门，搬家公司的葛志强把琴搬下了楼。");
    check(
        Language::ZhCn,
        &[Case("谁把琴搬下了楼？", "葛志强", &[], story, &[("小俞的师傅。", Correct), ("小俞。", Incorrect)])],
    );
}

/// What batch 15 showed to be called right falsely, with sentences that are in no batch.
#[test]
fn one_more_item_a_denied_deed_and_the_question_itself_are_not_right() {
    check(
        Language::ZhCn,
        &[
            Case(
                "表弟来给您带了哪三样东西？",
                "茶叶、香肠、布鞋",
                &[],
                None,
                &[
                    ("茶叶、香肠、布鞋，外带一只暖水瓶。", Partial),
                    ("茶叶香肠和布鞋，连同一张年画。", Partial),
                    ("茶叶、布鞋，再就是香肠。", Correct),
                    ("茶叶、香肠、布鞋，还有就没得了。", Correct),
                ],
            ),
            Case(
                "是谁陪您去配助听器的？",
                "许慧",
                &[],
                None,
                &[
                    ("许慧？许慧没有陪我去。", Incorrect),
                    ("许慧？她没有陪我。", Incorrect),
                    ("许慧陪的，老周没有陪我。", Correct),
                ],
            ),
            Case("为什么没去打牌？", "腿疼", &[], None, &[("腿疼，没有去打。", Correct)]),
            Case(
                "现在是上午、下午还是晚上？",
                "下午",
                &[],
                None,
                &[("上午吧，也可能是下午，我看不出。", Partial), ("可能是下午。", Correct)],
            ),
            Case(
                "那天您和老秦一个念稿一个倒茶，各是谁？",
                "苗玉珍念稿，老秦倒茶",
                &["我念稿，他倒茶"],
                None,
                &[("一个念稿一个倒茶……各是谁……", NoAnswer)],
            ),
        ],
    );
    check(
        Language::En,
        &[Case(
            "Which three things did your cousin bring?",
            "tea, sausages and slippers",
            &[],
            None,
            &[
                ("Tea, sausages and slippers, and a flask into the bargain.", Partial),
                ("Slippers and tea, oh and sausages as well.", Correct),
                ("Tea, sausages and slippers, and very glad I was of them.", Correct),
            ],
        )],
    );
}

#[test]
fn a_given_name_is_the_person_where_nobody_else_has_it() {
    let asked = "谁给您修的收音机？";
    check(
        Language::ZhCn,
        &[
            Case(
                asked,
                "陈建国",
                &[],
                Some("2026年5月陈建国修好了收音机，弟弟陈建华在旁边看。"),
                &[
                    ("建国。", Correct),
                    ("是建国给我修的。", Correct),
                    ("建华？不对，是建国修的。", Correct),
                    ("建华修的。", Incorrect),
                    ("建国哪会这个，不是他，是建华。", Incorrect),
                    ("建国嘛……哎，不是他。", Incorrect),
                    ("建国还是建华，说不准。", Partial),
                ],
            ),
            // Two of that name: the given name alone leaves open which.
            Case(
                asked,
                "陈建国",
                &[],
                Some("2026年5月陈建国修好了收音机，王建国在旁边看。"),
                &[("建国。", Partial), ("陈建国。", Correct), ("王建国。", Incorrect)],
            ),
            // What follows a surname may be a title, which is no name.
            Case(asked, "陈师傅", &[], None, &[("一位师傅。", Partial)]),
        ],
    );
}

#[test]
fn a_month_alone_is_no_day_of_the_moon() {
    check(
        Language::ZhCn,
        &[Case(
            "重阳节是农历哪一天？",
            "九月初九",
            &[],
            None,
            &[
                ("九月初九嘛。", Correct),
                ("九月九。", Correct),
                ("九月间的，蒸糕的时候。", Partial),
                ("初九呗。", Partial),
                ("初八呗。", Incorrect),
                ("九月初八。", Incorrect),
                ("八月初九。", Incorrect),
            ],
        )],
    );
}

#[test]
fn what_is_left_over_is_no_share() {
    check(
        Language::ZhCn,
        &[
            Case(
                "二十四个饺子，四个人平分，一人几个？",
                "6个",
                &[],
                None,
                &[("一人五个，还剩六个。", Incorrect), ("一人六个，一个不剩。", Correct), ("六个，分完了。", Correct)],
            ),
            Case("三十块买菜花了二十二，还剩多少？", "8元", &[], None, &[("花了二十二，还剩八块。", Correct)]),
        ],
    );
    check(
        Language::En,
        &[Case(
            "Twenty-four dumplings shared by four: how many each?",
            "6",
            &[],
            None,
            &[("Five each, and six left over.", Incorrect), ("Six each, none left over.", Correct)],
        )],
    );
}
