//! `reme session`: a whole session in the terminal, by hand or piped, one answer a line.
//!
//! Stands at the edge: it prints what the façade hands over and sends back what was typed. It must never hold a rule about
//! training, or keep an answer anywhere.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    path::PathBuf,
};

use anyhow::{Context, bail};
use clap::Args;
use reme::{
    Begun, Budget, CancelToken, Companion, LanguageModelOptions, ReMeError, Rephrase, Rephraser,
    dto::{ChoiceDto, InputDto, SessionDto, StimulusDto},
};
use reme_types::{Clock, Language};
use serde_json::json;

use crate::{
    Ended, Lang,
    shell::{Place, SystemClock},
    spoken::{Heard, SpokenArgs, Talk},
};

/// How the session is played.
#[derive(Debug, Args)]
pub(crate) struct SessionArgs {
    /// Language of a new session; the patient's when left out
    #[arg(long, value_enum)]
    lang: Option<Lang>,
    /// Who words the lines: `none` (the games' own lines), `tiny`, `default` or a GGUF file
    #[arg(long, default_value = "none")]
    model: String,
    /// Folder of game templates, played beside the games that ship
    #[arg(long)]
    templates: Option<PathBuf>,
    #[command(flatten)]
    spoken: SpokenArgs,
}

/// Words that press a button when they stand alone: (command, plain words, kind of input).
const BUTTONS: [(&str, &[&str], &str); 4] = [
    ("/hint", &["hint", "提示", "给个提示"], "hint"),
    ("/repeat", &["repeat", "再说一遍", "再说一次"], "repeat"),
    ("/skip", &["skip", "跳过", "换一个"], "skip"),
    ("/stop", &["stop", "停", "停止", "停下"], "stop"),
];

/// The model as a session takes it.
fn as_rephrase<'a>(worder: &'a mut Option<Rephraser<'_>>) -> Option<&'a mut dyn Rephrase> {
    worder.as_mut().map(|worder| worder as &mut dyn Rephrase)
}

pub(crate) fn run(args: &SessionArgs, place: &Place) -> anyhow::Result<Ended> {
    let model = crate::model::opened(&args.model, LanguageModelOptions::default())?;
    // Ctrl-C ends the process, so nothing else needs to call a line off.
    let mut worder = model.as_ref().map(|(_, model)| model.rephraser(Budget::LINE, CancelToken::new()));
    let mut household = place.household()?;
    if let Some(folder) = &args.templates {
        let (library, findings) = crate::game::library(folder)?;
        findings.iter().for_each(|finding| eprintln!("reme: {finding}"));
        household = household.with_library(library);
    }
    let mut companion = household.open(place.patient.as_deref())?;
    let language = args.lang.map(Into::into);
    let (mut session, begun) = match companion.begin_session_with(language, as_rephrase(&mut worder)) {
        Ok(begun) => begun,
        Err(ReMeError::Blocked(blocked)) => bail!(blocked.in_words(language.unwrap_or(companion.patient()?.language))),
        Err(error) => return Err(error.into()),
    };
    let mut screen = Screen::new(place.json, &session);
    if begun == Begun::Resumed {
        screen
            .note(screen.words("Welcome back. We go on where we stopped.", "欢迎回来，咱们从上次停下的地方接着来。"))?;
    }
    screen.note(screen.words(
        "One answer a line. /hint, /repeat, /skip and /stop are always there.",
        "一行一个回答。随时可以输入 /hint（提示）、/repeat（再说一遍）、/skip（换一个）、/stop（停下）。",
    ))?;
    screen.draw(&session)?;
    let spoken_in: Language = session.language.parse().context("the language of the session")?;
    let mut talk = Talk::open(&args.spoken, &companion, spoken_in)?;
    let mut answers = io::stdin().lock().lines();
    while session.state == "running" {
        if let Some(talk) = &mut talk {
            talk.say(&session);
        }
        let next = match talk.as_mut().filter(|talk| talk.can_hear()) {
            Some(talk) => match talk.listen(&session, &companion) {
                Heard::Words(words) => Some(spoken_input(&session, "spoken", words, &mut screen)?),
                Heard::Silence => Some(spoken_input(&session, "silence", String::new(), &mut screen)?),
                Heard::Deaf => continue,
                Heard::Nobody => None,
            },
            None => typed_input(&mut answers, &session, &mut screen)?,
        };
        let Some(next) = next else {
            screen.note(screen.words(
                "The session is half done, and everything so far is kept. It goes on where it stopped with: reme session",
                "这次训练做了一半，做过的都留着。再输入 reme session，就从停下的地方接着来。",
            ))?;
            break;
        };
        session = companion.take_input_with(&next, as_rephrase(&mut worder))?;
        if let Some(talk) = &mut talk {
            talk.understood();
        }
        screen.draw(&session)?;
    }
    if let Some(talk) = &mut talk {
        talk.say(&session);
        eprintln!("reme: {}", talk.report());
    }
    if place.json {
        println!("{}", summary(&companion, &session)?);
    } else if args.model != "none" {
        let origins = companion.line_origins(&session.id)?;
        let replaced = origins.leak_replaced + origins.ungrounded_replaced;
        eprintln!(
            "reme: {} lines worded by the model, {} by the game; {replaced} wordings set aside ({} would have told an answer, {} said more than is known)",
            origins.model,
            origins.template + replaced,
            origins.leak_replaced,
            origins.ungrounded_replaced,
        );
    }
    Ok(Ended::Whole)
}

/// The next line of standard input; `None` at its end.
fn typed_input(
    answers: &mut dyn Iterator<Item = io::Result<String>>,
    session: &SessionDto,
    screen: &mut Screen,
) -> anyhow::Result<Option<InputDto>> {
    screen.ask()?;
    let asked_at = SystemClock.now();
    let Some(line) = answers.next() else { return Ok(None) };
    let line = line.context("standard input could not be read")?;
    let waited = SystemClock.now().as_millisecond() - asked_at.as_millisecond();
    // A script answers at once; only a person's time means something.
    let rt_ms = u32::try_from(waited).ok().filter(|_| screen.is_person);
    screen.echo(&line)?;
    Ok(Some(input(session, line.trim(), rt_ms)))
}

/// What was said, or that nobody said anything.
fn spoken_input(session: &SessionDto, kind: &str, value: String, screen: &mut Screen) -> anyhow::Result<InputDto> {
    writeln!(screen.out, "> {value}")?;
    Ok(InputDto { session: session.id.clone(), turn: session.turn, kind: kind.into(), value, rt_ms: None })
}

/// What a typed line means: a button, the number of a choice, or words.
fn input(session: &SessionDto, line: &str, rt_ms: Option<u32>) -> InputDto {
    let lower = line.to_lowercase();
    let button = BUTTONS.iter().find(|(command, words, _)| lower == *command || words.contains(&lower.as_str()));
    let nth = line.parse::<usize>().ok().and_then(|n| session.choices.get(n.checked_sub(1)?));
    let (kind, value) = match (button, nth) {
        (Some((_, _, kind)), _) => (*kind, String::new()),
        (None, Some(choice)) => ("tap", choice.value.clone()),
        (None, None) => ("text", line.to_owned()),
    };
    InputDto { session: session.id.clone(), turn: session.turn, kind: kind.into(), value, rt_ms }
}

/// One object at the end, for scripts.
fn summary(companion: &Companion, session: &SessionDto) -> anyhow::Result<serde_json::Value> {
    let origins = companion.line_origins(&session.id)?;
    let worded = origins.model + origins.leak_replaced + origins.ungrounded_replaced;
    let trials: Vec<_> = companion
        .trials_of(&session.id)?
        .into_iter()
        .map(|t| {
            json!({
                "game": t.game, "kind": t.kind, "level": t.level, "verdict": t.verdict, "rung": t.rung,
                "matched_by": t.matched_by, "practice": t.practice,
            })
        })
        .collect();
    let replaced = (worded > 0).then(|| f64::from(worded - origins.model) / f64::from(worded));
    Ok(json!({
        "session": session.id,
        "language": session.language,
        "state": session.state,
        "inputs": session.turn,
        "game": session.game_slug,
        "summary": session.summary,
        "lines": origins,
        "replaced_rate": replaced,
        "trials": trials,
    }))
}

/// Where the conversation is printed: standard output, or standard error where that is kept for JSON.
struct Screen {
    out: Box<dyn Write>,
    language: String,
    is_person: bool,
    has_colour: bool,
    /// Lines printed so far, by their number in the session.
    printed: Option<u32>,
}

impl Screen {
    fn new(as_json: bool, session: &SessionDto) -> Self {
        let out: Box<dyn Write> = if as_json { Box::new(io::stderr()) } else { Box::new(io::stdout()) };
        let has_colour = if as_json { io::stderr().is_terminal() } else { io::stdout().is_terminal() };
        Self {
            out,
            language: session.language.clone(),
            is_person: io::stdin().is_terminal(),
            has_colour,
            printed: None,
        }
    }

    fn words(&self, en: &'static str, zh: &'static str) -> &'static str {
        if self.language == "zh-CN" { zh } else { en }
    }

    fn note(&self, text: &str) -> io::Result<()> {
        writeln!(io::stderr(), "{text}")
    }

    /// What a person typed stands on the screen already; what a script sent does not.
    fn echo(&mut self, line: &str) -> io::Result<()> {
        if self.is_person { Ok(()) } else { writeln!(self.out, "> {line}") }
    }

    fn draw(&mut self, session: &SessionDto) -> io::Result<()> {
        let printed = self.printed;
        if session.state == "running" && printed.is_none() {
            writeln!(self.out, "— {} ({}/{}) —", session.game, session.game_number, session.games)?;
        }
        for line in session.lines.iter().filter(|line| printed.is_none_or(|last| line.id > last)) {
            self.printed = Some(line.id);
            if line.who == "reme" {
                writeln!(self.out, "{}", line.text)?;
                if let Some(photo) = &line.photo {
                    writeln!(self.out, "    [{}]", photo.alt)?;
                }
            } else if printed.is_none() {
                writeln!(self.out, "> {}", line.text)?;
            }
        }
        if let Some(stimulus) = &session.stimulus {
            let shown = self.stimulus(stimulus, &session.choices);
            writeln!(self.out, "\n    {shown}\n")?;
        }
        for (index, choice) in session.choices.iter().enumerate() {
            writeln!(self.out, "    {} {}", index + 1, choice.label)?;
        }
        self.out.flush()
    }

    fn ask(&mut self) -> io::Result<()> {
        if self.is_person {
            write!(self.out, "> ")?;
        }
        self.out.flush()
    }

    /// A word in its ink; where there are no colours, the ink is named beside it, and the word still pulls the other way.
    fn stimulus(&self, stimulus: &StimulusDto, choices: &[ChoiceDto]) -> String {
        let Some((red, green, blue)) = stimulus.ink.as_deref().and_then(rgb) else { return stimulus.text.clone() };
        if self.has_colour {
            // Black ink must be seen on a black screen as well: the word stands on white.
            return format!("\u{1b}[1;38;2;{red};{green};{blue};48;2;255;255;255m  {}  \u{1b}[0m", stimulus.text);
        }
        let slug = match [red, green, blue] {
            [r, g, b] if r.max(g).max(b) < 80 => "black",
            [r, g, b] if r >= g && r >= b => "red",
            [_, g, b] if g >= b => "green",
            _ => "blue",
        };
        let name = choices.iter().find(|choice| choice.value == slug).map_or(slug, |choice| choice.label.as_str());
        match self.language.as_str() {
            "zh-CN" => format!("【{}】，写它的墨水是{name}的", stimulus.text),
            _ => format!("{}, written in {name} ink", stimulus.text.to_uppercase()),
        }
    }
}

/// `#rrggbb` as three numbers.
fn rgb(css: &str) -> Option<(u8, u8, u8)> {
    let hex = css.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
    Some((part(0)?, part(2)?, part(4)?))
}
