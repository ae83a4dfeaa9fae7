//! Login and registration, and the use of the session token.

use serde_json::{Value, json};

use crate::options::Options;
use crate::testing::client::{TestClient, authorize_url};

const CALLBACK: &str = "https://shop.example.com/callback";
const LOGIN: &str = "/_api/iam/authentication/v2/login";
const REGISTER: &str = "/_api/iam/authentication/v2/register";

fn body(email: &str, password: &str) -> Value {
    json!({ "loginId": { "email": email }, "password": password })
}

/// Returns the status, and the code or the field of the error.
fn error(answer: &(u16, Value)) -> (u16, &str) {
    let details = &answer.1["details"];
    let field = &details["validationError"]["fieldViolations"][0]["field"];
    let code = &details["applicationError"]["code"];
    (answer.0, field.as_str().or(code.as_str()).unwrap_or_default())
}

#[test]
fn a_member_logs_in_and_a_new_member_registers() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &[]);
    let (visitor, _) = client.visitor(&id);
    for (path, email, password, expected) in [
        (LOGIN, "member@example.com", "not-a-real-password", (200, "")),
        (LOGIN, "Member@Example.com", "not-a-real-password", (200, "")),
        (LOGIN, "member@example.com", "x", (401, "-19976")),
        (LOGIN, "new@example.com", "x", (401, "-19999")),
        (REGISTER, "member@example.com", "x", (409, "-19995")),
        (REGISTER, "new@example.com", "pass", (200, "")),
        (REGISTER, "NEW@example.com", "pass", (409, "-19995")),
        ("/iam/authentication/v2/login", "new@example.com", "pass", (200, "")),
        (LOGIN, "new@example.com", "Pass", (401, "-19976")),
        (LOGIN, "new", "pass", (400, "loginId.email")),
        (REGISTER, "", "pass", (400, "loginId.email")),
        (REGISTER, "other@example.com", "", (400, "password")),
    ] {
        let answer = client.post(path, &visitor, &body(email, password));
        assert_eq!(error(&answer), expected, "{path} {email} {password}");
        if answer.0 == 200 {
            assert_eq!(
                (&answer.1["state"], &answer.1["identity"]["status"]["name"]),
                (&json!("SUCCESS"), &json!("ACTIVE"))
            );
        }
    }
}

#[test]
fn only_visitors_and_members_can_log_in() {
    let mut client = TestClient::new();
    let (id, secret) = client.app_with_secret();
    let params = json!({ "grantType": "client_credentials", "clientId": id, "clientSecret": secret });
    let server = client.token(&params).1["access_token"].as_str().unwrap().to_owned();
    let api_key = client.headers["Authorization"].clone();
    let (visitor, refresh) = client.visitor(&id);
    for (authorization, status) in
        [("", 401), ("unknown", 401), (&*refresh, 401), (&api_key, 403), (&server, 403), (&visitor, 200)]
    {
        let answer = client.post(LOGIN, authorization, &body("member@example.com", "not-a-real-password"));
        assert_eq!(answer.0, status, "{authorization}");
    }
}

#[test]
fn the_session_token_identifies_the_member_at_the_authorize_page() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &[]);
    let (visitor, _) = client.visitor(&id);
    let (_, answer) = client.post(REGISTER, &visitor, &body("new@example.com", "pass"));
    let session_token = answer["sessionToken"].as_str().unwrap();
    let params =
        [("client_id", &*id), ("redirect_uri", CALLBACK), ("prompt", "none"), ("session_token", session_token)];
    let location = client.browse(&authorize_url(&params), "").headers["location"].clone();
    let code = location.split_once("?code=").unwrap().1.split('&').next().unwrap().to_owned();
    let (_, tokens) = client.token(&json!({
        "grantType": "authorization_code", "clientId": id, "code": code, "codeVerifier": crate::testing::client::VERIFIER,
        "redirectUri": CALLBACK,
    }));
    let info = client.info(tokens["access_token"].as_str().unwrap());
    assert_eq!((&info["subjectType"], &info["subjectId"]), (&json!("MEMBER"), &answer["identity"]["id"]));
}

#[test]
fn a_registered_member_is_unknown_at_another_site() {
    let sites = ["00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"];
    let mut client = TestClient::with(Options::from_json(json!({ "siteIds": sites })).unwrap());
    let (first, _) = {
        let id = client.app(&[], &[]);
        client.visitor(&id)
    };
    client.headers.insert("wix-site-id".to_owned(), sites[1].to_owned());
    let (second, _) = {
        let id = client.app(&[], &[]);
        client.visitor(&id)
    };
    assert_eq!(client.post(REGISTER, &first, &body("new@example.com", "pass")).0, 200);
    assert_eq!(client.post(LOGIN, &second, &body("new@example.com", "pass")).0, 401);
    assert_eq!(client.post(REGISTER, &second, &body("new@example.com", "pass")).0, 200);
}
