//! Any text as a form file and as a campaign file.
#![no_main]

use tonghop::schema::Form;
use tonghop::schema::campaign::CampaignFile;
use tonghop::schema::source::Source;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Err(error) = Form::parse("form.toml", text) {
        let _ = error.to_string();
    }
    let source = Source {
        name: "campaign.toml",
        text,
    };
    let _ = source.parse::<CampaignFile>();
});
