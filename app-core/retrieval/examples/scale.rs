//! How search grows with the log: `cargo run --release -p reme-retrieval --example scale -- [MODEL] [COUNT…]`.
//!
//! Notes are made from a seed, in English and in Chinese, with few people, places and verbs, so that the words of a question are common:
//! the hard case. MODEL is use-m3.safetensors; with it every note has a vector (the fillers' are those of 2,000 notes really
//! read) and questions in other words are asked as well.

#![allow(clippy::disallowed_methods, reason = "an example measures time; nothing else in the crate reads a clock")]

use std::time::Instant;

use jiff::{ToSpan, civil::date};
use reme_embedding::Embedder;
use reme_retrieval::{Corpus, Doc, Query, Vector};
use reme_types::{Language, MemoryKind};

/// Notes with a word no other has, and as many questions for them.
const PLANTED: usize = 50;
/// Notes whose vectors stand for the fillers'.
const POOL: usize = 2_000;

/// The words notes and questions of one language are made of.
struct Words {
    language: Language,
    people: [&'static str; 8],
    places: [&'static str; 8],
    deeds: [&'static str; 8],
    things: [&'static str; 12],
    weather: [&'static str; 5],
    /// A note that is told once, and a question for it in other words.
    told_once: [(&'static str, &'static str); 8],
}

const ENGLISH: Words = Words {
    language: Language::En,
    people: ["Hanna", "Olive", "Bernard", "Suki", "Matteo", "Cyril", "Priya", "Walter"],
    places: ["harbour", "market hall", "allotments", "chapel", "library", "ferry", "orchard", "bowling green"],
    deeds: ["bought", "mended", "carried", "painted", "planted", "lost", "borrowed", "washed"],
    things: [
        "a kettle",
        "two chairs",
        "the wheelbarrow",
        "some plums",
        "a jigsaw",
        "the radio",
        "a scarf",
        "three loaves",
        "the ladder",
        "an atlas",
        "the bicycle",
        "a clock",
    ],
    weather: ["It rained.", "The sun was out.", "A cold wind blew.", "It was warm.", "Fog till noon."],
    told_once: [
        ("The heart doctor listened for a long time and said all was well.", "What did the cardiologist tell me?"),
        ("Our cat Muffin had to be put to sleep.", "Which pet of mine passed away?"),
        ("The lift stuck between two floors with me in it.", "When was I trapped in the elevator?"),
        ("Sister Ruth gave me the flu jab.", "Who vaccinated me against influenza?"),
        ("Locked myself out and climbed in at the window.", "How did I enter the house without a key?"),
        ("Won a tin of salmon on the tombola.", "What prize did I get in the lottery?"),
        ("My brother rang from Canada on a bad line.", "Which relative telephoned from overseas?"),
        ("The mice had got at the wedding album.", "What damaged the photographs of our marriage?"),
    ],
};

const CHINESE: Words = Words {
    language: Language::ZhCn,
    people: ["汉娜", "老葛", "秀兰", "建军", "桂珍", "阿贵", "淑英", "小军"],
    places: ["码头", "菜场", "菜园", "教堂", "图书馆", "渡口", "果园", "活动室"],
    deeds: ["买了", "修了", "搬了", "漆了", "种了", "丢了", "借了", "洗了"],
    things: [
        "一把水壶",
        "两把椅子",
        "小推车",
        "一篮李子",
        "一副拼图",
        "收音机",
        "一条围巾",
        "三个面包",
        "梯子",
        "一本地图",
        "自行车",
        "一只钟",
    ],
    weather: ["下雨了。", "出太阳了。", "风很冷。", "天很暖和。", "雾到中午才散。"],
    told_once: [
        ("心内科大夫听了很久，说都好。", "心脏检查的结果怎么样？"),
        ("家里的老猫咪咪没了。", "我养的宠物什么时候死的？"),
        ("电梯卡在两层楼当中，我在里头。", "我什么时候被困在升降机里？"),
        ("方护士给我打的流感针。", "谁给我接种的疫苗？"),
        ("没带钥匙，从窗户爬进去的。", "忘了钥匙那次我是怎么进屋的？"),
        ("游园会套圈套中一只搪瓷杯。", "社区活动上我赢了什么奖品？"),
        ("阿哥从加拿大打电话来，听不大清。", "哪个亲戚从国外来的长途？"),
        ("结婚相册让老鼠咬了。", "我们的婚礼照片被什么弄坏了？"),
    ],
};

/// A small generator of numbers (xorshift), the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }
}

/// A word no other note holds.
fn rare(at: usize) -> String {
    const SYLLABLES: [&str; 8] = ["bro", "kli", "mun", "tar", "vex", "zol", "fip", "dra"];
    format!("{}{}{}", SYLLABLES[at % 8], SYLLABLES[at / 8 % 8], SYLLABLES[(at * 3 + 1) % 8])
}

fn note(at: usize, total: usize, words: &Words, numbers: &mut Numbers) -> Doc {
    let mut pick = |list: &[&'static str]| list[numbers.next(list.len())];
    let (person, place, deed, thing, weather) =
        (pick(&words.people), pick(&words.places), pick(&words.deeds), pick(&words.things), pick(&words.weather));
    let step = total / PLANTED;
    let is_planted = at % step == step / 2;
    let once = (at % (total / 8) == total / 16).then(|| words.told_once[at / (total / 8) % 8].0);
    let english = words.language == Language::En;
    let text = match (once, is_planted, english) {
        (Some(once), ..) => once.to_owned(),
        (None, true, true) => format!("{person} {deed} the {} at the {place}. {weather}", rare(at / step)),
        (None, true, false) => format!("{person}在{place}{deed}{}。{weather}", rare(at / step)),
        (None, false, true) => format!("{person} and I {deed} {thing} at the {place}. {weather}"),
        (None, false, false) => format!("我跟{person}在{place}{deed}{thing}。{weather}"),
    };
    let day = (date(2026, 10, 1) - ((at % 5000) as i64).days()).to_string().parse().expect("a day");
    Doc {
        id: at.to_string(),
        kind: MemoryKind::Episode,
        happened_at: Some(day),
        recorded_at: day,
        people: if once.is_some() { vec![] } else { vec![person.to_owned()] },
        place: once.is_none().then(|| place.to_owned()),
        tags: if once.is_some() { vec![] } else { vec![deed.to_owned()] },
        text,
        sensitive: false,
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let model = arguments.iter().find(|a| a.ends_with(".safetensors"));
    let embedder = model.map(|path| Embedder::open(path.as_ref()).expect("the model opens"));
    let counts: Vec<usize> = arguments.iter().filter_map(|c| c.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![1_000, 10_000, 100_000] } else { counts };
    println!(
        "language | vectors | notes | index s | put ms | remove ms | query p50 ms | p95 ms | worst ms | recall@5 by word | in other words | resident MB"
    );
    for words in [&ENGLISH, &CHINESE] {
        for total in &counts {
            run(words, *total, None);
            if let Some(embedder) = &embedder {
                run(words, *total, Some(embedder));
            }
        }
    }
}

fn run(words: &Words, total: usize, embedder: Option<&Embedder>) {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let docs: Vec<Doc> = (0..total).map(|at| note(at, total, words, &mut numbers)).collect();
    let is_once = |doc: &Doc| words.told_once.iter().any(|(text, _)| *text == doc.text);
    let vectors: Vec<Vector> = embedder.map_or_else(Vec::new, |embedder| {
        let fillers: Vec<&str> = docs.iter().filter(|d| !is_once(d)).take(POOL).map(|d| d.text.as_str()).collect();
        let pool: Vec<Vector> = embedder.embed_all(&fillers).iter().map(Vector::of).collect();
        let of = |(at, doc): (usize, &Doc)| {
            if is_once(doc) { Vector::of(&embedder.embed(&doc.text)) } else { pool[at % pool.len()].clone() }
        };
        docs.iter().enumerate().map(of).collect()
    });
    let begun = Instant::now();
    let mut corpus = Corpus::new(docs.clone(), words.language);
    docs.iter().zip(&vectors).for_each(|(doc, vector)| corpus.put_vector(&doc.id, vector));
    let indexing = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let more = 20;
    for at in 0..more {
        corpus.put(Doc { id: format!("more{at}"), ..note(1 + at, total, words, &mut numbers) });
    }
    let put = millis(begun) / f64::from(more as u32);
    let begun = Instant::now();
    (0..more).for_each(|at| corpus.remove(&format!("more{at}")));
    let remove = millis(begun) / f64::from(more as u32);
    let (times, by_word, otherwise) = ask_all(&corpus, words, total, embedder);
    let quantile = |q: f64| times[((times.len() - 1) as f64 * q) as usize];
    println!(
        "{} | {} | {total} | {indexing:.2} | {put:.2} | {remove:.2} | {:.1} | {:.1} | {:.1} | {by_word:.3} | {otherwise:.3} | {}",
        words.language,
        embedder.is_some(),
        quantile(0.5),
        quantile(0.95),
        quantile(1.0),
        resident_megabytes()
    );
}

/// Times in order, recall of the planted words, recall of what was told once and is asked in other words.
fn ask_all(corpus: &Corpus, words: &Words, total: usize, embedder: Option<&Embedder>) -> (Vec<f64>, f64, f64) {
    let now = "2026-10-02T10:00".parse().expect("a moment");
    let mut times = Vec::new();
    let mut ask = |text: &str| {
        let mut query = Query::new(text, now);
        // Reading the question belongs to its time.
        let begun = Instant::now();
        query.vector = embedder.map(|e| Vector::of(&e.embed(text)));
        let answer = corpus.search(&query);
        times.push(millis(begun));
        answer.ranked.into_iter().take(5).map(|hit| hit.id).collect::<Vec<_>>()
    };
    let mut found = 0;
    for at in 0..PLANTED {
        let step = total / PLANTED;
        let id = (at * step + step / 2).to_string();
        let (person, place, deed) = (words.people[at % 8], words.places[at * 3 % 8], words.deeds[at * 5 % 8]);
        let (planted, hard) = match words.language {
            Language::En => (
                format!("Who had the {}, and where?", rare(at)),
                [
                    format!("What did {person} and I do at the {place} last week?"),
                    format!("How many times have we {deed} something at the {place} this year?"),
                    format!("When did I last see {person}?"),
                    format!("What does {person} usually do when it rains?"),
                ],
            ),
            Language::ZhCn => (
                format!("{}是谁的，在哪儿？", rare(at)),
                [
                    format!("上个礼拜我跟{person}在{place}做了什么？"),
                    format!("今年我们在{place}{deed}几次东西？"),
                    format!("我上次见到{person}是哪天？"),
                    format!("下雨的时候{person}一般干什么？"),
                ],
            ),
        };
        found += usize::from(ask(&planted).contains(&id));
        hard.iter().for_each(|text| drop(ask(text)));
    }
    let mut otherwise = 0;
    for (at, (_, question)) in words.told_once.iter().enumerate() {
        let id = (at * (total / 8) + total / 16).to_string();
        otherwise += usize::from(ask(question).contains(&id));
    }
    times.sort_by(f64::total_cmp);
    (times, found as f64 / PLANTED as f64, otherwise as f64 / words.told_once.len() as f64)
}

fn millis(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e3
}

/// Memory held now, where the system tells (Linux).
fn resident_megabytes() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or("");
    let kilobytes: f64 = line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(f64::NAN);
    format!("{:.0}", kilobytes / 1024.0)
}
