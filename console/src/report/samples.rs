//! Made-up periods.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use vestibule_wire::{
    AuthorityKey, CATALOGUE, CELLS, CardTexts, Cell, NOISES_MAX, Noise, Period, Sums, Timestamp,
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

fn service() -> CardTexts {
    let json =
        r#"{"en":"Open Door","ru":"Открытая дверь","uk":"Відчинені двері","ar":"الباب المفتوح"}"#;
    serde_json::from_str(json).unwrap()
}

/// A report on these periods.
pub(crate) fn report(periods: Vec<Period>) -> Report {
    let until = periods.iter().map(|period| period.end).max().unwrap_or(MONDAY);
    Report {
        authority: AuthorityKey::from_bytes([7; 32]),
        service: service(),
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
            let few = if place == 31 { 200 } else { few };
            period.sums[cell.index()] = if place < table.labels.len() { many } else { few };
        }
    }
    period.sums[Cell::of("request_end", "refused").index()] = 1;
    period
}

/// A map with two data elements.
pub(crate) fn map() -> Dhis2Map {
    let text = "org_unit = \"DiszpKrYNg8\"\n[data_elements.request]\n\
                one_time = \"f7n9E0hX8qk\"\ndoor = \"Ix2HsbDMLea\"\n";
    Dhis2Map::parse(text).unwrap()
}

/// Whether a value fits a JSON Schema, and if not, why.
pub(crate) fn validator(schema: &str, part: &str) -> impl Fn(&Value) -> Result<(), String> {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource("schema.json", schema).unwrap();
    let schema = compiler.compile(&format!("schema.json#{part}"), &mut schemas).unwrap();
    move |value| schemas.validate(value, schema).map_err(|error| error.to_string())
}

/// A month as a service of middling size has it: some hundred consultations, with noise.
pub(crate) fn month() -> Report {
    let mut random = StdRng::seed_from_u64(11);
    let week = |week: u32| {
        let mut period = period(week, &[(250_000, 1)]);
        for table in &CATALOGUE {
            let share = if table.many { 12.0 } else { 30.0 };
            for (place, cell) in table.cells().enumerate() {
                let own = place >= table.labels.len() && table.name != "material";
                let truth =
                    if own { 0.0 } else { share / f64::from(u8::try_from(place + 1).unwrap()) };
                let spread = if table.is_about_clients() { 12.0 } else { 0.0 };
                let noise = (random.random::<f64>() - random.random::<f64>()) * spread;
                period.sums[cell.index()] = format!("{:.0}", truth + noise).parse().unwrap();
            }
        }
        period
    };
    let mut report = report((0..4).map(week).collect());
    if let Some(last) = report.periods.last_mut() {
        last.covered_minutes -= 700;
    }
    report
}
