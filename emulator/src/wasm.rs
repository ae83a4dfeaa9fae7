//! The emulator as a JavaScript class. It converts values and holds no logic.
//!
//! The host is asked for the time and for random bytes before the emulator is borrowed, and results are handed over
//! after: whatever the host runs meanwhile may call in again.

use std::cell::RefCell;

use js_sys::{Error, JSON, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::*;

use crate::{Options, RecordedRequest, Request, Response, State, World};

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
        refuse_functions(options)?;
        let options = Options::from_json(tree_from_js(options)?).map_err(|error| to_error(&error))?;
        let emulator = crate::Emulator::new(options).map_err(|error| to_error(&error))?;
        Ok(Self(RefCell::new(Service { emulator, host: Host::new()? })))
    }

    /// The answer `{status, headers, body}` to a request `{method, url, headers, body}`.
    #[wasm_bindgen(unchecked_return_type = "{ status: number; headers: Record<string, string>; body: string }")]
    pub fn handle(
        &self,
        #[wasm_bindgen(
            unchecked_param_type = "{ method: string; url: string; headers: Record<string, string>; body?: string }"
        )]
        request: JsValue,
    ) -> Result<JsValue, JsValue> {
        let request: Request = from_js(request)?;
        let now = date_now()?;
        let response = self.0.borrow_mut().handle(&request, now);
        Ok(to_js(&response)?)
    }

    /// What a client needs to be let in: `{apiKey, siteId}`.
    #[wasm_bindgen(getter, unchecked_return_type = "{ apiKey: string; siteId: string }")]
    pub fn credentials(&self) -> Result<JsValue, Error> {
        let credentials = self.0.borrow().emulator.credentials();
        to_js(&credentials)
    }

    /// The last requests, oldest first.
    pub fn requests(&self) -> Result<JsValue, Error> {
        let requests: Vec<RecordedRequest> = self.0.borrow().emulator.requests().cloned().collect();
        to_js(&requests)
    }

    /// What the service holds now, to be kept as JSON.
    #[wasm_bindgen(unchecked_return_type = "object")]
    pub fn snapshot(&self) -> Result<JsValue, Error> {
        let state = self.0.borrow().emulator.snapshot();
        to_js(&state)
    }

    /// Holds what a state describes and nothing else. Throws where the state has a fault; nothing is changed then.
    pub fn restore(&self, #[wasm_bindgen(unchecked_param_type = "object")] state: &JsValue) -> Result<(), JsValue> {
        let state = State::from_json(tree_from_js(state)?).map_err(|error| to_error(&error))?;
        self.0.borrow_mut().emulator.restore(&state).map_err(|error| to_error(&error))?;
        Ok(())
    }

    /// Forgets every app and every request.
    pub fn reset(&self) {
        self.0.borrow_mut().emulator.reset();
    }
}

impl Service {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a strange clock is cut to 1970")]
    fn handle(&mut self, request: &Request, now: f64) -> Response {
        self.host.now = now as u64;
        self.emulator.handle(request, &mut self.host)
    }
}

/// What the host said: the time of the request, and once a seed from which as many bytes come as are asked for. To ask
/// for bytes each time would be the dearest part of a request.
struct Host {
    now: u64,
    seed: [u8; 32],
    drawn: u64,
}

impl Host {
    fn new() -> Result<Self, JsValue> {
        let mut seed = [0; 32];
        get_random_values(&mut seed)?;
        Ok(Self { now: 0, seed, drawn: 0 })
    }
}

impl World for Host {
    fn now(&mut self) -> u64 {
        self.now
    }

    fn random(&mut self, bytes: &mut [u8]) {
        for block in bytes.chunks_mut(32) {
            let drawn = Sha256::new().chain_update(self.seed).chain_update(self.drawn.to_be_bytes()).finalize();
            block.iter_mut().zip(drawn).for_each(|(byte, drawn)| *byte = drawn);
            self.drawn = self.drawn.wrapping_add(1);
        }
    }
}

/// A value of any shape, by way of its text: a cycle, and a depth that would exhaust the stack, are refused on the way.
fn tree_from_js(value: &JsValue) -> Result<serde_json::Value, JsValue> {
    if value.is_undefined() {
        return Ok(serde_json::Value::Null);
    }
    let text = JSON::stringify(value)?.as_string().ok_or_else(|| Error::new("no JSON value"))?;
    Ok(serde_json::from_str(&text).map_err(|error| to_error(&error))?)
}

/// JSON leaves functions and symbols out; an option must not vanish that way.
fn refuse_functions(options: &JsValue) -> Result<(), JsValue> {
    if !options.is_object() {
        return Ok(());
    }
    for name in Reflect::own_keys(options)?.iter() {
        let value = Reflect::get(options, &name)?;
        if value.is_function() || value.is_symbol() {
            let name = name.as_string().unwrap_or_default();
            return Err(Error::new(&format!("option {name}: no JSON value")).into());
        }
    }
    Ok(())
}

fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, Error> {
    serde_wasm_bindgen::from_value(value).map_err(|error| to_error(&error))
}

fn to_js(value: &impl Serialize) -> Result<JsValue, Error> {
    value.serialize(&Serializer::json_compatible()).map_err(|error| to_error(&error))
}

fn to_error(error: &impl ToString) -> Error {
    Error::new(&error.to_string())
}
