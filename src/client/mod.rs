//! The operations. Each is a [`Call`], made of checked arguments, that [`Client::perform`] carries out over a
//! [`Transport`].

mod call;
mod options;
mod secret;
mod transport;

pub use call::Call;
pub use options::{Auth, CallOptions, ClientCredentials, ClientOptions, RateLimit, Retry};
pub use secret::Secret;
pub use transport::{Failure, Transport, WireRequest};

use crate::api::{self, Code, Error, Json, Operation};
use crate::app::OAuthAppId;
use crate::query::OAuthAppQuery;
use crate::redirect::ToAscii;
use crate::validate;
use crate::value::Value;
use crate::violation::Violation;
use call::Attempt;

/// A client of the API.
#[derive(Debug)]
pub struct Client {
    options: ClientOptions,
    to_ascii: HostToAscii,
}

/// The host's own reading of a domain name, where it has one. See [`ToAscii`].
pub type HostToAscii = Option<fn(&str) -> Option<String>>;

impl Client {
    /// A client with those options; a `CONFIG` error names every one that is wrong.
    pub fn new<C>(options: &Value, to_ascii: HostToAscii) -> Result<Self, Error<C>> {
        ClientOptions::read(options)
            .map(|options| Self { options, to_ascii })
            .map_err(|faults| Error::refused(Code::Config, Operation::CreateClient, faults))
    }

    /// Creates an app; gives the app, with its secret where the service shows one.
    pub fn create<J: Json>(&self, draft: &Value, options: &Value) -> Result<Call<J>, Error<J>> {
        let options = self.call_options(Operation::Create, options)?;
        let (draft, _) =
            validate::draft(draft, self.to_ascii()).map_err(|faults| refused(Operation::Create, faults))?;
        Ok(Call::new(Operation::Create, options, api::create::request(&draft), api::create::read))
    }

    /// Gets an app.
    pub fn get<J: Json>(&self, id: &Value, options: &Value) -> Result<Call<J>, Error<J>> {
        let options = self.call_options(Operation::Get, options)?;
        let id = read_id(Operation::Get, id)?;
        Ok(Call::new(Operation::Get, options, api::get::request(&id), api::get::read))
    }

    /// Changes exactly the fields of the patch; gives the app as it is then.
    pub fn update<J: Json>(&self, id: &Value, patch: &Value, options: &Value) -> Result<Call<J>, Error<J>> {
        let options = self.call_options(Operation::Update, options)?;
        // Both are looked at before either is refused: every fault is told at once.
        match (OAuthAppId::read(id), validate::patch(patch, self.to_ascii())) {
            (Ok(id), Ok((patch, _))) => {
                Ok(Call::new(Operation::Update, options, api::update::request(&id, &patch), api::update::read))
            }
            (id, patch) => {
                let faults = id.err().into_iter().chain(patch.err().unwrap_or_default()).collect();
                Err(refused(Operation::Update, faults))
            }
        }
    }

    /// Deletes an app: from then on its ID authenticates nobody. Gives nothing.
    pub fn delete<J: Json>(&self, id: &Value, options: &Value) -> Result<Call<J>, Error<J>> {
        let options = self.call_options(Operation::Delete, options)?;
        let id = read_id(Operation::Delete, id)?;
        Ok(Call::new(Operation::Delete, options, api::delete::request(&id), api::delete::read))
    }

    /// Gives one page of apps: `{oAuthApps, pagingMetadata}`.
    pub fn query<J: Json>(&self, query: &Value, options: &Value) -> Result<Call<J>, Error<J>> {
        let options = self.call_options(Operation::Query, options)?;
        let query = OAuthAppQuery::read(query).map_err(|faults| refused(Operation::Query, faults))?;
        Ok(Call::new(Operation::Query, options, api::query::request(&query), api::query::read))
    }

    /// Generates the app's secret and gives it; the service shows it this once.
    pub fn generate_secret<J: Json>(&self, id: &Value, options: &Value) -> Result<Call<J>, Error<J>> {
        let options = self.call_options(Operation::GenerateSecret, options)?;
        let id = read_id(Operation::GenerateSecret, id)?;
        Ok(Call::new(
            Operation::GenerateSecret,
            options,
            api::generate_secret::request(&id),
            api::generate_secret::read,
        ))
    }

    /// Carries a call out.
    pub async fn perform<T: Transport>(
        &self,
        host: &T,
        call: Call<T::Json>,
    ) -> Result<Option<T::Json>, Error<T::Json>> {
        Attempt { client: &self.options, host, call: &call }.run().await
    }

    fn to_ascii(&self) -> ToAscii<'_> {
        self.to_ascii.as_ref().map(|to_ascii| to_ascii as &dyn Fn(&str) -> Option<String>)
    }

    fn call_options<J>(&self, operation: Operation, options: &Value) -> Result<CallOptions, Error<J>> {
        CallOptions::read(options, &self.options).map_err(|faults| Error::refused(Code::Config, operation, faults))
    }
}

fn read_id<J>(operation: Operation, given: &Value) -> Result<OAuthAppId, Error<J>> {
    OAuthAppId::read(given).map_err(|violation| refused(operation, vec![violation]))
}

/// Arguments that are wrong: nothing is sent.
fn refused<J>(operation: Operation, faults: Vec<Violation>) -> Error<J> {
    Error::refused(Code::InvalidArgument, operation, faults)
}

#[cfg(test)]
mod tests;
