/**
 * The one error class of Gatehouse: a stable code, a plain sentence, a remedy, and the cause.
 * docs/errors.md lists every code; a test compares the two.
 *
 * The English sentences are the record. Screens say them in other languages by `code`, `form` and `values`; a code that can
 * reach a screen has its sentences in `renderer/i18n/problems.ts`, and a test compares those with the source.
 */
import { asTexts, filled, type Values } from './filled.ts';

/** Codes are `room.what_happened`. Add one here, and its line to docs/errors.md. */
export interface GatehouseErrorInit {
  readonly code: string;
  /** With `{name}` for each of `values`. */
  readonly message: string;
  /** With `{name}` for each of `values`. */
  readonly remedy: string;
  /** What varies, by name. Shown as it is, so never a secret. */
  readonly values?: Values;
  /** Which sentence it is, where the code has several. */
  readonly form?: string;
  readonly cause?: unknown;
}

/** What a person is told, and by what a screen finds it in another language. */
export interface ProblemParts {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly form?: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** Carries what a person needs; texts never hold a secret. Tests check `code`, not the texts. */
export class GatehouseError extends Error {
  readonly code: string;
  readonly remedy: string;
  /** Undefined where the code has one sentence only. */
  readonly form: string | undefined;
  /** Undefined where nothing varies. */
  readonly values: Readonly<Record<string, string>> | undefined;

  constructor(init: GatehouseErrorInit) {
    const { code, message, remedy, form, values, cause } = init;
    const said = (text: string): string => (values === undefined ? text : filled(text, values));
    super(said(message), cause === undefined ? undefined : { cause });
    this.name = 'GatehouseError';
    this.code = code;
    this.remedy = said(remedy);
    this.form = form;
    this.values = values === undefined ? undefined : asTexts(values);
  }
}

/** The parts of any thrown value, as screens and answers show them. */
export function problemOf(error: unknown): ProblemParts {
  if (error instanceof GatehouseError) {
    const { code, message, remedy, form, values } = error;
    return {
      ...{ code, message, remedy },
      ...(form === undefined ? {} : { form }),
      ...(values === undefined ? {} : { values }),
    };
  }
  return {
    code: 'internal.unexpected',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'This is a fault in Gatehouse. The log has details; please report it.',
  };
}
