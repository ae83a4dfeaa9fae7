//! The orders that apps can be sorted in.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// A field to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum SortField {
    CreatedDate,
    Name,
}

/// A direction to sort in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum SortOrder {
    Ascending,
    Descending,
}

/// The values of an app that every order compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SortKey {
    pub(crate) id: String,
    pub(crate) created_date: String,
    pub(crate) name: String,
}

/// Compares two apps by the fields of an order, then by descending ID. Strings are compared by code point.
pub(crate) fn compare(order: &[(SortField, SortOrder)], a: &SortKey, b: &SortKey) -> Ordering {
    let by_fields = order.iter().map(|(field, direction)| {
        let ascending = match field {
            SortField::CreatedDate => a.created_date.cmp(&b.created_date),
            SortField::Name => a.name.cmp(&b.name),
        };
        match direction {
            SortOrder::Ascending => ascending,
            SortOrder::Descending => ascending.reverse(),
        }
    });
    by_fields.fold(Ordering::Equal, Ordering::then).then_with(|| b.id.cmp(&a.id))
}
