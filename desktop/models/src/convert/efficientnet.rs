//! EfficientNet-lite0, from a tensor file of PyTorch to ONNX (Tan & Le 2019; "lite": no squeeze, clipped activations).

use std::collections::BTreeMap;

use super::{
    Inputs,
    build::{Array, Builder, Edge},
    onnx::Attribute,
    pickle,
};

/// Blocks: how often, channels, first stride (Table 1 of the paper; the expansion is in the weights' shapes).
const BLOCKS: [(usize, usize, i64); 7] =
    [(1, 16, 1), (2, 24, 2), (2, 40, 2), (3, 80, 2), (3, 112, 1), (4, 192, 2), (1, 320, 1)];
/// Channels after the first convolution.
const STEM: usize = 32;
/// Added to a variance before its root is taken.
const EPSILON: f32 = 1e-3;

struct Weights(BTreeMap<String, Array>);

impl Weights {
    fn get(&self, name: &str) -> Result<&Array, String> {
        self.0.get(name).ok_or_else(|| format!("weights: `{name}` is missing"))
    }
}

/// A convolution with its normalisation folded in.
fn conv(
    b: &mut Builder,
    w: &Weights,
    x: &str,
    (weights, norm): (&str, &str),
    stride: i64,
    group: i64,
) -> Result<String, String> {
    let part = |name: &str| w.get(&format!("{norm}.{name}")).map(|array| array.data.as_slice());
    let (gain, shift, mean, variance) = (part("weight")?, part("bias")?, part("running_mean")?, part("running_var")?);
    let scale: Vec<f32> = gain.iter().zip(variance).map(|(gain, v)| gain / (v + EPSILON).sqrt()).collect();
    let bias: Vec<f32> = shift.iter().zip(mean).zip(&scale).map(|((shift, mean), s)| shift - mean * s).collect();
    let filters = w.get(weights)?.clone();
    if filters.shape.len() != 4 || filters.shape[0] != scale.len() {
        return Err(format!("weights: `{weights}` does not fit its normalisation"));
    }
    Ok(b.conv(x, &filters.scaled(&scale), Some(&bias), stride, Edge::Same, group))
}

fn clipped(b: &mut Builder, x: &str) -> String {
    let (low, high) = (b.floats(&[], &[0.0]), b.floats(&[], &[6.0]));
    b.op("Clip", &[x, &low, &high], vec![])
}

/// 224 × 224 px to a thousand classes (`logits`) and 1280 numbers (`embedding`).
pub(super) fn lite0(inputs: &Inputs) -> Result<Vec<u8>, String> {
    let w = Weights(pickle::tensors(inputs.get("weights")?)?);
    let mut b = Builder::new("efficientnet_lite0", &[1, 3, 224, 224]);
    let x = conv(&mut b, &w, "input", ("_conv_stem.weight", "_bn0"), 2, 1)?;
    let mut x = clipped(&mut b, &x);
    let (mut number, mut channels) = (0, STEM);
    for (count, out, first) in BLOCKS {
        for at in 0..count {
            let name = |part: &str| format!("_blocks.{number}.{part}");
            let stride = if at == 0 { first } else { 1 };
            let mut y = x.clone();
            if w.0.contains_key(&name("_expand_conv.weight")) {
                y = conv(&mut b, &w, &y, (&name("_expand_conv.weight"), &name("_bn0")), 1, 1)?;
                y = clipped(&mut b, &y);
            }
            let own = name("_depthwise_conv.weight");
            let group = w.get(&own)?.shape.first().map_or(1, |n| *n as i64);
            y = conv(&mut b, &w, &y, (&own, &name("_bn1")), stride, group)?;
            y = clipped(&mut b, &y);
            y = conv(&mut b, &w, &y, (&name("_project_conv.weight"), &name("_bn2")), 1, 1)?;
            if stride == 1 && channels == out {
                y = b.op("Add", &[&y, &x], vec![]);
            }
            (x, channels, number) = (y, out, number + 1);
        }
    }
    if w.0.contains_key(&format!("_blocks.{number}._project_conv.weight")) {
        return Err("weights: more blocks than EfficientNet-lite0 has".into());
    }
    let x = conv(&mut b, &w, &x, ("_conv_head.weight", "_bn1"), 1, 1)?;
    let x = clipped(&mut b, &x);
    let x = b.op("GlobalAveragePool", &[&x], vec![]);
    let embedding = b.op("Flatten", &[&x], vec![]);
    let (weights, bias) = (w.get("_fc.weight")?, w.get("_fc.bias")?);
    let weights = b.floats(&weights.shape, &weights.data);
    let bias = b.floats(&bias.shape, &bias.data);
    let logits = b.op("Gemm", &[&embedding, &weights, &bias], vec![Attribute::int("transB", 1)]);
    Ok(b.finish(&[(&logits, "logits", &[1, 1000]), (&embedding, "embedding", &[1, 1280])]))
}
