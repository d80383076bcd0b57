//! What an auditor asks for.

use std::path::PathBuf;

use crate::process::Process;

/// One run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The auditor's folder, with the canary service.
    pub folder: PathBuf,
    /// The relay's origin.
    pub relay: String,
    /// Whose certificates count, if not those that browsers trust (PEM).
    pub authorities: Option<PathBuf>,
    /// Its process, where the operator lets the auditor look into it.
    pub process: Option<Process>,
    /// Processes beside it whose memory is searched: a proxy, a log server.
    pub neighbours: Vec<Process>,
    /// Folders in which files that were changed since its start are searched.
    pub changed_since_start: Vec<PathBuf>,
    /// Redis servers, as `redis://HOST:PORT`.
    pub redis: Vec<String>,
    /// Logs.
    pub logs: Vec<PathBuf>,
    /// The address of its figures, as `http://HOST:PORT/metrics`.
    pub metrics: Option<String>,
    /// The folder of its file of indicators.
    pub indicators_folder: Option<PathBuf>,
    /// How many addresses its configuration has it listen at.
    pub listeners: usize,
    /// A release's hash of the program (SHA-256, hex).
    pub binary_hash: Option<String>,
    /// A release's manifest of the page.
    pub manifest: Option<PathBuf>,
    /// Consultations to hold.
    pub consultations: u32,
    /// Visitors who compare the page.
    pub visitors: u32,
}
