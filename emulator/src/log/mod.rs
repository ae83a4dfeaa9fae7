pub(crate) mod redact;
pub(crate) mod request_log;
