//! Webhooks that are waiting for delivery. They contain no secret: an event shows an app as every response does.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::host::port::Host;
use crate::host::random::guid;
use crate::store::table::{Row, Table};
use crate::webhooks::attempt::{Attempt, AttemptResult};
use crate::webhooks::event::Event;
use crate::webhooks::subscription::Subscription;

/// The waiting times after failed attempts, in milliseconds. After the last one, the webhook is dropped.
const RETRY_DELAYS: [u64; 5] = [1_000, 5_000, 30_000, 120_000, 600_000];
/// The ID of the only row of the table `sequence`.
const LAST: &str = "last";

/// A webhook to be posted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Delivery {
    /// The ID that [`crate::Emulator::delivered`] expects.
    pub id: String,
    /// The URL to post to.
    pub url: String,
    /// The number of the attempt. The first is 1.
    pub attempt: u32,
    /// The claims of the JWT, which is the body.
    pub claims: Value,
}

/// A webhook that is waiting for delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PendingWebhook {
    url: String,
    event_type: String,
    claims: Value,
    /// The number of the next attempt.
    attempt: u32,
    /// The time of the next attempt, in milliseconds since 1970.
    due: u64,
}

/// The sequence number of the last event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sequence {
    sequence: u64,
}

impl Row for PendingWebhook {
    const KIND: &'static str = "webhook";

    fn is_valid_at(&self, _now: u64) -> bool {
        true
    }
}

impl Row for Sequence {
    const KIND: &'static str = "event";

    fn is_valid_at(&self, _now: u64) -> bool {
        true
    }
}

/// The webhooks that are waiting for delivery, and the sequence number of the last event.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outbox {
    pending: Table<PendingWebhook>,
    sequence: Table<Sequence>,
}

impl Outbox {
    /// Adds the webhooks of an event: one for each subscription that includes it.
    pub(crate) fn publish(&mut self, event: &Event<'_>, subscriptions: &[Subscription], host: &mut dyn Host) {
        let receivers: Vec<_> = subscriptions.iter().filter(|receiver| receiver.includes(event.kind)).collect();
        if receivers.is_empty() {
            return;
        }
        let now = host.now();
        let last = self.sequence.get(LAST, now).map_or(0, |last| last.sequence);
        let sequence = last.saturating_add(1);
        self.sequence.put(LAST.to_owned(), Sequence { sequence }, now);
        let id = guid(host);
        let claims = event.claims(&id, sequence, now);
        for (at, receiver) in receivers.into_iter().enumerate() {
            let (url, event_type) = (receiver.url.clone(), event.kind.event_type());
            let webhook = PendingWebhook { url, event_type, claims: claims.clone(), attempt: 1, due: now };
            // The key sorts by event. The random ID keeps it unique after a reset, which restarts the sequence.
            self.pending.put(format!("{sequence:020}-{at}-{id}"), webhook, now);
        }
    }

    /// Returns the webhooks that are due, in the order of their events.
    pub(crate) fn due(&self, now: u64) -> Vec<Delivery> {
        let due = self.pending.iter().filter(|(_, webhook)| webhook.due <= now);
        due.map(|(id, webhook)| Delivery {
            id: id.clone(),
            url: webhook.url.clone(),
            attempt: webhook.attempt,
            claims: webhook.claims.clone(),
        })
        .collect()
    }

    /// Returns the time of the next attempt, if a webhook is waiting.
    pub(crate) fn next_attempt(&self) -> Option<u64> {
        self.pending.iter().map(|(_, webhook)| webhook.due).min()
    }

    /// Removes a webhook that was delivered or failed for the last time, or schedules its next attempt. Returns `None` for
    /// an unknown ID.
    pub(crate) fn record_attempt(&mut self, id: &str, is_delivered: bool, now: u64) -> Option<Attempt> {
        let webhook = self.pending.take(id, now)?;
        let failures = usize::try_from(webhook.attempt).unwrap_or(usize::MAX);
        let delay = RETRY_DELAYS.get(failures.saturating_sub(1)).filter(|_| !is_delivered);
        let result = match delay {
            _ if is_delivered => AttemptResult::Delivered,
            Some(_) => AttemptResult::Failed,
            None => AttemptResult::Dropped,
        };
        let PendingWebhook { url, event_type, attempt, .. } = webhook.clone();
        if let Some(delay) = delay {
            let (attempt, due) = (attempt.saturating_add(1), now.saturating_add(*delay));
            self.pending.put(id.to_owned(), PendingWebhook { attempt, due, ..webhook }, now);
        }
        Some(Attempt { url, event_type, attempt, time: now, result })
    }

    /// Returns the keys of the records that were written or removed since the last call.
    pub(crate) fn take_changed_keys(&mut self) -> impl Iterator<Item = String> {
        self.pending.take_changed_keys().chain(self.sequence.take_changed_keys())
    }

    /// Returns every record, with its key.
    pub(crate) fn records(&self) -> impl Iterator<Item = (String, Value)> {
        self.pending.records().chain(self.sequence.records())
    }

    /// Returns the keys of every record.
    pub(crate) fn keys(&self) -> impl Iterator<Item = String> {
        self.pending.keys().chain(self.sequence.keys())
    }

    /// Returns the record of a kind and an ID, if there is one.
    pub(crate) fn record(&self, kind: &str, id: &str) -> Option<Value> {
        match kind {
            PendingWebhook::KIND => self.pending.record(id),
            Sequence::KIND => self.sequence.record(id),
            _ => None,
        }
    }

    /// Adds the row of a record. Returns `None` for the kinds of other tables.
    pub(crate) fn load(&mut self, kind: &str, id: &str, record: &Value) -> Option<Result<(), String>> {
        match kind {
            PendingWebhook::KIND => Some(self.pending.load(id, record)),
            Sequence::KIND => Some(self.sequence.load(id, record)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
