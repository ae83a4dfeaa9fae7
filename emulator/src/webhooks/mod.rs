//! Webhooks: the events of apps, delivered to subscribers with retries.
//!
//! - `event`: the events, in the format of the service
//! - `subscription`: a receiver of webhooks
//! - `outbox`: the webhooks that are waiting for delivery, and when to retry
//! - `attempt`: the log of delivery attempts
//!
//! The host signs and posts webhooks. The outbox decides when, and how often.

pub(crate) mod attempt;
pub(crate) mod event;
pub(crate) mod outbox;
pub(crate) mod subscription;
