//! Compares sequences of calls with a simple model, and sends arbitrary requests.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "clippy recognizes only functions under `#[test]` as tests"
)]

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use wix_oauth_apps_emulator::{Change, ConnectionError, Emulator, Host, Options, Outcome, Record, Request, Snapshot};

use generate::{Action, Step, step, text};

mod generate;

const APPS: &str = "https://www.wixapis.com/oauth-app/v1/oauth-apps";
const SITES: [&str; 2] = ["00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"];

/// A host with a clock that ticks, and pseudo-random bytes.
struct TestHost(u64);

impl Host for TestHost {
    fn now(&mut self) -> u64 {
        self.0 += 1;
        1_772_355_900_000 + self.0 / 4
    }

    fn random(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = self.0.to_be_bytes()[0];
        }
        self.0 %= 1 << 40;
    }
}

/// An emulator with two sites, and the model of each site.
struct Comparison {
    emulator: Emulator,
    host: TestHost,
    /// The expected apps of each site, by ID.
    model: [BTreeMap<String, Value>; 2],
    /// The records of a host that stores every change.
    stored: BTreeMap<String, String>,
}

impl Comparison {
    fn new(seed: u64) -> Self {
        let mut emulator = emulator();
        emulator.load(&[]).unwrap();
        Self { emulator, host: TestHost(seed), model: Default::default(), stored: BTreeMap::new() }
    }

    fn call(&mut self, site: usize, method: &str, below: &str, body: Option<&Value>) -> (u16, Value) {
        let Outcome { error, response, .. } = self.outcome(site, method, below, body);
        assert_eq!(error, None);
        (response.status, serde_json::from_str(&response.body).unwrap())
    }

    fn outcome(&mut self, site: usize, method: &str, below: &str, body: Option<&Value>) -> Outcome {
        let api_key = self.emulator.credentials().api_key;
        let body = body.map(Value::to_string);
        let request = Request {
            method,
            url: &format!("{APPS}{below}"),
            headers: vec![("authorization", &api_key), ("wix-site-id", SITES[site])],
            body: body.as_deref().map(str::as_bytes),
        };
        self.emulator.handle(&request, &mut self.host)
    }

    /// Stores the changes.
    fn store_changes(&mut self) {
        for Change { key, value } in self.emulator.changes() {
            match value {
                Some(value) => drop(self.stored.insert(key, value)),
                None => assert!(self.stored.remove(&key).is_some(), "{key} was not stored"),
            }
        }
    }

    /// Executes a step, and compares the response with the model.
    fn step(&mut self, step: &Step) {
        let Step { site, action, at, fields, paths, form } = step;
        let ids: Vec<_> = self.model[*site].keys().cloned().collect();
        // Sometimes the app does not exist.
        let id = at.get(&[ids.as_slice(), &[SITES[0].to_owned()]].concat()).clone();
        let known = self.model[*site].get(&id).cloned();
        let path = format!("/{id}");
        let (status, body) = match action {
            Action::Create => {
                let (status, body) = self.call(*site, "POST", "", Some(&json!({ "oAuthApp": fields })));
                assert_eq!(status, 200, "{body}");
                let mut app = body["oAuthApp"].clone();
                let secret = app.as_object_mut().unwrap().shift_remove("secret").unwrap();
                assert!(wix_oauth_apps::app::is_guid(secret.as_str().unwrap()));
                assert_eq!(app, complete(fields, &app["id"], &app["createdDate"]));
                let id = app["id"].as_str().unwrap().to_owned();
                assert!(self.model.iter().all(|apps| !apps.contains_key(&id)));
                self.model[*site].insert(id, app);
                return;
            }
            Action::Update => {
                let mask = form.mask(paths);
                let answer = self.call(*site, "PATCH", &path, Some(&json!({ "oAuthApp": fields, "mask": mask })));
                if let Some(mut app) = known.clone() {
                    let default = complete(&Map::new(), &app["id"], &app["createdDate"]);
                    for name in paths {
                        match fields.get(*name).or_else(|| default.get(*name)) {
                            Some(value) => app[*name] = value.clone(),
                            None => drop(app.as_object_mut().unwrap().remove(*name)),
                        }
                    }
                    self.model[*site].insert(id.clone(), app);
                }
                answer
            }
            Action::Refused => {
                let broken = json!({ "oAuthApp": { "description": "never stored", "loginUrl": "x" },
                                     "mask": "description,loginUrl,id" });
                assert_eq!(self.call(*site, "POST", "", Some(&broken)).0, 400);
                assert_eq!(self.call(*site, "PATCH", &path, Some(&broken)).0, 400);
                self.call(*site, "GET", &path, None)
            }
            Action::Delete => {
                self.model[*site].remove(&id);
                let (status, body) = self.call(*site, "DELETE", &path, None);
                assert_eq!((status, body == json!({})), if known.is_some() { (200, true) } else { (404, false) });
                return;
            }
            Action::Fail(fault) => {
                self.emulator.fail(fault.clone()).unwrap();
                let body = json!({ "oAuthApp": { "name": "Renamed" }, "mask": "name" });
                let outcome = self.outcome(*site, "PATCH", &path, Some(&body));
                assert_eq!(outcome.error, fault.error);
                assert_eq!(outcome.delay, u64::from(fault.latency));
                let takes_effect =
                    fault.take_effect == Some(true) || fault.error.is_some_and(ConnectionError::interrupts_response);
                if let Some(app) = self.model[*site].get_mut(&id).filter(|_| takes_effect) {
                    app["name"] = json!("Renamed");
                }
                // The fault applies once.
                self.call(*site, "GET", &path, None)
            }
            Action::Sorted(sort) => {
                self.check_sorted(*site, sort);
                return;
            }
            Action::Secret => {
                let (status, body) = self.call(*site, "POST", &format!("{path}/generate-secret"), None);
                let allowed = known.as_ref().map(|app| app["allowSecretGeneration"] == true);
                assert_eq!(
                    (status, body["oAuthAppSecret"].is_string()),
                    match allowed {
                        Some(true) => (200, true),
                        Some(false) => (409, false),
                        None => (404, false),
                    }
                );
                if let Some(app) = self.model[*site].get_mut(&id) {
                    app["allowSecretGeneration"] = json!(false);
                }
                return;
            }
            Action::Restart => {
                let written = serde_json::to_value(self.emulator.snapshot()).unwrap().to_string();
                self.emulator.reset();
                self.emulator.restore(&Snapshot::from_json(serde_json::from_str(&written).unwrap()).unwrap()).unwrap();
                self.call(*site, "GET", &path, None)
            }
            Action::Kill => {
                self.store_changes();
                let records = self.stored.clone().into_iter().map(|(key, value)| Record { key, value });
                let before = std::mem::replace(&mut self.emulator, emulator()).snapshot();
                self.emulator.load(&records.collect::<Vec<_>>()).unwrap();
                assert_eq!(self.emulator.snapshot(), before);
                assert_eq!(self.emulator.changes(), []);
                self.call(*site, "GET", &path, None)
            }
        };
        match self.model[*site].get(&id) {
            Some(app) => assert_eq!((status, body), (200, json!({ "oAuthApp": app }))),
            None => assert_eq!(status, 404, "{body}"),
        }
    }

    /// Compares pages in an order, by offset and by cursor.
    fn check_sorted(&mut self, site: usize, sort: &[(&'static str, bool)]) {
        let mut expected: Vec<_> = self.model[site].values().rev().cloned().collect();
        expected.sort_by(|a, b| {
            let by_field = sort.iter().map(|(field, ascending)| {
                let ordering = a[*field].as_str().cmp(&b[*field].as_str());
                if *ascending { ordering } else { ordering.reverse() }
            });
            by_field.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        let sort: Vec<_> = sort
            .iter()
            .map(|(field, ascending)| json!({ "fieldName": field, "order": if *ascending { "ASC" } else { "DESC" } }))
            .collect();
        let offset = expected.len() / 3;
        let paging = json!({ "offset": offset, "limit": 3 });
        let (_, body) =
            self.call(site, "POST", "/query", Some(&json!({ "query": { "sort": sort, "paging": paging } })));
        let shown: Vec<_> = expected.iter().skip(offset).take(3).cloned().collect();
        assert_eq!(body["oAuthApps"], json!(shown));
        assert_eq!(body["pagingMetadata"]["hasNext"], json!(offset + 3 < expected.len()));

        let mut paging = json!({ "sort": sort, "cursorPaging": { "limit": 2 } });
        for at in (0..expected.len()).step_by(2) {
            let (_, body) = self.call(site, "POST", "/query", Some(&json!({ "query": paging })));
            assert_eq!(body["oAuthApps"], json!(expected[at..(at + 2).min(expected.len())]));
            let cursors = &body["pagingMetadata"]["cursors"];
            assert_eq!(cursors["prev"].is_null(), at == 0);
            paging = json!({ "cursorPaging": { "limit": 2, "cursor": cursors["next"] } });
        }
    }

    /// Compares every app of every site, by offset and by cursor.
    fn check(&mut self, limit: usize) {
        for site in [0, 1] {
            let expected: Vec<_> = self.model[site].values().rev().cloned().collect();
            let (_, body) =
                self.call(site, "POST", "/query", Some(&json!({ "query": { "paging": { "limit": 1000 } } })));
            assert_eq!(body["oAuthApps"], json!(expected));
            assert_eq!(body["pagingMetadata"]["total"], json!(expected.len()));

            let (mut found, mut cursor) = (Vec::new(), Value::Null);
            loop {
                let query = json!({ "query": { "cursorPaging": { "limit": limit, "cursor": cursor } } });
                let (_, body) = self.call(site, "POST", "/query", Some(&query));
                found.extend(body["oAuthApps"].as_array().unwrap().clone());
                cursor = body["pagingMetadata"]["cursors"]["next"].clone();
                assert_eq!(body["pagingMetadata"]["hasNext"], json!(!cursor.is_null()));
                if cursor.is_null() {
                    break;
                }
            }
            assert_eq!(found, expected);
        }
    }
}

fn emulator() -> Emulator {
    let options = json!({ "siteIds": SITES, "maxPageLimit": 1000 });
    Emulator::new(Options::from_json(options).unwrap()).unwrap()
}

/// Returns an app with these fields as the service shows it, before a secret was generated.
fn complete(fields: &Map<String, Value>, id: &Value, created_date: &Value) -> Value {
    let mut app = json!({
        "id": id, "createdDate": created_date, "allowedRedirectUris": [], "allowedRedirectDomains": [],
        "allowedDomains": [], "loginUrl": "", "logoutUrl": "",
        "applicationType": "OAUTH_APP_TYPE_UNSPECIFIED", "technology": "OAUTH_TECHNOLOGY_UNSPECIFIED",
        "wixPagesDomainsMappings": [], "allowSecretGeneration": true,
    });
    app.as_object_mut().unwrap().extend(fields.clone());
    app
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn sequences_of_calls_agree_with_the_model(
        seed in 0..1_000_u64, steps in vec(step(), 1..40), limit in 1..6_usize,
    ) {
        let mut comparison = Comparison::new(seed);
        for step in &steps {
            comparison.step(step);
            comparison.store_changes();
        }
        comparison.check(limit);
    }

    #[test]
    fn arbitrary_requests_get_a_response_of_the_service(
        method in prop_oneof![4 => select(vec!["GET", "POST", "PATCH", "DELETE"]).prop_map(str::to_owned), 1 => "\\PC{0,5}"],
        path in prop_oneof![
            2 => select(vec!["", "/query", "/ID", "/ID/generate-secret"]).prop_map(|below| format!("{APPS}{below}")),
            1 => "\\PC{0,12}".prop_map(|below| format!("{APPS}/{below}")),
            1 => "\\PC*",
        ],
        header in proptest::option::of(("\\PC{0,8}", "\\PC{0,8}")),
        body in prop_oneof![
            1 => Just(None),
            1 => vec(any::<u8>(), 0..40).prop_map(Some),
            11 => text().prop_map(|text| Some(text.into_bytes())),
        ],
    ) {
        let mut comparison = Comparison::new(0);
        let (_, created) = comparison.call(0, "POST", "", Some(&json!({ "oAuthApp": { "name": "There before" } })));
        let id = created["oAuthApp"]["id"].as_str().unwrap();
        let api_key = comparison.emulator.credentials().api_key;
        let mut headers = vec![("authorization", api_key.as_str()), ("wix-site-id", SITES[0])];
        headers.extend(header.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let request = Request { method: &method, url: &path.replace("ID", id), headers, body: body.as_deref() };
        let before = comparison.emulator.snapshot();
        let response = comparison.emulator.handle(&request, &mut comparison.host).response;

        let answer: Value = serde_json::from_str(&response.body).unwrap();
        prop_assert!(answer.is_object());
        prop_assert_eq!(&response.headers["content-type"], "application/json");
        prop_assert!(!response.headers["x-wix-request-id"].is_empty());
        if response.status != 200 {
            prop_assert!((400..500).contains(&response.status), "{}", response.status);
            prop_assert!(answer["message"].is_string(), "{answer}");
            prop_assert_eq!(before, comparison.emulator.snapshot());
        }
        let log = json!(comparison.emulator.requests().collect::<Vec<_>>()).to_string();
        prop_assert!(!log.contains(&api_key), "{log}");
        let state = serde_json::to_value(comparison.emulator.snapshot()).unwrap();
        comparison.emulator.restore(&Snapshot::from_json(state).unwrap()).unwrap();
    }
}
