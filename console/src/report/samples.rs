//! Made-up periods.

use serde_json::Value;
use vestibule_wire::{
    AuthorityKey, CATALOGUE, CELLS, CardTexts, NOISES_MAX, Noise, Period, Sums, Timestamp,
};

use super::Report;
use super::dhis2_map::Dhis2Map;

/// Monday, 2026-11-02.
pub(crate) const MONDAY: Timestamp = Timestamp(1_793_577_600);
const WEEK_SECONDS: u32 = 604_800;

/// A whole week with nothing in it, so many weeks after the first.
pub(crate) fn period(week: u32, noise: &[(u32, u16)]) -> Period {
    let start = MONDAY.plus_seconds(week * WEEK_SECONDS);
    let mut noises = [Noise::default(); NOISES_MAX];
    for (place, (epsilon_millionths, batches)) in noises.iter_mut().zip(noise) {
        *place = Noise { epsilon_millionths: *epsilon_millionths, batches: *batches };
    }
    Period {
        start,
        end: start.plus_seconds(WEEK_SECONDS),
        covered_minutes: WEEK_SECONDS / 60,
        noises,
        sums: sums(),
    }
}

fn sums() -> Box<Sums> {
    Box::new([0; CELLS])
}

/// A report on these periods.
pub(crate) fn report(periods: Vec<Period>) -> Report {
    let until = periods.iter().map(|period| period.end).max().unwrap_or(MONDAY);
    Report {
        authority: AuthorityKey::from_bytes([7; 32]),
        service: CardTexts {
            en: "Open Door".to_owned(),
            ru: "Открытая дверь".to_owned(),
            uk: "Відчинені двері".to_owned(),
            ar: "الباب المفتوح".to_owned(),
        },
        from: MONDAY,
        until,
        periods,
    }
}

/// A busy week: every label has been counted, and differently.
pub(crate) fn full(week: u32) -> Period {
    let mut period = period(week, &[(250_000, 1)]);
    for table in &CATALOGUE {
        for (place, cell) in table.cells().enumerate() {
            let many = i32::try_from(60 / (place + 1)).unwrap() + i32::from(table.number);
            let few = i32::try_from(place).unwrap() - 6;
            period.sums[cell.index()] = if place < table.labels.len() { many } else { few };
        }
    }
    period
}

/// A map with two data elements.
pub(crate) fn map() -> Dhis2Map {
    let text = "org_unit = \"DiszpKrYNg8\"\n[data_elements.request]\n\
                one_time = \"f7n9E0hX8qk\"\ndoor = \"Ix2HsbDMLea\"\n";
    Dhis2Map::parse(text).unwrap()
}

/// Whether a value fits a JSON Schema, and if not, why.
pub(crate) fn validator(schema: &str) -> impl Fn(&Value) -> Result<(), String> {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource("schema.json", schema).unwrap();
    let schema = compiler.compile("schema.json", &mut schemas).unwrap();
    move |value| schemas.validate(value, schema).map_err(|error| error.to_string())
}
