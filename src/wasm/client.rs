//! The client as JavaScript sees it. Each method reads its arguments before it returns, then gives a promise.

use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::convert::{member, to_ascii, to_call_options, to_js_error, to_object, to_signal, to_value};
use super::host::{Host, Means};
use crate::api::Error;
use crate::client::{Call, Client as Core};

/// A client; the facade wraps it.
#[wasm_bindgen]
pub struct Client {
    core: Rc<Core>,
    means: Means,
}

#[wasm_bindgen]
impl Client {
    /// Throws a plain error object where an option is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Client, JsValue> {
        let core = Core::new(&to_object(options), Some(to_ascii)).map_err(|error| to_js_error(&error))?;
        let function = |object: &JsValue, name: &str| member(object, name).dyn_into::<Function>().ok();
        let means = Means {
            fetch: function(options, "fetch"),
            get_access_token: function(&member(options, "auth"), "getAccessToken"),
        };
        Ok(Self { core: Rc::new(core), means })
    }

    /// See `Client::create` of the core.
    #[wasm_bindgen(js_name = createOAuthApp)]
    pub fn create(&self, draft: &JsValue, options: &JsValue) -> Promise {
        self.perform(self.core.create(&to_value(draft), &to_call_options(options)), options)
    }

    /// See `Client::get` of the core.
    #[wasm_bindgen(js_name = getOAuthApp)]
    pub fn get(&self, id: &JsValue, options: &JsValue) -> Promise {
        self.perform(self.core.get(&to_value(id), &to_call_options(options)), options)
    }

    /// See `Client::update` of the core.
    #[wasm_bindgen(js_name = updateOAuthApp)]
    pub fn update(&self, id: &JsValue, patch: &JsValue, options: &JsValue) -> Promise {
        self.perform(self.core.update(&to_value(id), &to_value(patch), &to_call_options(options)), options)
    }

    /// See `Client::delete` of the core.
    #[wasm_bindgen(js_name = deleteOAuthApp)]
    pub fn delete(&self, id: &JsValue, options: &JsValue) -> Promise {
        self.perform(self.core.delete(&to_value(id), &to_call_options(options)), options)
    }

    /// See `Client::query` of the core.
    #[wasm_bindgen(js_name = queryOAuthApps)]
    pub fn query(&self, query: &JsValue, options: &JsValue) -> Promise {
        self.perform(self.core.query(&to_object(query), &to_call_options(options)), options)
    }

    /// See `Client::generate_secret` of the core.
    #[wasm_bindgen(js_name = generateOAuthAppSecret)]
    pub fn generate_secret(&self, id: &JsValue, options: &JsValue) -> Promise {
        self.perform(self.core.generate_secret(&to_value(id), &to_call_options(options)), options)
    }
}

impl Client {
    /// A promise of what the call gives.
    fn perform(&self, call: Result<Call<JsValue>, Error<JsValue>>, options: &JsValue) -> Promise {
        let core = Rc::clone(&self.core);
        let host = Host { means: self.means.clone(), signal: to_signal(&member(options, "signal")) };
        future_to_promise(async move {
            let result = match call {
                Ok(call) => core.perform(&host, call).await,
                Err(refused) => Err(refused),
            };
            result.map(|given| given.unwrap_or(JsValue::UNDEFINED)).map_err(|error| to_js_error(&error))
        })
    }
}
