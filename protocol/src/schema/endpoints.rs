//! How a path of the marketplace API is described; [`ENDPOINTS`] lists them all.

mod table;

use super::SchemaOf;
pub use table::ENDPOINTS;

/// One path with one method.
pub struct Endpoint {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: &'static str,
    /// From the root, with parameters in braces.
    pub path: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Who may ask.
    pub auth: Auth,
    /// In the path and in the query.
    pub params: &'static [Param],
    /// The body.
    pub request: Option<SchemaOf>,
    /// The envelope and what is in it.
    pub answer: Answer,
    /// Statuses of success, the usual one first.
    pub success: &'static [u16],
    /// Statuses of refusal besides 429, 500 and 503, which any path may give.
    pub refusals: &'static [u16],
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// Anybody.
    Open,
    /// Who is signed in.
    Token,
    /// The marketplace itself, with the service token.
    Service,
}

/// What comes back.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    /// `{"data": {…}}`
    One(SchemaOf),
    /// `{"data": […]}`
    List(SchemaOf),
    /// `{"data": […], "pagination": {"total": N}}`
    Page(SchemaOf),
    /// `{"data": […], "next_cursor": "…"}`, without `next_cursor` on the last page.
    Cursored(SchemaOf),
    /// `{"data": null}`
    Nothing,
    /// The value without an envelope.
    Bare(SchemaOf),
}

/// One parameter.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// The type.
    pub schema: SchemaOf,
    /// What it does.
    pub what: &'static str,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Always required.
    Path,
    /// May be left out.
    Query,
    /// Must be there.
    RequiredQuery,
}

const fn path(name: &'static str, schema: SchemaOf, what: &'static str) -> Param {
    Param {
        name,
        place: Place::Path,
        schema,
        what,
    }
}

const fn query(name: &'static str, schema: SchemaOf, what: &'static str) -> Param {
    Param {
        name,
        place: Place::Query,
        schema,
        what,
    }
}

const fn needed(name: &'static str, schema: SchemaOf, what: &'static str) -> Param {
    Param {
        name,
        place: Place::RequiredQuery,
        schema,
        what,
    }
}

/// A call without parameters and body; the table below fills in the rest.
const fn call(method: &'static str, path: &'static str, summary: &'static str, answer: Answer) -> Endpoint {
    Endpoint {
        method,
        path,
        summary,
        auth: Auth::Token,
        params: &[],
        request: None,
        answer,
        success: &[200],
        refusals: &[401],
    }
}

impl Endpoint {
    const fn open(self) -> Self {
        Self {
            auth: Auth::Open,
            refusals: &[],
            ..self
        }
    }

    const fn service(self) -> Self {
        Self {
            auth: Auth::Service,
            ..self
        }
    }

    const fn params(self, params: &'static [Param]) -> Self {
        Self { params, ..self }
    }

    const fn takes(self, request: SchemaOf) -> Self {
        Self {
            request: Some(request),
            ..self
        }
    }

    const fn gives(self, success: &'static [u16]) -> Self {
        Self { success, ..self }
    }

    const fn refuses(self, refusals: &'static [u16]) -> Self {
        Self { refusals, ..self }
    }
}
