//! Draws the next token from logits: greedy, or temperature, top-k, top-p and a repetition penalty with a seeded rng.
//!
//! Never allocates per token: its buffers live as long as the generation.

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
    /// Logits after the penalty, [vocabulary]; empty while there is none.
    penalised: Vec<f32>,
    /// (token, logit), and later (token, weight so far).
    order: Vec<(u32, f32)>,
    nucleus: Vec<(u32, f64)>,
}

impl Sampler {
    pub(crate) fn new(sampling: Option<Sampling>) -> Self {
        let seed = sampling.as_ref().map_or(0, |s| s.seed);
        Self {
            sampling,
            rng: SeededRng::new(seed),
            recent: Vec::new(),
            penalised: Vec::new(),
            order: Vec::new(),
            nucleus: Vec::new(),
        }
    }

    /// Draws among tokens that `allowed` accepts; `None` when it accepts none.
    pub(crate) fn draw(&mut self, logits: &[f32], allowed: &dyn Fn(u32) -> bool) -> Option<u32> {
        let penalty = self.sampling.as_ref().map_or(1.0, |s| s.repetition_penalty);
        let logits = if penalty > 0.0 && penalty != 1.0 {
            self.penalised.clear();
            self.penalised.extend_from_slice(logits);
            penalise(&mut self.penalised, &self.recent, penalty);
            &self.penalised
        } else {
            logits
        };
        let chosen = match &self.sampling {
            Some(sampling) if sampling.temperature > 0.0 => {
                let point = self.rng.unit();
                sample(logits, sampling, allowed, point, &mut self.order, &mut self.nucleus)
            }
            _ => best(logits, allowed),
        }?;
        self.recent.push(chosen);
        Some(chosen)
    }
}

fn penalise(logits: &mut [f32], recent: &[u32], penalty: f32) {
    let latest = &recent[recent.len().saturating_sub(PENALTY_TOKENS)..];
    for (index, token) in latest.iter().enumerate() {
        if latest[..index].contains(token) {
            continue;
        }
        let Some(logit) = logits.get_mut(*token as usize) else { continue };
        *logit = if *logit > 0.0 { *logit / penalty } else { *logit * penalty };
    }
}

/// `point` in [0, 1) says where in the kept probability mass the draw falls.
fn sample(
    logits: &[f32],
    sampling: &Sampling,
    allowed: &dyn Fn(u32) -> bool,
    point: f64,
    order: &mut Vec<(u32, f32)>,
    nucleus: &mut Vec<(u32, f64)>,
) -> Option<u32> {
    order.clear();
    order.extend((0_u32..).zip(logits.iter().copied()).filter(|(token, logit)| allowed(*token) && !logit.is_nan()));
    let falling = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if (1..order.len()).contains(&sampling.top_k) {
        order.select_nth_unstable_by(sampling.top_k - 1, falling);
        order.truncate(sampling.top_k);
    }
    order.sort_unstable_by(falling);
    let largest = order.first()?.1;
    let weigh = |logit: f32| f64::from((logit - largest) / sampling.temperature).exp();
    let total: f64 = order.iter().map(|(_, l)| weigh(*l)).sum();
    let mut reached = 0.0;
    nucleus.clear();
    for (token, logit) in order.iter() {
        reached += weigh(*logit);
        nucleus.push((*token, reached));
        if reached >= f64::from(sampling.top_p) * total {
            break;
        }
    }
    let point = point * reached;
    nucleus.iter().find(|(_, upto)| point < *upto).or(nucleus.last()).map(|(token, _)| *token)
}

/// The most likely allowed token; the lower id on a tie, as llama.cpp.
fn best(logits: &[f32], allowed: &dyn Fn(u32) -> bool) -> Option<u32> {
    let mut best = (None, f32::NEG_INFINITY);
    for (token, logit) in (0_u32..).zip(logits) {
        // The comparison first: it is almost always false.
        if *logit > best.1 && allowed(token) {
            best = (Some(token), *logit);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(sampling: Sampling, logits: &[f32]) -> Vec<u32> {
        let mut sampler = Sampler::new(Some(sampling));
        (0..200).filter_map(|_| sampler.draw(logits, &|_| true)).collect()
    }

    #[test]
    fn greedy_takes_the_best_allowed_and_the_lower_of_equals() {
        let mut sampler = Sampler::new(None);
        let logits = [1.0, 5.0, 5.0, f32::NAN];
        assert_eq!(sampler.draw(&logits, &|_| true), Some(1));
        assert_eq!(sampler.draw(&logits, &|t| t != 1), Some(2));
        assert_eq!(sampler.draw(&logits, &|_| false), None);
    }

    #[test]
    fn top_k_and_top_p_keep_what_they_say_and_the_seed_decides() {
        let plain = Sampling { temperature: 1.0, top_k: 0, top_p: 1.0, repetition_penalty: 1.0, seed: 3 };
        let logits = [0.0, 1.0, 2.0, 3.0];
        let all = draws(plain.clone(), &logits);
        assert!((0..4).all(|t| all.contains(&t)), "every token has a chance");
        assert_eq!(all, draws(plain.clone(), &logits), "the same seed draws the same");
        let two = draws(Sampling { top_k: 2, ..plain.clone() }, &logits);
        assert!(two.iter().all(|t| *t >= 2) && two.contains(&2));
        assert!(draws(Sampling { top_p: 0.5, ..plain.clone() }, &logits).iter().all(|t| *t == 3));
        assert!(draws(Sampling { temperature: 0.0, ..plain }, &logits).iter().all(|t| *t == 3));
    }

    #[test]
    fn a_token_just_said_is_less_likely_with_a_penalty() {
        let sampling = Sampling { temperature: 0.0, repetition_penalty: 2.0, ..Sampling::default() };
        let mut sampler = Sampler::new(Some(sampling));
        let logits = [3.0, 2.0, -1.0];
        assert_eq!(sampler.draw(&logits, &|_| true), Some(0));
        assert_eq!(sampler.draw(&logits, &|_| true), Some(1));
    }
}
