//! `reme-portal`: reads the command line, opens the database, serves until it is asked to stop.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use clap::Parser;
use jiff::{Timestamp, tz::TimeZone};
use reme_portal::{App, Config, Limits, PasswordCost, account, demo, options::Options, router, tables::Db};
use reme_types::{Clock, Language};
use tracing_subscriber::EnvFilter;

/// Requests on their way get this long when the portal is asked to stop.
const GRACE: Duration = Duration::from_secs(20);

/// The machine's clock. The portal itself thinks in UTC.
#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place where the portal asks the machine for the time")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
    fn time_zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    // JSON lines on standard error; what is printed for people goes to standard output. RUST_LOG chooses.
    tracing_subscriber::fmt()
        .json()
        .with_writer(std::io::stderr)
        .with_env_filter(EnvFilter::builder().with_default_directive(tracing::Level::INFO.into()).from_env_lossy())
        .init();
    if options.demo && !options.bind.ip().is_loopback() {
        bail!("--demo has passwords that everybody knows: leave --bind at this machine (127.0.0.1)");
    }
    if options.no_limits && !options.bind.ip().is_loopback() {
        bail!("--no-limits is for measuring: leave --bind at this machine (127.0.0.1)");
    }
    let db = Db::open(&options.database).await?;
    let clock = Arc::new(SystemClock);
    if let Some(found) = &options.found {
        return found_clinic(&db, found, clock.now()).await;
    }
    let config = Config {
        web: options.web.clone(),
        behind_proxy: options.behind_proxy,
        open_metrics: options.open_metrics,
        limits: if options.no_limits { Limits::none() } else { Limits::default() },
        ..Config::default()
    };
    let cost = config.password_cost;
    let (app, audit) = App::start(db.clone(), clock.clone(), config);
    let listener = tokio::net::TcpListener::bind(options.bind)
        .await
        .with_context(|| format!("{} cannot be listened on; choose another with --bind", options.bind))?;
    let address = format!("http://{}", listener.local_addr()?);
    if options.demo {
        print_demo(&db, clock.now(), cost, &address, options.demo_file.as_deref()).await?;
    }
    // The last line: whoever started this can go on from here.
    println!("ReMe portal: {address}");
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        asked_to_stop().await;
        tracing::info!("stopping: requests on their way are finished first");
        // The other half waits for this, and for nothing else.
        let _ = stop.send(());
    });
    let serving = tokio::spawn(async move { serving.await });
    let _ = stopped.await;
    match tokio::time::timeout(GRACE, serving).await {
        Ok(ended) => ended??,
        Err(_) => tracing::warn!("some requests took too long and were cut off"),
    }
    // The router held the last way into the audit log; its task ends when all is written.
    let _ = tokio::time::timeout(GRACE, audit).await;
    db.close().await;
    tracing::info!("stopped");
    Ok(())
}

async fn found_clinic(db: &Db, name_and_email: &str, now: Timestamp) -> Result<()> {
    let (name, email) = name_and_email
        .rsplit_once(',')
        .context("--found takes the clinic's name, a comma, and the administrator's email")?;
    let found = account::found(db, name, email, now, PasswordCost::default()).await;
    let found = found.map_err(|fault| anyhow::anyhow!("{}", fault.body(Language::En).message))?;
    println!("{} is made. Its administrator logs in with (shown this once):", name.trim());
    println!("  email                  {}", email.trim());
    println!("  password               {}   (change it after logging in)", found.password);
    println!("  authenticator secret   {}", found.totp_secret);
    Ok(())
}

async fn print_demo(
    db: &Db,
    now: Timestamp,
    cost: PasswordCost,
    address: &str,
    file: Option<&std::path::Path>,
) -> Result<()> {
    let failed = |fault| anyhow::anyhow!("the demo clinic could not be made: {fault:?}");
    let patients = demo::seed(db, now, cost).await.map_err(failed)?;
    println!("Demo clinic at {address} (made-up people; their history is simulated and says so)");
    println!("  log in as   clinician@demo.example, carer@demo.example or admin@demo.example");
    println!("  password    {}", demo::PASSWORD);
    println!("  code now    {}", demo::code_now(now).map_err(failed)?);
    println!("  for later   type this secret into an authenticator app: {}", demo::TOTP_SECRET);
    for patient in &patients {
        println!("  pairs a device with {} within 15 minutes: {}", patient.name, patient.code);
    }
    if let Some(file) = file {
        let told = serde_json::json!({ "address": address, "accounts": demo::accounts(), "patients": patients });
        write_private(file, &format!("{told:#}\n")).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(())
}

/// Writes a file that only its owner may read, whole or not at all.
fn write_private(file: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let part = file.with_extension("part");
    // Left over from a start that was cut off; it may have other rights than we want.
    let _ = std::fs::remove_file(&part);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&part)?.write_all(text.as_bytes())?;
    std::fs::rename(&part, file)
}

async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
