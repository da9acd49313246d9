import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newCode, normaliseCode } from "../../server/identity/secrets.ts";
import { deviceLabel, deviceOf, parseDevice } from "../../shared/identity/device.ts";
import {
  failuresBeforeLock,
  invitationFlaw,
  lockAfter,
  passwordFlaw,
  showCode,
  slipCodeLength,
} from "../../shared/identity/rules.ts";
import { wordsOf } from "../shots/words.ts";

const minute = 60_000;

describe("codes", () => {
  it("[ID-1] a code survives being printed, misread and typed", () => {
    for (let each = 0; each < 500; each++) {
      const code = newCode(slipCodeLength);
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);
      const typed = ` ${showCode(code).toLowerCase().replaceAll("1", "l").replaceAll("0", "o")} `;
      expect(normaliseCode(typed)).toBe(code);
      const fullWidth = code.replace(/./g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0));
      expect(normaliseCode(fullWidth)).toBe(code);
    }
  });

  it("[ID-1] codes do not repeat", () => {
    const codes = Array.from({ length: 2000 }, () => newCode(slipCodeLength));
    expect(new Set(codes).size).toBe(codes.length);
  });

  it("[ID-2] says first what matters most about a dead slip", () => {
    const live = { expiresAt: 10, usesLeft: 1, revokedAt: null };
    expect(invitationFlaw(live, 9)).toBeNull();
    expect(invitationFlaw(live, 10)).toBe("code-expired");
    expect(invitationFlaw({ ...live, usesLeft: 0 }, 9)).toBe("code-used-up");
    expect(invitationFlaw({ expiresAt: 1, usesLeft: 0, revokedAt: 1 }, 9)).toBe("code-revoked");
  });
});

describe("passwords", () => {
  const refused: [string, string][] = [
    ["kort9!x", "too-short"],
    ["九个字的口令不够长", "too-short"],
    ["1234567890", "too-simple"],
    ["9876543210", "too-simple"],
    ["13800138000", "too-simple"],
    ["19650412888", "too-simple"],
    ["aaaaaaaaaaaa", "too-simple"],
    ["abcabcabcabc", "too-simple"],
    ["abcdefghijk", "too-simple"],
    ["password2026", "too-simple"],
    ["PassWord-1234", "too-simple"],
    ["qwertyuiop", "too-simple"],
    ["woaini1314520", "too-simple"],
    ["yuanba888888", "too-simple"],
    ["12345678admin", "too-simple"],
    ["……………………………", "too-simple"],
    ["ｐａｓｓｗｏｒｄ１２３", "too-simple"],
    ["x".repeat(129), "too-long"],
    ["王嬢嬢12345678", "too-simple"],
  ];
  it.each(refused)("[ID-9] %s is refused", (password, flaw) => {
    expect(passwordFlaw(password, ["王嬢嬢"])).toBe(flaw);
  });

  it.each(["坝坝头的黄桷树下头喝茶", "tea under the banyan", "k9#Lm2vQ8z", "7-三花-盖碗-红泥炉-2"])(
    "[ID-9] %s is good enough",
    (password) => {
      expect(passwordFlaw(password, ["王嬢嬢"])).toBeNull();
    },
  );

  it("[ID-9] any text is judged without failing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (password) => {
        expect([null, "too-short", "too-long", "too-simple"]).toContain(passwordFlaw(password, [password]));
      }),
    );
  });

  it("[ID-10] the lock grows with each five failures and ends at a day", () => {
    const locks = Array.from({ length: 60 }, (_, failures) => lockAfter(failures) / minute);
    expect(locks[0]).toBe(0);
    expect(locks.slice(1, 5)).toEqual([0, 0, 0, 0]);
    expect([5, 10, 15, 20].map((failures) => locks[failures])).toEqual([15, 30, 60, 120]);
    expect(Math.max(...locks)).toBe(24 * 60);
    expect(locks.filter((lock) => lock > 0)).toHaveLength(Math.floor(59 / failuresBeforeLock));
  });
});

describe("devices", () => {
  const known: [string, string][] = [
    [
      "Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 Chrome/116 Mobile MicroMessenger/8.0.47",
      "wechat-android",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605 MicroMessenger/8.0.49",
      "wechat-iphone",
    ],
    ["Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 ArkWeb/4.1", "browser-android"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/129", "browser-windows"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Safari/605", "browser-mac"],
    ["curl/8.5.0", "tool-other"],
    ["", "tool-other"],
  ];
  it.each(known)("[ID-29] %s", (userAgent, label) => {
    expect(deviceLabel(deviceOf(userAgent))).toBe(label);
    expect(deviceLabel(parseDevice(label))).toBe(label);
  });

  it("[ID-29] a label nobody wrote is an unknown tool", () => {
    expect(parseDevice("demo")).toEqual({ app: "tool", system: "other" });
  });
});

describe("a forgotten password", () => {
  it("[ID-14] is cleared by the button that the sign-in page names", () => {
    for (const words of [wordsOf("zh-CN"), wordsOf("en")]) {
      expect(words("join:link.forgotten")).toContain(words("people:staff.forget"));
      expect(words("join:link.forgotten")).toContain(words("people:parts.staff"));
    }
  });
});
