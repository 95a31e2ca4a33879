//! Where each bit of a packed matrix lies.
//!
//! [`PackedLayout::Lookup`], 1 to 4 bits: tiles of 64 rows; for every 8 columns the planes follow in pairs and then the odd
//! one. A byte holds one plane of one row: low nibble columns 0–3, high nibble columns 4–7, each an index into a table of
//! 16. Of a pair, planes of one row are neighbours, so that one multiply-add joins them; of a lone plane, rows i and i + 16
//! are, so that even and odd bytes widen apart.
//!
//! [`PackedLayout::MultiplyAdd`], 4, 5, 6 and 8 bits: tiles of 32 rows; for every 8 columns, 4 bytes of each row: low nibbles
//! columns 0–3, high nibbles columns 4–7. Of 5 and 6 bits the high ones follow, in bytes that belong to the same row and
//! column of several registers ([`PackedShape::high_at`]). Eight bits are signed, and lie as two times 4 bytes of each row.
//!
//! [`PackedLayout::Triples`], ternary weights with one scale a row: three weights in five bits ([`super::triples`]).
//!
//! A matrix is one run of bytes, which is also how it lies in a file: a header of 64 bytes, codes, scales, minimums, each
//! on a cache line of its own.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::store::{LINE, Owned, Store};
use super::triples;
use super::values::{Encoding, UNIT_COLUMNS, ValueIndex, Values};
use crate::MappedFile;
use crate::float::{f16_to_f32, f32_to_f16};
use crate::pool::{Pool, SharedMut};

/// Version of the arrangement described above; a file of another version is packed anew.
pub const LAYOUT_VERSION: u16 = 2;
/// First bytes of a packed matrix.
const MAGIC: [u8; 4] = *b"RMPK";
/// Most rows or columns of a file's matrix: far above any model's, far below an overflow.
const MOST: u64 = 1 << 28;

/// How the bits are arranged, which decides the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackedLayout {
    /// Bit planes for table lookups.
    Lookup,
    /// Codes for int8 multiply-add.
    MultiplyAdd,
    /// Ternary weights by threes, for table lookups.
    Triples,
}

impl PackedLayout {
    /// Its number in a file.
    fn id(self) -> u8 {
        match self {
            Self::Lookup => 0,
            Self::MultiplyAdd => 1,
            Self::Triples => 2,
        }
    }

    fn from_id(id: u8) -> Option<Self> {
        [Self::Lookup, Self::MultiplyAdd, Self::Triples].into_iter().find(|layout| layout.id() == id)
    }
}

/// Size and form of a packed matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackedShape {
    /// Rows (outputs).
    pub rows: usize,
    /// Columns (inputs).
    pub columns: usize,
    /// Columns that share a scale and a minimum: 16, 32, 64 or 128; for triples [`triples::GROUP`], which share inputs' steps.
    pub group: usize,
    /// Bits of a code: 1 to 4 for lookups, 4, 5, 6 or 8 (signed) for multiply-add, 2 for triples.
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
            PackedLayout::Lookup | PackedLayout::Triples => 64,
            PackedLayout::MultiplyAdd => 32,
        }
    }

    /// Tiles, the last padded.
    #[must_use]
    pub fn tiles(&self) -> usize {
        self.rows.div_ceil(self.tile_rows())
    }

    /// Units of a row, where values are kept as steps.
    pub(crate) fn units(&self) -> usize {
        self.columns.div_ceil(UNIT_COLUMNS)
    }

    /// Columns whose codes lie together.
    pub(crate) fn step_columns(&self) -> usize {
        if self.layout == PackedLayout::Triples { triples::STEP_COLUMNS } else { 8 }
    }

    /// Bytes of codes for one step of columns of a tile.
    pub(crate) fn step_bytes(&self) -> usize {
        if self.layout == PackedLayout::Triples { triples::STEP_BYTES } else { self.tile_rows() * self.planes }
    }

    /// Bytes of codes of a tile.
    pub(crate) fn tile_bytes(&self) -> usize {
        self.groups() * self.group / self.step_columns() * self.step_bytes()
    }

    /// Whether a kernel for it exists.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let is_group = matches!(self.group, 16 | 32 | 64 | 128);
        let is_form = match self.layout {
            PackedLayout::Lookup => is_group && (1..=4).contains(&self.planes),
            PackedLayout::MultiplyAdd => is_group && matches!(self.planes, 4 | 5 | 6 | 8),
            PackedLayout::Triples => self.group == triples::GROUP && self.planes == 2,
        };
        is_form && self.rows > 0 && self.columns > 0
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

    /// (byte, shift, mask) of the bits above the fourth of column `column` of 8, multiply-add layout of 5 or 6 bits.
    pub(crate) fn high_at(&self, row: usize, column: usize) -> (usize, usize, u8) {
        let (vector, lane, half) = (row / 8, row % 8 * 4 + column % 4, column / 4);
        if self.planes == 5 {
            (128 + lane, 2 * vector + half, 1)
        } else {
            (128 + vector / 2 * 32 + lane, 2 * (vector % 2 * 2 + half), 3)
        }
    }
}

/// What one row of a matrix is filled with; lengths are those of the matrix.
#[derive(Debug, Default)]
pub(crate) struct RowParts {
    /// [groups · group]
    pub(crate) codes: Vec<u8>,
    pub(crate) scales: RowValues,
    pub(crate) minimums: RowValues,
}

/// Values of the groups of one row, in the form its encoding asks for.
#[derive(Debug, Default)]
pub(crate) struct RowValues {
    /// [groups], for halves and singles.
    pub(crate) values: Vec<f32>,
    /// [units], bits of halves.
    pub(crate) units: Vec<u16>,
    /// [groups]
    pub(crate) steps: Vec<i8>,
}

impl RowValues {
    fn shaped(shape: &PackedShape) -> Self {
        Self { values: vec![0.0; shape.groups()], units: vec![0; shape.units()], steps: vec![0; shape.groups()] }
    }
}

/// A weight matrix in tiles.
#[derive(Clone)]
pub struct PackedMatrix {
    pub(crate) shape: PackedShape,
    scale_encoding: Encoding,
    minimum_encoding: Encoding,
    store: Store,
}

/// Writes one row; called by several threads.
pub(crate) type FillRow<'a> = dyn Fn(usize, &mut RowParts) + Sync + 'a;

impl PackedMatrix {
    /// Packs plain codes [rows, columns] with scales and minimums [rows, groups]; kept as halves where those are exact.
    ///
    /// # Panics
    /// When the shape has no kernel, a length does not fit, or a code does not fit into its planes. Triples need one scale a
    /// row that is exact as a half, and minimums that take it off.
    #[must_use]
    pub fn from_codes(shape: PackedShape, codes: &[u8], scales: &[f32], minimums: &[f32]) -> Self {
        let (columns, groups) = (shape.columns, shape.groups());
        assert_eq!(codes.len(), shape.rows * columns, "codes must be [rows, columns]");
        assert_eq!((scales.len(), minimums.len()), (shape.rows * groups, shape.rows * groups), "[rows, groups]");
        let factor = minimums[0] / scales[0];
        let minimum_encoding = match scales.iter().zip(minimums).all(|(s, m)| (factor * s).to_bits() == m.to_bits()) {
            true => Encoding::OfScale(factor),
            false => exact_encoding(minimums),
        };
        let scale_encoding = match shape.layout {
            PackedLayout::Triples => Encoding::PerRow,
            _ => exact_encoding(scales),
        };
        if scale_encoding == Encoding::PerRow {
            let is_one = scales.chunks_exact(groups).all(|row| row.iter().all(|scale| *scale == row[0]));
            assert!(
                is_one && exact_encoding(scales) == Encoding::Half,
                "triples have one scale a row, exact as a half"
            );
            assert_eq!(minimum_encoding, Encoding::OfScale(-1.0), "triples are -1, 0 and 1");
        }
        Self::pack(&Pool::new(1), shape, [scale_encoding, minimum_encoding], &|row, parts| {
            parts.codes[..columns].copy_from_slice(&codes[row * columns..][..columns]);
            parts.scales.values.copy_from_slice(&scales[row * groups..][..groups]);
            parts.minimums.values.copy_from_slice(&minimums[row * groups..][..groups]);
        })
    }

    /// Packs row by row: `fill(row, parts)` writes one row; every thread of the pool packs tiles.
    ///
    /// # Panics
    /// When the shape has no kernel, or a code does not fit into its planes.
    pub(crate) fn pack(
        pool: &Pool,
        shape: PackedShape,
        [scale_encoding, minimum_encoding]: [Encoding; 2],
        fill: &FillRow<'_>,
    ) -> Self {
        assert!(shape.is_sound(), "no kernel for {shape:?}");
        let sections = Sections::of(&shape, scale_encoding, minimum_encoding);
        let mut owned = Owned::zeros(sections.end);
        let bytes = owned.bytes_mut();
        put_header(&shape, scale_encoding, minimum_encoding, &mut bytes[..LINE]);
        let target = SharedMut(bytes.as_mut_ptr());
        pool.run(shape.tiles(), &|tile| {
            let mut parts = RowParts {
                codes: vec![0; shape.groups() * shape.group],
                scales: RowValues::shaped(&shape),
                minimums: RowValues::shaped(&shape),
            };
            // SAFETY: ranges of different tiles do not meet and lie inside the bytes; each tile runs once.
            let part = |range: Range<usize>| unsafe {
                std::slice::from_raw_parts_mut(target.get().add(range.start), range.len())
            };
            let codes = part(nth(sections.codes, shape.tile_bytes(), tile));
            let [(scale_units, scales), (minimum_units, minimums)] =
                [(scale_encoding, sections.scales), (minimum_encoding, sections.minimums)].map(
                    |(encoding, (units, values))| {
                        let (unit_bytes, value_bytes) = encoding.tile_bytes(&shape);
                        (part(nth(units, unit_bytes, tile)), part(nth(values, value_bytes, tile)))
                    },
                );
            for (inside, row) in (tile * shape.tile_rows()..shape.rows).take(shape.tile_rows()).enumerate() {
                fill(row, &mut parts);
                let steps = parts.codes.chunks_exact(shape.step_columns());
                for (columns, step) in steps.zip(codes.chunks_exact_mut(shape.step_bytes())) {
                    put_codes(&shape, inside, columns, step);
                }
                put_values(&shape, scale_encoding, &parts.scales, inside, scale_units, scales);
                put_values(&shape, minimum_encoding, &parts.minimums, inside, minimum_units, minimums);
            }
        });
        Self { shape, scale_encoding, minimum_encoding, store: Store::Owned(owned) }
    }

    /// A matrix that lies in `range` of a mapped file, as [`PackedMatrix::bytes`] were written there. Nothing is copied.
    ///
    /// # Errors
    /// What does not fit, in words for a log.
    pub fn from_file(file: &Arc<MappedFile>, range: Range<usize>) -> Result<Self, String> {
        let bytes = file.get(range.clone()).ok_or("it ends behind the file")?;
        if bytes.as_ptr().align_offset(LINE) != 0 {
            return Err(format!("it does not start at a multiple of {LINE} bytes"));
        }
        let (shape, scale_encoding, minimum_encoding) = read_header(bytes)?;
        let sections = Sections::of(&shape, scale_encoding, minimum_encoding);
        if bytes.len() != sections.end {
            return Err(format!("it has {} bytes and needs {}", bytes.len(), sections.end));
        }
        Ok(Self { shape, scale_encoding, minimum_encoding, store: Store::Mapped(Arc::clone(file), range) })
    }

    /// Bytes of a matrix of this shape.
    pub(crate) fn bytes_of(shape: &PackedShape, [scales, minimums]: [Encoding; 2]) -> usize {
        Sections::of(shape, scales, minimums).end
    }

    /// Whether it lies in a mapped file.
    #[must_use]
    pub fn is_mapped(&self) -> bool {
        matches!(self.store, Store::Mapped(..))
    }

    /// All bytes: what a file holds.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.store.bytes()
    }

    /// Size and form.
    #[must_use]
    pub fn shape(&self) -> PackedShape {
        self.shape
    }

    /// Bytes it takes, padding included.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.bytes().len()
    }

    /// Weights of row `row` as floats into `out` [columns]: `scale · code + minimum`, rounded once.
    ///
    /// # Panics
    /// When the row does not exist or `out` has another length.
    pub fn row(&self, row: usize, out: &mut [f32]) {
        let shape = self.shape;
        assert!(row < shape.rows && out.len() == shape.columns, "a row of the matrix");
        let (scales, minimums) = self.values();
        for (group, part) in out.chunks_mut(shape.group).enumerate() {
            let at = self.value_index(row / shape.tile_rows(), group, row % shape.tile_rows());
            let scale = scales.get(at, 0.0);
            let minimum = minimums.get(at, scale);
            for (i, weight) in part.iter_mut().enumerate() {
                // The product is exact in double precision, so this rounds once, as a fused operation would.
                let exact = f64::from(scale) * f64::from(self.code(row, group * shape.group + i));
                *weight = (exact + f64::from(minimum)) as f32;
            }
        }
    }

    /// (scales, minimums) of all groups.
    pub(crate) fn values(&self) -> (Values<'_>, Values<'_>) {
        let sections = Sections::of(&self.shape, self.scale_encoding, self.minimum_encoding);
        let bytes = self.bytes();
        (
            self.scale_encoding.view(&self.shape, &bytes[sections.scales.0..sections.minimums.0]),
            self.minimum_encoding.view(&self.shape, &bytes[sections.minimums.0..sections.end]),
        )
    }

    /// Codes of one tile.
    pub(crate) fn tile_codes(&self, tile: usize) -> &[u8] {
        &self.bytes()[nth(LINE, self.shape.tile_bytes(), tile)]
    }

    /// Where the value of a group lies, of row `inside` of a tile.
    #[inline(always)]
    pub(crate) fn value_index(&self, tile: usize, group: usize, inside: usize) -> ValueIndex {
        let shape = &self.shape;
        let unit = group * shape.group / UNIT_COLUMNS;
        let rows = shape.tile_rows();
        ValueIndex {
            group: (tile * shape.groups() + group) * rows + inside,
            unit: (tile * shape.units() + unit) * rows + inside,
            row: tile * rows + inside,
        }
    }

    /// The code of one weight; signed for eight bits.
    pub(crate) fn code(&self, row: usize, column: usize) -> i32 {
        let shape = self.shape;
        let (tile, inside) = (row / shape.tile_rows(), row % shape.tile_rows());
        let (step, column) = (column / shape.step_columns(), column % shape.step_columns());
        code_in_step(&shape, &self.tile_codes(tile)[step * shape.step_bytes()..][..shape.step_bytes()], inside, column)
    }
}

impl fmt::Debug for PackedMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackedMatrix").field("shape", &self.shape).field("bytes", &self.size_bytes()).finish()
    }
}

/// Code of column `column` of a step of row `row` of a tile.
pub(crate) fn code_in_step(shape: &PackedShape, step: &[u8], row: usize, column: usize) -> i32 {
    match (shape.layout, shape.planes) {
        (PackedLayout::Lookup, planes) => {
            let bit = |plane| i32::from(step[shape.plane_at(row, plane)] >> column & 1) << plane;
            (0..planes).map(bit).sum()
        }
        (PackedLayout::Triples, _) => triples::code(row, column, step),
        (PackedLayout::MultiplyAdd, 8) => i32::from(step[column / 4 * 128 + row * 4 + column % 4] as i8),
        (PackedLayout::MultiplyAdd, planes) => {
            let low = step[row * 4 + column % 4] >> (column / 4 * 4) & 15;
            if planes == 4 {
                return i32::from(low);
            }
            let (byte, shift, mask) = shape.high_at(row, column);
            i32::from(low | (step[byte] >> shift & mask) << 4)
        }
    }
}

/// Puts the codes of one step of one row into their bytes, which hold zeros there.
fn put_codes(shape: &PackedShape, row: usize, codes: &[u8], step: &mut [u8]) {
    if shape.planes < 8 {
        let all = codes.iter().fold(0, |all, code| all | code);
        assert!(all >> shape.planes == 0, "a code of more than {} bits", shape.planes);
    }
    match (shape.layout, shape.planes) {
        (PackedLayout::Lookup, planes) => {
            for plane in 0..planes {
                let bits = codes.iter().enumerate().map(|(column, code)| (code >> plane & 1) << column);
                step[shape.plane_at(row, plane)] = bits.sum();
            }
        }
        (PackedLayout::Triples, _) => triples::put(row, codes, step),
        (PackedLayout::MultiplyAdd, 8) => {
            step[row * 4..][..4].copy_from_slice(&codes[..4]);
            step[128 + row * 4..][..4].copy_from_slice(&codes[4..]);
        }
        (PackedLayout::MultiplyAdd, planes) => {
            for i in 0..4 {
                step[row * 4 + i] = codes[i] & 15 | codes[i + 4] << 4;
            }
            if planes > 4 {
                for (column, code) in codes.iter().enumerate() {
                    let (byte, shift, _) = shape.high_at(row, column);
                    step[byte] |= code >> 4 << shift;
                }
            }
        }
    }
}

/// Puts the values of one row into those of its tile.
fn put_values(
    shape: &PackedShape,
    encoding: Encoding,
    from: &RowValues,
    inside: usize,
    units: &mut [u8],
    values: &mut [u8],
) {
    let rows = shape.tile_rows();
    let halves = |to: &mut [u8], halves: &mut dyn Iterator<Item = u16>| {
        for (i, half) in halves.enumerate() {
            to[(i * rows + inside) * 2..][..2].copy_from_slice(&half.to_le_bytes());
        }
    };
    match encoding {
        Encoding::Half => halves(values, &mut from.values.iter().map(|v| f32_to_f16(*v))),
        Encoding::Single => {
            for (i, value) in from.values.iter().enumerate() {
                values[(i * rows + inside) * 4..][..4].copy_from_slice(&value.to_le_bytes());
            }
        }
        Encoding::Steps => {
            halves(units, &mut from.units.iter().copied());
            for (i, step) in from.steps.iter().enumerate() {
                values[i * rows + inside] = *step as u8;
            }
        }
        Encoding::OfScale(_) => {}
        Encoding::PerRow => halves(values, &mut from.values.iter().take(1).map(|v| f32_to_f16(*v))),
    }
}

/// Halves where every value is one exactly.
fn exact_encoding(values: &[f32]) -> Encoding {
    let is_exact = values.iter().all(|v| f16_to_f32(f32_to_f16(*v)).to_bits() == v.to_bits());
    if is_exact { Encoding::Half } else { Encoding::Single }
}

/// Bytes of part `index` of a section that starts at `start`.
fn nth(start: usize, len: usize, index: usize) -> Range<usize> {
    start + index * len..start + (index + 1) * len
}

/// Where each section starts; of scales and minimums (units, values).
struct Sections {
    codes: usize,
    scales: (usize, usize),
    minimums: (usize, usize),
    end: usize,
}

impl Sections {
    fn of(shape: &PackedShape, scale_encoding: Encoding, minimum_encoding: Encoding) -> Self {
        let scales = LINE + (shape.tiles() * shape.tile_bytes()).next_multiple_of(LINE);
        let (scale_units, scale_values) = scale_encoding.bytes(shape);
        let minimums = scales + scale_units + scale_values;
        let (minimum_units, minimum_values) = minimum_encoding.bytes(shape);
        Self {
            codes: LINE,
            scales: (scales, scales + scale_units),
            minimums: (minimums, minimums + minimum_units),
            end: minimums + minimum_units + minimum_values,
        }
    }
}

fn put_header(shape: &PackedShape, scales: Encoding, minimums: Encoding, to: &mut [u8]) {
    let factor = if let Encoding::OfScale(factor) = minimums { factor } else { 0.0 };
    to[..4].copy_from_slice(&MAGIC);
    to[4..6].copy_from_slice(&LAYOUT_VERSION.to_le_bytes());
    to[6] = shape.layout.id();
    to[7] = shape.planes as u8;
    to[8] = shape.group as u8;
    to[9] = scales.id();
    to[10] = minimums.id();
    to[12..16].copy_from_slice(&factor.to_le_bytes());
    to[16..24].copy_from_slice(&(shape.rows as u64).to_le_bytes());
    to[24..32].copy_from_slice(&(shape.columns as u64).to_le_bytes());
}

fn read_header(bytes: &[u8]) -> Result<(PackedShape, Encoding, Encoding), String> {
    let header: &[u8; LINE] = bytes.first_chunk().ok_or("it is shorter than its header")?;
    if header[..4] != MAGIC {
        return Err("it does not start with `RMPK`".to_owned());
    }
    let version = u16::from_le_bytes([header[4], header[5]]);
    if version != LAYOUT_VERSION {
        return Err(format!("layout version {version}; this program reads version {LAYOUT_VERSION}"));
    }
    let long = |at: usize| header[at..at + 8].iter().rev().fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
    let (rows, columns) = (long(16), long(24));
    if rows > MOST || columns > MOST || rows * columns > 1 << 40 {
        return Err(format!("{rows} rows of {columns} columns"));
    }
    let layout = PackedLayout::from_id(header[6]).ok_or_else(|| format!("layout {} does not exist", header[6]))?;
    let (planes, group) = (usize::from(header[7]), usize::from(header[8]));
    let shape = PackedShape { rows: rows as usize, columns: columns as usize, group, planes, layout };
    if !shape.is_sound() {
        return Err(format!("no kernel for {shape:?}"));
    }
    let factor = f32::from_le_bytes([header[12], header[13], header[14], header[15]]);
    let scales = Encoding::from_id(header[9], factor).filter(|e| !matches!(e, Encoding::OfScale(_)));
    match (scales, Encoding::from_id(header[10], factor)) {
        // The kernel of triples knows no other form.
        (Some(scales), Some(minimums))
            if layout != PackedLayout::Triples || (scales, minimums) == (Encoding::PerRow, Encoding::OfScale(-1.0)) =>
        {
            Ok((shape, scales, minimums))
        }
        _ => Err("its scales are kept in no known way".to_owned()),
    }
}
