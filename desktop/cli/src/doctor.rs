//! `reme doctor`: what this machine has and lacks, without changing anything.

use reme_lm::LoadOptions;
use reme_models::Manifest;
use serde_json::{Value, json};

use reme::KeyStore;

use crate::{Ended, model, shell::Place};

struct Finding {
    what: &'static str,
    state: String,
    is_well: bool,
}

pub(crate) fn run(place: &Place) -> anyhow::Result<Ended> {
    let mut findings = vec![Finding { what: "reme", state: env!("CARGO_PKG_VERSION").to_owned(), is_well: true }];
    let threads = LoadOptions::default().threads;
    findings.push(Finding { what: "threads", state: threads.to_string(), is_well: threads > 0 });
    findings.extend(data(place));
    match model::folder() {
        Ok(folder) => {
            for known in &Manifest::builtin().models {
                let found = folder.locate(known);
                let (state, is_well) = match found {
                    Ok(Some(path)) => (format!("{} at {}", known.name, path.display()), true),
                    Ok(None) => (format!("{} is not here; type: reme model pull {}", known.name, known.name), false),
                    Err(error) => (error.to_string(), false),
                };
                findings.push(Finding { what: "model", state, is_well });
            }
        }
        Err(error) => findings.push(Finding { what: "model", state: error.to_string(), is_well: false }),
    }
    if place.json {
        let all: Vec<Value> =
            findings.iter().map(|f| json!({"what": f.what, "state": f.state, "ok": f.is_well})).collect();
        println!("{}", Value::Array(all));
    } else {
        for finding in &findings {
            println!("{} {:<8} {}", if finding.is_well { "ok " } else { "-- " }, finding.what, finding.state);
        }
    }
    Ok(Ended::Whole)
}

/// The data folder, the keys, and each patient's store.
fn data(place: &Place) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |what, state: String, is_well| findings.push(Finding { what, state, is_well });
    let (folder, keys, household) = match (place.folder(), place.key_store(), place.household()) {
        (Ok(folder), Ok(keys), Ok(household)) => (folder, keys, household),
        (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => {
            find("data", error.to_string(), false);
            return findings;
        }
    };
    match std::fs::metadata(&folder) {
        Ok(found) if found.is_dir() && !found.permissions().readonly() => {
            find("data", format!("in {}", folder.display()), true);
        }
        Ok(_) => find("data", format!("{} cannot be written; check its permissions", folder.display()), false),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            find("data", format!("none yet; {} is made when the first patient is added", folder.display()), true);
        }
        Err(error) => find("data", format!("{}: {error}", folder.display()), false),
    }
    match keys.ask_keyring() {
        Ok(()) => find("keys", "a keyring answers; new keys are kept in the ".to_owned() + keys.kind(), true),
        Err(why) => find("keys", format!("no keyring ({why}); new keys are kept in the {}", keys.kind()), true),
    }
    for slug in household.slugs().unwrap_or_default() {
        let key = keys.place_of(&slug);
        match household.open(Some(&slug)) {
            Ok(_) => find("patient", format!("{slug} opens; the key is in the {key}"), true),
            Err(error) => find("patient", format!("{slug}: {error}"), false),
        }
    }
    findings
}
