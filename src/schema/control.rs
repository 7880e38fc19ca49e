//! `[[control]]` of a campaign file: control totals, figures that the office knows from elsewhere.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use crate::model::value::number_from_f64;
use crate::model::{Number, Severity};

/// A figure known from another system, or the sum of other units' figures, that a cell of one unit
/// or a total over units must equal. Exactly one of `value`, `equals` and `path` is set.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ControlText {
    /// Id; names the defect: `vneid-lech-so-cong-an`.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// What the figure is; the form's own labels if absent.
    pub label: Option<String>,
    /// Code of the unit whose figure it is; absent: the total over units.
    #[schemars(with = "Option<String>")]
    pub unit: Option<Spanned<String>>,
    /// Only units of these kinds are added up; all that must file the form if absent.
    pub kinds: Option<Vec<String>>,
    /// `form!row.column`, or `form!column` of a free-row form: the sum of its rows.
    #[schemars(with = "Option<String>")]
    pub cell: Option<Spanned<String>>,
    /// The figure, as the other system has it.
    pub value: Option<ExactFigure>,
    /// An expression over `form!row.column`, each the sum over units: what the cell must equal.
    #[schemars(with = "Option<String>")]
    pub equals: Option<Spanned<String>>,
    /// CSV file, relative to the campaign, with one figure a line: unit,cell,value,source and, if
    /// wanted, id,label,tolerance.
    #[schemars(with = "Option<String>")]
    pub path: Option<Spanned<String>>,
    /// Where the figure comes from, printed in the finding.
    pub source: Option<String>,
    /// Largest difference that is accepted (0 if absent).
    pub tolerance: Option<ExactFigure>,
    /// `error` (the default): the unit's form goes back; `warning`: the unit may explain.
    #[serde(default = "error")]
    pub severity: Severity,
}

fn error() -> Severity {
    Severity::Error
}

/// An exact figure in a TOML file: `3259`, `53.22`, or text for more digits than a double holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(with = "f64")]
pub struct ExactFigure(pub Number);

impl<'de> Deserialize<'de> for ExactFigure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = ExactFigure;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a figure such as 3259 or 53.22")
            }

            fn visit_i64<E>(self, figure: i64) -> Result<ExactFigure, E> {
                Ok(ExactFigure(figure.into()))
            }

            fn visit_f64<E: de::Error>(self, figure: f64) -> Result<ExactFigure, E> {
                let exact = number_from_f64(figure).map(ExactFigure);
                exact.ok_or_else(|| E::custom("no figure of that size can be held"))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ExactFigure, E> {
                let exact = text.parse().map(ExactFigure);
                exact.map_err(|_| E::custom(format!("`{text}` is no figure; write 3259 or 53.22")))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}
