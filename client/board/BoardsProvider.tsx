import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAppState } from "../state/app.tsx";
import { useToast } from "../ui/toast-context.ts";
import type { Mishap } from "../wire/board-connection.ts";
import { type BoardsPart, placesToRescue } from "./access.ts";
import { BoardPool } from "./board-pool.ts";
import { BoardsContext } from "./use-board.ts";

/** Keeps the boards of the page open: one's own always, so that what was written offline is sent from any tab. */
export function BoardsProvider({ children }: { children: ReactNode }) {
  const boards = useAppState(({ areas }) => areas?.board.boards) ?? none;
  const residentId = useAppState(({ areas }) => areas?.identity.residentId) ?? "";
  const places = useAppState(({ areas }) => areas?.community.places ?? null);
  const onMishap = useMishapText();
  const latest = useRef({ boards, places, onMishap });
  useEffect(() => {
    latest.current = { boards, places, onMishap };
  });

  const [pool, setPool] = useState<BoardPool | null>(null);
  useEffect(() => {
    const opened = new BoardPool({
      residentId,
      url: `${location.origin.replace(/^http/, "ws")}/yjs`,
      mine: (boardId) => placesToRescue(latest.current.boards, latest.current.places, boardId),
      onMishap: (mishap) => latest.current.onMishap(mishap),
    });
    setPool(opened);
    const offline = () => opened.network(false);
    const online = () => opened.network(true);
    // Phones end pages in the background without a word, so being hidden counts as being put away.
    const putAway = () => {
      if (document.visibilityState === "hidden") opened.keepVisits();
    };
    window.addEventListener("offline", offline);
    window.addEventListener("online", online);
    document.addEventListener("visibilitychange", putAway);
    return () => {
      window.removeEventListener("offline", offline);
      window.removeEventListener("online", online);
      document.removeEventListener("visibilitychange", putAway);
      opened.close();
    };
  }, [residentId]);

  const ownBoardId = boards.find(({ access }) => access.ownCell !== null)?.id;
  useEffect(() => {
    if (!pool || ownBoardId === undefined) return;
    pool.open(ownBoardId);
    return () => pool.leave(ownBoardId);
  }, [pool, ownBoardId]);

  return <BoardsContext value={pool}>{children}</BoardsContext>;
}

const none: BoardsPart = [];

function useMishapText(): (mishap: Mishap) => void {
  const { t } = useTranslation("board");
  const toast = useToast();
  return ({ reason, kept, lost }) => {
    const why = t(`mishap.${reason === "forbidden" || reason === "full" ? reason : "other"}`);
    const left =
      lost > 0 ? t("mishap.lost", { count: lost }) : kept > 0 ? t("mishap.kept", { count: kept }) : "";
    toast({ text: `${why}${left}`, tone: "wrong" });
  };
}
