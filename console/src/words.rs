//! What the program says, in the person's language: `console/locales/`, one file for each language.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::sync::OnceLock;

use clap::ValueEnum;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// A name in a sentence's text, and what stands in its place.
pub type Argument<'a> = (&'a str, FluentValue<'a>);

type Texts = FluentBundle<FluentResource>;

/// The texts of the chosen language. English unless the program chose before it first spoke.
static CHOSEN: OnceLock<(Language, Texts)> = OnceLock::new();

/// Where a system's language is looked for, the first that says anything first.
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// A language that the program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English
    #[value(name = "en")]
    English,
    /// Русский
    #[value(name = "ru")]
    Russian,
    /// Українська
    #[value(name = "uk")]
    Ukrainian,
    /// العربية
    #[value(name = "ar")]
    Arabic,
}

impl Language {
    /// The language of the system, by its environment; English when it names none of ours.
    pub fn of_system(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let named = VARIABLES.iter().filter_map(|name| variable(name)).find(|it| !it.is_empty());
        let named = named.unwrap_or_default().to_string_lossy().into_owned();
        // As in `uk_UA.UTF-8`.
        match named.get(..2) {
            Some("ru") => Self::Russian,
            Some("uk") => Self::Ukrainian,
            Some("ar") => Self::Arabic,
            _ => Self::English,
        }
    }

    /// Its code, as in `lang="uk"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
            Self::Ukrainian => "uk",
            Self::Arabic => "ar",
        }
    }

    /// As texts of services are written in it.
    pub(crate) fn written(self) -> vestibule_wire::Language {
        let listed = vestibule_wire::Language::from_code(self.code());
        listed.expect("a test looks for each of them in the list")
    }

    /// Where its lines begin, as in `dir="rtl"`.
    pub fn direction(self) -> &'static str {
        match self {
            Self::English | Self::Russian | Self::Ukrainian => "ltr",
            Self::Arabic => "rtl",
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../locales/en/console.ftl"),
            Self::Russian => include_str!("../locales/ru/console.ftl"),
            Self::Ukrainian => include_str!("../locales/uk/console.ftl"),
            Self::Arabic => include_str!("../locales/ar/console.ftl"),
        }
    }
}

/// Chooses the language, once and before anything is said. Later choices change nothing.
pub fn choose(language: Language) {
    CHOSEN.get_or_init(|| (language, texts(language)));
}

/// The chosen language.
pub fn language() -> Language {
    chosen().0
}

fn chosen() -> &'static (Language, Texts) {
    CHOSEN.get_or_init(|| (Language::English, texts(Language::English)))
}

/// A sentence in the chosen language.
pub fn words(id: &str, arguments: &[Argument<'_>]) -> String {
    let (_, texts) = chosen();
    // The tests hold every id and every argument in the sources to the texts.
    format(texts, id, arguments).unwrap_or_else(|| id.to_owned())
}

/// Why the system refused something, to stand in brackets.
#[allow(clippy::wildcard_enum_match_arm, reason = "the others are rare, and the system names them")]
pub(crate) fn reason(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::NotFound => words("reason-not-found", &[]),
        ErrorKind::PermissionDenied => words("reason-not-allowed", &[]),
        ErrorKind::StorageFull => words("reason-disk-full", &[]),
        ErrorKind::ReadOnlyFilesystem => words("reason-read-only", &[]),
        ErrorKind::IsADirectory => words("reason-is-folder", &[]),
        ErrorKind::NotADirectory => words("reason-not-folder", &[]),
        other => words("reason-other", &[("kind", other.to_string().into())]),
    }
}

fn texts(language: Language) -> Texts {
    let identifier = language.code().parse().expect("two letters name a language");
    let mut texts = Texts::new_concurrent(vec![identifier]);
    // Marks around paths and dates: where they stand in lines that run from right to left they are
    // needed, elsewhere a terminal may show them.
    texts.set_use_isolating(language == Language::Arabic);
    let resource = FluentResource::try_new(language.source().to_owned());
    // The tests see that each file is read without errors; a release shows what it has.
    let resource = resource.unwrap_or_else(|(rest, _)| rest);
    texts.add_resource_overriding(resource);
    texts
}

/// `None` when there is no such text, or not with these arguments.
fn format(texts: &Texts, id: &str, arguments: &[Argument<'_>]) -> Option<String> {
    let pattern = texts.get_message(id)?.value()?;
    let arguments: FluentArgs<'_> =
        arguments.iter().map(|(name, value)| (*name, value.clone())).collect();
    let mut errors = Vec::new();
    let text = texts.format_pattern(pattern, Some(&arguments), &mut errors).into_owned();
    errors.is_empty().then_some(text)
}

#[cfg(test)]
mod tests;
