//! What happens during a call, for a caller who watches. Never holds a credential.

use crate::api::Operation;
use crate::value::Value;
use crate::violation::Violation;

/// One thing that happens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event<'a> {
    /// A draft or a patch goes out although something in it is likely not meant.
    Warning {
        /// What it goes out for.
        operation: Operation,
        /// What is likely not meant.
        violations: &'a [Violation],
    },
}

impl Event<'_> {
    /// The event as it crosses to JavaScript.
    pub fn to_value(&self) -> Value {
        let Event::Warning { operation, violations } = self;
        Value::from(vec![
            ("type", Value::from("warning")),
            ("operation", Value::from(operation.as_str())),
            ("violations", Violation::list_to_value(violations)),
        ])
    }
}
