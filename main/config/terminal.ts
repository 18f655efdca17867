/** `terminal` in the configuration file: where pages may open a shell. Schema and type. Pure. */
import { z } from 'zod';

/** `terminal` in the file. */
export interface TerminalConfig {
  /** Whether a page may open a shell outside of containers, as the user that runs Gatehouse. */
  readonly onThisComputer: boolean;
}

export const terminalSchema = z
  .strictObject({
    onThisComputer: z
      .boolean()
      .optional()
      .describe(
        'Whether pages may open a shell on this computer itself, with the rights of the user that runs Gatehouse. Default `false`: only in the containers of servers.',
      ),
  })
  .optional()
  .describe('Where the terminal of a server page may be opened.');
