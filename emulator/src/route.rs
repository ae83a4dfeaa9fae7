//! Which endpoint a method and a path mean.

use crate::http::error::{ApiError, Result};
use crate::oauth::LoginKind;
use crate::options::Permission;
use crate::pages::hosted::HostedPage;

/// An endpoint, with the app's ID where the path holds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint<'a> {
    Create,
    Query,
    Get(&'a str),
    Update(&'a str),
    Delete(&'a str),
    GenerateSecret(&'a str),
    /// Reading a secret, which the service refuses.
    GetSecret(&'a str),
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// The OAuth Apps API.
    Apps(Endpoint<'a>),
    /// The token endpoint.
    Token,
    /// What a token is.
    TokenInfo,
    /// The page where a visitor becomes a member.
    Authorize,
    /// Logging in without a page.
    Login(LoginKind),
    /// The way to one of the service's own pages.
    RedirectSession,
    /// One of these pages.
    Page(HostedPage),
}

/// The paths of the OAuth Apps API. The second one is an alias: the Wix CLI calls it at `manage.wix.com`.
const APPS: [&str; 2] = ["/oauth-app/v1/oauth-apps", "/oauth-app-service/v1/oauth-apps"];

/// The place that the request is for. A path that is not served is a 404, and a method that its path does not take a 405.
pub(crate) fn route<'a>(method: &str, path: &'a str) -> Result<Route<'a>> {
    let post = |place| if method == "POST" { Ok(place) } else { Err(ApiError::method_not_allowed("POST")) };
    let get = |place| if method == "GET" { Ok(place) } else { Err(ApiError::method_not_allowed("GET")) };
    match path {
        "/oauth2/token" => post(Route::Token),
        "/oauth2/token-info" => post(Route::TokenInfo),
        "/_api/oauth2/authorize" => get(Route::Authorize),
        "/_api/iam/authentication/v2/login" | "/iam/authentication/v2/login" => post(Route::Login(LoginKind::LogIn)),
        "/_api/iam/authentication/v2/register" | "/iam/authentication/v2/register" => {
            post(Route::Login(LoginKind::Register))
        }
        "/_api/redirects-api/v1/redirect-session"
        | "/redirect-session/v1/redirect-session"
        | "/headless/v1/redirect-session" => post(Route::RedirectSession),
        "/_pages/checkout" => get(Route::Page(HostedPage::Checkout)),
        "/_pages/login" => get(Route::Page(HostedPage::Login)),
        "/_pages/logout" => get(Route::Page(HostedPage::Logout)),
        _ => endpoint(method, path).map(Route::Apps),
    }
}

fn endpoint<'a>(method: &str, path: &'a str) -> Result<Endpoint<'a>> {
    let unknown_path = || ApiError::not_served(method, path);
    let Some(below) = APPS.into_iter().find_map(|base| path.strip_prefix(base)) else { return Err(unknown_path()) };
    let segments: Vec<_> = below.split('/').skip(1).collect();
    match (method, segments.as_slice()) {
        // Such as `/oauth-app/v1/oauth-appsx`.
        _ if !below.is_empty() && !below.starts_with('/') => Err(unknown_path()),
        ("POST", []) => Ok(Endpoint::Create),
        ("POST", ["query"]) => Ok(Endpoint::Query),
        (_, [] | ["query"]) => Err(ApiError::method_not_allowed("POST")),
        (_, ["", ..]) => Err(unknown_path()),
        ("GET", [id]) => Ok(Endpoint::Get(id)),
        ("PATCH", [id]) => Ok(Endpoint::Update(id)),
        ("DELETE", [id]) => Ok(Endpoint::Delete(id)),
        (_, [_]) => Err(ApiError::method_not_allowed("GET, PATCH, DELETE")),
        ("POST", [id, "generate-secret"]) => Ok(Endpoint::GenerateSecret(id)),
        (_, [_, "generate-secret"]) => Err(ApiError::method_not_allowed("POST")),
        ("GET", [id, "secret"]) => Ok(Endpoint::GetSecret(id)),
        (_, [_, "secret"]) => Err(ApiError::method_not_allowed("GET")),
        _ => Err(unknown_path()),
    }
}

impl Endpoint<'_> {
    /// The permission that a caller needs.
    pub(crate) fn permission(self) -> Permission {
        match self {
            Endpoint::Get(_) | Endpoint::Query => Permission::ReadOAuthApps,
            _ => Permission::ManageOAuthApps,
        }
    }

    /// Whether the endpoint reads a body. The others ignore one.
    pub(crate) fn takes_body(self) -> bool {
        !matches!(self, Endpoint::Get(_) | Endpoint::Delete(_) | Endpoint::GetSecret(_))
    }

    /// Whether the endpoint can change the stored state.
    pub(crate) fn writes(self) -> bool {
        !matches!(self, Endpoint::Get(_) | Endpoint::Query | Endpoint::GetSecret(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::error::Hint;

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
            ("GET", "/x/secret", Ok(Endpoint::GetSecret("x"))),
            ("POST", "/x/secret", Err(405)),
            ("GET", "/", Err(404)),
            ("GET", "/x/", Err(404)),
            ("POST", "//generate-secret", Err(404)),
            ("POST", "/x/generate-secret/", Err(404)),
            ("GET", "x", Err(404)),
        ] {
            for base in [BASE, "/oauth-app-service/v1/oauth-apps"] {
                let path = format!("{base}{below}");
                let expected = expected.map(Route::Apps);
                assert_eq!(route(method, &path).map_err(|problem| problem.status), expected, "{method} {path}");
            }
        }
        let unknown = [
            "",
            "/",
            "/oauth-app/v1",
            "oauth-app/v1/oauth-apps",
            "/OAuth-app/v1/oauth-apps",
            "/v1/oauth-apps",
            "/\u{1}é",
        ];
        for path in unknown {
            let problem = route("POST", path).unwrap_err();
            assert_eq!(problem.status, 404, "{path}");
            let message = problem.into_message();
            assert!(message.contains("emulator does not serve") && message.contains(path), "{message}");
        }
        assert_eq!(route("PUT", &format!("{BASE}/x")).unwrap_err().hint, Some(Hint::Allow("GET, PATCH, DELETE")));
    }
}
