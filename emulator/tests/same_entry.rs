//! With every option that changes how the service stores values: a repeated call sends no second update, and an entry is
//! removed in any of its forms.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::result_large_err,
    reason = "clippy recognizes only functions under `#[test]` as tests"
)]

#[path = "../../tests/support/json.rs"]
mod json;

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use json::{from_json as value, to_json};
use serde_json::{Value as Json, json};
use wix_oauth_apps::api::{Body, Error, HttpResponse, Operation};
use wix_oauth_apps::client::{Client, Event, Failure, Transport, WireRequest};
use wix_oauth_apps::value::Value;
use wix_oauth_apps_emulator::{Emulator, Host, Options, Request};

struct Service {
    emulator: RefCell<Emulator>,
    random: Cell<u8>,
    /// The method and the body of each request, except for queries.
    sent: RefCell<Vec<(String, Json)>>,
    client: Client<Value>,
}

impl Host for &Service {
    fn now(&mut self) -> u64 {
        1_795_608_000_000
    }

    fn random(&mut self, bytes: &mut [u8]) {
        bytes.fill_with(|| {
            self.random.set(self.random.get().wrapping_mul(37).wrapping_add(11));
            self.random.get()
        });
    }
}

impl Transport for Service {
    type Json = Value;

    async fn send(&self, sent: &WireRequest<'_>, _: u32) -> Result<HttpResponse<Value>, Failure<Value>> {
        let body = sent.body.map(Value::to_json);
        let request = Request {
            method: sent.method.as_str(),
            url: &sent.url,
            headers: sent.headers.iter().map(|(name, value)| (*name, &**value)).collect(),
            body: body.as_deref().map(str::as_bytes),
        };
        if !sent.url.ends_with("/query") {
            self.sent.borrow_mut().push((request.method.to_owned(), sent.body.map_or(Json::Null, to_json)));
        }
        let response = self.emulator.borrow_mut().handle(&request, &mut &*self).response;
        let body = Body::Json(value(serde_json::from_str(&response.body).unwrap()));
        Ok(HttpResponse { status: response.status, headers: Vec::new(), body })
    }

    async fn sleep(&self, _: u32) -> Option<Value> {
        None
    }

    fn now(&self) -> u64 {
        0
    }

    fn date(&self, _: &str) -> Option<u64> {
        None
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn aborted(&self) -> Option<Value> {
        None
    }

    async fn ended(&self) -> Value {
        std::future::pending().await
    }

    async fn access_token(&self, _: u32) -> Result<Value, Failure<Value>> {
        Err(Failure::Network(None))
    }

    fn emit(&self, _: &Event<'_>) {}
}

impl Service {
    fn new(options: &Json) -> Self {
        let emulator = Emulator::new(Options::from_json(options.clone()).unwrap()).unwrap();
        let client = Self::client_of(&emulator);
        Self { emulator: RefCell::new(emulator), random: Cell::new(1), sent: RefCell::default(), client }
    }

    fn client_of(emulator: &Emulator) -> Client<Value> {
        let credentials = emulator.credentials();
        let options = json!({"auth": {"apiKey": credentials.api_key}, "siteId": credentials.site_id});
        Client::new(&value(options), None).unwrap()
    }

    /// Replaces the client by a new one.
    fn restart(&mut self) {
        self.client = Self::client_of(&self.emulator.borrow());
    }

    fn call(&self, operation: Operation, id: &Json, content: &Json, options: &Json) -> Result<Json, Box<Error<Value>>> {
        let id = id.as_str().map_or(Value::Null, Value::from);
        let call = self.client.call(operation, &id, &value(content.clone()), &value(options.clone()))?;
        match pin!(self.client.perform(self, call)).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(given) => given.map(|given| to_json(&given)),
            Poll::Pending => panic!("waits"),
        }
    }

    fn ensure(&self, wanted: &Json, options: &Json) -> Json {
        self.call(Operation::Ensure, &Json::Null, wanted, options).unwrap()
    }

    /// Returns the number of requests so far that write.
    fn writes(&self) -> usize {
        self.sent.borrow().iter().filter(|(method, _)| method != "GET").count()
    }
}

/// Returns the options that change how values are stored.
fn options() -> Vec<Json> {
    let mut all = Vec::new();
    for normalize in [false, true] {
        for duplicates in ["keep", "drop", "refuse"] {
            all.push(json!({"normalizeRedirects": normalize, "duplicateRedirects": duplicates}));
        }
    }
    for copy in ["never", "toAllowedRedirectDomains", "fromAllowedRedirectDomains"] {
        all.push(json!({"copyAllowedDomains": copy}));
    }
    // Options that the emulator does not have are left out.
    all.retain(|options| Options::from_json(options.clone()).is_ok());
    all
}

/// Entries, each with another form of it.
const URIS: [(&str, &str); 4] = [
    ("HTTPS://Shop.example.com:443/cb", "https://shop.example.com/cb"),
    ("https://shop.example.com/cb", "https://SHOP.example.com/cb"),
    ("https://shop.example.com", "https://shop.example.com"),
    ("http://localhost:80/cb", "http://localhost/cb"),
];
const DOMAINS: [(&str, &str); 4] = [
    ("Shop.Example.com", "https://shop.example.com"),
    ("https://shop.example.com", "shop.example.com"),
    ("localhost:3000", "http://localhost:3000"),
    ("shop.example.com:8443", "https://shop.example.com:8443"),
];

#[test]
fn allowing_twice_sends_one_update_and_an_entry_is_removed_in_either_form() {
    for options in options() {
        for (list, rows) in [("uris", URIS), ("domains", DOMAINS)] {
            for (given, other) in rows {
                for forgets in [false, true] {
                    let mut service = Service::new(&options);
                    let app =
                        service.call(Operation::Create, &Json::Null, &json!({"name": "Shop"}), &json!({})).unwrap();
                    let id = &app["id"];
                    let about = format!("{options} {given} {forgets}");
                    let entries = json!({list: [given]});
                    let first = service.call(Operation::AllowRedirects, id, &entries, &json!({})).unwrap();
                    assert_eq!(first["added"][list], json!([given]), "{about}");
                    let writes = service.writes();
                    // A new client does not know how the service stores values. It may need a request to find that out if
                    // only the missing path differs.
                    if forgets && given != "https://shop.example.com" {
                        service.restart();
                    }
                    let second = service.call(Operation::AllowRedirects, id, &entries, &json!({})).unwrap();
                    assert_eq!((service.writes(), &second["added"][list]), (writes, &json!([])), "{about}");
                    let normalized = options["normalizeRedirects"] == true;
                    let named = if list == "domains" || normalized { other } else { given };
                    let third =
                        service.call(Operation::DisallowRedirects, id, &json!({list: [named]}), &json!({})).unwrap();
                    let field = if list == "uris" { "allowedRedirectUris" } else { "allowedRedirectDomains" };
                    assert_eq!(third["oAuthApp"][field], json!([]), "{about}");
                    let writes = service.writes();
                    service.call(Operation::DisallowRedirects, id, &json!({list: [named]}), &json!({})).unwrap();
                    assert_eq!(service.writes(), writes, "{about}");
                }
            }
        }
    }
}

#[test]
fn ensuring_twice_sends_no_second_update() {
    let wanted = json!({
        "name": "Shop", "description": null, "origin": "other",
        "allowedRedirectUris": ["https://Shop.example.com/cb", "https://www.shop.example.com"],
        "allowedRedirectDomains": ["https://shop.example.com", "WWW.shop.example.com"],
        "allowedDomains": ["https://(.*)-shop.example.com"],
    });
    for options in options() {
        for redirects in ["include", "exact"] {
            let service = Service::new(&options);
            let call = json!({"redirects": redirects});
            let first = service.ensure(&wanted, &call);
            assert_eq!(first["created"], true);
            // The second call removes what the service itself added to an exact list.
            service.ensure(&wanted, &call);
            let writes = service.writes();
            let again = service.ensure(&wanted, &call);
            let outcome = (service.writes(), &again["changed"], &again["matchedBy"]);
            assert_eq!(outcome, (writes, &json!([]), &json!("name")), "{options} {redirects}");
        }
    }
}

#[test]
fn a_service_that_compares_bytes_stores_each_form() {
    let service = Service::new(&json!({}));
    let draft = json!({"name": "Shop", "allowedRedirectUris": ["https://shop.example.com/"]});
    let app = service.call(Operation::Create, &Json::Null, &draft, &json!({})).unwrap();
    let entries = json!({"uris": ["https://shop.example.com"]});
    let given = service.call(Operation::AllowRedirects, &app["id"], &entries, &json!({})).unwrap();
    assert_eq!(
        given["oAuthApp"]["allowedRedirectUris"],
        json!(["https://shop.example.com/", "https://shop.example.com"])
    );
    let given = service.call(Operation::DisallowRedirects, &app["id"], &entries, &json!({})).unwrap();
    assert_eq!(given["oAuthApp"]["allowedRedirectUris"], json!(["https://shop.example.com/"]));
}

#[test]
fn a_refused_duplicate_in_normal_form_counts_as_listed() {
    let options = json!({"normalizeRedirects": true, "duplicateRedirects": "refuse"});
    let service = Service::new(&options);
    let draft = json!({"name": "Shop", "allowedRedirectUris": ["https://shop.example.com/"]});
    let app = service.call(Operation::Create, &Json::Null, &draft, &json!({})).unwrap();
    let entries = json!({"uris": ["https://shop.example.com"]});
    let given = service.call(Operation::AllowRedirects, &app["id"], &entries, &json!({})).unwrap();
    assert_eq!(given["oAuthApp"]["allowedRedirectUris"], json!(["https://shop.example.com/"]));
    assert_eq!(given["added"]["uris"], json!([]));
}

#[test]
fn exact_lists_dry_runs_and_cleared_fields() {
    let service = Service::new(&json!({}));
    let draft = json!({
        "name": "Shop", "description": "Old", "allowedRedirectUris": ["https://a.example.com/", "https://b.example.com/"],
        "allowedRedirectDomains": ["a.example.com"], "technology": "VUE",
    });
    service.ensure(&draft, &json!({}));
    let wanted = json!({
        "name": "Shop", "description": null, "technology": null, "allowedRedirectUris": ["https://b.example.com/", "https://c.example.com/"],
    });
    let writes = service.writes();
    let plan = service.ensure(&wanted, &json!({"dryRun": true, "redirects": "exact"}));
    assert_eq!(plan["changed"], json!(["allowedRedirectUris", "description", "technology"]));
    assert_eq!((&plan["created"], &plan["oAuthApp"]["description"]), (&json!(false), &json!("Old")));
    assert_eq!(service.writes(), writes);
    let given = service.ensure(&wanted, &json!({"redirects": "exact"}));
    assert_eq!(given["changed"], plan["changed"]);
    let app = &given["oAuthApp"];
    assert_eq!(app["allowedRedirectUris"], json!(["https://b.example.com/", "https://c.example.com/"]));
    // A list that the call does not name is not changed.
    assert_eq!(app["allowedRedirectDomains"], json!(["a.example.com"]));
    assert_eq!((app.get("description"), &app["technology"]), (None, &json!("OAUTH_TECHNOLOGY_UNSPECIFIED")));
    // `null` empties a list.
    let given = service.ensure(&json!({"name": "Shop", "allowedRedirectDomains": null}), &json!({}));
    assert_eq!(given["oAuthApp"]["allowedRedirectDomains"], json!([]));
    // The plan for a new app shows the draft.
    let plan = service.ensure(&json!({"name": "Another", "description": null}), &json!({"dryRun": true}));
    assert_eq!(plan, json!({"created": true, "changed": [], "oAuthApp": {"name": "Another"}}));
}

#[test]
fn an_app_is_found_by_its_name_or_by_an_entry_that_only_it_has() {
    let service = Service::new(&json!({}));
    let put = |draft: Json| service.call(Operation::Create, &Json::Null, &draft, &json!({})).unwrap()["id"].clone();
    let local = put(
        json!({"name": "Local", "allowedRedirectUris": ["http://localhost:3000/cb", "https://*-shop.example.com/cb"]}),
    );
    let web = put(json!({"name": "Web", "allowedRedirectDomains": ["https://shop.example.com"]}));
    let one =
        put(json!({"name": "Twice", "allowedRedirectUris": ["https://one.example.com/cb", "http://localhost:1/cb"]}));
    let two =
        put(json!({"name": "Twice", "allowedRedirectUris": ["https://two.example.com/cb", "http://localhost:1/cb"]}));
    let plan = |wanted: Json| service.call(Operation::Ensure, &Json::Null, &wanted, &json!({"dryRun": true}));
    for (wanted, found, by) in [
        (json!({"name": " Web "}), Some(&web), "name"),
        (json!({"name": "Shop", "allowedRedirectDomains": ["SHOP.example.com"]}), Some(&web), "redirect"),
        (json!({"name": "Local", "allowedRedirectDomains": ["shop.example.com"]}), Some(&local), "name"),
        (
            json!({"name": "Twice", "allowedRedirectUris": ["https://two.example.com/cb", "http://localhost:1/cb"]}),
            Some(&two),
            "name",
        ),
        (json!({"name": "Twice", "id": one}), Some(&one), "id"),
        (json!({"name": "Shop", "allowedRedirectUris": ["http://localhost:3000/cb"]}), None, ""),
        (json!({"name": "Shop", "allowedRedirectUris": ["https://*-shop.example.com/cb"]}), None, ""),
    ] {
        let given = plan(wanted.clone()).unwrap();
        let expected = (found.unwrap_or(&Json::Null), json!(found.is_none()));
        assert_eq!((&given["oAuthApp"]["id"], given["created"].clone()), expected, "{wanted}");
        assert_eq!(given["matchedBy"].as_str().unwrap_or_default(), by, "{wanted}");
    }
    let error = plan(json!({"name": "Twice", "allowedRedirectUris": ["http://localhost:1/cb"]})).unwrap_err();
    for text in [
        one.as_str().unwrap(),
        two.as_str().unwrap(),
        "oldest",
        "https://one.example.com/cb",
        "https://two.example.com/cb",
        "`id`",
    ] {
        assert!(error.message.contains(text), "{}", error.message);
    }
}

#[test]
fn options_of_other_operations_are_refused() {
    let service = Service::new(&json!({}));
    let id = json!("00000000-0000-4000-8000-000000000000");
    for (operation, options, named) in [
        (Operation::Get, json!({"settle": false}), "allowRedirects"),
        (Operation::Create, json!({"settle": {}}), "ensureOAuthApp"),
        (Operation::AllowRedirects, json!({"redirects": "exact"}), "ensureOAuthApp"),
        (Operation::DisallowRedirects, json!({"dryRun": true}), "ensureOAuthApp"),
        (Operation::Ensure, json!({"redirects": "only"}), "include, exact"),
        (Operation::Ensure, json!({"dryRun": 1}), "true or false"),
        (Operation::Ensure, json!({"settle": true}), "an object"),
        (Operation::Ensure, json!({"settle": {"minDelay": 5, "maxDelay": 4}}), "minDelay"),
        (Operation::Ensure, json!({"settle": {"delay": 5}}), "minDelay, maxDelay"),
        (Operation::Ensure, json!({"settle": {"minDelay": -1}}), "settle.minDelay"),
    ] {
        let content = if operation == Operation::Ensure { json!({"name": "Shop"}) } else { json!({}) };
        let error = service.call(operation, &id, &content, &options).unwrap_err();
        assert_eq!(error.code.as_str(), "CONFIG", "{options}");
        assert!(error.message.contains(named), "{options}: {}", error.message);
    }
    assert_eq!(service.writes(), 0);
}
