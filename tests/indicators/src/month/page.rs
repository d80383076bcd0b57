//! A desk's page without a browser: it asks for what a worker would press, and knows what it was shown.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::stream::SplitSink;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{WebSocketStream, client_async};
use vestibule_console::desk_page::RunningDesk;

/// Longer than anything that a page waits for here.
const PATIENCE: Duration = Duration::from_mins(1);

/// A page, connected to its desk.
pub struct Page {
    sink: Mutex<SplitSink<WebSocketStream<TcpStream>, Message>>,
    shown: watch::Receiver<Shown>,
    reading: JoinHandle<()>,
}

/// What a page shows.
#[derive(Default, Debug)]
pub struct Shown {
    /// Whether the desk has sent everything once.
    pub complete: bool,
    /// The state of duty.
    pub duty: String,
    /// Who waits and is not being accepted.
    pub offers: Vec<String>,
    /// Those that are not forgotten.
    pub consultations: BTreeMap<u64, ShownConsultation>,
    /// Requests of colleagues that were not accepted.
    pub hand_overs: Vec<String>,
    /// Colleagues on duty, by alias.
    pub colleagues: BTreeMap<String, u64>,
    /// Consultations whose totals are being handed in,
    pub going: u64,
    /// and that wait for more.
    pub waiting: u64,
    /// What the worker was told.
    pub notices: Vec<String>,
    /// How often the time until it locks was set.
    pub touched: usize,
}

/// One consultation as it is shown.
#[derive(Default, Debug)]
pub struct ShownConsultation {
    /// `connecting`, `open` or `ended`.
    pub status: String,
    /// The first thing that the client said.
    pub hello: Option<String>,
    /// Texts of the client.
    pub heard: usize,
    /// Texts and cards of the worker.
    pub said: usize,
    /// Whether the client's line is there now.
    pub joined: bool,
    /// How often it came back.
    pub resumed: usize,
    /// How far a hand-over has come.
    pub hand_over: Option<String>,
}

impl Page {
    /// Connects to a desk that has just started.
    pub async fn open(desk: &RunningDesk) -> Self {
        let address = desk.origin().trim_start_matches("http://").to_owned();
        let mut request = format!("ws://{address}/socket").into_client_request().unwrap();
        request.headers_mut().insert("origin", desk.origin().parse().unwrap());
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (socket, _) = client_async(request, stream).await.unwrap();
        let (sink, mut stream) = socket.split();
        let (changes, shown) = watch::channel(Shown::default());
        let reading = tokio::spawn(async move {
            while let Some(Ok(message)) = stream.next().await {
                if let Message::Text(text) = message {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    changes.send_modify(|shown| shown.take(&message));
                }
            }
        });
        let page = Self { sink: Mutex::new(sink), shown, reading };
        page.ask(json!({ "type": "hello", "bearer": desk.bearer() })).await;
        page.until("everything", |shown| shown.complete.then_some(())).await;
        page
    }

    /// Asks for something.
    pub async fn ask(&self, message: Value) {
        let sent = self.sink.lock().await.send(Message::text(message.to_string())).await;
        assert!(sent.is_ok(), "the desk is there");
    }

    /// Waits until the page shows something.
    pub async fn until<T>(&self, what: &str, found: impl Fn(&Shown) -> Option<T>) -> T {
        let mut shown = self.shown.clone();
        let looked = async {
            loop {
                if let Some(found) = found(&shown.borrow_and_update()) {
                    return found;
                }
                shown.changed().await.expect("the desk is there");
            }
        };
        let Ok(found) = timeout(PATIENCE, looked).await else {
            panic!("the page does not show {what}: {:#?}", *self.shown.borrow())
        };
        found
    }

    /// Waits until a consultation is shown so.
    pub async fn until_consultation<T>(
        &self,
        what: &str,
        id: u64,
        found: impl Fn(&ShownConsultation) -> Option<T>,
    ) -> T {
        self.until(what, |shown| shown.consultations.get(&id).and_then(&found)).await
    }

    /// What is shown now.
    pub fn now<T>(&self, read: impl FnOnce(&Shown) -> T) -> T {
        read(&self.shown.borrow())
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

impl Shown {
    fn take(&mut self, message: &Value) {
        match text(&message["type"]) {
            "snapshot" => {
                for list in ["duty", "waiting", "hand_overs", "colleagues", "hand_in"] {
                    self.take_part(list, &message[list]);
                }
                assert_eq!(message["locked"], false, "the desk is not locked");
                self.complete = true;
            }
            "consultation" => self.take_consultation(&message["consultation"]),
            "message" => self.take_message(message),
            "forgotten" => {
                self.consultations.remove(&number(&message["consultation"]));
            }
            "notice" => self.notices.push(text(&message["notice"]).to_owned()),
            "lock_minutes" => self.touched += 1,
            "locked" => panic!("the desk is not locked"),
            "totals" => self.take_part("hand_in", &message["hand_in"]),
            part => self.take_part(part, &message[part]),
        }
    }

    fn take_part(&mut self, name: &str, part: &Value) {
        let list = || part.as_array().into_iter().flatten();
        let ids = |key: &str, taken: &str| -> Vec<String> {
            let open = list().filter(|one| one[taken] == false);
            open.map(|one| text(&one[key]).to_owned()).collect()
        };
        match name {
            "duty" => text(&part["status"]).clone_into(&mut self.duty),
            "waiting" => self.offers = ids("offer", "accepting"),
            "hand_overs" => self.hand_overs = ids("id", "accepted"),
            "colleagues" => {
                let on_duty = list().filter(|one| one["on_duty"] == true);
                let named = on_duty.map(|one| (text(&one["alias"]).to_owned(), number(&one["id"])));
                self.colleagues = named.collect();
            }
            "hand_in" => {
                self.going = number(&part["going"]);
                self.waiting = number(&part["waiting"]);
            }
            _ => {}
        }
    }

    fn take_consultation(&mut self, consultation: &Value) {
        let shown = self.consultations.entry(number(&consultation["id"])).or_default();
        text(&consultation["status"]).clone_into(&mut shown.status);
        let stage = consultation["hand_over"]["stage"].as_str();
        shown.hand_over = stage.map(ToOwned::to_owned);
        let was_away = std::mem::replace(&mut shown.joined, consultation["line"] == "joined");
        if !was_away && shown.joined && shown.status == "open" {
            shown.resumed += 1;
        }
    }

    fn take_message(&mut self, message: &Value) {
        let Some(shown) = self.consultations.get_mut(&number(&message["consultation"])) else {
            return;
        };
        let said = &message["message"];
        match (text(&said["from"]), text(&said["kind"])) {
            ("client", "text") => {
                shown.heard += 1;
                shown.hello.get_or_insert(text(&said["text"]).to_owned());
            }
            ("worker", "text" | "card") => shown.said += 1,
            _ => {}
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}
