//! What a run read, for its `run.json`.

use crate::campaign::{Campaign, Clock, Run, RunRecord};

/// What `command` read; its outputs are recorded when they are put in place.
pub(super) fn of(command: &str, campaign: Option<&Campaign>, run: &Run, clock: Clock) -> RunRecord {
    let inputs = run.inputs.iter();
    RunRecord {
        tonghop: env!("CARGO_PKG_VERSION").to_owned(),
        command: command.to_owned(),
        time: clock.now(),
        inputs: inputs
            .map(|(name, hash)| (name.to_string(), hash.clone()))
            .collect(),
        definition: campaign.map_or_else(Default::default, |campaign| campaign.stamps.clone()),
        ..RunRecord::default()
    }
}
