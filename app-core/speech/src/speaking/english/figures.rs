//! English text as one would read it aloud: dates, times, sums, units, ordinals and figures become words.

use reme_types::MONTHS_EN;

use super::{
    abbreviations,
    numbers::{cardinal, decimal, ordinal, plural, spelled, year},
};

/// Letters of a unit, its name for one and for more.
const UNITS: [(&str, &str, &str); 26] = [
    ("km/h", "kilometre an hour", "kilometres an hour"),
    ("mph", "mile an hour", "miles an hour"),
    ("mmHg", "millimetre of mercury", "millimetres of mercury"),
    ("km", "kilometre", "kilometres"),
    ("cm", "centimetre", "centimetres"),
    ("mm", "millimetre", "millimetres"),
    ("kg", "kilogram", "kilograms"),
    ("mg", "milligram", "milligrams"),
    ("ml", "millilitre", "millilitres"),
    ("mL", "millilitre", "millilitres"),
    ("lbs", "pound", "pounds"),
    ("lb", "pound", "pounds"),
    ("oz", "ounce", "ounces"),
    ("ft", "foot", "feet"),
    ("hrs", "hour", "hours"),
    ("hr", "hour", "hours"),
    ("mins", "minute", "minutes"),
    ("min", "minute", "minutes"),
    ("°C", "degree Celsius", "degrees Celsius"),
    ("℃", "degree Celsius", "degrees Celsius"),
    ("°F", "degree Fahrenheit", "degrees Fahrenheit"),
    ("°", "degree", "degrees"),
    ("%", "percent", "percent"),
    ("m", "metre", "metres"),
    ("g", "gram", "grams"),
    ("L", "litre", "litres"),
];

/// Sign, name for one and for more, name of the hundredth.
const MONEY: [(char, &str, &str, &str); 5] = [
    ('$', "dollar", "dollars", "cents"),
    ('£', "pound", "pounds", "pence"),
    ('€', "euro", "euros", "cents"),
    ('¥', "yuan", "yuan", "fen"),
    ('￥', "yuan", "yuan", "fen"),
];

/// Words after which a number of three digits or more names a thing and is read by its digits.
const NAMED: [&str; 9] = ["room", "flight", "bus", "route", "apartment", "flat", "channel", "ward", "code"];

/// Words after which figures are a telephone number.
const CALLED: [&str; 5] = ["call", "dial", "phone", "telephone", "ring"];

/// Text in reading, and what is said so far.
struct Reader<'a> {
    rest: &'a str,
    out: String,
}

/// Writes the text out; words stay as they are.
pub(crate) fn written_out(text: &str) -> String {
    let text = abbreviations::written_out(&text.replace(['\u{a0}', '\u{202f}'], " "));
    let mut reader = Reader { rest: &text, out: String::new() };
    while let Some(first) = reader.rest.chars().next() {
        let in_word = reader.out.chars().last().is_some_and(char::is_alphabetic);
        let is_start = first.is_ascii_digit() && !in_word;
        if is_start && reader.figure() || reader.signed(first) {
            continue;
        }
        if let Some(length) = roman(reader.rest, &reader.out) {
            let (numeral, rest) = reader.rest.split_at(length);
            reader.out.push_str(&roman_words(numeral, &reader.out));
            reader.rest = rest;
            continue;
        }
        if first.is_ascii_digit() && in_word {
            // A4, B12: the figure goes with the letters.
            let digits = digits(reader.rest);
            reader.say(digits.len(), &format!(" {}", decimal(digits, None)));
            continue;
        }
        reader.out.push(first);
        reader.rest = &reader.rest[first.len_utf8()..];
    }
    reader.out
}

fn digits(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())]
}

/// A figure with commas between thousands taken out, its decimals, and the bytes it takes up.
fn number(text: &str) -> (String, Option<String>, usize) {
    let mut whole = digits(text).to_owned();
    let mut length = whole.len();
    while whole.len() <= 15 && (length > whole.len() || whole.len() <= 3) && text[length..].starts_with(',') {
        let group = digits(&text[length + 1..]);
        if group.len() != 3 {
            break;
        }
        whole.push_str(group);
        length += 4;
    }
    let decimals = text[length..].strip_prefix('.').map(digits).filter(|d| !d.is_empty()).map(str::to_owned);
    length += decimals.as_ref().map_or(0, |decimals| decimals.len() + 1);
    (whole, decimals, length)
}

impl Reader<'_> {
    /// Says `words` for the next `length` bytes.
    fn say(&mut self, length: usize, words: &str) -> bool {
        self.out.push_str(words);
        self.rest = &self.rest[length..];
        true
    }

    /// The last word said, in small letters.
    fn last_word(&self) -> String {
        let word = self.out.trim_end().rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        word.to_lowercase()
    }

    /// A sign that belongs to the figure behind it.
    fn signed(&mut self, sign: char) -> bool {
        let after = &self.rest[sign.len_utf8()..];
        let is_figure = after.starts_with(|c: char| c.is_ascii_digit());
        let is_free = !self.out.ends_with(|c: char| c.is_alphanumeric());
        match sign {
            '-' | '−' if is_figure && is_free => self.say(sign.len_utf8(), "minus "),
            '+' if is_figure => self.say(1, if is_free { "plus " } else { " plus " }),
            '=' if after.trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
                self.say(1, if self.out.ends_with(' ') { "equals " } else { " equals " })
            }
            '\'' | '’' if is_figure && is_free => {
                let two = digits(after);
                let is_decade = two.len() == 2 && two.ends_with('0') && after[2..].starts_with('s');
                is_decade && self.say(sign.len_utf8() + 3, &plural(&cardinal(two.parse().unwrap_or(0))))
            }
            _ if is_figure => self.money(sign),
            _ => false,
        }
    }

    fn money(&mut self, sign: char) -> bool {
        let Some((_, one, more, hundredth)) = MONEY.iter().find(|(known, ..)| *known == sign) else { return false };
        let (whole, decimals, length) = number(&self.rest[sign.len_utf8()..]);
        let used = sign.len_utf8() + length;
        let size =
            ["million", "billion", "thousand"].iter().find(|size| self.rest[used..].trim_start().starts_with(*size));
        if let Some(size) = size {
            let space = self.rest[used..].len() - self.rest[used..].trim_start().len();
            let words = format!("{} {size} {more}", decimal(&whole, decimals.as_deref()));
            return self.say(used + space + size.len(), &words);
        }
        let name = if whole == "1" { one } else { more };
        let cents = decimals.filter(|d| d.len() == 2 && d != "00").and_then(|d| d.parse().ok());
        let words = match (whole.as_str(), cents) {
            ("0", Some(cents)) => format!("{} {hundredth}", cardinal(cents)),
            (_, Some(cents)) => format!("{} {name} and {} {hundredth}", decimal(&whole, None), cardinal(cents)),
            (_, None) => format!("{} {name}", decimal(&whole, None)),
        };
        self.say(used, &words)
    }

    /// What begins with a figure.
    fn figure(&mut self) -> bool {
        let readers = [
            Self::date,
            Self::time,
            Self::telephone,
            Self::ordinal,
            Self::fraction,
            Self::range,
            Self::day,
            Self::year,
        ];
        readers.iter().any(|read| read(self)) || self.plain()
    }

    /// 2026-03-05 and 3/5/2026 (month first).
    fn date(&mut self) -> bool {
        let first = digits(self.rest);
        let Some(sign) = self.rest[first.len()..].chars().next().filter(|c| "-/".contains(*c)) else { return false };
        let second = digits(&self.rest[first.len() + 1..]);
        let third_at = first.len() + 1 + second.len();
        let Some(third) = self.rest[third_at..].strip_prefix(sign).map(digits) else { return false };
        let parse = |text: &str| text.parse::<u64>().unwrap_or(0);
        let (y, m, d) = if first.len() == 4 {
            (parse(first), parse(second), parse(third))
        } else {
            (parse(third), parse(first), parse(second))
        };
        if !(1000..=2999).contains(&y) || !(1..=12).contains(&m) || !(1..=31).contains(&d) {
            return false;
        }
        let words = format!("{} {}, {}", MONTHS_EN[m as usize - 1], ordinal(d), year(y));
        self.say(third_at + 1 + third.len(), &words)
    }

    /// 8:05, 8:00, 14:30
    fn time(&mut self) -> bool {
        let hours = digits(self.rest);
        let Some(minutes) = self.rest[hours.len()..].strip_prefix(':').map(digits) else { return false };
        let (Ok(hour), Ok(minute)) = (hours.parse::<u64>(), minutes.parse::<u64>()) else { return false };
        if hours.len() > 2 || minutes.len() != 2 || hour > 24 || minute > 59 {
            return false;
        }
        let used = hours.len() + 3;
        let after = self.rest[used..].trim_start().to_lowercase();
        let has_half = ["am", "pm", "a m", "p m"].iter().any(|half| after.starts_with(half));
        let words = match minute {
            0 if has_half || hour == 0 || hour > 12 => cardinal(hour),
            0 => format!("{} o'clock", cardinal(hour)),
            1..10 => format!("{} oh {}", cardinal(hour), cardinal(minute)),
            _ => format!("{} {}", cardinal(hour), cardinal(minute)),
        };
        self.say(used, &words);
        self.half_of_day();
        true
    }

    /// am and pm behind a time, spoken as letters.
    fn half_of_day(&mut self) {
        let spaced = self.rest.len() - self.rest.trim_start_matches(' ').len();
        let rest = &self.rest[spaced..];
        let is_half =
            rest.get(..2).is_some_and(|half| half.eq_ignore_ascii_case("am") || half.eq_ignore_ascii_case("pm"));
        if is_half && !rest[2..].starts_with(|c: char| c.is_alphanumeric()) {
            let words = if rest.starts_with(['a', 'A']) { " A M" } else { " P M" };
            self.say(spaced + 2, words);
        }
    }

    /// 555-0123, 020-7946-0958, and short numbers behind "call" or "dial".
    fn telephone(&mut self) -> bool {
        let mut groups = vec![digits(self.rest)];
        let mut length = groups[0].len();
        while self.rest[length..].starts_with(['-', ' ']) {
            let group = digits(&self.rest[length + 1..]);
            if group.len() < 3 {
                break;
            }
            length += group.len() + 1;
            groups.push(group);
        }
        let is_called = CALLED.contains(&self.last_word().as_str());
        let all: usize = groups.iter().map(|group| group.len()).sum();
        let is_split = groups.len() > 1 && self.rest[groups[0].len()..].starts_with('-') && (7..=13).contains(&all);
        let is_long = groups.len() == 1 && all >= 10 && !self.rest[length..].starts_with([',', '.']);
        let is_short = is_called && groups.len() == 1 && all >= 3;
        if !(is_split || is_long || is_short || is_called && groups.len() > 1) {
            return false;
        }
        let words: Vec<String> = groups.iter().map(|group| spelled(group)).collect();
        self.say(length, &words.join(", "))
    }

    /// 1st, 22nd
    fn ordinal(&mut self) -> bool {
        let figure = digits(self.rest);
        let after = &self.rest[figure.len()..];
        let is_ordinal = ["st", "nd", "rd", "th"]
            .iter()
            .any(|end| after.strip_prefix(end).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric())));
        let Some(number) = figure.parse().ok().filter(|_| is_ordinal) else { return false };
        self.say(figure.len() + 2, &ordinal(number))
    }

    /// 1/2, 3/4, 2 1/2; 120/80 is a blood pressure.
    fn fraction(&mut self) -> bool {
        let top = digits(self.rest);
        let Some(bottom) = self.rest[top.len()..].strip_prefix('/').map(digits) else { return false };
        let (Ok(t), Ok(b)) = (top.parse::<u64>(), bottom.parse::<u64>()) else { return false };
        let used = top.len() + 1 + bottom.len();
        let words = match (t, b) {
            (1, 2) => "a half".to_owned(),
            (1, 4) => "a quarter".to_owned(),
            (_, 4) if t < b => format!("{} quarters", cardinal(t)),
            (1, _) if b > 1 => format!("one {}", ordinal(b)),
            _ if t < b && b <= 100 => format!("{} {}", cardinal(t), plural(&ordinal(b))),
            _ => format!("{} over {}", cardinal(t), cardinal(b)),
        };
        let is_mixed = t < b
            && self.out.ends_with(' ')
            && self.last_word().chars().all(char::is_alphabetic)
            && super::numbers::cardinal(self.last_whole()) == self.last_phrase();
        self.say(used, &if is_mixed { format!("and {words}") } else { words })
    }

    /// The last word said as a small whole number, or 1000 when it is none.
    fn last_whole(&self) -> u64 {
        let last = self.last_phrase();
        (1..100).find(|&small| cardinal(small) == last).unwrap_or(1_000)
    }

    fn last_phrase(&self) -> String {
        self.out.trim_end().rsplit(' ').next().unwrap_or("").to_owned()
    }

    /// 3-5, 1998–2003
    fn range(&mut self) -> bool {
        let (whole, decimals, length) = number(self.rest);
        let Some(sign) = self.rest[length..].chars().next().filter(|c| "-–—".contains(*c)) else { return false };
        let after = &self.rest[length + sign.len_utf8()..];
        if !after.starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let is_year = |text: &str| text.len() == 4 && matches!(&text[..2], "18" | "19" | "20");
        let words = match decimals {
            None if is_year(&whole) && is_year(digits(after)) => year(whole.parse().unwrap_or(0)),
            decimals => decimal(&whole, decimals.as_deref()),
        };
        self.say(length + sign.len_utf8(), &format!("{words} to "))
    }

    /// "March 5", "5 March": the day of a month.
    fn day(&mut self) -> bool {
        let figure = digits(self.rest);
        let Some(number) = figure.parse::<u64>().ok().filter(|day| (1..=31).contains(day) && figure.len() <= 2) else {
            return false;
        };
        let after = &self.rest[figure.len()..];
        let month_before = MONTHS_EN.iter().any(|month| self.out.ends_with(&format!("{month} ")));
        let month_after = MONTHS_EN.iter().find(|month| {
            after
                .strip_prefix(' ')
                .and_then(|after| after.strip_prefix(*month))
                .is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
        });
        if month_before && !after.starts_with([':', '%', '.']) {
            return self.say(figure.len(), &ordinal(number));
        }
        if month_after.is_none() {
            return false;
        }
        let article = if self.last_word() == "the" { "" } else { "the " };
        self.say(figure.len(), &format!("{article}{} of", ordinal(number)))
    }

    /// 1998, 1990s
    fn year(&mut self) -> bool {
        let figure = digits(self.rest);
        let after = &self.rest[figure.len()..];
        let Some(number) = figure.parse::<u64>().ok().filter(|year| figure.len() == 4 && (1100..=2099).contains(year))
        else {
            return false;
        };
        let is_decade = number % 10 == 0 && after.starts_with('s') && !after[1..].starts_with(char::is_alphabetic);
        if is_decade {
            return self.say(5, &plural(&year(number)));
        }
        let is_counted = after.starts_with(['.', ',']) && after[1..].starts_with(|c: char| c.is_ascii_digit())
            || UNITS.iter().any(|(letters, ..)| unit_fits(after, letters))
            || ["people", "steps", "calories", "years", "days", "times", "words", "pieces", "miles"]
                .iter()
                .any(|word| after.trim_start().starts_with(word));
        !is_counted && self.say(4, &year(number))
    }

    /// A figure by itself, with its unit.
    fn plain(&mut self) -> bool {
        let (whole, decimals, length) = number(self.rest);
        if whole.len() >= 3 && decimals.is_none() && NAMED.contains(&self.last_word().as_str()) {
            return self.say(length, &spelled(&whole));
        }
        let is_one = whole == "1" && decimals.is_none();
        self.say(length, &decimal(&whole, decimals.as_deref()));
        let unit = UNITS.iter().find(|(letters, ..)| unit_fits(self.rest, letters));
        if let Some((letters, one, more)) = unit {
            let spaced = usize::from(self.rest.starts_with(' '));
            return self.say(spaced + letters.len(), &format!(" {}", if is_one { one } else { more }));
        }
        self.half_of_day();
        true
    }
}

/// True when the unit stands here, perhaps behind a space, and no longer word does.
fn unit_fits(text: &str, letters: &str) -> bool {
    let text = text.strip_prefix(' ').unwrap_or(text);
    text.strip_prefix(letters).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
}

/// Length of a Roman numeral that starts here behind a name or a word such as "War".
fn roman(rest: &str, out: &str) -> Option<usize> {
    let before = out.strip_suffix(' ')?;
    let length = rest.find(|c: char| !"IVX".contains(c)).unwrap_or(rest.len());
    let ends = !rest[length..].starts_with(|c: char| c.is_alphanumeric() || c == '\'' || c == '’');
    let name = before.rsplit(' ').next()?;
    let is_name = name.chars().next().is_some_and(char::is_uppercase) && name.chars().skip(1).all(char::is_lowercase);
    // "I" alone is the speaker.
    (length >= 2 && ends && is_name && name.len() > 1 && roman_value(&rest[..length]).is_some()).then_some(length)
}

fn roman_value(numeral: &str) -> Option<u64> {
    const NUMERALS: [&str; 20] = [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII",
        "XVIII", "XIX", "XX",
    ];
    NUMERALS.iter().position(|known| *known == numeral).map(|at| at as u64 + 1)
}

fn roman_words(numeral: &str, out: &str) -> String {
    let number = roman_value(numeral).unwrap_or(0);
    let is_thing = ["War", "Part", "Chapter", "Volume", "Act", "Book", "Type", "Phase"]
        .iter()
        .any(|word| out.trim_end().ends_with(word));
    if is_thing { cardinal(number) } else { format!("the {}", ordinal(number)) }
}

#[cfg(test)]
mod tests {
    use super::written_out;

    #[test]
    fn figures_are_read_as_people_read_them() {
        for (written, spoken) in [
            ("Today is March 5, 2026.", "Today is March fifth, twenty twenty-six."),
            ("on 5 March 2026", "on the fifth of March twenty twenty-six"),
            ("2026-03-05", "March fifth, twenty twenty-six"),
            ("3/5/2026", "March fifth, twenty twenty-six"),
            ("in 1998 and 2005", "in nineteen ninety-eight and two thousand and five"),
            ("the 1990s, the '60s", "the nineteen nineties, the sixties"),
            ("from 1939–1945", "from nineteen thirty-nine to nineteen forty-five"),
            ("at 8:05 am", "at eight oh five A M"),
            ("at 8:00", "at eight o'clock"),
            ("at 8:00 p.m.", "at eight P M."),
            ("at 3pm", "at three P M"),
            ("14:30", "fourteen thirty"),
            ("$12.50", "twelve dollars and fifty cents"),
            ("$1", "one dollar"),
            ("£0.99", "ninety-nine pence"),
            ("$3.5 million", "three point five million dollars"),
            ("¥200", "two hundred yuan"),
            ("the 21st of June", "the twenty-first of June"),
            ("call 911", "call nine one one"),
            ("555-0123", "five five five, oh one two three"),
            ("3.14", "three point one four"),
            ("85%", "eighty-five percent"),
            ("1/2 cup", "a half cup"),
            ("3/4", "three quarters"),
            ("2 1/2 cups", "two and a half cups"),
            ("120/80", "one hundred and twenty over eighty"),
            ("3-5 days", "three to five days"),
            ("5 km", "five kilometres"),
            ("1 kg", "one kilogram"),
            ("-5°C", "minus five degrees Celsius"),
            ("98.6°F", "ninety-eight point six degrees Fahrenheit"),
            ("1,234 people", "one thousand two hundred and thirty-four people"),
            ("2000 steps", "two thousand steps"),
            ("Room 302", "Room three oh two"),
            ("vitamin B12", "vitamin B twelve"),
            ("World War II", "World War two"),
            ("Queen Elizabeth II", "Queen Elizabeth the second"),
            ("Henry VIII's wives", "Henry VIII's wives"),
            ("I was 70.", "I was seventy."),
            ("may 5 people", "may five people"),
            ("3+2=5", "three plus two equals five"),
            ("no figures", "no figures"),
        ] {
            assert_eq!(written_out(written), spoken, "{written}");
        }
    }
}
