//! Programs that run side by side: started one after the other, ended together.
//!
//! Ctrl-C, a signal to end, or the end of any one of them ends all; each is asked kindly and waited for.

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Child, Command, ExitCode, ExitStatus, Stdio},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::steps::line_to_type;

/// What happens while they run.
enum News {
    /// Somebody asked for the end.
    AskedToEnd,
    /// One ended.
    Ended(u32, std::io::Result<ExitStatus>),
}

/// Programs started so far. Those still running are asked to end, and waited for, when this goes away.
pub(crate) struct SideBySide {
    running: Vec<(&'static str, u32)>,
    news: Receiver<News>,
    tell: Sender<News>,
}

impl SideBySide {
    /// Nothing runs yet; from here on Ctrl-C is ours to pass on.
    pub(crate) fn new() -> Result<Self> {
        let (tell, news) = channel();
        let asked = tell.clone();
        ctrlc::set_handler(move || {
            let _ = asked.send(News::AskedToEnd);
        })
        .context("Ctrl-C cannot be waited for")?;
        Ok(Self { running: Vec::new(), news, tell })
    }

    /// Starts one more.
    pub(crate) fn start(&mut self, name: &'static str, command: &mut Command) -> Result<()> {
        self.spawn(name, command).map(drop)
    }

    /// Starts one more, shows what it prints, and hands its lines over, up to and with the one that begins with `ready`.
    pub(crate) fn start_and_hear(
        &mut self,
        name: &'static str,
        command: &mut Command,
        ready: &str,
    ) -> Result<Vec<String>> {
        let line = line_to_type(command);
        let output = self.spawn(name, command.stdout(Stdio::piped()))?;
        let mut printed = BufReader::new(output.with_context(|| format!("{name} has no output to read from"))?);
        let mut heard = Vec::new();
        loop {
            let mut text = String::new();
            if printed.read_line(&mut text)? == 0 {
                bail!("{name} ended before it was ready; to see why type: {line}");
            }
            show(&text);
            heard.push(text.trim_end().to_owned());
            if text.starts_with(ready) {
                break;
            }
        }
        thread::spawn(move || {
            let mut text = String::new();
            while printed.read_line(&mut text).is_ok_and(|length| length > 0) {
                show(&text);
                text.clear();
            }
        });
        Ok(heard)
    }

    /// Waits until one ends or the end is asked for, then ends the others.
    pub(crate) fn wait(mut self) -> ExitCode {
        let mut code = ExitCode::SUCCESS;
        match self.news.recv() {
            Ok(News::Ended(id, status)) => code = self.ended(id, status),
            Ok(News::AskedToEnd) | Err(_) => {}
        }
        let others = self.end();
        if code == ExitCode::SUCCESS { others } else { code }
    }

    fn spawn(&mut self, name: &'static str, command: &mut Command) -> Result<Option<std::process::ChildStdout>> {
        let line = line_to_type(command);
        // In a group of its own, a program hears of Ctrl-C from us, once.
        let started = command.stdin(Stdio::null()).process_group(0).spawn();
        let mut child: Child = started.with_context(|| format!("{name} could not be started; type: {line}"))?;
        let (id, output, tell) = (child.id(), child.stdout.take(), self.tell.clone());
        self.running.push((name, id));
        thread::spawn(move || {
            let status = child.wait();
            let _ = tell.send(News::Ended(id, status));
        });
        Ok(output)
    }

    /// Takes note of an end. Ended by a signal we sent is ended well.
    fn ended(&mut self, id: u32, status: std::io::Result<ExitStatus>) -> ExitCode {
        let name = self.running.iter().find(|(_, running)| *running == id).map_or("a program", |(name, _)| *name);
        self.running.retain(|(_, running)| *running != id);
        match status {
            Ok(status) if status.success() => ExitCode::SUCCESS,
            Ok(status) => {
                eprintln!("xtask: {name} ended with {status}");
                status
                    .code()
                    .or(status.signal())
                    .and_then(|code| u8::try_from(code).ok())
                    .map_or(ExitCode::FAILURE, Into::into)
            }
            Err(error) => {
                eprintln!("xtask: {name} could not be waited for: {error}");
                ExitCode::FAILURE
            }
        }
    }

    /// Asks all to end and waits for them; a second Ctrl-C is passed on too.
    fn end(&mut self) -> ExitCode {
        self.ask_to_end();
        let mut code = ExitCode::SUCCESS;
        while !self.running.is_empty() {
            match self.news.recv() {
                Ok(News::Ended(id, status)) => {
                    let ended = self.ended(id, status);
                    if code == ExitCode::SUCCESS {
                        code = ended;
                    }
                }
                Ok(News::AskedToEnd) => self.ask_to_end(),
                Err(_) => break,
            }
        }
        code
    }

    fn ask_to_end(&self) {
        for (_, id) in &self.running {
            let Some(process) = i32::try_from(*id).ok().and_then(Pid::from_raw) else { continue };
            // It may have ended a moment ago; its news is then on the way.
            let _ = kill_process(process, Signal::INT);
        }
    }
}

impl Drop for SideBySide {
    fn drop(&mut self) {
        self.end();
    }
}

/// A reader that has gone must not end the programs.
fn show(text: &str) {
    let mut out = std::io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(text: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", text]);
        command
    }

    /// One test, since the process has one Ctrl-C handler.
    #[test]
    fn the_end_of_one_ends_the_others_kindly() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("asked");
        let mut programs = SideBySide::new().unwrap();
        let patient = format!("trap 'echo > {}; exit 0' INT; echo ready; while :; do sleep 0.05; done", mark.display());
        let heard = programs.start_and_hear("patient", &mut shell(&patient), "ready").unwrap();
        assert_eq!(heard, ["ready"]);
        let failed = programs.start_and_hear("silent", &mut shell("echo something else"), "ready").unwrap_err();
        assert!(failed.to_string().contains("ended before it was ready"), "{failed}");
        programs.start("brief", &mut shell("exit 3")).unwrap();
        let _ = programs.wait();
        assert!(mark.is_file(), "the patient one was asked, and waited for");
    }
}
