//! The messages of an ONNX file, read, built and written.
//!
//! Field numbers and types are those of `onnx.proto` (IR version 14). Parts no converter looks into (functions, training,
//! device placement, sparse tensors, types other than tensors) are kept as their bytes, so that reading and writing loses nothing.
//!
//! ```ignore
//! let mut model = Model::new("doubler", 20);
//! model.graph_mut().initializer.push(Tensor::f32("two", &[], &[2.0]));
//! model.graph_mut().node.push(Node::new("Mul", "double", &["x", "two"], &["y"]));
//! model.graph_mut().input.push(ValueInfo::tensor("x", DataType::Float, &[Dim::Named("n")]));
//! model.graph_mut().output.push(ValueInfo::tensor("y", DataType::Float, &[Dim::Named("n")]));
//! let bytes = model.to_bytes();
//! ```

use prost::Message;

/// The IR version of models made here: the newest one rten 0.27 was seen to read.
const IR_VERSION: i64 = 9;

/// The bytes are no ONNX model, or hold something a converter does not know.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OnnxError {
    /// Not the messages of an ONNX file.
    #[error("the file is not an ONNX model: {0}")]
    NotOnnx(#[from] prost::DecodeError),
    /// A tensor is of another type, or its values are not the number its shape says.
    #[error("tensor `{name}` cannot be read: {fault}")]
    Tensor {
        /// The tensor's name.
        name: String,
        /// What is wrong with it.
        fault: String,
    },
}

/// Element types, by their number in `TensorProto.DataType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum DataType {
    /// 32-bit float.
    Float = 1,
    /// Unsigned byte.
    Uint8 = 2,
    /// Signed byte.
    Int8 = 3,
    /// 32-bit integer.
    Int32 = 6,
    /// 64-bit integer.
    Int64 = 7,
}

/// `ModelProto`: the file.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Model {
    #[prost(int64, optional, tag = "1")]
    pub(crate) ir_version: Option<i64>,
    #[prost(message, repeated, tag = "8")]
    pub(crate) opset_import: Vec<OperatorSet>,
    #[prost(string, optional, tag = "2")]
    pub(crate) producer_name: Option<String>,
    #[prost(string, optional, tag = "3")]
    pub(crate) producer_version: Option<String>,
    #[prost(string, optional, tag = "4")]
    pub(crate) domain: Option<String>,
    #[prost(int64, optional, tag = "5")]
    pub(crate) model_version: Option<i64>,
    #[prost(string, optional, tag = "6")]
    pub(crate) doc_string: Option<String>,
    #[prost(message, optional, tag = "7")]
    pub(crate) graph: Option<Graph>,
    #[prost(message, repeated, tag = "14")]
    pub(crate) metadata: Vec<Entry>,
    #[prost(bytes = "vec", repeated, tag = "20")]
    pub(crate) training_info: Vec<Vec<u8>>,
    #[prost(bytes = "vec", repeated, tag = "25")]
    pub(crate) functions: Vec<Vec<u8>>,
    #[prost(bytes = "vec", repeated, tag = "26")]
    pub(crate) configuration: Vec<Vec<u8>>,
}

/// `OperatorSetIdProto`: which operators, in which version.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct OperatorSet {
    #[prost(string, optional, tag = "1")]
    pub(crate) domain: Option<String>,
    #[prost(int64, optional, tag = "2")]
    pub(crate) version: Option<i64>,
}

/// `StringStringEntryProto`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Entry {
    #[prost(string, optional, tag = "1")]
    pub(crate) key: Option<String>,
    #[prost(string, optional, tag = "2")]
    pub(crate) value: Option<String>,
}

/// `GraphProto`: operators and their constants.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Graph {
    #[prost(message, repeated, tag = "1")]
    pub(crate) node: Vec<Node>,
    #[prost(string, optional, tag = "2")]
    pub(crate) name: Option<String>,
    #[prost(message, repeated, tag = "5")]
    pub(crate) initializer: Vec<Tensor>,
    #[prost(bytes = "vec", repeated, tag = "15")]
    pub(crate) sparse_initializer: Vec<Vec<u8>>,
    #[prost(string, optional, tag = "10")]
    pub(crate) doc_string: Option<String>,
    #[prost(message, repeated, tag = "11")]
    pub(crate) input: Vec<ValueInfo>,
    #[prost(message, repeated, tag = "12")]
    pub(crate) output: Vec<ValueInfo>,
    #[prost(message, repeated, tag = "13")]
    pub(crate) value_info: Vec<ValueInfo>,
    #[prost(bytes = "vec", repeated, tag = "14")]
    pub(crate) quantization_annotation: Vec<Vec<u8>>,
    #[prost(message, repeated, tag = "16")]
    pub(crate) metadata: Vec<Entry>,
}

/// `NodeProto`: one operator.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Node {
    #[prost(string, repeated, tag = "1")]
    pub(crate) input: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub(crate) output: Vec<String>,
    #[prost(string, optional, tag = "3")]
    pub(crate) name: Option<String>,
    #[prost(string, optional, tag = "4")]
    pub(crate) op_type: Option<String>,
    #[prost(string, optional, tag = "7")]
    pub(crate) domain: Option<String>,
    #[prost(string, optional, tag = "8")]
    pub(crate) overload: Option<String>,
    #[prost(message, repeated, tag = "5")]
    pub(crate) attribute: Vec<Attribute>,
    #[prost(string, optional, tag = "6")]
    pub(crate) doc_string: Option<String>,
    #[prost(message, repeated, tag = "9")]
    pub(crate) metadata: Vec<Entry>,
    #[prost(bytes = "vec", repeated, tag = "10")]
    pub(crate) device_configurations: Vec<Vec<u8>>,
}

/// `AttributeProto`: a setting of an operator. `kind` is `AttributeType`: 1 float, 2 int, 3 string, 4 tensor, 6 floats, 7 ints.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Attribute {
    #[prost(string, optional, tag = "1")]
    pub(crate) name: Option<String>,
    #[prost(string, optional, tag = "21")]
    pub(crate) ref_attr_name: Option<String>,
    #[prost(string, optional, tag = "13")]
    pub(crate) doc_string: Option<String>,
    #[prost(int32, optional, tag = "20")]
    pub(crate) kind: Option<i32>,
    #[prost(float, optional, tag = "2")]
    pub(crate) f: Option<f32>,
    #[prost(int64, optional, tag = "3")]
    pub(crate) i: Option<i64>,
    #[prost(bytes = "vec", optional, tag = "4")]
    pub(crate) s: Option<Vec<u8>>,
    #[prost(message, optional, tag = "5")]
    pub(crate) t: Option<Tensor>,
    #[prost(message, optional, tag = "6")]
    pub(crate) g: Option<Graph>,
    #[prost(bytes = "vec", optional, tag = "22")]
    pub(crate) sparse_tensor: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "14")]
    pub(crate) tp: Option<Vec<u8>>,
    #[prost(float, repeated, packed = "false", tag = "7")]
    pub(crate) floats: Vec<f32>,
    #[prost(int64, repeated, packed = "false", tag = "8")]
    pub(crate) ints: Vec<i64>,
    #[prost(bytes = "vec", repeated, tag = "9")]
    pub(crate) strings: Vec<Vec<u8>>,
    #[prost(message, repeated, tag = "10")]
    pub(crate) tensors: Vec<Tensor>,
    #[prost(message, repeated, tag = "11")]
    pub(crate) graphs: Vec<Graph>,
    #[prost(bytes = "vec", repeated, tag = "23")]
    pub(crate) sparse_tensors: Vec<Vec<u8>>,
    #[prost(bytes = "vec", repeated, tag = "15")]
    pub(crate) type_protos: Vec<Vec<u8>>,
}

/// `TensorProto`: a constant, row by row.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Tensor {
    #[prost(int64, repeated, packed = "false", tag = "1")]
    pub(crate) dims: Vec<i64>,
    #[prost(int32, optional, tag = "2")]
    pub(crate) data_type: Option<i32>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(crate) segment: Option<Vec<u8>>,
    #[prost(float, repeated, tag = "4")]
    pub(crate) float_data: Vec<f32>,
    #[prost(int32, repeated, tag = "5")]
    pub(crate) int32_data: Vec<i32>,
    #[prost(bytes = "vec", repeated, tag = "6")]
    pub(crate) string_data: Vec<Vec<u8>>,
    #[prost(int64, repeated, tag = "7")]
    pub(crate) int64_data: Vec<i64>,
    #[prost(string, optional, tag = "8")]
    pub(crate) name: Option<String>,
    #[prost(string, optional, tag = "12")]
    pub(crate) doc_string: Option<String>,
    #[prost(bytes = "vec", optional, tag = "9")]
    pub(crate) raw_data: Option<Vec<u8>>,
    #[prost(message, repeated, tag = "13")]
    pub(crate) external_data: Vec<Entry>,
    #[prost(int32, optional, tag = "14")]
    pub(crate) data_location: Option<i32>,
    #[prost(double, repeated, tag = "10")]
    pub(crate) double_data: Vec<f64>,
    #[prost(uint64, repeated, tag = "11")]
    pub(crate) uint64_data: Vec<u64>,
    #[prost(message, repeated, tag = "16")]
    pub(crate) metadata: Vec<Entry>,
}

/// `ValueInfoProto`: name, type and shape of an input, an output or a value between.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ValueInfo {
    #[prost(string, optional, tag = "1")]
    pub(crate) name: Option<String>,
    #[prost(message, optional, tag = "2")]
    pub(crate) r#type: Option<Type>,
    #[prost(string, optional, tag = "3")]
    pub(crate) doc_string: Option<String>,
    #[prost(message, repeated, tag = "4")]
    pub(crate) metadata: Vec<Entry>,
}

/// `TypeProto`: one of its kinds; all but tensors are kept as bytes.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Type {
    #[prost(message, optional, tag = "1")]
    pub(crate) tensor: Option<TensorType>,
    #[prost(bytes = "vec", optional, tag = "4")]
    pub(crate) sequence: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "5")]
    pub(crate) map: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "9")]
    pub(crate) optional: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "8")]
    pub(crate) sparse_tensor: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "7")]
    pub(crate) opaque: Option<Vec<u8>>,
    #[prost(string, optional, tag = "6")]
    pub(crate) denotation: Option<String>,
}

/// `TypeProto.Tensor`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct TensorType {
    #[prost(int32, optional, tag = "1")]
    pub(crate) elem_type: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub(crate) shape: Option<Shape>,
}

/// `TensorShapeProto`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Shape {
    #[prost(message, repeated, tag = "1")]
    pub(crate) dim: Vec<Dimension>,
}

/// `TensorShapeProto.Dimension`: a number or a name, at most one of them.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Dimension {
    #[prost(int64, optional, tag = "1")]
    pub(crate) dim_value: Option<i64>,
    #[prost(string, optional, tag = "2")]
    pub(crate) dim_param: Option<String>,
    #[prost(string, optional, tag = "3")]
    pub(crate) denotation: Option<String>,
}

/// One length of a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dim<'a> {
    /// Always this long.
    Fixed(i64),
    /// As long as the input of that name.
    Named(&'a str),
}

impl Model {
    /// An empty model for the standard operators of `opset`.
    pub(crate) fn new(graph_name: &str, opset: i64) -> Self {
        Self {
            ir_version: Some(IR_VERSION),
            opset_import: vec![OperatorSet { domain: Some(String::new()), version: Some(opset) }],
            graph: Some(Graph { name: Some(graph_name.to_owned()), ..Graph::default() }),
            ..Self::default()
        }
    }

    /// Reads a file's bytes.
    ///
    /// # Errors
    /// [`OnnxError::NotOnnx`].
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, OnnxError> {
        Ok(Self::decode(bytes)?)
    }

    /// The graph, made when there is none.
    pub(crate) fn graph_mut(&mut self) -> &mut Graph {
        self.graph.get_or_insert_with(Graph::default)
    }

    /// The bytes of the file; equal models give equal bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.encode_to_vec()
    }
}

impl Node {
    /// An operator of the standard set.
    pub(crate) fn new(op_type: &str, name: &str, input: &[&str], output: &[&str]) -> Self {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Self {
            op_type: Some(op_type.to_owned()),
            name: Some(name.to_owned()),
            input: owned(input),
            output: owned(output),
            ..Self::default()
        }
    }

    /// The same operator with one more setting.
    #[must_use]
    pub(crate) fn with(mut self, attribute: Attribute) -> Self {
        self.attribute.push(attribute);
        self
    }

    /// The setting of that name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attribute.iter().find(|attribute| attribute.name.as_deref() == Some(name))
    }
}

impl Attribute {
    /// A whole number.
    pub(crate) fn int(name: &str, value: i64) -> Self {
        Self { name: Some(name.to_owned()), kind: Some(2), i: Some(value), ..Self::default() }
    }

    /// Whole numbers.
    pub(crate) fn ints(name: &str, values: &[i64]) -> Self {
        Self { name: Some(name.to_owned()), kind: Some(7), ints: values.to_vec(), ..Self::default() }
    }

    /// A real number.
    pub(crate) fn float(name: &str, value: f32) -> Self {
        Self { name: Some(name.to_owned()), kind: Some(1), f: Some(value), ..Self::default() }
    }

    /// A word.
    pub(crate) fn string(name: &str, value: &str) -> Self {
        Self { name: Some(name.to_owned()), kind: Some(3), s: Some(value.as_bytes().to_vec()), ..Self::default() }
    }
}

impl Tensor {
    fn raw(name: &str, data_type: DataType, dims: &[usize], raw_data: Vec<u8>) -> Self {
        Self {
            name: Some(name.to_owned()),
            dims: dims.iter().map(|&dim| dim as i64).collect(),
            data_type: Some(data_type as i32),
            raw_data: Some(raw_data),
            ..Self::default()
        }
    }

    /// Floats in rows; no dims is one number.
    pub(crate) fn f32(name: &str, dims: &[usize], values: &[f32]) -> Self {
        debug_assert_eq!(dims.iter().product::<usize>(), values.len());
        Self::raw(name, DataType::Float, dims, values.iter().flat_map(|value| value.to_le_bytes()).collect())
    }

    /// Whole numbers in rows; no dims is one number.
    pub(crate) fn i64(name: &str, dims: &[usize], values: &[i64]) -> Self {
        debug_assert_eq!(dims.iter().product::<usize>(), values.len());
        Self::raw(name, DataType::Int64, dims, values.iter().flat_map(|value| value.to_le_bytes()).collect())
    }

    /// The values as floats, whether stored as floats or as bytes, raw or not.
    ///
    /// # Errors
    /// [`OnnxError::Tensor`] when the type is another or the number of values is not what the shape says.
    pub(crate) fn to_f32(&self) -> Result<Vec<f32>, OnnxError> {
        let fault = |fault: String| OnnxError::Tensor { name: self.name.clone().unwrap_or_default(), fault };
        let values: Vec<f32> = match (self.data_type, &self.raw_data) {
            (Some(1), Some(raw)) => raw.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
            (Some(1), None) => self.float_data.clone(),
            (Some(2), Some(raw)) => raw.iter().map(|&byte| f32::from(byte)).collect(),
            (Some(3), Some(raw)) => raw.iter().map(|&byte| f32::from(byte.cast_signed())).collect(),
            (Some(2 | 3), None) => self.int32_data.iter().map(|&value| value as f32).collect(),
            (other, _) => return Err(fault(format!("element type {other:?} is none of float, uint8, int8"))),
        };
        let expected: i64 = self.dims.iter().product();
        if usize::try_from(expected) != Ok(values.len()) {
            return Err(fault(format!("shape {:?} does not fit {} values", self.dims, values.len())));
        }
        Ok(values)
    }
}

impl ValueInfo {
    /// A tensor going in or out.
    pub(crate) fn tensor(name: &str, data_type: DataType, dims: &[Dim<'_>]) -> Self {
        let dim = |&dim: &Dim<'_>| match dim {
            Dim::Fixed(value) => Dimension { dim_value: Some(value), ..Dimension::default() },
            Dim::Named(name) => Dimension { dim_param: Some(name.to_owned()), ..Dimension::default() },
        };
        let shape = Shape { dim: dims.iter().map(dim).collect() };
        let tensor = TensorType { elem_type: Some(data_type as i32), shape: Some(shape) };
        let r#type = Type { tensor: Some(tensor), ..Type::default() };
        Self { name: Some(name.to_owned()), r#type: Some(r#type), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubler() -> Model {
        let mut model = Model::new("doubler", 20);
        let graph = model.graph_mut();
        graph.initializer.push(Tensor::f32("two", &[], &[2.0]));
        graph.initializer.push(Tensor::i64("axes", &[2], &[0, -1]));
        let node = Node::new("Mul", "double", &["x", "two"], &["y"]).with(Attribute::ints("axes", &[0, 1]));
        graph.node.push(node.with(Attribute::string("mode", "floor")).with(Attribute::float("epsilon", 1e-5)));
        graph.input.push(ValueInfo::tensor("x", DataType::Float, &[Dim::Named("n"), Dim::Fixed(3)]));
        model
    }

    #[test]
    fn what_is_written_is_read_again_and_equal_models_give_equal_bytes() {
        let model = doubler();
        assert_eq!(Model::from_bytes(&model.to_bytes()).unwrap(), model);
        assert_eq!(model.to_bytes(), doubler().to_bytes());
        assert!(Model::from_bytes(b"\xff\xff not a model").is_err());
    }

    #[test]
    fn parts_no_converter_looks_into_are_kept() {
        // A model with a function (field 25), a training part (20) and a sequence-typed input, as bytes of the wire format.
        let bytes = [
            0x08, 9, 0x3a, 10, 0x5a, 8, 0x0a, 1, b'x', 0x12, 3, 0x22, 1, 0x00, //
            0xa2, 0x01, 2, 0x0a, 0x00, 0xca, 0x01, 3, 0x0a, 1, b'f',
        ];
        assert_eq!(Model::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    }

    #[test]
    fn tensors_are_read_as_floats_from_every_form_and_a_short_one_is_refused() {
        let bytes = |data_type, raw: &[u8]| Tensor::raw("w", data_type, &[2], raw.to_vec()).to_f32().unwrap();
        assert_eq!(Tensor::f32("w", &[2], &[0.5, -1.0]).to_f32().unwrap(), [0.5, -1.0]);
        assert_eq!(bytes(DataType::Int8, &[255, 3]), [-1.0, 3.0]);
        assert_eq!(bytes(DataType::Uint8, &[255, 3]), [255.0, 3.0]);
        let plain = Tensor { dims: vec![1], data_type: Some(1), float_data: vec![0.25], ..Tensor::default() };
        assert_eq!(plain.to_f32().unwrap(), [0.25]);
        let short = Tensor { dims: vec![3], ..Tensor::f32("w", &[2], &[0.5, -1.0]) };
        assert!(short.to_f32().unwrap_err().to_string().contains("`w`"));
        assert!(Tensor::i64("w", &[1], &[1]).to_f32().is_err());
    }
}
