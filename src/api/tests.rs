//! The request of each operation, and the responses that it can get.

mod intermediaries;

use serde_json::{Value as Json, json};

use super::{ApiRequest, Body, Code, Endpoint, Error, HEADERS, HttpResponse, Operation, REQUEST_ID, is_success};
use crate::app::OAuthAppId;
use crate::query::OAuthAppQuery;
use crate::validate::tests::lines;
use crate::validate::{draft, patch};
use crate::value::Value;
use crate::value::tests::{KINDS, value};

const ID: &str = "13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11";

/// The endpoints that each stand for one operation.
const ENDPOINTS: [(Operation, Endpoint); 6] = [
    (Operation::Create, Endpoint::Create),
    (Operation::Get, Endpoint::Get),
    (Operation::Update, Endpoint::Update),
    (Operation::Delete, Endpoint::Delete),
    (Operation::Query, Endpoint::Query),
    (Operation::GenerateSecret, Endpoint::GenerateSecret),
];

type Outcome = Result<Value, Box<Error<Value>>>;

fn read(operation: Operation, response: &HttpResponse<Value>) -> Outcome {
    ENDPOINTS.into_iter().find(|(of, _)| *of == operation).unwrap().1.read(operation, response)
}

fn id() -> OAuthAppId {
    OAuthAppId::read(&Value::from(ID)).unwrap()
}

fn answer(status: u16, body: Body<Value>) -> HttpResponse<Value> {
    HttpResponse { status, headers: vec![(REQUEST_ID, "1718.42".to_owned())], body }
}

fn json_answer(status: u16, body: Json) -> HttpResponse<Value> {
    answer(status, Body::Json(value(body)))
}

fn other(text: &str) -> Body<Value> {
    Body::Other(text.to_owned())
}

#[test]
fn requests() {
    let draft = |json: Json| draft(&value(json), None).unwrap().0;
    let patch = |json: Json| patch(&value(json), None).unwrap().0;
    let query = |json: Json| OAuthAppQuery::read(&value(json)).unwrap();
    let rows: Vec<(ApiRequest, &str, &str, Option<Json>)> = vec![
        (
            ApiRequest::create(draft(json!({"name": "Shop", "allowedRedirectUris": ["https://example.com/cb"]}))),
            "POST",
            "/oauth-app/v1/oauth-apps",
            Some(json!({"oAuthApp": {"name": "Shop", "allowedRedirectUris": ["https://example.com/cb"]}})),
        ),
        (ApiRequest::get(&id()), "GET", "/oauth-app/v1/oauth-apps/13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11", None),
        (
            ApiRequest::update(&id(), patch(json!({"description": null, "allowedRedirectUris": []}))),
            "PATCH",
            "/oauth-app/v1/oauth-apps/13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11",
            Some(json!({
                "oAuthApp": {"id": ID, "description": null, "allowedRedirectUris": []},
                "mask": {"paths": ["description", "allowedRedirectUris"]},
            })),
        ),
        (ApiRequest::delete(&id()), "DELETE", "/oauth-app/v1/oauth-apps/13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11", None),
        (
            ApiRequest::query(&query(json!({"filter": {"id": {"$eq": ID}}, "paging": {"limit": 50, "offset": 0}}))),
            "POST",
            "/oauth-app/v1/oauth-apps/query",
            Some(json!({"query": {"filter": {"id": {"$eq": ID}}, "paging": {"limit": 50, "offset": 0}}})),
        ),
        (ApiRequest::query(&query(json!({}))), "POST", "/oauth-app/v1/oauth-apps/query", Some(json!({"query": {}}))),
        (
            ApiRequest::generate_secret(&id()),
            "POST",
            "/oauth-app/v1/oauth-apps/13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11/generate-secret",
            Some(json!({"oAuthAppId": ID})),
        ),
    ];
    for (request, method, path, body) in rows {
        assert_eq!((request.method.as_str(), request.path.as_str()), (method, path));
        let sent = request.body.map(|body| serde_json::to_string(&body).unwrap());
        assert_eq!(sent, body.map(|body| body.to_string()), "{method} {path}");
    }
}

#[test]
fn a_success_is_passed_on_with_unknown_fields() {
    let app = json!({"id": ID, "name": "Shop", "revision": "7", "newThing": {"deep": [null, 1.5]}});
    let page = json!({"oAuthApps": [app, {}], "pagingMetadata": {"count": 1, "cursors": {"next": null}}, "x": 1});
    let rows: Vec<(Operation, Json, Json)> = vec![
        (Operation::Create, json!({"oAuthApp": app, "more": 1}), app.clone()),
        (Operation::Get, json!({"oAuthApp": app}), app.clone()),
        (Operation::Get, json!({"oAuthApp": {"id": "not checked"}}), json!({"id": "not checked"})),
        (Operation::Update, json!({"oAuthApp": app}), app),
        (Operation::Delete, json!({}), json!(null)),
        (Operation::Delete, json!({"anything": 1}), json!(null)),
        (Operation::Query, page.clone(), page),
        (Operation::Query, json!({"oAuthApps": []}), json!({"oAuthApps": []})),
        (Operation::GenerateSecret, json!({"oAuthAppSecret": "s3"}), json!("s3")),
    ];
    for (operation, body, given) in rows {
        for status in [200, 201, 299] {
            let read = read(operation, &json_answer(status, body.clone()));
            assert_eq!(read.unwrap(), value(given.clone()), "{operation:?} {status} {body}");
        }
    }
    assert_eq!(read(Operation::Delete, &answer(204, Body::Empty)).unwrap(), Value::Null);
}

#[test]
fn a_success_of_another_shape_is_a_bad_response() {
    let app = "an object `oAuthApp` with an `id`";
    for (operation, wanted, bodies) in [
        (
            Operation::Get,
            app,
            vec![json!({"oAuthApp": null}), json!({"oAuthApp": {"id": 7}}), json!({"oauthApp": {"id": ID}})],
        ),
        (Operation::Create, app, vec![json!({"oAuthApp": {}}), json!({"oAuthApp": []}), json!({"id": ID})]),
        (Operation::Update, app, vec![json!({"oAuthApp": "x"}), json!({"oAuthApp": {"name": "x"}})]),
        (
            Operation::Query,
            "a list `oAuthApps`",
            vec![json!({"oAuthApps": {}}), json!({"oAuthApps": null}), json!({"pagingMetadata": {}}), json!([{}])],
        ),
        (
            Operation::GenerateSecret,
            "a text `oAuthAppSecret`",
            vec![json!({"oAuthAppSecret": null}), json!({"oAuthAppSecret": {"value": "s3"}}), json!("s3")],
        ),
    ] {
        let of_any = [json!({}), json!([]), json!(null), json!(1), json!("text"), json!(true)];
        let jsons = bodies.into_iter().chain(of_any).map(|body| (Body::Json(value(body)), "JSON of another shape"));
        let others = [
            (Body::Empty, "an empty body"),
            (other("\n <!doctype html><h1>Sign in"), "an HTML page"),
            (other("{\"oAuthApp\": {"), "text that is no JSON"),
        ];
        for (status, (body, what)) in
            [200, 204].into_iter().flat_map(|status| jsons.clone().chain(others.clone()).map(move |row| (status, row)))
        {
            let error = read(operation, &answer(status, body.clone())).unwrap_err();
            assert_eq!((error.code, error.operation), (Code::BadResponse, operation.as_str()), "{body:?}");
            assert_eq!((error.status, error.request_id.as_deref()), (Some(status), Some("1718.42")));
            let words = if what == "an HTML page" { ": Sign in" } else { "" };
            assert_eq!(error.message, format!("the service answered with {what} where {wanted} was expected{words}"));
        }
    }
}

#[test]
fn messages_and_codes_of_the_service_take_precedence_over_the_status() {
    let application = |code: &str| json!({"message": "m", "details": {"applicationError": {"code": code, "description": "d", "data": {}}}});
    let rows: Vec<(u16, Json, Code, &str)> = vec![
        (400, json!({"message": "Expected an object"}), Code::InvalidArgument, "Expected an object (HTTP 400)"),
        (
            400,
            json!({"message": "Expected an object", "details": {}}),
            Code::InvalidArgument,
            "Expected an object (HTTP 400)",
        ),
        (401, application("UNAUTHENTICATED"), Code::Unauthenticated, "m (HTTP 401)"),
        (403, application("PERMISSION_DENIED"), Code::PermissionDenied, "m (HTTP 403)"),
        (404, application("NOT_FOUND"), Code::NotFound, "m (HTTP 404)"),
        (409, application("ALREADY_EXISTS"), Code::Conflict, "m (HTTP 409)"),
        (409, application("ABORTED"), Code::Conflict, "m (HTTP 409)"),
        (429, application("RESOURCE_EXHAUSTED"), Code::RateLimited, "m (HTTP 429)"),
        // The code is more specific than the status.
        (400, application("ALREADY_EXISTS"), Code::Conflict, "m (HTTP 400)"),
        (500, application("ABORTED"), Code::Conflict, "m (HTTP 500)"),
        (400, application("UNAUTHENTICATED"), Code::Unauthenticated, "m (HTTP 400)"),
        (404, application("PERMISSION_DENIED"), Code::PermissionDenied, "m (HTTP 404)"),
        (403, application("NOT_FOUND"), Code::NotFound, "m (HTTP 403)"),
        (500, application("RESOURCE_EXHAUSTED"), Code::RateLimited, "m (HTTP 500)"),
        // An unknown code.
        (412, application("FAILED_PRECONDITION"), Code::Conflict, "m (HTTP 412)"),
        (503, application("not_found"), Code::ServerError, "m (HTTP 503)"),
        (
            404,
            json!({"details": {"applicationError": {"code": "NOT_FOUND", "description": "appId was not found x"}}}),
            Code::NotFound,
            "appId was not found x (HTTP 404)",
        ),
        (
            404,
            json!({"message": "", "details": {"applicationError": {"description": "d"}}}),
            Code::NotFound,
            "d (HTTP 404)",
        ),
        // The shape of the contract without usable content.
        (
            500,
            json!({"message": 7}),
            Code::ServerError,
            "the service, or a gateway before it, answered with JSON of another shape (HTTP 500)",
        ),
        (
            500,
            json!({"details": null}),
            Code::ServerError,
            "the service, or a gateway before it, answered with JSON of another shape (HTTP 500)",
        ),
        (
            400,
            json!({"message": null, "details": {"applicationError": "x", "validationError": []}}),
            Code::BadResponse,
            "a proxy or gateway answered in place of the service, or `baseUrl` is wrong; it gave JSON of another shape \
             (HTTP 400)",
        ),
        (
            502,
            json!(["message"]),
            Code::ServerError,
            "the service, or a gateway before it, answered with JSON of another shape (HTTP 502)",
        ),
        (
            502,
            json!("message"),
            Code::ServerError,
            "the service, or a gateway before it, answered with JSON of another shape (HTTP 502)",
        ),
        (
            502,
            json!(null),
            Code::ServerError,
            "the service, or a gateway before it, answered with JSON of another shape (HTTP 502)",
        ),
    ];
    for (status, body, code, message) in rows {
        for (operation, _) in ENDPOINTS {
            let error = read(operation, &json_answer(status, body.clone())).unwrap_err();
            assert_eq!(error.code, code, "{operation:?} {status} {body}");
            let words = if message.contains("another shape") { format!(": {body}") } else { String::new() };
            assert_eq!(error.message, format!("{message}{words}"));
            assert_eq!((error.status, error.request_id.as_deref()), (Some(status), Some("1718.42")));
            assert_eq!(lines(&error.violations), [""; 0]);
        }
    }
}

#[test]
fn the_services_violations_are_rooted_in_the_app() {
    let refused = |violations: Json| {
        let body =
            json!({"message": "INVALID_ARGUMENT", "details": {"validationError": {"fieldViolations": violations}}});
        read(Operation::Create, &json_answer(400, body)).unwrap_err()
    };
    let error = refused(json!([
        {
            "field": "oAuthApp.allowedRedirectUris[3]",
            "description": "has invalid format",
            "violatedRule": "FORMAT",
            "data": {"type": "WEB_URL"},
        },
        {"field": "oAuthApp.name", "description": "has size 1, expected 2 or more", "violatedRule": "OUT_OF_RANGE"},
        {"field": "value", "description": "Field 'name' is not declared as filterable"},
        {"field": "oAuthApp", "violatedRule": "REQUIRED_FIELD"},
        {"field": "oAuthAppId", "violatedRule": "", "description": ""},
        {},
        null,
    ]));
    assert_eq!((error.code, error.status), (Code::InvalidArgument, Some(400)));
    assert_eq!(
        lines(&error.violations),
        [
            "allowedRedirectUris[3] FORMAT",
            "name OUT_OF_RANGE",
            "value REFUSED",
            " REQUIRED_FIELD",
            "oAuthAppId REFUSED",
            " REFUSED",
            " REFUSED",
        ]
    );
    assert_eq!(error.violations[1].message, "has size 1, expected 2 or more");
    assert_eq!(error.violations[3].message, "was refused by the service");
    assert_eq!(error.message, "INVALID_ARGUMENT (HTTP 400)");
    for nothing in [json!([]), json!({}), json!(null), json!("x")] {
        assert_eq!(lines(&refused(nothing).violations), [""; 0]);
    }
}

#[test]
fn violations_supply_a_missing_message() {
    let violations = json!([
        {"field": "oAuthApp.name", "description": "is short"},
        {"field": "oAuthApp.loginUrl", "description": "is no URL"},
    ]);
    let body = json!({"details": {"validationError": {"fieldViolations": violations}}});
    let error = read(Operation::Update, &json_answer(400, body)).unwrap_err();
    assert_eq!(error.message, "name is short; loginUrl is no URL (HTTP 400)");
}

#[test]
fn a_response_without_a_request_id_has_none() {
    let response = HttpResponse { status: 500, headers: vec![], body: Body::<Value>::Empty };
    assert_eq!(read(Operation::Get, &response).unwrap_err().request_id, None);
}

#[test]
fn every_body_is_read_without_a_panic() {
    for (body, _) in KINDS {
        for (operation, _) in ENDPOINTS {
            for status in [0, 200, 400, 500, u16::MAX] {
                drop(read(operation, &answer(status, Body::Json(body.clone()))));
            }
        }
    }
}

#[test]
fn an_operation_is_found_by_its_name() {
    for (operation, _) in ENDPOINTS {
        assert_eq!(Operation::named(operation.as_str()), Some(operation));
    }
    assert_eq!(Operation::named("createClient"), None);
}

#[test]
fn statuses_methods_and_headers() {
    assert_eq!([199, 200, 299, 300].map(is_success), [false, true, true, false]);
    assert_eq!(HEADERS, ["x-wix-request-id", "x-wix-consistent", "retry-after"]);
}

#[test]
fn an_error_value_has_no_absent_members() {
    let bare: Error<()> = Error::new(Code::Network, Operation::Get.as_str(), "m");
    assert_eq!(
        serde_json::to_value(bare.to_value()).unwrap(),
        json!({"code": "NETWORK", "operation": "getOAuthApp", "message": "m", "attempts": 0})
    );
    let violations = json!([{"field": "oAuthApp.name", "description": "is short", "violatedRule": "OUT_OF_RANGE"}]);
    let body = json!({"message": "m", "details": {"validationError": {"fieldViolations": violations}}});
    let full = Error { attempts: 3, ..*read(Operation::Update, &json_answer(400, body)).unwrap_err() };
    assert_eq!(
        serde_json::to_value(full.to_value()).unwrap(),
        json!({
            "code": "INVALID_ARGUMENT",
            "operation": "updateOAuthApp",
            "message": "m (HTTP 400)",
            "attempts": 3,
            "status": 400,
            "requestId": "1718.42",
            "violations": [{"field": "name", "rule": "OUT_OF_RANGE", "severity": "error", "message": "is short"}],
        })
    );
}
