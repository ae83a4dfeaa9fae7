//! What a redirect entry is.
