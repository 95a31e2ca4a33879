//! What was the matter with a file, line by line, without ever quoting it.

/// Most diagnoses that are kept whole; the rest is counted. A file of gigabytes may be wrong in every line.
const KEPT: usize = 200;

/// Whether the record came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// It came in; something of it was left out.
    Warning,
    /// It was left out.
    Error,
}

/// What can be the matter with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Not JSON.
    NotJson,
    /// Not well-formed XML.
    NotXml,
    /// Not UTF-8.
    NotUtf8,
    /// Longer than any record can be.
    TooLong,
    /// The field is missing.
    Missing,
    /// The field is no moment.
    NotATime,
    /// The span ends before it starts, or lasts longer than a week.
    NotASpan,
    /// The field is no number.
    NotANumber,
    /// No body of a living person and no place on earth has that value.
    OutOfRange,
    /// The unit is not known.
    UnknownUnit,
    /// The kind of record is not known.
    UnknownKind,
    /// The rule of repetition is not one that is followed; the first time was kept.
    UnknownRule,
    /// The time zone is not known; the person's own was taken.
    UnknownZone,
    /// The file ends in the middle.
    CutOff,
}

impl Fault {
    /// Every fault, for tests of the strings that say them.
    pub const ALL: [Self; 14] = [
        Self::NotJson,
        Self::NotXml,
        Self::NotUtf8,
        Self::TooLong,
        Self::Missing,
        Self::NotATime,
        Self::NotASpan,
        Self::NotANumber,
        Self::OutOfRange,
        Self::UnknownUnit,
        Self::UnknownKind,
        Self::UnknownRule,
        Self::UnknownZone,
        Self::CutOff,
    ];

    /// A short id, such as `not-a-time`: what a sentence about it is filed under.
    pub const fn id(self) -> &'static str {
        match self {
            Self::NotJson => "not-json",
            Self::NotXml => "not-xml",
            Self::NotUtf8 => "not-utf8",
            Self::TooLong => "too-long",
            Self::Missing => "missing",
            Self::NotATime => "not-a-time",
            Self::NotASpan => "not-a-span",
            Self::NotANumber => "not-a-number",
            Self::OutOfRange => "out-of-range",
            Self::UnknownUnit => "unknown-unit",
            Self::UnknownKind => "unknown-kind",
            Self::UnknownRule => "unknown-rule",
            Self::UnknownZone => "unknown-zone",
            Self::CutOff => "cut-off",
        }
    }
}

/// What is the matter with one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Diagnostic {
    /// Line of the file, from 1; for XML and long JSON the line on which the element ends.
    pub line: u64,
    /// The field meant, or `record` for all of it.
    pub field: &'static str,
    /// What is wrong with it.
    pub fault: Fault,
    /// Did the record come in?
    pub severity: Severity,
}

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kept = match self.severity {
            Severity::Warning => "the rest of the record was kept",
            Severity::Error => "the record was left out",
        };
        write!(f, "line {}, {}: {}; {kept}", self.line, self.field, self.fault.id())
    }
}

/// Collects diagnoses as a file is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    /// The first 200.
    pub kept: Vec<Diagnostic>,
    /// How many more there were.
    pub more: u64,
}

impl Diagnostics {
    pub(crate) fn error(&mut self, line: u64, field: &'static str, fault: Fault) {
        self.add(Diagnostic { line, field, fault, severity: Severity::Error });
    }

    pub(crate) fn warn(&mut self, line: u64, field: &'static str, fault: Fault) {
        self.add(Diagnostic { line, field, fault, severity: Severity::Warning });
    }

    fn add(&mut self, diagnostic: Diagnostic) {
        if self.kept.len() < KEPT { self.kept.push(diagnostic) } else { self.more += 1 }
    }
}
