//! The running portal: what every request can reach, and the router around it.

use std::{path::PathBuf, sync::Arc, time::Duration};

use axum::{Router, extract::DefaultBodyLimit, middleware};
use reme_types::Clock;
use tower_http::{
    catch_panic::CatchPanicLayer,
    services::{ServeDir, ServeFile},
    timeout::TimeoutLayer,
};

use crate::{
    account::session,
    audit::AuditLog,
    headers,
    metrics::Metrics,
    openapi,
    tables::Db,
    throttle::{Rate, Throttle},
};

/// Largest body of the web app's requests, bytes; a device's pushes have their own, larger one.
const MAX_BODY_BYTES: usize = 256 * 1024;
/// A request that takes longer is given up.
const MAX_REQUEST: Duration = Duration::from_secs(30);

/// What Argon2 costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory, KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
}

impl Default for PasswordCost {
    /// 19 MiB and two passes: OWASP password storage cheat sheet, Argon2id, 2023.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2 }
    }
}

/// Request limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Log-ins, invitations and pairings from one address.
    pub door: Rate,
    /// Requests of one account.
    pub account: Rate,
    /// Requests of one device.
    pub device: Rate,
}

impl Limits {
    /// As good as none: for measuring on one machine.
    pub const fn none() -> Self {
        let rate = Rate { per_second: 1e9, burst: 1e9 };
        Self { door: rate, account: rate, device: rate }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            door: Rate { per_second: 0.2, burst: 10.0 },
            account: Rate { per_second: 20.0, burst: 100.0 },
            // A full resync of 200 000 rows fits into the burst: it would begin anew if it were held up.
            device: Rate { per_second: 20.0, burst: 200.0 },
        }
    }
}

/// Settings that a shell passes in.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Folder of the built web app.
    pub web: Option<PathBuf>,
    /// Argon2.
    pub password_cost: PasswordCost,
    /// Request limits.
    pub limits: Limits,
    /// Behind a proxy of ours: the last address of `X-Forwarded-For` is the caller's.
    pub behind_proxy: bool,
    /// `/metrics` answers everybody, not only this machine.
    pub open_metrics: bool,
}

/// The running portal.
#[derive(Debug)]
pub struct App {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn ClockDebug>,
    pub(crate) audit: AuditLog,
    pub(crate) throttle: Throttle,
    pub(crate) metrics: Metrics,
    pub(crate) config: Config,
}

/// A clock that can be held by something with `Debug`.
pub(crate) trait ClockDebug: Clock + std::fmt::Debug {}

struct Opaque(Arc<dyn Clock>);

impl std::fmt::Debug for Opaque {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

impl Clock for Opaque {
    fn now(&self) -> jiff::Timestamp {
        self.0.now()
    }
    fn time_zone(&self) -> jiff::tz::TimeZone {
        self.0.time_zone()
    }
}

impl ClockDebug for Opaque {}

impl App {
    /// Starts the portal on an open database; the handle ends when every request is done and the audit log is written.
    pub fn start(db: Db, clock: Arc<dyn Clock>, config: Config) -> (Arc<Self>, tokio::task::JoinHandle<()>) {
        let (audit, writing) = AuditLog::start(db.clone());
        let (throttle, metrics) = (Throttle::default(), Metrics::new());
        (Arc::new(Self { db, clock: Arc::new(Opaque(clock)), audit, throttle, metrics, config }), writing)
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    /// The database, for the command line's seeding.
    pub const fn db(&self) -> &Db {
        &self.db
    }
}

/// Every route with everything around it.
pub fn router(app: Arc<App>) -> Router {
    let (mut router, _) = openapi::routes().split_for_parts();
    router = router.method_not_allowed_fallback(headers::no_method);
    router = match &app.config.web {
        Some(folder) => router.fallback_service(
            // Pages of the app are addresses of their own; files that are missing stay missing under /api.
            ServeDir::new(folder).fallback(ServeFile::new(folder.join("index.html"))),
        ),
        None => router.fallback(headers::no_route),
    };
    router
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(middleware::from_fn_with_state(app.clone(), session::layer))
        .layer(CatchPanicLayer::custom(|_| headers::broke()))
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, MAX_REQUEST))
        .layer(middleware::from_fn_with_state(app.clone(), headers::observe))
        .layer(middleware::from_fn(headers::speak))
        .with_state(app)
}
