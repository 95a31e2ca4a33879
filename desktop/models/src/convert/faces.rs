//! The three networks of face-api.js, from its weight files to ONNX: detector, 68 points, identity.
//!
//! A weight file is one run of bytes; a list in JSON says which part is which array, and how bytes stand for floats. The shape of
//! each network is that of face-api.js (`TinyFaceDetector`, `FaceLandmark68Net`, `FaceRecognitionNet`), written anew.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    Inputs,
    build::{Array, Builder, Edge, pool},
    onnx::Attribute,
};

/// Mean colours of the training pictures.
const MEAN: [f32; 3] = [122.782, 117.001, 104.298];
const DETECTOR_MEAN: [f32; 3] = [117.001, 114.697, 97.404];

#[derive(Deserialize)]
struct Listed {
    weights: Vec<ListedArray>,
}

#[derive(Deserialize)]
struct ListedArray {
    name: String,
    shape: Vec<usize>,
    dtype: String,
    quantization: Option<Quantization>,
}

#[derive(Deserialize)]
struct Quantization {
    dtype: String,
    scale: f64,
    min: f64,
}

/// Arrays by name.
struct Weights(BTreeMap<String, Array>);

impl Weights {
    fn read(inputs: &Inputs) -> Result<Self, String> {
        let lists: Vec<Listed> = serde_json::from_slice(inputs.get("list")?).map_err(|e| format!("list: {e}"))?;
        let (mut bytes, mut arrays) = (inputs.get("weights")?, BTreeMap::new());
        for listed in lists.into_iter().flat_map(|list| list.weights) {
            let count =
                listed.shape.iter().try_fold(1_usize, |n, dim| n.checked_mul(*dim)).ok_or("shape: too large")?;
            let kind = listed.quantization.as_ref().map_or(listed.dtype.as_str(), |q| q.dtype.as_str());
            let width = match kind {
                "uint8" => 1,
                "float32" => 4,
                other => return Err(format!("{}: numbers of type {other} are not known", listed.name)),
            };
            let size = count.checked_mul(width).ok_or("shape: too large")?;
            let (own, rest) = bytes.split_at_checked(size).ok_or_else(|| format!("{}: too few bytes", listed.name))?;
            bytes = rest;
            let plain: Vec<f32> = match width {
                1 => own.iter().map(|byte| f32::from(*byte)).collect(),
                _ => own.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
            };
            let data = match &listed.quantization {
                Some(q) => plain.into_iter().map(|x| x * q.scale as f32 + q.min as f32).collect(),
                None => plain,
            };
            arrays.insert(listed.name, Array { shape: listed.shape, data });
        }
        if bytes.is_empty() { Ok(Self(arrays)) } else { Err(format!("weights: {} bytes too many", bytes.len())) }
    }

    fn get(&self, name: &str) -> Result<&Array, String> {
        self.0.get(name).ok_or_else(|| format!("list: `{name}` is missing"))
    }

    /// `[height, width, in, out]` as ONNX has it.
    fn filters(&self, name: &str) -> Result<Array, String> {
        self.of_four_axes(name, &[3, 2, 0, 1])
    }

    /// `[height, width, channels, 1]` as ONNX has it.
    fn depthwise(&self, name: &str) -> Result<Array, String> {
        self.of_four_axes(name, &[2, 3, 0, 1])
    }

    fn of_four_axes(&self, name: &str, order: &[usize]) -> Result<Array, String> {
        let array = self.get(name)?;
        if array.shape.len() == 4 { Ok(array.transposed(order)) } else { Err(format!("`{name}` has not four axes")) }
    }
}

/// The mean colour away, and the rest to about −1..=1.
fn centred(b: &mut Builder, mean: &[f32; 3]) -> String {
    let mean = b.floats(&[1, 3, 1, 1], mean);
    let x = b.op("Sub", &["input", &mean], vec![]);
    let share = b.floats(&[], &[1.0 / 255.0]);
    b.op("Mul", &[&x, &share], vec![])
}

/// A convolution of each channel by itself, then one over the channels.
fn separable(b: &mut Builder, w: &Weights, x: &str, name: &str, stride: i64, edge: Edge) -> Result<String, String> {
    let own = w.depthwise(&format!("{name}/depthwise_filter"))?;
    let group = own.shape[0] as i64;
    let y = b.conv(x, &own, None, stride, edge, group);
    let across = w.filters(&format!("{name}/pointwise_filter"))?;
    let bias = &w.get(&format!("{name}/bias"))?.data;
    Ok(b.conv(&y, &across, Some(bias), 1, Edge::Zeros(0), 1))
}

/// The tiny detector: 416 × 416 px, 5 shapes in each of 13 × 13 cells.
pub(super) fn detector(inputs: &Inputs) -> Result<Vec<u8>, String> {
    let (w, mut b) = (Weights::read(inputs)?, Builder::new("face_detector", &[1, 3, 416, 416]));
    let leaky = |b: &mut Builder, x: String| b.op("LeakyRelu", &[&x], vec![Attribute::float("alpha", 0.1)]);
    let x = centred(&mut b, &DETECTOR_MEAN);
    let x = b.conv(&x, &w.filters("conv0/filters")?, Some(&w.get("conv0/bias")?.data), 1, Edge::Zeros(1), 1);
    let x = leaky(&mut b, x);
    let mut x = b.op("MaxPool", &[&x], pool(2, 2, Edge::Same));
    for i in 1..6 {
        let y = separable(&mut b, &w, &x, &format!("conv{i}"), 1, Edge::Zeros(1))?;
        let y = leaky(&mut b, y);
        x = b.op("MaxPool", &[&y], pool(2, if i < 5 { 2 } else { 1 }, Edge::Same));
    }
    let x = b.conv(&x, &w.filters("conv8/filters")?, Some(&w.get("conv8/bias")?.data), 1, Edge::Zeros(0), 1);
    Ok(b.finish(&[(&x, "boxes", &[1, 25, 13, 13])]))
}

/// The 68 points of a face in a square of 112 px.
pub(super) fn points(inputs: &Inputs) -> Result<Vec<u8>, String> {
    let (w, mut b) = (Weights::read(inputs)?, Builder::new("face_points", &[1, 3, 112, 112]));
    let relu = |b: &mut Builder, x: &str| b.op("Relu", &[x], vec![]);
    let mut x = centred(&mut b, &MEAN);
    for i in 0..4 {
        let part = |k: u8| format!("dense{i}/conv{k}");
        let first = if i == 0 {
            let filters = w.filters("dense0/conv0/filters")?;
            b.conv(&x, &filters, Some(&w.get("dense0/conv0/bias")?.data), 2, Edge::Same, 1)
        } else {
            separable(&mut b, &w, &x, &part(0), 2, Edge::Same)?
        };
        let one = relu(&mut b, &first);
        let two = separable(&mut b, &w, &one, &part(1), 1, Edge::Same)?;
        let sum = b.op("Add", &[&one, &two], vec![]);
        let into_three = relu(&mut b, &sum);
        let three = separable(&mut b, &w, &into_three, &part(2), 1, Edge::Same)?;
        let sum = b.op("Add", &[&sum, &three], vec![]);
        let into_four = relu(&mut b, &sum);
        let four = separable(&mut b, &w, &into_four, &part(3), 1, Edge::Same)?;
        let sum = b.op("Add", &[&sum, &four], vec![]);
        x = relu(&mut b, &sum);
    }
    let x = b.op("AveragePool", &[&x], pool(7, 2, Edge::Zeros(0)));
    let x = b.op("Transpose", &[&x], vec![Attribute::ints("perm", &[0, 2, 3, 1])]);
    let x = b.op("Flatten", &[&x], vec![]);
    let (weights, bias) = (w.get("fc/weights")?, w.get("fc/bias")?);
    let weights = b.floats(&weights.shape, &weights.data);
    let x = b.op("MatMul", &[&x, &weights], vec![]);
    let bias = b.floats(&bias.shape, &bias.data);
    let x = b.op("Add", &[&x, &bias], vec![]);
    Ok(b.finish(&[(&x, "points", &[1, 136])]))
}

/// One convolution with its scale folded in.
fn layer(b: &mut Builder, w: &Weights, x: &str, name: &str, stride: i64, edge: Edge) -> Result<String, String> {
    let filters = w.filters(&format!("{name}/conv/filters"))?;
    let scale = &w.get(&format!("{name}/scale/weights"))?.data;
    let shift = &w.get(&format!("{name}/scale/biases"))?.data;
    let bias = &w.get(&format!("{name}/conv/bias"))?.data;
    let bias: Vec<f32> = bias.iter().zip(scale).zip(shift).map(|((b, s), t)| b * s + t).collect();
    Ok(b.conv(x, &filters.scaled(scale), Some(&bias), stride, edge, 1))
}

/// dlib's network: 128 numbers from an upright face of 150 px.
pub(super) fn identity(inputs: &Inputs) -> Result<Vec<u8>, String> {
    let (w, mut b) = (Weights::read(inputs)?, Builder::new("face_identity", &[1, 3, 150, 150]));
    let relu = |b: &mut Builder, x: &str| b.op("Relu", &[x], vec![]);
    let x = centred(&mut b, &MEAN);
    let x = layer(&mut b, &w, &x, "conv32_down", 2, Edge::Zeros(0))?;
    let x = relu(&mut b, &x);
    let mut x = b.op("MaxPool", &[&x], pool(3, 2, Edge::Zeros(0)));
    let mut height = 35_i64; // of what goes into the next block
    let blocks = [
        ("conv32", 3, None),
        ("conv64", 3, Some("conv64_down")),
        ("conv128", 2, Some("conv128_down")),
        ("conv256", 2, Some("conv256_down")),
        ("", 0, Some("conv256_down_out")),
    ];
    for (name, count, down) in blocks {
        if let Some(down) = down {
            let y = layer(&mut b, &w, &x, &format!("{down}/conv1"), 2, Edge::Zeros(0))?;
            let y = relu(&mut b, &y);
            let mut y = layer(&mut b, &w, &y, &format!("{down}/conv2"), 1, Edge::Zeros(1))?;
            if (height - 3) / 2 + 1 != height / 2 {
                let pads = b.whole(&[0, 0, 0, 0, 0, 0, 1, 1]);
                y = b.op("Pad", &[&y, &pads], vec![]);
            }
            let mut pooled = b.op("AveragePool", &[&x], pool(2, 2, Edge::Zeros(0)));
            let shape = |part: &str| w.get(&format!("{down}/{part}/conv/filters")).map(|array| array.shape.clone());
            let (from, to) = (shape("conv1")?[2] as i64, shape("conv2")?[3] as i64);
            if from != to {
                let pads = b.whole(&[0, 0, 0, 0, 0, to - from, 0, 0]);
                pooled = b.op("Pad", &[&pooled, &pads], vec![]);
            }
            let sum = b.op("Add", &[&pooled, &y], vec![]);
            x = relu(&mut b, &sum);
            height /= 2;
        }
        for i in 1..=count {
            let y = layer(&mut b, &w, &x, &format!("{name}_{i}/conv1"), 1, Edge::Zeros(1))?;
            let y = relu(&mut b, &y);
            let y = layer(&mut b, &w, &y, &format!("{name}_{i}/conv2"), 1, Edge::Zeros(1))?;
            let sum = b.op("Add", &[&y, &x], vec![]);
            x = relu(&mut b, &sum);
        }
    }
    let x = b.op("ReduceMean", &[&x], vec![Attribute::ints("axes", &[2, 3]), Attribute::int("keepdims", 0)]);
    let last = w.get("fc")?;
    let last = b.floats(&last.shape, &last.data);
    let x = b.op("MatMul", &[&x, &last], vec![]);
    Ok(b.finish(&[(&x, "identity", &[1, 128])]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(list: &str, weights: &[u8]) -> Inputs {
        let mut inputs = Inputs::default();
        inputs.of("list").extend_from_slice(list.as_bytes());
        inputs.of("weights").extend_from_slice(weights);
        inputs
    }

    #[test]
    fn bytes_stand_for_floats_by_scale_and_least_value() {
        let list = r#"[{"weights":[
            {"name":"a","shape":[2],"dtype":"float32","quantization":{"dtype":"uint8","scale":0.5,"min":-1}},
            {"name":"b","shape":[1],"dtype":"float32"}],"paths":["x.bin"]}]"#;
        let read = Weights::read(&inputs(list, &[0, 4, 0, 0, 128, 63])).unwrap();
        assert_eq!(
            (read.get("a").unwrap().data.as_slice(), read.get("b").unwrap().data.as_slice()),
            (&[-1.0, 1.0][..], &[1.0][..])
        );
        for (list, weights, why) in [
            (list, &[0, 4, 0, 0, 128][..], "too few"),
            (list, &[0, 4, 0, 0, 128, 63, 9], "too many"),
            ("[]", &[], "is missing"),
            ("{", &[], "list"),
        ] {
            let error = detector(&inputs(list, weights)).unwrap_err();
            assert!(error.contains(why), "{why}: {error}");
        }
    }
}
