/** A file, chosen or dropped. */
import { useState } from "react";
import { bytes } from "@/format/numbers";
import { Icon } from "@/ui/icons";

interface FilePickerProps {
  file: File | null;
  error: string | undefined;
  onFile: (file: File) => void;
}

export function FilePicker({ file, error, onFile }: FilePickerProps) {
  const [over, setOver] = useState(false);
  return (
    <div className="field">
      <label
        className={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          const dropped = event.dataTransfer.files[0];
          if (dropped) onFile(dropped);
        }}
      >
        <input
          type="file"
          accept=".csv,.parquet,.feather,.arrow,text/csv"
          aria-label="File of data"
          aria-invalid={error !== undefined}
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            if (chosen) onFile(chosen);
            event.target.value = ""; // the same file may be chosen again after it was mended
          }}
        />
        <Icon name="file" />
        {file ? (
          <span>
            <strong>{file.name}</strong> <span className="faint num">{bytes(file.size)}</span>
          </span>
        ) : (
          <span className="soft">Choose a CSV, Parquet or Feather file, or drop it here</span>
        )}
      </label>
      {error && <p className="wrong">{error}</p>}
    </div>
  );
}
