import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { until } from "./until.ts";

/** A TCP line between a program and a service, which a test can spoil without either of them knowing. */
export interface TcpProxy {
  /** Where the program connects to, on 127.0.0.1. */
  readonly port: number;
  /** Connections taken in so far. */
  accepted(): number;
  /** From the next connection on, the service is at this port. */
  aim(port: number): void;
  /** Everything passes at once again; what was held flows on, as after a lost network. */
  mend(): Promise<void>;
  /** What the service answers comes so many milliseconds late. */
  delayAnswers(ms: number): void;
  /** A black hole: connections are accepted and stay open, and nothing passes, not even an end. */
  hold(): void;
  /** The service hears everything, and what it answers is lost. `mend` resets the connections it happened to. */
  loseAnswers(): void;
  /** Ends every connection with a TCP reset; new ones pass. */
  reset(): void;
  /** Resets every connection and listens no more. */
  refuse(): Promise<void>;
  close(): Promise<void>;
}

interface Weather {
  held: boolean;
  losing: boolean;
  answerDelay: number;
}

/** Bytes that one direction of a held connection keeps before it stops reading. */
const mostWaiting = 1024 * 1024;

type Passing = { due: number } & ({ bytes: Buffer } | { end: "finished" | "reset" });

/** One direction of a connection. */
class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #weather: Weather;
  readonly #answers: boolean;
  #waiting: Passing[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Something was thrown away: the stream has a hole and must not go on. */
  broken = false;

  constructor(from: Socket, to: Socket, weather: Weather, answers: boolean) {
    this.#from = from;
    this.#to = to;
    this.#weather = weather;
    this.#answers = answers;
    from.on("data", (bytes) => {
      this.#bytes += bytes.length;
      if (this.#bytes > mostWaiting) from.pause();
      this.#add({ due: 0, bytes });
    });
    from.on("end", () => this.#add({ due: 0, end: "finished" }));
    from.on("close", (hadError) => hadError && this.#add({ due: 0, end: "reset" }));
  }

  flow(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#weather.held) return;
    const now = performance.now();
    for (let next = this.#waiting[0]; next && next.due <= now; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#pass(next);
    }
    const next = this.#waiting[0];
    if (next) this.#timer = setTimeout(() => this.flow(), next.due - now);
    if (this.#bytes <= mostWaiting && this.#from.isPaused()) this.#from.resume();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #add(passing: Passing): void {
    passing.due = performance.now() + (this.#answers ? this.#weather.answerDelay : 0);
    this.#waiting.push(passing);
    this.flow();
  }

  #pass(passing: Passing): void {
    if ("bytes" in passing) {
      this.#bytes -= passing.bytes.length;
      if (this.#answers && this.#weather.losing) this.broken = true;
      else if (this.#to.writable) this.#to.write(passing.bytes);
    } else if (passing.end === "reset") this.#to.resetAndDestroy();
    else if (this.#to.writable) this.#to.end();
  }
}

interface Line {
  lanes: Lane[];
  drop(): void;
}

/** Opens a proxy on a free port. @param target port of the service on 127.0.0.1 */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const weather: Weather = { held: false, losing: false, answerDelay: 0 };
  const lines = new Set<Line>();
  let aimedAt = target;
  let waitingToConnect: (() => void)[] = [];
  let accepted = 0;

  const open = (client: Socket): void => {
    accepted++;
    client.on("error", () => {});
    const line: Line = { lanes: [], drop: () => client.resetAndDestroy() };
    lines.add(line);
    client.once("close", () => line.lanes.length === 0 && lines.delete(line));
    const reach = () => {
      if (!lines.has(line)) return;
      const service = connect({ port: aimedAt, host: "127.0.0.1", allowHalfOpen: true });
      service.on("error", () => {});
      service.setNoDelay(true);
      const lanes = [new Lane(client, service, weather, false), new Lane(service, client, weather, true)];
      line.lanes = lanes;
      line.drop = () => {
        for (const lane of lanes) lane.stop();
        client.resetAndDestroy();
        service.resetAndDestroy();
        lines.delete(line);
      };
      const forget = () => client.destroyed && service.destroyed && lines.delete(line);
      client.once("close", forget);
      service.once("close", forget);
      service.once("close", () => service.connecting || weather.held || client.destroySoon());
    };
    if (weather.held) waitingToConnect.push(reach);
    else reach();
  };

  const listen = async (port: number): Promise<Server> => {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, open);
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return server;
  };
  const dropAll = () => {
    for (const line of [...lines]) line.drop();
    lines.clear();
  };

  let server: Server | null = await listen(0);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  const { port } = address;
  const stopListening = async () => {
    const ending = server;
    server = null;
    if (!ending) return;
    const closed = new Promise((resolve) => ending.close(resolve));
    dropAll();
    await closed;
  };

  return {
    port,
    accepted: () => accepted,
    aim: (next) => {
      aimedAt = next;
    },
    mend: async () => {
      Object.assign(weather, { held: false, losing: false, answerDelay: 0 });
      for (const line of [...lines]) {
        if (line.lanes.some((lane) => lane.broken)) line.drop();
        else for (const lane of line.lanes) lane.flow();
      }
      const waiting = waitingToConnect;
      waitingToConnect = [];
      for (const reach of waiting) reach();
      server ??= await until(`port ${port} is free again`, () => listen(port));
    },
    delayAnswers: (ms) => {
      weather.answerDelay = ms;
    },
    hold: () => {
      weather.held = true;
    },
    loseAnswers: () => {
      weather.losing = true;
    },
    reset: dropAll,
    refuse: stopListening,
    close: stopListening,
  };
}
