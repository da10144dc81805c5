import { expect, test } from "vitest";
import { shortcutOf } from "@/app/keys/shortcuts";

const press = (key: string, part: object = {}) => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, defaultPrevented: false, isComposing: false },
  ...part,
});
const element = (html: string): Element | null => {
  const around = document.createElement("div");
  around.innerHTML = html;
  return around.firstElementChild;
};

test("a key acts where nobody types", () => {
  expect(shortcutOf(press("n"), document.body, false)).toBe("n");
  expect(shortcutOf(press("?"), element("<button>x</button>"), false)).toBe("?");
  expect(shortcutOf(press("/"), element('<input type="checkbox">'), false)).toBe("/");
});

test("a key that is typed into a field, held with another, or pressed in a dialog is left alone", () => {
  expect(shortcutOf(press("n"), element("<input>"), false)).toBeNull();
  expect(shortcutOf(press("n"), element("<select></select>"), false)).toBeNull();
  expect(shortcutOf(press("n", { ctrlKey: true }), document.body, false)).toBeNull();
  expect(shortcutOf(press("n"), document.body, true)).toBeNull();
  expect(shortcutOf(press("x"), document.body, false)).toBeNull();
});
