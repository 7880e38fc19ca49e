//! A campaign from a seed.

use super::blocks::Columns;
use super::exact;
use super::instances::{self, Verdict};
use super::rows::Tree;
use super::seed::Rng;
use super::spec::{Blank, Campaign, Form, KINDS, Rows, Type, Unit};
use super::time::Step;
use super::words;
use super::world::{At, RowAt, World};

/// The campaign of a seed: one to three forms, two to four units, one to three periods.
pub fn campaign(seed: u64) -> Campaign {
    let mut rng = Rng::new(seed);
    let step = if rng.chance(75) {
        Step::Month
    } else {
        Step::Quarter
    };
    // January and the first quarter begin a year to date.
    let offset = if rng.chance(50) { 0 } else { rng.below(12) };
    let first = 2025 * step.a_year() + i32::try_from(offset).unwrap_or(0);
    let periods = match rng.below(10) {
        0..=5 => 1,
        6..=8 => 2,
        _ => 3,
    };
    let forms = 1 + [0, 0, 0, 1, 1, 2][rng.below(6)];
    let units = 2 + [0, 0, 0, 1, 2][rng.below(5)];
    let mut campaign = Campaign {
        seed,
        step,
        first,
        periods,
        archived: Vec::new(),
        units: (0..units).map(|number| unit(&mut rng, number)).collect(),
        forms: (0..forms).map(|number| form(&mut rng, number)).collect(),
    };
    // Drawn apart, so that the campaign of a seed is otherwise what it was.
    let mut shape = Rng::new(seed ^ 0x61_626f_7665);
    for form in &mut campaign.forms {
        // A number in front of a name is its ordinal where that has no column.
        let numbered = form.ordinal.is_some() || !form.is_free();
        form.names_above = shape.chance(12) && numbered;
    }
    settle(&mut campaign);
    campaign
}

fn unit(rng: &mut Rng, number: usize) -> Unit {
    let (kind, of_kind) = KINDS[usize::from(rng.chance(40))];
    let groups = ["", "Vùng 1", "Vùng 2"];
    Unit {
        code: format!("{}", 28_801 + number * 7),
        name: format!("{of_kind} {}", words::place(number)),
        kind,
        group: rng.word(&groups).to_owned(),
        from: None,
        until: None,
        predecessors: Vec::new(),
    }
}

fn form(rng: &mut Rng, number: usize) -> Form {
    let free = rng.chance(40);
    let figure = match rng.below(4) {
        0 => Type::Amount {
            decimals: u32::try_from(rng.below(4)).unwrap_or(0),
            rounded: false,
        },
        _ => Type::Count,
    };
    let blank = if rng.chance(10) {
        Blank::Zero
    } else {
        Blank::Missing
    };
    let mut columns = Columns::new(rng, figure, blank);
    if free {
        key(&mut columns, rng);
    }
    fill_columns(&mut columns, rng);
    let mut rules = Vec::new();
    let rows = if free {
        Rows::Free {
            total: rng.chance(70).then(|| "Tổng cộng".to_owned()),
            prepared: rng.between(12, 16),
        }
    } else {
        let numbered = rng.chance(50);
        let mut tree = Tree::new(&columns, numbered);
        tree.grow(rng);
        rules.append(&mut tree.rules);
        Rows::Fixed(tree.rows)
    };
    rules.extend(columns.rules);
    let title = words::label(rng);
    Form {
        id: format!("bieu_{}", number + 1),
        title: format!("Tình hình {} {}", title.to_lowercase(), number + 1),
        sheet: format!("Biểu {}", number + 1),
        code: rng
            .chance(50)
            .then(|| format!("Biểu số {:02}/BC", number + 1)),
        unit: rng.chance(50).then(|| "triệu đồng".to_owned()),
        notes: rng
            .chance(30)
            .then(|| "Số liệu đến ngày cuối kỳ.".to_owned())
            .into_iter()
            .collect(),
        ordinal: rng
            .chance(60)
            .then(|| rng.word(&["STT", "TT", "Số TT"]).to_owned()),
        label: "Chỉ tiêu".to_owned(),
        unit_column: (!free && rng.chance(25)).then(|| "Đơn vị tính".to_owned()),
        numbering: rng.chance(35),
        names_above: false,
        landscape: rng.chance(20),
        kinds: None,
        rows,
        columns: columns.list,
        rules,
    }
}

fn key(columns: &mut Columns, rng: &mut Rng) {
    let label = rng
        .word(&["Tên công trình", "Nội dung", "Tên lớp, khóa học"])
        .to_owned();
    columns.add(vec![label], Type::Text);
    if let Some(key) = columns.list.last_mut() {
        key.key = true;
    }
    // Rows of one name that a second column tells apart.
    if rng.chance(25) {
        let label = rng.word(&["Địa bàn", "Đơn vị thực hiện"]).to_owned();
        columns.add(vec![label], Type::Text);
        if let Some(key) = columns.list.last_mut() {
            key.key = true;
        }
    }
}

fn fill_columns(columns: &mut Columns, rng: &mut Rng) {
    for _ in 0..rng.between(1, 2) {
        match rng.below(6) {
            0 | 1 => columns.sum(rng),
            2 => columns.balance(rng),
            3 => columns.running(rng),
            _ => drop(columns.plain(rng)),
        }
    }
    if rng.chance(45) {
        columns.part(rng);
    }
    if rng.chance(45) {
        columns.percent(rng);
    }
    if rng.chance(25) {
        columns.average(rng);
    }
    for _ in 0..rng.below(3) {
        columns.words(rng);
    }
}

/// Takes out rules that the figures break, and what makes a figure negative, until every rule holds
/// for every unit in every period.
pub fn settle(campaign: &mut Campaign) {
    while let Some((form, rule)) = unfit(campaign) {
        campaign.forms[form].rules.retain(|other| other.id != rule);
    }
    campaign.forms.iter_mut().for_each(uncompute);
}

/// Nothing is computed that no rule says and no operands give.
fn uncompute(form: &mut Form) {
    let given = |form: &Form, row: usize, column: usize| {
        let Some(field) = form.field(row, column) else {
            return true;
        };
        matches!(field.kind, Type::Percent { ratio: Some(_), .. })
            || !field.kind.is_figure()
            || form
                .definitions(row, column)
                .iter()
                .any(|rule| rule.past_only().is_none())
    };
    let rows = 0..form.fixed().len().max(1);
    for column in 0..form.columns.len() {
        let every = rows.clone().all(|row| given(form, row, column));
        form.columns[column].computed &= every;
    }
    for row in rows {
        let columns = 0..form.columns.len();
        let every = columns.clone().all(|column| given(form, row, column));
        if let Rows::Fixed(rows) = &mut form.rows {
            rows[row].computed &= every;
        }
    }
}

/// A rule that does not hold, or that makes a figure no unit would have.
fn unfit(campaign: &Campaign) -> Option<(usize, String)> {
    let world = World::new(campaign);
    for time in campaign.first..campaign.end() {
        for unit in 0..campaign.units.len() {
            let instances = instances::all(&world, unit, time);
            if let Some(broken) = instances::failing(&instances).next() {
                return Some((broken.form, broken.rule.clone()));
            }
            for (form, of) in campaign.forms.iter().enumerate() {
                if let Some(rule) = below_zero(&world, of, (unit, time, form)) {
                    return Some((form, rule));
                }
            }
        }
    }
    None
}

fn below_zero(
    world: &World<'_>,
    form: &Form,
    (unit, time, index): (usize, i32, usize),
) -> Option<String> {
    for row in 0..world.rows(unit, time, index) {
        for column in 0..form.columns.len() {
            let at = At {
                unit,
                time,
                form: index,
                row: RowAt::Row(row),
                column,
            };
            let negative = world
                .cell(at)
                .number()
                .is_some_and(|number| *number < exact::whole(0));
            if negative {
                let rule = form
                    .definitions(row, column)
                    .first()
                    .map(|rule| rule.id.clone());
                return Some(rule.expect("nothing is drawn below 0"));
            }
        }
    }
    None
}

/// Is nothing wrong with the figures of a campaign?
pub fn is_clean(world: &World<'_>, unit: usize, time: i32) -> bool {
    let instances = instances::all(world, unit, time);
    let wrong = |verdict| matches!(verdict, Verdict::Fails | Verdict::OtherRounding);
    !instances.iter().any(|instance| wrong(instance.verdict))
}
