//! The functions that need no network.
#![expect(unreachable_pub, reason = "they are public to JavaScript")]

use wasm_bindgen::prelude::*;

use super::convert::{read, to_ascii, to_js, to_js_error, to_value};
use super::js;
use crate::api::{Code, Error};
use crate::app::{REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::concat::Concat as _;
use crate::redirect::check::{self, After, RedirectChecker as Core};
use crate::validate;
use crate::value::Value;
use crate::violation::Violation;

/// The length of the place for a URL, in bytes. `checks.ts` has the same number.
const LONGEST_URL: usize = 2_048;

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
    /// The place for a URL, which the facade writes into the memory in ASCII. A decision is 1.4 to 1.8 times as fast as with
    /// the URL as an argument (`node bench/redirect.mjs`).
    url: String,
}

#[wasm_bindgen]
impl RedirectChecker {
    /// Throws a plain error object if the app or a list is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(app: &JsValue) -> Result<RedirectChecker, JsValue> {
        let core = Core::new(&to_lists(app)).map_err(|violations| refused("createRedirectChecker", violations))?;
        let mut url = String::with_capacity(LONGEST_URL);
        for _ in 0..LONGEST_URL {
            url.push('\0');
        }
        Ok(Self { core, url })
    }

    /// Returns the address of the place for a URL.
    pub fn address(&self) -> *const u8 {
        self.url.as_ptr()
    }

    /// Returns every verdict that allows a URL.
    pub fn allowed(&self) -> JsValue {
        let mut verdicts = Vec::new();
        while let Some(verdict) = self.core.allowed(verdicts.len()) {
            verdicts.push(verdict.to_value());
        }
        to_js(&Value::Array(verdicts))
    }

    /// Decides on the URL at the address, of that many bytes. Returns the number of the verdict in `allowed`, or -1 if
    /// `check` must say why there is none. `after` is the index of the process in the names of processes.
    pub fn find(&self, length: usize, after: usize) -> i32 {
        let (Some(url), Some(after)) = (self.url.get(..length), After::ALL.get(after)) else { return -1 };
        self.core.find(url, *after).and_then(|number| i32::try_from(number).ok()).unwrap_or(-1)
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

/// Returns the redirect lists of an app; its other members are not read.
fn to_lists(app: &JsValue) -> Value {
    read(&js::flatten_lists(app, &[REDIRECT_URIS, "\n", REDIRECT_DOMAINS].concat()))
}
