//! The functions that need no network.
#![expect(unreachable_pub, reason = "they are public to JavaScript")]

use std::borrow::Cow;
use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::convert::{read, to_ascii, to_js, to_js_error, to_value};
use super::js;
use crate::api::{Code, Error};
use crate::app::{REDIRECT_DOMAINS, REDIRECT_URIS};
use crate::concat::Concat as _;
use crate::redirect::check::{self, RedirectChecker as Core};
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
    /// Texts that many verdicts hold, as JavaScript has them: to make them anew takes as long as to decide.
    texts: RefCell<Vec<(*const str, JsValue)>>,
}

#[wasm_bindgen]
impl RedirectChecker {
    /// Throws a plain error object if the app or a list is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(app: &JsValue) -> Result<RedirectChecker, JsValue> {
        let core = Core::new(&to_lists(app)).map_err(|violations| refused("createRedirectChecker", violations))?;
        Ok(Self { core, texts: RefCell::default() })
    }

    /// Returns the verdict on a URL. Throws a plain error object if an argument is wrong.
    pub fn check(&self, url: &JsValue, after: &JsValue) -> Result<JsValue, JsValue> {
        let (url, after) = (to_value(url), to_value(after));
        let verdict = self.core.check_values(&url, &after, Some(&to_ascii));
        let verdict = verdict.map_err(|violations| refused("check", violations))?;
        Ok(verdict_of(
            verdict.allowed,
            &self.text(verdict.matched),
            &self.text(verdict.reason),
            &match &verdict.message {
                Cow::Borrowed(message) => self.text(Some(message)),
                Cow::Owned(message) => JsValue::from_str(message),
            },
            &self.text(verdict.nearest.map(|nearest| nearest.entry)),
            verdict.nearest.map_or(0, |nearest| u32::try_from(nearest.at).unwrap_or(u32::MAX)),
            &self.text(verdict.fix.map(|fix| fix.list)),
            &verdict.fix.map_or(JsValue::UNDEFINED, |fix| JsValue::from_str(fix.entry)),
        ))
    }

    /// The JavaScript string of a text that lives as long as the checker, by its address.
    fn text(&self, text: Option<&str>) -> JsValue {
        let Some(text) = text else { return JsValue::UNDEFINED };
        let mut texts = self.texts.borrow_mut();
        if let Some((_, known)) = texts.iter().find(|(known, _)| std::ptr::eq(*known, text)) {
            return known.clone();
        }
        let made = JsValue::from_str(text);
        texts.push((std::ptr::from_ref(text), made.clone()));
        made
    }
}

#[wasm_bindgen(module = "/src/wasm/host.js")]
extern "C" {
    #[wasm_bindgen(js_name = verdict)]
    fn verdict_of(
        allowed: bool,
        matched: &JsValue,
        reason: &JsValue,
        message: &JsValue,
        nearest: &JsValue,
        at: u32,
        list: &JsValue,
        entry: &JsValue,
    ) -> JsValue;
}

fn refused(operation: &'static str, violations: Vec<Violation>) -> JsValue {
    to_js_error(&Error::refused(Code::InvalidArgument, operation, violations))
}

/// Returns the redirect lists of an app; its other members are not read.
fn to_lists(app: &JsValue) -> Value {
    read(&js::flatten_lists(app, &[REDIRECT_URIS, "\n", REDIRECT_DOMAINS].concat()))
}
