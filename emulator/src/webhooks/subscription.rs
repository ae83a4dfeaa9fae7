//! Receivers of webhooks.

use serde::Deserialize;

use crate::webhooks::event::EventKind;

/// A receiver of webhooks.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subscription {
    /// The URL that webhooks are posted to.
    pub url: String,
    /// The events that are sent. Default: all.
    #[serde(default)]
    pub events: Option<Vec<EventKind>>,
}

impl Subscription {
    /// Checks whether the receiver gets events of this kind.
    pub(crate) fn includes(&self, kind: EventKind) -> bool {
        self.events.as_ref().is_none_or(|events| events.contains(&kind))
    }
}
