//! Control totals as a campaign declares them: `[[control]]` in `campaign.toml` and the CSV files
//! it names, checked against forms and roster before anything is read.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use toml::Spanned;

use super::control_list::{ControlLine, columns, is_column};
use super::lists;
use crate::campaign::error::ToolError;
use crate::model::{Message, Number, Severity, sha256};
use crate::roster::Roster;
use crate::rules::control::{Control, Wanted};
use crate::schema::campaign::CampaignFile;
use crate::schema::control::ControlText;
use crate::schema::expression::Name;
use crate::schema::parser;
use crate::schema::resolve::anywhere;
use crate::schema::source::Source;
use crate::schema::{Aggregate, Form, lint};

/// What names are checked against.
struct Known<'a> {
    file: &'a CampaignFile,
    forms: &'a [Arc<Form>],
    roster: &'a Roster,
}

/// Loads every control total of a campaign; `stamps` gets the hash of each file it reads.
///
/// # Errors
/// The file of a control total cannot be read, or names what no form has.
pub fn load(
    source: &Source<'_>,
    folder: &Path,
    file: &CampaignFile,
    forms: &[Arc<Form>],
    roster: &Roster,
    stamps: &mut BTreeMap<String, String>,
) -> Result<Vec<Control>, ToolError> {
    let known = Known {
        file,
        forms,
        roster,
    };
    let mut controls = Vec::new();
    for (i, text) in file.controls.iter().enumerate() {
        let id = text.id.get_ref();
        if file.controls[..i]
            .iter()
            .any(|other| other.id.get_ref() == id)
        {
            let message = Message::new(
                format!("số kiểm soát `{id}` khai hai lần"),
                format!("control total `{id}` is declared twice"),
            );
            return Err(at(source, &text.id, message));
        }
        match &text.path {
            Some(path) => controls.extend(known.lines(source, folder, text, path, stamps)?),
            None => controls.push(known.declared(source, text)?),
        }
    }
    Ok(controls)
}

fn at(source: &Source<'_>, place: &Spanned<String>, message: Message) -> ToolError {
    source.error(Some(place.span()), message).into()
}

impl Known<'_> {
    /// One `[[control]]` that says its figure itself.
    fn declared(&self, source: &Source<'_>, text: &ControlText) -> Result<Control, ToolError> {
        let complain = |vi: &str, en: &str| at(source, &text.id, Message::new(vi, en));
        let unit = text.unit.as_ref();
        let about = |place: &Spanned<String>, (key, message): (&'static str, Message)| {
            source.error(Some(place.span()), message).about(key)
        };
        let place = unit.or(text.cell.as_ref()).unwrap_or(&text.id);
        self.whose(
            unit.map(|unit| unit.get_ref().as_str()),
            text.kinds.as_deref(),
        )
        .map_err(|why| about(place, why))?;
        let Some(cell) = &text.cell else {
            return Err(complain(
                "số kiểm soát phải có `cell` (hoặc `path` đến một tệp CSV)",
                "a control total needs `cell` (or the `path` of a CSV file)",
            ));
        };
        let wanted = match (&text.value, &text.equals) {
            (Some(figure), None) => Wanted::Figure(figure.0),
            (None, Some(equals)) => {
                let expr = source.expression(equals)?;
                lint::figure_names(source, self.forms, None, equals, &expr)?;
                Wanted::Sum(expr)
            }
            (given, _) => {
                let key = given.as_ref().map_or("path", |_| "value");
                let message = Message::new(
                    "số kiểm soát phải có đúng một trong `value`, `equals`, `path`",
                    "a control total needs exactly one of `value`, `equals` and `path`",
                );
                return Err(source
                    .error(Some(text.id.span()), message)
                    .about(key)
                    .into());
            }
        };
        if text.source.is_none() && matches!(wanted, Wanted::Figure(_)) {
            return Err(complain(
                "số kiểm soát phải có `source`: số này lấy từ đâu",
                "a control total needs `source`: where the figure comes from",
            ));
        }
        let name = self
            .name(cell.get_ref())
            .map_err(|message| at(source, cell, message))?;
        let control = Control {
            id: text.id.get_ref().clone(),
            label: text.label.clone(),
            unit: unit.map(|unit| unit.get_ref().as_str().into()),
            kinds: text.kinds.clone(),
            cell: name,
            wanted,
            source: text.source.clone(),
            tolerance: self.tolerance(text.tolerance.map(|figure| figure.0)),
            severity: text.severity,
            declared: source.file_name().into(),
        };
        self.check(&control)
            .map_err(|why| about(unit.unwrap_or(cell), why))?;
        Ok(control)
    }

    /// The lines of a CSV file; every mistake in it is reported in one go.
    fn lines(
        &self,
        source: &Source<'_>,
        folder: &Path,
        text: &ControlText,
        path: &Spanned<String>,
        stamps: &mut BTreeMap<String, String>,
    ) -> Result<Vec<Control>, ToolError> {
        let alone = text.cell.is_none() && text.value.is_none() && text.equals.is_none();
        if !alone || text.unit.is_some() {
            let message = Message::new(
                "có `path` thì `cell`, `value`, `equals`, `unit` để trong tệp CSV",
                "with `path`, `cell`, `value`, `equals` and `unit` belong in the CSV file",
            );
            return Err(at(source, &text.id, message));
        }
        let place = folder.join(path.get_ref());
        let bytes = std::fs::read(&place).map_err(ToolError::io(&place))?;
        stamps.insert(path.get_ref().replace('\\', "/"), sha256(&bytes));
        let file = place.display().to_string();
        let declared: Arc<str> = path.get_ref().as_str().into();
        let (controls, faults) = self.parse(&file, &bytes, text, &declared);
        if faults.is_empty() {
            return Ok(controls);
        }
        let told = |of: fn(&Message) -> &String| {
            let lines = faults
                .iter()
                .map(|(line, why)| format!("{file}:{line}: {}", of(why)));
            lines.collect::<Vec<_>>().join("\n")
        };
        Err(ToolError::Other(Message::new(
            told(|m| &m.vi),
            told(|m| &m.en),
        )))
    }

    fn parse(
        &self,
        name: &str,
        bytes: &[u8],
        text: &ControlText,
        declared: &Arc<str>,
    ) -> (Vec<Control>, Vec<(u64, Message)>) {
        let list = match lists::read(name, bytes, is_column) {
            Ok(list) => list,
            Err(fault) => return (Vec::new(), vec![fault]),
        };
        let columns = match columns(&list.heading.fields) {
            Ok(columns) => columns,
            Err(message) => return (Vec::new(), vec![(list.heading.line, message)]),
        };
        let (mut controls, mut faults): (Vec<Control>, Vec<(u64, Message)>) = Default::default();
        for row in &list.rows {
            let line = row.line;
            let cells = ControlLine {
                columns: &columns,
                row,
                decimal_comma: list.decimal_comma,
            };
            match self.line(&cells, text, declared) {
                Ok(control) if controls.iter().any(|other| same(other, &control)) => {
                    let message = Message::new(
                        format!("`{}` của `{}` đã có ở dòng trên", control.cell, control.id),
                        format!(
                            "`{}` of `{}` is on an earlier line already",
                            control.cell, control.id
                        ),
                    );
                    faults.push((line, message));
                }
                Ok(control) => controls.push(control),
                Err(message) => faults.push((line, message)),
            }
        }
        (controls, faults)
    }

    fn line(
        &self,
        line: &ControlLine<'_>,
        text: &ControlText,
        declared: &Arc<str>,
    ) -> Result<Control, Message> {
        let unit = line.get("unit");
        let id = line.get("id");
        if unit.is_none() && id.is_none() {
            return Err(Message::new(
                "dòng không có `unit` là số toàn tỉnh và phải có `id` riêng",
                "a line without `unit` is a total and needs an `id` of its own",
            ));
        }
        let missing =
            |key: &str| Message::new(format!("thiếu `{key}`"), format!("`{key}` is missing"));
        let source = line
            .get("source")
            .map(str::to_owned)
            .or(text.source.clone());
        let tolerance = line
            .get("tolerance")
            .map(|text| line.figure(text))
            .transpose()?;
        let control = Control {
            id: id.map_or_else(|| text.id.get_ref().clone(), str::to_owned),
            label: line.get("label").map(str::to_owned).or(text.label.clone()),
            unit: unit.map(Arc::from),
            kinds: text.kinds.clone(),
            cell: self.name(line.get("cell").ok_or_else(|| missing("cell"))?)?,
            wanted: Wanted::Figure(
                line.figure(line.get("value").ok_or_else(|| missing("value"))?)?,
            ),
            source: Some(source.ok_or_else(|| missing("source"))?),
            tolerance: self.tolerance(tolerance.or(text.tolerance.map(|figure| figure.0))),
            severity: text.severity,
            declared: declared.clone(),
        };
        self.whose(control.unit.as_deref(), control.kinds.as_deref())
            .and_then(|()| self.check(&control))
            .map_err(|(_, message)| message)?;
        Ok(control)
    }

    /// 0 unless something else is declared.
    fn tolerance(&self, declared: Option<Number>) -> Number {
        declared.map_or(Number::ZERO, |tolerance| tolerance.abs())
    }

    /// A cell by name; its form must be one of the campaign's.
    fn name(&self, text: &str) -> Result<Name, Message> {
        let written = || {
            Message::new(
                format!(
                    "`{text}` phải viết `biểu!dòng.cột`, hoặc `biểu!cột` với biểu có dòng tự thêm"
                ),
                format!("write `{text}` as `form!row.column`, or `form!column` of a free-row form"),
            )
        };
        let parsed = parser::parse(text).map_err(|_| written())?;
        let name = parsed.as_name().cloned().ok_or_else(written)?;
        let wanted = name.form.as_deref().ok_or_else(written)?;
        let Some(form) = self.forms.iter().find(|form| form.id() == wanted) else {
            let known: Vec<&str> = self.forms.iter().map(|form| form.id()).collect();
            let hint = lint::suggestion(wanted, &known);
            return Err(Message::new(
                format!("đợt này không có biểu `{wanted}`{}", hint.vi),
                format!("the campaign has no form `{wanted}`{}", hint.en),
            ));
        };
        let field = field(form, &name);
        if field.is_some() {
            return Ok(name);
        }
        let known = form.known_names();
        let unknown = |id: &&str| !known.contains(id);
        match name.path.ids().into_iter().find(unknown) {
            Some(id) => {
                let hint = lint::suggestion(id, &known);
                Err(Message::new(
                    format!("biểu `{wanted}` không có `{id}`{}", hint.vi),
                    format!("form `{wanted}` has no `{id}`{}", hint.en),
                ))
            }
            None => Err(written()),
        }
    }

    /// Unit and kinds must be those of the campaign.
    ///
    /// # Errors
    /// The key whose value is not, and why.
    fn whose(
        &self,
        unit: Option<&str>,
        kinds: Option<&[String]>,
    ) -> Result<(), (&'static str, Message)> {
        if let Some(code) = unit
            && self.roster.by_code(code).is_none()
        {
            let known: Vec<&str> = self
                .roster
                .units
                .iter()
                .map(|unit| unit.code.as_str())
                .collect();
            let hint = lint::suggestion(code, &known);
            return Err((
                "unit",
                Message::new(
                    format!(
                        "không có đơn vị mã `{code}` trong danh sách đơn vị{}",
                        hint.vi
                    ),
                    format!("no unit `{code}` in the list of units{}", hint.en),
                ),
            ));
        }
        let known: Vec<&str> = self
            .file
            .kinds
            .iter()
            .map(|kind| kind.id.as_str())
            .collect();
        let kinds = kinds.into_iter().flatten().map(String::as_str);
        let unknown: Vec<&str> = kinds.filter(|kind| !known.contains(kind)).collect();
        if !unknown.is_empty() {
            let (kinds, hint) = lint::unknown_names(&unknown, &known);
            return Err((
                "kinds",
                Message::new(
                    format!("không có loại đơn vị {kinds}{}", hint.vi),
                    format!("no kind of unit {kinds}{}", hint.en),
                ),
            ));
        }
        Ok(())
    }

    /// The figure and the cell must be possible ones.
    ///
    /// # Errors
    /// The key whose value is not, and why.
    fn check(&self, control: &Control) -> Result<(), (&'static str, Message)> {
        let form = control.cell.form.as_deref().unwrap_or_default();
        if control.severity == Severity::Info {
            return Err((
                "severity",
                Message::new(
                    "`severity` của số kiểm soát là \"error\" hoặc \"warning\"",
                    "`severity` of a control total is \"error\" or \"warning\"",
                ),
            ));
        }
        let form = self.forms.iter().find(|known| known.id() == form);
        let Some(field) = form.and_then(|form| field(form, &control.cell)) else {
            return Ok(());
        };
        let summed = matches!(field.aggregate, Aggregate::Sum | Aggregate::Count);
        let alone = control.unit.is_some() && control.cell.path.is_cell();
        if !(summed || alone && field.kind.is_numeric()) {
            return Err((
                "cell",
                Message::new(
                    format!(
                        "`{}` không cộng được nên không có số kiểm soát",
                        control.cell
                    ),
                    format!(
                        "`{}` is not added up and has no control total",
                        control.cell
                    ),
                ),
            ));
        }
        match control.wanted {
            Wanted::Figure(figure) if figure.normalize().scale() > field.decimals => {
                Err(("value", too_fine(figure, field.decimals)))
            }
            _ => Ok(()),
        }
    }
}

/// "1.494" in a column of counts is 1494 with a dot that Excel put there.
fn too_fine(figure: Number, decimals: u32) -> Message {
    let whole = figure
        .checked_mul(Number::ONE_THOUSAND)
        .map(|figure| figure.normalize())
        .filter(|whole| decimals == 0 && whole.scale() == 0);
    let hint = whole.map_or(String::new(), |whole| format!("; có phải {whole}?"));
    let hint_en = whole.map_or(String::new(), |whole| format!("; is it {whole}?"));
    Message::new(
        format!(
            "`value` là {figure}, nhưng ô này có nhiều nhất {decimals} chữ số lẻ (số viết không dấu ngăn hàng nghìn){hint}"
        ),
        format!("`value` is {figure}, but the cell has at most {decimals} decimals{hint_en}"),
    )
}

fn field<'a>(form: &'a Form, name: &Name) -> Option<&'a crate::schema::Field> {
    match anywhere(form, name).as_slice() {
        [one] => one.field(),
        _ => None,
    }
}

fn same(a: &Control, b: &Control) -> bool {
    (&a.id, &a.unit, &a.cell.form, &a.cell.path) == (&b.id, &b.unit, &b.cell.form, &b.cell.path)
}
