//! SIGKILL at random points of a session: the store opens, nothing acknowledged is missing, the session goes on where it was.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
};

use reme::Begun;
use reme_types::{Language, Rng, SeededRng};

use crate::support::Table;

/// How often the player is killed.
const KILLS: usize = 200;
/// Of every choice in this test; change it to try other points.
const SEED: u64 = 20_260_504;

/// The example cargo has built beside this test.
fn player() -> PathBuf {
    let mut path = std::env::current_exe().expect("a test has a path");
    path.pop();
    path.pop();
    path.join("examples/play_until_killed")
}

/// What the player printed once an input stood: (session, inputs, trials, what ReMe said last).
#[derive(Debug, Clone, PartialEq)]
struct Acknowledged {
    session: String,
    turn: u32,
    trials: usize,
    said: String,
}

fn read(line: &str) -> Acknowledged {
    let mut parts = line.splitn(4, '\t');
    let mut next = || parts.next().expect("four parts").to_owned();
    Acknowledged {
        session: next(),
        turn: next().parse().expect("a number"),
        trials: next().parse().expect("a number"),
        said: next(),
    }
}

#[test]
fn nothing_acknowledged_is_lost_and_the_session_resumes_at_the_same_question() {
    let mut table = Table::with_memories(Language::En);
    let (folder, slug) = (table.path(), table.slug.clone());
    let mut rng = SeededRng::new(SEED);
    let (mut resumed, mut exact) = (0, 0);
    for kill in 0..KILLS {
        // The store is one process's at a time.
        let Table { folder: held, clock, companion, memory, .. } = table;
        drop(companion);
        let mut child = Command::new(player())
            .arg(&folder)
            .arg(&slug)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example is built with the tests");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut last = None;
        for _ in 0..1 + rng.below(8) {
            last = Some(read(&lines.next().expect("it plays until it is killed").expect("text")));
        }
        for _ in 0..rng.below(2_000_000) {
            std::hint::spin_loop();
        }
        child.kill().expect("killed");
        child.wait().expect("gone");
        // What was printed before the kill reached the pipe counts as acknowledged too.
        let whole = lines.map_while(Result::ok).filter(|line| line.matches('\t').count() == 3);
        let last = whole.last().map(|line| read(&line)).or(last).expect("at least one");
        let companion = crate::support::household(&folder, &clock).open(Some(&slug)).expect("opens after every kill");
        table = Table { folder: held, clock, slug: slug.clone(), companion, session: None, memory };
        let context = format!("seed {SEED}, kill {kill}, {last:?}");
        let trials = table.companion.trials_of(&last.session).expect("read").len();
        assert!(trials >= last.trials, "{trials} kept: {context}");
        let shown = table.companion.session().expect("read").expect("there is one");
        if shown.id != last.session {
            continue; // a new session had just begun
        }
        assert!(shown.turn == last.turn || shown.turn == last.turn + 1, "at input {}: {context}", shown.turn);
        if shown.state == "running" {
            assert_eq!(table.begin(), Begun::Resumed, "{context}");
            assert_eq!(table.now(), &shown, "{context}");
            resumed += 1;
        }
        if shown.turn == last.turn {
            assert_eq!(trials, last.trials, "{context}");
            assert_eq!(shown.lines.last().map(|l| l.text.clone()).unwrap_or_default(), last.said, "{context}");
            exact += 1;
        }
    }
    assert!(resumed > KILLS / 2 && exact > KILLS / 20, "{resumed} resumed, {exact} just after an input");
}
