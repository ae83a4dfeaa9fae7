//! The client as JavaScript sees it.

use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::convert::{member, to_ascii, to_call_options, to_js_error, to_object, to_signal, to_value};
use super::host::{Host, Means};
use crate::api::{Error, Operation};
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
            on_event: function(options, "onEvent"),
        };
        Ok(Self { core: Rc::new(core), means })
    }

    /// A promise of what the operation of that name gives. `subject` is the app's ID, `content` a draft, patch or query;
    /// they are read before this returns, so that later changes by the caller see nothing of the call.
    pub fn call(&self, operation: &str, subject: &JsValue, content: &JsValue, options: &JsValue) -> Promise {
        let Some(operation) = Operation::named(operation) else {
            return Promise::reject(&JsValue::from_str(operation));
        };
        let content = if operation == Operation::Query { to_object(content) } else { to_value(content) };
        let call = self.core.call(operation, &to_value(subject), &content, &to_call_options(options));
        self.perform(call, options)
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
