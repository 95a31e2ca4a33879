//! Things in a photo: an everyday word in both languages, and what it is a kind of.
//!
//! One network gives a probability for each of a thousand classes; the classes of one word are added up (120 kinds of dog are
//! a dog). The same run gives the vector by which photos are compared; see [`crate::likeness`].
//! What it must never do: name people; the classes know none, and a photo of people brings wrong things rather.

use std::{path::Path, sync::LazyLock};

use crate::{
    VisionError,
    network::Network,
    picture::{Channels, Picture, planes},
};

/// What named the things.
pub const SOURCE: &str = "tags/efficientnet-lite0";
/// Side of the network's input, px, and how the training pictures were scaled (EfficientNet-lite: 0..=255 to −1..=1).
const SIDE: u32 = 224;
const MEAN: [f32; 3] = [127.0; 3];
const SCALE: [f32; 3] = [128.0; 3];
/// Numbers of the vector.
pub const VECTOR_LEN: usize = 1280;
const CLASSES: usize = 1000;
/// Least confidence of a word, and of a general word that stands in for several [measured: docs/decisions/0012-seeing.md].
const LEAST_CONFIDENCE: f32 = 0.35;
const LEAST_GENERAL: f32 = 0.5;
/// Most words for one photo.
const MOST: usize = 4;

/// A word for a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Word {
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

/// A thing that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Thing {
    /// What it is.
    pub word: Word,
    /// What it is a kind of.
    pub general: Word,
    /// 0..=1.
    pub confidence: f32,
}

struct Entry {
    word: Word,
    general: Word,
    classes: Vec<usize>,
}

static TABLE: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let lines = include_str!("../data/things.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let mut word = || Some(Word { en: fields.next()?, zh: fields.next()? });
            let (word, general) = (word()?, word()?);
            let classes = fields.next()?.split(' ').flat_map(|range| {
                let (from, to) = range.split_once('-').unwrap_or((range, range));
                let number = |text: &str| text.parse::<usize>().unwrap_or(CLASSES);
                number(from)..=number(to)
            });
            Some(Entry { word, general, classes: classes.filter(|class| *class < CLASSES).collect() })
        })
        .collect()
});

/// Names things, and gives the vector of a photo.
pub struct ThingFinder {
    network: Network,
}

impl ThingFinder {
    /// Loads the network.
    ///
    /// # Errors
    /// [`VisionError::Missing`], [`VisionError::NotTheModel`].
    pub fn load(network: &Path) -> Result<Self, VisionError> {
        Ok(Self { network: Network::load(network, "naming things in photos")? })
    }

    /// The things in a photo, the surest first, and its vector of length 1.
    ///
    /// # Errors
    /// [`VisionError::Run`].
    pub fn find(&self, picture: &Picture) -> Result<(Vec<Thing>, Vec<f32>), VisionError> {
        let (logits, mut vector) = self.run(picture)?;
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
        vector.iter_mut().for_each(|x| *x /= length);
        Ok((things(&shares(&logits)), vector))
    }

    fn run(&self, picture: &Picture) -> Result<(Vec<f32>, Vec<f32>), VisionError> {
        // The whole photo, not its middle: what somebody holds up to the camera may stand at the edge.
        let input = planes(&picture.scaled(SIDE, SIDE), Channels::Rgb, MEAN, SCALE);
        let out = self.network.run(&[1, 3, SIDE as usize, SIDE as usize], &input)?;
        let of = |length: usize| {
            let found = out.iter().find(|output| output.data.len() == length).map(|output| output.data.clone());
            found.ok_or_else(|| VisionError::Run {
                what: self.network.what(),
                detail: format!("no output has {length} numbers"),
            })
        };
        Ok((of(CLASSES)?, of(VECTOR_LEN)?))
    }
}

/// Softmax.
fn shares(logits: &[f32]) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::MIN, f32::max);
    let raised: Vec<f32> = logits.iter().map(|x| (x - most).exp()).collect();
    let sum: f32 = raised.iter().sum();
    raised.into_iter().map(|x| x / sum).collect()
}

/// The words that are likely enough; where none is, the general word of several that together are.
fn things(shares: &[f32]) -> Vec<Thing> {
    let of = |entry: &Entry| entry.classes.iter().map(|class| shares[*class]).sum::<f32>().min(1.0);
    let mut found: Vec<Thing> =
        TABLE.iter().map(|entry| Thing { word: entry.word, general: entry.general, confidence: of(entry) }).collect();
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut general: Vec<Thing> = Vec::new();
    for thing in &found {
        match general.iter_mut().find(|known| known.word == thing.general) {
            Some(known) => known.confidence = (known.confidence + thing.confidence).min(1.0),
            None => general.push(Thing { word: thing.general, ..thing.clone() }),
        }
    }
    found.retain(|thing| thing.confidence >= LEAST_CONFIDENCE);
    found.truncate(MOST);
    if found.is_empty() {
        general.retain(|thing| thing.confidence >= LEAST_GENERAL);
        general.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        general.truncate(1);
        return general;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(classes: &[(usize, f32)]) -> Vec<f32> {
        let mut shares = vec![0.0; CLASSES];
        classes.iter().for_each(|(class, share)| shares[*class] = *share);
        shares
    }

    fn words(shares: &[f32]) -> Vec<&'static str> {
        things(shares).iter().map(|thing| thing.word.en).collect()
    }

    #[test]
    fn every_class_stands_for_one_word_at_most_and_every_word_is_in_both_languages() {
        let mut seen = std::collections::BTreeMap::new();
        for entry in TABLE.iter() {
            assert!(!entry.classes.is_empty() && !entry.word.zh.is_empty() && !entry.general.zh.is_empty());
            for class in &entry.classes {
                assert!(seen.insert(*class, entry.word.en).is_none(), "class {class} stands twice");
            }
        }
        assert!(TABLE.len() > 150 && seen.len() > 650, "{} words for {} classes", TABLE.len(), seen.len());
    }

    #[test]
    fn kinds_of_one_thing_are_added_up() {
        assert_eq!(words(&with(&[(151, 0.2), (207, 0.2), (281, 0.05)])), ["dog"]);
    }

    #[test]
    fn what_is_one_of_several_things_gets_the_general_word() {
        assert_eq!(words(&with(&[(948, 0.3), (950, 0.3)])), ["fruit"]);
        assert!(words(&with(&[(948, 0.2), (404, 0.2)])).is_empty());
    }

    #[test]
    fn what_nobody_looks_a_photo_up_by_brings_no_word() {
        assert!(words(&with(&[(413, 0.9)])).is_empty());
    }
}
