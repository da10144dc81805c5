/** How an optimization searches its axes, and what it ranks the trials by. */
import type { Method } from "@/api/types";
import { TextField } from "@/ui/Field";
import { METHOD_NAMES } from "@/ui/run/search";
import { Segments } from "@/ui/Segments";
import { LimitFields } from "./LimitFields";
import { ObjectiveFields } from "./ObjectiveFields";
import { RankingFields } from "./RankingFields";
import type { SectionProps } from "./RunForm";
import { isChoosing } from "./search";
import type { SearchDraft } from "./search";
import { numberField } from "./numberField";
import { WalkForwardFields } from "./WalkForwardFields";

/** What a part of the search is given. */
export interface SearchProps {
  search: SearchDraft;
  change: (part: Partial<SearchDraft>) => void;
  wrong: (path: string) => string | undefined;
}

const METHODS = Object.entries(METHOD_NAMES) as [Method, string][];

const MEANING: Record<Method, string> = {
  grid: "Every combination, in order.",
  random: "Combinations drawn by chance, none of them twice.",
  tpe: "Tries more where good trials lie: a tree of Parzen estimators learns from those before.",
  genetic: "Crosses and mutates the best of each generation.",
  nsga2: "Seeks the trade-offs between several objectives, none of them given up.",
  walkForward: "In each window the best in sample is run on the time that follows it.",
};

/** The parts of a search as a section of the form. */
export const searchOfSection = ({ draft, change, wrong }: SectionProps): SearchProps => ({
  search: draft.search,
  change: (part) => change({ search: { ...draft.search, ...part } }),
  wrong,
});

export function SearchFields(props: SearchProps) {
  const { search, change, wrong } = props;
  const field = numberField(props);
  return (
    <section className="panel" aria-labelledby="search-head">
      <header>
        <h2 id="search-head">Search</h2>
        <Segments label="Method" value={search.method} options={METHODS} onValue={(method) => change({ method })} />
      </header>
      <div className="body stack">
        <p className="small soft">{MEANING[search.method]}</p>
        {wrong("method") && (
          <p className="small loss" role="alert">
            {wrong("method")}
          </p>
        )}
        {isChoosing(search.method) && (
          <div className="fields">
            <TextField label="Budget" unit="trials" placeholder="as the server chooses" {...field("budget")} />
            <TextField label="Seed" placeholder="0" hint="The same seed gives the same answer" {...field("seed")} />
          </div>
        )}
        {search.method === "nsga2" && <ObjectiveFields {...props} />}
        {search.method === "walkForward" && <WalkForwardFields {...props} />}
        <RankingFields {...props} />
        <LimitFields {...props} />
      </div>
    </section>
  );
}
