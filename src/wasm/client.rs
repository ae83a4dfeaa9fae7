//! The client as JavaScript sees it.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::convert::{
    own_member, to_ascii, to_call_options, to_client_options, to_js_error, to_object, to_signal, to_value,
};
use super::host::{Host, Means};
use crate::api::Operation;
use crate::client::{Client as Core, Listing as CoreListing};

/// A client; the facade wraps it.
#[wasm_bindgen]
pub struct Client {
    core: Rc<Core<JsValue>>,
    means: Means,
}

#[wasm_bindgen]
impl Client {
    /// Throws a plain error object where an option is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Client, JsValue> {
        Self::for_function(options, "createClient")
    }

    /// The same for the options that the free function of that name was given in place of a client.
    #[wasm_bindgen(js_name = forFunction)]
    pub fn for_function(options: &JsValue, name: &str) -> Result<Client, JsValue> {
        let given = to_client_options(options);
        let core = match Operation::named(name) {
            Some(operation) => Core::for_function(operation, &given, Some(to_ascii)),
            None => Core::new(&given, Some(to_ascii)),
        };
        let core = core.map_err(|error| to_js_error(&error))?;
        let means = Means {
            fetch: own_member(options, "fetch"),
            get_access_token: own_member(&own_member(options, "auth"), "getAccessToken"),
            on_event: own_member(options, "onEvent").dyn_into().ok(),
        };
        Ok(Self { core: Rc::new(core), means })
    }

    /// A client for another site. Throws a plain error object where the ID is wrong.
    #[wasm_bindgen(js_name = forSite)]
    pub fn for_site(&self, site: &JsValue) -> Result<Client, JsValue> {
        let core = self.core.for_site(&to_value(site)).map_err(|error| to_js_error(&error))?;
        Ok(Self { core: Rc::new(core), means: self.means.clone() })
    }

    /// A promise of what the operation of that name gives. `subject` is the app's ID, `content` a draft, patch, query or
    /// entries; they are read before this returns, so that later changes by the caller see nothing of the call.
    pub fn call(&self, operation: &str, subject: &JsValue, content: &JsValue, options: &JsValue) -> Promise {
        let Some(operation) = Operation::named(operation) else {
            return Promise::reject(&JsValue::from_str(operation));
        };
        let content = if operation == Operation::Query { to_object(content) } else { to_value(content) };
        let call = self.core.call(operation, &to_value(subject), &content, &to_call_options(options));
        let (core, host) = (Rc::clone(&self.core), self.host(options));
        to_promise(Box::pin(async move {
            let result = match call {
                Ok(call) => core.perform(&host, call).await,
                Err(refused) => Err(refused),
            };
            result.map(|given| given.unwrap_or(JsValue::UNDEFINED)).map_err(|error| to_js_error(&error))
        }))
    }

    /// A listing of what the query finds. Throws a plain error object where an argument is wrong.
    pub fn list(&self, query: &JsValue, options: &JsValue) -> Result<Listing, JsValue> {
        let listing = self.core.list(&to_object(query), &to_call_options(options));
        let listing = listing.map_err(|error| to_js_error(&error))?;
        Ok(Listing {
            core: Rc::clone(&self.core),
            host: Rc::new(self.host(options)),
            state: Rc::new(RefCell::new(Some(listing))),
        })
    }
}

impl Client {
    /// The host of one call.
    fn host(&self, options: &JsValue) -> Host {
        Host { means: self.means.clone(), signal: to_signal(options) }
    }
}

/// Every app, page by page; the facade makes an iterator of it.
#[wasm_bindgen]
pub struct Listing {
    core: Rc<Core<JsValue>>,
    host: Rc<Host>,
    /// Away while a page is fetched.
    state: Rc<RefCell<Option<CoreListing>>>,
}

#[wasm_bindgen]
impl Listing {
    /// A promise of the next apps, a list with at least one; of `undefined` when there are no more. One at a time.
    pub fn next(&self) -> Promise {
        let (core, host, state) = (Rc::clone(&self.core), Rc::clone(&self.host), Rc::clone(&self.state));
        to_promise(Box::pin(async move {
            let Some(mut listing) = state.take() else { return Ok(JsValue::UNDEFINED) };
            let page = core.next_page(&*host, &mut listing).await;
            state.replace(Some(listing));
            let page = page.map_err(|error| to_js_error(&error))?;
            Ok(page.map_or(JsValue::UNDEFINED, |apps| apps.into_iter().collect::<Array>().into()))
        }))
    }
}

/// Boxed, so that the glue for promises is compiled once.
fn to_promise(future: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>) -> Promise {
    future_to_promise(future)
}
