import "i18next";
import type board from "./locales/zh-CN/board.json";
import type chat from "./locales/zh-CN/chat.json";
import type errors from "./locales/zh-CN/errors.json";
import type facilitate from "./locales/zh-CN/facilitate.json";
import type home from "./locales/zh-CN/home.json";
import type join from "./locales/zh-CN/join.json";
import type kiosk from "./locales/zh-CN/kiosk.json";
import type office from "./locales/zh-CN/office.json";
import type people from "./locales/zh-CN/people.json";
import type ui from "./locales/zh-CN/ui.json";
import type votes from "./locales/zh-CN/votes.json";

// One line an area: a key that does not exist is a type error.
declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "ui";
    resources: {
      board: typeof board;
      chat: typeof chat;
      errors: typeof errors;
      home: typeof home;
      join: typeof join;
      kiosk: typeof kiosk;
      office: typeof office;
      people: typeof people;
      ui: typeof ui;
      votes: typeof votes;
      facilitate: typeof facilitate;
    };
  }
}
