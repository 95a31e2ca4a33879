//! The addresses of the companion, as `docs/companion-api.md` lists them: each takes what came, calls the façade, and answers.
//!
//! What it must never do: decide anything; a rule found here is in the wrong room.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json as Answer, Router,
    extract::{DefaultBodyLimit, Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use reme::{
    Begun, MemoryQuery, ReMeError, ReadPhoto,
    dto::{
        EraseDto, FactDto, FoundDto, HealthDto, HomeDto, InputDto, MediaDto, MemoryDto, MemoryInputDto, NewPatientDto,
        PatientDto, PersonDto, PlanDto, ProgressDto, QuestionDto, SessionDto, SettingsDto, TrialDto,
    },
    for_the_person,
};
use reme_types::{Language, MediaRole, Patient};

use super::{
    app::{App, Shared},
    download, files,
    guard::guard,
    refusal::Refusal,
    seeing, sense, sync,
    take::{Json, Lang, Photo},
    voice,
};

/// With so many details found by rules, the model is not asked [design: a game needs three of a memory].
const ENOUGH_BY_RULES: usize = 3;
/// Most memories a question brings.
const MOST_FOUND: usize = 10;

type Done<T> = Result<Answer<T>, Refusal>;
type Made<T> = Result<(StatusCode, Answer<T>), Refusal>;
type Served = State<Arc<App>>;

/// Every address there is.
pub(crate) fn router(app: Arc<App>) -> Router {
    let patient = Router::new()
        .route("/home", get(home))
        .route("/session", get(session).post(begin_session))
        .route("/session/input", post(take_input))
        .route("/settings", get(settings).put(set_settings))
        .route("/memories", get(memories).post(create_memory))
        .route("/memories/propose", post(propose))
        .route("/memories/{id}", get(memory).put(update_memory).delete(delete_memory))
        .route("/memories/{id}/restore", post(restore_memory))
        .route("/bin/empty", post(empty_bin))
        .route("/media", post(add_media))
        .route("/media/{id}", get(media))
        .route("/people", get(people).post(add_person))
        .route("/people/{id}", axum::routing::put(update_person).delete(remove_person))
        .route("/progress", get(progress))
        .route("/sessions/{id}/trials", get(trials))
        .route("/plan", get(plan).put(set_plan))
        .route("/search", post(search))
        .route("/sensors", post(sense::sensors))
        .route("/export", get(download::export))
        .route("/erase", post(erase))
        .merge(seeing::routes())
        .merge(sync::routes())
        .merge(voice::routes());
    Router::new()
        .route("/api/health", get(health))
        .route("/api/patients", get(patients).post(add_patient))
        .nest("/api/patients/{slug}", patient)
        .fallback(files::file)
        .layer(DefaultBodyLimit::disable()) // bodies are bounded where they are taken
        .layer(axum::middleware::from_fn(guard))
        .with_state(Shared(app))
}

async fn health(State(app): Served) -> Done<HealthDto> {
    let key_store = app.blocking(|app| Ok(app.key_store())).await?;
    Ok(Answer(HealthDto {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        model: app.model_name().to_owned(),
        key_store: key_store.to_owned(),
    }))
}

async fn patients(State(app): Served) -> Done<Vec<PatientDto>> {
    app.blocking(App::patients).await.map(Answer)
}

async fn add_patient(State(app): Served, Json(new): Json<NewPatientDto>) -> Made<PatientDto> {
    let Ok(language) = new.language.parse::<Language>() else {
        let allowed = Language::ALL.map(Language::tag).join(", ");
        let problem = reme::Problem::Choice { allowed };
        return Err(ReMeError::Invalid { field: "language", problem }.into());
    };
    let patient = Patient { name: new.name, language, time_zone: new.time_zone, born_on: None };
    app.blocking(move |app| app.add_patient(&patient)).await.map(made)
}

async fn home(State(app): Served, Path(slug): Path<String>) -> Done<HomeDto> {
    app.with(slug, |c| c.home()).await.map(Answer)
}

/// The body, `{}`, says nothing that is needed.
async fn begin_session(State(app): Served, Path(slug): Path<String>) -> Made<SessionDto> {
    let (session, begun) = app.play(slug, |c, model| c.begin_session_with(None, model)).await?;
    let status = if begun == Begun::New { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Answer(session)))
}

async fn session(State(app): Served, Path(slug): Path<String>) -> Done<SessionDto> {
    app.with(slug, |c| c.session()).await?.map(Answer).ok_or(Refusal::NoSession)
}

async fn take_input(State(app): Served, Path(slug): Path<String>, Json(input): Json<InputDto>) -> Done<SessionDto> {
    let session = app.play(slug.clone(), move |c, model| c.take_input_with(&input, model)).await?;
    if session.state != "running" {
        app.syncing.want(&slug);
    }
    Ok(Answer(session))
}

async fn settings(State(app): Served, Path(slug): Path<String>) -> Done<SettingsDto> {
    app.with(slug, |c| c.settings()).await.map(Answer)
}

async fn set_settings(State(app): Served, Path(slug): Path<String>, Json(new): Json<SettingsDto>) -> Done<SettingsDto> {
    app.with(slug, move |c| c.set_settings(&new)).await.map(Answer)
}

async fn memories(
    State(app): Served,
    Path(slug): Path<String>,
    Query(asked): Query<HashMap<String, String>>,
) -> Done<Vec<MemoryDto>> {
    let text = |name: &str| asked.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let when = |name: &'static str| match text(name) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| Refusal::BadQuery(name)),
    };
    let query = MemoryQuery {
        words: text("q"),
        tag: text("tag"),
        person: text("person"),
        from: when("from")?,
        to: when("to")?,
        in_bin: text("bin").as_deref() == Some("1"),
    };
    app.with(slug, move |c| c.list_memories(&query)).await.map(Answer)
}

async fn create_memory(
    State(app): Served,
    Path(slug): Path<String>,
    Json(new): Json<MemoryInputDto>,
) -> Made<MemoryDto> {
    app.with(slug, move |c| c.create_memory(&new)).await.map(made)
}

async fn propose(State(app): Served, Path(slug): Path<String>, Json(new): Json<MemoryInputDto>) -> Done<Vec<FactDto>> {
    let kept = new.clone();
    let (mut facts, today, language) =
        app.with(slug, move |c| Ok((c.propose(&new)?, c.today()?, c.patient()?.language))).await?;
    if app.model.is_some() && facts.len() < ENOUGH_BY_RULES && kept.kind == "episode" {
        // The model may think for a while, in which the patient's session goes on.
        let found = app.blocking(move |app| Ok(app.propose_by_model(&kept, language, today))).await?;
        facts.extend(
            found
                .into_iter()
                .filter(|new| {
                    let same = |fact: &FactDto| fact.question == new.question || fact.answer == new.answer;
                    !facts.iter().any(same)
                })
                .collect::<Vec<_>>(),
        );
    }
    Ok(Answer(facts))
}

async fn memory(State(app): Served, Path((slug, id)): Path<(String, String)>) -> Done<MemoryDto> {
    app.with(slug, move |c| c.memory_by_id(&id)).await.map(Answer)
}

async fn update_memory(
    State(app): Served,
    Path((slug, id)): Path<(String, String)>,
    Json(new): Json<MemoryInputDto>,
) -> Done<MemoryDto> {
    app.with(slug, move |c| c.update_memory(&id, &new)).await.map(Answer)
}

async fn delete_memory(State(app): Served, Path((slug, id)): Path<(String, String)>) -> Result<StatusCode, Refusal> {
    app.with(slug, move |c| c.delete_memory(&id)).await.map(|()| StatusCode::NO_CONTENT)
}

async fn restore_memory(State(app): Served, Path((slug, id)): Path<(String, String)>) -> Done<MemoryDto> {
    app.with(slug, move |c| c.restore_memory(&id)).await.map(Answer)
}

async fn empty_bin(State(app): Served, Path(slug): Path<String>) -> Result<StatusCode, Refusal> {
    app.with(slug, |c| c.empty_bin()).await.map(|_| StatusCode::NO_CONTENT)
}

async fn add_media(
    State(app): Served,
    Path(slug): Path<String>,
    Lang(language): Lang,
    Photo(bytes): Photo,
) -> Made<MediaDto> {
    let today = app.with(slug.clone(), |c| c.today()).await?;
    // A large photo takes a second to read, in which the patient's session must go on.
    let read = app.blocking(move |_| Ok(ReadPhoto::new(bytes, today)?)).await?;
    app.with(slug, move |c| c.add_photo(&read, language)).await.map(made)
}

async fn media(
    State(app): Served,
    Path((slug, id)): Path<(String, String)>,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Response, Refusal> {
    let size = match asked.get("size").map_or("screen", String::as_str) {
        "screen" => MediaRole::Screen,
        "thumb" => MediaRole::Thumb,
        "blurred" => MediaRole::Blurred,
        "original" => MediaRole::Original,
        _ => return Err(Refusal::BadQuery("size")),
    };
    let (bytes, mime) = app.with(slug, move |c| c.photo(&id, size)).await?;
    Ok(([(header::CONTENT_TYPE, mime)], bytes).into_response())
}

async fn people(State(app): Served, Path(slug): Path<String>) -> Done<Vec<PersonDto>> {
    app.with(slug, |c| c.people()).await.map(Answer)
}

async fn add_person(State(app): Served, Path(slug): Path<String>, Json(new): Json<PersonDto>) -> Made<PersonDto> {
    app.with(slug, move |c| c.add_person(&new)).await.map(made)
}

async fn update_person(
    State(app): Served,
    Path((slug, id)): Path<(String, String)>,
    Json(new): Json<PersonDto>,
) -> Done<PersonDto> {
    app.with(slug, move |c| c.update_person(&id, &new)).await.map(Answer)
}

async fn remove_person(State(app): Served, Path((slug, id)): Path<(String, String)>) -> Result<StatusCode, Refusal> {
    app.with(slug, move |c| c.remove_person(&id)).await.map(|()| StatusCode::NO_CONTENT)
}

async fn progress(State(app): Served, Path(slug): Path<String>, Lang(language): Lang) -> Done<ProgressDto> {
    app.with(slug, move |c| c.progress(language)).await.map(Answer)
}

async fn trials(State(app): Served, Path((slug, id)): Path<(String, String)>) -> Done<Vec<TrialDto>> {
    app.with(slug, move |c| c.trials_of(&id)).await.map(Answer)
}

async fn plan(State(app): Served, Path(slug): Path<String>) -> Done<PlanDto> {
    app.with(slug, |c| c.plan()).await.map(Answer)
}

async fn set_plan(State(app): Served, Path(slug): Path<String>, Json(new): Json<PlanDto>) -> Done<PlanDto> {
    app.with(slug, move |c| c.set_plan(&new)).await.map(Answer)
}

async fn search(State(app): Served, Path(slug): Path<String>, Json(asked): Json<QuestionDto>) -> Done<FoundDto> {
    let is_own = asked.by.as_deref() == Some("patient");
    let found = app.with(slug, move |c| c.search(&asked.question, asked.rule.as_deref(), MOST_FOUND)).await?;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let found = FoundDto {
        nothing_text: found.nothing_text().map(str::to_owned),
        nothing_found: found.is_nothing_found,
        memories: found.memories,
        answer_text: found.answer,
        cited: found.cited,
        level: found.level,
        rule_in_words: found.rule_in_words,
        support: found.support.map(|(with, _)| count(with)),
        exceptions: found.support.map(|(_, without)| count(without)),
    };
    Ok(Answer(if is_own { for_the_person(found) } else { found }))
}

async fn erase(
    State(app): Served,
    Path(slug): Path<String>,
    Json(EraseDto { confirm }): Json<EraseDto>,
) -> Result<StatusCode, Refusal> {
    app.blocking(move |app| app.erase(&slug, &confirm)).await.map(|()| StatusCode::NO_CONTENT)
}

fn made<T>(dto: T) -> (StatusCode, Answer<T>) {
    (StatusCode::CREATED, Answer(dto))
}
