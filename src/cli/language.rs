//! The language of the command line itself: help and the names in it. Every text is written once,
//! by [`both!`], where the option or command is declared; [`translated`] keeps one side of each.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::{Arg, Command};

use crate::model::Lang;

/// The environment variable that names the language where `--lang` does not.
pub const VARIABLE: &str = "TONGHOP_LANG";

/// Between the Vietnamese and the English side of a text. Clap drops control characters, so it is
/// one that prints and that no text needs.
pub const BETWEEN: char = '¦';

/// One text of the command line in both languages, Vietnamese first, for clap's attributes.
macro_rules! both {
    ($vi:literal, $en:literal $(,)?) => {
        concat!($vi, "¦", $en)
    };
}
pub(super) use both;

/// The side of `text` in `lang`; a text with one side only is the same in both.
pub fn side(text: &str, lang: Lang) -> &str {
    text.split_once(BETWEEN)
        .map_or(text, |(vi, en)| lang.pick(vi, en))
}

/// The language of this call, and what the environment says of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Choice {
    /// The language to show help and messages of usage in.
    pub lang: Lang,
    /// The value of `--lang` where the command line has none: clap judges it like a typed one.
    pub default: String,
}

impl Choice {
    /// Looks for `--lang` before clap does, because help and wrong usage need the language, too.
    /// An empty variable counts as none.
    pub fn new(arguments: impl IntoIterator<Item = OsString>, variable: Option<OsString>) -> Self {
        let typed = typed(arguments);
        // Clap judges a default even where the option is given behind a command.
        let default = variable
            .filter(|value| !value.is_empty() && typed.is_none())
            .map_or(Lang::default().to_string(), |value| {
                value.to_string_lossy().into_owned()
            });
        let lang = typed.or_else(|| default.parse().ok()).unwrap_or_default();
        Self { lang, default }
    }
}

/// The last `--lang` of a command line that names a language.
fn typed(arguments: impl IntoIterator<Item = OsString>) -> Option<Lang> {
    let mut found = None;
    let mut expected = false;
    for argument in arguments {
        let argument = argument.to_string_lossy();
        if argument == "--" {
            break;
        }
        let value = match argument.strip_prefix("--lang=") {
            Some(value) => Some(value),
            None => expected.then_some(argument.as_ref()),
        };
        found = value.and_then(|value| value.parse().ok()).or(found);
        expected = argument == "--lang";
    }
    found
}

/// The arguments, with every `--lang` moved to the front if they call the command `help`. Clap adds
/// that command itself and gives it no options, so it would refuse `tonghop help check --lang en`.
pub fn lang_before_help(arguments: Vec<OsString>, command: &Command) -> Vec<OsString> {
    if !calls_help(&arguments, command) {
        return arguments;
    }
    let mut arguments = arguments.into_iter();
    let mut front: Vec<OsString> = arguments.next().into_iter().collect();
    let mut rest = Vec::new();
    while let Some(argument) = arguments.next() {
        if argument == "--lang" {
            front.push(argument);
            front.extend(arguments.next());
        } else if argument.to_string_lossy().starts_with("--lang=") {
            front.push(argument);
        } else {
            rest.push(argument);
        }
    }
    front.append(&mut rest);
    front
}

/// Whether `help` is called, of the whole program or of a command that has commands of its own.
fn calls_help(arguments: &[OsString], root: &Command) -> bool {
    let takes_value = |name: &str| {
        let mut options = root.get_arguments();
        options.any(|arg| arg.get_long() == Some(name) && arg.get_action().takes_values())
    };
    let mut command = root;
    let mut arguments = arguments.iter().skip(1).map(|word| word.to_string_lossy());
    while let Some(word) = arguments.next() {
        if let Some(option) = word.strip_prefix("--") {
            // The word behind an option such as `--format` is its value, not a command.
            if takes_value(option) {
                arguments.next();
            }
        } else if word == "help" {
            return command.has_subcommands();
        } else {
            match command.find_subcommand(word.as_ref()) {
                Some(below) => command = below,
                None => return false,
            }
        }
    }
    false
}

/// The command and all below it with every text in one language.
pub fn translated(mut command: Command, choice: &Choice) -> Command {
    // Clap adds its own options and the command `help` here, with the names used in usage lines.
    command.build();
    one_side(command, choice)
}

fn one_side(mut command: Command, choice: &Choice) -> Command {
    let lang = choice.lang;
    let about = command.get_about().map(|text| picked(text, lang));
    let after = command.get_after_help().map(|text| picked(text, lang));
    let usage = usage(&mut command, lang);
    let template = template(&command, lang);
    command = command
        .mut_args(|arg| argument(arg, choice))
        .override_usage(usage)
        .subcommand_help_heading(lang.pick("Lệnh", "Commands").to_owned())
        .help_template(template);
    if command.get_name() == "help" {
        let text = lang.pick("In hướng dẫn của một lệnh", "Print the help of a command");
        command = command.about(text.to_owned());
    } else if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(after) = after {
        command = command.after_help(after);
    }
    command.mut_subcommands(|below| one_side(below, choice))
}

fn picked(text: &StyledStr, lang: Lang) -> String {
    side(&text.to_string(), lang).to_owned()
}

/// How the command is called, without the word "Usage".
fn usage(command: &mut Command, lang: Lang) -> String {
    let usage = command.render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage);
    // Value names have two sides, each without blanks.
    let words = usage.split_inclusive([' ', '\n']);
    let text: String = match usage.contains('\n') {
        // Written by us as a whole.
        true => side(usage, lang).to_owned(),
        false => words.map(|word| value_name(word, lang)).collect(),
    };
    match lang {
        Lang::Vi => text
            .replace("[OPTIONS]", "[TÙY CHỌN]")
            .replace("<COMMAND>", "<LỆNH>")
            .replace("[COMMAND]", "[LỆNH]"),
        Lang::En => text,
    }
}

/// One word of a usage line such as `<ĐỢT¦CAMPAIGN>...` in one language.
fn value_name(word: &str, lang: Lang) -> String {
    let Some((vi, en)) = word.split_once(BETWEEN) else {
        return word.to_owned();
    };
    let open = vi.rfind(['<', '[']).map_or(0, |at| at + 1);
    let close = en.find(['>', ']']).unwrap_or(en.len());
    let name = lang.pick(&vi[open..], &en[..close]);
    format!("{}{name}{}", &vi[..open], &en[close..])
}

fn template(command: &Command, lang: Lang) -> String {
    let word = lang.pick("Cách dùng:", "Usage:");
    let style = command.get_styles().get_usage();
    format!(
        "{{about-with-newline}}\n{style}{word}{style:#} {{usage}}\n\n{{all-args}}{{after-help}}"
    )
}

/// An option with its names, its heading and its help in one language; what clap would add in
/// English behind the help is hidden and added here.
fn argument(arg: Arg, choice: &Choice) -> Arg {
    let lang = choice.lang;
    let arg = match arg.get_id().as_str() {
        "help" => arg.help(both!("In hướng dẫn này", "Print this help")),
        "version" => arg.help(both!("In số phiên bản", "Print the version")),
        "lang" => arg.default_value(choice.default.clone()),
        "subcommand" => arg.help(both!("Lệnh cần hướng dẫn", "The command to explain")),
        _ => arg,
    };
    let mut help = arg
        .get_help()
        .map_or(String::new(), |text| picked(text, lang));
    let values: Vec<String> = arg
        .get_possible_values()
        .iter()
        .map(|value| value.get_name().to_owned())
        .collect();
    let takes = arg.get_action().takes_values();
    if takes && !values.is_empty() {
        let word = lang.pick("chọn", "one of");
        help += &format!(" [{word}: {}]", values.join(", "));
    }
    if let (true, [value]) = (takes, arg.get_default_values()) {
        let word = lang.pick("mặc định", "default");
        help += &format!(" [{word}: {}]", value.to_string_lossy());
    }
    let heading = match arg.get_help_heading() {
        Some(heading) => side(heading, lang).to_owned(),
        None if arg.is_positional() => lang.pick("Tham số", "Arguments").to_owned(),
        None => lang.pick("Tùy chọn", "Options").to_owned(),
    };
    let names: Option<Vec<String>> = arg.get_value_names().map(|names| {
        let names = names.iter().map(|name| side(name, lang).to_owned());
        names.collect()
    });
    let arg = match names {
        Some(names) if takes => arg.value_names(names),
        _ => arg,
    };
    arg.help(help)
        .long_help(None::<&str>)
        .help_heading(heading)
        .hide_default_value(true)
        .hide_possible_values(true)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    fn choice(arguments: &[&str], variable: Option<&str>) -> Lang {
        let arguments = arguments.iter().map(OsString::from);
        Choice::new(arguments, variable.map(OsString::from)).lang
    }

    #[test]
    fn the_language_is_known_before_the_command_line_is_read() {
        for (arguments, variable, lang) in [
            (&["check", "--help"][..], None, Lang::Vi),
            (&["check", "--help", "--lang", "en"], None, Lang::En),
            (&["--lang=en", "check"], None, Lang::En),
            (&["check", "--help"], Some("en"), Lang::En),
            (&["check", "--help"], Some(""), Lang::Vi),
            (&["check", "--help"], Some("fr"), Lang::Vi),
            (&["check", "--lang", "vi"], Some("en"), Lang::Vi),
            (&["check", "--lang", "fr"], Some("en"), Lang::En),
            (&["check", "--", "--lang", "en"], None, Lang::Vi),
        ] {
            assert_eq!(
                choice(arguments, variable),
                lang,
                "{arguments:?} {variable:?}"
            );
        }
    }

    #[test]
    fn the_language_goes_before_the_command_help() {
        for (typed, read) in [
            ("help --lang en", "--lang en help"),
            ("help check --lang en", "--lang en help check"),
            ("help --lang=en check", "--lang=en help check"),
            ("forms help lint --lang en", "--lang en forms help lint"),
            (
                "--format json help --lang en",
                "--lang en --format json help",
            ),
            ("help --lang", "--lang help"),
            // Not the command: an argument of another, a value, a word that is no command.
            ("check help --lang en", "check help --lang en"),
            ("check --lang en", "check --lang en"),
            ("--format help --lang en", "--format help --lang en"),
            ("chek help --lang en", "chek help --lang en"),
        ] {
            let words = |line: &str| -> Vec<OsString> {
                let words = std::iter::once("tonghop").chain(line.split(' '));
                words.map(OsString::from).collect()
            };
            let moved = lang_before_help(words(typed), &Cli::command());
            assert_eq!(moved, words(read), "{typed}");
        }
    }

    /// Whether a command and all below it have two sides to every text.
    fn walk(command: &Command, lacking: &mut Vec<String>) {
        let mut look = |what: String, text: Option<String>| {
            let text = text.unwrap_or_default();
            let (vi, en) = text.split_once(BETWEEN).unwrap_or_default();
            if vi.is_empty() || en.is_empty() || !en.is_ascii() {
                lacking.push(format!("{what}: {text:?}"));
            }
        };
        let name = command.get_name();
        look(
            name.to_owned(),
            command.get_about().map(ToString::to_string),
        );
        if let Some(after) = command.get_after_help() {
            look(format!("{name}, after"), Some(after.to_string()));
        }
        for arg in command.get_arguments() {
            let what = format!("{name} {}", arg.get_id());
            look(what.clone(), arg.get_help().map(ToString::to_string));
            if let Some(heading) = arg.get_help_heading() {
                look(format!("{what}, heading"), Some(heading.to_owned()));
            }
        }
        command
            .get_subcommands()
            .for_each(|below| walk(below, lacking));
    }

    #[test]
    fn every_text_has_both_sides() {
        let mut lacking = Vec::new();
        walk(&Cli::command(), &mut lacking);
        assert_eq!(lacking, Vec::<String>::new());
    }

    #[test]
    fn a_usage_line_shows_each_name_in_one_language() {
        assert_eq!(value_name("<ĐỢT¦CAMPAIGN>...", Lang::Vi), "<ĐỢT>...");
        assert_eq!(value_name("<ĐỢT¦CAMPAIGN>...", Lang::En), "<CAMPAIGN>...");
        assert_eq!(value_name("--out", Lang::En), "--out");
    }

    #[test]
    fn the_translated_command_is_sound() {
        for lang in [Lang::Vi, Lang::En] {
            let default = lang.to_string();
            translated(Cli::command(), &Choice { lang, default }).debug_assert();
        }
    }
}
