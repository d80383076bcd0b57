//! On duty: a socket to every node of the relay (section 6), each in its own `node` task. One that is on is
//! enough to be on duty. A node that the directory no longer names keeps its socket until it breaks: what
//! one node knows of the others may be old, and who waits there is offered there alone.

mod board;
mod node;
mod serving;
mod sign_in;
mod standing;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use vestibule_protocol::Triage;
use vestibule_wire::{LinkName, OfferId, Opening, Timestamp};

use crate::channels::{ColleagueEvent, Letter, WayName};
use crate::consultations::{SeatGrant, until};
use crate::context::Context;
use crate::hub::DutyEvents;
use crate::messages::{DutyView, Notice};
use crate::nodes::NodeNumber;
use board::Board;
use node::NodeTask;

/// Commands that wait for one node's socket.
const COMMANDS_LEN_MAX: usize = 64;
/// A node that refused is tried again after so long, while others do not.
const REFUSED_AGAIN_AFTER: Duration = Duration::from_mins(1);
/// For the close frames; each socket takes at most two seconds.
const FINISH_DEADLINE: Duration = Duration::from_secs(3);

/// Hub → duty. Dropping the sender ends the duty.
pub(crate) enum DutyCommand {
    /// For the socket of one node.
    At(NodeNumber, NodeCommand),
    /// The network may be there again, or may have been lost.
    TryNow,
}

/// What goes to one node.
pub(crate) enum NodeCommand {
    /// The worker takes an offer.
    Accept(OfferId),
    /// The worker does not want to see an offer again.
    Refuse(OfferId),
    /// Something goes to a colleague.
    Tell(WayName, Vec<Letter>),
    /// See [`DutyCommand::TryNow`].
    TryNow,
}

/// Duty → hub.
pub(crate) enum DutyEvent {
    /// Whether some node has the worker on duty.
    Status(DutyView),
    /// Of one node.
    At(NodeNumber, NodeEvent),
    /// Something that the worker should know.
    Noticed(Notice),
    /// The service has sent this worker off.
    OwnKeyRevoked,
    /// It may have sent others off.
    RevocationsHeard,
}

/// What comes from one node.
pub(crate) enum NodeEvent {
    /// Somebody waits.
    Offered {
        /// Names the offer.
        offer: OfferId,
        /// What the client chose.
        triage: Triage,
        /// Since when, by this machine's clock.
        since: Timestamp,
        /// With which link.
        link: LinkName,
        /// By which somebody is known who waits at two nodes.
        opening: Opening,
    },
    /// An offer no longer stands.
    Withdrawn(OfferId),
    /// It was accepted, cannot be granted just now, and still stands.
    Deferred(OfferId),
    /// The worker was first.
    Granted(OfferId, Box<SeatGrant>),
    /// Of a colleague.
    Colleague(ColleagueEvent),
    /// The node's offers, and the ways to colleagues by it, are gone with its socket.
    Cleared,
}

/// Reaches the desk on behalf of one node.
struct NodeEvents {
    node: NodeNumber,
    desk: DutyEvents,
    board: Arc<Board>,
}

impl NodeEvents {
    async fn send(&self, event: NodeEvent) {
        self.desk.send(DutyEvent::At(self.node, event)).await;
    }

    async fn status(&self, status: DutyView) {
        self.board.note(self.node, status).await;
    }
}

/// Is on duty until the commands end, or every node refuses.
pub(crate) async fn run(
    context: Arc<Context>,
    mut commands: mpsc::Receiver<DutyCommand>,
    events: DutyEvents,
) {
    let mut watch = context.nodes.watch();
    let board = Arc::new(Board::new(Arc::clone(&context), events));
    board.tell().await;
    tokio::select! {
        () = watch.asked() => {}
        () = ended(&mut commands) => return,
    }
    let mut tasks = JoinSet::new();
    arrange(&board, &mut tasks).await;
    while !board.is_over().await {
        let refused_again_at = board.standing.lock().await.refused_again_at();
        tokio::select! {
            command = commands.recv() => match command {
                Some(command) => board.standing.lock().await.command(command),
                None => break,
            },
            () = watch.changed() => arrange(&board, &mut tasks).await,
            () = board.noted.notified() => {}
            Some(_) = tasks.join_next() => {}
            () = until(refused_again_at) => arrange(&board, &mut tasks).await,
        }
    }
    board.standing.lock().await.end();
    let ended = async { while tasks.join_next().await.is_some() {} };
    let _ = timeout(FINISH_DEADLINE, ended).await;
}

/// Waits until nobody wants to be on duty. Whatever else is wanted comes too early.
async fn ended(commands: &mut mpsc::Receiver<DutyCommand>) {
    while commands.recv().await.is_some() {}
}

/// Goes to the nodes that the directory names, and again to those that refused long ago.
async fn arrange(board: &Arc<Board>, tasks: &mut JoinSet<()>) {
    let mut standing = board.standing.lock().await;
    for (node, place) in standing.arrange(board.context.nodes.all(), Instant::now()) {
        let (commands, receiver) = mpsc::channel(COMMANDS_LEN_MAX);
        standing.begun(node, place.clone(), commands);
        let (desk, board) = (board.desk.clone(), Arc::clone(board));
        let context = Arc::clone(&board.context);
        let task = NodeTask { context, place, events: NodeEvents { node, desk, board } };
        tasks.spawn(task.run(receiver));
    }
}
