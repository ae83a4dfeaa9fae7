//! Redirect sessions, and the pages of the service that they lead to.

pub(crate) mod hosted;
pub(crate) mod session;
