//! FIFO queues, each under a key: calls that must not run side by side wait for each other.
//!
//! Every step takes constant time, however many calls wait under however many keys.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A hash table of the queues that are not empty. Not the standard library's, which are 4 KB of the package, gzipped.
#[derive(Debug, Default)]
pub(super) struct KeyedQueue {
    /// Empty until the first ticket, then [`BUCKETS`] of them.
    buckets: RefCell<Vec<Vec<Shared>>>,
}

type Shared = Rc<RefCell<Queue>>;

/// With 50,000 keys at once a bucket holds a hundred, which differ in their hash.
const BUCKETS: usize = 512;

/// Waiters in FIFO order; the one at the front has its turn.
#[derive(Debug)]
struct Queue {
    key: String,
    hash: u32,
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
    queue: Shared,
    number: u64,
}

impl KeyedQueue {
    /// The number of tickets in a queue, including the one at the front.
    pub(super) fn length(&self, key: &str) -> usize {
        let hash = hash(key);
        let buckets = self.buckets.borrow();
        let queue =
            buckets.get(bucket(hash)).and_then(|bucket| bucket.iter().find(|queue| queue.borrow().is(key, hash)));
        queue.map_or(0, |queue| queue.borrow().length)
    }

    /// Takes a ticket at the end of a queue.
    pub(super) fn acquire(&self, key: &str) -> Ticket<'_> {
        let hash = hash(key);
        let mut buckets = self.buckets.borrow_mut();
        if buckets.is_empty() {
            buckets.resize_with(BUCKETS, Vec::new);
        }
        let bucket = buckets.get_mut(bucket(hash));
        let known = bucket.as_ref().and_then(|bucket| bucket.iter().find(|queue| queue.borrow().is(key, hash)));
        let queue = if let Some(known) = known {
            Rc::clone(known)
        } else {
            let queue = Queue { key: key.to_owned(), hash, waiters: VecDeque::new(), front: 0, length: 0 };
            let queue = Rc::new(RefCell::new(queue));
            if let Some(bucket) = bucket {
                bucket.push(Rc::clone(&queue));
            }
            queue
        };
        let number = queue.borrow_mut().push();
        Ticket { queues: self, queue, number }
    }

    fn forget(&self, queue: &Shared) {
        let mut buckets = self.buckets.borrow_mut();
        let Some(bucket) = buckets.get_mut(bucket(queue.borrow().hash)) else { return };
        if let Some(at) = bucket.iter().position(|known| Rc::ptr_eq(known, queue)) {
            bucket.swap_remove(at);
        }
    }
}

/// FNV-1a.
fn hash(key: &str) -> u32 {
    key.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn bucket(hash: u32) -> usize {
    usize::try_from(hash).unwrap_or_default() % BUCKETS
}

impl Queue {
    fn is(&self, key: &str, hash: u32) -> bool {
        self.hash == hash && self.key == key
    }

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
            self.queues.forget(&self.queue);
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
        assert!(queues.buckets.borrow().iter().all(Vec::is_empty));
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
        assert!(queues.buckets.borrow().iter().all(Vec::is_empty));
    }
}
