//! Everything that can go wrong with a request, as a code, a status, and words in the reader's language.
//!
//! A [`Fault`] holds no value a person typed and no name: it is also what goes into the log. The words are put in at the edge,
//! by [`crate::headers::speak`], which knows the request's language.

use axum::{
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use reme_sync_protocol::Refusal;
use reme_types::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The body of every error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorBody {
    /// Stable code, such as `not-found`.
    pub code: String,
    /// The field at fault, if one is.
    pub field: Option<String>,
    /// What happened, what was kept, what to do: for a person to read.
    pub message: String,
    /// For devices: why, as a code with its parts.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refusal: Option<Refusal>,
    /// For devices whose clock is wrong: the portal's time, milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub server_ms: Option<i64>,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nobody is logged in, or the session has ended.
    LoggedOut,
    /// Email, password or code do not fit. Which one is not said.
    LogIn,
    /// The request does not prove that it comes from our page.
    Csrf,
    /// This role may not.
    Forbidden,
    /// There is none such, or it is another clinic's.
    NotFound(&'static str),
    /// No such address.
    NoRoute,
    /// The address does not know this method.
    Method,
    /// The body is no JSON, or of another shape.
    Malformed {
        /// Where, such as `games[0].game`.
        field: Option<String>,
    },
    /// A field is not as it must be.
    Invalid {
        /// Which.
        field: &'static str,
        /// What is the matter: chosen words, never the value.
        problem: Problem,
    },
    /// Somebody else changed it in the meantime.
    Conflict,
    /// An invitation or code that was used or has run out.
    Spent,
    /// The body is larger than is taken.
    TooLarge,
    /// The body is of another kind than JSON.
    MediaType,
    /// Too many requests.
    Busy {
        /// Seconds to wait.
        retry_after_s: u32,
    },
    /// The device's clock is too far off.
    Clock {
        /// The portal's time.
        server_ms: i64,
    },
    /// A device request that will not be done.
    Device(Refusal),
    /// Our own fault. The text is for the log and holds no data of a person.
    Internal(&'static str),
    /// The database did not do it.
    Database(String),
}

/// What is the matter with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Nothing in it.
    Empty,
    /// More than is kept.
    TooLong,
    /// Not a value that is known.
    Unknown,
    /// Outside its bounds.
    Range,
    /// Already there.
    Taken,
    /// Too easy to guess.
    Weak,
    /// Not the same as what it must repeat.
    Differs,
}

impl Fault {
    pub(crate) const fn internal(what: &'static str) -> Self {
        Self::Internal(what)
    }

    /// Status and stable code.
    pub fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::LoggedOut => (StatusCode::UNAUTHORIZED, "logged-out"),
            Self::LogIn => (StatusCode::UNAUTHORIZED, "log-in"),
            Self::Csrf => (StatusCode::FORBIDDEN, "csrf"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "not-found"),
            Self::NoRoute => (StatusCode::NOT_FOUND, "no-route"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method"),
            Self::Malformed { .. } => (StatusCode::BAD_REQUEST, "malformed"),
            Self::Invalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            Self::Conflict => (StatusCode::CONFLICT, "conflict"),
            Self::Spent => (StatusCode::GONE, "spent"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            Self::MediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type"),
            Self::Busy { .. } => (StatusCode::TOO_MANY_REQUESTS, "busy"),
            Self::Clock { .. } => (StatusCode::UNAUTHORIZED, "clock"),
            Self::Device(refusal) => (device_status(refusal), "refused"),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            Self::Database(_) => (StatusCode::SERVICE_UNAVAILABLE, "database"),
        }
    }

    /// The words.
    pub fn body(&self, language: Language) -> ErrorBody {
        let (_, code) = self.status_and_code();
        let field = match self {
            Self::Invalid { field, .. } => Some((*field).to_owned()),
            Self::Malformed { field } => field.clone(),
            _ => None,
        };
        let (refusal, server_ms) = match self {
            Self::Device(refusal) => (Some(refusal.clone()), None),
            Self::TooLarge => (Some(Refusal::TooLarge), None),
            Self::Clock { server_ms } => (None, Some(*server_ms)),
            _ => (None, None),
        };
        ErrorBody { code: code.into(), field, message: self.message(language), refusal, server_ms }
    }

    fn message(&self, language: Language) -> String {
        let (en, zh) = match self {
            Self::LoggedOut => {
                ("Please log in again. Nothing that was saved is lost.", "请重新登录。已保存的内容都还在。")
            }
            Self::LogIn => (
                "Email, password and code do not fit together. Please check all three; a code is good for one log-in.",
                "邮箱、密码和验证码对不上。请检查这三项；每个验证码只能用一次。",
            ),
            Self::Csrf => {
                ("Please reload the page and try again. Nothing was changed.", "请刷新页面再试一次。没有做任何更改。")
            }
            Self::Forbidden => (
                "Your role does not include this. Nothing was changed. Ask your clinic's administrator if you need it.",
                "您的角色没有这项权限，没有做任何更改。如有需要，请联系机构管理员。",
            ),
            Self::NotFound(what) => return not_found(what, language),
            Self::NoRoute => ("There is nothing at this address.", "这个地址没有内容。"),
            Self::Method => ("This address does not take that kind of request.", "这个地址不接受这种请求。"),
            Self::Malformed { .. } => (
                "The request could not be read: send JSON of the shape in the API description. Nothing was changed.",
                "请求无法读取：请按接口说明发送 JSON。没有做任何更改。",
            ),
            Self::Invalid { field, problem } => return invalid(field, *problem, language),
            Self::Conflict => (
                "Somebody changed this in the meantime. Your change was not made; look at the new version and try again.",
                "别人刚刚改过这里。您的更改没有保存；请看看新版本再试。",
            ),
            Self::Spent => (
                "This invitation was used or has run out. Ask for a new one.",
                "这个邀请已用过或已过期。请再要一个新的。",
            ),
            Self::TooLarge => (
                "This is larger than can be taken at once. Nothing was changed.",
                "内容太大，一次收不下。没有做任何更改。",
            ),
            Self::MediaType => (
                "Please send JSON (Content-Type: application/json).",
                "请发送 JSON（Content-Type: application/json）。",
            ),
            Self::Busy { retry_after_s } => {
                return match language {
                    Language::En => format!("Too many tries at once. Please wait {retry_after_s} seconds."),
                    Language::ZhCn => format!("尝试次数过多，请等 {retry_after_s} 秒。"),
                };
            }
            Self::Clock { .. } => (
                "The device's clock is not right. It will use the portal's time.",
                "设备的时间不对，将改用平台的时间。",
            ),
            Self::Device(_) => (
                "The device's request was not taken. Everything is kept on the device.",
                "设备的请求没有被接受。数据都保留在设备上。",
            ),
            Self::Internal(_) | Self::Database(_) => (
                "Something went wrong on our side. What was saved before is kept; please try again.",
                "我们这边出了问题。之前保存的都还在，请再试一次。",
            ),
        };
        match language {
            Language::En => en.into(),
            Language::ZhCn => zh.into(),
        }
    }
}

fn not_found(what: &str, language: Language) -> String {
    let zh = match what {
        "patient" => "患者",
        "session" => "训练",
        "device" => "设备",
        "plan" => "训练计划",
        "account" => "账号",
        _ => "内容",
    };
    match language {
        Language::En => format!("There is no such {what}, or it is not yours to see."),
        Language::ZhCn => format!("没有这个{zh}，或者您无权查看。"),
    }
}

fn invalid(field: &str, problem: Problem, language: Language) -> String {
    let (en, zh) = match problem {
        Problem::Empty => ("is empty", "没有填"),
        Problem::TooLong => ("is too long", "太长"),
        Problem::Unknown => ("is not a value that is known", "不是可用的值"),
        Problem::Range => ("is outside its bounds", "超出范围"),
        Problem::Taken => ("is already in use", "已被使用"),
        Problem::Weak => {
            ("is too short or too easy to guess: use at least 12 characters", "太短或太容易猜到：至少 12 个字符")
        }
        Problem::Differs => ("is not the same as what it must repeat", "与要求的内容不一致"),
    };
    match language {
        Language::En => format!("`{field}` {en}. Nothing was changed."),
        Language::ZhCn => format!("「{field}」{zh}。没有做任何更改。"),
    }
}

const fn device_status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::CodeUnknown => StatusCode::NOT_FOUND,
        Refusal::CodeUsed => StatusCode::CONFLICT,
        Refusal::CodeExpired => StatusCode::GONE,
        Refusal::NotPaired | Refusal::Signature => StatusCode::UNAUTHORIZED,
        Refusal::Protocol { .. } => StatusCode::UPGRADE_REQUIRED,
        Refusal::Consent => StatusCode::FORBIDDEN,
        Refusal::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        // Values bound to a statement are not in these texts; a constraint's name may be.
        Self::Database(match &error {
            sqlx::Error::Database(inner) => {
                inner.code().map_or_else(|| "refused".into(), |code| format!("code {code}"))
            }
            sqlx::Error::PoolTimedOut => "no connection was free".into(),
            sqlx::Error::ColumnDecode { index, .. } => format!("column {index} could not be read"),
            sqlx::Error::RowNotFound => "no row".into(),
            _ => "not reached".into(),
        })
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let (status, _) = self.status_and_code();
        let mut response = status.into_response();
        if let Self::Busy { retry_after_s } = self {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after_s));
        }
        response.extensions_mut().insert(self);
        response
    }
}
