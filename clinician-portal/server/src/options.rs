//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::Parser;

/// The clinic's portal of ReMe.
#[derive(Debug, Parser)]
#[command(name = "reme-portal", version, about)]
pub struct Options {
    /// Where to listen; put a proxy that speaks TLS in front of anything but this machine.
    #[arg(long, default_value = "127.0.0.1:4820")]
    pub bind: SocketAddr,
    /// `sqlite:FILE` or `postgres://…`.
    #[arg(long, env = "DATABASE_URL", default_value = "sqlite:portal.db", hide_env_values = true)]
    pub database: String,
    /// Folder of the built web app.
    #[arg(long)]
    pub web: Option<PathBuf>,
    /// Adds a demo clinic with a clinician, a carer, an administrator and two patients, and prints how to log in. Only on this
    /// machine: the passwords are known to everybody.
    #[arg(long)]
    pub demo: bool,
    /// With `--demo`: also writes address, accounts and pairing codes as JSON into this file, which only its owner may read.
    #[arg(long, value_name = "FILE", requires = "demo")]
    pub demo_file: Option<PathBuf>,
    /// Takes as many requests as come: for measuring, on this machine only.
    #[arg(long, hide = true)]
    pub no_limits: bool,
    /// Makes the first clinic and its administrator, prints the invitation, and ends: `NAME,EMAIL`.
    #[arg(long, value_name = "CLINIC,EMAIL")]
    pub found: Option<String>,
    /// A proxy of ours stands in front and writes X-Forwarded-For.
    #[arg(long)]
    pub behind_proxy: bool,
    /// `/metrics` answers everybody, not only this machine.
    #[arg(long)]
    pub open_metrics: bool,
}
