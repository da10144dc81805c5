/** Names with values: figures to be seen at a glance, facts to be looked up. */
import type { ReactNode } from "react";
import { Term } from "./Term";

export interface FigureProps {
  name: string;
  value: ReactNode;
  tone?: "gain" | "loss" | undefined;
  note?: ReactNode;
  /** What the name means. */
  title?: string | undefined;
}

export function Figures({ figures }: { figures: readonly FigureProps[] }) {
  return (
    <dl className="figures">
      {figures.map(({ name, value, tone, note, title }) => (
        <div className="figure" key={name}>
          {title ? <Term meaning={title}>{name}</Term> : <dt>{name}</dt>}
          <dd>
            <span className={tone}>{value}</span>
            {note !== undefined && <small>{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode, title?: string])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value, title], index) => (
        // a strategy's parameter may have the name of a setting
        <div className="sr-contents" key={`${String(index)} ${name}`}>
          {title ? <Term meaning={title}>{name}</Term> : <dt>{name}</dt>}
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The sign of an amount as a colour; none around zero. */
export const toneOf = (value: number | null | undefined): "gain" | "loss" | undefined =>
  !value ? undefined : value > 0 ? "gain" : "loss";
