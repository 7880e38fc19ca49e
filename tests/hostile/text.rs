//! Web pages, XML of 2003 and text with separators.

use super::Made;

pub fn files() -> Vec<Made> {
    let mut files = pages();
    files.extend(xml());
    files.extend(separated());
    files
}

fn pages() -> Vec<Made> {
    let page = |name: &str, body: &str| -> Made {
        (
            format!("{name}.xls"),
            format!("<html><body>{body}").into_bytes(),
        )
    };
    let cell =
        |attributes: &str| format!("<table><tr><td {attributes}>1</td><td>2</td></tr></table>");
    vec![
        page(
            "span-u32",
            &cell(r#"colspan="4294967295" rowspan="4294967295""#),
        ),
        page("span-negative", &cell(r#"colspan="-1" rowspan="0""#)),
        page(
            "span-many",
            &format!(
                "<table><tr>{}</tr></table>",
                r#"<td colspan="1000" rowspan="65534">1</td>"#.repeat(2_000)
            ),
        ),
        page("tables-nested", &"<table><tr><td>".repeat(20_000)),
        page("elements-nested", &"<div>".repeat(50_000)),
        page("formatting-nested", &"<b><i><font>".repeat(3_000)),
        page(
            "cells-unclosed",
            &format!("<table>{}", "<tr><td>1<td>2".repeat(10_000)),
        ),
        page("fostered", &format!("<table>{}", "x<b>".repeat(5_000))),
        page(
            "references",
            &format!(
                "<table><tr><td>{}</td></tr></table>",
                "&#x202E;&#0;&nGt;&#xFFFFFFFF;".repeat(10_000)
            ),
        ),
        page(
            "includes",
            r#"<iframe src="file:///etc/passwd"></iframe><img src="http://192.0.2.1/x"><link rel=stylesheet href="//192.0.2.1/y"><table><tr><td>1</table>"#,
        ),
        page(
            "script",
            "<script>while(1);</script><table><tr><td>=cmd|'/c calc'!A1</td></tr></table>",
        ),
    ]
}

fn xml() -> Vec<Made> {
    let book = |name: &str, head: &str, rows: &str| -> Made {
        let text = format!(
            r#"<?xml version="1.0"?>{head}<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="T"><Table>{rows}</Table></Worksheet></Workbook>"#
        );
        (format!("{name}.xls"), text.into_bytes())
    };
    let cell = |attributes: &str| {
        format!(r#"<Row><Cell {attributes}><Data ss:Type="Number">1</Data></Cell></Row>"#)
    };
    vec![
        book("index-u32", "", &cell(r#"ss:Index="4294967295""#)),
        book("index-negative", "", &cell(r#"ss:Index="-1""#)),
        book(
            "row-index",
            "",
            r#"<Row ss:Index="18446744073709551615"><Cell/></Row><Row ss:Span="4294967295" ss:Hidden="1"/><Row><Cell><Data ss:Type="Number">1</Data></Cell></Row>"#,
        ),
        book(
            "merge-u32",
            "",
            &cell(r#"ss:MergeAcross="4294967295" ss:MergeDown="4294967295""#),
        ),
        book(
            "columns-span",
            "",
            r#"<Column ss:Span="4294967295" ss:Hidden="1"/>"#,
        ),
        book("rows-nested", "", &"<Row><Cell>".repeat(50_000)),
        book(
            "laughs",
            r#"<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY e SYSTEM "file:///etc/passwd">]>"#,
            "<Row><Cell><Data>&b;&e;</Data></Cell></Row>",
        ),
    ]
}

fn separated() -> Vec<Made> {
    let csv = |name: &str, bytes: Vec<u8>| (format!("{name}.csv"), bytes);
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain([0x00, 0xD8].repeat(100_000))
        .collect();
    vec![
        csv("separators", vec![b','; 5_000_000]),
        csv(
            "one-cell",
            [b"a,".as_slice(), &vec![b'x'; 20_000_000]].concat(),
        ),
        csv(
            "quote-open",
            format!("a,b\n\"{}", "x,\n".repeat(1_000_000)).into_bytes(),
        ),
        csv(
            "quotes",
            [b"a,b\n".as_slice(), &vec![b'"'; 2_000_000]].concat(),
        ),
        csv(
            "lines",
            [b"a,b".as_slice(), &vec![b'\n'; 3_000_000], b"c,d"].concat(),
        ),
        csv("surrogates", utf16),
        csv("odd-utf16", vec![0xFF, 0xFE, b'a', 0, b',', 0, b'b']),
        csv(
            "formulas",
            b"=cmd|'/c calc'!A1,@SUM(1),+1,-1\n\x1b[31m,\x07,\t\n".to_vec(),
        ),
        csv(
            "bytes-high",
            (0_u8..=255)
                .filter(|b| *b > 127 || *b == b',')
                .cycle()
                .take(300_000)
                .collect(),
        ),
    ]
}
