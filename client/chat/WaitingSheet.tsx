import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { QueryResult } from "../../shared/wire/contract.ts";
import { useWire } from "../state/app.tsx";
import { Button } from "../ui/Button.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { Plate } from "../ui/Plate.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useToast } from "../ui/toast-context.ts";
import { JudgeButtons } from "./JudgeButtons.tsx";
import { MessageText } from "./MessageText.tsx";
import { MuteForm } from "./MuteForm.tsx";
import styles from "./page.module.css";
import { useClock } from "./use-clock.ts";
import { useProblemText } from "./use-problem-text.ts";

type Waiting = QueryResult<"chat.waiting">["messages"][number];
type Mute = QueryResult<"chat.mutes">["mutes"][number];

interface WaitingSheetProps {
  /** Changes when there is something new to look at. */
  readonly waiting: number;
  readonly onClose: () => void;
}

/** For those who look after the place: what was reported, and who takes a break. */
export function WaitingSheet({ waiting, onClose }: WaitingSheetProps) {
  const { t } = useTranslation("chat");
  const wire = useWire();
  const toast = useToast();
  const problemText = useProblemText();
  const [picture, setPicture] = useState<{ messages: Waiting[]; mutes: Mute[] }>();
  const [muting, setMuting] = useState<{ residentId: string; name: string }>();

  const fetchAll = useCallback(async () => {
    const [messages, mutes] = await Promise.all([wire.ask("chat.waiting", {}), wire.ask("chat.mutes", {})]);
    if (messages.ok && mutes.ok) {
      setPicture({ messages: messages.value.messages, mutes: mutes.value.mutes });
    }
  }, [wire]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed count means there is something new
  useEffect(() => void fetchAll(), [fetchAll, waiting]);

  const lift = async (residentId: string) => {
    const answer = await wire.send("chat.lift-mute", { residentId });
    if (!answer.ok) return toast({ tone: "wrong", text: problemText(answer.error) });
    toast({ text: t("waiting.lifted") });
    void fetchAll();
  };
  if (muting) {
    const done = () => {
      setMuting(undefined);
      void fetchAll();
    };
    return (
      <Sheet open title={t("mute.title", { name: muting.name })} onClose={done}>
        <MuteForm residentId={muting.residentId} onDone={done} />
      </Sheet>
    );
  }
  return (
    <Sheet open title={t("waiting.title")} onClose={onClose}>
      {!picture && <LoadingLines what={t("waiting.wait")} />}
      {picture?.messages.length === 0 && <p className={styles.quiet}>{t("waiting.none")}</p>}
      <ul className={styles.entries}>
        {picture?.messages.map((entry) => (
          <Entry key={entry.message.id} entry={entry} onDecided={fetchAll} onMute={setMuting} />
        ))}
      </ul>
      {picture && picture.mutes.length > 0 && (
        <>
          <h3>{t("waiting.muted")}</h3>
          <ul className={styles.entries}>
            {picture.mutes.map((mute) => (
              <MutedEntry key={mute.residentId} mute={mute} onLift={lift} />
            ))}
          </ul>
        </>
      )}
    </Sheet>
  );
}

interface EntryProps {
  readonly entry: Waiting;
  readonly onDecided: () => void;
  readonly onMute: (author: { residentId: string; name: string }) => void;
}

function Entry({ entry: { message, reports, mayMute }, onDecided, onMute }: EntryProps) {
  const { t } = useTranslation("chat");
  const { moment } = useClock();
  const { author, text, at, state } = message;
  return (
    <li className={styles.entry}>
      <p>
        {author.door && <Plate text={author.door} size="small" />} {author.name} · {moment(at)}
      </p>
      {text !== null && <MessageText text={text} />}
      <p className={styles.quiet}>
        {reports
          .map(({ rule, count }) => t("waiting.reported", { rule: t(`rule.${rule}`), count }))
          .join("；")}
        {state === "deleted" && ` · ${t("waiting.takenBack")}`}
      </p>
      <JudgeButtons message={message} reported onDecided={onDecided} />
      {mayMute && <Button onClick={() => onMute(author)}>{t("menu.mute")}</Button>}
    </li>
  );
}

interface MutedEntryProps {
  readonly mute: Mute;
  readonly onLift: (residentId: string) => void;
}

function MutedEntry({ mute, onLift }: MutedEntryProps) {
  const { t } = useTranslation("chat");
  const { moment } = useClock();
  return (
    <li className={styles.entry}>
      <p>
        {mute.door && <Plate text={mute.door} size="small" />} {mute.name} ·{" "}
        {t("waiting.until", { until: moment(mute.until) })}
      </p>
      <p className={styles.quiet}>{mute.reason}</p>
      <Button onClick={() => onLift(mute.residentId)}>{t("waiting.lift")}</Button>
    </li>
  );
}
