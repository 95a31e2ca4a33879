//! Holds the runtime against the trainer of `cargo xtask models train-tiny`:
//! `cargo run -p reme-lm --example trained_tiny FOLDER`.
//!
//! On a fixed text, position by position: the float path (plain floats, no rounding of inputs) must say what the trainer
//! says without int8 inputs, but for the order of sums; the packed ternary file what it says with them, within the
//! kernels' errors. Ends badly when a difference is beyond its bound.

use std::error::Error;
use std::path::Path;

use reme_lm::{LoadOptions, Model, Session, WeightForm};

/// ‖ours − trainer's‖ / ‖trainer's‖ over all logits. Where inputs are dropped, the last bit of one can decide which of
/// two equals survives, and a position then differs visibly.
const FLOAT_BOUND: f64 = 1e-4;
const FLOAT_BOUND_SPARSE: f64 = 5e-3;
/// A product by lookups is off by 1 %, and eight of them lie behind a logit.
const PACKED_BOUND: f64 = 6e-2;
/// Nats a token on the text that was held out.
const LOSS_BOUND: f64 = 0.02;
/// Tokens of a window in training.
const WINDOW: usize = 128;

/// How far logits lie from the trainer's.
struct Distance {
    /// ‖a − b‖ / ‖b‖
    relative: f64,
    root_mean_square: f64,
    largest: f64,
}

impl std::fmt::Display for Distance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.1e} · {:.1e} · {:.1e}", self.relative, self.root_mean_square, self.largest)
    }
}

fn distance(ours: &[f32], theirs: &[f32]) -> Distance {
    let (mut wrong, mut size, mut largest) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (a, b) in ours.iter().zip(theirs) {
        let difference = f64::from(a - b);
        wrong += difference * difference;
        size += f64::from(*b).powi(2);
        largest = largest.max(difference.abs());
    }
    let root_mean_square = (wrong / theirs.len().max(1) as f64).sqrt();
    Distance { relative: (wrong / size.max(f64::MIN_POSITIVE)).sqrt(), root_mean_square, largest }
}

/// Little-endian numbers of four bytes.
fn numbers<T>(path: &Path, read: impl Fn([u8; 4]) -> T) -> Result<Vec<T>, Box<dyn Error>> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(bytes.as_chunks::<4>().0.iter().map(|four| read(*four)).collect())
}

fn open(path: &Path, weights: WeightForm) -> Result<Session, Box<dyn Error>> {
    let model = Model::open(path, &LoadOptions { weights, ..LoadOptions::default() })?;
    Ok(model.session())
}

/// Logits after every token, [tokens, vocabulary].
fn one_by_one(session: &mut Session, tokens: &[u32]) -> Result<Vec<f32>, Box<dyn Error>> {
    let mut all = Vec::new();
    for token in tokens {
        all.extend_from_slice(session.feed(&[*token])?);
    }
    Ok(all)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("say which folder the trainer wrote to")?;
    let folder = Path::new(&folder);
    let [check, held_out] = ["check.txt", "held-out.txt"].map(|name| std::fs::read_to_string(folder.join(name)));
    let (check, held_out) = (check?, held_out?);
    let tokens = numbers(&folder.join("check.tokens"), u32::from_le_bytes)?;
    println!(
        "Logits of a fixed text of {} tokens against the trainer's: ‖ours − theirs‖ / ‖theirs‖ · root mean square · \
         largest.\n",
        tokens.len()
    );
    println!(
        "| model | float path | positions of it within {FLOAT_BOUND:.0e} | packed, one by one | packed, batch (last \
         token) | held-out loss: trainer · packed |\n|---|---|---|---|---|---|"
    );
    let mut faults = Vec::new();
    for (name, float_bound) in
        [("dense", FLOAT_BOUND), ("sparse-40", FLOAT_BOUND_SPARSE), ("sparse-60", FLOAT_BOUND_SPARSE)]
    {
        let file = |ending: &str| folder.join(format!("{name}{ending}"));
        let model = Model::open(&file(".gguf"), &LoadOptions::default())?;
        if model.tokenize(&check) != tokens {
            faults.push(format!("{name}: the fixed text has other tokens than the trainer gave it"));
        }
        let vocabulary = model.info().vocabulary;
        let (in_floats, in_int8) =
            (numbers(&file(".float"), f32::from_le_bytes)?, numbers(&file(".int8"), f32::from_le_bytes)?);
        let float = one_by_one(&mut open(&file("-f32.gguf"), WeightForm::AsStored)?, &tokens)?;
        let positions = float.chunks_exact(vocabulary).zip(in_floats.chunks_exact(vocabulary));
        let near = positions.filter(|(ours, theirs)| distance(ours, theirs).relative <= FLOAT_BOUND).count();
        let float = distance(&float, &in_floats);
        let mut session = model.session();
        let packed = distance(&one_by_one(&mut session, &tokens)?, &in_int8);
        session.forget();
        let last = in_int8.len() - vocabulary;
        let batch = distance(session.feed(&tokens)?, &in_int8[last..]);
        session.forget();
        let (mean, _) = session.text_likelihood(&held_out, WINDOW, &mut |_, _| {})?;
        let told = std::fs::read_to_string(file(".loss"))?;
        let loss: f64 = told.trim().parse()?;
        println!("| {name} | {float} | {near} | {packed} | {batch} | {loss:.4} · {:.4} |", -mean);
        for (what, found, most) in [
            ("float path", float.relative, float_bound),
            ("packed, one by one", packed.relative, PACKED_BOUND),
            ("packed, batch", batch.relative, PACKED_BOUND),
            ("held-out loss", (loss + mean).abs(), LOSS_BOUND),
        ] {
            if found.is_nan() || found > most {
                faults.push(format!("{name}, {what}: {found:.2e} is more than {most:.0e}"));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ").into()) }
}
