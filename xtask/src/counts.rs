//! Counting what runners passed and failed, from the closing lines they print themselves.

use std::{fmt, ops::AddAssign, process::ExitCode};

/// How many tests or checks passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl Counts {
    pub(crate) const ONE_PASSED: Self = Self { passed: 1, failed: 0 };
    pub(crate) const ONE_FAILED: Self = Self { passed: 0, failed: 1 };

    /// What one line of a runner's output adds. Known closing lines: libtest's `test result: …` and vitest's `Tests  …`.
    pub(crate) fn of_line(line: &str) -> Self {
        let line = without_colour(line);
        let line = line.trim();
        let Some(rest) = line.strip_prefix("test result: ").or_else(|| line.strip_prefix("Tests ")) else {
            return Self::default();
        };
        let words: Vec<&str> =
            rest.split(|c: char| c.is_whitespace() || c == ';' || c == '|').filter(|word| !word.is_empty()).collect();
        let before = |label: &str| {
            let at = words.iter().position(|word| *word == label)?;
            words.get(at.checked_sub(1)?)?.parse().ok()
        };
        Self { passed: before("passed").unwrap_or(0), failed: before("failed").unwrap_or(0) }
    }

    /// Prints the closing line alone on standard output; the exit code says the same.
    pub(crate) fn report(self) -> ExitCode {
        println!("{self}");
        if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' => drop(letters.by_ref().find(|c| c.is_ascii_alphabetic())),
            _ => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_both_runners_are_read() {
        for (line, passed, failed) in [
            ("test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.05s", 12, 0),
            ("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.05s", 3, 2),
            ("      Tests  11 passed (11)", 11, 0),
            ("      Tests  1 failed | 11 passed | 2 skipped (14)", 11, 1),
            (
                "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m7 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (7)\u{1b}[39m",
                7,
                0,
            ),
            (" Test Files  1 failed | 2 passed (3)", 0, 0),
            ("test session::resumes ... ok", 0, 0),
            ("3 passed", 0, 0),
        ] {
            assert_eq!(Counts::of_line(line), Counts { passed, failed }, "{line}");
        }
    }

    #[test]
    fn the_closing_line_is_plain() {
        let mut sum = Counts::ONE_PASSED;
        sum += Counts { passed: 3, failed: 1 };
        assert_eq!(sum.to_string(), "4 passed, 1 failed");
    }
}
