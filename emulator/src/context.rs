//! The context of a request: everything that an endpoint works with.

use std::borrow::Cow;

use crate::host::port::Host;
use crate::http::body::Body;
use crate::http::error::Result;
use crate::http::json::Object;
use crate::http::request::Request;
use crate::options::Options;
use crate::store::app_store::AppStore;
use crate::store::grants::Grants;

/// The context of a request.
pub(crate) struct Context<'a> {
    pub(crate) request: &'a Request<'a>,
    pub(crate) body: &'a Body<'a>,
    pub(crate) options: &'a Options,
    pub(crate) apps: &'a mut AppStore,
    pub(crate) grants: &'a mut Grants,
    pub(crate) host: &'a mut dyn Host,
    /// The time of the request, in milliseconds since 1970.
    pub(crate) now: u64,
}

impl<'a> Context<'a> {
    /// Returns the JSON object in the body.
    pub(crate) fn message(&self) -> Result<Cow<'a, Object>> {
        self.body.message(self.request)
    }
}
