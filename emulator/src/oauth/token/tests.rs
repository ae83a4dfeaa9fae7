//! The token endpoint, grant by grant.

use serde_json::{Value, json};

use crate::Options;
use crate::testing::{Bench, TOKEN};

const HOURS_4: u64 = 14_400_000;
const UNKNOWN: &str = "00000000-0000-4000-8000-00000000000f";

fn refusal(answer: &(u16, Value)) -> (u16, &str) {
    assert!(answer.1["error_description"].is_string(), "{answer:?}");
    (answer.0, answer.1["error"].as_str().unwrap_or_default())
}

#[test]
fn client_credentials_in_every_form() {
    let mut bench = Bench::new();
    let (id, secret) = bench.app_with_secret();
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}&instance_id=");
    let snake = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret, "x": [1] });
    let camel = json!({ "grantType": "client_credentials", "clientId": id, "clientSecret": secret, "code": null });
    for (content_type, body) in [
        (Some("application/x-www-form-urlencoded"), form.clone()),
        (Some("Application/X-WWW-Form-Urlencoded; charset=utf-8"), form),
        (Some("application/json"), snake.to_string()),
        (None, camel.to_string()),
    ] {
        let headers: Vec<_> = content_type.map(|value| ("Content-Type", value)).into_iter().collect();
        let response = bench.request("POST", TOKEN, &headers, Some(&body));
        assert_eq!(response.status, 200, "{body}: {}", response.body);
        assert_eq!(response.headers["cache-control"], "no-store");
        let answer: Value = serde_json::from_str(&response.body).unwrap();
        let names: Vec<_> = answer.as_object().unwrap().keys().collect();
        assert_eq!(names, ["access_token", "token_type", "expires_in"]);
        assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(14_400)));
    }
}

#[test]
fn client_credentials_refused() {
    let mut bench = Bench::new();
    let (id, secret) = bench.app_with_secret();
    let without_secret = bench.create(&json!({ "name": "My app" }))["id"].clone();
    for (client_id, client_secret, expected) in [
        (json!(id), json!("other"), "invalid_client"),
        (json!(id), Value::Null, "invalid_request"),
        (json!(id), json!(5), "invalid_request"),
        (json!(UNKNOWN), json!(secret), "invalid_client"),
        (json!(""), json!(secret), "invalid_request"),
        (without_secret, json!(secret), "invalid_client"),
    ] {
        let params = json!({ "grantType": "client_credentials", "clientId": client_id, "clientSecret": client_secret });
        assert_eq!(refusal(&bench.token(&params)), (400, expected), "{params}");
    }
}

#[test]
fn malformed_requests() {
    let mut bench = Bench::new();
    for (content_type, body, expected) in [
        ("application/json", "", "invalid_request"),
        ("application/json", "{", "invalid_request"),
        ("application/json", "[]", "invalid_request"),
        ("application/json", r#"{"grant_type":["anonymous"]}"#, "invalid_request"),
        ("application/json", r#"{"grant_type":"password"}"#, "unsupported_grant_type"),
        ("application/json", r#"{"grant_type":"anonymous","grantType":"refresh_token"}"#, "invalid_request"),
        ("application/x-www-form-urlencoded", "", "invalid_request"),
        ("application/x-www-form-urlencoded", "{}", "invalid_request"),
        ("application/x-www-form-urlencoded", "grant_type=%ff%fe", "unsupported_grant_type"),
        ("application/x-www-form-urlencoded", "grant_type=anonymous&grant_type=x", "invalid_request"),
        ("text/plain", "grant_type=anonymous", "invalid_request"),
    ] {
        let response = bench.request("POST", TOKEN, &[("content-type", content_type)], Some(body));
        let answer = (response.status, serde_json::from_str(&response.body).unwrap());
        assert_eq!(refusal(&answer), (400, expected), "{content_type}: {body}");
    }
    assert_eq!(bench.request("GET", TOKEN, &[], None).headers["allow"], "POST");
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(1_048_576));
    assert_eq!(bench.request("POST", TOKEN, &[], Some(&large)).status, 413);
}

#[test]
fn the_status_of_an_unknown_client_is_an_option() {
    for status in [400, 401, 404] {
        let mut bench = Bench::with(Options { unknown_client_status: status, ..Options::default() });
        let params = json!({ "grantType": "client_credentials", "clientId": UNKNOWN, "clientSecret": "x" });
        assert_eq!(refusal(&bench.token(&params)), (status, "invalid_client"));
    }
}

#[test]
fn a_token_of_client_credentials_manages_the_apps_of_its_site_until_it_expires() {
    let mut bench = Bench::new();
    let (id, secret) = bench.app_with_secret();
    let params = json!({ "grantType": "client_credentials", "clientId": id, "clientSecret": secret });
    let token = bench.token(&params).1["access_token"].as_str().unwrap().to_owned();
    let site = bench.headers["wix-site-id"].clone();
    for (authorization, site_id, expected) in [
        (token.clone(), None, 200),
        (format!("Bearer {token}"), Some(site.as_str()), 200),
        (token.clone(), Some(UNKNOWN), 403),
        (format!("{token}x"), None, 401),
    ] {
        bench.headers.insert("Authorization".to_owned(), authorization.clone());
        bench.headers.remove("wix-site-id");
        bench.headers.extend(site_id.map(|id| ("wix-site-id".to_owned(), id.to_owned())));
        assert_eq!(bench.call("GET", &format!("/{id}"), &Value::Null).0, expected, "{authorization} {site_id:?}");
    }
    bench.headers.insert("Authorization".to_owned(), token);
    bench.headers.remove("wix-site-id");
    bench.world.now += HOURS_4 - 1;
    assert_eq!(bench.call("POST", "", &json!({ "oAuthApp": { "name": "Another" } })).0, 200);
    bench.world.now += 1;
    assert_eq!(bench.call("GET", &format!("/{id}"), &Value::Null).0, 401);
}

#[test]
fn a_deleted_app_takes_its_client_id_and_its_tokens_along() {
    let mut bench = Bench::new();
    let (id, secret) = bench.app_with_secret();
    let params = json!({ "grantType": "client_credentials", "clientId": id, "clientSecret": secret });
    let token = bench.token(&params).1["access_token"].as_str().unwrap().to_owned();
    assert_eq!(bench.call("DELETE", &format!("/{id}"), &Value::Null).0, 200);
    assert_eq!(refusal(&bench.token(&params)), (400, "invalid_client"));
    bench.headers.insert("Authorization".to_owned(), token);
    assert_eq!(bench.call("POST", "/query", &json!({})).0, 401);
}
