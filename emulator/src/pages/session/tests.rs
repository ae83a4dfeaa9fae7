//! The creation of redirect sessions.

use serde_json::{Value, json};

use crate::options::Options;
use crate::testing::client::{AUTHORIZE, CHALLENGE, TestClient};

const PATHS: [&str; 3] = [
    "/_api/redirects-api/v1/redirect-session",
    "/redirect-session/v1/redirect-session",
    "/headless/v1/redirect-session",
];
const CALLBACK: &str = "https://shop.example.com/callback";
const UNKNOWN: &str = "00000000-0000-4000-8000-00000000000f";

#[test]
fn an_auth_session_leads_to_the_authorize_page() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &[]);
    let (visitor, _) = client.visitor(&id);
    for path in PATHS {
        let body = json!({ "auth": {
            "authRequest": {
                "clientId": id, "redirectUri": CALLBACK, "responseType": "code", "responseMode": "fragment",
                "codeChallenge": CHALLENGE, "codeChallengeMethod": "S256", "scope": "offline_access", "state": "a b&c",
            },
            "prompt": "login",
        } });
        let (status, answer) = client.post(path, &visitor, &body);
        assert_eq!(status, 200, "{answer}");
        let session = &answer["redirectSession"];
        assert_eq!(
            session["urlDetails"],
            json!({ "endpoint": AUTHORIZE, "searchParams": {
                "client_id": id, "redirect_uri": CALLBACK, "response_type": "code", "response_mode": "fragment",
                "code_challenge": CHALLENGE, "code_challenge_method": "S256", "scope": "offline_access",
                "state": "a b&c", "prompt": "login", "session_token": session["sessionToken"],
            } })
        );
        assert_eq!(session["fullUrl"], session["shortUrl"]);
        let location = client.browse(session["fullUrl"].as_str().unwrap(), "").headers["location"].clone();
        assert!(location.starts_with("https://shop.example.com/callback#code="), "{location}");
        assert!(location.ends_with("&state=a+b%26c"), "{location}");
    }
}

#[test]
fn an_unlisted_uri_is_refused_when_the_visitor_arrives_and_not_before() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &[]);
    let (visitor, _) = client.visitor(&id);
    let body = json!({ "auth": { "authRequest": { "clientId": id, "redirectUri": "https://evil.example/" } } });
    let (status, answer) = client.post(PATHS[0], &visitor, &body);
    assert_eq!(status, 200, "{answer}");
    let response = client.browse(answer["redirectSession"]["fullUrl"].as_str().unwrap(), "");
    assert_eq!(response.status, 400);
    assert!(response.body.contains("Invalid redirect URI"));
}

#[test]
fn the_url_has_the_origin_of_the_request() {
    let mut client = TestClient::new();
    let id = client.app(&[], &[]);
    let (visitor, _) = client.visitor(&id);
    let body = json!({ "login": {} }).to_string();
    let headers = [("authorization", &*visitor), ("host", "127.0.0.1:4000")];
    let response = client.request("POST", PATHS[0], &headers, Some(&body));
    let answer: Value = serde_json::from_str(&response.body).unwrap();
    let url = answer["redirectSession"]["fullUrl"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:4000/_pages/login?"), "{url}");
}

#[test]
fn an_option_bases_the_url_on_redirect_url_wix_pages() {
    let options = Options::from_json(json!({ "wixPagesUrl": "app" })).unwrap();
    let mut client = TestClient::with(options);
    for (fields, base) in [
        (json!({ "name": "My app" }), "https://www.wixapis.com"),
        (json!({ "name": "My app", "redirectUrlWixPages": "https://pages.example.com/" }), "https://pages.example.com"),
    ] {
        let id = client.create(&fields)["id"].as_str().unwrap().to_owned();
        let (visitor, _) = client.visitor(&id);
        let (_, answer) = client.post(PATHS[0], &visitor, &json!({ "ecomCheckout": { "checkoutId": "x" } }));
        let url = answer["redirectSession"]["fullUrl"].as_str().unwrap();
        assert!(url.starts_with(&format!("{base}/_pages/checkout?")), "{url}");
    }
}

#[test]
fn the_members_of_an_intent_do_not_replace_parameters_of_the_page() {
    let mut client = TestClient::new();
    let (id, other) = (client.app(&[], &[]), client.app(&[], &["evil.example"]));
    let (visitor, _) = client.visitor(&id);
    let intent = json!({ "checkoutId": "x", "intent": "y", "client_id": other, "session_token": "z", "quantity": 2 });
    let body = json!({ "ecomCheckout": intent, "callbacks": { "postFlowUrl": "https://evil.example/" } });
    let (_, answer) = client.post(PATHS[0], &visitor, &body);
    let session = &answer["redirectSession"];
    assert_eq!(
        session["urlDetails"]["searchParams"],
        json!({
            "checkoutId": "x", "intent": "ecomCheckout", "client_id": id, "post_flow_url": "https://evil.example/",
            "session_token": session["sessionToken"],
        })
    );
    assert_eq!(client.browse(session["fullUrl"].as_str().unwrap(), "").status, 403);
}

#[test]
fn malformed_sessions_are_refused() {
    let mut client = TestClient::new();
    let id = client.app(&[], &[]);
    let (visitor, _) = client.visitor(&id);
    let long = "x".repeat(2_049);
    for (body, status, part) in [
        (json!({}), 400, "no intent"),
        (json!({ "callbacks": {} }), 400, "no intent"),
        (json!({ "login": {}, "logout": { "clientId": id } }), 400, "more than one intent"),
        (json!({ "login": true }), 400, "login: Expected an object"),
        (json!({ "auth": {} }), 400, "auth.authRequest must not be empty"),
        (json!({ "auth": { "authRequest": {} } }), 400, "auth.authRequest.clientId must not be empty"),
        (json!({ "auth": { "authRequest": { "clientId": 5 } } }), 400, "auth.authRequest.clientId: Expected a string"),
        (json!({ "auth": { "authRequest": { "clientId": id, "state": 5 } } }), 400, "auth.authRequest.state"),
        (json!({ "auth": { "authRequest": { "clientId": UNKNOWN } } }), 404, "appId was not found"),
        (json!({ "logout": {} }), 400, "logout.clientId must not be empty"),
        (json!({ "logout": { "clientId": UNKNOWN } }), 404, "appId was not found"),
        (json!({ "login": {}, "callbacks": [] }), 400, "callbacks: Expected an object"),
        (json!({ "login": {}, "callbacks": { "postFlowUrl": 5 } }), 400, "callbacks.postFlowUrl"),
        (json!({ "login": {}, "callbacks": { "postFlowUrl": long } }), 400, "at most 2048 characters"),
    ] {
        let (found, answer) = client.post(PATHS[0], &visitor, &body);
        assert_eq!(found, status, "{body}: {answer}");
        assert!(answer["message"].as_str().unwrap().contains(part), "{body}: {answer}");
    }
    let (api_key, login) = (client.headers["Authorization"].clone(), json!({ "login": {} }));
    assert_eq!(client.post(PATHS[0], "", &login).0, 401);
    let (status, answer) = client.post(PATHS[0], &api_key, &login);
    assert_eq!((status, &answer["message"]), (403, &json!("client Id does not correspond to a headless oauth app.")));
    assert_eq!(client.request("GET", PATHS[0], &[], None).headers["allow"], "POST");
    assert_eq!(client.call("DELETE", &format!("/{id}"), &Value::Null).0, 200);
    assert_eq!(client.post(PATHS[0], &visitor, &login).0, 401);
}
