//! One table of behaviours that every device's store must show, in memory and over the real store, against the portal in memory.

mod homes;

use std::sync::{Arc, Mutex};

use homes::{Home, MemoryHome, StoreHome};
use jiff::{Timestamp, tz::TimeZone};
use reme_sync::{DeviceStore, SyncError, SyncReport, Told, pair, sync_once};
use reme_sync_protocol::{
    Collection, Payload, PeerError, Record, RowKey, Stamp, SyncPeer,
    conformance::sample::{self, START_MS},
    in_process::{InProcessPeer, InProcessPortal},
};
use reme_types::FixedClock;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A paired device and its portal.
struct Pair<H> {
    home: H,
    portal: Arc<Mutex<InProcessPortal>>,
    now_ms: i64,
}

impl<H: Home> Pair<H> {
    fn new() -> Self {
        let portal = Arc::new(Mutex::new(InProcessPortal::default()));
        let mut pair_of = Self { home: H::new(1), portal, now_ms: START_MS };
        pair_of.pair_again();
        pair_of
    }

    fn pair_again(&mut self) {
        let mut portal = self.portal.lock().expect("not poisoned");
        portal.set_now(self.now_ms);
        let code = portal.new_code([9; 8]);
        drop(portal);
        let mut peer = self.peer();
        let key = sample::key(1).public();
        pair(self.home.device(), &mut peer, code, key, "test", "0.1.0").expect("a fresh code pairs");
    }

    fn peer(&self) -> InProcessPeer {
        InProcessPeer::new(self.portal.clone(), sample::device(1))
    }

    fn try_sync(&mut self) -> Result<SyncReport, SyncError> {
        let now = Timestamp::from_millisecond(self.now_ms).expect("in range");
        let clock = FixedClock { now, time_zone: TimeZone::UTC };
        let mut peer = self.peer();
        sync_once(self.home.device(), &mut peer, &clock, "0.1.0")
    }

    fn sync(&mut self) -> SyncReport {
        self.try_sync().expect("in fine weather")
    }

    fn trial(&mut self, n: u64) -> RowKey {
        self.put(&sample::record(1, n, 0))
    }

    fn session(&mut self, n: u64, state: &str) -> RowKey {
        self.put(&sample::session_record(1, n, 0, state))
    }

    fn put(&mut self, record: &Record) -> RowKey {
        self.now_ms += 1;
        let payload = record.payload.as_ref().expect("a row that lives");
        self.home.write(&record.key(), payload, self.now_ms);
        record.key()
    }

    /// Both sides hold the same rows with the same content, and nothing waits.
    fn agree(&mut self) {
        let (mut after, mut there) = (None, std::collections::BTreeMap::new());
        loop {
            let page = self.peer().rows(after.as_ref()).expect("in fine weather");
            let live = page.rows.into_iter().map(|envelope| envelope.record);
            there.extend(live.filter_map(|record| Some((record.key(), record.payload?))));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(self.home.live(), there, "device and portal hold the same");
        assert_eq!(self.home.device().digest(), self.peer().digest().map_err(|_| unreachable!("in fine weather")));
        assert_eq!(self.sync(), SyncReport::default(), "a sync with nothing new does nothing");
    }
}

fn what_is_written_arrives_once<H: Home>() {
    let mut both = Pair::<H>::new();
    for n in 0..5 {
        both.trial(n);
    }
    both.session(1, "running");
    both.session(1, "done");
    let facts: Vec<Record> = sample::one_of_each().split_off(2);
    facts.iter().for_each(|record| drop(both.put(record)));
    let report = both.sync();
    assert_eq!((report.sent, report.repeated, report.full_resync), (8, 0, false), "of a row only the latest change");
    assert_eq!(both.home.waiting(), 0);
    both.agree();
}

fn a_broken_batch_is_gone_on_with_and_nothing_is_there_twice<H: Home>() {
    let mut both = Pair::<H>::new();
    both.home.in_batches_of(4);
    for n in 0..10 {
        both.trial(n);
    }
    both.portal.lock().expect("not poisoned").break_push_after = Some(2);
    assert_eq!(both.try_sync(), Err(SyncError::Peer(PeerError::Unreachable)));
    assert_eq!(both.home.waiting(), 10, "what was not acknowledged waits");
    let report = both.sync();
    assert_eq!((report.sent, report.repeated), (8, 2));
    both.agree();
}

fn a_later_change_written_while_the_first_is_on_its_way_waits<H: Home>() {
    let mut both = Pair::<H>::new();
    let key = both.session(1, "running");
    let pending = both.home.device().pending(&Collection::ALL, 10).expect("read");
    assert_eq!(
        both.home.device().pending(&Collection::ALL, 10),
        Ok(pending.clone()),
        "asked twice, said twice the same"
    );
    both.session(1, "done");
    both.home.device().settle(&[reme_sync::Settled::Kept(pending[0].record)]).expect("kept");
    let later = both.home.device().pending(&Collection::ALL, 10).expect("read");
    let states: Vec<_> = later.iter().map(|one| (&one.key, one.hlc > pending[0].hlc)).collect();
    assert_eq!(states, [(&key, true)]);
}

fn what_the_clinic_removed_stays_gone<H: Home>() {
    let mut both = Pair::<H>::new();
    let (gone, stays) = (both.trial(1), both.trial(2));
    both.sync();
    let id = sample::record_id(77, 1);
    both.portal.lock().expect("not poisoned").remove_row(sample::device(1), &gone, id).expect("it is there");
    assert_eq!(both.sync().removed, 1);
    assert_eq!(both.home.live().into_keys().collect::<Vec<_>>(), [stays]);
    both.agree();
    // Not even when everything is compared anew.
    both.home.device().requeue_all().expect("kept");
    assert_eq!(
        both.home.device().pending(&Collection::ALL, 9).expect("read").iter().filter(|p| p.payload.is_some()).count(),
        1
    );
    both.sync();
    both.agree();
}

fn a_device_put_back_from_an_old_backup_gets_everything_back<H: Home>() {
    let mut both = Pair::<H>::new();
    both.trial(1);
    both.session(1, "running");
    both.sync();
    let backup = both.home.backup();
    both.session(1, "done");
    for n in 2..8 {
        both.trial(n);
    }
    both.session(2, "stopped");
    both.put(&sample::one_of_each()[2]);
    both.sync();
    let before = both.home.live();
    both.home.restore(&backup);
    assert!(both.home.live().len() < before.len());
    both.trial(100);
    let report = both.sync();
    assert!(report.full_resync, "{report:?}");
    assert_eq!(both.home.live().len(), before.len() + 1);
    both.agree();
    // And goes on above what it had been.
    both.session(1, "stopped");
    assert_eq!((both.sync().sent, both.sync()), (1, SyncReport::default()));
    both.agree();
}

fn a_sync_that_breaks_off_before_the_later_version_came_gets_it_next_time<H: Home>() {
    let mut both = Pair::<H>::new();
    both.session(1, "running");
    both.home.device().pending(&Collection::ALL, 9).expect("has its place in time");
    let backup = both.home.backup();
    both.session(1, "done");
    both.sync();
    both.home.restore(&backup);
    // The push is answered and taken note of, and then the device is switched off.
    let old = both.home.device().pending(&Collection::ALL, 9).expect("read").remove(0);
    let done = both.peer().rows(None).expect("in fine weather").rows.remove(0).record;
    let answer = reme_sync::Settled::Superseded(old.record, old.key, Stamp::of(&done));
    both.home.device().settle(&[answer]).expect("kept");
    assert!(both.sync().full_resync);
    assert_eq!(both.home.live().into_values().next(), done.payload);
    both.agree();
}

fn a_clock_that_is_wrong_by_a_day_loses_no_order<H: Home>() {
    let mut both = Pair::<H>::new();
    both.now_ms += DAY_MS;
    both.session(1, "running");
    both.sync();
    both.now_ms -= 2 * DAY_MS;
    both.session(1, "done");
    assert_eq!(both.sync().sent, 1);
    let live = both.home.live();
    let states: Vec<_> =
        live.values().filter_map(|p| if let Payload::Session(s) = p { Some(s.state.as_str()) } else { None }).collect();
    assert_eq!(states, ["done"]);
    both.agree();
}

fn only_kinds_with_a_consent_go_and_the_others_wait<H: Home>() {
    for withheld in Collection::ALL {
        let mut both = Pair::<H>::new();
        both.home.set_consent(withheld, false, START_MS + 5);
        sample::one_of_each().iter().for_each(|record| drop(both.put(record)));
        both.sync();
        let digest = both.peer().digest().expect("in fine weather");
        let there: Vec<Collection> = Collection::ALL.into_iter().filter(|c| digest.live(*c) > 0).collect();
        let allowed: Vec<Collection> = Collection::ALL.into_iter().filter(|c| *c != withheld).collect();
        assert_eq!((there, both.home.waiting()), (allowed, 1), "{withheld}");
        both.home.set_consent(withheld, true, START_MS + 9);
        assert_eq!(both.sync().sent, 1, "{withheld}");
        both.agree();
    }
}

fn a_plan_is_put_in_force_and_the_portal_is_told<H: Home>() {
    let mut both = Pair::<H>::new();
    assert_eq!(both.home.device().plan_version(), Ok(None));
    both.portal.lock().expect("not poisoned").set_plan(sample::device(1), sample::plan(3));
    both.portal.lock().expect("not poisoned").set_games(sample::games());
    both.now_ms += 500;
    assert_eq!(both.sync().new_plan, Some(3));
    assert_eq!(both.home.device().plan_version(), Ok(Some((3, both.now_ms, Told::Yes))));
    let taken: Vec<u32> =
        both.portal.lock().expect("not poisoned").taken(sample::device(1)).iter().map(|t| t.version).collect();
    assert_eq!((taken, both.home.games()), (vec![3], Some(1)));
    assert_eq!(both.sync(), SyncReport::default());
}

fn a_plan_that_was_taken_and_not_told_is_told_next_time<H: Home>() {
    let mut both = Pair::<H>::new();
    both.portal.lock().expect("not poisoned").set_plan(sample::device(1), sample::plan(2));
    both.home.device().put_plan(&sample::plan(2), 41).expect("kept");
    assert_eq!(both.home.device().plan_version(), Ok(Some((2, 41, Told::NotYet))));
    assert_eq!(both.sync().new_plan, None, "it is in force already");
    let taken = both.portal.lock().expect("not poisoned").taken(sample::device(1));
    assert_eq!(taken.iter().map(|t| (t.version, t.taken_ms)).collect::<Vec<_>>(), [(2, 41)]);
}

fn what_was_refused_is_set_aside_and_kept<H: Home>() {
    let mut both = Pair::<H>::new();
    let key = both.trial(1);
    let pending = both.home.device().pending(&Collection::ALL, 9).expect("read");
    both.home.device().settle(&[reme_sync::Settled::SetAside(pending[0].record)]).expect("kept");
    assert!(both.home.device().pending(&Collection::ALL, 9).expect("read").is_empty());
    assert!(both.home.live().contains_key(&key));
    both.home.device().requeue_all().expect("kept");
    assert_eq!(both.home.device().pending(&Collection::ALL, 9).expect("read").len(), 1);
}

fn more_rows_than_a_page_come_back_whole<H: Home>() {
    let mut both = Pair::<H>::new();
    for n in 0..130 {
        both.trial(n);
    }
    let backup = both.home.backup();
    both.sync();
    both.home.restore(&backup);
    both.home.device().requeue_all().expect("kept");
    both.sync();
    both.agree();
}

macro_rules! behaviours {
    ($($case:ident,)*) => {
        mod memory {
            use super::*;
            $(#[test] fn $case() { super::$case::<MemoryHome>(); })*
        }
        mod store {
            use super::*;
            $(#[test] fn $case() { super::$case::<StoreHome>(); })*
        }
    };
}

behaviours!(
    what_is_written_arrives_once,
    a_broken_batch_is_gone_on_with_and_nothing_is_there_twice,
    a_later_change_written_while_the_first_is_on_its_way_waits,
    what_the_clinic_removed_stays_gone,
    a_device_put_back_from_an_old_backup_gets_everything_back,
    a_sync_that_breaks_off_before_the_later_version_came_gets_it_next_time,
    a_clock_that_is_wrong_by_a_day_loses_no_order,
    only_kinds_with_a_consent_go_and_the_others_wait,
    a_plan_is_put_in_force_and_the_portal_is_told,
    a_plan_that_was_taken_and_not_told_is_told_next_time,
    what_was_refused_is_set_aside_and_kept,
    more_rows_than_a_page_come_back_whole,
);
