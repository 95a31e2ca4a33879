//! A model file that is run on one picture at a time.

use std::path::Path;

use rten::{Model, ValueView};
use rten_tensor::prelude::{AsView, Layout};

use crate::VisionError;

/// A loaded network with one input.
pub(crate) struct Network {
    model: Model,
    what: &'static str,
}

/// One output: its shape and its numbers.
pub(crate) struct Output {
    pub(crate) shape: Vec<usize>,
    pub(crate) data: Vec<f32>,
}

impl Network {
    /// `what` is the ability it gives, as the user is told when the file is missing.
    pub(crate) fn load(path: &Path, what: &'static str) -> Result<Self, VisionError> {
        if !path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let how = format!("Type: reme model pull seeing (or put {name} into the models folder)");
            return Err(VisionError::Missing { what, how });
        }
        let not_it = |detail: String| VisionError::NotTheModel { what, path: path.into(), detail };
        let model = Model::load_file(path).map_err(|error| not_it(error.to_string()))?;
        if model.input_ids().len() != 1 || model.output_ids().is_empty() {
            return Err(not_it("it has not one input and at least one output".into()));
        }
        Ok(Self { model, what })
    }

    /// Runs it; the outputs come in the file's order.
    pub(crate) fn run(&self, shape: &[usize], data: &[f32]) -> Result<Vec<Output>, VisionError> {
        let fault = |detail: String| VisionError::Run { what: self.what, detail };
        let input = ValueView::from_shape(shape, data).map_err(|error| fault(error.to_string()))?;
        let inputs = vec![(self.model.input_ids()[0], input.into())];
        let values = self.model.run(inputs, self.model.output_ids(), None).map_err(|error| fault(error.to_string()))?;
        let read = |value: rten::Value| {
            let tensor = value.into_tensor::<f32>().ok_or_else(|| fault("an output holds no numbers".into()))?;
            Ok(Output { shape: tensor.shape().to_vec(), data: tensor.to_vec() })
        };
        values.into_iter().map(read).collect()
    }

    /// The one output of this shape.
    pub(crate) fn run_one(&self, shape: &[usize], data: &[f32], out: &[usize]) -> Result<Vec<f32>, VisionError> {
        let found = self.run(shape, data)?.into_iter().find(|output| output.shape == out);
        found
            .map(|output| output.data)
            .ok_or_else(|| VisionError::Run { what: self.what, detail: format!("no output has the shape {out:?}") })
    }

    pub(crate) fn what(&self) -> &'static str {
        self.what
    }
}
