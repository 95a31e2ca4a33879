//! A browser, as far as the API can tell: keeps the cookie, sends the request token.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, header},
};
use serde_json::Value;
use tower::ServiceExt;

#[derive(Debug, Clone)]
pub struct Client {
    router: Router,
    pub cookie: Option<String>,
    pub csrf: Option<String>,
    pub language: &'static str,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Client {
    pub fn new(router: Router) -> Self {
        Self { router, cookie: None, csrf: None, language: "en" }
    }

    pub async fn log_in(&mut self, email: &str, password: &str, code: &str) -> Answer {
        let body = serde_json::json!({"email": email, "password": password, "code": code});
        let answer = self.post("/api/login", body).await;
        if answer.status == 200 {
            self.csrf = answer.json()["csrf"].as_str().map(str::to_owned);
        }
        answer
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }
    pub async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }
    pub async fn put(&mut self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }
    pub async fn delete(&mut self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    pub async fn send(&mut self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT_LANGUAGE, self.language);
        let body = match body {
            Some(value) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(value.to_string())
            }
            None => Body::empty(),
        };
        self.raw(request.body(body).expect("a request")).await
    }

    /// Sends a request as it is, with cookie and token added.
    pub async fn raw(&mut self, mut request: Request<Body>) -> Answer {
        let headers = request.headers_mut();
        if let Some(cookie) = &self.cookie {
            headers.insert(header::COOKIE, format!("__Host-reme={cookie}").parse().expect("a cookie"));
        }
        if let Some(csrf) = &self.csrf
            && !headers.contains_key("x-csrf")
        {
            headers.insert("x-csrf", csrf.parse().expect("a token"));
        }
        let response = self.router.clone().oneshot(request).await.expect("the router does not fail");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        for value in parts.headers.get_all(header::SET_COOKIE) {
            let text = value.to_str().expect("ASCII");
            let token = text.split(';').next().and_then(|pair| pair.split_once('=')).map(|(_, value)| value.to_owned());
            self.cookie = token.filter(|token| !token.is_empty());
        }
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}
