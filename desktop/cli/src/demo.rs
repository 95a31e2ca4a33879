//! The demo people: laid once into an empty data folder, with dates counted back from that day.
//!
//! Each subfolder with a `patient.json` is one person: `people.jsonl`, `places.jsonl` and `memories.jsonl` in the form of an
//! export, photos beside them. `happened_at` and `recorded_at` may be written as `-3d`, `-3dT14:00`, `-2w`, `-4m` (that month)
//! or `-2y` (that year), counted back from the first start.
//!
//! `DATA/demo.json` remembers that day and whether all was laid. What this must never do: add demo people beside real ones, or a
//! second time after they were erased; a start that was killed half-way is finished by the next.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use reme::{Companion, Household};
use reme_types::{Patient, When};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::memory::file_inside;

/// What is remembered of the laying.
#[derive(Debug, Serialize, Deserialize)]
struct Laying {
    began_at: Timestamp,
    done: bool,
}

#[derive(Debug, Deserialize)]
struct Profile {
    slug: String,
    name: String,
    language: String,
    time_zone: String,
    born_on: Option<Date>,
}

/// Lays the people of `demo` into the household, if that is still to be done; returns how many. `tell` is told what was left
/// out, by file and line, never in the people's words.
pub(crate) fn lay(
    household: &Household,
    data: &Path,
    demo: &Path,
    now: Timestamp,
    tell: &mut dyn FnMut(&str),
) -> anyhow::Result<usize> {
    let state = data.join("demo.json");
    let began_at = match read_state(&state)? {
        Some(Laying { done: true, .. }) => return Ok(0),
        Some(Laying { began_at, .. }) => began_at,
        None if !household.slugs()?.is_empty() => return Ok(0),
        None => {
            fs::create_dir_all(data).with_context(|| format!("{} could not be made", data.display()))?;
            write_state(&state, &Laying { began_at: now, done: false })?;
            now
        }
    };
    let folders = people_in(demo)?;
    for folder in &folders {
        lay_person(household, folder, began_at, tell).with_context(|| folder.display().to_string())?;
    }
    write_state(&state, &Laying { began_at, done: true })?;
    Ok(folders.len())
}

fn people_in(demo: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(demo).with_context(|| {
        format!("--demo {}: could not be read; give the folder of the demo people, or leave --demo out", demo.display())
    })?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|folder| folder.join("patient.json").is_file())
        .collect();
    folders.sort();
    Ok(folders)
}

fn lay_person(
    household: &Household,
    folder: &Path,
    began_at: Timestamp,
    tell: &mut dyn FnMut(&str),
) -> anyhow::Result<()> {
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let profile: Profile = serde_json::from_str(&text("patient.json")).context("patient.json")?;
    let patient = Patient {
        name: profile.name,
        language: profile.language.parse().context("patient.json, language")?,
        time_zone: profile.time_zone,
        born_on: profile.born_on,
    };
    let zone = TimeZone::get(&patient.time_zone).context("patient.json, time_zone")?;
    let slug = profile.slug;
    // A start that was killed has perhaps made the store, and some of its memories, already.
    let mut companion = if household.slugs()?.contains(&slug) {
        household.open(Some(&slug))?
    } else {
        household.add_as(&slug, &patient)?
    };
    companion.mark_as_demo()?;
    fill(&mut companion, folder, began_at, &zone, tell, &text)
}

fn fill(
    companion: &mut Companion,
    folder: &Path,
    began_at: Timestamp,
    zone: &TimeZone,
    tell: &mut dyn FnMut(&str),
    text: &dyn Fn(&str) -> String,
) -> anyhow::Result<()> {
    let mut problems = companion.import_people(&text("people.jsonl"))?;
    problems.extend(companion.import_places(&text("places.jsonl"))?);
    let first_start = began_at.to_zoned_datetime(zone.clone()).datetime();
    let lines = with_dates(&text("memories.jsonl"), When::Minute(first_start));
    let report = companion.import(&lines, &|name| file_inside(folder, name))?;
    problems.extend(report.problems);
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    problems.iter().for_each(|problem| tell(&format!("{name}: {problem}")));
    Ok(())
}

/// The lines with their dates counted back from the first start; a line that is no JSON stays, and is told of by the import.
fn with_dates(lines: &str, first_start: When) -> String {
    let mut out = String::new();
    for line in lines.lines() {
        match serde_json::from_str::<Value>(line) {
            Ok(Value::Object(mut row)) => {
                row.entry("recorded_at").or_insert_with(|| first_start.to_string().into());
                for field in ["happened_at", "recorded_at"] {
                    let counted =
                        row.get(field).and_then(Value::as_str).and_then(|text| counted_back(text, first_start));
                    if let Some(when) = counted {
                        row.insert(field.to_owned(), when.to_string().into());
                    }
                }
                out.push_str(&Value::Object(row).to_string());
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// `-3d`, `-3dT14:00`, `-2w`, `-4m`, `-2y`; `None` for anything else.
fn counted_back(text: &str, first_start: When) -> Option<When> {
    let (span, time) = match text.strip_prefix('-')?.split_once('T') {
        Some((span, time)) => (span, Some(time)),
        None => (text.strip_prefix('-')?, None),
    };
    let unit = span.chars().next_back()?;
    let number: i64 = span[..span.len() - unit.len_utf8()].parse().ok().filter(|n| (0..=10_000).contains(n))?;
    let today = first_start.first_day();
    let back = match unit {
        'd' => Span::new().try_days(number),
        'w' => Span::new().try_weeks(number),
        'm' => Span::new().try_months(number),
        'y' => Span::new().try_years(number),
        _ => return None,
    };
    let day = today.checked_sub(back.ok()?).ok()?;
    match (unit, time) {
        ('d' | 'w', Some(time)) => format!("{day}T{time}").parse().ok(),
        (_, Some(_)) => None,
        ('m', None) => Some(When::Month(day.year(), day.month())),
        ('y', None) => Some(When::Year(day.year())),
        (_, None) => Some(When::Day(day)),
    }
}

fn read_state(path: &Path) -> anyhow::Result<Option<Laying>> {
    match fs::read_to_string(path) {
        Ok(text) => match serde_json::from_str(&text) {
            Ok(state) => Ok(Some(state)),
            Err(_) => bail!("{} cannot be read; remove it, or start without --demo", path.display()),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| path.display().to_string()),
    }
}

fn write_state(path: &Path, state: &Laying) -> anyhow::Result<()> {
    let partial = path.with_extension("part");
    let written = fs::write(&partial, serde_json::to_vec(state)?).and_then(|()| fs::rename(&partial, path));
    written.with_context(|| format!("{} could not be written", path.display()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use reme::FileKeyStore;
    use reme_types::FixedClock;

    use super::*;

    const NOW: &str = "2026-05-04T22:30:00Z";

    fn household(data: &Path) -> Household {
        let clock = FixedClock { now: NOW.parse().unwrap(), time_zone: TimeZone::UTC };
        let keys = FileKeyStore::new(data.join("keys"));
        Household::new(data.join("patients"), Box::new(keys), Arc::new(clock))
    }

    fn demo(folder: &Path, slugs: &[&str]) {
        for slug in slugs {
            let own = folder.join(slug);
            fs::create_dir_all(&own).unwrap();
            let profile = format!(
                "{{\"slug\":\"{slug}\",\"name\":\"Ada\",\"language\":\"en\",\"time_zone\":\"Pacific/Auckland\",\"born_on\":\"1948-02-27\"}}"
            );
            fs::write(own.join("patient.json"), profile).unwrap();
            fs::write(own.join("people.jsonl"), "{\"name\":\"Joan\",\"relation\":\"sister\",\"aliases\":[]}\n")
                .unwrap();
            let line = |id: &str, when: &str| {
                format!(
                    "{{\"id\":\"{id}\",\"kind\":\"episode\",\"happened_at\":\"{when}\",\"recorded_at\":\"-1dT09:00\",\"text\":\"A swim with Joan.\",\"people\":[\"Joan\"],\"place\":null,\"tags\":[],\"source\":\"patient\"}}\n"
                )
            };
            fs::write(own.join("memories.jsonl"), line("a", "-3dT14:00") + &line("b", "-2y") + "{broken\n").unwrap();
        }
        fs::create_dir_all(folder.join("tools")).unwrap();
    }

    fn lay_all(data: &Path, demo: &Path) -> (usize, Vec<String>) {
        let mut told = Vec::new();
        let laid = lay(&household(data), data, demo, NOW.parse().unwrap(), &mut |t| told.push(t.to_owned())).unwrap();
        (laid, told)
    }

    #[test]
    fn dates_are_counted_back_from_the_first_start() {
        let start = "2026-03-31T10:00".parse().unwrap();
        for (text, expected) in [
            ("-0d", Some("2026-03-31")),
            ("-3d", Some("2026-03-28")),
            ("-41dT12:30", Some("2026-02-18T12:30")),
            ("-2w", Some("2026-03-17")),
            ("-1m", Some("2026-02")),
            ("-2y", Some("2024")),
            ("-2yT10:00", None),
            ("-3dT25:00", None),
            ("-d", None),
            ("-3日", None),
            ("-99999d", None),
            ("2024-05-02", None),
            ("", None),
        ] {
            assert_eq!(counted_back(text, start).map(|w| w.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn people_are_laid_once_with_their_own_days_and_faults_are_told_by_line() {
        let (data, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        demo(from.path(), &["one", "two"]);
        let (laid, told) = lay_all(data.path(), from.path());
        assert_eq!(laid, 2);
        assert!(told.len() == 2 && told[0].starts_with("one: line 3"), "{told:?}");
        let home = household(data.path());
        let companion = home.open(Some("one")).unwrap();
        let days: Vec<_> = companion.memories().unwrap().into_iter().filter_map(|m| m.happened_at).collect();
        // It is the fifth in Auckland already.
        assert_eq!(days, ["2026-05-02T14:00", "2024"]);
        let profile = companion.profile().unwrap();
        assert!(profile.demo && profile.memories == 2);
        drop(companion);
        home.erase(Some("one"), "Ada").unwrap();
        assert_eq!(lay_all(data.path(), from.path()).0, 0, "who was erased does not come back");
        assert_eq!(home.slugs().unwrap(), ["two"]);
    }

    #[test]
    fn a_folder_with_people_of_its_own_gets_none_and_a_killed_start_is_finished() {
        let (data, from) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        demo(from.path(), &["one", "two"]);
        let real = Patient {
            name: "Hedda".into(),
            language: reme_types::Language::En,
            time_zone: "Europe/Oslo".into(),
            born_on: None,
        };
        drop(household(data.path()).add(&real).unwrap());
        assert_eq!(lay_all(data.path(), from.path()).0, 0);
        assert!(!data.path().join("demo.json").exists());

        let killed = tempfile::tempdir().unwrap();
        lay_person(&household(killed.path()), &from.path().join("one"), NOW.parse().unwrap(), &mut |_| {}).unwrap();
        write_state(&killed.path().join("demo.json"), &Laying { began_at: NOW.parse().unwrap(), done: false }).unwrap();
        assert_eq!(lay_all(killed.path(), from.path()).0, 2);
        let home = household(killed.path());
        for slug in ["one", "two"] {
            assert_eq!(home.open(Some(slug)).unwrap().memories().unwrap().len(), 2);
        }
    }
}
