//! A device that pushes trials as fast as it is let.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context, Result, bail};
use jiff::{ToSpan as _, civil::Date};
use reme_sync::HttpPeer;
use reme_sync_protocol::{
    AckOutcome, Envelope, Hello, PROTOCOL_VERSION, PairRequest, Payload, Record, SessionPayload, SyncPeer,
    conformance::sample,
};
use reme_types::{Domain, SessionId};
use uuid::Uuid;

use crate::Now;

/// Trials of a session; three games of fifteen.
const TRIALS: u64 = 45;
/// Sessions on one day, over all devices: more than anybody plays, so that the log grows within a few years.
const A_DAY: u64 = 10;
/// Records a push.
const BATCH: usize = 400;
const FIRST_DAY: Date = jiff::civil::date(2015, 1, 1);

pub(crate) struct Feed {
    peer: HttpPeer,
    number: u64,
    /// Records made so far.
    made: u64,
    /// Sessions made so far.
    sessions: u64,
}

impl Feed {
    pub(crate) fn pair(address: &str, code: &str, number: u64) -> Result<Self> {
        let address = address.parse().context("an address of our own")?;
        let mut peer = HttpPeer::new(address, sample::device(number), sample::key(number), Arc::new(Now));
        peer.pair(&PairRequest {
            code: code.parse().context("a code of the portal's")?,
            device: sample::device(number),
            public_key: sample::key(number).public(),
            platform: "load".into(),
            app_version: "0.1.0".into(),
            consents: sample::consents(),
        })?;
        peer.hello(&Hello { protocol: PROTOCOL_VERSION, app_version: "0.1.0".into(), consents: sample::consents() })?;
        Ok(Self { peer, number, made: 0, sessions: 0 })
    }

    /// The day so many weeks before the last one that was sent.
    pub(crate) fn weeks_back(&self, weeks: i64) -> Date {
        day(self.sessions).saturating_sub((weeks * 7).days())
    }

    /// Pushes so many trials with their sessions; returns the records acknowledged.
    pub(crate) fn push(&mut self, trials: u64) -> Result<u64> {
        let (mut batch, mut left, mut pushed) = (Vec::with_capacity(BATCH + TRIALS as usize + 1), trials, 0);
        while left > 0 {
            let some = left.min(TRIALS);
            self.session(some, &mut batch);
            left -= some;
            if batch.len() + TRIALS as usize >= BATCH || left == 0 {
                let answer = self.peer.push(&batch)?;
                if !answer.acks.iter().all(|ack| ack.outcome == AckOutcome::Stored) {
                    bail!("a record was not stored");
                }
                pushed += answer.acks.len() as u64;
                batch.clear();
            }
        }
        Ok(pushed)
    }

    fn session(&mut self, trials: u64, batch: &mut Vec<Envelope>) {
        let number = self.sessions;
        self.sessions += 1;
        // Ids of its own for each device, numbered.
        let id = Uuid::from_u128((7 << 76) | (2 << 62) | (u128::from(self.number + 1) << 32) | u128::from(number));
        for seq in 0..trials {
            let mut record = self.record();
            if let Some(Payload::Trial(trial)) = &mut record.payload {
                trial.session_id = SessionId::from_uuid(id);
                trial.seq = seq as u32;
                trial.block = (seq / 15) as u16;
                trial.domain = [Domain::Episodic, Domain::Working, Domain::Flexibility][(seq / 15) as usize % 3];
                trial.data = BTreeMap::new();
            }
            batch.push(envelope(record));
        }
        self.made += 1;
        let mut record = sample::session_record(self.number, number, self.made, "done");
        record.row = id.to_string();
        if let Some(Payload::Session(SessionPayload { day: local, .. })) = &mut record.payload {
            *local = day(number);
        }
        batch.push(envelope(record));
    }

    fn record(&mut self) -> Record {
        self.made += 1;
        sample::record(self.number, self.made, self.made)
    }
}

/// The day of a device's session number `n`: every device plays on every day.
fn day(n: u64) -> Date {
    FIRST_DAY.saturating_add((n as i64 * 4 / A_DAY as i64).days())
}

fn envelope(record: Record) -> Envelope {
    Envelope { consent: sample::consent(record.collection).id, record }
}
