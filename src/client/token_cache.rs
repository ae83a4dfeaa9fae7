//! The access token of a client, and the outcome of the last request for one.

use crate::api::{Code, Error};

/// The access token that a client uses, or the reason why it has none. Contains a credential, so it has no `Debug`.
pub(super) struct TokenCache<J> {
    current: Option<Token>,
    /// How many times a token was requested, with or without success.
    requests: u64,
    /// The error of the last request: calls that waited for it need not send another one.
    refusal: Option<Box<Error<J>>>,
}

pub(super) struct Token {
    pub(super) text: String,
    /// The time from which the token is not used any more, in milliseconds since 1970.
    pub(super) renew_at: u64,
}

impl<J> Default for TokenCache<J> {
    fn default() -> Self {
        Self { current: None, requests: 0, refusal: None }
    }
}

impl<J: Clone> TokenCache<J> {
    /// Returns the token if it is still valid.
    pub(super) fn current(&self, now: u64) -> Option<String> {
        self.current.as_ref().filter(|token| now < token.renew_at).map(|token| token.text.clone())
    }

    /// Returns how many times a token was requested.
    pub(super) fn requests(&self) -> u64 {
        self.requests
    }

    /// Returns the error of a request that was sent since there were so many.
    pub(super) fn refusal_since(&self, requests: u64) -> Option<Box<Error<J>>> {
        self.refusal.clone().filter(|_| self.requests != requests)
    }

    /// Removes a token that the service refuses, unless it was replaced already.
    pub(super) fn forget(&mut self, text: &str) {
        if self.current.as_ref().is_some_and(|token| token.text == text) {
            self.current = None;
        }
    }

    /// Stores the outcome of a request for a token, and returns the token.
    pub(super) fn store(&mut self, outcome: Result<Token, Box<Error<J>>>) -> Result<String, Box<Error<J>>> {
        self.refusal = None;
        match outcome {
            Ok(token) => {
                let text = token.text.clone();
                self.requests = self.requests.wrapping_add(1);
                self.current = Some(token);
                Ok(text)
            }
            Err(error) => {
                // An abort belongs to one caller; do not cache it for the others.
                if error.code != Code::Aborted {
                    self.requests = self.requests.wrapping_add(1);
                    self.refusal = Some(error.clone());
                }
                Err(error)
            }
        }
    }
}
