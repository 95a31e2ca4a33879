//! Looks at photos and says what was found and how much processor time it took: `cargo run -p reme-vision --example look -- MODELS PHOTO…`
#![allow(clippy::disallowed_methods, reason = "a measuring tool reads the clock")]

use std::{path::Path, time::Instant};

use reme_types::Language;
use reme_vision::{Eyes, ModelPaths, Picture};

fn main() {
    let mut args = std::env::args().skip(1);
    let Some(models) = args.next() else {
        eprintln!("usage: look MODELS PHOTO…");
        std::process::exit(2);
    };
    let start = Instant::now();
    let eyes = Eyes::open(&ModelPaths::in_folder(Path::new(&models)));
    println!("loaded in {:?}", start.elapsed());
    eyes.missing().iter().for_each(|missing| println!("{missing}"));
    let never: reme_vision::Stop = std::sync::Arc::new(|| false);
    for photo in args {
        let start = Instant::now();
        let picture = match std::fs::read(&photo)
            .map_err(|e| e.to_string())
            .and_then(|b| Picture::read(&b).map_err(|e| e.to_string()))
        {
            Ok(picture) => picture,
            Err(error) => {
                println!("{photo}: {error}");
                continue;
            }
        };
        let read = start.elapsed();
        let look = eyes.look(&picture, Language::En, &processor_time, &never);
        println!("\n{photo} {:?}  read {read:.0?}, {}", picture.size(), times(&look.times));
        for face in &look.faces {
            let r = face.region;
            let at = format!("{:.2} {:.2} {:.2}×{:.2}", r.left, r.top, r.width, r.height);
            println!("  face {at} score {:.2} quality {:.2}", face.score, face.quality);
        }
        look.lines.iter().for_each(|line| println!("  text {:.2} {}", line.confidence, line.text));
        look.things.iter().for_each(|t| println!("  thing {:.2} {} {}", t.confidence, t.word.en, t.word.zh));
        look.colours.iter().for_each(|c| println!("  colour {:.2} {} {}", c.share, c.en, c.zh));
        look.troubles.iter().for_each(|trouble| println!("  trouble {trouble}"));
    }
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    }
}

/// Processor time of all threads so far: it can be compared on a machine that has other work.
fn processor_time() -> std::time::Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split(' ').skip(12).take(2).filter_map(|field| field.parse::<u64>().ok()).sum::<u64>();
    std::time::Duration::from_millis(ticks * 10) // a tick is 10 ms on Linux
}

fn times(times: &[(&str, std::time::Duration)]) -> String {
    times.iter().map(|(what, time)| format!("{what} {:.0?}", time)).collect::<Vec<_>>().join(", ")
}
