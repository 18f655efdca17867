/**
 * A remote server as configured: its address and the headers that every request to it carries.
 */

/** Where a remote server is and what it is shown. */
export interface HttpTarget {
  /** An http or https address. */
  readonly url: string;
  /** Header values by name, every reference in them already resolved. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborting closes the link, also while it opens. */
  readonly signal?: AbortSignal;
}
