//! Runs one conversion by hand, to see the size and sha256 that belong into the manifest:
//! `cargo run -p reme-models --example convert -- face-detector OUT weights=FILE list=FILE`
use std::path::Path;

use reme_models::{Conversion, Inputs};
use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (name, out) = args.next().zip(args.next()).ok_or("usage: convert NAME OUT INPUT=FILE…")?;
    let conversion: Conversion = serde_json::from_value(serde_json::Value::String(name))?;
    let mut inputs = Inputs::default();
    for arg in args {
        let (input, file) = arg.split_once('=').ok_or("an input is given as NAME=FILE")?;
        inputs.add(input, &std::fs::read(file)?);
    }
    conversion.run(&inputs, Path::new(&out))?;
    let bytes = std::fs::read(&out)?;
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    println!("bytes = {}\nsha256 = \"{hash}\"", bytes.len());
    Ok(())
}
