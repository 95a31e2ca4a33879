//! Draws the next token from logits: greedy, or temperature, top-k, top-p and a repetition penalty with a seeded rng.

use reme_types::{Rng, SeededRng};

use crate::options::Sampling;

/// How many of the latest tokens the repetition penalty looks at.
const PENALTY_TOKENS: usize = 64;

/// Holds the settings and the state of the draw.
#[derive(Debug)]
pub(crate) struct Sampler {
    sampling: Option<Sampling>,
    rng: SeededRng,
    recent: Vec<u32>,
}

impl Sampler {
    pub(crate) fn new(sampling: Option<Sampling>) -> Self {
        let seed = sampling.as_ref().map_or(0, |s| s.seed);
        Self { sampling, rng: SeededRng::new(seed), recent: Vec::new() }
    }

    /// Draws among tokens that `allowed` accepts; `None` when it accepts none.
    pub(crate) fn draw(&mut self, logits: &[f32], mut allowed: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut logits = logits.to_vec();
        self.penalise(&mut logits);
        let chosen = match self.sampling.clone() {
            Some(sampling) if sampling.temperature > 0.0 => self.sample(&logits, &sampling, &mut allowed),
            _ => best(&logits, &mut allowed),
        }?;
        self.recent.push(chosen);
        Some(chosen)
    }

    fn penalise(&self, logits: &mut [f32]) {
        let penalty = self.sampling.as_ref().map_or(1.0, |s| s.repetition_penalty);
        if penalty == 1.0 || penalty <= 0.0 {
            return;
        }
        let mut seen: Vec<u32> = self.recent.iter().rev().take(PENALTY_TOKENS).copied().collect();
        seen.sort_unstable();
        seen.dedup();
        for token in seen {
            let Some(logit) = logits.get_mut(token as usize) else { continue };
            *logit = if *logit > 0.0 { *logit / penalty } else { *logit * penalty };
        }
    }

    fn sample(&mut self, logits: &[f32], sampling: &Sampling, allowed: &mut dyn FnMut(u32) -> bool) -> Option<u32> {
        let keep = if sampling.top_k == 0 { logits.len() } else { sampling.top_k };
        let kept: Vec<(u32, f32)> = Descending::new(logits).filter(|(t, _)| allowed(*t)).take(keep).collect();
        let largest = kept.first()?.1;
        let weigh = |logit: f32| f64::from((logit - largest) / sampling.temperature).exp();
        let total: f64 = kept.iter().map(|(_, l)| weigh(*l)).sum();
        let mut reached = 0.0;
        let mut nucleus = Vec::new();
        for (token, logit) in kept {
            reached += weigh(logit);
            nucleus.push((token, reached));
            if reached >= f64::from(sampling.top_p) * total {
                break;
            }
        }
        let point = self.rng.unit() * reached;
        nucleus.iter().find(|(_, upto)| point < *upto).or(nucleus.last()).map(|(token, _)| *token)
    }
}

/// The most likely allowed token; the lower id on a tie, as llama.cpp.
fn best(logits: &[f32], allowed: &mut dyn FnMut(u32) -> bool) -> Option<u32> {
    let (token, _) = (0_u32..).zip(logits).fold((None, f32::NEG_INFINITY), |(best, most), (token, logit)| {
        if *logit > most { (Some(token), *logit) } else { (best, most) }
    });
    let token = token?;
    if allowed(token) {
        return Some(token);
    }
    Descending::new(logits).map(|(t, _)| t).find(|t| allowed(*t))
}

/// Tokens by falling logit, sorted piece by piece because callers mostly need the first few.
struct Descending {
    order: Vec<(u32, f32)>,
    at: usize,
    sorted: usize,
}

impl Descending {
    fn new(logits: &[f32]) -> Self {
        Self { order: (0_u32..).zip(logits.iter().copied()).collect(), at: 0, sorted: 0 }
    }
}

impl Iterator for Descending {
    type Item = (u32, f32);

    fn next(&mut self) -> Option<Self::Item> {
        let falling = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if self.at == self.sorted && self.sorted < self.order.len() {
            let rest = &mut self.order[self.sorted..];
            let piece = (self.sorted * 4).clamp(64, usize::MAX).min(rest.len());
            if piece < rest.len() {
                rest.select_nth_unstable_by(piece - 1, falling);
            }
            rest[..piece].sort_unstable_by(falling);
            self.sorted += piece;
        }
        let item = self.order.get(self.at).copied();
        self.at += 1;
        item
    }
}
