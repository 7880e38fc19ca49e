//! Each folder of `samples/loi-thuong-gap` holds a workbook with one kind of mistake, the command
//! and what it says. `TRYCMD=overwrite cargo test --test common_mistakes` writes the pages anew.

#[test]
fn every_common_mistake_is_told_as_its_page_says() {
    trycmd::TestCases::new().case("samples/loi-thuong-gap/*/README.md");
}
