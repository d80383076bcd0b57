//! What a node does about one opening: claim, grant, confirm, let in.

use crate::redis::{Connection, Entry};
use crate::state::State;

/// How far one opening has come at one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Slot {
    Nobody,
    /// Its client waits.
    Waits,
    /// A worker has accepted, and the replica does not have the claim yet.
    Claims(usize, Connection),
    /// The worker may take the seat.
    Granted(usize),
    /// The claim's time was prolonged, whosever it is; to look whose comes next.
    Prolonged(usize, Connection),
    /// The replica does not have the confirmation yet.
    Confirms(usize, Connection),
}

/// What a command found.
#[derive(Clone, Copy)]
enum Found {
    Ours,
    Another,
    /// Whoever was asked is not there.
    Nobody,
}

impl State {
    pub(crate) fn arrive(&mut self, node: usize, opening: usize) -> Option<()> {
        let slot = &mut self.slots[node][opening];
        (*slot == Slot::Nobody).then(|| *slot = Slot::Waits)
    }

    /// A node and a console ask their own memory before Redis is asked.
    pub(crate) fn accept(
        &mut self,
        node: usize,
        opening: usize,
        console: usize,
        at_old: bool,
    ) -> Option<()> {
        let allows = |spent: Option<usize>| spent.is_none_or(|by| by == opening);
        let may = allows(self.nullifiers[node]) && allows(self.answered[console]);
        if !may || self.slots[node][opening] != Slot::Waits {
            return None;
        }
        let mut connection = self.redis.connect(at_old)?;
        self.slots[node][opening] = match self.claim(&mut connection, opening, false) {
            Found::Ours if self.rules.waits => Slot::Claims(console, connection),
            Found::Ours => self.grant(node, opening, console),
            Found::Another => self.refuse(),
            Found::Nobody => Slot::Waits,
        };
        Some(())
    }

    pub(crate) fn take_seat(&mut self, node: usize, opening: usize, at_old: bool) -> Option<()> {
        let Slot::Granted(console) = self.slots[node][opening] else { return None };
        if !self.rules.confirms {
            self.let_in(node, opening, console);
            return Some(());
        }
        let mut connection = self.redis.connect(at_old)?;
        if !self.rules.confirms_at_once {
            // EXPIREAT … GT
            if let Some(Some(entry)) = self.redis.get(&mut connection)
                && !entry.stays
            {
                self.redis.set(&mut connection, Some(Entry { stays: true, ..entry }));
            }
            self.slots[node][opening] = Slot::Prolonged(console, connection);
            return Some(());
        }
        let found = self.claim(&mut connection, opening, true);
        self.after_confirming(node, opening, console, connection, found);
        Some(())
    }

    pub(crate) fn go_on(&mut self, node: usize, opening: usize) -> Option<()> {
        let waits_for = self.rules.waits_for;
        match self.slots[node][opening] {
            Slot::Claims(console, connection)
                if self.redis.is_replicated(connection, waits_for) =>
            {
                self.slots[node][opening] = self.grant(node, opening, console);
            }
            Slot::Prolonged(console, mut connection) => {
                // GET, or SET NX when there is nothing.
                let found = match self.redis.get(&mut connection) {
                    Some(Some(entry)) if entry.opening == opening => Found::Ours,
                    Some(Some(_)) => Found::Another,
                    Some(None) => self.claim(&mut connection, opening, true),
                    None => Found::Nobody,
                };
                self.after_confirming(node, opening, console, connection, found);
            }
            Slot::Confirms(console, connection)
                if self.redis.is_replicated(connection, waits_for) =>
            {
                self.let_in(node, opening, console);
            }
            Slot::Nobody
            | Slot::Waits
            | Slot::Granted(_)
            | Slot::Claims(..)
            | Slot::Confirms(..) => {
                return None;
            }
        }
        Some(())
    }

    /// Fails closed: the seat is gone, and the opening waits again.
    pub(crate) fn give_up(&mut self, node: usize, opening: usize) -> Option<()> {
        let console = match self.slots[node][opening] {
            Slot::Nobody | Slot::Waits => return None,
            Slot::Granted(console)
            | Slot::Claims(console, _)
            | Slot::Prolonged(console, _)
            | Slot::Confirms(console, _) => console,
        };
        if self.rules.deletes
            && let Some(mut connection) = self.redis.connect(false)
        {
            self.redis.set(&mut connection, None);
        }
        self.slots[node][opening] = Slot::Waits;
        self.forget(node, opening, console);
        Some(())
    }

    /// One step of Redis: the link is ours when it was nobody's, or ours before. What stays, stays. It is
    /// written in any case, so that there is something to wait for.
    fn claim(&mut self, connection: &mut Connection, opening: usize, stays: bool) -> Found {
        let held = match self.redis.get(connection) {
            None => return Found::Nobody,
            Some(Some(held)) if held.opening != opening => return Found::Another,
            Some(held) => held,
        };
        let stays = stays || held.is_some_and(|held| held.stays);
        self.redis.set(connection, Some(Entry { opening, stays }));
        Found::Ours
    }

    fn after_confirming(
        &mut self,
        node: usize,
        opening: usize,
        console: usize,
        connection: Connection,
        found: Found,
    ) {
        match found {
            Found::Ours if self.rules.waits => {
                self.slots[node][opening] = Slot::Confirms(console, connection);
            }
            Found::Ours => self.let_in(node, opening, console),
            Found::Another => {
                self.forget(node, opening, console);
                self.slots[node][opening] = self.refuse();
            }
            Found::Nobody => {
                self.forget(node, opening, console);
                self.slots[node][opening] = Slot::Waits;
            }
        }
    }

    /// Another opening may have been granted here since this one asked, or by this worker elsewhere.
    fn grant(&mut self, node: usize, opening: usize, console: usize) -> Slot {
        let is_spent = |by: Option<usize>| by.is_some_and(|by| by != opening);
        if is_spent(self.nullifiers[node]) || is_spent(self.answered[console]) {
            return self.refuse();
        }
        self.nullifiers[node] = Some(opening);
        self.answered[console] = Some(opening);
        Slot::Granted(console)
    }

    /// The console looks again before it answers: it may have forgotten this opening meanwhile, when
    /// another seat of it was gone, and taken another.
    fn let_in(&mut self, node: usize, opening: usize, console: usize) {
        self.slots[node][opening] = Slot::Nobody;
        if self.answered[console].is_none_or(|by| by == opening) {
            self.answered[console] = Some(opening);
            self.spent[opening] = true;
        }
    }

    fn refuse(&mut self) -> Slot {
        self.was_refused = true;
        Slot::Nobody
    }

    /// The node and the console forget an opening that was never answered.
    fn forget(&mut self, node: usize, opening: usize, console: usize) {
        if self.nullifiers[node] == Some(opening) {
            self.nullifiers[node] = None;
        }
        if self.answered[console] == Some(opening) && !self.spent[opening] {
            self.answered[console] = None;
        }
    }
}
