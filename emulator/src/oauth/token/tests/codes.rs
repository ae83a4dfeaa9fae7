//! The grant type `authorization_code`.

use serde_json::{Value, json};

use super::{CALLBACK, UNKNOWN, refusal};
use crate::testing::client::{CHALLENGE, TestClient, VERIFIER, authorize_url};

#[test]
fn a_second_use_of_a_code_revokes_the_tokens_of_the_first() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &[]);
    let exchange = |client: &mut TestClient, code: &str| {
        client.token(&json!({
            "grantType": "authorization_code", "clientId": id, "code": code, "codeVerifier": VERIFIER,
            "redirectUri": CALLBACK,
        }))
    };
    let text = |answer: &Value, name: &str| answer[name].as_str().unwrap().to_owned();
    for wait in [0, 600_001] {
        let (code, other) = (client.code(&id, CALLBACK), client.code(&id, CALLBACK));
        let tokens = exchange(&mut client, &code).1;
        let others = exchange(&mut client, &other).1;
        let refresh = json!({ "grantType": "refresh_token", "refreshToken": tokens["refresh_token"] });
        let refreshed = client.token(&refresh).1;
        // The code of a token survives a restart.
        let state = client.emulator.snapshot();
        client.emulator.restore(&state).unwrap();
        client.host.now += wait;
        assert_eq!(refusal(&exchange(&mut client, &code)), (400, "invalid_grant"));
        for token in [text(&tokens, "access_token"), text(&tokens, "refresh_token"), text(&refreshed, "access_token")] {
            assert_eq!(client.info(&token)["active"], false);
        }
        assert_eq!(refusal(&client.token(&refresh)), (400, "invalid_grant"));
        for name in ["access_token", "refresh_token"] {
            assert_eq!(client.info(&text(&others, name))["active"], true, "{name} of another code");
        }
    }
}

#[test]
fn a_malformed_verifier_is_refused_and_does_not_use_up_the_code() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &[]);
    let code = client.code(&id, CALLBACK);
    let mut params = json!({
        "grantType": "authorization_code", "clientId": id, "code": code, "redirectUri": CALLBACK,
    });
    for (verifier, expected) in [
        ("a".repeat(42), "invalid_request"),
        ("a".repeat(129), "invalid_request"),
        (format!("{}+", "a".repeat(43)), "invalid_request"),
        ("a".repeat(43), "invalid_grant"),
        ("a".repeat(128), "invalid_grant"),
    ] {
        params["codeVerifier"] = json!(verifier);
        assert_eq!(refusal(&client.token(&params)), (400, expected), "{verifier}");
    }
    params["codeVerifier"] = json!(VERIFIER);
    assert_eq!(client.token(&params).0, 200);
}

#[test]
fn a_code_is_exchanged_once_with_its_verifier_and_its_redirect_uri() {
    let mut client = TestClient::new();
    let (id, other) = (client.app(&[CALLBACK], &[]), client.app(&[CALLBACK], &[]));
    let code = client.code(&id, CALLBACK);
    let good = json!({
        "grantType": "authorization_code", "clientId": id, "code": code, "codeVerifier": VERIFIER,
        "redirectUri": CALLBACK,
    });
    for (name, value, expected) in [
        ("clientId", json!(other), "invalid_grant"),
        ("clientId", json!(UNKNOWN), "invalid_client"),
        ("clientId", Value::Null, "invalid_request"),
        ("code", json!("unknown"), "invalid_grant"),
        ("code", Value::Null, "invalid_request"),
        ("codeVerifier", json!(VERIFIER.to_uppercase()), "invalid_grant"),
        ("codeVerifier", json!(CHALLENGE), "invalid_grant"),
        ("codeVerifier", Value::Null, "invalid_request"),
        ("redirectUri", json!("https://shop.example.com/callback/"), "invalid_grant"),
        ("redirectUri", Value::Null, "invalid_grant"),
    ] {
        let mut params = good.clone();
        params[name] = value;
        assert_eq!(refusal(&client.token(&params)), (400, expected), "{params}");
    }
    let (status, answer) = client.token(&good);
    assert_eq!(status, 200, "{answer}");
    let info = client.info(answer["access_token"].as_str().unwrap());
    assert_eq!((&info["subjectType"], &info["clientId"]), (&json!("MEMBER"), &json!(id)));
    assert_eq!(refusal(&client.token(&good)), (400, "invalid_grant"));
}

#[test]
fn a_code_is_valid_for_ten_minutes() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &[]);
    for (age, expected) in [(599_999, 200), (600_000, 400)] {
        let code = client.code(&id, CALLBACK);
        client.host.now += age;
        let params = json!({
            "grant_type": "authorization_code", "client_id": id, "code": code, "code_verifier": VERIFIER,
            "redirect_uri": CALLBACK,
        });
        assert_eq!(client.token(&params).0, expected, "{age}");
    }
}

#[test]
fn without_offline_access_there_is_no_refresh_token() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &[]);
    let url = authorize_url(&[("client_id", &id), ("redirect_uri", CALLBACK), ("scope", "")]);
    let location = client.browse(&url, "").headers["location"].clone();
    let code = location.split_once("code=").unwrap().1.split('&').next().unwrap();
    let (status, answer) = client.token(&json!({
        "grantType": "authorization_code", "clientId": id, "code": code, "codeVerifier": VERIFIER,
        "redirectUri": CALLBACK,
    }));
    assert_eq!((status, answer.get("refresh_token")), (200, None));
}
