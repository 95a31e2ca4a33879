//! The built screens as files.
//!
//! What it must never do: hand out anything outside their folder, however the address is written.

use std::{
    fs,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use axum::{
    extract::State,
    http::{HeaderName, Uri, header},
    response::{Html, IntoResponse, Response},
};

use super::{app::App, refusal::Refusal};

/// Said when the screens were not built.
const NO_SCREENS: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>ReMe</title>\
<p>ReMe is running, but its screens are not built. Type: cargo xtask run</p>\
<p lang=\"zh-CN\">忆我正在运行，但界面还没有构建。请输入：cargo xtask run</p></html>\n";
/// Vite names what stands in here by its contents.
const NAMED_BY_CONTENTS: &str = "assets/";

/// What no other route took.
pub(crate) async fn file(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Refusal> {
    let path = uri.path();
    if path == "/api" || path.starts_with("/api/") {
        return Err(Refusal::NoRoute);
    }
    let Some(screens) = app.screens.clone() else {
        return if is_page(path) { Ok(Html(NO_SCREENS).into_response()) } else { Err(Refusal::NoRoute) };
    };
    let path = path.to_owned();
    app.blocking(move |_| find(&screens, &path).ok_or(Refusal::NoRoute)).await.map(IntoResponse::into_response)
}

type Found = ([(HeaderName, &'static str); 2], Vec<u8>);

fn find(screens: &Path, path: &str) -> Option<Found> {
    let inside = inside(path)?;
    let name = if is_page(path) { PathBuf::from("index.html") } else { inside };
    let file = screens.join(&name).canonicalize().ok()?;
    if !file.starts_with(screens.canonicalize().ok()?) || !file.is_file() {
        return None; // a link that leads out
    }
    let kept = if name.starts_with(NAMED_BY_CONTENTS) { "public, max-age=31536000, immutable" } else { "no-cache" };
    Some(([(header::CONTENT_TYPE, kind_of(&file)), (header::CACHE_CONTROL, kept)], fs::read(&file).ok()?))
}

/// An address without a dot in its last part is a page of the screens, which find their own way from `index.html`.
fn is_page(path: &str) -> bool {
    !path.rsplit('/').next().unwrap_or_default().contains('.')
}

/// The path below the folder; `None` for anything that could lead out of it.
fn inside(path: &str) -> Option<PathBuf> {
    let plain = percent_decoded(path.strip_prefix('/')?)?;
    if plain.contains(['\\', '\0', '%']) {
        return None;
    }
    let path = PathBuf::from(plain);
    path.components().all(|part| matches!(part, Component::Normal(_))).then_some(path)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if *first != b'%' {
            bytes.push(*first);
            rest = after;
            continue;
        }
        let digits = std::str::from_utf8(after.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &after[2..];
    }
    String::from_utf8(bytes).ok()
}

fn kind_of(file: &Path) -> &'static str {
    match file.extension().and_then(|end| end.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wav" => "audio/wav",
        "wasm" => "application/wasm",
        "txt" | "ftl" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let screens = dir.path().join("dist");
        fs::create_dir_all(screens.join("assets")).unwrap();
        fs::write(screens.join("index.html"), "page").unwrap();
        fs::write(screens.join("assets/a-1.js"), "code").unwrap();
        fs::write(screens.join("assets/拼 音.svg"), "<svg/>").unwrap();
        fs::write(dir.path().join("secret.txt"), "secret").unwrap();
        std::os::unix::fs::symlink(dir.path().join("secret.txt"), screens.join("link.txt")).unwrap();
        let text = |path: &str| find(&screens, path).map(|(_, bytes)| String::from_utf8(bytes).unwrap());
        for (path, expected) in [
            ("/", Some("page")),
            ("/carer/people", Some("page")),
            ("/index.html", Some("page")),
            ("/assets/a-1.js", Some("code")),
            ("/assets/%E6%8B%BC%20%E9%9F%B3.svg", Some("<svg/>")),
            ("/assets/b.js", None),
            ("/link.txt", None),
            ("/../secret.txt", None),
            ("/assets/../../secret.txt", None),
            ("/..%2fsecret.txt", None),
            ("/%2e%2e/secret.txt", None),
            ("/%252e%252e/secret.txt", None),
            ("/..%5csecret.txt", None),
            ("//etc/passwd.txt", None),
            ("/%00.txt", None),
            ("/%zz.txt", None),
        ] {
            assert_eq!(text(path).as_deref(), expected, "{path}");
        }
        assert!(find(&screens, "/assets/a-1.js").unwrap().0[1].1.contains("immutable"));
        assert_eq!(find(&screens, "/").unwrap().0[1].1, "no-cache");
    }
}
