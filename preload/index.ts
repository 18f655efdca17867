/**
 * The bridge between our pages and the main process: two functions, names from the contract, nothing else. Runs in the
 * sandbox, in a world of its own; pages see `window.gatehouse` and no Electron object.
 */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { type ApiTransport, type CommandName, commandNames, eventNames, type Result } from './contract.ts';

const unknownName: Result<never> = {
  ok: false,
  error: {
    code: 'bridge.unknown_name',
    message: 'There is no such command.',
    remedy: 'Restart Gatehouse, so that its window and its core are of the same version.',
  },
};

// The channel's far side is main/shell/ipc.ts, which checks the name and the sender again.
const command = (name: CommandName, args: unknown): Promise<unknown> =>
  ipcRenderer.invoke('gatehouse:command', name, args);

/**
 * What every page asks for first is asked for while its script is still being read. Given once, and only to a page that
 * begins: later it would be old.
 */
function askAhead(name: CommandName): () => Promise<unknown> | null {
  let asked: Promise<unknown> | null = command(name, {});
  // Whoever gets it hears of a failure.
  asked.catch(() => undefined);
  addEventListener('load', () => {
    asked = null;
  });
  return () => {
    const given = asked;
    asked = null;
    return given;
  };
}
const firstSnapshot = askAhead('snapshot.get');

const transport: ApiTransport = {
  async invoke(name, args) {
    if (!commandNames.includes(name)) return unknownName;
    return (name === 'snapshot.get' ? firstSnapshot() : null) ?? command(name, args);
  },
  on(name, listener) {
    if (!eventNames.includes(name)) {
      throw new Error('There is no such event.');
    }
    const heard = (_event: IpcRendererEvent, payload: unknown): void => listener(payload);
    ipcRenderer.on(`gatehouse:${name}`, heard);
    return () => void ipcRenderer.off(`gatehouse:${name}`, heard);
  },
};

contextBridge.exposeInMainWorld('gatehouse', transport);
