//! The time that something has: until a time is up, or until the caller's signal ends it.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::js::{self, AbortController, Signal};
use crate::client::Failure;

thread_local! {
    static TIMED_OUT: JsValue = JsValue::symbol(Some("timed out"));
    static ENDED: JsValue = JsValue::symbol(Some("ended"));
}

/// A running deadline. Dropped, it leaves no timer and no listener behind.
pub(super) struct Deadline {
    /// Tells `fetch` and the caller's callback that nobody waits any more.
    controller: AbortController,
    /// Resolves, with the symbol that says why, when the time is up.
    over: Promise,
    timer: JsValue,
    listener: Option<(Signal, Function)>,
}

impl Deadline {
    /// Without milliseconds, until the signal.
    pub(super) fn start(milliseconds: Option<u32>, signal: Option<&Signal>) -> Self {
        let mut timer = JsValue::UNDEFINED;
        let mut listener = None;
        let over = Promise::new(&mut |resolve, _| {
            if let Some(milliseconds) = milliseconds {
                timer = TIMED_OUT.with(|symbol| js::set_timeout(&resolve, milliseconds, symbol));
            }
            listener = signal.and_then(|signal| {
                let end: Function = ENDED.with(|symbol| resolve.bind1(&JsValue::UNDEFINED, symbol)).unchecked_into();
                signal.add_event_listener("abort", &end).ok().map(|()| (signal.clone(), end))
            });
        });
        Self { controller: AbortController::new(), over, timer, listener }
    }

    /// The signal to hand on.
    pub(super) fn signal(&self) -> JsValue {
        self.controller.signal()
    }

    /// Waits until it is over; the reason of the signal, where that ended it.
    pub(super) async fn wait(&self) -> Option<JsValue> {
        // A promise that is only ever resolved.
        drop(JsFuture::from(self.over.clone()).await);
        self.listener.as_ref().and_then(|(signal, _)| reason(signal))
    }

    /// What the candidate gives, whatever it is, where it comes in time.
    pub(super) async fn race(&self, candidate: JsValue) -> Result<JsValue, Failure<JsValue>> {
        let settled = JsFuture::from(js::race(&Array::of2(&candidate, &self.over))).await;
        let failure = match settled {
            Ok(symbol) if TIMED_OUT.with(|timed_out| symbol == *timed_out) => Failure::Timeout,
            Ok(symbol) if ENDED.with(|ended| symbol == *ended) => self.ended().unwrap_or(Failure::Timeout),
            Ok(value) => return Ok(value),
            // By the signal, not by the error's name: anything may be thrown.
            Err(cause) => self.ended().unwrap_or(Failure::Network(Some(cause))),
        };
        self.controller.abort();
        Err(failure)
    }

    fn ended(&self) -> Option<Failure<JsValue>> {
        self.listener.as_ref().and_then(|(signal, _)| reason(signal)).map(Failure::Aborted)
    }
}

/// The reason of a signal that has been aborted.
pub(super) fn reason(signal: &Signal) -> Option<JsValue> {
    let aborted = signal.aborted().unwrap_or(false);
    aborted.then(|| signal.reason().unwrap_or(JsValue::UNDEFINED))
}

impl Drop for Deadline {
    fn drop(&mut self) {
        js::clear_timeout(&self.timer);
        if let Some((signal, end)) = &self.listener {
            drop(signal.remove_event_listener("abort", end));
        }
    }
}
