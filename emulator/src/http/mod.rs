pub(crate) mod error;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod outcome;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod uri;
