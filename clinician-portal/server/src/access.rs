//! Who may do what, as types.
//!
//! A handler that reads or changes something takes a proof: [`Allowed<R>`] for the clinic, [`OnPatient<R>`] for one patient.
//! Proofs are only made here, from a request: log-in, request token, role, and for a patient also clinic and, for carers, the
//! link are checked, and a row of the audit log is on disk before the handler runs. The functions of [`crate::tables`] ask for
//! the proof of the right they need and take clinic and patient from it, so another clinic's id leads nowhere.

use std::{marker::PhantomData, sync::Arc};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{Method, request::Parts},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::App,
    audit::Entry,
    error::Fault,
    tables::{patients, web_sessions::WebSession},
};

/// Header that repeats the session's request token; a page of another origin cannot know it.
pub const CSRF_HEADER: &str = "x-csrf";

/// What somebody is at a clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Keeps accounts and reads the audit log; sees no patient.
    Admin,
    /// Treats the clinic's patients.
    Clinician,
    /// Cares for the patients linked to the account.
    Carer,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Clinician, Self::Carer];

    /// The stable name.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Clinician => "clinician",
            Self::Carer => "carer",
        }
    }

    /// The role of that name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.slug() == slug)
    }
}

/// Something that may be done.
pub trait Right: Send + Sync + 'static {
    /// Stable name, also the action in the audit log and the scope in the API description.
    const NAME: &'static str;
    /// Who may.
    const ROLES: &'static [Role];
    /// Whether doing it for the whole clinic leaves an audit row. For one patient it always does.
    const AUDITED: bool;
}

macro_rules! rights {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $audited:literal, [$($role:ident),*];)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $name;
            impl Right for $name {
                const NAME: &'static str = $slug;
                const ROLES: &'static [Role] = &[$(Role::$role),*];
                const AUDITED: bool = $audited;
            }
        )*
        /// Every right with who has it.
        pub const RIGHTS: &[(&str, &[Role])] = &[$(($slug, &[$(Role::$role),*])),*];
    };
}

rights! {
    /// Own account, own sessions.
    OwnAccount = "account:own", false, [Admin, Clinician, Carer];
    /// See who works here.
    ReadStaff = "staff:read", false, [Admin, Clinician];
    /// Invite and disable accounts.
    ManageStaff = "staff:manage", true, [Admin];
    /// Read the whole audit log.
    ReadAudit = "audit:read", true, [Admin];
    /// Read what concerns one patient in the audit log.
    ReadPatientAudit = "audit:read-patient", true, [Clinician, Carer];
    /// The list of patients: a carer's has only the linked ones.
    ListPatients = "patients:list", true, [Clinician, Carer];
    /// Add a patient.
    AddPatient = "patients:add", true, [Clinician];
    /// One patient's particulars.
    ReadPatient = "patient:read", true, [Clinician, Carer];
    /// Change them.
    ChangePatient = "patient:change", true, [Clinician];
    /// Erase a patient with all that was sent.
    ErasePatient = "patient:erase", true, [Clinician];
    /// Take all of a patient's data out.
    ExportPatient = "patient:export", true, [Clinician];
    /// Link a carer to a patient.
    LinkCarer = "carers:link", true, [Clinician];
    /// See a patient's devices.
    ReadDevices = "devices:read", true, [Clinician, Carer];
    /// Make a pairing code.
    PairDevice = "devices:pair", true, [Clinician, Carer];
    /// Unpair a device.
    RemoveDevice = "devices:remove", true, [Clinician];
    /// See the plan and its delivery.
    ReadPlan = "plan:read", true, [Clinician, Carer];
    /// Change the plan.
    ChangePlan = "plan:change", true, [Clinician];
    /// Sessions, trials, adherence, trends.
    ReadTraining = "training:read", true, [Clinician, Carer];
    /// Take a session or a trial away that somebody else played.
    RemoveTraining = "training:remove", true, [Clinician];
    /// Clinical notes.
    ReadNotes = "notes:read", true, [Clinician];
    /// Write one.
    WriteNotes = "notes:write", true, [Clinician];
    /// Check-ins: how training goes at home.
    ReadCheckIns = "check-ins:read", true, [Clinician, Carer];
    /// Keep one.
    WriteCheckIns = "check-ins:write", true, [Clinician, Carer];
    /// The clinic's list of games.
    ReadGames = "games:read", false, [Admin, Clinician, Carer];
    /// Change it.
    ChangeGames = "games:change", true, [Clinician];
}

/// Who is logged in.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    pub(crate) clinic: String,
    pub(crate) account: String,
    pub(crate) role: Role,
    pub(crate) session: String,
}

/// Proof that the caller is logged in and may do `R` in their clinic.
#[derive(Debug)]
pub struct Allowed<R: Right> {
    actor: Actor,
    right: PhantomData<R>,
}

impl<R: Right> Allowed<R> {
    pub(crate) fn clinic(&self) -> &str {
        &self.actor.clinic
    }
    pub(crate) fn account(&self) -> &str {
        &self.actor.account
    }
    pub(crate) const fn role(&self) -> Role {
        self.actor.role
    }
    pub(crate) fn session(&self) -> &str {
        &self.actor.session
    }
}

/// Proof that the caller may do `R` with the patient in the request's path.
#[derive(Debug)]
pub struct OnPatient<R: Right> {
    actor: Actor,
    patient: String,
    right: PhantomData<R>,
}

impl<R: Right> OnPatient<R> {
    pub(crate) fn clinic(&self) -> &str {
        &self.actor.clinic
    }
    pub(crate) fn account(&self) -> &str {
        &self.actor.account
    }
    pub(crate) fn patient(&self) -> &str {
        &self.patient
    }
}

/// A right that carries the right to look as well: who erases or exports a patient reads everything on the way.
pub trait Covers<R: Right>: Right {}
impl<R: Right> Covers<R> for R {}
impl Covers<ReadTraining> for ExportPatient {}
impl Covers<ReadPatient> for ExportPatient {}
impl Covers<ReadPlan> for ExportPatient {}
impl Covers<ReadDevices> for ExportPatient {}
impl Covers<ReadCheckIns> for ExportPatient {}
impl Covers<ReadPlan> for ChangePlan {}
impl Covers<ReadPatient> for ErasePatient {}

impl<R: Right> FromRequestParts<Arc<App>> for Allowed<R> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let actor = actor(parts)?;
        let may = R::ROLES.contains(&actor.role);
        if R::AUDITED || !may {
            app.audit.record(entry::<R>(app, &actor, None, may)).await?;
        }
        if !may {
            return Err(Fault::Forbidden);
        }
        Ok(Self { actor, right: PhantomData })
    }
}

impl<R: Right> FromRequestParts<Arc<App>> for OnPatient<R> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let actor = actor(parts)?;
        let path = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Fault::NotFound("patient"))?;
        let patient = path.iter().find(|(name, _)| *name == "patient").map(|(_, value)| value);
        // Only an id goes into the log, whatever stands in the path.
        let patient = patient.and_then(|text| uuid::Uuid::parse_str(text).ok()).map(|id| id.to_string());
        let may = R::ROLES.contains(&actor.role);
        let theirs = match (&patient, may) {
            (Some(patient), true) => patients::is_theirs(&app.db, &actor, patient).await?,
            _ => false,
        };
        app.audit.record(entry::<R>(app, &actor, patient.clone(), theirs)).await?;
        match patient {
            _ if !may => Err(Fault::Forbidden),
            Some(patient) if theirs => Ok(Self { actor, patient, right: PhantomData }),
            _ => Err(Fault::NotFound("patient")),
        }
    }
}

fn entry<R: Right>(app: &App, actor: &Actor, patient: Option<String>, may: bool) -> Entry {
    Entry {
        clinic: actor.clinic.clone(),
        at_ms: app.now_ms(),
        actor_kind: "account",
        actor: actor.account.clone(),
        action: R::NAME,
        patient,
        outcome: if may { "allowed" } else { "denied" },
        detail: String::new(),
    }
}

/// The session that [`crate::account::session::layer`] found, if the request also carries its token.
fn actor(parts: &Parts) -> Result<Actor, Fault> {
    let session = parts.extensions.get::<WebSession>().ok_or(Fault::LoggedOut)?;
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        let token = parts.headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !same(token, &session.csrf) {
            return Err(Fault::Csrf);
        }
    }
    Ok(Actor {
        clinic: session.clinic.clone(),
        account: session.account.clone(),
        role: session.role,
        session: session.id.clone(),
    })
}

/// Compares secrets in a time that does not depend on where they differ.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differ, (x, y)| differ | (x ^ y)) == 0
}
