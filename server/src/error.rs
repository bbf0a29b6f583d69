//! Every refusal: a stable code, a sentence in Russian and English, and where it helps, how long to wait.
//!
//! Rules return it, sockets send [`Error::fault`], HTTP answers with a problem document. Causes stay in the log.

use std::borrow::Cow;
use std::time::Duration;

use prilavok_protocol::error::{ErrorCode, Fault, FieldError};

use crate::store;

/// The language of a sentence that a person may see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// Russian, unless asked otherwise.
    #[default]
    Russian,
    /// English.
    English,
}

impl Language {
    /// The first language of `Accept-Language` that we speak; weights are honoured.
    #[must_use]
    pub fn of_header(header: &str) -> Self {
        let mut best = (0.0_f32, Self::Russian);
        for entry in header.split(',') {
            let mut parts = entry.split(';');
            let name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q=").and_then(|q| q.parse().ok()))
                .unwrap_or(1.0_f32);
            let language = match name.split('-').next() {
                Some("ru" | "*") => Self::Russian,
                Some("en") => Self::English,
                _ => continue,
            };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

/// One sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    russian: Cow<'static, str>,
    english: Cow<'static, str>,
}

impl Sentence {
    /// The sentence in one language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Russian => &self.russian,
            Language::English => &self.english,
        }
    }
}

/// A wrong value: where, what kind of mistake, and a sentence.
#[derive(Debug, Clone)]
pub struct Field {
    pointer: String,
    code: &'static str,
    sentence: Sentence,
}

/// A refusal.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{code:?}: {}{}", .sentence.english, .cause.as_deref().map(|c| format!(" ({c})")).unwrap_or_default())]
pub struct Error {
    code: ErrorCode,
    sentence: Sentence,
    retry_after: Option<Duration>,
    fields: Vec<Field>,
    cause: Option<String>,
}

impl Error {
    /// A refusal with the usual sentence of its code.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        let (russian, english) = usual(code);
        Self {
            code,
            sentence: sentence(russian, english),
            retry_after: None,
            fields: Vec::new(),
            cause: None,
        }
    }

    /// It does not exist, or the caller may not know that it does.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(ErrorCode::NotFound)
    }

    /// A wrong value of a body; `pointer` is a JSON pointer such as `/message`.
    #[must_use]
    pub fn invalid(pointer: &str, russian: &'static str, english: &'static str) -> Self {
        Self::new(ErrorCode::Invalid)
            .say(russian, english)
            .field(pointer, "invalid", russian, english)
    }

    /// Too much in too short a time.
    #[must_use]
    pub fn rate_limited(wait: Duration) -> Self {
        Self::new(ErrorCode::RateLimited).after(wait)
    }

    /// A fault of the server; the cause goes to the log only.
    #[must_use]
    pub fn internal(cause: impl ToString) -> Self {
        Self::new(ErrorCode::Internal).because(cause)
    }

    /// Another sentence than the usual one.
    #[must_use]
    pub fn say(mut self, russian: impl Into<Cow<'static, str>>, english: impl Into<Cow<'static, str>>) -> Self {
        self.sentence = sentence(russian, english);
        self
    }

    /// How long to wait.
    #[must_use]
    pub fn after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// One more wrong value.
    #[must_use]
    pub fn field(
        mut self,
        pointer: impl Into<String>,
        code: &'static str,
        russian: impl Into<Cow<'static, str>>,
        english: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.fields.push(Field {
            pointer: pointer.into(),
            code,
            sentence: sentence(russian, english),
        });
        self
    }

    /// What the log should know and the caller should not.
    #[must_use]
    pub fn because(mut self, cause: impl ToString) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// The stable name.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// How long to wait, where waiting helps.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What the log should know and the caller should not.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The sentence that may be shown.
    #[must_use]
    pub fn detail(&self, language: Language) -> &str {
        self.sentence.in_language(language)
    }

    /// The wrong values.
    #[must_use]
    pub fn field_errors(&self, language: Language) -> Vec<FieldError> {
        let field = |field: &Field| FieldError {
            pointer: field.pointer.clone(),
            code: field.code.into(),
            detail: field.sentence.in_language(language).into(),
        };
        self.fields.iter().map(field).collect()
    }

    /// The refusal as sockets send it.
    #[must_use]
    pub fn fault(&self) -> Fault {
        let millis = |wait: Duration| u32::try_from(wait.as_millis()).unwrap_or(u32::MAX).max(1);
        Fault {
            code: self.code,
            detail: self.detail(Language::Russian).into(),
            retry_after_ms: self.retry_after.map(millis),
        }
    }
}

impl axum::response::IntoResponse for Error {
    /// Only the status and the refusal itself: the outermost layer knows the request's language and id, and writes
    /// the problem document.
    fn into_response(self) -> axum::response::Response {
        let status = http::StatusCode::from_u16(self.code.status()).expect("every code has a status");
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        // How long a client waits before it tries a busy or full store again.
        let soon = Duration::from_secs(2);
        match error {
            store::Error::NotFound => Self::not_found(),
            store::Error::Conflict => Self::new(ErrorCode::Conflict),
            store::Error::EmailTaken => Self::new(ErrorCode::EmailTaken),
            store::Error::SessionEnded => Self::new(ErrorCode::Unauthorized),
            store::Error::Full => Self::new(ErrorCode::Unavailable)
                .after(soon * 5)
                .because("the disk is full")
                .say(
                    "На сервере закончилось место. Ничего не сохранено, попробуйте позже.",
                    "The server is out of disk space. Nothing was saved, try later.",
                ),
            store::Error::Busy => Self::new(ErrorCode::Unavailable).after(soon),
            store::Error::Unknown(cause) => Self::new(ErrorCode::Unavailable).after(soon).because(cause).say(
                "Неизвестно, сохранено ли. Повторите тот же запрос.",
                "It is not known whether this was saved. Send the same request again.",
            ),
            store::Error::Internal(cause) => Self::internal(cause),
        }
    }
}

fn sentence(russian: impl Into<Cow<'static, str>>, english: impl Into<Cow<'static, str>>) -> Sentence {
    Sentence {
        russian: russian.into(),
        english: english.into(),
    }
}

fn usual(code: ErrorCode) -> (&'static str, &'static str) {
    match code {
        ErrorCode::Malformed => ("Запрос не удалось разобрать.", "The request could not be read."),
        ErrorCode::Invalid => ("Значение не подходит.", "A value does not fit."),
        ErrorCode::BadRequest => ("Неверный параметр запроса.", "A parameter of the request is wrong."),
        ErrorCode::Unauthorized => ("Нужно войти.", "Please sign in."),
        ErrorCode::BadCredentials => ("Неверная почта или пароль.", "Wrong e-mail or password."),
        ErrorCode::Forbidden => ("На это нет прав.", "You are not allowed to do this."),
        ErrorCode::NotFound => ("Не найдено.", "Not found."),
        ErrorCode::MethodNotAllowed => ("Этот метод здесь не поддерживается.", "This method is not served here."),
        ErrorCode::Conflict => ("Этот идентификатор уже занят.", "This id is already taken."),
        ErrorCode::EmailTaken => (
            "Эта почта уже зарегистрирована.",
            "This e-mail address has an account already.",
        ),
        ErrorCode::TooLarge => ("Слишком длинно.", "Too long."),
        ErrorCode::UnsupportedMediaType => ("Здесь понимают только JSON.", "Only JSON is understood here."),
        ErrorCode::RateLimited => ("Слишком часто. Подождите немного.", "Too often. Please wait a little."),
        ErrorCode::Unavailable => (
            "Сервер сейчас не может. Попробуйте ещё раз.",
            "The server cannot do it now. Try again.",
        ),
        ErrorCode::AccountDisabled => ("Учётная запись закрыта.", "The account was closed."),
        ErrorCode::Removed => (
            "Вы больше не работаете в этом магазине. Чтобы вернуться, попросите у владельца приглашение.",
            "You no longer work in this shop. To come back, ask its owner for an invitation.",
        ),
        ErrorCode::TokenReused => (
            "Сеанс завершён. Войдите снова.",
            "The session has ended. Please sign in again.",
        ),
        ErrorCode::UnknownCommand => (
            "Сервер не знает этой команды.",
            "The server does not know this command.",
        ),
        ErrorCode::Timeout => ("Запрос занял слишком много времени.", "The request took too long."),
        ErrorCode::Internal | ErrorCode::Unknown => ("Ошибка сервера.", "A fault of the server."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_is_spoken_unless_english_is_preferred() {
        for (header, language) in [
            ("", Language::Russian),
            ("en", Language::English),
            ("en-US,en;q=0.9", Language::English),
            ("ru-RU,ru;q=0.9,en;q=0.8", Language::Russian),
            ("en;q=0.3, ru;q=0.7", Language::Russian),
            ("de, fr;q=0.4", Language::Russian),
            ("de, en;q=0.4", Language::English),
            ("*", Language::Russian),
            ("en;q=rubbish", Language::English),
        ] {
            assert_eq!(Language::of_header(header), language, "{header}");
        }
    }

    #[test]
    fn causes_never_reach_the_caller() {
        let error = Error::from(store::Error::Internal("table secrets is on fire".into()));
        assert!(!error.fault().detail.contains("secrets"));
        assert_eq!(error.fault().code, ErrorCode::Internal);
        assert!(error.to_string().contains("secrets"));
    }
}
