//! Logins at the page that asks who logs in.

use std::collections::BTreeMap;

use serde_json::json;

use crate::http::response::Response;
use crate::options::Options;
use crate::testing::client::{SERVICE, TestClient, VERIFIER, authorize_url};

const CALLBACK: &str = "https://shop.example.com/callback";
const FORM: [(&str, &str); 1] = [("content-type", "application/x-www-form-urlencoded")];

fn client() -> TestClient {
    let options = json!({ "login": "interactive", "members": [
        { "email": "first@example.com", "password": "1" }, { "email": "<b>\"@example.com", "password": "2" },
    ] });
    TestClient::with(Options::from_json(options).unwrap())
}

fn url(client_id: &str, more: &[(&str, &str)]) -> String {
    authorize_url(&[&[("client_id", client_id), ("redirect_uri", CALLBACK)], more].concat())
}

/// Logs in with a posted form, and returns the e-mail address of the member whom the code is for.
#[track_caller]
fn logged_in(client: &mut TestClient, id: &str, response: &Response) -> String {
    assert_eq!(response.status, 303, "{}", response.body);
    let location = &response.headers["location"];
    let code = location.split_once("code=").unwrap().1.split('&').next().unwrap();
    let (_, tokens) = client.token(&json!({
        "grantType": "authorization_code", "clientId": id, "code": code, "codeVerifier": VERIFIER,
        "redirectUri": CALLBACK,
    }));
    let subject = client.info(tokens["access_token"].as_str().unwrap())["subjectId"].clone();
    let members: BTreeMap<_, _> =
        client.emulator.members().into_iter().map(|member| (member.id, member.email)).collect();
    members[subject.as_str().unwrap()].clone()
}

#[test]
fn the_page_lists_the_members_and_has_a_form() {
    let mut client = client();
    let id = client.app(&[CALLBACK], &[]);
    let page = client.browse(&url(&id, &[]), "");
    assert_eq!((page.status, page.headers.get("set-cookie"), &page.reason), (200, None, &None));
    for part in [
        "<title>Log in</title>",
        "to My app?",
        r#"<button name="member" value="first@example.com">Log in as first@example.com</button>"#,
        r#"value="&lt;b&gt;&quot;@example.com""#,
        r#"<label for="email">"#,
        r#"<label for="password">"#,
        r#"<form method="post">"#,
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    let hinted = client.browse(&url(&id, &[("login_hint", "new@example.com")]), "");
    assert!(hinted.body.contains(r#"value="new@example.com""#), "{}", hinted.body);
}

#[test]
fn a_member_of_the_list_logs_in_without_a_password() {
    let mut client = client();
    let id = client.app(&[CALLBACK], &[]);
    let response = client.request("POST", &url(&id, &[]), &FORM, Some("member=first%40example.com"));
    assert_eq!(logged_in(&mut client, &id, &response), "first@example.com");
    let cookie = response.headers["set-cookie"].split(';').next().unwrap().to_owned();
    assert_eq!(client.browse(&url(&id, &[]), &cookie).status, 302, "the login goes on");
    assert_eq!(client.browse(&url(&id, &[("prompt", "login")]), &cookie).status, 200, "prompt=login asks again");
    assert_eq!(client.browse(&url(&id, &[("login_hint", "FIRST@example.com")]), "").status, 302);
    let silent = client.browse(&url(&id, &[("prompt", "none")]), "");
    assert!(silent.headers["location"].contains("login_required"));
    let message = client.request(
        "POST",
        &url(&id, &[("response_mode", "web_message")]),
        &FORM,
        Some("member=first%40example.com"),
    );
    assert!(message.status == 200 && message.body.contains("postMessage"), "{}", message.body);
}

#[test]
fn anybody_else_logs_in_or_registers_with_a_password() {
    let mut client = client();
    let id = client.app(&[CALLBACK], &[]);
    let url = url(&id, &[]);
    let post = |client: &mut TestClient, form: &str| client.request("POST", &url, &FORM, Some(form));
    for (form, fault) in [
        ("", "Enter an e-mail address."),
        ("email=x&password=1", "Enter an e-mail address."),
        ("email=a%40b", "Enter a password."),
        ("email=new%40example.com&password=p", "There is no member new@example.com."),
        ("email=first%40example.com&password=2", "The password is not that of first@example.com."),
        ("email=first%40example.com&password=1&action=register", "is registered already"),
        ("member=none%40example.com", "There is no member none@example.com."),
    ] {
        let page = post(&mut client, form);
        assert_eq!((page.status, page.headers.get("location")), (403, None), "{form}");
        assert!(page.body.contains(r#"<p role="alert">"#) && page.body.contains(fault), "{form}: {}", page.body);
        assert!(page.reason.unwrap().contains(fault));
    }
    let response = post(&mut client, "email=new%40example.com&password=p&action=register");
    assert_eq!(logged_in(&mut client, &id, &response), "new@example.com");
    let response = post(&mut client, "email=new%40example.com&password=p&action=login");
    assert_eq!(logged_in(&mut client, &id, &response), "new@example.com");
    let other = client.browse(&url, "");
    assert!(other.body.contains("Log in as new@example.com"), "{}", other.body);
}

#[test]
fn the_form_is_read_only_by_a_page_that_asks() {
    let mut client = client();
    let id = client.app(&[CALLBACK], &[]);
    let json = client.request("POST", &url(&id, &[]), &[("content-type", "application/json")], Some("{}"));
    assert_eq!(json.status, 415);
    assert!(json.body.contains("application/x-www-form-urlencoded"));
    let mut automatic = TestClient::new();
    let id = automatic.app(&[CALLBACK], &[]);
    let form = Some("member=member%40example.com");
    assert_eq!(automatic.request("POST", &url(&id, &[]), &FORM, form).status, 405);
    let page = format!("{SERVICE}/_pages/login?client_id={id}");
    assert_eq!(automatic.request("POST", &page, &FORM, form).status, 405);
    assert_eq!(client.request("POST", &format!("{SERVICE}/_pages/logout"), &FORM, form).status, 405);
    assert_eq!(client.request("PUT", &page, &FORM, form).headers["allow"], "GET, POST");
    assert_eq!(automatic.request("PUT", &page, &FORM, form).headers["allow"], "GET");
}

#[test]
fn the_login_page_asks_too() {
    let mut client = client();
    let id = client.app(&[], &["shop.example.com"]);
    let url = format!("{SERVICE}/_pages/login?client_id={id}&post_flow_url=https%3A%2F%2Fshop.example.com%2F");
    assert!(client.browse(&url, "").body.contains("Log in as first@example.com"));
    assert_eq!(client.request("POST", &url, &FORM, Some("email=x")).status, 403);
    let response = client.request("POST", &url, &FORM, Some("member=first%40example.com"));
    assert_eq!((response.status, &*response.headers["location"]), (303, "https://shop.example.com/"));
    let cookie = response.headers["set-cookie"].split(';').next().unwrap().to_owned();
    assert_eq!(client.browse(&url, &cookie).status, 302);
}
