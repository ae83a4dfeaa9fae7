//! The server side of the OAuth Apps API, in memory and sans-IO: [`Emulator::handle`] takes a [`Request`] and returns an
//! [`Outcome`], usually a [`Response`]. A [`Host`] supplies the time and the random bytes.
//!
//! The emulator follows the contract in `docs/api-contract.md`. The README of this crate lists the choices for behaviour that
//! the contract marks as unknown. Where a user may need the other behaviour, the choice is one of the [`Options`].
//!
//! ```
//! use wix_oauth_apps_emulator::{ConnectionError, Emulator, Fault, Host, Options, Request};
//!
//! /// A host with a clock that the test moves, and bytes that are not random.
//! struct TestHost(u64);
//!
//! impl Host for TestHost {
//!     fn now(&mut self) -> u64 {
//!         self.0
//!     }
//!     fn random(&mut self, bytes: &mut [u8]) {
//!         bytes.fill(0);
//!     }
//! }
//!
//! let mut emulator = Emulator::new(Options { latency: 20, ..Options::default() })?;
//! emulator.fail(Fault { method: Some("GET".into()), ..Fault::error(ConnectionError::Reset) })?;
//! let request = Request { method: "GET", url: "/", headers: Vec::new(), body: None };
//! let mut host = TestHost(0);
//!
//! let outcome = emulator.handle(&request, &mut host);
//! assert_eq!((outcome.delay, outcome.error), (20, Some(ConnectionError::Reset)));
//! host.0 += outcome.delay;
//! assert_eq!(emulator.handle(&request, &mut host).response.status, 404);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - `emulator`: a service, with the controls of tests: clock, seed, faults and logs
//! - `service`: routes a request (`route`), authenticates its caller (`auth`, `rate_limit`) and calls an endpoint with a
//!   `context`
//! - `apps`: the OAuth Apps API; `oauth`: tokens and logins; `pages`: the hosted pages; `allowlist`: the URLs that an app's
//!   lists allow; `refused_redirect`: why they do not allow a URL
//! - `webhooks`: the events of apps, with retries
//! - `store`: the stored data; `snapshot`: the stored data as JSON
//! - `options` and `settings`: what users set; `faults`: what tests inject; `log`: the log of requests
//! - `http`: requests, responses and errors; `host`: the platform
//! - `wasm`: the emulator as a JavaScript class

mod allowlist;
mod apps;
mod auth;
mod context;
mod emulator;
mod faults;
mod host;
mod http;
mod log;
mod oauth;
pub mod options;
mod pages;
mod rate_limit;
mod refused_redirect;
mod route;
mod service;
mod settings;
mod snapshot;
mod store;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
mod webhooks;

#[cfg(test)]
mod testing;

pub use apps::initial::InitialApp;
pub use emulator::{Credentials, Emulator};
pub use faults::fault::{Fault, Times};
pub use faults::preset::Preset;
pub use host::port::Host;
pub use http::outcome::{ConnectionError, Outcome};
pub use http::request::Request;
pub use http::response::Response;
pub use log::request_log::RecordedRequest;
pub use oauth::members::ListedMember;
pub use options::{Options, RateLimit};
pub use settings::InputError;
pub use snapshot::Snapshot;
pub use store::journal::{Change, Record};
pub use webhooks::attempt::{Attempt, AttemptResult};
pub use webhooks::event::EventKind;
pub use webhooks::outbox::Delivery;
pub use webhooks::subscription::Subscription;
