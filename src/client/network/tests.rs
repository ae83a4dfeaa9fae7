//! The errors that real runtimes throw, and how the client reads them.

use serde_json::{Value as Json, json};

use super::*;
use crate::value::tests::value;

/// Errors recorded by `tests/package/support/record-network-errors.mjs`. `reach` is what the error reveals; `isSent` tells
/// whether the request may in fact have reached the service.
const RECORDED: &str = include_str!("../../../tests/network-errors.json");

fn recorded() -> Vec<Json> {
    serde_json::from_str(RECORDED).unwrap()
}

#[test]
fn errors_of_real_runtimes_are_read() {
    for row in recorded() {
        let error = value(row["error"].clone());
        let (reach, title) =
            (read(Some(&error), "https://a.example").0, format!("{} in {}", row["fault"], row["runtime"]));
        assert_eq!(format!("{reach:?}"), row["reach"].as_str().unwrap(), "{title}");
        assert!(row["isSent"] == false || reach == Reach::Unknown, "{title}: it may have been sent");
        assert_eq!(read(Some(&error), row["baseUrl"].as_str().unwrap()).1, row["reason"].as_str().unwrap(), "{title}");
    }
}

#[test]
fn errors_that_cannot_be_provoked_are_read() {
    let caused = |cause: Json| json!({"name": "TypeError", "message": "fetch failed", "cause": cause});
    let rows = [
        // Each address of a host fails (RFC 8305).
        (
            caused(json!({"name": "AggregateError", "message": "", "code": "ECONNREFUSED", "errors": [
                {"message": "connect ECONNREFUSED ::1:9", "code": "ECONNREFUSED", "syscall": "connect", "address": "::1", "port": 9},
                {"message": "connect ECONNREFUSED 127.0.0.1:9", "code": "ECONNREFUSED", "address": "127.0.0.1", "port": 9},
            ]})),
            Reach::NotSent,
            " (ECONNREFUSED localhost:9)",
        ),
        (caused(json!({"code": "EMFILE", "syscall": "connect"})), Reach::NotSent, " (EMFILE localhost:9)"),
        (caused(json!({"code": "ETIMEDOUT", "syscall": "connect"})), Reach::NotSent, " (ETIMEDOUT localhost:9)"),
        (caused(json!({"code": "EAI_AGAIN", "syscall": "getaddrinfo"})), Reach::NotSent, " (EAI_AGAIN localhost:9)"),
        (caused(json!({"code": "EHOSTUNREACH"})), Reach::NotSent, " (EHOSTUNREACH localhost:9)"),
        (
            caused(json!({"code": "UND_ERR_CONNECT_TIMEOUT", "message": "Connect Timeout Error"})),
            Reach::NotSent,
            " (localhost:9: Connect Timeout Error)",
        ),
        (json!({"code": "ConnectionRefused"}), Reach::NotSent, " (ConnectionRefused localhost:9)"),
        (
            json!({"name": "FetchError", "code": "ECONNREFUSED", "type": "system",
                   "message": "request to http://localhost:9/ failed, reason: connect ECONNREFUSED 127.0.0.1:9"}),
            Reach::NotSent,
            " (ECONNREFUSED localhost:9)",
        ),
        (
            caused(json!({"code": "UNABLE_TO_VERIFY_LEAF_SIGNATURE"})),
            Reach::NoTls,
            " (UNABLE_TO_VERIFY_LEAF_SIGNATURE localhost:9)",
        ),
        (
            caused(json!({"code": "SELF_SIGNED_CERT_IN_CHAIN"})),
            Reach::NoTls,
            " (SELF_SIGNED_CERT_IN_CHAIN localhost:9)",
        ),
        // A connection that was made.
        (caused(json!({"code": "EHOSTUNREACH", "syscall": "read"})), Reach::Unknown, " (EHOSTUNREACH localhost:9)"),
        (caused(json!({"code": "ETIMEDOUT", "syscall": "read"})), Reach::Unknown, " (ETIMEDOUT localhost:9)"),
        (caused(json!({"code": "ETIMEDOUT"})), Reach::Unknown, " (ETIMEDOUT localhost:9)"),
        (caused(json!({"code": "EPIPE", "syscall": "write"})), Reach::Unknown, " (EPIPE localhost:9)"),
        (
            caused(json!({"code": "ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC"})),
            Reach::Unknown,
            " (ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC localhost:9)",
        ),
        (
            caused(json!({"code": "UND_ERR_HEADERS_TIMEOUT", "message": "Headers Timeout Error"})),
            Reach::Unknown,
            " (localhost:9: Headers Timeout Error)",
        ),
        // Browsers.
        (json!({"name": "TypeError", "message": "Load failed"}), Reach::Unknown, " (localhost:9: Load failed)"),
        (
            json!({"name": "TypeError", "message": "NetworkError when attempting to fetch resource."}),
            Reach::Unknown,
            " (localhost:9: NetworkError when attempting to fetch resource.)",
        ),
        // Anything may be thrown.
        (json!("no network"), Reach::Unknown, " (localhost:9: no network)"),
        (json!(null), Reach::Unknown, " (localhost:9)"),
        (json!(5), Reach::Unknown, " (localhost:9)"),
        (json!({}), Reach::Unknown, " (localhost:9)"),
        (json!({"code": 7, "message": {"code": "ECONNREFUSED"}}), Reach::Unknown, " (localhost:9)"),
        (json!({"code": "", "message": "", "cause": "ECONNREFUSED"}), Reach::Unknown, " (localhost:9)"),
    ];
    for (thrown, expected, words) in rows {
        let error = value(thrown.clone());
        assert_eq!(read(Some(&error), "https://a.example").0, expected, "{thrown}");
        assert_eq!(read(Some(&error), "http://localhost:9/base").1, words, "{thrown}");
    }
    assert_eq!(read::<Value>(None, "https://www.wixapis.com").1, " (www.wixapis.com)");
}

#[test]
fn a_failing_proxy_is_named() {
    let refused = |port: Json| value(json!({"code": "ECONNREFUSED", "address": "10.0.0.7", "port": port}));
    for (port, base_url, words) in [
        (json!(443), "https://www.wixapis.com", " (ECONNREFUSED www.wixapis.com)"),
        (json!(3128), "https://www.wixapis.com", " (ECONNREFUSED 10.0.0.7:3128)"),
        (json!("3128"), "https://www.wixapis.com", " (ECONNREFUSED 10.0.0.7:3128)"),
        (json!(80), "http://127.0.0.1", " (ECONNREFUSED 127.0.0.1)"),
        (json!(9), "http://[::1]:9", " (ECONNREFUSED [::1]:9)"),
        (json!(80), "http://[::1]", " (ECONNREFUSED [::1])"),
    ] {
        assert_eq!(read(Some(&refused(port)), base_url).1, words);
    }
    let unknown = value(json!({"code": "ENOTFOUND", "hostname": "proxy.example"}));
    assert_eq!(read(Some(&unknown), "https://www.wixapis.com").1, " (ENOTFOUND proxy.example)");
}

#[test]
fn a_long_chain_and_a_long_message_end() {
    let mut thrown = json!({"code": "ECONNREFUSED"});
    for _ in 0..100 {
        thrown = json!({"message": "outer", "cause": thrown});
    }
    assert_eq!(read(Some(&value(thrown)), "https://a.example").0, Reach::Unknown);
    let long = value(json!({"message": format!("{}\nsecond line", "é".repeat(1_000))}));
    assert_eq!(read(Some(&long), "https://a.example").1, format!(" (a.example: {})", "é".repeat(100)));
}
