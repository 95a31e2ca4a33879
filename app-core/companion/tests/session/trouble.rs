//! Inputs that come twice, come wrong or do not come; sadness; games and memories that change meanwhile.

use reme::Begun;
use reme_types::Language;

use crate::support::Table;

#[test]
fn a_doubled_request_changes_nothing() {
    let mut table = Table::with_memories(Language::En);
    table.begin();
    table.pass_example();
    let input = table.input("text", "We had waffles.");
    let once = table.companion.take_input(&input).expect("taken");
    let trials = table.companion.trials_of(&once.id).expect("read").len();
    let twice = table.companion.take_input(&input).expect("taken");
    assert_eq!(twice, once);
    assert_eq!(table.companion.trials_of(&once.id).expect("read").len(), trials);
    // The second tap of an impatient finger, with another answer.
    let other = reme::dto::InputDto { value: "We had soup.".into(), ..input };
    assert_eq!(table.companion.take_input(&other).expect("taken"), once);
}

#[test]
fn an_input_that_cannot_be_meant_is_refused_by_field_and_changes_nothing() {
    let mut table = Table::with_memories(Language::En);
    table.begin();
    let before = table.now().clone();
    for (kind, value, turn, field) in [
        ("text", "a", 7, "turn"),
        ("tap", "no such choice", 0, "value"),
        ("dance", "", 0, "kind"),
        ("text", &"a".repeat(5_000), 0, "value"),
    ] {
        let input = reme::dto::InputDto { turn, ..table.input(kind, value) };
        assert_eq!(table.refused(&input), ("invalid", Some(field)), "{kind}");
    }
    let elsewhere = reme::dto::InputDto { session: "nonsense".into(), ..table.input("hint", "") };
    assert_eq!(table.refused(&elsewhere), ("invalid", Some("session")));
    assert_eq!(table.companion.session().expect("read"), Some(before));
}

#[test]
fn stop_ends_at_once_keeps_what_was_done_and_begins_anew_next_time() {
    for (how, words) in [("stop", ""), ("text", "That's enough for today."), ("text", "Waffles. But I'm tired now.")] {
        let mut table = Table::with_memories(Language::En);
        table.begin();
        table.pass_example();
        table.send(how, words);
        assert_eq!(table.now().state, "stopped");
        let recalled = table.recalled();
        assert_eq!(recalled.len(), usize::from(words.starts_with("Waffles")), "{words}: {recalled:?}");
        let input = table.input("hint", "");
        let after = table.companion.take_input(&input).expect("harmless");
        assert_eq!(&after, table.now(), "after the end nothing changes");
        assert_eq!(table.begin(), Begun::New);
    }
}

#[test]
fn a_wish_inside_a_story_ends_nothing() {
    let mut table = Table::with_memories(Language::En);
    table.begin();
    table.pass_example();
    for story in [
        "We used to stop now and then to look at the birds on the water.",
        "The old ferry captain said it was too sad to tell, so he told it every single evening.",
    ] {
        table.text(story);
        assert!(table.is_running(), "{story}");
    }
}

#[test]
fn sadness_ends_the_session_and_the_memory_is_never_picked_again() {
    for (language, words) in
        [(Language::En, "Oh, this is too sad. Please stop."), (Language::ZhCn, "太难过了，别提了。")]
    {
        let mut table = Table::with_memories(language);
        table.begin();
        table.pass_example();
        table.text(words);
        assert_eq!(table.now().state, "stopped", "{words}");
        let id = table.memory.as_ref().expect("kept").id.parse().expect("an id");
        assert!(table.companion.memory(id).expect("read").sensitive);
        table.begin();
        assert_ne!(table.now().game_slug, "life-recall", "nothing else is there to talk about");
    }
}

#[test]
fn somebody_who_skips_everything_and_somebody_who_says_nothing_come_to_the_end() {
    for (kind, language) in
        [("skip", Language::En), ("text", Language::En), ("skip", Language::ZhCn), ("text", Language::ZhCn)]
    {
        let mut table = Table::with_memories(language);
        table.begin();
        for _ in 0..300 {
            if !table.is_running() {
                break;
            }
            table.clock.advance(20);
            table.press(kind);
        }
        assert_eq!(table.now().state, "done", "{kind} {language}");
        assert!(table.now().lines.iter().all(|line| line.who == "reme" || !line.text.is_empty()));
        let said = table.now().summary.clone().expect("ended");
        assert!(!said.text.is_empty() && said.recalled == 0 || language == Language::En, "{said:?}");
    }
}

#[test]
fn a_session_that_cannot_go_on_is_ended_kindly_and_keeps_its_trials() {
    let mut table = Table::with_memories(Language::En);
    table.begin();
    table.pass_example();
    table.text("Waffles.");
    let old = table.now().clone();
    let trials = table.trials().len();
    // The carer marks the memory while the session lies half done.
    let memory = table.memory.clone().expect("kept");
    let form = reme::dto::MemoryInputDto {
        kind: memory.kind,
        happened_at: memory.happened_at,
        text: memory.text,
        people: memory.people,
        place: memory.place,
        tags: memory.tags,
        source: memory.source,
        sensitive: true,
        media: memory.media,
        facts: Some(memory.facts),
    };
    table.companion.update_memory(&memory.id, &form).expect("kept");
    let shown = table.companion.session().expect("read").expect("there was one");
    assert_eq!((shown.state.as_str(), shown.input.as_str()), ("stopped", "none"));
    assert!(!table.companion.home().expect("read").resumable);
    let input = table.input("text", "Signe");
    assert_eq!(table.companion.take_input(&input).expect("harmless").state, "stopped");
    assert_eq!(table.begin(), Begun::New);
    assert_ne!(table.now().id, old.id);
    assert_eq!(table.companion.trials_of(&old.id).expect("read").len(), trials);
}

#[test]
fn a_session_of_another_version_of_a_game_is_ended_kindly() {
    let mut table = Table::with_memories(Language::En);
    table.begin();
    table.text("Nora");
    let old = table.now().id.clone();
    let (mut table, ()) = table.beneath(|store| {
        let real = store.sessions(true).expect("read").remove(0);
        let begun = store.events(real.id).expect("read").remove(0);
        let id = reme_types::SessionId::from_uuid(store.new_uuid());
        let payload = begun.payload.replace("\"version\":\"", "\"version\":\"0.0.");
        assert_ne!(payload, begun.payload);
        store
            .transact(|tx| {
                tx.set_session_state(real.id, reme_store::SessionState::Stopped, Some(begun.at), 0)?;
                tx.start_session(&reme_store::Session { id, ..real })?;
                tx.append_event(id, begun.at, &payload).map(|_| ())
            })
            .expect("written");
    });
    assert_eq!(table.begin(), Begun::New);
    assert_ne!(table.now().id, old);
}

#[test]
fn when_a_session_is_over_nothing_of_its_memories_stays_in_the_log() {
    let mut table = Table::with_memories(Language::En);
    table.begin();
    table.pass_example();
    table.text("waffles");
    table.text("nothing more");
    while table.now().input != "choice" {
        table.press("hint");
    }
    // A tapped answer is words of the memory as well.
    let right =
        table.now().choices.iter().find(|c| ["Signe", "Lake Orrin"].contains(&c.label.as_str())).expect("there");
    let right = right.value.clone();
    table.send("tap", &right);
    assert!(table.recalled().iter().any(|(_, verdict, rung)| verdict == "correct" && *rung == 5));
    table.press("stop");
    let id = table.now().id.parse().expect("an id");
    let (_table, ()) = table.beneath(|store| {
        let material: Option<Option<serde_json::Value>> = store.setting("session-material").expect("read");
        assert_eq!(material.flatten(), None);
        for event in store.events(id).expect("read") {
            for word in ["waffles", "Signe", "Orrin", "cloudberry"] {
                assert!(!event.payload.contains(word), "{}", event.payload);
            }
        }
    });
}
