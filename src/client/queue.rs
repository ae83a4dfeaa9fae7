//! FIFO queues, each under a key: calls that must not run side by side wait for each other.
//!
//! Every step takes constant time, however many calls wait under however many keys.

use std::cell::RefCell;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::hash_table::HashTable;

/// The queues that are not empty.
#[derive(Debug, Default)]
pub(super) struct KeyedQueue {
    queues: RefCell<HashTable<SharedQueue>>,
}

type SharedQueue = Rc<RefCell<Queue>>;

/// How many waiters that have left are kept at least before their memory is released.
const MIN_RELEASED: usize = 32;

/// Waiters in FIFO order; the one at the front has its turn.
#[derive(Debug)]
struct Queue {
    key: String,
    waiters: Vec<Waiter>,
    /// The index of the waiter at the front.
    front: usize,
    /// The ticket number of the first element of `waiters`; the others follow without a gap.
    first: u64,
    /// How many of the waiters have not left.
    length: usize,
}

#[derive(Debug)]
enum Waiter {
    /// A waiter with the waker to call when it reaches the front.
    Waiting(Option<Waker>),
    /// A waiter whose ticket was dropped.
    Left,
}

/// A position in a queue, held until it is dropped.
#[derive(Debug)]
pub(super) struct Ticket<'a> {
    queues: &'a KeyedQueue,
    queue: SharedQueue,
    number: u64,
}

impl KeyedQueue {
    /// Returns the number of tickets in a queue, including the one at the front.
    pub(super) fn length(&self, key: &str) -> usize {
        self.find(key).map_or(0, |queue| queue.borrow().length)
    }

    /// Takes a ticket at the end of a queue.
    pub(super) fn acquire(&self, key: &str) -> Ticket<'_> {
        let queue = self.find(key).unwrap_or_else(|| {
            let queue = Queue { key: key.to_owned(), waiters: Vec::new(), front: 0, first: 0, length: 0 };
            let queue = Rc::new(RefCell::new(queue));
            self.queues.borrow_mut().insert(key, Rc::clone(&queue));
            queue
        });
        let number = queue.borrow_mut().push();
        Ticket { queues: self, queue, number }
    }

    fn find(&self, key: &str) -> Option<SharedQueue> {
        self.queues.borrow().candidates(key).find(|queue| queue.borrow().key == key).cloned()
    }

    fn forget(&self, queue: &SharedQueue) {
        self.queues.borrow_mut().remove(&queue.borrow().key, |known| Rc::ptr_eq(known, queue));
    }
}

impl Queue {
    /// Appends a waiter; returns its ticket number.
    fn push(&mut self) -> u64 {
        let number = self.first.saturating_add(u64::try_from(self.waiters.len()).unwrap_or(u64::MAX));
        self.waiters.push(Waiter::Waiting(None));
        self.length = self.length.saturating_add(1);
        number
    }

    fn index(&self, number: u64) -> usize {
        usize::try_from(number.saturating_sub(self.first)).unwrap_or(usize::MAX)
    }

    /// Removes a waiter; returns the waker of the one that reaches the front thereby.
    fn remove(&mut self, number: u64) -> Option<Waker> {
        let at = self.index(number);
        if let Some(waiter) = self.waiters.get_mut(at) {
            *waiter = Waiter::Left;
            self.length = self.length.saturating_sub(1);
        }
        while let Some(Waiter::Left) = self.waiters.get(self.front) {
            self.front = self.front.saturating_add(1);
        }
        if self.front >= MIN_RELEASED && self.front >= self.waiters.len() / 2 {
            self.first = self.first.saturating_add(u64::try_from(self.front).unwrap_or_default());
            self.waiters = self.waiters.split_off(self.front);
            self.front = 0;
        }
        match self.waiters.get_mut(self.front) {
            Some(Waiter::Waiting(waker)) => waker.take(),
            _ => None,
        }
    }
}

impl Ticket<'_> {
    /// Checks whether the ticket is at the front.
    pub(super) fn is_first(&self) -> bool {
        let queue = self.queue.borrow();
        queue.index(self.number) == queue.front
    }

    /// Checks whether the ticket is at the front; otherwise the task is woken when it is.
    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<()> {
        let mut queue = self.queue.borrow_mut();
        let at = queue.index(self.number);
        if at == queue.front {
            return Poll::Ready(());
        }
        if let Some(Waiter::Waiting(waker)) = queue.waiters.get_mut(at) {
            *waker = Some(context.waker().clone());
        }
        Poll::Pending
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let next = self.queue.borrow_mut().remove(self.number);
        if self.queue.borrow().length == 0 {
            self.queues.forget(&self.queue);
        }
        // The borrow has ended: the waker may use the queues at once.
        if let Some(waker) = next {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::arithmetic_side_effects, reason = "of tests")]

    use std::collections::VecDeque;

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
    fn a_ticket_that_is_dropped_in_the_middle_is_skipped() {
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
    fn an_empty_queue_is_removed() {
        let queues = KeyedQueue::default();
        drop([(); 3].map(|()| queues.acquire("a")));
        drop(queues.acquire("b"));
        assert!(queues.queues.borrow().is_empty());
        assert!(is_ready(&queues.acquire("a")));
    }

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

    #[test]
    fn a_queue_that_never_empties_releases_the_memory_of_those_that_left() {
        let queues = KeyedQueue::default();
        let mut ticket = queues.acquire("a");
        for _ in 0..100_000 {
            ticket = queues.acquire("a");
            assert!(is_ready(&ticket));
        }
        assert!(ticket.queue.borrow().waiters.len() <= 2 * MIN_RELEASED);
    }
}
