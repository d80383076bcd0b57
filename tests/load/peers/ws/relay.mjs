// ws on Node, with its events.
import { WebSocketServer } from "ws";

const port = Number(process.argv[2]);
const server = new WebSocketServer({ host: "127.0.0.1", port });
let waiting;

server.on("listening", () => console.log(`listening on http://127.0.0.1:${port}`));
server.on("connection", (socket) => {
  socket.on("error", () => {});
  if (waiting === undefined) {
    // What comes before the other end would be an event that nobody hears.
    socket.pause();
    waiting = socket;
    return;
  }
  forward(waiting, socket);
  forward(socket, waiting);
  waiting.resume();
  waiting = undefined;
});

function forward(from, to) {
  from.on("message", (data, isBinary) => {
    if (isBinary) to.send(data);
  });
  from.on("close", () => to.close());
}
