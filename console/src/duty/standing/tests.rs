use super::*;
use crate::messages::Refusal;
use crate::nodes::Nodes;
use crate::origin::Origin;
use vestibule_wire::Route;

const ON: DutyView = DutyView { status: DutyStatus::On, reason: None };
const AWAY: DutyView = DutyView { status: DutyStatus::Unreachable, reason: None };
const REFUSED: DutyView =
    DutyView { status: DutyStatus::Refused, reason: Some(Refusal::UnknownService) };

/// The relay as the only node, under a name.
fn place(name: &str) -> NodePlace {
    let nodes = Nodes::new(&[Origin::parse("https://relay.example").unwrap()]);
    let mut places = nodes.in_order_of(&Route([0; 32]));
    NodePlace { name: name.to_owned(), ..places.remove(0) }
}

struct Duty {
    standing: Standing,
    /// Of the nodes' tasks.
    sockets: Vec<(NodeNumber, mpsc::Receiver<NodeCommand>)>,
}

impl Duty {
    fn at(names: &[&str]) -> Self {
        let mut duty = Self { standing: Standing::default(), sockets: Vec::new() };
        duty.told(names, Instant::now());
        duty
    }

    /// The directory names these; returns how many sockets begin.
    fn told(&mut self, names: &[&str], now: Instant) -> usize {
        let new = self.standing.arrange(names.iter().map(|name| place(name)).collect(), now);
        let count = new.len();
        for (node, place) in new {
            let (commands, receiver) = mpsc::channel(4);
            self.standing.begun(node, place, commands);
            self.sockets.push((node, receiver));
        }
        count
    }

    fn note(&mut self, socket: usize, status: DutyView) -> Option<DutyView> {
        self.standing.note(self.sockets[socket].0, status);
        self.standing.news()
    }

    /// Whether a socket is still wanted.
    fn is_wanted(&mut self, socket: usize) -> bool {
        matches!(self.sockets[socket].1.try_recv(), Err(mpsc::error::TryRecvError::Empty))
    }
}

#[tokio::test]
async fn one_node_that_is_on_is_enough() {
    let mut duty = Duty::at(&["a", "b"]);
    assert!(duty.standing.news() == Some(CONNECTING));
    assert!(duty.note(0, AWAY).is_none(), "b may be there");
    assert!(duty.note(1, ON) == Some(ON));
    assert!(duty.note(0, REFUSED).is_none());
    assert!(duty.note(1, AWAY) == Some(AWAY));
    assert!(duty.note(1, REFUSED) == Some(REFUSED));
    assert!(duty.standing.is_over());
}

#[tokio::test]
async fn a_node_that_refused_is_tried_again_while_others_do_not() {
    let mut duty = Duty::at(&["a", "b"]);
    duty.note(0, REFUSED);
    duty.note(1, ON);
    let due = duty.standing.refused_again_at().unwrap();
    assert_eq!(duty.told(&["a", "b"], due - REFUSED_AGAIN_AFTER / 2), 0);
    assert_eq!(duty.told(&["a", "b"], due), 1);
    assert!(duty.is_wanted(1) && duty.is_wanted(2));
}

#[tokio::test]
async fn a_node_that_is_not_named_any_more_keeps_its_socket_until_it_breaks() {
    let mut duty = Duty::at(&["a", "b"]);
    duty.note(0, ON);
    duty.note(1, ON);
    assert_eq!(duty.told(&["a"], Instant::now()), 0);
    assert!(duty.is_wanted(1), "who waits there is offered there alone");
    duty.note(1, AWAY);
    assert!(!duty.is_wanted(1));
    assert_eq!(duty.told(&["a", "b"], Instant::now()), 1, "it is back");
}

#[tokio::test]
async fn a_node_that_was_never_reached_is_let_go_when_it_is_not_named() {
    let mut duty = Duty::at(&["a", "b"]);
    duty.told(&["a"], Instant::now());
    assert!(duty.is_wanted(0) && !duty.is_wanted(1));
}

#[tokio::test]
async fn commands_go_to_their_node_alone() {
    let mut duty = Duty::at(&["a", "b"]);
    let node = duty.sockets[1].0;
    let accept = NodeCommand::Accept(vestibule_wire::OfferId([1; 8]));
    duty.standing.command(DutyCommand::At(node, accept));
    assert!(duty.sockets[0].1.try_recv().is_err());
    assert!(matches!(duty.sockets[1].1.try_recv(), Ok(NodeCommand::Accept(_))));
    duty.standing.command(DutyCommand::TryNow);
    assert!(matches!(duty.sockets[0].1.try_recv(), Ok(NodeCommand::TryNow)));
    assert!(duty.standing.end() && !duty.standing.end());
    assert!(!duty.is_wanted(0));
}
