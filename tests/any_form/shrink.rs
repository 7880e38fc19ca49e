//! Makes a campaign smaller as long as it still fails in the same way.

use crate::forms::expression::{Ex, Path};
use crate::forms::generate;
use crate::forms::spec::{Campaign, Form, Rows};
use crate::trial;

/// Runs spent on one failure at most.
const PATIENCE: usize = 300;

/// The smallest campaign found that has a failure of a kind.
pub fn smallest(campaign: Campaign, kind: &str) -> Campaign {
    let mut best = campaign;
    let mut runs = 0;
    loop {
        let mut smaller = None;
        for candidate in candidates(&best) {
            runs += 1;
            if runs > PATIENCE {
                return best;
            }
            let failures = trial::failures(&candidate);
            if failures.iter().any(|failure| failure.kind == kind) {
                smaller = Some(candidate);
                break;
            }
        }
        match smaller {
            Some(smaller) => best = smaller,
            None => return best,
        }
    }
}

/// The campaign with one thing less, large things first.
fn candidates(campaign: &Campaign) -> Vec<Campaign> {
    let mut found = Vec::new();
    let mut less = |change: &dyn Fn(&mut Campaign) -> bool| {
        let mut smaller = campaign.clone();
        if change(&mut smaller) {
            tidy(&mut smaller);
            found.push(smaller);
        }
    };
    less(&|c| {
        c.periods -= 1;
        c.periods > 0
    });
    less(&|c| {
        c.first += 1;
        c.periods -= 1;
        c.periods > 0
    });
    for form in 0..campaign.forms.len() {
        less(&|c| {
            c.forms.remove(form);
            !c.forms.is_empty()
        });
    }
    for unit in 0..campaign.units.len() {
        less(&|c| {
            c.units.remove(unit);
            !c.units.is_empty()
        });
    }
    for form in 0..campaign.forms.len() {
        let of = &campaign.forms[form];
        for row in 0..of.fixed().len() {
            less(&|c| match &mut c.forms[form].rows {
                Rows::Fixed(rows) if rows.len() > 1 => {
                    rows.remove(row);
                    true
                }
                _ => false,
            });
        }
        for column in 0..of.columns.len() {
            less(&|c| {
                let columns = &mut c.forms[form].columns;
                let key = columns[column].key;
                columns.remove(column);
                !columns.is_empty() && !key
            });
        }
        for rule in 0..of.rules.len() {
            less(&|c| {
                c.forms[form].rules.remove(rule);
                true
            });
        }
        plainer(form, of, &mut less);
    }
    found
}

/// Makes a campaign less; false where what is left is no campaign.
type Cut<'c> = &'c dyn Fn(&mut Campaign) -> bool;

/// What a form can do without.
fn plainer(form: usize, of: &Form, less: &mut dyn FnMut(Cut<'_>)) {
    if of.numbering {
        less(&|c| {
            c.forms[form].numbering = false;
            true
        });
    }
    if of.names_above {
        less(&|c| {
            c.forms[form].names_above = false;
            true
        });
    }
    if of.ordinal.is_some() {
        less(&|c| c.forms[form].ordinal.take().is_some());
    }
    if of.unit_column.is_some() {
        less(&|c| c.forms[form].unit_column.take().is_some());
    }
    if of.unit.is_some() || of.code.is_some() || !of.notes.is_empty() {
        less(&|c| {
            let form = &mut c.forms[form];
            (form.unit, form.code, form.notes) = (None, None, Vec::new());
            true
        });
    }
    if of.total().is_some() {
        less(&|c| match &mut c.forms[form].rows {
            Rows::Free { total, .. } => total.take().is_some(),
            Rows::Fixed(_) => false,
        });
    }
    if of.columns.iter().any(|column| column.label.len() > 1) {
        less(&|c| {
            for column in &mut c.forms[form].columns {
                column.label = vec![column.label.join(" ")];
            }
            true
        });
    }
}

/// Drops what names something that is no longer there, and rules that no longer hold.
fn tidy(campaign: &mut Campaign) {
    let forms = campaign.forms.clone();
    let named = |form: &Form, ex: &Ex| {
        ex.names().iter().all(|name| {
            let of = match &name.form {
                None => Some(form),
                Some(id) => forms.iter().find(|form| form.id == *id),
            };
            of.is_some_and(|of| {
                let known = |id: &String| of.column(id).is_some() || of.row(id).is_some();
                match &name.path {
                    Path::One(id) => known(id),
                    Path::Cell(row, column) => {
                        let row = of.row(row);
                        let column = of.column(column);
                        row.zip(column)
                            .is_some_and(|(r, c)| of.field(r, c).is_some())
                    }
                    Path::Range(first, last) => known(first) && known(last),
                }
            })
        })
    };
    for (form, before) in campaign.forms.iter_mut().zip(&forms) {
        form.rules.retain(|rule| {
            named(before, &rule.check) && rule.when.as_ref().is_none_or(|when| named(before, when))
        });
        let unnamed = |ex: &Option<Ex>| ex.as_ref().is_some_and(|ex| !named(before, ex));
        for column in &mut form.columns {
            if unnamed(&column.bound) {
                column.bound = None;
            }
        }
        form.columns
            .retain(|column| !without_operands(before, &column.kind, &named));
        if let Rows::Fixed(rows) = &mut form.rows {
            for row in rows.iter_mut() {
                if unnamed(&row.bound) {
                    row.bound = None;
                }
                if let Some(columns) = &mut row.columns {
                    columns.retain(|id| before.column(id).is_some());
                }
            }
            rows.retain(|row| {
                let kind = row.kind.as_ref();
                !kind.is_some_and(|kind| without_operands(before, kind, &named))
            });
        }
    }
    generate::settle(campaign);
}

fn without_operands(
    form: &Form,
    kind: &crate::forms::spec::Type,
    named: &dyn Fn(&Form, &Ex) -> bool,
) -> bool {
    let crate::forms::spec::Type::Percent {
        ratio: Some(ratio), ..
    } = kind
    else {
        return false;
    };
    !(named(form, &ratio.numerator) && named(form, &ratio.denominator))
}
