//! The pieces of JavaScript that the binding calls.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `Object.keys`, which a proxy can make throw.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    pub(super) fn keys(object: &JsValue) -> Result<Array, JsValue>;

    /// `Array.isArray`, which throws for a revoked proxy.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    pub(super) fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    /// `JSON.parse` of a string that stays on JavaScript's side.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    pub(super) fn parse_json(text: &JsValue) -> Result<JsValue, JsValue>;

    /// Settles as the first of the candidates does. It takes any value, awaits a thenable, and never throws: what goes
    /// wrong with a candidate rejects the promise.
    #[wasm_bindgen(js_namespace = Promise, js_name = race)]
    pub(super) fn race(candidates: &Array) -> Promise;

    /// Calls `callback(argument)` after so many milliseconds. The handle is a number in browsers, an object in Node.
    #[wasm_bindgen(js_name = setTimeout)]
    pub(super) fn set_timeout(callback: &Function, milliseconds: u32, argument: &JsValue) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    pub(super) fn clear_timeout(handle: &JsValue);

    /// The platform's own `fetch`, looked up at each call, as a page or a test may replace it.
    #[wasm_bindgen(catch, js_name = fetch)]
    pub(super) fn global_fetch(url: &str, init: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = URL)]
    pub(super) type Url;

    #[wasm_bindgen(constructor, catch, js_class = URL)]
    pub(super) fn new(url: &str) -> Result<Url, JsValue>;

    #[wasm_bindgen(method, getter)]
    pub(super) fn hostname(this: &Url) -> String;

    pub(super) type AbortController;

    #[wasm_bindgen(constructor)]
    pub(super) fn new() -> AbortController;

    #[wasm_bindgen(method, getter)]
    pub(super) fn signal(this: &AbortController) -> JsValue;

    #[wasm_bindgen(method)]
    pub(super) fn abort(this: &AbortController);

    /// An `AbortSignal`, perhaps of another realm or a polyfill.
    #[derive(Clone)]
    pub(super) type Signal;

    #[wasm_bindgen(method, catch, getter)]
    pub(super) fn aborted(this: &Signal) -> Result<bool, JsValue>;

    #[wasm_bindgen(method, catch, getter)]
    pub(super) fn reason(this: &Signal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = addEventListener)]
    pub(super) fn add_event_listener(this: &Signal, event: &str, listener: &Function) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = removeEventListener)]
    pub(super) fn remove_event_listener(this: &Signal, event: &str, listener: &Function) -> Result<(), JsValue>;
}
