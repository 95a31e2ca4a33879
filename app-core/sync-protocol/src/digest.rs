//! A fingerprint of a set of rows that does not depend on their order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Collection, RowKey, Stamp};

/// The fingerprint of one collection. It finds accidents, not attacks: requests are signed for that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionDigest {
    /// Rows that live.
    pub live: u64,
    /// Rows that are gone.
    pub gone: u64,
    /// Exclusive or of the rows' hashes, 32 bytes as lower-case hex.
    #[serde(with = "hex32")]
    pub fold: [u8; 32],
}

/// The fingerprint of all that one device has sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest {
    collections: BTreeMap<Collection, CollectionDigest>,
}

impl Digest {
    /// The fingerprint of these rows.
    pub fn of<'a>(rows: impl IntoIterator<Item = (&'a RowKey, &'a Stamp)>) -> Self {
        let mut digest = Self::default();
        for (key, stamp) in rows {
            digest.add(key, stamp);
        }
        digest
    }

    /// Adds a row.
    pub fn add(&mut self, key: &RowKey, stamp: &Stamp) {
        let entry = self.collections.entry(key.collection).or_default();
        *if stamp.deleted { &mut entry.gone } else { &mut entry.live } += 1;
        entry.turn(&hash(key, stamp));
    }

    /// Puts a row's new stamp in the place of the one it had, which must be in here.
    pub fn replace(&mut self, key: &RowKey, had: Option<&Stamp>, now: &Stamp) {
        if let Some(had) = had {
            let entry = self.collections.entry(key.collection).or_default();
            let count = if had.deleted { &mut entry.gone } else { &mut entry.live };
            *count = count.saturating_sub(1);
            entry.turn(&hash(key, had));
        }
        self.add(key, now);
    }

    /// Collections in which the two differ.
    pub fn differing(&self, other: &Self) -> Vec<Collection> {
        let none = CollectionDigest::default();
        let of = |digest: &Self, c| digest.collections.get(&c).unwrap_or(&none).clone();
        Collection::ALL.into_iter().filter(|&c| of(self, c) != of(other, c)).collect()
    }

    /// Live rows of a collection.
    pub fn live(&self, collection: Collection) -> u64 {
        self.collections.get(&collection).map_or(0, |entry| entry.live)
    }
}

impl CollectionDigest {
    /// Exclusive or is its own opposite: the same call adds and takes away.
    fn turn(&mut self, hash: &[u8; 32]) {
        for (byte, other) in self.fold.iter_mut().zip(hash) {
            *byte ^= other;
        }
    }
}

fn hash(key: &RowKey, stamp: &Stamp) -> [u8; 32] {
    let line = format!("{}\n{}\n{}\n{}\n{}", key.collection, key.row, stamp.record, stamp.hlc, u8::from(stamp.deleted));
    Sha256::digest(line.as_bytes()).into()
}

pub(crate) mod hex32 {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn to_text(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_text(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut out = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(D::Error::custom("64 hex digits are needed"));
        }
        for (i, byte) in out.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(D::Error::custom)?;
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reme_types::RecordId;
    use uuid::Uuid;

    use super::*;
    use crate::Hlc;

    fn rows(seeds: &[(u8, u64, bool)]) -> Vec<(RowKey, Stamp)> {
        let row = |(i, &(c, wall_ms, deleted)): (usize, &(u8, u64, bool))| {
            let key = RowKey { collection: Collection::ALL[usize::from(c % 4)], row: format!("row-{i}") };
            let record = RecordId::from_uuid(Uuid::from_u128(i as u128));
            (key, Stamp { record, hlc: Hlc { wall_ms, counter: 0 }, deleted })
        };
        seeds.iter().enumerate().map(row).collect()
    }

    fn digest(rows: &[(RowKey, Stamp)]) -> Digest {
        Digest::of(rows.iter().map(|(key, stamp)| (key, stamp)))
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_every_row_does(seeds in prop::collection::vec((any::<u8>(), 0u64..9, any::<bool>()), 1..40), at in any::<prop::sample::Index>()) {
            let rows = rows(&seeds);
            let whole = digest(&rows);
            let mut turned = rows.clone();
            turned.rotate_left(at.index(rows.len()));
            prop_assert_eq!(&digest(&turned), &whole);

            let mut less = rows.clone();
            let (key, stamp) = less.remove(at.index(rows.len()));
            prop_assert_eq!(digest(&less).differing(&whole), vec![key.collection]);
            less.push((key.clone(), Stamp { deleted: !stamp.deleted, ..stamp }));
            prop_assert_eq!(digest(&less).differing(&whole), vec![key.collection]);
        }

        #[test]
        fn replacing_rows_one_by_one_is_the_same_as_counting_anew(changes in prop::collection::vec((0usize..5, 0u64..9, any::<bool>()), 1..40)) {
            let mut rows = std::collections::BTreeMap::new();
            let mut kept = Digest::default();
            for (at, wall_ms, deleted) in changes {
                let key = RowKey { collection: Collection::ALL[at % 4], row: format!("row-{at}") };
                let stamp = Stamp { record: RecordId::from_uuid(Uuid::nil()), hlc: Hlc { wall_ms, counter: 0 }, deleted };
                kept.replace(&key, rows.get(&key), &stamp);
                rows.insert(key, stamp);
            }
            prop_assert_eq!(kept, Digest::of(&rows));
        }

        #[test]
        fn it_survives_the_wire(seeds in prop::collection::vec((any::<u8>(), 0u64..9, any::<bool>()), 0..9)) {
            let digest = digest(&rows(&seeds));
            let text = serde_json::to_string(&digest).expect("plain data");
            prop_assert_eq!(serde_json::from_str::<Digest>(&text).expect("written by us"), digest);
        }
    }
}
