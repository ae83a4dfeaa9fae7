//! The names of the operations and of the error codes, as JavaScript sees them.

/// An operation that a caller can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Operation {
    Create,
    Get,
    Update,
    Delete,
    Query,
    GenerateSecret,
    List,
    AllowRedirects,
    DisallowRedirects,
    Ensure,
    IsClientActive,
}

impl Operation {
    /// Every operation, in the order of its variants.
    pub const ALL: [Operation; 11] = [
        Self::Create,
        Self::Get,
        Self::Update,
        Self::Delete,
        Self::Query,
        Self::GenerateSecret,
        Self::List,
        Self::AllowRedirects,
        Self::DisallowRedirects,
        Self::Ensure,
        Self::IsClientActive,
    ];

    /// Returns the operation of the function of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.as_str() == name)
    }

    /// Returns the name of the function in JavaScript.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "createOAuthApp",
            Self::Get => "getOAuthApp",
            Self::Update => "updateOAuthApp",
            Self::Delete => "deleteOAuthApp",
            Self::Query => "queryOAuthApps",
            Self::GenerateSecret => "generateOAuthAppSecret",
            Self::List => "listOAuthApps",
            Self::AllowRedirects => "allowRedirects",
            Self::DisallowRedirects => "disallowRedirects",
            Self::Ensure => "ensureOAuthApp",
            Self::IsClientActive => "isClientActive",
        }
    }
}

/// The kind of an error, for a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// An argument is wrong; the violations name its fields. Nothing was changed.
    InvalidArgument,
    /// The credential is missing, wrong or expired.
    Unauthenticated,
    /// The credential is valid and does not permit the operation.
    PermissionDenied,
    /// The site has no app with this ID.
    NotFound,
    /// The request contradicts the state of the service.
    Conflict,
    /// The service's rate limit refused the request.
    RateLimited,
    /// The service, or a gateway in front of it, failed.
    ServerError,
    /// The connection failed before there was a response.
    Network,
    /// No complete response arrived in time.
    Timeout,
    /// The caller's signal ended the call.
    Aborted,
    /// The response is not one of the API.
    BadResponse,
    /// The request may or may not have taken effect.
    OutcomeUnknown,
    /// An option of the client or of the call is wrong.
    Config,
    /// The signature of a webhook is not one of the key, or its algorithm is not RS256.
    InvalidSignature,
    /// A webhook is too old, or from the future.
    Expired,
}

impl Code {
    /// Returns the code as JavaScript sees it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::PermissionDenied => "PERMISSION_DENIED",
            Self::NotFound => "NOT_FOUND",
            Self::Conflict => "CONFLICT",
            Self::RateLimited => "RATE_LIMITED",
            Self::ServerError => "SERVER_ERROR",
            Self::Network => "NETWORK",
            Self::Timeout => "TIMEOUT",
            Self::Aborted => "ABORTED",
            Self::BadResponse => "BAD_RESPONSE",
            Self::OutcomeUnknown => "OUTCOME_UNKNOWN",
            Self::Config => "CONFIG",
            Self::InvalidSignature => "INVALID_SIGNATURE",
            Self::Expired => "EXPIRED",
        }
    }
}
