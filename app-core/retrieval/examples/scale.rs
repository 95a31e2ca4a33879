//! How search grows with the log: `cargo run --release -p reme-retrieval --example scale -- [MODEL] [COUNT…]`.
//!
//! Notes are made from a seed, in English and in Chinese, with few people, places and verbs, so that the words of a question are common:
//! the hard case. Asked are a rare word, notes told once in other words, what was done with whom and where in a month, the same by
//! relation ("my sister"), counts, and questions about habits (timed only). What is relevant is known by how the notes were made.
//! MODEL is use-m3.safetensors; with it every note has a vector (its own where it is asked for; the others' are those of 2,000
//! notes really read), and every question is put twice in turn, by words and with its vector, to the same index.

#![allow(clippy::disallowed_methods, reason = "an example measures time; nothing else in the crate reads a clock")]

use std::time::Instant;

use jiff::{ToSpan, civil::date};
use reme_embedding::Embedder;
use reme_retrieval::{Answer, Corpus, Doc, Query, Vector};
use reme_types::{Language, MONTHS_EN, MemoryKind};

/// Notes with a word no other has, and as many questions of each other kind.
const PLANTED: usize = 50;
/// Notes whose vectors stand for the fillers'.
const POOL: usize = 2_000;
/// How often each question is put each way; the fastest counts, since other work may be using the machine.
const TURNS: usize = 3;
/// Most notes that a question of a kind rests on: all of them fit among the first five.
const MOST_RELEVANT: usize = 5;
/// Days over which the notes lie.
const DAYS: usize = 5_000;

/// The words notes and questions of one language are made of.
struct Words {
    language: Language,
    people: [&'static str; 8],
    places: [&'static str; 8],
    deeds: [&'static str; 8],
    things: [&'static str; 12],
    weather: [&'static str; 5],
    /// What each of the people is to the patient.
    relations: [&'static str; 8],
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
    relations: ["sister", "daughter", "brother", "niece", "son", "uncle", "aunt", "cousin"],
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
    relations: ["妹妹", "舅舅", "女儿", "儿子", "姐姐", "弟弟", "姑姑", "孙子"],
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

/// A note and what it was made of.
struct Made {
    doc: Doc,
    /// Which person, place, deed and thing; none of a note told once.
    of: Option<[usize; 4]>,
    year: i16,
    month: i8,
}

fn made(at: usize, total: usize, words: &Words, numbers: &mut Numbers) -> Made {
    let of = [8, 8, 8, 12].map(|below| numbers.next(below));
    let (person, place, deed) = (words.people[of[0]], words.places[of[1]], words.deeds[of[2]]);
    let (thing, weather) = (words.things[of[3]], words.weather[numbers.next(5)]);
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
    let date = date(2026, 10, 1) - ((at % DAYS) as i64).days();
    let day = date.to_string().parse().expect("a day");
    let doc = Doc {
        id: at.to_string(),
        kind: MemoryKind::Episode,
        happened_at: Some(day),
        recorded_at: day,
        people: if once.is_some() { vec![] } else { vec![person.to_owned()] },
        place: once.is_none().then(|| place.to_owned()),
        tags: if once.is_some() { vec![] } else { vec![deed.to_owned()] },
        text,
        photo_text: String::new(),
        sensitive: false,
    };
    let of = (once.is_none() && !is_planted).then_some(of);
    Made { doc, of, year: date.year(), month: date.month() }
}

/// "Hanna is my sister."
fn relation(at: usize, words: &Words) -> Doc {
    let (name, relation) = (words.people[at], words.relations[at]);
    let text = match words.language {
        Language::En => format!("My {relation} {name} comes often."),
        Language::ZhCn => format!("我{relation}{name}常来。"),
    };
    Doc {
        id: format!("relation{at}"),
        kind: MemoryKind::Fact,
        happened_at: None,
        recorded_at: "2010-01-01".parse().expect("a day"),
        text,
        photo_text: String::new(),
        people: vec![name.to_owned()],
        place: None,
        tags: vec!["family".to_owned()],
        sensitive: false,
    }
}

/// A question, the kind it is of, and what is relevant; nothing where only the time is taken.
struct Put {
    kind: &'static str,
    text: String,
    relevant: Vec<String>,
    count: bool,
}

fn questions(notes: &[Made], words: &Words) -> Vec<Put> {
    let total = notes.len();
    let english = words.language == Language::En;
    let mut put = Vec::new();
    for at in 0..PLANTED {
        let step = total / PLANTED;
        let text = if english {
            format!("Who had the {}, and where?", rare(at))
        } else {
            format!("{}是谁的，在哪儿？", rare(at))
        };
        put.push(Put { kind: "a rare word", text, relevant: vec![(at * step + step / 2).to_string()], count: false });
        let person = words.people[at % 8];
        let text = match english {
            true => format!("What does {person} usually do when it rains?"),
            false => format!("下雨的时候{person}一般干什么？"),
        };
        put.push(Put { kind: "a habit", text, relevant: vec![], count: false });
    }
    for (at, (_, question)) in words.told_once.iter().enumerate() {
        let id = (at * (total / 8) + total / 16).to_string();
        put.push(Put { kind: "other words", text: (*question).to_owned(), relevant: vec![id], count: false });
    }
    // Every so many notes one is asked for, by what it shares with few others.
    let asked = notes.iter().step_by((total / (4 * PLANTED)).max(1)).filter_map(|note| Some((note, note.of?)));
    for (turn, (note, of)) in asked.enumerate() {
        let (person, place, deed) = (words.people[of[0]], words.places[of[1]], words.deeds[of[2]]);
        let (year, month, relation) = (note.year, note.month, words.relations[of[0]]);
        let named = MONTHS_EN[month as usize - 1];
        let (kind, which, text): (_, &[usize], _) = match (turn % 3, english) {
            (0, true) => {
                ("a time", &[0, 1, 2], format!("What have {person} and I {deed} at the {place} in {named} {year}?"))
            }
            (0, false) => ("a time", &[0, 1, 2], format!("{year}年{month}月我跟{person}在{place}{deed}什么？")),
            (1, true) => (
                "a relation",
                &[0, 1, 2],
                format!("What have my {relation} and I {deed} at the {place} in {named} {year}?"),
            ),
            (1, false) => ("a relation", &[0, 1, 2], format!("{year}年{month}月我跟{relation}在{place}{deed}什么？")),
            (_, true) => {
                ("a count", &[0, 2], format!("How many times have {person} and I {deed} something in {named} {year}?"))
            }
            (_, false) => ("a count", &[0, 2], format!("{year}年{month}月我跟{person}{deed}几次东西？")),
        };
        let is_meant = |other: &&Made| {
            (other.year, other.month) == (year, month)
                && other.of.is_some_and(|its| which.iter().all(|part| its[*part] == of[*part]))
        };
        let relevant: Vec<String> = notes.iter().filter(is_meant).map(|other| other.doc.id.clone()).collect();
        if relevant.len() <= MOST_RELEVANT {
            put.push(Put { kind, text, relevant, count: turn % 3 == 2 });
        }
    }
    put
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let model = arguments.iter().find(|a| a.ends_with(".safetensors"));
    let embedder = model.map(|path| Embedder::open(path.as_ref()).expect("the model opens"));
    let counts: Vec<usize> = arguments.iter().filter_map(|c| c.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![1_000, 10_000, 100_000] } else { counts };
    for words in [&ENGLISH, &CHINESE] {
        for total in &counts {
            run(words, *total, embedder.as_ref());
        }
    }
}

fn run(words: &Words, total: usize, embedder: Option<&Embedder>) {
    let mut numbers = Numbers(88_172_645_463_325_252);
    let notes: Vec<Made> = (0..total).map(|at| made(at, total, words, &mut numbers)).collect();
    let put = questions(&notes, words);
    let asked_for: std::collections::HashSet<&String> = put.iter().flat_map(|put| &put.relevant).collect();
    let vectors: Vec<Vector> = embedder.map_or_else(Vec::new, |embedder| {
        let fillers: Vec<&str> =
            notes.iter().filter(|n| !asked_for.contains(&n.doc.id)).take(POOL).map(|n| n.doc.text.as_str()).collect();
        let pool: Vec<Vector> = embedder.embed_all(&fillers).iter().map(Vector::of).collect();
        let own = |(at, note): (usize, &Made)| match asked_for.contains(&note.doc.id) || pool.is_empty() {
            true => Vector::of(&embedder.embed(&note.doc.text)),
            false => pool[at % pool.len()].clone(),
        };
        notes.iter().enumerate().map(own).collect()
    });
    let before = resident_megabytes();
    let docs: Vec<Doc> =
        (0..8).map(|at| relation(at, words)).chain(notes.iter().map(|note| note.doc.clone())).collect();
    let begun = Instant::now();
    let mut corpus = Corpus::new(docs, words.language);
    let indexing = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    notes.iter().zip(&vectors).for_each(|(note, vector)| corpus.put_vector(&note.doc.id, vector));
    let laying = begun.elapsed().as_secs_f64();
    let held = resident_megabytes() - before;
    const MORE: usize = 20;
    let more: Vec<Doc> =
        (0..MORE).map(|at| Doc { id: format!("more{at}"), ..made(1 + at, total, words, &mut numbers).doc }).collect();
    let mut adding = Vec::new();
    for doc in more {
        let (id, begun) = (doc.id.clone(), Instant::now());
        corpus.put(doc);
        vectors.first().iter().for_each(|vector| corpus.put_vector(&id, vector));
        adding.push(millis(begun));
    }
    let begun = Instant::now();
    (0..MORE).for_each(|at| corpus.remove(&format!("more{at}")));
    let removing = millis(begun) / MORE as f64;
    println!(
        "{} {total}: index {indexing:.2} s, vectors {laying:.2} s, {held:.0} MB held by both; a note added {:.2} ms (worst {:.2}), removed {removing:.2} ms",
        words.language,
        quantile(&mut adding, 0.5),
        quantile(&mut adding, 1.0),
    );
    ask_all(&corpus, &put, words.language, embedder);
}

/// What one way of asking brought.
#[derive(Default)]
struct Came {
    times: Vec<f64>,
    /// By kind: share of the relevant notes among the first five, summed; questions; counts that were right.
    kinds: std::collections::BTreeMap<&'static str, (f64, usize, usize)>,
}

fn ask_all(corpus: &Corpus, put: &[Put], language: Language, embedder: Option<&Embedder>) {
    let now = "2026-10-02T10:00".parse().expect("a moment");
    let (mut by_words, mut with_vectors, mut reading) = (Came::default(), Came::default(), Vec::new());
    for put in put {
        let begun = Instant::now();
        let vector = embedder.map(|e| Vector::of(&e.embed(&put.text)));
        reading.push(millis(begun));
        let (mut words, mut both) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            words.push(timed(corpus, &Query::new(&put.text, now)));
            if vector.is_some() {
                both.push(timed(corpus, &Query { vector: vector.clone(), ..Query::new(&put.text, now) }));
            }
        }
        by_words.take(put, words);
        with_vectors.take(put, both);
    }
    println!(
        "  reading a question p50 {:.1} ms, p95 {:.1} ms",
        quantile(&mut reading, 0.5),
        quantile(&mut reading, 0.95)
    );
    for (name, mut came) in [("by words", by_words), ("with vectors", with_vectors)] {
        if came.times.is_empty() {
            continue;
        }
        let [half, most, worst] = [0.5, 0.95, 1.0].map(|q| quantile(&mut came.times, q));
        println!("  {language} {name}: p50 {half:.1} ms, p95 {most:.1} ms, worst {worst:.1} ms");
        for (kind, (recall, asked, counted)) in came.kinds {
            let asked = asked as f64;
            let counts = if kind == "a count" {
                format!(", counted rightly {:.3}", counted as f64 / asked)
            } else {
                String::new()
            };
            println!("    {kind} ({asked}): recall@5 {:.3}{counts}", recall / asked);
        }
    }
}

fn timed(corpus: &Corpus, query: &Query<'_>) -> (f64, Answer) {
    let begun = Instant::now();
    let answer = corpus.search(query);
    (millis(begun), answer)
}

impl Came {
    fn take(&mut self, put: &Put, turns: Vec<(f64, Answer)>) {
        let Some((time, answer)) = turns.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)) else { return };
        self.times.push(time);
        if put.relevant.is_empty() {
            return;
        }
        let first: Vec<&String> = answer.ranked.iter().take(5).map(|hit| &hit.id).collect();
        let found = put.relevant.iter().filter(|id| first.contains(id)).count();
        let kind = self.kinds.entry(put.kind).or_default();
        kind.0 += found as f64 / put.relevant.len() as f64;
        kind.1 += 1;
        kind.2 += usize::from(put.count && answer.answer == Some(put.relevant.len().to_string()));
    }
}

fn quantile(times: &mut [f64], q: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get((times.len().saturating_sub(1) as f64 * q) as usize).copied().unwrap_or(f64::NAN)
}

fn millis(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1e3
}

/// Memory held now, MB, where the system tells (Linux).
fn resident_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}
