//! What becomes of a request: the answer, or the failure that stands in its place, and when.

use serde::{Deserialize, Serialize, Serializer};

use crate::http::Response;

/// What the host does with a request. In JSON it is flat: `{delay, kind, status, headers, body}`, with the failure's name
/// as the kind, or `answer` where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// How many milliseconds the host waits before it acts.
    pub delay: u64,
    /// How the request fails on its way, if it does.
    #[serde(rename = "kind", serialize_with = "kind")]
    pub failure: Option<Failure>,
    /// The answer. Of a failure that sends none, the status is 0 and the rest is empty.
    #[serde(flatten)]
    pub response: Response,
}

/// A request that fails where no answer can say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Failure {
    /// Nobody listens.
    Refused,
    /// The connection closes before the first byte of an answer.
    Reset,
    /// The connection closes within the body: status, headers and the first half of the body arrive.
    ResetInBody,
    /// No answer ever comes, and the connection stays open.
    Hang,
    /// Status, headers and the first half of the body arrive, then nothing more, and the connection stays open.
    Stall,
}

impl Failure {
    /// Whether an answer is begun and broken off.
    pub fn breaks_off(self) -> bool {
        matches!(self, Failure::ResetInBody | Failure::Stall)
    }
}

#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn kind<S: Serializer>(failure: &Option<Failure>, serializer: S) -> Result<S::Ok, S::Error> {
    match failure {
        None => serializer.serialize_str("answer"),
        Some(failure) => failure.serialize(serializer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    #[test]
    fn in_json_it_is_flat() {
        let response = Response { status: 200, headers: BTreeMap::new(), body: "{}".to_owned() };
        for (failure, kind) in [
            (None, "answer"),
            (Some(Failure::Refused), "refused"),
            (Some(Failure::Reset), "reset"),
            (Some(Failure::ResetInBody), "resetInBody"),
            (Some(Failure::Hang), "hang"),
            (Some(Failure::Stall), "stall"),
        ] {
            assert_eq!(
                json!(Outcome { delay: 5, failure, response: response.clone() }),
                json!({ "delay": 5, "kind": kind, "status": 200, "headers": {}, "body": "{}" })
            );
        }
    }
}
