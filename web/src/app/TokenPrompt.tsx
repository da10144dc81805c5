/** Asks for the server's token once it has refused to answer without. */
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { isTokenWanted, onTokenChange, setToken, token } from "@/api/token";
import { TextField } from "@/ui/Field";

export function TokenPrompt() {
  const wanted = useSyncExternalStore(onTokenChange, isTokenWanted);
  return wanted ? <Prompt /> : null;
}

function Prompt() {
  const ref = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState("");
  const [refused] = useState(() => token() !== null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, []);
  return (
    <dialog ref={ref} onCancel={(event) => event.preventDefault()} aria-label="Token">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) setToken(text.trim());
        }}
      >
        <h2>This server wants a token</h2>
        <p className="soft">It is kept in this tab alone and forgotten when the tab closes.</p>
        <TextField
          id="token"
          label="Token"
          type="password"
          value={text}
          onValue={setText}
          autoFocus
          error={refused && text === "" ? "The last token was refused." : undefined}
        />
        <button type="submit" className="button primary" disabled={!text.trim()}>
          Go on
        </button>
      </form>
    </dialog>
  );
}
