//! House rules as code. Each rule looks at every file git knows and tells each place that breaks it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::counts::Counts;

/// No file of ours is longer, tests included.
const LINES_AT_MOST: usize = 800;

/// Crates of the core, which build with no network stack (invariant 1).
const CORE: &[&str] = &[
    "reme-types",
    "reme-lexicon",
    "reme-capture",
    "reme-sensing",
    "reme-speech",
    "reme-vision",
    "reme-embedding",
    "reme-store",
    "reme-retrieval",
    "reme-games",
    "reme-conversation",
    "reme-lm-kernels",
    "reme-lm",
    "reme-assessment",
    "reme-sync-protocol",
    "reme",
];

/// Crates that open sockets or speak a network protocol.
const NETWORK: &[&str] = &[
    "hyper",
    "reqwest",
    "ureq",
    "axum",
    "tokio",
    "mio",
    "socket2",
    "async-std",
    "smol",
    "isahc",
    "curl",
    "native-tls",
    "rustls",
    "quinn",
    "tungstenite",
    "tonic",
    "h2",
];

/// The only crates that may name a database (invariant 1): the device's store, and the clinic's portal.
const SQLITE_CRATES: [&str; 2] = ["reme-store", "reme-portal"];
/// The only folder that may hold hand-written `unsafe` (invariant 3).
const UNSAFE_FOLDER: &str = "app-core/lm-kernels/";

/// Projects outside the workspace that call llama.cpp's C functions, to record what it says and to measure beside it; nothing of
/// ours links them.
const PEER_PROJECTS: [&str; 2] = ["app-core/lm/reference/", "app-core/lm/bench/"];

struct SourceFile {
    path: String,
    text: String,
}

/// Checks every rule; each counts as one, and every place that breaks it is printed.
pub(crate) fn tidy(root: &Path) -> Result<Counts> {
    let files = sources(root)?;
    let metadata = metadata(root)?;
    let rules: [(&str, Vec<String>); 6] = [
        ("files are at most 800 lines", too_long(&files)),
        ("no registry host and no path of one machine is written down", machine_bound(&files)),
        ("hand-written unsafe is in lm-kernels only", unsafe_outside(&files)),
        ("only store and portal name a database", sqlite_outside(&metadata)),
        ("the core links no network crate", network_in_core(&metadata)),
        ("every crate begins by saying what it is", silent_crates(&metadata, root)),
    ];
    let mut counts = Counts::default();
    for (rule, faults) in rules {
        counts += if faults.is_empty() { Counts::ONE_PASSED } else { Counts::ONE_FAILED };
        eprintln!("{} {rule}", if faults.is_empty() { "ok    " } else { "BROKEN" });
        faults.iter().for_each(|fault| eprintln!("         {fault}"));
    }
    Ok(counts)
}

/// Text files git tracks or would track, without lock files (made by tools) and this file (it must name what it forbids).
fn sources(root: &Path) -> Result<Vec<SourceFile>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output();
    let paths: Vec<String> = match output {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout)
            .split('\0')
            .filter(|path| !path.is_empty())
            .map(str::to_owned)
            .collect(),
        _ => bail!("the files could not be listed; type: git ls-files"),
    };
    let ours = |path: &String| !path.ends_with(".lock") && !path.ends_with("-lock.json") && path != "xtask/src/tidy.rs";
    Ok(paths
        .into_iter()
        .filter(ours)
        .filter_map(|path| fs::read_to_string(root.join(&path)).ok().map(|text| SourceFile { path, text }))
        .collect())
}

fn too_long(files: &[SourceFile]) -> Vec<String> {
    // Data, and what a tool made: of the portal's OpenAPI snapshot, of the companion's types.
    let is_made = |path: &str| {
        [".jsonl", ".json", "LICENSE", "/wordnet.en.txt", "/api/schema.ts", "/bindings/dto.ts"]
            .iter()
            .any(|end| path.ends_with(end))
    };
    let long = files.iter().filter(|file| !is_made(&file.path)).map(|file| (file, file.text.lines().count()));
    long.filter(|&(_, lines)| lines > LINES_AT_MOST)
        .map(|(file, lines)| format!("{}: {lines} lines", file.path))
        .collect()
}

fn machine_bound(files: &[SourceFile]) -> Vec<String> {
    const FORBIDDEN: &[&str] = &[
        "pypi.org",
        "pythonhosted.org",
        "registry.npmjs.org",
        "crates.io/api",
        "static.crates.io",
        "index.crates.io",
        "/root/",
        "/work/",
        "--index-url",
        "registry=",
    ];
    let mut faults = Vec::new();
    for file in files {
        for (number, line) in file.text.lines().enumerate() {
            // A web route or a folder inside the tree may end in such words; a path of a machine begins with them.
            let hit = FORBIDDEN.iter().find(|word| {
                line.match_indices(**word).any(|(at, _)| {
                    !word.starts_with('/') || !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}".contains(c))
                })
            });
            faults.extend(hit.map(|word| format!("{}:{}: `{word}`", file.path, number + 1)));
        }
    }
    faults
}

fn unsafe_outside(files: &[SourceFile]) -> Vec<String> {
    let allowed =
        |path: &str| path.starts_with(UNSAFE_FOLDER) || PEER_PROJECTS.iter().any(|folder| path.starts_with(folder));
    let outside = |file: &&SourceFile| file.path.ends_with(".rs") && !allowed(&file.path);
    let mut faults = Vec::new();
    for file in files.iter().filter(outside) {
        for (number, line) in file.text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern", "allow(unsafe_code"]
                .iter()
                .any(|word| code.contains(word))
            {
                faults.push(format!("{}:{}", file.path, number + 1));
            }
        }
    }
    faults
}

fn metadata(root: &Path) -> Result<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--quiet"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        bail!("{}; to see it again type: cargo metadata", String::from_utf8_lossy(&output.stderr).trim());
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata did not answer in JSON")
}

fn members(metadata: &Value) -> impl Iterator<Item = &Value> {
    let ids = metadata["workspace_members"].as_array();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages.filter(move |package| ids.is_some_and(|ids| ids.contains(&package["id"])))
}

fn sqlite_outside(metadata: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for package in members(metadata).filter(|package| !SQLITE_CRATES.iter().any(|name| package["name"] == *name)) {
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            if dependency["name"].as_str().is_some_and(|name| name.contains("sqlite") || name.starts_with("sqlx")) {
                faults.push(format!("{} names {}", package["name"], dependency["name"]));
            }
        }
    }
    faults
}

/// Walks the resolved graph from each core crate over ordinary and build dependencies (tests may use what they like).
fn network_in_core(metadata: &Value) -> Vec<String> {
    let nodes = || metadata["resolve"]["nodes"].as_array().into_iter().flatten();
    let name_of = |id: &Value| {
        let package = metadata["packages"].as_array().into_iter().flatten().find(|package| package["id"] == *id);
        package.and_then(|package| package["name"].as_str()).unwrap_or_default().to_owned()
    };
    let mut faults = Vec::new();
    for package in members(metadata).filter(|package| package["name"].as_str().is_some_and(|name| CORE.contains(&name)))
    {
        let (mut seen, mut waiting) = (vec![package["id"].clone()], vec![package["id"].clone()]);
        while let Some(next) = waiting.pop() {
            let Some(node) = nodes().find(|node| node["id"] == next) else { continue };
            for dependency in node["deps"].as_array().into_iter().flatten() {
                let kinds = dependency["dep_kinds"].as_array().into_iter().flatten();
                let linked = kinds.into_iter().any(|kind| kind["kind"].is_null());
                let id = &dependency["pkg"];
                if !linked || seen.contains(id) {
                    continue;
                }
                let name = name_of(id);
                if NETWORK.contains(&name.as_str()) {
                    faults.push(format!("{} reaches {name} through {}", package["name"], name_of(&next)));
                }
                seen.push(id.clone());
                waiting.push(id.clone());
            }
        }
    }
    faults
}

fn silent_crates(metadata: &Value, root: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    for package in members(metadata) {
        for target in package["targets"].as_array().into_iter().flatten() {
            let kinds = target["kind"].as_array().into_iter().flatten();
            let is_product = kinds.into_iter().any(|kind| kind == "lib" || kind == "bin");
            let path = PathBuf::from(target["src_path"].as_str().unwrap_or_default());
            if is_product && !fs::read_to_string(&path).is_ok_and(|text| text.starts_with("//!")) {
                faults
                    .push(format!("{} does not begin with `//!`", path.strip_prefix(root).unwrap_or(&path).display()));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.into(), text: text.into() }
    }

    #[test]
    fn a_file_of_801_lines_is_told_and_one_of_800_is_not() {
        let files =
            [file("a.rs", &"x\n".repeat(800)), file("b.rs", &"x\n".repeat(801)), file("c.jsonl", &"{}\n".repeat(900))];
        assert_eq!(too_long(&files), ["b.rs: 801 lines"]);
    }

    #[test]
    fn paths_of_a_machine_and_registry_hosts_are_told_by_line() {
        let files = [
            file("a.md", "fine\ncp /root/x y\nsee /api/work/list and docs/work/x"),
            file("b.toml", "url = \"https://pypi.org/simple\""),
        ];
        assert_eq!(machine_bound(&files), ["a.md:2: `/root/`", "b.toml:1: `pypi.org`"]);
    }

    #[test]
    fn unsafe_is_told_outside_the_kernels_and_not_in_comments() {
        let code = "// unsafe { }\nlet x = unsafe { y };";
        assert_eq!(
            unsafe_outside(&[file("app-core/lm/src/a.rs", code), file("app-core/lm-kernels/src/a.rs", code)]),
            ["app-core/lm/src/a.rs:2"]
        );
    }

    #[test]
    fn a_network_crate_is_found_deep_below_the_core_and_not_in_its_tests() {
        let dependency = |id: &str, kind: Value| json!({"pkg": id, "dep_kinds": [{"kind": kind}]});
        let graph = |last_kind: Value| {
            json!({
                "workspace_members": ["games"],
                "packages": [
                    {"id": "games", "name": "reme-games"}, {"id": "middle", "name": "middle"}, {"id": "hyper", "name": "hyper"}
                ],
                "resolve": {"nodes": [
                    {"id": "games", "deps": [dependency("middle", Value::Null)]},
                    {"id": "middle", "deps": [dependency("hyper", last_kind)]},
                    {"id": "hyper", "deps": []}
                ]}
            })
        };
        assert_eq!(network_in_core(&graph(Value::Null)), ["\"reme-games\" reaches hyper through middle"]);
        assert!(network_in_core(&graph(json!("dev"))).is_empty());
    }

    #[test]
    fn sqlite_outside_the_store_is_told() {
        let package = |name: &str| json!({"id": name, "name": name, "dependencies": [{"name": "rusqlite"}]});
        let metadata =
            json!({"workspace_members": ["reme-store", "reme"], "packages": [package("reme-store"), package("reme")]});
        assert_eq!(sqlite_outside(&metadata), ["\"reme\" names \"rusqlite\""]);
    }
}
