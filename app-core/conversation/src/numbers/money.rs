//! Sums of money in Chinese, in 分: 一毛八 is 18, 零点八元 is 80, 十三块半 is 1350.

use super::chinese::chinese;

const UNITS: [(&str, f64); 7] =
    [("块钱", 100.0), ("元", 100.0), ("块", 100.0), ("角", 10.0), ("毛钱", 10.0), ("毛", 10.0), ("分", 1.0)];

/// The sum a text names, in 分; `None` without a unit of money, or where a unit is named twice (three notes of ten).
pub(crate) fn fen(text: &str) -> Option<f64> {
    // 三张十块的, 六个五毛: how many of which note or coin is the reader of numbers' to say.
    if ["张", "个", "枚"].iter().any(|m| text.split_once(m).is_some_and(|(_, rest)| !chinese(rest).is_empty())) {
        return None;
    }
    let (mut total, mut last, mut rest) = (None::<f64>, f64::MAX, text);
    while let Some((at, unit, worth)) =
        UNITS.iter().filter_map(|(unit, worth)| rest.find(unit).map(|at| (at, *unit, *worth))).min_by_key(|f| f.0)
    {
        let before: Vec<char> = rest[..at].chars().collect();
        rest = &rest[at + unit.len()..];
        let number = chinese(&rest_of(&before)).into_iter().last().filter(|n| n.end == before.len());
        let Some(number) = number.filter(|_| !rest.starts_with('钟')) else { continue };
        // 零点八元: what stands before the point is read on its own.
        let whole = before[..number.start]
            .strip_suffix(&['点'])
            .and_then(|b| chinese(&rest_of(b)).into_iter().last().filter(|n| n.end == b.len()).map(|n| n.value));
        let tenths = 10_f64.powi((number.end - number.start) as i32);
        let value = whole.map_or(number.value, |w| w + number.value / tenths);
        if worth >= last {
            return None;
        }
        total = Some(total.unwrap_or(0.0) + value * worth);
        last = worth;
        if let Some(after) = rest.strip_prefix('半') {
            (total, rest) = (total.map(|t| t + worth / 2.0), after);
        }
    }
    // 一毛八, 三块五: a single figure at the end is of the next smaller unit.
    let tail: String = rest.chars().take_while(|c| !",.，。 ".contains(*c)).collect();
    let figure = chinese(&tail).into_iter().next().filter(|n| n.start == 0 && n.value < 10.0 && last > 1.0);
    let alone =
        figure.as_ref().is_some_and(|n| n.end == tail.trim_end_matches(['吧', '钱', '呗', '嘛']).chars().count());
    total.map(|t| t + figure.filter(|_| alone).map_or(0.0, |n| n.value * last / 10.0))
}

/// The sum an English text names, in pence (or cents); `None` where no unit of money is named.
pub(crate) fn pence(text: &str) -> Option<f64> {
    let words = super::number_words(text);
    let found = super::english(text);
    // "A pound seventy", "two pounds and five": the pence after the pounds.
    let pounds = |w: &str| matches!(w, "pound" | "pounds" | "quid" | "dollar" | "dollars" | "euro" | "euros");
    let after = |number: &super::Found| {
        let skip = words[..number.start].iter().rev().take_while(|w| *w == "and").count();
        number.start.checked_sub(skip + 1).filter(|at| pounds(&words[*at]))
    };
    if let [.., part] = &found[..]
        && (1.0..100.0).contains(&part.value)
        && let Some(at) = after(part)
    {
        let whole = match (&found[..], at.checked_sub(1).map(|i| words[i].as_str())) {
            ([whole, _], _) if whole.end == at => whole.value,
            ([_], Some("a" | "one")) => 1.0,
            _ => return None,
        };
        return Some((whole * 100.0 + part.value).round());
    }
    let [number] = &found[..] else { return None };
    let worth = match words.get(number.end).map(String::as_str) {
        Some("pence" | "p" | "pennies" | "cents" | "cent") => 1.0,
        Some("pound" | "pounds" | "quid" | "dollar" | "dollars" | "euro" | "euros") => 100.0,
        _ if text.contains(['£', '$', '€']) => 100.0,
        _ => words[number.start..number.end]
            .iter()
            .any(|w| matches!(w.as_str(), "pounds" | "pound" | "dollars" | "euros" | "quid"))
            .then_some(100.0)?,
    };
    Some((number.value * worth).round())
}

fn rest_of(chars: &[char]) -> String {
    chars.iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_in_any_unit() {
        for (text, sum) in [
            ("八毛", Some(80.0)),
            ("零点八元", Some(80.0)),
            ("一毛八", Some(18.0)),
            ("十三块五吧", Some(1350.0)),
            ("十三块半", Some(1350.0)),
            ("13元5角", Some(1350.0)),
            ("八个", None),
        ] {
            assert_eq!(fen(text), sum, "{text}");
        }
    }
}
