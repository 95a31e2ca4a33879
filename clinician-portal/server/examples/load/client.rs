//! As much HTTP as a measurement needs: one kept connection, a request at a time.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Who is logged in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Login {
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

/// A kept connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    login: Login,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    cookie: Option<String>,
}

impl Answer {
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("{} with no JSON", self.status))
    }
}

impl Client {
    pub(crate) fn open(address: &str, login: Login) -> Result<Self> {
        let stream = TcpStream::connect(address.trim_start_matches("http://"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), login })
    }

    /// Logs in and keeps what came.
    pub(crate) fn log_in(&mut self, email: &str, password: &str, code: &str) -> Result<Login> {
        let body = serde_json::json!({"email": email, "password": password, "code": code});
        let answer = self.send("POST", "/api/login", Some(&body))?;
        if answer.status != 200 {
            bail!("log-in was answered with {}", answer.status);
        }
        self.login.csrf = answer.json()?["csrf"].as_str().unwrap_or_default().into();
        Ok(self.login.clone())
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, body: Option<&Value>) -> Result<Answer> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let Login { cookie, csrf } = &self.login;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-reme={cookie}\r\nX-CSRF: {csrf}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let answer = self.read()?;
        if let Some(cookie) = &answer.cookie {
            self.login.cookie.clone_from(cookie);
        }
        Ok(answer)
    }

    fn read(&mut self) -> Result<Answer> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|word| word.parse().ok()).context("no status line")?;
        let (mut length, mut cookie) = (None, None);
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse::<usize>().ok(),
                "set-cookie" => {
                    let token = value.split(';').next().and_then(|pair| pair.split_once('='));
                    cookie = token.map(|(_, token)| token.to_owned());
                }
                _ => {}
            }
        }
        // The portal's JSON says how long it is; 204 has none.
        let mut body = vec![0; if status == 204 { 0 } else { length.context("an answer of unknown length")? }];
        self.stream.read_exact(&mut body)?;
        Ok(Answer { status, body, cookie })
    }
}
