import { expect, test } from "vitest";
import { addToast, lifetimeOf, removeToast, type Toast, type ToastRequest } from "../../client/ui/toasts.ts";

function said(...requests: readonly ToastRequest[]): readonly Toast[] {
  return requests.reduce<readonly Toast[]>((toasts, request, id) => addToast(toasts, id, request), []);
}

const undo = { label: "放回去", act: () => undefined };

test("[UI-5] what went wrong stays until it is put away, what can be undone stays longer than news", () => {
  const [news, undoable, wrong] = said(
    { text: "放上去了" },
    { text: "拿下来了", undo },
    { text: "没送出去", tone: "wrong" },
  );
  if (!news || !undoable || !wrong) throw new Error("three were said");
  expect(lifetimeOf(wrong)).toBe(Number.POSITIVE_INFINITY);
  expect(lifetimeOf(undoable)).toBeGreaterThan(lifetimeOf(news));
});

test("[UI-5] the same sentence twice is one toast, but two things to undo stay two", () => {
  expect(said({ text: "放上去了" }, { text: "放上去了" }).map(({ id }) => id)).toEqual([1]);
  expect(said({ text: "拿下来了", undo }, { text: "拿下来了", undo }).map(({ id }) => id)).toEqual([0, 1]);
});

test("[UI-5] three at most are shown, the oldest gives way", () => {
  const toasts = said({ text: "一" }, { text: "二" }, { text: "三" }, { text: "四" });
  expect(toasts.map(({ text }) => text)).toEqual(["二", "三", "四"]);
  expect(removeToast(toasts, 2).map(({ text }) => text)).toEqual(["二", "四"]);
});
