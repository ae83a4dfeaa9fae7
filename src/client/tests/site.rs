//! Clients for several sites, and `isClientActive`.

use serde_json::{Value as Json, json};

use super::{ID, SITE, Script, Seen, an_app, answer, call, client, now, object, value};
use crate::api::{Body, Code, Error, HttpResponse, Operation};
use crate::client::{Client, Failure};
use crate::validate::tests::lines;
use crate::value::Value;

const OTHER: &str = "99999999-8f11-4a0b-9c64-13f5e2ab8e4f";

fn sites_of(host: Script) -> Vec<String> {
    host.sent().into_iter().map(|(_, headers, _)| headers).collect()
}

fn get(client: &Client<Value>, host: &Script) {
    now(client.perform(host, call(client, Operation::Get, &json!({})).unwrap())).unwrap();
}

#[test]
fn a_client_for_another_site_names_only_that_site() {
    for options in [
        json!({"auth": {"apiKey": "key"}, "siteId": SITE}),
        json!({"auth": {"apiKey": "key"}, "accountId": SITE}),
        json!({"auth": {"apiKey": "key"}, "siteId": OTHER}),
        json!({"auth": {"accessToken": "key"}}),
    ] {
        let host = Script::of([an_app(), an_app()]);
        let first = client(options);
        get(&first.for_site(&Value::from(OTHER)).unwrap(), &host);
        get(&first.for_site(&Value::from(SITE)).unwrap().for_site(&Value::from(OTHER)).unwrap(), &host);
        assert_eq!(sites_of(host), vec![format!("Authorization: key\nwix-site-id: {OTHER}"); 2]);
    }
}

#[test]
fn a_site_that_is_not_a_guid_is_a_config_error_of_for_site() {
    for (given, expected) in [
        (json!("https://shop.example.com"), "siteId FORMAT"),
        (json!(""), "siteId OUT_OF_RANGE"),
        (json!(null), "siteId TYPE"),
        (json!(5), "siteId TYPE"),
        (json!([SITE]), "siteId TYPE"),
    ] {
        let error = client(json!({"auth": {"accessToken": "t"}})).for_site(&value(given.clone())).unwrap_err();
        assert_eq!((error.code, error.operation, error.attempts), (Code::Config, "forSite", 0));
        assert_eq!(lines(&error.violations), [expected], "{given}");
    }
    let undefined = client(json!({"auth": {"accessToken": "t"}})).for_site(&Value::Foreign("undefined")).unwrap_err();
    assert_eq!(undefined.message, "siteId is undefined: is the environment variable set?");
}

#[test]
fn sites_share_the_rate_limit() {
    let first = client(json!({"auth": {"apiKey": "k"}, "siteId": SITE, "rateLimit": {"requests": 2, "per": 1_000}}));
    let host = Script::of([an_app(), an_app(), an_app()]);
    for site in [SITE, OTHER, OTHER] {
        get(&first.for_site(&Value::from(site)).unwrap(), &host);
    }
    let waits: Vec<_> = host.seen.take().into_iter().filter(|seen| matches!(seen, Seen::Waited(_))).collect();
    assert_eq!(waits, [Seen::Waited(1_000)]);
}

#[test]
fn sites_share_an_access_token() {
    let token = answer(200, json!({"access_token": "token-1", "expires_in": 14_400}));
    let host = Script::of([token, an_app(), an_app()]);
    let first = client(json!({"auth": {"clientId": ID, "clientSecret": "s"}, "siteId": SITE}));
    get(&first.for_site(&Value::from(OTHER)).unwrap(), &host);
    get(&first, &host);
    let sent: Vec<String> = host.sent().into_iter().map(|(line, ..)| line).collect();
    assert_eq!(sent.iter().filter(|line| line.ends_with("/oauth2/token")).count(), 1, "{sent:?}");
}

#[test]
fn each_site_reads_its_own_writes() {
    let with = |header: &str| {
        let mut answer = an_app();
        answer.headers.push((crate::api::CONSISTENT, header.to_owned()));
        answer
    };
    let host = Script::of([with("of-site"), with("of-other"), an_app(), an_app()]);
    let first = client(json!({"auth": {"apiKey": "key"}, "siteId": SITE}));
    get(&first, &host);
    get(&first.for_site(&Value::from(OTHER)).unwrap(), &host);
    get(&first.for_site(&Value::from(SITE.to_ascii_uppercase())).unwrap(), &host);
    get(&first.for_site(&Value::from(OTHER)).unwrap(), &host);
    let sent = sites_of(host);
    assert!(!sent[0].contains("Consistent") && !sent[1].contains("Consistent"), "{sent:?}");
    assert!(sent[2].ends_with("X-Wix-Consistent: of-site") && sent[3].ends_with("X-Wix-Consistent: of-other"));
}

type Answer = Result<Value, Box<Error<Value>>>;

fn is_active(host: &Script) -> Answer {
    let client = client(json!({"auth": {"apiKey": "IST.secret-key"}, "siteId": SITE}));
    let call = client.call(Operation::IsClientActive, &Value::from(ID), &Value::Null, &object([])).unwrap();
    now(client.perform(host, call))
}

#[test]
fn a_client_that_gets_a_token_is_active_and_no_credential_is_sent() {
    let host = Script::of([answer(200, json!({"access_token": "visitor", "token_type": "Bearer"}))]);
    assert_eq!(is_active(&host).unwrap(), Value::Bool(true));
    let body = json!({"grantType": "anonymous", "clientId": ID}).to_string();
    let line = "POST https://www.wixapis.com/oauth2/token".to_owned();
    assert_eq!(host.sent(), [(line, "Content-Type: application/json".to_owned(), Some(body))]);
}

fn text(status: u16, body: &str) -> HttpResponse<Value> {
    HttpResponse { status, headers: vec![], body: Body::of_text(body.to_owned()) }
}

#[test]
fn only_an_answer_of_the_service_makes_a_client_inactive() {
    let not_found = |message: &str| json!({"message": message, "details": {"applicationError": {"code": "NOT_FOUND", "description": message}}});
    let unknown: Vec<(u16, Json)> = vec![
        (400, json!({"error": "invalid_client", "error_description": "There is no OAuth app"})),
        (401, json!({"error": "invalid_client"})),
        (404, json!({"error": "invalid_client"})),
        (404, not_found(&format!("appId was not found {ID}"))),
        (404, json!({"message": format!("appId was not found {ID}"), "details": {}})),
        (400, not_found("OAuth client not found")),
    ];
    for (status, body) in unknown {
        let host = Script::of([answer(status, body.clone())]);
        assert_eq!(is_active(&host).unwrap(), Value::Bool(false), "{status} {body}");
    }
    let failures = vec![
        // Not a response of the service, or not about the client.
        text(404, "<html>Not found"),
        text(401, ""),
        text(200, "<html>Sign in to the network"),
        text(200, ""),
        answer(200, json!({})),
        answer(200, json!({"access_token": 5})),
        answer(404, json!({"message": "Not Found", "details": {}})),
        answer(404, json!({"message": "no Route matched with those values"})),
        answer(404, json!({"message": "The emulator does not serve POST /oauth2/token", "details": {}})),
        answer(404, not_found("Status 404, as a fault orders")),
        answer(403, json!({"error": "invalid_client"})),
        answer(500, json!({"error": "invalid_client"})),
        answer(429, json!({"error": "invalid_client"})),
        answer(400, json!({"error": "invalid_request"})),
        answer(400, json!({"error": "unauthorized_client"})),
        answer(400, json!({"error": ["invalid_client"]})),
        answer(302, json!({})),
    ];
    for response in failures {
        let (status, body) = (response.status, format!("{:?}", response.body));
        let error = is_active(&Script::of([response])).unwrap_err();
        assert_eq!((error.operation, error.status), ("isClientActive", Some(status)), "{status} {body}");
        let code = match status {
            200 => Code::BadResponse,
            500 => Code::ServerError,
            _ => error.code,
        };
        assert_eq!(error.code, code, "{status} {body}");
        assert!(!error.message.contains("IST."), "{}", error.message);
    }
    assert_eq!(is_active(&Script::of([text(429, "")])).unwrap_err().code, Code::RateLimited);
    for (failure, code) in [(Failure::Network(None), Code::Network), (Failure::Timeout, Code::Timeout)] {
        assert_eq!(is_active(&Script::failing(failure)).unwrap_err().code, code);
    }
}

#[test]
fn an_uncertain_response_is_requested_again() {
    let host = Script::of([answer(503, json!({})), answer(400, json!({"error": "invalid_client"}))]);
    let options = value(json!({"auth": {"apiKey": "key"}, "siteId": SITE}));
    let client = Client::new(&options, None).unwrap();
    let call = client.call(Operation::IsClientActive, &Value::from(ID), &Value::Null, &object([])).unwrap();
    assert_eq!(now(client.perform(&host, call)).unwrap(), Value::Bool(false));
    assert_eq!(host.sent().len(), 2);
}

#[test]
fn a_client_id_that_is_not_a_guid_is_refused_by_its_name() {
    let client = client(json!({"auth": {"apiKey": "key"}, "siteId": SITE}));
    for (given, expected) in [(json!("x"), "clientId FORMAT"), (json!(null), "clientId TYPE")] {
        let error = client.call(Operation::IsClientActive, &value(given), &Value::Null, &object([])).unwrap_err();
        assert_eq!((error.code, error.operation), (Code::InvalidArgument, "isClientActive"));
        assert_eq!(lines(&error.violations), [expected]);
    }
}

#[test]
fn a_second_secret_says_how_to_allow_it() {
    let client = client(json!({"auth": {"apiKey": "key"}, "siteId": SITE}));
    let refusal = json!({"message": "exists", "details": {"applicationError": {"code": "ALREADY_EXISTS"}}});
    let host = Script::of([answer(409, refusal)]);
    let error = now(client.perform(&host, call(&client, Operation::GenerateSecret, &json!({})).unwrap())).unwrap_err();
    assert_eq!(error.code, Code::Conflict);
    assert!(error.message.contains("updateOAuthApp(id, { allowSecretGeneration: true })"), "{}", error.message);
}
