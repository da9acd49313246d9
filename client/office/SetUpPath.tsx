import { useTranslation } from "react-i18next";
import type { QueryResult } from "../../shared/wire/contract.ts";
import { ButtonLink } from "../ui/Button.tsx";
import { classNames } from "../ui/class-names.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./set-up.module.css";

export type BuildingRow = QueryResult<"buildings.table">["buildings"][number];

interface SetUpPathProps {
  readonly courtyard: string;
  readonly buildings: readonly BuildingRow[];
  readonly screens: number;
}

/** The four steps from an empty courtyard to a screen at the gate; the next one to do is the big one. */
export function SetUpPath({ courtyard, buildings, screens }: SetUpPathProps) {
  const { t } = useTranslation("office");
  const sum = (of: "households" | "slips") => buildings.reduce((total, row) => total + row[of], 0);
  const households = sum("households");
  const slips = sum("slips");
  const steps = [
    { name: "courtyard", href: "/office/courtyard", done: true, text: courtyard },
    {
      name: "households",
      href: "/office/tables",
      done: households > 0,
      text: t("steps.households.done", { count: households, buildings: buildings.length }),
    },
    { name: "slips", href: "/office/slips", done: slips > 0, text: t("steps.slips.done", { count: slips }) },
    {
      name: "screens",
      href: "/office/screens",
      done: screens > 0,
      text: t("steps.screens.done", { count: screens }),
    },
  ] as const;
  const next = steps.find(({ done }) => !done);
  return (
    <section className={styles.path}>
      <h2>{next ? t("steps.title") : t("steps.allDone")}</h2>
      <ol className={styles.steps}>
        {steps.map(({ name, href, done, text }, index) => (
          <li key={name} className={classNames(styles.step, done && styles.done)}>
            <span className={styles.mark} aria-hidden="true">
              {done ? <Icon name="check" /> : index + 1}
            </span>
            <div className={styles.words}>
              <h3>
                {t(`steps.${name}.title`)}
                {done && <span className="only-heard"> {t("steps.isDone")}</span>}
              </h3>
              <p>{done ? text : t(`steps.${name}.todo`)}</p>
            </div>
            {!done && (
              <ButtonLink href={href} kind={name === next?.name ? "main" : "quiet"}>
                {t(`steps.${name}.act`)}
              </ButtonLink>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
