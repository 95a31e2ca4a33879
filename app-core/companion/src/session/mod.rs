//! A training session: put together by the plan, played input by input, rebuilt after anything.
//!
//! Where in the flow: the façade's side of a session; a screen or the terminal sends inputs and draws what comes back. What it
//! must never do: keep any of a session in memory alone, score, or let half of an input reach the disk.
//!
//! One input is one transaction: the event with the reading, the trials, the lines, how the session stands, and a memory that
//! made somebody sad. Nothing is kept between two calls; a killed session goes on at the same question, with the same words.

mod compose;
mod dose;
mod input;
mod journal;
mod numbers;
mod prepare;
mod read;
mod replay;
mod run;
mod say;
mod show;
mod write;

use std::collections::BTreeMap;

use reme_conversation::{Meaning, Rephrase};
use reme_games::Library;
use reme_store::{GAMES_OFF, Session, SessionState};
use reme_types::{InputMode, Language, LineOrigin, Patient, Plan, SessionId};

use crate::{
    Companion, GameInfo, Problem, ReMeError,
    dto::{HomeDto, InputDto, SessionDto},
};
pub use dose::Blocked;
use dose::{Allowance, Now};
use journal::{Entry, MATERIAL, Material};
use prepare::LifeLog;
use replay::{Shown, Standing};
use run::{Run, Score, Told};
use say::Speaker;
pub use write::LineOrigins;
use write::Written;

/// Whether a session began anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// A new one.
    New,
    /// The half-done one, where it stopped.
    Resumed,
}

/// Games as a plan knows them.
pub(crate) fn known_games(library: &Library) -> Vec<GameInfo> {
    let info = |bundle: &std::sync::Arc<reme_games::Bundle>| GameInfo {
        slug: bundle.slug().to_owned(),
        title_en: bundle.title(Language::En),
        title_zh: bundle.title(Language::ZhCn),
        levels: bundle.template.top_level(),
    };
    library.iter().map(info).collect()
}

impl Companion {
    /// Goes on with the half-done session, or begins a new one by the plan.
    ///
    /// # Errors
    /// [`ReMeError::Blocked`] with words for the patient where nothing may begin; what the store says.
    pub fn begin_session(&mut self) -> Result<(SessionDto, Begun), ReMeError> {
        self.begin_session_with(None, None)
    }

    /// As [`Companion::begin_session`], in another language than the profile's, or with lines worded by a model.
    ///
    /// # Errors
    /// As [`Companion::begin_session`].
    pub fn begin_session_with(
        &mut self,
        language: Option<Language>,
        model: Option<&mut dyn Rephrase>,
    ) -> Result<(SessionDto, Begun), ReMeError> {
        for session in self.store.sessions(true)? {
            match replay::rebuild(&self.store, &self.library, &session)? {
                Ok(standing) => return Ok((show::running(&standing, self.slug()), Begun::Resumed)),
                Err(changed) => self.close(&session, changed.0)?,
            }
        }
        let patient = self.store.patient()?;
        let now = self.session_now(&patient);
        let language = language.unwrap_or(patient.language);
        let plan = self.plan_in_force()?;
        let log = LifeLog::read(&self.store, compose::until(&now), patient.language)?;
        let blocks = match self.to_come(&plan, &log, &now)? {
            Ok((_, blocks)) => blocks,
            Err(blocked) => return Err(ReMeError::Blocked(blocked)),
        };
        let (id, seed) = (SessionId::from_uuid(self.store.new_uuid()), self.store.new_uuid().as_u128() as u64);
        let trials = self.store.trials(None)?;
        let (entries, memories) = compose::session((&self.store, &self.library), &blocks, &trials, &log, &now, seed)?;
        let people = log.people();
        let games = self.library.clone();
        let score = Score { language, name: patient.name, games, blocks: entries, memories, people };
        let material = Material { session: id, memories: score.memories.clone(), people: score.people.clone() };
        let entry = Entry::Begun { language, blocks: score.blocks.clone() };
        let versions: BTreeMap<String, String> =
            score.blocks.iter().map(|b| (b.game.clone(), b.version.clone())).collect();
        let (run, told) = Run::begin(score).map_err(|_| ReMeError::Blocked(Blocked::NothingReady))?;
        let written = self.word(&run, told, model)?;
        let session = Session {
            id,
            state: SessionState::Running,
            plan,
            seed,
            template_versions: versions,
            started_at: now.at,
            ended_at: None,
            seconds: 0,
        };
        let payload = write::to_json(&entry);
        self.store.transact(|tx| {
            tx.start_session(&session)?;
            tx.put_setting(MATERIAL, &material)?;
            tx.append_event(id, now.at, &payload)?;
            write::write(tx, &session, 0, InputMode::Tapped, now.at, &written, &run)
        })?;
        let lines = written.lines.into_iter().map(|(line, _)| line).collect();
        let standing = Standing { session, run, turn: 0, lines, trials: 0, last_at: now.at };
        Ok((show::running(&standing, self.slug()), Begun::New))
    }

    /// The half-done session, else the last one; `None` when there never was one.
    ///
    /// # Errors
    /// What the store says.
    pub fn session(&self) -> Result<Option<SessionDto>, ReMeError> {
        let sessions = self.store.sessions(false)?;
        let running = sessions.iter().find(|session| session.state == SessionState::Running);
        let Some(session) = running.or(sessions.first()) else { return Ok(None) };
        if session.state == SessionState::Running
            && let Ok(standing) = replay::rebuild(&self.store, &self.library, session)?
        {
            return Ok(Some(show::running(&standing, self.slug())));
        }
        show::ended((&self.store, &self.library), session, self.slug()).map(Some)
    }

    /// Takes one input of the running session. An input whose `turn` has been taken already changes nothing.
    ///
    /// # Errors
    /// [`ReMeError::Invalid`] for an input that cannot be meant; then nothing is changed. What the store says.
    pub fn take_input(&mut self, input: &InputDto) -> Result<SessionDto, ReMeError> {
        self.take_input_with(input, None)
    }

    /// As [`Companion::take_input`], with lines worded by a model.
    ///
    /// # Errors
    /// As [`Companion::take_input`].
    pub fn take_input_with(
        &mut self,
        input: &InputDto,
        model: Option<&mut dyn Rephrase>,
    ) -> Result<SessionDto, ReMeError> {
        let id: SessionId =
            input.session.parse().map_err(|_| ReMeError::Invalid { field: "session", problem: Problem::Id })?;
        let session = self.store.sessions(false)?.into_iter().find(|session| session.id == id);
        let session = session.ok_or(reme_store::StoreError::NotFound { what: "session", id: id.to_string() })?;
        if session.state != SessionState::Running {
            return show::ended((&self.store, &self.library), &session, self.slug());
        }
        let mut standing = match replay::rebuild(&self.store, &self.library, &session)? {
            Ok(standing) => standing,
            Err(changed) => {
                self.close(&session, changed.0)?;
                return self.ended(id);
            }
        };
        if input.turn < standing.turn {
            return Ok(show::running(&standing, self.slug()));
        }
        if input.turn > standing.turn {
            return Err(ReMeError::Invalid { field: "turn", problem: Problem::Turn });
        }
        let patient = self.store.patient()?;
        let now = self.session_now(&patient);
        let meaning = self.sentences.as_ref().map(|sentences| sentences as &dyn Meaning);
        let taken = input::understood(input, &standing, meaning)?;
        let gap = now.at.as_millisecond().saturating_sub(standing.last_at.as_millisecond());
        let at_ms = standing.run.at_ms + u64::try_from(gap).unwrap_or(0).min(dose::MOST_GAP_MS);
        let block = standing.run.block;
        let events = journal::without_words(taken.events.clone(), standing.run.prompt());
        let told = standing.run.take(at_ms, &taken.events).map_err(|_| ReMeError::Blocked(Blocked::NothingReady))?;
        let mut written = self.word(&standing.run, told, model)?;
        if let Some(text) = &taken.line {
            let line = Shown { who: "patient", text: text.clone(), photo: None, block };
            written.lines.insert(0, (line, None));
        }
        let entry = Entry::Taken {
            at_ms,
            said: taken.line.is_some(),
            events,
            block: u16::try_from(standing.run.block).unwrap_or(u16::MAX),
        };
        let payload = write::to_json(&entry);
        self.store.transact(|tx| {
            tx.append_event(id, now.at, &payload)?;
            write::write(tx, &session, standing.trials, taken.mode, now.at, &written, &standing.run)
        })?;
        if standing.run.ended.is_some() {
            return self.ended(id);
        }
        standing.turn += 1;
        standing.lines.extend(written.lines.into_iter().map(|(line, _)| line));
        Ok(show::running(&standing, self.slug()))
    }

    /// What the patient's first screen shows.
    ///
    /// # Errors
    /// What the store says.
    pub fn home(&self) -> Result<HomeDto, ReMeError> {
        let patient = self.store.patient()?;
        let now = self.session_now(&patient);
        let sessions = self.store.sessions(false)?;
        let plan = self.plan_in_force()?;
        let half_done = sessions.iter().find(|session| session.state == SessionState::Running);
        let standing = half_done.and_then(|session| replay::rebuild(&self.store, &self.library, session).ok()?.ok());
        let (minutes, games, blocked) = match &standing {
            Some(standing) => {
                let left = &standing.run.score.blocks[standing.run.block..];
                let titles = left.iter().map(|b| show::title(&self.library, &b.game, patient.language)).collect();
                (left.iter().map(|b| b.minutes).sum(), titles, None)
            }
            None => {
                let log = LifeLog::read(&self.store, compose::until(&now), patient.language)?;
                match self.to_come(&plan, &log, &now)? {
                    Ok((minutes, blocks)) => {
                        let titles =
                            blocks.iter().map(|b| show::title(&self.library, &b.game, patient.language)).collect();
                        (blocks.iter().map(|b| b.minutes).sum::<u16>().min(minutes), titles, None)
                    }
                    Err(blocked) => (0, Vec::new(), Some(blocked.in_words(patient.language))),
                }
            }
        };
        Ok(HomeDto {
            resumable: standing.is_some(),
            minutes,
            games,
            sessions_this_week: dose::done_this_week(&sessions, &now),
            sessions_goal: plan.dose.sessions_per_week,
            blocked,
            patient: self.profile()?,
        })
    }

    /// Where the lines of a session came from.
    ///
    /// # Errors
    /// What the store says.
    pub fn line_origins(&self, session: &str) -> Result<LineOrigins, ReMeError> {
        let Ok(id) = session.parse() else { return Ok(LineOrigins::default()) };
        let mut origins = LineOrigins::default();
        for line in self.store.lines(id)? {
            match line.origin.as_deref().and_then(write::origin_of) {
                Some(LineOrigin::Template) => origins.template += 1,
                Some(LineOrigin::Model) => origins.model += 1,
                Some(LineOrigin::LeakReplaced) => origins.leak_replaced += 1,
                Some(LineOrigin::UngroundedReplaced) => origins.ungrounded_replaced += 1,
                None => {}
            }
        }
        Ok(origins)
    }

    /// Minutes and games of the next session, or why there is none.
    #[allow(clippy::type_complexity, reason = "one caller's pair, told apart at once")]
    fn to_come(
        &self,
        plan: &Plan,
        log: &LifeLog,
        now: &Now,
    ) -> Result<Result<(u16, Vec<reme_games::BlockPlan>), Blocked>, ReMeError> {
        let sessions = self.store.sessions(false)?;
        // What the clinic has switched off stays in the plan, and is not played.
        let off: Vec<String> = self.store.setting(GAMES_OFF)?.unwrap_or_default();
        let plan =
            &Plan { games: plan.games.iter().filter(|g| !off.contains(&g.game)).cloned().collect(), ..plan.clone() };
        let minutes = match dose::allowance(&self.store, plan, &sessions, now)? {
            Allowance::Minutes(minutes) => minutes,
            Allowance::Blocked(blocked) => return Ok(Err(blocked)),
        };
        let blocks = compose::blocks(&self.library, plan, minutes, &self.store.trials(None)?, log, now);
        Ok(if blocks.is_empty() { Err(Blocked::NothingReady) } else { Ok((minutes, blocks)) })
    }

    fn session_now(&self, patient: &Patient) -> Now {
        let zone = jiff::tz::TimeZone::get(&patient.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
        Now { at: self.clock.now(), zone }
    }

    /// Puts what is told into words.
    fn word(&self, run: &Run, told: Vec<Told>, mut model: Option<&mut dyn Rephrase>) -> Result<Written, ReMeError> {
        let mut speaker = Speaker::new(run.score.language, &self.library);
        let mut written = Written::default();
        for one in told {
            match one {
                Told::Line { act, block, photo } => {
                    let game = run.score.blocks.get(block).map(|entry| entry.game.as_str()).unwrap_or_default();
                    // The reborrow is spelled out: a trait object behind an option cannot be copied.
                    let model = model.as_mut().map(|model| &mut **model as &mut dyn Rephrase);
                    let line = speaker.say(game, &act, model);
                    let shown = Shown { who: "reme", text: line.text, photo, block };
                    written.lines.push((shown, Some(line.origin)));
                }
                Told::Trial { outcome, block } => {
                    written.trials.push((outcome, u16::try_from(block).unwrap_or(u16::MAX)));
                }
                // Thrown away in the meantime: then there is nothing to mark.
                Told::Distress(id) => written.saddened.extend(self.store.memory(id).ok()),
            }
        }
        Ok(written)
    }

    /// Ends a session that cannot go on. Its trials stay.
    fn close(&mut self, session: &Session, reason: &str) -> Result<(), ReMeError> {
        let (id, now) = (session.id, self.clock.now());
        let payload = write::to_json(&Entry::Closed { reason: reason.to_owned() });
        self.store.transact(|tx| {
            tx.append_event(id, now, &payload)?;
            tx.put_setting(MATERIAL, &None::<Material>)?;
            tx.set_session_state(id, SessionState::Stopped, Some(now), session.seconds)
        })?;
        Ok(())
    }

    fn ended(&self, id: SessionId) -> Result<SessionDto, ReMeError> {
        let session = self.store.sessions(false)?.into_iter().find(|session| session.id == id);
        let session = session.ok_or(reme_store::StoreError::NotFound { what: "session", id: id.to_string() })?;
        show::ended((&self.store, &self.library), &session, self.slug())
    }
}
