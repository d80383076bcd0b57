//! How the file is set: a line for each thing, down to a line for each table.

use std::io::{self, Write};

use serde_json::ser::{Formatter, PrettyFormatter};

/// The file, its services, a service, a period, its tables.
const LINES_DEPTH: usize = 5;

/// Writes objects of a small depth over several lines, and what lies deeper, and lists, on one.
#[derive(Default)]
pub(super) struct LinesThenTables {
    pretty: PrettyFormatter<'static>,
    depth: usize,
}

impl LinesThenTables {
    fn has_lines(&self) -> bool {
        self.depth <= LINES_DEPTH
    }
}

impl Formatter for LinesThenTables {
    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        if self.has_lines() { self.pretty.begin_object(writer) } else { writer.write_all(b"{") }
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let has_lines = self.has_lines();
        self.depth -= 1;
        if has_lines { self.pretty.end_object(writer) } else { writer.write_all(b"}") }
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        match (self.has_lines(), first) {
            (true, _) => self.pretty.begin_object_key(writer, first),
            (false, true) => Ok(()),
            (false, false) => writer.write_all(b", "),
        }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.has_lines() { self.pretty.end_object_value(writer) } else { Ok(()) }
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += LINES_DEPTH;
        writer.write_all(b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= LINES_DEPTH;
        writer.write_all(b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }
}
