import { nanoid } from "nanoid";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useArea } from "../state/app.tsx";
import { Button } from "../ui/Button.tsx";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { Agenda } from "./Agenda.tsx";
import { DraftSheet } from "./DraftSheet.tsx";
import { type DraftForm, formOf, keepForm, newForm, readForm } from "./draft-form.ts";
import styles from "./facilitate.module.css";
import { Moment } from "./Moment.tsx";
import { WallStrip } from "./WallStrip.tsx";

/** Left what is on the agenda, in the middle what is now, right what the wall shows. */
export function Cockpit() {
  const { t } = useTranslation("facilitate");
  const proposals = useArea("proposals", (part) => part.proposals);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [form, setForm] = useState<DraftForm | null>(null);
  const waiting = useMemo(() => (form ? null : readForm()), [form]);

  const first = proposals.find(({ state }) => state === "open") ?? proposals[0];
  const current = proposals.find(({ proposalId }) => proposalId === chosenId) ?? first;
  return (
    <div className={styles.cockpit}>
      <div className={styles.middle}>
        {current ? (
          <Moment
            key={`${current.proposalId} ${current.round}`}
            proposal={current}
            onEdit={() => setForm(formOf(current))}
          />
        ) : (
          <EmptyInvitation title={t("empty.title")} text={t("empty.text")} />
        )}
      </div>
      <nav className={styles.left} aria-label={t("agenda")}>
        <Button
          kind={current ? "quiet" : "main"}
          icon="plus"
          wide
          onClick={() => setForm(waiting ?? newForm(nanoid(12)))}
        >
          {t(waiting ? "continueWriting" : "write")}
        </Button>
        <Agenda proposals={proposals} currentId={current?.proposalId ?? null} onChoose={setChosenId} />
      </nav>
      <aside className={styles.right} aria-label={t("wall.title")}>
        <WallStrip proposals={proposals} proposal={current ?? null} />
      </aside>
      {form && (
        <DraftSheet
          form={form}
          isStored={proposals.some(({ proposalId }) => proposalId === form.proposalId)}
          onChange={(next) => {
            keepForm(next);
            setForm(next);
          }}
          onDone={(proposalId) => {
            keepForm(null);
            setForm(null);
            setChosenId(proposalId);
          }}
          onClose={() => setForm(null)}
          onDrop={() => {
            keepForm(null);
            setForm(null);
          }}
        />
      )}
    </div>
  );
}
