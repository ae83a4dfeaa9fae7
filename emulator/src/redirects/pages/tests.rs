//! Arriving at a page, and coming back.

use serde_json::{Value, json};

use crate::testing::{Bench, authorize_url};

const CALLBACK: &str = "https://shop.example.com/callback";
const SESSION: &str = "/headless/v1/redirect-session";

/// The URL of a session.
#[track_caller]
fn session(bench: &mut Bench, token: &str, intent: &Value, callbacks: &Value) -> String {
    let mut body = intent.clone();
    body["callbacks"] = callbacks.clone();
    let (status, answer) = bench.post(SESSION, token, &body);
    assert_eq!(status, 200, "{answer}");
    answer["redirectSession"]["fullUrl"].as_str().unwrap().to_owned()
}

#[test]
fn a_buyer_comes_back_to_a_listed_domain() {
    let mut bench = Bench::new();
    let id = bench.app(&[], &["shop.example.com", "localhost:4321"]);
    let (visitor, _) = bench.visitor(&id);
    for (callbacks, expected) in [
        (json!({ "postFlowUrl": "https://shop.example.com/cart" }), Ok("https://shop.example.com/cart")),
        (
            json!({ "postFlowUrl": "https://shop.example.com/cart", "thankYouPageUrl": "http://localhost:4321/thanks" }),
            Ok("http://localhost:4321/thanks"),
        ),
        (json!({ "postFlowUrl": "https://shop.example.com/ü?x=1 2" }), Err("https://shop.example.com/ü?x=1 2")),
        (json!({ "postFlowUrl": "https://shop.example.com/ü" }), Ok("https://shop.example.com/%c3%bc")),
        (json!({ "postFlowUrl": "http://shop.example.com/cart" }), Err("http://shop.example.com/cart")),
        (json!({ "postFlowUrl": "https://evil.example/" }), Err("https://evil.example/")),
        (
            json!({ "postFlowUrl": "https://evil.example/", "thankYouPageUrl": "https://shop.example.com/" }),
            Err("https://evil.example/"),
        ),
        (
            json!({ "postFlowUrl": "https://shop.example.com/", "cartPageUrl": "http://localhost:4322/" }),
            Err("http://localhost:4322/"),
        ),
    ] {
        for checkout in super::CHECKOUTS {
            let intent = json!({ checkout: { "checkoutId": "x" } });
            let url = session(&mut bench, &visitor, &intent, &callbacks);
            let response = bench.browse(&url, "");
            match expected {
                Ok(location) => {
                    assert_eq!((response.status, &*response.headers["location"]), (302, location), "{url}");
                }
                Err(refused) => {
                    assert_eq!((response.status, response.headers.get("location")), (403, None), "{url}");
                    let text = format!("{refused} isn't listed as an allowed redirect domain.");
                    assert!(response.body.contains(&text), "{}", response.body);
                }
            }
        }
    }
}

#[test]
fn without_a_way_back_there_is_a_page() {
    let mut bench = Bench::new();
    let id = bench.app(&[], &[]);
    let (visitor, _) = bench.visitor(&id);
    for intent in [json!({ "ecomCheckout": {} }), json!({ "login": {} }), json!({ "logout": { "clientId": id } })] {
        let url = session(&mut bench, &visitor, &intent, &json!({}));
        let response = bench.browse(&url, "");
        assert_eq!((response.status, &*response.headers["content-type"]), (200, "text/html; charset=utf-8"), "{url}");
    }
    assert_eq!(bench.browse("/_pages/checkout", "").status, 400);
    assert_eq!(bench.request("POST", "/_pages/checkout", &[], None).headers["allow"], "GET");
}

#[test]
fn logging_out_ends_what_the_login_gave() {
    let mut bench = Bench::new();
    let id = bench.app(&[CALLBACK], &["shop.example.com"]);
    let (other_access, other_refresh) = bench.member(&id, CALLBACK);
    let (access, refresh) = bench.member(&id, CALLBACK);
    let intent = json!({ "logout": { "clientId": id } });
    let refused = session(&mut bench, &access, &intent, &json!({ "postFlowUrl": "https://evil.example/" }));
    assert_eq!(bench.browse(&refused, "").status, 403);
    assert_eq!(bench.info(&access)["active"], true, "a refused logout does nothing");
    let url = session(&mut bench, &access, &intent, &json!({ "postFlowUrl": "https://shop.example.com/" }));
    assert_eq!(bench.info(&access)["active"], true, "the visitor has not arrived yet");
    let response = bench.browse(&url, "");
    assert_eq!((response.status, &*response.headers["location"]), (302, "https://shop.example.com/"));
    assert!(response.headers["set-cookie"].contains("Max-Age=0"));
    for (token, active) in [(access, false), (refresh.clone(), false), (other_access, true), (other_refresh, true)] {
        assert_eq!(bench.info(&token)["active"], active);
    }
    let (status, answer) =
        bench.token(&json!({ "grantType": "refresh_token", "clientId": id, "refreshToken": refresh }));
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_grant")));
}

#[test]
fn logging_out_ends_the_login_at_the_service_too() {
    let mut bench = Bench::new();
    let id = bench.app(&[CALLBACK], &[]);
    let (visitor, _) = bench.visitor(&id);
    let login = session(&mut bench, &visitor, &json!({ "login": {} }), &json!({}));
    let cookie = bench.browse(&login, "").headers["set-cookie"].split(';').next().unwrap().to_owned();
    let silent = authorize_url(&[("client_id", &id), ("redirect_uri", CALLBACK), ("prompt", "none")]);
    assert!(bench.browse(&silent, &cookie).headers["location"].contains("?code="));
    let logout = session(&mut bench, &visitor, &json!({ "logout": { "clientId": id } }), &json!({}));
    bench.browse(&logout, &cookie);
    assert!(bench.browse(&silent, &cookie).headers["location"].contains("login_required"));
}

#[test]
fn the_pages_of_a_deleted_app_are_gone() {
    let mut bench = Bench::new();
    let id = bench.app(&[], &["shop.example.com"]);
    let (visitor, _) = bench.visitor(&id);
    let callbacks = json!({ "postFlowUrl": "https://shop.example.com/" });
    let url = session(&mut bench, &visitor, &json!({ "ecomCheckout": {} }), &callbacks);
    assert_eq!(bench.call("DELETE", &format!("/{id}"), &Value::Null).0, 200);
    let response = bench.browse(&url, "");
    assert_eq!((response.status, response.headers.get("location")), (400, None));
}
