//! Webhooks. The facade decodes and verifies them.
#![expect(unreachable_pub, reason = "they are public to JavaScript")]

use wasm_bindgen::prelude::*;

use super::convert::to_js_error;
use crate::webhook::fault;

/// Returns the error of a fact that breaks its rule as a plain object, or `undefined`. A number is passed without a text.
#[wasm_bindgen(js_name = webhookFault)]
pub fn webhook_fault(rule: usize, fact: Option<String>, number: f64, now: f64, tolerance: f64) -> JsValue {
    fault(rule, &fact.unwrap_or_default(), number, now, tolerance)
        .map_or(JsValue::UNDEFINED, |error| to_js_error(&error))
}
