use std::collections::BTreeSet;

use super::*;

#[test]
fn names_and_numbers_are_given_once() {
    let numbers: BTreeSet<u8> = CATALOGUE.iter().map(|table| table.number).collect();
    let names: BTreeSet<&str> = CATALOGUE.iter().map(|table| table.name).collect();
    assert_eq!((numbers.len(), names.len()), (CATALOGUE.len(), CATALOGUE.len()));
    for table in &CATALOGUE {
        let labels: BTreeSet<String> = (0..table.len()).filter_map(|at| table.label(at)).collect();
        assert_eq!(labels.len(), table.cells().count(), "{}", table.name);
        assert!((1..=TABLE_LABELS_MAX).contains(&table.len()), "{}", table.name);
        let is_plain = |name: &str| {
            name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        assert!(is_plain(table.name) && labels.iter().all(|label| is_plain(label)));
    }
}

#[test]
fn every_cell_leads_to_its_label_and_back() {
    let mut seen = 0;
    for table in &CATALOGUE {
        for place in 0..table.len() {
            if let Some(cell) = table.cell(place) {
                assert_eq!(cell.index(), seen);
                assert_eq!(cell.table(), (table, place));
                assert_eq!(table.cell_named(&table.label(place).unwrap()), Some(cell));
            } else {
                // Only the table of languages keeps places for labels that it has not yet.
                assert_eq!((table.name, table.label(place)), ("language", None));
            }
            seen += 1;
        }
        assert_eq!(table.cell(table.len()), None);
        assert_eq!(table.cell_named("Anna, +380"), None);
    }
    assert_eq!(seen, CELLS);
}

#[test]
fn each_language_of_the_list_is_counted_at_the_place_of_its_bit() {
    let table = Table::named("language").unwrap();
    for language in Language::all() {
        let place = usize::try_from(language.byte().trailing_zeros()).unwrap();
        assert_eq!(table.label(place).as_deref(), Some(language.code()));
        assert_eq!(table.cell_named(language.code()), table.cell(place));
    }
    assert_eq!(table.cells().count(), Language::all().len());
    assert_eq!(table.len(), 8);
}

#[test]
fn constants_name_cells() {
    const RETURN: Cell = Cell::of("channel", "return");
    assert_eq!(Table::named("channel").unwrap().cell_named("return"), Some(RETURN));
    assert_eq!(Table::numbered(13), Table::named("channel"));
}

#[test]
fn sums_stay_at_their_limits() {
    let mut sums = Box::new([0; CELLS]);
    let cell = Cell::of("need", "legal");
    cell.add(&mut sums, i32::MAX);
    cell.add(&mut sums, 1);
    assert_eq!(cell.sum(&sums), i32::MAX);
    let bytes = write_sums(&sums);
    assert!(read_sums(&bytes).is_ok_and(|read| read == sums));
    for cut in [1, 4] {
        assert!(read_sums(bytes.get(cut..).unwrap()).is_err());
    }
}
