//! Kokoro's voice model in standard operators.
//!
//! The package's `kokoro-v1.0.int8.onnx` uses four operators of one vendor (`com.microsoft`), which the runtime does not know. Each is
//! written out in standard ones of opset 20; everything else stays as it is:
//!
//! - `FusedMatMul` with transposed inputs becomes `Transpose` and `MatMul`;
//! - `FastGelu` becomes its formula, 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³)));
//! - `SkipLayerNormalization` becomes `Add` and `LayerNormalization`;
//! - `DynamicQuantizeLSTM` becomes `LSTM` with its weights as floats, which makes the file larger: (w − zero point) × scale.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::Path,
};

use super::Inputs;
use super::onnx::{Attribute, Graph, Model, Node, OperatorSet, Tensor};

/// The vendor's operators.
const VENDOR: &str = "com.microsoft";
/// The standard operators the result uses.
const OPSET: i64 = 20;
/// The newest IR version every reader of ours knows.
const IR_VERSION: i64 = 9;

/// Writes input `model` in standard operators to `target`.
///
/// # Errors
/// What in the model is not as expected, or why the file cannot be written, in a few words.
pub(crate) fn convert(inputs: &Inputs, target: &Path) -> Result<(), String> {
    let bytes = to_standard(inputs.get("model")?)?;
    fs::write(target, bytes).map_err(|error| format!("{} could not be written: {error}", target.display()))
}

/// The rewritten model's bytes.
///
/// # Errors
/// What in the model is not as expected, in a few words.
fn to_standard(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut model = Model::from_bytes(bytes).map_err(|error| error.to_string())?;
    let graph = model.graph_mut();
    let nodes = std::mem::take(&mut graph.node);
    let mut rewrite = Rewrite::of(graph);
    for node in nodes {
        if node.domain.as_deref() == Some(VENDOR) {
            rewrite.vendor(&node)?;
        } else {
            rewrite.nodes.push(node);
        }
    }
    let Rewrite { nodes, added, .. } = rewrite;
    graph.node = nodes;
    graph.initializer.extend(added);
    graph.value_info.clear();
    let used: HashSet<&String> = graph.node.iter().flat_map(|node| &node.input).collect();
    graph.initializer.retain(|tensor| tensor.name.as_ref().is_some_and(|name| used.contains(name)));
    model.opset_import = vec![OperatorSet { domain: Some(String::new()), version: Some(OPSET) }];
    model.ir_version = Some(model.ir_version.unwrap_or(IR_VERSION).min(IR_VERSION));
    Ok(model.to_bytes())
}

/// Nodes and constants of the new graph in the making.
struct Rewrite {
    constants: HashMap<String, Tensor>,
    nodes: Vec<Node>,
    added: Vec<Tensor>,
    /// Numbers the names given out.
    count: usize,
}

impl Rewrite {
    fn of(graph: &Graph) -> Self {
        let named = |tensor: &Tensor| Some((tensor.name.clone()?, tensor.clone()));
        Self {
            constants: graph.initializer.iter().filter_map(named).collect(),
            nodes: Vec::new(),
            added: Vec::new(),
            count: 0,
        }
    }

    fn vendor(&mut self, node: &Node) -> Result<(), String> {
        match node.op_type.as_deref().unwrap_or_default() {
            "FusedMatMul" => self.fused_mat_mul(node),
            "FastGelu" => self.fast_gelu(node),
            "SkipLayerNormalization" => self.skip_layer_normalization(node),
            "DynamicQuantizeLSTM" => self.lstm(node),
            other => Err(format!("operator {other} is not one of the four that are known")),
        }
    }

    fn name(&mut self) -> String {
        self.count += 1;
        format!("std_{}", self.count)
    }

    /// Adds a node with one output of a new name, and gives the name.
    fn add(&mut self, op_type: &str, input: &[&str], attributes: Vec<Attribute>) -> String {
        let output = self.name();
        self.add_as(op_type, input, &output, attributes);
        output
    }

    fn add_as(&mut self, op_type: &str, input: &[&str], output: &str, attributes: Vec<Attribute>) {
        let name = format!("std_node_{}", self.nodes.len());
        self.nodes.push(Node { attribute: attributes, ..Node::new(op_type, &name, input, &[output]) });
    }

    fn number(&mut self, value: f32) -> String {
        let name = self.name();
        self.added.push(Tensor::f32(&name, &[], &[value]));
        name
    }

    fn fused_mat_mul(&mut self, node: &Node) -> Result<(), String> {
        let flag = |name| node.attribute(name).and_then(|attribute| attribute.i).unwrap_or(0) != 0;
        let alpha = node.attribute("alpha").and_then(|attribute| attribute.f).unwrap_or(1.0);
        if alpha.to_bits() != 1.0_f32.to_bits() || flag("transBatchA") || flag("transBatchB") {
            return Err("FusedMatMul scales or turns batches, which is not known".into());
        }
        let (mut a, mut b) = (input(node, 0)?.to_owned(), input(node, 1)?.to_owned());
        let turned = || vec![Attribute::ints("perm", &[0, 2, 1])];
        if flag("transA") {
            a = self.add("Transpose", &[&a], turned());
        }
        if flag("transB") {
            b = self.add("Transpose", &[&b], turned());
        }
        self.add_as("MatMul", &[&a, &b], output(node, 0)?, Vec::new());
        Ok(())
    }

    fn fast_gelu(&mut self, node: &Node) -> Result<(), String> {
        let mut x = input(node, 0)?.to_owned();
        if let Ok(bias) = input(node, 1) {
            x = self.add("Add", &[&x, bias], Vec::new());
        }
        let squared = self.add("Mul", &[&x, &x], Vec::new());
        let cubed = self.add("Mul", &[&squared, &x], Vec::new());
        let (share, root, half, one) =
            (self.number(0.044_715), self.number(0.797_884_6), self.number(0.5), self.number(1.0));
        let small = self.add("Mul", &[&cubed, &share], Vec::new());
        let sum = self.add("Add", &[&x, &small], Vec::new());
        let scaled = self.add("Mul", &[&sum, &root], Vec::new());
        let tanh = self.add("Tanh", &[&scaled], Vec::new());
        let above = self.add("Add", &[&tanh, &one], Vec::new());
        let halved = self.add("Mul", &[&x, &half], Vec::new());
        self.add_as("Mul", &[&halved, &above], output(node, 0)?, Vec::new());
        Ok(())
    }

    fn skip_layer_normalization(&mut self, node: &Node) -> Result<(), String> {
        let mut x = self.add("Add", &[input(node, 0)?, input(node, 1)?], Vec::new());
        if let Ok(bias) = input(node, 4) {
            x = self.add("Add", &[&x, bias], Vec::new());
        }
        if output(node, 1).is_ok() || output(node, 2).is_ok() {
            return Err("SkipLayerNormalization gives mean or deviation, which is not known".into());
        }
        if let Ok(sum) = output(node, 3) {
            self.add_as("Identity", &[&x], sum, Vec::new());
        }
        let epsilon = node.attribute("epsilon").and_then(|attribute| attribute.f).unwrap_or(1e-12);
        let mut inputs = vec![x.as_str(), input(node, 2)?];
        inputs.extend(input(node, 3).ok());
        let attributes = vec![Attribute::int("axis", -1), Attribute::float("epsilon", epsilon)];
        self.add_as("LayerNormalization", &inputs, output(node, 0)?, attributes);
        Ok(())
    }

    /// Inputs of the vendor's: X, W, R, B, sequence_lens, initial_h, initial_c, P, then scale and zero point of W and of R.
    fn lstm(&mut self, node: &Node) -> Result<(), String> {
        let weights = self.dequantised(input(node, 1)?, input(node, 8)?, input(node, 9).ok())?;
        let recurrence = self.dequantised(input(node, 2)?, input(node, 10)?, input(node, 11).ok())?;
        let mut inputs = node.input.clone();
        inputs.truncate(8);
        inputs[1] = weights;
        inputs[2] = recurrence;
        while inputs.last().is_some_and(String::is_empty) {
            inputs.pop();
        }
        const KEPT: [&str; 5] = ["direction", "hidden_size", "input_forget", "activations", "clip"];
        let is_kept = |attribute: &&Attribute| attribute.name.as_deref().is_some_and(|name| KEPT.contains(&name));
        let attribute = node.attribute.iter().filter(is_kept).cloned().collect();
        self.nodes.push(Node {
            op_type: Some("LSTM".into()),
            name: Some(format!("std_node_{}", self.nodes.len())),
            input: inputs,
            output: node.output.clone(),
            attribute,
            ..Node::default()
        });
        Ok(())
    }

    /// A constant `[direction, from, to]` in bytes as floats `[direction, to, from]`; gives its name.
    fn dequantised(&mut self, name: &str, scale: &str, zero: Option<&str>) -> Result<String, String> {
        let tensor = self.constant(name)?;
        let &[directions, from, to] = tensor.dims.as_slice() else {
            return Err(format!("weights `{name}` have {} dimensions instead of 3", tensor.dims.len()));
        };
        let size = |dim: i64| usize::try_from(dim).map_err(|_| format!("weights `{name}` have a negative dimension"));
        let (directions, from, to) = (size(directions)?, size(from)?, size(to)?);
        let told = |error: super::onnx::OnnxError| error.to_string();
        let bytes = tensor.to_f32().map_err(told)?;
        let scales = self.constant(scale)?.to_f32().map_err(told)?;
        let zeros = zero.map(|zero| self.constant(zero)?.to_f32().map_err(told)).transpose()?;
        let zeros = zeros.unwrap_or_else(|| vec![0.0]);
        // One number for all, one a direction, or one a direction and column.
        let at = |values: &[f32], direction: usize, column: usize| match values.len() {
            1 => Some(values[0]),
            count if count == directions => Some(values[direction]),
            count if count == directions * to => Some(values[direction * to + column]),
            _ => None,
        };
        let mut floats = Vec::with_capacity(bytes.len());
        for direction in 0..directions {
            for column in 0..to {
                let fit = || format!("scale or zero point of `{name}` does not fit");
                let (scale, zero) = (at(&scales, direction, column), at(&zeros, direction, column));
                let (scale, zero) = (scale.ok_or_else(fit)?, zero.ok_or_else(fit)?);
                let column = (0..from).map(|row| (bytes[(direction * from + row) * to + column] - zero) * scale);
                floats.extend(column);
            }
        }
        let made = self.name();
        self.added.push(Tensor::f32(&made, &[directions, to, from], &floats));
        Ok(made)
    }

    fn constant(&self, name: &str) -> Result<&Tensor, String> {
        self.constants.get(name).ok_or_else(|| format!("`{name}` is no constant of the model"))
    }
}

/// An input that is there; left-out ones are empty names.
fn input(node: &Node, index: usize) -> Result<&str, String> {
    named(node, &node.input, index)
}

fn output(node: &Node, index: usize) -> Result<&str, String> {
    named(node, &node.output, index)
}

fn named<'a>(node: &Node, names: &'a [String], index: usize) -> Result<&'a str, String> {
    let name = names.get(index).map(String::as_str).filter(|name| !name.is_empty());
    name.ok_or_else(|| format!("{} has no value at place {index}", node.op_type.as_deref().unwrap_or("a node")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vendor(op_type: &str, input: &[&str], output: &[&str]) -> Node {
        Node { domain: Some(VENDOR.into()), ..Node::new(op_type, "n", input, output) }
    }

    fn rewritten(node: Node, constants: Vec<Tensor>) -> Result<Graph, String> {
        let mut model = Model::new("g", 20);
        model.graph_mut().node.push(node);
        model.graph_mut().initializer = constants;
        let bytes = to_standard(&model.to_bytes())?;
        assert_eq!(bytes, to_standard(&model.to_bytes())?);
        Ok(Model::from_bytes(&bytes).unwrap().graph.unwrap())
    }

    fn operators(graph: &Graph) -> Vec<&str> {
        graph.node.iter().filter_map(|node| node.op_type.as_deref()).collect()
    }

    #[test]
    fn each_operator_of_the_vendor_becomes_standard_ones_with_the_same_output() {
        let fused = vendor("FusedMatMul", &["a", "b"], &["y"]).with(Attribute::int("transB", 1));
        let graph = rewritten(fused, vec![]).unwrap();
        assert_eq!((operators(&graph), graph.node[1].output[0].as_str()), (vec!["Transpose", "MatMul"], "y"));
        let graph = rewritten(vendor("FastGelu", &["a", "bias"], &["y"]), vec![]).unwrap();
        assert_eq!(operators(&graph), ["Add", "Mul", "Mul", "Mul", "Add", "Mul", "Tanh", "Add", "Mul", "Mul"]);
        let graph = rewritten(vendor("SkipLayerNormalization", &["a", "b", "g", "h"], &["y"]), vec![]).unwrap();
        assert_eq!((operators(&graph), graph.node[1].input.len()), (vec!["Add", "LayerNormalization"], 3));
        assert!(rewritten(vendor("Attention", &["a"], &["y"]), vec![]).unwrap_err().contains("Attention"));
    }

    #[test]
    fn quantised_weights_become_floats_with_rows_and_columns_turned() {
        let bytes = |name: &str, raw: &[u8]| Tensor {
            dims: vec![1, 2, 3],
            data_type: Some(2),
            raw_data: Some(raw.to_vec()),
            ..Tensor::f32(name, &[], &[0.0])
        };
        let zero =
            Tensor { dims: vec![1], data_type: Some(2), raw_data: Some(vec![10]), ..Tensor::f32("z", &[], &[0.0]) };
        let constants = vec![
            bytes("w", &[10, 11, 12, 20, 21, 22]),
            bytes("r", &[10, 10, 10, 10, 10, 12]),
            Tensor::f32("s", &[1], &[0.5]),
            zero,
        ];
        let inputs = ["x", "w", "r", "bias", "", "h", "c", "", "s", "z", "s", "z"];
        let graph = rewritten(vendor("DynamicQuantizeLSTM", &inputs, &["y"]), constants).unwrap();
        let node = &graph.node[0];
        assert_eq!((node.op_type.as_deref(), node.input.len()), (Some("LSTM"), 7));
        let weights = graph.initializer.iter().find(|t| t.name.as_ref() == Some(&node.input[1])).unwrap();
        assert_eq!(weights.dims, [1, 3, 2]);
        assert_eq!(weights.to_f32().unwrap(), [0.0, 5.0, 0.5, 5.5, 1.0, 6.0]);
        assert_eq!(graph.initializer.len(), 2, "the bytes are no longer needed");
    }
}
