//! The columns of a sheet as the package describes them: width, format, hidden or not.

use super::ranked::items;
use crate::package::PackageProblem;
use crate::package::edit::{Element, with_attribute};

/// Columns side by side that are described together; numbers from 0, both included.
struct Stretch {
    first: u32,
    last: u32,
    tag: String,
}

/// All that a sheet says about its columns.
pub(super) struct Columns(Vec<Stretch>);

impl Columns {
    /// Reads the element `cols`, if there is one.
    ///
    /// # Errors
    /// It is no well-formed XML, or a column has no number.
    pub(super) fn read(text: Option<&str>) -> Result<Self, PackageProblem> {
        let mut all = Vec::new();
        for tag in items(text)? {
            let root = Element::read(&tag)?;
            let number = |name| {
                let number = root.attribute(&tag, name);
                number.and_then(|number| number.parse::<u32>().ok()?.checked_sub(1))
            };
            let (Some(first), Some(last)) = (number("min"), number("max")) else {
                return Err(PackageProblem::broken("columns without numbers"));
            };
            all.push(Stretch { first, last, tag });
        }
        Ok(Columns(all))
    }

    fn of(&self, column: u32) -> Option<&Stretch> {
        let covers = |stretch: &&Stretch| (stretch.first..=stretch.last).contains(&column);
        self.0.iter().find(covers)
    }

    fn attribute<T: std::str::FromStr>(&self, column: u32, name: &str) -> Option<T> {
        let tag = &self.of(column)?.tag;
        let root = Element::read(tag).ok()?;
        root.attribute(tag, name)?.parse().ok()
    }

    /// Format (index, from 0) of the cells of a column that do not say their own.
    pub(super) fn format(&self, column: u32) -> usize {
        self.attribute(column, "style").unwrap_or_default()
    }

    /// Width of a column in digits, if it is said; 0 if it is hidden.
    pub(super) fn width(&self, column: u32) -> Option<f64> {
        match self.attribute::<u8>(column, "hidden") {
            Some(1) => Some(0.0),
            _ => self.attribute(column, "width"),
        }
    }

    /// The columns that are hidden one by one.
    pub(super) fn hidden(&self) -> Vec<u32> {
        let hidden = |column: &u32| self.width(*column) == Some(0.0);
        let all = self.0.iter().flat_map(|one| one.first..=one.last);
        all.filter(hidden).collect()
    }

    /// Hides a column.
    pub(super) fn hide(&mut self, column: u32) {
        let (first, last) = (column, column);
        let tag = "<col min=\"1\" max=\"1\" width=\"9.140625\" hidden=\"1\"/>".to_owned();
        let mut all = Vec::new();
        for old in std::mem::take(&mut self.0) {
            if !(old.first..=old.last).contains(&column) {
                all.push(old);
                continue;
            }
            let part = |first, last| Stretch {
                first,
                last,
                tag: old.tag.clone(),
            };
            all.extend((old.first < column).then(|| part(old.first, column - 1)));
            all.extend((old.last > column).then(|| part(column + 1, old.last)));
        }
        all.push(Stretch { first, last, tag });
        all.sort_by_key(|one| one.first);
        self.0 = all;
    }

    /// The element; none if nothing is said.
    pub(super) fn finish(self) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let columns = self.0.iter().map(|one| {
            let tag = with_attribute(&one.tag, "min", &(one.first + 1).to_string());
            with_attribute(&tag, "max", &(one.last + 1).to_string())
        });
        Some(format!("<cols>{}</cols>", columns.collect::<String>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_column_of_many_is_hidden() {
        let text = "<cols><col min=\"1\" max=\"2\" width=\"5\"/><col min=\"3\" max=\"16384\" width=\"9\" style=\"4\"/></cols>";
        let mut columns = Columns::read(Some(text)).unwrap();
        assert_eq!((columns.width(0), columns.format(7)), (Some(5.0), 4));
        columns.hide(9);
        assert_eq!(columns.width(9), Some(0.0));
        assert_eq!(
            columns.finish().unwrap(),
            "<cols><col min=\"1\" max=\"2\" width=\"5\"/>\
             <col min=\"3\" max=\"9\" width=\"9\" style=\"4\"/>\
             <col min=\"10\" max=\"10\" width=\"9.140625\" hidden=\"1\"/>\
             <col min=\"11\" max=\"16384\" width=\"9\" style=\"4\"/></cols>"
        );
    }
}
