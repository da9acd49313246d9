import { useTranslation } from "react-i18next";
import type { ImportKind } from "../../shared/community/import-plan-table.ts";
import { ErrorNote } from "../ui/ErrorNote.tsx";
import { LoadingLines } from "../ui/LoadingLines.tsx";
import { DownloadLink } from "./DownloadLink.tsx";
import { FilePick } from "./FilePick.tsx";
import { ImportDone } from "./ImportDone.tsx";
import styles from "./office.module.css";
import { PlanView } from "./PlanView.tsx";
import { useImport } from "./use-import.ts";
import { useImportWords } from "./use-import-words.ts";

interface ImportProps {
  readonly courtyardId: string;
  readonly kind: ImportKind;
}

/** One table of one kind: choose it, look at what it would do, confirm. */
export function Import({ courtyardId, kind }: ImportProps) {
  const { t, i18n } = useTranslation("office");
  const words = useImportWords();
  const { state, problem, choose, leaveOut, confirm, startOver } = useImport(courtyardId, kind);
  const language = i18n.language === "en" ? "en" : "zh-CN";
  const note = problem && (
    <ErrorNote
      title={t(state.step === "planned" ? "import.notImported" : "import.notRead")}
      next={words.problem(problem)}
    />
  );
  switch (state.step) {
    case "checking":
      return <LoadingLines what={t("import.checking", { name: state.name })} />;
    case "planned":
      return (
        <>
          {note}
          <PlanView
            name={state.file.name}
            plan={state.plan}
            leftOut={state.leftOut}
            work={state.work}
            onLeaveOut={(rows) => void leaveOut(rows)}
            onConfirm={(divide) => void confirm(divide)}
            onStartOver={startOver}
          />
        </>
      );
    case "done":
      return (
        <ImportDone kind={state.kind} outcome={state.outcome} divided={state.divided} onAgain={startOver} />
      );
    case "choose":
      return (
        <>
          <p className={styles.soft}>{t(`import.what.${kind}`)}</p>
          {note}
          <FilePick onFile={(file) => void choose(file)} />
          <div className={styles.row}>
            <span className={styles.rowName}>{t("template.text")}</span>
            {(["xlsx", "csv"] as const).map((format) => (
              <DownloadLink
                key={format}
                href={`/api/v1/templates/${kind}.${format}?language=${language}`}
                label={t("template.named", { kind: t(`kind.${kind}`), format: t(`format.${format}`) })}
              >
                {t(`format.${format}`)}
              </DownloadLink>
            ))}
          </div>
        </>
      );
  }
}
