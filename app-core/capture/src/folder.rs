//! A folder of photos and notes becomes memories: files of the same name belong together.
//!
//! Where in the flow: the façade lists the folder and hands over names and bytes. What it must never do:
//! open files, or stop at one that cannot be read.

use std::collections::BTreeMap;

use jiff::civil::Date;
use reme_types::{Language, When};

use crate::{Draft, Known, Photo, draft_from_text, read_photo};

/// One file of the folder.
#[derive(Debug, Clone)]
pub struct FolderEntry {
    /// File name with extension, without directories.
    pub name: String,
    /// All its bytes.
    pub bytes: Vec<u8>,
}

/// A memory to be made.
#[derive(Debug, Clone)]
pub struct PlannedMemory {
    /// The common name of its files, without extension: the external id.
    pub name: String,
    /// The note, where there is one.
    pub draft: Option<Draft>,
    /// Photos by file name.
    pub photos: Vec<(String, Photo)>,
    /// When it happened: by the note, else by the first photo that knows.
    pub happened_at: Option<When>,
}

/// What the folder holds.
#[derive(Debug, Clone, Default)]
pub struct FolderPlan {
    /// In order of name.
    pub memories: Vec<PlannedMemory>,
    /// Files that were left out or lost a detail: file name, and what to do.
    pub problems: Vec<(String, String)>,
}

/// Pairs `market.txt` with `market.jpg`; a photo without a note stands alone.
pub fn plan_folder(files: &[FolderEntry], language: Language, today: Date, known: &Known) -> FolderPlan {
    let mut plan = FolderPlan::default();
    let mut groups: BTreeMap<String, PlannedMemory> = BTreeMap::new();
    let mut sorted: Vec<_> = files.iter().filter(|f| !f.name.starts_with('.')).collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    for file in sorted {
        let (stem, extension) = file.name.rsplit_once('.').unwrap_or((&file.name, ""));
        let content = if extension.eq_ignore_ascii_case("txt") {
            read_note(&file.bytes, language, today, known).map(Content::Note)
        } else {
            read_photo(&file.bytes, today).map(|p| Content::Photo(Box::new(p))).map_err(|e| e.to_string())
        };
        let content = match content {
            Ok(content) => content,
            Err(problem) => {
                plan.problems.push((file.name.clone(), problem));
                continue;
            }
        };
        let memory = groups.entry(stem.to_owned()).or_insert_with(|| PlannedMemory {
            name: stem.to_owned(),
            draft: None,
            photos: Vec::new(),
            happened_at: None,
        });
        match content {
            Content::Note(draft) => memory.draft = Some(draft),
            Content::Photo(photo) => {
                plan.problems.extend(photo.notes.iter().map(|note| (file.name.clone(), note.to_string())));
                memory.photos.push((file.name.clone(), *photo));
            }
        }
    }
    plan.memories = groups.into_values().collect();
    for memory in &mut plan.memories {
        let told = memory.draft.as_ref().and_then(|d| d.happened_at);
        memory.happened_at = told.or_else(|| memory.photos.iter().find_map(|(_, p)| p.taken_at));
    }
    plan
}

enum Content {
    Note(Draft),
    Photo(Box<Photo>),
}

fn read_note(bytes: &[u8], language: Language, today: Date, known: &Known) -> Result<Draft, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| "text: the file is not UTF-8; it was left out. Save it as UTF-8 and add it again".to_owned())?;
    draft_from_text(text.trim_start_matches('\u{feff}'), language, today, known).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, ImageFormat};
    use jiff::civil::date;
    use reme_types::Language;

    use super::{FolderEntry, plan_folder};
    use crate::Known;

    fn file(name: &str, bytes: &[u8]) -> FolderEntry {
        FolderEntry { name: name.into(), bytes: bytes.into() }
    }

    #[test]
    fn files_of_one_name_become_one_memory_and_bad_ones_are_named() {
        let mut png = std::io::Cursor::new(Vec::new());
        DynamicImage::new_rgb8(20, 10).write_to(&mut png, ImageFormat::Png).expect("encodes");
        let png = png.into_inner();
        let files = [
            file("pier.png", &png),
            file("pier.TXT", b"Yesterday we walked to the end of the pier."),
            file("alone.png", &png),
            file("broken.jpg", b""),
            file("list.txt", &[0xff, 0xfe, 0x00]),
            file(".DS_Store", b"x"),
        ];
        let plan = plan_folder(&files, Language::En, date(2026, 5, 14), &Known::default());
        assert_eq!(plan.memories.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["alone", "pier"]);
        let pier = &plan.memories[1];
        assert_eq!((pier.photos.len(), pier.happened_at.map(|w| w.to_string()).as_deref()), (1, Some("2026-05-13")));
        assert_eq!(plan.problems.iter().map(|p| p.0.as_str()).collect::<Vec<_>>(), ["broken.jpg", "list.txt"]);
    }
}
