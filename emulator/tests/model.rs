//! Any sequence of calls against a model that fits on a page, and any bytes at all.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "clippy takes only what stands under `#[test]` for a test"
)]

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use serde_json::{Map, Value, json};
use wix_oauth_apps_emulator::{
    Change, ConnectionError, Emulator, Fault, Host, Options, Outcome, Record, Request, Snapshot,
};

const APPS: &str = "https://www.wixapis.com/oauth-app/v1/oauth-apps";
const SITES: [&str; 2] = ["00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"];

/// A clock that ticks, and bytes that look random and repeat from run to run.
struct Script(u64);

impl Host for Script {
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

/// Two sites, and what is believed of each: its apps by ID.
struct Bench {
    emulator: Emulator,
    host: Script,
    model: [BTreeMap<String, Value>; 2],
    /// What a host has kept that wrote down every change.
    kept: BTreeMap<String, String>,
}

impl Bench {
    fn new(seed: u64) -> Self {
        let mut emulator = emulator();
        emulator.load(&[]).unwrap();
        Self { emulator, host: Script(seed), model: Default::default(), kept: BTreeMap::new() }
    }

    fn call(&mut self, site: usize, method: &str, below: &str, body: Option<&Value>) -> (u16, Value) {
        let Outcome { error, response, .. } = self.outcome(site, method, below, body);
        assert_eq!(error, None);
        (response.status, serde_json::from_str(&response.body).unwrap())
    }

    fn outcome(&mut self, site: usize, method: &str, below: &str, body: Option<&Value>) -> Outcome {
        let headers = [("authorization", self.emulator.credentials().api_key), ("wix-site-id", SITES[site].to_owned())];
        let request = Request {
            method: method.to_owned(),
            url: format!("{APPS}{below}"),
            headers: headers.map(|(name, value)| (name.to_owned(), value)).into(),
            body: body.map(|body| body.to_string().into()),
        };
        self.emulator.handle(&request, &mut self.host)
    }

    /// Writes down what has changed.
    fn keep(&mut self) {
        for Change { key, value } in self.emulator.changes() {
            match value {
                Some(value) => drop(self.kept.insert(key, value)),
                None => assert!(self.kept.remove(&key).is_some(), "{key} was not there"),
            }
        }
    }

    /// Does it, and sees that the answer is the model's.
    fn step(&mut self, step: &Step) {
        let Step { site, kind, at, fields, paths, form } = step;
        let ids: Vec<_> = self.model[*site].keys().cloned().collect();
        // Now and then an app that is not there.
        let id = at.get(&[ids.as_slice(), &[SITES[0].to_owned()]].concat()).clone();
        let known = self.model[*site].get(&id).cloned();
        let path = format!("/{id}");
        let (status, body) = match kind {
            Kind::Create => {
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
            Kind::Update => {
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
            Kind::Refused => {
                let broken = json!({ "oAuthApp": { "description": "never stored", "loginUrl": "x" },
                                     "mask": "description,loginUrl,id" });
                assert_eq!(self.call(*site, "POST", "", Some(&broken)).0, 400);
                assert_eq!(self.call(*site, "PATCH", &path, Some(&broken)).0, 400);
                self.call(*site, "GET", &path, None)
            }
            Kind::Delete => {
                self.model[*site].remove(&id);
                let (status, body) = self.call(*site, "DELETE", &path, None);
                assert_eq!((status, body == json!({})), if known.is_some() { (200, true) } else { (404, false) });
                return;
            }
            Kind::Fail(fault) => {
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
                // It is met once.
                self.call(*site, "GET", &path, None)
            }
            Kind::Sorted(sort) => {
                self.check_sorted(*site, sort);
                return;
            }
            Kind::Secret => {
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
            Kind::Restart => {
                let written = serde_json::to_value(self.emulator.snapshot()).unwrap().to_string();
                self.emulator.reset();
                self.emulator.restore(&Snapshot::from_json(serde_json::from_str(&written).unwrap()).unwrap()).unwrap();
                self.call(*site, "GET", &path, None)
            }
            Kind::Kill => {
                self.keep();
                let records = self.kept.clone().into_iter().map(|(key, value)| Record { key, value });
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

    /// A page in the middle and its neighbours, in some order.
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

    /// Every app of every site, by offset and by cursor.
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

/// An app with these fields as it is answered, before any secret.
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

#[derive(Debug, Clone)]
enum Kind {
    Create,
    Update,
    Refused,
    Delete,
    Secret,
    Restart,
    Kill,
    Fail(Fault),
    Sorted(Vec<(&'static str, bool)>),
}

#[derive(Debug, Clone)]
struct Step {
    site: usize,
    kind: Kind,
    at: Index,
    fields: Map<String, Value>,
    paths: Vec<&'static str>,
    form: MaskForm,
}

/// The forms in which callers send a mask.
#[derive(Debug, Clone, Copy)]
enum MaskForm {
    Text,
    Paths,
    Path,
    Both,
}

impl MaskForm {
    fn mask(self, paths: &[&str]) -> Value {
        match self {
            MaskForm::Text => json!(paths.join(",")),
            MaskForm::Paths => json!({ "paths": paths }),
            MaskForm::Path => json!({ "path": paths.join(",") }),
            MaskForm::Both => json!({ "paths": paths, "path": paths.join(",") }),
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        4 => Just(Kind::Create),
        4 => Just(Kind::Update),
        1 => Just(Kind::Refused),
        1 => Just(Kind::Delete),
        2 => Just(Kind::Secret),
        1 => Just(Kind::Restart),
        1 => Just(Kind::Kill),
        2 => fault().prop_map(Kind::Fail),
        3 => vec((select(vec!["name", "createdDate"]), any::<bool>()), 0..=3).prop_map(Kind::Sorted),
    ];
    let maskable = vec![
        "name",
        "description",
        "loginUrl",
        "allowedRedirectUris",
        "allowedRedirectDomains",
        "technology",
        "origin",
    ];
    let paths = subsequence(maskable, 0..=7);
    let form = select(vec![MaskForm::Text, MaskForm::Paths, MaskForm::Path, MaskForm::Both]);
    (0..2_usize, kind, any::<Index>(), fields(), paths, form).prop_map(|(site, kind, at, fields, paths, form)| Step {
        site,
        kind,
        at,
        fields,
        paths,
        form,
    })
}

/// A fault that an update meets.
fn fault() -> impl Strategy<Value = Fault> {
    let error = select(vec![
        ConnectionError::Refused,
        ConnectionError::Reset,
        ConnectionError::ResetInBody,
        ConnectionError::Hang,
        ConnectionError::Stall,
    ]);
    let what = prop_oneof![(200..=599_u16).prop_map(Fault::status), error.prop_map(Fault::error)];
    (what, any::<bool>(), 0..1_000_u32).prop_map(|(fault, take_effect, latency)| {
        let nobody_listens = fault.error == Some(ConnectionError::Refused);
        let take_effect = (take_effect && !nobody_listens).then_some(true);
        Fault { method: Some("PATCH".to_owned()), take_effect, latency, ..fault }
    })
}

/// Fields that the service takes.
fn fields() -> impl Strategy<Value = Map<String, Value>> {
    let optional = |text: &'static str| proptest::option::of(text.prop_map(Value::from));
    let list = |text: &'static str| proptest::option::of(vec(text, 0..=20).prop_map(Value::from));
    (
        "\\PC{2,256}",
        optional("\\PC*"),
        optional("(https?://[a-zA-Z.]{1,9}(:[0-9]{1,4})?(/[a-z?#]*)?)?"),
        list("[a-z]{1,5}://[a-zA-Z*.]{1,9}(/[a-z?#]*)?"),
        list("\\PC{0,20}"),
        proptest::option::of(select(vec!["VUE", "REACT", "IOS"]).prop_map(Value::from)),
        list("\\PC{0,20}"),
        optional("\\PC{0,256}"),
    )
        .prop_map(|(name, description, login_url, uris, domains, technology, legacy, origin)| {
            let optional = [
                ("allowedDomains", legacy),
                ("origin", origin),
                ("description", description),
                ("loginUrl", login_url),
                ("allowedRedirectUris", uris),
                ("allowedRedirectDomains", domains),
                ("technology", technology),
            ];
            let given = optional.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value?)));
            Map::from_iter([("name".to_owned(), json!(name))]).into_iter().chain(given).collect()
        })
}

/// JSON of any shape, with the names that mean something here among the others.
fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        name().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((name(), inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Bodies: of no form, of JSON's letters, and of JSON that gets further and further.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => any::<String>(),
        1 => "[\\[\\]{}\",:0-9eE+.\\\\untrfals -]{0,40}",
        4 => tree().prop_map(|tree| tree.to_string()),
        2 => tree().prop_map(|tree| json!({ "oAuthApp": tree, "mask": "name" }).to_string()),
        2 => tree().prop_map(|tree| json!({ "query": tree }).to_string()),
    ]
}

fn name() -> impl Strategy<Value = String> {
    let known = "oAuthApp mask path paths allowedDomains query filter sort paging cursorPaging cursor limit offset fieldName order $eq id name \
                 createdDate loginUrl allowedRedirectUris allowedRedirectDomains wixPagesDomainsMappings origin secret \
                 technology applicationType allowSecretGeneration redirectUrlWixPages oAuthAppId ASC DESC";
    prop_oneof![9 => select(known.split_whitespace().map(str::to_owned).collect::<Vec<_>>()), 1 => "\\PC{0,8}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_sequence_of_calls_does_what_the_model_does(
        seed in 0..1_000_u64, steps in vec(step(), 1..40), limit in 1..6_usize,
    ) {
        let mut bench = Bench::new(seed);
        for step in &steps {
            bench.step(step);
            bench.keep();
        }
        bench.check(limit);
    }

    #[test]
    fn any_bytes_get_an_answer_of_the_service(
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
        let mut bench = Bench::new(0);
        let (_, created) = bench.call(0, "POST", "", Some(&json!({ "oAuthApp": { "name": "There before" } })));
        let id = created["oAuthApp"]["id"].as_str().unwrap();
        let api_key = bench.emulator.credentials().api_key;
        let mut headers = BTreeMap::from([("authorization".to_owned(), api_key.clone())]);
        headers.insert("wix-site-id".to_owned(), SITES[0].to_owned());
        headers.extend(header);
        let request = Request { method, url: path.replace("ID", id), headers, body };
        let before = bench.emulator.snapshot();
        let response = bench.emulator.handle(&request, &mut bench.host).response;

        let answer: Value = serde_json::from_str(&response.body).unwrap();
        prop_assert!(answer.is_object());
        prop_assert_eq!(&response.headers["content-type"], "application/json");
        prop_assert!(!response.headers["x-wix-request-id"].is_empty());
        if response.status != 200 {
            prop_assert!((400..500).contains(&response.status), "{}", response.status);
            prop_assert!(answer["message"].is_string(), "{answer}");
            prop_assert_eq!(before, bench.emulator.snapshot());
        }
        let log = json!(bench.emulator.requests().collect::<Vec<_>>()).to_string();
        prop_assert!(!log.contains(&api_key), "{log}");
        let state = serde_json::to_value(bench.emulator.snapshot()).unwrap();
        bench.emulator.restore(&Snapshot::from_json(state).unwrap()).unwrap();
    }
}
