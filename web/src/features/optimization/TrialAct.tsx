/** The way from a trial to its backtest, at the end of its row. */
import { ButtonLink } from "@/ui/Button";

/** Nothing while the way is not known. */
export function TrialAct({ href }: { href: string | null }) {
  if (href === null) return null;
  return (
    <ButtonLink small look="quiet" href={href}>
      Backtest
    </ButtonLink>
  );
}
