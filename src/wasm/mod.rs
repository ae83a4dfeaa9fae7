//! JavaScript's side of the core: values in and out, `fetch`, timers. It performs and carries; it decides nothing.
//!
//! Everything that JavaScript could make throw is imported with `catch`: an exception that passed through a poll would
//! leave its promise pending for ever. What `host.js` calls for the core, it catches itself.

mod checks;
mod client;
mod convert;
mod host;
mod js;
mod settle;

/// A third of the standard allocator's size.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[cfg(test)]
mod tests;
