//! What a look at a photo brings: findings, each with what found it and how sure it is.

use serde::{Deserialize, Serialize};

/// A part of the upright photo, as shares of its sides, 0..=1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// Left edge.
    pub left: f32,
    /// Upper edge.
    pub top: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl Region {
    /// From pixels of a picture of that size; what sticks out is cut off.
    pub(crate) fn of_px(left: f32, top: f32, right: f32, bottom: f32, (width, height): (u32, u32)) -> Self {
        let (w, h) = (width.max(1) as f32, height.max(1) as f32);
        let (left, top) = ((left / w).clamp(0.0, 1.0), (top / h).clamp(0.0, 1.0));
        let (right, bottom) = ((right / w).clamp(left, 1.0), (bottom / h).clamp(top, 1.0));
        Self { left, top, width: right - left, height: bottom - top }
    }

    /// Share of the photo it covers.
    pub fn area(&self) -> f32 {
        self.width * self.height
    }

    /// Intersection over union.
    pub fn overlap(&self, other: &Self) -> f32 {
        let width = (self.left + self.width).min(other.left + other.width) - self.left.max(other.left);
        let height = (self.top + self.height).min(other.top + other.height) - self.top.max(other.top);
        if width <= 0.0 || height <= 0.0 {
            return 0.0;
        }
        let both = width * height;
        both / (self.area() + other.area() - both)
    }
}

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A face good enough to tell people apart.
    Face,
    /// Words written in the photo.
    Text,
    /// A thing, an animal, a dish, a kind of place.
    Thing,
    /// A colour that stands out.
    Colour,
    /// A sentence about the whole photo.
    Caption,
}

/// What a finding says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// As it stands in the photo, in whatever language, a line each.
    AsWritten(String),
    /// One meaning, in both languages.
    Named {
        /// In English.
        en: String,
        /// In Chinese.
        zh: String,
    },
    /// What identifies a face; compared with [`crate::faces::distance`].
    Vector(Vec<f32>),
}

/// One thing a look at a photo brought. A suggestion: nobody has confirmed it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind.
    pub kind: FindingKind,
    /// What it says.
    pub content: Content,
    /// What found it, with its version, such as `pp-ocr/v5`.
    pub source: String,
    /// 0..=1.
    pub confidence: f32,
    /// Where, when it is not the whole photo.
    pub region: Option<Region>,
}
