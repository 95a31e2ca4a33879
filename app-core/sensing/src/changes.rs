//! Where something changed: the minutes of a day are cut where steps, heart rate or speed change their level.
//!
//! Method: PELT (Killick, Fearnhead & Eckley 2012, JASA 107:1590–1598), which finds the cut with the least cost exactly, in a
//! time that grows with the number of minutes when changes are frequent. Cost: minus the log likelihood of steps as Poisson
//! counts, widened by a dispersion because people do not walk like clocks, and of heart rate and log speed as Gaussian around
//! the stretch's mean with a fixed spread. Penalty: BIC (Schwarz 1978), ½ ln n for each parameter a further stretch adds (three levels and
//! where it begins).

use crate::minutes::Minutes;

/// Variance of steps a minute over their mean. Poisson would be 1; walking people pause, turn and wait. [design]
const DISPERSION: f64 = 8.0;
/// Spread of the heart rate around a stretch's mean, beats a minute; wide, because neighbouring minutes are alike. [design]
const HEART_SPREAD_BPM: f64 = 12.0;
/// Spread of ln(1 + speed in km/h) around a stretch's mean. [design]
const SPEED_SPREAD: f64 = 0.6;
/// Shortest stretch, min.
const SHORTEST: usize = 2;
/// Parameters that a further stretch adds.
const PARAMETERS: f64 = 4.0;

/// Sums from the first minute on, so that the cost of any stretch is found at once.
struct Sums {
    steps: Vec<f64>,
    heart: Vec<[f64; 3]>,
    speed: Vec<[f64; 3]>,
}

/// Where the stretches of `minutes[from..to]` begin, as indices; the first is `from`.
pub(crate) fn stretches(minutes: &Minutes, from: usize, to: usize) -> Vec<usize> {
    let length = to.saturating_sub(from);
    if length < 2 * SHORTEST {
        return if length == 0 { Vec::new() } else { vec![from] };
    }
    let sums = Sums::of(minutes, from, to);
    let penalty = PARAMETERS / 2.0 * (length as f64).ln();
    // best[t]: least cost of the first t minutes; last[t]: where their last stretch begins.
    let (mut best, mut last) = (vec![f64::INFINITY; length + 1], vec![0; length + 1]);
    best[0] = -penalty;
    let mut candidates = vec![0];
    for end in SHORTEST..=length {
        let mut costs = Vec::with_capacity(candidates.len());
        for &start in &candidates {
            let cost = best[start] + sums.cost(start, end);
            costs.push(cost);
            if cost + penalty < best[end] {
                best[end] = cost + penalty;
                last[end] = start;
            }
        }
        // A beginning that is dearer than the best end by now can never be the best beginning later.
        let mut cost = costs.into_iter();
        candidates.retain(|_| cost.next().is_some_and(|cost| cost <= best[end]));
        if end + 1 >= 2 * SHORTEST {
            candidates.push(end + 1 - SHORTEST);
        }
    }
    let (mut begins, mut end) = (Vec::new(), length);
    while end > 0 {
        end = last[end];
        begins.push(from + end);
    }
    begins.reverse();
    begins
}

impl Sums {
    fn of(minutes: &Minutes, from: usize, to: usize) -> Self {
        let mut sums = Self { steps: vec![0.0], heart: vec![[0.0; 3]], speed: vec![[0.0; 3]] };
        let add = |sums: &mut Vec<[f64; 3]>, value: f64| {
            let [count, sum, squares] = sums.last().copied().unwrap_or_default();
            sums.push(if value.is_nan() {
                [count, sum, squares]
            } else {
                [count + 1.0, sum + value, squares + value * value]
            });
        };
        for at in from..to {
            let before = sums.steps.last().copied().unwrap_or_default();
            sums.steps.push(before + f64::from(minutes.steps[at]));
            add(&mut sums.heart, f64::from(minutes.heart[at]));
            add(
                &mut sums.speed,
                f64::from(minutes.speed_kmh[at]).max(0.0).ln_1p() + 0.0 * f64::from(minutes.speed_kmh[at]),
            );
        }
        sums
    }

    /// Minus the log likelihood of a stretch, without what is the same for every cut.
    fn cost(&self, start: usize, end: usize) -> f64 {
        let count = self.steps[end] - self.steps[start];
        let mean = count / (end - start) as f64;
        let steps = if count > 0.0 { -count * mean.ln() / DISPERSION } else { 0.0 };
        steps
            + scatter(self.heart[start], self.heart[end]) / (2.0 * HEART_SPREAD_BPM * HEART_SPREAD_BPM)
            + scatter(self.speed[start], self.speed[end]) / (2.0 * SPEED_SPREAD * SPEED_SPREAD)
    }
}

/// Sum of squared distances from the mean.
fn scatter(before: [f64; 3], after: [f64; 3]) -> f64 {
    let [count, sum, squares] = [0, 1, 2].map(|i| after[i] - before[i]);
    if count > 0.0 { (squares - sum * sum / count).max(0.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{SHORTEST, Sums, stretches};
    use crate::minutes::Minutes;

    fn minutes(steps: &[(usize, f32)]) -> Minutes {
        let steps: Vec<f32> = steps.iter().flat_map(|(length, rate)| std::iter::repeat_n(*rate, *length)).collect();
        let none = vec![f32::NAN; steps.len()];
        let observed = vec![true; steps.len()];
        Minutes { heart: none.clone(), speed_kmh: none, observed, steps, ..Minutes::default() }
    }

    #[test]
    fn a_day_with_two_walks_is_cut_where_they_begin_and_end() {
        let day = minutes(&[(400, 0.0), (25, 100.0), (300, 2.0), (40, 85.0), (675, 0.0)]);
        assert_eq!(stretches(&day, 0, 1440), [0, 400, 425, 725, 765]);
    }

    #[test]
    fn a_short_pause_is_no_change_and_a_still_day_has_none() {
        let day = minutes(&[(60, 0.0), (12, 100.0), (1, 0.0), (12, 100.0), (60, 0.0)]);
        assert_eq!(stretches(&day, 0, 145), [0, 60, 85]);
        assert_eq!(stretches(&minutes(&[(1440, 0.0)]), 0, 1440), [0]);
    }

    #[test]
    fn pruning_changes_nothing() {
        // Every cut of a short noisy day, tried one by one, against what PELT finds.
        let noisy: Vec<(usize, f32)> =
            (0..60).map(|i| (1, ((i * i * 7919) % 97) as f32 * f32::from(u8::from(i / 15 % 2 == 1)))).collect();
        let day = minutes(&noisy);
        let sums = Sums::of(&day, 0, 60);
        let penalty = super::PARAMETERS / 2.0 * 60_f64.ln();
        let mut best = vec![f64::INFINITY; 61];
        best[0] = -penalty;
        for end in SHORTEST..=60 {
            best[end] = (0..=end - SHORTEST)
                .map(|start| best[start] + sums.cost(start, end) + penalty)
                .fold(f64::INFINITY, f64::min);
        }
        let begins = stretches(&day, 0, 60);
        let ends = begins[1..].iter().copied().chain([60]);
        let found: f64 =
            begins.iter().zip(ends).map(|(start, end)| sums.cost(*start, end) + penalty).sum::<f64>() - penalty;
        assert!((found - best[60]).abs() < 1e-6, "{found} against {}", best[60]);
    }
}
