//! The value of a cell in a JSON document.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::Value as Json;

use crate::model::Value;

/// What a cell holds.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(super) struct JsonValue(Json);

impl JsonValue {
    pub(super) fn of(value: &Value) -> JsonValue {
        JsonValue(value.to_json())
    }
}

impl JsonSchema for JsonValue {
    fn schema_name() -> Cow<'static, str> {
        "Held".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["number", "string", "boolean"],
            "description": "What a cell holds: a figure (as text with a dot before decimals where a double would not hold it exactly), words, a mark, or a day as 2025-09-30.",
        })
    }
}
