//! What a peer does with a record, given what it has of that row. Pure, so that the portal's database and the in-process peer agree.

use reme_types::RecordId;
use serde::{Deserialize, Serialize};

use crate::{Hlc, Record};

/// What is known of a row: the change that won.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The record that won.
    pub record: RecordId,
    /// Its place in time.
    pub hlc: Hlc,
    /// Whether the row is gone.
    pub deleted: bool,
}

impl Stamp {
    /// The stamp a record leaves.
    pub const fn of(record: &Record) -> Self {
        Self { record: record.id, hlc: record.hlc, deleted: record.payload.is_none() }
    }
}

/// What to do with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Write it.
    Store,
    /// It is here already: acknowledge again, write nothing.
    Duplicate,
    /// Something later, or a deletion, stands: acknowledge, write nothing.
    Superseded,
}

/// Whether `incoming` changes the row that stands at `known`.
///
/// A deletion is final: rows are named by ids that are never given twice, so a put that comes after one comes from a backup
/// or from the network's past. Between two puts, and between two tombstones, the later place in time wins; the record id
/// settles a tie, so that every peer ends at the same row whatever the order of arrival.
pub fn decide(known: Option<&Stamp>, incoming: &Stamp) -> Decision {
    let Some(known) = known else { return Decision::Store };
    if known.record == incoming.record {
        return Decision::Duplicate;
    }
    match (known.deleted, incoming.deleted) {
        (true, false) => Decision::Superseded,
        (false, true) => Decision::Store,
        _ if (incoming.hlc, incoming.record) > (known.hlc, known.record) => Decision::Store,
        _ => Decision::Superseded,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn settle(stamps: &[Stamp]) -> Option<Stamp> {
        let mut row = None;
        for stamp in stamps {
            if decide(row.as_ref(), stamp) == Decision::Store {
                row = Some(*stamp);
            }
        }
        row
    }

    proptest! {
        #[test]
        fn any_order_of_arrival_ends_at_the_same_row(
            changes in prop::collection::vec((0u64..4, 0u32..3, prop::bool::weighted(0.2)), 1..8),
            turns in prop::collection::vec(any::<prop::sample::Index>(), 0..24),
        ) {
            let stamps: Vec<Stamp> = changes.iter().enumerate().map(|(i, &(wall_ms, counter, deleted))| Stamp {
                record: RecordId::from_uuid(Uuid::from_u128(i as u128 + 1)), hlc: Hlc { wall_ms, counter }, deleted,
            }).collect();
            let mut shuffled = stamps.clone();
            for turn in &turns {
                // Arrivals may also be doubled.
                let again = *turn.get(&stamps);
                shuffled.insert(turn.index(shuffled.len()), again);
            }
            shuffled.reverse();
            prop_assert_eq!(settle(&stamps), settle(&shuffled));
        }
    }

    #[test]
    fn what_was_deleted_stays_deleted() {
        let stamp = |n: u128, wall_ms, deleted| Stamp {
            record: RecordId::from_uuid(Uuid::from_u128(n)),
            hlc: Hlc { wall_ms, counter: 0 },
            deleted,
        };
        let gone = stamp(1, 5, true);
        assert_eq!(decide(Some(&gone), &stamp(2, 9, false)), Decision::Superseded);
        assert_eq!(decide(Some(&stamp(3, 9, false)), &gone), Decision::Store);
        assert_eq!(decide(Some(&gone), &gone), Decision::Duplicate);
    }
}
