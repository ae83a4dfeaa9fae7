//! Webhooks. The facade decodes and verifies them.
#![expect(unreachable_pub, reason = "they are public to JavaScript")]

use wasm_bindgen::prelude::*;

use super::convert::to_js_error;
use crate::webhook::fault;

/// Returns the fault of the first fact that breaks its rule, as a plain error object; `undefined` if there is none.
#[wasm_bindgen(js_name = webhookFault)]
pub fn webhook_fault(
    first: usize,
    facts: &str,
    tolerance: f64,
    now: f64,
    issued: f64,
    not_before: f64,
    expires: f64,
) -> JsValue {
    fault(first, facts, [tolerance, now, issued, not_before, expires])
        .map_or(JsValue::UNDEFINED, |error| to_js_error(&error))
}
