//! The model's file: named tensors in the safetensors form, mapped, so that the table of 65 MB is read where it lies.

use std::{ops::Range, path::Path};

use ndarray::{Array1, Array2};
use reme_lm_kernels::MappedFile;
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::EmbeddingError;

/// A mapped file of named tensors.
pub(crate) struct Tensors<'a> {
    all: SafeTensors<'a>,
    file: &'a [u8],
    path: &'a Path,
}

impl<'a> Tensors<'a> {
    pub(crate) fn of(file: &'a MappedFile, path: &'a Path) -> Result<Self, EmbeddingError> {
        let all = SafeTensors::deserialize(file).map_err(|error| not_the_model(path, error.to_string()))?;
        Ok(Self { all, file, path })
    }

    fn tensor(&self, name: &str, of: Dtype) -> Result<TensorView<'a>, EmbeddingError> {
        let found = self.all.tensor(name).map_err(|_| not_the_model(self.path, format!("it has no `{name}`")))?;
        if found.dtype() != of {
            return Err(not_the_model(self.path, format!("`{name}` is of type {:?}, not {of:?}", found.dtype())));
        }
        Ok(found)
    }

    /// Numbers of a vector of this length.
    pub(crate) fn vector(&self, name: &str, length: usize) -> Result<Array1<f32>, EmbeddingError> {
        let found = self.tensor(name, Dtype::F32)?;
        if found.shape() != [length] {
            return Err(not_the_model(self.path, format!("`{name}` has shape {:?}, not [{length}]", found.shape())));
        }
        Ok(numbers(&found).into())
    }

    /// Numbers of a matrix, row by row.
    pub(crate) fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Array2<f32>, EmbeddingError> {
        let found = self.tensor(name, Dtype::F32)?;
        let wrong =
            || not_the_model(self.path, format!("`{name}` has shape {:?}, not [{rows}, {columns}]", found.shape()));
        if found.shape() != [rows, columns] {
            return Err(wrong());
        }
        Array2::from_shape_vec((rows, columns), numbers(&found)).map_err(|_| wrong())
    }

    /// Where in the file the bytes of a tensor lie, and how many rows it has; `columns` bytes a row.
    pub(crate) fn rows_of_bytes(&self, name: &str, columns: usize) -> Result<(Range<usize>, usize), EmbeddingError> {
        let found = self.tensor(name, Dtype::U8)?;
        let &[rows, of] = found.shape() else {
            return Err(not_the_model(self.path, format!("`{name}` is no table")));
        };
        if of != columns {
            return Err(not_the_model(self.path, format!("`{name}` has {of} columns, not {columns}")));
        }
        let start = found.data().as_ptr() as usize - self.file.as_ptr() as usize;
        Ok((start..start + rows * columns, rows))
    }

    /// Plain bytes.
    pub(crate) fn bytes(&self, name: &str) -> Result<&'a [u8], EmbeddingError> {
        Ok(self.tensor(name, Dtype::U8)?.data())
    }
}

pub(crate) fn not_the_model(path: &Path, detail: impl Into<String>) -> EmbeddingError {
    EmbeddingError::NotTheModel { path: path.to_path_buf(), detail: detail.into() }
}

fn numbers(tensor: &TensorView<'_>) -> Vec<f32> {
    tensor.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}
