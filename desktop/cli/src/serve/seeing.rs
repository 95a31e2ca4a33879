//! The inbox of suggestions, the groups of faces, and looking at photos in the background.
//!
//! The networks run without the patient's companion, which is taken for each photo's beginning and end only, so a session
//! never waits. What it must never do: look at somebody's photos that nobody asked it to look at, or decide anything.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Json as Answer, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    routing::{delete, get, post},
};
use reme::{
    SuggestionQuery,
    dto::{
        DismissedDto, FaceGroupDto, FaceMergeDto, FaceNameDto, FaceSplitDto, LookDto, SuggestionCountDto,
        SuggestionDto, SuggestionEditDto, SuggestionIdsDto,
    },
    missing_in_words,
    vision::{Eyes, Stop},
};
use reme_types::Language;

use crate::photo::CaptionerArgs;

use super::{
    app::{App, Shared},
    held::{Held, Memory},
    refusal::Refusal,
    take::{Json, Lang},
    tell,
};

type Served = State<Arc<App>>;
type Done<T> = Result<Answer<T>, Refusal>;
type Nothing = Result<StatusCode, Refusal>;

/// How far looking at somebody's photos is.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    running: bool,
    /// Somebody asked it to stop.
    asked_to_stop: bool,
    stopped: bool,
    done: usize,
    of: usize,
    found: usize,
}

/// What looking knows.
pub(crate) struct Looking {
    eyes: Held<(), Eyes>,
    /// What the eyes that were opened last lack, in each language.
    missing: Mutex<Vec<(Language, Vec<String>)>>,
    runs: Mutex<HashMap<String, Run>>,
}

impl Looking {
    pub(crate) fn new(memory: Memory) -> Self {
        Self { eyes: Held::new(memory), missing: Mutex::default(), runs: Mutex::default() }
    }

    /// The eyes, loaded when they are first needed; once more when something was missing and may have been fetched since.
    fn eyes(&self) -> Result<Arc<Eyes>, Refusal> {
        let open = || {
            crate::photo::eyes(&CaptionerArgs::default(), self.eyes.memory().model_bytes())
                .map_err(|_| Refusal::Internal)
        };
        let eyes = self.eyes.get((), |eyes| eyes.missing().is_empty(), open)?;
        let missing = Language::ALL.map(|language| (language, missing_in_words(&eyes, language)));
        *self.missing.lock().unwrap_or_else(PoisonError::into_inner) = missing.into();
        Ok(eyes)
    }

    fn run<T>(&self, slug: &str, work: impl FnOnce(&mut Run) -> T) -> T {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        work(runs.entry(slug.to_owned()).or_default())
    }

    fn dto(&self, slug: &str, language: Language) -> LookDto {
        let run = self.run(slug, |run| *run);
        let known = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        let missing =
            known.iter().find(|(known, _)| *known == language).map_or_else(Vec::new, |(_, said)| said.clone());
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        LookDto {
            state: if run.running {
                "running"
            } else if run.stopped {
                "stopped"
            } else {
                "idle"
            }
            .to_owned(),
            done: count(run.done),
            of: count(run.of),
            found: count(run.found),
            missing,
        }
    }
}

/// The addresses below a patient's.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/suggestions", get(list))
        .route("/suggestions/count", get(count))
        .route("/suggestions/dismiss", post(dismiss_all))
        .route("/suggestions/{id}/accept", post(accept))
        .route("/suggestions/{id}/dismiss", post(dismiss))
        .route("/suggestions/{id}/reopen", post(reopen))
        .route("/faces", get(faces))
        .route("/faces/{id}/name", post(name))
        .route("/faces/{id}/merge", post(merge))
        .route("/faces/{id}/split", post(split))
        .route("/faces/{id}/dismiss", post(stranger))
        .route("/people/{id}/face", delete(forget))
        .route("/media/{id}/look", post(look_again))
        .route("/look", get(look_state).post(look_at_all).delete(stop_looking))
}

async fn list(
    State(app): Served,
    Path(slug): Path<String>,
    Query(asked): Query<HashMap<String, String>>,
) -> Done<Vec<SuggestionDto>> {
    let text = |name: &str| asked.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let limit = text("limit").map(|limit| limit.parse().map_err(|_| Refusal::BadQuery("limit"))).transpose()?;
    let query = SuggestionQuery { kind: text("kind"), state: text("state"), memory: text("memory"), limit };
    app.with(slug, move |c| c.suggestions(&query)).await.map(Answer)
}

async fn count(State(app): Served, Path(slug): Path<String>) -> Done<SuggestionCountDto> {
    app.with(slug, |c| c.count_suggestions()).await.map(Answer)
}

async fn accept(
    State(app): Served,
    Path((slug, id)): Path<(String, String)>,
    Json(edit): Json<SuggestionEditDto>,
) -> Done<SuggestionDto> {
    app.with(slug, move |c| c.accept_suggestion(&id, &edit)).await.map(Answer)
}

async fn dismiss(State(app): Served, Path((slug, id)): Path<(String, String)>) -> Done<SuggestionDto> {
    app.with(slug, move |c| c.dismiss_suggestion(&id)).await.map(Answer)
}

async fn reopen(State(app): Served, Path((slug, id)): Path<(String, String)>) -> Done<SuggestionDto> {
    app.with(slug, move |c| c.reopen_suggestion(&id)).await.map(Answer)
}

async fn dismiss_all(
    State(app): Served,
    Path(slug): Path<String>,
    Json(SuggestionIdsDto { ids }): Json<SuggestionIdsDto>,
) -> Done<DismissedDto> {
    app.with(slug, move |c| c.dismiss_suggestions(&ids)).await.map(Answer)
}

async fn faces(State(app): Served, Path(slug): Path<String>) -> Done<Vec<FaceGroupDto>> {
    app.with(slug, |c| c.face_groups()).await.map(Answer)
}

async fn name(
    State(app): Served,
    Path((slug, id)): Path<(String, String)>,
    Json(name): Json<FaceNameDto>,
) -> Done<FaceGroupDto> {
    app.with(slug, move |c| c.name_face_group(&id, &name)).await.map(Answer)
}

async fn merge(
    State(app): Served,
    Path((slug, id)): Path<(String, String)>,
    Json(FaceMergeDto { into }): Json<FaceMergeDto>,
) -> Done<FaceGroupDto> {
    app.with(slug, move |c| c.merge_face_groups(&id, &into)).await.map(Answer)
}

async fn split(
    State(app): Served,
    Path((slug, id)): Path<(String, String)>,
    Json(FaceSplitDto { faces }): Json<FaceSplitDto>,
) -> Done<Vec<FaceGroupDto>> {
    app.with(slug, move |c| c.split_face_group(&id, &faces)).await.map(Answer)
}

async fn stranger(State(app): Served, Path((slug, id)): Path<(String, String)>) -> Nothing {
    app.with(slug, move |c| c.dismiss_face_group(&id)).await.map(|()| StatusCode::NO_CONTENT)
}

async fn forget(State(app): Served, Path((slug, id)): Path<(String, String)>) -> Nothing {
    app.with(slug, move |c| c.forget_face(&id)).await.map(|_| StatusCode::NO_CONTENT)
}

async fn look_again(State(app): Served, Path((slug, id)): Path<(String, String)>) -> Done<Vec<SuggestionDto>> {
    let offered = app.blocking(move |app| {
        let eyes = app.looking.eyes()?;
        let (photo, language) = app.with_now(&slug, |c| Ok((c.photo_again(&id)?, c.patient()?.language)))?;
        let ended = app.ended.clone();
        let look = photo.look(&eyes, language, &|| Duration::ZERO, &(Arc::new(move || ended.is_cancelled()) as Stop));
        app.with_now(&slug, |c| Ok(c.keep_look(&photo, &look, &eyes)?))
    });
    offered.await.map(Answer)
}

async fn look_state(State(app): Served, Path(slug): Path<String>, Lang(language): Lang) -> Done<LookDto> {
    app.blocking(move |app| {
        app.with_now(&slug, |_| Ok(()))?;
        Ok(app.looking.dto(&slug, language))
    })
    .await
    .map(Answer)
}

/// Begins, unless it is under way.
async fn look_at_all(
    State(app): Served,
    Path(slug): Path<String>,
    Lang(language): Lang,
) -> Result<(StatusCode, Answer<LookDto>), Refusal> {
    let own = slug.clone();
    let (eyes, of) = app
        .blocking(move |app| {
            let eyes = app.looking.eyes()?;
            let of = app.with_now(&own, |c| Ok(c.photos_to_look_at(&eyes)?))?;
            Ok((eyes, of))
        })
        .await?;
    let begins = app.looking.run(&slug, |run| {
        let begins = !run.running;
        if begins {
            *run = Run { running: of > 0, of, ..Run::default() };
        }
        begins && of > 0
    });
    if begins {
        let (app, slug) = (Arc::clone(&app), slug.clone());
        tokio::task::spawn_blocking(move || look_until_done(&app, &slug, &eyes));
    }
    Ok((StatusCode::ACCEPTED, Answer(app.looking.dto(&slug, language))))
}

async fn stop_looking(State(app): Served, Path(slug): Path<String>, Lang(language): Lang) -> Done<LookDto> {
    app.looking.run(&slug, |run| run.asked_to_stop = run.running);
    look_state(State(app), Path(slug), Lang(language)).await
}

/// Photo by photo, until there is none left, somebody asks it to stop, or the companion ends.
fn look_until_done(app: &Arc<App>, slug: &str, eyes: &Eyes) {
    let (held, own) = (Arc::clone(app), slug.to_owned());
    let stop: Stop = Arc::new(move || held.ended.is_cancelled() || held.looking.run(&own, |run| run.asked_to_stop));
    let one = || -> Result<Option<usize>, Refusal> {
        let next = app.with_now(slug, |c| Ok((c.next_photo(eyes)?, c.patient()?.language)))?;
        let (Some(photo), language) = next else { return Ok(None) };
        let look = photo.look(eyes, language, &|| Duration::ZERO, &stop);
        if look.stopped {
            return Ok(None);
        }
        app.with_now(slug, |c| Ok(Some(c.keep_look(&photo, &look, eyes)?.len())))
    };
    let stopped = loop {
        if stop() {
            break true;
        }
        match one() {
            Ok(Some(found)) => app.looking.run(slug, |run| {
                run.done += 1;
                run.of = run.of.max(run.done);
                run.found += found;
            }),
            Ok(None) => break stop(),
            Err(refusal) => {
                tell(&format!("looking at photos stopped: {}", refusal.status()));
                break true;
            }
        }
    };
    app.looking.run(slug, |run| (run.running, run.asked_to_stop, run.stopped) = (false, false, stopped));
}
