//! A future that a JavaScript callback completes.
//!
//! A promise with `JsFuture` takes two closures for each wait, which the garbage collector has to track. With one in place
//! of this module, `getOAuthApp` takes 1.1 to 1.8 µs more of 16 µs on Node 20, and 1.3 to 2.3 µs more of 11 µs on Node 24;
//! the package is 290 bytes smaller (`node bench/calls.mjs`). Here one closure serves all waits, and a number says which one
//! it completes.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::{js, memory};

/// A wait that is under way, or a free place for one.
#[derive(Default)]
struct Slot {
    outcome: Option<JsValue>,
    waker: Option<Waker>,
    is_settled: bool,
}

struct Slots {
    slots: Vec<Slot>,
    /// The numbers of the free slots.
    free: Vec<u32>,
}

thread_local! {
    static SLOTS: RefCell<Slots> = const { RefCell::new(Slots { slots: Vec::new(), free: Vec::new() }) };
    /// True while a callback wakes the task that waits for it.
    static IS_SETTLING: Cell<bool> = const { Cell::new(false) };
    /// `settle(slot, outcome)`, for `host.js` to call once for each wait that is not cancelled.
    static SETTLE: Function = Closure::<dyn Fn(u32, JsValue)>::new(settle).into_js_value().unchecked_into();
}

impl Slots {
    fn get(&mut self, number: u32) -> Option<&mut Slot> {
        self.slots.get_mut(usize::try_from(number).ok()?)
    }

    /// Returns the number of a free slot.
    fn take(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            u32::try_from(self.slots.len()).unwrap_or(u32::MAX).saturating_sub(1)
        })
    }

    /// Stores an outcome, and returns the waker of the task that waits for it.
    fn settle(&mut self, number: u32, outcome: JsValue) -> Option<Waker> {
        let slot = self.get(number)?;
        slot.is_settled = true;
        slot.outcome = Some(outcome);
        slot.waker.take()
    }

    /// Returns the outcome, or stores the waker of the task that waits for it.
    fn poll(&mut self, number: u32, waker: &Waker) -> Option<JsValue> {
        let slot = self.get(number)?;
        let outcome = slot.outcome.take();
        if outcome.is_none() {
            slot.waker = Some(waker.clone());
        }
        outcome
    }

    fn is_settled(&mut self, number: u32) -> bool {
        self.get(number).is_some_and(|slot| slot.is_settled)
    }

    fn free(&mut self, number: u32) {
        if let Some(slot) = self.get(number) {
            *slot = Slot::default();
            self.free.push(number);
        }
    }
}

fn settle(number: u32, outcome: JsValue) {
    if let Some(waker) = SLOTS.with_borrow_mut(|slots| slots.settle(number, outcome)) {
        IS_SETTLING.set(true);
        waker.wake();
        IS_SETTLING.set(false);
    }
}

/// Checks whether a task is woken by its own callback, rather than by another task.
#[cfg(feature = "workers")]
pub(super) fn is_settling() -> bool {
    IS_SETTLING.get()
}

/// A wait for a callback of `host.js`.
pub(super) struct CallbackFuture<T> {
    slot: Taken,
    read: fn(JsValue) -> T,
}

/// A slot in use, until it is dropped.
struct Taken(u32);

impl<T> CallbackFuture<T> {
    /// Starts a wait. `start` gets the function to call, and the number to call it with; `read` reads the outcome.
    pub(super) fn start(start: &dyn Fn(&Function, u32), read: fn(JsValue) -> T) -> Self {
        memory::enlarge();
        let slot = SLOTS.with_borrow_mut(Slots::take);
        SETTLE.with(|settle| start(settle, slot));
        Self { slot: Taken(slot), read }
    }
}

impl<T> Future for CallbackFuture<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match self.slot.poll(context.waker()) {
            Some(outcome) => Poll::Ready((self.read)(outcome)),
            None => Poll::Pending,
        }
    }
}

impl Taken {
    fn poll(&self, waker: &Waker) -> Option<JsValue> {
        SLOTS.with_borrow_mut(|slots| slots.poll(self.0, waker))
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        // A slot that may still be settled is not used again: the outcome would reach another wait.
        if SLOTS.with_borrow_mut(|slots| slots.is_settled(self.0)) || js::cancel(self.0) {
            SLOTS.with_borrow_mut(|slots| slots.free(self.0));
        }
    }
}
