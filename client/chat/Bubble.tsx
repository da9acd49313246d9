import { useTranslation } from "react-i18next";
import type { ChatMessage } from "../../shared/chat/model.ts";
import { IconButton } from "../ui/Button.tsx";
import { classNames } from "../ui/class-names.ts";
import { Plate } from "../ui/Plate.tsx";
import { JudgeButtons } from "./JudgeButtons.tsx";
import { MessageText } from "./MessageText.tsx";
import styles from "./message.module.css";
import { useClock } from "./use-clock.ts";

interface BubbleProps {
  readonly message: ChatMessage;
  readonly mine: boolean;
  /** This person keeps or removes what is reported here. */
  readonly mayJudge: boolean;
  /** Said right after the same person's last words: the name need not stand there again. */
  readonly continued: boolean;
  readonly onMenu: (message: ChatMessage) => void;
}

/** One thing someone said. */
export function Bubble({ message, mine, mayJudge, continued, onMenu }: BubbleProps) {
  const { t } = useTranslation("chat");
  const { time } = useClock();
  const { author, text, state, at, editedAt } = message;
  if (state === "deleted") {
    return <p className={styles.trace}>{mine ? t("deletedMine") : t("deleted", { name: author.name })}</p>;
  }
  return (
    <article className={classNames(styles.message, mine && styles.mine, continued && styles.continued)}>
      {!continued && (
        <header className={styles.head}>
          {author.door && !mine && <Plate text={author.door} size="small" />}
          <span className={styles.name}>{mine ? t("me") : author.name}</span>
        </header>
      )}
      <div className={styles.line}>
        <div className={classNames(styles.bubble, state !== "shown" && styles.covered)}>
          {text !== null && <MessageText text={text} />}
          <StateNote message={message} mine={mine} mayJudge={mayJudge} />
          {mayJudge && !mine && <JudgeButtons message={message} />}
        </div>
        {text !== null && (
          <IconButton
            icon="more"
            label={t("menu.open", { text: text.slice(0, 20) })}
            onClick={() => onMenu(message)}
          />
        )}
      </div>
      <p className={styles.foot}>
        <time dateTime={new Date(at).toISOString()}>{time(at)}</time>
        {editedAt !== null && <span>{t("edited")}</span>}
      </p>
    </article>
  );
}

interface StateNoteProps {
  readonly message: ChatMessage;
  readonly mine: boolean;
  readonly mayJudge: boolean;
}

/** Why the words are covered, said kindly to their author and without the words to others. */
function StateNote({ message: { state, rule: named }, mine, mayJudge }: StateNoteProps) {
  const { t } = useTranslation("chat");
  if (state !== "blurred" && state !== "removed") return null;
  const rule = t(`rule.${named ?? "other"}`);
  const words = {
    blurred: mine
      ? t("blurredMine", { rule })
      : mayJudge
        ? t("blurredJudge", { rule })
        : t("blurred", { rule }),
    removed: mine ? t("removedMine", { rule }) : t("removed", { rule }),
  };
  return <p className={styles.note}>{words[state]}</p>;
}
