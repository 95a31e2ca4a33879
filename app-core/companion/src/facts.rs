//! Askable details: what a carer sends of them, and what is kept of that.
//!
//! Where in the flow: rules (and later the model) propose, a person looks, changes and confirms, the games ask. What it must
//! never do: pass a proposal off as a person's word, or keep a question that holds its own answer.

use reme_capture::ProposedFact;
use reme_types::{FactId, FactKind, FactOrigin, MemoryFact, MemoryId};

use crate::{
    FactFault, Problem,
    dto::FactDto,
    form::{at_most, unique},
    household::ReMeError,
    names::{kept, word},
};

/// Most details of one memory [design: more than anybody is asked in one sitting].
const MOST_FACTS: usize = 20;
/// Longest question, characters [design: two lines on a phone at the largest text].
const QUESTION_MOST_CHARS: usize = 200;
/// Longest answer or other wording, characters [design].
const ANSWER_MOST_CHARS: usize = 120;
/// Most other wordings [design].
const MOST_ALIASES: usize = 30;

/// A detail as it was sent, checked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GivenFact {
    id: Option<FactId>,
    kind: FactKind,
    question: String,
    answer: String,
    aliases: Vec<String>,
    meaning_cue: Option<String>,
    by_model: bool,
    confirmed: bool,
}

/// Checks what was sent; `None` stays `None`.
pub(crate) fn read_facts(facts: Option<&[FactDto]>) -> Result<Option<Vec<GivenFact>>, ReMeError> {
    let Some(facts) = facts else { return Ok(None) };
    at_most("facts", facts.len(), MOST_FACTS)?;
    facts.iter().enumerate().map(|(at, fact)| read_fact(at + 1, fact)).collect::<Result<_, _>>().map(Some)
}

fn read_fact(number: usize, fact: &FactDto) -> Result<GivenFact, ReMeError> {
    let fault = |fault| ReMeError::Invalid { field: "facts", problem: Problem::Fact { number, fault } };
    let fits = |text: &str, most: usize| (1..=most).contains(&text.chars().count());
    let kind = serde_json::from_value(fact.kind.clone().into()).map_err(|_| fault(FactFault::Kind))?;
    let (question, answer) = (fact.question.trim().to_owned(), fact.answer.trim().to_owned());
    if !fits(&question, QUESTION_MOST_CHARS) {
        return Err(fault(FactFault::Question));
    }
    let aliases = unique(fact.aliases.iter().cloned());
    at_most("facts", aliases.len(), MOST_ALIASES)?;
    if !fits(&answer, ANSWER_MOST_CHARS) || aliases.iter().any(|alias| !fits(alias, ANSWER_MOST_CHARS)) {
        return Err(fault(FactFault::Answer));
    }
    if holds(&question, &answer) {
        return Err(fault(FactFault::HoldsAnswer));
    }
    Ok(GivenFact {
        id: fact.id.as_ref().and_then(|id| id.parse().ok()),
        kind,
        question,
        answer,
        aliases,
        meaning_cue: fact.meaning_cue.as_ref().map(|cue| cue.trim().to_owned()).filter(|cue| !cue.is_empty()),
        by_model: fact.origin == word(&FactOrigin::Model),
        confirmed: fact.confirmed,
    })
}

/// Whether the question holds the whole answer; "ham" is not held by "Graham".
fn holds(question: &str, answer: &str) -> bool {
    let (question, answer) = (question.to_lowercase(), answer.to_lowercase());
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
    question.match_indices(&answer).any(|(at, _)| {
        let (before, after) = (question[..at].chars().next_back(), question[at + answer.len()..].chars().next());
        !answer.is_ascii() || (edge(before) && edge(after))
    })
}

/// What is kept. A detail that stayed as it was keeps its origin; one that was changed or written by hand is the person's, and
/// confirmed. With none given, what a person has looked at stays and the rest is proposed anew.
pub(crate) fn settled(
    given: Option<Vec<GivenFact>>,
    existing: &[MemoryFact],
    proposals: &[ProposedFact],
    memory: MemoryId,
    new_id: &mut dyn FnMut() -> FactId,
) -> Vec<MemoryFact> {
    let Some(given) = given else { return proposed_anew(existing, proposals, memory, new_id) };
    let mut facts: Vec<MemoryFact> = Vec::new();
    for fact in given {
        let old = existing.iter().find(|old| Some(old.id) == fact.id && facts.iter().all(|f| f.id != old.id));
        let is_as = |kind, question: &str, answer: &str, aliases: &[String], cue: &Option<String>| {
            (kind, question, answer, aliases, cue)
                == (fact.kind, fact.question.as_str(), fact.answer.as_str(), &fact.aliases[..], &fact.meaning_cue)
        };
        let stayed = old.filter(|o| is_as(o.kind, &o.question, &o.answer, &o.aliases, &o.meaning_cue));
        let is_proposal = || {
            old.is_none() && proposals.iter().any(|p| is_as(p.kind, &p.question, &p.answer, &p.aliases, &p.meaning_cue))
        };
        let (origin, confirmed) = match stayed {
            Some(old) => (old.origin, old.confirmed || fact.confirmed),
            None if is_proposal() => (FactOrigin::Rule, fact.confirmed),
            None if old.is_none() && fact.by_model => (FactOrigin::Model, fact.confirmed),
            None => (FactOrigin::Person, true),
        };
        facts.push(MemoryFact {
            id: old.map_or_else(&mut *new_id, |old| old.id),
            memory_id: memory,
            kind: fact.kind,
            question: fact.question,
            answer: fact.answer,
            aliases: fact.aliases,
            meaning_cue: fact.meaning_cue,
            origin,
            confirmed,
        });
    }
    facts
}

fn proposed_anew(
    existing: &[MemoryFact],
    proposals: &[ProposedFact],
    memory: MemoryId,
    new_id: &mut dyn FnMut() -> FactId,
) -> Vec<MemoryFact> {
    let looked_at = |fact: &&MemoryFact| fact.confirmed || fact.origin == FactOrigin::Person;
    let mut facts: Vec<MemoryFact> = existing.iter().filter(looked_at).cloned().collect();
    for proposal in proposals {
        let same = |f: &MemoryFact| f.question == proposal.question || f.answer == proposal.answer;
        if facts.len() < MOST_FACTS && !facts.iter().any(same) {
            facts.push(kept(new_id(), memory, proposal.clone(), FactOrigin::Rule));
        }
    }
    facts
}

/// A proposal of the rules as a screen shows it, not yet kept.
pub(crate) fn proposal_dto(fact: &ProposedFact) -> FactDto {
    proposed(fact, FactOrigin::Rule)
}

/// A proposal as a screen shows it, not yet kept; `origin` says who proposed it.
pub fn proposed(fact: &ProposedFact, origin: FactOrigin) -> FactDto {
    FactDto {
        id: None,
        kind: word(&fact.kind),
        question: fact.question.clone(),
        answer: fact.answer.clone(),
        aliases: fact.aliases.clone(),
        meaning_cue: fact.meaning_cue.clone(),
        origin: word(&origin),
        confirmed: false,
    }
}

#[cfg(test)]
mod tests {
    use reme_types::{FixedClock, SeededRng, new_uuid_v7};

    use super::*;

    fn uuid(seed: u64) -> uuid::Uuid {
        let clock = FixedClock { now: jiff::Timestamp::UNIX_EPOCH, time_zone: jiff::tz::TimeZone::UTC };
        new_uuid_v7(&clock, &mut SeededRng::new(seed))
    }

    fn dto(id: Option<FactId>, question: &str, answer: &str) -> FactDto {
        let proposal = ProposedFact {
            kind: FactKind::Food,
            question: question.into(),
            answer: answer.into(),
            aliases: vec![],
            meaning_cue: None,
        };
        FactDto { id: id.map(|id| id.to_string()), ..proposal_dto(&proposal) }
    }

    #[test]
    fn a_detail_that_cannot_be_asked_is_refused_by_number() {
        let cases = [
            (dto(None, " ", "leeks"), FactFault::Question),
            (dto(None, "What did you plant?", ""), FactFault::Answer),
            (FactDto { aliases: vec!["x".repeat(121)], ..dto(None, "What?", "leeks") }, FactFault::Answer),
            (FactDto { kind: "dream".into(), ..dto(None, "What?", "leeks") }, FactFault::Kind),
            (dto(None, "Where did the Leeks grow?", "leeks"), FactFault::HoldsAnswer),
            (dto(None, "种了韭菜的是哪里？", "韭菜"), FactFault::HoldsAnswer),
        ];
        for (bad, fault) in cases {
            let refused = read_facts(Some(&[dto(None, "What did Graham bring?", "ham"), bad]));
            let problem = Problem::Fact { number: 2, fault };
            assert!(
                matches!(&refused, Err(ReMeError::Invalid { field: "facts", problem: p }) if *p == problem),
                "{refused:?}"
            );
        }
    }

    #[test]
    fn a_change_makes_a_detail_the_persons_own_and_a_look_leaves_its_origin() {
        let memory = MemoryId::from_uuid(uuid(1));
        let rule = |seed, question: &str, answer: &str| {
            let given = read_facts(Some(&[dto(None, question, answer)])).expect("good").expect("some").remove(0);
            MemoryFact {
                id: FactId::from_uuid(uuid(seed)),
                memory_id: memory,
                kind: given.kind,
                question: given.question,
                answer: given.answer,
                aliases: given.aliases,
                meaning_cue: None,
                origin: FactOrigin::Rule,
                confirmed: false,
            }
        };
        let existing = [rule(2, "What did you eat?", "soup"), rule(3, "What did you drink?", "tea")];
        let mut seed = 10;
        let mut new_id = || {
            seed += 1;
            FactId::from_uuid(uuid(seed))
        };
        let sent = [
            FactDto { confirmed: true, ..dto(Some(existing[0].id), "What did you eat?", "soup") },
            dto(Some(existing[1].id), "What did you drink?", "green tea"),
            dto(Some(existing[1].id), "Who poured?", "Joan"),
            dto(None, "What did you bake?", "scones"),
        ];
        let proposals = [ProposedFact {
            kind: FactKind::Food,
            question: "What did you bake?".into(),
            answer: "scones".into(),
            aliases: vec![],
            meaning_cue: None,
        }];
        let given = read_facts(Some(&sent)).expect("good");
        let facts = settled(given, &existing, &proposals, memory, &mut new_id);
        let of: Vec<_> = facts.iter().map(|f| (f.origin, f.confirmed)).collect();
        use FactOrigin::{Person, Rule};
        assert_eq!(of, [(Rule, true), (Person, true), (Person, true), (Rule, false)]);
        assert_eq!((facts[0].id, facts[1].id), (existing[0].id, existing[1].id));
        assert!(facts[2].id != existing[1].id, "an id is used once");

        let anew = settled(None, &facts, &proposals, memory, &mut new_id);
        assert_eq!(anew.iter().map(|f| f.question.as_str()).collect::<Vec<_>>().len(), 4);
        assert!(anew.iter().all(|f| f.confirmed || f.question == "What did you bake?"));
    }
}
