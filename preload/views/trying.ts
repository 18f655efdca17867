/** What commands carry that call a tool by hand, from a screen or the command line. Types only. */

/** One piece of a tool's answer, made safe to be shown. */
export type AnswerPart =
  /** `chars` is the whole length; `text` may be less of it. */
  | { readonly kind: 'text'; readonly text: string; readonly chars: number }
  /** A raster image whose bytes are what `mime` says, within bounds; `data` is base64. */
  | {
      readonly kind: 'image';
      readonly mime: RasterType;
      readonly data: string;
      readonly bytes: number;
      readonly width: number;
      readonly height: number;
    }
  /** An image that is not shown. */
  | {
      readonly kind: 'no-image';
      readonly mime: string;
      readonly bytes: number;
      readonly why: 'not-raster' | 'too-large' | 'too-many';
    }
  | { readonly kind: 'audio'; readonly mime: string; readonly bytes: number }
  | {
      readonly kind: 'link';
      readonly uri: string;
      readonly name: string;
      readonly title: string | null;
      readonly description: string | null;
      readonly mime: string | null;
    }
  /** An embedded resource; `text` is null when it is binary. */
  | {
      readonly kind: 'resource';
      readonly uri: string;
      readonly mime: string | null;
      readonly text: string | null;
      readonly bytes: number;
    }
  /** A piece of a kind that is not known, as JSON. */
  | { readonly kind: 'other'; readonly json: string; readonly chars: number };

/** Kinds of image that are shown. */
export type RasterType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';

/** What came of calling a tool by hand. */
export interface TrialView {
  /** `tool-error` is an answer in which the tool says that it failed; `error` is no answer of the tool. */
  readonly outcome: 'ok' | 'tool-error' | 'error' | 'cancelled';
  readonly parts: readonly AnswerPart[];
  /** Pieces beyond those that are shown. */
  readonly partsLeftOut: number;
  /** The structured answer as JSON, with its numbers as the tool wrote them; null when there is none. */
  readonly structured: string | null;
  /** Characters of the whole structured answer. */
  readonly structuredChars: number;
  /** Why there is no answer, for `error`. */
  readonly error: TrialError | null;
  /** Bytes of the answer. */
  readonly bytes: number;
  readonly durationMs: number;
}

/** An error in place of an answer. */
export interface TrialError {
  /** The number on the wire (JSON-RPC 2.0 section 5.1). */
  readonly code: number;
  readonly message: string;
  /** Gatehouse's own code and remedy, where it is the one that refused or failed; else null. */
  readonly gatehouse: { readonly code: string; readonly remedy: string } | null;
  /** What the server adds, as JSON. */
  readonly data: string | null;
}

/** Commands that call a tool by hand. */
export interface TryingCommands {
  /** The JSON schema of a tool's arguments, as JSON; null when it is longer than 512 KiB. */
  'tool.schema': { args: { server: string; tool: string }; value: string | null };
  /**
   * Really calls the tool, by the same way and the same rules as a client's call; settles with its answer. `arguments` is
   * the JSON of an object, passed on as it is written. `trial` is a name of the caller's own, for `tool.cancelTry`.
   */
  'tool.try': {
    args: { server: string; tool: string; arguments: string; trial: string };
    value: TrialView;
  };
  /** Cancels; one that is over already is not looked for. */
  'tool.cancelTry': { args: { trial: string }; value: null };
}
