import { z } from "zod";
import { closeCodes, mustDropCopy } from "../../shared/wire/close-codes.ts";
import { contract } from "../../shared/wire/contract.ts";
import { errorStatus } from "../../shared/wire/errors.ts";
import { oldestProtocolVersion, packets, protocolVersion } from "../../shared/wire/protocol.ts";
import { savedParameter, yjsMessage } from "../../shared/wire/yjs-messages.ts";
import { describeSchema } from "./schema-text.ts";

interface Entry {
  summary: string;
  input?: z.ZodType;
  result?: z.ZodType;
  data?: z.ZodType;
  audiences?: readonly string[];
}

const kinds = [
  ["commands", "Commands"],
  ["queries", "Queries"],
  ["events", "Events"],
  ["signals", "Signals"],
  ["whispers", "Whispers"],
] as const;

/** The text of `docs/protocol.md`, from the schemas both sides import. */
export function protocolPage(): string {
  const areas = Object.entries(contract).flatMap(([area, definitions]) => [
    `## ${area}`,
    "",
    ...kinds.flatMap(([kind, title]) => {
      const entries = Object.entries(definitions[kind] as Record<string, Entry>);
      return entries.length === 0 ? [] : [`### ${title}`, "", ...entries.flatMap(entryText)];
    }),
    "### Snapshot",
    "",
    block(definitions.snapshot, "output"),
    "",
  ]);
  return `${[...intro, ...areas, ...errorTable()].join("\n").trimEnd()}\n`;
}

const intro = [
  "# The protocol",
  "",
  "<!-- Generated from shared/wire/contract.ts by `npm run docs`. Do not edit. -->",
  "",
  `Version ${protocolVersion}; the server still talks to clients from version ${oldestProtocolVersion} on.`,
  "",
  "A session is the cookie `yuanba_session`, or the same token as `Authorization: Bearer`, for HTTP, Socket.IO and `/yjs/`.",
  "",
  "**Socket.IO** at `/socket.io/`. The client connects with `auth: { protocol, oldest?, courtyardId?, cursor? }`. All traffic is in these packets:",
  "",
  "| packet | direction | content |",
  "| --- | --- | --- |",
  `| \`${packets.welcome}\` | server → client | first of every connection: \`{ protocol, build, now, seq, snapshot, events, signals }\`. With a cursor the server still holds, \`snapshot\` is null and \`events\` are those missed; otherwise the snapshot is whole. |`,
  `| \`${packets.command}\`, \`${packets.query}\` | client → server | \`{ name, input }\`, acked with \`{ ok: true, value }\` or \`{ ok: false, error: { code, message, params? } }\` |`,
  `| \`${packets.event}\` | server → client | \`{ seq, at, name, data }\`; \`seq\` is dense in the community, a client hears the events of its audiences |`,
  `| \`${packets.signal}\` | server → client | \`{ name, data }\`, passing, never logged; the latest wins |`,
  `| \`${packets.whisper}\` | client → server | \`{ name, input }\`, passing, never answered |`,
  "",
  "Events that arrive before the welcome and have a `seq` up to the welcome's are already contained in it.",
  "",
  "A connection that is refused gets `connect_error`, with the error in its `data`: `protocol-unsupported` means load the page again, `shutting-down` come back, `not-signed-in` sign in. One without `data` was refused at the handshake, for want of a session (401) or because its person has, or begins, too many connections (429); a stock client tries again by itself. A connection carries one socket: who is refused, or disconnects, opens another. When this node stops, or what a person may do has changed, the server ends the connection; a stock client takes that (`io server disconnect`) as final, so call `connect()` again, and give up only on `connect_error` with `not-signed-in` or `protocol-unsupported`.",
  "",
  "**Boards** at `/yjs/<boardId>`: the y-websocket protocol, V1 updates; see [spec/sync.md](spec/sync.md).",
  "",
  "A board's id is in the welcome: `snapshot.board.boards[].id`, with what the session may do there. The document, fixed because others' tools read it too:",
  "",
  "| root | type | content |",
  "| --- | --- | --- |",
  "| `cell:<householdId>` | Y.Map | item id → Y.Map of `title`, `category`, `note`, `quantity`, `order` |",
  "| `list:<listId>` | Y.Array | Y.Map entries of `id`, `text`, `done`, `order` |",
  "| `notice` | Y.Text | plain text |",
  "",
  "Any y-websocket client with a session will do; `yuanba token` prints one:",
  "",
  "```js",
  "class WithSession extends WebSocket { // of the ws package",
  "  constructor(url) { super(url, { headers: { authorization: 'Bearer ' + token } }); }",
  "}",
  "const doc = new Y.Doc();",
  "new WebsocketProvider('ws://localhost:3000/yjs', boardId, doc, { WebSocketPolyfill: WithSession, disableBc: true });",
  "doc.getMap('cell:' + householdId).observeDeep(() => {});",
  "```",
  "",
  `With \`?${savedParameter}=1\` the server says what is on disk in messages of type ${yjsMessage.saved}. Three varuints follow: the client id it speaks of and that one's clock on disk (both 0 after deletions alone), and how many of this socket's sync step 2 and update messages are on disk. All is saved when that is as many as were sent.`,
  "",
  "Presence is y-protocols' awareness under one client id a socket. The server puts `user: { name, householdId, door }` of the session into it; a state over 1 KB with that in it is not shown, and one person's states are passed on more slowly when they make a node send much.",
  "",
  "A provider waits for its first sync before it writes. The server closes with these codes. After 4400–4499 it has decided, and a stock provider stops; after those marked, the local copy must be dropped before the board is opened again, after the others it may be kept and holds what was not saved. Every other code means: come back.",
  "",
  "| code | name | local copy |",
  "| --- | --- | --- |",
  ...Object.entries(closeCodes).map(
    ([name, code]) => `| ${code} | \`${name}\` | ${mustDropCopy(code) ? "drop" : "keep"} |`,
  ),
  "",
  "`board-renewed`: a board that very many devices have written to is made anew with the same contents while nobody is there ([decision 9](decisions/0009-renewal.md)); copies from before cannot be merged with it.",
  "",
  "**HTTP** under `/api/v1`: described by `/api/v1/openapi.json`.",
  "",
];

function entryText([name, entry]: [string, Entry]): string[] {
  const lines = [`#### \`${name}\``, "", entry.summary, ""];
  if (entry.audiences)
    lines.push(`Heard by: ${entry.audiences.map((kind) => `\`${kind}\``).join(", ")}.`, "");
  if (entry.input) lines.push("Input:", "", block(entry.input, "input"), "");
  if (entry.result) lines.push("Result:", "", block(entry.result, "output"), "");
  if (entry.data) lines.push("Data:", "", block(entry.data, "output"), "");
  return lines;
}

const block = (schema: z.ZodType, io: "input" | "output"): string =>
  `\`\`\`ts\n${describeSchema(z.toJSONSchema(schema, { io, unrepresentable: "any", reused: "inline" }))}\n\`\`\``;

const errorTable = (): string[] => [
  "## Errors",
  "",
  "The closed list of error codes, and the HTTP status each has there.",
  "",
  "| code | status |",
  "| --- | --- |",
  ...Object.entries(errorStatus).map(([code, status]) => `| \`${code}\` | ${status} |`),
];
