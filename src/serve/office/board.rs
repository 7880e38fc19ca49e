//! The board: which units are shown, in which order, and the same as a workbook.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::Query;
use axum::response::Response;
use chrono::NaiveDate;

use super::address::encoded;
use super::officer::{Fields, Officer};
use super::shown::{self, day};
use super::stand::Stand;
use super::standing::{ORDER, Said, Standing, standings};
use crate::campaign::ToolError;
use crate::model::{Lang, Message, Severity};
use crate::page::FormState;
use crate::page::office::{
    Board, Chart, Filter, FormHead, Room, Share, StateCell, StateCount, Stranger, UnitRow,
    board_page,
};
use crate::serve::answer::workbook;
use crate::serve::refusal::Refusal;
use crate::text::{fold, slug};
use crate::write::{ListBook, ListCell, ListColumn, ListSheet, list_bytes};

type Answer = Result<Response, Refusal>;
type Pairs = Vec<(String, String)>;

/// How things stand, and what the office has said.
pub(super) struct Now {
    pub(super) stand: Arc<Stand>,
    pub(super) said: Said,
    pub(super) units: Vec<Standing>,
    pub(super) today: NaiveDate,
}

impl Officer {
    /// How things stand now; waits in line like any other check.
    ///
    /// # Errors
    /// The campaign or its inbox cannot be read, or the line is full.
    pub(super) async fn now(&self) -> Result<Now, Refusal> {
        let turn = self.desk.office.stands.turn().await;
        self.desk
            .in_line(move |desk| {
                let moment = desk.settings.clock.moment();
                let stand = desk.office.stands.get(
                    &turn,
                    desk.campaign()?,
                    &desk.settings.reading_all(),
                    moment,
                )?;
                let said = Said::of(&desk.state, desk.is_closed()?)?;
                let today = moment.date();
                let units = standings(&stand, &said, today);
                Ok(Now {
                    stand,
                    said,
                    units,
                    today,
                })
            })
            .await
    }
}

/// The board.
pub(super) async fn show(officer: Officer, Query(fields): Query<Pairs>) -> Answer {
    let now = officer.now().await?;
    let fields = Fields(fields);
    let board = board(&now, filter(&fields), officer.manner.lang);
    let said = shown::Said::of(fields.get("xong"));
    let campaign = &now.stand.campaign;
    shown::page_of(
        &officer,
        campaign,
        ("/", Room::Board),
        said,
        |frame, nav| board_page(frame, nav, &board),
    )
}

/// The list of units as it is shown, as a workbook.
pub(super) async fn export(officer: Officer, Query(fields): Query<Pairs>) -> Answer {
    let now = officer.now().await?;
    let asked = filter(&Fields(fields));
    let made = list(&now, &asked, officer.manner.lang);
    let bytes =
        list_bytes(&made).map_err(|error| Refusal::Impossible(ToolError::from(error).message()))?;
    let name = format!("bang-theo-doi-{}.xlsx", now.stand.campaign.file.period);
    Ok(workbook(&name, bytes))
}

fn filter(fields: &Fields) -> Filter {
    let of = |name| fields.get(name).to_owned();
    Filter {
        words: of("q"),
        kind: of("kind"),
        group: of("group"),
        state: of("state"),
        late: fields.get("late") == "1",
        sort: of("sort"),
    }
}

/// A state as in addresses.
fn name_of(state: FormState) -> &'static str {
    match state {
        FormState::NotFiled => "not-filed",
        FormState::Received => "received",
        FormState::Returned => "returned",
        FormState::ToExplain => "to-explain",
        FormState::Accepted => "accepted",
        FormState::Closed => "closed",
    }
}

impl Filter {
    /// Is a unit shown?
    fn takes(&self, one: &Standing) -> bool {
        let group = self.group.is_empty() || slug(&one.unit.group) == self.group;
        let kind = self.kind.is_empty() || one.unit.kind == self.kind;
        let state = |state: FormState| name_of(state) == self.state;
        let state = self.state.is_empty()
            || state(one.state)
            || one.forms.iter().flatten().any(|form| state(*form));
        group && kind && state && (one.overdue || !self.late) && self.names(one)
    }

    /// Do all words that were typed begin a word of the unit's name or its code?
    fn names(&self, one: &Standing) -> bool {
        let unit = &one.unit;
        let all = fold(&format!(
            "{} {} {}",
            unit.code,
            unit.name,
            unit.aliases.join(" ")
        ));
        fold(&self.words)
            .split_whitespace()
            .all(|word| all.contains(word))
    }

    /// The units that are shown, in their order.
    fn chosen<'a>(&self, units: &'a [Standing]) -> Vec<&'a Standing> {
        let mut chosen: Vec<&Standing> = units.iter().filter(|one| self.takes(one)).collect();
        let rank = |one: &Standing| ORDER.iter().position(|state| *state == one.state);
        match &*self.sort {
            "name" => chosen.sort_by_cached_key(|one| fold(&one.unit.name)),
            "state" => chosen.sort_by_key(|one| rank(one)),
            "errors" => chosen.sort_by_key(|one| std::cmp::Reverse((one.errors, one.warnings))),
            "time" => chosen.sort_by_key(|one| std::cmp::Reverse(one.filed)),
            _ => {}
        }
        chosen
    }

    /// As a query.
    fn query(&self) -> String {
        let late = if self.late { "1" } else { "" };
        let parts = [
            ("q", &*self.words),
            ("kind", &self.kind),
            ("group", &self.group),
            ("state", &self.state),
            ("late", late),
            ("sort", &self.sort),
        ];
        let parts = parts.iter().filter(|(_, value)| !value.is_empty());
        let parts: Vec<String> = parts
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        parts.join("&")
    }
}

fn board(now: &Now, asked: Filter, lang: Lang) -> Board {
    let (stand, units) = (&now.stand, &now.units);
    let file = &stand.campaign.file;
    let moment = |at: chrono::NaiveDateTime| {
        at.format(lang.pick("%H:%M %d/%m/%Y", "%Y-%m-%d %H:%M"))
            .to_string()
    };
    let filed = |one: &&Standing| one.state != FormState::NotFiled || one.filed.is_some();
    let firsts: Vec<NaiveDate> = units
        .iter()
        .filter_map(|one| Some(one.first?.date()))
        .collect();
    Board {
        period: lang
            .pick(&file.period.vietnamese(), &file.period.to_string())
            .to_owned(),
        deadline: file.deadline.map(|deadline| day(deadline, lang)),
        days: file
            .deadline
            .map(|deadline| (deadline - now.today).num_days()),
        late: file
            .deadline
            .map(|deadline| (deadline - now.today).num_days().unsigned_abs()),
        closed: closed(now, lang),
        at: moment(stand.at),
        states: states(units, &asked, lang),
        filed: units.iter().filter(filed).count(),
        all: units.len(),
        overdue: units.iter().filter(|one| one.overdue).count(),
        kinds: kinds(now),
        groups: groups(units),
        chart: Chart::of(&firsts, units.len(), now.today, file.deadline, lang),
        forms: heads(stand),
        units: asked
            .chosen(units)
            .into_iter()
            .map(|one| row(now, one, lang, &moment))
            .collect(),
        export: format!("/bang.xlsx?{}", asked.query()),
        asked,
        strangers: strangers(stand, lang),
    }
}

/// When the period was closed, and whether units were lacking.
pub(super) fn closed(now: &Now, lang: Lang) -> Option<(String, bool)> {
    let closed = now.stand.closed.as_ref().filter(|_| now.said.closed);
    let manifest = closed?.current.manifest.as_ref()?;
    Some((
        shown::day_of(&manifest.closed_at, lang),
        manifest.provisional,
    ))
}

fn states(units: &[Standing], asked: &Filter, lang: Lang) -> Vec<StateCount> {
    let count = |state| units.iter().filter(|one| one.state == state).count();
    let all = ORDER.into_iter().map(|state| (state, count(state)));
    // A period that is not closed has no closed units, and those accepted are rare.
    let told = all.filter(|(state, count)| {
        *count > 0 || !matches!(state, FormState::Closed | FormState::Accepted)
    });
    told.map(|(state, count)| StateCount {
        state,
        word: lang.of(&state.word()).to_owned(),
        count,
        href: format!("/?state={}", name_of(state)),
        here: asked.state == name_of(state),
    })
    .collect()
}

fn share(id: String, name: String, key: &str, of: &[&Standing]) -> Share {
    let count = |states: &[FormState]| of.iter().filter(|one| states.contains(&one.state)).count();
    Share {
        href: format!("/?{key}={}", encoded(&id)),
        id,
        name,
        all: of.len(),
        done: count(&[FormState::Received, FormState::Accepted, FormState::Closed]),
        open: count(&[FormState::Returned, FormState::ToExplain]),
        missing: count(&[FormState::NotFiled]),
    }
}

fn kinds(now: &Now) -> Vec<Share> {
    let kinds = now.stand.campaign.file.kinds.iter();
    let kinds = kinds.map(|kind| {
        let of = now.units.iter().filter(|one| one.unit.kind == kind.id);
        share(
            kind.id.clone(),
            kind.name.clone(),
            "kind",
            &of.collect::<Vec<_>>(),
        )
    });
    kinds.filter(|kind| kind.all > 0).collect()
}

fn groups(units: &[Standing]) -> Vec<Share> {
    let mut order: Vec<&str> = Vec::new();
    let mut of: BTreeMap<&str, Vec<&Standing>> = BTreeMap::new();
    for one in units {
        let group = &*one.unit.group;
        if !of.contains_key(group) {
            order.push(group);
        }
        of.entry(group).or_default().push(one);
    }
    let share_of = |group: &&str| share(slug(group), (*group).to_owned(), "group", &of[*group]);
    order.iter().map(share_of).collect()
}

/// Heads of forms: the code, which is short, else the title.
pub(super) fn heads(stand: &Stand) -> Vec<FormHead> {
    let forms = stand.campaign.forms.iter();
    forms
        .map(|form| FormHead {
            short: form
                .file
                .code
                .clone()
                .unwrap_or_else(|| form.file.title.clone()),
            title: form.file.title.clone(),
        })
        .collect()
}

fn row(
    now: &Now,
    one: &Standing,
    lang: Lang,
    moment: &dyn Fn(chrono::NaiveDateTime) -> String,
) -> UnitRow {
    let kinds = &now.stand.campaign.file.kinds;
    let kind = kinds.iter().find(|kind| kind.id == one.unit.kind);
    UnitRow {
        code: one.unit.code.clone(),
        name: one.unit.name.clone(),
        kind: kind.map_or(String::new(), |kind| kind.name.clone()),
        group: one.unit.group.clone(),
        href: format!("/don-vi/{}", encoded(&one.unit.code)),
        cells: one
            .forms
            .iter()
            .map(|form| Some(StateCell::of((*form)?, lang)))
            .collect(),
        state: one.state,
        word: lang.of(&one.state.word()).to_owned(),
        errors: one.errors,
        warnings: one.warnings,
        filed: one.filed.map(moment),
        extended: one
            .deadline
            .filter(|_| one.extended)
            .map(|deadline| day(deadline, lang)),
        overdue: one.overdue,
    }
}

/// Files of the inbox that are of no known unit.
fn strangers(stand: &Stand, lang: Lang) -> Vec<Stranger> {
    let files = stand
        .run
        .submissions
        .iter()
        .filter(|file| file.unit.is_none());
    let why = |file: &crate::model::Submission| {
        let mut findings = stand
            .run
            .findings
            .iter()
            .filter(|found| found.file == file.file);
        let first = findings
            .clone()
            .find(|found| found.severity == Severity::Error);
        first
            .or_else(|| findings.next())
            .map(|found| lang.of(&found.message).to_owned())
    };
    files
        .filter_map(|file| {
            let message = why(file)?;
            let file = file.file.to_string();
            Some(Stranger { file, message })
        })
        .collect()
}

fn list(now: &Now, asked: &Filter, lang: Lang) -> ListBook {
    let file = &now.stand.campaign.file;
    let text = |vi: &str, en: &str| lang.pick(vi, en).to_owned();
    let mut columns = vec![
        ListColumn::new(text("Mã", "Code"), 12.0),
        ListColumn::new(text("Đơn vị", "Unit"), 34.0),
        ListColumn::new(text("Nhóm", "Group"), 24.0),
        ListColumn::new(text("Chung", "Overall"), 18.0),
    ];
    columns.extend(
        heads(&now.stand)
            .into_iter()
            .map(|head| ListColumn::new(head.short, 18.0)),
    );
    columns.extend([
        ListColumn::new(text("Lỗi", "Errors"), 9.0),
        ListColumn::new(text("Cần giải trình", "To explain"), 11.0),
        ListColumn::new(text("Nộp gần nhất", "Last filed"), 19.0),
        ListColumn::new(text("Hạn nộp", "Deadline"), 13.0),
        ListColumn::new(text("Quá hạn", "Overdue"), 10.0),
    ]);
    let state =
        |state: FormState| ListCell::State(lang.of(&state.word()).to_owned(), weight(state));
    let row = |one: &Standing| {
        let mut cells = vec![
            ListCell::Code(one.unit.code.clone()),
            ListCell::text(&*one.unit.name),
            ListCell::text(&*one.unit.group),
            state(one.state),
        ];
        cells.extend(
            one.forms
                .iter()
                .map(|form| form.map_or(ListCell::Absent, state)),
        );
        let late = if one.overdue {
            lang.pick("quá hạn", "overdue")
        } else {
            ""
        };
        cells.extend([
            ListCell::Count(one.errors),
            ListCell::Count(one.warnings),
            ListCell::Moment(one.filed),
            ListCell::Day(one.deadline),
            ListCell::Code(late.to_owned()),
        ]);
        cells
    };
    let title = Message::new(
        format!("Bảng theo dõi: {}", file.title),
        format!("Board: {}", file.title),
    );
    let title = lang.of(&title).to_owned();
    ListBook {
        author: file.office.clone(),
        created: now.stand.at,
        sheets: vec![ListSheet {
            name: text("Đơn vị", "Units"),
            about: format!(
                "{} · {}",
                file.period.vietnamese(),
                now.stand.at.format("%H:%M %d/%m/%Y")
            ),
            title: title.clone(),
            columns,
            rows: asked.chosen(&now.units).into_iter().map(row).collect(),
        }],
        title,
    }
}

/// How much a state matters.
fn weight(state: FormState) -> Option<Severity> {
    match state {
        FormState::NotFiled | FormState::Returned => Some(Severity::Error),
        FormState::ToExplain => Some(Severity::Warning),
        FormState::Accepted | FormState::Closed => Some(Severity::Info),
        FormState::Received => None,
    }
}
