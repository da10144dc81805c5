/** Files of the watched folder that could not be imported, each with the reason. */
import { useSystem } from "@/live/system";
import { Notice } from "@/ui/Notice";

export function WatchedProblems() {
  const { data } = useSystem();
  const problems = data?.watch?.problems ?? [];
  if (problems.length === 0) return null;
  return (
    <Notice
      tone="warn"
      title={`${problems.length === 1 ? "A file" : `${String(problems.length)} files`} of the watched folder cannot be imported`}
    >
      <ul className="broken-files">
        {problems.map(({ file, message }) => (
          <li key={file}>
            <p className="mono">{file}</p>
            <pre className="reason">{message}</pre>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
