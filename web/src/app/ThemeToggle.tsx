/** As the system, light, dark, and round again. */
import { IconButton } from "@/ui/Button";
import { setTheme, useTheme } from "@/ui/theme";
import type { Theme } from "@/ui/theme";

const NEXT = {
  system: ["light", "system", "Colours: as the system"],
  light: ["dark", "sun", "Colours: light"],
  dark: ["system", "moon", "Colours: dark"],
} as const satisfies Record<Theme, readonly [Theme, string, string]>;

export function ThemeToggle() {
  const [next, icon, label] = NEXT[useTheme()];
  return <IconButton label={label} icon={icon} onClick={() => setTheme(next)} />;
}
