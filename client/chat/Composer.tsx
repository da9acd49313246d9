import { type FormEvent, type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { chatLimits } from "../../shared/chat/limits.ts";
import { Button } from "../ui/Button.tsx";
import styles from "./composer.module.css";
import { keepDraft, readDraft } from "./drafts.ts";

interface ComposerProps {
  readonly residentId: string;
  readonly channelId: string;
  /** Who will hear it: "全院", "3 栋". */
  readonly place: string;
  /** Why nothing can be sent now; what is written stays. */
  readonly held: string | null;
  readonly onTyping: () => void;
  readonly onSend: (text: string) => void;
}

/** From this share of the allowed length on, the count is shown. */
const countFrom = 0.8;

/**
 * Where one writes. Nothing that arrives touches it (INV-7): the words live here and in the draft of this
 * channel. Give it the channel as `key`, so that each channel has its own.
 */
export function Composer({ residentId, channelId, place, held, onTyping, onSend }: ComposerProps) {
  const { t } = useTranslation("chat");
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => readDraft(residentId, channelId));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the words
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [text]);

  const write = (next: string) => {
    setText(next);
    keepDraft(residentId, channelId, next);
    if (next.trim() !== "") onTyping();
  };
  const send = () => {
    const words = text.trim();
    if (words === "" || held !== null) return;
    write("");
    onSend(words);
    area.current?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const press = (event: KeyboardEvent) => {
    // Enter also chooses a word in a Chinese input method; on a phone it starts a new line.
    const choosing = event.nativeEvent.isComposing || event.key !== "Enter" || event.shiftKey;
    if (choosing || !matchMedia("(pointer: fine)").matches) return;
    event.preventDefault();
    send();
  };
  return (
    <form className={styles.composer} onSubmit={submit}>
      {held !== null && <p className={styles.held}>{held}</p>}
      <div className={styles.line}>
        <label htmlFor={id} className="only-heard">
          {t("composer.label", { place })}
        </label>
        <textarea
          ref={area}
          id={id}
          rows={1}
          className={styles.area}
          value={text}
          maxLength={chatLimits.text}
          placeholder={t("composer.placeholder")}
          aria-describedby={`${id}-keys`}
          onChange={(event) => write(event.target.value)}
          onKeyDown={press}
        />
        <Button type="submit" kind="main" disabled={text.trim() === "" || held !== null}>
          {t("composer.send")}
        </Button>
      </div>
      <p className={styles.hint}>
        <span id={`${id}-keys`} className={styles.keys}>
          {t("composer.keys")}
        </span>
        {text.length >= chatLimits.text * countFrom && (
          <span>{t("composer.count", { length: text.length })}</span>
        )}
      </p>
    </form>
  );
}
