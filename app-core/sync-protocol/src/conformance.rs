//! One suite that every [`SyncPeer`] must pass: the portal in memory, and the real one over HTTP on each database.
//!
//! A harness makes a portal with nothing in it; [`conformance_tests!`](crate::conformance_tests) makes one named test a case.

use reme_types::{DeviceId, RecordId};

use crate::{
    AckOutcome, Collection, Cursor, Digest, Envelope, GameList, Hello, Hlc, MAX_BATCH_RECORDS, PROTOCOL_VERSION,
    PairRequest, PairingCode, PeerError, PlanMessage, PlanReceipt, Refusal, RowKey, Stamp, SyncPeer,
};

pub mod sample;

use sample::{device, key, record};

/// A portal under test.
pub trait Harness {
    /// Its way for a device.
    type Peer: SyncPeer;
    /// A code for a new patient.
    fn new_code(&mut self) -> PairingCode;
    /// The way of the device with this number; its key is [`sample::key`] of the same number.
    fn peer(&mut self, number: u64) -> Self::Peer;
    /// Lets this many milliseconds pass at the portal.
    fn pass(&mut self, ms: i64);
    /// Puts a plan in force for the device's patient; the portal gives it its own version and author.
    fn set_plan(&mut self, device: DeviceId, plan: &PlanMessage);
    /// Publishes games.
    fn set_games(&mut self, games: &GameList);
    /// The clinic removes a row.
    fn remove_row(&mut self, device: DeviceId, key: &RowKey);
    /// The clinic unpairs a device.
    fn unpair(&mut self, device: DeviceId);
}

/// Makes a `#[test]` of every case; the argument is an expression that makes a [`Harness`].
#[macro_export]
macro_rules! conformance_tests {
    ($harness:expr) => {
        $crate::conformance_tests!(@each $harness;
            a_code_pairs_once_and_a_lost_answer_may_be_asked_for_again,
            a_code_that_is_unknown_or_has_run_out_says_so,
            another_version_is_told_which_one_is_needed,
            a_device_that_is_not_paired_gets_nothing,
            what_is_sent_twice_is_kept_once,
            a_later_change_of_a_row_wins_whatever_comes_first,
            what_was_deleted_stays_deleted,
            nothing_is_kept_without_a_consent_in_force,
            one_bad_record_does_not_hold_up_the_others,
            a_record_of_another_device_is_refused,
            a_batch_that_is_too_large_is_refused_whole,
            the_digest_follows_every_row,
            the_highest_place_in_time_is_remembered,
            the_plan_comes_down_and_its_receipt_goes_up,
            the_games_come_down,
            deletions_at_the_clinic_come_down_once_a_cursor,
            every_row_can_be_read_back_page_by_page,
            deletions_come_down_page_by_page,
            an_unpaired_device_is_told_so,
        );
    };
    (@each $harness:expr; $($case:ident,)*) => {$(
        #[test]
        fn $case() {
            $crate::conformance::$case(&mut $harness);
        }
    )*};
}

fn paired<H: Harness>(harness: &mut H, number: u64) -> H::Peer {
    let code = harness.new_code();
    let mut peer = harness.peer(number);
    peer.pair(&request(&code, number)).expect("a fresh code pairs");
    peer.hello(&hello()).expect("a paired device is heard");
    peer
}

fn request(code: &PairingCode, number: u64) -> PairRequest {
    PairRequest {
        code: code.clone(),
        device: device(number),
        public_key: key(number).public(),
        platform: "test".into(),
        app_version: "0.1.0".into(),
        consents: sample::consents(),
    }
}

fn hello() -> Hello {
    Hello { protocol: PROTOCOL_VERSION, app_version: "0.1.0".into(), consents: sample::consents() }
}

fn envelope(record: crate::Record) -> Envelope {
    Envelope { consent: sample::consent(record.collection).id, record }
}

fn outcomes(answer: crate::PushAnswer) -> Vec<AckOutcome> {
    answer.acks.into_iter().map(|ack| ack.outcome).collect()
}

fn push_one(peer: &mut impl SyncPeer, record: &crate::Record) -> AckOutcome {
    let answer = peer.push(&[envelope(record.clone())]).expect("the portal answers");
    assert_eq!(answer.acks[0].id, record.id);
    outcomes(answer).remove(0)
}

/// Case.
pub fn a_code_pairs_once_and_a_lost_answer_may_be_asked_for_again<H: Harness>(harness: &mut H) {
    let code = harness.new_code();
    let first = harness.peer(1).pair(&request(&code, 1)).expect("a fresh code pairs");
    harness.pass(60_000);
    let again = harness.peer(1).pair(&request(&code, 1)).expect("the same device may ask again");
    assert_eq!((first.clinic, first.patient), (again.clinic, again.patient));
    assert_eq!(harness.peer(2).pair(&request(&code, 2)), Err(PeerError::Refused(Refusal::CodeUsed)));
    assert_eq!(harness.peer(2).hello(&hello()), Err(PeerError::Refused(Refusal::NotPaired)));
}

/// Case.
pub fn a_code_that_is_unknown_or_has_run_out_says_so<H: Harness>(harness: &mut H) {
    let code = harness.new_code();
    let unknown = PairingCode::from_chance([31; 8]);
    assert_eq!(harness.peer(1).pair(&request(&unknown, 1)), Err(PeerError::Refused(Refusal::CodeUnknown)));
    harness.pass(16 * 60_000);
    assert_eq!(harness.peer(1).pair(&request(&code, 1)), Err(PeerError::Refused(Refusal::CodeExpired)));
}

/// Case.
pub fn another_version_is_told_which_one_is_needed<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    let other = Hello { protocol: PROTOCOL_VERSION + 1, ..hello() };
    assert_eq!(peer.hello(&other), Err(PeerError::Refused(Refusal::Protocol { needed: PROTOCOL_VERSION })));
}

/// Case.
pub fn a_device_that_is_not_paired_gets_nothing<H: Harness>(harness: &mut H) {
    let _other = paired(harness, 1);
    let mut peer = harness.peer(2);
    let refused = || PeerError::Refused(Refusal::NotPaired);
    assert_eq!(peer.hello(&hello()), Err(refused()));
    assert_eq!(peer.push(&[envelope(record(2, 1, 1))]), Err(refused()));
    assert_eq!(peer.pull(Cursor::default()), Err(refused()));
    assert_eq!(peer.digest(), Err(refused()));
    assert_eq!(peer.rows(None), Err(refused()));
    assert_eq!(peer.plan_taken(PlanReceipt { version: 1, taken_ms: 0 }), Err(refused()));
}

/// Case.
pub fn what_is_sent_twice_is_kept_once<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    let batch: Vec<_> = (1..=5).map(|n| envelope(record(1, n, n))).collect();
    let first = outcomes(peer.push(&batch).expect("the portal answers"));
    assert!(first.iter().all(|o| *o == AckOutcome::Stored), "{first:?}");
    let before = peer.digest().expect("the portal answers");
    let second = outcomes(peer.push(&batch).expect("the portal answers"));
    assert!(second.iter().all(|o| *o == AckOutcome::Duplicate), "{second:?}");
    assert_eq!(peer.digest(), Ok(before.clone()));
    assert_eq!(before.live(Collection::Trials), 5);
}

/// Case.
pub fn a_later_change_of_a_row_wins_whatever_comes_first<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    let early = sample::session_record(1, 7, 1, "running");
    let late = sample::session_record(1, 7, 2, "done");
    assert_eq!(push_one(&mut peer, &late), AckOutcome::Stored);
    assert_eq!(push_one(&mut peer, &early), AckOutcome::Superseded(Stamp::of(&late)));
    let latest = sample::session_record(1, 7, 3, "stopped");
    assert_eq!(push_one(&mut peer, &latest), AckOutcome::Stored);
    assert_eq!(peer.digest(), Ok(Digest::of([(&latest.key(), &Stamp::of(&latest))])));
}

/// Case.
pub fn what_was_deleted_stays_deleted<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    let put = record(1, 1, 1);
    assert_eq!(push_one(&mut peer, &put), AckOutcome::Stored);
    let gone = sample::tombstone(&put, 2);
    assert_eq!(push_one(&mut peer, &gone), AckOutcome::Stored);
    assert_eq!(push_one(&mut peer, &gone), AckOutcome::Duplicate);
    assert_eq!(push_one(&mut peer, &put), AckOutcome::Superseded(Stamp::of(&gone)));
    // From a backup restored long after: later in time, and still gone.
    let risen = crate::Record { id: sample::record_id(1, 99), hlc: Hlc { wall_ms: u64::MAX >> 8, counter: 0 }, ..put };
    assert_eq!(push_one(&mut peer, &risen), AckOutcome::Superseded(Stamp::of(&gone)));
    assert_eq!(peer.digest(), Ok(Digest::of([(&gone.key(), &Stamp::of(&gone))])));
}

/// Case.
pub fn nothing_is_kept_without_a_consent_in_force<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    let refused = AckOutcome::Refused(Refusal::Consent);
    let trial = record(1, 1, 1);
    let wrong_kind = Envelope { consent: sample::consent(Collection::Sessions).id, record: trial.clone() };
    let answered = outcomes(peer.push(&[wrong_kind]).expect("the portal answers"));
    assert_eq!(answered.first(), Some(&refused));
    let mut taken_back = hello();
    for consent in &mut taken_back.consents {
        consent.withdrawn_ms = Some(5);
    }
    assert_eq!(push_one(&mut peer, &trial), AckOutcome::Stored);
    peer.hello(&taken_back).expect("the portal answers");
    assert_eq!(push_one(&mut peer, &record(1, 2, 2)), refused);
    assert_eq!(push_one(&mut peer, &sample::tombstone(&trial, 3)), AckOutcome::Stored);
}

/// Case.
pub fn one_bad_record_does_not_hold_up_the_others<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    let mut bad = record(1, 2, 2);
    if let Some(crate::Payload::Trial(trial)) = &mut bad.payload {
        trial.score = 7.0;
    }
    let batch = [envelope(record(1, 1, 1)), envelope(bad), envelope(record(1, 3, 3))];
    let outcomes = outcomes(peer.push(&batch).expect("the portal answers"));
    assert!(matches!(
        outcomes.as_slice(),
        [AckOutcome::Stored, AckOutcome::Refused(Refusal::Invalid { .. }), AckOutcome::Stored]
    ));
}

/// Case.
pub fn a_record_of_another_device_is_refused<H: Harness>(harness: &mut H) {
    let mut first = paired(harness, 1);
    let mut second = paired(harness, 2);
    assert!(matches!(push_one(&mut first, &record(2, 1, 1)), AckOutcome::Refused(Refusal::Invalid { .. })));
    assert_eq!(push_one(&mut second, &record(2, 1, 1)), AckOutcome::Stored);
    assert_eq!(first.digest(), Ok(Digest::default()));
}

/// Case.
pub fn a_batch_that_is_too_large_is_refused_whole<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    let batch: Vec<_> = (0..=MAX_BATCH_RECORDS as u64).map(|n| envelope(record(1, n, n))).collect();
    assert_eq!(peer.push(&batch), Err(PeerError::Refused(Refusal::TooLarge)));
    assert_eq!(peer.digest(), Ok(Digest::default()));
}

/// Case.
pub fn the_digest_follows_every_row<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    let mut rows = Vec::new();
    for record in sample::one_of_each().into_iter().map(|r| sample::on_device(r, 1)) {
        assert_eq!(push_one(&mut peer, &record), AckOutcome::Stored, "{}", record.collection);
        rows.push((record.key(), Stamp::of(&record)));
        assert_eq!(peer.digest(), Ok(Digest::of(rows.iter().map(|(k, s)| (k, s)))));
    }
}

/// Case.
pub fn the_highest_place_in_time_is_remembered<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    assert_eq!(peer.hello(&hello()).expect("the portal answers").highest, None);
    push_one(&mut peer, &record(1, 2, 9));
    push_one(&mut peer, &record(1, 1, 4));
    assert_eq!(peer.hello(&hello()).expect("the portal answers").highest, Some(record(1, 2, 9).hlc));
}

/// Case.
pub fn the_plan_comes_down_and_its_receipt_goes_up<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    assert_eq!(peer.pull(Cursor::default()).expect("the portal answers").plan, None);
    let plan = sample::plan(1);
    harness.set_plan(device(1), &plan);
    let pulled = peer.pull(Cursor::default()).expect("the portal answers").plan.expect("a plan is in force");
    assert_eq!((&pulled.games, pulled.dose, &pulled.language), (&plan.games, plan.dose, &plan.language));
    let receipt = PlanReceipt { version: pulled.version, taken_ms: 1_000 };
    assert_eq!(peer.plan_taken(receipt), Ok(()));
    assert_eq!(peer.plan_taken(receipt), Ok(()), "a receipt may be heard twice");
    harness.set_plan(device(1), &sample::plan(2));
    let next = peer.pull(Cursor::default()).expect("the portal answers").plan.expect("a plan is in force");
    assert!(next.version > pulled.version);
}

/// Case.
pub fn the_games_come_down<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    let games = sample::games();
    harness.set_games(&games);
    let pulled = peer.pull(Cursor::default()).expect("the portal answers").games.expect("a list is published");
    assert_eq!(pulled.games, games.games);
}

/// Case.
pub fn deletions_at_the_clinic_come_down_once_a_cursor<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    for n in 1..=3 {
        push_one(&mut peer, &record(1, n, n));
    }
    let before = peer.pull(Cursor::default()).expect("the portal answers");
    assert!(before.tombstones.is_empty());
    let target = record(1, 2, 2).key();
    harness.remove_row(device(1), &target);
    let pulled = peer.pull(before.cursor).expect("the portal answers");
    let keys: Vec<_> = pulled.tombstones.iter().map(|t| &t.key).collect();
    assert_eq!(keys, [&target]);
    assert!(pulled.tombstones[0].stamp.deleted);
    assert!(peer.pull(pulled.cursor).expect("the portal answers").tombstones.is_empty());
    assert!(matches!(push_one(&mut peer, &record(1, 2, 2)), AckOutcome::Superseded(_)));
}

/// Case.
pub fn every_row_can_be_read_back_page_by_page<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    // More than two pages of a portal that gives a thousand rows on each, and a last page that is full to the row.
    let mut sent: Vec<Envelope> = (0..2_000).map(|n| envelope(record(1, n, n))).collect();
    for part in sent.chunks(MAX_BATCH_RECORDS) {
        peer.push(part).expect("the portal answers");
    }
    for (at, time) in [(7, 9_000), (999, 9_001), (1_000, 9_002)] {
        let gone = sample::tombstone(&sent[at].record, time);
        push_one(&mut peer, &gone);
        sent[at] = envelope(gone);
    }
    sent.sort_by_key(|e| e.record.key());
    assert_eq!(pages(&mut peer), sent);
    let last = envelope(record(1, 5_000, 9_100));
    peer.push(std::slice::from_ref(&last)).expect("the portal answers");
    sent.push(last);
    sent.sort_by_key(|e| e.record.key());
    assert_eq!(pages(&mut peer), sent);
}

/// All rows, page by page; no page is empty but the last of a device without rows.
fn pages(peer: &mut impl SyncPeer) -> Vec<Envelope> {
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let page = peer.rows(after.as_ref()).expect("the portal answers");
        assert!(page.next.is_none() || !page.rows.is_empty(), "a page that leads on holds something");
        read.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return read;
        }
    }
}

/// Case.
pub fn deletions_come_down_page_by_page<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    let rows: Vec<Envelope> = (0..1_100).map(|n| envelope(record(1, n, n))).collect();
    for part in rows.chunks(MAX_BATCH_RECORDS) {
        peer.push(part).expect("the portal answers");
    }
    let gone = |(at, row): (u64, &Envelope)| envelope(sample::tombstone(&row.record, 20_000 + at));
    let tombstones: Vec<Envelope> = (0..).zip(&rows).map(gone).collect();
    for part in tombstones.chunks(MAX_BATCH_RECORDS) {
        peer.push(part).expect("the portal answers");
    }
    let (mut cursor, mut gone) = (Cursor::default(), Vec::new());
    loop {
        let answer = peer.pull(cursor).expect("the portal answers");
        assert!(!answer.more || answer.cursor > cursor, "a pull that leads on gets further");
        gone.extend(answer.tombstones.into_iter().map(|note| note.key));
        cursor = answer.cursor;
        if !answer.more {
            break;
        }
    }
    gone.sort();
    let mut keys: Vec<RowKey> = rows.iter().map(|row| row.record.key()).collect();
    keys.sort();
    assert_eq!(gone, keys, "each once");
}

/// Case.
pub fn an_unpaired_device_is_told_so<H: Harness>(harness: &mut H) {
    let mut peer = paired(harness, 1);
    harness.unpair(device(1));
    assert_eq!(peer.hello(&hello()), Err(PeerError::Refused(Refusal::NotPaired)));
    assert_eq!(peer.push(&[envelope(record(1, 1, 1))]), Err(PeerError::Refused(Refusal::NotPaired)));
}

/// A record id of the portal's own, for harnesses.
pub fn portal_record_id(number: u64) -> RecordId {
    sample::record_id(u64::MAX, number)
}

#[cfg(test)]
mod in_process_tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::in_process::{InProcessPeer, InProcessPortal};

    struct InMemory(Arc<Mutex<InProcessPortal>>, u8);

    impl InMemory {
        fn new() -> Self {
            let mut portal = InProcessPortal::default();
            portal.set_now(sample::START_MS);
            Self(Arc::new(Mutex::new(portal)), 0)
        }
    }

    impl Harness for InMemory {
        type Peer = InProcessPeer;
        fn new_code(&mut self) -> PairingCode {
            self.1 += 1;
            self.0.lock().expect("not poisoned").new_code([self.1; 8])
        }
        fn peer(&mut self, number: u64) -> InProcessPeer {
            InProcessPeer::new(self.0.clone(), device(number))
        }
        fn pass(&mut self, ms: i64) {
            let mut portal = self.0.lock().expect("not poisoned");
            let now = portal.now_ms();
            portal.set_now(now + ms);
        }
        fn set_plan(&mut self, device: DeviceId, plan: &PlanMessage) {
            self.0.lock().expect("not poisoned").set_plan(device, plan.clone());
        }
        fn set_games(&mut self, games: &GameList) {
            self.0.lock().expect("not poisoned").set_games(games.clone());
        }
        fn remove_row(&mut self, device: DeviceId, key: &RowKey) {
            let removed = self.0.lock().expect("not poisoned").remove_row(device, key, portal_record_id(1));
            assert!(removed.is_some());
        }
        fn unpair(&mut self, device: DeviceId) {
            self.0.lock().expect("not poisoned").unpair(device);
        }
    }

    crate::conformance_tests!(InMemory::new());
}
