/** With which money, at which costs, under which name. */
import { CheckField, SelectField, TextField } from "@/ui/Field";
import type { Draft } from "./draft";
import type { SectionProps } from "./RunForm";

const UNITS: Record<Draft["commissionModel"], (quote: string) => string> = {
  rate: () => "%",
  perOrder: (quote) => quote,
  perUnit: (quote) => quote,
};

export function CostFields({ draft, change, wrong, quote }: SectionProps & { quote: string }) {
  const number = (path: string, name: keyof Draft) => ({
    id: path,
    type: "number",
    step: "any",
    inputMode: "decimal" as const,
    value: String(draft[name]),
    onValue: (value: string) => change({ [name]: value }),
    error: wrong(path),
  });
  return (
    <section className="panel" aria-labelledby="costs-head">
      <header>
        <h2 id="costs-head">Account and costs</h2>
      </header>
      <div className="body fields">
        <TextField label="Initial cash" unit={quote} {...number("initialCash", "initialCash")} />
        <SelectField
          id="account.type"
          label="Account"
          value={draft.account}
          onValue={(account) => change({ account: account as Draft["account"] })}
          hint={draft.account === "cash" ? "Long positions alone" : "Long and short positions"}
        >
          <option value="cash">Cash</option>
          <option value="margin">Margin</option>
        </SelectField>
        {draft.account === "margin" && (
          <>
            <TextField label="Leverage" unit="×" {...number("account.leverage", "leverage")} />
            <TextField
              label="Maintenance"
              placeholder="from the leverage"
              hint="Equity below this share of the notional is liquidated"
              {...number("account.maintenanceRate", "maintenanceRate")}
            />
          </>
        )}
        <TextField
          label="Slippage"
          unit="ticks"
          hint="Against you, on market and stop orders"
          {...number("slippageTicks", "slippageTicks")}
        />
        <SelectField
          id="commission.model"
          label="Commission"
          value={draft.commissionModel}
          onValue={(model) => change({ commissionModel: model as Draft["commissionModel"], commission: "0" })}
        >
          <option value="rate">Share of notional</option>
          <option value="perOrder">Per order</option>
          <option value="perUnit">Per unit</option>
        </SelectField>
        <TextField
          label="Commission value"
          unit={UNITS[draft.commissionModel](quote)}
          {...number("commission.value", "commission")}
        />
        <TextField
          label="Least commission"
          unit={quote}
          placeholder="none"
          {...number("commission.minimum", "commissionMinimum")}
        />
        <div className="wide stack">
          <TextField
            id="label"
            label="Label"
            value={draft.label}
            onValue={(label) => change({ label })}
            error={wrong("label")}
            placeholder="Optional: a name to find it again by"
            maxLength={200}
          />
          <CheckField
            label="Close open positions at the end"
            checked={draft.closeAtEnd}
            onChecked={(closeAtEnd) => change({ closeAtEnd })}
          />
        </div>
      </div>
    </section>
  );
}
