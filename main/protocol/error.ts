/**
 * The one error class of Gatehouse: a stable code, a plain sentence, a remedy, and the cause.
 * docs/errors.md lists every code; a test compares the two.
 */

/** Codes are `room.what_happened`. Add one here, and its line to docs/errors.md. */
export interface GatehouseErrorInit {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

/** Carries what a person needs; texts never hold a secret. Tests check `code`, not the texts. */
export class GatehouseError extends Error {
  readonly code: string;
  readonly remedy: string;

  constructor(init: GatehouseErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'GatehouseError';
    this.code = init.code;
    this.remedy = init.remedy;
  }
}

/** The three parts of any thrown value, as screens and answers show them. */
export function problemOf(error: unknown): { code: string; message: string; remedy: string } {
  if (error instanceof GatehouseError) {
    return { code: error.code, message: error.message, remedy: error.remedy };
  }
  return {
    code: 'internal.unexpected',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'This is a fault in Gatehouse. The log has details; please report it.',
  };
}
