import { z } from "zod";
import { proposalKinds, proposalStates } from "../proposals/model.ts";
import { area, command, query, signal } from "../wire/define.ts";
import { id, line, nothing, time } from "../wire/text.ts";
import { kioskLimits } from "./model.ts";

const count = z.number().int().nonnegative();
const label = z.strictObject({ title: z.string(), category: z.string(), quantity: count });
const cell = z.strictObject({ householdId: id, labels: z.array(label) });

const fresh = z.strictObject({
  title: z.string(),
  category: z.string(),
  building: z.string(),
  unit: z.string(),
  addedAt: time,
});
const freshList = { fresh: z.array(fresh).max(kioskLimits.freshItems), freshCount: count };

const notices = z.array(z.strictObject({ boardId: id, building: z.string().nullable(), text: z.string() }));

const weight = { households: count, area: count };
const vote = z.strictObject({
  proposalId: id,
  round: z.number().int().positive(),
  question: z.string(),
  kind: z.enum(proposalKinds),
  options: z.array(z.strictObject({ id: z.string(), label: z.string() })),
  state: z.enum(proposalStates),
  openedAt: time.nullable(),
  closesAt: time.nullable(),
  closedAt: time.nullable(),
  revealedAt: time.nullable(),
  turnout: z.strictObject({ voted: count, total: count }),
  result: z
    .strictObject({
      options: z.array(z.strictObject({ optionId: z.string(), ...weight })),
      voted: z.strictObject(weight),
      register: z.strictObject(weight),
    })
    .nullable(),
});

/** The public face of a courtyard. Strict throughout: a field that is not named here reaches no wall (INV-8). */
export const wallView = z.strictObject({
  courtyard: z.string(),
  joinUrl: z.string().nullable(),
  buildings: z.array(
    z.strictObject({
      buildingId: id,
      name: z.string(),
      units: z.array(z.strictObject({ unitId: id, name: z.string(), doors: count, things: count })),
    }),
  ),
  ...freshList,
  notices,
  votes: z.array(vote),
});

export const unitDoors = z.strictObject({
  doors: z.array(z.strictObject({ ...cell.shape, door: z.string() })),
});

export const kioskContract = area({
  commands: {
    "kiosk.pair": command(
      "Gives a screen that shows this code to a courtyard. The same code again gives the same screen.",
      z.strictObject({
        code: z.string().min(1).max(40),
        courtyardId: id,
        name: line(kioskLimits.nameLength),
      }),
      z.strictObject({ kioskId: id }),
    ),
    "kiosk.unpair": command(
      "Takes a screen away; it goes back to showing a code. Unpaired already: nothing happens.",
      z.strictObject({ kioskId: id }),
      nothing,
    ),
  },
  queries: {
    "kiosk.list": query(
      "The screens of a courtyard, for those who look after them.",
      z.strictObject({ courtyardId: id }),
      z.strictObject({
        kiosks: z.array(
          z.strictObject({
            kioskId: id,
            name: z.string(),
            pairedBy: z.string(),
            pairedAt: time,
            lastSeenAt: time.nullable(),
          }),
        ),
      }),
    ),
    "kiosk.wall": query("What the wall shows, read anew.", nothing, wallView),
    "kiosk.unit": query(
      "The doors of a unit with their labels, as the wall shows them.",
      z.strictObject({ unitId: id }),
      unitDoors,
    ),
  },
  events: {},
  signals: {
    "wall.cells-changed": signal(
      "Cells as they are now, each whole; at most twice a second for a board.",
      ["wall"],
      z.strictObject({ cells: z.array(cell).max(kioskLimits.toldCells) }),
    ),
    "wall.fresh-changed": signal(
      "What is new this week, the whole list.",
      ["wall"],
      z.strictObject(freshList),
    ),
    "wall.notices-changed": signal("All notices as they are now.", ["wall"], z.strictObject({ notices })),
  },
  whispers: {},
  snapshot: wallView,
});
