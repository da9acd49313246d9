import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { kioskLimits } from "../../shared/kiosk/model.ts";
import { useAct } from "../home/use-act.ts";
import { useArea } from "../state/app.tsx";
import { Button } from "../ui/Button.tsx";
import { Select } from "../ui/Select.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useToast } from "../ui/toast-context.ts";
import styles from "./screens.module.css";

interface PairFormProps {
  readonly courtyardId: string;
  readonly onCourtyard: (courtyardId: string) => void;
  readonly onPaired: () => void;
}

/** The code off the screen, where it hangs and what it is called. A scanned QR has filled in the code. */
export function PairForm({ courtyardId, onCourtyard, onPaired }: PairFormProps) {
  const { t } = useTranslation("kiosk");
  const toast = useToast();
  const courtyards = useArea("community", (part) => part.courtyards);
  const [code, setCode] = useState(() => location.hash.slice(1, 1 + kioskLimits.codeLength));
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const { act, busy } = useAct();
  const short = code.replace(/[\s-]/g, "").length < kioskLimits.codeLength;
  const nameless = name.trim() === "";

  const pair = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (short || nameless || busy) return;
    const done = await act("kiosk.pair", { code, courtyardId, name });
    if (!done) return;
    toast({ text: t("screens.paired", { name: name.trim() }) });
    setCode("");
    setName("");
    setTried(false);
    history.replaceState(null, "", location.pathname);
    onPaired();
  };

  return (
    <form className={styles.form} onSubmit={pair} noValidate>
      <TextField
        label={t("screens.code")}
        value={code}
        onChange={setCode}
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={20}
        error={tried && short ? t("screens.codeShort") : undefined}
      />
      {courtyards.length > 1 && (
        <Select
          label={t("screens.courtyard")}
          value={courtyardId}
          choices={courtyards.map(({ id, name: text }) => ({ value: id, text }))}
          onChange={onCourtyard}
        />
      )}
      <TextField
        label={t("screens.name")}
        hint={t("screens.nameHint")}
        value={name}
        onChange={setName}
        maxLength={kioskLimits.nameLength}
        error={tried && nameless ? t("screens.nameMissing") : undefined}
      />
      <Button kind="main" type="submit" busy={busy} wide>
        {t("screens.pair")}
      </Button>
    </form>
  );
}
