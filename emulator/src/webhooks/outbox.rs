//! What is still to be told. It holds no secret: an app is told as every answer shows it.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::host::port::{Host, guid};
use crate::options::Webhook;
use crate::store::journal::Journal;
use crate::store::table::{Row, Table};
use crate::webhooks::event::{Event, EventKind};

/// How long to wait after each attempt that failed, in milliseconds; after the last there is no other.
const WAITS: [u64; 5] = [1_000, 5_000, 30_000, 120_000, 600_000];
/// How many attempts are remembered.
const LOG_SIZE: usize = 1_000;
/// The ID of the one counter there is.
const LAST: &str = "last";

/// One webhook to be posted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Delivery {
    /// For [`crate::Emulator::delivered`].
    pub id: String,
    /// Where to post it.
    pub url: String,
    /// Which attempt this is; the first is 1.
    pub attempt: u32,
    /// The claims of the JWT that is the body.
    pub claims: Value,
}

/// An attempt to post a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// Where it was posted.
    pub url: String,
    /// What it tells, such as `wix.headless.v1.o_auth_app_created`.
    pub event_type: String,
    /// Which attempt it was; the first is 1.
    pub attempt: u32,
    /// When it ended, in milliseconds since 1970.
    pub time: u64,
    /// How it ended.
    pub outcome: Outcome,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It was taken.
    Delivered,
    /// It was not, and will be tried again.
    Failed,
    /// It was not, and will not be tried again.
    Dropped,
}

/// One webhook, until it is taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    url: String,
    event_type: String,
    claims: Value,
    /// The attempt to come.
    attempt: u32,
    /// From when on it is to be made.
    due: u64,
}

/// The number of the last event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sequence {
    sequence: u64,
}

impl Row for Entry {
    const KIND: &'static str = "webhook";

    fn is_alive(&self, _now: u64) -> bool {
        true
    }
}

impl Row for Sequence {
    const KIND: &'static str = "event";

    fn is_alive(&self, _now: u64) -> bool {
        true
    }
}

/// The webhooks that wait.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outbox {
    entries: Table<Entry>,
    sequence: Table<Sequence>,
    /// What was tried: a log, and no part of the state.
    attempts: VecDeque<Attempt>,
}

impl Outbox {
    /// Goes on with the log of another.
    pub(crate) fn follow(&mut self, other: &mut Self) {
        self.attempts = std::mem::take(&mut other.attempts);
    }

    /// Forgets what was tried.
    pub(crate) fn clear_attempts(&mut self) {
        self.attempts.clear();
    }

    /// Tells an event to everyone who asked for it.
    pub(crate) fn tell(&mut self, event: &Event<'_>, hooks: &[Webhook], host: &mut dyn Host) {
        let hooks: Vec<_> = hooks.iter().filter(|hook| hook.wants(event.slug)).collect();
        if hooks.is_empty() {
            return;
        }
        let now = host.now();
        let last = self.sequence.get(LAST, now).map_or(0, |last| last.sequence);
        let sequence = last.saturating_add(1);
        self.sequence.put(LAST.to_owned(), Sequence { sequence }, now);
        let id = guid(host);
        let claims = event.claims(&id, sequence, now);
        for (at, hook) in hooks.into_iter().enumerate() {
            let (url, event_type) = (hook.url.clone(), event.slug.event_type());
            let entry = Entry { url, event_type, claims: claims.clone(), attempt: 1, due: now };
            // In the order of the events, as they are to be posted; and never again the same, also after a reset.
            self.entries.put(format!("{sequence:020}-{at}-{id}"), entry, now);
        }
    }

    /// The webhooks that are to be posted now, in the order of their events.
    pub(crate) fn due(&self, now: u64) -> Vec<Delivery> {
        let due = self.entries.iter().filter(|(_, entry)| entry.due <= now);
        due.map(|(id, entry)| Delivery {
            id: id.clone(),
            url: entry.url.clone(),
            attempt: entry.attempt,
            claims: entry.claims.clone(),
        })
        .collect()
    }

    /// From when on the next is to be posted; nothing where none waits.
    pub(crate) fn next(&self) -> Option<u64> {
        self.entries.iter().map(|(_, entry)| entry.due).min()
    }

    /// Takes note of an attempt: it was taken, or is tried again later, or was tried too often.
    pub(crate) fn attempted(&mut self, id: &str, taken: bool, now: u64) {
        let Some(entry) = self.entries.take(id, now) else { return };
        let made = usize::try_from(entry.attempt).unwrap_or(usize::MAX);
        let wait = WAITS.get(made.saturating_sub(1)).filter(|_| !taken);
        let outcome = match wait {
            _ if taken => Outcome::Delivered,
            Some(_) => Outcome::Failed,
            None => Outcome::Dropped,
        };
        if self.attempts.len() >= LOG_SIZE {
            self.attempts.pop_front();
        }
        let Entry { url, event_type, attempt, .. } = entry.clone();
        self.attempts.push_back(Attempt { url, event_type, attempt, time: now, outcome });
        if let Some(wait) = wait {
            let (attempt, due) = (attempt.saturating_add(1), now.saturating_add(*wait));
            self.entries.put(id.to_owned(), Entry { attempt, due, ..entry }, now);
        }
    }

    /// The last attempts, oldest first.
    pub(crate) fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.attempts.iter()
    }

    /// Notes the records that were written.
    pub(crate) fn write_down(&mut self, journal: &mut Journal) {
        let written = self.entries.take_written().chain(self.sequence.take_written());
        written.for_each(|key| journal.touch(|| key));
    }

    /// Every record, by key.
    pub(crate) fn records(&self) -> impl Iterator<Item = (String, Value)> {
        self.entries.records().chain(self.sequence.records())
    }

    /// What the record of a kind and an ID holds, if there is one.
    pub(crate) fn record(&self, kind: &str, id: &str) -> Option<Value> {
        match kind {
            Entry::KIND => self.entries.record(id),
            Sequence::KIND => self.sequence.record(id),
            _ => None,
        }
    }

    /// Takes a record as it was given out; nothing where the kind is another's.
    pub(crate) fn load(&mut self, kind: &str, id: &str, record: &Value) -> Option<Result<(), String>> {
        match kind {
            Entry::KIND => Some(self.entries.load(id, record)),
            Sequence::KIND => Some(self.sequence.load(id, record)),
            _ => None,
        }
    }
}

impl Webhook {
    fn wants(&self, slug: EventKind) -> bool {
        self.events.as_ref().is_none_or(|events| events.contains(&slug))
    }
}

#[cfg(test)]
mod tests;
