//! The sentence encoder: a package's `weights.npz` and `sp.model` become one safetensors file that `reme-embedding` maps.
//!
//! The table of pieces lies in the package as seventeen parts, piece `i` in part `i` modulo 17; here it is one table again, so that a
//! piece's row is read where it lies. The three branches' projections and norms are joined side by side. No number is changed.

use std::{
    collections::HashMap,
    io::{Cursor, Read, Write},
    path::Path,
};

use super::Inputs;

const PARTS: usize = 17;
const COLUMNS: usize = 512;
/// Widths of the branches' windows, as the package names them.
const BRANCHES: [u8; 3] = [2, 3, 5];

/// A tensor of the package.
struct Array {
    /// `F32` or `U8`.
    kind: &'static str,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

/// Inputs `weights` (the npz) and `tokenizer` (the SentencePiece model).
pub(super) fn convert(inputs: &Inputs, target: &Path) -> Result<(), String> {
    let mut arrays = read_npz(inputs.get("weights")?)?;
    let mut out: Vec<(String, Array)> = Vec::new();
    for (to, from, rows) in [
        ("proj", "proj", Some(COLUMNS)),
        ("proj_b", "proj_b", None),
        ("branch_ln_g", "ln_g", None),
        ("branch_ln_b", "ln_b", None),
    ] {
        let beside =
            BRANCHES.iter().map(|n| take(&mut arrays, &format!("{from}{n}"))).collect::<Result<Vec<_>, _>>()?;
        out.push((to.to_owned(), side_by_side(&beside, rows)?));
    }
    for width in BRANCHES {
        for name in ["w1", "b1", "w2", "b2"] {
            let name = format!("{name}_{width}");
            out.push((name.clone(), take(&mut arrays, &name)?));
        }
    }
    for name in ["ln_g", "ln_b", "cnn_W", "cnn_b", "d0", "d1", "d2", "d3", "p1", "p3", "scale", "lo"] {
        out.push((name.to_owned(), take(&mut arrays, name)?));
    }
    let epsilon = take(&mut arrays, "eps")?;
    let epsilon =
        <[u8; 8]>::try_from(epsilon.bytes).map(f64::from_le_bytes).map_err(|_| "`eps` is no single number")?;
    out.push(("eps".to_owned(), Array { kind: "F32", shape: vec![1], bytes: (epsilon as f32).to_le_bytes().to_vec() }));
    out.push(("table".to_owned(), table(&mut arrays)?));
    let tokenizer = inputs.get("tokenizer")?.to_vec();
    out.push(("tokenizer".to_owned(), Array { kind: "U8", shape: vec![tokenizer.len()], bytes: tokenizer }));
    write(&out, target)
}

fn take(arrays: &mut HashMap<String, Array>, name: &str) -> Result<Array, String> {
    arrays.remove(name).ok_or_else(|| format!("the weights have no `{name}`"))
}

/// Matrices of `rows` rows, or vectors where `None`, joined along their last axis.
fn side_by_side(arrays: &[Array], rows: Option<usize>) -> Result<Array, String> {
    let columns: usize = arrays.iter().filter_map(|a| a.shape.last()).sum();
    let count = rows.unwrap_or(1);
    if arrays.iter().any(|a| a.kind != "F32" || a.bytes.len() % count != 0) {
        return Err("projections are not of the expected shape".into());
    }
    let mut bytes = Vec::with_capacity(count * columns * 4);
    for row in 0..count {
        for array in arrays {
            let length = array.bytes.len() / count;
            bytes.extend_from_slice(&array.bytes[row * length..(row + 1) * length]);
        }
    }
    Ok(Array { kind: "F32", shape: rows.into_iter().chain([columns]).collect(), bytes })
}

fn table(arrays: &mut HashMap<String, Array>) -> Result<Array, String> {
    let parts = (1..=PARTS).map(|i| take(arrays, &format!("q{i}"))).collect::<Result<Vec<_>, _>>()?;
    let rows = parts[0].bytes.len() / COLUMNS;
    if parts.iter().any(|p| p.kind != "U8" || p.shape != [rows, COLUMNS]) {
        return Err("the table's parts are not of one shape".into());
    }
    let mut bytes = Vec::with_capacity(PARTS * rows * COLUMNS);
    for row in 0..rows {
        for part in &parts {
            bytes.extend_from_slice(&part.bytes[row * COLUMNS..(row + 1) * COLUMNS]);
        }
    }
    Ok(Array { kind: "U8", shape: vec![PARTS * rows, COLUMNS], bytes })
}

/// The arrays of an npz: a zip archive of npy files.
fn read_npz(bytes: &[u8]) -> Result<HashMap<String, Array>, String> {
    let broken = |error: zip::result::ZipError| format!("the weights are no npz archive: {error}");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut out = HashMap::new();
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).map_err(broken)?;
        let name = member.name().map_err(broken)?.trim_end_matches(".npy").to_owned();
        let mut npy = Vec::new();
        member.read_to_end(&mut npy).map_err(|error| format!("`{name}` cannot be unpacked: {error}"))?;
        if let Some(array) = read_npy(&npy).map_err(|fault| format!("`{name}`: {fault}"))? {
            out.insert(name, array);
        }
    }
    Ok(out)
}

/// One array in NumPy's npy form, version 1 or 2; `None` for a type that is not used here. A number of double precision keeps its
/// eight bytes.
fn read_npy(npy: &[u8]) -> Result<Option<Array>, String> {
    let rest = npy.strip_prefix(b"\x93NUMPY").ok_or("is no npy file")?;
    let (version, rest) = rest.split_at_checked(2).ok_or("is cut short")?;
    let width = if version[0] == 1 { 2 } else { 4 };
    let (size, rest) = rest.split_at_checked(width).ok_or("is cut short")?;
    let size = size.iter().rev().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
    let (header, data) = rest.split_at_checked(size).ok_or("is cut short")?;
    let header = String::from_utf8_lossy(header);
    if header.contains("'fortran_order': True") {
        return Err("lies column by column; row by row is needed".into());
    }
    let kind =
        [("'<f4'", "F32", 4), ("'|u1'", "U8", 1), ("'<f8'", "F64", 8)].into_iter().find(|(n, ..)| header.contains(n));
    let Some((_, kind, bytes_each)) = kind else { return Ok(None) };
    let shape = header.split_once("'shape': (").and_then(|(_, rest)| rest.split_once(')')).ok_or("has no shape")?.0;
    let shape: Vec<usize> = shape.split(',').filter_map(|n| n.trim().parse().ok()).collect();
    if data.len() != shape.iter().product::<usize>() * bytes_each {
        return Err("has more or fewer numbers than its shape says".into());
    }
    Ok(Some(Array { kind, shape, bytes: data.to_vec() }))
}

/// The safetensors form: length of the header, the header as JSON filled up to eight bytes, the tensors one after the other.
fn write(tensors: &[(String, Array)], target: &Path) -> Result<(), String> {
    let mut entries = Vec::new();
    let mut at = 0;
    for (name, array) in tensors {
        let end = at + array.bytes.len();
        let shape = array.shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        entries.push(format!(
            "\"{name}\":{{\"dtype\":\"{}\",\"shape\":[{shape}],\"data_offsets\":[{at},{end}]}}",
            array.kind
        ));
        at = end;
    }
    let mut header = format!("{{{}}}", entries.join(","));
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    let write = || -> std::io::Result<()> {
        let mut file = std::io::BufWriter::new(std::fs::File::create(target)?);
        file.write_all(&(header.len() as u64).to_le_bytes())?;
        file.write_all(header.as_bytes())?;
        for (_, array) in tensors {
            file.write_all(&array.bytes)?;
        }
        file.flush()
    };
    write().map_err(|error| format!("{} could not be written: {error}", target.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn npy(kind: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}\n");
        let mut out = b"\x93NUMPY\x01\x00".to_vec();
        out.extend((header.len() as u16).to_le_bytes());
        out.extend(header.as_bytes());
        out.extend(data);
        out
    }

    #[test]
    fn an_npy_file_gives_its_shape_and_bytes() {
        let array = read_npy(&npy("|u1", "2, 3", &[1, 2, 3, 4, 5, 6])).expect("an array").expect("of a known type");
        assert_eq!((array.shape, array.bytes, array.kind), (vec![2, 3], vec![1, 2, 3, 4, 5, 6], "U8"));
        assert!(read_npy(&npy("<f4", "2,", &[0; 4])).is_err());
        assert!(read_npy(b"\x93NUMPY\x01\x00\xff\xff").is_err());
        assert!(read_npy(&npy("<i8", "1,", &[0; 8])).expect("readable").is_none());
    }

    #[test]
    fn branches_are_joined_row_by_row() {
        let of = |values: [f32; 4]| Array {
            kind: "F32",
            shape: vec![2, 2],
            bytes: values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        };
        let joined =
            side_by_side(&[of([1.0, 2.0, 3.0, 4.0]), of([5.0, 6.0, 7.0, 8.0])], Some(2)).expect("of one shape");
        let numbers: Vec<f32> =
            joined.bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        assert_eq!((joined.shape, numbers), (vec![2, 4], vec![1.0, 2.0, 5.0, 6.0, 3.0, 4.0, 7.0, 8.0]));
    }
}
