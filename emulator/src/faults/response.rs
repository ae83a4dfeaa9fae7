//! The response of a fault.

use serde_json::Value;

use crate::faults::fault::Fault;
use crate::host::port::Host;
use crate::http::error::ApiError;
use crate::http::response::Response;

/// Returns the response of a fault that has a status or a preset. The fault's own headers replace those of the service.
pub(crate) fn response(fault: Fault, host: &mut dyn Host) -> Response {
    let reason = match fault.preset {
        Some(preset) => format!("an injected fault, the preset {}", preset.name()),
        None => format!("an injected fault with status {}", fault.status.unwrap_or_default()),
    };
    let fault = fault.expand_preset();
    let status = fault.status.unwrap_or_default();
    let mut response = if fault.is_bodiless() {
        Response { status, ..Response::none() }
    } else {
        match fault.body {
            None => Response::json(status, &ApiError::injected(status).body()),
            Some(Value::String(text)) => Response::new(status, "text/plain;charset=UTF-8", text),
            Some(value) => Response::json(status, &value),
        }
    };
    response = response.with_request_id(host).with_reason(reason);
    let headers = fault.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
    response.headers.extend(headers);
    response
}
