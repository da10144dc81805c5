/** How busy the machine is, in a corner. */
import type { ReactNode } from "react";
import type { SystemInfo } from "@/api/types";
import { decimal, whole } from "@/format/numbers";
import { span } from "@/format/times";
import { useConnection } from "@/live/context";
import { useSystem } from "@/live/system";

/** From here on the server answers late enough to be felt. */
const LATE_MS = 50;
/** From here on a task may be stuck. */
const SILENT_S = 10;

export function MachineHealth() {
  const { data } = useSystem();
  const isKnown = useConnection() !== "offline";
  if (!data || !isKnown) return null;
  const { workers, queue, loopLagMs } = data;
  return (
    <dl className="health num" data-testid="health">
      <Reading name="Workers" title={workersTitle(data)} late={silence(data) > SILENT_S || isAway(workers)}>
        {isAway(workers) ? "cluster away" : `${whole(workers.busy)} of ${whole(workers.count)}`}
      </Reading>
      <Reading name="Queue" title={`Runs that wait; at most ${whole(queue.limit)}`}>
        {whole(queue.length)}
      </Reading>
      <Reading name="Lag" title="How late the server's event loop woke of late" late={loopLagMs > LATE_MS}>
        {loopLagMs < 10 ? decimal(loopLagMs, 1) : whole(loopLagMs)} ms
      </Reading>
    </dl>
  );
}

type Workers = SystemInfo["workers"];

const isAway = ({ cluster }: Workers): boolean => cluster?.connected === false;

function workersTitle({ workers, queue }: SystemInfo): string {
  if (isAway(workers)) return `The Dask cluster ${workers.cluster?.scheduler} does not answer; runs wait until it does`;
  const replaced = workers.restarts > 0 ? `; ${whole(workers.restarts)} were replaced since the start` : "";
  const silent = silence({ workers });
  const stuck = silent > SILENT_S ? `; one has shown no progress for ${span(silent * 1000)}` : "";
  const where = workers.cluster ? ` on ${machines(workers.cluster.hosts)}` : "";
  return `Worker processes that compute now${where}, for ${whole(queue.running)} runs${replaced}${stuck}`;
}

function machines(hosts: NonNullable<Workers["cluster"]>["hosts"]): string {
  const others = hosts.filter(({ runs }) => runs !== null).length;
  const left = others > 0 ? ` (${whole(others)} more run another version)` : "";
  return `${whole(hosts.length - others)} workers of a Dask cluster${left}`;
}

const silence = ({ workers }: Pick<SystemInfo, "workers">): number =>
  workers.tasks.reduce((most, { silentSeconds }) => Math.max(most, silentSeconds), 0);

function Reading({
  name,
  title,
  late,
  children,
}: {
  name: string;
  title: string;
  late?: boolean;
  children: ReactNode;
}) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd className={late ? "warn-ink" : undefined}>{children}</dd>
    </div>
  );
}
