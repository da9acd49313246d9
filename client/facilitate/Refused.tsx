import { useTranslation } from "react-i18next";
import type { ErrorCode } from "../../shared/wire/errors.ts";
import { ErrorNote } from "../ui/ErrorNote.tsx";

interface RefusedProps {
  readonly code: ErrorCode | null;
}

/** Why the last act was not done. */
export function Refused({ code }: RefusedProps) {
  const { t } = useTranslation("facilitate");
  const { t: tError } = useTranslation("errors");
  return code && <ErrorNote title={t("notDone")} next={tError(code)} />;
}
