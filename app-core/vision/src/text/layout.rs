//! In which order the lines of a photo are read: column by column, in each from top to bottom, pieces of one line from left to
//! right; writing that runs downwards from the rightmost column to the left, as Chinese is set.
//!
//! The page is cut along the widest empty strip, again and again (recursive XY-cut, Nagy & Seth 1984).

use super::Line;

/// Pieces whose middles are nearer than this share of their height stand in one line.
const ONE_LINE: f32 = 0.6;
/// An upright gap parts columns when it is this many times the usual height of a line, and both sides have lines enough.
const COLUMN_GAP: f32 = 1.0;
const COLUMN_LINES: usize = 3;

/// The lines in reading order. With each comes whether it runs downwards.
pub(crate) fn in_reading_order(lines: Vec<(Line, bool)>) -> Vec<Line> {
    let (down, level): (Vec<_>, Vec<_>) = lines.into_iter().partition(|(_, downwards)| *downwards);
    let mut columns: Vec<Line> = down.into_iter().map(|(line, _)| line).collect();
    columns.sort_by(|a, b| b.region.left.total_cmp(&a.region.left));
    let mut level: Vec<Line> = level.into_iter().map(|(line, _)| line).collect();
    // A column of one or two characters beside level writing is read with that.
    if columns.len() < level.len() {
        level.append(&mut columns);
        return blocks(level);
    }
    columns.extend(blocks(level));
    columns
}

fn blocks(lines: Vec<Line>) -> Vec<Line> {
    if lines.len() < 2 {
        return lines;
    }
    if let Some((left, right)) = columns_of(&lines) {
        return blocks(left).into_iter().chain(blocks(right)).collect();
    }
    // A heading over columns hides the gap between them.
    if let Some((upper, lower)) = cut_between_rows(&lines)
        && (columns_of(&upper).is_some() || columns_of(&lower).is_some())
    {
        return blocks(upper).into_iter().chain(blocks(lower)).collect();
    }
    rows(lines)
}

/// Left and right of an upright gap that is wide enough for a gap between columns.
fn columns_of(lines: &[Line]) -> Option<(Vec<Line>, Vec<Line>)> {
    let height = usual_height(lines);
    let (at, gap) = widest_gap(lines, |line| (line.region.left, line.region.left + line.region.width))?;
    let (left, right): (Vec<_>, Vec<_>) = lines.iter().cloned().partition(|line| line.region.left < at);
    let enough = left.len() >= COLUMN_LINES && right.len() >= COLUMN_LINES;
    (enough && gap > COLUMN_GAP * height).then_some((left, right))
}

/// Above and below the widest level gap.
fn cut_between_rows(lines: &[Line]) -> Option<(Vec<Line>, Vec<Line>)> {
    let (at, _) = widest_gap(lines, |line| (line.region.top, line.region.top + line.region.height))?;
    Some(lines.iter().cloned().partition(|line| line.region.top < at))
}

/// The middle and the width of the widest strip no line reaches into.
fn widest_gap(lines: &[Line], span: impl Fn(&Line) -> (f32, f32)) -> Option<(f32, f32)> {
    let mut spans: Vec<_> = lines.iter().map(span).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut end, mut best) = (spans.first()?.1, None::<(f32, f32)>);
    for (start, stop) in spans {
        let gap = start - end;
        if gap > 0.0 && best.is_none_or(|(_, widest)| gap > widest) {
            best = Some(((start + end) / 2.0, gap));
        }
        end = end.max(stop);
    }
    best
}

/// From top to bottom; pieces at one height from left to right.
fn rows(mut lines: Vec<Line>) -> Vec<Line> {
    let middle = |line: &Line| line.region.top + line.region.height / 2.0;
    lines.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    let mut rows: Vec<Vec<Line>> = Vec::new();
    for line in lines {
        let fits = |row: &Vec<Line>| {
            let last = &row[row.len() - 1];
            (middle(last) - middle(&line)).abs() < ONE_LINE * last.region.height.min(line.region.height)
        };
        match rows.last_mut().filter(|row| fits(row)) {
            Some(row) => row.push(line),
            None => rows.push(vec![line]),
        }
    }
    rows.iter_mut().for_each(|row| row.sort_by(|a, b| a.region.left.total_cmp(&b.region.left)));
    rows.into_iter().flatten().collect()
}

fn usual_height(lines: &[Line]) -> f32 {
    let mut heights: Vec<f32> = lines.iter().map(|line| line.region.height).collect();
    heights.sort_by(f32::total_cmp);
    heights[heights.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Region;

    fn line(text: &str, left: f32, top: f32, width: f32, height: f32) -> Line {
        Line { text: text.into(), confidence: 0.9, region: Region { left, top, width, height } }
    }

    fn order(lines: Vec<(Line, bool)>) -> String {
        in_reading_order(lines).into_iter().map(|line| line.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_receipt_is_read_row_by_row_with_the_price_beside_its_thing() {
        let lines = [
            line("total", 0.1, 0.50, 0.2, 0.04),
            line("3.50", 0.7, 0.205, 0.1, 0.04),
            line("tea", 0.1, 0.20, 0.2, 0.04),
            line("shop", 0.3, 0.05, 0.4, 0.05),
            line("7.00", 0.7, 0.502, 0.1, 0.04),
        ];
        assert_eq!(order(lines.map(|l| (l, false)).into()), "shop tea 3.50 total 7.00");
    }

    #[test]
    fn two_columns_under_a_heading_are_read_one_after_the_other() {
        let mut lines = vec![line("head", 0.1, 0.02, 0.8, 0.06)];
        for i in 0..4 {
            let top = 0.2 + i as f32 * 0.1;
            lines.push(line(&format!("l{i}"), 0.05, top, 0.4, 0.04));
            lines.push(line(&format!("r{i}"), 0.55, top + 0.01, 0.4, 0.04));
        }
        assert_eq!(order(lines.into_iter().map(|l| (l, false)).collect()), "head l0 l1 l2 l3 r0 r1 r2 r3");
    }

    #[test]
    fn writing_that_runs_downwards_is_read_from_the_right() {
        let lines =
            [("床前", 0.8), ("疑是", 0.6), ("举头", 0.4)].map(|(t, left)| (line(t, left, 0.1, 0.05, 0.6), true));
        assert_eq!(order(lines.into()), "床前 疑是 举头");
    }
}
