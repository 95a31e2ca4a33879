//! Chinese numbers: plain and formal numerals, 廿 and 卅, 俩 and 仨, halves, money, tables (四六二十四).

use super::Found;

fn digit(c: char) -> Option<f64> {
    Some(match c {
        '零' | '〇' | '○' => 0.0,
        '一' | '壹' | '幺' => 1.0,
        '二' | '两' | '俩' | '贰' => 2.0,
        '三' | '叁' | '仨' => 3.0,
        '四' | '肆' => 4.0,
        '五' | '伍' => 5.0,
        '六' | '陆' => 6.0,
        '七' | '柒' => 7.0,
        '八' | '捌' => 8.0,
        '九' | '玖' => 9.0,
        _ => return c.to_digit(10).map(f64::from),
    })
}

fn magnitude(c: char) -> Option<f64> {
    Some(match c {
        '十' | '拾' => 10.0,
        '百' | '佰' => 100.0,
        '千' | '仟' => 1000.0,
        '万' => 10_000.0,
        '廿' => 20.0,
        '卅' => 30.0,
        _ => return None,
    })
}

/// The value of a run of number characters; 一千五 is 1500, 一千零五 is 1005.
fn value_of(run: &[char]) -> Option<f64> {
    let text: String = run.iter().collect();
    if let Ok(value) = text.parse::<f64>() {
        return Some(value);
    }
    if run.iter().all(|c| digit(*c).is_some()) {
        return Some(run.iter().fold(0.0, |value, c| value * 10.0 + digit(*c).unwrap_or(0.0)));
    }
    let (mut total, mut section, mut last) = (0.0, 0.0, None::<f64>);
    let mut figures = String::new();
    let (mut unit, mut zero) = (1.0, false);
    for c in run {
        if c.is_ascii_digit() || *c == '.' {
            figures.push(*c);
            last = figures.parse().ok();
        } else if let Some(d) = digit(*c) {
            zero = d == 0.0;
            last = Some(d);
        } else {
            figures.clear();
            match magnitude(*c)? {
                tens @ (20.0 | 30.0) => section += tens,
                10_000.0 => {
                    total += (section + last.unwrap_or(0.0)) * 10_000.0;
                    section = 0.0;
                    unit = 10_000.0;
                }
                m => {
                    section += last.unwrap_or(1.0) * m;
                    unit = m;
                }
            }
            (last, zero) = (None, false);
        }
    }
    let short =
        run.len() >= 3 && unit >= 100.0 && !zero && run.get(run.len() - 2).is_some_and(|c| magnitude(*c).is_some());
    Some(total + section + last.unwrap_or(0.0) * if short { unit / 10.0 } else { 1.0 })
}

/// Where a run that starts at `start` ends: 四六二十四 are three numbers, 二〇二六 is one.
fn run_end(chars: &[char], start: usize) -> usize {
    let is_part = |i: usize| {
        chars.get(i).is_some_and(|c| digit(*c).is_some() || magnitude(*c).is_some())
            || (chars.get(i) == Some(&'.')
                && i > start
                && chars[i - 1].is_ascii_digit()
                && chars.get(i + 1).is_some_and(char::is_ascii_digit))
    };
    // 十两: after a number 两 is a unit, unless a magnitude follows (三千两百).
    let is_unit = |i: usize| {
        i > start
            && chars[i] == '两'
            && (chars.get(i + 1).is_none_or(|c| magnitude(*c).is_none()) || magnitude(chars[i - 1]).is_none())
    };
    let mut end = start;
    while is_part(end) && !is_unit(end) {
        end += 1;
    }
    let is_word = |i: usize| digit(chars[i]).is_some() && !chars[i].is_ascii_digit() && !"零〇○".contains(chars[i]);
    if chars[start..end].iter().any(|c| magnitude(*c).is_some()) {
        // Two digits side by side do not belong to one number that has magnitudes.
        if let Some(at) = (start..end.saturating_sub(1)).find(|i| is_word(*i) && is_word(i + 1)) {
            return at + 1;
        }
    }
    end
}

/// Every number of a Chinese text, in order; 三十六块五 is 36.5, 三张十块 is 30, 两个半 is 2.5, 两打 is 24.
pub(crate) fn chinese(normalised: &str) -> Vec<Found> {
    let chars: Vec<char> = normalised.chars().collect();
    let mut found: Vec<Found> = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        if digit(chars[i]).is_none() && magnitude(chars[i]).is_none() {
            i += 1;
            continue;
        }
        let start = i;
        i = run_end(&chars, start).max(start + 1);
        let next = chars.get(i).copied().unwrap_or(' ');
        // 一 inside everyday words counts nothing: 一起, 一点儿, 一下; 万 and 千 alone are words, not numbers.
        let idle = (chars[start..i] == ['一']
            && "起点下直样些般定共块边旦向会切时辈干".contains(next)
            && !is_money(&chars, i))
            || (i - start == 1 && "千万百".contains(chars[start]));
        if idle {
            continue;
        }
        let mut value = value_of(&chars[start..i]);
        // 三点五公斤: a decimal, not the time of day.
        if next == '点'
            && let Some(d) = chars.get(i + 1).and_then(|c| digit(*c))
            && chars.get(i + 2).is_none_or(|c| !"十分钟刻半".contains(*c) && digit(*c).is_none())
            && chars.get(i + 2).is_some()
        {
            value = value.map(|v| v + d / 10.0);
            i += 2;
        }
        if chars.get(i) == Some(&'打')
            && chars.get(i + 1).is_none_or(|c| !c.is_alphanumeric() || "还多零又外加".contains(*c))
        {
            value = value.map(|v| v * 12.0);
        }
        if let Some(value) = value {
            found.push(Found { value, start, end: i });
        }
        if chars.get(i) == Some(&'两') {
            i += 1;
        }
    }
    short_of(&chars, joined(&chars, found))
}

/// 差二十块五百 is 480, 五百差二十 is 480; 六张红票子 is 600.
fn short_of(chars: &[char], found: Vec<Found>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    for number in found {
        if let Some(last) = out.last_mut() {
            let between: String = chars[last.end..number.start].iter().collect();
            let short = last.start.checked_sub(1).is_some_and(|b| chars[b] == '差');
            let unit = ["", "块", "元", "块钱", "个", "斤", "岁", "天"].contains(&between.as_str());
            if short && unit && last.value < number.value && number.value % 10.0 == 0.0 {
                *last = Found { value: number.value - last.value, start: last.start, end: number.end };
                continue;
            }
            let less = ["差", "少", "缺"].iter().any(|w| between.trim_start_matches(['块', '元', '个']) == *w);
            if less && number.value < last.value && last.value % 10.0 == 0.0 {
                last.value -= number.value;
                last.end = number.end;
                continue;
            }
        }
        out.push(number);
    }
    for number in &mut out {
        let rest: String = chars[number.end..].iter().take(4).collect();
        if ["张红票", "张大票", "张红的", "张百元", "张老人头", "张整百"].iter().any(|n| rest.starts_with(n))
        {
            number.value *= 100.0;
        }
    }
    out
}

/// 一块 in 一块钱 is money, in 一块儿 it is "together".
fn is_money(chars: &[char], unit: usize) -> bool {
    chars.get(unit) == Some(&'块') && chars.get(unit + 1).is_some_and(|c| *c == '钱' || digit(*c).is_some())
}

fn joined(chars: &[char], found: Vec<Found>) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    for number in found {
        if let Some(last) = out.last_mut() {
            let between: String = chars[last.end..number.start].iter().collect();
            let after = chars.get(number.end).copied().unwrap_or(' ');
            let one_figure = number.value < 10.0 && number.end - number.start == 1;
            if matches!(between.as_str(), "块" | "元") && one_figure && !"个只张本颗".contains(after) {
                last.value += number.value / 10.0;
                last.end = number.end;
                continue;
            }
            if matches!(between.as_str(), "张" | "个")
                && "块元的".contains(after)
                && [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0].contains(&number.value)
            {
                last.value *= number.value;
                last.end = number.end;
                continue;
            }
        }
        out.push(number);
    }
    for number in &mut out {
        let tail: String = chars[number.end..].iter().take(2).collect();
        if tail == "个半"
            || tail == "块半"
            || tail == "斤半"
            || tail == "年半"
            || tail == "天半"
            || tail.starts_with('半')
        {
            number.value += 0.5;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_they_are_said() {
        for (text, values) in [
            ("二十三个", &[23.0][..]),
            ("十八块五", &[18.5]),
            ("一百零六", &[106.0]),
            ("一百六", &[160.0]),
            ("一千五", &[1500.0]),
            ("两万三", &[23_000.0]),
            ("两斤半", &[2.5]),
            ("四张五块的", &[20.0]),
            ("两张一百的", &[200.0]),
            ("一起去的", &[]),
            ("八两酒，三千两百步", &[8.0, 3200.0]),
            ("七、六、5", &[7.0, 6.0, 5.0]),
            ("三七二十一", &[3.0, 7.0, 21.0]),
            ("二〇二四", &[2024.0]),
            ("卅二棵", &[32.0]),
            ("仨", &[3.0]),
            ("半打", &[]),
            ("两打", &[24.0]),
            ("三点五公里", &[3.5]),
        ] {
            let found: Vec<f64> = chinese(text).iter().map(|f| f.value).collect();
            assert_eq!(found, values, "{text}");
        }
    }
}
