//! The functions that need no network.
#![expect(unreachable_pub, reason = "they are public to JavaScript")]

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use super::convert::{to_ascii, to_js, to_js_error, to_value};
use crate::api::{Code, Error};
use crate::app::{REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::redirect::check::{self, After, RedirectChecker as Core};
use crate::validate;
use crate::value::Value;
use crate::violation::Violation;

/// Returns the violations of a draft, or of a patch if `update` is set.
#[wasm_bindgen(js_name = validateOAuthApp)]
pub fn validate_oauth_app(app: &JsValue, update: bool) -> JsValue {
    let check = if update { validate::violations_of_patch } else { validate::violations_of_draft };
    to_js(&Violation::list_to_value(&check(&to_value(app), Some(&to_ascii)).0))
}

/// Returns the verdict on one URL. Throws a plain error object if an argument is wrong.
#[wasm_bindgen(js_name = checkRedirect)]
pub fn check_redirect(app: &JsValue, url: &JsValue, after: &JsValue) -> Result<JsValue, JsValue> {
    check::check_redirect(&to_lists(app), &to_value(url), &to_value(after), Some(&to_ascii))
        .map(|verdict| to_js(&verdict))
        .map_err(|violations| refused("checkRedirect", violations))
}

/// An app's redirect lists, read once; the facade wraps it.
#[wasm_bindgen]
pub struct RedirectChecker {
    core: Core,
}

#[wasm_bindgen]
impl RedirectChecker {
    /// Throws a plain error object if the app or a list is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(app: &JsValue) -> Result<RedirectChecker, JsValue> {
        let core = Core::new(&to_lists(app)).map_err(|violations| refused("createRedirectChecker", violations))?;
        Ok(Self { core })
    }

    /// Returns every verdict that allows a URL.
    pub fn allowed(&self) -> JsValue {
        let mut verdicts = Vec::new();
        while let Some(verdict) = self.core.allowed(verdicts.len()) {
            verdicts.push(verdict.to_value());
        }
        to_js(&Value::Array(verdicts))
    }

    /// Returns the number of the verdict in `allowed`, or -1 if `check` must say why there is none. `after` is the index
    /// of the process in the names of processes.
    ///
    /// With a number, a call takes a thirteenth of the time of one that returns the verdict (`node bench/redirect.mjs`).
    pub fn find(&self, url: &str, after: usize) -> i32 {
        // Half a surrogate pair arrives as this character.
        let is_text = url.is_ascii() || !url.chars().any(|character| character == char::REPLACEMENT_CHARACTER);
        let after = After::ALL.get(after).filter(|_| is_text);
        let number = after.and_then(|after| self.core.find(url, *after));
        number.and_then(|number| i32::try_from(number).ok()).unwrap_or(-1)
    }

    /// Returns the verdict on a URL. Throws a plain error object if an argument is wrong.
    pub fn check(&self, url: &JsValue, after: &JsValue) -> Result<JsValue, JsValue> {
        self.core
            .check_values(&to_value(url), &to_value(after), Some(&to_ascii))
            .map(|verdict| to_js(&verdict))
            .map_err(|violations| refused("check", violations))
    }
}

fn refused(operation: &'static str, violations: Vec<Violation>) -> JsValue {
    to_js_error(&Error::refused(Code::InvalidArgument, operation, violations))
}

/// The redirect lists of an app; its other members are not read.
fn to_lists(app: &JsValue) -> Value {
    if !app.is_object() {
        return to_value(app);
    }
    let mut lists = Vec::new();
    for name in [REDIRECT_URIS, REDIRECT_DOMAINS] {
        match Reflect::get(app, &JsValue::from_str(name)) {
            Ok(list) if list.is_undefined() => {}
            Ok(list) => lists.push((name, to_value(&list))),
            Err(_) => lists.push((name, Value::Foreign("a property that throws when it is read"))),
        }
    }
    Value::from(lists)
}
