//! Which faces are one person: groups that grow face by face, purity before completeness.
//!
//! A face joins the group whose faces it resembles on average, when it is near enough, no other group is nearly as near, and
//! nobody of the same photo is in it already (two faces in one photo are two people). Otherwise it begins a group of its own:
//! two groups of one person are joined by the carer with one touch, a mixed group spoils every name that rests on it.
//!
//! ```
//! use reme_vision::faces::Groups;
//! let mut groups = Groups::default();
//! groups.add('a', vec![0.0, 0.1]);
//! groups.add('b', vec![0.9, 0.0]);
//! assert_eq!(groups.place(&[0.0, 0.2], &[]).map(|near| near.group), Some('a'));
//! assert!(groups.place(&[0.0, 0.2], &['a']).is_none(), "somebody in this photo is a already");
//! ```

use std::collections::BTreeMap;

/// Average distance up to which a face belongs to a group [measured: docs/decisions/0012-seeing.md; dlib's own bound is 0.6].
pub const SAME_PERSON: f32 = 0.45;
/// How much farther the next group must be.
const CLEARLY_NEARER: f32 = 0.03;
/// Distance at which a face is as likely this person as not, and how fast that turns, for the confidence shown.
const EVEN_ODDS: f32 = 0.5;
const STEEPNESS: f32 = 0.045;

/// Distance of two faces: 0 for the same picture; Euclid's, as dlib's network was trained with.
pub fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f32>().sqrt()
}

/// How near a face is to a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness<K> {
    /// The group.
    pub group: K,
    /// Average distance to its faces.
    pub distance: f32,
    /// 0..=1: how sure it is that this is the same person.
    pub confidence: f32,
}

/// Groups of faces. `K` is the caller's name for a group.
#[derive(Debug, Clone)]
pub struct Groups<K> {
    faces: BTreeMap<K, Vec<Vec<f32>>>,
}

/// The group a face was put into, and how near it was to it; `None` where the group is new.
pub type Placed<K> = (K, Option<Likeness<K>>);

impl<K> Default for Groups<K> {
    fn default() -> Self {
        Self { faces: BTreeMap::new() }
    }
}

impl<K: Copy + Ord> Groups<K> {
    /// Puts a face into a group, new or not.
    pub fn add(&mut self, group: K, identity: Vec<f32>) {
        self.faces.entry(group).or_default().push(identity);
    }

    /// Every group by how near it is, the nearest first.
    pub fn likenesses(&self, identity: &[f32]) -> Vec<Likeness<K>> {
        let of = |(group, faces): (&K, &Vec<Vec<f32>>)| {
            let sum: f32 = faces.iter().map(|face| distance(face, identity)).sum();
            let distance = sum / faces.len() as f32;
            Likeness { group: *group, distance, confidence: confidence(distance) }
        };
        let mut near: Vec<_> = self.faces.iter().map(of).collect();
        near.sort_by(|a, b| a.distance.total_cmp(&b.distance).then(a.group.cmp(&b.group)));
        near
    }

    /// The group a face belongs to, or `None` for a face of nobody that is known. `taken` are the groups that other faces of the
    /// same photo are in.
    pub fn place(&self, identity: &[f32], taken: &[K]) -> Option<Likeness<K>> {
        let near = self.likenesses(identity);
        let best = near.iter().find(|likeness| !taken.contains(&likeness.group))?;
        let next = near.iter().find(|likeness| likeness.group != best.group);
        let clear = next.is_none_or(|next| next.distance >= best.distance + CLEARLY_NEARER);
        (best.distance <= SAME_PERSON && clear).then_some(*best)
    }

    /// Places the faces of one photo, the surest first; where one is of nobody that is known, `begin` names a new group. The
    /// groups hold the faces afterwards; the answer stands in the order of the faces.
    pub fn place_all<E>(
        &mut self,
        identities: &[&[f32]],
        mut begin: impl FnMut() -> Result<K, E>,
    ) -> Result<Vec<Placed<K>>, E> {
        let nearest = |identity: &[f32]| self.likenesses(identity).first().map_or(f32::MAX, |l| l.distance);
        let mut order: Vec<(usize, f32)> = identities.iter().map(|i| nearest(i)).enumerate().collect();
        order.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (mut taken, mut placed) = (Vec::new(), vec![None; identities.len()]);
        for (at, _) in order {
            let known = self.place(identities[at], &taken);
            let group = match known {
                Some(likeness) => likeness.group,
                None => begin()?,
            };
            taken.push(group);
            placed[at] = Some((group, known));
        }
        // Added only now, so that no face of the photo is compared with another of it.
        let placed: Vec<_> = placed.into_iter().flatten().collect();
        placed.iter().zip(identities).for_each(|((group, _), identity)| self.add(*group, identity.to_vec()));
        Ok(placed)
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.faces.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }
}

/// How sure a distance makes it that two faces are one person.
pub fn confidence(distance: f32) -> f32 {
    1.0 / (1.0 + ((distance - EVEN_ODDS) / STEEPNESS).exp())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use reme_types::{Rng, SeededRng};

    use super::*;

    fn place(groups: &mut Groups<usize>, faces: &[&[f32]]) -> Vec<usize> {
        let mut next = groups.len();
        let mut begin = || {
            next += 1;
            Ok::<_, Infallible>(next - 1)
        };
        let placed = groups.place_all(faces, &mut begin).expect("never fails");
        placed.into_iter().map(|(group, _)| group).collect()
    }

    /// Somebody's face in a photo: their own vector and some noise, as far from it as real photos of one person are.
    fn photo_of(person: u64, rng: &mut SeededRng) -> Vec<f32> {
        let mut own = SeededRng::new(person * 7919 + 1);
        (0..128).map(|_| (own.unit() as f32 - 0.5) * 0.2 + (rng.unit() as f32 - 0.5) * 0.06).collect()
    }

    #[test]
    fn photos_of_eight_people_make_eight_groups_and_none_is_mixed() {
        let (mut rng, mut groups) = (SeededRng::new(5), Groups::default());
        let mut seen: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
        for photo in 0..60_u64 {
            let people = [photo % 8, (photo * 3 + 1) % 8];
            let people = if people[0] == people[1] { &people[..1] } else { &people[..] };
            let faces: Vec<_> = people.iter().map(|p| photo_of(*p, &mut rng)).collect();
            let faces: Vec<&[f32]> = faces.iter().map(Vec::as_slice).collect();
            for (group, person) in place(&mut groups, &faces).into_iter().zip(people) {
                seen.entry(group).or_default().push(*person);
            }
        }
        assert_eq!(seen.len(), 8);
        assert!(seen.values().all(|people| people.iter().all(|p| *p == people[0])), "{seen:?}");
    }

    #[test]
    fn two_faces_of_one_photo_are_never_one_person() {
        let mut groups = Groups::default();
        let face: &[f32] = &[0.1, 0.2];
        assert_eq!(place(&mut groups, &[face, face]), [0, 1], "twins");
    }

    #[test]
    fn between_two_groups_a_face_begins_its_own() {
        let mut groups = Groups::default();
        groups.add(0, vec![0.0, 0.0]);
        groups.add(1, vec![0.5, 0.0]);
        assert!(groups.place(&[0.25, 0.0], &[]).is_none(), "in the middle");
        assert_eq!(groups.place(&[0.1, 0.0], &[]).map(|near| near.group), Some(0));
        assert!(groups.place(&[0.0, 0.9], &[]).is_none(), "far from both");
    }

    #[test]
    fn confidence_falls_with_distance() {
        assert!(confidence(0.2) > 0.99 && confidence(0.45) > 0.7 && confidence(0.6) < 0.15);
    }
}
