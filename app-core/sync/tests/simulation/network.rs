//! A way to the portal on which requests and answers are lost, doubled, and come late and in another order.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    rc::Rc,
    sync::{Arc, Mutex},
};

use reme_sync_protocol::{
    AckOutcome, Cursor, Digest, Envelope, Hello, HelloAnswer, PairAnswer, PairRequest, PeerError, PlanReceipt,
    PullAnswer, PushAnswer, RowKey, RowsPage, SyncPeer,
    in_process::{InProcessPeer, InProcessPortal},
};
use reme_types::{DeviceId, Rng, SeededRng};

/// Chances of each fault, of a thousand.
#[derive(Debug, Clone, Copy)]
pub struct Weather {
    pub lost_request: usize,
    pub lost_answer: usize,
    pub doubled: usize,
    pub late: usize,
    pub broken_batch: usize,
    /// The device is killed: nothing comes through any more in this conversation.
    pub killed: usize,
}

impl Weather {
    pub const BAD: Self =
        Self { lost_request: 60, lost_answer: 80, doubled: 60, late: 40, broken_batch: 40, killed: 30 };
    pub const FINE: Self = Self { lost_request: 0, lost_answer: 0, doubled: 0, late: 0, broken_batch: 0, killed: 0 };
}

/// Batches on their way that will arrive some time.
pub type InFlight = Rc<RefCell<Vec<(DeviceId, Vec<Envelope>)>>>;
/// What every device was told is kept: the promise that is held against the portal at the end.
pub type Acknowledged = Rc<RefCell<BTreeSet<(DeviceId, RowKey)>>>;

pub struct RoughPeer {
    pub peer: InProcessPeer,
    pub portal: Arc<Mutex<InProcessPortal>>,
    pub device: DeviceId,
    pub rng: Rc<RefCell<SeededRng>>,
    pub weather: Weather,
    pub in_flight: InFlight,
    pub acknowledged: Acknowledged,
    pub dead: bool,
}

impl RoughPeer {
    fn happens(&self, of_a_thousand: usize) -> bool {
        self.rng.borrow_mut().below(1000) < of_a_thousand
    }

    /// One request through the weather.
    fn through<T>(
        &mut self,
        mut request: impl FnMut(&mut InProcessPeer) -> Result<T, PeerError>,
    ) -> Result<T, PeerError> {
        self.dead |= self.happens(self.weather.killed);
        if self.dead || self.happens(self.weather.lost_request) {
            return Err(PeerError::Unreachable);
        }
        self.deliver_late_ones();
        let first = request(&mut self.peer);
        let answer = if self.happens(self.weather.doubled) { request(&mut self.peer) } else { first };
        if self.happens(self.weather.lost_answer) { Err(PeerError::Unreachable) } else { answer }
    }

    /// Some of what was on its way arrives now, of any device, in any order.
    fn deliver_late_ones(&self) {
        let mut in_flight = self.in_flight.borrow_mut();
        while !in_flight.is_empty() && self.happens(300) {
            let at = self.rng.borrow_mut().below(in_flight.len());
            let (device, batch) = in_flight.swap_remove(at);
            // Its sender has long given up waiting for the answer.
            let _ = InProcessPeer::new(self.portal.clone(), device).push(&batch);
        }
    }
}

impl SyncPeer for RoughPeer {
    fn pair(&mut self, request: &PairRequest) -> Result<PairAnswer, PeerError> {
        self.through(|peer| peer.pair(request))
    }

    fn hello(&mut self, hello: &Hello) -> Result<HelloAnswer, PeerError> {
        self.through(|peer| peer.hello(hello))
    }

    fn push(&mut self, batch: &[Envelope]) -> Result<PushAnswer, PeerError> {
        if self.happens(self.weather.late) {
            self.in_flight.borrow_mut().push((self.device, batch.to_vec()));
            return Err(PeerError::Unreachable);
        }
        if self.happens(self.weather.broken_batch) {
            let after = self.rng.borrow_mut().below(batch.len());
            self.portal.lock().expect("not poisoned").break_push_after = Some(after);
        }
        let answer = self.through(|peer| peer.push(batch))?;
        let mut acknowledged = self.acknowledged.borrow_mut();
        for (ack, sent) in answer.acks.iter().zip(batch) {
            if !matches!(ack.outcome, AckOutcome::Refused(_)) {
                acknowledged.insert((self.device, sent.record.key()));
            }
        }
        Ok(answer)
    }

    fn pull(&mut self, from: Cursor) -> Result<PullAnswer, PeerError> {
        self.through(|peer| peer.pull(from))
    }

    fn plan_taken(&mut self, receipt: PlanReceipt) -> Result<(), PeerError> {
        self.through(|peer| peer.plan_taken(receipt))
    }

    fn digest(&mut self) -> Result<Digest, PeerError> {
        self.through(InProcessPeer::digest)
    }

    fn rows(&mut self, after: Option<&RowKey>) -> Result<RowsPage, PeerError> {
        self.through(|peer| peer.rows(after))
    }
}
