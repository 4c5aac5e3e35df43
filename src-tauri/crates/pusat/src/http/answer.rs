use crate::error::Error;
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use packet::wire::{Code, Problem};

/// A refusal as it leaves: problem+json, with the headers that belong to it.
#[derive(Debug)]
pub(crate) struct Refusal(Box<Inner>);

#[derive(Debug)]
struct Inner {
    problem: Problem,
    headers: HeaderMap,
}

pub(crate) type Answer<T> = Result<T, Refusal>;

impl Refusal {
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner { problem: Problem::new(code, detail), headers: HeaderMap::new() }))
    }

    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        if let Ok(value) = HeaderValue::from_str(&value.to_string()) {
            self.0.headers.insert(name, value);
        }
        self
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let problem = error.problem();
        if !matches!(error, Error::Refused(_)) {
            // The cause names operations and tables, never values.
            tracing::error!(target: "pusat::http", code = problem.code, error = %error, "refused");
        }
        let retry = (problem.status == 503 || problem.status == 507).then_some(5);
        let refusal = Self(Box::new(Inner { problem, headers: HeaderMap::new() }));
        match retry {
            Some(seconds) => refusal.with("retry-after", seconds),
            None => refusal,
        }
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        Error::from(error).into()
    }
}

impl From<packet::Error> for Refusal {
    fn from(error: packet::Error) -> Self {
        Error::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Inner { problem, headers } = *self.0;
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&problem)).into_response();
        response.headers_mut().extend(headers);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

/// A JSON body; anything else is a problem+json.
#[derive(FromRequest)]
#[from_request(via(Json), rejection(Refusal))]
pub(crate) struct Body<T>(pub T);

/// Parts of the path.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Refusal))]
pub(crate) struct Path<T>(pub T);

/// Query.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Refusal))]
pub(crate) struct Query<T>(pub T);

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(Code::TooLarge, "body"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::new(Code::MediaType, "application/json"),
            _ => Self::new(Code::Malformed, "body"),
        }
    }
}

impl From<PathRejection> for Refusal {
    fn from(_: PathRejection) -> Self {
        Self::new(Code::Malformed, "path")
    }
}

impl From<QueryRejection> for Refusal {
    fn from(_: QueryRejection) -> Self {
        Self::new(Code::Malformed, "query")
    }
}
