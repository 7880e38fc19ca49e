//! The types of a form file. What is written here is what an analyst may write in
//! `schemas/*.toml`; the JSON Schema for editors is generated from the same types.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::checks::Checks;
use super::rule_text::{Example, RuleText};

/// One form file: a table to fill, its columns and rows, its rules, its layout.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormFile {
    /// Id other files and rules use; lower-case letters, digits and `_`.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// Version of the form, changed whenever a column, row or rule changes.
    pub version: String,
    /// Official code printed on the form: "Biểu số II.06a/VPCP/KSTT".
    pub code: Option<String>,
    /// Title of the table.
    pub title: String,
    /// Name of the sheet in the template.
    pub sheet: String,
    /// Unit of measure of the whole table (ĐVT).
    pub unit: Option<String>,
    /// Does a unit that sums up others (`summed_by` of the roster) file their sum in it? Its figures
    /// are then compared with the sum of theirs and not added to the totals. Otherwise every unit
    /// files its own figures; where the form does not say so and units of two levels file it, this is
    /// asked.
    pub sums_up: Option<bool>,
    /// Text the form comes from.
    pub legal_basis: Option<String>,
    /// Workbook of the office's own, beside the form file or below its folder, that units are sent
    /// in place of a sheet drawn from this file.
    pub template: Option<String>,
    /// How to fill the form, in plain Vietnamese.
    pub help: Option<String>,
    /// Notes printed under the table.
    #[serde(default)]
    pub notes: Vec<String>,
    /// How the table is laid out.
    pub layout: Layout,
    /// What columns and rows are unless they say otherwise.
    #[serde(default)]
    pub defaults: Defaults,
    /// Warnings about figures that are unlike last period's or the other units'.
    #[serde(default)]
    pub checks: Checks,
    /// Columns, left to right.
    #[serde(rename = "column")]
    pub columns: Vec<Indicator>,
    /// Rows of a fixed-row form, top to bottom.
    #[serde(default, rename = "row")]
    pub rows: Vec<Indicator>,
    /// What must hold.
    #[serde(default, rename = "rule")]
    pub rules: Vec<RuleText>,
    /// Figures with the rules they break: the form's own tests.
    #[serde(default, rename = "example")]
    pub examples: Vec<Example>,
}

/// How the table lies on its sheet.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Are the rows listed in the form file, or added by the unit?
    pub rows: RowKind,
    /// Header of the ordinal column (STT, TT); none if absent.
    pub ordinal: Option<String>,
    /// Header of the column that holds the row labels (fixed rows only).
    pub label: Option<String>,
    /// Header of the column that prints each row's unit of measure; none if absent.
    pub unit_column: Option<String>,
    /// Where the name of a row stands.
    #[serde(default)]
    pub names: NamePlace,
    /// Is there a row (1), (2), (3)... under the header?
    #[serde(default)]
    pub numbering: bool,
    /// Label of the total row, which is checked and never imported as data; none if absent.
    pub total: Option<String>,
    /// Number of blank rows in the template of a free-row form; 15 if absent.
    #[serde(default = "prepared_rows")]
    pub prepared_rows: u32,
    /// Names of rows that the form prints to show how the others are filled; none of them is read
    /// (free rows only).
    #[serde(default)]
    pub examples: Vec<String>,
    /// How the sheet is printed.
    #[serde(default)]
    pub orientation: Orientation,
}

fn prepared_rows() -> u32 {
    15
}

/// Where the rows of a form come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RowKind {
    /// The rows are listed in the form file: indicators.
    Fixed,
    /// The unit adds rows: fields of work, projects.
    Free,
}

/// Where the name of a row stands on the sheet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NamePlace {
    /// Beside its figures.
    #[default]
    Beside,
    /// Alone in the row above its figures, often in a merged cell.
    Above,
}

/// Paper orientation of a printed table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Orientation {
    /// Upright.
    #[default]
    Portrait,
    /// On its side.
    Landscape,
}

/// An indicator: a row or column to fill in, with type and unit of measure. In a fixed-row form
/// what the row says about its figures goes before what the column says.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Id that rules use; lower-case letters, digits and `_`; rows and columns share one space.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// Text in the header or label column. A list is a header path: spanning header first.
    pub label: Label,
    /// Other texts that mean this row or column (the last part of a path is enough).
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Number printed in the ordinal column of a fixed row ("1", "1.1"), or under a column's header
    /// in the row of column numbers ("1", "2a"); counted if absent, columns with those of ordinals,
    /// labels and units of measure.
    pub no: Option<String>,
    /// A fixed row that only prints its label over the rows below it.
    #[serde(default)]
    pub heading: bool,
    /// A column of words that identifies a free row: the first one names the row, further ones tell
    /// rows of one name apart.
    #[serde(default)]
    pub key: bool,
    /// Fixed row: the columns it has; all if absent.
    pub columns: Option<Vec<String>>,
    /// Fixed row: the kinds of unit that fill it in; with `units`, these and those. All units if
    /// neither is there.
    pub kinds: Option<Vec<String>>,
    /// Fixed row: codes of the units that fill it in, beside those of `kinds`.
    pub units: Option<Vec<String>>,
    /// The cell holds a formula in the template.
    #[serde(default)]
    pub computed: bool,
    /// What sort of figure it is.
    #[serde(rename = "type")]
    pub kind: Option<FieldType>,
    /// Declared decimals of an amount (0 if absent), a percentage or a ratio (2 if absent).
    pub decimals: Option<u32>,
    /// How a percentage, ratio or amount is rounded to its decimals.
    pub rounding: Option<Rounding>,
    /// Percentage, ratio: what is divided; an expression over names.
    #[schemars(with = "Option<String>")]
    pub numerator: Option<Spanned<String>>,
    /// Percentage, ratio: what it is divided by.
    #[schemars(with = "Option<String>")]
    pub denominator: Option<Spanned<String>>,
    /// Ratio: to how many of the denominator it is: 1000 for births per 1000 inhabitants; 1 if
    /// absent.
    #[schemars(range(min = 1))]
    pub per: Option<u32>,
    /// Percentage, ratio with operands: is a figure with fewer decimals right, too, if it is the
    /// quotient rounded to them? So it is where the printed form does not say how many there are.
    pub fewer_decimals: Option<bool>,
    /// Amount: is a figure with more decimals than declared right, too, and one that is rounded with
    /// fewer? So it is where the printed form does not say how many there are.
    #[serde(default)]
    pub any_decimals: bool,
    /// Values a choice may have.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Unit of measure.
    pub unit: Option<String>,
    /// May it be below zero?
    #[serde(default)]
    pub negative: bool,
    /// What a blank cell means.
    pub blank: Option<Meaning>,
    /// What "-" means.
    pub dash: Option<Meaning>,
    /// What "không" means.
    pub khong: Option<Meaning>,
    /// What "x" means.
    pub x: Option<Meaning>,
    /// How units' figures become the province's.
    pub aggregate: Option<Aggregate>,
    /// What a quarter, half or year has of the figures of its closed months. Without it a form with
    /// counts or amounts cannot be put together from them; other cells have the last.
    pub over_time: Option<OverTime>,
    /// How to fill it, for the clerk.
    pub help: Option<String>,
    /// Its own settings of the form's `checks`.
    #[serde(default)]
    pub checks: Checks,
}

/// What rows and columns of a form are unless they say otherwise.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// What sort of figure.
    #[serde(rename = "type")]
    pub kind: Option<FieldType>,
    /// Declared decimals.
    pub decimals: Option<u32>,
    /// Rounding.
    pub rounding: Option<Rounding>,
    /// What a blank cell means.
    pub blank: Option<Meaning>,
    /// What "-" means.
    pub dash: Option<Meaning>,
    /// What "không" means.
    pub khong: Option<Meaning>,
    /// What "x" means.
    pub x: Option<Meaning>,
}

/// A label, or a path of labels for headers that span.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Label {
    /// One cell.
    One(String),
    /// Spanning header first, the column's own header last.
    Path(Vec<String>),
}

impl Label {
    /// The parts, spanning header first.
    pub fn path(&self) -> &[String] {
        match self {
            Label::One(text) => std::slice::from_ref(text),
            Label::Path(parts) => parts,
        }
    }

    /// The row's or column's own text, without what spans it.
    pub fn own(&self) -> &str {
        self.path().last().map_or("", String::as_str)
    }

    /// How many headers one above another it has.
    pub fn depth(&self) -> usize {
        self.path().len()
    }

    /// The whole path in one line: "Số hồ sơ đã giải quyết › Tổng số".
    pub fn full(&self) -> String {
        self.path().join(" › ")
    }
}

/// The sort of figure a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// A whole number of things.
    Count,
    /// Money or a measure, with declared decimals.
    Amount,
    /// A percentage, 53,22 for 53,22%, computed from numerator and denominator.
    Percent,
    /// A figure divided by another that is no percentage, such as pupils per class.
    Ratio,
    /// Words.
    Text,
    /// A calendar day.
    Date,
    /// Ticked ("x") or not.
    Flag,
    /// One of `choices`.
    Choice,
    /// A code that may look like a number and is none: "01.0001".
    Code,
}

impl FieldType {
    /// Is it a figure that can be added and compared?
    pub fn is_numeric(self) -> bool {
        matches!(
            self,
            FieldType::Count | FieldType::Amount | FieldType::Percent | FieldType::Ratio
        )
    }

    /// Is it one figure divided by another? Such figures do not add up.
    pub fn is_ratio(self) -> bool {
        matches!(self, FieldType::Percent | FieldType::Ratio)
    }
}

/// How a figure is brought to its declared decimals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// 53,225 becomes 53,23.
    #[default]
    HalfUp,
    /// 53,229 becomes 53,22: what is behind is dropped.
    Truncate,
}

impl Rounding {
    /// The function of rules and of Excel that rounds so.
    pub fn function(self) -> &'static str {
        match self {
            Rounding::HalfUp => "ROUND",
            Rounding::Truncate => "ROUNDDOWN",
        }
    }

    /// The other way.
    pub fn other(self) -> Rounding {
        match self {
            Rounding::HalfUp => Rounding::Truncate,
            Rounding::Truncate => Rounding::HalfUp,
        }
    }
}

/// What a blank or a mark means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Meaning {
    /// A figure is due and is not there: an error.
    Missing,
    /// Rightly nothing: no figure, not zero.
    Nothing,
    /// The figure 0.
    Zero,
    /// A ticked flag.
    Yes,
    /// A flag expressly not ticked.
    No,
    /// It has no meaning here: an error, whose message says what may be written.
    Refused,
}

impl Meaning {
    /// May a blank or a mark mean this in a box to tick?
    pub fn fits_flag(self) -> bool {
        matches!(
            self,
            Meaning::Nothing | Meaning::Yes | Meaning::No | Meaning::Refused
        )
    }
}

/// How the figures of units become the province's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Aggregate {
    /// Added up.
    Sum,
    /// Computed anew from the consolidated numerator and denominator.
    Ratio,
    /// How many units ticked it.
    Count,
    /// The one figure there is, or the last in roster order.
    Last,
    /// All of them, one after another.
    List,
    /// Not consolidated.
    None,
}

/// What a period has of a unit's figures of the shorter periods it is put together from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OverTime {
    /// Added up: what happened in each (a flow).
    Sum,
    /// That of the first: what was there at the beginning (an opening stock).
    First,
    /// That of the last: what is there at the end (a closing stock), or was counted from the
    /// beginning of the year.
    Last,
}

impl Aggregate {
    /// That of a type whose form file declares none.
    pub fn usual(kind: FieldType) -> Aggregate {
        match kind {
            FieldType::Count | FieldType::Amount => Aggregate::Sum,
            FieldType::Percent | FieldType::Ratio => Aggregate::Ratio,
            FieldType::Flag => Aggregate::Count,
            FieldType::Text | FieldType::Choice => Aggregate::List,
            FieldType::Date | FieldType::Code => Aggregate::None,
        }
    }
}
