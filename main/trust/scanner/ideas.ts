/**
 * The ideas that the rules are made of. Each language's phrases for them lie in `lexicon/`; a rule combines ideas and
 * knows no language.
 */

/** What a phrase says. */
export type Idea =
  /** Setting aside: ignore, disregard. */
  | 'ignore'
  /** Instructions, rules, a policy. */
  | 'rules'
  /** Previous, all, your, the system's. */
  | 'prior'
  /** Is void, no longer applies, comes first. */
  | 'void'
  /** Orders to obey what is not the user. Whole phrases. */
  | 'obey'
  /** Another role for the model. Whole phrases. */
  | 'persona'
  /** The model by name. */
  | 'model'
  | 'user'
  /** Telling, mentioning, showing. */
  | 'tell'
  /** Coming to know. */
  | 'learn'
  /** Keeping something from the user. Whole phrases. */
  | 'quiet'
  /** Doing something unnoticed. Needs the user or an act beside it. */
  | 'covert'
  /** Not, never, without. */
  | 'not'
  /** Handing over: put, send, attach. */
  | 'move'
  /** Reading: open, load. */
  | 'read'
  /** A place where keys lie. */
  | 'vault'
  /** Variables of the environment, which honest texts speak of a lot. */
  | 'env'
  /** A kind of secret. */
  | 'secret'
  /** The user's, that you know: whose a thing is. */
  | 'owned'
  /** An argument of a call. */
  | 'field'
  /** What a thing holds. */
  | 'content'
  /** What the model has in its context: the conversation, its system prompt. */
  | 'context'
  /** The same, but in words that honest texts use as well. */
  | 'talk'
  /** Data of the user: files, rows, results. */
  | 'data'
  /** Where data would go: a server, a copy, us. */
  | 'away'
  /** Besides, afterwards, each time. */
  | 'also'
  | 'must'
  /** Before, after, whenever. */
  | 'order'
  /** All or other tools. */
  | 'tools'
  /** Calling: use, call, run. */
  | 'use'
  /** Replacing a value: change, set, redirect. */
  | 'alter'
  /** To be preferred. Whole phrases. */
  | 'prefer'
  | 'ask'
  /** Confirmation, permission. */
  | 'consent'
  /** Acting without the user's yes. Whole phrases. */
  | 'presume'
  /** Misleading the user. Whole phrases. */
  | 'deceive'
  /** Reporting to the user: say that, claim. */
  | 'claim'
  /** Whatever the truth is. */
  | 'anyway'
  /** Staying for later. Whole phrases. */
  | 'persist'
  /** A file that programs or models read at their start. */
  | 'startup'
  /** Settings of clients and programs. */
  | 'settings'
  /** Sending to somewhere else. */
  | 'dispatch'
  /** Writing into something. */
  | 'write'
  | 'execute'
  /** Texts that speak about attacks in order to find them. */
  | 'defence';
