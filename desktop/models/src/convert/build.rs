//! A graph that is built operator by operator; constants and values are numbered in the order they are made, so that the same
//! steps give the same file.

use super::onnx::{Attribute, DataType, Dim, Model, Node, Tensor, ValueInfo};

/// Version of the standard operators that is used: the oldest one that has them all in the form written here.
const OPERATORS: i64 = 13;

/// Numbers in rows with their shape.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Array {
    pub(crate) shape: Vec<usize>,
    pub(crate) data: Vec<f32>,
}

impl Array {
    /// The axes in another order: axis `i` of the result is axis `order[i]` of this.
    pub(crate) fn transposed(&self, order: &[usize]) -> Self {
        let shape: Vec<usize> = order.iter().map(|axis| self.shape[*axis]).collect();
        let mut strides = vec![1; self.shape.len()];
        for axis in (0..self.shape.len().saturating_sub(1)).rev() {
            strides[axis] = strides[axis + 1] * self.shape[axis + 1];
        }
        let data = (0..self.data.len())
            .map(|at| {
                let mut rest = at;
                let from = (0..shape.len()).rev().map(|axis| {
                    let index = rest % shape[axis];
                    rest /= shape[axis];
                    index * strides[order[axis]]
                });
                self.data[from.sum::<usize>()]
            })
            .collect();
        Self { shape, data }
    }

    /// Every part along the first axis multiplied by its factor.
    pub(crate) fn scaled(mut self, factors: &[f32]) -> Self {
        let part = self.data.len() / factors.len().max(1);
        self.data.iter_mut().enumerate().for_each(|(at, value)| *value *= factors[at / part.max(1)]);
        self
    }
}

/// How a convolution or pooling treats the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Zeros, so many on each side.
    Zeros(i64),
    /// As many zeros as make the output as large as the input divided by the stride; an odd one at the end.
    Same,
}

/// A model being built.
pub(crate) struct Builder {
    model: Model,
    made: usize,
}

impl Builder {
    pub(crate) fn new(name: &str, input: &[i64]) -> Self {
        let mut model = Model::new(name, OPERATORS);
        let dims: Vec<Dim<'_>> = input.iter().map(|dim| Dim::Fixed(*dim)).collect();
        model.graph_mut().input.push(ValueInfo::tensor("input", DataType::Float, &dims));
        Self { model, made: 0 }
    }

    fn number(&mut self) -> usize {
        self.made += 1;
        self.made
    }

    /// A constant of floats.
    pub(crate) fn floats(&mut self, shape: &[usize], data: &[f32]) -> String {
        let name = format!("c{}", self.number());
        self.model.graph_mut().initializer.push(Tensor::f32(&name, shape, data));
        name
    }

    /// A constant of whole numbers, in one row.
    pub(crate) fn whole(&mut self, data: &[i64]) -> String {
        let name = format!("c{}", self.number());
        self.model.graph_mut().initializer.push(Tensor::i64(&name, &[data.len()], data));
        name
    }

    /// An operator; returns the name of what it gives.
    pub(crate) fn op(&mut self, kind: &str, inputs: &[&str], attributes: Vec<Attribute>) -> String {
        let number = self.number();
        let name = format!("t{number}");
        let mut node = Node::new(kind, &format!("{kind}{number}"), inputs, &[&name]);
        node.attribute = attributes;
        self.model.graph_mut().node.push(node);
        name
    }

    /// A convolution; `weights` is `[out, in / group, height, width]`.
    pub(crate) fn conv(
        &mut self,
        x: &str,
        weights: &Array,
        bias: Option<&[f32]>,
        stride: i64,
        edge: Edge,
        group: i64,
    ) -> String {
        let side = |axis: usize| weights.shape[axis] as i64;
        let mut inputs = vec![x.to_owned(), self.floats(&weights.shape, &weights.data)];
        if let Some(bias) = bias {
            inputs.push(self.floats(&[bias.len()], bias));
        }
        let attributes = vec![
            Attribute::ints("strides", &[stride, stride]),
            Attribute::int("group", group),
            Attribute::ints("kernel_shape", &[side(2), side(3)]),
            edge.attribute(),
        ];
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        self.op("Conv", &inputs, attributes)
    }

    /// Says that a value goes out, under this name, and gives the file.
    pub(crate) fn finish(mut self, outputs: &[(&str, &str, &[i64])]) -> Vec<u8> {
        for (value, name, dims) in outputs {
            let dims: Vec<Dim<'_>> = dims.iter().map(|dim| Dim::Fixed(*dim)).collect();
            let graph = self.model.graph_mut();
            for node in &mut graph.node {
                for wire in node.input.iter_mut().chain(node.output.iter_mut()) {
                    if wire == value {
                        *wire = (*name).to_owned();
                    }
                }
            }
            graph.output.push(ValueInfo::tensor(name, DataType::Float, &dims));
        }
        self.model.to_bytes()
    }
}

impl Edge {
    fn attribute(self) -> Attribute {
        match self {
            Self::Zeros(n) => Attribute::ints("pads", &[n; 4]),
            Self::Same => Attribute::string("auto_pad", "SAME_UPPER"),
        }
    }
}

/// Pooling over squares.
pub(crate) fn pool(side: i64, stride: i64, edge: Edge) -> Vec<Attribute> {
    let shape = vec![Attribute::ints("kernel_shape", &[side, side]), Attribute::ints("strides", &[stride, stride])];
    // No edge at all is what an operator does unless it is told.
    shape.into_iter().chain((edge != Edge::Zeros(0)).then(|| edge.attribute())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_change_places_and_parts_are_scaled() {
        let array = Array { shape: vec![1, 2, 3], data: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0] };
        let turned = array.transposed(&[2, 0, 1]);
        assert_eq!(
            (turned.shape.as_slice(), turned.data.as_slice()),
            (&[3, 1, 2][..], &[1.0, 4.0, 2.0, 5.0, 3.0, 6.0][..])
        );
        assert_eq!(turned.scaled(&[1.0, 2.0, 3.0]).data, [1.0, 4.0, 4.0, 10.0, 9.0, 18.0]);
    }
}
