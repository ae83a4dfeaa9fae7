//! The sites file, and the selection of its sites for a run.
//!
//! - [`table`]: rows and columns, from one ID a line, CSV or JSON
//! - [`shard`]: the part of the sites that one of several jobs takes
//! - [`report`]: the sites that an earlier run has done

use std::collections::{BTreeMap, HashMap};

use crate::error::{Code, Error, Fault, Path, Result};
use crate::library::{is_guid, nearest_name, rule};

pub use report::{Resumed, done};
pub use shard::Shard;

mod report;
mod shard;
mod table;

/// The column that holds the site ID.
const ID_COLUMN: &str = "siteId";

/// A site of the sites file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Site {
    /// The site ID, as it was written.
    pub site_id: String,
    /// Every column with its text, `siteId` among them, for `${site.COLUMN}`.
    pub columns: BTreeMap<String, String>,
    /// The line in the file, from 1.
    pub line: usize,
}

/// Reads a sites file: one site ID a line, CSV with a header that has `siteId`, or a JSON list of IDs or of objects
/// with `siteId`.
///
/// # Errors
/// If there is a fault: all of them, each at its line: a value that is no site ID, a site that is there twice, a
/// malformed file.
pub fn read(text: &str) -> Result<Vec<Site>> {
    let rows = table::read(text.strip_prefix('\u{feff}').unwrap_or(text));
    let rows = rows.map_err(|faults| Error::of_faults(Code::Config, faults))?;
    let (mut sites, mut faults): (Vec<Site>, Vec<Fault>) = (Vec::with_capacity(rows.len()), Vec::new());
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (line, columns) in rows {
        let mut add = |rule: &str, message: String| {
            let fault = Fault::new(Path::default(), rule, message);
            faults.push(Fault { line: Some(line), ..fault });
        };
        let Some(id) = columns.get(ID_COLUMN).filter(|id| !id.is_empty()) else {
            let meant = nearest_name(ID_COLUMN, columns.keys().map(String::as_str));
            let question = meant.map(|meant| format!(" (it has {meant})")).unwrap_or_default();
            add(rule::REQUIRED_FIELD, format!("the row has no {ID_COLUMN}{question}"));
            continue;
        };
        if !is_guid(id) {
            add(rule::FORMAT, not_an_id(id));
            continue;
        }
        match seen.insert(id.to_ascii_lowercase(), line) {
            Some(earlier) => add(rule::DUPLICATE, format!("the site {id} is in line {earlier} already; remove one")),
            None => sites.push(Site { site_id: id.clone(), columns, line }),
        }
    }
    if faults.is_empty() && sites.is_empty() {
        let message = "the sites file has no site; write one site ID a line";
        faults.push(Fault::new(Path::default(), rule::REQUIRED_FIELD, message));
    }
    if faults.is_empty() { Ok(sites) } else { Err(Error::of_faults(Code::Config, faults)) }
}

/// Returns the message for a text that is not a site ID.
///
/// A person who has none yet is likely to give the site's address.
pub(crate) fn not_an_id(text: &str) -> String {
    let is_url = text.contains("://") || (text.contains('.') && !text.contains(' '));
    let what = if is_url { "is the address of a site, not its ID" } else { "is no site ID" };
    format!(
        "{text} {what}. A site ID is a GUID such as 13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11; it is in the address of the \
         site's dashboard, after manage.wix.com/dashboard/"
    )
}

/// Checks a site ID that was given as an option or in the environment.
///
/// # Errors
/// If it is no GUID.
pub fn check_id(text: &str) -> Result<()> {
    if is_guid(text) { Ok(()) } else { Err(Error::new(Code::InvalidArgument, not_an_id(text))) }
}

#[cfg(test)]
mod tests;
