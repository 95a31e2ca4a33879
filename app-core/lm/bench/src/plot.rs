//! The comparisons as bars: how many times better ours is, with a line at 1.

use std::fmt::Write;

use crate::Entry;

const ROW: usize = 18;
/// Pixels of a ratio of 1, and of the widest bar.
const UNIT: f64 = 90.0;
const WIDEST: f64 = 540.0;
const LEFT: f64 = 470.0;

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

pub(crate) fn bars(entries: &[Entry]) -> String {
    let height = entries.len() * ROW + 40;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1080\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n<text x=\"8\" y=\"18\" font-size=\"13\">How many times better than the peer (right of the line: ours is better)</text>\n"
    );
    for (index, entry) in entries.iter().enumerate() {
        let y = index * ROW + 32;
        let width = (entry.ratio * UNIT).clamp(1.0, WIDEST);
        let colour = if entry.ratio >= 1.0 { "#2b7a4b" } else { "#b5651d" };
        let label = format!("{} — {}", entry.name, entry.peer_name);
        // Writing to a text cannot fail.
        let _ = writeln!(
            out,
            "<text x=\"{:.0}\" y=\"{}\" text-anchor=\"end\">{}</text><rect x=\"{LEFT}\" y=\"{y}\" width=\"{width:.1}\" height=\"12\" fill=\"{colour}\"/><text x=\"{:.0}\" y=\"{}\">{:.2}</text>",
            LEFT - 6.0,
            y + 10,
            escaped(&label),
            LEFT + width + 4.0,
            y + 10,
            entry.ratio
        );
    }
    let x = LEFT + UNIT;
    let _ = writeln!(
        out,
        "<line x1=\"{x}\" x2=\"{x}\" y1=\"26\" y2=\"{height}\" stroke=\"#444\" stroke-dasharray=\"3 3\"/>\n</svg>"
    );
    out
}
