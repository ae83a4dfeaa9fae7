//! Access: credentials, sites and permissions.

use serde_json::{Value, json};

use super::{OTHER_SITE, SITE, client, code};

#[test]
fn the_api_key_is_accepted_as_it_is_and_as_a_bearer_token() {
    for prefix in ["", "Bearer ", "bearer "] {
        let mut client = client(json!({ "apiKey": "the-key" }));
        client.headers.insert("Authorization".to_owned(), format!("{prefix}the-key"));
        assert_eq!(client.call("POST", "/query", &json!({})).0, 200, "{prefix}");
    }
}

#[test]
fn other_credentials_are_refused() {
    for header in
        [None, Some(""), Some("the-kex"), Some("Bearer"), Some("Bearer "), Some("Basic the-key"), Some("the-key ")]
    {
        let mut client = client(json!({ "apiKey": "the-key" }));
        client.headers.remove("Authorization");
        client.headers.extend(header.map(|value| ("Authorization".to_owned(), value.to_owned())));
        assert_eq!(code(&client.call("POST", "/query", &json!({}))), (401, "UNAUTHENTICATED"), "{header:?}");
    }
}

#[test]
fn a_call_needs_a_known_site() {
    for (site, account, expected) in [
        (Some(SITE), None, (200, "")),
        (Some(OTHER_SITE), None, (403, "PERMISSION_DENIED")),
        (Some("x"), None, (403, "PERMISSION_DENIED")),
        (None, None, (403, "PERMISSION_DENIED")),
        (None, Some(SITE), (403, "PERMISSION_DENIED")),
        (Some(SITE), Some(SITE), (200, "")),
        (Some(OTHER_SITE), Some(SITE), (403, "PERMISSION_DENIED")),
    ] {
        let mut client = client(json!({ "siteIds": [SITE] }));
        client.headers.remove("wix-site-id");
        client.headers.extend(site.map(|id| ("Wix-Site-Id".to_owned(), id.to_owned())));
        client.headers.extend(account.map(|id| ("wix-account-id".to_owned(), id.to_owned())));
        assert_eq!(code(&client.call("POST", "/query", &json!({}))), expected, "{site:?} {account:?}");
    }
}

#[test]
fn an_option_refuses_both_site_and_account() {
    let mut client = client(json!({ "siteIds": [SITE], "accountHeader": "refuse" }));
    client.headers.insert("wix-account-id".to_owned(), SITE.to_owned());
    assert_eq!(code(&client.call("POST", "/query", &json!({}))), (400, ""));
}

#[test]
fn a_site_token_manages_the_apps_of_its_site_without_the_header() {
    let tokens = json!([{ "token": "site-token", "siteId": OTHER_SITE },
                        { "token": "reader", "permissions": ["SCOPE.OAUTH_APP.READ"] }]);
    let mut client = client(json!({ "siteIds": [SITE, OTHER_SITE], "accessTokens": tokens }));
    client.headers.clear();
    for authorization in ["site-token", "Bearer site-token"] {
        client.headers.insert("authorization".to_owned(), authorization.to_owned());
        let app = client.create(&json!({ "name": "My app" }));
        assert_eq!(client.emulator.snapshot().into_records().filter(|(key, _)| key.contains(OTHER_SITE)).count(), 1);
        let path = format!("/{}", app["id"].as_str().unwrap());
        for (site_id, status) in [(None, 200), (Some(OTHER_SITE), 200), (Some(SITE), 403)] {
            client.headers.remove("wix-site-id");
            client.headers.extend(site_id.map(|id| ("wix-site-id".to_owned(), id.to_owned())));
            assert_eq!(client.call("GET", &path, &Value::Null).0, status, "{site_id:?}");
        }
        client.headers.remove("wix-site-id");
        assert_eq!(client.call("DELETE", &path, &Value::Null).0, 200);
    }
    let info = client.info("site-token");
    assert_eq!((&info["active"], &info["siteId"]), (&json!(true), &json!(OTHER_SITE)));
    assert_eq!(client.post("/headless/v1/redirect-session", "site-token", &json!({ "login": {} })).0, 403);
    // The other token belongs to the first site, and can only read.
    client.headers.insert("authorization".to_owned(), "reader".to_owned());
    assert_eq!(client.call("POST", "/query", &json!({})).1["oAuthApps"], json!([]));
    assert_eq!(client.call("POST", "", &json!({ "oAuthApp": { "name": "My app" } })).0, 403);
    let log = json!(client.emulator.requests().collect::<Vec<_>>()).to_string();
    assert!(!log.contains("site-token"), "{log}");
}

#[test]
fn the_apps_of_one_site_are_invisible_to_another() {
    let mut client = client(json!({ "siteIds": [SITE, OTHER_SITE] }));
    let app = client.create(&json!({ "name": "My app" }));
    let path = format!("/{}", app["id"].as_str().unwrap());
    client.headers.insert("wix-site-id".to_owned(), OTHER_SITE.to_owned());
    assert_eq!(code(&client.call("GET", &path, &Value::Null)), (404, "NOT_FOUND"));
    assert_eq!(code(&client.call("DELETE", &path, &Value::Null)), (404, "NOT_FOUND"));
    assert_eq!(code(&client.call("PATCH", &path, &json!({ "oAuthApp": {} }))), (404, "NOT_FOUND"));
    assert_eq!(client.call("POST", "/query", &json!({})).1["oAuthApps"], json!([]));
    client.headers.insert("wix-site-id".to_owned(), SITE.to_owned());
    assert_eq!(client.call("GET", &path, &Value::Null).1["oAuthApp"], app);
}

#[test]
fn the_permissions_of_the_api_key_are_enforced() {
    let id = format!("/{SITE}");
    let secret = format!("{id}/generate-secret");
    let reads = [("POST", "/query", json!({})), ("GET", id.as_str(), Value::Null)];
    let writes = [
        ("POST", "", json!({ "oAuthApp": { "name": "ab" } })),
        ("PATCH", id.as_str(), json!({ "oAuthApp": {} })),
        ("DELETE", id.as_str(), Value::Null),
        ("POST", secret.as_str(), json!({})),
    ];
    for (permissions, may_read, may_write) in [
        (json!([]), false, false),
        (json!(["SCOPE.OAUTH_APP.READ"]), true, false),
        (json!(["SCOPE.OAUTH_APP.MANAGE"]), true, true),
        (json!(["SCOPE.OAUTH_APP.READ", "SCOPE.OAUTH_APP.MANAGE"]), true, true),
        (json!(["SCOPE.HEADLESS.MANAGE"]), true, true),
    ] {
        let mut client = client(json!({ "permissions": permissions }));
        for (calls, allowed) in [(reads.as_slice(), may_read), (&writes, may_write)] {
            for (method, path, body) in calls {
                let answer = client.call(method, path, body);
                assert_eq!(code(&answer) != (403, "PERMISSION_DENIED"), allowed, "{permissions} {method} {path}");
            }
        }
    }
}

#[test]
fn requests_beyond_the_rate_limit_are_told_how_long_to_wait() {
    let mut client = client(json!({ "rateLimit": { "requests": 2, "per": 60_000 }, "siteIds": [SITE, OTHER_SITE] }));
    assert_eq!(client.send("POST", "/query", None).status, 200);
    assert_eq!(client.send("GET", "/x", None).status, 400);
    // The requests of a key count together, whatever the site.
    client.headers.insert("wix-site-id".to_owned(), OTHER_SITE.to_owned());
    client.emulator.advance(500);
    let refused = client.send("POST", "", Some(r#"{"oAuthApp":{"name":"ab"}}"#));
    assert_eq!((refused.status, refused.headers["retry-after"].as_str()), (429, "60"));
    let body: Value = refused.body.parse().unwrap();
    let application = json!({ "code": "RESOURCE_EXHAUSTED", "description": "Too many requests", "data": {} });
    assert_eq!(body, json!({ "message": "Too many requests", "details": { "applicationError": application } }));
    // Requests without a valid credential do not count.
    let key = client.headers.insert("Authorization".to_owned(), "other".to_owned()).unwrap();
    assert_eq!(client.send("POST", "/query", None).status, 401);
    client.headers.insert("Authorization".to_owned(), key);
    client.emulator.advance(59_499);
    assert_eq!(client.send("POST", "/query", None).headers["retry-after"], "1");
    client.emulator.advance(1);
    let (status, body) = client.call("POST", "/query", &json!({}));
    assert_eq!((status, &body["pagingMetadata"]["total"]), (200, &json!(0)));

    client.send("POST", "/query", None);
    assert_eq!(client.send("POST", "/query", None).status, 429);
    client.emulator.reset();
    assert_eq!(client.send("POST", "/query", None).status, 200);

    let mut client = self::client(json!({ "rateLimit": { "requests": 1, "retryAfter": false } }));
    client.send("POST", "/query", None);
    let refused = client.send("POST", "/query", None);
    assert_eq!((refused.status, refused.headers.get("retry-after")), (429, None));
}
