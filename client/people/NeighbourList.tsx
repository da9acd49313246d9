import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAct } from "../home/use-act.ts";
import { Button } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Plate } from "../ui/Plate.tsx";
import { Sheet } from "../ui/Sheet.tsx";
import { useToast } from "../ui/toast-context.ts";
import type { Building } from "./doors.ts";
import { GiveRole } from "./GiveRole.tsx";
import styles from "./people.module.css";
import type { Resident } from "./use-neighbours.ts";

/** Somebody who has come in, and the building they live in. */
export interface Neighbour {
  readonly resident: Resident;
  readonly building: Building;
}

interface NeighbourListProps {
  readonly neighbours: readonly Neighbour[];
  /** Where this person can give roles, if anywhere. */
  readonly givesRolesIn: string | null;
  /** Whether these are all there are: then they are counted. */
  readonly counted: boolean;
}

/** Neighbours who have come in: whom the steward does not know yet, and whom they do. */
export function NeighbourList({ neighbours, givesRolesIn, counted }: NeighbourListProps) {
  const { t } = useTranslation("people");
  const [leaving, setLeaving] = useState<Resident | null>(null);
  const [helping, setHelping] = useState<Neighbour | null>(null);
  const onHelp = givesRolesIn === null ? undefined : setHelping;
  const waiting = neighbours.filter(({ resident }) => resident.status === "joined");
  const known = neighbours.filter(({ resident }) => resident.status === "confirmed");
  return (
    <>
      <People
        title={counted ? t("residents.waiting", { count: waiting.length }) : t("residents.waitingSome")}
        people={waiting}
        onRemove={setLeaving}
        onHelp={onHelp}
      />
      <People
        title={counted ? t("residents.known", { count: known.length }) : t("residents.knownSome")}
        people={known}
        onRemove={setLeaving}
        onHelp={onHelp}
      />
      <RemoveSheet resident={leaving} onClose={() => setLeaving(null)} />
      {helping && givesRolesIn !== null && (
        <GiveRole
          resident={helping.resident}
          building={helping.building}
          courtyardId={givesRolesIn}
          onClose={() => setHelping(null)}
        />
      )}
    </>
  );
}

interface PeopleProps {
  readonly title: string;
  readonly people: readonly Neighbour[];
  readonly onRemove: (resident: Resident) => void;
  readonly onHelp: ((neighbour: Neighbour) => void) | undefined;
}

function People({ title, people, onRemove, onHelp }: PeopleProps) {
  if (people.length === 0) return null;
  return (
    <section className={styles.section}>
      <h2>{title}</h2>
      <ul className={styles.list}>
        {people.map((neighbour) => (
          <li key={neighbour.resident.residentId} className={styles.person}>
            <ResidentLine
              resident={neighbour.resident}
              onRemove={() => onRemove(neighbour.resident)}
              onHelp={onHelp && (() => onHelp(neighbour))}
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
