//! `ensureOAuthApp`: one app, however many times it is wanted.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::service::{Apps, Net, Reply, Sent, status, thrown, with_header};
use super::sim::Task;
use super::{lines, value};
use crate::api::{Code, Error, Operation, RETRY_AFTER};
use crate::client::Client;
use crate::value::Value;

fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

const CALLBACK: &str = "https://shop.example.com/callback";

fn app(number: usize, name: &str, uris: &[&str]) -> Json {
    json!({"id": id(number), "name": name, "allowedRedirectUris": uris, "allowedRedirectDomains": []})
}

fn net(apps: &Rc<RefCell<Apps>>) -> Rc<Net> {
    let apps = Rc::clone(apps);
    Net::new(move |sent: &Sent| apps.borrow_mut().answer(sent))
}

fn client(options: Json) -> Client<Value> {
    let mut all = json!({"auth": {"apiKey": "key"}, "siteId": super::SITE, "rateLimit": false});
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    Client::new(&value(all), None).unwrap()
}

type Outcome = Result<Value, Box<Error<Value>>>;

/// Returns the outcomes of calls that start together.
fn ensure_at_once(client: &Client<Value>, net: &Rc<Net>, wanted: &[Json]) -> Vec<Result<Json, Box<Error<Value>>>> {
    let hosts: Vec<_> = wanted.iter().map(|_| net.host()).collect();
    let options = value(json!({}));
    let tasks = hosts.iter().zip(wanted).map(|(host, wanted)| {
        let call = client.call(Operation::Ensure, &Value::Null, &value(wanted.clone()), &options).unwrap();
        Box::pin(client.perform(host, call)) as Task<'_, Outcome>
    });
    let outcomes = net.sim.run(tasks.collect()).into_iter().map(|outcome| outcome.expect("the promise settles"));
    outcomes.map(|outcome| outcome.map(|given| serde_json::to_value(given).unwrap())).collect()
}

fn ensure(net: &Rc<Net>, wanted: Json) -> Result<Json, Box<Error<Value>>> {
    ensure_at_once(&client(json!({})), net, &[wanted]).remove(0)
}

fn creates(net: &Net) -> usize {
    net.lines().iter().filter(|line| *line == "POST ").count()
}

#[test]
fn an_app_is_created_once_and_then_found() {
    let apps = Apps::of([app(9, "Another", &["https://another.example.com/callback"])]);
    let net = net(&apps);
    let wanted = json!({"name": "Shop", "allowedRedirectUris": [CALLBACK]});
    let given = ensure(&net, wanted.clone()).unwrap();
    assert_eq!((&given["created"], &given["changed"]), (&json!(true), &json!([])));
    assert_eq!(given["oAuthApp"]["name"], "Shop");
    let before = net.lines().len();
    let again = ensure(&net, wanted).unwrap();
    assert_eq!((&again["created"], &again["changed"]), (&json!(false), &json!([])));
    assert_eq!(again["oAuthApp"]["id"], given["oAuthApp"]["id"]);
    // The app is as wanted, so one listing is enough.
    assert_eq!((apps.borrow().apps.len(), net.lines().len() - before), (2, 1));
}

#[test]
fn the_id_takes_precedence_over_the_name_and_the_name_over_an_entry() {
    let by_id = app(1, "Elsewhere", &[]);
    let by_uri = app(2, "Elsewhere too", &[CALLBACK]);
    let mut by_domain = app(3, "Elsewhere again", &[]);
    by_domain["allowedRedirectDomains"] = json!(["shop.example.com"]);
    let by_name = app(4, "Shop", &[]);
    let wanted = |id: Json| {
        let mut wanted = json!({
            "name": "Shop", "allowedRedirectUris": [CALLBACK], "allowedRedirectDomains": ["shop.example.com"],
        });
        if !id.is_null() {
            wanted["id"] = id;
        }
        wanted
    };
    for (apps, given_id, found) in [
        (vec![&by_id, &by_uri, &by_name], json!(id(1)), id(1)),
        (vec![&by_id, &by_uri, &by_name], json!(id(7)), id(4)),
        (vec![&by_name, &by_uri], json!(null), id(4)),
        (vec![&by_id, &by_uri], json!(null), id(2)),
        (vec![&by_id, &by_domain], json!(null), id(3)),
    ] {
        let apps = Apps::of(apps.into_iter().cloned());
        let given = ensure(&net(&apps), wanted(given_id.clone())).unwrap();
        assert_eq!((&given["oAuthApp"]["id"], &given["created"]), (&json!(found), &json!(false)), "{given_id}");
        // An app that was found by an entry keeps its name.
        let by = ["id", "redirect", "redirect", "name"][usize::from(found.as_bytes()[35] - b'1')];
        assert_eq!(given["matchedBy"], by);
        assert_eq!(given["oAuthApp"]["name"] == "Shop", by != "redirect");
    }
}

#[test]
fn an_app_that_is_found_is_changed_as_wanted_and_loses_nothing() {
    let mut held = app(1, "Shop", &["https://old.example.com/callback"]);
    held["description"] = json!("what it is for");
    held["technology"] = json!("REACT");
    let apps = Apps::of([held]);
    let net = net(&apps);
    let wanted = json!({
        "id": id(1), "name": "Shop", "description": "what it is for", "technology": "VUE",
        "allowedRedirectUris": [CALLBACK], "allowedRedirectDomains": [], "applicationType": "OAUTH_APP_TYPE_UNSPECIFIED",
        "redirectUrlWixPages": "", "wixPagesDomainsMappings": [],
    });
    let given = ensure(&net, wanted.clone()).unwrap();
    assert_eq!(given["changed"], json!(["allowedRedirectUris", "technology"]));
    assert_eq!(given["oAuthApp"], apps.borrow().apps[0]);
    let held = apps.borrow().apps[0].clone();
    assert_eq!(held["allowedRedirectUris"], json!(["https://old.example.com/callback", CALLBACK]));
    assert_eq!((&held["technology"], &held["description"]), (&json!("VUE"), &json!("what it is for")));
    assert_eq!(ensure(&net, wanted).unwrap()["changed"], json!([]));
}

#[test]
fn mappings_are_equal_in_any_order_of_their_members() {
    let mut held = app(1, "Shop", &[]);
    held["wixPagesDomainsMappings"] = json!([{"destination": "b", "origin": "a"}]);
    let apps = Apps::of([held]);
    let mapping = |destination: &str| json!({"name": "Shop", "wixPagesDomainsMappings": [{"origin": "a", "destination": destination}]});
    assert_eq!(ensure(&net(&apps), mapping("b")).unwrap()["changed"], json!([]));
    assert_eq!(ensure(&net(&apps), mapping("c")).unwrap()["changed"], json!(["wixPagesDomainsMappings"]));
}

#[test]
fn several_matches_are_a_conflict_that_lists_them() {
    for apps in [
        [app(1, "One", &[CALLBACK]), app(2, "Two", &[CALLBACK]), app(3, "Other", &[])],
        [app(1, "Shop", &[]), app(2, "Shop", &[]), app(3, "Other", &[])],
    ] {
        let apps = Apps::of(apps);
        let net = net(&apps);
        let error = ensure(&net, json!({"name": "Shop", "allowedRedirectUris": [CALLBACK]})).unwrap_err();
        assert_eq!((error.code, error.operation), (Code::Conflict, "ensureOAuthApp"));
        assert!(error.message.contains(&id(1)) && error.message.contains(&id(2)), "{}", error.message);
        assert_eq!((creates(&net), apps.borrow().apps.len()), (0, 3));
    }
}

#[test]
fn simultaneous_calls_create_one_app() {
    let apps = Apps::of([]);
    let net = net(&apps);
    let wanted: Vec<Json> = (0..5)
        .map(|at| json!({"name": "Shop", "allowedRedirectUris": [CALLBACK, format!("{CALLBACK}/{at}")]}))
        .collect();
    let outcomes = ensure_at_once(&client(json!({})), &net, &wanted);
    let created = outcomes.iter().filter(|outcome| outcome.as_ref().unwrap()["created"] == true).count();
    assert_eq!((created, apps.borrow().apps.len()), (1, 1));
    assert_eq!(apps.borrow().apps[0]["allowedRedirectUris"].as_array().unwrap().len(), 6);
}

/// Returns a service whose create takes effect after a number of milliseconds and gets no response.
fn silent(apps: &Rc<RefCell<Apps>>, late: u64, fail: fn() -> Reply) -> Rc<Net> {
    let apps = Rc::clone(apps);
    let pending: RefCell<Option<Sent>> = RefCell::default();
    Net::new(move |sent: &Sent| {
        if sent.line.ends_with("oauth-apps") {
            *pending.borrow_mut() = Some(sent.clone());
            return fail();
        }
        if let Some(create) = pending.take_if(|create| sent.at >= create.at + late) {
            apps.borrow_mut().answer(&create);
        }
        apps.borrow_mut().answer(sent).into()
    })
}

trait TakeIf<T> {
    fn take_if(&self, is_due: impl Fn(&T) -> bool) -> Option<T>;
}

impl<T> TakeIf<T> for RefCell<Option<T>> {
    fn take_if(&self, is_due: impl Fn(&T) -> bool) -> Option<T> {
        self.borrow_mut().take_if(|value| is_due(value))
    }
}

#[test]
fn a_create_without_a_response_is_looked_for_and_not_repeated() {
    let fails: [fn() -> Reply; 3] = [|| status(502).into(), || thrown("ECONNRESET").into(), || Reply::Never];
    for fail in fails {
        for late in [0, 400] {
            let apps = Apps::of([]);
            let net = silent(&apps, late, fail);
            let wanted = [json!({"name": "Shop", "allowedRedirectUris": [CALLBACK]})];
            let given = ensure_at_once(&client(json!({"timeout": 50})), &net, &wanted).remove(0).unwrap();
            assert_eq!((&given["created"], &given["oAuthApp"]["name"]), (&json!(true), &json!("Shop")));
            assert_eq!((creates(&net), apps.borrow().apps.len()), (1, 1));
        }
        // The app is never listed.
        let apps = Apps::of([]);
        let net = silent(&apps, u64::from(u32::MAX), fail);
        let error = ensure(&net, json!({"name": "Shop"})).unwrap_err();
        assert_eq!((error.code, error.operation, error.attempts), (Code::OutcomeUnknown, "ensureOAuthApp", 1));
        assert!(error.message.ends_with("(it was looked for, and is not there yet)"), "{}", error.message);
        assert_eq!(creates(&net), 1);
    }
}

#[test]
fn a_create_that_did_nothing_is_repeated() {
    let apps = Apps::of([]);
    let (service, left) = (Rc::clone(&apps), Cell::new(2));
    let net = Net::new(move |sent: &Sent| {
        if sent.line.ends_with("oauth-apps") && left.get() > 0 {
            left.set(left.get() - 1);
            return with_header(status(503), RETRY_AFTER, "1");
        }
        service.borrow_mut().answer(sent)
    });
    assert_eq!(ensure(&net, json!({"name": "Shop"})).unwrap()["created"], true);
    assert_eq!((creates(&net), apps.borrow().apps.len()), (3, 1));
}

#[test]
fn all_faults_are_reported_at_once_including_the_id() {
    let client = client(json!({}));
    for (wanted, expected) in [
        (json!({"id": "x", "nme": "Shop"}), vec!["id FORMAT", "name REQUIRED_FIELD", "nme UNKNOWN_FIELD -> name"]),
        (json!({"name": "Shop", "createdDate": "x"}), vec!["createdDate READ_ONLY"]),
        (json!("Shop"), vec![" TYPE"]),
    ] {
        let call = client.call(Operation::Ensure, &Value::Null, &value(wanted), &value(json!({})));
        let error = call.unwrap_err();
        assert_eq!((error.code, error.operation), (Code::InvalidArgument, "ensureOAuthApp"));
        assert_eq!(lines(&error.violations), expected);
    }
}

#[test]
fn a_list_that_would_be_too_long_is_refused_under_the_name_of_the_field() {
    let held: Vec<String> = (0..20).map(|at| format!("{CALLBACK}/{at}")).collect();
    let held: Vec<&str> = held.iter().map(String::as_str).collect();
    let net = net(&Apps::of([app(1, "Shop", &held)]));
    let error = ensure(&net, json!({"name": "Shop", "allowedRedirectUris": [CALLBACK]})).unwrap_err();
    assert_eq!(error.code, Code::InvalidArgument);
    assert_eq!(lines(&error.violations), ["allowedRedirectUris OUT_OF_RANGE"]);
}
