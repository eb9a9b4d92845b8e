//! The command line as people read it: in French, which clap does not speak. Headings, notes and refusals
//! are told here; what each setting is for stands beside it, in `config.rs`.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};

use super::config::Cli;

/// What was typed; help and refusals end the program.
pub fn parse() -> Cli {
    read(std::env::args_os()).unwrap_or_else(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => error.exit(),
        _ => {
            eprintln!("dashboard-fb : {}\nL'aide s'affiche avec --help.", refusal(&error));
            std::process::exit(2)
        }
    })
}

/// Reads arguments, the program's name first.
pub fn read<T: Into<std::ffi::OsString> + Clone>(args: impl IntoIterator<Item = T>) -> Result<Cli, clap::Error> {
    command().try_get_matches_from(args).and_then(|matches| Cli::from_arg_matches(&matches))
}

/// The commands and their settings, in French.
pub fn command() -> Command {
    in_french(Cli::command())
}

fn in_french(command: Command) -> Command {
    let help = Arg::new("aide").long("help").short('h').action(ArgAction::Help).help("Affiche cette aide");
    let command = command
        .help_template("{about-with-newline}\nUtilisation : {usage}\n\n{all-args}{after-help}")
        .subcommand_help_heading("Commandes ")
        .subcommand_value_name("COMMANDE")
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(help)
        .mut_args(with_notes)
        .mut_subcommands(in_french);
    // Only the program has a version, not its commands.
    if command.get_version().is_none() {
        return command;
    }
    let version = Arg::new("version").long("version").short('V').action(ArgAction::Version);
    command.arg(version.help("Affiche la version").help_heading("Options "))
}

/// The notes after a setting: its choices, its default, the environment variable that sets it too.
fn with_notes(arg: Arg) -> Arg {
    let mut text = arg.get_help().map(ToString::to_string).unwrap_or_default();
    // No line breaks inside a note but after its colon.
    let mut note = |name: &str, value: String| text.push_str(&format!(" [{name}\u{a0}: {value}]"));
    let choices: Vec<_> = arg.get_possible_values().iter().map(|choice| choice.get_name().to_owned()).collect();
    if arg.get_action().takes_values() && !choices.is_empty() {
        note("au\u{a0}choix", choices.join(", "));
    }
    if let Some(default) = arg.get_default_values().first() {
        note("par\u{a0}défaut", default.to_string_lossy().into_owned());
    }
    if let Some(variable) = arg.get_env() {
        note("variable", variable.to_string_lossy().into_owned());
    }
    let arg = arg.help(text).help_heading("Options ");
    // clap would write the same notes, in English.
    if arg.get_action().takes_values() {
        return arg.hide_possible_values(true).hide_default_value(true).hide_env(true);
    }
    arg.hide_env(true)
}

/// Why the arguments were refused, in a sentence.
pub fn refusal(error: &clap::Error) -> String {
    let said = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let (arg, value) = (said(ContextKind::InvalidArg), said(ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("il manque la valeur de {arg}."),
        ErrorKind::InvalidValue => {
            let choices = said(ContextKind::ValidValue);
            format!("« {value} » ne convient pas à {arg} ; au choix : {choices}.")
        }
        ErrorKind::ValueValidation => format!("« {value} » ne convient pas à {arg}."),
        ErrorKind::UnknownArgument => match said(ContextKind::SuggestedArg) {
            near if near.is_empty() => format!("« {arg} » est inconnu."),
            near => format!("« {arg} » est inconnu ; vouliez-vous dire {near} ?"),
        },
        ErrorKind::InvalidSubcommand => {
            format!("la commande « {} » est inconnue.", said(ContextKind::InvalidSubcommand))
        }
        ErrorKind::ArgumentConflict => match said(ContextKind::PriorArg) {
            prior if prior == arg => format!("{arg} ne se donne qu'une fois."),
            prior => format!("{arg} ne va pas avec {prior}."),
        },
        // Of several, clap writes `<--client <ID>|--user <ID>>`.
        ErrorKind::MissingRequiredArgument => match arg.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
            Some(either) if either.contains('|') => format!("il manque {}.", either.replace('|', " ou ")),
            _ => format!("il manque {arg}."),
        },
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{arg} n'a pas le bon nombre de valeurs.")
        }
        ErrorKind::InvalidUtf8 => "un argument n'est pas en UTF-8.".to_owned(),
        _ => "ces arguments ne conviennent pas.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(args: &[&str]) -> String {
        refusal(&read(std::iter::once(&"dashboard-fb").chain(args)).expect_err("refused"))
    }

    #[test]
    fn every_help_is_in_french() {
        let mut command = command();
        command.build();
        let mut helps = vec![command.render_long_help().to_string()];
        helps.extend(command.get_subcommands_mut().map(|command| command.render_long_help().to_string()));
        assert_eq!(helps.len(), 8, "the program and its commands");
        for help in helps {
            for english in ["Usage", "Commands:", "Options:", "[default", "[env", "[possible", "Print", " the ", " of "]
            {
                assert!(!help.contains(english), "{english} in:\n{help}");
            }
            assert!(help.contains("Utilisation : ") && help.contains("Affiche cette aide"), "{help}");
        }
    }

    #[test]
    fn refusals_are_in_french_and_name_what_was_wrong() {
        for (args, sentence) in [
            (&["--listn", "x"][..], "« --listn » est inconnu ; vouliez-vous dire --listen ?"),
            (&["--couleur"], "« --couleur » est inconnu."),
            (&["vérifier"], "la commande « vérifier » est inconnue."),
            (&["--listen", "ici"], "« ici » ne convient pas à --listen <ADRESSE:PORT>."),
            (&["seed", "--orders", "0"], "« 0 » ne convient pas à --orders <NOMBRE>."),
            (&["--log-format", "xml"], "« xml » ne convient pas à --log-format <FORMAT> ; au choix : text, json."),
            (&["--listen"], "il manque la valeur de --listen <ADRESSE:PORT>."),
            (&["erase-person"], "il manque --client <ID> ou --user <ID>."),
            (&["create-admin", "--email", "a@b"], "il manque --nom <NOM>."),
            (&["erase-person", "--client", "1", "--user", "2"], "--client <ID> ne va pas avec --user <ID>."),
            (&["verify", "--currency", "EUR", "--currency", "EUR"], "--currency <CODE> ne se donne qu'une fois."),
        ] {
            assert_eq!(refused(args), sentence);
        }
    }
}
