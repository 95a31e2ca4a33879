//! What `run` was asked for.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// Which model the companion speaks with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ModelChoice {
    /// Nobody said: the default one, and on without any when it cannot be had.
    Unsaid,
    /// Template lines only.
    None,
    /// One of the manifest.
    Named(String),
    /// A GGUF file.
    File(PathBuf),
}

/// Which programs `run` starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Programs {
    /// Companion and portal.
    Both,
    /// The companion alone.
    Companion,
    /// The portal alone.
    Portal,
}

/// Options of `cargo xtask run`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RunOptions {
    /// What is started.
    pub(crate) programs: Programs,
    /// Start without the demo people.
    pub(crate) empty: bool,
    /// The model.
    pub(crate) model: ModelChoice,
    /// Where the data are kept, the portal's in `portal` below it; the companion's own choice when unsaid.
    pub(crate) data: Option<PathBuf>,
    /// The companion's port on 127.0.0.1; its own choice when unsaid.
    pub(crate) port: Option<u16>,
    /// The portal's port on 127.0.0.1.
    pub(crate) portal_port: u16,
}

impl RunOptions {
    pub(crate) fn parse(words: &[&str]) -> Result<Self> {
        let mut options = Self {
            programs: Programs::Both,
            empty: false,
            model: ModelChoice::Unsaid,
            data: None,
            port: None,
            portal_port: 4820,
        };
        let mut words = words.iter().flat_map(|word| match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => vec![name, value],
            _ => vec![*word],
        });
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{word} needs a value after it"));
            match word {
                "--empty" => options.empty = true,
                "--model" => {
                    options.model = match value()? {
                        "none" => ModelChoice::None,
                        name @ ("tiny" | "default") => ModelChoice::Named(name.into()),
                        path if PathBuf::from(path).is_file() => ModelChoice::File(path.into()),
                        other => {
                            bail!("--model {other}: no such file; use tiny, default, none, or the path of a GGUF file")
                        }
                    }
                }
                "--data" => options.data = Some(value()?.into()),
                "--port" => options.port = Some(port(word, value()?)?),
                "--portal-port" => options.portal_port = port(word, value()?)?,
                "--companion-only" | "--portal-only" if options.programs != Programs::Both => {
                    bail!("--companion-only and --portal-only shut each other out: leave one away")
                }
                "--companion-only" => options.programs = Programs::Companion,
                "--portal-only" => options.programs = Programs::Portal,
                _ => bail!(
                    "run does not know `{word}`; it takes --empty, --model, --data, --port, --portal-port, --companion-only and \
                     --portal-only"
                ),
            }
        }
        Ok(options)
    }
}

fn port(option: &str, text: &str) -> Result<u16> {
    text.parse().with_context(|| format!("{option} {text}: use a number from 0 to 65535"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_with_a_space_or_an_equals_sign() {
        let options = RunOptions::parse(&["--model", "tiny", "--port=8123", "--empty", "--data", "d"]).unwrap();
        assert_eq!(options.model, ModelChoice::Named("tiny".into()));
        assert_eq!((options.port, options.empty, options.data), (Some(8123), true, Some("d".into())));
        let unsaid = RunOptions::parse(&[]).unwrap();
        assert_eq!((unsaid.model, unsaid.programs), (ModelChoice::Unsaid, Programs::Both));
        assert_eq!(RunOptions::parse(&["--portal-only"]).unwrap().programs, Programs::Portal);
    }

    #[test]
    fn a_bad_option_is_named_with_the_remedy() {
        for (words, expected) in [
            (&["--port", "70000"][..], "0 to 65535"),
            (&["--model", "no/such.gguf"], "path of a GGUF file"),
            (&["--data"], "needs a value"),
            (&["--colour"], "--empty, --model"),
            (&["--portal-port", "x"], "0 to 65535"),
            (&["--portal-only", "--companion-only"], "leave one away"),
        ] {
            let message = format!("{:#}", RunOptions::parse(words).unwrap_err());
            assert!(message.contains(words[0]) && message.contains(expected), "{message}");
        }
    }
}
