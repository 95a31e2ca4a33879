//! `reme sync`: pairs this patient's device with a clinic, sends what may go, fetches the plan, and says how it stands.
//!
//! Stands at the edge. What it must never do: print a code or a key, or wait for anything but the one sync it was asked for.

use std::cell::RefCell;

use anyhow::bail;
use clap::Subcommand;
use jiff::Timestamp;
use reme_sync::{LinkStatus, SyncFault, read_invitation};
use reme_sync_protocol::Collection;
use reme_types::Language;
use serde_json::json;

use crate::{
    Ended,
    link::{Held, HouseKeys, chance, kinds, link},
    serve::in_words,
    shell::Place,
};

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum SyncCommand {
    /// Pair with a clinic by the code it gave; from then on what is named in --share may go there
    Pair {
        /// Address of the clinic's portal, or the whole of its QR code (https://…/pair#CODE)
        address: String,
        /// The code, such as ABCD-2345; left out when the address holds it
        code: Option<String>,
        /// Kinds of record that may go; memories, photos and words never do
        #[arg(long, value_delimiter = ',', default_value = "trials,sessions,adherence,device-facts")]
        share: Vec<String>,
    },
    /// Send what waits and fetch the plan now
    Now,
    /// Say how it stands, without using the network
    Status,
    /// Share a kind of record from now on, or no more
    Share {
        /// trials, sessions, adherence or device-facts
        kind: String,
        /// on or off
        #[arg(value_parser = ["on", "off"])]
        state: String,
    },
    /// End the link; everything stays here, and the clinic keeps what it has
    Unpair,
}

pub(crate) fn run(command: &SyncCommand, place: &Place) -> anyhow::Result<Ended> {
    let household = place.household()?;
    let mut companion = household.open(place.patient.as_deref())?;
    let slug = companion.slug().to_owned();
    let keys = HouseKeys { household: &household, slug: &slug };
    let link = link(Held(RefCell::new(companion.store_mut())), &keys);
    let done = match command {
        SyncCommand::Pair { address, code, share } => {
            let share = known_kinds(share)?;
            let paired = read_invitation(address, code.as_deref())
                .and_then(|(address, code)| link.pair(&address, &code, &share));
            paired.map(|answer| {
                let shared: Vec<&str> = share.iter().map(|kind| kind.slug()).collect();
                let plain = format!(
                    "paired with {}, where the patient is called {}; shared: {}",
                    answer.clinic,
                    answer.patient,
                    if shared.is_empty() { "nothing".to_owned() } else { shared.join(", ") }
                );
                say(place, &plain, &json!({"clinic": answer.clinic, "patient": answer.patient, "share": shared}));
            })
        }
        SyncCommand::Now => link.sync(&mut chance()).map(|report| {
            let mut plain = format!("synced: {} sent", report.sent + report.repeated + report.superseded);
            if report.set_aside > 0 {
                plain.push_str(&format!(", {} not taken by the clinic and kept here", report.set_aside));
            }
            if let Some(version) = report.new_plan {
                plain.push_str(&format!("; version {version} of the clinic's plan is in force"));
            }
            let whole = json!({
                "sent": report.sent, "repeated": report.repeated, "superseded": report.superseded,
                "set_aside": report.set_aside, "removed": report.removed, "new_plan": report.new_plan,
                "full_resync": report.full_resync,
            });
            say(place, &plain, &whole);
        }),
        SyncCommand::Status => link.status().map(|status| tell(place, &status)),
        SyncCommand::Share { kind, state } => {
            let kind = known_kinds(std::slice::from_ref(kind))?;
            kind.into_iter().try_for_each(|kind| link.share(kind, state == "on"))
        }
        SyncCommand::Unpair => link.unpair(),
    };
    match done {
        Ok(()) => Ok(Ended::Whole),
        Err(fault) => {
            eprintln!("reme: {}", in_words(fault, Language::En));
            Ok(if fault.passes() { Ended::TryLater } else { Ended::NeedsSomebody })
        }
    }
}

fn known_kinds(names: &[String]) -> anyhow::Result<Vec<Collection>> {
    match kinds(names) {
        Ok(kinds) => Ok(kinds),
        Err(name) => {
            let all = Collection::ALL.map(Collection::slug).join(", ");
            bail!("`{name}` is no kind of record that is shared; nothing was changed. There are {all}")
        }
    }
}

fn say(place: &Place, plain: &str, whole: &serde_json::Value) {
    if place.json { println!("{whole}") } else { println!("{plain}") }
}

fn tell(place: &Place, status: &LinkStatus) {
    let at = |ms: Option<i64>| ms.and_then(|ms| Timestamp::from_millisecond(ms).ok()).map(|at| at.to_string());
    let (standing, paired) = (&status.standing, status.paired.as_ref());
    if place.json {
        let shares: Vec<_> = status
            .shares
            .iter()
            .map(|s| json!({"kind": s.collection.slug(), "shared": s.shared, "waiting": s.waiting}))
            .collect();
        let whole = json!({
            "paired": paired.is_some(), "address": paired.map(|p| &p.address), "clinic": paired.map(|p| &p.clinic),
            "patient": paired.map(|p| &p.patient), "device": paired.map(|p| p.device.to_string()),
            "synced_at": at(standing.synced_ms), "tried_at": at(standing.tried_ms),
            "trouble": standing.fault.map(SyncFault::slug), "shares": shares,
            "plan_version": status.plan.map(|(version, ..)| version),
            "plan_taken_at": at(status.plan.map(|(_, at, _)| at)), "plan_told": status.plan.map(|(.., told)| told),
        });
        println!("{whole}");
        return;
    }
    match paired {
        Some(paired) => println!("paired with {} at {} ({})", paired.clinic, paired.address, paired.patient),
        None => println!("not paired; pair with: reme sync pair ADDRESS CODE"),
    }
    println!("last sync: {}", at(standing.synced_ms).unwrap_or_else(|| "none yet".into()));
    if let Some(fault) = standing.fault {
        println!("the last try: {}", in_words(fault, Language::En));
    }
    for share in &status.shares {
        let state = if share.shared { "shared" } else { "stays here" };
        println!("{:<13} {state:<11} {} waiting", share.collection.slug(), share.waiting);
    }
    if let Some((version, ..)) = status.plan {
        println!("plan: version {version} of the clinic is in force");
    }
}
