//! The functions that need no network.
#![expect(unreachable_pub, reason = "they are public to JavaScript")]

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::convert::{member, to_ascii, to_js, to_js_error, to_value};
use crate::api::{Code, Error};
use crate::redirect::check::{self, After};
use crate::value::Value;
use crate::violation::Violation;
use crate::{validate, verdict};

/// The violations of a draft, or of a patch where `update` is set.
#[wasm_bindgen(js_name = validateOAuthApp)]
pub fn validate_oauth_app(app: &JsValue, update: bool) -> JsValue {
    let check = if update { validate::violations_of_patch } else { validate::violations_of_draft };
    to_js(&Violation::list_to_value(&check(&to_value(app), Some(&to_ascii)).0))
}

/// The texts of which one must be in the list for the URL to be allowed.
#[wasm_bindgen(js_name = spellings)]
pub fn redirect_spellings(url: &str, is_domain: bool) -> Array {
    let after = if is_domain { After::Other } else { After::Authentication };
    check::spellings(url, after).into_iter().flatten().map(JsValue::from_str).collect()
}

/// The verdict on a URL. Throws a plain error object where an argument is wrong.
#[wasm_bindgen(js_name = checkRedirect)]
pub fn check_redirect(app: &JsValue, url: &JsValue, after: &JsValue) -> Result<JsValue, JsValue> {
    let name = after.as_string().and_then(|after| verdict::after_of(&after)).map_or("", verdict::list_of);
    // Of an app only the list that decides is read.
    let app = if app.is_object() && !name.is_empty() {
        let list = member(app, name);
        Value::from(if list.is_undefined() { Vec::new() } else { vec![(name, to_value(&list))] })
    } else {
        to_value(app)
    };
    verdict::verdict(&app, &to_value(url), &to_value(after))
        .map(|verdict| to_js(&verdict))
        .map_err(|faults| to_js_error(&Error::refused(Code::InvalidArgument, "checkRedirect", faults)))
}
