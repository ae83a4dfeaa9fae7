//! The authorize page: logins, codes and redirects.

use serde_json::{Value, json};

use crate::http::response::Response;
use crate::options::Options;
use crate::testing::client::{TestClient, authorize_url};

const CALLBACK: &str = "https://shop.example.com/callback";

/// Returns the names and values of a query.
fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn names(pairs: &[(String, String)]) -> Vec<&str> {
    pairs.iter().map(|(name, _)| name.as_str()).collect()
}

fn cookie(response: &Response) -> String {
    response.headers["set-cookie"].split(';').next().unwrap().to_owned()
}

#[test]
fn the_code_is_in_the_query_or_in_the_fragment() {
    let mut client = TestClient::new();
    let uris = [CALLBACK, "https://shop.example.com/?a=1", "https://shop.example.com/#top", "com.example.app:/cb"];
    let id = client.app(&uris, &[]);
    for (uri, mode, before, after) in [
        (CALLBACK, "", "https://shop.example.com/callback?", ""),
        (CALLBACK, "query", "https://shop.example.com/callback?", ""),
        (CALLBACK, "fragment", "https://shop.example.com/callback#", ""),
        ("https://shop.example.com/?a=1", "query", "https://shop.example.com/?a=1&", ""),
        ("https://shop.example.com/?a=1", "fragment", "https://shop.example.com/?a=1#", ""),
        ("https://shop.example.com/#top", "query", "https://shop.example.com/?", "#top"),
        ("https://shop.example.com/#top", "fragment", "https://shop.example.com/#top&", ""),
        ("com.example.app:/cb", "query", "com.example.app:/cb?", ""),
    ] {
        let url = authorize_url(&[("client_id", &id), ("redirect_uri", uri), ("response_mode", mode)]);
        let response = client.browse(&url, "");
        assert_eq!(response.status, 302, "{url}: {}", response.body);
        let location = &response.headers["location"];
        let answer = location.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        let answer = pairs(answer.unwrap_or_else(|| panic!("{location}")));
        assert_eq!(names(&answer), ["code", "state"], "{location}");
        assert_eq!(answer[1].1, "the state");
    }
}

#[test]
fn the_code_is_in_a_message_to_listed_origins() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK, "http://localhost:3000/cb"], &["www.example.com", "localhost:4321"]);
    for (redirect_uri, origins) in [
        (CALLBACK, json!(["https://shop.example.com"])),
        (
            "",
            json!([
                "http://localhost:3000",
                "http://localhost:4321",
                "https://localhost:4321",
                "https://shop.example.com",
                "https://www.example.com",
            ]),
        ),
    ] {
        let params = [("client_id", &*id), ("redirect_uri", redirect_uri), ("response_mode", "web_message")];
        let response = client.browse(&authorize_url(&params), "");
        assert_eq!((response.status, &*response.headers["content-type"]), (200, "text/html; charset=utf-8"));
        let message = response.body.split_once("const message = ").unwrap().1.split_once(";\n").unwrap().0;
        let message: Value = serde_json::from_str(message).unwrap();
        assert_eq!(message["state"], "the state");
        assert!(message["code"].is_string(), "{message}");
        assert!(response.body.contains(&format!("const origins = {origins};")), "{}", response.body);
    }
}

#[test]
fn unlisted_redirect_uris_are_a_page() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &["shop.example.com"]);
    for (params, title) in [
        (vec![("client_id", &*id), ("redirect_uri", "https://shop.example.com/callback/")], "Invalid redirect URI"),
        (vec![("client_id", &id), ("redirect_uri", "https://evil.example/<b>")], "Invalid redirect URI"),
        (
            vec![("client_id", &id), ("redirect_uri", "unused://"), ("response_mode", "fragment")],
            "Invalid redirect URI",
        ),
        (
            vec![("client_id", &id), ("redirect_uri", "https://evil.example/"), ("response_mode", "web_message")],
            "Invalid redirect URI",
        ),
        (vec![("client_id", &id)], "Invalid redirect URI"),
        (vec![("client_id", "00000000-0000-4000-8000-00000000000f"), ("redirect_uri", CALLBACK)], "Invalid client"),
        (vec![("redirect_uri", CALLBACK)], "Invalid client"),
        (
            vec![("client_id", &id), ("redirect_uri", CALLBACK), ("redirect_uri", "https://evil.example/")],
            "Invalid request",
        ),
    ] {
        let response = client.browse(&authorize_url(&params), "");
        assert_eq!((response.status, response.headers.get("location")), (400, None), "{params:?}");
        assert!(response.body.contains(&format!("<title>{title}</title>")), "{}", response.body);
        assert!(!response.body.contains("<b>"));
        assert!(!response.headers.contains_key("set-cookie"));
    }
}

#[test]
fn an_unlisted_redirect_uri_is_explained() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK, "https://other.example/cb"], &[]);
    let uri = "https://shop.example.com/callbacks";
    let page = client.browse(&authorize_url(&[("client_id", &id), ("redirect_uri", uri)]), "");
    for part in [
        "<p>https://shop.example.com/callbacks isn't listed as an allowed redirect URI.</p>",
        "<h2 id=\"note\">Note by the emulator</h2>",
        "the nearest entry is https://shop.example.com/callback",
        "URL            https://shop.example.com/callback<mark>s</mark>\nnearest entry  https://shop.example.com/callback\n",
        "The fix is to add https://shop.example.com/callbacks to allowedRedirectUris of the app",
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    let page = client.browse(&authorize_url(&[("client_id", &id)]), "");
    assert!(page.body.contains("It is missing.") && page.body.contains("Note by the emulator"), "{}", page.body);
}

#[test]
fn errors_are_returned_to_the_client() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &[]);
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "unsupported_response_type"),
        ("response_mode", "form_post", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("prompt", "none", "login_required"),
        ("login_hint", "nobody@example.com", "access_denied"),
    ] {
        let url = authorize_url(&[("client_id", &id), ("redirect_uri", CALLBACK), (name, value)]);
        let response = client.browse(&url, "");
        let location = &response.headers["location"];
        let answer = pairs(location.strip_prefix(CALLBACK).unwrap().strip_prefix('?').unwrap());
        assert_eq!(names(&answer), ["error", "error_description", "state"], "{name}={value}");
        assert_eq!(answer[0].1, error, "{name}={value}");
        assert!(!response.headers.contains_key("set-cookie"));
    }
}

#[test]
fn a_repeated_parameter_is_refused() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &[]);
    let url = authorize_url(&[("client_id", &id), ("redirect_uri", CALLBACK)]);
    for name in ["state", "scope", "code_challenge", "unknown"] {
        let response = client.browse(&format!("{url}&{name}=x&{name}=x"), "");
        let location = &response.headers["location"];
        assert!(location.starts_with(CALLBACK) && location.contains("error=invalid_request"), "{name}: {location}");
    }
    for name in ["client_id", "redirect_uri", "response_mode"] {
        let response = client.browse(&format!("{url}&{name}=x&{name}=x"), "");
        assert_eq!((response.status, response.headers.get("location")), (400, None), "{name}");
    }
}

#[test]
fn wildcard_entries_are_an_option() {
    for (wildcard_redirects, expected) in [(true, 302), (false, 400)] {
        let mut client = TestClient::with(Options { wildcard_redirects, ..Options::default() });
        let id = client.app(&["https://*-shop.example.com/callback"], &[]);
        let url = authorize_url(&[("client_id", &id), ("redirect_uri", "https://pr-7-shop.example.com/callback")]);
        assert_eq!(client.browse(&url, "").status, expected);
    }
}

#[test]
fn the_first_member_is_logged_in_unless_the_request_names_another() {
    let options = json!({ "members": [
        { "email": "first@example.com", "password": "1" }, { "email": "second@example.com", "password": "2" },
    ] });
    let subject = |hint: &str| {
        let mut client = TestClient::with(Options::from_json(options.clone()).unwrap());
        let id = client.app(&[CALLBACK], &[]);
        let url = authorize_url(&[("client_id", &id), ("redirect_uri", CALLBACK), ("login_hint", hint)]);
        let cookie = cookie(&client.browse(&url, ""));
        let url = authorize_url(&[("client_id", &id), ("redirect_uri", CALLBACK), ("prompt", "none")]);
        let location = client.browse(&url, &cookie).headers["location"].clone();
        let code = pairs(location.split_once('?').unwrap().1)[0].1.clone();
        let (_, tokens) = client.token(&json!({
            "grantType": "authorization_code", "clientId": id, "code": code,
            "codeVerifier": crate::testing::client::VERIFIER, "redirectUri": CALLBACK,
        }));
        client.info(tokens["access_token"].as_str().unwrap())["subjectId"].clone()
    };
    assert_eq!(subject(""), subject("FIRST@example.com"));
    assert_ne!(subject(""), subject("second@example.com"));
}

#[test]
fn without_members_access_is_denied() {
    let mut client = TestClient::with(Options { members: Vec::new(), ..Options::default() });
    let id = client.app(&[CALLBACK], &[]);
    let response = client.browse(&authorize_url(&[("client_id", &id), ("redirect_uri", CALLBACK)]), "");
    assert!(response.headers["location"].contains("error=access_denied"));
}

#[test]
fn a_member_with_the_cookie_of_a_login_needs_no_prompt() {
    let mut client = TestClient::new();
    let (id, other) = (client.app(&[CALLBACK], &[]), client.app(&[CALLBACK], &[]));
    let cookie = cookie(&client.browse(&authorize_url(&[("client_id", &id), ("redirect_uri", CALLBACK)]), ""));
    for (client_id, cookies, code) in [
        (&id, cookie.clone(), true),
        (&other, format!("a=b; {cookie}; c"), true),
        (&id, "emulatorSession=unknown".to_owned(), false),
        (&id, String::new(), false),
    ] {
        let url = authorize_url(&[("client_id", client_id), ("redirect_uri", CALLBACK), ("prompt", "none")]);
        let location = client.browse(&url, &cookies).headers["location"].clone();
        assert_eq!(location.contains("?code="), code, "{cookies}: {location}");
    }
    client.host.now += 86_400_000;
    let url = authorize_url(&[("client_id", &id), ("redirect_uri", CALLBACK), ("prompt", "none")]);
    assert!(client.browse(&url, &cookie).headers["location"].contains("login_required"));
}
