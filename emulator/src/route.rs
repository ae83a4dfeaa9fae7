//! Which endpoint a method and a path mean.

use crate::error::{Problem, Result};
use crate::oauth::Way;
use crate::options::Permission;
use crate::redirects::Page;

/// An endpoint, with the app's ID where the path holds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint<'a> {
    Create,
    Query,
    Get(&'a str),
    Update(&'a str),
    Delete(&'a str),
    GenerateSecret(&'a str),
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    /// The OAuth Apps API.
    Apps(Endpoint<'a>),
    /// The token endpoint.
    Token,
    /// What a token is.
    TokenInfo,
    /// The page where a visitor becomes a member.
    Authorize,
    /// Logging in without a page.
    Login(Way),
    /// The way to one of the service's own pages.
    RedirectSession,
    /// One of these pages.
    Page(Page),
}

/// The place that the request is for; a path that is none of ours is a 404, a method that the path does not take a 405.
pub(crate) fn route<'a>(method: &str, path: &'a str) -> Result<Place<'a>> {
    let post = |place| if method == "POST" { Ok(place) } else { Err(Problem::method_not_allowed("POST")) };
    let get = |place| if method == "GET" { Ok(place) } else { Err(Problem::method_not_allowed("GET")) };
    match path {
        "/oauth2/token" => post(Place::Token),
        "/oauth2/token-info" => post(Place::TokenInfo),
        "/_api/oauth2/authorize" => get(Place::Authorize),
        "/_api/iam/authentication/v2/login" | "/iam/authentication/v2/login" => post(Place::Login(Way::LogIn)),
        "/_api/iam/authentication/v2/register" | "/iam/authentication/v2/register" => post(Place::Login(Way::Register)),
        "/_api/redirects-api/v1/redirect-session"
        | "/redirect-session/v1/redirect-session"
        | "/headless/v1/redirect-session" => post(Place::RedirectSession),
        "/_pages/checkout" => get(Place::Page(Page::Checkout)),
        "/_pages/login" => get(Place::Page(Page::Login)),
        "/_pages/logout" => get(Place::Page(Page::Logout)),
        _ => endpoint(method, path).map(Place::Apps),
    }
}

fn endpoint<'a>(method: &str, path: &'a str) -> Result<Endpoint<'a>> {
    let Some(below) = path.strip_prefix("/oauth-app/v1/oauth-apps") else { return Err(unknown_path()) };
    let segments: Vec<_> = below.split('/').skip(1).collect();
    match (method, segments.as_slice()) {
        // `oauth-appsx` has our prefix and is not ours.
        _ if !below.is_empty() && !below.starts_with('/') => Err(unknown_path()),
        ("POST", []) => Ok(Endpoint::Create),
        ("POST", ["query"]) => Ok(Endpoint::Query),
        (_, [] | ["query"]) => Err(Problem::method_not_allowed("POST")),
        (_, ["", ..]) => Err(unknown_path()),
        ("GET", [id]) => Ok(Endpoint::Get(id)),
        ("PATCH", [id]) => Ok(Endpoint::Update(id)),
        ("DELETE", [id]) => Ok(Endpoint::Delete(id)),
        (_, [_]) => Err(Problem::method_not_allowed("GET, PATCH, DELETE")),
        ("POST", [id, "generate-secret"]) => Ok(Endpoint::GenerateSecret(id)),
        (_, [_, "generate-secret"]) => Err(Problem::method_not_allowed("POST")),
        _ => Err(unknown_path()),
    }
}

impl Endpoint<'_> {
    /// What a caller needs for it.
    pub(crate) fn permission(self) -> Permission {
        match self {
            Endpoint::Get(_) | Endpoint::Query => Permission::ReadOAuthApps,
            _ => Permission::ManageOAuthApps,
        }
    }

    /// Whether it reads a body. Of the others, one that comes along is ignored.
    pub(crate) fn takes_body(self) -> bool {
        !matches!(self, Endpoint::Get(_) | Endpoint::Delete(_))
    }

    /// Whether it may change what is stored.
    pub(crate) fn writes(self) -> bool {
        self.permission() == Permission::ManageOAuthApps
    }
}

fn unknown_path() -> Problem {
    Problem::plain(404, "Not Found")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Hint;

    #[test]
    fn endpoints() {
        const BASE: &str = "/oauth-app/v1/oauth-apps";
        for (method, below, expected) in [
            ("POST", "", Ok(Endpoint::Create)),
            ("POST", "/query", Ok(Endpoint::Query)),
            ("GET", "/x", Ok(Endpoint::Get("x"))),
            ("PATCH", "/x", Ok(Endpoint::Update("x"))),
            ("DELETE", "/x", Ok(Endpoint::Delete("x"))),
            ("POST", "/x/generate-secret", Ok(Endpoint::GenerateSecret("x"))),
            ("GET", "", Err(405)),
            ("GET", "/query", Err(405)),
            ("DELETE", "/query", Err(405)),
            ("POST", "/x", Err(405)),
            ("PUT", "/x", Err(405)),
            ("get", "/x", Err(405)),
            ("GET", "/x/generate-secret", Err(405)),
            ("GET", "/", Err(404)),
            ("GET", "/x/", Err(404)),
            ("POST", "//generate-secret", Err(404)),
            ("POST", "/x/generate-secret/", Err(404)),
            ("GET", "x", Err(404)),
        ] {
            let path = format!("{BASE}{below}");
            let expected = expected.map(Place::Apps);
            assert_eq!(route(method, &path).map_err(|problem| problem.status), expected, "{method} {path}");
        }
        for path in ["", "/", "/oauth-app/v1", "oauth-app/v1/oauth-apps", "/OAuth-app/v1/oauth-apps"] {
            assert_eq!(route("POST", path).unwrap_err().status, 404, "{path}");
        }
        assert_eq!(route("PUT", &format!("{BASE}/x")).unwrap_err().hint, Some(Hint::Allow("GET, PATCH, DELETE")));
    }
}
