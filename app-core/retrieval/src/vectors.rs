//! Vectors of the notes, a byte a number, and how near a question lies to each.
//!
//! Where in the flow: beside the inverted index; a question that comes with a vector finds notes said in other words or in the other
//! language. The vectors are made elsewhere (`reme-embedding`); nothing here needs a model. Every vector is looked at for every
//! question: below some 200,000 notes that costs less than an index would (see `docs/decisions/0014-retrieval.md`).

/// Numbers in a vector.
pub const DIMENSIONS: usize = 512;

/// A vector of length 1, a byte a number: its largest number is ±127 steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Vector {
    numbers: Box<[i8]>,
    step: f32,
}

impl Vector {
    /// Rounds 512 numbers to bytes. The cosine of two rounded vectors is off by less than 0.01.
    ///
    /// ```
    /// use reme_retrieval::{DIMENSIONS, Vector};
    /// let mut numbers = [0.0; DIMENSIONS];
    /// (numbers[0], numbers[7]) = (0.6, -0.8);
    /// let vector = Vector::of(&numbers);
    /// assert!((vector.similarity(&vector) - 1.0).abs() < 0.01);
    /// assert_eq!(Vector::from_bytes(&vector.to_bytes()), Some(vector));
    /// ```
    pub fn of(numbers: &[f32; DIMENSIONS]) -> Self {
        let largest = numbers.iter().fold(0.0_f32, |most, n| most.max(n.abs()));
        let step = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        Self { numbers: numbers.iter().map(|n| (n / step).round() as i8).collect(), step }
    }

    /// The cosine with another.
    pub fn similarity(&self, other: &Self) -> f32 {
        dot(&self.numbers, &other.numbers) as f32 * self.step * other.step
    }

    /// 516 bytes: the step (little endian), then the numbers.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.step.to_le_bytes().into_iter().chain(self.numbers.iter().map(|n| n.to_le_bytes()[0])).collect()
    }

    /// What [`Self::to_bytes`] wrote; `None` for anything of another length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (step, numbers) = bytes.split_first_chunk::<4>()?;
        let step = f32::from_le_bytes(*step);
        (numbers.len() == DIMENSIONS && step.is_finite())
            .then(|| Self { numbers: numbers.iter().map(|b| i8::from_le_bytes([*b])).collect(), step })
    }
}

/// Σ a·b; in blocks, which compilers turn into vector instructions.
fn dot(a: &[i8], b: &[i8]) -> i32 {
    let block = |(a, b): (&[i8], &[i8])| -> i32 {
        a.iter().zip(b).map(|(x, y)| i32::from(i16::from(*x) * i16::from(*y))).sum()
    };
    a.chunks_exact(32).zip(b.chunks_exact(32)).map(block).sum()
}

/// The vectors of a corpus, by the notes' places, in one piece of memory.
#[derive(Default)]
pub(crate) struct Vectors {
    /// [notes, 512]
    numbers: Vec<i8>,
    /// Beside it; 0 where a note has no vector.
    steps: Vec<f32>,
}

impl Vectors {
    /// Room for one more note, with no vector yet.
    pub(crate) fn grow(&mut self) {
        // Most corpora have either a vector for every note or none at all.
        if !self.numbers.is_empty() {
            self.numbers.resize(self.numbers.len() + DIMENSIONS, 0);
        }
        self.steps.push(0.0);
    }

    pub(crate) fn set(&mut self, at: u32, vector: &Vector) {
        self.numbers.resize(self.steps.len() * DIMENSIONS, 0);
        let at = at as usize;
        self.numbers[at * DIMENSIONS..(at + 1) * DIMENSIONS].copy_from_slice(&vector.numbers);
        self.steps[at] = vector.step;
    }

    pub(crate) fn clear(&mut self, at: u32) {
        self.steps[at as usize] = 0.0;
    }

    /// How near each note lies to a question, against how near notes lie to it by and large.
    pub(crate) fn near(&self, question: &Vector) -> Nearness {
        let mut cosines = vec![f32::NEG_INFINITY; self.steps.len()];
        let (mut sum, mut squares, mut count) = (0.0_f64, 0.0_f64, 0.0_f64);
        for (at, numbers) in self.numbers.chunks_exact(DIMENSIONS).enumerate() {
            if self.steps[at] > 0.0 {
                let cosine = dot(numbers, &question.numbers) as f32 * self.steps[at] * question.step;
                cosines[at] = cosine;
                let cosine = f64::from(cosine);
                (sum, squares, count) = (sum + cosine, squares + cosine * cosine, count + 1.0);
            }
        }
        let mean = sum / count.max(1.0);
        let spread = (squares / count.max(1.0) - mean * mean).max(0.0).sqrt();
        Nearness { cosines, floor: (mean + FLOOR * spread) as f32 }
    }
}

/// Notes count as near from so many standard deviations above the mean on. [design]
const FLOOR: f64 = 1.0;
/// A note this much above the floor is as near as questions get to their notes; measured on paraphrases: three quarters of the right
/// notes lie within 0.33 (English) and 0.45 (Chinese) of cosine. [design]
const SPAN: f32 = 0.3;

/// Cosines of one question with the notes of a corpus.
pub(crate) struct Nearness {
    cosines: Vec<f32>,
    floor: f32,
}

impl Nearness {
    /// 0 for a note like any other, 1 for one as near as questions get to their notes, at most 1.5.
    pub(crate) fn of(&self, at: u32) -> f64 {
        let above = self.cosines.get(at as usize).copied().unwrap_or(f32::NEG_INFINITY) - self.floor;
        f64::from((above / SPAN).clamp(0.0, 1.5))
    }

    /// The places of the nearest `most` notes above the floor.
    pub(crate) fn nearest(&self, most: usize) -> Vec<u32> {
        let mut found: Vec<u32> =
            (0..self.cosines.len() as u32).filter(|at| self.cosines[*at as usize] > self.floor).collect();
        if found.len() > most {
            found.select_nth_unstable_by(most, |a, b| {
                self.cosines[*b as usize].total_cmp(&self.cosines[*a as usize]).then(b.cmp(a))
            });
            found.truncate(most);
        }
        found
    }
}
