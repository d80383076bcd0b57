//! One key in a Redis with one replica, as the modelled nodes meet it.

use std::collections::VecDeque;

/// What stands under the link's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Entry {
    /// Which of the openings has it.
    pub(crate) opening: usize,
    /// Whether it stays until the link expires.
    pub(crate) stays: bool,
}

/// What `WAIT` waits for. Versions of Redis differ, and rules must hold with either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum WaitsFor {
    /// Whatever the master had written when this connection's last command was done.
    Everything,
    /// What this connection itself has written last: nothing, if it has only read.
    OwnWrites,
}

/// A master, its replica, and perhaps a former master that has not heard of its end.
#[allow(clippy::option_option, reason = "there may be no such master, and it may hold nothing")]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Redis {
    master: Option<Entry>,
    replica: Option<Replica>,
    old: Option<Option<Entry>>,
    /// Writes of this master.
    written: u8,
    /// Counts masters: a connection leads to one of them.
    pub(crate) reign: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Replica {
    entry: Option<Entry>,
    /// What the master has written since.
    behind: VecDeque<Option<Entry>>,
}

/// A connection to one master, and what it has still to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Connection {
    reign: u8,
    own_write: u8,
    seen: u8,
}

impl Redis {
    pub(crate) fn new() -> Self {
        let replica = Some(Replica { entry: None, behind: VecDeque::new() });
        Self { master: None, replica, old: None, written: 0, reign: 1 }
    }

    /// Connects to the master, or to the one that was; `None` when there is no such.
    pub(crate) fn connect(&self, at_old: bool) -> Option<Connection> {
        let reign = if at_old { self.old.is_some().then_some(self.reign - 1)? } else { self.reign };
        Some(Connection { reign, own_write: 0, seen: 0 })
    }

    /// Reads; `None` when the connection is broken.
    #[allow(clippy::option_option, reason = "nothing may be read, and nothing may be there")]
    pub(crate) fn get(&self, connection: &mut Connection) -> Option<Option<Entry>> {
        if connection.reign == self.reign {
            connection.seen = self.written;
            return Some(self.master);
        }
        self.old.filter(|_| connection.reign + 1 == self.reign)
    }

    /// Writes on a connection that was just read from.
    pub(crate) fn set(&mut self, connection: &mut Connection, entry: Option<Entry>) {
        if connection.reign == self.reign {
            self.write(entry);
            connection.own_write = self.written;
            connection.seen = self.written;
        } else {
            self.old = Some(entry);
        }
    }

    /// Whether `WAIT` says now that the replica has everything. That of a former master has left it.
    pub(crate) fn is_replicated(&self, connection: Connection, waits_for: WaitsFor) -> bool {
        let until = match waits_for {
            WaitsFor::Everything => connection.seen,
            WaitsFor::OwnWrites => connection.own_write,
        };
        connection.reign == self.reign
            && self.replica.as_ref().is_some_and(|replica| {
                usize::from(until) + replica.behind.len() <= usize::from(self.written)
            })
    }

    /// The replica takes the next write.
    pub(crate) fn replicate(&mut self) -> Option<()> {
        let replica = self.replica.as_mut()?;
        replica.entry = replica.behind.pop_front()?;
        Some(())
    }

    /// The replica becomes the master, with what it has. The old one may go on, cut off.
    pub(crate) fn fail_over(&mut self, old_lives: bool) -> Option<()> {
        let replica = self.replica.take()?;
        self.old = old_lives.then_some(self.master);
        self.master = replica.entry;
        self.written = 0;
        self.reign += 1;
        Some(())
    }

    /// There is a replica again: the old master, which takes what the new one has.
    pub(crate) fn rejoin(&mut self) -> Option<()> {
        if self.replica.is_some() {
            return None;
        }
        self.old = None;
        self.replica = Some(Replica { entry: self.master, behind: VecDeque::new() });
        Some(())
    }

    /// A claim that was not confirmed runs out.
    pub(crate) fn run_out(&mut self) -> Option<()> {
        self.master.filter(|entry| !entry.stays)?;
        self.write(None);
        Some(())
    }

    /// Everything is restarted at once, and has nothing.
    pub(crate) fn wipe(&mut self) {
        *self = Self { reign: self.reign + 2, ..Self::new() };
    }

    fn write(&mut self, entry: Option<Entry>) {
        self.master = entry;
        self.written += 1;
        if let Some(replica) = &mut self.replica {
            replica.behind.push_back(entry);
        }
    }
}
