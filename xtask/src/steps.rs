//! Steps shown as they happen: what each does, how long it took, and what to type when it fails.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// Prints numbered steps on standard error, so that standard output stays the runners' own.
pub(crate) struct Steps {
    number: usize,
    began: Instant,
}

impl Steps {
    #[allow(clippy::disallowed_methods, reason = "elapsed time for the person waiting is all this clock is for")]
    pub(crate) fn new() -> Self {
        Self { number: 0, began: Instant::now() }
    }

    /// Does one step, saying before what it does and after how long it took.
    #[allow(clippy::disallowed_methods, reason = "elapsed time for the person waiting is all this clock is for")]
    pub(crate) fn step<T>(&mut self, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.number += 1;
        eprintln!("[{}] {what} …", self.number);
        let began = Instant::now();
        let result = work();
        let mark = if result.is_ok() { "done" } else { "FAILED" };
        eprintln!("[{}] {mark} in {} ({} in all)", self.number, spoken(began.elapsed()), spoken(self.began.elapsed()));
        result
    }

    /// A line under the running step.
    pub(crate) fn note(text: &str) {
        eprintln!("      {text}");
    }
}

/// `4.2 s`, `3 min 07 s`.
pub(crate) fn spoken(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// Runs a command to its end; a failure names the line to type to see it again.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let line = line_to_type(command);
    let status = command.status().with_context(|| format!("could not start; type: {line}"))?;
    if !status.success() {
        bail!("this ended with {status}; to see it again type: {line}");
    }
    Ok(())
}

/// Cargo in the repository, as if typed there: what `cargo run` says about this tool's own package is taken away, since build
/// scripts look at it and would build again whatever a plain `cargo build` made.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command.current_dir(root);
    command
}

/// The command as a person would type it.
pub(crate) fn line_to_type(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ");
    match command.get_current_dir().and_then(|folder| folder.strip_prefix(crate::root()).ok()) {
        Some(folder) if !folder.as_os_str().is_empty() => format!("(cd {} && {line})", folder.display()),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_line_to_type() {
        let message = succeed(Command::new("false").current_dir(crate::root().join("xtask"))).unwrap_err().to_string();
        assert!(message.contains("(cd xtask && false)"), "{message}");
    }

    #[test]
    fn time_is_told_as_people_say_it() {
        assert_eq!(spoken(Duration::from_millis(4_200)), "4.2 s");
        assert_eq!(spoken(Duration::from_secs(187)), "3 min 07 s");
    }
}
