//! The emulator as a JavaScript class. It converts values and contains no logic.
//!
//! The clock and the random bytes of JavaScript are read before the emulator is borrowed, and results are converted after
//! it: code of the host that runs meanwhile can call the emulator again.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use crate::faults::fault::Fault;
use crate::host::port::Host;
use crate::host::random::SeededRandom;
use crate::http::request::Request;
use crate::log::request_log::RecordedRequest;
use crate::options::Options;
use crate::options::read_time;
use crate::settings;
use crate::snapshot::Snapshot;
use crate::store::journal::Record;
use crate::webhooks::attempt::Attempt;

use convert::{members_from_js, outcome_to_js, to_error, to_js, tree_from_js, type_error};

mod convert;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Date, js_name = now)]
    fn date_now() -> Result<f64, JsValue>;

    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;
}

/// The server side of the OAuth Apps API, in memory.
#[wasm_bindgen]
pub struct Emulator(RefCell<Instance>);

struct Instance {
    emulator: crate::Emulator,
    host: JsHost,
}

#[wasm_bindgen]
impl Emulator {
    /// Creates an emulator. Throws a `TypeError` that names the option if one is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_optional_param_type = "object")] options: &JsValue) -> Result<Self, JsValue> {
        let options = members_from_js(options, "options", "")?;
        let options = Options::from_json(options).map_err(|error| type_error(&error))?;
        let emulator = crate::Emulator::new(options).map_err(|error| type_error(&error))?;
        let mut instance = Instance { emulator, host: JsHost::new()? };
        instance.at(date_now()?, |emulator, host| emulator.create_initial_apps(host));
        Ok(Self(RefCell::new(instance)))
    }

    /// Handles a request. `head` is the method, the URL, and the name and the value of each header, separated by NUL; `parts` is
    /// their number. Returns a line with `[delay, kind, status, reason]`, a line for each header, an empty line, and the body
    /// of the response; `undefined`, without handling the request, if a part contains NUL. The reason of a refusal or of an
    /// injected fault is for logs. The host waits `delay` milliseconds, then responds or fails as `kind` says. With texts instead
    /// of JSON, a request of the server takes 5 µs less (node bench/server.mjs).
    #[expect(clippy::needless_pass_by_value, reason = "the bindings cannot lend optional bytes")]
    pub fn handle(&self, head: &str, parts: usize, body: Option<Vec<u8>>) -> Result<Option<String>, JsValue> {
        let mut found = 0_usize;
        let split = head.split('\0').inspect(|_| found = found.saturating_add(1));
        let request = Request::from_parts(split, body.as_deref());
        if found != parts {
            return Ok(None);
        }
        let now = date_now()?;
        let outcome = self.0.borrow_mut().at(now, |emulator, host| emulator.handle(&request, host));
        Ok(Some(outcome_to_js(&outcome)))
    }

    /// Registers a fault, which applies to later requests. Throws a `TypeError` that names the member if one is invalid.
    pub fn fail(&self, #[wasm_bindgen(unchecked_param_type = "object")] fault: &JsValue) -> Result<(), JsValue> {
        let fault = Fault::from_json(members_from_js(fault, "fault", "times")?).map_err(|error| type_error(&error))?;
        self.0.borrow_mut().emulator.fail(fault).map_err(|error| type_error(&error))
    }

    /// Removes every registered fault.
    #[wasm_bindgen(js_name = clearFaults)]
    pub fn clear_faults(&self) {
        self.0.borrow_mut().emulator.clear_faults();
    }

    /// Stops the clock at a time.
    #[wasm_bindgen(js_name = setTime)]
    pub fn set_time(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number | string | Date")] time: &JsValue,
    ) -> Result<(), JsValue> {
        let time = read_time(&tree_from_js(time)?).map_err(|reason| type_error(&format!("time: {reason}")))?;
        self.0.borrow_mut().emulator.set_time(time);
        Ok(())
    }

    /// Moves the clock forward by whole milliseconds.
    pub fn advance(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] milliseconds: &JsValue,
    ) -> Result<(), JsValue> {
        let milliseconds = tree_from_js(milliseconds)?.as_u64();
        let milliseconds =
            milliseconds.ok_or_else(|| type_error(&"milliseconds: must be a whole number, 0 or more"))?;
        self.0.borrow_mut().emulator.advance(milliseconds);
        Ok(())
    }

    /// Returns the records that were written or removed since the last call or since `load`: `{key, value}[]`, with JSON as
    /// values, or `null` for a removed record. The first call without a `load` before it returns every record.
    #[wasm_bindgen(unchecked_return_type = "{ key: string; value: string | null }[]")]
    pub fn changes(&self) -> Result<JsValue, JsValue> {
        let changes = self.0.borrow_mut().emulator.changes();
        to_js(&changes)
    }

    /// Replaces the stored data by that of the records. Throws an error that names the key if a record is invalid, and then
    /// changes nothing.
    pub fn load(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly { key: string; value: string }[]")] records: &JsValue,
    ) -> Result<(), JsValue> {
        let records: Vec<Record> =
            settings::read_value(tree_from_js(records)?, "records").map_err(|error| type_error(&error))?;
        let now = date_now()?;
        let mut instance = self.0.borrow_mut();
        instance.emulator.load(&records).map_err(|error| to_error(&error))?;
        instance.at(now, |emulator, host| emulator.create_initial_apps(host));
        Ok(())
    }

    /// Returns the webhooks that are due, in the order of their events: `{id, url, attempt, claims}[]`. The host signs the
    /// claims, posts the JWT to the URL, and reports the result to `delivered`.
    #[wasm_bindgen(
        unchecked_return_type = "{ id: string; url: string; attempt: number; claims: Record<string, unknown> }[]"
    )]
    pub fn deliveries(&self) -> Result<JsValue, JsValue> {
        let now = date_now()?;
        let deliveries = self.0.borrow_mut().at(now, |emulator, host| emulator.deliveries(host));
        to_js(&deliveries)
    }

    /// Records an attempt to post a webhook. `taken` says whether the receiver accepted it.
    pub fn delivered(&self, id: &str, taken: bool) -> Result<(), JsValue> {
        let now = date_now()?;
        self.0.borrow_mut().at(now, |emulator, host| emulator.delivered(id, taken, host));
        Ok(())
    }

    /// Returns the milliseconds until a webhook is due, or `undefined` if no webhook is waiting or the clock stands still.
    #[wasm_bindgen(js_name = nextDelivery)]
    pub fn next_delivery(&self) -> Result<Option<f64>, JsValue> {
        let now = date_now()?;
        let next = self.0.borrow_mut().at(now, |emulator, host| emulator.next_delivery(host));
        #[expect(clippy::cast_precision_loss, reason = "numbers are JavaScript's")]
        Ok(next.map(|milliseconds| milliseconds as f64))
    }

    /// Returns the last attempts to post webhooks, oldest first: `{url, eventType, attempt, time, outcome}[]`.
    pub fn attempts(&self) -> Result<JsValue, JsValue> {
        let attempts: Vec<Attempt> = self.0.borrow().emulator.attempts().cloned().collect();
        to_js(&attempts)
    }

    /// Returns the apps of the option `apps`: `{id, name}[]`.
    #[wasm_bindgen(getter, js_name = initialApps, unchecked_return_type = "{ id: string; name: string }[]")]
    pub fn initial_apps(&self) -> Result<JsValue, JsValue> {
        let apps = self.0.borrow().emulator.initial_apps().to_vec();
        to_js(&apps)
    }

    /// Returns the members who can log in: `{id, email, siteId}[]`.
    pub fn members(&self) -> Result<JsValue, JsValue> {
        let members = self.0.borrow().emulator.members();
        to_js(&members)
    }

    /// Returns credentials that the emulator accepts: `{apiKey, siteId}`.
    #[wasm_bindgen(getter, unchecked_return_type = "{ apiKey: string; siteId: string }")]
    pub fn credentials(&self) -> Result<JsValue, JsValue> {
        let credentials = self.0.borrow().emulator.credentials();
        Ok(serde_wasm_bindgen::to_value(&credentials)?)
    }

    /// Returns the last requests, oldest first.
    pub fn requests(&self) -> Result<JsValue, JsValue> {
        let requests: Vec<RecordedRequest> = self.0.borrow().emulator.requests().collect();
        to_js(&requests)
    }

    /// Returns a snapshot of the stored data, which can be kept as JSON.
    #[wasm_bindgen(unchecked_return_type = "object")]
    pub fn snapshot(&self) -> Result<JsValue, JsValue> {
        let snapshot = self.0.borrow().emulator.snapshot();
        to_js(&snapshot)
    }

    /// Replaces the stored data by that of a snapshot. Throws if the snapshot is invalid, and then changes nothing.
    pub fn restore(&self, #[wasm_bindgen(unchecked_param_type = "object")] state: &JsValue) -> Result<(), JsValue> {
        let snapshot = Snapshot::from_json(tree_from_js(state)?).map_err(|error| to_error(&error))?;
        self.0.borrow_mut().emulator.restore(&snapshot).map_err(|error| to_error(&error))?;
        Ok(())
    }

    /// Returns the emulator to its initial state: without apps but those of the options, without requests and faults, and with
    /// the clock and the seed of the options.
    pub fn reset(&self) -> Result<(), JsValue> {
        let now = date_now()?;
        let mut instance = self.0.borrow_mut();
        instance.emulator.reset();
        instance.at(now, |emulator, host| emulator.create_initial_apps(host));
        Ok(())
    }
}

impl Instance {
    /// Calls the emulator at the time of the host's clock.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an invalid time counts as 1970")]
    fn at<T>(&mut self, now: f64, act: impl FnOnce(&mut crate::Emulator, &mut JsHost) -> T) -> T {
        self.host.now = now as u64;
        act(&mut self.emulator, &mut self.host)
    }
}

/// The clock and the random bytes of JavaScript. A generator with a random seed supplies the bytes, because a call of
/// `crypto.getRandomValues` would be the most expensive part of a request.
struct JsHost {
    /// The time of the present call.
    now: u64,
    generator: SeededRandom,
    /// The block of bytes that the generator has produced last, and the number of them that are used.
    block: [u8; 32],
    used: usize,
}

impl JsHost {
    fn new() -> Result<Self, JsValue> {
        let mut seed = [0; 32];
        get_random_values(&mut seed)?;
        Ok(Self { now: 0, generator: SeededRandom::new(seed), block: [0; 32], used: 32 })
    }
}

impl Host for JsHost {
    fn now(&mut self) -> u64 {
        self.now
    }

    fn random(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            let unused = self.block.get(self.used).copied();
            *byte = unused.unwrap_or_else(|| {
                self.generator.fill(&mut self.block);
                self.used = 0;
                self.block[0]
            });
            self.used = self.used.saturating_add(1);
        }
    }
}
