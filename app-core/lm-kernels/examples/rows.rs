//! Nanoseconds per 1000 multiply-adds of a product with one vector, by type: `cargo run --release -p reme-lm-kernels --example rows`.
#![allow(clippy::disallowed_methods, reason = "a measuring tool reads the clock")]

use std::time::Instant;

use reme_lm_kernels::{Activations, Isa, Pool, QuantType, matmul};

fn main() {
    let (rows, columns) = (512, 1024);
    let pool = Pool::new(1);
    for quant_type in QuantType::ALL {
        let bytes = rows * quant_type.row_bytes(columns).expect("whole blocks");
        let weights: Vec<u8> = (0..bytes).map(|i| (i * 31 % 60) as u8).collect();
        let values: Vec<f32> = (0..columns).map(|i| (i % 17) as f32 - 8.0).collect();
        let x = Activations::quantise(&values, 1, columns, quant_type.activation_format());
        let mut out = vec![0.0; rows];
        let best = (0..50)
            .map(|_| {
                let start = Instant::now();
                matmul(&pool, Isa::detect(), quant_type, &weights, &x, &mut out);
                start.elapsed().as_nanos()
            })
            .min();
        println!("{quant_type:5} {:6.1} ns", best.unwrap_or(0) as f64 * 1000.0 / (rows * columns) as f64);
    }
}
