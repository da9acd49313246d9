import { useEffect, useState } from "react";

const storageKey = (name: string): string => `yuanba.form.${name}`;

/** A form's state that survives leaving the page and coming back, as long as the tab lives. */
export function useKeptForm<T extends object>(name: string, empty: T): [T, (form: T) => void] {
  const [form, setForm] = useState<T>(() => ({ ...empty, ...read(storageKey(name)) }));
  useEffect(() => {
    try {
      if (form === empty) sessionStorage.removeItem(storageKey(name));
      else sessionStorage.setItem(storageKey(name), JSON.stringify(form));
    } catch {
      // Storage is forbidden: the form lasts as long as the page.
    }
  }, [name, form, empty]);
  return [form, setForm];
}

function read(key: string): object {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    return {};
  }
}
