//! Trains the discriminant over motion features from the training half of BasicMotions, and says how well it does on the other.
//!
//! ```text
//! cargo run --release -p reme-sensing --example train_motion -- BasicMotions_TRAIN.ts BasicMotions_TEST.ts OUT.json
//! ```
//!
//! Linear discriminant analysis: features standardised, one covariance for all classes, shrunk towards the unit matrix (the
//! features are as many as a third of the windows). Each window is learnt as it is and with noise of 0.25 and 0.5 m/s², because
//! other sensors are noisier than this watch. Deterministic. The shrinkage was chosen by leaving one window out in the
//! training half; the test half is looked at once, after.

#[path = "../tests/motion_data/mod.rs"]
mod motion_data;

use reme_sensing::{Discriminant, FEATURES_OF_ACCELERATION, MotionClass, MotionModel, motion_features};
use reme_types::SeededRng;

type Row = (Vec<f64>, MotionClass);

/// Spread of the noise each window of the training half is learnt with, m/s².
const NOISES: [f64; 3] = [0.0, 0.25, 0.5];
const SHRINKAGES: [f64; 6] = [0.05, 0.1, 0.2, 0.3, 0.5, 0.8];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [train, test, out] = &arguments[..] else {
        eprintln!("give the training file, the test file and the file to write");
        std::process::exit(2);
    };
    let rows = |path: &str, noises: &[f64]| -> Vec<Row> {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let (mut rows, mut rng) = (Vec::new(), SeededRng::new(1));
        for (window, class) in motion_data::windows(&text) {
            for noise in noises {
                let mut window = window.clone();
                motion_data::add_noise(&mut window, &mut rng, *noise);
                rows.push((motion_features(&window).expect("whole windows"), class));
            }
        }
        rows
    };
    let (train, test) = (rows(train, &NOISES), rows(test, &[0.0]));
    let cut = |rows: &[Row]| -> Vec<Row> {
        rows.iter().map(|(x, class)| (x[..FEATURES_OF_ACCELERATION].to_vec(), *class)).collect()
    };
    let model = MotionModel {
        source: "BasicMotions, training half; linear discriminant; examples/train_motion.rs".into(),
        full: chosen("all features", &train, &test),
        acceleration: chosen("acceleration only", &cut(&train), &cut(&test)),
    };
    std::fs::write(out, serde_json::to_string_pretty(&rounded(model)).expect("numbers") + "\n")
        .expect("can be written");
}

fn chosen(name: &str, train: &[Row], test: &[Row]) -> Discriminant {
    let left_out = |shrinkage: f64| {
        let right = (0..train.len()).filter(|&out| {
            let others: Vec<Row> = train
                .iter()
                .enumerate()
                .filter(|(at, _)| at / NOISES.len() != out / NOISES.len())
                .map(|(_, row)| row.clone())
                .collect();
            best(&fit(&others, shrinkage), &train[out].0) == train[out].1
        });
        right.count()
    };
    let tried = SHRINKAGES.map(|shrinkage| (left_out(shrinkage), shrinkage));
    let most = tried.iter().map(|(right, _)| *right).max().unwrap_or(0);
    // Of equals the middle one: neither fitted to the utmost nor ignorant of how features go together.
    let equals: Vec<f64> = tried.iter().filter(|(right, _)| *right == most).map(|(_, shrinkage)| *shrinkage).collect();
    let shrinkage = equals[equals.len() / 2];
    let model = fit(train, shrinkage);
    let right = test.iter().filter(|(x, class)| best(&model, x) == *class).count();
    println!("{name}: left out {tried:?}; shrinkage {shrinkage}; test {right} of {}", test.len());
    model
}

fn best(model: &Discriminant, features: &[f64]) -> MotionClass {
    let likelihoods = model.likelihoods(features);
    let at = (0..4).max_by(|a, b| likelihoods[*a].total_cmp(&likelihoods[*b])).expect("four classes");
    MotionClass::ALL[at]
}

fn fit(rows: &[Row], shrinkage: f64) -> Discriminant {
    let (count, size) = (rows.len() as f64, rows[0].0.len());
    let mean: Vec<f64> = (0..size).map(|f| rows.iter().map(|(x, _)| x[f]).sum::<f64>() / count).collect();
    let spread: Vec<f64> = (0..size)
        .map(|f| (rows.iter().map(|(x, _)| (x[f] - mean[f]).powi(2)).sum::<f64>() / count).sqrt().max(1e-6))
        .collect();
    let standard = |x: &[f64]| -> Vec<f64> { (0..size).map(|f| (x[f] - mean[f]) / spread[f]).collect() };
    let mut means = vec![vec![0.0; size]; 4];
    for (k, class) in MotionClass::ALL.iter().enumerate() {
        let own: Vec<Vec<f64>> = rows.iter().filter(|(_, c)| c == class).map(|(x, _)| standard(x)).collect();
        for f in 0..size {
            means[k][f] = own.iter().map(|x| x[f]).sum::<f64>() / own.len() as f64;
        }
    }
    let mut covariance = vec![vec![0.0; size]; size];
    for (x, class) in rows {
        let k = MotionClass::ALL.iter().position(|c| c == class).expect("one of four");
        let apart: Vec<f64> = standard(x).iter().zip(&means[k]).map(|(x, m)| x - m).collect();
        for i in 0..size {
            for j in 0..size {
                covariance[i][j] += apart[i] * apart[j] / (count - 4.0);
            }
        }
    }
    let usual = (0..size).map(|i| covariance[i][i]).sum::<f64>() / size as f64;
    for (i, row) in covariance.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            *cell = *cell * (1.0 - shrinkage) + if i == j { shrinkage * usual } else { 0.0 };
        }
    }
    let weights: Vec<Vec<f64>> = means.iter().map(|mean| solve(covariance.clone(), mean.clone())).collect();
    let bias =
        weights.iter().zip(&means).map(|(w, m)| -0.5 * w.iter().zip(m).map(|(w, m)| w * m).sum::<f64>()).collect();
    Discriminant { mean, spread, weights, bias }
}

/// Gauss's elimination with pivots.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let size = b.len();
    for column in 0..size {
        let pivot = (column..size).max_by(|x, y| a[*x][column].abs().total_cmp(&a[*y][column].abs())).expect("rows");
        a.swap(column, pivot);
        b.swap(column, pivot);
        for row in column + 1..size {
            let factor = a[row][column] / a[column][column];
            let (above, below) = a.split_at_mut(row);
            for (cell, pivot) in below[0].iter_mut().zip(&above[column]).skip(column) {
                *cell -= factor * pivot;
            }
            b[row] -= factor * b[column];
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|k| a[row][k] * b[k]).sum();
        b[row] = (b[row] - known) / a[row][row];
    }
    b
}

/// Six digits are enough and read better.
fn rounded(model: MotionModel) -> MotionModel {
    let round = |numbers: Vec<f64>| -> Vec<f64> { numbers.into_iter().map(|x| (x * 1e6).round() / 1e6).collect() };
    let discriminant = |d: Discriminant| Discriminant {
        mean: round(d.mean),
        spread: round(d.spread),
        weights: d.weights.into_iter().map(round).collect(),
        bias: round(d.bias),
    };
    MotionModel { source: model.source, full: discriminant(model.full), acceleration: discriminant(model.acceleration) }
}
