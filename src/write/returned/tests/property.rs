//! Any figures, any findings.

use proptest::prelude::*;

use super::*;

fn cells() -> impl Strategy<Value = BTreeMap<(u32, u16), (u32, bool)>> {
    prop::collection::btree_map((0..30_u32, 0..12_u16), (0..1000_u32, any::<bool>()), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn whatever_is_marked_no_figure_changes(
        figures in cells(),
        marked in prop::collection::vec((0..35_u32, 0..14_u32, 0..3_u8), 0..20),
        later in prop::collection::vec((0..35_u32, 0..14_u32, 0..3_u8), 0..20),
    ) {
        let mut book = Book::new();
        let sheet = book.add_worksheet().set_name("BM").unwrap();
        let grey = Look::new().set_background_color(Color::Gray).set_num_format("0.0");
        for ((row, column), (figure, coloured)) in &figures {
            match coloured {
                true => sheet.write_with_format(*row, *column, *figure, &grey).unwrap(),
                false => sheet.write(*row, *column, *figure).unwrap(),
            };
        }
        let original = book.save_to_buffer().unwrap();
        let find = |marked: &[(u32, u32, u8)]| -> Vec<Finding> {
            marked.iter().map(|(row, column, severity)| {
                let severity = [Severity::Error, Severity::Warning, Severity::Info][usize::from(*severity)];
                finding(severity, "BM", &CellAddress::new(*row, *column).to_string(), "Sai.")
            }).collect()
        };
        let (first, second) = (find(&marked), find(&later));
        let returned = annotate(&original, &notice(&first)).unwrap();
        prop_assert_eq!(&read(&original).sheets[..], &read(&returned).sheets[1..]);
        prop_assert!(annotate(&returned, &notice(&first)).unwrap() == returned);
        let again = annotate(&returned, &notice(&second)).unwrap();
        let direct = annotate(&original, &notice(&second)).unwrap();
        prop_assert_eq!(difference(&again, &direct), None);
        prop_assert_eq!(difference(&strip(&again).unwrap(), &original), None);
    }
}
