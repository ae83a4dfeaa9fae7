//! The endpoints of the OAuth Apps API. Each reads its request whole, refuses it or changes the store once, and answers.

use serde_json::{Value, json};
use wix_oauth_apps::app::{LEGACY_DOMAINS, REDIRECT_DOMAINS, is_guid};

use crate::apps::paging::{self, Page};
use crate::apps::schema::{self, Checked, ROOT};
use crate::apps::{mask, public_suffix, query};
use crate::host::date;
use crate::host::port::{Host, guid};
use crate::http::error::{ApiError, FieldViolation, Result, none_of};
use crate::http::json::{self, Object};
use crate::options::{CopyDomains, Options};
use crate::route::Endpoint;
use crate::store::app::{App, Store, StoredSecret, sha256};
use crate::webhooks::EventKind;

/// One call, for one site.
pub(crate) struct Call<'a> {
    pub(crate) site_id: &'a str,
    pub(crate) options: &'a Options,
    pub(crate) store: &'a mut Store,
    /// Milliseconds since 1970.
    pub(crate) now: u64,
    pub(crate) host: &'a mut dyn Host,
    /// The event of the call, with the ID of the app.
    pub(crate) happened: Option<(EventKind, String)>,
    /// Warnings about the entries that the call has written, for the log.
    pub(crate) warnings: Vec<String>,
}

/// The answer that holds one app, written already.
fn one(app: &str) -> String {
    [r#"{"oAuthApp":"#, app, "}"].concat()
}

/// The answer that holds a page of apps.
fn many(page: &Page) -> String {
    let apps: Vec<_> = page.apps.iter().map(|app| app.json()).collect();
    let metadata = json::write(&page.metadata);
    [r#"{"oAuthApps":["#, &apps.join(","), r#"],"pagingMetadata":"#, &metadata, "}"].concat()
}

impl Call<'_> {
    /// The body of the answer.
    pub(crate) fn run(&mut self, endpoint: Endpoint<'_>, body: &Object) -> Result<String> {
        match endpoint {
            Endpoint::Create => self.create(body),
            Endpoint::Query => self.query(body),
            Endpoint::Get(id) => self.get(id),
            Endpoint::Update(id) => self.update(id, body),
            Endpoint::Delete(id) => self.delete(id),
            Endpoint::GenerateSecret(id) => self.generate_secret(id, body),
            Endpoint::GetSecret(_) => {
                let message = "The secret of an OAuth app cannot be retrieved; generate one";
                Err(ApiError::application(403, "PERMISSION_DENIED", message))
            }
        }
    }

    fn create(&mut self, body: &Object) -> Result<String> {
        let Checked { mut fields, mut violations } = schema::writable(given_app(body)?, self.options)?;
        if !fields.contains_key("name") {
            violations.push(FieldViolation::required(format!("{ROOT}.name")));
        }
        none_of(&violations)?;
        let written: Vec<String> = fields.keys().cloned().collect();
        copy_domains(&mut fields, |field| written.iter().any(|name| name == field), self.options.copy_allowed_domains);
        let id = guid(self.host);
        if self.store.knows(&id) {
            return Err(ApiError::application(409, "ABORTED", "The new ID is taken, try again"));
        }
        let secret = self.options.secret_on_create.then(|| new_secret(self.host));
        fields.insert("id".to_owned(), json!(id));
        fields.insert("createdDate".to_owned(), json!(date::to_text(self.now)));
        let stored = |secret: &str| StoredSecret { sha256: sha256(secret), generated: false };
        let app = App::new(fields, secret.as_deref().map(stored));
        self.warnings = public_suffix::warnings(app.entity(), |_| true);
        let mut answer = app.entity().clone();
        answer.extend(secret.map(|secret| ("secret".to_owned(), Value::String(secret))));
        self.store.put(self.site_id, app);
        self.happened = Some((EventKind::Created, id));
        Ok(one(&json::write(&answer)))
    }

    fn get(&self, id: &str) -> Result<String> {
        none_of(&malformed_id(id, "oAuthAppId"))?;
        Ok(one(self.app(id)?.json()))
    }

    fn update(&mut self, id: &str, body: &Object) -> Result<String> {
        let given = given_app(body)?;
        let mut violations = malformed_id(id, "oAuthApp.id");
        violations.extend(other_id(given, "id", "oAuthApp.id", id)?);
        let mut checked = schema::writable(given, self.options)?;
        violations.append(&mut checked.violations);
        let (masked, refused) = mask::read(body, self.options.mask_path)?;
        violations.extend(refused);
        if masked.iter().any(|field| field.name == "name") && !checked.fields.contains_key("name") {
            violations.push(FieldViolation::required(format!("{ROOT}.name")));
        }
        none_of(&violations)?;
        let app = self.app(id)?;
        let mut fields = app.entity().clone();
        let happened = (!masked.is_empty()).then(|| (EventKind::Updated, id.to_owned()));
        for field in &masked {
            match checked.fields.get(field.name) {
                Some(value) => fields.insert(field.name.to_owned(), value.clone()),
                None => fields.remove(field.name),
            };
        }
        let is_masked = |name: &str| masked.iter().any(|field| field.name == name);
        copy_domains(&mut fields, is_masked, self.options.copy_allowed_domains);
        let app = App::new(fields, app.secret().cloned());
        self.warnings = public_suffix::warnings(app.entity(), is_masked);
        let answer = one(app.json());
        self.store.put(self.site_id, app);
        self.happened = happened;
        Ok(answer)
    }

    fn delete(&mut self, id: &str) -> Result<String> {
        none_of(&malformed_id(id, "oAuthAppId"))?;
        self.app(id)?;
        self.store.remove(self.site_id, id);
        self.happened = Some((EventKind::Deleted, id.to_owned()));
        Ok("{}".to_owned())
    }

    fn query(&mut self, body: &Object) -> Result<String> {
        let query = query::read(body, self.options)?;
        let page = paging::page(self.store.apps(self.site_id), &query);
        Ok(many(&page))
    }

    fn generate_secret(&mut self, id: &str, body: &Object) -> Result<String> {
        let mut violations = malformed_id(id, "oAuthAppId");
        violations.extend(other_id(body, "oAuthAppId", "oAuthAppId", id)?);
        none_of(&violations)?;
        let app = self.app(id)?;
        if !app.allows_secret() {
            let message = "The secret of this OAuth app was generated, or may not be";
            return Err(ApiError::application(409, "ALREADY_EXISTS", message));
        }
        let mut fields = app.entity().clone();
        // Left to its default, it becomes false with the secret.
        fields.remove("allowSecretGeneration");
        let secret = new_secret(self.host);
        let stored = StoredSecret { sha256: sha256(&secret), generated: true };
        self.store.put(self.site_id, App::new(fields, Some(stored)));
        Ok(json::write(&json!({ "oAuthAppSecret": secret })))
    }

    /// The app of this ID. A new one is found by its ID only after a while, if the options say so.
    fn app(&self, id: &str) -> Result<&App> {
        let is_stale = |app: &&App| app.age(self.now).is_some_and(|age| age < u64::from(self.options.stale_for));
        let app = self.store.app(self.site_id, id).filter(|app| !is_stale(app));
        app.ok_or_else(|| ApiError::app_not_found(id))
    }
}

/// The app in the body of a request.
fn given_app(body: &Object) -> Result<&Object> {
    match json::member(body, ROOT) {
        Some(app) => json::object(app, ROOT),
        None => Err(ApiError::violations(&[FieldViolation::required(ROOT)])),
    }
}

/// What is wrong with the ID in the path; the field is the one that the path stands for.
fn malformed_id(id: &str, field: &str) -> Vec<FieldViolation> {
    if is_guid(id) { Vec::new() } else { vec![FieldViolation::format(field, "GUID")] }
}

/// What is wrong where the body names another app than the path.
fn other_id(body: &Object, name: &str, field: &str, id: &str) -> Result<Option<FieldViolation>> {
    let Some(given) = json::member(body, name) else { return Ok(None) };
    let differs = json::text(given, field)? != id;
    let violation = || FieldViolation::other(field, "ID_MISMATCH", "must be the ID in the path");
    Ok(differs.then(violation))
}

/// Copies one domain list into the other, where the option says so and the request writes the source alone.
fn copy_domains(fields: &mut Object, is_written: impl Fn(&str) -> bool, option: CopyDomains) {
    let (from, to) = match option {
        CopyDomains::Never => return,
        CopyDomains::ToAllowedRedirectDomains => (LEGACY_DOMAINS, REDIRECT_DOMAINS),
        CopyDomains::FromAllowedRedirectDomains => (REDIRECT_DOMAINS, LEGACY_DOMAINS),
    };
    if is_written(from) && !is_written(to) {
        match fields.get(from).cloned() {
            Some(domains) => fields.insert(to.to_owned(), domains),
            None => fields.remove(to),
        };
    }
}

/// A new client secret, in the form of a GUID.
fn new_secret(host: &mut dyn Host) -> String {
    guid(host)
}

#[cfg(test)]
mod tests;
