import "i18next";
import type board from "./locales/zh-CN/board.json";
import type errors from "./locales/zh-CN/errors.json";
import type ui from "./locales/zh-CN/ui.json";

// One line an area: a key that does not exist is a type error.
declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "ui";
    resources: { board: typeof board; errors: typeof errors; ui: typeof ui };
  }
}
