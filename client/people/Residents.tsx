import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { QueryResult } from "../../shared/wire/contract.ts";
import { useAct } from "../home/use-act.ts";
import { useAnswer } from "../home/use-answer.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyInvitation } from "../ui/EmptyInvitation.tsx";
import { ErrorNote } from "../ui/ErrorNote.tsx";
import { Icon } from "../ui/Icon.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { Plate } from "../ui/Plate.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useToast } from "../ui/toast-context.ts";
import type { Building } from "./doors.ts";
import { GiveRole } from "./GiveRole.tsx";
import { Phoneless } from "./Phoneless.tsx";
import styles from "./people.module.css";

export type Resident = QueryResult<"residents.list">["residents"][number];

interface ResidentsProps {
  readonly building: Building;
  readonly asOf: number;
  /** Where this person can give roles, if anywhere. */
  readonly givesRolesIn: string | null;
}

/** The neighbours of one building who have come in: whom the steward knows, and whom not yet. */
export function Residents({ building, asOf, givesRolesIn }: ResidentsProps) {
  const { t } = useTranslation("people");
  const { t: tError } = useTranslation("errors");
  const { value, error, again } = useAnswer("residents.list", { buildingId: building.id }, asOf);
  const [leaving, setLeaving] = useState<Resident | null>(null);
  const [helping, setHelping] = useState<Resident | null>(null);
  const onHelp = givesRolesIn === null ? undefined : setHelping;
  if (!value) {
    return error ? (
      <ErrorNote title={t("residents.failed")} next={tError(error.code)} onRetry={again} />
    ) : (
      <LoadingLines what={t("residents.loading")} />
    );
  }
  const waiting = value.residents.filter(({ status }) => status === "joined");
  const known = value.residents.filter(({ status }) => status === "confirmed");
  return (
    <>
      {value.residents.length === 0 && (
        <EmptyInvitation title={t("residents.none")} text={t("residents.noneText")} />
      )}
      <People
        title={t("residents.waiting", { count: waiting.length })}
        people={waiting}
        onRemove={setLeaving}
        onHelp={onHelp}
      />
      <People
        title={t("residents.known", { count: known.length })}
        people={known}
        onRemove={setLeaving}
        onHelp={onHelp}
      />
      <Phoneless building={building} marked={value.phoneless} />
      <RemoveSheet resident={leaving} onClose={() => setLeaving(null)} />
      {helping && givesRolesIn !== null && (
        <GiveRole
          resident={helping}
          building={building}
          courtyardId={givesRolesIn}
          onClose={() => setHelping(null)}
        />
      )}
    </>
  );
}

interface PeopleProps {
  readonly title: string;
  readonly people: readonly Resident[];
  readonly onRemove: (resident: Resident) => void;
  readonly onHelp: ((resident: Resident) => void) | undefined;
}

function People({ title, people, onRemove, onHelp }: PeopleProps) {
  if (people.length === 0) return null;
  return (
    <section className={styles.section}>
      <h2>{title}</h2>
      <ul className={styles.list}>
        {people.map((resident) => (
          <li key={resident.residentId} className={styles.person}>
            <ResidentLine
              resident={resident}
              onRemove={() => onRemove(resident)}
              onHelp={onHelp && (() => onHelp(resident))}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ResidentLineProps {
  readonly resident: Resident;
  readonly onRemove: () => void;
  readonly onHelp: (() => void) | undefined;
}

function ResidentLine({ resident, onRemove, onHelp }: ResidentLineProps) {
  const { t } = useTranslation("people");
  const { busy, act } = useAct();
  const toast = useToast();
  const { residentId, displayName: name, door } = resident;
  const confirm = async () => {
    if (await act("resident.confirm", { residentId })) toast({ text: t("residents.confirmed", { name }) });
  };
  return (
    <>
      <div className={styles.line}>
        <Plate text={door} />
        <h3 className={styles.name}>{name}</h3>
      </div>
      <div className={styles.line}>
        {resident.status === "confirmed" && (
          <span className={styles.known}>
            <Icon name="check" /> {t("residents.isKnown")}
          </span>
        )}
        {resident.status === "joined" && (
          <Button
            icon="check"
            busy={busy}
            onClick={confirm}
            aria-label={t("residents.confirmNamed", { name })}
          >
            {t("residents.confirm")}
          </Button>
        )}
        {onHelp && (
          <Button onClick={onHelp} aria-label={t("help.askNamed", { name })}>
            {t("help.ask")}
          </Button>
        )}
        {resident.removable && (
          <Button onClick={onRemove} aria-label={t("residents.removeNamed", { name })}>
            {t("residents.remove")}
          </Button>
        )}
      </div>
    </>
  );
}

interface RemoveSheetProps {
  readonly resident: Resident | null;
  readonly onClose: () => void;
}

/** Asked about, because it cannot be taken back: whoever is removed loses everything at once. */
function RemoveSheet({ resident, onClose }: RemoveSheetProps) {
  const { t } = useTranslation("people");
  const { busy, act } = useAct();
  const toast = useToast();
  const remove = async () => {
    if (!resident) return;
    const { residentId, displayName: name } = resident;
    if (!(await act("resident.remove", { residentId }))) return;
    toast({ text: t("residents.removed", { name }) });
    onClose();
  };
  return (
    <Sheet
      open={resident !== null}
      title={t("residents.removeTitle", { name: resident?.displayName ?? "" })}
      onClose={onClose}
      foot={
        <Button kind="danger" wide busy={busy} onClick={remove}>
          {t("residents.removeNow")}
        </Button>
      }
    >
      <p>{t("residents.removeText", { door: resident?.door ?? "" })}</p>
    </Sheet>
  );
}
