//! Webhooks. The facade decodes and verifies them.
#![expect(unreachable_pub, reason = "they are public to JavaScript")]

use wasm_bindgen::prelude::*;

use super::convert::{to_js_error, to_value};
use crate::webhook::fault;

/// Returns the first fault of some facts as a plain error object; `undefined` if there is none.
#[wasm_bindgen(js_name = webhookFault)]
pub fn webhook_fault(first: usize, facts: &JsValue) -> JsValue {
    fault(first, &to_value(facts)).map_or(JsValue::UNDEFINED, |error| to_js_error(&error))
}
