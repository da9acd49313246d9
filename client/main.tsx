import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";
import { startTexts } from "./i18n.ts";
import { reloadForNewVersion } from "./new-version.ts";
import { keepShell } from "./offline/keep-shell.ts";
import "./theme/base.css";
import { loadPreferences, showPreferences } from "./theme/preferences.ts";

async function start(): Promise<void> {
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has no #root");
  showPreferences(loadPreferences());
  reloadForNewVersion();
  keepShell();
  await startTexts();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

void start();
