//! The request of each operation: its line, its headers, its body and its timeout.

use serde_json::{Value as Json, json};

use super::{ID, Operation, SITE, Script, Seen, Value, an_app, answer, by_key, call, client, now, value};

#[test]
fn each_operation_sends_the_request_of_the_contract_and_returns_the_result() {
    let client = by_key();
    let app = json!({"id": ID, "name": "Shop", "tomorrow": [1, null]});
    let page = json!({"oAuthApps": [app], "pagingMetadata": {"count": 1}});
    let rows = [
        (
            Operation::Create,
            "POST ",
            Some(json!({"oAuthApp": {"name": "Shop"}})),
            json!({"oAuthApp": app}),
            Some(app.clone()),
        ),
        (
            Operation::Get,
            "GET /13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11",
            None,
            json!({"oAuthApp": app}),
            Some(app.clone()),
        ),
        (
            Operation::Update,
            "PATCH /13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11",
            Some(json!({"oAuthApp": {"id": ID, "name": "Shop"}, "mask": {"paths": ["name"]}})),
            json!({"oAuthApp": app}),
            Some(app.clone()),
        ),
        (Operation::Delete, "DELETE /13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11", None, json!({}), None),
        (Operation::Query, "POST /query", Some(json!({"query": {}})), page.clone(), Some(page)),
        (
            Operation::GenerateSecret,
            "POST /13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11/generate-secret",
            Some(json!({"oAuthAppId": ID})),
            json!({"oAuthAppSecret": "s3"}),
            Some(json!("s3")),
        ),
    ];
    for (operation, line, body, served, given) in rows {
        let host = Script::of([answer(200, served)]);
        let result = now(client.perform(&host, call(&client, operation, &json!({})).unwrap()));
        assert_eq!(result.unwrap(), given.map_or(Value::Null, value), "{operation:?}");
        let (method, rest) = line.split_once(' ').unwrap();
        let line = format!("{method} https://www.wixapis.com/oauth-app/v1/oauth-apps{rest}");
        let headers = match body {
            Some(_) => format!("Authorization: key\nwix-site-id: {SITE}\nContent-Type: application/json"),
            None => format!("Authorization: key\nwix-site-id: {SITE}"),
        };
        assert_eq!(host.sent(), [(line, headers, body.map(|body| body.to_string()))], "{operation:?}");
    }
}

#[test]
fn headers_follow_from_the_credential_and_the_scope() {
    let rows: Vec<(Json, Json, &str)> = vec![
        (json!({"auth": {"accessToken": "IST.key"}}), json!({}), "Authorization: IST.key"),
        (
            json!({"auth": {"apiKey": "IST.key"}, "accountId": SITE}),
            json!({}),
            "Authorization: IST.key\nwix-account-id: 6a4d1c0e-8f11-4a0b-9c64-13f5e2ab8e4f",
        ),
        // An access token is sent raw too, without `Bearer`.
        (
            json!({"auth": {"accessToken": "OauthNG.JWS.x"}, "siteId": SITE}),
            json!({}),
            "Authorization: OauthNG.JWS.x\nwix-site-id: 6a4d1c0e-8f11-4a0b-9c64-13f5e2ab8e4f",
        ),
        (
            json!({"auth": {"accessToken": "k"}}),
            json!({"headers": {"X-Trace": "a b", "accept-language": "de"}}),
            "Authorization: k\nX-Trace: a b\naccept-language: de",
        ),
        (json!({"auth": {"accessToken": "k"}}), json!({"headers": {}}), "Authorization: k"),
    ];
    for (options, of_call, headers) in rows {
        let client = client(options.clone());
        let host = Script::of([an_app()]);
        now(client.perform(&host, call(&client, Operation::Get, &of_call).unwrap())).unwrap();
        assert_eq!(host.sent()[0].1, headers, "{options} {of_call}");
    }
}

#[test]
fn the_base_url_precedes_the_path() {
    for (base, url) in [
        ("http://localhost:4321/", "http://localhost:4321/oauth-app/v1/oauth-apps/query"),
        ("https://proxy.example/wix/", "https://proxy.example/wix/oauth-app/v1/oauth-apps/query"),
    ] {
        let client = client(json!({"auth": {"accessToken": "k"}, "baseUrl": base}));
        let host = Script::of([answer(200, json!({"oAuthApps": []}))]);
        now(client.perform(&host, call(&client, Operation::Query, &json!({})).unwrap())).unwrap();
        assert_eq!(host.sent()[0].0, format!("POST {url}"));
    }
}

#[test]
fn the_timeout_of_a_call_takes_precedence() {
    for (of_client, of_call, expected) in [
        (json!({}), json!({}), 30_000),
        (json!({"timeout": 700}), json!({}), 700),
        (json!({"timeout": 700}), json!({"timeout": 5}), 5),
    ] {
        let mut options = json!({"auth": {"accessToken": "k"}});
        options.as_object_mut().unwrap().extend(of_client.as_object().unwrap().clone());
        let client = client(options);
        let host = Script::of([an_app()]);
        now(client.perform(&host, call(&client, Operation::Get, &of_call).unwrap())).unwrap();
        assert!(matches!(host.seen.take()[..], [Seen::Sent { timeout, .. }] if timeout == expected), "{expected}");
    }
}
