import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "../ui/Button.tsx";
import { classNames } from "../ui/class-names.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./set-up.module.css";
import { type BuildingRow, type HungScreen, type SetUpStep, setUpSteps, totalOf } from "./set-up-steps.ts";

interface SetUpPathProps {
  readonly courtyard: string;
  readonly buildings: readonly BuildingRow[];
  readonly screens: readonly HungScreen[];
}

/** The four steps from an empty courtyard to a screen at the gate; the next one to do is the big one. */
export function SetUpPath(path: SetUpPathProps) {
  const { t } = useTranslation("office");
  const steps = setUpSteps(path.buildings, path.screens);
  const next = steps.find(({ done }) => !done);
  return (
    <section className={styles.path}>
      <h2>{next ? t("steps.title") : t("steps.allDone")}</h2>
      <ol className={styles.steps}>
        {steps.map((step, index) => (
          <li key={step.name} className={classNames(styles.step, step.done && styles.done)}>
            <span className={styles.mark} aria-hidden="true">
              {step.done ? <Icon name="check" /> : index + 1}
            </span>
            <div className={styles.words}>
              <h3>
                {t(`steps.${step.name}.title`)}
                {step.done && <span className="only-heard"> {t("steps.isDone")}</span>}
              </h3>
              <p>{howFar(t, step, path)}</p>
            </div>
            {!step.done && (
              <ButtonLink href={step.href} kind={step.name === next?.name ? "main" : "quiet"}>
                {t(`steps.${step.name}.act`)}
              </ButtonLink>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** How far a step has come, in numbers; what to do while nothing of it is done. */
function howFar(t: TFunction<"office">, { name, done }: SetUpStep, path: SetUpPathProps): string {
  const { courtyard, buildings, screens } = path;
  const households = totalOf(buildings, "households");
  const slips = totalOf(buildings, "slips");
  switch (name) {
    case "courtyard":
      return courtyard;
    case "households":
      return done
        ? t("steps.households.done", { count: households, buildings: buildings.length })
        : t("steps.households.todo");
    case "slips":
      if (done && slips < households) return t("steps.slips.everyone");
      return slips > 0 ? t("steps.slips.given", { slips, count: households }) : t("steps.slips.todo");
    case "screens":
      if (screens.length === 0) return t("steps.screens.todo");
      return t(done ? "steps.screens.done" : "steps.screens.dark", { count: screens.length });
  }
}
