//! Errors as a screen shows them: a stable code, the field at fault, and a sentence in the reader's language.
//!
//! Where in the flow: the edge of the façade; `reme serve` and other shells turn every error into an [`ErrorDto`] here.
//! What it must never do: quote what somebody wrote, or name a way out that the screen does not have.

use reme_capture::{DateFault, PhotoError, PhotoNote, TEXT_MAX_CHARS, TextError};
use reme_store::StoreError;
use reme_types::Language;

use crate::{
    dto::ErrorDto,
    household::ReMeError,
    strings::{Arg, say},
};

impl ReMeError {
    /// `invalid`, `not-found`, `conflict`, `too-large`, `unsupported`, `locked`, `storage` or `internal`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Text(TextError::TooLong { .. }) | Self::Photo(PhotoError::TooLarge { .. }) => "too-large",
            Self::Photo(PhotoError::Unsupported { .. } | PhotoError::Unknown) => "unsupported",
            Self::Text(TextError::Empty) | Self::Photo(_) => "invalid",
            Self::Invalid { problem: crate::Problem::KeyMissing { .. }, .. } => "locked",
            Self::Invalid { .. } => "invalid",
            Self::Conflict(_) | Self::Blocked(_) => "conflict",
            Self::NoPatient(_) => "not-found",
        }
    }

    /// The field at fault, where one is.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Store(StoreError::Invalid { field, .. } | StoreError::TooLarge { field, .. }) => Some(field),
            Self::Text(_) => Some("text"),
            Self::Photo(_) => Some("file"),
            Self::Invalid { field, .. } => Some(field),
            Self::Conflict(conflict) => conflict.field(),
            Self::Store(_) | Self::Blocked(_) | Self::NoPatient(_) => None,
        }
    }

    /// What happened, what was kept, what to do.
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Self::Store(error) => of_store(error, language),
            Self::Text(TextError::Empty) => say(language, "text-empty", &[]),
            Self::Text(TextError::TooLong { chars }) => {
                say(language, "text-too-long", &[number("chars", *chars as u64), number("most", TEXT_MAX_CHARS as u64)])
            }
            Self::Photo(error) => of_photo(error, language),
            Self::Invalid { field, problem } => {
                say(language, "invalid", &[("field", (*field).into()), ("problem", problem.in_words(language).into())])
            }
            Self::Conflict(conflict) => conflict.in_words(language),
            Self::Blocked(blocked) => blocked.in_words(language),
            Self::NoPatient(_) => say(language, "no-patient", &[]),
        }
    }

    /// All of it.
    pub fn to_dto(&self, language: Language) -> ErrorDto {
        ErrorDto {
            code: self.code().to_owned(),
            field: self.field().map(str::to_owned),
            message: self.in_words(language),
        }
    }
}

fn number(name: &'static str, n: u64) -> Arg<'static> {
    (name, (n as f64).into())
}

fn of_store(error: &StoreError, language: Language) -> String {
    let at = |path: &std::path::Path| -> [Arg<'static>; 1] { [("path", path.display().to_string().into())] };
    match error {
        StoreError::InUse(_) => say(language, "store-in-use", &[]),
        StoreError::Exists(path) => say(language, "store-exists", &at(path)),
        StoreError::Missing(path) => say(language, "store-missing", &at(path)),
        StoreError::WrongKey(path) => say(language, "store-wrong-key", &at(path)),
        StoreError::Damaged { path, .. } => say(language, "store-damaged", &at(path)),
        StoreError::Newer(_) => say(language, "store-newer", &[]),
        StoreError::DiskFull => say(language, "store-disk-full", &[]),
        StoreError::ReadOnly(path) => say(language, "store-read-only", &at(path)),
        StoreError::NotFound { what, .. } => {
            let id = match *what {
                "memory" => "not-found-memory",
                "person" => "not-found-person",
                "session" => "not-found-session",
                "suggestion" => "not-found-suggestion",
                "face group" | "face" => "not-found-face",
                _ => "not-found-photo",
            };
            say(language, id, &[])
        }
        StoreError::AlreadyResolved(_) => say(language, "store-already-resolved", &[]),
        StoreError::Invalid { field: "text", .. } => say(language, "text-empty", &[]),
        StoreError::Invalid { field, .. } => {
            let problem = say(language, "problem-time", &[]);
            say(language, "invalid", &[("field", (*field).into()), ("problem", problem.into())])
        }
        StoreError::TooLarge { field, size_bytes, limit_bytes } => say(
            language,
            "store-too-large",
            &[("field", (*field).into()), number("size", *size_bytes), number("limit", *limit_bytes)],
        ),
        StoreError::DamagedMedia(_) => say(language, "store-damaged-media", &[]),
        StoreError::KeyFile { path, .. } => say(language, "store-key-file", &at(path)),
        StoreError::Io { path, source } => say(
            language,
            "store-io",
            &[("path", path.display().to_string().into()), ("reason", source.to_string().into())],
        ),
        StoreError::Database(_) => say(language, "store-database", &[]),
    }
}

fn of_photo(error: &PhotoError, language: Language) -> String {
    match error {
        PhotoError::Empty => say(language, "photo-empty", &[]),
        PhotoError::Unsupported { found, .. } => say(language, "photo-unsupported", &[("found", (*found).into())]),
        PhotoError::Unknown => say(language, "photo-unknown", &[]),
        PhotoError::TooLarge { width, height } => {
            say(language, "photo-too-large", &[number("width", (*width).into()), number("height", (*height).into())])
        }
        PhotoError::Damaged { found, .. } => say(language, "photo-damaged", &[("found", (*found).into())]),
        PhotoError::Encode(_) => say(language, "photo-encode", &[]),
    }
}

/// What was left out of a photo, in words.
pub(crate) fn photo_note(note: &PhotoNote, language: Language) -> String {
    match note {
        PhotoNote::Date { text, fault } => {
            let id = match fault {
                DateFault::Unreadable => "photo-date-unreadable",
                DateFault::NoSuchDay => "photo-date-no-such-day",
                DateFault::Future => "photo-date-future",
                DateFault::BeforePhotography => "photo-date-too-old",
            };
            say(language, id, &[("date", text.as_str().into())])
        }
        PhotoNote::Position => say(language, "photo-position", &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Conflict, FactFault, Problem};

    fn every_error() -> Vec<ReMeError> {
        let path = || std::path::PathBuf::from("p");
        let io = || std::io::Error::other("why");
        let image = || image_error(io());
        let stores = [
            StoreError::InUse(path()),
            StoreError::Exists(path()),
            StoreError::Missing(path()),
            StoreError::WrongKey(path()),
            StoreError::Damaged { path: path(), detail: "d".into() },
            StoreError::Newer(path()),
            StoreError::DiskFull,
            StoreError::ReadOnly(path()),
            StoreError::NotFound { what: "memory", id: "i".into() },
            StoreError::NotFound { what: "person", id: "i".into() },
            StoreError::NotFound { what: "session", id: "i".into() },
            StoreError::NotFound { what: "photo or recording", id: "i".into() },
            StoreError::NotFound { what: "suggestion", id: "i".into() },
            StoreError::NotFound { what: "face group", id: "i".into() },
            StoreError::AlreadyResolved(reme_types::SuggestionId::from_uuid(uuid::Uuid::nil())),
            StoreError::Invalid { field: "happened_at", problem: "p".into() },
            StoreError::TooLarge { field: "text", size_bytes: 2, limit_bytes: 1 },
            StoreError::DamagedMedia("m".into()),
            StoreError::KeyFile { path: path(), problem: "p".into() },
            StoreError::Io { path: path(), source: io() },
            StoreError::Database("d".into()),
        ];
        let photos = [
            PhotoError::Empty,
            PhotoError::Unsupported { found: "GIF", advice: "a" },
            PhotoError::Unknown,
            PhotoError::TooLarge { width: 2, height: 1 },
            PhotoError::Damaged { found: "PNG", source: image() },
            PhotoError::Encode(image()),
        ];
        let problems = [
            Problem::Length { most: 80 },
            Problem::TooMany { most: 20 },
            Problem::Zone { zone: "Moon".into() },
            Problem::Choice { allowed: "a, b".into() },
            Problem::Range { low: 1, high: 7 },
            Problem::Time,
            Problem::AfterToday { today: jiff::civil::date(2026, 5, 4) },
            Problem::Id,
            Problem::NoPhoto,
            Problem::Fact { number: 2, fault: FactFault::Kind },
            Problem::Fact { number: 2, fault: FactFault::Question },
            Problem::Fact { number: 2, fault: FactFault::Answer },
            Problem::Fact { number: 2, fault: FactFault::HoldsAnswer },
            Problem::NotTheName,
            Problem::KeyMissing { place: "file" },
            Problem::NoGame,
            Problem::UnknownGame { game: "g".into() },
            Problem::Levels { game: "g".into(), levels: 5 },
            Problem::NoConsent,
        ];
        let conflicts = [
            Conflict::SameName,
            Conflict::InBin,
            Conflict::PlanChanged,
            Conflict::NameTheGroup,
            Conflict::Forgotten,
            Conflict::TwoPeople,
        ];
        stores
            .into_iter()
            .map(ReMeError::Store)
            .chain([TextError::Empty, TextError::TooLong { chars: 9 }].map(ReMeError::Text))
            .chain(photos.map(ReMeError::Photo))
            .chain(problems.map(|problem| ReMeError::Invalid { field: "name", problem }))
            .chain(conflicts.map(ReMeError::Conflict))
            .chain([ReMeError::NoPatient("n".into())])
            .collect()
    }

    fn image_error(source: std::io::Error) -> image::ImageError {
        image::ImageError::IoError(source)
    }

    #[test]
    fn every_error_is_said_in_both_languages_and_names_its_field() {
        for error in every_error() {
            let [en, zh] = Language::ALL.map(|language| error.to_dto(language));
            assert!(en.message.contains(' ') && en.message.ends_with('.'), "{error:?}: {}", en.message);
            assert!(zh.message.ends_with('。') && Language::detect(&zh.message) == Language::ZhCn, "{}", zh.message);
            assert!(!en.message.contains("{ $") && !zh.message.contains("{ $"), "{} {}", en.message, zh.message);
            if let ReMeError::Invalid { field, .. } = &error {
                assert!(en.message.contains(field) && zh.message.contains(field));
            }
        }
    }

    #[test]
    fn what_was_left_out_of_a_photo_is_said_in_both_languages() {
        use DateFault::{BeforePhotography, Future, NoSuchDay, Unreadable};
        for fault in [Unreadable, NoSuchDay, Future, BeforePhotography] {
            let note = PhotoNote::Date { text: "2099:01:01".into(), fault };
            for language in Language::ALL {
                assert!(photo_note(&note, language).contains("2099:01:01"));
            }
        }
        assert!(photo_note(&PhotoNote::Position, Language::En).contains("position"));
    }
}
