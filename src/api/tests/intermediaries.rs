//! Responses of proxies and gateways: a status alone says nothing about an app.

use serde_json::json;

use super::*;

const PAGE: &str = "<!doctype html><html><head><style>p { color: red }</style><title>Not here</title></head>\
                    <body><h1>404</h1><p>nginx/1.25</body></html>";

/// Bodies that the API never sends with a failure, with their description and their excerpt in the message.
fn foreign() -> Vec<(Body<Value>, &'static str, &'static str)> {
    let json = |json: Json| Body::Json(value(json));
    vec![
        (Body::Empty, "an empty body", ""),
        (Body::TooLong, "more than 16 MB", ""),
        (other(PAGE), "an HTML page", "Not here 404 nginx/1.25"),
        (other("upstream connect\r\n error"), "text that is no JSON", "upstream connect error"),
        (other("{\"message\": \"cut"), "text that is no JSON", "{\"message\": \"cut"),
        (json(json!({})), "JSON of another shape", "{}"),
        (json(json!([])), "JSON of another shape", "[]"),
        (json(json!(null)), "JSON of another shape", "null"),
        (json(json!("Not Found")), "JSON of another shape", "\"Not Found\""),
        (json(json!({"error": "Not Found"})), "JSON of another shape", "{\"error\":\"Not Found\"}"),
        (json(json!({"message": null})), "JSON of another shape", "{\"message\":null}"),
        (json(json!({"message": 404})), "JSON of another shape", "{\"message\":404}"),
        (json(json!([{"message": "x"}])), "JSON of another shape", "[{\"message\":\"x\"}]"),
        (json(json!({"details": {}})), "JSON of another shape", "{\"details\":{}}"),
        (
            json(json!({"details": {"applicationError": "NOT_FOUND"}})),
            "JSON of another shape",
            "{\"details\":{\"applicationError\":\"NOT_FOUND\"}}",
        ),
        (
            json(json!({"applicationError": {"code": "NOT_FOUND"}})),
            "JSON of another shape",
            "{\"applicationError\":{\"code\":\"NOT_FOUND\"}}",
        ),
    ]
}

/// Returns the code of a status without an error of the API itself.
fn code(status: u16) -> Code {
    match status {
        429 => Code::RateLimited,
        408 | 425 | 500..=599 => Code::ServerError,
        _ => Code::BadResponse,
    }
}

#[test]
fn a_status_alone_says_nothing_about_the_app() {
    for status in (0..200).chain(300..1_000) {
        for (body, described, words) in foreign() {
            for (operation, _) in ENDPOINTS {
                let error = read(operation, &answer(status, body.clone())).unwrap_err();
                assert_eq!((error.code, error.operation), (code(status), operation.as_str()), "{status} {body:?}");
                assert_eq!((error.status, error.request_id.as_deref()), (Some(status), Some("1718.42")));
                assert!(error.violations.is_empty() && error.cause.is_none());
                let (start, excerpt) = match status {
                    0 | 300..=399 => ("the response is a redirect, which is not followed", ""),
                    407 => ("a proxy requires a login", words),
                    511 => ("the network requires a login in a browser", words),
                    408 | 425 | 429 | 500..=599 => ("the service, or a gateway before it, answered with", words),
                    _ => ("a proxy or gateway answered in place of the service, or `baseUrl` is wrong; it gave", words),
                };
                assert!(error.message.starts_with(start), "{}", error.message);
                assert!(matches!(status, 0 | 300..=399) || error.message.contains(described), "{}", error.message);
                let excerpt = if excerpt.is_empty() { String::new() } else { format!(": {excerpt}") };
                assert!(error.message.ends_with(&format!(" (HTTP {status}){excerpt}")), "{}", error.message);
            }
        }
    }
}

#[test]
fn an_error_of_the_api_decides_the_code() {
    let forms = [
        json!({"message": "m"}),
        json!({"message": ""}),
        json!({"message": "", "details": {}}),
        json!({"message": "m", "details": null}),
        json!({"details": {"applicationError": {}}}),
        json!({"details": {"applicationError": {"code": "TOMORROW"}}}),
        json!({"details": {"validationError": {}}}),
    ];
    for (status, code) in [
        (400, Code::InvalidArgument),
        (401, Code::Unauthenticated),
        (402, Code::InvalidArgument),
        (403, Code::PermissionDenied),
        (404, Code::NotFound),
        (405, Code::InvalidArgument),
        (407, Code::BadResponse),
        (408, Code::ServerError),
        (409, Code::Conflict),
        (410, Code::NotFound),
        (412, Code::Conflict),
        (413, Code::InvalidArgument),
        (418, Code::InvalidArgument),
        (422, Code::InvalidArgument),
        (425, Code::ServerError),
        (428, Code::InvalidArgument),
        (429, Code::RateLimited),
        (499, Code::InvalidArgument),
        (500, Code::ServerError),
        (503, Code::ServerError),
        (511, Code::ServerError),
        (599, Code::ServerError),
        (600, Code::BadResponse),
        (999, Code::BadResponse),
    ] {
        for form in &forms {
            for (operation, _) in ENDPOINTS {
                let error = read(operation, &json_answer(status, form.clone())).unwrap_err();
                assert_eq!(error.code, code, "{status} {form}");
                let said = if form["message"] == "m" { "m" } else { "the service gave no reason" };
                if !matches!(status, 407 | 511) {
                    assert_eq!(error.message, format!("{said} (HTTP {status})"));
                }
            }
        }
    }
}

#[test]
fn a_delete_succeeds_with_an_empty_body_or_an_object() {
    for status in [200, 202, 204, 299] {
        for body in [Body::Empty, Body::Json(value(json!({}))), Body::Json(value(json!({"oAuthApp": null})))] {
            assert_eq!(read(Operation::Delete, &answer(status, body)).unwrap(), Value::Null);
        }
        let others = [json!([]), json!(null), json!("deleted"), json!(true), json!(1)];
        let others = others.map(|json| (Body::Json(value(json)), "JSON of another shape", ""));
        for (body, described, excerpt) in others.into_iter().chain([
            (other("<title>Hotel Wi-Fi</title>Sign in"), "an HTML page", ": Hotel Wi-Fi Sign in"),
            (other("OK"), "text that is no JSON", ""),
            (Body::TooLong, "more than 16 MB", ""),
        ]) {
            let error = read(Operation::Delete, &answer(status, body)).unwrap_err();
            assert_eq!(
                (error.code, error.status, error.operation),
                (Code::BadResponse, Some(status), "deleteOAuthApp")
            );
            assert_eq!(
                error.message,
                format!(
                    "the service answered with {described} where an empty body or an object was expected; the app may be \
                     deleted or not; deleting it again is safe{excerpt}"
                )
            );
        }
    }
}

#[test]
fn text_that_may_be_a_secret_is_not_shown() {
    for text in ["{\"oAuthAppSecret\":\"s3-secret", "s3-secret"] {
        let error = read(Operation::GenerateSecret, &answer(200, other(text))).unwrap_err();
        assert!(error.code == Code::BadResponse && !error.message.contains("s3"), "{}", error.message);
    }
}

#[test]
fn errors_of_the_token_endpoint_have_the_form_of_oauth() {
    let refused = |status, body| Endpoint::AccessToken.read(Operation::Get, &answer(status, body)).unwrap_err();
    for (status, reason, code) in [
        (400, "invalid_client", Code::Unauthenticated),
        (401, "invalid_client", Code::Unauthenticated),
        (400, "invalid_grant", Code::Unauthenticated),
        (400, "unauthorized_client", Code::Unauthenticated),
        (400, "invalid_request", Code::InvalidArgument),
        (429, "slow_down", Code::RateLimited),
        (500, "server_error", Code::ServerError),
        (503, "temporarily_unavailable", Code::ServerError),
    ] {
        let error = refused(status, Body::Json(value(json!({"error": reason, "error_description": "why"}))));
        assert_eq!(error.code, code, "{status} {reason}");
        assert!(error.message.contains(&format!("{reason}: why (HTTP {status})")), "{}", error.message);
        assert!(!error.message.contains('{'), "{}", error.message);
    }
    // An error of the endpoint is never about the app of a call.
    for status in (0..200).chain(300..1_000) {
        let jsons =
            [json!({"error": "Not Found"}), json!({"error": ""}), json!({"message": "no"}), json!({"error": {}})];
        let bodies = jsons.map(|json| Body::Json(value(json)));
        for body in bodies.into_iter().chain(foreign().into_iter().map(|(body, ..)| body)) {
            assert_ne!(refused(status, body).code, Code::NotFound);
        }
    }
    for status in [400, 401, 403, 404, 418] {
        for body in [other(PAGE), Body::Empty, Body::Json(value(json!({"error": {"code": "x"}})))] {
            assert_eq!(refused(status, body).code, Code::BadResponse, "{status}");
        }
    }
    assert_eq!(refused(404, Body::Json(value(json!({"error": "Not Found"})))).code, Code::BadResponse);
}

#[test]
fn a_rate_limit_is_named_by_its_code() {
    let json = |json: Json| Body::Json(value(json));
    for (status, body, names) in [
        (429, json(json!({"details": {"applicationError": {"code": "RESOURCE_EXHAUSTED"}}})), true),
        (429, json(json!({"code": 8, "status": "RESOURCE_EXHAUSTED"})), true),
        (503, json(json!({"message": "RESOURCE_EXHAUSTED: 200 a minute"})), true),
        (429, other("RESOURCE_EXHAUSTED"), true),
        (429, json(json!({})), false),
        (429, json(json!({"message": "Too Many Requests"})), false),
        (429, Body::Empty, false),
        (429, other("slow down"), false),
        (400, other("RESOURCE_EXHAUSTED"), false),
    ] {
        assert_eq!(crate::api::names_rate_limit(&answer(status, body.clone())), names, "{status} {body:?}");
    }
}
