import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { classNames } from "../ui/class-names.ts";
import { MessageText } from "./MessageText.tsx";
import styles from "./message.module.css";
import type { Unsent } from "./outbox.ts";
import { useProblemText } from "./use-problem-text.ts";

interface UnsentBubbleProps {
  readonly unsent: Unsent;
  readonly onAgain: (id: string) => void;
  readonly onDrop: (id: string) => void;
}

/** One's own words on their way, or held up with the reason. */
export function UnsentBubble({ unsent, onAgain, onDrop }: UnsentBubbleProps) {
  const { t } = useTranslation("chat");
  const problemText = useProblemText();
  const { id, text, state, reason } = unsent;
  return (
    <article className={classNames(styles.message, styles.mine, styles.unsent)}>
      <div className={styles.bubble}>
        <MessageText text={text} />
      </div>
      {state === "failed" ? (
        <div className={styles.failed} role="alert">
          <p>
            <strong>{t("unsent.failed")}</strong> {reason && problemText(reason)}
          </p>
          <div className={styles.judge}>
            <Button onClick={() => onAgain(id)}>{t("unsent.again")}</Button>
            <Button onClick={() => onDrop(id)}>{t("unsent.drop")}</Button>
          </div>
        </div>
      ) : (
        <p className={styles.foot}>{t(state === "waiting" ? "unsent.waiting" : "unsent.sending")}</p>
      )}
    </article>
  );
}
