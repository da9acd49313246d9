import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { loadTexts } from "./i18n.ts";
import { loadKioskPage } from "./kiosk-page.ts";

export interface PageRoute {
  /** A wouter pattern: "/j/:code", "/office/*?"; an expression for pages that share one frame and stay mounted. */
  readonly path: string | RegExp;
  readonly Page: LazyExoticComponent<ComponentType>;
}

/** A page that is fetched, together with its texts, when someone first goes there. */
export function areaPage(
  area: string,
  load: () => Promise<ComponentType>,
): LazyExoticComponent<ComponentType> {
  return lazy(async () => {
    const [Page] = await Promise.all([load(), loadTexts(area)]);
    return { default: Page };
  });
}

/**
 * All places of the app, first match first. An area adds its own line:
 * `{ path: "/office/*?", Page: areaPage("office", async () => (await import("./office/OfficePage.tsx")).OfficePage) }`
 */
export const routes: readonly PageRoute[] = [
  {
    path: /^\/(?:(?:board|votes|chat|home|people)(?:\/.*)?)?$/,
    Page: areaPage("board", async () => (await import("./resident/ResidentApp.tsx")).ResidentApp),
  },
  { path: "/kiosk", Page: areaPage("kiosk", loadKioskPage) },
  {
    path: "/screens",
    Page: areaPage("kiosk", async () => (await import("./kiosk/ScreensPage.tsx")).ScreensPage),
  },
  { path: "/j/:code?", Page: areaPage("join", async () => (await import("./join/JoinPage.tsx")).JoinPage) },
  {
    path: "/in/:token",
    Page: areaPage("join", async () => (await import("./join/SignInPage.tsx")).SignInPage),
  },
  {
    path: "/first/:token",
    Page: areaPage("join", async () => (await import("./join/FirstOfficerPage.tsx")).FirstOfficerPage),
  },
  {
    path: "/office/*?",
    Page: areaPage("office", async () => {
      // Its rooms for slips, helpers and screens are those of other areas, with their texts.
      const [{ OfficePage }] = await Promise.all([
        import("./office/OfficePage.tsx"),
        loadTexts("people"),
        loadTexts("kiosk"),
      ]);
      return OfficePage;
    }),
  },
  {
    path: "/facilitate/*?",
    Page: areaPage("facilitate", async () => {
      // It shows the scenes of the wall, with their texts.
      const [{ FacilitatePage }] = await Promise.all([
        import("./facilitate/FacilitatePage.tsx"),
        loadTexts("kiosk"),
      ]);
      return FacilitatePage;
    }),
  },
];
