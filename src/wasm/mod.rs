//! JavaScript's side of the core: values in and out, `fetch`, timers. It converts and performs; it decides nothing.
//!
//! A JavaScript exception that passed through a poll would leave its promise pending for ever. `host.js` therefore catches
//! whatever it calls, and other imports that can throw are declared with `catch`.

mod callback_future;
mod checks;
mod client;
mod convert;
mod host;
mod js;
mod memory;
#[cfg(feature = "workers")]
mod request_call;
mod webhook;

#[cfg(test)]
mod tests;
