//! `reme-portal`: reads the command line, opens the database, serves until it is asked to stop.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use clap::Parser;
use jiff::{Timestamp, tz::TimeZone};
use reme_portal::{App, Config, PasswordCost, account, demo, options::Options, router, tables::Db};
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
    let db = Db::open(&options.database).await?;
    let clock = Arc::new(SystemClock);
    if let Some(found) = &options.found {
        return found_clinic(&db, found, clock.now()).await;
    }
    let config = Config {
        web: options.web.clone(),
        behind_proxy: options.behind_proxy,
        open_metrics: options.open_metrics,
        ..Config::default()
    };
    if options.demo {
        print_demo(&db, &clock, &config, options.bind).await?;
    }
    let (app, audit) = App::start(db.clone(), clock, config);
    let listener = tokio::net::TcpListener::bind(options.bind)
        .await
        .with_context(|| format!("{} cannot be listened on; choose another with --bind", options.bind))?;
    println!("ReMe portal: http://{}", listener.local_addr()?);
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

async fn print_demo(db: &Db, clock: &SystemClock, config: &Config, bind: SocketAddr) -> Result<()> {
    let failed = |fault| anyhow::anyhow!("the demo clinic could not be made: {fault:?}");
    let patients = demo::seed(db, clock.now(), config.password_cost).await.map_err(failed)?;
    println!("Demo clinic (made-up people, simulated history) at http://{bind}");
    println!("  log in as   clinician@demo.example, carer@demo.example or admin@demo.example");
    println!("  password    {}", demo::PASSWORD);
    println!("  code now    {}", demo::code_now(clock.now()).map_err(failed)?);
    println!("  for later   type this secret into an authenticator app: {}", demo::TOTP_SECRET);
    for patient in patients {
        println!("  pairs a device with {} within 15 minutes: {}", patient.name, patient.code);
    }
    Ok(())
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
