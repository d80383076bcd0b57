//! A month's report beside the truth.

use vestibule_wire::{Cell, Table};

use super::Outcome;
use crate::errors::misfit_of;
use crate::fleet::Defence;
use crate::noise::Noise;
use crate::question::DEFAULT_EPSILON;
use crate::shown::rows;

/// What the comparison showed.
pub struct Compared {
    /// Consultations that were begun.
    pub consultations: usize,
    /// Requests.
    pub requests: usize,
    /// Sums that were compared,
    pub sums: usize,
    /// and that are not what happened.
    pub different: usize,
    /// The first of those, in words.
    pub differences: Vec<String>,
    /// Truths above nought: an empty month would be easy.
    pub counted: usize,
    /// How badly the errors of the two kinds of tables fit their law; none for exact counts.
    pub misfit: Option<(f64, f64)>,
}

/// Differences that are told in words.
const TOLD_MAX: usize = 20;

/// Compares every label of every week of every service, as the report shows it.
pub fn compare(outcome: &Outcome, defence: Defence) -> Compared {
    let (mut one, mut many) = (Vec::new(), Vec::new());
    let mut compared = Compared {
        consultations: outcome.consultations,
        requests: outcome.requests,
        sums: 0,
        different: 0,
        differences: Vec::new(),
        counted: 0,
        misfit: None,
    };
    for (place, service) in outcome.services.iter().enumerate() {
        assert_eq!(service.truth.len(), service.periods.len(), "every week is published");
        for ((week, truth), period) in service.truth.iter().zip(&service.periods) {
            assert_eq!(*week, period.start.0);
            for row in rows(service.authority, vec![period.clone()]) {
                let happened = i64::from(row.cell.sum(truth));
                let error = row.raw - happened;
                compared.note(place, *week, row.cell, (row.raw, happened));
                let (table, _) = row.cell.table();
                if table.is_about_clients() {
                    if table.many { &mut many } else { &mut one }.push(error);
                } else {
                    assert_eq!(error, 0, "hours are exact");
                }
            }
        }
    }
    if defence == Defence::Default {
        compared.misfit = Some((misfit_of(&one, &law("request")), misfit_of(&many, &law("need"))));
    }
    compared
}

fn law(table: &str) -> Noise {
    Noise::of_table(Table::named(table).expect("of the catalogue"), DEFAULT_EPSILON, 2)
}

impl Compared {
    fn note(&mut self, place: usize, week: u32, cell: Cell, (raw, happened): (i64, i64)) {
        self.sums += 1;
        self.counted += usize::from(happened > 0);
        if raw != happened {
            self.different += 1;
            if self.differences.len() < TOLD_MAX {
                let (table, label) = cell.table();
                let label = table.label(label).unwrap_or_default();
                self.differences.push(format!(
                    "service {place}, week {week}, {} {label}: {raw} instead of {happened}",
                    table.name
                ));
            }
        }
    }
}
