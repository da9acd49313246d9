import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProposalView } from "../../shared/proposals/model.ts";
import type { QueryResult } from "../../shared/wire/contract.ts";
import { useServerNow, useWire } from "../state/app.tsx";
import { Icon } from "../ui/Icon.tsx";
import { momentText } from "../ui/moment.ts";
import styles from "./facilitate.module.css";

type Act = QueryResult<"proposal.acts">["acts"][number];

const words = {
  written: "act.written",
  edited: "act.edited",
  opened: "act.opened",
  "last-called": "act.lastCalled",
  closed: "act.closed",
  revealed: "act.revealed",
  restarted: "act.restarted",
  withdrawn: "act.withdrawn",
} as const;

interface ActsProps {
  readonly proposal: ProposalView;
}

/** Who did what: fair leading can be looked up. */
export function Acts({ proposal }: ActsProps) {
  const { t, i18n } = useTranslation("facilitate");
  const wire = useWire();
  const now = useServerNow();
  const [acts, setActs] = useState<readonly Act[]>([]);
  const [shown, setShown] = useState(false);
  const { proposalId, state, round, question } = proposal;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step of the vote adds a line
  useEffect(() => {
    if (!shown) return;
    let gone = false;
    wire.ask("proposal.acts", { proposalId }).then((answer) => {
      if (!gone && answer.ok) setActs(answer.value.acts);
    });
    return () => {
      gone = true;
    };
  }, [shown, wire, proposalId, state, round, question]);
  const wordOf = (act: string) => {
    const known = Object.entries(words).find(([name]) => name === act)?.[1];
    return known ? t(known) : act;
  };
  return (
    <details className={styles.acts} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>
        {t("acts")}
        <Icon name="down" />
      </summary>
      <ol>
        {acts.map(({ at, act, by, reason }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end
          <li key={index}>
            {momentText(at, now(), i18n.language)} {by ?? t("act.clock")} {wordOf(act)}
            {reason !== null && `：${reason}`}
          </li>
        ))}
      </ol>
    </details>
  );
}
