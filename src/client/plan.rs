//! The plan of a call, made from its arguments before anything is sent.

use super::call::CallContext;
use super::change::{Change, LISTS, ListChange};
use super::ensure::WantedApp;
use super::options::CallOptions;
use super::shared::Client;
use super::transport::Transport;
use crate::api::{ApiRequest, Code, Endpoint, Error, Json, Operation};
use crate::app::{OAuthAppDraft, OAuthAppId, OAuthAppPatch};
use crate::query::OAuthAppQuery;
use crate::validate::{self, Purpose};
use crate::value::Value;
use crate::violation::Violation;

/// An operation on arguments that have been checked, ready to be performed.
#[derive(Debug)]
pub struct Call {
    pub(super) operation: Operation,
    pub(super) options: CallOptions,
    /// The warnings on the arguments.
    pub(super) warnings: Vec<Violation>,
    plan: Plan,
}

/// The requests of a call.
#[derive(Debug)]
enum Plan {
    /// One request; with the app and the change of its lists, if the request changes them.
    Request(ApiRequest, Option<(OAuthAppId, Change)>),
    Redirects(OAuthAppId, Change),
    Ensure(WantedApp),
}

impl Call {
    /// Checks the arguments of an operation: `subject` is the ID of the app, `content` a draft, patch, query or entries.
    /// The error lists all faults.
    pub(super) fn read<J: Json>(
        client: &Client<J>,
        operation: Operation,
        subject: &Value,
        content: &Value,
        options: &Value,
    ) -> Result<Self, Box<Error<J>>> {
        let options = CallOptions::read_for(operation, options, &client.options)
            .map_err(|faults| Error::refused(Code::Config, operation.as_str(), faults))?;
        let (mut faults, mut warnings) = (Vec::new(), Vec::new());
        let arguments = Arguments { client, operation, content, is_exact: options.is_exact };
        let plan = arguments.plan(subject, &mut faults, &mut warnings);
        match plan.filter(|_| faults.is_empty()) {
            Some(plan) => Ok(Self { operation, options, warnings, plan }),
            None => Err(Error::refused(Code::InvalidArgument, operation.as_str(), faults)),
        }
    }
}

struct Arguments<'a, J> {
    client: &'a Client<J>,
    operation: Operation,
    content: &'a Value,
    is_exact: bool,
}

impl<J: Json> Arguments<'_, J> {
    #[inline(never)]
    fn plan(&self, subject: &Value, faults: &mut Vec<Violation>, warnings: &mut Vec<Violation>) -> Option<Plan> {
        let (content, to_ascii) = (self.content, self.client.to_ascii());
        match self.operation {
            Operation::Query | Operation::List => {
                let query = OAuthAppQuery::read(content).map_err(|more| faults.extend(more)).ok()?;
                return Some(Plan::Request(ApiRequest::query(&query), None));
            }
            Operation::Create => {
                let fields = validate::fields(content, Purpose::Create, to_ascii, faults, warnings)?;
                return Some(Plan::Request(ApiRequest::create(OAuthAppDraft(fields)), None));
            }
            Operation::Ensure => {
                return WantedApp::read(content, self.is_exact, to_ascii, faults, warnings).map(Plan::Ensure);
            }
            _ => {}
        }
        let id = OAuthAppId::read(subject).map_err(|fault| faults.push(fault)).ok();
        let (request, change) = match self.operation {
            Operation::AllowRedirects | Operation::DisallowRedirects => {
                let change = self.redirects(faults, warnings);
                return Some(Plan::Redirects(id?, change?));
            }
            Operation::Update => {
                let purpose = Purpose::Update(id.as_ref());
                let patch = OAuthAppPatch(validate::fields(content, purpose, to_ascii, faults, warnings)?);
                let change = Change::replacing(Some(&patch));
                (ApiRequest::update(id.as_ref()?, patch), Some(change))
            }
            Operation::Delete => (ApiRequest::delete(id.as_ref()?), Some(Change::replacing(None))),
            Operation::GenerateSecret => (ApiRequest::generate_secret(id.as_ref()?), None),
            Operation::IsClientActive => {
                for fault in faults {
                    "clientId".clone_into(&mut fault.field);
                }
                (ApiRequest::visitor_token(id.as_ref()?), None)
            }
            _ => (ApiRequest::get(id.as_ref()?), None),
        };
        Some(Plan::Request(request, change.and_then(|change| Some((id?, change)))))
    }

    /// Reads the entries of `allowRedirects` and `disallowRedirects`.
    fn redirects(&self, faults: &mut Vec<Violation>, warnings: &mut Vec<Violation>) -> Option<Change> {
        let is_added = self.operation == Operation::AllowRedirects;
        // Any entry may be removed, even one that could not be added.
        let judge = is_added.then_some(self.client.to_ascii());
        let (entries, doubts) = validate::redirects(self.content, judge).map_err(|more| faults.extend(more)).ok()?;
        warnings.extend(doubts);
        let mut change = Change::default();
        for ((list, _), entries) in LISTS.iter().enumerate().zip(entries) {
            let (add, remove) = if is_added { (entries, Vec::new()) } else { (Vec::new(), entries) };
            change.lists.push(ListChange { list, add, remove, is_exact: false });
        }
        Some(change)
    }
}

impl<T: Transport> CallContext<'_, T> {
    /// Carries out the plan of a call.
    pub(super) async fn carry_out(&self, call: &Call) -> Result<T::Json, Box<Error<T::Json>>> {
        match &call.plan {
            Plan::Request(request, change) => {
                let mut _ticket = None;
                if let Some((id, change)) = change
                    && request.endpoint == Endpoint::Update
                {
                    _ticket = Some(self.acquire_app(id).await?);
                    self.client.unsettled.supersede(id, change);
                }
                let result = self.perform(request).await;
                self.finish_request(request.endpoint, result, change.as_ref())
            }
            Plan::Redirects(id, change) => {
                let (app, changes) = self.change(id, None, change, &mut Vec::new()).await?;
                Ok(T::Json::from_value(&changes.to_value()).with("oAuthApp", app))
            }
            Plan::Ensure(wanted) => self.ensure(wanted).await,
        }
    }

    #[inline(never)]
    fn finish_request(
        &self,
        endpoint: Endpoint,
        result: Result<T::Json, Box<Error<T::Json>>>,
        change: Option<&(OAuthAppId, Change)>,
    ) -> Result<T::Json, Box<Error<T::Json>>> {
        match (result, change) {
            (Ok(result), change) => {
                if let Some((id, change)) = change {
                    self.client.unsettled.supersede(id, change);
                }
                Ok(result)
            }
            // The service refuses a second secret unless the app allows it.
            (Err(error), _) if endpoint == Endpoint::GenerateSecret && error.code == Code::Conflict => {
                Err(error.with_context("; updateOAuthApp(id, { allowSecretGeneration: true }) allows another secret"))
            }
            (Err(error), _) => Err(error),
        }
    }
}
