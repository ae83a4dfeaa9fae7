//! Routes a request by method and path.

use crate::http::error::{ApiError, Result};
use crate::options::{Login, Permission};

/// The destination of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// The OAuth Apps API.
    Apps(AppsEndpoint<'a>),
    /// The token endpoint.
    Token,
    /// The token-info endpoint.
    TokenInfo,
    /// The authorize page, which logs a member in and returns a code.
    Authorize,
    /// A login without a page.
    Login(LoginKind),
    /// The endpoint that creates redirect sessions.
    RedirectSession,
    /// A hosted page.
    Page(HostedPage),
}

/// An endpoint of the OAuth Apps API, with the ID of the app in its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AppsEndpoint<'a> {
    Create,
    Query,
    Get(&'a str),
    Update(&'a str),
    Delete(&'a str),
    GenerateSecret(&'a str),
    /// The endpoint that reads a secret, which the service refuses.
    GetSecret(&'a str),
}

/// A kind of login without a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginKind {
    /// Logs a member in.
    LogIn,
    /// Registers a new member, and logs them in.
    Register,
}

/// A hosted page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostedPage {
    Checkout,
    Login,
    Logout,
}

/// The base paths of the OAuth Apps API. The second one is an alias, which the Wix CLI calls at `manage.wix.com`.
const APPS: [&str; 2] = ["/oauth-app/v1/oauth-apps", "/oauth-app-service/v1/oauth-apps"];

/// Returns the route of a request. An unknown path is a 404, and a method that the path does not support a 405.
pub(crate) fn route<'a>(method: &str, path: &'a str, login: Login) -> Result<Route<'a>> {
    let post = |route| if method == "POST" { Ok(route) } else { Err(ApiError::method_not_allowed("POST")) };
    let get = |route| if method == "GET" { Ok(route) } else { Err(ApiError::method_not_allowed("GET")) };
    // Only a page that asks who logs in has a form to post.
    let form = |route| match (login, method) {
        (_, "GET") | (Login::Interactive, "POST") => Ok(route),
        (Login::Interactive, _) => Err(ApiError::method_not_allowed("GET, POST")),
        (Login::Automatic, _) => Err(ApiError::method_not_allowed("GET")),
    };
    match path {
        "/oauth2/token" => post(Route::Token),
        "/oauth2/token-info" => post(Route::TokenInfo),
        "/_api/oauth2/authorize" => form(Route::Authorize),
        "/_api/iam/authentication/v2/login" | "/iam/authentication/v2/login" => post(Route::Login(LoginKind::LogIn)),
        "/_api/iam/authentication/v2/register" | "/iam/authentication/v2/register" => {
            post(Route::Login(LoginKind::Register))
        }
        "/_api/redirects-api/v1/redirect-session"
        | "/redirect-session/v1/redirect-session"
        | "/headless/v1/redirect-session" => post(Route::RedirectSession),
        "/_pages/checkout" => get(Route::Page(HostedPage::Checkout)),
        "/_pages/login" => form(Route::Page(HostedPage::Login)),
        "/_pages/logout" => get(Route::Page(HostedPage::Logout)),
        _ => apps_endpoint(method, path).map(Route::Apps),
    }
}

fn apps_endpoint<'a>(method: &str, path: &'a str) -> Result<AppsEndpoint<'a>> {
    let unknown_path = || ApiError::not_served(method, path);
    let Some(below) = APPS.into_iter().find_map(|base| path.strip_prefix(base)) else { return Err(unknown_path()) };
    let segments: Vec<_> = below.split('/').skip(1).collect();
    match (method, segments.as_slice()) {
        // For example `/oauth-app/v1/oauth-appsx`.
        _ if !below.is_empty() && !below.starts_with('/') => Err(unknown_path()),
        ("POST", []) => Ok(AppsEndpoint::Create),
        ("POST", ["query"]) => Ok(AppsEndpoint::Query),
        (_, [] | ["query"]) => Err(ApiError::method_not_allowed("POST")),
        (_, ["", ..]) => Err(unknown_path()),
        ("GET", [id]) => Ok(AppsEndpoint::Get(id)),
        ("PATCH", [id]) => Ok(AppsEndpoint::Update(id)),
        ("DELETE", [id]) => Ok(AppsEndpoint::Delete(id)),
        (_, [_]) => Err(ApiError::method_not_allowed("GET, PATCH, DELETE")),
        ("POST", [id, "generate-secret"]) => Ok(AppsEndpoint::GenerateSecret(id)),
        (_, [_, "generate-secret"]) => Err(ApiError::method_not_allowed("POST")),
        ("GET", [id, "secret"]) => Ok(AppsEndpoint::GetSecret(id)),
        (_, [_, "secret"]) => Err(ApiError::method_not_allowed("GET")),
        _ => Err(unknown_path()),
    }
}

impl AppsEndpoint<'_> {
    /// Returns the permission that the endpoint requires.
    pub(crate) fn permission(self) -> Permission {
        match self {
            Self::Get(_) | Self::Query => Permission::ReadOAuthApps,
            _ => Permission::ManageOAuthApps,
        }
    }

    /// Checks whether the endpoint can change the stored data.
    pub(crate) fn writes(self) -> bool {
        !matches!(self, Self::Get(_) | Self::Query | Self::GetSecret(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::error::ErrorHeader;

    #[test]
    fn every_path_and_method_of_the_apps_api_is_routed() {
        const BASE: &str = "/oauth-app/v1/oauth-apps";
        for (method, below, expected) in [
            ("POST", "", Ok(AppsEndpoint::Create)),
            ("POST", "/query", Ok(AppsEndpoint::Query)),
            ("GET", "/x", Ok(AppsEndpoint::Get("x"))),
            ("PATCH", "/x", Ok(AppsEndpoint::Update("x"))),
            ("DELETE", "/x", Ok(AppsEndpoint::Delete("x"))),
            ("POST", "/x/generate-secret", Ok(AppsEndpoint::GenerateSecret("x"))),
            ("GET", "", Err(405)),
            ("GET", "/query", Err(405)),
            ("DELETE", "/query", Err(405)),
            ("POST", "/x", Err(405)),
            ("PUT", "/x", Err(405)),
            ("get", "/x", Err(405)),
            ("GET", "/x/generate-secret", Err(405)),
            ("GET", "/x/secret", Ok(AppsEndpoint::GetSecret("x"))),
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
                assert_eq!(
                    route(method, &path, Login::Automatic).map_err(|error| error.status),
                    expected,
                    "{method} {path}"
                );
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
            let error = route("POST", path, Login::Automatic).unwrap_err();
            assert_eq!(error.status, 404, "{path}");
            let message = error.into_message();
            assert!(message.contains("emulator does not serve") && message.contains(path), "{message}");
        }
        assert_eq!(
            route("PUT", &format!("{BASE}/x"), Login::Automatic).unwrap_err().header,
            Some(ErrorHeader::Allow("GET, PATCH, DELETE"))
        );
    }
}
