//! The web screens, the companion's in `desktop/ui` and the clinic's in `clinician-portal/web`: packages and build, only when their
//! sources changed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{
    machine,
    steps::{Steps, succeed},
};

/// Folders that are results, not sources.
const NOT_SOURCES: &[&str] = &["node_modules", "dist", "test-results", "coverage", ".vite"];

/// One set of screens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Which {
    /// As a person reads it after "building".
    pub(crate) name: &'static str,
    /// From the root of the repository.
    folder: &'static str,
    /// Folders besides its own whose sources go into it.
    shares: &'static [&'static str],
    /// Names its stamps.
    stamp: &'static str,
}

/// The companion's.
pub(crate) const COMPANION: Which =
    Which { name: "the companion's screens", folder: "desktop/ui", shares: &[], stamp: "screens" };

/// The clinic's; parts and words are shared with the companion's.
pub(crate) const PORTAL: Which = Which {
    name: "the portal's pages",
    folder: "clinician-portal/web",
    shares: &["desktop/ui/src", "clinician-portal/api"],
    stamp: "pages",
};

/// Screens to build, and the Node to build them with.
pub(crate) struct Screens {
    which: Which,
    folder: PathBuf,
    node: Option<PathBuf>,
}

impl Screens {
    /// Looks for a fitting Node, and brings one where there is none.
    pub(crate) fn find(root: &Path, which: Which, steps: &mut Steps) -> Result<Self> {
        Ok(Self { which, folder: root.join(which.folder), node: machine::ensure_node(steps)? })
    }

    /// Where the built pages are.
    pub(crate) fn built(&self) -> PathBuf {
        self.folder.join("dist")
    }

    /// Installs and builds what changed since the last time; says nothing when nothing did.
    pub(crate) fn build(&self, root: &Path, steps: &mut Steps) -> Result<()> {
        let stamps = root.join("target/stamps");
        fs::create_dir_all(&stamps)?;
        let locks = [self.folder.join("package.json"), self.folder.join("package-lock.json")];
        let installed = self.folder.join("node_modules/.package-lock.json");
        let lock_hash = hash_of(&self.folder, &locks)?;
        let Which { name, stamp, .. } = self.which;
        let npm_stamp = stamps.join(format!("{stamp}-npm"));
        if !installed.is_file() || !is_stamped(&npm_stamp, &lock_hash) {
            steps.step(&format!("packages of {name} (npm)"), || {
                succeed(&mut self.npm(&["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
            })?;
            fs::write(&npm_stamp, &lock_hash)?;
        }
        let mut all = sources(&self.folder)?;
        for folder in self.which.shares {
            all.append(&mut sources(&root.join(folder))?);
        }
        let source_hash = hash_of(root, &all)?;
        if !self.built().join("index.html").is_file() || !is_stamped(&stamps.join(stamp), &source_hash) {
            steps.step(&format!("building {name}"), || succeed(&mut self.npm(&["run", "--silent", "build"])))?;
            fs::write(stamps.join(stamp), &source_hash)?;
        }
        Ok(())
    }

    /// `npm` with these words, in the screens' folder, with the fitting Node.
    pub(crate) fn npm(&self, words: &[&str]) -> Command {
        let mut command = Command::new("npm");
        if let Some(node) = &self.node {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let paths = std::iter::once(node.clone()).chain(std::env::split_paths(&path));
            command.env("PATH", std::env::join_paths(paths).expect("folders that came from PATH fit into one"));
        }
        command.args(words).current_dir(&self.folder);
        command
    }
}

fn is_stamped(stamp: &Path, hash: &str) -> bool {
    fs::read_to_string(stamp).is_ok_and(|known| known == hash)
}

/// Every source file under `folder`, sorted.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut waiting) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(&next).with_context(|| next.display().to_string())? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !NOT_SOURCES.contains(&name.as_str()) {
                waiting.push(path);
            } else if path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn hash_of(folder: &Path, files: &[PathBuf]) -> Result<String> {
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(file.strip_prefix(folder).unwrap_or(file).to_string_lossy().as_bytes());
        let content = fs::read(file).with_context(|| file.display().to_string())?;
        hasher.update((content.len() as u64).to_le_bytes());
        hasher.update(content);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_or_new_source_changes_the_hash_and_a_result_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let now = || hash_of(dir.path(), &sources(dir.path()).unwrap()).unwrap();
        fs::write(dir.path().join("a.ts"), "1").unwrap();
        let first = now();
        fs::create_dir(dir.path().join("dist")).unwrap();
        fs::write(dir.path().join("dist/a.js"), "1").unwrap();
        assert_eq!(now(), first);
        fs::write(dir.path().join("b.ts"), "").unwrap();
        let second = now();
        assert_ne!(second, first);
        fs::write(dir.path().join("a.ts"), "2").unwrap();
        assert_ne!(now(), second);
    }
}
