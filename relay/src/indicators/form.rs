//! The form of the file: JSON that a person reads in a minute, and that holds nothing but numbers under
//! names of the catalogue. What has any other name, or a text, is refused with its line.

mod lines;
mod tables;

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use lines::LinesThenTables;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use tables::TablesForm;
use vestibule_wire::{AuthorityKey, NOISES_MAX};

use super::kept::{Kept, KeptPeriod};
use super::noise::{Budget, EpsilonMillionths};
use super::period::Date;

/// What the file says about itself.
const ABOUT: &str = "Sums of what happened at each service, by period: see docs/indicators.md of \
    Vestibule. Noise is added to each, so that the sums do not tell whether one consultation happened; \
    some are below nought because of it.";
const FORMAT: u32 = 1;
const MILLION_DIGITS: usize = 6;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    about: About,
    format: FormatNumber,
    services: Entries<Hex, Entries<Date, PeriodForm>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PeriodForm {
    end: Date,
    covered_minutes: u32,
    #[serde(deserialize_with = "few_noises")]
    noise: Vec<NoiseForm>,
    tables: TablesForm,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoiseForm {
    epsilon: Budget,
    batches: u16,
}

impl Kept {
    /// Reads the file's text.
    pub(super) fn read(text: &str) -> Result<Self, serde_json::Error> {
        let FileForm { services: Entries(services), .. } = serde_json::from_str(text)?;
        let services = services.into_iter().map(|(Hex(authority), Entries(periods))| {
            let periods = periods.into_iter().map(|(start, period)| (start, period.into_kept()));
            (authority, periods.collect())
        });
        Ok(Self(services.collect()))
    }

    /// The file's text.
    pub(super) fn write(&self) -> Vec<u8> {
        let services = self.0.iter().map(|(authority, periods)| {
            let periods = periods.iter().map(|(start, period)| (*start, PeriodForm::of(period)));
            (Hex(*authority), Entries(periods.collect()))
        });
        let services = Entries(services.collect());
        let form = FileForm { about: About, format: FormatNumber, services };
        let mut text = Vec::new();
        let mut serializer =
            serde_json::Serializer::with_formatter(&mut text, LinesThenTables::default());
        form.serialize(&mut serializer).expect("numbers and names are JSON");
        text.push(b'\n');
        text
    }
}

impl PeriodForm {
    fn of(period: &KeptPeriod) -> Self {
        let noise = period.noises.iter();
        let noise =
            noise.map(|(epsilon, batches)| NoiseForm { epsilon: *epsilon, batches: *batches });
        Self {
            end: period.end,
            covered_minutes: period.covered_minutes,
            noise: noise.collect(),
            tables: TablesForm(period.sums.clone()),
        }
    }

    fn into_kept(self) -> KeptPeriod {
        let Self { end, covered_minutes, noise, tables: TablesForm(sums) } = self;
        let noises = noise.into_iter().map(|noise| (noise.epsilon, noise.batches)).collect();
        KeptPeriod { end, covered_minutes, noises, sums }
    }
}

fn few_noises<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<NoiseForm>, D::Error> {
    let noises = Vec::deserialize(deserializer)?;
    if noises.len() <= NOISES_MAX {
        Ok(noises)
    } else {
        Err(D::Error::custom(format!("a period has at most {NOISES_MAX} budgets of noise")))
    }
}

/// A text that has one form alone.
struct About;

impl Serialize for About {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(ABOUT)
    }
}

impl<'de> Deserialize<'de> for About {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |text: &str| (text == ABOUT).then_some(Self);
        deserializer.deserialize_str(Text { read, or_else: "\"about\" was changed" })
    }
}

struct FormatNumber;

impl Serialize for FormatNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FORMAT.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FormatNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            FORMAT => Ok(Self),
            other => Err(D::Error::custom(format!("format {other} is not known"))),
        }
    }
}

/// A service by its authority key.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Hex([u8; 32]);

/// What a name in the file may be.
trait Name: Ord + Sized {
    const WHAT: &'static str;
    fn of_text(text: &str) -> Option<Self>;
    fn text(&self) -> String;
}

impl Name for Hex {
    const WHAT: &'static str = "an authority key in hex";

    fn of_text(text: &str) -> Option<Self> {
        AuthorityKey::from_hex(text).ok().map(|authority| Self(*authority.as_bytes()))
    }

    fn text(&self) -> String {
        AuthorityKey::from_bytes(self.0).to_hex()
    }
}

impl Name for Date {
    const WHAT: &'static str = "a day";

    fn of_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text { read: Self::parse, or_else: "this is not a day" })
    }
}

/// The budget as its decimal fraction, or `exact`.
impl Serialize for Budget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Budget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let or_else = "this is not a budget of noise";
        deserializer.deserialize_str(Text { read: Self::parse, or_else })
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact => formatter.write_str("exact"),
            Self::Epsilon(epsilon) => {
                let (whole, rest) = (epsilon.get() / 1_000_000, epsilon.get() % 1_000_000);
                let text = format!("{whole}.{rest:06}");
                formatter.write_str(text.trim_end_matches('0').trim_end_matches('.'))
            }
        }
    }
}

impl Budget {
    /// Reads what `Display` writes, and nothing else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == "exact" {
            return Some(Self::Exact);
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let millionths = format!("{whole}{fraction:0<MILLION_DIGITS$}").parse().ok()?;
        let budget = Self::Epsilon(EpsilonMillionths::new(millionths)?);
        (budget.to_string() == text).then_some(budget)
    }
}

/// A text that means something, or is wrong where it stands.
struct Text<T> {
    read: fn(&str) -> Option<T>,
    or_else: &'static str,
}

impl<T> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.read)(text).ok_or_else(|| E::custom(self.or_else))
    }
}

/// Values under names, none twice.
struct Entries<N, V>(BTreeMap<N, V>);

impl<N: Name, V: Serialize> Serialize for Entries<N, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name.text(), value)))
    }
}

impl<'de, N: Name, V: Deserialize<'de>> Deserialize<'de> for Entries<N, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<N, V>(PhantomData<(N, V)>);

impl<'de, N: Name, V: Deserialize<'de>> Visitor<'de> for EntriesVisitor<N, V> {
    type Value = Entries<N, V>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "values, each under {}", N::WHAT)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some(text) = map.next_key::<String>()? {
            let name = N::of_text(&text);
            let name =
                name.ok_or_else(|| A::Error::custom(format!("a name is not {}", N::WHAT)))?;
            if entries.insert(name, map.next_value()?).is_some() {
                return Err(A::Error::custom(format!("{} comes twice", N::WHAT)));
            }
        }
        Ok(Entries(entries))
    }
}

#[cfg(test)]
mod tests;
