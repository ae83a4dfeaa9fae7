pub(crate) mod endpoints;
pub(crate) mod mask;
pub(crate) mod paging;
pub(crate) mod public_suffix;
pub(crate) mod query;
pub(crate) mod schema;
