import { expect, test } from "vitest";
import { defaultPreferences, parsePreferences } from "../../client/theme/preferences.ts";

test("[UI-10] large text and night light are remembered", () => {
  expect(parsePreferences('{"size":"elder","theme":"night"}')).toEqual({ size: "elder", theme: "night" });
});

test.each([[null], [""], ["{"], ["null"], ["7"], ['{"size":"huge","theme":3}']])(
  "[UI-10] unreadable preferences %j are as good as none",
  (stored) => {
    expect(parsePreferences(stored)).toEqual(defaultPreferences);
  },
);
