//! The exports to JavaScript: each takes the JSON text of its arguments and returns the JSON text of its result, as
//! [`exports`] describes. A failure is thrown as a plain object, `{code, message, violations,
//! candidates?}`.
#![expect(unreachable_pub, reason = "they are public to JavaScript")]

use js_sys::{JSON, JsString};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use crate::error::Result;
use crate::exports;
use crate::library::Platform;

#[wasm_bindgen]
extern "C" {
    type URL;

    #[wasm_bindgen(catch, constructor)]
    fn new(url: &str) -> std::result::Result<URL, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn hostname(this: &URL) -> String;
}

fn to_ascii(host: &str) -> Option<String> {
    let url = URL::new(&format!("https://{host}")).ok()?;
    Some(url.hostname()).filter(|host| !host.is_empty())
}

fn normalize(text: &str) -> String {
    JsString::from(text).normalize("NFC").into()
}

/// Calls a function with the platform's functions for host names and Unicode.
fn call(export: fn(&str, &Platform<'_>) -> Result<Value>, text: &str) -> std::result::Result<String, JsValue> {
    let platform = Platform { to_ascii: Some(&to_ascii), normalize: &normalize };
    match export(text, &platform) {
        Ok(value) => Ok(value.to_string()),
        Err(error) => Err(JSON::parse(&json!(error).to_string())?),
    }
}

macro_rules! export {
    ($($js_name:ident $name:ident $doc:literal)*) => {
        $(
            #[doc = $doc]
            #[wasm_bindgen(js_name = $js_name)]
            pub fn $name(text: &str) -> std::result::Result<String, JsValue> {
                call(exports::$name, text)
            }
        )*
    };
}

export! {
    readConfig read_config "Reads a parsed configuration file."
    exportConfig export_config "Returns the configuration file of apps."
    plan make_plan "Plans the changes that make a site as its configuration says."
    checkPlan check_plan "Reads a plan file."
    applyPlan apply_plan "Plans the changes of a plan file that are left, unless the site has changed."
    verifyPlan verify_plan "Compares the site with the plan after its changes."
    readEntries read_entries "Reads the arguments of `allow` and `disallow`."
    changeEntries change_entries "Returns what a change of redirect entries would make of an app."
    parseReference parse_reference "Reads an `<app>` argument."
    resolveReference resolve_reference "Finds the app of an `<app>` argument."
    previewEntries preview_entries "Returns the entries of a preview."
    previewAdd preview_add "Returns the entries to add, and to evict, for a preview."
    previewRemove preview_remove "Returns the entries to remove with a preview."
    previewHosts preview_hosts "Returns the hosts of the previews of an app."
    previewPrune preview_prune "Returns the entries of the previews that do not stay."
    keepList keep_list "Returns the hosts of a keep list."
    checkPattern check_pattern "Checks the pattern of previews."
    selectSites select_sites "Returns the sites of a sites file that a run takes."
    checkSiteId check_site_id "Checks a site ID."
    lint lint_apps "Returns the errors and warnings of apps."
    lintHosts lint_hosts "Returns the hosts of the entries of apps."
    probeQuestions probe_questions "Returns the questions of `probe`."
    compareAnswers compare_answers "Compares answers with the assumptions of the emulator."
    writeProfile write_profile "Returns the profile file of answers."
    emulatorOptions emulator_options "Returns the emulator's options of a profile file."
    fingerprint fingerprint "Returns the SHA-256 of a text."
}
