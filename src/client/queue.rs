//! FIFO queues, each under a key: calls that must not run side by side wait for each other.
//!
//! Every step takes constant time, or time that grows with the logarithm of the number of keys, however many calls wait.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// The queues that are not empty, by key.
#[derive(Debug, Default)]
pub(super) struct KeyedQueue {
    queues: RefCell<BTreeMap<String, Rc<RefCell<Queue>>>>,
}

/// Waiters in FIFO order; the one at the front has its turn.
#[derive(Debug, Default)]
struct Queue {
    waiters: VecDeque<Waiter>,
    /// The ticket number of the waiter at the front; the others follow without a gap.
    front: u64,
    /// How many of the waiters have not left.
    length: usize,
}

#[derive(Debug)]
enum Waiter {
    /// With the waker to call when it reaches the front.
    Waiting(Option<Waker>),
    /// Its ticket was dropped before it reached the front.
    Left,
}

/// A position in a queue, held until it is dropped.
#[derive(Debug)]
pub(super) struct Ticket<'a> {
    queues: &'a KeyedQueue,
    queue: Rc<RefCell<Queue>>,
    key: String,
    number: u64,
}

impl KeyedQueue {
    /// The number of tickets in a queue, including the one at the front.
    pub(super) fn length(&self, key: &str) -> usize {
        self.queues.borrow().get(key).map_or(0, |queue| queue.borrow().length)
    }

    /// Takes a ticket at the end of a queue.
    pub(super) fn acquire(&self, key: &str) -> Ticket<'_> {
        let queue = Rc::clone(self.queues.borrow_mut().entry(key.to_owned()).or_default());
        let number = queue.borrow_mut().push();
        Ticket { queues: self, queue, key: key.to_owned(), number }
    }
}

impl Queue {
    /// Appends a waiter; returns its ticket number.
    fn push(&mut self) -> u64 {
        let number = self.front.saturating_add(u64::try_from(self.waiters.len()).unwrap_or(u64::MAX));
        self.waiters.push_back(Waiter::Waiting(None));
        self.length = self.length.saturating_add(1);
        number
    }

    fn waiter(&mut self, number: u64) -> Option<&mut Waiter> {
        self.waiters.get_mut(usize::try_from(number.checked_sub(self.front)?).ok()?)
    }

    /// Takes a waiter out; returns the waker of the one that has reached the front by that.
    fn remove(&mut self, number: u64) -> Option<Waker> {
        if let Some(waiter) = self.waiter(number) {
            *waiter = Waiter::Left;
            self.length = self.length.saturating_sub(1);
        }
        while let Some(Waiter::Left) = self.waiters.front() {
            self.waiters.pop_front();
            self.front = self.front.saturating_add(1);
        }
        match self.waiters.front_mut() {
            Some(Waiter::Waiting(waker)) => waker.take(),
            _ => None,
        }
    }
}

impl Ticket<'_> {
    /// Waits until the ticket is at the front.
    pub(super) async fn turn(&self) {
        poll_fn(|context| self.poll(context)).await;
    }

    fn poll(&self, context: &Context<'_>) -> Poll<()> {
        let mut queue = self.queue.borrow_mut();
        if self.number == queue.front {
            return Poll::Ready(());
        }
        if let Some(Waiter::Waiting(waker)) = queue.waiter(self.number) {
            *waker = Some(context.waker().clone());
        }
        Poll::Pending
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let next = self.queue.borrow_mut().remove(self.number);
        if self.queue.borrow().length == 0 {
            self.queues.queues.borrow_mut().remove(&self.key);
        }
        // Nothing is borrowed any more: the waker may use the queues at once.
        if let Some(waker) = next {
            waker.wake();
        }
    }
}

/// Races two futures and drops the loser. `Ok` holds the output of the first one, `Err` that of the second.
pub(super) async fn race<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> Result<A, B> {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|context| race_ready(one.as_mut(), other.as_mut(), context)).await
}

fn race_ready<A, B>(
    one: Pin<&mut impl Future<Output = A>>,
    other: Pin<&mut impl Future<Output = B>>,
    context: &mut Context<'_>,
) -> Poll<Result<A, B>> {
    match one.poll(context) {
        Poll::Ready(result) => Poll::Ready(Ok(result)),
        Poll::Pending => other.poll(context).map(Err),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::arithmetic_side_effects, reason = "of tests")]

    use super::*;

    fn is_ready(ticket: &Ticket<'_>) -> bool {
        ticket.poll(&Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn tickets_of_a_key_are_served_in_order_and_other_keys_do_not_wait() {
        let queues = KeyedQueue::default();
        let (first, second, other) = (queues.acquire("a"), queues.acquire("a"), queues.acquire("b"));
        assert_eq!([&first, &second, &other].map(is_ready), [true, false, true]);
        assert_eq!((queues.length("a"), queues.length("b"), queues.length("c")), (2, 1, 0));
        drop(first);
        assert!(is_ready(&second));
        assert_eq!(queues.length("a"), 1);
    }

    #[test]
    fn a_ticket_that_is_dropped_in_the_middle_is_passed_over() {
        let queues = KeyedQueue::default();
        let [first, second, third, fourth] = [(); 4].map(|()| queues.acquire("a"));
        drop(third);
        drop(second);
        assert_eq!(queues.length("a"), 2);
        assert!(!is_ready(&fourth));
        drop(first);
        assert!(is_ready(&fourth));
    }

    #[test]
    fn an_empty_queue_is_forgotten() {
        let queues = KeyedQueue::default();
        drop([(); 3].map(|()| queues.acquire("a")));
        drop(queues.acquire("b"));
        assert!(queues.queues.borrow().is_empty());
        assert!(is_ready(&queues.acquire("a")));
    }

    /// The work of many tickets, in units of the work of few. Counted rather than timed: no clock of a busy machine.
    #[test]
    fn many_waiters_and_many_keys_are_served_in_turn() {
        const MANY: usize = 100_000;
        let queues = KeyedQueue::default();
        let mut tickets: VecDeque<_> = (0..MANY).map(|_| queues.acquire("a")).collect();
        assert_eq!(tickets.iter().filter(|ticket| is_ready(ticket)).count(), 1);
        while let Some(ticket) = tickets.pop_front() {
            assert!(is_ready(&ticket));
            drop(ticket);
        }
        let keyed: Vec<_> = (0..MANY).map(|at| queues.acquire(&at.to_string())).collect();
        assert!(keyed.iter().all(is_ready));
        drop(keyed);
        assert!(queues.queues.borrow().is_empty());
    }
}
