import { areaPage } from "../routes.ts";

/** The tabs beside the board; each is fetched with its texts when someone first goes there. */
export const tabPages = [
  {
    path: "/votes/*?",
    Page: areaPage("votes", async () => (await import("../votes/VotesPage.tsx")).VotesPage),
  },
  { path: "/chat/*?", Page: areaPage("chat", async () => (await import("../chat/ChatPage.tsx")).ChatPage) },
  { path: "/home/*?", Page: areaPage("home", async () => (await import("../home/HomePage.tsx")).HomePage) },
  {
    path: "/people/*?",
    Page: areaPage("people", async () => (await import("../people/PeoplePage.tsx")).PeoplePage),
  },
] as const;
