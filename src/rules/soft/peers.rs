//! Soft edit: an outlier among the units of a kind. Used only where the unit has no figure of the
//! previous period, which is better evidence, because units of a kind differ in size.

use std::collections::BTreeMap;

use super::robust::Spread;
use super::size::{self, SizeSlip};
use super::typed::{Typed, typed};
use crate::model::value::message;
use crate::model::{Class, Finding, Number, Severity, Value};
use crate::rules::page::Page;
use crate::rules::reporter::Reporter;
use crate::rules::scope::cell_label;
use crate::schema::checks::{PeersLimits, SettledChecks};
use crate::text::normalise;

/// Id of the finding.
pub const OUTLIER: &str = "khac-xa-don-vi-cung-loai";

/// A figure moved by thousands counts as fitting the others if it lies this near their middle, in
/// robust standard deviations.
const FITTING: f64 = 2.0;

/// The page of the user guide.
pub const PAGE: Page = Page {
    title: "Số khác xa các đơn vị cùng loại",
    rules: &[(OUTLIER, "cảnh báo")],
    what: "So từng số đơn vị gõ với cùng ô đó của các đơn vị cùng loại (xã với xã, sở với sở) trong đợt; ở biểu có dòng tự thêm \
           là dòng cùng tên. Mức thường gặp là trung vị, độ phân tán là độ lệch tuyệt đối trung vị (MAD) trên thang lôgarit: \
           vài đơn vị ghi sai không làm lệch được mức này. Ô nào có số kỳ trước thì số kỳ trước được lấy làm chuẩn, không so với đơn vị \
           khác nữa, vì đơn vị lớn nhỏ vốn khác nhau. Kiểm tra một tệp riêng lẻ thì không có phép so này.",
    why: "Kỳ đầu tiên chưa có số kỳ trước; đây là cách duy nhất thấy một số gõ thừa ba số 0 mà biểu vẫn cân.",
    parameters: "`checks.peers` ở đầu biểu, hoặc ở một cột, một dòng:\n\n\
                 | Khóa | Mặc định | Nghĩa |\n|---|---|---|\n\
                 | `on` | `true` | có kiểm tra không |\n\
                 | `least` | 8 | phải có ít nhất bấy nhiêu đơn vị khác cùng loại có số |\n\
                 | `limit` | 6 | cách trung vị quá bấy nhiêu lần độ lệch chuẩn ước từ MAD |\n\
                 | `floor` | 100 | và cách trung vị ít nhất bấy nhiêu |\n\n\
                 ```toml\n[checks]\npeers = { limit = 5, floor = 500 }\n```",
    example: "104 xã khác có từ 40 đến 110 văn bản, ở giữa là 72; một xã ghi 71.000.",
    clerk: "Cán bộ thấy số của mình, số ở giữa và khoảng thường gặp của các đơn vị cùng loại. Số sai thì sửa; số đúng thì ghi lý do.",
};

/// One figure of one unit, in its group.
struct Member<'a> {
    reporter: usize,
    typed: Typed<'a>,
}

/// Findings of all units, each with its unit. `kind`: what a kind of unit is called.
pub fn check(reporters: &[Reporter<'_>], kind: &dyn Fn(&str) -> String) -> Vec<Finding> {
    let mut groups: BTreeMap<[String; 4], Vec<Member<'_>>> = BTreeMap::new();
    for (i, reporter) in reporters.iter().enumerate() {
        let tables = reporter.tables.tables.iter().enumerate();
        // A sum of other units is compared with that of the units, not with single ones.
        for (table, read) in tables.filter(|(_, read)| reporter.sum_of(read.form.id()).is_empty()) {
            for typed in typed(&reporter.tables, table) {
                let key = reporter.tables.row(typed.at).map(|row| normalise(&row.key));
                let column = read.form.file.columns[typed.at.column].id.get_ref();
                let group = [
                    reporter.unit.kind.clone(),
                    read.form.id().to_owned(),
                    key.unwrap_or_default(),
                    column.clone(),
                ];
                groups
                    .entry(group)
                    .or_default()
                    .push(Member { reporter: i, typed });
            }
        }
    }
    let mut findings = Vec::new();
    let mut slipped: BTreeMap<usize, Vec<(SizeSlip, Finding)>> = BTreeMap::new();
    for ([kind_id, ..], members) in &groups {
        for (i, member) in members.iter().enumerate() {
            let reporter = &reporters[member.reporter];
            match judge(reporter, members, i, &kind(kind_id)) {
                Some((Some(slip), finding)) => slipped
                    .entry(member.reporter)
                    .or_default()
                    .push((slip, finding)),
                Some((None, finding)) => findings.push(reporter.sign(finding)),
                None => {}
            }
        }
    }
    for (reporter, slipped) in slipped {
        let folded = size::fold(slipped).into_iter();
        findings.extend(folded.map(|finding| reporters[reporter].sign(finding)));
    }
    findings
}

/// Has this figure already been compared with the previous period?
fn vouched(checks: SettledChecks, previous: Option<Number>) -> bool {
    previous.is_some() && checks.change.is_some()
}

fn judge(
    reporter: &Reporter<'_>,
    members: &[Member<'_>],
    subject: usize,
    kind: &str,
) -> Option<(Option<SizeSlip>, Finding)> {
    let typed = &members[subject].typed;
    let peers = typed.checks.peers?;
    let enough = u32::try_from(members.len() - 1).is_ok_and(|others| others >= peers.least);
    if !enough || vouched(typed.checks, typed.previous) {
        return None;
    }
    let others = members.iter().enumerate().filter(|(i, _)| *i != subject);
    let others = Spread::of(others.map(|(_, other)| other.typed.figure).collect())?;
    if !outlies(typed.figure, &others, peers) {
        return None;
    }
    let (low, high) = others.usual();
    let [median, low, high] = [others.median(), low, high].map(Value::Number);
    let group = format!("{} đơn vị khác cùng loại «{kind}»", others.count());
    let group_en = format!("{} other units of kind «{kind}»", others.count());
    let large = typed.figure.abs().max(others.median().abs());
    let slip = typed
        .checks
        .size
        .filter(|size| large >= Number::from(size.least))
        .and_then(|_| {
            size::moved(typed.figure, typed.field)
                .find(|slip| others.distance(slip.meant) <= FITTING)
        });
    if let Some(slip) = slip {
        let evidence = message!(
        median, low, high;
        "số thường gặp ở {group} (ở giữa là {median}, phần lớn từ {low} đến {high})",
        "the usual figure of {group_en} (median {median}, mostly {low} to {high})"
        );
        let finding = size::finding(&reporter.tables, typed, slip, Class::Rule, &evidence);
        return Some((Some(slip), finding));
    }
    let table = &reporter.tables.tables[typed.at.table];
    let label = cell_label(typed.at, &reporter.tables);
    let found = Value::Number(typed.figure);
    let message = message!(
    found, median, low, high;
    "{label} ghi {found}, khác xa {group}: ở giữa là {median}, phần lớn từ {low} đến {high}. Hãy xem lại; nếu đúng, đề nghị giải trình.",
    "{label} is {found}, far from {group_en}: median {median}, mostly {low} to {high}. Check it; if it is right, please explain."
    );
    let (class, severity) = (Class::Rule, Severity::Warning);
    let finding = Finding::new(OUTLIER, class, severity, &table.file, message)
        .of_form(table.form.id())
        .at(&table.sheet, typed.address)
        .value(Some(found));
    Some((None, finding))
}

fn outlies(figure: Number, others: &Spread, peers: PeersLimits) -> bool {
    let off = figure.checked_sub(others.median());
    off.is_none_or(|off| off.abs() >= Number::from(peers.floor))
        && others.distance(figure) > f64::from(peers.limit)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::extract::Table;
    use crate::model::ReportingUnit;
    use crate::rules::testing::{form, table, unit};
    use crate::schema::Form;

    fn one_figure(checks: &str) -> Arc<Form> {
        let rest = format!(
            "label = \"Chỉ tiêu\"\n[defaults]\ntype = \"count\"\n{checks}\n\
             [[column]]\nid = \"so\"\nlabel = \"Số\"\n[[row]]\nid = \"r\"\nlabel = \"Dòng\"\n"
        );
        form("abc", "fixed", &rest)
    }

    /// So many communes, all alike but for what the last one says.
    fn among(form: &Arc<Form>, odd: &str, count: usize) -> Vec<Finding> {
        let commune = |i: usize| ReportingUnit::new(&format!("{i:02}"), &format!("Xã {i}"), "xa");
        let communes: Vec<ReportingUnit> = (0..count).map(commune).collect();
        let own = |i: usize| match i + 1 == count {
            true => vec![table(form, &[&[odd]])],
            false => vec![table(form, &[&[(1800 + 37 * i).to_string().as_str()]])],
        };
        let tables: Vec<Vec<Table>> = (0..count).map(own).collect();
        let reporters = communes
            .iter()
            .zip(&tables)
            .map(|(commune, tables)| Reporter {
                unit: commune,
                tables: unit(tables),
                owes: vec!["abc"],
                refused: Vec::new(),
                sums: Vec::new(),
                unsettled: Vec::new(),
            });
        check(&reporters.collect::<Vec<_>>(), &|_| "Xã".to_owned())
    }

    #[test]
    fn two_thousand_stored_as_two_is_seen_by_the_other_units() {
        let found = among(&one_figure(""), "2", 10);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(
            (found[0].rule.as_str(), found[0].unit.as_deref()),
            (size::SIZE, Some("09"))
        );
        let suggestion = found[0].review.suspects[0].suggestion.clone();
        assert_eq!(suggestion, Some(Value::Number(2000.into())));
    }

    #[test]
    fn an_outlier_names_its_peers_their_number_and_their_middle() {
        let found = among(&one_figure(""), "30000", 10);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].rule, OUTLIER);
        let said = &found[0].message;
        for part in [
            "9 đơn vị khác cùng loại «Xã»",
            "ở giữa là 1.948",
            "từ 1.800 đến 2.096",
        ] {
            assert!(said.vi.contains(part), "{part}: {}", said.vi);
        }
        let part = "9 other units of kind «Xã»: median 1,948, mostly 1,800 to 2,096";
        assert!(said.en.contains(part), "{}", said.en);
        assert!(among(&one_figure(""), "2600", 10).is_empty(), "not far");
        assert!(among(&one_figure(""), "30000", 8).is_empty(), "too few");
        let off = one_figure("[checks]\npeers = { on = false }");
        assert!(among(&off, "30000", 10).is_empty());
    }
}
