//! The functions that need no network.
#![expect(unreachable_pub, reason = "they are public to JavaScript")]

use wasm_bindgen::prelude::*;

use super::convert::{to_ascii, to_js, to_value};
use crate::validate;
use crate::violation::Violation;

/// The violations of a draft, or of a patch where `update` is set.
#[wasm_bindgen(js_name = validateOAuthApp)]
pub fn validate_oauth_app(app: &JsValue, update: bool) -> JsValue {
    let app = to_value(app);
    let violations = if update {
        validate::patch(&app, Some(&to_ascii)).map(|(_, warnings)| warnings)
    } else {
        validate::draft(&app, Some(&to_ascii)).map(|(_, warnings)| warnings)
    };
    to_js(&Violation::list_to_value(&violations.unwrap_or_else(|violations| violations)))
}
