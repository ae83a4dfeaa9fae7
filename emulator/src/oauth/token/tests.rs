//! The token endpoint, by grant type.

use serde_json::{Value, json};

use crate::options::Options;
use crate::testing::client::{TOKEN, TestClient, VERIFIER};

mod codes;

const FOUR_HOURS: u64 = 14_400_000;
const UNKNOWN: &str = "00000000-0000-4000-8000-00000000000f";

fn refusal(answer: &(u16, Value)) -> (u16, &str) {
    assert!(answer.1["error_description"].is_string(), "{answer:?}");
    (answer.0, answer.1["error"].as_str().unwrap_or_default())
}

#[test]
fn client_credentials_are_accepted_in_every_form() {
    let mut client = TestClient::new();
    let (id, secret) = client.app_with_secret();
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
        let response = client.request("POST", TOKEN, &headers, Some(&body));
        assert_eq!(response.status, 200, "{body}: {}", response.body);
        assert_eq!(response.headers["cache-control"], "no-store");
        let answer: Value = serde_json::from_str(&response.body).unwrap();
        let names: Vec<_> = answer.as_object().unwrap().keys().collect();
        assert_eq!(names, ["access_token", "token_type", "expires_in"]);
        assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(14_400)));
    }
}

#[test]
fn wrong_client_credentials_are_refused() {
    let mut client = TestClient::new();
    let (id, secret) = client.app_with_secret();
    let without_secret = client.create(&json!({ "name": "My app" }))["id"].clone();
    for (client_id, client_secret, expected) in [
        (json!(id), json!("other"), "invalid_client"),
        (json!(id), Value::Null, "invalid_request"),
        (json!(id), json!(5), "invalid_request"),
        (json!(UNKNOWN), json!(secret), "invalid_client"),
        (json!(""), json!(secret), "invalid_request"),
        (without_secret, json!(secret), "invalid_client"),
    ] {
        let params = json!({ "grantType": "client_credentials", "clientId": client_id, "clientSecret": client_secret });
        assert_eq!(refusal(&client.token(&params)), (400, expected), "{params}");
    }
}

#[test]
fn malformed_token_requests_are_refused() {
    let mut client = TestClient::new();
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
        ("application/x-www-form-urlencoded", "grant_type=anonymous&grant_type=anonymous", "invalid_request"),
        ("application/x-www-form-urlencoded", "grant_type=x&unknown=1&unknown=1", "invalid_request"),
        ("application/x-www-form-urlencoded", "grant_type=x&code=&code=c", "invalid_request"),
        ("application/json", r#"{"grantType":"x","grantType":"x"}"#, "invalid_request"),
        ("application/json", r#"{"grantType":"x","unknown":1,"unknown":{}}"#, "invalid_request"),
        ("text/plain", "grant_type=anonymous", "invalid_request"),
    ] {
        let response = client.request("POST", TOKEN, &[("content-type", content_type)], Some(body));
        let answer = (response.status, serde_json::from_str(&response.body).unwrap());
        assert_eq!(refusal(&answer), (400, expected), "{content_type}: {body}");
    }
    assert_eq!(client.request("GET", TOKEN, &[], None).headers["allow"], "POST");
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(1_048_576));
    assert_eq!(client.request("POST", TOKEN, &[], Some(&large)).status, 413);
}

#[test]
fn basic_authentication_is_refused_with_a_hint_at_the_body() {
    let mut client = TestClient::new();
    let (id, secret) = client.app_with_secret();
    let complete = json!({ "grantType": "client_credentials", "clientId": id, "clientSecret": secret }).to_string();
    for body in [r#"{"grant_type":"client_credentials"}"#, &complete] {
        let headers = [("authorization", "basic dTpw"), ("content-type", "application/json")];
        let response = client.request("POST", TOKEN, &headers, Some(body));
        let answer = (response.status, serde_json::from_str(&response.body).unwrap());
        assert_eq!(refusal(&answer), (401, "invalid_client"));
        assert!(answer.1["error_description"].as_str().unwrap().contains("in the body"), "{}", answer.1);
        assert!(response.headers["www-authenticate"].starts_with("Basic "));
    }
    // Other schemes are ignored.
    let headers = [("authorization", "Bearer x"), ("content-type", "application/json")];
    assert_eq!(client.request("POST", TOKEN, &headers, Some(&complete)).status, 200);
}

#[test]
fn the_status_of_an_unknown_client_is_an_option() {
    for status in [400, 401, 404] {
        let mut client = TestClient::with(Options { unknown_client_status: status, ..Options::default() });
        let params = json!({ "grantType": "client_credentials", "clientId": UNKNOWN, "clientSecret": "x" });
        assert_eq!(refusal(&client.token(&params)), (status, "invalid_client"));
    }
}

#[test]
fn a_token_of_client_credentials_manages_the_apps_of_its_site_until_it_expires() {
    let mut client = TestClient::new();
    let (id, secret) = client.app_with_secret();
    let params = json!({ "grantType": "client_credentials", "clientId": id, "clientSecret": secret });
    let token = client.token(&params).1["access_token"].as_str().unwrap().to_owned();
    let site = client.headers["wix-site-id"].clone();
    for (authorization, site_id, expected) in [
        (token.clone(), None, 200),
        (format!("Bearer {token}"), Some(site.as_str()), 200),
        (token.clone(), Some(UNKNOWN), 403),
        (format!("{token}x"), None, 401),
    ] {
        client.headers.insert("Authorization".to_owned(), authorization.clone());
        client.headers.remove("wix-site-id");
        client.headers.extend(site_id.map(|id| ("wix-site-id".to_owned(), id.to_owned())));
        assert_eq!(client.call("GET", &format!("/{id}"), &Value::Null).0, expected, "{authorization} {site_id:?}");
    }
    client.headers.insert("Authorization".to_owned(), token);
    client.headers.remove("wix-site-id");
    client.host.now += FOUR_HOURS - 1;
    assert_eq!(client.call("POST", "", &json!({ "oAuthApp": { "name": "Another" } })).0, 200);
    client.host.now += 1;
    assert_eq!(client.call("GET", &format!("/{id}"), &Value::Null).0, 401);
}

#[test]
fn deleting_an_app_revokes_its_client_id_and_its_tokens() {
    let mut client = TestClient::new();
    let (id, secret) = client.app_with_secret();
    let params = json!({ "grantType": "client_credentials", "clientId": id, "clientSecret": secret });
    let token = client.token(&params).1["access_token"].as_str().unwrap().to_owned();
    assert_eq!(client.call("DELETE", &format!("/{id}"), &Value::Null).0, 200);
    assert_eq!(refusal(&client.token(&params)), (400, "invalid_client"));
    client.headers.insert("Authorization".to_owned(), token);
    assert_eq!(client.call("POST", "/query", &json!({})).0, 401);
}

const CALLBACK: &str = "https://shop.example.com/callback";

#[test]
fn a_visitor_gets_tokens_and_refreshes_them() {
    let mut client = TestClient::new();
    let id = client.app(&[], &[]);
    let (access, refresh) = client.visitor(&id);
    let subject = client.info(&access)["subjectId"].clone();
    client.host.now += FOUR_HOURS;
    assert_eq!(client.info(&access), json!({ "active": false }));
    for params in [
        json!({ "grantType": "refresh_token", "clientId": id, "refreshToken": refresh }),
        json!({ "grant_type": "refresh_token", "client_id": id, "refresh_token": refresh }),
    ] {
        let (status, answer) = client.token(&params);
        assert_eq!((status, &answer["expires_in"]), (200, &json!(14_400)));
        assert_eq!(answer["refresh_token"], json!(refresh), "the refresh token does not change");
        let info = client.info(answer["access_token"].as_str().unwrap());
        assert_eq!((&info["subjectType"], &info["subjectId"]), (&json!("VISITOR"), &subject));
    }
    assert_ne!(client.visitor(&id).0, access);
}

#[test]
fn wrong_refresh_tokens_are_refused() {
    let mut client = TestClient::new();
    let (id, other) = (client.app(&[], &[]), client.app(&[], &[]));
    let (access, refresh) = client.visitor(&id);
    for (client_id, token, expected) in [
        (&id, json!("JWS.unknown"), "invalid_grant"),
        (&id, json!(access), "invalid_grant"),
        (&id, Value::Null, "invalid_request"),
        (&other, json!(refresh), "invalid_grant"),
        (&UNKNOWN.to_owned(), json!(refresh), "invalid_client"),
    ] {
        let params = json!({ "grantType": "refresh_token", "clientId": client_id, "refreshToken": token });
        assert_eq!(refusal(&client.token(&params)), (400, expected), "{params}");
    }
}

#[test]
fn a_refresh_needs_no_client_id() {
    let mut client = TestClient::new();
    let id = client.app(&[], &[]);
    let (_, refresh) = client.visitor(&id);
    let params = json!({ "grantType": "refresh_token", "refreshToken": refresh });
    let (status, answer) = client.token(&params);
    assert_eq!((status, &answer["refresh_token"]), (200, &json!(refresh)));
    assert_eq!(client.info(answer["access_token"].as_str().unwrap())["clientId"], json!(id));
    client.call("DELETE", &format!("/{id}"), &Value::Null);
    assert_eq!(refusal(&client.token(&params)), (400, "invalid_grant"));
}

#[test]
fn visitors_and_members_do_not_manage_apps() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &[]);
    let tokens = [client.visitor(&id).0, client.member(&id, CALLBACK).0];
    for token in tokens {
        for authorization in [token.clone(), format!("Bearer {token}")] {
            client.headers.insert("Authorization".to_owned(), authorization);
            let (status, body) = client.call("POST", "/query", &json!({}));
            assert_eq!((status, &body["details"]["applicationError"]["code"]), (403, &json!("PERMISSION_DENIED")));
        }
    }
}

#[test]
fn a_refresh_token_does_not_authorize_calls() {
    let mut client = TestClient::new();
    let id = client.app(&[], &[]);
    let refresh = client.visitor(&id).1;
    client.headers.insert("Authorization".to_owned(), refresh);
    assert_eq!(client.call("POST", "/query", &json!({})).0, 401);
}

#[test]
fn token_info_describes_a_token() {
    let mut client = TestClient::new();
    let (id, secret) = client.app_with_secret();
    let site_id = client.headers["wix-site-id"].clone();
    let params = json!({
        "grant_type": "client_credentials", "client_id": id, "client_secret": secret, "instance_id": "an instance",
    });
    let access = client.token(&params).1["access_token"].as_str().unwrap().to_owned();
    let iat = client.host.now / 1_000;
    assert_eq!(
        client.info(&access),
        json!({
            "active": true, "subjectType": "APP", "subjectId": id, "iat": iat, "exp": iat + 14_400, "clientId": id,
            "siteId": site_id, "instanceId": "an instance",
        })
    );
    let (_, refresh) = client.visitor(&id);
    let info = client.info(&refresh);
    assert_eq!((&info["active"], info.get("exp"), info.get("instanceId")), (&json!(true), None, None));
    assert_eq!(client.info("unknown"), json!({ "active": false }));
    assert_eq!(client.call("DELETE", &format!("/{id}"), &Value::Null).0, 200);
    for token in [access, refresh] {
        assert_eq!(client.info(&token), json!({ "active": false }));
    }
}

#[test]
fn malformed_token_info_requests_are_refused() {
    let mut client = TestClient::new();
    for (body, status) in [("{}", 400), ("[]", 400), ("", 400), (r#"{"token":5}"#, 400), (r#"{"token":"x"}"#, 200)] {
        let response = client.request("POST", "https://www.wixapis.com/oauth2/token-info", &[], Some(body));
        assert_eq!(response.status, status, "{body}");
    }
}

#[test]
fn credentials_are_not_logged() {
    let mut client = TestClient::new();
    let (id, secret) = client.app_with_secret();
    let (access, refresh) = client.visitor(&id);
    let app = json!({ "oAuthApp": { "allowedRedirectUris": [CALLBACK] }, "mask": "allowedRedirectUris" });
    assert_eq!(client.call("PATCH", &format!("/{id}"), &app).0, 200);
    let code = client.code(&id, CALLBACK);
    let form = format!("grant_type=authorization_code&client_id={id}&code={code}&code_verifier={VERIFIER}");
    client.request("POST", TOKEN, &[("content-type", "application/x-www-form-urlencoded")], Some(&form));
    for params in [
        json!({ "grantType": "refresh_token", "clientId": id, "refreshToken": refresh }),
        json!({ "grantType": "authorization_code", "clientId": id, "code": code, "codeVerifier": VERIFIER }),
        json!({ "grant_type": "authorization_code", "client_id": id, "code": code, "code_verifier": VERIFIER }),
        json!({ "grantType": "client_credentials", "clientId": id, "clientSecret": secret }),
    ] {
        client.token(&params);
    }
    client.info(&access);
    let session = client.post(
        "/headless/v1/redirect-session",
        &access,
        &json!({ "logout": { "clientId": id }, "callbacks": {} }),
    );
    let url = session.1["redirectSession"]["fullUrl"].as_str().unwrap();
    let session_token = session.1["redirectSession"]["sessionToken"].as_str().unwrap();
    client.browse(url, "");
    let log = serde_json::to_string(&client.emulator.requests().collect::<Vec<_>>()).unwrap();
    for secret in [&*secret, &access, &refresh, &code, VERIFIER, session_token] {
        assert!(!log.contains(secret), "{secret}");
    }
}
