//! How far several nodes reach: a model of measured costs, a run that it must predict, and what comes when
//! consoles cannot hold sockets to every node any more (docs/capacity.md).

pub mod costs;
pub mod model;
pub mod regions;
pub mod report;
pub mod run;
