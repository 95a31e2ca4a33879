//! Where each bit of a packed matrix lies.
//!
//! [`PackedLayout::Lookup`]: tiles of 64 rows; for every 8 columns the planes follow in pairs and then the odd one. A byte
//! holds one plane of one row: low nibble columns 0–3, high nibble columns 4–7, each an index into a table of 16. Of a
//! pair, planes of one row are neighbours, so that one multiply-add joins them; of a lone plane, rows i and i + 16 are, so
//! that even and odd bytes widen apart.
//! [`PackedLayout::MultiplyAdd`]: tiles of 32 rows; for every 8 columns, 4 bytes of each row: low nibbles columns 0–3,
//! high nibbles columns 4–7. Four planes only.

use crate::float::{f16_to_f32, f32_to_f16};

/// How the bits are arranged, which decides the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackedLayout {
    /// Bit planes for table lookups.
    Lookup,
    /// Nibbles for int8 multiply-add.
    MultiplyAdd,
}

/// Size and form of a packed matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackedShape {
    /// Rows (outputs).
    pub rows: usize,
    /// Columns (inputs).
    pub columns: usize,
    /// Columns that share a scale and a minimum: 32, 64 or 128.
    pub group: usize,
    /// Bits of a code, 1 to 4.
    pub planes: usize,
    /// Arrangement.
    pub layout: PackedLayout,
}

impl PackedShape {
    /// Groups of a row; the last may be cut short by the matrix and is padded.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.columns.div_ceil(self.group)
    }

    /// Rows of a tile.
    #[must_use]
    pub fn tile_rows(&self) -> usize {
        match self.layout {
            PackedLayout::Lookup => 64,
            PackedLayout::MultiplyAdd => 32,
        }
    }

    /// Tiles, the last padded.
    #[must_use]
    pub fn tiles(&self) -> usize {
        self.rows.div_ceil(self.tile_rows())
    }

    /// Bytes of codes for 8 columns of a tile.
    pub(crate) fn step_bytes(&self) -> usize {
        self.tile_rows() * self.planes
    }

    /// Bytes of codes of a tile.
    pub(crate) fn tile_bytes(&self) -> usize {
        self.groups() * self.group / 8 * self.step_bytes()
    }

    /// Whether a kernel for it exists.
    fn is_sound(&self) -> bool {
        matches!(self.group, 32 | 64 | 128)
            && (1..=4).contains(&self.planes)
            && (self.layout == PackedLayout::Lookup || self.planes == 4)
            && self.rows > 0
            && self.columns > 0
    }

    /// Byte of `plane` of row `row` of a tile inside 8 columns, lookup layout.
    pub(crate) fn plane_at(&self, row: usize, plane: usize) -> usize {
        if plane / 2 < self.planes / 2 {
            plane / 2 * 128 + row * 2 + plane % 2
        } else {
            let (vector, row) = (row / 32, row % 32);
            self.planes / 2 * 128 + vector * 32 + row % 16 * 2 + row / 16
        }
    }

    /// First byte of row `row` of a tile inside 8 columns, multiply-add layout.
    pub(crate) fn nibbles_at(&self, row: usize) -> usize {
        row * 4
    }
}

/// Scales or minimums, [tiles, groups, tile_rows].
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum GroupValues {
    /// Halves, where every value is one exactly.
    Half(Vec<u16>),
    Single(Vec<f32>),
}

impl GroupValues {
    fn new(values: Vec<f32>) -> Self {
        let halves: Vec<u16> = values.iter().map(|v| f32_to_f16(*v)).collect();
        let is_exact = halves.iter().zip(&values).all(|(h, v)| f16_to_f32(*h).to_bits() == v.to_bits());
        if is_exact { Self::Half(halves) } else { Self::Single(values) }
    }

    pub(crate) fn get(&self, index: usize) -> f32 {
        match self {
            Self::Half(halves) => f16_to_f32(halves[index]),
            Self::Single(values) => values[index],
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Half(halves) => halves.len() * 2,
            Self::Single(values) => values.len() * 4,
        }
    }
}

/// A weight matrix in tiles.
#[derive(Debug, Clone, PartialEq)]
pub struct PackedMatrix {
    pub(crate) shape: PackedShape,
    /// [tiles, groups · group / 8, step_bytes]
    pub(crate) codes: Vec<u8>,
    pub(crate) scales: GroupValues,
    pub(crate) minimums: GroupValues,
}

/// What `fill` is given for a row: codes [columns], scales [groups], minimums [groups].
pub(crate) type FillRow<'a> = dyn FnMut(usize, &mut [u8], &mut [f32], &mut [f32]) + 'a;

impl PackedMatrix {
    /// Packs plain codes [rows, columns] with scales and minimums [rows, groups].
    ///
    /// # Panics
    /// When the shape has no kernel, a length does not fit, or a code does not fit into its planes.
    #[must_use]
    pub fn from_codes(shape: PackedShape, codes: &[u8], scales: &[f32], minimums: &[f32]) -> Self {
        let (columns, groups) = (shape.columns, shape.groups());
        assert_eq!(codes.len(), shape.rows * columns, "codes must be [rows, columns]");
        assert_eq!((scales.len(), minimums.len()), (shape.rows * groups, shape.rows * groups), "[rows, groups]");
        Self::pack(shape, &mut |row, row_codes, row_scales, row_minimums| {
            row_codes.copy_from_slice(&codes[row * columns..][..columns]);
            row_scales.copy_from_slice(&scales[row * groups..][..groups]);
            row_minimums.copy_from_slice(&minimums[row * groups..][..groups]);
        })
    }

    /// Packs row by row: `fill(row, codes, scales, minimums)` writes one row.
    ///
    /// # Panics
    /// When the shape has no kernel, or a code does not fit into its planes.
    pub(crate) fn pack(shape: PackedShape, fill: &mut FillRow<'_>) -> Self {
        assert!(shape.is_sound(), "no kernel for {shape:?}");
        let (groups, tile_rows) = (shape.groups(), shape.tile_rows());
        let mut codes = vec![0_u8; shape.tiles() * shape.tile_bytes()];
        let mut scales = vec![0.0; shape.tiles() * groups * tile_rows];
        let mut minimums = scales.clone();
        let mut row_codes = vec![0_u8; groups * shape.group];
        let (mut row_scales, mut row_minimums) = (vec![0.0; groups], vec![0.0; groups]);
        for row in 0..shape.rows {
            fill(row, &mut row_codes[..shape.columns], &mut row_scales, &mut row_minimums);
            let (tile, inside) = (row / tile_rows, row % tile_rows);
            let tile_codes = &mut codes[tile * shape.tile_bytes()..][..shape.tile_bytes()];
            for (eight, step) in
                row_codes.as_chunks::<8>().0.iter().zip(tile_codes.chunks_exact_mut(shape.step_bytes()))
            {
                put_codes(&shape, inside, eight, step);
            }
            for group in 0..groups {
                scales[(tile * groups + group) * tile_rows + inside] = row_scales[group];
                minimums[(tile * groups + group) * tile_rows + inside] = row_minimums[group];
            }
        }
        Self { shape, codes, scales: GroupValues::new(scales), minimums: GroupValues::new(minimums) }
    }

    /// Size and form.
    #[must_use]
    pub fn shape(&self) -> PackedShape {
        self.shape
    }

    /// Bytes it takes, padding included.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.codes.len() + self.scales.bytes() + self.minimums.bytes()
    }

    /// Weights of row `row` as floats into `out` [columns]: `scale · code + minimum`, rounded once.
    ///
    /// # Panics
    /// When the row does not exist or `out` has another length.
    pub fn row(&self, row: usize, out: &mut [f32]) {
        let shape = self.shape;
        assert!(row < shape.rows && out.len() == shape.columns, "a row of the matrix");
        for (column, weight) in out.iter_mut().enumerate() {
            let at = self.group_index(row, column / shape.group);
            // The product is exact in double precision, so this rounds once, as a fused operation would.
            let exact = f64::from(self.scales.get(at)) * f64::from(self.code(row, column));
            *weight = (exact + f64::from(self.minimums.get(at))) as f32;
        }
    }

    /// Where the scale and minimum of a group of a row lie.
    pub(crate) fn group_index(&self, row: usize, group: usize) -> usize {
        let tile_rows = self.shape.tile_rows();
        (row / tile_rows * self.shape.groups() + group) * tile_rows + row % tile_rows
    }

    /// The code of one weight.
    pub(crate) fn code(&self, row: usize, column: usize) -> u8 {
        let shape = self.shape;
        let (tile, inside) = (row / shape.tile_rows(), row % shape.tile_rows());
        let step = &self.codes[tile * shape.tile_bytes() + column / 8 * shape.step_bytes()..][..shape.step_bytes()];
        let column = column % 8;
        match shape.layout {
            PackedLayout::Lookup => {
                let bit = |plane| (step[shape.plane_at(inside, plane)] >> column & 1) << plane;
                (0..shape.planes).map(bit).sum()
            }
            PackedLayout::MultiplyAdd => step[shape.nibbles_at(inside) + column % 4] >> (column / 4 * 4) & 15,
        }
    }
}

/// Puts 8 codes of one row into their bytes.
fn put_codes(shape: &PackedShape, row: usize, codes: &[u8; 8], step: &mut [u8]) {
    assert!(codes.iter().all(|code| code >> shape.planes == 0), "a code of more than {} bits", shape.planes);
    match shape.layout {
        PackedLayout::Lookup => {
            for plane in 0..shape.planes {
                let bits = codes.iter().enumerate().map(|(column, code)| (code >> plane & 1) << column);
                step[shape.plane_at(row, plane)] = bits.sum();
            }
        }
        PackedLayout::MultiplyAdd => {
            for i in 0..4 {
                step[shape.nibbles_at(row) + i] = codes[i] | codes[i + 4] << 4;
            }
        }
    }
}
