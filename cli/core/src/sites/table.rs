//! The rows of a sites file.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ID_COLUMN;
use crate::error::{Fault, Path};
use crate::library::{nearest_name, rule};

/// The line of a row, and its columns.
pub(super) type Row = (usize, BTreeMap<String, String>);

/// Reads the rows of a file, whatever its form.
pub(super) fn read(text: &str) -> Result<Vec<Row>, Vec<Fault>> {
    if text.trim_start().starts_with(['[', '{']) {
        return read_json(text);
    }
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let is_csv = first.is_some_and(|line| line.contains([',', ';', '\t']) || is_header(line));
    if is_csv { read_csv(text) } else { Ok(read_lines(text)) }
}

/// Checks whether a line is the header of a file with one column.
fn is_header(line: &str) -> bool {
    nearest_name(line.trim_matches('"'), [ID_COLUMN].into_iter()).is_some()
}

/// Reads one ID a line. Empty lines and lines that begin with `#` do not count.
fn read_lines(text: &str) -> Vec<Row> {
    let lines = text.lines().enumerate().map(|(at, line)| (at.saturating_add(1), line.trim()));
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(at, line)| (at, BTreeMap::from([(ID_COLUMN.to_owned(), line.to_owned())])))
        .collect()
}

fn fault(line: usize, rule: &str, message: impl Into<String>) -> Fault {
    Fault { line: Some(line), ..Fault::new(Path::default(), rule, message) }
}

/// Reads CSV (RFC 4180) with a header.
fn read_csv(text: &str) -> Result<Vec<Row>, Vec<Fault>> {
    let mut records = csv_records(text).map_err(|fault| vec![fault])?.into_iter();
    let Some((line, header)) = records.next() else { return Ok(Vec::new()) };
    let names: Vec<&str> = header.iter().map(|name| name.trim()).collect();
    if !names.contains(&ID_COLUMN) {
        let joined = names.join(",");
        let has_other_separator = joined.contains([';', '\t']) && joined.contains(ID_COLUMN);
        let message = if has_other_separator {
            "the columns of a CSV file are separated by commas".to_owned()
        } else {
            let meant = nearest_name(ID_COLUMN, names.iter().copied());
            let question = meant.map(|meant| format!("; rename {meant}")).unwrap_or_default();
            format!("a CSV file begins with a header that has the column {ID_COLUMN}{question}")
        };
        return Err(vec![fault(line, rule::REQUIRED_FIELD, message)]);
    }
    let mut faults = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if names.iter().take(at).any(|earlier| earlier == name) {
            faults.push(fault(line, rule::DUPLICATE, format!("the header has the column {name} twice")));
        }
    }
    let mut rows = Vec::new();
    for (line, record) in records {
        if record.len() != names.len() {
            let message = format!("the row has {} columns, and the header {}", record.len(), names.len());
            faults.push(fault(line, rule::FORMAT, message));
            continue;
        }
        let columns = names.iter().map(|name| (*name).to_owned()).zip(record.iter().map(|cell| cell.trim().to_owned()));
        rows.push((line, columns.collect()));
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

/// Returns the records of a CSV text, each with the line at which it begins. Empty lines do not count.
fn csv_records(text: &str) -> Result<Vec<(usize, Vec<String>)>, Fault> {
    let mut records = Vec::new();
    let (mut record, mut cell) = (Vec::new(), String::new());
    let (mut line, mut start, mut is_quoted, mut was_quoted) = (1_usize, 1_usize, false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\n' {
            line = line.saturating_add(1);
        }
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            other if is_quoted => cell.push(other),
            '"' if cell.trim().is_empty() && !was_quoted => {
                cell.clear();
                (is_quoted, was_quoted) = (true, true);
            }
            ',' => {
                record.push(std::mem::take(&mut cell));
                was_quoted = false;
            }
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' => {
                record.push(std::mem::take(&mut cell));
                records.push((start, std::mem::take(&mut record)));
                (start, was_quoted) = (line, false);
            }
            other => cell.push(other),
        }
    }
    if is_quoted {
        return Err(fault(start, rule::FORMAT, "a text in quotes does not end; a quote within is written twice"));
    }
    record.push(cell);
    records.push((start, record));
    let is_empty = |record: &[String]| matches!(record, [cell] if cell.trim().is_empty());
    records.retain(|(_, record)| !is_empty(record));
    Ok(records)
}

/// Reads a list of IDs, or of objects.
fn read_json(text: &str) -> Result<Vec<Row>, Vec<Fault>> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| vec![fault(error.line(), rule::FORMAT, format!("the file is no JSON: {error}"))])?;
    let Value::Array(elements) = value else {
        let message = "a JSON file must be a list of site IDs, or of objects with siteId";
        return Err(vec![fault(1, rule::TYPE, message)]);
    };
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for (element, line) in elements.iter().zip(element_lines(text)) {
        match element {
            Value::String(id) => rows.push((line, BTreeMap::from([(ID_COLUMN.to_owned(), id.clone())]))),
            Value::Object(members) => {
                let mut columns = BTreeMap::new();
                for (name, value) in members {
                    match value {
                        Value::String(text) => columns.insert(name.clone(), text.clone()),
                        Value::Number(_) | Value::Bool(_) => columns.insert(name.clone(), value.to_string()),
                        Value::Null => None,
                        _ => {
                            let message = format!("the column {name} must be a text, a number or a boolean");
                            faults.push(fault(line, rule::TYPE, message));
                            None
                        }
                    };
                }
                rows.push((line, columns));
            }
            _ => faults.push(fault(line, rule::TYPE, "an element must be a site ID, or an object with siteId")),
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

/// Returns the lines at which the elements of a list begin, in a text that is known to be JSON.
fn element_lines(text: &str) -> Vec<usize> {
    let (mut lines, mut line, mut depth) = (Vec::new(), 1_usize, 0_usize);
    let (mut is_text, mut is_escaped, mut is_expected) = (false, false, false);
    for byte in text.bytes() {
        if byte == b'\n' {
            line = line.saturating_add(1);
        }
        if is_text {
            let is_end = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            is_text = !is_end;
            continue;
        }
        if is_expected && !byte.is_ascii_whitespace() && byte != b']' {
            lines.push(line);
            is_expected = false;
        }
        match byte {
            b'"' => is_text = true,
            b'[' | b'{' => {
                depth = depth.saturating_add(1);
                is_expected |= depth == 1;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => is_expected |= depth == 1,
            _ => {}
        }
    }
    lines
}
