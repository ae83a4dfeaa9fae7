//! The pieces of JavaScript that the binding calls.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `Object.keys`, which a proxy can make throw.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    pub(super) fn keys(object: &JsValue) -> Result<Array, JsValue>;

    /// `Object.hasOwn`, which throws for `undefined` and `null`, and which a proxy can make throw.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = hasOwn)]
    pub(super) fn has_own(object: &JsValue, name: &str) -> Result<bool, JsValue>;

    /// `Array.isArray`, which throws for a revoked proxy.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    pub(super) fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    /// Settles as the first of the candidates does. It takes any value, awaits a thenable, and never throws: what goes
    /// wrong with a candidate rejects the promise.
    #[wasm_bindgen(js_namespace = Promise, js_name = race)]
    pub(super) fn race(candidates: &Array) -> Promise;

    #[wasm_bindgen(js_name = URL)]
    pub(super) type Url;

    #[wasm_bindgen(constructor, catch, js_class = URL)]
    pub(super) fn new(url: &str) -> Result<Url, JsValue>;

    #[wasm_bindgen(method, getter)]
    pub(super) fn hostname(this: &Url) -> String;
}

#[wasm_bindgen(module = "/src/wasm/host.js")]
extern "C" {
    pub(super) fn send(
        settle: &Function,
        number: u32,
        turn: u32,
        fetch: &JsValue,
        url: &str,
        method: &str,
        headers: &str,
        body: Option<&str>,
        wanted: &JsValue,
        milliseconds: u32,
        signal: &JsValue,
    );

    pub(super) fn ask(
        settle: &Function,
        number: u32,
        turn: u32,
        callback: &JsValue,
        milliseconds: u32,
        signal: &JsValue,
    );

    pub(super) fn wait(
        settle: &Function,
        number: u32,
        turn: u32,
        milliseconds: Option<u32>,
        signal: &JsValue,
    ) -> JsValue;

    #[wasm_bindgen(js_name = reasonOf)]
    pub(super) fn reason_of(signal: &JsValue) -> JsValue;

    /// What `send` and `ask` tell.
    pub(super) type Outcome;

    #[wasm_bindgen(method, getter)]
    pub(super) fn failure(this: &Outcome) -> Option<u8>;

    #[wasm_bindgen(method, getter)]
    pub(super) fn cause(this: &Outcome) -> JsValue;

    #[wasm_bindgen(method, getter)]
    pub(super) fn value(this: &Outcome) -> JsValue;

    #[wasm_bindgen(method, getter)]
    pub(super) fn status(this: &Outcome) -> u16;

    #[wasm_bindgen(method, getter)]
    pub(super) fn headers(this: &Outcome) -> String;

    #[wasm_bindgen(method, getter)]
    pub(super) fn json(this: &Outcome) -> JsValue;

    #[wasm_bindgen(method, getter)]
    pub(super) fn text(this: &Outcome) -> Option<String>;
}
