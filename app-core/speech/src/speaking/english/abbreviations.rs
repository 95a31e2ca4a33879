//! Short forms written out.

/// Short form with its full stop, and what is said. The ones that depend on what follows are in [`written_out`].
const SHORT: [(&str, &str); 37] = [
    ("Mr.", "Mister"),
    ("Mrs.", "Missus"),
    ("Ms.", "Miz"),
    ("Dr.", "Doctor"),
    ("Prof.", "Professor"),
    ("Rev.", "Reverend"),
    ("Jr.", "Junior"),
    ("Sr.", "Senior"),
    ("Mt.", "Mount"),
    ("Ave.", "Avenue"),
    ("Rd.", "Road"),
    ("Blvd.", "Boulevard"),
    ("Apt.", "Apartment"),
    ("Dept.", "Department"),
    ("Co.", "Company"),
    ("Inc.", "Incorporated"),
    ("approx.", "approximately"),
    ("vs.", "versus"),
    ("etc.", "et cetera"),
    ("e.g.", "for example"),
    ("i.e.", "that is"),
    ("min.", "minutes"),
    ("tel.", "telephone"),
    ("Jan.", "January"),
    ("Feb.", "February"),
    ("Aug.", "August"),
    ("Sept.", "September"),
    ("Oct.", "October"),
    ("Nov.", "November"),
    ("Dec.", "December"),
    ("Mon.", "Monday"),
    ("Tue.", "Tuesday"),
    ("Tues.", "Tuesday"),
    ("Wed.", "Wednesday"),
    ("Thu.", "Thursday"),
    ("Thurs.", "Thursday"),
    ("Fri.", "Friday"),
];

/// Short forms in the text written out. A full stop that ends the sentence too is kept.
pub(crate) fn written_out(text: &str) -> String {
    let mut out = String::new();
    let mut words = text.split_inclusive(char::is_whitespace).peekable();
    while let Some(piece) = words.next() {
        let word = piece.trim_end();
        let space = &piece[word.len()..];
        let opening: String = word.chars().take_while(|c| "(\"“'".contains(*c)).collect();
        let core = &word[opening.len()..];
        let next = words.peek().copied().unwrap_or("");
        out.push_str(&opening);
        out.push_str(&one(core, next));
        out.push_str(space);
    }
    out
}

fn one(word: &str, next: &str) -> String {
    let next_starts = |test: fn(char) -> bool| next.chars().next().is_some_and(test);
    let bare = word.trim_end_matches([',', ';', ':', '?', '!', ')']);
    let tail = &word[bare.len()..];
    let told = match bare {
        "St." if next_starts(char::is_uppercase) => Some("Saint".to_owned()),
        "St." => Some("Street".to_owned()),
        "No." | "no." | "Nos." if next_starts(|c| c.is_ascii_digit()) => Some("number".to_owned()),
        "a.m." | "A.M." => Some("A M".to_owned()),
        "p.m." | "P.M." => Some("P M".to_owned()),
        "w/" => Some("with".to_owned()),
        "w/o" => Some("without".to_owned()),
        "&" => Some("and".to_owned()),
        "@" => Some("at".to_owned()),
        _ => SHORT.iter().find(|(short, _)| *short == bare).map(|(_, long)| (*long).to_owned()),
    };
    let Some(told) = told else { return word.to_owned() };
    // "at 8 p.m. Then …", "… and so on, etc.": the one full stop stood for both.
    let can_end = matches!(bare, "a.m." | "p.m." | "A.M." | "P.M." | "etc." | "Jr." | "Sr." | "Inc." | "Co." | "St.");
    let ends = tail.is_empty()
        && bare.ends_with('.')
        && can_end
        && told != "Saint"
        && (next.is_empty() || next_starts(char::is_uppercase));
    format!("{told}{tail}{}", if ends { "." } else { "" })
}

#[cfg(test)]
mod tests {
    use super::written_out;

    #[test]
    fn short_forms_are_said_in_full_and_sentences_still_end() {
        for (written, spoken) in [
            ("Dr. Smith saw Mrs. Lee.", "Doctor Smith saw Missus Lee."),
            ("St. Mary's is on Main St.", "Saint Mary's is on Main Street."),
            ("at 8 p.m. Then we left", "at 8 P M. Then we left"),
            ("at 8 a.m. on Monday", "at 8 A M on Monday"),
            ("tea, cakes, etc.", "tea, cakes, et cetera."),
            ("No. 10 and no. I said no.", "number 10 and no. I said no."),
            ("fish & chips", "fish and chips"),
            ("(Dr. Lee)", "(Doctor Lee)"),
        ] {
            assert_eq!(written_out(written), spoken, "{written}");
        }
    }
}
