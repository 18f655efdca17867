/**
 * Trying one tool: its form, what is filled in, and the call. One per opened tool. `close()` lets later answers fall; a
 * call that runs goes on, and is in Activity.
 */
import type { Api, Problem } from '../../preload/contract.ts';
import type { TrialView } from '../../preload/views/trying.ts';
import { draftOf, firstDraft } from './form/drafts.ts';
import { type Field, fieldsOf } from './form/fields.ts';
import { type Draft, UNSET } from './form/filled.ts';
import { jsonFault, type TextPlace } from './form/json-text.ts';
import { asSchema, type Json } from './form/schema.ts';
import { write } from './form/write.ts';

/** How the arguments are given. */
export type TrialMode = 'form' | 'json';

/** The call. */
export type TrialRun =
  | { readonly state: 'none' }
  /** `since` in epoch milliseconds; `trial` names it. */
  | { readonly state: 'running'; readonly since: number; readonly trial: string }
  | { readonly state: 'done'; readonly view: TrialView }
  | { readonly state: 'failed'; readonly problem: Problem };

/** What is wrong with arguments that are written as JSON. */
export type JsonProblem =
  | { readonly kind: 'place'; readonly place: TextPlace }
  | { readonly kind: 'not-object' };

/** What the screen shows. Replaced whole on each change. */
export interface TrialState {
  /** Null until the schema is there. */
  readonly field: Field | null;
  readonly problem: Problem | null;
  readonly mode: TrialMode;
  /** Whether fields can show the arguments at all. */
  readonly hasForm: boolean;
  readonly draft: Draft;
  readonly json: string;
  /** The JSON that is there has no place in the fields. */
  readonly notInForm: boolean;
  /** Faults are shown from the first try to run on. */
  readonly checked: boolean;
  readonly faults: number;
  readonly run: TrialRun;
}

/** The form and its call. */
export interface Trial {
  change(draft: Draft): void;
  writeJson(text: string): void;
  setMode(mode: TrialMode): void;
  /** Calls the tool unless something is wrong with the arguments or it runs already. */
  run(): Promise<void>;
  cancel(): Promise<void>;
  close(): void;
}

/** Before the schema is there. */
export const noTrial: TrialState = {
  ...{ field: null, problem: null, mode: 'form', hasForm: true, draft: UNSET, json: '{}' },
  ...{ notInForm: false, checked: false, faults: 0, run: { state: 'none' } },
};

/** @param changed called with the new state on every change */
export function openTrial(
  api: Api,
  of: { readonly server: string; readonly tool: string },
  changed: (state: TrialState) => void,
  now: () => number = Date.now,
): Trial {
  let state = noTrial;
  let open = true;
  const put = (part: Partial<TrialState>): void => {
    if (!open) return;
    state = { ...state, ...part };
    changed(state);
  };
  const load = async (): Promise<void> => {
    const answer = await api.command('tool.schema', of);
    if (!answer.ok) return put({ problem: answer.error });
    const field = fieldsOf(answer.value === null ? null : JSON.parse(answer.value));
    const hasForm = field.kind === 'group';
    put({ field, hasForm, mode: hasForm ? 'form' : 'json', draft: firstDraft(field, true) });
  };
  /** The arguments as JSON, or null where they are not right; the screen says what is wrong. */
  const argumentsNow = (): string | null => {
    const { field, draft, mode, json } = state;
    if (field === null) return null;
    if (mode === 'json') return jsonProblem(json) === null ? json : null;
    const written = write(field, draft, true);
    put({ checked: true, faults: written.ok ? 0 : written.faults });
    return written.ok ? written.json : null;
  };
  void load();

  return {
    change(draft) {
      const { field, checked } = state;
      const written = field !== null && checked ? write(field, draft, true) : null;
      put({ draft, faults: written === null || written.ok ? 0 : written.faults });
    },
    writeJson: (json) => put({ json, notInForm: false, checked: false }),
    setMode(mode) {
      const { field, draft, json } = state;
      if (mode === state.mode || field === null) return;
      if (mode === 'json') return put({ mode, json: soundJson(field, draft), checked: false });
      const value = parsed(json);
      const filled = value === undefined ? null : draftOf(field, value);
      put(filled === null ? { notInForm: true } : { mode, draft: filled, notInForm: false, checked: false });
    },
    async run() {
      if (state.run.state === 'running') return;
      const args = argumentsNow();
      if (args === null) return put({ checked: true });
      const trial = crypto.randomUUID();
      put({ run: { state: 'running', since: now(), trial } });
      const answer = await api.command('tool.try', { ...of, arguments: args, trial });
      put({
        run: answer.ok ? { state: 'done', view: answer.value } : { state: 'failed', problem: answer.error },
      });
    },
    async cancel() {
      const { run } = state;
      if (run.state === 'running') await api.command('tool.cancelTry', { trial: run.trial });
    },
    close() {
      open = false;
    },
  };
}

/** What is wrong with the whole arguments as JSON; null when nothing is. */
export function jsonProblem(text: string): JsonProblem | null {
  const place = jsonFault(text);
  if (place !== null) return { kind: 'place', place };
  return asSchema(parsed(text)) === null ? { kind: 'not-object' } : null;
}

/** All that is right so far, as JSON over several lines. Numbers keep their digits. */
function soundJson(field: Field, draft: Draft): string {
  const all = write(field, draft, true);
  if (all.ok && all.json !== null) return indented(all.json, '');
  if (field.kind !== 'group' || draft.kind !== 'group') return '{}';
  const lines = field.members.flatMap((member, at) => {
    const written = write(member.field(), draft.members[at] ?? UNSET, false);
    return written.ok && written.json !== null
      ? [`  ${JSON.stringify(member.name)}: ${indented(written.json, '  ')}`]
      : [];
  });
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n}`;
}

/** In several lines where that loses nothing. */
function indented(json: string, by: string): string {
  const pretty = JSON.stringify(JSON.parse(json), null, 2);
  const same = pretty.replace(/\s/g, '') === json.replace(/\s/g, '');
  return same ? pretty.replaceAll('\n', `\n${by}`) : json;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
