//! From a device's session to what the clinician sees, and back to the device as a plan; leaving without a trace.

mod common;

use std::{net::SocketAddr, sync::Arc};

use common::{Client, FRANK, GU, On, Portal};
use jiff::{Timestamp, civil::Date};
use reme_assessment::{Direction, trends};
use reme_sync::HttpPeer;
use reme_sync_protocol::{
    Cursor, Envelope, Hello, PROTOCOL_VERSION, PairRequest, Payload, PlanReceipt, Record, SyncPeer, conformance::sample,
};
use reme_types::{Cue, Domain, InputMode, MatchedBy, Outcome, Rng, SeededRng, SessionId, Trial, TrialId, Verdict};
use serde_json::{Value, json};
use uuid::Uuid;

on_both!(
    trends_are_those_of_the_assessment,
    a_plan_goes_out_and_comes_back_as_delivered,
    an_erased_patient_leaves_ids_in_the_log_and_nothing_else,
    what_is_exported_is_whole,
    the_list_says_who_needs_a_look_and_adherence_adds_up,
    two_processes_serve_one_clinic,
    a_trend_speaks_of_the_days_asked_for_and_of_what_is_left,
    games_have_the_titles_levels_and_domains_of_their_templates,
    a_check_in_is_kept_shown_and_exported,
    the_log_names_a_device_by_what_it_is,
);

/// Pairs device `number` with a patient and returns its way to the portal, on a thread where blocking is fine.
async fn device(portal: &Portal, clinician: &mut Client, patient: &str, number: u64) -> HttpPeer {
    let code = clinician.post(&format!("/api/patients/{patient}/pairing-codes"), json!({})).await.json();
    let code = code["code"].as_str().expect("a code").parse().expect("a code");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address")).parse().expect("an address");
    let service = portal.router.clone().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let mut peer = HttpPeer::new(address, sample::device(number), sample::key(number), Arc::new(portal.clock.clone()));
    let request = PairRequest {
        code,
        device: sample::device(number),
        public_key: sample::key(number).public(),
        platform: "test".into(),
        app_version: "0.1.0".into(),
        consents: sample::consents(),
    };
    let hello = Hello { protocol: PROTOCOL_VERSION, app_version: "0.1.0".into(), consents: sample::consents() };
    blocking(move || {
        peer.pair(&request).expect("pairs");
        peer.hello(&hello).expect("is heard");
        peer
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("does not panic")
}

fn envelope(record: Record) -> Envelope {
    Envelope { consent: sample::consent(record.collection).id, record }
}

/// Trials of a few sessions, drawn from a seed, with everything in them that must not count.
fn drawn(seed: u64) -> Vec<(Record, Trial)> {
    let mut rng = SeededRng::new(seed);
    let mut out = Vec::new();
    for n in 0..120u64 {
        let record = sample::record(1, n, n);
        let Some(Payload::Trial(mut payload)) = record.payload.clone() else { unreachable!("a trial") };
        payload.domain = [Domain::Episodic, Domain::Working, Domain::Speed][rng.below(3)];
        payload.rung = (rng.below(2) == 0).then(|| rng.below(8) as u8);
        payload.score = [0.0, 0.25, 0.5, 1.0][rng.below(4)];
        payload.practice = rng.below(10) == 0;
        payload.matched_by = if rng.below(8) == 0 { MatchedBy::Model } else { MatchedBy::Exact };
        let trial = Trial {
            id: record.row.parse::<TrialId>().expect("an id"),
            session_id: payload.session_id,
            seq: payload.seq,
            block: 0,
            game: payload.game.clone(),
            template_version: payload.template_version.clone(),
            input: InputMode::Typed,
            at: Timestamp::UNIX_EPOCH,
            outcome: Outcome {
                kind: payload.trial_kind.clone(),
                domain: payload.domain,
                level: payload.level,
                practice: payload.practice,
                verdict: Verdict::Correct,
                score: payload.score,
                cue: payload.rung.and_then(Cue::from_rung),
                rt_ms: payload.rt_ms,
                matched_by: payload.matched_by,
                confidence: 1.0,
                memory_id: None,
                fact_id: None,
                data: "{}".into(),
                scorer: 1,
            },
        };
        out.push((Record { payload: Some(Payload::Trial(payload)), ..record }, trial));
    }
    out
}

/// Sessions of the drawn trials, one a day.
fn sessions(trials: &[(Record, Trial)]) -> Vec<(SessionId, Date, Record)> {
    let mut ids: Vec<SessionId> = trials.iter().map(|(_, trial)| trial.session_id).collect();
    ids.dedup();
    let day = |n: usize| Date::constant(2026, 11, 1).saturating_add(jiff::Span::new().days(n as i64));
    let session = |(n, id): (usize, SessionId)| {
        let mut record = sample::session_record(1, n as u64, 500 + n as u64, "done");
        record.row = id.to_string();
        if let Some(Payload::Session(session)) = &mut record.payload {
            session.day = day(n);
        }
        (id, day(n), record)
    };
    ids.into_iter().enumerate().map(session).collect()
}

async fn trends_are_those_of_the_assessment(on: On) {
    let portal = Portal::new(on).await;
    let mut clinician = portal.clinician().await;
    let patient = clinician.post("/api/patients", common::patient_input("New")).await.json();
    let patient = patient["id"].as_str().expect("an id").to_owned();
    let mut peer = device(&portal, &mut clinician, &patient, 1).await;
    let trials = drawn(7);
    let sessions = sessions(&trials);
    let batch: Vec<Envelope> =
        trials.iter().map(|(r, _)| r.clone()).chain(sessions.iter().map(|(.., r)| r.clone())).map(envelope).collect();
    blocking(move || peer.push(&batch).expect("is kept")).await;

    let log: Vec<Trial> = trials.into_iter().map(|(_, trial)| trial).collect();
    let expected = trends(&log, |id| sessions.iter().find(|(s, ..)| *s == id).map(|(_, day, _)| *day));
    let shown = clinician.get(&format!("/api/patients/{patient}/trends")).await.json();
    let domains = shown["domains"].as_array().expect("a list");
    assert_eq!(domains.len(), expected.len());
    for (shown, expected) in domains.iter().zip(&expected) {
        assert_eq!(shown["domain"], expected.domain.slug());
        let direction = match expected.direction {
            Direction::TooEarly => "too-early",
            Direction::Rising => "rising",
            Direction::Steady => "steady",
            Direction::Falling => "falling",
        };
        assert_eq!(shown["direction"], direction);
        let points = shown["points"].as_array().expect("a list");
        assert_eq!(points.len(), expected.points.len());
        for (shown, expected) in points.iter().zip(&expected.points) {
            assert_eq!((&shown["session"], &shown["day"]), (&json!(expected.session_id), &json!(expected.date)));
            assert_eq!(shown["trials"], expected.trials);
            for (name, value) in [("success", expected.success), ("low", expected.low), ("high", expected.high)] {
                let shown = shown[name].as_f64().expect("a number");
                assert!((shown - value).abs() < 1e-9, "{name}: {shown} for {value}");
            }
            let rungs = (shown["mean_rung"].as_f64(), expected.mean_rung);
            assert!(rungs.0.zip(rungs.1).map_or(rungs == (None, None), |(a, b)| (a - b).abs() < 1e-9), "{rungs:?}");
        }
    }
    assert_eq!(shown["rungs"], json!(reme_assessment::rung_histogram(&log)));
}

fn plan_body(based_on: u32, minutes: u16) -> Value {
    json!({
        "based_on": based_on, "games": [{"game": "colour-words", "min_level": 2, "max_level": 3}], "sessions_per_week": 4,
        "session_minutes": minutes, "daily_cap_minutes": 40, "language": "zh-CN", "starts_on": "2026-12-01",
        "ends_on": "2027-02-28", "note": "More of flexibility",
    })
}

async fn a_plan_goes_out_and_comes_back_as_delivered(on: On) {
    let portal = Portal::new(on).await;
    let mut clinician = portal.clinician().await;
    let mut peer = device(&portal, &mut clinician, FRANK, 1).await;
    let path = format!("/api/patients/{FRANK}/plan");
    let put = clinician.put(&path, plan_body(1, 25)).await;
    assert_eq!((put.status, put.json()["version"].as_u64()), (200, Some(2)), "{}", put.text());
    assert_eq!(put.json()["set_by"], "Dr Ines Falk", "the author is who is logged in");
    let delivery = async |clinician: &mut Client| {
        let plans = clinician.get(&path).await.json();
        let deliveries = plans["deliveries"].as_array().expect("a list").clone();
        deliveries.into_iter().find(|d| d["device"] == sample::device(1).to_string() && d["version"] == 2)
    };
    assert_eq!(delivery(&mut clinician).await, None, "not sent yet");
    let (plan, mut peer) = blocking(move || (peer.pull(Cursor::default()).expect("pulls").plan, peer)).await;
    let plan = plan.expect("a plan");
    assert_eq!((plan.version, plan.dose.session_minutes, plan.language.as_deref()), (2, 25, Some("zh-CN")));
    assert_eq!(plan.starts_on, Some(Date::constant(2026, 12, 1)));
    let sent = delivery(&mut clinician).await.expect("sent");
    assert_eq!(sent["taken_ms"], Value::Null);
    blocking(move || peer.plan_taken(PlanReceipt { version: 2, taken_ms: 77 }).expect("is noted")).await;
    assert_eq!(delivery(&mut clinician).await.expect("sent")["taken_ms"], 77);

    let undone = clinician.post(&format!("{path}/undo"), json!({"version": 2})).await.json();
    assert_eq!((&undone["version"], &undone["session_minutes"]), (&json!(3), &json!(20)), "the first comes again");
    assert_eq!(clinician.post(&format!("{path}/undo"), json!({"version": 2})).await.status, 409, "undone already");
    let plans = clinician.get(&path).await.json();
    let versions: Vec<_> = plans["versions"].as_array().expect("a list").iter().map(|v| v["version"].clone()).collect();
    assert_eq!(versions, [3, 2, 1]);
}

async fn an_erased_patient_leaves_ids_in_the_log_and_nothing_else(on: On) {
    let portal = Portal::new(on).await;
    let mut clinician = portal.clinician().await;
    let mut peer = device(&portal, &mut clinician, FRANK, 1).await;
    clinician.post(&format!("/api/patients/{FRANK}/notes"), json!({"text": "Likes herring"})).await;
    let erased = clinician.post(&format!("/api/patients/{FRANK}/erase"), json!({"name": "Frank Delaney"})).await;
    assert_eq!(erased.status, 204, "{}", erased.text());
    assert_eq!(clinician.get(&format!("/api/patients/{FRANK}")).await.status, 404);
    assert_eq!(clinician.get(&format!("/api/patients/{GU}")).await.status, 200);
    let refused = blocking(move || peer.digest()).await;
    assert!(matches!(refused, Err(reme_sync_protocol::PeerError::Refused(_))), "{refused:?}");
    let mut admin = portal.admin().await;
    let log = admin.get("/api/audit").await.text();
    assert!(log.contains(FRANK) && log.contains("patient:erase"));
    assert!(!log.contains("Frank Delaney") && !log.contains("herring"), "no name and no word is in the log");
    assert_eq!(admin.get("/api/audit/chain").await.json()["broken_at"], Value::Null);
}

async fn what_is_exported_is_whole(on: On) {
    let portal = Portal::new(on).await;
    let mut clinician = portal.clinician().await;
    let path = format!("/api/patients/{FRANK}");
    let csv = clinician.get(&format!("{path}/trials.csv")).await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8; header=present");
    let csv = csv.text();
    let mut shown = 0;
    let mut before = String::new();
    loop {
        let page = clinician.get(&format!("{path}/sessions{before}")).await.json();
        let page = page.as_array().expect("a list").clone();
        let Some(last) = page.last() else { break };
        before = format!("?before_ms={}", last["started_ms"]);
        shown += page.iter().map(|s| s["trials"].as_u64().expect("a number")).sum::<u64>();
    }
    assert_eq!(csv.lines().count() as u64, shown + 1, "every trial and a header");
    let columns = csv.lines().next().expect("a header").split(',').count();
    let dictionary = clinician.get("/api/data-dictionary.csv").await.text();
    assert_eq!(dictionary.lines().count(), columns + 1, "every column is explained");

    let bundle = clinician.get(&format!("{path}/fhir")).await;
    assert_eq!(bundle.headers["content-type"], "application/fhir+json; charset=utf-8");
    let bundle = bundle.json();
    let entries = bundle["entry"].as_array().expect("entries");
    let urls: std::collections::BTreeSet<&str> = entries.iter().filter_map(|e| e["fullUrl"].as_str()).collect();
    assert_eq!(urls.len(), entries.len(), "every resource has an address of its own");
    let kinds: std::collections::BTreeSet<&str> =
        entries.iter().filter_map(|e| e["resource"]["resourceType"].as_str()).collect();
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["CarePlan", "Device", "Observation", "Patient", "Provenance", "QuestionnaireResponse"]
    );
    for entry in entries {
        let id = entry["resource"]["id"].as_str().expect("an id");
        assert!(Uuid::parse_str(id).is_ok() && entry["fullUrl"] == format!("urn:uuid:{id}"));
        for name in ["subject", "patient", "device"] {
            if let Some(target) = entry["resource"][name]["reference"].as_str() {
                assert!(urls.contains(target), "{target} points out of the bundle");
            }
        }
    }
    let played: Vec<_> = entries.iter().filter(|e| e["resource"]["resourceType"] == "Observation").collect();
    assert!(
        played.iter().all(|o| o["resource"]["device"]["reference"].is_string()),
        "also those of a page further back"
    );
    let session = clinician.get(&format!("{path}/sessions")).await.json()[0]["id"].as_str().expect("an id").to_owned();
    clinician.language = "zh-CN";
    let note = clinician.get(&format!("{path}/sessions/{session}/note")).await.json();
    let note = note["text"].as_str().expect("text");
    assert!(note.starts_with("居家记忆训练（忆我）") && note.contains("字的颜色"), "{note}");
}

async fn the_list_says_who_needs_a_look_and_adherence_adds_up(on: On) {
    let portal = Portal::new(on).await;
    let mut carer = portal.carer().await;
    let list = carer.get("/api/patients").await.json();
    let of = |id: &str| list.as_array().expect("a list").iter().find(|p| p["id"] == id).expect("listed").clone();
    assert_eq!(of(FRANK)["attention"], json!([]), "{list}");
    assert_eq!(of(GU)["attention"], json!(["below-dose"]), "trains less and less");
    for id in [FRANK, GU] {
        let alone = carer.get(&format!("/api/patients/{id}")).await.json();
        assert_eq!(alone["attention"], of(id)["attention"], "the same reasons on the patient's page");
    }
    assert_eq!(carer.get("/api/patients?q=%E9%A1%BE").await.json().as_array().map(Vec::len), Some(1));
    let path = format!("/api/patients/{FRANK}");
    let days = carer.get(&format!("{path}/adherence?from=2026-10-01&to=2026-11-30")).await.json();
    let done: i64 = days.as_array().expect("a list").iter().map(|d| d["done"].as_i64().expect("a number")).sum();
    assert_eq!(done, 18, "three a week for six weeks");
    for (query, field) in
        [("from=2026-11-30&to=2026-11-01", "to"), ("from=1990-01-01&to=2026-11-01", "to"), ("from=x&to=y", "from")]
    {
        let answer = carer.get(&format!("{path}/adherence?{query}")).await;
        assert_eq!((answer.status, answer.json()["field"].as_str()), (422, Some(field)), "{query}");
    }
}

async fn two_processes_serve_one_clinic(on: On) {
    let first = Portal::new(on).await;
    let second = Portal::open(&first.url, first.clock.clone(), common::config()).await;
    let mut here = first.clinician().await;
    let mut there = second.client();
    (there.cookie, there.csrf) = (here.cookie.clone(), here.csrf.clone());
    // Both write at once: notes, and with each an audit row in one chain.
    let write = |client: &Client, name: &'static str| {
        let mut client = client.clone();
        async move {
            for n in 0..20 {
                let body = json!({ "text": format!("{name} {n}") });
                let answer = client.post(&format!("/api/patients/{FRANK}/notes"), body).await;
                assert_eq!(answer.status, 201, "{}", answer.text());
            }
        }
    };
    tokio::join!(write(&here, "here"), write(&there, "there"), write(&here, "also here"));
    assert_eq!(there.get(&format!("/api/patients/{FRANK}/notes")).await.json().as_array().map(Vec::len), Some(60));
    assert_eq!(here.get("/api/me").await.status, 200);
    let mut admin = first.admin().await;
    let chain = admin.get("/api/audit/chain").await.json();
    assert_eq!(chain["broken_at"], Value::Null);
    assert!(chain["rows"].as_i64().expect("a number") >= 61, "{chain}");
}

/// Trials behind all points of an answer.
fn counted(trends: &Value) -> u64 {
    let points =
        trends["domains"].as_array().expect("a list").iter().flat_map(|d| d["points"].as_array().expect("a list"));
    points.map(|p| p["trials"].as_u64().expect("a number")).sum()
}

async fn a_trend_speaks_of_the_days_asked_for_and_of_what_is_left(on: On) {
    let portal = Portal::new(on).await;
    let mut clinician = portal.clinician().await;
    let path = format!("/api/patients/{FRANK}");
    let all = clinician.get(&format!("{path}/trends")).await.json();
    assert_eq!(counted(&all), 18 * 30);
    let days: Vec<&str> =
        all["domains"][0]["points"].as_array().expect("a list").iter().filter_map(|p| p["day"].as_str()).collect();
    let (from, to) = (days[3], days[5]);
    let part = clinician.get(&format!("{path}/trends?from={from}&to={to}")).await.json();
    assert_eq!(counted(&part), 3 * 30);
    let rungs =
        |answer: &Value| answer["rungs"].as_array().expect("a list").iter().filter_map(Value::as_u64).sum::<u64>();
    assert_eq!((rungs(&part), rungs(&all)), (3 * 10, 18 * 10), "ten laddered trials a session");
    assert_eq!(counted(&clinician.get(&format!("{path}/trends?from={to}")).await.json()), 13 * 30);
    for (query, field) in
        [("from=2026-11-30&to=2026-11-01", "to"), ("from=yesterday", "from"), ("to=-000001-01-01", "to")]
    {
        let answer = clinician.get(&format!("{path}/trends?{query}")).await;
        assert_eq!((answer.status, answer.json()["field"].as_str()), (422, Some(field)), "{query}");
    }
    // One trial, then a whole session is taken away: the sums follow.
    let session = clinician.get(&format!("{path}/sessions")).await.json()[0]["id"].as_str().expect("an id").to_owned();
    let detail = clinician.get(&format!("{path}/sessions/{session}")).await.json();
    let trial = detail["trials"][0]["id"].as_str().expect("an id");
    assert_eq!(clinician.delete(&format!("{path}/trials/{trial}")).await.status, 204);
    assert_eq!(counted(&clinician.get(&format!("{path}/trends")).await.json()), 18 * 30 - 1);
    assert_eq!(clinician.delete(&format!("{path}/sessions/{session}")).await.status, 204);
    let left = clinician.get(&format!("{path}/trends")).await.json();
    assert_eq!((counted(&left), rungs(&left)), (17 * 30, 17 * 10));
}

async fn games_have_the_titles_levels_and_domains_of_their_templates(on: On) {
    let portal = Portal::new(on).await;
    let mut clinician = portal.clinician().await;
    let games = clinician.get("/api/games").await.json();
    let slugs: Vec<&str> =
        games["games"].as_array().expect("a list").iter().filter_map(|g| g["game"].as_str()).collect();
    assert_eq!(slugs, reme_games::builtin_slugs());
    for game in games["games"].as_array().expect("a list") {
        let bundle = reme_games::Bundle::builtin(game["game"].as_str().expect("a slug")).expect("ships");
        assert_eq!(game["title"]["en"], bundle.title(reme_types::Language::En));
        assert_eq!(game["title"]["zh-CN"], bundle.title(reme_types::Language::ZhCn));
        assert_eq!(game["levels"], bundle.template.top_level());
        assert_eq!(game["domains"], json!([bundle.template.domain.slug()]));
    }
    // A clinic that has published no list plans from what ships.
    let (mut other, patient) = portal.other_clinic().await;
    let unpublished = other.get("/api/games").await.json();
    assert_eq!((&unpublished["version"], &unpublished["games"]), (&json!(0), &games["games"]));
    let path = format!("/api/patients/{patient}/plan");
    let mut plan = plan_body(0, 20);
    plan["games"][0]["max_level"] = json!(6);
    let answer = other.put(&path, plan).await;
    assert_eq!((answer.status, answer.json()["field"].as_str()), (422, Some("games.max_level")), "it has five levels");
}

async fn a_check_in_is_kept_shown_and_exported(on: On) {
    let portal = Portal::new(on).await;
    let mut carer = portal.carer().await;
    let mut clinician = portal.clinician().await;
    let path = format!("/api/patients/{FRANK}/check-ins");
    let before = carer.get(&path).await.json().as_array().map_or(0, Vec::len);
    let day = "2026-11-20";
    let body = json!({"day": day, "mood": "low", "help": "much", "remark": "Slept badly <b>twice</b>."});
    let added = carer.post(&path, body).await;
    assert_eq!(added.status, 201, "{}", added.text());
    let shown = clinician.get(&path).await.json();
    assert_eq!(shown.as_array().map(Vec::len), Some(before + 1));
    let kept = shown.as_array().expect("a list").iter().find(|c| c["id"] == added.json()["id"]).expect("is there");
    assert_eq!((&kept["mood"], &kept["willingness"], &kept["made_by"]), (&json!("low"), &json!(""), &json!("林小雨")));
    for (field, body) in [
        ("day", json!({"day": "soon", "mood": "low"})),
        ("day", json!({"day": "2031-01-01", "mood": "low"})),
        ("mood", json!({"day": day, "mood": "<script>"})),
        ("willingness", json!({"day": day})),
        ("remark", json!({"day": day, "mood": "low", "remark": "x".repeat(1_001)})),
        ("remark", json!({"day": day, "mood": "low", "remark": "a\u{0}b"})),
    ] {
        let answer = carer.post(&path, body).await;
        assert_eq!((answer.status, answer.json()["field"].as_str()), (422, Some(field)), "{}", answer.text());
    }
    let bundle = clinician.get(&format!("/api/patients/{FRANK}/fhir")).await.json();
    let responses: Vec<&Value> = bundle["entry"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|e| &e["resource"])
        .filter(|r| r["resourceType"] == "QuestionnaireResponse")
        .collect();
    assert_eq!(responses.len(), before + 1);
    let mine = responses.iter().find(|r| r["id"] == added.json()["id"]).expect("exported");
    let answered: Vec<&str> =
        mine["item"].as_array().expect("items").iter().filter_map(|i| i["linkId"].as_str()).collect();
    assert_eq!(answered, ["day", "mood", "help", "remark"], "what was left open is not answered for anybody");
}

async fn the_log_names_a_device_by_what_it_is(on: On) {
    let portal = Portal::new(on).await;
    let mut clinician = portal.clinician().await;
    let mut peer = device(&portal, &mut clinician, FRANK, 1).await;
    blocking(move || peer.pull(Cursor::default()).expect("answers")).await;
    let log = clinician.get(&format!("/api/patients/{FRANK}/audit")).await.json();
    let of =
        |kind: &str| log.as_array().expect("rows").iter().find(|row| row["actor_kind"] == kind).expect("a row").clone();
    assert_eq!((&of("device")["platform"], &of("device")["name"]), (&json!("test"), &Value::Null));
    assert_eq!((&of("account")["platform"], &of("account")["name"]), (&Value::Null, &json!("Dr Ines Falk")));
}
