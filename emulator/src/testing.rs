//! What the tests share: a world that can be told what to say, and a caller that is let in.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Emulator, Options, Outcome, Request, Response, World};

/// A world whose clock stands still until it is moved, and whose random bytes count up.
pub(crate) struct Script {
    pub(crate) now: u64,
    /// How far the counting got; it does not count where it is `None`.
    pub(crate) count: Option<u64>,
}

impl Script {
    pub(crate) fn new() -> Self {
        Self { now: 1_772_355_900_042, count: Some(0) }
    }
}

impl World for Script {
    fn now(&mut self) -> u64 {
        self.now
    }

    fn random(&mut self, bytes: &mut [u8]) {
        if let Some(count) = &mut self.count {
            *count = count.wrapping_add(1);
            bytes.iter_mut().rev().zip(count.to_le_bytes()).for_each(|(byte, counted)| *byte = counted);
        }
    }
}

/// An emulator and a client of it.
pub(crate) struct Bench {
    pub(crate) emulator: Emulator,
    pub(crate) world: Script,
    pub(crate) headers: BTreeMap<String, String>,
}

pub(crate) const BASE: &str = "https://www.wixapis.com/oauth-app/v1/oauth-apps";

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(crate) fn with(options: Options) -> Self {
        let emulator = Emulator::new(options).unwrap();
        let credentials = emulator.credentials();
        let headers = BTreeMap::from([
            ("Authorization".to_owned(), credentials.api_key),
            ("wix-site-id".to_owned(), credentials.site_id),
            ("Content-Type".to_owned(), "application/json".to_owned()),
        ]);
        Self { emulator, world: Script::new(), headers }
    }

    /// The answer to a request with any body.
    #[track_caller]
    pub(crate) fn send(&mut self, method: &str, below: &str, body: Option<&str>) -> Response {
        let outcome = self.outcome(method, below, body);
        assert_eq!((outcome.failure, outcome.delay), (None, 0));
        outcome.response
    }

    /// What becomes of a request.
    pub(crate) fn outcome(&mut self, method: &str, below: &str, body: Option<&str>) -> Outcome {
        let request = Request {
            method: method.to_owned(),
            url: format!("{BASE}{below}"),
            headers: self.headers.clone(),
            body: body.map(Into::into),
        };
        self.emulator.handle(&request, &mut self.world)
    }

    /// Status and body of the answer to a JSON body.
    #[track_caller]
    pub(crate) fn call(&mut self, method: &str, below: &str, body: &Value) -> (u16, Value) {
        let body = (!body.is_null()).then(|| body.to_string());
        let response = self.send(method, below, body.as_deref());
        (response.status, serde_json::from_str(&response.body).unwrap())
    }

    /// The app that a create answers.
    #[track_caller]
    pub(crate) fn create(&mut self, app: &Value) -> Value {
        let (status, mut body) = self.call("POST", "", &serde_json::json!({ "oAuthApp": app }));
        assert_eq!(status, 200, "{body}");
        body["oAuthApp"].take()
    }
}
