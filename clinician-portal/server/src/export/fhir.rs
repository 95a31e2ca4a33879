//! A patient as a FHIR R4 bundle (type `collection`).
//!
//! Patient, Device, CarePlan, one Observation for each domain and session, one QuestionnaireResponse for each check-in, and a
//! Provenance over them all.

use std::collections::BTreeMap;

use jiff::Timestamp;
use reme_assessment::DomainTrend;
use reme_types::Language;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    catalog, check_in,
    tables::{check_ins::CheckIn, devices, patients::Patient, plans, sessions::Session},
};

/// Codes of ours; nothing official describes a training's success rate.
const SYSTEM: &str = "urn:reme:observation";
/// Slugs of games.
const GAMES: &str = "urn:reme:game";
/// Answers of the check-in.
const ANSWERS: &str = "urn:reme:check-in-answer";
/// The check-in itself.
const CHECK_IN: &str = "urn:reme:questionnaire:check-in";
/// Units of UCUM.
const UCUM: &str = "http://unitsofmeasure.org";

/// All that goes in.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) patient: Patient,
    pub(crate) devices: Vec<devices::Listed>,
    pub(crate) plan: Option<plans::Version>,
    pub(crate) trends: Vec<DomainTrend>,
    /// By id.
    pub(crate) sessions: BTreeMap<String, Session>,
    pub(crate) check_ins: Vec<CheckIn>,
    pub(crate) now: Timestamp,
}

fn urn(id: &str) -> String {
    format!("urn:uuid:{id}")
}

/// An id for something that has none of its own, the same in every export (RFC 9562, version 5).
fn derived(patient: &str, what: &str) -> String {
    let namespace = Uuid::parse_str(patient).unwrap_or(Uuid::NAMESPACE_OID);
    Uuid::new_v5(&namespace, what.as_bytes()).to_string()
}

fn instant(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(|at| format!("{at:.3}")).unwrap_or_default()
}

/// The bundle.
pub(crate) fn bundle(facts: &Facts) -> Value {
    let subject = urn(&facts.patient.id);
    let mut resources = vec![(facts.patient.id.clone(), patient(&facts.patient))];
    resources.extend(facts.devices.iter().map(|d| (d.id.clone(), device(d, &subject))));
    if let Some(plan) = &facts.plan {
        resources.push((derived(&facts.patient.id, &format!("plan-{}", plan.plan.version)), care_plan(plan, &subject)));
    }
    for trend in &facts.trends {
        for point in &trend.points {
            let id = derived(&facts.patient.id, &format!("{}-{}", point.session_id, trend.domain));
            let played = facts.sessions.get(&point.session_id.to_string());
            resources.push((id, observation(trend, point, &subject, played)));
        }
    }
    resources.extend(facts.check_ins.iter().map(|c| (c.id.clone(), questionnaire_response(c, &subject))));
    let targets: Vec<Value> = resources.iter().map(|(id, _)| json!({ "reference": urn(id) })).collect();
    let provenance = json!({
        "resourceType": "Provenance",
        "target": targets,
        "recorded": format!("{:.3}", facts.now),
        "agent": [{
            "type": { "text": "Software" },
            "who": { "display": format!("ReMe portal {}", env!("CARGO_PKG_VERSION")) }
        }]
    });
    resources.push((derived(&facts.patient.id, "provenance"), provenance));
    let entry = |(id, mut resource): (String, Value)| {
        resource["id"] = json!(id);
        json!({ "fullUrl": urn(&id), "resource": resource })
    };
    json!({
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": format!("{:.3}", facts.now),
        "entry": resources.into_iter().map(entry).collect::<Vec<_>>()
    })
}

fn patient(patient: &Patient) -> Value {
    let mut out = json!({
        "resourceType": "Patient",
        "active": true,
        "name": [{ "text": patient.name }],
        "communication": [{
            "language": { "coding": [{ "system": "urn:ietf:bcp:47", "code": patient.language }] },
            "preferred": true
        }]
    });
    if !patient.reference.is_empty() {
        out["identifier"] = json!([{ "value": patient.reference }]);
    }
    if let Some(day) = &patient.born_on {
        out["birthDate"] = json!(day);
    }
    out
}

fn device(device: &devices::Listed, subject: &str) -> Value {
    json!({
        "resourceType": "Device",
        "status": if device.revoked_ms.is_some() { "inactive" } else { "active" },
        "deviceName": [{ "name": device.platform, "type": "other" }],
        "version": [{ "value": device.app_version }],
        "patient": { "reference": subject }
    })
}

fn care_plan(version: &plans::Version, subject: &str) -> Value {
    let plan = &version.plan;
    let activity = |game: &reme_sync_protocol::GamePlanMessage| {
        json!({ "detail": {
            "status": "in-progress",
            "code": {
                "coding": [{ "system": GAMES, "code": game.game }],
                "text": catalog::title(&game.game, Language::En)
            },
            "description": format!("Levels {} to {}", game.min_level, game.max_level)
        } })
    };
    let dose = &plan.dose;
    let mut out = json!({
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "plan",
        "title": "Memory training at home",
        "description": format!(
            "{} sessions a week of {} minutes, at most {} minutes a day (version {})",
            dose.sessions_per_week, dose.session_minutes, dose.daily_cap_minutes, plan.version
        ),
        "subject": { "reference": subject },
        "created": instant(plan.set_ms),
        "author": { "display": plan.set_by },
        "activity": plan.games.iter().map(activity).collect::<Vec<_>>()
    });
    let mut period = serde_json::Map::new();
    for (name, day) in [("start", plan.starts_on), ("end", plan.ends_on)] {
        if let Some(day) = day {
            period.insert(name.into(), json!(day.to_string()));
        }
    }
    if !period.is_empty() {
        out["period"] = Value::Object(period);
    }
    out
}

fn observation(
    trend: &DomainTrend,
    point: &reme_assessment::SessionPoint,
    subject: &str,
    played: Option<&Session>,
) -> Value {
    let quantity =
        |value: f64, unit: &str, code: &str| json!({ "value": value, "unit": unit, "system": UCUM, "code": code });
    let component = |code: &str, quantity: Value| json!({ "code": { "coding": [{ "system": SYSTEM, "code": code }] }, "valueQuantity": quantity });
    let mut components = vec![
        component("interval-low", quantity(point.low, "1", "1")),
        component("interval-high", quantity(point.high, "1", "1")),
        component("trials", quantity(f64::from(point.trials), "trials", "{trials}")),
    ];
    components.extend(point.mean_rung.map(|rung| component("mean-rung", quantity(rung, "1", "1"))));
    let mut out = json!({
        "resourceType": "Observation",
        "status": "final",
        "category": [{ "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "activity"
        }] }],
        "code": {
            "coding": [{ "system": SYSTEM, "code": format!("success-{}", trend.domain) }],
            "text": format!("Success rate in training, {}", trend.domain)
        },
        "subject": { "reference": subject },
        "effectiveDateTime": played.map_or_else(|| point.date.to_string(), |s| instant(s.started_ms)),
        "valueQuantity": quantity(point.success, "1", "1"),
        "component": components
    });
    if let Some(session) = played {
        out["device"] = json!({ "reference": urn(&session.device) });
    }
    out
}

fn questionnaire_response(check_in: &CheckIn, subject: &str) -> Value {
    let coded = |question: &check_in::Question, code: &str| {
        let display = question.answers.iter().find(|(known, _)| *known == code).map_or(code, |(_, display)| *display);
        json!({
            "linkId": question.field,
            "text": question.text,
            "answer": [{ "valueCoding": {
                "system": format!("{ANSWERS}:{}", question.field), "code": code, "display": display
            } }]
        })
    };
    let mut items = vec![json!({
        "linkId": "day", "text": "The day it is about", "answer": [{ "valueDate": check_in.day }]
    })];
    let answered = check_in::QUESTIONS.iter().zip(&check_in.answers).filter(|(_, code)| !code.is_empty());
    items.extend(answered.map(|(question, code)| coded(question, code)));
    if !check_in.remark.is_empty() {
        let answer = json!([{ "valueString": check_in.remark }]);
        items.push(json!({ "linkId": "remark", "text": "Anything else", "answer": answer }));
    }
    let mut out = json!({
        "resourceType": "QuestionnaireResponse",
        "questionnaire": format!("{CHECK_IN}|{}", check_in::VERSION),
        "status": "completed",
        "subject": { "reference": subject },
        "authored": instant(check_in.made_ms),
        "item": items
    });
    // The account may be gone, and an empty name is no name.
    if !check_in.made_by.is_empty() {
        out["author"] = json!({ "display": check_in.made_by });
    }
    out
}
