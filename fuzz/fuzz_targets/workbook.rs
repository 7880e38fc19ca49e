//! Any bytes as a file of the inbox.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tonghop_fuzz::read(bytes));
