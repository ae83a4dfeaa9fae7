//! One after the other: those who do the same thing wait in line, in the order in which they came.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// The lines, each under what it is for.
#[derive(Debug, Default)]
pub(super) struct Turns {
    lines: RefCell<Vec<Line>>,
}

#[derive(Debug)]
struct Line {
    name: String,
    /// Who stands in it; the first one's turn it is. Each with whom to tell once it is.
    places: VecDeque<(u64, Option<Waker>)>,
    /// How many have come; their number is their place's.
    came: u64,
}

/// A place in a line, kept until it is dropped.
#[derive(Debug)]
pub(super) struct Place<'a> {
    turns: &'a Turns,
    name: String,
    number: u64,
}

impl Turns {
    /// How many stand in the line of that name, with the one whose turn it is.
    pub(super) fn length(&self, name: &str) -> usize {
        self.lines.borrow().iter().find(|line| line.name == name).map_or(0, |line| line.places.len())
    }

    /// A place at the end of the line of that name.
    pub(super) fn line_up(&self, name: &str) -> Place<'_> {
        let mut lines = self.lines.borrow_mut();
        let mut number = 0;
        if let Some(line) = lines.iter_mut().find(|line| line.name == name) {
            line.came = line.came.saturating_add(1);
            number = line.came;
            line.places.push_back((number, None));
        } else {
            lines.push(Line { name: name.to_owned(), places: VecDeque::from([(0, None)]), came: 0 });
        }
        Place { turns: self, name: name.to_owned(), number }
    }
}

impl Place<'_> {
    /// Waits until its turn has come.
    pub(super) async fn turn(&self) {
        poll_fn(|context| self.poll(context)).await;
    }

    fn poll(&self, context: &Context<'_>) -> Poll<()> {
        let mut lines = self.turns.lines.borrow_mut();
        let line = lines.iter_mut().find(|line| line.name == self.name);
        let Some(places) = line.map(|line| &mut line.places) else { return Poll::Ready(()) };
        if places.front().is_none_or(|(number, _)| *number == self.number) {
            return Poll::Ready(());
        }
        if let Some((_, waker)) = places.iter_mut().find(|(number, _)| *number == self.number) {
            *waker = Some(context.waker().clone());
        }
        Poll::Pending
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut lines = self.turns.lines.borrow_mut();
        let Some(at) = lines.iter().position(|line| line.name == self.name) else { return };
        let Some(line) = lines.get_mut(at) else { return };
        line.places.retain(|(number, _)| *number != self.number);
        let next = line.places.front_mut().map(|(_, waker)| waker.take());
        if next.is_none() {
            lines.swap_remove(at);
        }
        // Who is woken may look at the lines at once.
        drop(lines);
        if let Some(waker) = next.flatten() {
            waker.wake();
        }
    }
}

/// What is done first, of two things; the other one is given up.
pub(super) async fn first<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> Result<A, B> {
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|context| first_ready(one.as_mut(), other.as_mut(), context)).await
}

fn first_ready<A, B>(
    one: Pin<&mut impl Future<Output = A>>,
    other: Pin<&mut impl Future<Output = B>>,
    context: &mut Context<'_>,
) -> Poll<Result<A, B>> {
    match one.poll(context) {
        Poll::Ready(result) => Poll::Ready(Ok(result)),
        Poll::Pending => other.poll(context).map(Err),
    }
}
