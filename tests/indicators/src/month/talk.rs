//! One client: it waits, talks, is cut off and comes back, goes to a colleague, and ends. What happened is
//! noted here as it was meant, not as anybody counted it.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use vestibule_protocol::{Cover, HandOverReply, Link, Record, SurveyAnswer, Triage};
use vestibule_tests::client::{MetClient, WaitingClient};
use vestibule_tests::end::{End, Ending, Event};
use vestibule_tests::service::now;
use vestibule_tests::socket::{Next, Way};
use vestibule_wire::{AuthorityKey, Cell, Close, Timestamp};

use super::truth::{cell, length_band};
use super::world::Desk;

/// The third time in a row that a client's line breaks, a desk has been seen to notice it late or not at
/// all: until that is understood, no client of this month is cut off so often.
const INTERRUPTIONS_MAX: usize = 2;

/// Who comes.
pub struct Visitor {
    /// What it says first.
    pub hello: String,
    /// What it chose.
    pub triage: Triage,
    /// Its link,
    pub link: Link,
    /// and whether that is a door.
    pub door: bool,
    /// When it came first.
    pub came: Timestamp,
}

/// Somebody who waits for a worker.
pub struct Waiting {
    leave: oneshot::Sender<()>,
    task: JoinHandle<Option<End>>,
}

/// A running consultation.
pub struct Talk {
    /// Who it is.
    pub visitor: Visitor,
    /// Which of the service's workers has it.
    pub worker: usize,
    /// Its number at that worker's desk.
    pub id: u64,
    /// What is to be counted of it.
    pub notes: Notes,
    end: End,
    desk: Arc<Desk>,
}

/// What happened in a consultation, since this worker has it.
pub struct Notes {
    load: usize,
    first: Timestamp,
    last: Timestamp,
    worker_wrote: bool,
    interruptions: usize,
    materials: Vec<Cell>,
    answers: Vec<Cell>,
    codes: Vec<Cell>,
}

/// How a consultation ends.
#[derive(Clone, Copy)]
pub enum HowItEnds {
    /// The client has enough.
    ByClient,
    /// The worker ends it.
    ByWorker,
    /// The worker asks whether it is enough, and it is.
    ByAgreement,
}

impl Waiting {
    /// Opens a link and waits, at first until it has been told so.
    pub async fn come(way: &Way, visitor: &Visitor) -> WaitingClient {
        WaitingClient::arrive_about(way, &visitor.link, visitor.triage).await
    }

    /// Waits on, until a worker comes.
    pub fn on(client: WaitingClient, hello: String) -> Self {
        let (leave, left) = oneshot::channel();
        let task = tokio::spawn(wait(client, hello, left));
        Self { leave, task }
    }

    /// Leaves; returns when the relay knows.
    pub async fn leave(self) {
        assert!(self.leave.send(()).is_ok(), "it waits");
        assert!(self.task.await.unwrap().is_none(), "nobody has answered");
    }

    /// A worker has come.
    pub async fn met(self) -> End {
        self.task.await.unwrap().expect("it has not left")
    }
}

async fn wait(
    mut client: WaitingClient,
    hello: String,
    left: oneshot::Receiver<()>,
) -> Option<End> {
    tokio::select! {
        matched = client.until_matched() => assert!(matched, "the relay keeps who waits"),
        _ = left => {
            let (mut speaking, mut hearing) = client.socket.split();
            speaking.close(Close::Done).await;
            while let Next::Message(_) = hearing.next().await {}
            return None;
        }
    }
    let met = client.believe(now()).await.ok().expect("an honest worker answers");
    Some(greet(met, &hello).await)
}

async fn greet(met: MetClient, hello: &str) -> End {
    let end = met.talk(Cover::Sparing);
    end.say(hello).await;
    end
}

impl Talk {
    /// The worker, who has so many consultations with this one, sees the client's first words.
    pub fn begin(
        visitor: Visitor,
        end: End,
        desk: Arc<Desk>,
        (worker, id, load): (usize, u64, usize),
    ) -> Self {
        Self { visitor, worker, id, notes: Notes::begin(load), end, desk }
    }

    /// The worker says something.
    pub async fn worker_says(&mut self) {
        let said = self.said();
        self.ask(json!({ "type": "send", "consultation": self.id, "text": "I read you." })).await;
        self.until_said(said).await;
        self.client_hears(|record| matches!(record, Record::Text(_))).await;
        (self.notes.worker_wrote, self.notes.last) = (true, now());
    }

    /// The client does.
    pub async fn client_says(&mut self) {
        let before = self.desk.page.now(|shown| shown.consultations[&self.id].heard);
        self.end.say("And another thing.").await;
        let more = |heard: usize| (heard > before).then_some(());
        self.desk.page.until_consultation("words", self.id, |it| more(it.heard)).await;
        self.notes.last = now();
    }

    /// The worker sends a card; the first three of a consultation count, each once.
    pub async fn card(&mut self, (id, own_label): (&str, &str)) {
        let said = self.said();
        self.ask(json!({ "type": "send_card", "consultation": self.id, "card": id })).await;
        self.until_said(said).await;
        self.client_hears(|record| matches!(record, Record::Card(_))).await;
        let material = cell("material", own_label);
        if !self.notes.materials.contains(&material) && self.notes.materials.len() < 3 {
            self.notes.materials.push(material);
        }
    }

    /// The client's line breaks, and it comes back.
    pub async fn is_interrupted(&mut self) {
        if self.notes.interruptions >= INTERRUPTIONS_MAX {
            return;
        }
        let page = &self.desk.page;
        let here =
            page.until_consultation("the line", self.id, |it| it.joined.then_some(it.resumed));
        let before = here.await;
        let met = self.end.status().met_at.len();
        self.end.lose_lines().await;
        // One who comes back before anybody has noticed was not away.
        page.until_consultation("a gap", self.id, |it| (!it.joined).then_some(())).await;
        self.end.find_lines().await;
        let again = |resumed: usize| (resumed > before).then_some(());
        page.until_consultation("the client again", self.id, |it| again(it.resumed)).await;
        // Both have heard each other: what comes next is another interruption.
        self.end.until(|status| status.met_at.len() > met).await;
        self.notes.interruptions += 1;
        self.client_says().await;
    }

    /// The client goes to a colleague. Its former worker counts nothing but that.
    pub async fn is_handed_over(
        self,
        way: &Way,
        authority: AuthorityKey,
        (alias, colleague, worker, load): (&str, &Arc<Desk>, usize, usize),
    ) -> Self {
        let Self { visitor, id, mut end, desk, .. } = self;
        let named = |shown: &super::page::Shown| shown.colleagues.get(alias).copied();
        let to = desk.page.until("the colleague", named).await;
        let ask =
            json!({ "type": "hand_over", "consultation": id, "colleague": to, "summary": "" });
        desk.page.ask(ask).await;
        let asked = |shown: &super::page::Shown| shown.hand_overs.first().cloned();
        let request = colleague.page.until("a request", asked).await;
        let known: Vec<u64> =
            colleague.page.now(|shown| shown.consultations.keys().copied().collect());
        colleague.page.ask(json!({ "type": "accept_hand_over", "hand_over": request })).await;
        let proposed = loop {
            match &end.event().await {
                Event::Said(Record::HandOver(proposed)) => break proposed.clone(),
                Event::Said(_) => {}
                Event::Over(ending) => panic!("over while a colleague was to come: {ending:?}"),
            }
        };
        end.say_record(Record::HandOverReply(HandOverReply::Agreed)).await;
        let moves = |stage: Option<&String>| (stage? == "moving").then_some(());
        desk.page.until_consultation("the move", id, |it| moves(it.hand_over.as_ref())).await;
        let received_below = end.status().received_below;
        drop(end);
        let known_to = (authority, visitor.triage);
        let met = MetClient::at_colleague(way, &proposed, known_to, received_below, now()).await;
        let end = greet(met, &visitor.hello).await;
        let id_there = colleague.page.until("the client", |shown| newest(shown, &known)).await;
        desk.page
            .until_consultation("its end", id, |it| (it.status == "ended").then_some(()))
            .await;
        forget(&desk, id).await;
        Self::begin(visitor, end, Arc::clone(colleague), (worker, id_there, load))
    }

    /// The client answers questions, if it does, and the consultation ends, is coded and forgotten.
    pub async fn ends(mut self, how: HowItEnds, answers: &[Cell], codes: &[Cell]) -> Self {
        for answer in answers {
            let answer = SurveyAnswer::new(*answer).expect("a client's to answer");
            self.end.say_record(Record::Survey(answer)).await;
            self.notes.answers.push(answer.cell());
        }
        // What the client has said comes before what the worker does next.
        if !answers.is_empty() {
            self.client_says().await;
        }
        match how {
            HowItEnds::ByWorker => {
                self.ask(json!({ "type": "end", "consultation": self.id })).await;
            }
            HowItEnds::ByAgreement => {
                self.ask(json!({ "type": "propose_end", "consultation": self.id })).await;
                self.client_hears(|record| matches!(record, Record::EndProposal)).await;
                self.end.say_record(Record::Close).await;
            }
            HowItEnds::ByClient => self.end.say_record(Record::Close).await,
        }
        assert_eq!(self.end.over().await, Ending::Closed);
        let ended = |status: &str| (status == "ended").then_some(());
        self.desk.page.until_consultation("the end", self.id, |it| ended(&it.status)).await;
        let coded = json!({ "type": "code", "consultation": self.id, "codes": in_groups(codes) });
        self.ask(coded).await;
        self.notes.codes = codes.to_vec();
        forget(&self.desk, self.id).await;
        self
    }

    fn said(&self) -> usize {
        self.desk.page.now(|shown| shown.consultations[&self.id].said)
    }

    async fn until_said(&self, before: usize) {
        let more = |said: usize| (said > before).then_some(());
        self.desk.page.until_consultation("own words", self.id, |it| more(it.said)).await;
    }

    async fn ask(&self, message: Value) {
        self.desk.page.ask(message).await;
    }

    async fn client_hears(&mut self, awaited: impl Fn(&Record) -> bool) {
        loop {
            match &self.end.event().await {
                Event::Said(record) if awaited(record) => return,
                Event::Said(_) => {}
                Event::Over(ending) => panic!("over while something was to come: {ending:?}"),
            }
        }
    }
}

/// The one consultation that was not known, once its client has said hello.
pub fn newest(shown: &super::page::Shown, known: &[u64]) -> Option<u64> {
    let mut new = shown.consultations.iter().filter(|(id, _)| !known.contains(id));
    new.find(|(_, it)| it.status == "open" && it.hello.is_some()).map(|(id, _)| *id)
}

async fn forget(desk: &Desk, id: u64) {
    desk.page.ask(json!({ "type": "forget", "consultation": id })).await;
    let gone = |shown: &super::page::Shown| (!shown.consultations.contains_key(&id)).then_some(());
    desk.page.until("it forgotten", gone).await;
}

fn in_groups(codes: &[Cell]) -> Value {
    let mut groups = serde_json::Map::new();
    for (table, place) in codes.iter().map(|cell| cell.table()) {
        let labels = groups.entry(table.name).or_insert_with(|| json!([]));
        labels.as_array_mut().unwrap().push(json!(table.label(place)));
    }
    Value::Object(groups)
}

impl Notes {
    fn begin(load: usize) -> Self {
        Self {
            load,
            first: now(),
            last: now(),
            worker_wrote: false,
            interruptions: 0,
            materials: Vec::new(),
            answers: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// What the worker who had it last counts.
    pub fn cells(&self, triage: Triage) -> Vec<Cell> {
        let held = if self.worker_wrote { "held" } else { "not_held" };
        let interruptions = match self.interruptions {
            0 => "none",
            1 | 2 => "one_or_two",
            _ => "three_or_more",
        };
        let load = ["alone", "two", "three", "four_or_more"][self.load.min(4) - 1];
        let mut cells = vec![
            cell("consultation", held),
            cell("language", triage.language.code()),
            cell("channel", triage.channel.name()),
            cell("subject", triage.subject.name()),
            cell("interruptions", interruptions),
            cell("load", load),
        ];
        if self.worker_wrote {
            cells.push(cell("length", length_band(self.last.0 - self.first.0)));
        }
        cells.extend(self.materials.iter().chain(&self.answers));
        // Of several labels of one table the first three count.
        for (place, code) in self.codes.iter().enumerate() {
            let of_table = |other: &&Cell| other.table().0.number == code.table().0.number;
            if self.codes[..place].iter().filter(of_table).count() < 3 {
                cells.push(*code);
            }
        }
        cells
    }
}
