import type { WallVote } from "../../shared/kiosk/model.ts";
import { kioskLimits } from "../../shared/kiosk/model.ts";
import { doorsPerPage, pageCount } from "./label-fit.ts";
import { pagesOfNotice } from "./notice-pages.ts";
import { unitPageCount } from "./unit-pages.ts";
import type { WallState } from "./wall-state.ts";

/** What the screen shows: one thing at a time. */
export type Scene =
  | { kind: "unit"; unitId: string; page: number }
  | { kind: "fresh"; page: number }
  | { kind: "notice"; boardId: string; page: number }
  | { kind: "vote" | "closed" | "result"; proposalId: string }
  | { kind: "welcome" };

/** The scene, since and until when, and how far the round through the courtyard has come. */
export interface Show {
  scene: Scene;
  since: number;
  until: number;
  /** The unit page shown last. */
  unit: { unitId: string; page: number } | null;
  /** Unit pages since something else was shown. */
  run: number;
  /** What else was shown last, by its key. */
  extra: string | null;
}

const second = 1000;
const minute = 60 * second;

/** How long scenes stay, and what counts as pressing. Milliseconds. */
export const sceneTimes = {
  unit: 12 * second,
  fresh: 14 * second,
  vote: 15 * second,
  result: 20 * second,
  welcome: 12 * second,
  noticeLeast: 12 * second,
  noticeMost: 45 * second,
  /** What people read of Chinese in a second, standing and unhurried: 5 characters. */
  noticeCharacter: 200,
  /** A vote that ends within this is why people stand here: it stays. */
  voteStays: 30 * minute,
  /** So does one just opened, so that the yard notices it. */
  voteOpened: 2 * minute,
  /** Within this a vote takes every other turn; before, it is one thing among others. */
  voteNear: 24 * 60 * minute,
  resultTold: minute,
  closedWaits: 10 * minute,
} as const;

/** Unit pages between two other scenes. */
const unitRun = 3;
export const freshPerPage = 8;

export const firstShow: Show = {
  scene: { kind: "welcome" },
  since: 0,
  until: 0,
  unit: null,
  run: 0,
  extra: null,
};

/** The show at `now` (the server's time): the same one while its scene stands, else the next. */
export function advance(show: Show, wall: WallState, now: number): Show {
  const pressing = pressingScenes(wall, now);
  if (pressing.length > 0) {
    const at = pressing.findIndex((scene) => keyOf(scene) === keyOf(show.scene));
    if (at >= 0 && (now < show.until || pressing.length === 1)) return show;
    const scene = pressing[(at + 1) % pressing.length] ?? pressing[0];
    return scene ? { ...show, scene, since: now, until: now + sceneTimes.vote } : show;
  }
  // A device clock that was set back must not hold one scene for hours.
  if (show.since <= now && now < show.until && stands(show.scene, wall, now)) return show;
  return next(show, wall, now);
}

/** The unit whose labels are shown next, to read them before. */
export function unitToRead(show: Show, wall: WallState): string | null {
  const units = unitsOf(wall);
  const at = units.findIndex(({ unitId }) => unitId === show.unit?.unitId);
  const here = units[at];
  if (here && show.unit && show.unit.page + 1 < here.pages) return here.unitId;
  return units[(at + 1) % units.length]?.unitId ?? null;
}

/** What may not wait: a result just told, then votes people are here for, then a count about to be told. */
function pressingScenes(wall: WallState, now: number): Scene[] {
  const votes = wall.view?.votes ?? [];
  const told = votes.filter(
    ({ state, revealedAt }) => state === "revealed" && now - (revealedAt ?? 0) < sceneTimes.resultTold,
  );
  if (told.length > 0) return told.map(({ proposalId }) => ({ kind: "result", proposalId }));
  const open = votes.filter((vote) => vote.state === "open" && isPressing(vote, wall, now));
  const called = open.filter((vote) => isCalled(vote, wall, now));
  const first = called.length > 0 ? called : open;
  if (first.length > 0) return first.map(({ proposalId }) => ({ kind: "vote", proposalId }));
  return votes
    .filter((vote) => vote.state === "closed" && hasTurn(vote, now))
    .map(({ proposalId }) => ({ kind: "closed", proposalId }));
}

/** Whether the wall shows this vote sooner or later, as it stands now. */
export function hasTurn({ state, closedAt, revealedAt }: WallVote, now: number): boolean {
  switch (state) {
    case "open":
      return true;
    case "closed":
      return now - (closedAt ?? 0) < sceneTimes.closedWaits;
    case "revealed":
      return now - (revealedAt ?? 0) < kioskLimits.resultFor;
    default:
      return false;
  }
}

const isPressing = (vote: WallVote, wall: WallState, now: number): boolean =>
  (vote.closesAt ?? 0) - now < sceneTimes.voteStays ||
  now - (vote.openedAt ?? 0) < sceneTimes.voteOpened ||
  isCalled(vote, wall, now);

/** Whether "last call" is on for this vote. */
export function isCalled(vote: WallVote, { lastCalls }: WallState, now: number): boolean {
  const call = lastCalls[vote.proposalId];
  return call !== undefined && call.round === vote.round && now < call.until;
}

/** Whether there is still something to show in a scene. */
function stands(scene: Scene, wall: WallState, now: number): boolean {
  switch (scene.kind) {
    case "unit":
      return unitsOf(wall).some(({ unitId, pages }) => unitId === scene.unitId && scene.page < pages);
    case "welcome":
      return true;
    default:
      return extrasOf(wall, now).some((extra) => keyOf(extra) === keyOf(scene));
  }
}

/** A vote of these days takes every other turn; else a few unit pages, then one of the other things, in turn. */
function next(show: Show, wall: WallState, now: number): Show {
  const others = extrasOf(wall, now);
  const near = (wall.view?.votes ?? []).filter(
    ({ state, closesAt }) => state === "open" && (closesAt ?? 0) - now < sceneTimes.voteNear,
  );
  const vote = near[Math.floor(now / minute) % near.length];
  if (vote && show.scene.kind !== "vote") {
    const scene: Scene = { kind: "vote", proposalId: vote.proposalId };
    return { ...show, scene, since: now, until: now + sceneTimes.vote };
  }
  const unit = nextUnit(show, wall);
  if (others.length > 0 && (show.run >= unitRun || !unit)) {
    const at = others.findIndex((extra) => keyOf(extra) === show.extra);
    const scene = others[(at + 1) % others.length] ?? { kind: "welcome" };
    return { ...show, scene, since: now, until: now + lasting(scene, wall), run: 0, extra: keyOf(scene) };
  }
  if (!unit)
    return { ...show, scene: { kind: "welcome" }, since: now, until: now + sceneTimes.welcome, run: 0 };
  const scene: Scene = { kind: "unit", ...unit };
  return { ...show, scene, since: now, until: now + lasting(scene, wall), unit, run: show.run + 1 };
}

/** The next page of the unit on show, else the next unit whose labels are at hand. */
function nextUnit({ unit: shown }: Show, wall: WallState): Show["unit"] {
  const units = unitsOf(wall);
  const atHand = ({ unitId }: { unitId: string }) => wall.units[unitId] !== undefined;
  const at = units.findIndex(({ unitId }) => unitId === shown?.unitId);
  const here = units[at];
  if (here && shown && shown.page + 1 < here.pages && atHand(here)) return { ...shown, page: shown.page + 1 };
  const following = [...units.slice(at + 1), ...units.slice(0, at + 1)].find(atHand);
  return following ? { unitId: following.unitId, page: 0 } : null;
}

/** The units with something to lend, in walking order. Until its doors are at hand, a unit's pages are a guess. */
function unitsOf({ view, units: atHand }: WallState): { unitId: string; pages: number }[] {
  const pagesOfUnit = (unitId: string, count: number): number => {
    const doors = atHand[unitId] ?? [];
    return doors.length > 0 ? unitPageCount(doors) : pageCount(count, doorsPerPage);
  };
  return (view?.buildings ?? []).flatMap(({ units }) =>
    units
      .filter(({ things }) => things > 0)
      .map(({ unitId, doors }) => ({ unitId, pages: pagesOfUnit(unitId, doors) })),
  );
}

function extrasOf({ view }: WallState, now: number): Scene[] {
  if (!view) return [];
  const scenes: Scene[] = [];
  for (const { proposalId, state } of view.votes)
    if (state === "open") scenes.push({ kind: "vote", proposalId });
  for (const notice of view.notices) {
    const { boardId } = notice;
    for (let page = 0; page < pagesOfNotice(notice).length; page++)
      scenes.push({ kind: "notice", boardId, page });
  }
  for (const vote of view.votes)
    if (vote.state === "revealed" && hasTurn(vote, now))
      scenes.push({ kind: "result", proposalId: vote.proposalId });
  const fresh: Scene[] = Array.from({ length: Math.ceil(view.fresh.length / freshPerPage) }, (_, page) => ({
    kind: "fresh",
    page,
  }));
  // The newest first of all, the other pages last: the notice waits for one of them and not for all.
  return [...fresh.slice(0, 1), ...scenes, ...fresh.slice(1)];
}

function lasting(scene: Scene, { view }: WallState): number {
  switch (scene.kind) {
    case "notice": {
      const notice = view?.notices.find(({ boardId }) => boardId === scene.boardId);
      const characters = (notice && pagesOfNotice(notice)[scene.page]?.length) ?? 0;
      const reading = characters * sceneTimes.noticeCharacter;
      return Math.min(sceneTimes.noticeMost, Math.max(sceneTimes.noticeLeast, reading));
    }
    case "closed":
      return sceneTimes.vote;
    default:
      return sceneTimes[scene.kind];
  }
}

/** What a scene is about; two scenes with one key are the same picture. */
export function keyOf(scene: Scene): string {
  switch (scene.kind) {
    case "unit":
      return `unit ${scene.unitId} ${scene.page}`;
    case "fresh":
      return `fresh ${scene.page}`;
    case "notice":
      return `notice ${scene.boardId} ${scene.page}`;
    case "welcome":
      return "welcome";
    default:
      return `${scene.kind} ${scene.proposalId}`;
  }
}
