//! Opens the address in a browser, where there is a display to show it on.

use std::process::{Command, Stdio};

use crate::shell::variable;

/// Does nothing on a machine without a display, or in continuous integration; a browser that cannot be opened is no error.
pub(crate) fn open(address: &str) {
    let has_display = variable("DISPLAY").is_some() || variable("WAYLAND_DISPLAY").is_some();
    let is_mac = cfg!(target_os = "macos");
    if variable("CI").is_some() || !(has_display || is_mac) {
        return;
    }
    let program = if is_mac { "open" } else { "xdg-open" };
    let opened =
        Command::new(program).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if let Ok(mut child) = opened {
        // Collected when it ends, which may be long after us.
        let _ = std::thread::Builder::new().name("browser".into()).spawn(move || child.wait());
    }
}
