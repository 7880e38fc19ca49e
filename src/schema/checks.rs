//! Settings of the soft edits: figures unlike last period's (change, unit-of-measure error,
//! resubmission), unlike the other units' (outliers), or rounded (heaping). Each finding is a
//! warning that the unit may justify.
//!
//! `[checks]` of the form applies to all its figures; `checks` of a row overrides that of a column,
//! and both override the form's. `[checks]` of the campaign overrides all of them. Defaults are
//! those documented at each setting.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// Settings of the checks of a form, a column or a row; an absent setting is taken from the next
/// wider level.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Checks {
    /// Built-in checks that are switched off, by the ids of their findings: `["so-thu-tu-lech"]`. In
    /// `[checks]` of a form or a campaign only.
    #[schemars(with = "Vec<String>")]
    pub off: Vec<Spanned<String>>,
    /// A large change against last period.
    pub change: ChangeCheck,
    /// A figure far from those of the other units of its kind.
    pub peers: PeersCheck,
    /// A thousand or a million times too large or too small.
    pub size: SizeCheck,
    /// Amounts of money too large for their unit of measure.
    pub large: LargeCheck,
    /// Last period's figures sent again.
    pub unchanged: UnchangedCheck,
    /// Figures that all end in 0.
    pub zeros: ZerosCheck,
    /// Dates whose day and month may be swapped.
    pub dates: DatesCheck,
}

/// A large change against last period.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeCheck {
    /// Is the check on? (true if absent)
    pub on: Option<bool>,
    /// Reported beyond this rise in percent of the smaller of the two figures (100 if absent: more
    /// than double, or less than half).
    pub share: Option<u32>,
    /// Reported only if the two figures differ by at least this much (50 if absent).
    pub floor: Option<u32>,
}

/// A figure far from those of the other units of its kind.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PeersCheck {
    /// Is the check on? (true if absent)
    pub on: Option<bool>,
    /// Fewest other units with a figure (8 if absent).
    pub least: Option<u32>,
    /// Reported beyond this many robust standard deviations from the median (6 if absent).
    pub limit: Option<u32>,
    /// Reported only if the figure is at least this far from the median (100 if absent).
    pub floor: Option<u32>,
}

/// A thousand or a million times too large or too small.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SizeCheck {
    /// Is the check on? (true if absent)
    pub on: Option<bool>,
    /// The figure moved by 3 or 6 places must come within this factor of last period's (3 if
    /// absent; 1 to 30).
    pub factor: Option<u32>,
    /// Reported only if the larger of the two figures is at least this (500 if absent).
    pub least: Option<u32>,
}

/// Amounts of money too large for their unit of measure.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LargeCheck {
    /// Is the check on? (true if absent)
    pub on: Option<bool>,
    /// Largest figure that is not asked about, in the figure's own unit of measure (if absent: of
    /// money just below 1.000 tỷ đồng, in forms of tỷ đồng below a thousand times that; nothing else
    /// is asked about).
    pub most: Option<u64>,
}

/// Last period's figures sent again.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UnchangedCheck {
    /// Is the check on? (true if absent)
    pub on: Option<bool>,
    /// Reported only if the figures other than 0 have at least this many digits together (8 if
    /// absent).
    pub least: Option<u32>,
}

/// Counts that all end in 0.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ZerosCheck {
    /// Is the check on? (true if absent)
    pub on: Option<bool>,
    /// Reported only over this many counts of 10 and more (6 if absent).
    pub least: Option<u32>,
}

/// Dates outside the period that lie in it once day and month are swapped.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DatesCheck {
    /// Is the check on? (true if absent)
    pub on: Option<bool>,
}

/// The checks of one figure with every setting in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettledChecks {
    /// Share in percent and floor; `None`: switched off.
    pub change: Option<ChangeLimits>,
    /// `None`: switched off.
    pub peers: Option<PeersLimits>,
    /// `None`: switched off.
    pub size: Option<SizeLimits>,
    /// `None`: switched off.
    pub large: Option<LargeLimits>,
    /// Fewest digits; `None`: this figure does not take part.
    pub unchanged: Option<u32>,
    /// Fewest figures; `None`: this figure does not take part.
    pub zeros: Option<u32>,
    /// Are dates with day and month swapped reported?
    pub dates: bool,
}

/// See [`ChangeCheck`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeLimits {
    /// Rise in percent of the smaller figure.
    pub share: u32,
    /// Smallest difference reported, in the figure's own unit of measure.
    pub floor: u32,
}

/// See [`PeersCheck`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeersLimits {
    /// Fewest other units that must have a figure.
    pub least: u32,
    /// Largest distance from the median that is not reported, in robust standard deviations.
    pub limit: u32,
    /// Smallest distance from the median reported, in the figure's own unit of measure.
    pub floor: u32,
}

/// See [`SizeCheck`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeLimits {
    /// How near to last period's figure the moved figure must be, as a factor.
    pub factor: u32,
    /// The larger of the two figures must be at least this.
    pub least: u32,
}

/// See [`LargeCheck`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LargeLimits {
    /// Largest figure that is not asked about, if it is declared.
    pub most: Option<u64>,
}

impl Checks {
    /// Is a built-in check, by the id of its findings, switched off here?
    pub fn switches_off(&self, check: &str) -> bool {
        self.off.iter().any(|off| off.get_ref() == check)
    }

    /// Puts settings in place: `layers` from the most particular (a row) to the form's own.
    pub fn settle(layers: &[&Checks]) -> SettledChecks {
        fn first<T>(layers: &[&Checks], of: impl Fn(&Checks) -> Option<T>) -> Option<T> {
            layers.iter().find_map(|checks| of(checks))
        }
        let number =
            |of: fn(&Checks) -> Option<u32>, default: u32| first(layers, of).unwrap_or(default);
        let on = |of: fn(&Checks) -> Option<bool>| first(layers, of).unwrap_or(true);
        SettledChecks {
            change: on(|c| c.change.on).then(|| ChangeLimits {
                share: number(|c| c.change.share, 100),
                floor: number(|c| c.change.floor, 50),
            }),
            peers: on(|c| c.peers.on).then(|| PeersLimits {
                least: number(|c| c.peers.least, 8),
                limit: number(|c| c.peers.limit, 6),
                floor: number(|c| c.peers.floor, 100),
            }),
            size: on(|c| c.size.on).then(|| SizeLimits {
                factor: number(|c| c.size.factor, 3),
                least: number(|c| c.size.least, 500),
            }),
            large: on(|c| c.large.on).then(|| LargeLimits {
                most: first(layers, |c| c.large.most),
            }),
            unchanged: on(|c| c.unchanged.on).then(|| number(|c| c.unchanged.least, 8)),
            zeros: on(|c| c.zeros.on).then(|| number(|c| c.zeros.least, 6)),
            dates: on(|c| c.dates.on),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Form;

    const FORM: &str = r#"
id = "abc"
version = "1"
title = "Biểu"
sheet = "Biểu"
[layout]
rows = "fixed"
label = "Chỉ tiêu"
[defaults]
type = "count"
[checks]
change = { share = 50 }
zeros = { on = false }
[[column]]
id = "so"
label = "Số"
checks = { change = { floor = 20 }, peers = { on = false } }
[[row]]
id = "a"
label = "A"
[[row]]
id = "b"
label = "B"
checks = { change = { share = 300 }, peers = { on = true } }
"#;

    #[test]
    fn a_row_goes_before_its_column_and_both_before_the_form() {
        let form = Form::parse("abc.toml", FORM).unwrap();
        let (a, b) = (form.checks(Some(0), 0), form.checks(Some(1), 0));
        assert_eq!(
            a.change,
            Some(ChangeLimits {
                share: 50,
                floor: 20
            })
        );
        assert_eq!(
            b.change,
            Some(ChangeLimits {
                share: 300,
                floor: 20
            })
        );
        assert_eq!((a.peers, a.zeros, a.unchanged), (None, None, Some(8)));
        assert!(b.peers.is_some());
    }
}
