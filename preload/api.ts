/** The client of the contract: screens give commands and hear events by it, whatever carries them. Holds nothing open itself. */
import type {
  Api,
  ApiTransport,
  CommandArgs,
  CommandName,
  CommandValue,
  EventName,
  Events,
  Result,
} from './contract.ts';

/**
 * The typed client over any transport. A transport failure becomes a `bridge.failed` problem, so a screen has one
 * way to meet an error.
 */
export function createApi(transport: ApiTransport): Api {
  return {
    async command<N extends CommandName>(name: N, args: CommandArgs<N>): Promise<Result<CommandValue<N>>> {
      try {
        return (await transport.invoke(name, args)) as Result<CommandValue<N>>;
      } catch (cause) {
        return {
          ok: false,
          error: {
            code: 'bridge.failed',
            message: `The app did not answer: ${cause instanceof Error ? cause.message : String(cause)}.`,
            remedy: 'Try again; if it stays, restart Gatehouse.',
          },
        };
      }
    },
    on<N extends EventName>(name: N, listener: (payload: Events[N]) => void) {
      return transport.on(name, (payload) => listener(payload as Events[N]));
    },
  };
}
