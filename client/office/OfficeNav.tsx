import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { Icon } from "../ui/Icon.tsx";
import styles from "./office.module.css";

const places = [
  { path: "/office", name: "overview" },
  { path: "/office/tables", name: "tables" },
  { path: "/office/slips", name: "slips" },
  { path: "/office/helpers", name: "helpers" },
  { path: "/office/screens", name: "screens" },
  { path: "/office/courtyard", name: "courtyard" },
] as const;

/** The rooms of the office: beside the page on a laptop, on the first page of a phone. */
export function OfficeNav() {
  const { t } = useTranslation("office");
  const [location] = useLocation();
  return (
    <nav className={styles.nav} aria-label={t("nav.label")}>
      <ul>
        {places.map(({ path, name }) => (
          <li key={path}>
            <Link
              href={path}
              className={styles.navLink}
              aria-current={location === path ? "page" : undefined}
            >
              <span>{t(`nav.${name}`)}</span>
              <Icon name="forward" />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
