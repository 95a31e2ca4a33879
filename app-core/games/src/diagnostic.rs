//! What is wrong with a template, for the person who wrote it.

use std::fmt;

use serde::Serialize;

/// Whether the template can still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It is not loaded.
    Error,
    /// It is loaded; somebody should look.
    Warning,
}

/// One fault, where it is, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// Path inside the template's folder.
    pub file: String,
    /// 1-based; 0 when the file as a whole is meant.
    pub line: u32,
    /// 1-based, in characters; 0 when the file as a whole is meant.
    pub column: u32,
    /// Error or warning.
    pub severity: Severity,
    /// The field or message at fault, such as `levels[2].set.stepz`.
    pub field: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub fix: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = if self.severity == Severity::Error { "error" } else { "warning" };
        write!(f, "{}:{}:{}: {severity}: ", self.file, self.line, self.column)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        write!(f, "{}. {}", self.message, self.fix)
    }
}
