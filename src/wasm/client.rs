//! The client as JavaScript sees it.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::convert::{to_ascii, to_call_options, to_client_options, to_js_error, to_object, to_value};
use super::host::Host;
#[cfg(feature = "workers")]
use super::request_call;
use super::{js, memory};
use crate::api::Operation;
use crate::client::{Client as Core, Listing as CoreListing};
use crate::value::{FUNCTION, Value};

/// A client; the facade wraps it.
#[wasm_bindgen]
pub struct Client {
    core: Rc<Core<JsValue>>,
    callbacks: JsValue,
    has_listener: bool,
}

#[wasm_bindgen]
impl Client {
    /// Creates a client for `createClient`, or for the free function of that name, which was given options in place of a
    /// client. Throws a plain error object if an option is wrong.
    #[wasm_bindgen(js_name = forFunction)]
    pub fn for_function(options: &JsValue, name: &str) -> Result<Client, JsValue> {
        let (options, callbacks) = to_client_options(options);
        let core = match Operation::named(name) {
            Some(operation) => Core::for_function(operation, &options, Some(to_ascii)),
            None => Core::new(&options, Some(to_ascii)),
        };
        let core = core.map_err(|error| to_js_error(&error))?;
        let has_listener = options.get("onEvent") == Some(&Value::Foreign(FUNCTION));
        Ok(Self { core: Rc::new(core), callbacks: callbacks.into(), has_listener })
    }

    /// Creates a client for another site. Throws a plain error object if the ID is wrong.
    #[wasm_bindgen(js_name = forSite)]
    pub fn for_site(&self, site: &JsValue) -> Result<Client, JsValue> {
        let core = self.core.for_site(&to_value(site)).map_err(|error| to_js_error(&error))?;
        Ok(Self { core: Rc::new(core), callbacks: self.callbacks.clone(), has_listener: self.has_listener })
    }

    /// Returns a promise of the result of the operation of that name. `subject` is the app's ID, `content` a draft, patch,
    /// query or entries. They are read before this returns, so that later changes by the caller do not affect the call.
    pub fn call(&self, operation: &str, subject: &JsValue, content: &JsValue, options: &JsValue) -> Promise {
        let Some(operation) = Operation::named(operation) else {
            return Promise::reject(&JsValue::from_str(operation));
        };
        let content = if operation == Operation::Query { to_object(content) } else { to_value(content) };
        let (options, signal) = to_call_options(options);
        let call = self.core.call(operation, &to_value(subject), &content, &options);
        let (core, host) = (Rc::clone(&self.core), self.host(signal));
        let call = Box::pin(async move {
            let result = match call {
                Ok(call) => core.perform(&host, call).await,
                Err(refused) => Err(refused),
            };
            result.map_err(|error| to_js_error(&error))
        });
        to_promise(call)
    }

    /// Creates a listing of the apps that a query matches. Throws a plain error object if an argument is wrong.
    pub fn list(&self, query: &JsValue, options: &JsValue) -> Result<Listing, JsValue> {
        let (options, signal) = to_call_options(options);
        let listing = self.core.list(&to_object(query), &options).map_err(|error| to_js_error(&error))?;
        Ok(Listing {
            core: Rc::clone(&self.core),
            host: Rc::new(self.host(signal)),
            state: Rc::new(RefCell::new(Some(listing))),
        })
    }
}

impl Client {
    fn host(&self, signal: JsValue) -> Host {
        let (callbacks, has_listener) = (self.callbacks.clone(), self.has_listener);
        Host { callbacks, has_listener, has_signal: !signal.is_undefined(), signal }
    }
}

/// Every app, page by page; the facade makes an iterator of it.
#[wasm_bindgen]
pub struct Listing {
    core: Rc<Core<JsValue>>,
    host: Rc<Host>,
    /// `None` while a page is requested.
    state: Rc<RefCell<Option<CoreListing<JsValue>>>>,
}

#[wasm_bindgen]
impl Listing {
    /// Returns a promise of the list of the next apps, at least one; of `undefined` when there are no more. One at a time.
    pub fn next(&self) -> Promise {
        let (core, host, state) = (Rc::clone(&self.core), Rc::clone(&self.host), Rc::clone(&self.state));
        let call = Box::pin(async move {
            let Some(mut listing) = state.take() else { return Ok(JsValue::UNDEFINED) };
            let page = core.next_page(&*host, &mut listing).await;
            state.replace(Some(listing));
            page.map(|apps| apps.unwrap_or(JsValue::UNDEFINED)).map_err(|error| to_js_error(&error))
        });
        to_promise(call)
    }
}

/// A call of the client, until it is settled. It is boxed so that the glue for promises is compiled once.
type Call = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// Converts a call to a promise. `future_to_promise`, which makes a closure for it, takes 0.2 KB more of the gzipped client
/// (`npm run build`) and 0.3 µs more of a call (`node --expose-gc bench/calls.mjs`).
fn to_promise(call: Call) -> Promise {
    memory::enlarge();
    #[cfg(feature = "workers")]
    let call = request_call::bind(call);
    let deferred = js::defer();
    let promise = deferred.promise();
    spawn_local(async move {
        match call.await {
            Ok(result) => js::settle_deferred(&deferred, true, &result),
            Err(error) => js::settle_deferred(&deferred, false, &error),
        }
    });
    promise
}
