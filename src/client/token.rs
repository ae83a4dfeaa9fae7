//! The credential of a request: the caller's own, or an access token that the client gets for its ID and secret, keeps,
//! and renews before it expires. However many calls wait for one, it is asked for once.

use super::attempt::{Run, Step};
use super::environment;
use super::event::Kind;
use super::options::{Auth, ClientCredentials};
use super::retry::Tries;
use super::transport::{Failure, Transport};
use crate::api::token::{self, ACCESS_TOKEN, EXPIRES_IN};
use crate::api::{Code, Error, Json, Operation};
use crate::concat::Concat as _;
use crate::value::Value;

/// How long before its end a token is renewed, in milliseconds; for one that lives shorter than ten times that, the last
/// tenth of its life.
const EARLY: u64 = 60_000;

/// What the client knows of its token. It holds a credential, so it has no `Debug`.
pub(super) struct Tokens<J> {
    current: Option<Token>,
    /// How often one was asked for, whatever came of it.
    asked: u64,
    /// Why the last time gave none: those who waited for it have no need to ask again.
    refused: Option<Box<Error<J>>>,
}

struct Token {
    text: String,
    /// From when on it is not used any more, in milliseconds since 1970.
    renew_at: u64,
}

impl<J> Default for Tokens<J> {
    fn default() -> Self {
        Self { current: None, asked: 0, refused: None }
    }
}

impl<J> Tokens<J> {
    fn current(&self, now: u64) -> Option<String> {
        self.current.as_ref().filter(|token| now < token.renew_at).map(|token| token.text.clone())
    }

    /// Forgets a token that the service does not take, unless another one is there already.
    pub(super) fn forget(&mut self, text: &str) {
        self.current.take_if(|token| token.text == text);
    }
}

impl<T: Transport> Run<'_, T> {
    /// What goes into the header `Authorization`.
    pub(super) async fn credential(&self, tries: &Tries) -> Result<String, Box<Error<T::Json>>> {
        match &self.client.options.auth {
            Auth::ApiKey(secret) | Auth::AccessToken(secret) => Ok(secret.reveal().to_owned()),
            Auth::Callback => {
                let given = self.host.access_token(self.timeout()).await;
                self.given(given).map_err(|error| error.after(tries.sent))
            }
            Auth::ClientCredentials(client) => self.token(client).await,
        }
    }

    /// The token that the caller's callback gave.
    #[inline(never)]
    fn given(&self, given: Result<T::Json, Failure<T::Json>>) -> Result<String, Box<Error<T::Json>>> {
        match given {
            Ok(token) => self.checked(&token),
            Err(Failure::Network(cause)) => {
                let message = "getAccessToken threw, so there is no token to send; see the cause";
                let mut error = self.error(Code::Unauthenticated, message);
                error.cause = cause;
                Err(error)
            }
            Err(Failure::Timeout) => {
                let timeout = self.timeout().to_string();
                Err(self.error(Code::Timeout, ["getAccessToken gave no token within ", &timeout, " ms"].concat()))
            }
            Err(failure) => Err(self.failed(&failure)),
        }
    }

    fn checked(&self, token: &T::Json) -> Result<String, Box<Error<T::Json>>> {
        let token = token.to_value();
        let message = match token.as_str().map(environment::fault) {
            Some(None) => match token {
                Value::String(text) if is_header_value(&text) => return Ok(text),
                _ => "getAccessToken gave a token that no header can carry".to_owned(),
            },
            Some(Some((_, fault))) => ["getAccessToken gave a token that ", fault].concat(),
            None => ["getAccessToken must give a token as a string, gave ", token.kind()].concat(),
        };
        Err(self.error(Code::Config, message))
    }

    async fn token(&self, client: &ClientCredentials) -> Result<String, Box<Error<T::Json>>> {
        let tokens = &self.client.tokens;
        let current = || tokens.borrow().current(self.host.now());
        if let Some(token) = current() {
            return Ok(token);
        }
        let asked = tokens.borrow().asked;
        let _ticket = self.acquire("oauth2/token").await?;
        if let Some(token) = current() {
            return Ok(token);
        }
        if let Some(refused) = self.refused_since(asked) {
            return Err(refused);
        }
        let minted = self.mint(client).await;
        self.learn(minted)
    }

    /// The refusal that whoever was before us in line was told since we came: it goes for us too.
    fn refused_since(&self, asked: u64) -> Option<Box<Error<T::Json>>> {
        let tokens = self.client.tokens.borrow();
        let mut refused = tokens.refused.clone().filter(|_| tokens.asked != asked)?;
        refused.operation = self.operation.as_str();
        Some(refused)
    }

    /// Keeps what the token endpoint gave.
    #[inline(never)]
    fn learn(&self, minted: Result<Token, Box<Error<T::Json>>>) -> Result<String, Box<Error<T::Json>>> {
        let mut tokens = self.client.tokens.borrow_mut();
        tokens.refused = None;
        match minted {
            Ok(token) => {
                let text = token.text.clone();
                tokens.asked = tokens.asked.wrapping_add(1);
                tokens.current = Some(token);
                Ok(text)
            }
            Err(error) => {
                // Who was aborted has learned nothing that goes for others.
                if error.code != Code::Aborted {
                    tokens.asked = tokens.asked.wrapping_add(1);
                    tokens.refused = Some(error.clone());
                }
                Err(error)
            }
        }
    }

    async fn mint(&self, client: &ClientCredentials) -> Result<Token, Box<Error<T::Json>>> {
        let secret = client.client_secret.reveal();
        let request = token::request(&client.client_id, secret, client.instance_id.as_deref());
        let step = Step { what: Operation::Get, request, read: token::read };
        let mut tries = Tries::default();
        let body = loop {
            self.wait_for_rate_limit(&tries).await?;
            self.go_on(&tries)?;
            match self.send(&step, None, secret, &mut tries).await {
                Ok(body) => break body,
                Err(failed) => self.wait_to_repeat(&step, failed, &mut tries).await?,
            }
        };
        self.minted(body).map_err(|error| error.after(tries.sent))
    }

    /// The token that the endpoint's answer holds.
    #[inline(never)]
    fn minted(&self, body: Option<T::Json>) -> Result<Token, Box<Error<T::Json>>> {
        let body = body.map_or(Value::Null, |body| body.to_value());
        let text = body.get(ACCESS_TOKEN).and_then(Value::as_str).filter(|text| is_header_value(text));
        let Some(text) = text else {
            let message = "the token endpoint gave an access token that no header can carry";
            return Err(self.error(Code::BadResponse, message));
        };
        let expires_in = expires_in(&body);
        self.tell(Kind::Token { expires_in });
        Ok(Token { text: text.to_owned(), renew_at: renew_at(self.host.now(), expires_in) })
    }
}

/// RFC 6749 §5.1: for how many seconds the token is good. Some services write the number as text.
fn expires_in(body: &Value) -> Option<u32> {
    let seconds = match body.get(EXPIRES_IN)? {
        Value::Number(number) => *number,
        Value::String(text) => f64::from(text.parse::<u32>().ok()?),
        _ => return None,
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what does not fit is cut")]
    (seconds >= 0.0).then_some(seconds as u32)
}

/// From when on a token is not used any more. One whose end is not known is used until it is refused.
fn renew_at(now: u64, expires_in: Option<u32>) -> u64 {
    let Some(seconds) = expires_in else { return u64::MAX };
    let life = u64::from(seconds).saturating_mul(1_000);
    now.saturating_add(life).saturating_sub(EARLY.min(life / 10))
}

/// RFC 9110 §5.5, and not empty.
pub(super) fn is_header_value(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}
