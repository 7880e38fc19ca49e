//! `tonghop new`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::common::{Common, OutputFormat};
use super::language::both;
use super::output::{clock, say, say_json};
use crate::campaign::{Office, ToolError};
use crate::commands::{campaign_from_excel, campaign_into_excel};
use crate::model::{Lang, Message, Period};
use crate::report::json::commands::Created;
use crate::schema::{builtin, json_schema};

#[derive(Debug, Args)]
pub struct New {
    #[arg(value_name = both!("THƯ_MỤC", "FOLDER"), help = both!(
        "Thư mục sẽ tạo; phải chưa có hoặc đang trống",
        "The folder to make; it must not exist or must be empty",
    ))]
    folder: PathBuf,
    #[arg(long, value_enum, default_value_t, value_name = both!("ĐỢT_MẪU", "SAMPLE"), help = both!(
        "Đợt mẫu lấy làm gốc: một tỉnh có 15 sở, ban, ngành và 124 xã, phường; hoặc một cơ quan là \
         văn phòng ủy ban nhân dân tỉnh",
        "The sample to begin with: a province of 15 departments and 124 communes, or one office, \
         that of a provincial people's committee",
    ))]
    from: Sample,
    #[arg(long, group = "own", conflicts_with = "from", help = both!(
        "Đợt gần như trống: một biểu ví dụ, hai đơn vị ví dụ để thay bằng của mình",
        "A nearly empty campaign: one form and two units as examples, to be replaced by your own",
    ))]
    empty: bool,
    #[arg(long, value_name = both!("TỆP", "FILE"), num_args = 1.., group = "own", conflicts_with = "from", requires = "roster", help = both!(
        "Đợt làm từ các biểu trắng Excel: mọi đơn vị của danh sách gửi mọi biểu",
        "A campaign made from blank forms in Excel: every unit of the roster files every form",
    ))]
    from_excel: Vec<PathBuf>,
    #[arg(long, requires = "from_excel", value_name = both!("DANH_SÁCH", "ROSTER"), help = both!(
        "Danh sách đơn vị của đợt làm từ Excel: tệp .csv hoặc .xlsx có cột mã, tên, loại",
        "The units of a campaign made from Excel: a .csv or .xlsx with code, name and kind",
    ))]
    roster: Option<PathBuf>,
    #[arg(long, value_name = both!("KỲ", "PERIOD"), requires = "own", help = both!(
        "Kỳ của đợt trống hoặc đợt làm từ Excel, ví dụ 2025-10, 2025-Q3; không ghi thì là tháng trước",
        "Period of an empty campaign or one made from Excel, such as 2025-10 or 2025-Q3; last month if absent",
    ))]
    period: Option<Period>,
    #[arg(long, help = both!(
        "Viết đợt và biểu mẫu bằng tệp Excel (campaign.xlsx, schemas/<mã>.xlsx) thay cho tệp chữ",
        "Write the campaign and its forms as workbooks (campaign.xlsx, schemas/<id>.xlsx) instead of \
         text",
    ))]
    excel: bool,
    #[arg(long, value_name = both!("TÊN", "NAME"), requires = "own", help = both!(
        "Tên cơ quan ra báo cáo, in trên mẫu, bản trả về, phụ lục, báo cáo",
        "The issuing office, printed on templates, returned copies, appendices and reports",
    ))]
    office: Option<String>,
    #[arg(long, value_name = both!("NƠI", "PLACE"), requires = "own", help = both!(
        "Nơi ký, in trước ngày tháng",
        "Where it is signed, printed before the date",
    ))]
    place: Option<String>,
}

/// The files of a nearly empty campaign; `@KY@` and `@TEN_KY@` in the first are its period,
/// `@CO_QUAN@` and `@NOI_KY@` its office.
const EMPTY: [(&str, &str); 3] = [
    ("campaign.toml", include_str!("new/campaign.toml")),
    ("roster.csv", include_str!("new/roster.csv")),
    ("schemas/tap_huan.toml", include_str!("new/tap_huan.toml")),
];

/// Campaigns whose definition is compiled in.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Sample {
    // A province: 15 departments and 124 communes.
    #[default]
    #[value(name = "vinh-long-2025-09")]
    VinhLong,
    // One office: that of a provincial people's committee.
    #[value(name = "vpubnd-2025-07")]
    Vpubnd,
}

/// A sample's files: path below the campaign folder, bytes.
type Files = &'static [(&'static str, &'static [u8])];

macro_rules! sample {
    ($name:literal, $($file:literal),+) => {
        &[$(($file, include_bytes!(concat!("../../samples/", $name, "/", $file)))),+]
    };
}

impl Sample {
    fn files(self) -> Files {
        match self {
            Sample::VinhLong => sample!("vinh-long-2025-09", "campaign.toml", "roster.csv"),
            Sample::Vpubnd => sample!("vpubnd-2025-07", "campaign.toml", "roster.csv"),
        }
    }
}

impl New {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        let folder = &self.folder;
        let occupied = folder.exists()
            && fs::read_dir(folder)
                .map_err(ToolError::io(folder))?
                .next()
                .is_some();
        if occupied {
            let shown = folder.display();
            return Err(ToolError::Other(Message::new(
                format!("{shown}: thư mục đã có tệp bên trong; hãy chọn thư mục khác"),
                format!("{shown}: the folder is not empty; choose another"),
            )));
        }
        if let Some(roster) = &self.roster {
            return self.make_from_excel(roster, common);
        }
        match self.empty {
            true => self.write_empty()?,
            false => self.write_sample()?,
        }
        for (name, text) in json_schema::all() {
            write(&folder.join("schemas").join(name), text.as_bytes())?;
        }
        for empty in ["inbox", "history"] {
            let empty = folder.join(empty);
            fs::create_dir_all(&empty).map_err(ToolError::io(&empty))?;
        }
        let kept = self.turn_into_excel()?;
        match common.format {
            OutputFormat::Json => say_json(&Created { campaign: folder })?,
            OutputFormat::Text => {
                say(&(self.kept(&kept, common.lang) + &self.next_steps(common.lang)))?
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Makes the campaign of some blank forms; exit code 0 though something may be asked, because the
    /// campaign can be used.
    fn make_from_excel(&self, roster: &Path, common: &Common) -> Result<ExitCode, ToolError> {
        let period = match self.period {
            Some(period) => period,
            None => last_month()?,
        };
        let made = campaign_from_excel(
            &self.folder,
            &self.from_excel,
            roster,
            period,
            &self.office(),
        )?;
        let kept = self.turn_into_excel()?;
        match common.format {
            OutputFormat::Json => say_json(&Created {
                campaign: &self.folder,
            })?,
            OutputFormat::Text => {
                say(&super::from_excel::text(&made, true, common.lang))?;
                say(&(self.kept(&kept, common.lang) + &self.next_steps(common.lang)))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The office as far as it was given.
    fn office(&self) -> Office {
        let left = Office::default();
        Office {
            name: self.office.clone().unwrap_or(left.name),
            place: self.place.clone().unwrap_or(left.place),
        }
    }

    fn write_empty(&self) -> Result<(), ToolError> {
        let period = match self.period {
            Some(period) => period,
            None => last_month()?,
        };
        let Office {
            name: office,
            place,
        } = self.office();
        let quoted = |text: String| toml::Value::from(text).to_string();
        let (office, place) = (quoted(office), quoted(place));
        for (name, text) in EMPTY {
            let text = text.replace("@KY@", &period.to_string());
            let text = text.replace("@TEN_KY@", &period.vietnamese());
            let text = text.replace("\"@CO_QUAN@\"", &office);
            let text = text.replace("\"@NOI_KY@\"", &place);
            write(&self.folder.join(name), text.as_bytes())?;
        }
        Ok(())
    }

    fn write_sample(&self) -> Result<(), ToolError> {
        for (name, bytes) in self.from.files() {
            write(&self.folder.join(name), &without_controls(bytes))?;
        }
        for id in builtin::ids() {
            let text = builtin::text(id).unwrap_or_default();
            let path = self.folder.join("schemas").join(format!("{id}.toml"));
            write(&path, text.as_bytes())?;
        }
        Ok(())
    }

    /// Turns the new campaign into workbooks if it is to be; gives why form files stay text.
    fn turn_into_excel(&self) -> Result<Vec<Message>, ToolError> {
        match self.excel {
            true => campaign_into_excel(&self.folder, &clock()?),
            false => Ok(Vec::new()),
        }
    }

    fn kept(&self, kept: &[Message], lang: Lang) -> String {
        let lines = kept.iter().map(|why| format!("{}\n", lang.of(why)));
        lines.collect()
    }

    fn next_steps(&self, lang: Lang) -> String {
        let folder = self.folder.display();
        format!(
            "{}\n  1. {}\n  2. tonghop template {folder} --out {folder}/mau\n  3. {}\n  4. tonghop consolidate {folder}\n",
            lang.pick("Đã tạo đợt báo cáo. Việc tiếp theo:", "Campaign created. Next:"),
            match self.excel {
                true => lang.pick(
                    "Sửa campaign.xlsx (kỳ, danh sách đơn vị, biểu, số liệu), schemas/ (biểu mẫu)",
                    "Edit campaign.xlsx and schemas/",
                ),
                false => lang.pick(
                "Sửa campaign.toml (kỳ, biểu mẫu, số liệu), roster.csv (danh sách đơn vị), schemas/ (biểu mẫu)",
                "Edit campaign.toml, roster.csv and schemas/",
            ),
            },
            lang.pick("Để các tệp nhận được vào inbox/", "Put the received files into inbox/"),
        )
    }
}

/// The month before today's.
fn last_month() -> Result<Period, ToolError> {
    let now = clock()?.now();
    let month = now.get(..7).and_then(|month| month.parse::<Period>().ok());
    month.map(Period::previous).ok_or_else(|| {
        ToolError::Other(Message::new(
            "không biết hôm nay là ngày nào; hãy ghi kỳ bằng --period",
            "today's date is not known; give the period with --period",
        ))
    })
}

/// Leaves out the section of control totals, up to the next heading: they belong to one period.
fn without_controls(bytes: &[u8]) -> Vec<u8> {
    let heading = "\n# Số kiểm soát của kỳ này".as_bytes();
    let find = |wanted: &[u8], from: usize| {
        let found = bytes[from..]
            .windows(wanted.len())
            .position(|w| w == wanted);
        found.map(|at| from + at)
    };
    let Some(start) = find(heading, 0) else {
        return bytes.to_vec();
    };
    let end = find(b"\n# ", start + heading.len()).unwrap_or(bytes.len());
    [&bytes[..start], &bytes[end..]].concat()
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ToolError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(ToolError::io(folder))?;
    }
    fs::write(path, bytes).map_err(ToolError::io(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::campaign::CampaignFile;

    #[test]
    fn a_new_campaign_has_none_of_the_samples_control_totals() {
        for sample in [Sample::VinhLong, Sample::Vpubnd] {
            let read = |bytes: &[u8]| {
                let text = std::str::from_utf8(bytes).unwrap();
                toml::from_str::<CampaignFile>(text).unwrap()
            };
            let (_, bytes) = sample.files()[0];
            let (whole, new) = (read(bytes), read(&without_controls(bytes)));
            assert_eq!((whole.controls.len(), new.controls.len()), (1, 0));
            assert_eq!(whole.figures.len(), new.figures.len());
            assert_eq!(whole.appendices.len(), new.appendices.len());
        }
    }
}
