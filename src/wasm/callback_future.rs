//! A future that a JavaScript callback completes.
//!
//! A promise with `JsFuture` takes two closures for each wait, which the garbage collector has to track; they take longer
//! than the rest of a call. Here one closure serves all waits, and a number says which one it completes.

use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::js;

/// A wait that is under way, or a free place for one.
#[derive(Default)]
struct Slot {
    outcome: Option<JsValue>,
    waker: Option<Waker>,
    is_settled: bool,
}

#[derive(Default)]
struct Slots {
    slots: Vec<Slot>,
    /// The numbers of the free slots.
    free: Vec<u32>,
}

thread_local! {
    static SLOTS: RefCell<Slots> = RefCell::default();
    /// `settle(slot, outcome)`, for `host.js` to call once for each wait that is not cancelled.
    static SETTLE: Function = Closure::<dyn Fn(u32, JsValue)>::new(settle).into_js_value().unchecked_into();
}

impl Slots {
    fn get(&mut self, number: u32) -> Option<&mut Slot> {
        self.slots.get_mut(usize::try_from(number).ok()?)
    }
}

fn settle(number: u32, outcome: JsValue) {
    let waker = SLOTS.with_borrow_mut(|slots| {
        let slot = slots.get(number)?;
        slot.is_settled = true;
        slot.outcome = Some(outcome);
        slot.waker.take()
    });
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// A wait for a callback of `host.js`.
pub(super) struct CallbackFuture {
    slot: u32,
}

impl CallbackFuture {
    /// Starts a wait. `start` gets the function to call, and the number to call it with.
    pub(super) fn start(start: impl FnOnce(&Function, u32)) -> Self {
        let slot = SLOTS.with_borrow_mut(|slots| {
            slots.free.pop().unwrap_or_else(|| {
                slots.slots.push(Slot::default());
                u32::try_from(slots.slots.len()).unwrap_or(u32::MAX).saturating_sub(1)
            })
        });
        SETTLE.with(|settle| start(settle, slot));
        Self { slot }
    }
}

impl Future for CallbackFuture {
    type Output = JsValue;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<JsValue> {
        SLOTS.with_borrow_mut(|slots| {
            let Some(slot) = slots.get(self.slot) else { return Poll::Pending };
            let outcome = slot.outcome.take();
            if outcome.is_none() {
                slot.waker = Some(context.waker().clone());
            }
            outcome.map_or(Poll::Pending, Poll::Ready)
        })
    }
}

impl Drop for CallbackFuture {
    fn drop(&mut self) {
        let is_settled = SLOTS.with_borrow_mut(|slots| slots.get(self.slot).is_some_and(|slot| slot.is_settled));
        if !is_settled {
            // After this `host.js` does not settle the slot, so it can be used again.
            js::cancel(self.slot);
        }
        SLOTS.with_borrow_mut(|slots| {
            if let Some(slot) = slots.get(self.slot) {
                *slot = Slot::default();
                slots.free.push(self.slot);
            }
        });
    }
}
