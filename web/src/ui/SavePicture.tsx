/** Keeps a chart as a picture, as it is on the screen now. */
import { useState } from "react";
import type { RefObject } from "react";
import { Button } from "./Button";
import { saveAs } from "./download";
import type { Caption } from "./picture";
import { inkOf } from "./theme";

interface SavePictureProps extends Caption {
  /** What is painted. */
  of: RefObject<HTMLElement | null>;
  /** The name of the file, without its ending. */
  name: string;
}

export function SavePicture({ of, name, title, note }: SavePictureProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    if (!of.current) return;
    setProblem(null);
    try {
      const { paintElement, pngOf } = await import("./picture");
      const colours = { ink: inkOf("ink"), ground: inkOf("surface") };
      saveAs(`${name}.png`, await pngOf(paintElement(of.current, { title, note }, colours)));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      {problem && (
        <span className="small loss" role="alert">
          {problem}
        </span>
      )}
      <Button small look="quiet" icon="picture" aria-label={`Save a picture: ${title}`} onClick={() => void save()}>
        Picture
      </Button>
    </>
  );
}
