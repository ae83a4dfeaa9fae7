//! The functions that need no network.
#![expect(unreachable_pub, reason = "they are public to JavaScript")]

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::convert::{read, to_ascii, to_js, to_js_error, to_value};
use super::js;
use crate::api::{Code, Error};
use crate::app::{REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::concat::Concat as _;
use crate::redirect::check::{self, After, RedirectChecker as Core, RedirectVerdict};
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
    check::check_redirect(&to_lists(app), &to_value(url), &to_value(after), Some(&to_ascii), to_verdict)
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
    pub fn allowed(&self) -> Array {
        let verdicts = Array::new();
        for number in 0.. {
            let Some(verdict) = self.core.allowed(number) else { break };
            verdicts.push(&to_verdict(verdict));
        }
        verdicts
    }

    /// Returns the number of the verdict in `allowed`, or -1 if `check` must say why there is none. `after` is the index
    /// of the process in the names of processes.
    ///
    /// A number crosses to JavaScript 2 times as fast as a verdict (`node bench/redirect.mjs`).
    pub fn find(&self, url: &str, after: usize) -> i32 {
        // Half a surrogate pair arrives as this character.
        let is_text = url.is_ascii() || !url.chars().any(|character| character == char::REPLACEMENT_CHARACTER);
        let after = After::NAMES.get(after).copied().and_then(After::named).filter(|_| is_text);
        let number = after.and_then(|after| self.core.find(url, after));
        number.and_then(|number| i32::try_from(number).ok()).unwrap_or(-1)
    }

    /// Returns the verdict on a URL. Throws a plain error object if an argument is wrong.
    pub fn check(&self, url: &JsValue, after: &JsValue) -> Result<JsValue, JsValue> {
        self.core
            .check_values(&to_value(url), &to_value(after), Some(&to_ascii))
            .map(to_verdict)
            .map_err(|violations| refused("check", violations))
    }
}

fn to_verdict(verdict: RedirectVerdict<'_>) -> JsValue {
    let RedirectVerdict { allowed, matched, reason, message, nearest, fix } = verdict;
    verdict_of(
        allowed,
        matched,
        reason,
        &message,
        nearest.map(|nearest| nearest.entry),
        nearest.map_or(0, |nearest| nearest.at),
        fix.map(|fix| fix.list),
        fix.map(|fix| fix.entry),
    )
}

#[wasm_bindgen(module = "/src/wasm/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = verdict)]
    fn verdict_of(
        allowed: bool,
        matched: Option<&str>,
        reason: Option<&str>,
        message: &str,
        nearest: Option<&str>,
        at: usize,
        list: Option<&str>,
        entry: Option<&str>,
    ) -> JsValue;
}

fn refused(operation: &'static str, violations: Vec<Violation>) -> JsValue {
    to_js_error(&Error::refused(Code::InvalidArgument, operation, violations))
}

/// Returns the redirect lists of an app; its other members are not read.
fn to_lists(app: &JsValue) -> Value {
    read(&js::flatten_lists(app, &[REDIRECT_URIS, "\n", REDIRECT_DOMAINS].concat()))
}
