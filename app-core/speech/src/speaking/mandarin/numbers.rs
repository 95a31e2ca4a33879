//! Numbers in Chinese words.

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const PLACES: [&str; 4] = ["", "十", "百", "千"];
const GROUPS: [&str; 5] = ["", "万", "亿", "兆", "京"];

/// The digits one by one: a year, a room. Anything that is no digit is left out.
pub(crate) fn digit_by_digit(digits: &str) -> String {
    digits.chars().filter_map(|c| c.to_digit(10)).map(|digit| DIGITS[digit as usize]).collect()
}

/// The digits one by one as a telephone or room number is read out: 幺 for 1.
pub(crate) fn spelled(digits: &str) -> String {
    digit_by_digit(digits).replace('一', "幺")
}

/// A whole number as it is counted: 105 is 一百零五, 2000 is 两千, 12 is 十二.
pub(crate) fn cardinal(number: u64) -> String {
    if number == 0 {
        return DIGITS[0].to_string();
    }
    let mut groups = Vec::new();
    let mut rest = number;
    while rest > 0 {
        groups.push(rest % 10_000);
        rest /= 10_000;
    }
    let mut words = String::new();
    let mut is_gap = false;
    for (place, &group) in groups.iter().enumerate().rev() {
        if group == 0 {
            is_gap = !words.is_empty();
            continue;
        }
        if !words.is_empty() && (is_gap || group < 1_000) {
            words.push(DIGITS[0]);
        }
        is_gap = false;
        // A leading 2 before 万 or 亿 is 两; 十 stands alone only at the very front.
        let is_two = group == 2 && place > 0;
        words.push_str(&if is_two { "两".to_owned() } else { of_group(group, words.is_empty()) });
        words.push_str(GROUPS[place.min(GROUPS.len() - 1)]);
    }
    words
}

/// A number below ten thousand.
fn of_group(group: u64, is_front: bool) -> String {
    let digits: Vec<u64> = (0..4).rev().map(|place| group / 10_u64.pow(place) % 10).collect();
    let mut words = String::new();
    let mut is_gap = false;
    for (index, &digit) in digits.iter().enumerate() {
        let place = 3 - index;
        if digit == 0 {
            is_gap = !words.is_empty();
            continue;
        }
        if is_gap {
            words.push(DIGITS[0]);
            is_gap = false;
        }
        match (digit, place) {
            (1, 1) if is_front && words.is_empty() => {}
            (2, 2 | 3) if words.is_empty() => words.push('两'),
            _ => words.push(DIGITS[digit as usize]),
        }
        words.push_str(PLACES[place]);
    }
    words
}

/// A number as written, with its decimals: 3.14 is 三点一四. Very long whole numbers are read digit by digit.
pub(crate) fn decimal(whole: &str, decimals: Option<&str>) -> String {
    let number: Option<u64> = whole.parse().ok().filter(|_| whole.len() <= 16);
    let is_code = whole.len() > 1 && whole.starts_with('0');
    let words = number.filter(|_| !is_code).map_or_else(|| digit_by_digit(whole), cardinal);
    match decimals {
        // Counting words change 2, decimals do not: 2.5 is 二点五.
        Some(decimals) => format!("{words}点{}", digit_by_digit(decimals)),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_counted_as_people_count() {
        for (number, words) in [
            (0, "零"),
            (2, "二"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (101, "一百零一"),
            (110, "一百一十"),
            (111, "一百一十一"),
            (200, "两百"),
            (222, "两百二十二"),
            (1_002, "一千零二"),
            (1_020, "一千零二十"),
            (2_000, "两千"),
            (2_222, "两千二百二十二"),
            (10_000, "一万"),
            (10_010, "一万零一十"),
            (12_000, "一万两千"),
            (20_000, "两万"),
            (100_000, "十万"),
            (1_000_001, "一百万零一"),
            (120_000_000, "一亿两千万"),
            (1_400_000_000, "十四亿"),
            (200_000_300, "两亿零三百"),
        ] {
            assert_eq!(cardinal(number), words, "{number}");
        }
    }

    #[test]
    fn codes_and_decimals_are_read_digit_by_digit() {
        assert_eq!(digit_by_digit("2026"), "二零二六");
        assert_eq!(spelled("13812345110"), "幺三八幺二三四五幺幺零");
        assert_eq!(decimal("3", Some("14")), "三点一四");
        assert_eq!(decimal("007", None), "零零七");
        assert_eq!(decimal("2", Some("5")), "二点五");
    }
}
