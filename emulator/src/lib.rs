//! The service's side of the OAuth Apps API, in memory and sans-IO: a [`Request`] goes in, an [`Outcome`] comes out, which
//! is mostly a [`Response`], and the [`Host`] is asked for the time and for random bytes.
//!
//! It follows the contract in `docs/api-contract.md`. This crate's README lists the choices where the contract marks the
//! behaviour as unknown; where a user may need the other behaviour, it is one of the [`Options`].
//!
//! ```
//! use wix_oauth_apps_emulator::{Emulator, Failure, Fault, Options, Request, Host};
//!
//! /// A clock that a test moves, and bytes that are not random.
//! struct Virtual(u64);
//!
//! impl Host for Virtual {
//!     fn now(&mut self) -> u64 {
//!         self.0
//!     }
//!     fn random(&mut self, bytes: &mut [u8]) {
//!         bytes.fill(0);
//!     }
//! }
//!
//! let mut emulator = Emulator::new(Options { latency: 20, ..Options::default() })?;
//! emulator.fail(Fault { method: Some("GET".into()), ..Fault::error(Failure::Reset) })?;
//! let request = Request { method: "GET".into(), url: "/".into(), headers: [].into(), body: None };
//! let mut host = Virtual(0);
//!
//! let outcome = emulator.handle(&request, &mut host);
//! assert_eq!((outcome.delay, outcome.failure), (20, Some(Failure::Reset)));
//! host.0 += outcome.delay;
//! assert_eq!(emulator.handle(&request, &mut host).response.status, 404);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod allowlist;
mod apps;
mod auth;
mod emulator;
mod faults;
mod host;
mod http;
mod log;
mod oauth;
pub mod options;
mod pages;
mod rate_limit;
mod route;
mod settings;
mod snapshot;
mod store;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
pub mod webhooks;

#[cfg(test)]
mod testing;

pub use emulator::{Credentials, Emulator};
pub use faults::fault::{Fault, FaultError, Preset, Times};
pub use host::port::Host;
pub use http::outcome::{Failure, Outcome};
pub use http::request::{Request, Response};
pub use log::request_log::RecordedRequest;
pub use options::{Options, RateLimit};
pub use snapshot::{Snapshot, SnapshotError};
pub use store::journal::{Change, Record};
