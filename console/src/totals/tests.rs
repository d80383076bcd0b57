use super::*;

/// A consultation that counts in these cells.
pub(super) fn finished(cells: &[(&str, &str)]) -> Finished {
    let cell = |(table, label): &(&str, &str)| Table::named(table)?.cell_named(label);
    let cells = cells.iter().map(|named| cell(named).unwrap()).collect();
    Finished { cells, is_consultation: true }
}

fn sums(totals: &Totals) -> Vec<(&'static str, String, i32)> {
    let views = totals.views(&Pack::starter());
    views.into_iter().map(|view| (view.group, view.label, view.count)).collect()
}

#[test]
fn a_shift_is_shown_as_it_was_coded() {
    let mut totals = Totals::default();
    let consultation = [
        ("consultation", "held"),
        ("length", "under_5"),
        ("need", "legal"),
        ("material", "own_3"),
        ("material", "own_32"),
    ];
    totals.add(&finished(&consultation));
    totals.add(&finished(&consultation));
    let handed_over = finished(&[("hand_over", "doctor")]);
    totals.add(&Finished { is_consultation: false, ..handed_over });
    let expected = [
        ("shift", "consultations", 2),
        ("shift", "hand_overs", 1),
        ("material", "seizure", 2),
        ("material", "own_32", 2),
        ("need", "legal", 2),
    ];
    assert_eq!(sums(&totals), expected.map(|(group, label, sum)| (group, label.to_owned(), sum)));
}

#[test]
fn what_clients_answered_is_shown_to_no_worker() {
    let mut totals = Totals::default();
    for table in CATALOGUE.iter().filter(|table| table.counted_by == CountedBy::Client) {
        let cells = table.cells().collect();
        totals.add(&Finished { cells, is_consultation: true });
    }
    assert_eq!(sums(&totals), [("shift", "consultations".to_owned(), 3)]);
}
