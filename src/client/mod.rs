//! The operations. Each is a [`Call`], made of checked arguments, that [`Client::perform`] carries out over a
//! [`Transport`].

mod call;
mod event;
mod options;
mod secret;
mod transport;

pub use call::Call;
pub use event::Event;
pub use options::{Auth, CallOptions, ClientCredentials, ClientOptions, RateLimit, Retry};
pub use secret::Secret;
pub use transport::{Failure, Transport, WireRequest};

use crate::api::{self, Code, Error, HttpRequest, Json, Operation};
use crate::app::OAuthAppId;
use crate::query::OAuthAppQuery;
use crate::redirect::ToAscii;
use crate::validate;
use crate::value::Value;
use crate::violation::Violation;
use call::{Attempt, Read};

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
            .map_err(|faults| Error::refused(Code::Config, "createClient", faults))
    }

    /// The call of an operation: `subject` is the ID of the app it is about, `content` its draft, patch or query.
    /// Everything that is wrong with them is told at once, and nothing is sent.
    pub fn call<J: Json>(
        &self,
        operation: Operation,
        subject: &Value,
        content: &Value,
        options: &Value,
    ) -> Result<Call<J>, Error<J>> {
        let options = CallOptions::read(options, &self.options)
            .map_err(|faults| Error::refused(Code::Config, operation.as_str(), faults))?;
        match self.request(operation, subject, content) {
            Ok((request, read, warnings)) => Ok(Call { operation, options, request, read, warnings }),
            Err(faults) => Err(Error::refused(Code::InvalidArgument, operation.as_str(), faults)),
        }
    }

    fn request<J: Json>(
        &self,
        operation: Operation,
        subject: &Value,
        content: &Value,
    ) -> Result<(HttpRequest, Read<J>, Vec<Violation>), Vec<Violation>> {
        let id = || OAuthAppId::read(subject).map_err(|violation| vec![violation]);
        let (request, read): (_, Read<J>) = match operation {
            Operation::Create => {
                let (draft, warnings) = validate::draft(content, self.to_ascii())?;
                return Ok((api::create::request(&draft), api::create::read, warnings));
            }
            Operation::Update => match (id(), validate::patch(content, self.to_ascii())) {
                (Ok(id), Ok((patch, warnings))) => {
                    return Ok((api::update::request(&id, &patch), api::update::read, warnings));
                }
                (id, patch) => return Err([id.err().unwrap_or_default(), patch.err().unwrap_or_default()].concat()),
            },
            Operation::Get => (api::get::request(&id()?), api::get::read),
            Operation::Delete => (api::delete::request(&id()?), api::delete::read),
            Operation::Query => (api::query::request(&OAuthAppQuery::read(content)?), api::query::read),
            Operation::GenerateSecret => (api::generate_secret::request(&id()?), api::generate_secret::read),
        };
        Ok((request, read, Vec::new()))
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
}

#[cfg(test)]
mod tests;
