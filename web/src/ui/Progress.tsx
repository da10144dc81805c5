/** How much of a run is done. */

interface ProgressProps {
  /** 0–1; null: under way, nobody knows how far. */
  share: number | null;
  label: string;
  text: string;
  large?: boolean;
}

export function Progress({ share, label, text, large }: ProgressProps) {
  const name = `progress${large ? " large" : ""}${share === null ? " waiting" : ""}`;
  return (
    <div
      className={name}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={text}
      {...(share === null ? {} : { "aria-valuenow": Math.floor(share * 100) })}
    >
      <span style={share === null ? undefined : { transform: `scaleX(${String(share)})` }} />
    </div>
  );
}
