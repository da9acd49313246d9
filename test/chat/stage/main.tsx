import { Suspense } from "react";
import { createRoot } from "react-dom/client";
import { ChatPage } from "../../../client/chat/ChatPage.tsx";
import { loadTexts, startTexts } from "../../../client/i18n.ts";
import { LiveProvider, useAppState } from "../../../client/state/app.tsx";
import "../../../client/theme/base.css";
import { loadPreferences, showPreferences } from "../../../client/theme/preferences.ts";
import { ToastProvider } from "../../../client/ui/ToastProvider.tsx";

/** The chat alone, on the real connection: a test of it needs none of the other tabs. */
function Stage() {
  const ready = useAppState((state) => state.areas !== null);
  return ready ? <ChatPage /> : null;
}

async function start(): Promise<void> {
  showPreferences(loadPreferences());
  await startTexts();
  await loadTexts("chat");
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");
  createRoot(root).render(
    <ToastProvider>
      <Suspense>
        <LiveProvider>
          <Stage />
        </LiveProvider>
      </Suspense>
    </ToastProvider>,
  );
}

void start();
