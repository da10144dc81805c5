/** What can be run, and on what: strategies and data sets, as the server has them. */
import { useDatasets, useStrategies } from "@/live/catalogue";
import { ButtonLink } from "@/ui/Button";
import { Empty, Failure, Skeleton } from "@/ui/Notice";
import { PageHead } from "@/ui/PageHead";
import { BrokenFiles } from "@/ui/run/BrokenFiles";
import { useTitle } from "@/ui/title";
import { DatasetTable } from "./DatasetTable";
import { DownloadsPanel } from "./DownloadsPanel";
import { StrategyList } from "./StrategyList";
import { UploadForm } from "./UploadForm";
import { WatchedProblems } from "./WatchedProblems";
import "./catalogue.css";

export function CataloguePage() {
  useTitle("Strategies & data");
  return (
    <>
      <PageHead
        title="Strategies & data"
        actions={
          <ButtonLink href="/new" look="primary" icon="plus">
            New run
          </ButtonLink>
        }
      >
        <p className="soft">
          Strategy files are found at once when they change; data sets never change, they get versions.
        </p>
      </PageHead>
      <div className="stack">
        <Strategies />
        <WatchedProblems />
        <Datasets />
        <UploadForm />
        <DownloadsPanel />
      </div>
    </>
  );
}

function Strategies() {
  const { data, error, refetch } = useStrategies();
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton tall />;
  const usable = data.filter(({ error: why }) => why === null);
  return (
    <>
      <BrokenFiles strategies={data.filter(({ error: why }) => why !== null)} />
      <section className="panel" aria-labelledby="strategies-head">
        <header>
          <h2 id="strategies-head">Strategies</h2>
        </header>
        {usable.length === 0 ? (
          <Empty title="No strategy is loaded">
            <p>Put a Python file into the folder of strategies: it is found at once.</p>
          </Empty>
        ) : (
          <StrategyList strategies={usable} />
        )}
      </section>
    </>
  );
}

function Datasets() {
  const { data, error, refetch } = useDatasets();
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton tall />;
  return (
    <section className="panel" aria-labelledby="datasets-head">
      <header>
        <h2 id="datasets-head">Data sets</h2>
        <span className="faint small">times in UTC</span>
      </header>
      {data.length === 0 ? (
        <Empty title="No data yet">
          <p>Upload a file below, have one fetched from an exchange, or import one with the command line.</p>
        </Empty>
      ) : (
        <DatasetTable datasets={data} />
      )}
    </section>
  );
}
