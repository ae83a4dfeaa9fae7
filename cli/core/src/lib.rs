//! The decisions of the command line `wix-oauth-apps`, without network and files. JavaScript reads files and performs
//! requests; this crate interprets the files, plans changes, and decides which requests to send.
//!
//! - [`config`]: the configuration file; [`pattern`]: its `ignore` patterns, and those of previews
//! - [`plan`]: the changes that make a site as its configuration says
//! - [`preview`]: adding and removing preview deployments
//! - [`sites`]: the sites file, its shards and the report of a run
//! - [`change`]: what a change of redirect entries would do
//! - [`entry`], [`mod@reference`]: arguments that are redirect entries, or that stand for an app
//! - [`lint`]: errors and warnings in the entries of apps
//! - [`profile`]: the answers of `probe` beside the emulator's defaults
//! - [`error`]: errors and faults; `library`: the adapter to the client's core; `site`: the apps of a site as values;
//!   `client_entry`: entries that name one client; `glob`: texts with wildcards
//! - [`exports`]: every function with JSON in and out; `wasm`: the same as exports to JavaScript

pub mod change;
mod client_entry;
pub mod config;
pub mod entry;
pub mod error;
pub mod exports;
mod glob;
mod library;
pub mod lint;
pub mod pattern;
pub mod plan;
pub mod preview;
pub mod profile;
pub mod reference;
mod site;
pub mod sites;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use error::{Code, Error, Fault};
pub use library::Platform;
