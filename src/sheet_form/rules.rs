//! The sheet «Quy tắc»: one rule a line, as tables of control ratios are written.

use std::collections::HashSet;

use super::cells::{Entry, Shape};
use super::lines::{Line, Lines};
use super::names::{Axis, Names};
use super::other;
use super::pairs::{expression_of, plain};
use super::rule_faults::{constant, listed_left, no_left, only_figures};
use super::terms::{Bare, Which, resolve, which};
use super::text::{Sort, Text, list, quoted};
use super::told::Told;
use super::value;
use super::words::{Kind, RELATIONS, RULES};
use crate::model::{Message, Place};
use crate::text::slug;

pub(super) const FORM: &str = "Biểu";
pub(super) const ROW: &str = "Dòng";
pub(super) const COLUMN: &str = "Cột";
pub(super) const RELATION: &str = "Phép so";
pub(super) const RIGHT_ROW: &str = "Dòng (vế phải)";
pub(super) const RIGHT_COLUMN: &str = "Cột (vế phải)";
pub(super) const WHOLE: &str = "Biểu thức";
pub(super) const WHEN: &str = "Điều kiện";
pub(super) const ID: &str = "Mã quy tắc";

/// A rule as its line says it.
struct Said {
    /// What must hold, piece by piece with the cells.
    check: Vec<(String, Place)>,
    /// `rows`, `except_columns`...: where it is asked.
    at: Vec<Asked>,
}

/// One side of a rule: what stands under «Dòng» and under «Cột».
struct Side {
    row: Which,
    column: Which,
}

/// Which rules of a sheet are those of a form.
pub(super) struct Own<'a> {
    /// Is it the form that stands under «Biểu»?
    pub(super) is: &'a dyn Fn(Option<&Entry>) -> bool,
    /// Ids of rules that it has already.
    pub(super) taken: &'a [String],
}

/// Where a rule is asked: `rows`, `except_columns`..., the ids, and the cell that says so.
type Asked = (&'static str, Vec<String>, Place);

/// Reads the rules of one form into the text. Gives the ids of rules that could not be read.
pub(super) fn read(
    lines: &Lines<'_>,
    names: &Names<'_>,
    own: &Own<'_>,
    text: &mut Text,
    told: &mut Told,
) -> Vec<String> {
    let all = lines.read(told);
    let lines = all.iter().filter(|line| (own.is)(line.get(FORM)));
    let mut reader = Reader {
        names,
        used: lines
            .clone()
            .filter_map(|line| line.get(ID))
            .map(|id| id.trimmed().to_owned())
            .chain(own.taken.iter().cloned())
            .collect(),
        lost: Vec::new(),
    };
    for line in lines {
        reader.rule(line, text, told);
    }
    reader.lost
}

/// Tells ids that rules of the blank itself have.
pub(super) fn tell_taken(lines: &Lines<'_>, taken: &[String], told: &mut Told) {
    for line in lines.read(&mut Told::default()) {
        let Some(entry) = line.get(ID) else { continue };
        if taken.iter().any(|id| id == entry.trimmed()) {
            told.error(
                &entry.place,
                Message::new(
                    format!(
                        "mã «{}» đã là quy tắc mà biểu tự nói; đặt mã khác",
                        entry.trimmed()
                    ),
                    format!(
                        "the blank itself has a rule «{}»; choose another id",
                        entry.trimmed()
                    ),
                ),
            );
        }
    }
}

struct Reader<'n> {
    names: &'n Names<'n>,
    /// Ids that are taken.
    used: HashSet<String>,
    /// Ids of rules that could not be read.
    lost: Vec<String>,
}

impl Reader<'_> {
    fn rule(&mut self, line: &Line<'_>, text: &mut Text, told: &mut Told) {
        let written = line.get(ID).map(|id| id.trimmed().to_owned());
        let all = match self.said(line) {
            Ok(all) => all,
            Err((place, message)) => {
                told.error(&place, message);
                self.lost.extend(written);
                return;
            }
        };
        for (index, said) in all.into_iter().enumerate() {
            let written = written.clone().map(|id| match index {
                0 => id,
                index => format!("{id}-{}", index + 1),
            });
            self.write(line, (written, said), text, told);
        }
    }

    /// Writes one rule of a line, with its id if the line has one.
    fn write(
        &mut self,
        line: &Line<'_>,
        (written, said): (Option<String>, Said),
        text: &mut Text,
        told: &mut Told,
    ) {
        let (id, place) = match (written, line.get(ID)) {
            (Some(id), Some(entry)) => (id, entry.place.clone()),
            _ => {
                let first = said.check.first().map(|(_, place)| place.clone());
                (
                    self.made_id(&said.check),
                    first.unwrap_or_else(|| line.place(WHOLE)),
                )
            }
        };
        text.begin(Sort::Rule, &id, "[[rule]]", &place);
        text.pair("id", &quoted(&id), &place);
        text.pieces("check", &said.check);
        for (key, ids, place) in &said.at {
            text.pair(key, &list(ids), place);
        }
        if let Some(when) = line.get(WHEN) {
            let words = expression_of(when).unwrap_or(&when.text);
            match resolve(words, Bare::Figure, self.names) {
                // Names of rows and columns, and functions, are letters.
                Ok(resolved) if !resolved.contains(char::is_alphabetic) => {
                    told.error(&when.place, constant(words.trim()));
                }
                Ok(resolved) => {
                    text.pieces("when", &[(resolved.trim().to_owned(), when.place.clone())])
                }
                Err(message) => told.error(&when.place, message),
            }
        }
        for (key, entry) in line.entries() {
            match key.kind {
                Kind::Own | Kind::Aside => {}
                Kind::Other => other::lines(entry, text, told),
                _ if key.heading == ID => {}
                _ => plain(key, entry, text, told),
            }
        }
    }

    /// An id from what the rule says.
    fn made_id(&mut self, check: &[(String, Place)]) -> String {
        let words: String = check.iter().map(|(text, _)| text.as_str()).collect();
        let left = words.split(['=', '<', '>']).next().unwrap_or_default();
        let bound = words.contains(['<', '>']);
        let wanted = format!(
            "{}-{}",
            slug(left),
            if bound { "ngoai-gioi-han" } else { "lech" }
        );
        let mut id = wanted.clone();
        let mut number = 2;
        while !self.used.insert(id.clone()) {
            id = format!("{wanted}-{number}");
            number += 1;
        }
        id
    }

    /// What must hold and where.
    fn said(&self, line: &Line<'_>) -> Result<Vec<Said>, (Place, Message)> {
        let sides = [RELATION, RIGHT_ROW, RIGHT_COLUMN];
        match line.get(WHOLE) {
            Some(whole) => match sides.iter().find_map(|heading| line.get(heading)) {
                Some(entry) => Err((
                    entry.place.clone(),
                    Message::new(
                        format!(
                            "dòng này đã có «{WHOLE}» ở ô {} nên không ghi vế phải và phép so nữa",
                            whole.place.cell
                        ),
                        format!("{} holds the whole rule already", whole.place.cell),
                    ),
                )),
                None => self.whole(line, whole).map(|said| vec![said]),
            },
            None => self.compared(line),
        }
    }

    /// A rule in one cell; «Dòng» and «Cột» say where it is asked.
    fn whole(&self, line: &Line<'_>, whole: &Entry) -> Result<Said, (Place, Message)> {
        let words = expression_of(whole).unwrap_or(&whole.text);
        let check = resolve(words.trim(), Bare::Figure, self.names);
        let check = check.map_err(|message| (whole.place.clone(), message))?;
        let mut at = Vec::new();
        for (heading, axis) in [(ROW, Axis::Rows), (COLUMN, Axis::Columns)] {
            if let Some(entry) = line.get(heading) {
                let asked = self.which(entry, axis)?;
                at.extend(self.places(&asked, axis, entry)?);
            }
        }
        Ok(Said {
            check: vec![(check, whole.place.clone())],
            at,
        })
    }

    /// A rule in two sides; of each of a list on the left that is bounded.
    fn compared(&self, line: &Line<'_>) -> Result<Vec<Said>, (Place, Message)> {
        let relation = self.relation(line)?;
        let left = self.side(line, ROW, COLUMN)?;
        let right = self.side(line, RIGHT_ROW, RIGHT_COLUMN)?;
        let (row, column) = (is_one(&right.row), is_one(&right.column));
        if row && column {
            return self.of_cells(line, &left, relation).map(|said| vec![said]);
        }
        let axis = match (row, column) {
            (true, _) => Axis::Rows,
            (_, true) => Axis::Columns,
            _ => {
                return Err((
                    line.place(RIGHT_COLUMN),
                    Message::new(
                        "chưa ghi vế phải: ghi dòng, hoặc cột, hoặc «số 200» nếu so với một con số",
                        "there is no right side: write rows, columns, or «số 200» for a figure",
                    ),
                ));
            }
        };
        let [heading, right_heading, asked_heading] = match axis {
            Axis::Rows => [ROW, RIGHT_ROW, COLUMN],
            Axis::Columns => [COLUMN, RIGHT_COLUMN, ROW],
        };
        let (said, asked, other) = match axis {
            Axis::Rows => (&left.row, &left.column, &right.column),
            Axis::Columns => (&left.column, &left.row, &right.row),
        };
        let bound = !matches!(relation.0, "=" | "<>");
        let lefts = match said {
            Which::One(_) => vec![self.term(line, heading, axis)?],
            Which::These(ids) if bound && ids.iter().all(|id| !id.contains(':')) => {
                let place = line.place(heading);
                ids.iter().map(|id| (id.clone(), place.clone())).collect()
            }
            Which::These(_) => return Err((line.place(heading), listed_left(axis))),
            _ => return Err((line.place(heading), no_left(axis))),
        };
        if *other != Which::All && other != asked {
            return Err((
                line.place(if axis == Axis::Rows {
                    RIGHT_COLUMN
                } else {
                    RIGHT_ROW
                }),
                Message::new(
                    "hai vế phải được hỏi ở cùng các dòng, các cột; để trống ô này là như vế trái",
                    "both sides must be asked at the same places; leave this blank",
                ),
            ));
        }
        let right = self.term(line, right_heading, axis)?;
        let at = match line.get(asked_heading) {
            Some(entry) => self.places(asked, axis.other(), entry)?,
            None => None,
        };
        let said = |left| Said {
            check: vec![
                left,
                (format!(" {} ", relation.0), relation.1.clone()),
                right.clone(),
            ],
            at: at.clone().into_iter().collect(),
        };
        Ok(lefts.into_iter().map(said).collect())
    }

    /// Both sides name cells.
    fn of_cells(
        &self,
        line: &Line<'_>,
        left: &Side,
        relation: (&'static str, Place),
    ) -> Result<Said, (Place, Message)> {
        for (which, heading, axis) in [
            (&left.row, ROW, Axis::Rows),
            (&left.column, COLUMN, Axis::Columns),
        ] {
            if !is_one(which) {
                return Err((line.place(heading), no_left(axis)));
            }
        }
        let check = vec![
            self.crossed(line, ROW, COLUMN)?,
            (format!(" {} ", relation.0), relation.1),
            self.crossed(line, RIGHT_ROW, RIGHT_COLUMN)?,
        ];
        Ok(Said {
            check,
            at: Vec::new(),
        })
    }

    /// The cells of one row in several columns, or of several rows in one column.
    fn crossed(
        &self,
        line: &Line<'_>,
        row: &str,
        column: &str,
    ) -> Result<(String, Place), (Place, Message)> {
        let rows = self.term(line, row, Axis::Rows)?;
        let columns = self.term(line, column, Axis::Columns)?;
        if self.names.has_id(Axis::Columns, &columns.0) {
            let cell = |id: &str| match self.names.has_id(Axis::Rows, id) {
                true => format!("{id}.{}", columns.0),
                false => id.to_owned(),
            };
            return Ok((each_id(&rows.0, cell), rows.1));
        }
        if self.names.has_id(Axis::Rows, &rows.0) {
            let cell = |id: &str| match self.names.has_id(Axis::Columns, id) {
                true => format!("{}.{id}", rows.0),
                false => id.to_owned(),
            };
            return Ok((each_id(&columns.0, cell), columns.1));
        }
        Err((
            columns.1,
            Message::new(
                "một vế cộng trừ được nhiều dòng ở một cột, hoặc nhiều cột ở một dòng, không cả hai; dùng cột «Biểu thức»",
                "a side adds up rows in one column or columns in one row, not both; use «Biểu thức»",
            ),
        ))
    }

    fn relation(&self, line: &Line<'_>) -> Result<(&'static str, Place), (Place, Message)> {
        let Some(entry) = line.get(RELATION) else {
            return Err((
                line.place(RELATION),
                Message::new(
                    "chưa ghi phép so: =, <>, <, <=, >, >=; hoặc ghi cả quy tắc ở cột «Biểu thức»",
                    "there is no sign of comparing: =, <>, <, <=, >, >=",
                ),
            ));
        };
        let key = RULES.iter().find(|key| key.heading == RELATION);
        let word = key.map(|key| value::choice(key, RELATIONS, entry));
        match word {
            Some(Ok(word)) => Ok((word.value, entry.place.clone())),
            Some(Err(message)) => Err((entry.place.clone(), message)),
            None => Err((entry.place.clone(), Message::new("", ""))),
        }
    }

    fn side(&self, line: &Line<'_>, row: &str, column: &str) -> Result<Side, (Place, Message)> {
        let of = |heading: &str, axis: Axis| match line.get(heading) {
            Some(entry) => self.which(entry, axis),
            None => Ok(Which::All),
        };
        Ok(Side {
            row: of(row, Axis::Rows)?,
            column: of(column, Axis::Columns)?,
        })
    }

    fn which(&self, entry: &Entry, axis: Axis) -> Result<Which, (Place, Message)> {
        if entry.formula.is_some() {
            return Ok(Which::One(entry.text.clone()));
        }
        let text = value::words(entry).map_err(|message| (entry.place.clone(), message))?;
        self.not_cut_short(entry, axis)?;
        which(&text, axis, self.names).map_err(|message| (entry.place.clone(), message))
    }

    /// A cell of numbers holds 1.10 as 1.1: both may be printed on the form.
    fn not_cut_short(&self, entry: &Entry, axis: Axis) -> Result<(), (Place, Message)> {
        let longer = format!("{}0", entry.text);
        let is_code = |code: &String| *code == longer;
        let mut named = self.names.of(axis).iter();
        let cut = matches!(entry.shape, Shape::Number(number) if number.fract() != 0.0)
            && named.any(|named| named.codes.iter().any(is_code));
        match cut {
            false => Ok(()),
            true => Err((
                entry.place.clone(),
                Message::new(
                    format!(
                        "ô số không phân biệt {} với {longer}; đặt định dạng ô là chữ rồi gõ lại",
                        entry.text
                    ),
                    format!(
                        "a cell of numbers holds {longer} as {}; format it as text and type it again",
                        entry.text
                    ),
                ),
            )),
        }
    }

    /// An expression under a heading, with ids.
    fn term(
        &self,
        line: &Line<'_>,
        heading: &str,
        axis: Axis,
    ) -> Result<(String, Place), (Place, Message)> {
        let Some(entry) = line.get(heading) else {
            return Err((line.place(heading), no_left(axis)));
        };
        let resolved = match expression_of(entry) {
            Some(whole) if !whole.contains(char::is_alphabetic) => Err(only_figures(whole)),
            Some(whole) => resolve(whole, Bare::Figure, self.names),
            None => resolve(entry.trimmed(), Bare::Code(axis), self.names),
        };
        let resolved = resolved.map_err(|message| (entry.place.clone(), message))?;
        Ok((resolved.trim().to_owned(), entry.place.clone()))
    }

    /// The key that says where a rule is asked.
    fn places(
        &self,
        asked: &Which,
        axis: Axis,
        entry: &Entry,
    ) -> Result<Option<Asked>, (Place, Message)> {
        let (these, but) = match axis {
            Axis::Rows => ("rows", "except_rows"),
            Axis::Columns => ("columns", "except_columns"),
        };
        let place = entry.place.clone();
        Ok(match asked {
            Which::All => None,
            Which::These(ids) => Some((these, ids.clone(), place)),
            Which::But(ids) => Some((but, ids.clone(), place)),
            Which::One(one) => {
                let ids = super::terms::list(one, axis, self.names);
                Some((
                    these,
                    ids.map_err(|message| (place.clone(), message))?,
                    place,
                ))
            }
        })
    }
}

fn is_one(which: &Which) -> bool {
    matches!(which, Which::One(_))
}

/// The text with every id put through `cell`.
pub(super) fn each_id(text: &str, cell: impl Fn(&str) -> String) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match is_part(first) {
            true => rest.find(|c| !is_part(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (part, after) = rest.split_at(end);
        out.push_str(&if is_part(first) {
            cell(part)
        } else {
            part.to_owned()
        });
        rest = after;
    }
    out
}
