/** What the scanner says about a tool or another definition, for screens. */

/** How bad a finding is; `high` and `critical` are serious. */
export type FindingSeverity = 'info' | 'low' | 'medium' | 'high' | 'critical';

/** One finding. Texts are safe to show as plain text: invisible characters in them are written out. */
export interface FindingView {
  /** Stable id of the rule, for example `text.hidden`; docs/scanner.md describes each. */
  readonly rule: string;
  readonly severity: FindingSeverity;
  /** True when "Keep blocked" is the first button. */
  readonly serious: boolean;
  /** One plain sentence. */
  readonly sentence: string;
  /** What was found, at most 300 characters. */
  readonly evidence: string;
  /** JSON pointer of the string in the definition, and the span in it in UTF-16 units. */
  readonly pointer: string;
  readonly start: number;
  readonly end: number;
}

/** What there is to say about one thing that a server lists, or about its instructions. */
export interface ItemFindingsView {
  readonly kind: 'tool' | 'prompt' | 'resource' | 'template' | 'instructions';
  /** Its name, URI or URI template; empty for instructions. */
  readonly name: string;
  /** The worst first; never empty. */
  readonly findings: readonly FindingView[];
}
