//! Faults that tests inject: which requests they apply to, how often, and with what effect.
//!
//! - `fault`: a fault and its validation; `preset`: responses that were observed in front of the live service
//! - `register`: the faults that are waiting for requests
//! - `response`: the response of a fault

pub(crate) mod fault;
pub(crate) mod preset;
pub(crate) mod register;
pub(crate) mod response;
