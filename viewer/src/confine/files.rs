//! Landlock: no file, no port, no signal and no abstract socket.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetError,
    Scope,
};

/// What we ask for where the kernel has it.
const WANTED: ABI = ABI::V6;

/// Denies what this kernel can deny.
pub(super) fn confine() {
    // Whether it does changes nothing: without it, seccomp alone forbids the calls.
    let _ = restrict();
}

fn restrict() -> Result<(), RulesetError> {
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(WANTED))?
        .handle_access(AccessNet::from_all(WANTED))?
        .scope(Scope::from_all(WANTED))?
        .create()?
        .restrict_self()?;
    Ok(())
}
