//! Built-in checks that a form or its campaign switches off.

use std::sync::Arc;

use crate::model::Finding;
use crate::schema::checks::Checks;
use crate::schema::{Form, switches};

/// Takes out what such checks found; `campaign`: what the campaign says, also of findings about no
/// form.
pub(super) fn drop<'a>(
    forms: impl Iterator<Item = &'a Arc<Form>> + Clone,
    campaign: &Checks,
    findings: &mut Vec<Finding>,
) {
    findings.retain(|finding| {
        let mut forms = forms.clone();
        let form = forms.find(|form| finding.form.as_deref() == Some(form.id()));
        let is_off = campaign.switches_off(&finding.rule)
            || form.is_some_and(|form| form.switches_off(&finding.rule));
        !is_off || !switches::goes(&finding.rule, finding.severity)
    });
}
