import { nanoid } from "nanoid";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { longestCourtyardName } from "../../shared/community/places.ts";
import { useWire } from "../state/app.tsx";
import { Button } from "../ui/Button.tsx";
import { SegmentedChoice } from "../ui/SegmentedChoice.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useChooseCourtyard } from "./chosen-courtyard.ts";
import styles from "./office.module.css";

interface NewCourtyardProps {
  /** The first of the community: step one of setting it up. */
  readonly first?: boolean;
}

/** Adds a courtyard: its name, and whether it is small enough for one board. */
export function NewCourtyard({ first }: NewCourtyardProps) {
  const { t } = useTranslation("office");
  const { t: tError } = useTranslation("errors");
  const { send } = useWire();
  const choose = useChooseCourtyard();
  const [name, setName] = useState("");
  const [boardsAt, setBoardsAt] = useState<"courtyard" | "building">("courtyard");
  const [open, setOpen] = useState<"open" | "closed">("open");
  // Kept until the courtyard stands, so that a repeat after a lost answer makes no second one.
  const [courtyardId, setCourtyardId] = useState(() => nanoid(12));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (name.trim() === "") return setProblem(t("new.nameMissing"));
    setBusy(true);
    const made = await send("courtyard.create", { courtyardId, name, boardsAt, openBoards: open === "open" });
    setBusy(false);
    if (!made.ok) return setProblem(tError(made.error.code));
    setProblem(undefined);
    setName("");
    setCourtyardId(nanoid(12));
    choose(courtyardId);
  };
  return (
    <section className={styles.section}>
      <h2>{t(first ? "new.firstTitle" : "new.title")}</h2>
      {first && <p className={styles.soft}>{t("new.firstText")}</p>}
      <form className={styles.form} onSubmit={submit} noValidate>
        <TextField
          label={t("new.name")}
          hint={t("new.nameHint")}
          value={name}
          onChange={setName}
          maxLength={longestCourtyardName}
          error={problem}
        />
        <SegmentedChoice
          label={t("new.boards")}
          shape="stack"
          value={boardsAt}
          choices={[
            { value: "courtyard", text: t("new.boardsCourtyard") },
            { value: "building", text: t("new.boardsBuilding") },
          ]}
          onChange={setBoardsAt}
        />
        {boardsAt === "building" && (
          <SegmentedChoice
            label={t("open.label")}
            shape="stack"
            value={open}
            choices={[
              { value: "open", text: t("open.open") },
              { value: "closed", text: t("open.closed") },
            ]}
            onChange={setOpen}
          />
        )}
        <Button kind={first ? "main" : "quiet"} wide type="submit" busy={busy}>
          {t("new.make")}
        </Button>
      </form>
    </section>
  );
}
