/** Which key does what, wherever one is. */

export const SHORTCUTS = [
  ["/", "Search the runs"],
  ["n", "New run"],
  ["r", "All runs"],
  ["?", "Show these keys"],
] as const;

export type Shortcut = (typeof SHORTCUTS)[number][0];

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  defaultPrevented: boolean;
  isComposing: boolean;
}

const isShortcut = (key: string): key is Shortcut => SHORTCUTS.some(([known]) => known === key);

const TYPED_INTO = "input, textarea, select, [contenteditable]";
/** Typing changes nothing in these. */
const NOT_TYPED_INTO = ["checkbox", "radio", "button", "submit"];

/** Null while the reader types, holds a modifier, or a dialog is open. */
export function shortcutOf(pressed: Pressed, target: Element | null, dialogIsOpen: boolean): Shortcut | null {
  const { key, ctrlKey, metaKey, altKey, defaultPrevented, isComposing } = pressed;
  if (ctrlKey || metaKey || altKey || defaultPrevented || isComposing || dialogIsOpen || !isShortcut(key)) return null;
  const field = target?.closest(TYPED_INTO);
  const isTyped = field && !NOT_TYPED_INTO.includes(field.getAttribute("type") ?? "text");
  return isTyped ? null : key;
}

const KEY = "forge.keys";

/** Single keys disturb those who speak to their computer: they can be turned off. */
export const areKeysOn = (): boolean => localStorage.getItem(KEY) !== "off";
export const turnKeys = (on: boolean): void => (on ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, "off"));
