//! Landlock: which files may be read and written, and which ports used.

use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, NetPort, PathBeneath,
    PathFd, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus,
    Scope,
};

use super::{Measure, Needs};

const NAME: &str = "files and ports (Landlock)";
/// What we ask for where the kernel has it: the first version that knows of ports, and of signals and
/// abstract sockets.
const WANTED: ABI = ABI::V6;

/// The rights with which a file is replaced by another, whole and durable.
fn replacing() -> BitFlags<AccessFs> {
    AccessFs::ReadFile
        | AccessFs::ReadDir
        | AccessFs::WriteFile
        | AccessFs::MakeReg
        | AccessFs::RemoveFile
        | AccessFs::Truncate
}

pub(super) fn confine(needs: &Needs) -> Measure {
    match restrict(needs) {
        Ok(RulesetStatus::FullyEnforced) => Measure::enforced(NAME, "all of it"),
        Ok(RulesetStatus::PartiallyEnforced) => Measure::missing(
            NAME,
            "this kernel enforces a part of it; Linux 6.12 or newer enforces all",
        ),
        Ok(RulesetStatus::NotEnforced) => Measure::missing(
            NAME,
            "this kernel has no Landlock: start it with lsm=landlock, or use Linux 6.12 or newer",
        ),
        Err(problem) => Measure::missing(NAME, problem.to_string()),
    }
}

fn restrict(needs: &Needs) -> Result<RulesetStatus, RulesetError> {
    let rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(WANTED))?
        .handle_access(AccessNet::from_all(WANTED))?
        .scope(Scope::from_all(WANTED))?
        .create()?;
    let mut rules = rules;
    for folder in &needs.read {
        rules = allow(rules, folder, AccessFs::ReadFile.into())?;
    }
    if let Some(folder) = &needs.write {
        rules = allow(rules, folder, replacing())?;
    }
    for port in &needs.connect {
        rules = rules.add_rule(NetPort::new(*port, AccessNet::ConnectTcp))?;
    }
    Ok(rules.restrict_self()?.ruleset)
}

fn allow(
    rules: RulesetCreated,
    folder: &Path,
    rights: BitFlags<AccessFs>,
) -> Result<RulesetCreated, RulesetError> {
    match PathFd::new(folder) {
        Ok(folder) => rules.add_rule(PathBeneath::new(folder, rights)),
        // What is not there is not allowed either.
        Err(_) => Ok(rules),
    }
}
