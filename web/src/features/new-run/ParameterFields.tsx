/** The strategy's parameters: one value each for a backtest, an axis each for an optimization. */
import type { ParameterInfo, StrategyInfo } from "@/api/types";
import { exact } from "@/format/numbers";
import { spoken } from "@/format/words";
import { AxisField } from "./AxisField";
import { ConditionFields } from "./ConditionFields";
import type { SectionProps } from "./RunForm";
import { searchOfSection } from "./SearchFields";
import { ValueField } from "./ValueField";

interface ParameterFieldsProps extends SectionProps {
  strategy: StrategyInfo;
  quote: string;
}

export function ParameterFields({ draft, change, wrong, strategy, quote }: ParameterFieldsProps) {
  const isSweep = draft.kind === "optimization";
  const setValue = (name: string, value: string): void => change({ values: { ...draft.values, [name]: value } });
  return (
    <section className="panel" aria-labelledby="parameters-head">
      <header>
        <h2 id="parameters-head">{isSweep ? "Axes" : "Parameters"}</h2>
      </header>
      {strategy.parameters.length === 0 ? (
        <p className="body soft">{strategy.name} has no parameters.</p>
      ) : isSweep ? (
        <ul className="axes" id="axes">
          {strategy.parameters.map((info) => (
            <AxisField
              key={info.name}
              info={info}
              unit={unitOf(info, quote)}
              axis={draft.axes[info.name]}
              value={draft.values[info.name] ?? ""}
              error={wrong(`axes.${info.name}`)}
              wrongPart={(part) => wrong(`axes.${info.name}.${part}`)}
              onAxis={(axis) => change({ axes: { ...draft.axes, [info.name]: axis } })}
              onValue={(value) => setValue(info.name, value)}
            />
          ))}
        </ul>
      ) : (
        <div className="body fields">
          {strategy.parameters.map((info) => (
            <ValueField
              key={info.name}
              id={`strategyParameters.${info.name}`}
              label={spoken(info.name)}
              info={info}
              unit={unitOf(info, quote)}
              value={draft.values[info.name] ?? ""}
              onValue={(value) => setValue(info.name, value)}
              hint={hintOf(info)}
              error={wrong(`strategyParameters.${info.name}`)}
            />
          ))}
        </div>
      )}
      {isSweep && strategy.parameters.length > 0 && (
        <div className="body axes-foot">
          <ConditionFields
            {...searchOfSection({ draft, change, wrong })}
            names={strategy.parameters.map(({ name }) => name)}
          />
        </div>
      )}
    </section>
  );
}

const unitOf = (info: ParameterInfo, quote: string): string | undefined => (info.unit === "quote" ? quote : undefined);

/** `Bars in the average. 2 to 200.` */
export function hintOf({ description, min, max }: ParameterInfo): string {
  const bounds =
    min !== null && max !== null
      ? `${exact(min)} to ${exact(max)}`
      : min !== null
        ? `at least ${exact(min)}`
        : max !== null
          ? `at most ${exact(max)}`
          : "";
  return [description.replace(/\.$/, ""), bounds].filter(Boolean).join(" · ");
}
