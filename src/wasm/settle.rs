//! Something that JavaScript does and tells of once, as a future.
//!
//! A promise would do, but for what it costs: two closures for each, which the garbage collector has to be told of, are
//! more than the rest of a call. Here one function serves for all, and a number says who is meant.

use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use js_sys::Function;
use wasm_bindgen::prelude::*;

/// Who waits, at the place that its number says.
struct Slot {
    /// How often the place was taken: what comes too late for one must not reach the next.
    turn: u32,
    outcome: Option<JsValue>,
    waker: Option<Waker>,
    is_free: bool,
}

thread_local! {
    static SLOTS: RefCell<Vec<Slot>> = const { RefCell::new(Vec::new()) };
    /// The numbers of the free slots: finding one must not take longer the more are taken.
    static FREE: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
    /// `settle(number, turn, outcome)`, for JavaScript to call.
    static SETTLE: Function = Closure::<dyn Fn(u32, u32, JsValue)>::new(settle).into_js_value().unchecked_into();
}

/// Doubles the memory, at powers of two of the calls that are under way, since the allocator grows it by single pages. The
/// gain was not measured apart from other changes: measure it with `node bench/many.mjs`, or remove it.
fn reserve(calls: usize) {
    const FIRST: usize = 1_024;
    const BYTES_A_CALL: usize = 3_072;
    if calls >= FIRST && calls.is_power_of_two() {
        let mut room = Vec::<u8>::new();
        // Without that much memory it grows by pages, as before.
        drop(room.try_reserve_exact(calls.saturating_mul(BYTES_A_CALL)));
        drop(std::hint::black_box(room));
    }
}

fn settle(number: u32, turn: u32, outcome: JsValue) {
    let waker = with_slot(number, turn, |slot| {
        slot.outcome = Some(outcome);
        slot.waker.take()
    });
    if let Some(waker) = waker.flatten() {
        waker.wake();
    }
}

fn with_slot<T>(number: u32, turn: u32, act: impl FnOnce(&mut Slot) -> T) -> Option<T> {
    SLOTS.with_borrow_mut(|slots| {
        let slot = usize::try_from(number).ok().and_then(|number| slots.get_mut(number));
        slot.filter(|slot| slot.turn == turn && !slot.is_free).map(act)
    })
}

/// What is under way. Dropped before it is done, it is stopped.
pub(super) struct Settling {
    number: u32,
    turn: u32,
    /// What stops it, where that is a function.
    stop: JsValue,
}

impl Settling {
    /// Begins it: `begin` is given the function to call, with the two numbers to call it with, and gives what stops it.
    pub(super) fn begin(begin: impl FnOnce(&Function, u32, u32) -> JsValue) -> Self {
        let (number, turn) = SLOTS.with_borrow_mut(|slots| {
            let number = FREE.with_borrow_mut(Vec::pop).unwrap_or_else(|| {
                slots.push(Slot { turn: 0, outcome: None, waker: None, is_free: true });
                reserve(slots.len());
                u32::try_from(slots.len()).unwrap_or(u32::MAX).saturating_sub(1)
            });
            let slot = usize::try_from(number).ok().and_then(|number| slots.get_mut(number));
            let turn = slot.map_or(0, |slot| {
                slot.turn = slot.turn.wrapping_add(1);
                slot.is_free = false;
                slot.turn
            });
            (number, turn)
        });
        let stop = SETTLE.with(|settle| begin(settle, number, turn));
        Self { number, turn, stop }
    }
}

impl Future for Settling {
    type Output = JsValue;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<JsValue> {
        let outcome = with_slot(self.number, self.turn, |slot| {
            slot.waker = Some(context.waker().clone());
            slot.outcome.take()
        });
        outcome.flatten().map_or(Poll::Pending, Poll::Ready)
    }
}

impl Drop for Settling {
    fn drop(&mut self) {
        with_slot(self.number, self.turn, |slot| {
            (slot.outcome, slot.waker, slot.is_free) = (None, None, true);
            FREE.with_borrow_mut(|free| free.push(self.number));
        });
        if let Some(stop) = self.stop.dyn_ref::<Function>() {
            drop(stop.call0(&JsValue::UNDEFINED));
        }
    }
}
