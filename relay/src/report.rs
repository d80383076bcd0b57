//! The only words that the program says: to the operator, about itself, never about a peer.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the program's one voice")]

use std::fmt::Display;
use std::net::SocketAddr;

use vestibule_relay::{Budget, Config, ConfigError};
use vestibule_wire::{CATALOGUE, Table};

/// The relay is ready.
pub(crate) fn listening(address: SocketAddr) {
    println!("vestibule-relay: listening on http://{address}");
}

/// The configuration was checked.
pub(crate) fn configuration_is_good() {
    println!("vestibule-relay: the configuration is good");
}

/// The relay cannot start.
pub(crate) fn cannot_start(problem: &impl Display) {
    eprintln!("vestibule-relay: {problem}");
}

/// A file cannot be used while the relay runs.
pub(crate) fn trouble(problem: &ConfigError) {
    let consequence = if is_about_sums(problem) {
        "the counts stay in memory and it is tried again"
    } else if matches!(problem, ConfigError::Redis(_)) {
        "consultations go on, new ones wait, and it is tried again until it can be used"
    } else {
        "what was known before still holds"
    };
    eprintln!("vestibule-relay: {problem}; {consequence}");
}

fn is_about_sums(problem: &ConfigError) -> bool {
    use ConfigError::{IndicatorsNotWritten, IndicatorsRedis};
    matches!(problem, IndicatorsNotWritten { .. } | IndicatorsRedis(_))
}

/// What is counted, and what that means for the people who are.
pub(crate) fn indicators(config: &Config) {
    if config.indicators.is_none() {
        println!("vestibule-relay: indicators are not counted: relay.toml has no [indicators]");
        return;
    }
    for service in &config.services {
        let name: String = service.authority.to_hex().chars().take(NAME_DIGITS).collect();
        println!(
            "vestibule-relay: indicators of {name}…: {}",
            consequence(service.counting.budget)
        );
    }
}

/// Digits of a service's key that tell it from the others.
const NAME_DIGITS: usize = 8;

fn consequence(budget: Budget) -> String {
    match budget {
        Budget::Exact => {
            "EXACT: whoever copies the file, or the memory, can tell one consultation".to_owned()
        }
        Budget::Epsilon(_) => {
            let error = |many: bool| {
                let is_such = |table: &&Table| table.is_about_clients() && table.many == many;
                let table = CATALOGUE.iter().find(is_such);
                table.map_or(0.0, |table| budget.expected_error(table, 1))
            };
            format!(
                "noise with a budget of {budget} a table; a count of one period is wrong by {:.0} on \
                 average, by {:.0} where a consultation may have several labels, and by more for each \
                 restart of the relay in it",
                error(false),
                error(true)
            )
        }
    }
}
