//! Domain events of OAuth apps. A webhook carries one as JSON within JSON within the claims of a JWT.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::host::date;
use crate::host::digest::derived_guid;
use crate::http::json::Object;

/// The name of the entity that the events are about.
const FQDN: &str = "wix.headless.v1.o_auth_app";

/// A kind of event. The API calls it the event's `slug`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EventKind {
    /// An app was created.
    Created,
    /// An app was updated.
    Updated,
    /// An app was deleted.
    Deleted,
}

impl EventKind {
    fn slug(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
        }
    }

    /// Returns the event type of webhooks.
    pub(crate) fn event_type(self) -> String {
        format!("{FQDN}_{}", self.slug())
    }
}

/// The caller that caused an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Actor {
    /// The holder of the API key or of a site's token.
    User,
    /// The server of an OAuth app, given by its ID.
    App(String),
}

/// An event of an app.
pub(crate) struct Event<'a> {
    pub(crate) kind: EventKind,
    pub(crate) site_id: &'a str,
    pub(crate) app_id: &'a str,
    /// The app after the event, unless it was deleted.
    pub(crate) entity: Option<&'a Object>,
    pub(crate) actor: &'a Actor,
}

impl Event<'_> {
    /// Returns the claims of the JWT. `sequence` orders the events of the emulator.
    pub(crate) fn claims(&self, id: &str, sequence: u64, now: u64) -> Value {
        let (name, value) = match (self.kind, self.entity) {
            (EventKind::Created, Some(entity)) => ("createdEvent", json!({ "entity": entity })),
            (EventKind::Updated, Some(entity)) => ("updatedEvent", json!({ "currentEntity": entity })),
            _ => ("deletedEvent", json!({})),
        };
        let event = json!({
            "id": id,
            "entityFqdn": FQDN,
            "slug": self.kind.slug(),
            "entityId": self.app_id,
            name: value,
            "eventTime": date::to_text(now),
            "triggeredByAnonymizeRequest": false,
            "originatedFrom": "",
            // A string, because JSON parsers can round 64-bit numbers.
            "entityEventSequence": sequence.to_string(),
        });
        let identity = match self.actor {
            Actor::User => json!({ "identityType": "WIX_USER", "wixUserId": user_id(self.site_id) }),
            Actor::App(id) => json!({ "identityType": "APP", "appId": id }),
        };
        let data = json!({
            "eventType": self.kind.event_type(),
            "instanceId": derived_guid(&format!("instance {}", self.site_id)),
            "identity": identity.to_string(),
            "data": event.to_string(),
        });
        json!({ "iss": "wix.com", "iat": now / 1_000, "data": data.to_string() })
    }
}

/// Returns the ID of the user who owns a site, which is always the same.
pub(crate) fn user_id(site_id: &str) -> String {
    derived_guid(&format!("user {site_id}"))
}
