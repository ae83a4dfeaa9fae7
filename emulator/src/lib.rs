//! The service's side of the OAuth Apps API, in memory and sans-IO: a [`Request`] goes in, an [`Outcome`] comes out, which
//! is mostly a [`Response`], and the [`World`] is asked for the time and for random bytes.
//!
//! It follows the contract in `docs/api-contract.md`. This crate's README lists the choices where the contract marks the
//! behaviour as unknown; where a user may need the other behaviour, it is one of the [`Options`].
//!
//! ```
//! use wix_oauth_apps_emulator::{Emulator, Failure, Fault, Options, Request, World};
//!
//! /// A clock that a test moves, and bytes that are not random.
//! struct Virtual(u64);
//!
//! impl World for Virtual {
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
//! let mut world = Virtual(0);
//!
//! let outcome = emulator.handle(&request, &mut world);
//! assert_eq!((outcome.delay, outcome.failure), (20, Some(Failure::Reset)));
//! world.0 += outcome.delay;
//! assert_eq!(emulator.handle(&request, &mut world).response.status, 404);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`http`]: requests and responses as values
//! - [`outcome`]: what becomes of a request: an answer or a failure, at once or later
//! - [`world`]: the clock and the random bytes, brought by the host; `clock` and `random`: those that a user set
//! - [`options`]: how the service is set up
//! - [`fault`]: what is to go wrong
//! - [`state`]: a snapshot, as it leaves and as it comes back; [`journal`]: what of it was written
//! - [`record`]: the log of requests, without credentials (`redact`); `suffix`: its warnings about redirect entries
//! - `emulator`: the whole; it routes (`route`), asks who calls (`auth`) and runs the endpoint (`apps`)
//! - `apps`: the endpoints, over `check` (what a field may hold), `mask`, `query` and `page`, `store` and its
//!   `index`; `rate`: how many requests a caller has made
//! - `oauth`: what an app is for, tokens first of all; `redirects`: the ways to the service's own pages, and back
//! - [`webhooks`]: telling others what happens to apps
//! - `json`, `html`, `error`, `reply`, `table`, `uri`, `date`, `given`: what those share

mod apps;
mod auth;
mod check;
mod clock;
mod date;
mod emulator;
mod error;
pub mod fault;
mod given;
mod html;
pub mod http;
mod index;
pub mod journal;
mod json;
mod mask;
mod oauth;
pub mod options;
pub mod outcome;
mod page;
mod query;
mod random;
mod rate;
pub mod record;
mod redact;
mod redirects;
mod reply;
mod route;
pub mod state;
mod store;
mod suffix;
mod table;
mod uri;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
pub mod webhooks;
pub mod world;

#[cfg(test)]
mod testing;

pub use emulator::{Credentials, Emulator};
pub use fault::{Fault, FaultError, Preset, Times};
pub use http::{Request, Response};
pub use journal::{Change, Record};
pub use options::{Options, RateLimit};
pub use outcome::{Failure, Outcome};
pub use record::RecordedRequest;
pub use state::State;
pub use world::World;
