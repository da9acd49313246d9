import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { classNames } from "../ui/class-names.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./import.module.css";

interface FilePickProps {
  readonly onFile: (file: File) => void;
}

/** A place to drop a file on, or to choose one; what it is shows in its bytes, so nothing is refused by its name. */
export function FilePick({ onFile }: FilePickProps) {
  const { t } = useTranslation("office");
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) onFile(file);
  };
  return (
    <label
      className={classNames(styles.pick, over && styles.over)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        type="file"
        className="only-heard"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // The same file, mended and chosen once more, must count as chosen.
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
      <Icon name="plus" />
      <span className={styles.pickWords}>
        <strong>{t("import.pick")}</strong>
        <span>{t("import.formats")}</span>
      </span>
    </label>
  );
}
