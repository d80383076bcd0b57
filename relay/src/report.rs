//! The only words that the program says: to the operator, about itself, never about a peer. Whoever has
//! stopped listening misses them; the relay goes on.

use std::fmt::{Arguments, Display};
use std::io::{Write, stderr, stdout};
use std::net::SocketAddr;
use std::path::Path;

use vestibule_relay::{Budget, Config, ConfigError, Measure, State};
use vestibule_wire::{CATALOGUE, Table};

/// The relay is ready.
pub(crate) fn listening(address: SocketAddr, with_tls: Option<SocketAddr>) {
    if let Some(address) = with_tls {
        say(format_args!("vestibule-relay: listening on https://{address}"));
    }
    // The last line: whoever waits for the relay to be ready waits for this.
    say(format_args!("vestibule-relay: listening on http://{address}"));
}

/// The configuration was checked.
pub(crate) fn configuration_is_good() {
    say(format_args!("vestibule-relay: the configuration is good"));
}

/// The page was written for another web server.
pub(crate) fn page_is_written(folder: &Path) {
    let folder = folder.display();
    say(format_args!(
        "vestibule-relay: the page is in {folder}/page; send the headers in {folder}/headers.* with it"
    ));
}

/// The relay cannot start.
pub(crate) fn cannot_start(problem: &impl Display) {
    complain(format_args!("vestibule-relay: {problem}"));
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
    complain(format_args!("vestibule-relay: {problem}; {consequence}"));
}

/// What the kernel holds the relay to.
pub(crate) fn confinement(measures: &[Measure]) {
    say(format_args!("vestibule-relay: confinement"));
    for Measure { name, state } in measures {
        match state {
            State::Enforced(how) => say(format_args!("  enforced  {name}: {how}")),
            State::Missing(why) => say(format_args!("  MISSING   {name}: {why}")),
        }
    }
}

fn is_about_sums(problem: &ConfigError) -> bool {
    use ConfigError::{IndicatorsNotWritten, IndicatorsRedis};
    matches!(problem, IndicatorsNotWritten { .. } | IndicatorsRedis(_))
}

/// What is counted, and what that means for the people who are.
pub(crate) fn indicators(config: &Config) {
    if config.indicators.is_none() {
        say(format_args!(
            "vestibule-relay: indicators are not counted: relay.toml has no [indicators]"
        ));
        return;
    }
    for service in &config.services {
        let name: String = service.authority.to_hex().chars().take(NAME_DIGITS).collect();
        say(format_args!(
            "vestibule-relay: indicators of {name}…: {}",
            consequence(service.counting.budget)
        ));
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

fn say(words: Arguments<'_>) {
    let _unheard = writeln!(stdout(), "{words}");
}

fn complain(words: Arguments<'_>) {
    let _unheard = writeln!(stderr(), "{words}");
}
