/** Whether the desktop tells of runs that end while the page is out of sight. */
import { IconButton } from "@/ui/Button";
import { toggleDesktop, useDesktop } from "./desktop";

export function DesktopToggle() {
  const desktop = useDesktop();
  if (desktop === "unsupported") return null;
  if (desktop === "blocked")
    return <IconButton label="Desktop notifications: blocked in the browser's settings" icon="muted" disabled />;
  return (
    <IconButton
      label={`Desktop notifications: ${desktop}`}
      icon={desktop === "on" ? "bell" : "muted"}
      onClick={() => void toggleDesktop()}
    />
  );
}
