/** Which strategy runs. */
import { useEffect, useRef } from "react";
import type { StrategyInfo } from "@/api/types";
import { BrokenFiles } from "@/ui/run/BrokenFiles";
import type { SectionProps } from "./RunForm";

interface StrategyChoiceProps extends SectionProps {
  strategies: readonly StrategyInfo[];
  broken: readonly StrategyInfo[];
  onStrategy: (strategy: StrategyInfo) => void;
}

export function StrategyChoice({ draft, wrong, strategies, broken, onStrategy }: StrategyChoiceProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // the chosen one is in sight when the form opens; the page stays where it is
    const chosen = list.current?.querySelector<HTMLElement>(".choice:has(input:checked)");
    if (list.current && chosen) list.current.scrollTop = chosen.offsetTop - list.current.offsetTop;
  }, []);
  return (
    <section className="panel" aria-labelledby="strategyName">
      <header>
        <h2 id="strategyName">Strategy</h2>
      </header>
      <div className="body stack">
        <div ref={list} className="choices strategies" role="radiogroup" aria-labelledby="strategyName">
          {strategies.map((strategy) => (
            <label className="choice" key={strategy.name}>
              <input
                type="radio"
                name="strategy"
                value={strategy.name}
                checked={strategy.name === draft.strategyName}
                onChange={() => onStrategy(strategy)}
              />
              <span className="choice-head">
                <strong>{strategy.name}</strong>
                <span className="faint small num">{strategy.version}</span>
              </span>
              <span className="small soft">{strategy.description || "No description."}</span>
            </label>
          ))}
        </div>
        {wrong("strategyName") && <p className="small loss">{wrong("strategyName")}</p>}
        <BrokenFiles strategies={broken} />
      </div>
    </section>
  );
}
