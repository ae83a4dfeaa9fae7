//! HTTP as values: requests, responses, the errors of the API, and the formats that they are written in.
//!
//! - `request`: a request; `body`: its body, parsed once
//! - `response`: a response; `outcome`: a response or a connection error, at once or after a delay
//! - `error`: the errors of the API as typed values
//! - `json`: typed members of a JSON message; `html`: pages; `uri`: the formats `URI` and `WEB_URL`

pub(crate) mod body;
pub(crate) mod error;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod outcome;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod uri;
