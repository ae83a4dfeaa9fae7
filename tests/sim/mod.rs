//! An executor with a virtual clock for tests: tasks run concurrently, and when all of them wait, the clock jumps to the
//! next timer. Like a real executor, it polls a task only after it was woken.
#![allow(
    unreachable_pub,
    dead_code,
    reason = "several test programs include this module, and none of them uses all of it"
)]

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// A virtual clock, and the timers of waiting tasks.
#[derive(Default)]
pub struct Sim {
    now: Cell<u64>,
    timers: RefCell<Vec<(u64, Waker)>>,
}

/// A value that is set once, and that any number of tasks can await.
pub struct Signal<T> {
    value: RefCell<Option<T>>,
    waiting: RefCell<Vec<Waker>>,
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

pub type Task<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

impl Sim {
    /// Creates a clock at a time, in milliseconds since 1970.
    pub fn at(now: u64) -> Rc<Self> {
        Rc::new(Self { now: Cell::new(now), timers: RefCell::default() })
    }

    pub fn now(&self) -> u64 {
        self.now.get()
    }

    /// Waits for this many milliseconds.
    pub async fn sleep(&self, milliseconds: u64) {
        let until = self.now().saturating_add(milliseconds);
        poll_fn(|context| {
            if self.now() >= until {
                return Poll::Ready(());
            }
            self.timers.borrow_mut().push((until, context.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    /// Waits for this many milliseconds. Returns the value of the signal if it is set before.
    pub async fn sleep_until<T: Clone>(&self, milliseconds: u64, signal: &Signal<T>) -> Option<T> {
        let mut sleep = std::pin::pin!(self.sleep(milliseconds));
        let mut signal = std::pin::pin!(signal.wait());
        poll_fn(|context| match signal.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending => sleep.as_mut().poll(context).map(|()| None),
        })
        .await
    }

    /// Runs the tasks to completion. Returns `None` for a task that is never woken.
    pub fn run<T>(&self, tasks: Vec<Task<'_, T>>) -> Vec<Option<T>> {
        let mut results: Vec<Option<T>> = tasks.iter().map(|_| None).collect();
        let mut tasks: Vec<_> =
            tasks.into_iter().map(|task| (Some(task), Arc::new(Flag(AtomicBool::new(true))))).collect();
        loop {
            let mut polled = false;
            for ((slot, flag), result) in tasks.iter_mut().zip(&mut results) {
                let Some(task) = slot else { continue };
                if !flag.0.swap(false, Ordering::Relaxed) {
                    continue;
                }
                polled = true;
                let waker = Waker::from(Arc::clone(flag));
                if let Poll::Ready(value) = task.as_mut().poll(&mut Context::from_waker(&waker)) {
                    *result = Some(value);
                    *slot = None;
                }
            }
            let is_done = tasks.iter().all(|(task, _)| task.is_none());
            if is_done || (!polled && !self.jump()) {
                return results;
            }
        }
    }

    /// Advances the clock to the next timer and wakes its tasks. Returns whether there was one.
    fn jump(&self) -> bool {
        let mut timers = self.timers.borrow_mut();
        let Some(next) = timers.iter().map(|(at, _)| *at).min() else { return false };
        self.now.set(next.max(self.now()));
        let due = |(at, _): &mut (u64, Waker)| *at <= next;
        timers.extract_if(.., due).for_each(|(_, waker)| waker.wake());
        true
    }
}

impl<T> Default for Signal<T> {
    fn default() -> Self {
        Self { value: RefCell::default(), waiting: RefCell::default() }
    }
}

impl<T: Clone> Signal<T> {
    /// Sets the value, and wakes the waiting tasks.
    pub fn set(&self, value: T) {
        *self.value.borrow_mut() = Some(value);
        self.waiting.take().into_iter().for_each(Waker::wake);
    }

    /// Returns the value if it is set.
    pub fn get(&self) -> Option<T> {
        self.value.borrow().clone()
    }

    /// Waits for the value.
    pub async fn wait(&self) -> T {
        poll_fn(|context| {
            if let Some(value) = self.get() {
                return Poll::Ready(value);
            }
            self.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}
