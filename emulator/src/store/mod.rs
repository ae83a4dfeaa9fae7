pub(crate) mod app;
pub(crate) mod grants;
pub(crate) mod journal;
pub(crate) mod sorted_apps;
pub(crate) mod table;
