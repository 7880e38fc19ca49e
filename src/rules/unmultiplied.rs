//! A column of ratios to 1000 (or another number) typed as plain quotients is one mistake: one
//! finding lists its cells.

use std::collections::BTreeMap;

use super::blank_total::Failed;
use super::instance::Instance;
use super::ratio;
use super::scope::UnitTables;
use super::words::terms::joined;
use crate::model::value::message;
use crate::model::{Message, Suspect};

/// Folds the findings about ratios of one column that were not multiplied into the first of them,
/// with the suspects of all.
pub(super) fn fold(
    unit: &UnitTables<'_>,
    instances: &[Instance],
    failed: Vec<Failed>,
) -> Vec<Failed> {
    let mut first: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut others: BTreeMap<usize, (Vec<Message>, Vec<Suspect>)> = BTreeMap::new();
    let mut kept: Vec<Failed> = Vec::new();
    for (index, finding) in failed {
        let of = ratio::of(&instances[index], unit).filter(ratio::RatioAt::is_unmultiplied);
        let column = of.map(|of| (of.at.table, of.at.column));
        let due = finding.cell.zip(finding.expected.clone());
        match column.map(|column| (column, first.get(&column), due)) {
            Some((_, Some(lead), Some((cell, figure)))) => {
                let (cells, suspects) = others.entry(*lead).or_default();
                cells.push(
                    message!(figure; "{cell} (phải là {figure})", "{cell} (should be {figure})"),
                );
                suspects.extend(finding.review.suspects);
            }
            Some((column, None, _)) => {
                first.insert(column, kept.len());
                kept.push((index, finding));
            }
            _ => kept.push((index, finding)),
        }
    }
    for (lead, (cells, suspects)) in others {
        let Some((index, finding)) = kept.get(lead).cloned() else {
            continue;
        };
        let (count, list) = (cells.len(), joined(&cells, "; ", "; "));
        let mut finding = finding.adding(&message!(
            list;
            " {count} ô khác của cột cũng vậy: {list}.",
            " So are {count} other cells of the column: {list}."
        ));
        // Each is certain: none is one of several between which to choose.
        let all = &mut finding.review.suspects;
        for suspect in suspects {
            let rank = all.len() + 1;
            all.push(Suspect { rank, ..suspect });
        }
        kept[lead] = (index, finding);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, form, table};

    #[test]
    fn quotients_that_were_not_multiplied_are_one_mistake() {
        let rest = "[defaults]\ntype = \"count\"\n\
             [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
             [[column]]\nid = \"a\"\nlabel = \"A\"\n[[column]]\nid = \"b\"\nlabel = \"B\"\n\
             [[column]]\nid = \"p\"\nlabel = \"P\"\ntype = \"ratio\"\nper = 1000\n\
             numerator = \"a\"\ndenominator = \"b\"\n";
        let form = form("abc", "free", rest);
        let rows: [&[&str]; 4] = [
            &["x", "1511", "36122", "0.04"],
            &["y", "784", "4409", "0.18"],
            &["z", "1377", "2156", "638.68"],
            &["t", "10", "200", "51"],
        ];
        let told = check(&[table(&form, &rows)], None);
        assert_eq!(told.len(), 2, "{told:#?}");
        let one = "chưa nhân 1.000. 1 ô khác của cột cũng vậy: D2 (phải là 177,82).";
        assert!(told[0].vi.ends_with(one), "{}", told[0].vi);
        assert_eq!(told[1].cell, "D4");
    }
}
