import type { ESTree } from "vite";
import type { CodeFile, Finding } from "./source.ts";

/** Events of Node, ws, Socket.IO itself, Yjs and the DOM; none of them is a message of the contract. */
const TRANSPORT_EVENTS = new Set(
  `connection connect connect_error disconnecting disconnect error close open message upgrade ping pong listening
   data end finish drain aborted exit online spawn uncaughtException unhandledRejection readable timeout
   packet packetCreate flush create-room delete-room heartbeat reconnect reconnect_attempt connection_error initial_headers headers ready notice notification
   update updateV2 beforeTransaction afterTransaction beforeAllTransactions afterAllTransactions subdocs destroy
   sync synced status change connection-close connection-error connection-closed languageChanged
   subscribe unsubscribe reconnecting end node remove acquire release`.split(/\s+/),
);

const isString = (node: { type: string } | undefined): node is ESTree.StringLiteral =>
  node?.type === "Literal" && "value" in node && typeof node.value === "string";

/** Messages of the contract are named by it; a literal would escape the types. */
export function checkWireLiterals(files: CodeFile[]): Finding[] {
  return files
    .filter(({ path }) => /^(server|client|shared)\//.test(path) && !/(^|\/)wire\//.test(path))
    .flatMap((file) => {
      const findings: Finding[] = [];
      file.visit({
        CallExpression({ callee, arguments: [first, second] }) {
          if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
          if (!/^(on|once|off|emit|emitWithAck)$/.test(callee.property.name) || !isString(first)) return;
          // Joins and indexes of Kysely are "on" columns: one word, or word, operator, word.
          if (callee.property.name === "on" && (!second || isString(second))) return;
          if (TRANSPORT_EVENTS.has(first.value) || first.value.startsWith("SIG")) return;
          const message = `.${callee.property.name}("${first.value}") names a message outside of wire/`;
          findings.push({ path: file.path, line: file.lineAt(first), message });
        },
      });
      return findings;
    });
}

const CLOSE_CODES_FILE = "shared/wire/close-codes.ts";

/** WebSocket close codes of RFC 6455 §7.4.1 and the range of y-websocket that means "do not come back". */
const isCloseCode = (value: number) => (value >= 1001 && value <= 1015) || (value >= 4400 && value <= 4499);
/** Numbers that mean something else everywhere but in a call that closes. */
const isClosingArgument = (value: number) =>
  value === 1000 || (value >= 1001 && value <= 1015) || (value >= 4000 && value <= 4999);

/** A close code has a name, and one place. */
export function checkCloseCodes(files: CodeFile[]): Finding[] {
  return files
    .filter(({ path }) => /^(server|client|shared)\//.test(path) && path !== CLOSE_CODES_FILE)
    .filter(({ path }) => !path.startsWith("server/demo/words/"))
    .flatMap((file) => {
      const findings = new Map<number, Finding>();
      const look = (
        node: { type: string; start: number } | undefined,
        isCode: (value: number) => boolean,
      ) => {
        if (
          node?.type !== "Literal" ||
          !("value" in node) ||
          typeof node.value !== "number" ||
          !isCode(node.value)
        )
          return;
        const message = `the close code ${node.value} belongs in ${CLOSE_CODES_FILE}`;
        findings.set(node.start, { path: file.path, line: file.lineAt(node), message });
      };
      file.visit({
        Literal: (node) => look(node, isCloseCode),
        CallExpression({ callee, arguments: [first] }) {
          if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
          if (/^(close|destroy|terminate)$/.test(callee.property.name)) look(first, isClosingArgument);
        },
      });
      return [...findings.values()];
    });
}
