//! The real portal, over HTTP, on each database, passes the suite that every peer must pass.

mod common;

use std::{net::SocketAddr, sync::Arc};

use common::{Client, On, Portal, patient_input};
use reme_sync::HttpPeer;
use reme_sync_protocol::{
    GameList, PairingCode, PlanMessage, RowKey,
    conformance::{Harness, sample},
};
use reme_types::DeviceId;
use serde_json::json;
use tokio::runtime::Runtime;

struct OverHttp {
    runtime: Runtime,
    portal: Portal,
    clinician: Client,
    address: SocketAddr,
    patients: Vec<String>,
}

impl OverHttp {
    fn new(on: On) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let (portal, clinician, address) = runtime.block_on(async {
            let portal = Portal::new(on).await;
            let clinician = portal.clinician().await;
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("an address");
            let service = portal.router.clone().into_make_service_with_connect_info::<SocketAddr>();
            tokio::spawn(async move { axum::serve(listener, service).await });
            (portal, clinician, address)
        });
        Self { runtime, portal, clinician, address, patients: Vec::new() }
    }

    fn patient_of(&mut self, device: DeviceId) -> String {
        for patient in &self.patients {
            let path = format!("/api/patients/{patient}/devices");
            let devices = self.runtime.block_on(self.clinician.get(&path)).json();
            if devices.as_array().expect("a list").iter().any(|d| d["id"] == device.to_string()) {
                return patient.clone();
            }
        }
        panic!("no patient has this device");
    }
}

impl Harness for OverHttp {
    type Peer = HttpPeer;

    fn new_code(&mut self) -> PairingCode {
        let made = self.runtime.block_on(self.clinician.post("/api/patients", patient_input("Test Patient")));
        let patient = made.json()["id"].as_str().expect("an id").to_owned();
        let path = format!("/api/patients/{patient}/pairing-codes");
        let code = self.runtime.block_on(self.clinician.post(&path, json!({})));
        self.patients.push(patient);
        code.json()["code"].as_str().expect("a code").parse().expect("a code")
    }

    fn peer(&mut self, number: u64) -> HttpPeer {
        let address = format!("http://{}", self.address).parse().expect("an address");
        HttpPeer::new(address, sample::device(number), sample::key(number), Arc::new(self.portal.clock.clone()))
    }

    fn pass(&mut self, ms: i64) {
        self.portal.clock.pass(ms);
    }

    fn set_plan(&mut self, device: DeviceId, plan: &PlanMessage) {
        let path = format!("/api/patients/{}/plan", self.patient_of(device));
        let versions = self.runtime.block_on(self.clinician.get(&path)).json();
        let based_on = versions["versions"].as_array().expect("a list").len();
        let body = json!({
            "based_on": based_on, "games": plan.games, "language": plan.language, "starts_on": null, "ends_on": null,
            "sessions_per_week": plan.dose.sessions_per_week, "session_minutes": plan.dose.session_minutes,
            "daily_cap_minutes": plan.dose.daily_cap_minutes, "note": "",
        });
        let answer = self.runtime.block_on(self.clinician.put(&path, body));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    fn set_games(&mut self, games: &GameList) {
        let version = self.runtime.block_on(self.clinician.get("/api/games")).json()["version"].clone();
        let body = json!({"based_on": version, "games": games.games});
        let answer = self.runtime.block_on(self.clinician.put("/api/games", body));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    fn remove_row(&mut self, device: DeviceId, key: &RowKey) {
        let path = format!("/api/patients/{}/{}/{}", self.patient_of(device), key.collection, key.row);
        let answer = self.runtime.block_on(self.clinician.delete(&path));
        assert_eq!(answer.status, 204, "{}", answer.text());
    }

    fn unpair(&mut self, device: DeviceId) {
        let path = format!("/api/patients/{}/devices/{device}", self.patient_of(device));
        let answer = self.runtime.block_on(self.clinician.delete(&path));
        assert_eq!(answer.status, 204, "{}", answer.text());
    }
}

mod on_sqlite {
    use super::*;
    reme_sync_protocol::conformance_tests!(OverHttp::new(On::Sqlite));
}

mod on_postgres {
    use super::*;
    reme_sync_protocol::conformance_tests!(OverHttp::new(On::Postgres));
}
