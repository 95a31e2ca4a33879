//! How loud it is, for a meter on the screen.

/// Quieter than this nothing is shown; the floor of 16-bit sound.
const FLOOR_DBFS: f32 = -96.0;

/// Loudness of a stretch of sound, in decibels below full scale: 0 is as loud as can be recorded, -96 is nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Mean energy.
    pub rms_dbfs: f32,
    /// Loudest sample.
    pub peak_dbfs: f32,
}

impl Level {
    /// The level of some samples; nothing at all is as quiet as can be.
    pub fn of(samples: &[f32]) -> Self {
        let mut meter = LevelMeter::new(samples.len());
        let mut levels = Vec::new();
        meter.push(samples, |level| levels.push(level));
        levels.pop().unwrap_or(Self { rms_dbfs: FLOOR_DBFS, peak_dbfs: FLOOR_DBFS })
    }
}

/// Tells the level each time a stretch of equal length has gone by.
#[derive(Debug, Clone)]
pub struct LevelMeter {
    every: usize,
    count: usize,
    energy: f64,
    peak: f32,
}

impl LevelMeter {
    /// Tells every `every` samples; 1,600 of 16 kHz are a tenth of a second.
    pub fn new(every: usize) -> Self {
        Self { every: every.max(1), count: 0, energy: 0.0, peak: 0.0 }
    }

    /// Takes samples and tells the level of each full stretch.
    pub fn push(&mut self, samples: &[f32], mut tell: impl FnMut(Level)) {
        for &sample in samples {
            self.energy += f64::from(sample) * f64::from(sample);
            self.peak = self.peak.max(sample.abs());
            self.count += 1;
            if self.count == self.every {
                let rms = (self.energy / self.count as f64).sqrt() as f32;
                tell(Level { rms_dbfs: dbfs(rms), peak_dbfs: dbfs(self.peak) });
                (self.count, self.energy, self.peak) = (0, 0.0, 0.0);
            }
        }
    }
}

fn dbfs(amplitude: f32) -> f32 {
    (20.0 * amplitude.max(1e-9).log10()).clamp(FLOOR_DBFS, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_sounds_have_known_levels() {
        let sine: Vec<f32> = (0..16_000).map(|index| (index as f32 * 0.05).sin()).collect();
        for (samples, rms, peak) in [
            (vec![0.0; 100], -96.0, -96.0),
            (vec![1.0; 100], 0.0, 0.0),
            (vec![0.5, -0.5], -6.02, -6.02),
            (sine, -3.01, 0.0),
            (vec![], -96.0, -96.0),
        ] {
            let level = Level::of(&samples);
            assert!((level.rms_dbfs - rms).abs() < 0.02 && (level.peak_dbfs - peak).abs() < 0.02, "{level:?}");
        }
    }

    #[test]
    fn a_level_comes_for_each_full_stretch_whatever_the_blocks() {
        let mut meter = LevelMeter::new(160);
        let mut told = 0;
        for block in [100, 59, 1, 400, 80] {
            meter.push(&vec![0.1; block], |_| told += 1);
        }
        assert_eq!(told, 4);
    }
}
