//! Facts as Parquet. The only place that names the parquet crate. Figures are doubles, which hold
//! every figure a spreadsheet can hold exactly; that is checked, not assumed.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::record::{Row, RowAccessor};
use parquet::schema::parser::parse_message_type;

use super::csv_file::columns;
use super::{COLUMNS, HistoryError, broken};
use crate::model::value::{exact_f64, message, number_from_f64};
use crate::model::why::Why;
use crate::model::{Fact, Message, Provenance, Value};

const SCHEMA: &str = "message facts {
    required binary period (utf8);
    required binary unit (utf8);
    required binary form (utf8);
    required binary row (utf8);
    required binary column (utf8);
    optional double value;
    optional binary text (utf8);
    optional binary file (utf8);
    optional binary sheet (utf8);
    optional binary cell (utf8);
}";

/// Writes facts as Parquet. The same facts give the same bytes.
///
/// # Errors
/// The file cannot be written, or a figure has more digits than its column holds.
pub fn write_facts(facts: &[Fact], to: impl Write + Send) -> Result<(), HistoryError> {
    let path = Path::new("facts.parquet");
    let figures: Vec<Option<f64>> = facts.iter().map(figure).collect::<Result<_, _>>()?;
    write(facts, &figures, to).map_err(|error| broken(path, &error))
}

fn figure(fact: &Fact) -> Result<Option<f64>, HistoryError> {
    let Some(number) = fact.value.as_number() else {
        return Ok(None);
    };
    exact_f64(number).map(Some).ok_or_else(|| {
        broken(
            Path::new("facts.parquet"),
            &message!(
                number;
                "{number} có hơn 15 chữ số, tệp Parquet không giữ được đúng",
                "{number} has more than 15 digits, which a Parquet file does not hold exactly"
            ),
        )
    })
}

fn write(
    facts: &[Fact],
    figures: &[Option<f64>],
    to: impl Write + Send,
) -> parquet::errors::Result<()> {
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("tonghop".to_owned())
        .build();
    let mut writer = SerializedFileWriter::new(to, schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    let required: [fn(&Fact) -> String; 5] = [
        |f| f.period.map_or(String::new(), |period| period.to_string()),
        |f| f.unit.to_string(),
        |f| f.form.to_string(),
        |f| f.row.to_string(),
        |f| f.column.to_string(),
    ];
    for of in required {
        let values: Vec<ByteArray> = facts.iter().map(|fact| of(fact).as_str().into()).collect();
        write_texts(&mut group, &values, None)?;
    }
    write_figures(&mut group, figures)?;
    let optional: [fn(&Fact) -> Option<String>; 4] = [
        |f| Some(columns(&f.value).1).filter(|text| !text.is_empty()),
        |f| f.source.as_ref().map(|s| s.file.to_string()),
        |f| f.source.as_ref().map(|s| s.sheet.to_string()),
        |f| f.source.as_ref().map(|s| s.cell.to_string()),
    ];
    for of in optional {
        let texts: Vec<Option<String>> = facts.iter().map(of).collect();
        let levels: Vec<i16> = texts.iter().map(|text| i16::from(text.is_some())).collect();
        let values: Vec<ByteArray> = texts.iter().flatten().map(|t| t.as_str().into()).collect();
        write_texts(&mut group, &values, Some(&levels))?;
    }
    group.close()?;
    writer.close()?;
    Ok(())
}

fn write_texts<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[ByteArray],
    levels: Option<&[i16]>,
) -> parquet::errors::Result<()> {
    let Some(mut column) = group.next_column()? else {
        return Ok(());
    };
    column
        .typed::<ByteArrayType>()
        .write_batch(values, levels, None)?;
    column.close()
}

fn write_figures<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    figures: &[Option<f64>],
) -> parquet::errors::Result<()> {
    let levels: Vec<i16> = figures
        .iter()
        .map(|figure| i16::from(figure.is_some()))
        .collect();
    let values: Vec<f64> = figures.iter().flatten().copied().collect();
    let Some(mut column) = group.next_column()? else {
        return Ok(());
    };
    column
        .typed::<DoubleType>()
        .write_batch(&values, Some(&levels), None)?;
    column.close()
}

/// Reads back what [`write_facts`] wrote.
///
/// # Errors
/// The file cannot be read, or lacks a column.
pub(super) fn read_facts(path: &Path) -> Result<Vec<Fact>, HistoryError> {
    let file = File::open(path).map_err(|error| broken(path, &error))?;
    let reader = SerializedFileReader::new(file).map_err(|error| broken(path, &error))?;
    let names: Vec<String> = reader
        .metadata()
        .file_metadata()
        .schema_descr()
        .columns()
        .iter()
        .map(|column| column.name().to_owned())
        .collect();
    if names != COLUMNS {
        let wanted = COLUMNS.join(", ");
        return Err(broken(
            path,
            &Message::new(
                format!("các cột phải là: {wanted}"),
                format!("the columns must be: {wanted}"),
            ),
        ));
    }
    let rows = reader
        .get_row_iter(None)
        .map_err(|error| broken(path, &error))?;
    let mut facts = Vec::new();
    for row in rows {
        let row = row.map_err(|error| broken(path, &error))?;
        facts.push(fact(path, &row)?);
    }
    Ok(facts)
}

/// A row whose column `name` is blank or cannot be read.
fn lacking(path: &Path, name: &str) -> HistoryError {
    broken(
        path,
        &Message::new(
            format!("có dòng thiếu `{name}`, hoặc ghi sai"),
            format!("a row lacks `{name}`, or has it wrong"),
        ),
    )
}

impl Why for ParquetError {
    fn why(&self) -> Message {
        Message::new(
            "không đọc hoặc ghi được thành tệp Parquet",
            "it cannot be read or written as a Parquet file",
        )
    }
}

fn fact(path: &Path, row: &Row) -> Result<Fact, HistoryError> {
    let text = |i: usize| {
        row.get_string(i)
            .ok()
            .map(|text| Arc::<str>::from(text.as_str()))
    };
    let needed = |i: usize| text(i).ok_or_else(|| lacking(path, COLUMNS[i]));
    let period = Some(
        needed(0)?
            .parse()
            .map_err(|_: String| lacking(path, COLUMNS[0]))?,
    );
    let value = match (row.get_double(5), text(6)) {
        (Ok(double), _) => {
            Value::Number(number_from_f64(double).ok_or_else(|| lacking(path, COLUMNS[5]))?)
        }
        (Err(_), Some(text)) => Value::Text(text.to_string()),
        (Err(_), None) => return Err(lacking(path, "value, text")),
    };
    let source = match (text(7), text(8), text(9).map(|cell| cell.parse())) {
        (Some(file), Some(sheet), Some(Ok(cell))) => Some(Provenance { file, sheet, cell }),
        _ => None,
    };
    Ok(Fact {
        period,
        unit: needed(1)?,
        form: needed(2)?,
        row: needed(3)?,
        column: needed(4)?,
        value,
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CellAddress;

    #[test]
    fn facts_come_back_as_they_were() {
        let source = Some(Provenance {
            file: "inbox/a.xlsx".into(),
            sheet: "TTHC".into(),
            cell: CellAddress::new(8, 2),
        });
        let fact = |column: &str, value: Value, source| Fact {
            period: Some("2025-08".parse().unwrap()),
            unit: "28861".into(),
            form: "tthc".into(),
            row: "Hộ tịch".into(),
            column: column.into(),
            value,
            source,
        };
        let facts = vec![
            fact(
                "tong",
                Value::Number("9007199254740992".parse().unwrap()),
                source.clone(),
            ),
            fact("ty_le", Value::Number("53.22".parse().unwrap()), None),
            fact(
                "ghi_chu",
                Value::Text("hoạt động bình thường".into()),
                source,
            ),
        ];
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("facts.parquet");
        write_facts(&facts, File::create(&path).unwrap()).unwrap();
        assert_eq!(read_facts(&path).unwrap(), facts);
    }
}
