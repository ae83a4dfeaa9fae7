//! The emulator as a JavaScript class. It converts values and holds no logic.
//!
//! The host is asked for the time and for random bytes before the emulator is borrowed, and results are handed over
//! after: whatever the host runs meanwhile may call in again.

use std::cell::RefCell;

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::options::read_time;
use crate::random::Generator;
use crate::webhooks::Attempt;
use crate::{Fault, Options, Record, RecordedRequest, State, World};

use convert::{members_from_js, outcome_to_js, request_from_js, to_error, to_js, tree_from_js, type_error};

mod convert;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Date, js_name = now)]
    fn date_now() -> Result<f64, JsValue>;

    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;
}

/// The service's side of the OAuth Apps API, in memory.
#[wasm_bindgen]
pub struct Emulator(RefCell<Service>);

struct Service {
    emulator: crate::Emulator,
    host: Host,
}

#[wasm_bindgen]
impl Emulator {
    /// A service that holds nothing yet. Throws where an option cannot be used, naming it.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_optional_param_type = "object")] options: &JsValue) -> Result<Self, JsValue> {
        let options = members_from_js(options, "options", "")?;
        let options = Options::from_json(options).map_err(|error| type_error(&error))?;
        let emulator = crate::Emulator::new(options).map_err(|error| type_error(&error))?;
        Ok(Self(RefCell::new(Service { emulator, host: Host::new()? })))
    }

    /// Answers a request. `head` is its method, URL, and the name and the value of each header, separated by NUL; its body is
    /// text or a `Uint8Array`. Returns a line with `[delay, kind, status]`, a line for each header, an empty line, and
    /// the body of the response. The host waits for the delay, in milliseconds, then sends the response or fails as the kind
    /// says. With texts in place of JSON, a request of the server takes 5 µs less (node bench/server.mjs).
    pub fn handle(
        &self,
        head: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "string | Uint8Array")] body: &JsValue,
    ) -> Result<String, JsValue> {
        let request = request_from_js(head, body)?;
        let now = date_now()?;
        let outcome = self.0.borrow_mut().at(now, |emulator, host| emulator.handle(&request, host));
        Ok(outcome_to_js(&outcome))
    }

    /// Lets a fault meet the requests to come. Throws a `TypeError` that names the member where it cannot be used.
    pub fn fail(&self, #[wasm_bindgen(unchecked_param_type = "object")] fault: &JsValue) -> Result<(), JsValue> {
        let fault = Fault::from_json(members_from_js(fault, "fault", "times")?).map_err(|error| type_error(&error))?;
        self.0.borrow_mut().emulator.fail(fault).map_err(|error| type_error(&error))
    }

    /// Stops the clock at a time.
    #[wasm_bindgen(js_name = setTime)]
    pub fn set_time(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number | string | Date")] time: &JsValue,
    ) -> Result<(), JsValue> {
        let time = read_time(&tree_from_js(time)?).map_err(|fault| type_error(&format!("time: {fault}")))?;
        self.0.borrow_mut().emulator.set_time(time);
        Ok(())
    }

    /// Moves the clock forward, by whole milliseconds.
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

    /// The records that were written or removed since the last call, or since `load`: `{key, value}[]` with JSON texts as
    /// values, and `null` for what was removed. The first call without a load before it gives every record there is.
    #[wasm_bindgen(unchecked_return_type = "{ key: string; value: string | null }[]")]
    pub fn changes(&self) -> Result<JsValue, JsValue> {
        let changes = self.0.borrow_mut().emulator.changes();
        to_js(&changes)
    }

    /// Holds what the records describe and nothing else. Throws where one has a fault, naming its key; nothing is changed
    /// then.
    pub fn load(
        &self,
        #[wasm_bindgen(unchecked_param_type = "readonly { key: string; value: string }[]")] records: &JsValue,
    ) -> Result<(), JsValue> {
        let records = Vec::<Record>::deserialize(tree_from_js(records)?);
        let records = records.map_err(|error| type_error(&format!("records: {error}")))?;
        self.0.borrow_mut().emulator.load(&records).map_err(|error| to_error(&error))?;
        Ok(())
    }

    /// The webhooks that are to be posted now, in the order of their events: `{id, url, attempt, claims}[]`. The host signs
    /// the claims, posts the JWT to the URL, and says what became of it.
    #[wasm_bindgen(
        unchecked_return_type = "{ id: string; url: string; attempt: number; claims: Record<string, unknown> }[]"
    )]
    pub fn deliveries(&self) -> Result<JsValue, JsValue> {
        let now = date_now()?;
        let deliveries = self.0.borrow_mut().at(now, |emulator, host| emulator.deliveries(host));
        to_js(&deliveries)
    }

    /// Takes note of an attempt to post a webhook: whether it was taken.
    pub fn delivered(&self, id: &str, taken: bool) -> Result<(), JsValue> {
        let now = date_now()?;
        self.0.borrow_mut().at(now, |emulator, host| emulator.delivered(id, taken, host));
        Ok(())
    }

    /// In how many milliseconds there is a webhook to be posted; `undefined` where none waits, or the clock stands still.
    #[wasm_bindgen(js_name = nextDelivery)]
    pub fn next_delivery(&self) -> Result<Option<f64>, JsValue> {
        let now = date_now()?;
        let next = self.0.borrow_mut().at(now, |emulator, host| emulator.next_delivery(host));
        #[expect(clippy::cast_precision_loss, reason = "numbers are JavaScript's")]
        Ok(next.map(|milliseconds| milliseconds as f64))
    }

    /// The last attempts to post webhooks, oldest first: `{url, eventType, attempt, time, outcome}[]`.
    pub fn attempts(&self) -> Result<JsValue, JsValue> {
        let attempts: Vec<Attempt> = self.0.borrow().emulator.attempts().cloned().collect();
        to_js(&attempts)
    }

    /// What a client needs to be let in: `{apiKey, siteId}`.
    #[wasm_bindgen(getter, unchecked_return_type = "{ apiKey: string; siteId: string }")]
    pub fn credentials(&self) -> Result<JsValue, JsValue> {
        let credentials = self.0.borrow().emulator.credentials();
        Ok(serde_wasm_bindgen::to_value(&credentials)?)
    }

    /// The last requests, oldest first.
    pub fn requests(&self) -> Result<JsValue, JsValue> {
        let requests: Vec<RecordedRequest> = self.0.borrow().emulator.requests().cloned().collect();
        to_js(&requests)
    }

    /// What the service holds now, to be kept as JSON.
    #[wasm_bindgen(unchecked_return_type = "object")]
    pub fn snapshot(&self) -> Result<JsValue, JsValue> {
        let state = self.0.borrow().emulator.snapshot();
        to_js(&state)
    }

    /// Holds what a state describes and nothing else. Throws where the state has a fault; nothing is changed then.
    pub fn restore(&self, #[wasm_bindgen(unchecked_param_type = "object")] state: &JsValue) -> Result<(), JsValue> {
        let state = State::from_json(tree_from_js(state)?).map_err(|error| to_error(&error))?;
        self.0.borrow_mut().emulator.restore(&state).map_err(|error| to_error(&error))?;
        Ok(())
    }

    /// As it was at the start: without apps, requests and faults, and with the clock and the seed of the options.
    pub fn reset(&self) {
        self.0.borrow_mut().emulator.reset();
    }
}

impl Service {
    /// Does something at the time that the host's clock says.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a strange clock is cut to 1970")]
    fn at<T>(&mut self, now: f64, act: impl FnOnce(&mut crate::Emulator, &mut Host) -> T) -> T {
        self.host.now = now as u64;
        act(&mut self.emulator, &mut self.host)
    }
}

/// The time of the request, and random bytes from one seed: asking the host for bytes would be the most expensive part of a
/// request.
struct Host {
    now: u64,
    generator: Generator,
    /// Bytes that the generator has produced, and how many of them are used. It produces a block at a time.
    block: [u8; 32],
    used: usize,
}

impl Host {
    fn new() -> Result<Self, JsValue> {
        let mut seed = [0; 32];
        get_random_values(&mut seed)?;
        Ok(Self { now: 0, generator: Generator::new(seed), block: [0; 32], used: 32 })
    }
}

impl World for Host {
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
