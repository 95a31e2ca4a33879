//! The link with a clinic while the companion is served: the carer's requests, and a quiet sync now and then.
//!
//! A sync takes the patient's companion for each step and lets go of it while the network is waited for, so a session never
//! waits. What it must never do: sync somebody who is not paired, or write a name or a code into the log.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Json as Answer, Router,
    extract::{Path, State},
    routing::{get, post, put},
};
use jiff::Timestamp;
use reme::{
    Problem, ReMeError, Store, StoreError,
    dto::{SyncDto, SyncPairDto, SyncShareDto},
};
use reme_sync::{DeviceStoreError, Link, LinkStatus, Reach, SyncFault, read_invitation};
use reme_sync_protocol::Collection;
use reme_types::Language;
use tokio::sync::Notify;

use super::{
    app::{App, Shared},
    refusal::Refusal,
    take::{Json, Lang},
    tell,
};
use crate::link::{HouseKeys, chance, kinds, link};

/// How often it is looked whether a sync is due.
const LOOK: Duration = Duration::from_secs(15);
/// How often an invitation from the command line is tried: the portal may start later than we do.
const TRIES: u32 = 20;

/// What the quiet sync knows.
#[derive(Default)]
pub(crate) struct Syncing {
    /// Whoever has just ended a session, or was paired.
    wanted: Mutex<BTreeSet<String>>,
    nudge: Notify,
    /// One sync at a time on this device.
    one: Mutex<()>,
}

impl Syncing {
    /// Somebody has something to send; their sync comes next.
    pub(crate) fn want(&self, slug: &str) {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).insert(slug.to_owned());
        self.nudge.notify_one();
    }

    fn take_wanted(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.wanted.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One patient's store, taken for a step at a time.
pub(crate) struct Step<'a> {
    app: &'a App,
    slug: &'a str,
}

impl Reach for Step<'_> {
    fn with<T>(&self, work: impl FnOnce(&mut Store) -> Result<T, StoreError>) -> Result<T, DeviceStoreError> {
        let done = self.app.with_now(self.slug, |companion| {
            work(companion.store_mut()).map_err(|error| Refusal::ReMe(ReMeError::Store(error)))
        });
        // Its own sentence would name a file; the code says enough.
        done.map_err(|refusal| DeviceStoreError(refusal.status().to_string()))
    }
}

/// Work on one patient's link.
fn with_link<T>(app: &App, slug: &str, work: impl FnOnce(&Link<'_, Step<'_>>) -> T) -> T {
    let keys = HouseKeys { household: app.household(), slug };
    work(&link(Step { app, slug }, &keys))
}

/// A sync now, unless one is under way; then that one is waited for.
fn sync(app: &App, slug: &str) -> Result<(), SyncFault> {
    let _one = app.syncing.one.lock().unwrap_or_else(PoisonError::into_inner);
    with_link(app, slug, |link| link.sync(&mut chance())).map(drop)
}

/// The addresses below a patient's.
pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/sync", get(status))
        .route("/sync/pair", post(pair))
        .route("/sync/now", post(now))
        .route("/sync/share", put(share))
        .route("/sync/unpair", post(unpair))
}

type Served = State<Arc<App>>;
type Done = Result<Answer<SyncDto>, Refusal>;

fn dto(status: LinkStatus, language: Language) -> SyncDto {
    let at = |ms: i64| Timestamp::from_millisecond(ms).ok().map(|at| at.to_string());
    let fault = status.standing.fault;
    let share = |share: reme_sync::Share| SyncShareDto {
        kind: share.collection.slug().to_owned(),
        shared: share.shared,
        waiting: share.waiting,
    };
    let paired = status.paired;
    SyncDto {
        paired: paired.is_some(),
        synced_at: status.standing.synced_ms.and_then(at),
        trouble: fault.map(|fault| fault.slug().to_owned()),
        trouble_text: fault.map(|fault| super::in_words(fault, language)),
        passes: fault.is_none_or(SyncFault::passes),
        shares: status.shares.into_iter().map(share).collect(),
        plan_version: status.plan.map(|(version, ..)| version),
        plan_taken_at: status.plan.and_then(|(_, ms, _)| at(ms)),
        address: paired.as_ref().map(|paired| paired.address.clone()),
        clinic: paired.as_ref().map(|paired| paired.clinic.clone()),
        clinic_patient: paired.map(|paired| paired.patient),
    }
}

/// Does something with the link, and says how it stands then.
async fn then_status(
    app: Arc<App>,
    slug: String,
    language: Language,
    work: impl FnOnce(&App, &str) -> Result<(), SyncFault> + Send + 'static,
) -> Done {
    // Nobody's link is asked about somebody who is not here.
    app.with(slug.clone(), |_| Ok(())).await?;
    app.blocking(move |app| {
        work(app, &slug).map_err(Refusal::Sync)?;
        with_link(app, &slug, |link| link.status()).map_err(Refusal::Sync)
    })
    .await
    .map(|status| Answer(dto(status, language)))
}

async fn status(State(app): Served, Path(slug): Path<String>, Lang(language): Lang) -> Done {
    then_status(app, slug, language, |_, _| Ok(())).await
}

fn named<S: AsRef<str>>(names: &[S]) -> Result<Vec<Collection>, Refusal> {
    kinds(names).map_err(|_| {
        let allowed = Collection::ALL.map(Collection::slug).join(", ");
        ReMeError::Invalid { field: "share", problem: Problem::Choice { allowed } }.into()
    })
}

async fn pair(
    State(app): Served,
    Path(slug): Path<String>,
    Lang(language): Lang,
    Json(asked): Json<SyncPairDto>,
) -> Done {
    let share = named(&asked.share)?;
    then_status(app, slug, language, move |app, slug| {
        let (address, code) = read_invitation(&asked.address, Some(&asked.code))?;
        let _one = app.syncing.one.lock().unwrap_or_else(PoisonError::into_inner);
        with_link(app, slug, |link| link.pair(&address, &code, &share))?;
        app.syncing.want(slug);
        Ok(())
    })
    .await
}

/// A sync that did not succeed is told as how it stands, not as an error: nothing was lost.
async fn now(State(app): Served, Path(slug): Path<String>, Lang(language): Lang) -> Done {
    then_status(app, slug, language, |app, slug| match sync(app, slug) {
        Err(fault @ SyncFault::NotPaired) => Err(fault),
        _ => Ok(()),
    })
    .await
}

async fn share(
    State(app): Served,
    Path(slug): Path<String>,
    Lang(language): Lang,
    Json(asked): Json<SyncShareDto>,
) -> Done {
    let kinds = named(&[asked.kind])?;
    then_status(app, slug, language, move |app, slug| {
        kinds.into_iter().try_for_each(|kind| with_link(app, slug, |link| link.share(kind, asked.shared)))?;
        app.syncing.want(slug);
        Ok(())
    })
    .await
}

async fn unpair(State(app): Served, Path(slug): Path<String>, Lang(language): Lang) -> Done {
    then_status(app, slug, language, |app, slug| {
        let _one = app.syncing.one.lock().unwrap_or_else(PoisonError::into_inner);
        with_link(app, slug, |link| link.unpair())
    })
    .await
}

/// An invitation from the command line: whom, and what for.
#[derive(Debug, Clone)]
pub(crate) struct Invitation {
    slug: String,
    address: String,
}

impl std::str::FromStr for Invitation {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (slug, address) = text.split_once('=').ok_or("write it as NAME=ADDRESS#CODE")?;
        read_invitation(address, None).map_err(|fault| super::in_words(fault, Language::En))?;
        Ok(Self { slug: slug.to_owned(), address: address.to_owned() })
    }
}

/// Syncs whoever is due, until the end. Off for whoever is not paired.
pub(crate) async fn quietly(app: Arc<App>, invitations: Vec<Invitation>) {
    for invitation in invitations {
        let app = Arc::clone(&app);
        tokio::spawn(accept(app, invitation));
    }
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = app.syncing.nudge.notified() => {}
        }
        let wanted = app.syncing.take_wanted();
        let looked = app.blocking(move |app| {
            look(app, &wanted);
            Ok(())
        });
        if looked.await.is_err() {
            tell("the sync by itself met a fault and goes on");
        }
    }
}

fn look(app: &App, wanted: &BTreeSet<String>) {
    for slug in app.household().slugs().unwrap_or_default() {
        if app.ended.is_cancelled() {
            return;
        }
        let is_wanted = wanted.contains(&slug);
        let goes = with_link(app, &slug, |link| if is_wanted { link.may_sync() } else { link.is_due() });
        if goes == Ok(true)
            && let Err(fault) = sync(app, &slug)
            && !fault.passes()
        {
            tell(&format!("a sync needs somebody: {}", fault.slug()));
        }
    }
}

/// Pairs as the command line asks, unless that person is paired already; tries again while the portal is not there yet.
async fn accept(app: Arc<App>, invitation: Invitation) {
    for _ in 0..TRIES {
        let asked = invitation.clone();
        let outcome = app
            .blocking(move |app| {
                let (address, code) = read_invitation(&asked.address, None).map_err(Refusal::Sync)?;
                let _one = app.syncing.one.lock().unwrap_or_else(PoisonError::into_inner);
                with_link(app, &asked.slug, |link| link.pair(&address, &code, &Collection::ALL)).map_err(Refusal::Sync)
            })
            .await;
        match outcome {
            Ok(_) => {
                app.syncing.want(&invitation.slug);
                return tell(&format!("{} is paired", invitation.slug));
            }
            Err(Refusal::Sync(SyncFault::AlreadyPaired)) => return,
            Err(Refusal::Sync(fault)) if fault.passes() => tokio::time::sleep(Duration::from_secs(3)).await,
            Err(Refusal::Sync(fault)) => {
                return tell(&format!("{} was not paired: {}", invitation.slug, super::in_words(fault, Language::En)));
            }
            Err(_) => return,
        }
    }
}
