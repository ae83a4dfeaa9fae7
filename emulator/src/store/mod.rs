//! The stored data: apps, and everything that was issued for them.
//!
//! - `app`: one OAuth app; `order`: the orders that apps are sorted in; `sorted_apps`: the apps of one site in those orders;
//!   `app_store`: the apps of every site
//! - `grants`: tokens, codes and sessions; `member`: members who registered
//! - `table`: rows by ID, which most of the stored data is made of
//! - `journal`: the records that changed, for a host that stores them

pub(crate) mod app;
pub(crate) mod app_store;
pub(crate) mod grants;
pub(crate) mod journal;
pub(crate) mod member;
pub(crate) mod order;
pub(crate) mod sorted_apps;
pub(crate) mod table;
