//! The endpoints of the OAuth Apps API. Each reads the whole request, then refuses it or changes the store once.

use std::sync::Arc;

use serde_json::{Value, json};
use wix_oauth_apps::app::{LEGACY_DOMAINS, REDIRECT_DOMAINS, is_guid};

use crate::apps::paging::{self, AppPage};
use crate::apps::schema::{self, CheckedApp, ROOT};
use crate::apps::{mask, public_suffix, query};
use crate::context::Context;
use crate::host::date;
use crate::host::digest::sha256;
use crate::host::random::guid;
use crate::http::error::{ApiError, FieldViolation, Result, ensure_valid};
use crate::http::json::{self, Object};
use crate::options::{CopyDomains, Options};
use crate::route::AppsEndpoint;
use crate::store::app::{App, StoredSecret};
use crate::webhooks::event::EventKind;

/// The result of a call that was not refused.
pub(crate) struct CallResult {
    /// The body of the response.
    pub(crate) body: String,
    /// The event that the call caused, with the ID of the app.
    pub(crate) event: Option<(EventKind, String)>,
    /// Warnings about the redirect entries that the call has written.
    pub(crate) warnings: Vec<String>,
}

impl CallResult {
    fn without_event(body: String) -> Self {
        Self { body, event: None, warnings: Vec::new() }
    }
}

/// Executes a call for a site.
pub(crate) fn call(endpoint: AppsEndpoint<'_>, site_id: &str, context: &mut Context<'_>) -> Result<CallResult> {
    match endpoint {
        AppsEndpoint::Create => create(site_id, context),
        AppsEndpoint::Query => query(site_id, context),
        AppsEndpoint::Get(id) => get(id, site_id, context),
        AppsEndpoint::Update(id) => update(id, site_id, context),
        AppsEndpoint::Delete(id) => delete(id, site_id, context),
        AppsEndpoint::GenerateSecret(id) => generate_secret(id, site_id, context),
        AppsEndpoint::GetSecret(_) => {
            let message = "The secret of an OAuth app cannot be retrieved; generate one";
            Err(ApiError::application(403, "PERMISSION_DENIED", message))
        }
    }
}

fn create(site_id: &str, context: &mut Context<'_>) -> Result<CallResult> {
    let message = context.message()?;
    let CheckedApp { mut fields, mut violations } = schema::writable(app_in(&message)?, context.options)?;
    if !fields.contains_key("name") {
        violations.push(FieldViolation::required(format!("{ROOT}.name")));
    }
    ensure_valid(&violations)?;
    let written: Vec<String> = fields.keys().cloned().collect();
    copy_domains(&mut fields, |field| written.iter().any(|name| name == field), context.options.copy_allowed_domains);
    let id = guid(context.host);
    if context.apps.find(&id).is_some() {
        return Err(ApiError::application(409, "ABORTED", "The new ID is taken, try again"));
    }
    // A secret has the form of a GUID.
    let secret = context.options.secret_on_create.then(|| guid(context.host));
    fields.insert("id".to_owned(), json!(id));
    fields.insert("createdDate".to_owned(), json!(date::to_text(context.now)));
    let stored_secret = secret.as_deref().map(|secret| StoredSecret { sha256: sha256(secret), generated: false });
    let app = App::new(site_id, fields, stored_secret);
    let warnings = public_suffix::warnings(app.entity(), |_| true);
    let mut entity = app.entity().clone();
    entity.extend(secret.map(|secret| ("secret".to_owned(), Value::String(secret))));
    context.apps.put(app);
    Ok(CallResult { body: app_response(&json::write(&entity)), event: Some((EventKind::Created, id)), warnings })
}

fn get(id: &str, site_id: &str, context: &Context<'_>) -> Result<CallResult> {
    ensure_valid(&malformed_id(id, "oAuthAppId"))?;
    Ok(CallResult::without_event(app_response(find(id, site_id, context)?.json())))
}

fn update(id: &str, site_id: &str, context: &mut Context<'_>) -> Result<CallResult> {
    let message = context.message()?;
    let update = app_in(&message)?;
    let mut violations = malformed_id(id, "oAuthApp.id");
    violations.extend(other_id(update, "id", "oAuthApp.id", id)?);
    let mut checked = schema::writable(update, context.options)?;
    violations.append(&mut checked.violations);
    let (masked, mask_violations) = mask::read(&message, context.options.mask_path)?;
    violations.extend(mask_violations);
    let is_masked = |name: &str| masked.iter().any(|field| field.name == name);
    if is_masked("name") && !checked.fields.contains_key("name") {
        violations.push(FieldViolation::required(format!("{ROOT}.name")));
    }
    ensure_valid(&violations)?;
    let app = find(id, site_id, context)?;
    let mut fields = app.entity().clone();
    for field in &masked {
        match checked.fields.get(field.name) {
            Some(value) => fields.insert(field.name.to_owned(), value.clone()),
            None => fields.remove(field.name),
        };
    }
    copy_domains(&mut fields, is_masked, context.options.copy_allowed_domains);
    let app = App::new(site_id, fields, app.secret().cloned());
    let warnings = public_suffix::warnings(app.entity(), is_masked);
    let body = app_response(app.json());
    context.apps.put(app);
    let event = (!masked.is_empty()).then(|| (EventKind::Updated, id.to_owned()));
    Ok(CallResult { body, event, warnings })
}

fn delete(id: &str, site_id: &str, context: &mut Context<'_>) -> Result<CallResult> {
    ensure_valid(&malformed_id(id, "oAuthAppId"))?;
    find(id, site_id, context)?;
    context.apps.remove(site_id, id);
    let event = Some((EventKind::Deleted, id.to_owned()));
    Ok(CallResult { event, ..CallResult::without_event("{}".to_owned()) })
}

fn query(site_id: &str, context: &mut Context<'_>) -> Result<CallResult> {
    let query = query::read(&*context.message()?, context.options)?;
    let page = paging::page(context.apps.apps(site_id), &query);
    Ok(CallResult::without_event(page_response(&page)))
}

fn generate_secret(id: &str, site_id: &str, context: &mut Context<'_>) -> Result<CallResult> {
    let mut violations = malformed_id(id, "oAuthAppId");
    violations.extend(other_id(&*context.message()?, "oAuthAppId", "oAuthAppId", id)?);
    ensure_valid(&violations)?;
    let app = find(id, site_id, context)?;
    if !app.allows_secret() {
        let message = "The secret of this OAuth app was generated, or may not be";
        return Err(ApiError::application(409, "ALREADY_EXISTS", message));
    }
    let mut fields = app.entity().clone();
    // Its default is false for an app with a generated secret.
    fields.remove("allowSecretGeneration");
    let secret = guid(context.host);
    let stored_secret = StoredSecret { sha256: sha256(&secret), generated: true };
    context.apps.put(App::new(site_id, fields, Some(stored_secret)));
    Ok(CallResult::without_event(json::write(&json!({ "oAuthAppSecret": secret }))))
}

/// Finds the app of an ID. The option `staleFor` hides a new app for a while.
fn find<'a>(id: &str, site_id: &str, context: &'a Context<'_>) -> Result<&'a Arc<App>> {
    let Options { stale_for, .. } = context.options;
    let is_hidden = |app: &App| *stale_for > 0 && app.age(context.now).is_some_and(|age| age < u64::from(*stale_for));
    let app = context.apps.app(site_id, id).filter(|app| !is_hidden(app));
    app.ok_or_else(|| ApiError::app_not_found(id))
}

/// Returns the body of a response with one app, which is already written as JSON.
fn app_response(app: &str) -> String {
    [r#"{"oAuthApp":"#, app, "}"].concat()
}

/// Returns the body of a response with a page of apps.
fn page_response(page: &AppPage<'_>) -> String {
    let apps: Vec<_> = page.apps.iter().map(|app| app.json()).collect();
    let metadata = json::write(&page.metadata);
    [r#"{"oAuthApps":["#, &apps.join(","), r#"],"pagingMetadata":"#, &metadata, "}"].concat()
}

/// Returns the app in the body of a request.
fn app_in(message: &Object) -> Result<&Object> {
    let app = json::object_member(message, ROOT, ROOT)?;
    app.ok_or_else(|| ApiError::violations(&[FieldViolation::required(ROOT)]))
}

/// Returns the violation of a malformed ID in the path, reported for a field.
fn malformed_id(id: &str, field: &str) -> Vec<FieldViolation> {
    if is_guid(id) { Vec::new() } else { vec![FieldViolation::format(field, "GUID")] }
}

/// Returns the violation of an ID in the body that differs from the one in the path.
fn other_id(message: &Object, name: &str, field: &str, id: &str) -> Result<Option<FieldViolation>> {
    let differs = json::text_member(message, name, field)?.is_some_and(|body_id| body_id != id);
    Ok(differs.then(|| FieldViolation::other(field, "ID_MISMATCH", "must be the ID in the path")))
}

/// Copies one domain list to the other, if the option says so and the request writes the source alone.
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

#[cfg(test)]
mod tests;
