//! What a name means where a rule is evaluated, as the forms alone know it. Everything that needs
//! the cells of a name (values, formulas, equations, words, lint) resolves it here and maps each
//! [`FieldRef`] to its own thing; nobody else looks at ids.

use std::fmt;
use std::ops::RangeInclusive;

use super::checked::{Form, Rule, RuleScope};
use super::field::Field;
use super::rule::expression::{Name, Path};
pub use super::rule::site::Site;

/// The rows of a [`FieldRef`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rows {
    /// A row of the form file, from 0.
    Fixed(usize),
    /// The row the unit added on which the rule is evaluated.
    Here,
    /// Every row the unit added.
    Each,
    /// The total row.
    Total,
}

/// One cell, or one column over all rows a unit adds.
#[derive(Clone, Copy)]
pub struct FieldRef<'f> {
    /// The form it is of.
    pub form: &'f Form,
    /// Which rows.
    pub rows: Rows,
    /// Column of the form file, from 0.
    pub column: usize,
    /// Its place, from 0, in what the name means, cells that the form does not have included: the
    /// row in a column, the place in a range. Figures and texts of SUMIFS are paired by it.
    pub place: usize,
}

impl<'f> FieldRef<'f> {
    /// What it holds.
    pub fn field(&self) -> Option<&'f Field> {
        self.form.field(self.row(), self.column)
    }

    /// Its row of the form file, from 0; `None` in a free-row form.
    pub fn row(&self) -> Option<usize> {
        match self.rows {
            Rows::Fixed(row) => Some(row),
            Rows::Here | Rows::Each | Rows::Total => None,
        }
    }

    /// Id of its row; `None` in a free-row form.
    pub fn row_id(&self) -> Option<&'f str> {
        let row = self.form.file.rows.get(self.row()?)?;
        Some(row.id.get_ref())
    }

    /// The same cell in another version of its form; `None` if that has no such cell.
    pub fn in_version<'g>(&self, form: &'g Form) -> Option<FieldRef<'g>> {
        let rows = match self.rows {
            Rows::Fixed(_) => Rows::Fixed(form.row(self.row_id()?)?),
            rows => rows,
        };
        Some(FieldRef {
            form,
            rows,
            column: form.column(self.column_id())?,
            place: self.place,
        })
    }

    /// Id of its column.
    pub fn column_id(&self) -> &'f str {
        let column = self.form.file.columns.get(self.column);
        column.map_or("", |column| column.id.get_ref())
    }
}

impl PartialEq for FieldRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.form.id() == other.form.id() && self.rows == other.rows && self.column == other.column
    }
}

impl fmt::Debug for FieldRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}!", self.form.id())?;
        match (self.row_id(), self.rows) {
            (Some(row), _) => write!(f, "{row}.{}", self.column_id()),
            (None, rows) => write!(f, "{rows:?}.{}", self.column_id()),
        }
    }
}

/// Why a name means nothing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unbound {
    /// Its form is not there.
    NoForm,
    /// Its form has no such cell, or none where the rule is evaluated.
    NoCell,
}

/// What an id, or a range of ids, names in one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A column.
    Column(usize),
    /// A fixed row.
    Row(usize),
    /// One cell that the form has: row, column.
    Cell(usize, usize),
    /// Columns side by side.
    Columns(RangeInclusive<usize>),
    /// Rows below one another.
    Rows(RangeInclusive<usize>),
}

impl Target {
    /// Where a rule that uses it outside a fold is evaluated.
    pub fn scope(&self) -> RuleScope {
        match self {
            Target::Column(_) | Target::Columns(_) => RuleScope::EachRow,
            Target::Row(_) | Target::Rows(_) => RuleScope::EachColumn,
            Target::Cell(..) => RuleScope::Once,
        }
    }
}

/// Binds what a name names to indices of its form; `None` if the form has nothing of that name.
pub fn bind(form: &Form, path: &Path) -> Option<Target> {
    match path {
        Path::One(id) => {
            let column = form.column(id).map(Target::Column);
            column.or_else(|| form.row(id).map(Target::Row))
        }
        Path::Cell { row, column } => {
            let (row, column) = (form.row(row)?, form.column(column)?);
            form.field(Some(row), column)?;
            Some(Target::Cell(row, column))
        }
        Path::Range { first, last } => {
            let (scope, span) = form.range(first, last)?;
            Some(match scope {
                RuleScope::EachRow => Target::Columns(span),
                RuleScope::EachColumn | RuleScope::Once | RuleScope::At(_) => Target::Rows(span),
            })
        }
    }
}

/// Finds forms by id.
pub trait FormLookup<'f> {
    /// The form of this id, if it is there.
    fn find(&self, id: &str) -> Option<&'f Form>;
}

impl<'f, F: Fn(&str) -> Option<&'f Form>> FormLookup<'f> for F {
    fn find(&self, id: &str) -> Option<&'f Form> {
        self(id)
    }
}

/// The cells a name means at a site, in form order, without those the form does not have.
/// `folded`: the name is a direct argument of SUM, COUNTIF..., where a column means all its rows.
/// `own` is the form that names without a form are of; `others` finds the form of the rest.
///
/// # Errors
/// The form is not there, or has no such cell.
pub fn resolve<'f>(
    name: &Name,
    folded: bool,
    site: Site,
    own: Option<&'f Form>,
    others: &dyn FormLookup<'f>,
) -> Result<Vec<FieldRef<'f>>, Unbound> {
    let form = match &name.form {
        None => own,
        Some(id) => others.find(id),
    };
    let form = form.ok_or(Unbound::NoForm)?;
    let target = bind(form, &name.path).ok_or(Unbound::NoCell)?;
    let here = (name.form.is_none() && !folded).then_some(site);
    let found = places(form, &target, here, site, own);
    let found = found.into_iter().enumerate();
    let refs: Vec<FieldRef<'f>> = found
        .map(|(place, (rows, column))| FieldRef {
            form,
            rows,
            column,
            place,
        })
        .filter(|at| exists(at))
        .collect();
    match refs.is_empty() {
        true => Err(Unbound::NoCell),
        false => Ok(refs),
    }
}

/// Every place a target means; `here` is the site if the name is of the form itself and not folded.
fn places(
    form: &Form,
    target: &Target,
    here: Option<Site>,
    site: Site,
    own: Option<&Form>,
) -> Vec<(Rows, usize)> {
    let whole = |column: usize| -> Vec<(Rows, usize)> {
        match form.is_free() {
            true => vec![(Rows::Each, column)],
            false => (0..form.file.rows.len())
                .map(|row| (Rows::Fixed(row), column))
                .collect(),
        }
    };
    let is_own = own.is_some_and(|own| own.id() == form.id());
    // Another form's column of the same id as the one the rule is evaluated on.
    let same_column = |column: usize| match is_own {
        true => Some(column),
        false => form.column(own?.file.columns.get(column)?.id.get_ref()),
    };
    match target {
        Target::Cell(row, column) => vec![(Rows::Fixed(*row), *column)],
        Target::Column(column) => match here.and_then(row_of) {
            Some(rows) => vec![(rows, *column)],
            None => whole(*column),
        },
        Target::Columns(columns) => match row_of(site).filter(|_| is_own) {
            Some(rows) => columns.clone().map(|column| (rows, column)).collect(),
            None => columns.clone().flat_map(whole).collect(),
        },
        Target::Row(row) => match site {
            Site::Column(column) => {
                let column = same_column(column).into_iter();
                column.map(|column| (Rows::Fixed(*row), column)).collect()
            }
            _ => (0..form.file.columns.len())
                .map(|column| (Rows::Fixed(*row), column))
                .collect(),
        },
        Target::Rows(rows) => match site {
            Site::Column(column) => match same_column(column) {
                Some(column) => rows.clone().map(|row| (Rows::Fixed(row), column)).collect(),
                None => Vec::new(),
            },
            Site::Once => rows
                .clone()
                .flat_map(|row| {
                    (0..form.file.columns.len()).map(move |column| (Rows::Fixed(row), column))
                })
                .collect(),
            Site::Row(_) | Site::FreeRow | Site::Total => Vec::new(),
        },
    }
}

/// The row a site is on.
fn row_of(site: Site) -> Option<Rows> {
    match site {
        Site::Row(row) => Some(Rows::Fixed(row)),
        Site::FreeRow => Some(Rows::Here),
        Site::Total => Some(Rows::Total),
        Site::Column(_) | Site::Once => None,
    }
}

/// Does the form have the cell? A total row has figures only.
fn exists(at: &FieldRef<'_>) -> bool {
    at.field()
        .is_some_and(|field| at.rows != Rows::Total || field.kind.is_numeric())
}

/// Every site at which a rule of a form is evaluated.
pub fn sites(form: &Form, rule: &Rule) -> Vec<Site> {
    let mut sites = match rule.scope {
        RuleScope::Once => vec![Site::Once],
        RuleScope::At(site) => vec![site],
        RuleScope::EachColumn => (0..form.file.columns.len()).map(Site::Column).collect(),
        RuleScope::EachRow if form.is_free() => {
            let total = form.file.layout.total.as_ref().map(|_| Site::Total);
            let total = total.filter(|_| rule.places.total != Some(false));
            std::iter::once(Site::FreeRow).chain(total).collect()
        }
        RuleScope::EachRow => (0..form.file.rows.len()).map(Site::Row).collect(),
    };
    sites.retain(|site| rule.places.has(*site));
    sites
}

impl Form {
    /// The site at which a rule is evaluated for the cell at row and column of the form file (from
    /// 0); `None` if there is none. In a free-row form `row` is `None`.
    pub fn site_of(&self, scope: RuleScope, row: Option<usize>, column: usize) -> Option<Site> {
        match scope {
            RuleScope::Once => Some(Site::Once),
            RuleScope::EachColumn => Some(Site::Column(column)),
            RuleScope::EachRow if self.is_free() => Some(Site::FreeRow),
            RuleScope::EachRow => row.map(Site::Row),
            RuleScope::At(site) => match site {
                Site::Row(at) => (row == Some(at)).then_some(site),
                Site::Column(at) => (column == at).then_some(site),
                Site::FreeRow => self.is_free().then_some(site),
                Site::Total => None,
                Site::Once => Some(site),
            },
        }
    }
}

/// Every cell that a name of the form itself may mean, wherever it is read; empty if it names
/// nothing, or is of another form.
pub fn anywhere<'f>(form: &'f Form, name: &Name) -> Vec<FieldRef<'f>> {
    let others = |id: &str| (id == form.id()).then_some(form);
    resolve(name, true, Site::Once, Some(form), &others).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::rule::parser::parse;

    const FIXED: &str = r#"
id = "co_dinh"
version = "1"
title = "Biểu"
sheet = "Biểu"
[layout]
rows = "fixed"
label = "Chỉ tiêu"
[defaults]
type = "count"
[[column]]
id = "a"
label = "A"
[[column]]
id = "b"
label = "B"
[[row]]
id = "r1"
label = "Một"
[[row]]
id = "r2"
label = "Hai"
columns = ["a"]
[[row]]
id = "r3"
label = "Ba"
"#;

    const FREE: &str = r#"
id = "tu_them"
version = "1"
title = "Biểu"
sheet = "Biểu"
[layout]
rows = "free"
total = "Cộng"
[defaults]
type = "count"
[[column]]
id = "ten"
label = "Tên"
type = "text"
key = true
[[column]]
id = "a"
label = "A"
[[column]]
id = "b"
label = "B"
"#;

    /// The cells of a name, shown; with whether it is folded.
    fn cells(text: &str, folded: bool, site: Site, free: bool) -> Result<String, Unbound> {
        let fixed = Form::parse("f.toml", FIXED).unwrap();
        let own = Form::parse("g.toml", FREE).unwrap();
        let forms = [&fixed, &own];
        let expr = parse(text).unwrap();
        let others = |id: &str| forms.into_iter().find(|form| form.id() == id);
        let found = resolve(
            expr.as_name().unwrap(),
            folded,
            site,
            Some(forms[usize::from(free)]),
            &others,
        );
        found.map(|found| {
            let shown: Vec<String> = found
                .iter()
                .map(|at| format!("{at:?}#{}", at.place))
                .collect();
            shown.join(" ")
        })
    }

    #[test]
    fn a_column_is_a_cell_of_its_row_and_in_a_fold_all_its_rows() {
        let at = |text, folded, site| cells(text, folded, site, false).unwrap();
        assert_eq!(at("a", false, Site::Row(1)), "co_dinh!r2.a#0");
        // The row without the column keeps its place.
        assert_eq!(at("b", true, Site::Row(0)), "co_dinh!r1.b#0 co_dinh!r3.b#2");
        assert_eq!(at("r2", true, Site::Row(0)), "co_dinh!r2.a#0");
        assert_eq!(
            at("r1:r2", true, Site::Column(0)),
            "co_dinh!r1.a#0 co_dinh!r2.a#1"
        );
        assert_eq!(at("r1.b", false, Site::Once), "co_dinh!r1.b#0");
        assert_eq!(at("tu_them!a", true, Site::Once), "tu_them!Each.a#0");
        let free = |text, folded, site| cells(text, folded, site, true).unwrap();
        assert_eq!(free("a", false, Site::FreeRow), "tu_them!Here.a#0");
        assert_eq!(free("a", true, Site::FreeRow), "tu_them!Each.a#0");
        assert_eq!(
            free("a:b", true, Site::Total),
            "tu_them!Total.a#0 tu_them!Total.b#1"
        );
        assert_eq!(
            free("co_dinh!r3", false, Site::Column(2)),
            "co_dinh!r3.b#0",
            "the column of the same id, which is another index there"
        );
        assert_eq!(
            free("co_dinh!r1:r3", true, Site::Column(2)),
            "co_dinh!r1.b#0 co_dinh!r3.b#2"
        );
    }

    #[test]
    fn a_name_without_a_cell_says_why() {
        assert_eq!(cells("b", false, Site::Row(1), false), Err(Unbound::NoCell));
        assert_eq!(
            cells("r2", false, Site::Column(1), false),
            Err(Unbound::NoCell)
        );
        assert_eq!(cells("ten", false, Site::Total, true), Err(Unbound::NoCell));
        assert_eq!(
            cells("khac!a", false, Site::Once, true),
            Err(Unbound::NoForm)
        );
        assert_eq!(
            cells("r1:r3", true, Site::Row(0), false),
            Err(Unbound::NoCell)
        );
    }
}
