//! The database, whichever it is: opening, migrating, one door for reads and one for writes.

use std::{borrow::Cow, ops::DerefMut, sync::Arc, sync::Once, time::Duration};

use sqlx::{
    Any, AnyConnection, AnyPool, SqlSafeStr, Transaction,
    any::{AnyPoolOptions, install_default_drivers},
    migrate::{Migration, MigrationType, Migrator},
    pool::PoolConnection,
};
use thiserror::Error;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Connections a process holds. SQLite reads from several at once; PostgreSQL's default of 100 leaves room for several processes.
const CONNECTIONS: u32 = 16;
/// How long a request waits for one.
const WAIT: Duration = Duration::from_secs(10);

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file, one machine.
    Sqlite,
    /// A server, several portal processes.
    Postgres,
}

/// The database cannot be used.
#[derive(Debug, Error)]
pub enum DbError {
    /// The address is none we know.
    #[error("DATABASE_URL is neither sqlite: nor postgres: (or postgresql:)")]
    Address,
    /// It cannot be reached or read. The address is left out: it may hold a password.
    #[error("the database cannot be opened: {0}")]
    Open(#[source] sqlx::Error),
    /// It was made by a newer version, or a migration was changed.
    #[error("the database cannot be brought to this version: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
}

/// The database.
#[derive(Debug, Clone)]
pub struct Db {
    pool: AnyPool,
    engine: Engine,
    /// SQLite has one writer; waiting here is fair and cheap, waiting in SQLite is neither.
    writer: Arc<Mutex<()>>,
}

impl Db {
    /// Opens and migrates. `sqlite:` addresses make the file when it is missing.
    ///
    /// # Errors
    /// [`DbError`].
    pub async fn open(url: &str) -> Result<Self, DbError> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(install_default_drivers);
        let engine = match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Engine::Sqlite,
            Some("postgres" | "postgresql") => Engine::Postgres,
            _ => return Err(DbError::Address),
        };
        let url: Cow<'_, str> = match engine {
            Engine::Sqlite if !url.contains("mode=") => {
                format!("{url}{}mode=rwc", if url.contains('?') { '&' } else { '?' }).into()
            }
            _ => url.into(),
        };
        let options = AnyPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(WAIT);
        let options = options.after_connect(move |connection, _| {
            Box::pin(async move {
                if engine == Engine::Sqlite {
                    // What is acknowledged to a device is on the disk (FULL), also when power fails.
                    const SETTINGS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; \
                        PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000";
                    sqlx::raw_sql(SETTINGS).execute(&mut *connection).await?;
                }
                Ok(())
            })
        });
        let pool = options.connect(&url).await.map_err(DbError::Open)?;
        migrations(engine).run(&pool).await?;
        Ok(Self { pool, engine, writer: Arc::default() })
    }

    /// Which one it is.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Whether it answers.
    pub(crate) async fn ping(&self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map(drop)
    }

    /// Waits for running statements and closes.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub(in crate::tables) async fn read(&self) -> Result<PoolConnection<Any>, sqlx::Error> {
        self.pool.acquire().await
    }

    /// A transaction that may write. Dropped without [`WriteTx::commit`], nothing of it stands.
    pub(in crate::tables) async fn write(&self) -> Result<WriteTx, sqlx::Error> {
        match self.engine {
            Engine::Sqlite => {
                let turn = self.writer.clone().lock_owned().await;
                // IMMEDIATE: a transaction that reads first and writes later could otherwise fail half-way.
                Ok(WriteTx { tx: self.pool.begin_with("BEGIN IMMEDIATE").await?, _turn: Some(turn) })
            }
            Engine::Postgres => Ok(WriteTx { tx: self.pool.begin().await?, _turn: None }),
        }
    }
}

/// A running transaction.
pub(crate) struct WriteTx {
    // Declared first, dropped first: the turn passes on when the transaction is over.
    tx: Transaction<'static, Any>,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl WriteTx {
    pub(in crate::tables) fn on(&mut self) -> &mut AnyConnection {
        self.tx.deref_mut()
    }

    /// Makes it stand: on disk when this returns.
    pub(in crate::tables) async fn commit(self) -> Result<(), sqlx::Error> {
        self.tx.commit().await
    }
}

fn migrations(engine: Engine) -> Migrator {
    let append_only = match engine {
        Engine::Sqlite => include_str!("../../migrations/0002_append_only.sqlite.sql"),
        Engine::Postgres => include_str!("../../migrations/0002_append_only.postgres.sql"),
    };
    let step = |version, name: &'static str, sql: &'static str| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(vec![
        step(1, "tables", include_str!("../../migrations/0001_tables.sql")),
        step(2, "append only", append_only),
        step(3, "sums", include_str!("../../migrations/0003_sums.sql")),
        step(4, "check ins", include_str!("../../migrations/0004_check_ins.sql")),
    ])
}
