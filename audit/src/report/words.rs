//! The report's words: `audit/locales/`, one file for each language.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::claims::{Reason, Severity};

/// A language of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Russian,
    Ukrainian,
    Arabic,
}

impl Language {
    pub(super) const ALL: [Self; 4] = [Self::English, Self::Russian, Self::Ukrainian, Self::Arabic];

    /// As in `lang="uk"`.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
            Self::Ukrainian => "uk",
            Self::Arabic => "ar",
        }
    }

    /// As in `dir="rtl"`.
    pub(super) fn direction(self) -> &'static str {
        match self {
            Self::English | Self::Russian | Self::Ukrainian => "ltr",
            Self::Arabic => "rtl",
        }
    }

    fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../../locales/en/audit.ftl"),
            Self::Russian => include_str!("../../locales/ru/audit.ftl"),
            Self::Ukrainian => include_str!("../../locales/uk/audit.ftl"),
            Self::Arabic => include_str!("../../locales/ar/audit.ftl"),
        }
    }
}

/// What is said in one language.
pub(super) struct Words {
    pub(super) language: Language,
    texts: FluentBundle<FluentResource>,
}

impl Words {
    pub(super) fn of(language: Language) -> Self {
        let code = language.code().parse().expect("two letters name a language");
        let mut texts = FluentBundle::new_concurrent(vec![code]);
        let source = FluentResource::try_new(language.source().to_owned());
        let source = source.unwrap_or_else(|(whole, _)| whole);
        texts.add_resource_overriding(source);
        // Marks around addresses and dates: needed in lines that run from right to left.
        texts.set_use_isolating(language == Language::Arabic);
        Self { language, texts }
    }

    /// A sentence; `None` if there is none of this name, or an argument is missing.
    pub(super) fn find(&self, id: &str, arguments: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let pattern = self.texts.get_message(id)?.value()?;
        let arguments: FluentArgs<'_> = arguments.iter().cloned().collect();
        let mut problems = Vec::new();
        let text = self.texts.format_pattern(pattern, Some(&arguments), &mut problems);
        problems.is_empty().then(|| text.into_owned())
    }

    /// The same for one that the tests know to be there.
    pub(super) fn say(&self, id: &str, arguments: &[(&str, FluentValue<'_>)]) -> String {
        self.find(id, arguments).unwrap_or_else(|| id.to_owned())
    }

    pub(super) fn severity(&self, severity: Severity) -> String {
        let id = match severity {
            Severity::Low => "severity-low",
            Severity::Medium => "severity-medium",
            Severity::High => "severity-high",
        };
        self.say(id, &[])
    }

    pub(super) fn reason(&self, reason: Reason) -> String {
        let id = match reason {
            Reason::NeedsProcess => "reason-needs-process",
            Reason::NeedsRights => "reason-needs-rights",
            Reason::NotNamed => "reason-not-named",
            Reason::NotHere => "reason-not-here",
            Reason::NoAnswer => "reason-no-answer",
        };
        self.say(id, &[])
    }
}
