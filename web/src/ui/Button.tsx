/** Buttons, and links that look like them. */
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link } from "wouter";
import { Icon } from "./icons";
import type { IconName } from "./icons";

interface Look {
  look?: "primary" | "quiet" | "danger";
  small?: boolean;
  icon?: IconName;
  children: ReactNode;
}

const classes = (look: Look["look"], small: boolean | undefined): string =>
  ["button", look, small && "small"].filter(Boolean).join(" ");

export function Button({ look, small, icon, children, ...rest }: Look & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type="button" className={classes(look, small)} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

export function ButtonLink({ look, small, icon, children, href }: Look & { href: string }) {
  return (
    <Link href={href} className={classes(look, small)}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}

/** A glyph alone: its name is for those who hear the page, and for the tooltip. */
export function IconButton({
  label,
  icon,
  ...rest
}: { label: string; icon: IconName } & Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children">) {
  return (
    <button type="button" className="button quiet icon" aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}
