//! Landlock: which files may be read and written, and which ports used.

use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, NetPort, PathBeneath,
    PathFd, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus,
    Scope,
};

use super::{Connect, Measure, Needs};

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
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(WANTED))?
        .handle_access(ports(&needs.connect))?
        .scope(Scope::from_all(WANTED))?
        .create()?;
    for folder in &needs.read {
        rules = allow(rules, folder, AccessFs::ReadFile.into())?;
    }
    if let Some(folder) = &needs.write {
        rules = allow(rules, folder, replacing())?;
    }
    if let Connect::To(ports) = &needs.connect {
        for port in ports {
            rules = rules.add_rule(NetPort::new(*port, AccessNet::ConnectTcp))?;
        }
    }
    Ok(rules.restrict_self()?.ruleset)
}

/// What is done with ports at all: nothing listens at another one, whatever else.
fn ports(connect: &Connect) -> BitFlags<AccessNet> {
    match connect {
        Connect::Nowhere | Connect::To(_) => AccessNet::from_all(WANTED),
        Connect::Anywhere => AccessNet::BindTcp.into(),
    }
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
