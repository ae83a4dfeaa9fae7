//! Generates steps for the model, and requests of any form.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use serde_json::{Map, Value, json};
use wix_oauth_apps_emulator::{ConnectionError, Fault};

/// The action of a step.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    Create,
    Update,
    Refused,
    Delete,
    Secret,
    Restart,
    Kill,
    Fail(Fault),
    Sorted(Vec<(&'static str, bool)>),
}

/// A step: an action on one of the site's apps.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) site: usize,
    pub(crate) action: Action,
    pub(crate) at: Index,
    pub(crate) fields: Map<String, Value>,
    pub(crate) paths: Vec<&'static str>,
    pub(crate) form: MaskForm,
}

/// The forms in which clients send a mask.
#[derive(Debug, Clone, Copy)]
pub(crate) enum MaskForm {
    Text,
    Paths,
    Path,
    Both,
}

impl MaskForm {
    pub(crate) fn mask(self, paths: &[&str]) -> Value {
        match self {
            MaskForm::Text => json!(paths.join(",")),
            MaskForm::Paths => json!({ "paths": paths }),
            MaskForm::Path => json!({ "path": paths.join(",") }),
            MaskForm::Both => json!({ "paths": paths, "path": paths.join(",") }),
        }
    }
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let action = prop_oneof![
        4 => Just(Action::Create),
        4 => Just(Action::Update),
        1 => Just(Action::Refused),
        1 => Just(Action::Delete),
        2 => Just(Action::Secret),
        1 => Just(Action::Restart),
        1 => Just(Action::Kill),
        2 => fault().prop_map(Action::Fail),
        3 => vec((select(vec!["name", "createdDate"]), any::<bool>()), 0..=3).prop_map(Action::Sorted),
    ];
    let maskable = vec![
        "name",
        "description",
        "loginUrl",
        "allowedRedirectUris",
        "allowedRedirectDomains",
        "technology",
        "origin",
    ];
    let paths = subsequence(maskable, 0..=7);
    let form = select(vec![MaskForm::Text, MaskForm::Paths, MaskForm::Path, MaskForm::Both]);
    (0..2_usize, action, any::<Index>(), fields(), paths, form)
        .prop_map(|(site, action, at, fields, paths, form)| Step { site, action, at, fields, paths, form })
}

/// Generates a fault that applies to an update.
fn fault() -> impl Strategy<Value = Fault> {
    let error = select(vec![
        ConnectionError::Refused,
        ConnectionError::Reset,
        ConnectionError::ResetInBody,
        ConnectionError::Hang,
        ConnectionError::Stall,
    ]);
    let fault = prop_oneof![(200..=599_u16).prop_map(Fault::status), error.prop_map(Fault::error)];
    (fault, any::<bool>(), 0..1_000_u32).prop_map(|(fault, take_effect, latency)| {
        let is_refused = fault.error == Some(ConnectionError::Refused);
        let take_effect = (take_effect && !is_refused).then_some(true);
        Fault { method: Some("PATCH".to_owned()), take_effect, latency, ..fault }
    })
}

/// Generates fields that the service accepts.
fn fields() -> impl Strategy<Value = Map<String, Value>> {
    let optional = |text: &'static str| proptest::option::of(text.prop_map(Value::from));
    let list = |text: &'static str| proptest::option::of(vec(text, 0..=20).prop_map(Value::from));
    (
        "\\PC{2,256}",
        optional("\\PC*"),
        optional("(https?://[a-zA-Z.]{1,9}(:[0-9]{1,4})?(/[a-z?#]*)?)?"),
        list("[a-z]{1,5}://[a-zA-Z*.]{1,9}(/[a-z?#]*)?"),
        list("\\PC{0,20}"),
        proptest::option::of(select(vec!["VUE", "REACT", "IOS"]).prop_map(Value::from)),
        list("\\PC{0,20}"),
        optional("\\PC{0,256}"),
    )
        .prop_map(|(name, description, login_url, uris, domains, technology, legacy, origin)| {
            let optional = [
                ("allowedDomains", legacy),
                ("origin", origin),
                ("description", description),
                ("loginUrl", login_url),
                ("allowedRedirectUris", uris),
                ("allowedRedirectDomains", domains),
                ("technology", technology),
            ];
            let present = optional.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value?)));
            Map::from_iter([("name".to_owned(), json!(name))]).into_iter().chain(present).collect()
        })
}

/// Generates JSON of any shape, often with names of the API.
fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        name().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((name(), inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Generates bodies: arbitrary texts, texts of JSON's characters, and JSON with more and more of the expected structure.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => any::<String>(),
        1 => "[\\[\\]{}\",:0-9eE+.\\\\untrfals -]{0,40}",
        4 => tree().prop_map(|tree| tree.to_string()),
        2 => tree().prop_map(|tree| json!({ "oAuthApp": tree, "mask": "name" }).to_string()),
        2 => tree().prop_map(|tree| json!({ "query": tree }).to_string()),
    ]
}

/// Generates a name of the API, or an arbitrary one.
fn name() -> impl Strategy<Value = String> {
    let known = "oAuthApp mask path paths allowedDomains query filter sort paging cursorPaging cursor limit offset fieldName order $eq id name \
                 createdDate loginUrl allowedRedirectUris allowedRedirectDomains wixPagesDomainsMappings origin secret \
                 technology applicationType allowSecretGeneration redirectUrlWixPages oAuthAppId ASC DESC";
    prop_oneof![9 => select(known.split_whitespace().map(str::to_owned).collect::<Vec<_>>()), 1 => "\\PC{0,8}"]
}
