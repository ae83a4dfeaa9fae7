//! The service side of the OAuth Apps API.
