//! `reme doctor`: what this machine has and lacks, without changing anything.

use reme_lm::LoadOptions;
use reme_models::Manifest;
use serde_json::{Value, json};

use crate::{Ended, model};

struct Finding {
    what: &'static str,
    state: String,
    is_well: bool,
}

pub(crate) fn run(as_json: bool) -> anyhow::Result<Ended> {
    let mut findings = vec![Finding { what: "reme", state: env!("CARGO_PKG_VERSION").to_owned(), is_well: true }];
    let threads = LoadOptions::default().threads;
    findings.push(Finding { what: "threads", state: threads.to_string(), is_well: threads > 0 });
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
    if as_json {
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
