//! Time for tests of asynchronous code: tasks run side by side, and where all of them wait, the clock jumps to the
//! moment at which the first one wakes up. A task is polled only when it was woken, as a real executor would.
#![allow(unreachable_pub, dead_code, reason = "several test programs include it, and none uses all of it")]

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// The clock and the tasks that wait for it.
#[derive(Default)]
pub struct Sim {
    now: Cell<u64>,
    timers: RefCell<Vec<(u64, Waker)>>,
}

/// Something that happens some time, for any number of tasks to wait for.
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
    /// A clock at so many milliseconds since 1970.
    pub fn at(now: u64) -> Rc<Self> {
        Rc::new(Self { now: Cell::new(now), timers: RefCell::default() })
    }

    pub fn now(&self) -> u64 {
        self.now.get()
    }

    /// Waits so many milliseconds.
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

    /// Runs the tasks to their ends. One that nothing will ever wake gives nothing.
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

    /// To the moment at which the first one wakes up, if there is one.
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
    /// It happens; whoever waits is woken.
    pub fn set(&self, value: T) {
        *self.value.borrow_mut() = Some(value);
        self.waiting.take().into_iter().for_each(Waker::wake);
    }

    /// What happened, if it did.
    pub fn get(&self) -> Option<T> {
        self.value.borrow().clone()
    }

    /// Waits until it happens.
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
