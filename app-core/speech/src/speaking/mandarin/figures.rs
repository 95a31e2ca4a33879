//! Chinese text as one would read it aloud: dates, times, telephone numbers, sums, units and figures become characters.

use super::numbers::{cardinal, decimal, digit_by_digit, spelled};
use crate::speaking::phonemes::is_han;

/// Words after which 2 is read 两: counted things, not ordered ones.
const COUNTED: [&str; 78] = [
    "个", "位", "只", "条", "张", "本", "件", "家", "口", "岁", "年", "天", "周", "次", "遍", "回", "点", "分钟",
    "小时", "秒", "斤", "公斤", "千克", "米", "公里", "里", "块", "元", "毛", "瓶", "杯", "碗", "盘", "双", "对", "套",
    "辆", "座", "棵", "朵", "片", "粒", "颗", "顿", "种", "份", "封", "把", "支", "枝", "间", "台", "部", "首", "篇",
    "段", "句", "头", "匹", "群", "批", "束", "串", "袋", "盒", "包", "箱", "桶", "壶", "勺", "倍", "名", "夜", "趟",
    "步", "刻钟", "代人", "厘米",
];

/// Words that look counted and are ordered: 2年级 is 二年级.
const ORDERED: [&str; 6] = ["年级", "点零", "班", "号", "楼", "路"];

/// Letters of a unit and its name.
const UNITS: [(&str, &str); 24] = [
    ("km/h", "公里每小时"),
    ("m/s", "米每秒"),
    ("mmHg", "毫米汞柱"),
    ("mmol/L", "毫摩尔每升"),
    ("km²", "平方公里"),
    ("m²", "平方米"),
    ("㎡", "平方米"),
    ("m³", "立方米"),
    ("km", "公里"),
    ("cm", "厘米"),
    ("mm", "毫米"),
    ("kg", "公斤"),
    ("mg", "毫克"),
    ("ml", "毫升"),
    ("mL", "毫升"),
    ("℃", "摄氏度"),
    ("°C", "摄氏度"),
    ("°", "度"),
    ("kWh", "度"),
    ("GB", "吉字节"),
    ("m", "米"),
    ("g", "克"),
    ("L", "升"),
    ("h", "小时"),
];

/// What is spoken for a sign that stands by itself.
const SIGNS: [(char, &str); 10] = [
    ('%', "百分号"),
    ('&', "和"),
    ('+', "加"),
    ('=', "等于"),
    ('×', "乘"),
    ('÷', "除以"),
    ('√', "对"),
    ('№', "号"),
    ('＠', "艾特"),
    ('~', "到"),
];

/// A figure: digits, perhaps with commas between thousands, perhaps with decimals.
struct Figure {
    whole: String,
    decimals: Option<String>,
    /// Characters it takes up.
    length: usize,
}

/// Writes the text out; what is no figure stays as it is.
pub(crate) fn written_out(text: &str) -> String {
    let text: Vec<char> = text.chars().map(narrow).collect();
    let mut out = String::new();
    let mut at = 0;
    while at < text.len() {
        if text[at].is_ascii_digit() {
            at += figure(&text, at, &mut out);
            continue;
        }
        let next_is_digit = text.get(at + 1).is_some_and(char::is_ascii_digit);
        match text[at] {
            '¥' | '￥' | '$' | '€' if next_is_digit => at += money(&text, at, &mut out),
            '-' | '−' if next_is_digit && !is_joined(&out) => {
                let figure = Figure::read(&text, at + 1);
                let is_degrees =
                    ["℃", "°C", "度", "摄氏度"].iter().any(|unit| starts(&text, at + 1 + figure.length, unit));
                out.push_str(if is_degrees { "零下" } else { "负" });
                at += 1;
            }
            c => {
                match SIGNS.iter().find(|(sign, _)| *sign == c) {
                    Some((_, word)) if next_is_digit || out.chars().last().is_some_and(is_han) => out.push_str(word),
                    _ => out.push(c),
                }
                at += 1;
            }
        }
    }
    out
}

/// Full-width digits and signs in their narrow form.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' | '％' | '＋' | '－' | '／' | '＝' | '～' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(c as u32 - 0xfee0).unwrap_or(c)
        }
        _ => c,
    }
}

/// True when what is said so far ends in a word or figure, so that a dash after it is no minus.
fn is_joined(out: &str) -> bool {
    out.chars().last().is_some_and(|c| c.is_alphanumeric())
}

fn starts(text: &[char], at: usize, word: &str) -> bool {
    let mut rest = text.iter().skip(at);
    word.chars().all(|c| rest.next() == Some(&c))
}

fn digits_at(text: &[char], at: usize) -> String {
    text.iter().skip(at).take_while(|c| c.is_ascii_digit()).collect()
}

impl Figure {
    fn read(text: &[char], at: usize) -> Self {
        let mut whole = digits_at(text, at);
        let mut length = whole.len();
        while whole.len() <= 15 && length <= 18 && text.get(at + length) == Some(&',') {
            let group = digits_at(text, at + length + 1);
            if group.len() != 3 || (length == whole.len() && whole.len() > 3) {
                break;
            }
            whole.push_str(&group);
            length += 4;
        }
        let decimals = (text.get(at + length) == Some(&'.')).then(|| digits_at(text, at + length + 1));
        let decimals = decimals.filter(|decimals| !decimals.is_empty());
        length += decimals.as_ref().map_or(0, |decimals| decimals.len() + 1);
        Self { whole, decimals, length }
    }

    fn words(&self) -> String {
        decimal(&self.whole, self.decimals.as_deref())
    }
}

/// Writes what begins with the figure at `at`; gives the characters used.
fn figure(text: &[char], at: usize, out: &mut String) -> usize {
    let readers = [date, time, telephone, range, fraction, year, room];
    if let Some(used) = readers.iter().find_map(|read| read(text, at, out)) {
        return used;
    }
    let figure = Figure::read(text, at);
    let end = at + figure.length;
    if starts(text, end, "%") || starts(text, end, "‰") {
        out.push_str(if text[end] == '%' { "百分之" } else { "千分之" });
        out.push_str(&figure.words());
        return figure.length + 1;
    }
    counted(text, end, &figure, out);
    figure.length + unit(text, end, out)
}

/// The figure by itself, with 两 where things are counted.
fn counted(text: &[char], end: usize, figure: &Figure, out: &mut String) {
    let is_after = |words: &[&str]| words.iter().any(|word| starts(text, end, word));
    let is_first = !out.ends_with('第') && !out.ends_with('初');
    let is_counted = is_after(&COUNTED) && !is_after(&ORDERED);
    let is_unit = UNITS.iter().any(|(letters, name)| starts(text, end, letters) && COUNTED.contains(name));
    if figure.whole == "2" && figure.decimals.is_none() && is_first && (is_counted || is_unit) {
        out.push('两');
    } else {
        out.push_str(&figure.words());
    }
}

/// The unit's name, when a unit stands here and no longer word; gives the characters used.
fn unit(text: &[char], at: usize, out: &mut String) -> usize {
    let skipped = usize::from(text.get(at) == Some(&' '));
    let fits = |letters: &str| {
        let end = at + skipped + letters.chars().count();
        starts(text, at + skipped, letters) && text.get(end).is_none_or(|c| !c.is_ascii_alphabetic())
    };
    match UNITS.iter().find(|(letters, _)| fits(letters)) {
        Some((letters, name)) => {
            out.push_str(name);
            skipped + letters.chars().count()
        }
        None => 0,
    }
}

/// 2026-03-05, 2026/3/5, 2026.3.5
fn date(text: &[char], at: usize, out: &mut String) -> Option<usize> {
    let year = digits_at(text, at);
    let sign = *text.get(at + 4)?;
    let month = digits_at(text, at + 5);
    let day_at = at + 6 + month.len();
    let is_date = year.len() == 4 && "-/.".contains(sign) && (1..=2).contains(&month.len());
    if !is_date || text.get(day_at - 1) != Some(&sign) {
        return None;
    }
    let day = digits_at(text, day_at);
    let (m, d): (u64, u64) = (month.parse().ok()?, day.parse().ok()?);
    if !(1..=12).contains(&m) || !(1..=31).contains(&d) {
        return None;
    }
    out.push_str(&format!("{}年{}月{}日", digit_by_digit(&year), cardinal(m), cardinal(d)));
    Some(day_at + day.len() - at)
}

/// 8:05, 14:30, 7:00:30; 3:2 is a score.
fn time(text: &[char], at: usize, out: &mut String) -> Option<usize> {
    let hours = digits_at(text, at);
    let colon = at + hours.len();
    if hours.len() > 2 || !matches!(text.get(colon), Some(':' | '：')) {
        return None;
    }
    let minutes = digits_at(text, colon + 1);
    let (hour, minute): (u64, u64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let used = hours.len() + 1 + minutes.len();
    if minutes.len() != 2 || hour > 24 || minute > 59 {
        if text.get(colon) == Some(&':') {
            out.push_str(&format!("{}比{}", cardinal(hour), cardinal(minute)));
            return Some(used);
        }
        return None;
    }
    out.push_str(&hour_words(hour));
    out.push_str(&match minute {
        0 => String::new(),
        30 => "半".to_owned(),
        1..=9 => format!("零{}分", cardinal(minute)),
        _ => format!("{}分", cardinal(minute)),
    });
    let seconds = digits_at(text, at + used + 1);
    if matches!(text.get(at + used), Some(':' | '：')) && seconds.len() == 2 {
        out.push_str(&format!("{}秒", cardinal(seconds.parse().ok()?)));
        return Some(used + 3);
    }
    Some(used)
}

fn hour_words(hour: u64) -> String {
    if hour == 2 { "两点".to_owned() } else { format!("{}点", cardinal(hour)) }
}

/// 13812345678, 010-62345678, 400-820-8820, and short numbers that are dialled.
fn telephone(text: &[char], at: usize, out: &mut String) -> Option<usize> {
    let mut groups = vec![digits_at(text, at)];
    let mut length = groups[0].len();
    while matches!(text.get(at + length), Some('-' | ' ')) {
        let group = digits_at(text, at + length + 1);
        if group.len() < 3 {
            break;
        }
        length += group.len() + 1;
        groups.push(group);
    }
    let digits: String = groups.concat();
    let said: String = out.chars().rev().take(6).collect::<Vec<_>>().into_iter().rev().collect();
    let is_dialled = ["拨", "打", "电话", "手机", "号码", "热线", "客服"].iter().any(|word| said.contains(word));
    let is_mobile = groups[0].len() == 11 && groups[0].starts_with('1') && groups.len() == 1;
    let is_split = groups.len() > 1
        && text.get(at + groups[0].len()) == Some(&'-')
        && (7..=12).contains(&digits.len())
        && (groups[0].starts_with('0')
            || groups[0].starts_with("400")
            || groups[0].starts_with("800")
            || is_dialled
            || digits.len() == 11);
    let is_spaced_mobile = groups.len() == 3 && digits.len() == 11 && digits.starts_with('1');
    let is_short =
        is_dialled && groups.len() == 1 && (3..=12).contains(&digits.len()) && !is_measured(text, at + length);
    if is_mobile || is_split || is_spaced_mobile {
        let read: Vec<String> = groups.iter().map(|group| spelled(group)).collect();
        out.push_str(&if is_mobile { in_threes(&digits) } else { read.join("，") });
        return Some(length);
    }
    if is_short {
        out.push_str(&spelled(&groups[0]));
        return Some(groups[0].len());
    }
    None
}

/// A mobile number in its usual groups: three, four, four.
fn in_threes(digits: &str) -> String {
    [&digits[..3], &digits[3..7], &digits[7..]].map(spelled).join("，")
}

fn is_measured(text: &[char], at: usize) -> bool {
    text.get(at).is_some_and(|c| "个次分秒元块折.,天年月".contains(*c))
}

/// 3-5天, 3~5个, 1998-2003年
fn range(text: &[char], at: usize, out: &mut String) -> Option<usize> {
    let first = Figure::read(text, at);
    let sign = at + first.length;
    if !matches!(text.get(sign), Some('-' | '~' | '～' | '–' | '—')) || !text.get(sign + 1)?.is_ascii_digit() {
        return None;
    }
    let second = Figure::read(text, sign + 1);
    let end = sign + 1 + second.length;
    let is_years = first.whole.len() == 4 && second.whole.len() == 4 && text.get(end) == Some(&'年');
    let is_followed = text.get(end).is_some_and(|c| is_han(*c) || "%℃°".contains(*c) || c.is_ascii_alphabetic());
    let is_more = |figure: &Figure| figure.words();
    if is_years {
        out.push_str(&format!("{}到{}", digit_by_digit(&first.whole), digit_by_digit(&second.whole)));
        return Some(end - at);
    }
    if !is_followed || first.whole.len() > 5 || second.whole.len() > 5 {
        return None;
    }
    if text.get(end) == Some(&'%') {
        out.push_str(&format!("百分之{}到百分之{}", is_more(&first), is_more(&second)));
        return Some(end + 1 - at);
    }
    out.push_str(&format!("{}到", is_more(&first)));
    counted(text, end, &second, out);
    Some(end - at + unit(text, end, out))
}

/// 1/2, 3/4; a date such as 3/5 is not told from it.
fn fraction(text: &[char], at: usize, out: &mut String) -> Option<usize> {
    let top = digits_at(text, at);
    if text.get(at + top.len()) != Some(&'/') {
        return None;
    }
    let bottom = digits_at(text, at + top.len() + 1);
    let used = top.len() + 1 + bottom.len();
    if bottom.is_empty() || text.get(at + used) == Some(&'/') {
        return None;
    }
    let (top, bottom): (u64, u64) = (top.parse().ok()?, bottom.parse().ok()?);
    // 120/80 is a blood pressure, read one after the other.
    if top > bottom {
        out.push_str(&format!("{}，{}", cardinal(top), cardinal(bottom)));
    } else {
        out.push_str(&format!("{}分之{}", cardinal(bottom), cardinal(top)));
    }
    Some(used)
}

/// 1998年, 08年, 98年: a year is read digit by digit, a number of years is counted.
fn year(text: &[char], at: usize, out: &mut String) -> Option<usize> {
    let digits = digits_at(text, at);
    let end = at + digits.len();
    if !starts(text, end, "年") || starts(text, end, "年级") {
        return None;
    }
    let number: u64 = digits.parse().ok()?;
    let is_span = ["年来", "年前", "年后", "年间", "年的历史", "年多"].iter().any(|word| starts(text, end, word));
    let is_full = digits.len() == 4 && (1000..=2999).contains(&number) && !(is_span && number.is_multiple_of(1000));
    let is_short = digits.len() == 2 && (digits.starts_with('0') || number >= 50) && !is_span;
    (is_full || is_short).then(|| {
        out.push_str(&digit_by_digit(&digits));
        digits.len()
    })
}

/// 302室, G1234次, 房间1108, 110路.
fn room(text: &[char], at: usize, out: &mut String) -> Option<usize> {
    let digits = digits_at(text, at);
    let end = at + digits.len();
    let is_named = ["室", "房", "号房", "号病房", "病房", "路", "次列车", "次航班", "航班"]
        .iter()
        .any(|word| starts(text, end, word));
    let is_after = out.ends_with("房间") || out.ends_with("病房") || out.ends_with("房号") || out.ends_with("车次");
    let is_coded = out.chars().last().is_some_and(|c| c.is_ascii_uppercase());
    ((digits.len() >= 3 && (is_named || is_after)) || (digits.len() >= 2 && is_coded)).then(|| {
        out.push_str(&spelled(&digits));
        digits.len()
    })
}

/// ¥12.50, $5
fn money(text: &[char], at: usize, out: &mut String) -> usize {
    let figure = Figure::read(text, at + 1);
    let name = match text[at] {
        '$' => "美元",
        '€' => "欧元",
        _ => "元",
    };
    let more = text.get(at + 1 + figure.length).filter(|c| "万亿".contains(**c));
    match (&figure.decimals, more) {
        (Some(decimals), None) if name == "元" && decimals.len() <= 2 => {
            let digit = |place: usize| decimals.as_bytes().get(place).map_or(0, |d| u64::from(d - b'0'));
            let (tens, ones) = (digit(0), digit(1));
            let whole = decimal(&figure.whole, None);
            out.push_str(&if figure.whole == "2" { "两元".to_owned() } else { format!("{whole}元") });
            if tens > 0 {
                out.push_str(&format!("{}角", cardinal(tens)));
            }
            if ones > 0 {
                out.push_str(&format!("{}{}分", if tens == 0 { "零" } else { "" }, cardinal(ones)));
            }
        }
        _ => {
            let words =
                if figure.whole == "2" && figure.decimals.is_none() { "两".to_owned() } else { figure.words() };
            out.push_str(&words);
            out.extend(more);
            out.push_str(name);
        }
    }
    1 + figure.length + usize::from(more.is_some())
}

#[cfg(test)]
mod tests {
    use super::written_out;

    #[test]
    fn figures_are_read_as_people_read_them() {
        for (written, spoken) in [
            ("今天是2026年3月5日。", "今天是二零二六年三月五日。"),
            ("2026-03-05", "二零二六年三月五日"),
            ("2026/12/31", "二零二六年十二月三十一日"),
            ("生于98年", "生于九八年"),
            ("08年奥运", "零八年奥运"),
            ("结婚20年", "结婚二十年"),
            ("住了2年", "住了两年"),
            ("2年级2班", "二年级二班"),
            ("2月2号", "二月二号"),
            ("2个月", "两个月"),
            ("第2次", "第二次"),
            ("2楼", "二楼"),
            ("早上8:05出门", "早上八点零五分出门"),
            ("下午2:00", "下午两点"),
            ("14：30", "十四点半"),
            ("3:2赢了", "三比二赢了"),
            ("电话是13812345678", "电话是幺三八，幺二三四，五六七八"),
            ("010-62345678", "零幺零，六二三四五六七八"),
            ("400-820-8820", "四零零，八二零，八八二零"),
            ("请拨打120", "请拨打幺二零"),
            ("打了120个电话", "打了一百二十个电话"),
            ("3.14", "三点一四"),
            ("体温36.5℃", "体温三十六点五摄氏度"),
            ("-5℃", "零下五摄氏度"),
            ("85%", "百分之八十五"),
            ("0.5%", "百分之零点五"),
            ("1/2", "二分之一"),
            ("血压120/80", "血压一百二十，八十"),
            ("¥12.50", "十二元五角"),
            ("￥3,200", "三千二百元"),
            ("1,234,567人", "一百二十三万四千五百六十七人"),
            ("3-5天", "三到五天"),
            ("1998-2003年", "一九九八到二零零三年"),
            ("10~20%", "百分之十到百分之二十"),
            ("302室", "三零二室"),
            ("G1234次", "G幺二三四次"),
            ("5公里", "五公里"),
            ("2km", "两公里"),
            ("65kg", "六十五公斤"),
            ("100m²", "一百平方米"),
            ("3+2=5", "三加二等于五"),
            ("１２３", "一百二十三"),
            ("10000步", "一万步"),
            ("2000年", "二零零零年"),
            ("2000年前", "两千年前"),
            ("12:00", "十二点"),
            ("没有数字", "没有数字"),
        ] {
            assert_eq!(written_out(written), spoken, "{written}");
        }
    }
}
