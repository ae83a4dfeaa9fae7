//! What the tests share: a host that can be told what to say, and a caller that is let in.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Emulator, Host, Options, Outcome, Request, Response};

/// A host whose clock stands still until it is moved, and whose random bytes count up.
pub(crate) struct TestHost {
    pub(crate) now: u64,
    /// How far the counting got; it does not count where it is `None`.
    pub(crate) count: Option<u64>,
}

impl TestHost {
    pub(crate) fn new() -> Self {
        Self { now: 1_772_355_900_042, count: Some(0) }
    }
}

impl Host for TestHost {
    fn now(&mut self) -> u64 {
        self.now
    }

    fn random(&mut self, bytes: &mut [u8]) {
        if let Some(count) = &mut self.count {
            *count = count.wrapping_add(1);
            bytes.iter_mut().rev().zip(count.to_le_bytes()).for_each(|(byte, counted)| *byte = counted);
        }
    }
}

/// An emulator and a client of it.
pub(crate) struct TestClient {
    pub(crate) emulator: Emulator,
    pub(crate) host: TestHost,
    pub(crate) headers: BTreeMap<String, String>,
}

pub(crate) const SERVICE: &str = "https://www.wixapis.com";
pub(crate) const AUTHORIZE: &str = "https://www.wixapis.com/_api/oauth2/authorize";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An authorization request, of which the parameters given replace the usual ones; an empty one removes it.
pub(crate) fn authorize_url(params: &[(&str, &str)]) -> String {
    let usual = [
        ("response_type", "code"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("scope", "offline_access"),
        ("state", "the state"),
    ];
    let kept = usual.iter().filter(|(name, _)| !params.iter().any(|(given, _)| given == name));
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

    /// The answer to a request with any body.
    #[track_caller]
    pub(crate) fn send(&mut self, method: &str, below: &str, body: Option<&str>) -> Response {
        let outcome = self.outcome(method, below, body);
        assert_eq!((outcome.failure, outcome.delay), (None, 0));
        outcome.response
    }

    /// What becomes of a request.
    pub(crate) fn outcome(&mut self, method: &str, below: &str, body: Option<&str>) -> Outcome {
        let request = Request {
            method: method.to_owned(),
            url: format!("{BASE}{below}"),
            headers: self.headers.clone(),
            body: body.map(Into::into),
        };
        self.emulator.handle(&request, &mut self.host)
    }

    /// The answer to a request of any kind, with these headers alone.
    pub(crate) fn request(
        &mut self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Response {
        let request = Request {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: body.map(Into::into),
        };
        let outcome = self.emulator.handle(&request, &mut self.host);
        assert_eq!((outcome.failure, outcome.delay), (None, 0));
        outcome.response
    }

    /// Status and body of the answer to a token request in JSON.
    #[track_caller]
    pub(crate) fn token(&mut self, params: &Value) -> (u16, Value) {
        let headers = [("content-type", "application/json")];
        let response = self.request("POST", TOKEN, &headers, Some(&params.to_string()));
        (response.status, serde_json::from_str(&response.body).unwrap())
    }

    /// The answer to a `GET` as a browser sends it, with these cookies.
    pub(crate) fn browse(&mut self, url: &str, cookies: &str) -> Response {
        self.request("GET", url, &[("cookie", cookies)], None)
    }

    /// Status and body of the answer to a call with an access token.
    #[track_caller]
    pub(crate) fn post(&mut self, path: &str, authorization: &str, body: &Value) -> (u16, Value) {
        let headers = [("authorization", authorization), ("content-type", "application/json")];
        let response = self.request("POST", &format!("{SERVICE}{path}"), &headers, Some(&body.to_string()));
        (response.status, serde_json::from_str(&response.body).unwrap())
    }

    /// The ID of a new app.
    #[track_caller]
    pub(crate) fn app(&mut self, uris: &[&str], domains: &[&str]) -> String {
        let app =
            serde_json::json!({ "name": "My app", "allowedRedirectUris": uris, "allowedRedirectDomains": domains });
        self.create(&app)["id"].as_str().unwrap().to_owned()
    }

    /// The access token and the refresh token of a new visitor.
    #[track_caller]
    pub(crate) fn visitor(&mut self, client_id: &str) -> (String, String) {
        let (status, tokens) = self.token(&serde_json::json!({ "clientId": client_id, "grantType": "anonymous" }));
        assert_eq!(status, 200, "{tokens}");
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        (text("access_token"), text("refresh_token"))
    }

    /// A code of a new login at an app, with the challenge of [`VERIFIER`].
    #[track_caller]
    pub(crate) fn code(&mut self, client_id: &str, redirect_uri: &str) -> String {
        let url = authorize_url(&[("client_id", client_id), ("redirect_uri", redirect_uri)]);
        let response = self.browse(&url, "");
        let location = response.headers["location"].clone();
        location.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned()
    }

    /// The access token and the refresh token of a member who has just logged in.
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

    /// What the token is.
    #[track_caller]
    pub(crate) fn info(&mut self, token: &str) -> Value {
        self.post("/oauth2/token-info", "", &serde_json::json!({ "token": token })).1
    }

    /// The ID and the secret of a new app.
    #[track_caller]
    pub(crate) fn app_with_secret(&mut self) -> (String, String) {
        let id = self.create(&serde_json::json!({ "name": "My app" }))["id"].as_str().unwrap().to_owned();
        let (_, body) = self.call("POST", &format!("/{id}/generate-secret"), &serde_json::json!({}));
        (id, body["oAuthAppSecret"].as_str().unwrap().to_owned())
    }

    /// Status and body of the answer to a JSON body.
    #[track_caller]
    pub(crate) fn call(&mut self, method: &str, below: &str, body: &Value) -> (u16, Value) {
        let body = (!body.is_null()).then(|| body.to_string());
        let response = self.send(method, below, body.as_deref());
        (response.status, serde_json::from_str(&response.body).unwrap())
    }

    /// The app that a create answers, without its secret.
    #[track_caller]
    pub(crate) fn create(&mut self, app: &Value) -> Value {
        let (status, mut body) = self.call("POST", "", &serde_json::json!({ "oAuthApp": app }));
        assert_eq!(status, 200, "{body}");
        let mut app = body["oAuthApp"].take();
        app.as_object_mut().unwrap().shift_remove("secret");
        app
    }
}
