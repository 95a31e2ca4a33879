//! `reme memory import FOLDER` as a person meets it: progress, Ctrl-C, a process that is killed, the same folder again.

mod server;

use std::{
    fs,
    io::{BufRead, BufReader, Cursor},
    path::Path,
    process::{Child, Command, Stdio},
};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use server::{reme, run, text, with_hedda};

const PHOTOS: usize = 60;

/// Photos that take a moment to read, one of them damaged.
fn folder(at: &Path) {
    fs::create_dir_all(at).expect("as the test needs");
    for n in 0..PHOTOS {
        let rgb = RgbImage::from_fn(300, 200, |x, y| Rgb([(x + n as u32 * 3) as u8, (y * 2) as u8, n as u8]));
        let mut png = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(rgb).write_to(&mut png, ImageFormat::Png).expect("as the test needs");
        let png = png.into_inner();
        let bytes = if n == 41 { &png[..png.len() / 2] } else { &png[..] };
        fs::write(at.join(format!("photo{n:03}.png")), bytes).expect("as the test needs");
    }
}

/// Starts an import and waits until it has said that twenty are done.
fn started(data: &Path, photos: &Path) -> (Child, BufReader<std::process::ChildStderr>) {
    let mut child = reme(data)
        .args(["memory", "import"])
        .arg(photos)
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("as the test needs");
    let mut log = BufReader::new(child.stderr.take().expect("as the test needs"));
    let mut line = String::new();
    while !line.starts_with("20 of 60") {
        line.clear();
        assert!(log.read_line(&mut line).expect("as the test needs") > 0, "ended before twenty were done");
    }
    (child, log)
}

fn count(data: &Path) -> usize {
    text(&run(data, &["memory", "list"]).stdout).lines().count()
}

#[test]
fn ctrl_c_stops_it_between_two_photos_and_the_same_command_goes_on() {
    let dir = with_hedda();
    let photos = dir.path().join("photos");
    folder(&photos);
    let (mut child, log) = started(dir.path(), &photos);
    assert!(
        Command::new("kill")
            .args(["-s", "INT", &child.id().to_string()])
            .status()
            .expect("as the test needs")
            .success()
    );
    let said: Vec<String> = log.lines().map_while(Result::ok).collect();
    assert_eq!(child.wait().expect("as the test needs").code(), Some(130), "{said:?}");
    assert!(said.iter().any(|line| line.starts_with("stopped: ") && line.contains("goes on")), "{said:?}");
    let kept = count(dir.path());
    assert!((20..PHOTOS).contains(&kept), "{kept}");
    goes_on(dir.path(), &photos, kept);
}

#[test]
fn one_that_was_killed_goes_on_and_nothing_is_twice() {
    let dir = with_hedda();
    let photos = dir.path().join("photos");
    folder(&photos);
    let (mut child, _log) = started(dir.path(), &photos);
    child.kill().expect("as the test needs");
    child.wait().expect("as the test needs");
    let kept = count(dir.path());
    assert!((20..PHOTOS).contains(&kept), "{kept}");
    goes_on(dir.path(), &photos, kept);
}

fn goes_on(data: &Path, photos: &Path, kept: usize) {
    let import = || reme(data).args(["memory", "import"]).arg(photos).output().expect("as the test needs");
    let rest = import();
    let said = text(&rest.stderr);
    assert_eq!(rest.status.code(), Some(3), "one is damaged: {said}");
    assert!(said.contains(&format!("{} kept, {kept} already there, 1 problems", PHOTOS - 1 - kept)), "{said}");
    assert!(said.contains("photo041.png"), "{said}");
    assert_eq!(count(data), PHOTOS - 1);
    let again = import();
    assert!(text(&again.stderr).contains(&format!("0 kept, {} already there, 1 problems", PHOTOS - 1)));
    assert_eq!(count(data), PHOTOS - 1);
}
