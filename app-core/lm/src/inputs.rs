//! What is made of the inputs of a product before it meets the weights: int8 blocks, int8 groups or lookup tables.
//!
//! In the flow: the transformer multiplies several matrices with the same vectors; each form is made once for all of them,
//! in memory that is kept from token to token.

use reme_lm_kernels::{ActivationFormat, Activations, Int8Groups, Isa, LookupTables, TripleTables};

/// Which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputKind {
    /// For weights as GGUF stores them.
    Plain(ActivationFormat),
    /// For packed weights, by multiply-add.
    Int8 { group: usize },
    /// For packed weights, by lookup; one vector only.
    Tables { group: usize },
    /// For ternary weights by threes, by lookup; one vector only.
    Triples,
}

/// Inputs in one form.
#[derive(Debug)]
pub(crate) enum Inputs {
    Plain(Activations),
    Int8(Int8Groups),
    Tables(LookupTables),
    Triples(TripleTables),
}

impl Inputs {
    fn empty(kind: InputKind) -> Self {
        match kind {
            InputKind::Plain(_) => Self::Plain(Activations::default()),
            InputKind::Int8 { .. } => Self::Int8(Int8Groups::default()),
            InputKind::Tables { .. } => Self::Tables(LookupTables::default()),
            InputKind::Triples => Self::Triples(TripleTables::default()),
        }
    }
}

/// The forms made of the latest inputs.
#[derive(Debug, Default)]
pub(crate) struct PreparedInputs {
    /// As many as kinds were ever asked for: a handful.
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    kind: InputKind,
    inputs: Inputs,
    is_fresh: bool,
}

impl PreparedInputs {
    /// The inputs changed: everything must be made anew.
    pub(crate) fn forget(&mut self) {
        self.slots.iter_mut().for_each(|slot| slot.is_fresh = false);
    }

    /// `x` [tokens, columns] in the form `kind`; the same x as in every call since [`PreparedInputs::forget`].
    pub(crate) fn get(&mut self, isa: Isa, kind: InputKind, x: &[f32], columns: usize) -> &Inputs {
        let index = self.slots.iter().position(|slot| slot.kind == kind).unwrap_or_else(|| {
            self.slots.push(Slot { kind, inputs: Inputs::empty(kind), is_fresh: false });
            self.slots.len() - 1
        });
        let slot = &mut self.slots[index];
        if !slot.is_fresh {
            match (&mut slot.inputs, kind) {
                (Inputs::Plain(to), InputKind::Plain(format)) => to.fill(x, x.len() / columns, columns, format),
                (Inputs::Int8(to), InputKind::Int8 { group }) => to.fill(isa, x, columns, group),
                (Inputs::Tables(to), InputKind::Tables { group }) => to.fill(isa, x, group),
                (Inputs::Triples(to), InputKind::Triples) => to.fill(isa, x),
                _ => unreachable!("a slot holds inputs of its kind"),
            }
            slot.is_fresh = true;
        }
        &slot.inputs
    }
}
