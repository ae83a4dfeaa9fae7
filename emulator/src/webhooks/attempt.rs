//! The log of delivery attempts. It is not part of a snapshot.

use std::collections::VecDeque;

use serde::Serialize;

/// The number of attempts that the log keeps.
const LOG_SIZE: usize = 1_000;

/// An attempt to post a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// The URL that the webhook was posted to.
    pub url: String,
    /// The type of the event, such as `wix.headless.v1.o_auth_app_created`.
    pub event_type: String,
    /// The number of the attempt. The first is 1.
    pub attempt: u32,
    /// The end of the attempt, in milliseconds since 1970.
    pub time: u64,
    /// The result. In JSON it is called `outcome`.
    #[serde(rename = "outcome")]
    pub result: AttemptResult,
}

/// The result of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AttemptResult {
    /// The receiver accepted the webhook.
    Delivered,
    /// The attempt failed, and there will be another.
    Failed,
    /// The last attempt failed.
    Dropped,
}

/// The last attempts, oldest first.
#[derive(Debug, Default)]
pub(crate) struct AttemptLog(VecDeque<Attempt>);

impl AttemptLog {
    pub(crate) fn add(&mut self, attempt: Attempt) {
        if self.0.len() >= LOG_SIZE {
            self.0.pop_front();
        }
        self.0.push_back(attempt);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Attempt> {
        self.0.iter()
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
