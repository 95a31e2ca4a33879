//! The inbox, the faces and looking at photos over HTTP. The models are not here (`server::reme` hides them), so that what is
//! missing is said; what the networks find is tested in `reme-vision`, what becomes of it in `reme`.

mod server;

use serde_json::{Value, json};
use server::{Server, memory, png, run, text, with_hedda};

const P: &str = "/api/patients/hedda";

#[test]
fn without_models_looking_says_what_is_missing_and_still_knows_the_same_photo_again() {
    let dir = with_hedda();
    let server = Server::start(dir.path(), &[]);
    let media: Vec<Value> = (0..2).map(|_| server.upload("hedda", &png(60)).json()["id"].clone()).collect();
    let mut told = memory("The harbour.");
    told["media"] = json!([media[0]]);
    assert_eq!(server.send("POST", &format!("{P}/memories"), &told).status, 201);
    assert_eq!(server.get(&format!("{P}/look")).json()["state"], "idle");
    let begun = server.send("POST", &format!("{P}/look"), &json!({}));
    assert_eq!((begun.status, begun.json()["of"].clone()), (202, json!(1)));
    let missing = begun.json()["missing"].as_array().unwrap().len();
    assert_eq!(missing, 3);
    let mut state = begun.json();
    while state["state"] == "running" {
        state = server.get(&format!("{P}/look")).json();
    }
    assert_eq!((&state["state"], &state["done"]), (&json!("idle"), &json!(1)), "{state} {}", server.log());
    let chinese = server.ask("GET", &format!("{P}/look"), "Accept-Language: zh-CN\r\n", b"").json();
    assert!(chinese["missing"][0].as_str().unwrap().contains("照片"), "{chinese}");
    assert_eq!(server.send("POST", &format!("{P}/look"), &json!({})).json()["of"], 0, "looked at once");
    let id = media[0].as_str().unwrap();
    assert_eq!(server.send("POST", &format!("{P}/media/{id}/look"), &json!({})).json(), json!([]));
    assert_eq!(server.ask("DELETE", &format!("{P}/look"), "", b"").status, 200);
}

#[test]
fn the_inbox_and_the_faces_are_empty_at_first_and_say_so() {
    let dir = with_hedda();
    let server = Server::start(dir.path(), &[]);
    assert_eq!(server.get(&format!("{P}/suggestions")).json(), json!([]));
    assert_eq!(server.get(&format!("{P}/suggestions/count")).json(), json!({"open": 0, "kinds": []}));
    assert_eq!(server.get(&format!("{P}/faces")).json(), json!([]));
    let none = json!({"ids": ["019a7c3e-0000-7000-8000-000000000000"]});
    assert_eq!(server.send("POST", &format!("{P}/suggestions/dismiss"), &none).json(), json!({"dismissed": 0}));
}

#[test]
fn what_is_not_there_or_not_understood_is_told_with_its_code() {
    let dir = with_hedda();
    let server = Server::start(dir.path(), &[]);
    let id = "019a7c3e-0000-7000-8000-000000000000";
    let name = json!({"name": "Ruth", "person": null, "relation": "", "consent": true});
    for (method, path, body) in [
        ("POST", format!("{P}/suggestions/{id}/accept"), json!({})),
        ("POST", format!("{P}/suggestions/{id}/dismiss"), json!({})),
        ("POST", format!("{P}/suggestions/{id}/reopen"), json!({})),
        ("POST", format!("{P}/faces/{id}/name"), name),
        ("POST", format!("{P}/faces/{id}/merge"), json!({"into": id})),
        ("POST", format!("{P}/faces/{id}/split"), json!({"faces": []})),
        ("POST", format!("{P}/faces/{id}/dismiss"), json!({})),
        ("POST", format!("{P}/media/{}/look", "0".repeat(64)), json!({})),
        ("DELETE", format!("{P}/people/{id}/face"), json!({})),
    ] {
        let (status, code, ..) = server.send(method, &path, &body).error();
        assert_eq!((status, code.as_str()), (404, "not-found"), "{method} {path}");
    }
    assert_eq!(server.get(&format!("{P}/suggestions?state=half")).error().2, json!("state"));
    assert_eq!(server.get(&format!("{P}/suggestions?limit=many")).error().0, 400);
}

#[test]
fn the_command_says_what_is_missing_and_leaves_out_what_is_no_photo() {
    let dir = with_hedda();
    let photo = dir.path().join("a.png");
    std::fs::write(&photo, png(60)).unwrap();
    let ended = run(dir.path(), &["photo", "look", photo.to_str().unwrap(), "no-such-file.jpg"]);
    let (out, said) = (text(&ended.stdout), text(&ended.stderr));
    assert_eq!(ended.status.code(), Some(3), "{said}");
    assert!(said.matches("reme model pull seeing").count() == 3 && said.contains("no-such-file.jpg"), "{said}");
    assert!(out.contains("colour") && !out.contains("caption"), "{out}");
    assert!(said.contains("--captioner MODEL.gguf --mmproj FILE"), "{said}");
    let found = run(dir.path(), &["photo", "find"]);
    assert!(found.status.success() && text(&found.stderr).contains("0 photos looked at"), "{}", text(&found.stderr));
}

#[test]
fn a_captioner_is_named_or_lies_in_the_models_folder_and_a_broken_one_is_told() {
    let dir = with_hedda();
    let photo = dir.path().join("a.png");
    std::fs::write(&photo, png(60)).unwrap();
    let photo = photo.to_str().unwrap();
    let tiny = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app-core/lm/tests/reference/vision");
    let (model, mmproj) = (tiny.join("model.gguf"), tiny.join("mmproj.gguf"));
    let (model, mmproj) = (model.to_str().unwrap(), mmproj.to_str().unwrap());
    let look = |more: &[&str]| run(dir.path(), &[&["photo", "look", photo], more].concat());
    let named = look(&["--captioner", model, "--mmproj", mmproj]);
    assert!(named.status.success(), "{}", text(&named.stderr));
    let out = text(&named.stdout);
    assert!(out.contains("[caption/tiny-random-smolvlm]"), "{out}");
    assert_eq!(look(&["--captioner", model]).status.code(), Some(2));
    let swapped = look(&["--captioner", mmproj, "--mmproj", model]);
    assert_eq!(swapped.status.code(), Some(1));
    assert!(text(&swapped.stderr).contains("--captioner") && text(&swapped.stderr).contains("`clip`"));
    // The two files found by their names; and one of them damaged, which is told and leaves the rest.
    let folder = dir.path().join(".local/share/reme/models");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::copy(model, folder.join("Tiny-f32.gguf")).unwrap();
    std::fs::copy(mmproj, folder.join("mmproj-Tiny-f32.gguf")).unwrap();
    assert_eq!(text(&look(&[]).stdout), out);
    std::fs::write(folder.join("mmproj-Tiny-f32.gguf"), b"GGUF").unwrap();
    let without = look(&[]);
    assert!(without.status.success() && text(&without.stdout).contains("colour"));
    assert!(text(&without.stderr).contains("Tiny-f32.gguf describes no photos"), "{}", text(&without.stderr));
}
