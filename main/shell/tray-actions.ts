/**
 * Does what was clicked in the tray. An act that fails is told to the user: a menu has no place to show an error.
 */
import type { CommandArgs, CommandName, Events, Problem, Result } from '../../preload/contract.ts';
import type { TrayAction } from './tray-model.ts';

/** What tray acts reach. */
export interface TrayActionDeps {
  command<N extends CommandName>(name: N, args: CommandArgs<N>): Promise<Result<unknown>>;
  openWindow(to: Events['navigate'] | null): void;
  quit(): void;
  report(problem: Problem): void;
}

/** Runs one action; never rejects. */
export async function runTrayAction(action: TrayAction, deps: TrayActionDeps): Promise<void> {
  switch (action.kind) {
    case 'open':
      deps.openWindow(action.to);
      return;
    case 'quit':
      deps.quit();
      return;
    case 'command': {
      const result = await deps.command(action.name, action.args);
      if (!result.ok) {
        deps.report(result.error);
      }
    }
  }
}
