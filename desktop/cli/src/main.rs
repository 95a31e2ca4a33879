//! The `reme` command: being built. It says so, and ends with an error, so that nobody takes it for more.

use std::process::ExitCode;

fn main() -> ExitCode {
    eprintln!("reme: this build has no commands yet");
    ExitCode::FAILURE
}
