//! A client of the emulator, for unit tests.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::emulator::Emulator;
use crate::http::outcome::Outcome;
use crate::http::request::Request;
use crate::http::response::Response;
use crate::options::Options;
use crate::testing::host::TestHost;

/// An emulator, and an authorized client of it.
pub(crate) struct TestClient {
    pub(crate) emulator: Emulator,
    pub(crate) host: TestHost,
    pub(crate) headers: BTreeMap<String, String>,
}

pub(crate) const SERVICE: &str = "https://www.wixapis.com";
pub(crate) const AUTHORIZE: &str = "https://www.wixapis.com/_api/oauth2/authorize";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// Returns the URL of an authorization request. The given parameters replace the default ones; an empty value removes a
/// default.
pub(crate) fn authorize_url(params: &[(&str, &str)]) -> String {
    let defaults = [
        ("response_type", "code"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("scope", "offline_access"),
        ("state", "the state"),
    ];
    let kept = defaults.iter().filter(|(name, _)| !params.iter().any(|(given, _)| given == name));
    let given = params.iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept.chain(given)).finish();
    format!("{AUTHORIZE}?{query}")
}

pub(crate) const TOKEN: &str = "https://www.wixapis.com/oauth2/token";
pub(crate) const BASE: &str = "https://www.wixapis.com/oauth-app/v1/oauth-apps";

impl TestClient {
    pub(crate) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(crate) fn with(options: Options) -> Self {
        let emulator = Emulator::new(options).unwrap();
        let credentials = emulator.credentials();
        let headers = BTreeMap::from([
            ("Authorization".to_owned(), credentials.api_key),
            ("wix-site-id".to_owned(), credentials.site_id),
            ("Content-Type".to_owned(), "application/json".to_owned()),
        ]);
        Self { emulator, host: TestHost::new(), headers }
    }

    /// Sends a request to the OAuth Apps API, and returns the response.
    #[track_caller]
    pub(crate) fn send(&mut self, method: &str, below: &str, body: Option<&str>) -> Response {
        let outcome = self.outcome(method, below, body);
        assert_eq!((outcome.error, outcome.delay), (None, 0));
        outcome.response
    }

    /// Sends a request to the OAuth Apps API, and returns its outcome.
    pub(crate) fn outcome(&mut self, method: &str, below: &str, body: Option<&str>) -> Outcome {
        let request = Request {
            method,
            url: &format!("{BASE}{below}"),
            headers: self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            body: body.map(str::as_bytes),
        };
        self.emulator.handle(&request, &mut self.host)
    }

    /// Sends a request to any URL with these headers only.
    pub(crate) fn request(
        &mut self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Response {
        let request = Request { method, url, headers: headers.to_vec(), body: body.map(str::as_bytes) };
        let outcome = self.emulator.handle(&request, &mut self.host);
        assert_eq!((outcome.error, outcome.delay), (None, 0));
        outcome.response
    }

    /// Sends a token request in JSON, and returns status and body.
    #[track_caller]
    pub(crate) fn token(&mut self, params: &Value) -> (u16, Value) {
        let headers = [("content-type", "application/json")];
        let response = self.request("POST", TOKEN, &headers, Some(&params.to_string()));
        (response.status, serde_json::from_str(&response.body).unwrap())
    }

    /// Opens a page in a browser with these cookies.
    pub(crate) fn browse(&mut self, url: &str, cookies: &str) -> Response {
        self.request("GET", url, &[("cookie", cookies)], None)
    }

    /// Sends a call with an access token, and returns status and body.
    #[track_caller]
    pub(crate) fn post(&mut self, path: &str, authorization: &str, body: &Value) -> (u16, Value) {
        let headers = [("authorization", authorization), ("content-type", "application/json")];
        let response = self.request("POST", &format!("{SERVICE}{path}"), &headers, Some(&body.to_string()));
        (response.status, serde_json::from_str(&response.body).unwrap())
    }

    /// Creates an app, and returns its ID.
    #[track_caller]
    pub(crate) fn app(&mut self, uris: &[&str], domains: &[&str]) -> String {
        let app =
            serde_json::json!({ "name": "My app", "allowedRedirectUris": uris, "allowedRedirectDomains": domains });
        self.create(&app)["id"].as_str().unwrap().to_owned()
    }

    /// Returns the access token and the refresh token of a new visitor.
    #[track_caller]
    pub(crate) fn visitor(&mut self, client_id: &str) -> (String, String) {
        let (status, tokens) = self.token(&serde_json::json!({ "clientId": client_id, "grantType": "anonymous" }));
        assert_eq!(status, 200, "{tokens}");
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        (text("access_token"), text("refresh_token"))
    }

    /// Logs in at an app, and returns a code with the challenge of [`VERIFIER`].
    #[track_caller]
    pub(crate) fn code(&mut self, client_id: &str, redirect_uri: &str) -> String {
        let url = authorize_url(&[("client_id", client_id), ("redirect_uri", redirect_uri)]);
        let response = self.browse(&url, "");
        let location = response.headers["location"].clone();
        location.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned()
    }

    /// Logs in at an app, and returns the member's access token and refresh token.
    #[track_caller]
    pub(crate) fn member(&mut self, client_id: &str, redirect_uri: &str) -> (String, String) {
        let code = self.code(client_id, redirect_uri);
        let (status, tokens) = self.token(&serde_json::json!({
            "clientId": client_id, "grantType": "authorization_code", "code": code, "codeVerifier": VERIFIER,
            "redirectUri": redirect_uri,
        }));
        assert_eq!(status, 200, "{tokens}");
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        (text("access_token"), text("refresh_token"))
    }

    /// Returns the description of a token.
    #[track_caller]
    pub(crate) fn info(&mut self, token: &str) -> Value {
        self.post("/oauth2/token-info", "", &serde_json::json!({ "token": token })).1
    }

    /// Creates an app with a generated secret, and returns its ID and the secret.
    #[track_caller]
    pub(crate) fn app_with_secret(&mut self) -> (String, String) {
        let id = self.create(&serde_json::json!({ "name": "My app" }))["id"].as_str().unwrap().to_owned();
        let (_, body) = self.call("POST", &format!("/{id}/generate-secret"), &serde_json::json!({}));
        (id, body["oAuthAppSecret"].as_str().unwrap().to_owned())
    }

    /// Sends a JSON body to the OAuth Apps API, and returns status and body.
    #[track_caller]
    pub(crate) fn call(&mut self, method: &str, below: &str, body: &Value) -> (u16, Value) {
        let body = (!body.is_null()).then(|| body.to_string());
        let response = self.send(method, below, body.as_deref());
        (response.status, serde_json::from_str(&response.body).unwrap())
    }

    /// Creates an app, and returns it without its secret.
    #[track_caller]
    pub(crate) fn create(&mut self, app: &Value) -> Value {
        let (status, mut body) = self.call("POST", "", &serde_json::json!({ "oAuthApp": app }));
        assert_eq!(status, 200, "{body}");
        let mut app = body["oAuthApp"].take();
        app.as_object_mut().unwrap().shift_remove("secret");
        app
    }
}
