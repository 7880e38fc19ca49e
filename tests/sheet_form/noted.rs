//! The copies that `forms lint --return` writes have every mistake as a note in its cell.

use std::fs;

use tonghop::commands::forms_lint;

use crate::mistakes::kinds;
use crate::notes::notes;

#[test]
fn every_kind_of_mistake_in_a_form_workbook_is_noted_in_its_cell_of_the_copy() {
    let folder = tempfile::tempdir().unwrap();
    let (mut copies, mut kept) = (Vec::new(), Vec::new());
    for kind in kinds().into_iter().filter(|kind| !kind.wanted.is_empty()) {
        let own = folder.path().join(kept.len().to_string());
        fs::create_dir_all(&own).unwrap();
        let file = own.join("thu_chi.xlsx");
        fs::write(&file, kind.book.bytes()).unwrap();
        let (_, copy) = forms_lint(Some(&file), Some(&own.join("tra"))).unwrap();
        assert_eq!(copy.len(), 1, "{}", kind.name);
        copies.extend(copy);
        kept.push(kind);
    }
    assert!(kept.len() >= 70, "{} kinds", kept.len());
    let noted = notes(folder.path(), &copies);
    for (notes, kind) in noted.into_iter().flatten().zip(&kept) {
        for (sheet, cell, words) in kind.wanted {
            let note = notes.get(&format!("{sheet}!{cell}"));
            assert!(
                note.is_some_and(|note| note.contains(words)),
                "{}: {sheet}!{cell} «{words}» is not among {notes:#?}",
                kind.name
            );
        }
    }
}
