//! A patient with memories on real files, a clock that is set by hand, and a hand that plays.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use jiff::{Timestamp, tz::TimeZone};
use reme::{
    Begun, Companion, FileKeyStore, Household, KeyStore, ReMeError, ReadPhoto,
    dto::{FactDto, InputDto, MemoryDto, MemoryInputDto, PersonDto, PlanDto, SessionDto, TrialDto},
};
use reme_games::Library;
use reme_store::Store;
use reme_types::{Clock, Language, Patient};

/// Shows what it was set to.
pub(crate) struct HandClock(Mutex<Timestamp>);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("not poisoned")
    }
    fn time_zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

impl HandClock {
    pub(crate) fn at(time: &str) -> Arc<Self> {
        Arc::new(Self(Mutex::new(time.parse().expect("a time"))))
    }

    pub(crate) fn set(&self, time: &str) {
        *self.0.lock().expect("not poisoned") = time.parse().expect("a time");
    }

    pub(crate) fn advance(&self, seconds: i64) {
        let mut now = self.0.lock().expect("not poisoned");
        *now = now.checked_add(jiff::SignedDuration::from_secs(seconds)).expect("in range");
    }
}

pub(crate) fn household(folder: &Path, clock: &Arc<HandClock>) -> Household {
    let keys = FileKeyStore::new(folder.join("keys"));
    Household::new(folder.join("patients"), Box::new(keys), Arc::clone(clock) as Arc<dyn Clock>)
}

/// The store beneath, for what no screen can do.
pub(crate) fn store(folder: &Path, slug: &str, clock: &Arc<HandClock>) -> Store {
    let key = FileKeyStore::new(folder.join("keys")).load(slug).expect("read").expect("a key");
    Store::open(&folder.join("patients").join(slug), &key, Arc::clone(clock) as Arc<dyn Clock>).expect("opens")
}

fn fact(kind: &str, question: &str, answer: &str, hint: &str) -> FactDto {
    FactDto {
        id: None,
        kind: kind.into(),
        question: question.into(),
        answer: answer.into(),
        aliases: vec![],
        meaning_cue: Some(hint.to_owned()).filter(|hint| !hint.is_empty()),
        origin: "person".into(),
        confirmed: true,
    }
}

fn note(text: &str, people: &[&str], place: &str, facts: Vec<FactDto>) -> MemoryInputDto {
    MemoryInputDto {
        kind: "episode".into(),
        happened_at: Some("2026-03-02".into()),
        text: text.into(),
        people: people.iter().map(|p| (*p).to_owned()).collect(),
        place: Some(place.to_owned()),
        tags: vec![],
        source: "caregiver".into(),
        sensitive: false,
        media: vec![],
        facts: Some(facts),
    }
}

/// One patient at play.
pub(crate) struct Table {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) slug: String,
    pub(crate) companion: Companion,
    pub(crate) session: Option<SessionDto>,
    /// The memory that is talked about; the others have too few details.
    pub(crate) memory: Option<MemoryDto>,
}

impl Table {
    pub(crate) fn new(language: Language) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = HandClock::at("2026-05-04T10:00:00Z");
        let name = if language == Language::ZhCn { "玉兰" } else { "Hedda" };
        let patient = Patient { name: name.into(), language, time_zone: "UTC".into(), born_on: None };
        let companion = household(folder.path(), &clock).add(&patient).expect("added");
        Self { folder, clock, slug: companion.slug().to_owned(), companion, session: None, memory: None }
    }

    /// With a memory of three details and a photo, and others whose answers serve as wrong choices.
    pub(crate) fn with_memories(language: Language) -> Self {
        let mut table = Self::new(language);
        let photo = table.add_photo();
        let (main, others, daughter) = match language {
            Language::En => (
                note(
                    "Signe and I had waffles with cloudberry jam up at Lake Orrin. It was cold, and we laughed a lot.",
                    &["Signe"],
                    "Lake Orrin",
                    vec![
                        fact("food", "What did you eat?", "waffles", "something flat, from a hot iron"),
                        fact("person", "Who was with you?", "Signe", "somebody from the family"),
                        fact("place", "Where were you?", "Lake Orrin", ""),
                    ],
                ),
                vec![
                    note("We had herring.", &["Marta"], "the pier", vec![fact("food", "What was it?", "herring", "")]),
                    note(
                        "We had dumplings.",
                        &["Knut"],
                        "the mill",
                        vec![fact("food", "What was it?", "dumplings", "")],
                    ),
                ],
                PersonDto {
                    id: String::new(),
                    name: "Signe".into(),
                    relation: "daughter".into(),
                    aliases: vec!["Sig".into()],
                },
            ),
            Language::ZhCn => (
                note(
                    "我跟丽华在青石湖边吃了豆花。那天风大，我们笑了一路。",
                    &["丽华"],
                    "青石湖",
                    vec![
                        fact("food", "您那天吃了什么？", "豆花", "一样又软又嫩的东西"),
                        fact("person", "那天谁陪您去的？", "丽华", "家里的人"),
                        fact("place", "您那天去了哪里？", "青石湖", ""),
                    ],
                ),
                vec![
                    note("吃了汤圆。", &["建国"], "老码头", vec![fact("food", "吃的什么？", "汤圆", "")]),
                    note("吃了凉面。", &["阿芬"], "磨坊", vec![fact("food", "吃的什么？", "凉面", "")]),
                ],
                PersonDto {
                    id: String::new(),
                    name: "丽华".into(),
                    relation: "女儿".into(),
                    aliases: vec!["小华".into()],
                },
            ),
        };
        table.companion.add_person(&daughter).expect("kept");
        for other in &others {
            table.companion.create_memory(other).expect("kept");
        }
        let main = MemoryInputDto { media: vec![photo], ..main };
        table.memory = Some(table.companion.create_memory(&main).expect("kept"));
        table
    }

    fn add_photo(&mut self) -> String {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(8, 8).write_to(&mut bytes, image::ImageFormat::Png).expect("encodes");
        let read = ReadPhoto::new(bytes.into_inner(), self.companion.today().expect("a day")).expect("a photo");
        self.companion.add_photo(&read, Language::En).expect("kept").id
    }

    /// Only this game in the plan, at these levels.
    pub(crate) fn only(&mut self, game: &str, min_level: u8, max_level: u8) {
        let mut plan: PlanDto = self.companion.plan().expect("a plan");
        for planned in &mut plan.games {
            planned.enabled = planned.game == game;
            if planned.enabled {
                (planned.min_level, planned.max_level) = (min_level, max_level);
            }
        }
        self.companion.set_plan(&plan).expect("kept");
    }

    pub(crate) fn begin(&mut self) -> Begun {
        let (session, begun) = self.companion.begin_session().expect("begins");
        self.keep(session);
        begun
    }

    pub(crate) fn now(&self) -> &SessionDto {
        self.session.as_ref().expect("begun")
    }

    pub(crate) fn is_running(&self) -> bool {
        self.now().state == "running"
    }

    pub(crate) fn text(&mut self, words: &str) -> &SessionDto {
        self.send("text", words)
    }

    pub(crate) fn press(&mut self, button: &str) -> &SessionDto {
        self.send(button, "")
    }

    /// Sends an input, and checks that the session rebuilt from its log is the one handed back.
    pub(crate) fn send(&mut self, kind: &str, value: &str) -> &SessionDto {
        let input = self.input(kind, value);
        let session = self.companion.take_input(&input).expect("taken");
        assert_eq!(session.turn, input.turn + 1);
        self.keep(session);
        self.now()
    }

    pub(crate) fn input(&self, kind: &str, value: &str) -> InputDto {
        let session = self.now();
        InputDto {
            session: session.id.clone(),
            turn: session.turn,
            kind: kind.into(),
            value: value.into(),
            rt_ms: Some(1_500),
        }
    }

    fn keep(&mut self, session: SessionDto) {
        assert_eq!(self.companion.session().expect("read"), Some(session.clone()), "rebuilt from its log");
        self.session = Some(session);
    }

    /// Closes the store and opens it again, as after a crash.
    pub(crate) fn reopen(self) -> Self {
        self.reopen_with(Library::default())
    }

    /// Closed and opened again, with these games.
    pub(crate) fn reopen_with(self, games: Library) -> Self {
        let Self { folder, clock, slug, companion, session, memory } = self;
        drop(companion);
        let companion = household(folder.path(), &clock).with_library(games).open(Some(&slug)).expect("opens");
        Self { folder, clock, slug, companion, session, memory }
    }

    /// With the store beneath in hand, the companion closed meanwhile.
    pub(crate) fn beneath<T>(self, work: impl FnOnce(&mut Store) -> T) -> (Self, T) {
        let Self { folder, clock, slug, companion, session, memory } = self;
        drop(companion);
        let mut store = store(folder.path(), &slug, &clock);
        let out = work(&mut store);
        drop(store);
        let companion = household(folder.path(), &clock).open(Some(&slug)).expect("opens");
        (Self { folder, clock, slug, companion, session, memory }, out)
    }

    /// Past the made-up example, to the patient's own memory.
    pub(crate) fn pass_example(&mut self) {
        self.press("skip");
    }

    /// The last thing ReMe said.
    pub(crate) fn last_line(&self) -> &str {
        &self.now().lines.iter().rev().find(|line| line.who == "reme").expect("something was said").text
    }

    pub(crate) fn sees_whole_photo(&self) -> bool {
        self.now().lines.last().and_then(|line| line.photo.as_ref()).is_some_and(|photo| !photo.blurred)
    }

    pub(crate) fn trials(&self) -> Vec<TrialDto> {
        self.companion.trials_of(&self.now().id).expect("read")
    }

    /// The counting trials of the conversation, as (question, verdict, rung).
    pub(crate) fn recalled(&self) -> Vec<(String, String, u8)> {
        let trials = self.trials().into_iter().filter(|t| t.kind == "recall-fact" && !t.practice);
        trials.map(|t| (t.question.expect("a question"), t.verdict, t.rung.expect("a rung"))).collect()
    }

    pub(crate) fn refused(&mut self, input: &InputDto) -> (&'static str, Option<&'static str>) {
        let error: ReMeError = self.companion.take_input(input).expect_err("refused");
        (error.code(), error.field())
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().to_path_buf()
    }
}
