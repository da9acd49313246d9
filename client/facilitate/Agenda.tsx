import { useTranslation } from "react-i18next";
import type { ProposalView } from "../../shared/proposals/model.ts";
import { classNames } from "../ui/class-names.ts";
import styles from "./facilitate.module.css";

interface AgendaProps {
  readonly proposals: readonly ProposalView[];
  readonly currentId: string | null;
  readonly onChoose: (proposalId: string) => void;
}

const groups = ["open", "closed", "draft", "revealed"] as const;

/** The proposals by what is still to do with them. */
export function Agenda({ proposals, currentId, onChoose }: AgendaProps) {
  const { t } = useTranslation("facilitate");
  return groups.map((group) => {
    const inGroup = proposals.filter(({ state }) => state === group);
    if (inGroup.length === 0) return null;
    return (
      <section key={group} className={styles.group}>
        <h2 className={styles.groupTitle}>{t(`group.${group}`)}</h2>
        <ul>
          {inGroup.map(({ proposalId, question, turnout }) => (
            <li key={proposalId}>
              <button
                type="button"
                className={classNames(styles.entry, proposalId === currentId && styles.current)}
                aria-current={proposalId === currentId || undefined}
                onClick={() => onChoose(proposalId)}
              >
                <span>{question}</span>
                {group === "open" && (
                  <span className={styles.figure}>
                    {turnout.voted}/{turnout.total}
                  </span>
                )}
              </button>
            </li>
          ))}
        </ul>
      </section>
    );
  });
}
