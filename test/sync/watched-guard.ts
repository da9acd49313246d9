import { parentPort, workerData } from "node:worker_threads";
import * as Y from "yjs";
import { furnishedBoard, type GuardedBoard, residentOf } from "./guarded-board.ts";
import { attacks, honestUpdate, pick, type Scene, seeded } from "./hostile.ts";

/** What the guard is given in a thread of its own, where it may hang without anybody else. */
export type Watched = {
  /** The number under way is written here before the guard sees it. */
  progress: SharedArrayBuffer;
  count: number;
  /** A number at which the thread hangs, to see that it is noticed. */
  hangsAt: number | null;
};

const { progress, count, hangsAt } = workerData as Watched;
const underWay = new Int32Array(progress);
const onBoardFor = 100;
const verdicts: Record<string, number> = {};
let board: GuardedBoard = furnishedBoard();

for (let n = 0; n < count; n++) {
  Atomics.store(underWay, 0, n);
  while (n === hangsAt);
  if (n % onBoardFor === 0) board = furnishedBoard();
  const verdict = board.send("r-h1", residentOf("h1"), broken(sceneOf(n)));
  const said = verdict.ok ? "passes" : verdict.code;
  verdicts[said] = (verdicts[said] ?? 0) + 1;
}
parentPort?.postMessage(verdicts);

function sceneOf(n: number): Scene {
  return {
    board,
    random: seeded(n),
    mine: 1000,
    fresh: 20_000 + n,
    victim: 1001,
    foreign: [{ client: 1001, clock: 0, length: 1 }],
    own: [{ client: 1000, clock: 0 }],
  };
}

/** Bytes that began as an update of some kind, in either encoding, and were then damaged. */
function broken(scene: Scene): Uint8Array {
  const made = [
    () => pick(scene, Object.values(attacks))(scene).update,
    () => honestUpdate(scene, scene.fresh),
    () => Y.encodeStateAsUpdateV2(scene.board.doc),
    () => Y.encodeStateAsUpdate(scene.board.doc),
  ];
  const bytes = Uint8Array.from(pick(scene, made)());
  const at = () => Math.floor(scene.random() * bytes.length);
  const damage = [
    () => bytes,
    () => bytes.subarray(0, at()),
    () => bytes.with(at(), Math.floor(scene.random() * 256)),
    () => bytes.with(at(), 255).with(at(), 127),
    // The largest numbers there are: lengths, clocks and counts nobody can mean.
    () => Uint8Array.from([...bytes.subarray(0, at()), 255, 255, 255, 255, 15, ...bytes.subarray(at())]),
    () => Uint8Array.from([...bytes.subarray(at()), ...bytes.subarray(0, at())]),
  ];
  return pick(scene, damage)();
}
