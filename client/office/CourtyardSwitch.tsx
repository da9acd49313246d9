import { useTranslation } from "react-i18next";
import { useArea } from "../state/app.tsx";
import { Select } from "../ui/Select.tsx";
import { useChooseCourtyard } from "./chosen-courtyard.ts";
import styles from "./office.module.css";

/** Which courtyard the office looks at, where there are several. */
export function CourtyardSwitch() {
  const { t } = useTranslation("office");
  const courtyards = useArea("community", (part) => part.courtyards);
  const here = useArea("community", (part) => part.places?.courtyardId);
  const choose = useChooseCourtyard();
  if (courtyards.length < 2 || here === undefined) return null;
  return (
    <div className={styles.switch}>
      <Select
        label={t("switch")}
        labelHidden
        value={here}
        choices={courtyards.map(({ id, name }) => ({ value: id, text: name }))}
        onChange={choose}
      />
    </div>
  );
}
