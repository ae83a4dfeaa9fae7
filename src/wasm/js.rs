//! The functions of `host.js` and `values.js`, which never throw. Each import adds to the package and each crossing takes time, so a
//! function does as much as possible in one.

use js_sys::{Function, Promise, Set};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/wasm/host.js")]
extern "C" {
    pub(super) fn send(
        settle: &Function,
        slot: u32,
        callbacks: &JsValue,
        request: &str,
        milliseconds: u32,
        signal: &JsValue,
    );

    pub(super) fn ask(settle: &Function, slot: u32, callbacks: &JsValue, milliseconds: u32, signal: &JsValue);

    pub(super) fn wait(settle: &Function, slot: u32, milliseconds: Option<u32>, signal: &JsValue);

    pub(super) fn cancel(slot: u32) -> bool;

    pub(super) fn defer() -> Deferred;

    #[wasm_bindgen(js_name = settleDeferred)]
    pub(super) fn settle_deferred(deferred: &Deferred, is_result: bool, value: &JsValue);

    /// A promise, and the functions that settle it.
    pub(super) type Deferred;

    #[wasm_bindgen(method, getter)]
    pub(super) fn promise(this: &Deferred) -> Promise;

    pub(super) fn emit(callbacks: &JsValue, event: &str);

    #[wasm_bindgen(js_name = reasonOf)]
    pub(super) fn reason_of(signal: &JsValue) -> Option<Reason>;

    /// The reason of a signal, which may be any value.
    pub(super) type Reason;

    #[wasm_bindgen(method, getter)]
    pub(super) fn reason(this: &Reason) -> JsValue;

    /// The outcome of `send` or `ask`.
    pub(super) type Outcome;

    /// Returns the cause of a failure, the parsed body, or the token.
    #[wasm_bindgen(method, getter)]
    pub(super) fn value(this: &Outcome) -> JsValue;

    /// The status of a response, or a negative number for a failure.
    #[wasm_bindgen(method, getter)]
    pub(super) fn status(this: &Outcome) -> i16;

    #[wasm_bindgen(method, getter)]
    pub(super) fn headers(this: &Outcome) -> String;

    #[wasm_bindgen(method, getter)]
    pub(super) fn text(this: &Outcome) -> Option<String>;

    #[wasm_bindgen(js_name = parseJson)]
    pub(super) fn parse_json(text: &str) -> JsValue;

    #[wasm_bindgen(js_name = toAscii)]
    pub(super) fn to_ascii(host: &str) -> Option<String>;

    pub(super) fn normalize(text: &str) -> String;
}

#[wasm_bindgen(module = "/src/wasm/values.js")]
extern "C" {
    pub(super) fn flatten(value: &JsValue) -> String;

    #[wasm_bindgen(js_name = flattenLists)]
    pub(super) fn flatten_lists(app: &JsValue, names: &str) -> String;

    #[wasm_bindgen(js_name = readOptions)]
    pub(super) fn read_options(options: &JsValue, keeps_undefined: bool) -> Options;

    /// Options, with the functions and the signal among them, each under its name, as `host.js` uses them.
    pub(super) type Options;

    #[wasm_bindgen(method, getter)]
    pub(super) fn flat(this: &Options) -> String;

    #[wasm_bindgen(method, getter)]
    pub(super) fn signal(this: &Options) -> JsValue;

    pub(super) fn member(object: &JsValue, name: &str) -> JsValue;

    #[wasm_bindgen(js_name = setMember)]
    pub(super) fn set_member(object: &JsValue, name: &str, value: &JsValue);

    #[wasm_bindgen(js_name = textOf)]
    pub(super) fn text_of(object: &JsValue, name: &str) -> Option<String>;

    #[wasm_bindgen(js_name = hasText)]
    pub(super) fn has_text(object: &JsValue, name: &str) -> bool;

    #[wasm_bindgen(js_name = appOf)]
    pub(super) fn app_of(body: &JsValue) -> Option<JsValue>;

    #[wasm_bindgen(js_name = takeNew)]
    pub(super) fn take_new(apps: &JsValue, ids: &Set, overlaps: bool) -> JsValue;

    #[wasm_bindgen(js_name = lengthOf)]
    pub(super) fn length_of(list: &JsValue) -> Option<u32>;
}
