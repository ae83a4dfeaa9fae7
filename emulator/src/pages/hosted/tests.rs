//! Visits of the hosted pages, and the redirects back.

use serde_json::{Value, json};

use crate::http::response::Response;
use crate::options::Options;
use crate::pages::session::CHECKOUT_INTENTS;
use crate::testing::client::{TestClient, authorize_url};

const CALLBACK: &str = "https://shop.example.com/callback";
const SESSION: &str = "/headless/v1/redirect-session";

/// Returns the URL of a new session.
#[track_caller]
fn session(client: &mut TestClient, token: &str, intent: &Value, callbacks: &Value) -> String {
    let mut body = intent.clone();
    body["callbacks"] = callbacks.clone();
    let (status, answer) = client.post(SESSION, token, &body);
    assert_eq!(status, 200, "{answer}");
    answer["redirectSession"]["fullUrl"].as_str().unwrap().to_owned()
}

#[test]
fn a_checkout_redirects_to_a_listed_domain() {
    let mut client = TestClient::new();
    let id = client.app(&[], &["shop.example.com", "localhost:4321"]);
    let (visitor, _) = client.visitor(&id);
    for (callbacks, expected) in [
        (json!({ "postFlowUrl": "https://shop.example.com/cart" }), Ok("https://shop.example.com/cart")),
        (
            json!({ "postFlowUrl": "https://shop.example.com/cart", "thankYouPageUrl": "http://localhost:4321/thanks" }),
            Ok("http://localhost:4321/thanks"),
        ),
        (json!({ "postFlowUrl": "https://shop.example.com/ü?x=1 2" }), Err("https://shop.example.com/ü?x=1 2")),
        (json!({ "postFlowUrl": "https://shop.example.com/ü" }), Ok("https://shop.example.com/%C3%BC")),
        (json!({ "postFlowUrl": "http://shop.example.com/cart" }), Err("http://shop.example.com/cart")),
        (json!({ "postFlowUrl": "https://evil.example/" }), Err("https://evil.example/")),
        (
            json!({ "postFlowUrl": "https://evil.example/", "thankYouPageUrl": "https://shop.example.com/" }),
            Err("https://evil.example/"),
        ),
        (
            json!({ "postFlowUrl": "https://shop.example.com/", "cartPageUrl": "http://localhost:4322/" }),
            Err("http://localhost:4322/"),
        ),
    ] {
        for checkout in CHECKOUT_INTENTS {
            let intent = json!({ checkout: { "checkoutId": "x" } });
            let url = session(&mut client, &visitor, &intent, &callbacks);
            let response = client.browse(&url, "");
            match expected {
                Ok(location) => {
                    assert_eq!((response.status, &*response.headers["location"]), (302, location), "{url}");
                }
                Err(refused) => {
                    assert_eq!((response.status, response.headers.get("location")), (403, None), "{url}");
                    let text = format!("{refused} isn't listed as an allowed redirect domain.");
                    assert!(response.body.contains(&text), "{}", response.body);
                    assert!(response.body.contains("<h2 id=\"note\">Note by the emulator</h2>"), "{}", response.body);
                }
            }
        }
    }
}

#[test]
fn a_refused_url_is_explained() {
    let mut client = TestClient::new();
    let id = client.app(&[], &["shop.example.com"]);
    let url = format!("/_pages/checkout?client_id={id}&post_flow_url=https%3A%2F%2Fwww.shop.example.com%2F%3Ca%3E");
    let page = client.browse(&url, "");
    for part in [
        "<p>https://www.shop.example.com/&lt;a&gt; isn't listed as an allowed redirect domain.</p>",
        "Wix shows only the text above.",
        "is on a host under or above an entry's; an entry allows its own host only; the nearest entry is shop.example.com",
        "URL            https://<mark>w</mark>ww.shop.example.com/&lt;a&gt;\nnearest entry          <mark>s</mark>hop.example.com\n",
        "The fix is to add www.shop.example.com to allowedRedirectDomains of the app",
        "{ domains: [&quot;www.shop.example.com&quot;] }",
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    assert!(page.reason.unwrap().contains("the nearest entry is shop.example.com"));
}

#[test]
fn without_a_callback_url_there_is_a_page() {
    let mut client = TestClient::new();
    let id = client.app(&[], &[]);
    let (visitor, _) = client.visitor(&id);
    for intent in [json!({ "ecomCheckout": {} }), json!({ "login": {} }), json!({ "logout": { "clientId": id } })] {
        let url = session(&mut client, &visitor, &intent, &json!({}));
        let response = client.browse(&url, "");
        assert_eq!((response.status, &*response.headers["content-type"]), (200, "text/html; charset=utf-8"), "{url}");
    }
    assert_eq!(client.browse("/_pages/checkout", "").status, 400);
    assert_eq!(client.request("POST", "/_pages/checkout", &[], None).headers["allow"], "GET");
}

#[test]
fn a_logout_revokes_the_tokens_of_the_login() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &["shop.example.com"]);
    let (other_access, other_refresh) = client.member(&id, CALLBACK);
    let (access, refresh) = client.member(&id, CALLBACK);
    let intent = json!({ "logout": { "clientId": id } });
    let refused = session(&mut client, &access, &intent, &json!({ "postFlowUrl": "https://evil.example/" }));
    assert_eq!(client.browse(&refused, "").status, 403);
    assert_eq!(client.info(&access)["active"], true, "a refused logout changes nothing");
    let url = session(&mut client, &access, &intent, &json!({ "postFlowUrl": "https://shop.example.com/" }));
    assert_eq!(client.info(&access)["active"], true, "the visitor has not arrived yet");
    let response = client.browse(&url, "");
    assert_eq!((response.status, &*response.headers["location"]), (302, "https://shop.example.com/"));
    assert!(response.headers["set-cookie"].contains("Max-Age=0"));
    for (token, active) in [(access, false), (refresh.clone(), false), (other_access, true), (other_refresh, true)] {
        assert_eq!(client.info(&token)["active"], active);
    }
    let (status, answer) =
        client.token(&json!({ "grantType": "refresh_token", "clientId": id, "refreshToken": refresh }));
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_grant")));
}

#[test]
fn a_logout_ends_the_login_at_the_service_too() {
    let mut client = TestClient::new();
    let id = client.app(&[CALLBACK], &[]);
    let (visitor, _) = client.visitor(&id);
    let login = session(&mut client, &visitor, &json!({ "login": {} }), &json!({}));
    let cookie = client.browse(&login, "").headers["set-cookie"].split(';').next().unwrap().to_owned();
    let silent = authorize_url(&[("client_id", &id), ("redirect_uri", CALLBACK), ("prompt", "none")]);
    assert!(client.browse(&silent, &cookie).headers["location"].contains("?code="));
    let logout = session(&mut client, &visitor, &json!({ "logout": { "clientId": id } }), &json!({}));
    client.browse(&logout, &cookie);
    assert!(client.browse(&silent, &cookie).headers["location"].contains("login_required"));
}

/// Visits a page of an app with these fields, and returns the response.
#[track_caller]
fn visit(options: &Value, fields: &Value, intent: &Value, callbacks: &Value) -> Response {
    let mut client = TestClient::with(Options::from_json(options.clone()).unwrap());
    let mut app = json!({ "name": "My app", "allowedRedirectDomains": ["shop.example.com"] });
    app.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let id = client.create(&app)["id"].as_str().unwrap().to_owned();
    let intent: Value = serde_json::from_str(&intent.to_string().replace("ID", &id)).unwrap();
    let (visitor, _) = client.visitor(&id);
    let url = session(&mut client, &visitor, &intent, callbacks);
    client.browse(&url, "")
}

#[test]
fn the_login_page_redirects_to_the_apps_login_url() {
    let (login, none) = (json!({ "login": {} }), json!({}));
    let back = json!({ "postFlowUrl": "https://shop.example.com/cart?x=1" });
    let with_callback = json!({ "loginUrl": "https://shop.example.com/own-login" });
    let own = json!({ "loginUrl": "https://shop.example.com/login?a=b#c" });
    for (options, fields, callbacks, location) in [
        (&none, &own, &none, "https://shop.example.com/login?a=b#c"),
        (
            &none,
            &own,
            &back,
            "https://shop.example.com/login?a=b&returnUrl=https%3A%2F%2Fshop.example.com%2Fcart%3Fx%3D1#c",
        ),
        (&none, &own, &with_callback, "https://shop.example.com/own-login"),
        (&none, &none, &back, "https://shop.example.com/cart?x=1"),
        (&json!({ "honorLoginUrl": false }), &own, &back, "https://shop.example.com/cart?x=1"),
    ] {
        let response = visit(options, fields, &login, callbacks);
        assert_eq!((response.status, &*response.headers["location"]), (302, location), "{options} {callbacks}");
        let logged_in = location.ends_with("cart?x=1");
        assert_eq!(response.headers.contains_key("set-cookie"), logged_in, "{location}");
    }
}

#[test]
fn the_login_page_redirects_a_member_at_once() {
    let mut client = TestClient::new();
    let app = json!({ "name": "My app", "allowedRedirectUris": [CALLBACK],
                      "allowedRedirectDomains": ["shop.example.com"], "loginUrl": "https://shop.example.com/login" });
    let id = client.create(&app)["id"].as_str().unwrap().to_owned();
    let (access, _) = client.member(&id, CALLBACK);
    let callbacks = json!({ "postFlowUrl": "https://shop.example.com/cart" });
    let url = session(&mut client, &access, &json!({ "login": {} }), &callbacks);
    assert_eq!(client.browse(&url, "").headers["location"], "https://shop.example.com/cart");
}

#[test]
fn the_logout_page_redirects_to_the_apps_logout_url() {
    let (logout, none) = (json!({ "logout": { "clientId": "ID" } }), json!({}));
    let back = json!({ "postFlowUrl": "https://shop.example.com/bye" });
    let own = json!({ "logoutUrl": "https://shop.example.com/logout" });
    for (options, fields, callbacks, location) in [
        (&none, &own, &none, Some("https://shop.example.com/logout")),
        (&none, &own, &back, Some("https://shop.example.com/logout?returnUrl=https%3A%2F%2Fshop.example.com%2Fbye")),
        (&none, &none, &back, Some("https://shop.example.com/bye")),
        (&json!({ "honorLogoutUrl": false }), &own, &back, Some("https://shop.example.com/bye")),
        (&json!({ "honorLogoutUrl": false }), &own, &none, None),
    ] {
        let response = visit(options, fields, &logout, callbacks);
        assert_eq!(response.headers.get("location").map(String::as_str), location, "{options} {callbacks}");
        assert!(response.headers["set-cookie"].contains("Max-Age=0"));
    }
}

#[test]
fn a_logout_redirects_to_a_url_of_either_list() {
    let fields = json!({ "allowedRedirectUris": ["https://app.example.com/api/auth/logout-callback"] });
    let logout = json!({ "logout": { "clientId": "ID" } });
    for (options, url, status) in [
        (json!({}), "https://app.example.com/api/auth/logout-callback", 302),
        (json!({}), "https://app.example.com/api/auth/other", 403),
        (json!({}), "https://shop.example.com/bye", 302),
        (json!({ "logoutRedirects": "domains" }), "https://app.example.com/api/auth/logout-callback", 403),
        (json!({ "logoutRedirects": "domains" }), "https://shop.example.com/bye", 302),
    ] {
        let response = visit(&options, &fields, &logout, &json!({ "postFlowUrl": url }));
        assert_eq!(response.status, status, "{options} {url}");
        // The other pages allow the domains alone.
        let checkout = visit(&options, &fields, &json!({ "ecomCheckout": {} }), &json!({ "postFlowUrl": url }));
        assert_eq!(checkout.status == 302, url.contains("shop.example.com"), "{options} {url}");
    }
}

#[test]
fn a_checkout_fails_if_redirect_url_wix_pages_is_on_a_dead_domain() {
    let fields = json!({ "redirectUrlWixPages": "https://Old.example.com/" });
    for (options, status) in [(json!({}), 302), (json!({ "deadDomains": ["old.example.com"] }), 404)] {
        let callbacks = json!({ "postFlowUrl": "https://shop.example.com/" });
        let response = visit(&options, &fields, &json!({ "ecomCheckout": {} }), &callbacks);
        assert_eq!(response.status, status, "{options}");
        assert_eq!(response.body.contains("FAILED_TO_FETCH_METASITE_ID_BY_DOMAIN"), status == 404);
    }
}

#[test]
fn a_deleted_app_has_no_pages() {
    let mut client = TestClient::new();
    let id = client.app(&[], &["shop.example.com"]);
    let (visitor, _) = client.visitor(&id);
    let callbacks = json!({ "postFlowUrl": "https://shop.example.com/" });
    let url = session(&mut client, &visitor, &json!({ "ecomCheckout": {} }), &callbacks);
    assert_eq!(client.call("DELETE", &format!("/{id}"), &Value::Null).0, 200);
    let response = client.browse(&url, "");
    assert_eq!((response.status, response.headers.get("location")), (400, None));
}
