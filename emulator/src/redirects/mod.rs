//! Where visitors are sent: to the service's own pages, and back.
//!
//! - `session`: the way to a page, made by the client
//! - `pages`: checkout, login and logout; what they do, and the return
//! - `rules`: what the lists of an app allow

mod pages;
pub(crate) mod rules;
mod session;

pub(crate) use pages::{Page, PageCall};
pub(crate) use session::SessionCall;
