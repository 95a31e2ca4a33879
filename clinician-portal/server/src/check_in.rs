//! The check-in's questions and the answers each takes: one list for the route that checks them and the export that names them.
//!
//! Five closed questions of our own on how training goes at home. No validated instrument, no score.

/// A question.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    /// Name of the field, also the link id in an export.
    pub(crate) field: &'static str,
    /// As it is asked, in English; the screens have their own words.
    pub(crate) text: &'static str,
    /// Code and display of each answer.
    pub(crate) answers: &'static [(&'static str, &'static str)],
}

/// The version of this list; a change of wording or answers is a new one.
pub(crate) const VERSION: &str = "1";

/// The questions, in the order they are asked.
pub(crate) const QUESTIONS: [Question; 5] = [
    Question {
        field: "willingness",
        text: "How willing was the patient to train?",
        answers: &[
            ("gladly", "Gladly"),
            ("as-usual", "As usual"),
            ("reluctantly", "Reluctantly"),
            ("not-at-all", "Not at all"),
        ],
    },
    Question {
        field: "mood",
        text: "What was the mood like?",
        answers: &[("good", "Good"), ("mixed", "Mixed"), ("low", "Low")],
    },
    Question {
        field: "tiredness",
        text: "How tired was the patient?",
        answers: &[("rested", "Rested"), ("tired", "Tired"), ("very-tired", "Very tired")],
    },
    Question {
        field: "help",
        text: "How much help was needed to get through a session?",
        answers: &[("none", "None"), ("some", "Some"), ("much", "Much")],
    },
    Question {
        field: "change_seen",
        text: "Is anything new: illness, medicines, sleep, at home?",
        answers: &[("no", "No"), ("yes", "Yes")],
    },
];
