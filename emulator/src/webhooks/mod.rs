//! Webhooks: what happens to an app is told to those who asked for it, until they take it or too often failed to.
//!
//! - `event`: what is told, in the service's nesting
//! - `outbox`: what is still to be told, when, and what became of it
//!
//! The host signs and posts; when, and how often, is decided here.

mod event;
mod outbox;

pub use event::EventKind;
pub(crate) use event::{Actor, Event, guid_for};
pub(crate) use outbox::Outbox;
pub use outbox::{Attempt, Delivery, Outcome};
