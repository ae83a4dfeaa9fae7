//! The functions that need no network.
#![expect(unreachable_pub, reason = "they are public to JavaScript")]

use wasm_bindgen::prelude::*;

use super::convert::{to_ascii, to_js, to_js_error, to_value};
use super::js;
use crate::api::{Code, Error};
use crate::redirect::check::{After, allowed_by, allowed_message};
use crate::validate;
use crate::verdict::verdict;
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

/// The entry of the list that allows the URL, `undefined` where none does. The list stays on JavaScript's side: reading
/// twenty entries costs more than the rest.
#[wasm_bindgen(js_name = allowedBy)]
pub fn redirect_allowed_by(list: &JsValue, url: &str, is_domain: bool) -> JsValue {
    let list = list.unchecked_ref::<js::List>();
    let is_listed = |text: &str| list.includes(&JsValue::from_str(text)).unwrap_or(false);
    allowed_by(url, after(is_domain), &is_listed).map_or(JsValue::UNDEFINED, JsValue::from_str)
}

/// What an allowed URL's verdict says.
#[wasm_bindgen(js_name = allowedMessage)]
pub fn redirect_allowed_message(is_domain: bool) -> String {
    allowed_message(after(is_domain)).to_owned()
}

/// The verdict on a URL. Throws a plain error object where an argument is wrong.
#[wasm_bindgen(js_name = checkRedirect)]
pub fn check_redirect(app: &JsValue, url: &JsValue, after: &JsValue) -> Result<JsValue, JsValue> {
    verdict(&to_value(app), &to_value(url), &to_value(after))
        .map(|verdict| to_js(&verdict))
        .map_err(|faults| to_js_error(&Error::refused(Code::InvalidArgument, "checkRedirect", faults)))
}

fn after(is_domain: bool) -> After {
    if is_domain { After::Other } else { After::Authentication }
}
