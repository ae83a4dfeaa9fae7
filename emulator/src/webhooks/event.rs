//! What a webhook tells: a domain event, as JSON in JSON in a JWT's claims.

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::host::date;
use crate::host::port::guid_of;
use crate::http::json::Object;

/// The entity whose events they are.
const FQDN: &str = "wix.headless.v1.o_auth_app";

/// What can happen to an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EventKind {
    /// It is new.
    Created,
    /// It is not what it was.
    Updated,
    /// It is no more.
    Deleted,
}

impl EventKind {
    /// Its name in texts.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
        }
    }

    /// The type of the webhook.
    pub(crate) fn event_type(self) -> String {
        format!("{FQDN}_{}", self.as_str())
    }
}

/// Who made it happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Actor {
    /// The holder of the API key.
    User,
    /// An OAuth app's own server.
    App(String),
}

/// Something that happened to an app.
pub(crate) struct Event<'a> {
    pub(crate) slug: EventKind,
    pub(crate) site_id: &'a str,
    pub(crate) app_id: &'a str,
    /// The app as it is now; of one that was deleted nothing is told.
    pub(crate) entity: Option<&'a Object>,
    pub(crate) actor: &'a Actor,
}

impl Event<'_> {
    /// The claims of the JWT that tells it.
    pub(crate) fn claims(&self, id: &str, sequence: u64, now: u64) -> Value {
        let (name, value) = match (self.slug, self.entity) {
            (EventKind::Created, Some(entity)) => ("createdEvent", json!({ "entity": entity })),
            (EventKind::Updated, Some(entity)) => ("updatedEvent", json!({ "currentEntity": entity })),
            _ => ("deletedEvent", json!({})),
        };
        let event = json!({
            "id": id,
            "entityFqdn": FQDN,
            "slug": self.slug.as_str(),
            "entityId": self.app_id,
            name: value,
            "eventTime": date::to_text(now),
            "triggeredByAnonymizeRequest": false,
            "originatedFrom": "",
            // A 64-bit number, which JSON's readers could cut.
            "entityEventSequence": sequence.to_string(),
        });
        let identity = match self.actor {
            Actor::User => json!({ "identityType": "WIX_USER", "wixUserId": guid_for("user", self.site_id) }),
            Actor::App(id) => json!({ "identityType": "APP", "appId": id }),
        };
        let data = json!({
            "eventType": self.slug.event_type(),
            "instanceId": guid_for("instance", self.site_id),
            "identity": identity.to_string(),
            "data": event.to_string(),
        });
        json!({ "iss": "wix.com", "iat": now / 1_000, "data": data.to_string() })
    }
}

/// A GUID that is always the same for a site.
pub(crate) fn guid_for(what: &str, site_id: &str) -> String {
    let digest = Sha256::digest(format!("{what} {site_id}"));
    guid_of(digest.first_chunk().copied().unwrap_or_default())
}
