import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** The numbers behind `/metrics`. Labels have few values and never name a person or a place. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: "yuanba_" });
  const registers = [registry];
  return {
    registry,
    commands: new Histogram({
      name: "yuanba_command_seconds",
      help: "Time from a command's arrival to its answer.",
      labelNames: ["name", "outcome"],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
    requests: new Counter({
      name: "yuanba_http_requests_total",
      help: "HTTP API requests by route and status.",
      labelNames: ["route", "status"],
      registers,
    }),
    events: new Counter({
      name: "yuanba_events_delivered_total",
      help: "Events of the community logs handed to sockets.",
      registers,
    }),
    /** A number read when somebody asks. */
    gauge: (name: string, help: string, read: () => number) =>
      new Gauge({
        name: `yuanba_${name}`,
        help,
        registers,
        collect() {
          this.set(read());
        },
      }),
    /** Numbers of one kind, told apart by `label`, read when somebody asks. */
    gauges: (name: string, help: string, label: string, read: () => Record<string, number>) =>
      new Gauge({
        name: `yuanba_${name}`,
        help,
        labelNames: [label],
        registers,
        collect() {
          for (const [value, number] of Object.entries(read())) this.set({ [label]: value }, number);
        },
      }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
