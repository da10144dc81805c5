/** A number of the search as a text field holds it. */
import type { SearchDraft } from "./search";
import type { SearchProps } from "./SearchFields";

/** The names of the draft that hold a text. */
type TextName = { [Name in keyof SearchDraft]: SearchDraft[Name] extends string ? Name : never }[keyof SearchDraft];

/** `path`: where the request has it, when that is elsewhere than in the draft. */
export const numberField =
  ({ search, change, wrong }: SearchProps) =>
  (name: TextName, path: string = name) => ({
    id: path,
    type: "number",
    step: "any",
    inputMode: "decimal" as const,
    value: search[name],
    onValue: (value: string) => change({ [name]: value }),
    error: wrong(path),
  });
