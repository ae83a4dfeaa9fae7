//! Calls of one client in several requests of a Worker.
//!
//! workerd ties every timer and every `fetch` to the request in whose event it was started, and drops them when that request
//! ends. Calls that share a client wait for each other, though: for a token, for an app, for the rate limit. If the end of one
//! call continued another one at once, the other one would go on in the wrong request, and hang. Here each call goes on in an
//! event of its own request only, and regularly looks whether another call has woken it. The timer for that also tells workerd
//! that the request is not hanging, and the other calls that it has not ended.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use wasm_bindgen::prelude::*;

use super::callback_future::{CallbackFuture, is_settling};
use super::convert::to_js_error;
use super::js;
use crate::api::Error;

/// A call of the client, until it is settled.
type Call = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// The time between two looks, in milliseconds.
const BEAT: u32 = 10;
/// A call without a beat for this long belongs to a request that has ended, in milliseconds. `Error::of_ended_request` states
/// it to the user.
const LOST_AFTER: f64 = 3_000.0;

thread_local! {
    /// The calls under way.
    static CALLS: RefCell<Vec<Weak<State>>> = const { RefCell::new(Vec::new()) };
    /// True if the runtime may bind timers and `fetch` to the request that starts them, as workerd does.
    static IS_WORKER: bool = is_worker();
}

struct State {
    /// The time of the last beat.
    seen: Cell<f64>,
    /// `None` after another call has given it up.
    call: RefCell<Option<Call>>,
}

/// Wakes a call: at once from a callback of its own request, else at its next beat.
#[derive(Default)]
struct CallWaker {
    is_woken: AtomicBool,
    outer: Mutex<Option<Waker>>,
}

impl Wake for CallWaker {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::Relaxed);
        if is_settling()
            && let Ok(outer) = self.outer.lock()
            && let Some(outer) = &*outer
        {
            outer.wake_by_ref();
        }
    }
}

/// A call that is bound to the request of the Worker in which it was started.
struct RequestCall {
    state: Rc<State>,
    waker: Arc<CallWaker>,
    beat: CallbackFuture<()>,
}

fn is_worker() -> bool {
    let global = js_sys::global().into();
    js::member(&global, "WebSocketPair").is_function() || js::member(&global, "EdgeRuntime").as_string().is_some()
}

/// Binds a call to the request of the Worker in which it is started. Elsewhere it returns the call.
pub(super) fn bind(call: Call) -> Call {
    if !IS_WORKER.with(|is_worker| *is_worker) {
        return call;
    }
    let state = Rc::new(State { seen: Cell::new(js_sys::Date::now()), call: RefCell::new(Some(call)) });
    CALLS.with_borrow_mut(|calls| {
        calls.retain(|call| call.strong_count() > 0);
        calls.push(Rc::downgrade(&state));
    });
    let waker = Arc::new(CallWaker::default());
    waker.is_woken.store(true, Ordering::Relaxed);
    Box::pin(RequestCall { state, waker, beat: beat() })
}

fn beat() -> CallbackFuture<()> {
    CallbackFuture::start(&|settle, slot| js::wait(settle, slot, Some(BEAT), &JsValue::UNDEFINED), |_| ())
}

impl Future for RequestCall {
    type Output = Result<JsValue, JsValue>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let now = js_sys::Date::now();
        let last = self.state.seen.replace(now);
        while Pin::new(&mut self.beat).poll(context).is_ready() {
            self.beat = beat();
            // After a pause of the whole Worker, the other calls have had no beat either.
            if now - last < LOST_AFTER {
                give_up_lost_calls(now);
            }
        }
        if let Ok(mut outer) = self.waker.outer.lock() {
            *outer = Some(context.waker().clone());
        }
        let Some(call) = &mut *self.state.call.borrow_mut() else {
            return Poll::Ready(Err(to_js_error(&Error::of_ended_request())));
        };
        if !self.waker.is_woken.swap(false, Ordering::Relaxed) {
            return Poll::Pending;
        }
        call.as_mut().poll(&mut Context::from_waker(&Waker::from(Arc::clone(&self.waker))))
    }
}

/// Drops the calls of requests that have ended, which wakes those that wait for them.
fn give_up_lost_calls(now: f64) {
    CALLS.with_borrow_mut(|calls| {
        calls.retain(|call| {
            let Some(state) = call.upgrade() else { return false };
            let is_lost = now - state.seen.get() > LOST_AFTER;
            if is_lost {
                state.call.take();
            }
            !is_lost
        });
    });
}
