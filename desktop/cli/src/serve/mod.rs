//! `reme serve`: the companion's local web server. Screens in a browser on this machine, nothing to the outside.
//!
//! Binds 127.0.0.1 only. The order of a start: take the port, lay the demo people, say the address, answer. The order of an end:
//! finish what was begun, close the stores. What it must never do: listen anywhere else, fetch anything, or log a word of a
//! user's.

mod app;
mod browser;
mod download;
mod files;
mod guard;
mod held;
mod refusal;
mod routes;
mod seeing;
mod sense;
mod sync;
mod take;
mod voice;

use std::{
    io::Write,
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use clap::Args;
use reme::LanguageModelOptions;
use reme_lm::CacheForm;
use reme_types::Clock;

pub(crate) use self::refusal::in_words;
use self::{
    app::{App, Worder},
    held::Memory,
    sync::Invitation,
};
use crate::{
    Ended, demo, game,
    shell::{Place, SystemClock},
};

/// How long requests may take to finish once the end was asked for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Options of `reme serve`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// `none`, `tiny`, `default`, or a GGUF file; every game works without one, on its written lines
    #[arg(long, default_value = "none")]
    model: String,
    /// Let the model word lines anew, not only propose questions; small models do it poorly (docs/decisions/0003)
    #[arg(long)]
    reword: bool,
    /// Port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 4810)]
    port: u16,
    /// Folder of demo people, laid into an empty data folder at the first start
    #[arg(long)]
    demo: Option<PathBuf>,
    /// Folder of the built screens
    #[arg(long)]
    ui: Option<PathBuf>,
    /// Folder of game templates, played beside the games that ship; one with errors is left out and named at the start
    #[arg(long)]
    templates: Option<PathBuf>,
    /// Pair somebody with a clinic at the start, as NAME=ADDRESS#CODE; may be given several times. Who is paired stays so
    #[arg(long, value_name = "NAME=ADDRESS#CODE")]
    pair: Vec<Invitation>,
    /// Stay below a gigabyte: models nobody uses are put away, the smaller recogniser hears English, the model's memory of a talk is
    /// kept in bytes
    #[arg(long)]
    small_phone: bool,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
}

/// Serves until Ctrl-C or SIGTERM.
pub(crate) fn run(options: Options, place: &Place) -> anyhow::Result<Ended> {
    let listener = listen(options.port)?;
    let address = format!("http://127.0.0.1:{}/", listener.local_addr()?.port());
    let memory = if options.small_phone { Memory::Scarce } else { Memory::Ample };
    let model = worder(&options.model, options.reword, memory)?;
    if crate::model::sentences().is_none() {
        tell(crate::model::NO_SENTENCES);
    }
    let screens = screens(options.ui)?;
    let mut household = place.household()?;
    if let Some(folder) = &options.templates {
        let (library, findings) = game::library(folder)?;
        findings.iter().for_each(|finding| tell(finding));
        household = household.with_library(library);
    }
    if let Some(demo) = &options.demo {
        let laid = demo::lay(&household, &place.folder()?, demo, SystemClock.now(), &mut |problem| {
            tell(problem);
        })?;
        if laid > 0 {
            tell(&format!("{laid} demo people were added"));
        }
    }
    quiet_panics();
    let app = Arc::new(App::new(household, screens, model, memory));
    let router = routes::router(Arc::clone(&app));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let served = runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        // Both ends are caught before the address is said: who reads it may end us at once.
        let (asked, mut ended) = tokio::sync::watch::channel(false);
        let signals = Signals::new()?;
        let mut out = std::io::stdout();
        writeln!(out, "ReMe is at {address}").and_then(|()| out.flush())?;
        tell("Ctrl-C ends it");
        if !options.no_open {
            browser::open(&address);
        }
        let warming = Arc::clone(&app);
        tokio::task::spawn_blocking(move || warming.warm_up());
        tokio::spawn(sync::quietly(Arc::clone(&app), options.pair));
        let mut asked_for = asked.subscribe();
        let answering = axum::serve(listener, router).with_graceful_shutdown(async move {
            let _ = asked_for.wait_for(|asked| *asked).await;
        });
        let ended_token = app.ended.clone();
        let ending = async move {
            signals.wait().await;
            ended_token.cancel();
            let _ = asked.send(true);
        };
        let too_long = async {
            let _ = ended.wait_for(|asked| *asked).await;
            tokio::time::sleep(PATIENCE).await;
        };
        let answering = std::future::IntoFuture::into_future(answering);
        tokio::select! {
            served = async { tokio::join!(answering, ending).0 } => served,
            () = too_long => Ok(()),
        }
    });
    app.close();
    runtime.shutdown_timeout(PATIENCE);
    served.context("the server stopped")?;
    tell("ended; everything is kept");
    Ok(Ended::Whole)
}

/// One line of the log. A log that cannot be written (its disk is full, its reader has gone) must not end the companion, as
/// `eprintln!` would.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "reme: {line}");
}

fn listen(port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "--port {port}: another program uses this port of 127.0.0.1, perhaps ReMe itself; look at http://127.0.0.1:{port}/. \
             Nothing was changed. Give another one, such as --port {}",
            if port == u16::MAX { port - 1 } else { port + 1 }
        ),
        std::io::ErrorKind::PermissionDenied => anyhow::anyhow!(
            "--port {port}: this port is for the system only. Nothing was changed. Give one above 1023, such as --port 4810"
        ),
        _ => anyhow::anyhow!("--port {port}: 127.0.0.1 could not be listened on: {error}. Nothing was changed"),
    })
}

/// The model; a file that is none is told before anything begins.
fn worder(choice: &str, rewords: bool, memory: Memory) -> anyhow::Result<Option<Worder>> {
    let cache = if memory == Memory::Scarce { CacheForm::Byte } else { CacheForm::default() };
    let options = LanguageModelOptions { cache, memory_bytes: memory.model_bytes(), ..LanguageModelOptions::default() };
    let opened = crate::model::opened(choice, options)
        .context("nothing was changed; give another file, or --model none: every game works without a model")?;
    Ok(opened.map(|(name, model)| Worder { name, model, rewords }))
}

fn screens(folder: Option<PathBuf>) -> anyhow::Result<Option<PathBuf>> {
    let Some(folder) = folder else { return Ok(None) };
    if !folder.join("index.html").is_file() {
        bail!(
            "--ui {}: there is no index.html in it. Nothing was changed. Build the screens with: cargo xtask run",
            folder.display()
        );
    }
    Ok(Some(folder))
}

/// A panic's message may quote what it stumbled over; only its place is told.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tell(&format!("a fault at {place}; please report it"));
    }));
}

/// Ctrl-C and SIGTERM.
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
