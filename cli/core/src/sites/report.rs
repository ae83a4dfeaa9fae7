//! The report of a run: one JSON line a site, `{"siteId", "ok", "run", …}`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::error::{Code, Error, Result};

/// The work of an earlier run.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resumed {
    /// The IDs of the sites that are done, in lower case.
    pub done: BTreeSet<String>,
    /// The lines that cannot be read, such as one that was cut off when the run was killed. Their sites are done
    /// again.
    pub unreadable: Vec<usize>,
    /// Set if the report does not end with a line feed, so that one must be written before the next line.
    pub needs_line_feed: bool,
}

/// Reads a report. Of several lines about a site the last one counts. `run` identifies the command; a line of another
/// command is a fault, since a site that one command has done is not done for the other.
///
/// # Errors
/// If the report is of another command.
pub fn done(text: &str, run: Option<&str>) -> Result<Resumed> {
    let mut outcomes = BTreeMap::new();
    let mut resumed = Resumed { needs_line_feed: !text.is_empty() && !text.ends_with('\n'), ..Resumed::default() };
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let number = at.saturating_add(1);
        let value: Value = serde_json::from_str(line).unwrap_or_default();
        let id = value.get("siteId").and_then(Value::as_str);
        let (Some(id), Some(is_ok)) = (id, value.get("ok").and_then(Value::as_bool)) else {
            resumed.unreadable.push(number);
            continue;
        };
        let other = value.get("run").and_then(Value::as_str);
        if other.is_some() && run.is_some() && other != run {
            let message = format!(
                "line {number} of the report is of a run with other arguments; --resume continues the same command, \
                 so give another --report file"
            );
            return Err(Error::new(Code::Config, message));
        }
        outcomes.insert(id.to_ascii_lowercase(), is_ok);
    }
    resumed.done = outcomes.into_iter().filter(|(_, is_ok)| *is_ok).map(|(id, _)| id).collect();
    Ok(resumed)
}
