import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { longestCourtyardName } from "../../shared/community/places.ts";
import { useAct } from "../home/use-act.ts";
import { useArea } from "../state/app.tsx";
import { Button } from "../ui/Button.tsx";
import { SegmentedChoice } from "../ui/SegmentedChoice.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useToast } from "../ui/toast-context.ts";
import { NewCourtyard } from "./NewCourtyard.tsx";
import styles from "./office.module.css";

/** The courtyard's own settings, and another courtyard. */
export function CourtyardPage() {
  const { t } = useTranslation("office");
  const places = useArea("community", (part) => part.places);
  const mayAdd = useArea("identity", (me) => me.abilities.includes("courtyard.create"));
  if (!places) return null;
  const { courtyardId, name, boardsAt, openBoards } = places;
  return (
    <div className={styles.page}>
      <section className={styles.section}>
        <h2>{t("settings.title")}</h2>
        <Rename courtyardId={courtyardId} name={name} />
      </section>
      <section className={styles.section}>
        <h2>{t("settings.boards")}</h2>
        <p>{t(`settings.boardsAt.${boardsAt}`)}</p>
        {boardsAt === "building" && (
          <div className={styles.form}>
            <OpenBoards courtyardId={courtyardId} openBoards={openBoards} />
          </div>
        )}
      </section>
      {mayAdd && <NewCourtyard />}
    </div>
  );
}

interface RenameProps {
  readonly courtyardId: string;
  readonly name: string;
}

function Rename({ courtyardId, name }: RenameProps) {
  const { t } = useTranslation("office");
  // Undefined until somebody types: what others change shows, what is being typed stays.
  const [typed, setTyped] = useState<string>();
  const [missing, setMissing] = useState(false);
  const { busy, act } = useAct();
  const toast = useToast();
  const value = typed ?? name;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const next = value.trim();
    setMissing(next === "");
    if (next === "" || next === name || busy) return;
    const before = name;
    if (!(await act("courtyard.rename", { courtyardId, name: next }))) return;
    setTyped(undefined);
    const undo = { label: t("undo"), act: () => void act("courtyard.rename", { courtyardId, name: before }) };
    toast({ text: t("settings.renamed", { name: next }), undo });
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextField
        label={t("new.name")}
        value={value}
        onChange={setTyped}
        maxLength={longestCourtyardName}
        error={missing ? t("new.nameMissing") : undefined}
      />
      <div>
        <Button type="submit" busy={busy} disabled={value.trim() === name}>
          {t("settings.rename")}
        </Button>
      </div>
    </form>
  );
}

interface OpenBoardsProps {
  readonly courtyardId: string;
  readonly openBoards: boolean;
}

function OpenBoards({ courtyardId, openBoards }: OpenBoardsProps) {
  const { t } = useTranslation("office");
  const { busy, act } = useAct();
  const toast = useToast();
  const set = async (value: "open" | "closed") => {
    if (busy) return;
    const open = value === "open";
    if (!(await act("courtyard.set-open-boards", { courtyardId, openBoards: open }))) return;
    toast({ text: t(open ? "open.opened" : "open.nowClosed") });
  };
  return (
    <SegmentedChoice
      label={t("open.label")}
      shape="stack"
      value={openBoards ? "open" : "closed"}
      choices={[
        { value: "open", text: t("open.open") },
        { value: "closed", text: t("open.closed") },
      ]}
      onChange={(value) => void set(value)}
      disabled={busy}
    />
  );
}
