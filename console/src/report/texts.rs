//! What a report says, in one of the four languages of the program: `console/locales/*/report.ftl`, with the names of
//! tables and labels from `protocol/locales`. A report may be in another language than the program.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use vestibule_wire::{CardTexts, Cell, OWN_LABEL_PREFIX, Table};

use super::names::OwnNames;
use crate::words::{Argument, Language};

/// Between thousands, where a language puts nothing else: a narrow space that does not break.
const THIN_SPACE: char = '\u{202F}';

/// The texts of one language, and what the service calls its own labels.
pub(crate) struct Texts<'a> {
    pub(crate) language: Language,
    bundle: FluentBundle<FluentResource>,
    own: &'a OwnNames,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(language: Language, own: &'a OwnNames) -> Self {
        let identifier = language.code().parse().expect("two letters name a language");
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        bundle.set_use_isolating(language == Language::Arabic);
        for source in sources(language) {
            let resource = FluentResource::try_new(source.to_owned());
            // The tests see that each file is read without errors; a release shows what it has.
            bundle.add_resource_overriding(resource.unwrap_or_else(|(rest, _)| rest));
        }
        Self { language, bundle, own }
    }

    /// The text of this id.
    pub(crate) fn say(&self, id: &str) -> String {
        self.with(id, &[])
    }

    /// The text of this id, with something in it.
    pub(crate) fn with(&self, id: &str, arguments: &[Argument<'_>]) -> String {
        self.find(id, arguments).unwrap_or_else(|| id.to_owned())
    }

    fn find(&self, id: &str, arguments: &[Argument<'_>]) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        let arguments: FluentArgs<'_> =
            arguments.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&arguments), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }

    /// A table's name.
    pub(crate) fn table(&self, table: &Table) -> String {
        self.say(&format!("table-{}", table.name))
    }

    /// A label's name: that of the pack, if the service has added it.
    pub(crate) fn label(&self, cell: Cell) -> String {
        let (table, place) = cell.table();
        if let Some(label) = table.labels.get(place) {
            return self.say(&format!("label-{}-{label}", table.name));
        }
        if let Some(language) = table.language(place) {
            return language.own_name().to_owned();
        }
        if let Some(name) = self.own.get(cell, self.language) {
            return name.to_owned();
        }
        let name = table.label(place).unwrap_or_default();
        let number = name.strip_prefix(OWN_LABEL_PREFIX).unwrap_or_default().to_owned();
        self.with("own-label", &[("number", number.into())])
    }

    /// Whether a label has a name: labels that a service may add have none until it has.
    pub(crate) fn is_named(&self, cell: Cell) -> bool {
        let (table, place) = cell.table();
        let is_known = place < table.labels.len() || table.language(place).is_some();
        is_known || self.own.get(cell, self.language).is_some()
    }

    /// A text that the service wrote.
    pub(crate) fn of_service<'b>(&self, texts: &'b CardTexts) -> &'b str {
        texts.for_reader(self.language.written())
    }

    /// A whole number, with its thousands apart. Digits are those of all other texts: 0 to 9.
    pub(crate) fn number(number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut text = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(THIN_SPACE);
            }
            text.push(digit);
        }
        if number < 0 { format!("\u{2212}{text}") } else { text }
    }

    /// An error, as one reads it: a whole number, at least 1.
    pub(crate) fn error(error: f64) -> String {
        format!("{:.0}", error.max(1.0))
    }

    /// A number with what comes behind the point.
    pub(crate) fn decimal(&self, number: f64) -> String {
        let text = format!("{number:.2}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        match self.language {
            Language::English | Language::Arabic => text.to_owned(),
            Language::Russian | Language::Ukrainian => text.replace('.', ","),
        }
    }

    /// A part of one, in percent, cut off: what is not whole is never said to be.
    pub(crate) fn percent(&self, part: f64) -> String {
        let tenths = (part * 1_000.0).floor() / 10.0;
        self.decimal(tenths)
    }

    /// A count, for texts that differ by it.
    pub(crate) fn count(count: usize) -> FluentValue<'static> {
        count.into()
    }
}

fn sources(language: Language) -> [&'static str; 2] {
    match language {
        Language::English => [
            include_str!("../../locales/en/report.ftl"),
            include_str!("../../../protocol/locales/en/indicators.ftl"),
        ],
        Language::Russian => [
            include_str!("../../locales/ru/report.ftl"),
            include_str!("../../../protocol/locales/ru/indicators.ftl"),
        ],
        Language::Ukrainian => [
            include_str!("../../locales/uk/report.ftl"),
            include_str!("../../../protocol/locales/uk/indicators.ftl"),
        ],
        Language::Arabic => [
            include_str!("../../locales/ar/report.ftl"),
            include_str!("../../../protocol/locales/ar/indicators.ftl"),
        ],
    }
}

#[cfg(test)]
mod tests;
